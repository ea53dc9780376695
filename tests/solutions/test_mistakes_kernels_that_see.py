"""Known mistakes of notebook 02 give the wrong values that they are known for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course.exercises.hand import K, X
from solutions.mistakes.kernels_that_see import NAMES
from tests.schemes import EXERCISES, mistaken

COUNTED = np.array([[1, 2, 3], [4, 5, 6]])


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("M2a", [[3, 2, 1], [6, 5, 4]]),
        ("M2b", [[4, 5, 6], [1, 2, 3]]),
        ("M3", [[1, 4], [2, 5], [3, 6]]),
        ("F12", [[3, 6], [2, 5], [1, 4]]),
        ("F33", [[1, 2, 3], [4, 5, 6]]),
        ("F34", [[6, 5, 4], [4, 5, 6]]),
        ("F39", [[-1, -2, -3], [-4, -5, -6]]),
        ("F97", [[1, 3, 2], [4, 6, 5]]),
    ],
)
def test_a_kernel_turned_wrongly(id_: str, expected: list[list[int]]) -> None:
    """The weights 1 to 6 lie where the fault is known to put them; right is 6 5 4, 3 2 1."""
    np.testing.assert_array_equal(mistaken("flip_kernel", id_)(COUNTED), expected)


@pytest.mark.parametrize("id_", ["M2a", "F39"])
def test_the_hand_kernel_hides_a_fault(id_: str) -> None:
    """K mirrored left to right, or with its signs turned, is K turned by 180 degrees."""
    np.testing.assert_array_equal(mistaken("flip_kernel", id_)(K), np.flip(K))


NOT_TURNED = [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]]
RIGHT = [[-1, -3, 2], [1, 0, -3], [1, 1, -2]]


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("F33", NOT_TURNED),
        ("M2a", RIGHT),
        ("M2b", NOT_TURNED),
        ("M3", [[-2, -3, -1], [3, -2, -1], [1, 4, 2]]),
        ("F39", RIGHT),
        ("F30a", [[-2, 1, 1], [-3, 0, 1], [2, -3, -1]]),
        ("F30b", [[2, -1, -1], [3, 0, -1], [-2, 3, 1]]),
        ("M5", [[0, 0, 0], [0, 0, 0], [0, 0, 0]]),
        ("M7", [[-1, -3], [1, 0]]),
    ],
)
def test_true_convolution_of_the_hand_example(id_: str, expected: list[list[int]]) -> None:
    """X with K gives the wrong output that the fault is known for; a fault that K hides gives the right one."""
    np.testing.assert_array_equal(mistaken("true_convolution", id_)(X, K), expected)


@pytest.mark.parametrize(("id_", "side"), [("F38", 7), ("F10", 5)])
def test_windows_over_the_edge_make_the_output_larger(id_: str, side: int) -> None:
    """All windows that touch the 5 x 5 image make 7 x 7 sums, those centred on it 5 x 5."""
    assert mistaken("true_convolution", id_)(X, K).shape == (side, side)


def test_all_windows_that_touch_are_those_of_numpy() -> None:
    """A row convolved with windows over the edge is what `np.convolve` gives."""
    row, weights = np.array([1.0, 2, 0, 1, 3]), np.array([1.0, 2, -1])

    np.testing.assert_array_equal(
        mistaken("true_convolution", "F38")(row[None], weights[None])[0], np.convolve(row, weights)
    )


def single(size: tuple[int, int], row: int, column: int) -> np.ndarray:
    """A single 1 among zeros."""
    kernel = np.zeros(size)
    kernel[row, column] = 1
    return kernel


@pytest.mark.parametrize(
    ("id_", "name", "expected"),
    [
        ("M1", "vertical edge", -K),
        ("M1", "shift left", [[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
        ("M3a", "vertical edge", K.T),
        ("M3a", "horizontal edge", K),
        ("M3b", "shift left", [[0, 0, 0], [0, 0, 0], [0, 1, 0]]),
        ("M42", "box", np.zeros((3, 3))),
        ("F36b", "emboss", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("F36c", "box blur", np.full((3, 3), 1 / 9)),
        ("F37", "identity", np.eye(3)),
        ("F38a", "box", np.ones((3, 3))),
        ("F38b", "box", np.full((3, 3), 1 / 3)),
        ("F38c", "vertical edge", [[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        ("F39a", "horizontal edge", -K.T),
        ("F39b", "shift left", [[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
        ("F39c", "horizontal edge", -K.T),
    ],
)
def test_a_kernel_with_the_wrong_weights(id_: str, name: str, expected: Any) -> None:
    """Each fault gives the kernel it is known for."""
    np.testing.assert_array_equal(mistaken("design_kernel", id_)(name), expected)


@pytest.mark.parametrize(
    ("id_", "name", "expected"),
    [
        ("M3b", "vertical edge", [[1] * 5, [0] * 5, [-1] * 5]),
        ("M4", "identity", single((5, 3), 2, 1)),
        ("F5", "identity", single((3, 3), 1, 1)),
        ("F37", "identity", np.eye(3, 5)),
        ("F38b", "box", np.full((3, 5), 1 / 3)),
        ("F38c", "vertical edge", [[1, 0, 0, 0, -1], [2, 0, 0, 0, -2], [1, 0, 0, 0, -1]]),
        ("F38c", "horizontal edge", [[1, 1, 2, 1, 1], [0] * 5, [-1, -1, -2, -1, -1]]),
        ("F38d", "box", np.full((3, 5), 1 / 9)),
        ("F39b", "shift left", single((3, 5), 1, 1)),
    ],
)
def test_a_wide_kernel_with_the_wrong_weights(id_: str, name: str, expected: Any) -> None:
    """Each fault gives the kernel it is known for in 3 x 5, too."""
    np.testing.assert_array_equal(mistaken("design_kernel", id_)(name, size=(3, 5)), expected)


def test_an_unknown_name_that_gives_nothing() -> None:
    """A function that runs to its end without a return gives None."""
    assert mistaken("design_kernel", "F36a")("emboss") is None


@pytest.mark.parametrize("id_", ["F36a", "F36b", "F36c"])
def test_known_names_hide_that_unknown_ones_are_let_through(id_: str) -> None:
    """The five names give their kernels, so that this fault costs the marks of its own rule."""
    right = EXERCISES["design_kernel"].reference

    for name in NAMES:
        np.testing.assert_array_equal(mistaken("design_kernel", id_)(name), right(name))
