"""Known mistakes of notebook 06 give the wrong values that they are known for."""

from __future__ import annotations

import numpy as np
import pytest

from course.exercises.hand import A, X
from solutions.reference import pool
from tests.schemes import mistaken


def _gray(array: np.ndarray) -> np.ndarray:
    return array[None, :, :, None]


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("P1", [[6, 6, 2], [6, 6, 5], [2, 5, 5]]),
        ("P2a", [[6, 2], [2, 5]]),
        ("P4", [[6, 2], [2, 5]]),
        ("P8", [[6, 2], [2, 5]]),
        ("P9a", [[1, 2], [0, 5]]),
        ("P9b", [[6, 2], [2, 4]]),
        ("P10", [[5, 3], [4, 6]]),
        ("P11a", [[3.5, 1.25], [1.25, 3.5]]),
        ("M4", [[6, 2], [2, 5]]),
        ("M11", [[6, 2], [2, 5]]),
    ],
)
def test_max_pool2d_of_the_hand_example(id_: str, expected: list[list[float]]) -> None:
    """A gives the wrong maxima that the fault is known for; a fault that it hides gives the right ones."""
    np.testing.assert_array_equal(mistaken("max_pool2d", id_)(_gray(A))[0, :, :, 0], expected)


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("P6", [[3, 1], [1, 3]]),
        ("P7a", [[14, 5], [5, 14]]),
        ("P7b", [[3.5, 1.25], [1.25, 3.5]]),
        ("P7c", [[3.5, 1.25], [1.25, 3.5]]),
        ("P11", [[6, 2], [2, 5]]),
    ],
)
def test_avg_pool2d_of_the_hand_example(id_: str, expected: list[list[float]]) -> None:
    """A gives the wrong means that the fault is known for; a fault that it hides gives the right ones."""
    np.testing.assert_array_equal(mistaken("avg_pool2d", id_)(_gray(A))[0, :, :, 0], expected)


def test_zero_padding_wins_against_negative_pixels() -> None:
    """A - 7 with pool 3 and stride 2 under "same" gives zeros where the padding is."""
    actual = mistaken("max_pool2d", "P3")(_gray(A - 7), 3, 2, "same")[0, :, :, 0]

    np.testing.assert_array_equal(actual, [[-1, 0], [0, 0]])


def test_full_windows_make_the_means_at_the_border_too_small() -> None:
    """X with pool 2 under "same" has too small a last column where the padding counts."""
    actual = mistaken("avg_pool2d", "P5")(_gray(X), 2, None, "same")[0, :, -1, 0]

    np.testing.assert_array_equal(actual, [1.25, 0.25, 0.5])


def test_full_windows_of_three() -> None:
    """A with pool 3 and stride 2 under "same" gives 4/3 and 14/9 where the padding counts."""
    actual = mistaken("avg_pool2d", "P5")(_gray(A), 3, 2, "same")[0, :, :, 0]

    np.testing.assert_allclose(actual, [[24 / 9, 13 / 9], [12 / 9, 14 / 9]])


@pytest.mark.parametrize(("id_", "side"), [("M20a", 5), ("M20b", 5), ("M21", 7)])
def test_same_that_keeps_the_size(id_: str, side: int) -> None:
    """A 5 x 5 image stays 5 x 5 under "same" with pool 3 and stride 1, and grows by 2 with one row too many."""
    assert mistaken("max_pool2d", id_)(_gray(X), 3, 1, "same").shape == (1, side, side, 1)


def test_same_that_keeps_the_size_at_stride_2() -> None:
    """A 5 x 5 image stays 5 x 5 at stride 2, where 3 x 3 would be right."""
    assert mistaken("max_pool2d", "M20a")(_gray(X), 3, 2, "same").shape == (1, 5, 5, 1)
    assert pool.max_pool2d(_gray(X), 3, 2, "same").shape == (1, 3, 3, 1)


@pytest.mark.parametrize(
    ("id_", "pool_size", "strides", "side"),
    [
        pytest.param("F60", 2, 1, 6, id="F60: a row too many, and so a window too many"),
        pytest.param("F61", 2, 1, 4, id="F61: a row too few"),
        pytest.param("F62", 3, 1, 7, id="F62: 2 on both sides"),
        pytest.param("F43b", 3, 1, 6, id="F43b: 1 before, 2 after"),
        pytest.param("F43c", 2, 1, 6, id="F43c: a sixth window"),
        pytest.param("F52", 2, 1, 6, id="F52: 1 on both sides"),
        pytest.param("M16b", 2, 1, 4, id="M16b: none for a pool of 2"),
        pytest.param("M20c", 3, 2, 5, id="M20c: the size is kept"),
        pytest.param("M21b", 3, 1, 7, id="M21b: 2 on both sides"),
        pytest.param("F42", 2, 2, 2, id="F42: two windows in 5 pixels"),
        pytest.param("F42b", 2, 2, 2, id="F42b: two windows in 5 pixels"),
    ],
)
@pytest.mark.parametrize("function", ["max_pool2d", "avg_pool2d"])
def test_a_wrong_size_under_same(function: str, id_: str, pool_size: int, strides: int, side: int) -> None:
    """The sizes that wrong frames give for a 5 x 5 image."""
    assert mistaken(function, id_)(_gray(X), pool_size, strides, "same").shape == (1, side, side, 1)


@pytest.mark.parametrize(("id_", "side"), [("F51b", 1), ("F93", 2)])
def test_a_frame_that_is_not_shared_out(id_: str, side: int) -> None:
    """Of a total of 3 these put 3 or 2 pixels first, so that the first window has 1 x 1 or 2 x 2 pixels, not 3 x 3."""
    image = np.arange(25).reshape(5, 5)
    actual = mistaken("max_pool2d", id_)(_gray(image), 4, 1, "same")[0, 0, 0, 0]

    assert actual == image[side - 1, side - 1]


@pytest.mark.parametrize(("id_", "under_same"), [("P13a", 2), ("P13b", 5)])
def test_a_size_from_the_pool_alone(id_: str, under_same: int) -> None:
    """5 pixels have room for one pool of 3 side by side, and for two with padding; in steps of 1 there are more."""
    assert mistaken("max_pool2d", id_)(_gray(X), 3, 1).shape == (1, 1, 1, 1)
    assert mistaken("max_pool2d", id_)(_gray(X), 3, 1, "same").shape == (1, under_same, under_same, 1)


@pytest.mark.parametrize(("id_", "expected"), [("P5a", [1.25, 0.25, 1]), ("P5b", [2.5, 0.5, 1])])
def test_padding_counted_along_one_axis(id_: str, expected: list[float]) -> None:
    """The last column of X with pool 2 under "same" is divided by too many pixels."""
    np.testing.assert_array_equal(mistaken("avg_pool2d", id_)(_gray(X), 2, None, "same")[0, :, -1, 0], expected)


def test_zeros_of_the_image_not_counted() -> None:
    """The first row of means of X is 2, 1 and 2.5 where only pixels that are not 0 count."""
    np.testing.assert_array_equal(mistaken("avg_pool2d", "F91")(_gray(X), 2, None, "same")[0, 0, :, 0], [2, 1, 2.5])


@pytest.mark.parametrize("function", ["global_max_pool", "global_avg_pool"])
def test_the_wrong_axes_give_one_number_for_each_row(function: str) -> None:
    """Global pooling over axes 2 and 3 of (n, height, width, c) gives (n, height)."""
    assert mistaken(function, "P12")(np.ones((2, 3, 4, 5))).shape == (2, 3)
