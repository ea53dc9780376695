"""Sizes, padding and windows follow Keras's formulas."""

import copy
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from solutions import ShapeError, output_size, pad2d, same_padding, windows
from solutions.reference import loops, shapes
from tests.strategies import PADDINGS, axis_arguments, halves, law, pairs, spelled

# From Keras 3.15.1: n, k, stride, the size of the output, and the pixels before and after.
KERAS_SAME = [
    (5, 3, 1, 5, (1, 1)),
    (5, 3, 2, 3, (1, 1)),
    (4, 3, 2, 2, (0, 1)),
    (5, 2, 1, 5, (0, 1)),
    (5, 4, 1, 5, (1, 2)),
    (224, 7, 2, 112, (2, 3)),
    (5, 1, 2, 3, (0, 0)),
    (4, 3, 3, 2, (1, 1)),
    (8, 3, 4, 2, (0, 0)),
]

IMAGES = np.zeros((2, 5, 7, 3))


@pytest.mark.parametrize(("n", "k", "stride", "out", "pads"), KERAS_SAME)
def test_same_is_what_keras_does(n: int, k: int, stride: int, out: int, pads: tuple[int, int]) -> None:
    """Output size and padding under "same" are those seen in Keras, an odd total with its extra pixel after."""
    assert output_size(n, k, stride, "same") == out
    assert same_padding(n, k, stride) == pads


@pytest.mark.parametrize(
    ("n", "k", "stride", "dilation", "out"),
    [
        (5, 3, 1, 1, 3),
        (5, 3, 2, 1, 2),
        (6, 3, 2, 1, 2),
        (5, 3, 3, 1, 1),
        (5, 3, 1, 2, 1),
        (3, 3, 4, 1, 1),
        (7, 2, 1, 3, 4),
    ],
)
def test_valid_drops_the_leftovers(n: int, k: int, stride: int, dilation: int, out: int) -> None:
    """Under "valid" a window that would hang over the edge is not counted."""
    assert output_size(n, k, stride, dilation=dilation) == out


@law
@given(axis_arguments(), PADDINGS)
def test_output_size_agrees_with_loops(axis: dict[str, int], padding: str) -> None:
    """The formula counts as many windows as one that is moved over the axis pixel by pixel."""
    assume(padding == "same" or (axis["k"] - 1) * axis["dilation"] < axis["n"])

    assert output_size(**axis, padding=padding) == loops.output_size(**axis, padding=padding)


@law
@given(axis_arguments())
def test_same_padding_agrees_with_loops(axis: dict[str, int]) -> None:
    """The formula pads as much as adding pixels one by one until every window fits."""
    assert same_padding(**axis) == loops.same_padding(**axis)


@law
@given(axis_arguments())
def test_valid_on_a_padded_axis_is_same(axis: dict[str, int]) -> None:
    """Padding by hand and then counting under "valid" gives the size of "same"."""
    padded = axis | {"n": axis["n"] + sum(same_padding(**axis))}

    assert output_size(**padded) == output_size(**axis, padding="same")


def test_pad2d_frames_each_side_on_its_own() -> None:
    """Top, bottom, left and right get their own number of rows and columns, batch and channels none."""
    padded = pad2d(np.ones((2, 3, 4, 5)), ((1, 2), (3, 0)), -np.inf)

    assert padded.shape == (2, 6, 7, 5)
    assert (padded[:, 1:4, 3:] == 1).all()
    assert np.isneginf(padded).sum() == 2 * (6 * 7 - 3 * 4) * 5


@law
@given(st.data(), pairs(0, 3), pairs(0, 3))
def test_pad2d_agrees_with_loops(data: st.DataObject, vertical: tuple[int, int], horizontal: tuple[int, int]) -> None:
    """For any frame and value, slices and pixel by pixel give the same array."""
    x, value = data.draw(halves(2, 3, 4, 2)), data.draw(st.sampled_from([0.0, 1.5, -np.inf]))

    np.testing.assert_array_equal(
        pad2d(x, (vertical, horizontal), value), loops.pad2d(x, (vertical, horizontal), value), strict=True
    )


def test_pad2d_returns_a_new_array() -> None:
    """Without any padding, too, the result can be written to and the input stays."""
    x = np.zeros((1, 2, 3, 1))

    pad2d(x, ((0, 0), (0, 0)))[:] = 1

    assert not x.any()


@law
@given(st.data(), pairs(1, 3), pairs(1, 3), pairs(1, 2))
def test_windows_hold_the_cells_they_cover(
    data: st.DataObject, kernel: tuple[int, int], strides: tuple[int, int], dilation: tuple[int, int]
) -> None:
    """Cell (i, j) of the window at (y, x) is the pixel at y * stride + i * dilation, and so for the columns."""
    x = data.draw(halves(2, 7, 9, 3))

    view = windows(x, data.draw(spelled(kernel)), data.draw(spelled(strides)), data.draw(spelled(dilation)))

    assert view.shape[1] == output_size(7, kernel[0], strides[0], dilation=dilation[0])
    assert view.shape[2] == output_size(9, kernel[1], strides[1], dilation=dilation[1])
    for _, row, column, i, j, _ in np.ndindex(view.shape):
        expected = x[:, row * strides[0] + i * dilation[0], column * strides[1] + j * dilation[1]]
        np.testing.assert_array_equal(view[:, row, column, i, j], expected)


