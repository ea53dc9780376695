"""Known mistakes of notebook 07 give the wrong values that they are known for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course.exercises.hand import K, X
from tests.schemes import EXERCISES, mistaken

IMAGE = X[None, :, :, None]


@pytest.mark.parametrize("function", ["conv2d_einsum", "conv2d_im2col"])
@pytest.mark.parametrize(
    ("id_", "strides", "expected"),
    [
        ("M1", 1, [[-1, -3, 2], [1, 0, -3], [1, 1, -2]]),
        ("M3", 1, [[-2, -3, -1], [3, -2, -1], [1, 4, 2]]),
        ("M4", 1, [[1, -1, -1], [3, 0, -1], [-2, 3, 2]]),
        ("M7a", 1, [[1, 3], [-1, 0]]),
        ("M9", 2, [[1, 3], [-1, 0]]),
        ("M11", (2, 1), [[1, -2], [-1, 3], [-1, 2]]),
        ("M32", 1, [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]]),
    ],
)
def test_the_hand_example(function: str, id_: str, strides: Any, expected: list[list[float]]) -> None:
    """X with K gives the wrong output that the fault is known for; a fault that it hides gives the right one."""
    maps = mistaken(function, id_)(IMAGE, K[:, :, None, None], strides)

    np.testing.assert_array_equal(maps[0, :, :, 0], expected)


@pytest.mark.parametrize(
    ("function", "id_", "shape"),
    [
        ("windows", "F70", (2, 4, 5, 4, 2, 3)),
        ("windows", "F73", (2, 4, 5, 3, 2, 4)),
        ("windows", "M4", (2, 5, 4, 2, 3, 4)),
        ("conv2d_einsum", "M29", (2, 4, 5, 4, 6)),
        ("conv2d_einsum", "F65", (2, 6, 4, 5)),
        ("conv2d_einsum", "F72", (2, 4, 5)),
    ],
)
def test_axes_in_the_wrong_place(function: str, id_: str, shape: tuple[int, ...]) -> None:
    """A fault of axes or letters shows in the shape: two images of 5 x 7 with 4 channels, 6 filters of 2 x 3."""
    second = (2, 3) if function == "windows" else np.ones((2, 3, 4, 6))

    assert mistaken(function, id_)(np.ones((2, 5, 7, 4)), second).shape == shape


def test_windows_that_only_look_right() -> None:
    """Axes moved with reshape have the right shape and the wrong cells."""
    images = np.arange(2 * 4 * 5 * 3.0).reshape(2, 4, 5, 3)
    actual, expected = mistaken("windows", "F71")(images, 2), EXERCISES["windows"].reference(images, 2)

    assert actual.shape == expected.shape
    assert (actual != expected).any()


@pytest.mark.parametrize(("id_", "hidden_by"), [("F74", (3, 3, 1, 4)), ("F75", (3, 3, 2, 1)), ("F76", (3, 3, 2, 1))])
def test_a_wrong_order_may_not_show(id_: str, hidden_by: tuple[int, ...]) -> None:
    """With one channel, or with one filter, a matrix flattened in the wrong order is the right one."""
    rng = np.random.default_rng(3)
    images, weights = rng.integers(-9, 10, (2, 5, 6, hidden_by[2])), rng.integers(-9, 10, hidden_by)
    expected = EXERCISES["conv2d_im2col"].reference(images, weights)

    np.testing.assert_array_equal(mistaken("conv2d_im2col", id_)(images, weights), expected)
