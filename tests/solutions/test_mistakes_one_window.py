"""Known mistakes of notebook 01 give the wrong values that they are known for."""

from __future__ import annotations

import numpy as np
import pytest

from course.exercises.hand import K, X
from tests.schemes import mistaken


@pytest.mark.parametrize(("id_", "expected"), [("M1", -1), ("M2a", -1), ("M2b", 1), ("M3", -2), ("M5a", 0)])
def test_window_sum_of_the_hand_example(id_: str, expected: float) -> None:
    """The top-left window of X with K gives the wrong number that the fault is known for."""
    assert mistaken("window_sum", id_)(X[:3, :3], K) == expected


BOX = np.lib.stride_tricks.sliding_window_view(X, (3, 3)).sum(axis=(2, 3))
RIGHT = [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]]


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("M1", [[-1, -3, 2], [1, 0, -3], [1, 1, -2]]),
        ("M2a", [[-1, -3, 2], [1, 0, -3], [1, 1, -2]]),
        ("M2b", RIGHT),
        ("M3", [[-2, -3, -1], [3, -2, -1], [1, 4, 2]]),
        ("M4", [[1, -1, -1], [3, 0, -1], [-2, 3, 2]]),
        ("M5", [[0, 0, 0], [0, 0, 0], [0, 0, 0]]),
        ("M6", [[1 / 9, 3 / 9, -2 / 9], [-1 / 9, 0, 3 / 9], [-1 / 9, -1 / 9, 2 / 9]]),
        ("M7", [[1, 3], [-1, 0]]),
        ("M15a", RIGHT),
        ("M15b", RIGHT),
        ("M15c", RIGHT),
        ("M39a", [[1, 4, 2], [1, 1, 4], [3, 2, 4]]),
        ("M41", [[1, 3, 254], [255, 0, 3], [255, 255, 2]]),
        ("M42a", RIGHT),
        ("M42b", RIGHT),
        ("F16", [[1, 3, 0], [0, 0, 3], [0, 0, 2]]),
        (
            "F10",
            [[-3, 4, 2, -4, 1], [-5, 1, 3, -2, 2], [-3, -1, 0, 3, 3], [-3, -1, -1, 2, 4], [-1, 2, -2, 0, 3]],
        ),
    ],
)
def test_conv2d_valid_of_the_hand_example(id_: str, expected: list[list[float]]) -> None:
    """X with K gives the wrong output that the fault is known for; a fault that it hides gives the right one."""
    np.testing.assert_allclose(mistaken("conv2d_valid", id_)(X, K), expected)


@pytest.mark.parametrize(
    ("id_", "side", "expected"),
    [
        pytest.param("F5b", (1, 3), BOX, id="F5b: one row of weights is stretched over three"),
        pytest.param("F5c", (4, 4), BOX[:2, :2], id="F5c: what lies beyond 3 x 3 is left out"),
        pytest.param("M15d", (1, 2), 2 * X[:, :4], id="M15d: one pixel is stretched over two weights"),
    ],
)
def test_windows_of_another_size(id_: str, side: tuple[int, int], expected: np.ndarray) -> None:
    """A kernel of ones gives the sums of windows that have another size than the kernel."""
    np.testing.assert_array_equal(mistaken("conv2d_valid", id_)(X, np.ones(side)), expected)


def test_windows_past_the_edge_keep_the_size_of_the_image() -> None:
    """Windows that run past the edge of the 5 x 5 image make a 5 x 5 output."""
    assert mistaken("conv2d_valid", "M8a")(X, K).shape == (5, 5)


@pytest.mark.parametrize("id_", ["M42a", "M42b"])
def test_whole_numbers_cut_a_box_blur(id_: str) -> None:
    """A box blur of X starts with 1.556, 1.222, 1.333, and with 1, 1, 1 where whole numbers are stored."""
    assert mistaken("conv2d_valid", id_)(X, np.full((3, 3), 1 / 9))[0].tolist() == [1, 1, 1]
