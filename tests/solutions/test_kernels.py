"""Kernels do what their names say, and a kernel turned round is turned by 180 degrees: the reference of notebook 02."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.exercises.hand import K
from solutions import ShapeError, conv2d, flip_kernel, true_convolution
from solutions.asked import gray, kernels
from tests.strategies import PADDINGS, halves, law, pairs

IMAGE = np.arange(30.0).reshape(5, 6) ** 2


def test_flip_kernel_by_hand() -> None:
    """First and last row, and first and last column, change places."""
    np.testing.assert_array_equal(flip_kernel([[1, 2, 3], [4, 5, 6]]), [[6, 5, 4], [3, 2, 1]])


@law
@given(st.data(), pairs(1, 5))
def test_flipped_twice_is_as_before(data: st.DataObject, size: tuple[int, int]) -> None:
    """Two half turns are none, and the result is a new array."""
    k = data.draw(halves(*size))
    flipped = flip_kernel(k)

    assert not np.shares_memory(flipped, k)
    np.testing.assert_array_equal(flip_kernel(flipped), k)


@law
@given(st.data(), PADDINGS)
def test_true_convolution_flips_the_kernel(data: st.DataObject, padding: str) -> None:
    """Convolving an impulse gives the kernel itself; correlating it gives the kernel flipped."""
    w, b = data.draw(halves(3, 5, 1, 2)), data.draw(halves(2))
    impulse = np.zeros((1, 5, 9, 1))
    impulse[0, 2, 4, 0] = 1

    maps = true_convolution(impulse, w, b, padding=padding)

    top, left = (1, 2) if padding == "same" else (0, 0)
    np.testing.assert_array_equal(maps[0, top : top + 3, left : left + 5], w[:, :, 0] + b)
    np.testing.assert_array_equal(maps, conv2d(impulse, flip_kernel(w), b, padding=padding))


@law
@given(st.data())
def test_filters_flipped_twice_are_as_before(data: st.DataObject) -> None:
    """Both kernel axes are reversed, the channel axes are not, and the kernel itself stays."""
    w = data.draw(halves(2, 3, 4, 5))

    assert flip_kernel(w)[0, 0, 3, 4] == w[1, 2, 3, 4]
    np.testing.assert_array_equal(flip_kernel(flip_kernel(w)), w)
    assert not np.shares_memory(flip_kernel(w), w)


@pytest.mark.parametrize("shape", [(3,), (3, 3, 1), (1, 3, 3, 1, 1)])
def test_only_a_kernel_is_flipped(shape: tuple[int, ...]) -> None:
    """Other numbers of axes than those of a kernel and of filters are refused."""
    with pytest.raises(ShapeError) as raised:
        flip_kernel(np.ones(shape))

    assert str(raised.value) == (
        f"flip_kernel: k has shape {shape}, but it must be (i, j) or (i, j, c, o); add or drop an axis"
    )


def test_true_convolution_names_itself() -> None:
    """An error names the function that was called, not the one that it calls."""
    with pytest.raises(ShapeError, match=r"^true_convolution, width: a window spans 3 pixels"):
        true_convolution(np.ones((1, 3, 2, 1)), np.ones((3, 3, 1, 1)))


def test_edges() -> None:
    """The vertical edge is K, the horizontal one K transposed."""
    np.testing.assert_array_equal(kernels.design_kernel("vertical edge"), K)
    np.testing.assert_array_equal(kernels.design_kernel("horizontal edge"), np.transpose(K))


def test_edges_are_bright_minus_dark() -> None:
    """A bright left half gives positive numbers, and so does a bright upper half."""
    bright_left = np.array([[1.0, 1, 0, 0]] * 4)

    assert (gray.conv2d_valid(bright_left, kernels.design_kernel("vertical edge")) > 0).all()
    assert (gray.conv2d_valid(bright_left.T, kernels.design_kernel("horizontal edge")) > 0).all()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("identity", IMAGE[1:-1, 1:-1]),
        ("shift left", IMAGE[1:-1, 2:]),
        ("box", [[IMAGE[i : i + 3, j : j + 3].mean() for j in range(4)] for i in range(3)]),
    ],
)
def test_what_a_kernel_does(name: str, expected: np.ndarray) -> None:
    """The identity keeps each pixel, the shift takes its right neighbour, the box the mean around it."""
    np.testing.assert_allclose(gray.conv2d_valid(IMAGE, kernels.design_kernel(name)), expected, rtol=1e-12)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("vertical edge", [[1, 0, 0, 0, -1]] * 3),
        ("horizontal edge", [[1] * 5, [0] * 5, [-1] * 5]),
        ("box", np.full((3, 5), 1 / 15)),
        ("identity", [[0] * 5, [0, 0, 1, 0, 0], [0] * 5]),
        ("shift left", [[0] * 5, [0, 0, 0, 1, 0], [0] * 5]),
    ],
)
def test_a_kernel_of_another_size(name: str, expected: np.ndarray) -> None:
    """The edges are the outermost lines, and the box divides by all of its cells."""
    np.testing.assert_allclose(kernels.design_kernel(name, (3, 5)), expected, rtol=1e-12)


def test_a_designed_kernel_belongs_to_the_caller() -> None:
    """Writing into a kernel does not change the next one."""
    kernels.design_kernel("box")[:] = 7

    np.testing.assert_array_equal(kernels.design_kernel("box"), np.full((3, 3), 1 / 9))


def test_an_unknown_name_is_refused() -> None:
    """The error names the five names there are."""
    with pytest.raises(ShapeError) as raised:
        kernels.design_kernel("emboss")

    assert str(raised.value) == (
        "design_kernel: name is 'emboss', but it must be one of "
        '"vertical edge", "horizontal edge", "box", "identity", "shift left"; choose one of these'
    )