def test_windows_is_a_view_that_cannot_be_written_to() -> None:
    """Windows overlap, so that a write to one would change others."""
    x = np.zeros((2, 5, 7, 3))

    view = windows(x, (2, 3))

    assert np.shares_memory(view, x)
    assert not view.flags.writeable


@pytest.mark.parametrize(
    ("arrays", "dtype"),
    [
        ((np.float32(1), np.float32(2)), np.float32),
        ((np.float32(1), np.float64(2)), np.float64),
        ((np.float32(1), np.int64(2)), np.float64),
        ((np.float16(1),), np.float64),
        ((np.uint8(1),), np.float64),
        ((True,), np.float64),
        (([1, 2],), np.float64),
    ],
)
def test_float32_stays_and_all_else_is_float64(arrays: tuple[object, ...], dtype: type) -> None:
    """Only float32 throughout gives float32."""
    assert {array.dtype.type for array in shapes.float_arrays(*arrays)} == {dtype}


@pytest.mark.parametrize("x", [np.complex128(1j), "text"])
def test_what_is_no_real_number_is_refused(x: object) -> None:
    """Complex numbers and text are not quietly turned into floats."""
    with pytest.raises(TypeError, match="Cannot cast"):
        shapes.float_arrays(x)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: output_size(2, 3),
            'output_size: a window spans 3 pixels, but the image has 2 pixels; take a smaller window or padding="same"',
        ),
        (
            lambda: output_size(4, 3, dilation=2),
            'output_size: a window spans 5 pixels, but the image has 4 pixels; take a smaller window or padding="same"',
        ),
        (
            lambda: output_size(1, 2, stride=2),
            'output_size: a window spans 2 pixels, but the image has 1 pixel; take a smaller window or padding="same"',
        ),
        (lambda: output_size(0, 1), "output_size: n is 0, but it must be 1 or more; give a larger number"),
        (lambda: output_size(5, 0), "output_size: k is 0, but it must be 1 or more; give a larger number"),
        (lambda: output_size(5, 3, 0), "output_size: stride is 0, but it must be 1 or more; give a larger number"),
        (
            lambda: output_size(5, 3, 1, "same", -1),
            "output_size: dilation is -1, but it must be 1 or more; give a larger number",
        ),
        (
            lambda: output_size(5, 3, padding="full"),
            'output_size: padding is \'full\', but it must be "valid" or "same"; choose one of these',
        ),
        (lambda: same_padding(5, 3, 0), "same_padding: stride is 0, but it must be 1 or more; give a larger number"),
        (
            lambda: pad2d(np.zeros((5, 7)), ((1, 1), (1, 1))),
            "pad2d: x has shape (5, 7), but it must have 4 axes, (n, height, width, c); add or drop an axis",
        ),
        (
            lambda: pad2d(IMAGES, (1, 1)),
            "pad2d: pads is (1, 1), but it must be two pairs of whole numbers; give ((top, bottom), (left, right))",
        ),
        (
            lambda: pad2d(IMAGES, ((1, -1), (0, 0))),
            "pad2d: pads is ((1, -1), (0, 0)), but each must be 0 or more; crop with a slice instead",
        ),
        (
            lambda: windows(IMAGES, (6, 2)),
            "windows, height: a window spans 6 pixels, but the image has 5 pixels; "
            'take a smaller window or padding="same"',
        ),
        (
            lambda: windows(IMAGES, (2, 3), dilation_rate=(1, 4)),
            "windows, width: a window spans 9 pixels, but the image has 7 pixels; "
            'take a smaller window or padding="same"',
        ),
        (
            lambda: windows(IMAGES, (2, 3, 1)),
            "windows: kernel_size is (2, 3, 1), but it must be a whole number or two of them; give (height, width)",
        ),
        (
            lambda: windows(IMAGES, 2, strides=1.5),
            "windows: strides is 1.5, but it must be a whole number or two of them; give (height, width)",
        ),
        (
            lambda: windows(IMAGES, (2, 0)),
            "windows: kernel_size is 0, but it must be 1 or more; give a larger number",
        ),
        (
            lambda: windows(IMAGES[0], 2),
            "windows: x has shape (5, 7, 3), but it must have 4 axes, (n, height, width, c); add or drop an axis",
        ),
    ],
)
def test_sizes_that_do_not_fit_are_named(call: Callable[[], object], words: str) -> None:
    """An error says where, what is, what is right, and what to do."""
    with pytest.raises(ShapeError) as caught:
        call()

    assert str(caught.value) == words


def test_shape_error_is_a_value_error_that_travels() -> None:
    """Callers may catch ValueError, as from Keras, and another process gets the same words."""
    with pytest.raises(ShapeError) as caught:
        windows(IMAGES, (6, 2))

    assert isinstance(caught.value, ValueError)
    assert str(copy.copy(caught.value)).startswith("windows, height: a window spans 6 pixels")
