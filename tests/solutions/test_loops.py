"""The oracle is right where a person can follow it, and has the signatures of the reference."""

import inspect
from collections.abc import Callable

import numpy as np
import pytest

import solutions
from course.exercises import hand
from solutions import ShapeError
from solutions.reference import loops

X = hand.X[None, :, :, None]
K = hand.K[:, :, None, None]
A = hand.A[None, :, :, None]
FUNCTIONS = [
    loops.avg_pool2d,
    loops.conv2d,
    loops.global_avg_pool,
    loops.global_max_pool,
    loops.max_pool2d,
    loops.output_size,
    loops.pad2d,
    loops.same_padding,
]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_loops_are_called_as_the_reference_is(function: Callable[..., object]) -> None:
    """Names, order and defaults of the arguments are the same."""
    assert inspect.signature(function) == inspect.signature(getattr(solutions, function.__name__))


def test_conv2d_by_hand() -> None:
    """X with K under "valid", and A with K under "same" with stride 2, whose padding is 0 before and 1 after."""
    assert loops.conv2d(X, K)[0, :, :, 0].tolist() == [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]]
    assert loops.conv2d(A, K, strides=2, padding="same")[0, :, :, 0].tolist() == [[-3, 8], [-6, 7]]


def test_pools_by_hand() -> None:
    """A under "same" with windows of 3 and stride 2, and as a whole."""
    assert loops.max_pool2d(A, 3, 2, "same")[0, :, :, 0].tolist() == [[6, 5], [5, 5]]
    assert loops.avg_pool2d(A, 3, 2, "same")[0, :, :, 0].tolist() == [[24 / 9, 13 / 6], [2, 3.5]]
    assert loops.global_max_pool(A).tolist() == [[6]]
    assert loops.global_avg_pool(A, keepdims=True).tolist() == [[[[2.375]]]]


def test_sizes_by_hand() -> None:
    """A 4-pixel axis with windows of 3 and stride 2: one fits, two are made to fit by a pixel after."""
    assert loops.output_size(4, 3, 2) == 1
    assert loops.output_size(4, 3, 2, "same") == 2
    assert loops.same_padding(4, 3, 2) == (0, 1)


def test_no_window_fits() -> None:
    """An image smaller than the window is refused in words."""
    with pytest.raises(ShapeError) as caught:
        loops.output_size(2, 3)

    assert str(caught.value) == (
        "output_size: no window of 3 cells fits, but the image has 2 pixels; take a smaller window"
    )


def test_float32_stays_float32() -> None:
    """The oracle follows the dtype rule, too."""
    assert loops.conv2d(X.astype(np.float32), K.astype(np.float32)).dtype == np.float32
    assert loops.conv2d(X.astype(np.float32), K).dtype == np.float64
    assert loops.max_pool2d(X.astype(np.float32)).dtype == np.float32
