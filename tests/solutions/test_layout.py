"""Axes move and numbers do not: the reference of notebook 00."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from solutions import ShapeError
from solutions.asked import layout
from tests.strategies import halves, law

SHAPES = st.tuples(*[st.integers(1, 4)] * 4)

# The tens say the channel, the rest says the pixel.
PIXELS = np.array([[1, 2, 3, 4], [5, 6, 7, 8]])
COLOURS = np.stack([PIXELS, PIXELS + 10, PIXELS + 20], axis=-1)[None]


def test_axis_sizes_by_hand() -> None:
    """One image with two rows, four columns and three channels; plain numbers, in a tuple."""
    sizes = layout.axis_sizes(COLOURS)

    assert sizes == (1, 2, 4, 3)
    assert [type(size) for size in sizes] == [int] * 4


def test_to_channels_first_by_hand() -> None:
    """Each channel becomes a plane that holds all of its pixels."""
    np.testing.assert_array_equal(layout.to_channels_first(COLOURS), [[PIXELS, PIXELS + 10, PIXELS + 20]])


@law
@given(st.data(), SHAPES)
def test_every_number_moves_to_its_place(data: st.DataObject, shape: tuple[int, int, int, int]) -> None:
    """The number at [n, i, j, c] moves to [n, c, i, j]."""
    x = data.draw(halves(*shape))
    moved = layout.to_channels_first(x)

    assert all(moved[n, c, i, j] == value for (n, i, j, c), value in np.ndenumerate(x))


@law
@given(st.data(), SHAPES)
def test_there_and_back(data: st.DataObject, shape: tuple[int, int, int, int]) -> None:
    """Each function undoes the other."""
    x = data.draw(halves(*shape))

    np.testing.assert_array_equal(layout.to_channels_last(layout.to_channels_first(x)), x)
    np.testing.assert_array_equal(layout.to_channels_first(layout.to_channels_last(x)), x)


@pytest.mark.parametrize("move", [layout.to_channels_first, layout.to_channels_last])
@pytest.mark.parametrize(("given_type", "expected"), [("float32", "float32"), ("float64", "float64"), ("u1", "f8")])
def test_a_moved_batch_is_a_new_array_of_floats(move: Callable[[Any], Any], given_type: str, expected: str) -> None:
    """float32 stays, all else becomes float64; even with one channel the result shares no memory."""
    x = np.ones((2, 3, 4, 1), given_type)
    moved = move(x)

    assert moved.dtype == np.dtype(expected)
    assert not np.shares_memory(moved, x)


@pytest.mark.parametrize(
    ("function", "axes"),
    [
        (layout.axis_sizes, "n, height, width, c"),
        (layout.to_channels_first, "n, height, width, c"),
        (layout.to_channels_last, "n, c, height, width"),
    ],
)
def test_an_image_without_a_batch_is_refused(function: Callable[[Any], Any], axes: str) -> None:
    """Three axes are refused, with the four that there have to be."""
    with pytest.raises(ShapeError) as raised:
        function(np.ones((2, 3, 4)))

    assert str(raised.value) == (
        f"{function.__name__}: x has shape (2, 3, 4), but it must have 4 axes, ({axes}); add or drop an axis"
    )


def test_kernels_of_two_libraries() -> None:
    """The weight at [o, c, i, j] in PyTorch is at [i, j, c, o] in Keras, and comes back."""
    theirs = np.arange(120.0).reshape(2, 3, 4, 5)
    ours = layout.to_keras_kernel(theirs)

    assert ours.shape == (4, 5, 3, 2)
    assert all(ours[i, j, c, o] == theirs[o, c, i, j] for o, c, i, j in np.ndindex(theirs.shape))
    np.testing.assert_array_equal(layout.to_torch_kernel(ours), theirs)


@pytest.mark.parametrize("move", [layout.to_keras_kernel, layout.to_torch_kernel])
@pytest.mark.parametrize(("given_type", "expected"), [("float32", "float32"), ("float64", "float64"), ("i8", "f8")])
def test_a_moved_kernel_is_a_new_array_of_floats(move: Callable[[Any], Any], given_type: str, expected: str) -> None:
    """float32 stays, all else becomes float64; even with one slice the result shares no memory."""
    kernel = np.ones((1, 1, 1, 1), given_type)
    moved = move(kernel)

    assert moved.dtype == np.dtype(expected)
    assert not np.shares_memory(moved, kernel)


@pytest.mark.parametrize(
    ("function", "axes"), [(layout.to_keras_kernel, "o, c, i, j"), (layout.to_torch_kernel, "i, j, c, o")]
)
def test_a_kernel_without_filters_is_refused(function: Callable[[Any], Any], axes: str) -> None:
    """Two axes are refused, with the four that there have to be."""
    with pytest.raises(ShapeError) as raised:
        function(np.ones((3, 3)))

    assert str(raised.value) == (
        f"{function.__name__}: kernel has shape (3, 3), but it must have 4 axes, ({axes}); add or drop an axis"
    )
