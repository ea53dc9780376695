"""Known mistakes of notebook 04 give the wrong values that they are known for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from autograder.course.exercise import Refusal
from course.exercises.hand import A, K, X
from course.exercises.padding import CONV2D_GRAY
from tests.schemes import mistaken

CORNER = np.array([[1, -1], [0, 2]])


@pytest.mark.parametrize(
    ("id_", "arguments", "expected"),
    [
        ("M16", (5, 2, 1), (1, 1)),
        ("M16", (5, 3, 1), (1, 1)),  # right: the hand example hides it
        ("M17", (5, 2, 1), (1, 0)),
        ("M18", (4, 3, 2), (1, 1)),
        ("M20a", (4, 3, 2), (3, 3)),
        ("M20b", (4, 3, 2), (2, 3)),
        ("M21", (5, 3, 1), (2, 2)),
        ("F42", (5, 3, 2), (0, 0)),
        ("F43a", (5, 3, 1), (2, 2)),
        ("F43a", (5, 2, 1), (1, 1)),
        ("F43b", (5, 3, 1), (1, 2)),
        ("F43b", (5, 2, 1), (0, 1)),  # right by luck: the total is odd
        ("F43c", (4, 3, 2), (1, 2)),
        ("F48", (5, 4, 1), (1, 1)),
        ("F49a", (5, 4, 1), (2, 2)),
        ("F49b", (5, 4, 1), (1, 1)),
        ("F51a", (5, 3, 1), (0, 2)),
        ("F51b", (5, 3, 1), (2, 0)),
        ("F52", (5, 3, 1), (2, 2)),
        ("F53", (8, 3, 4), (-1, 0)),
        ("F54", (5, 3, 2), (0, 1)),
        ("F56", (4, 3, 2), (0, 0)),
        ("F46", (5, 2, 1), (0.5, 0.5)),
        ("F93", (5, 4, 1), (2, 1)),
        ("F93", (5, 2, 1), (0, 1)),  # right by luck: the half is rounded down
    ],
)
def test_a_wrong_padding(id_: str, arguments: tuple[int, int, int], expected: tuple[float, float]) -> None:
    """Each fault gives the padding that it is known for."""
    assert mistaken("same_padding", id_)(*arguments) == expected


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("M22", [[0, 0], [0, 0], [5, 0], [0, 0], [0, 0], [0, 0]]),
        ("M23", [[5]]),
        ("F55a", [[0, 0, 0, 0, 0, 0], [0, 0, 0, 5, 0, 0]]),
        ("F55b", [[0, 5, 0, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]]),
        ("F55c", [[5, 0, 0], [0, 0, 0], [0, 0, 0]]),
        ("F58", [[5, 0], [0, 0]]),
        ("F51a", [[5, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]]),
        ("F1", [[0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]]),
        ("F59", [[0, 0, 0], [0, 5, 0], [0, 0, 0]]),
    ],
)
def test_a_wrong_frame(id_: str, expected: list[list[int]]) -> None:
    """Each fault puts the 5 where it is known to; right is 0 0 5 0 0 0 above a row of zeros."""
    np.testing.assert_array_equal(mistaken("pad2d", id_)([[5]], ((0, 1), (2, 3))), expected)


def test_a_slice_up_to_minus_zero_is_empty() -> None:
    """It works as long as every side gets a pixel, and stops with an error where one gets none."""
    assert mistaken("pad2d", "M27")([[5]], ((1, 1), (1, 2))).tolist() == [[0, 0, 0, 0], [0, 5, 0, 0], [0, 0, 0, 0]]
    with pytest.raises(ValueError, match="broadcast"):
        mistaken("pad2d", "M27")([[5], [6]], ((1, 0), (1, 1)))


SAME_TWO = [[-3, 2, 1], [-3, 0, 3], [-1, -2, 3]]
A_TWO, A_ALL_ROUND = [[-3, 8], [-6, 7]], [[-9, 7], [-10, 1]]


@pytest.mark.parametrize(
    ("id_", "image", "strides", "expected"),
    [
        ("M16", A, 2, A_ALL_ROUND),
        ("M17", A, 2, A_ALL_ROUND),
        ("M18", A, 2, A_ALL_ROUND),
        ("F59", A, 2, A_ALL_ROUND),
        ("F49a", A, 2, A_ALL_ROUND),
        ("F49b", A, 2, [[-3]]),
        ("M25", A, 2, [[-3, 0], [0, 0]]),
        ("M18", X, 2, SAME_TWO),
        ("M17", X, 2, SAME_TWO),
        ("M22", X, 2, SAME_TWO),
        ("M25", X, 2, [[1, -2, 0], [-1, 2, 0], [0, 0, 0]]),
        ("F19", X, 2, [[1, -2], [-1, 2]]),
        ("M1", A, 2, [[3, -8], [6, -7]]),
        ("M9", A, 2, [[-3, 6], [-3, 1]]),
        ("M18", A, 1, [[-9, 2, 7, 3], [-11, -3, 6, 8], [-10, -3, 1, 8], [-4, -6, -3, 7]]),
    ],
)
def test_conv2d_gray_of_the_hand_examples(id_: str, image: np.ndarray, strides: int, expected: Any) -> None:
    """X and A with K under "same" give the known wrong output; a fault that they hide gives the right one."""
    np.testing.assert_array_equal(mistaken("conv2d_gray", id_)(image, K, strides=strides, padding="same"), expected)


def test_zeros_first_shift_an_even_kernel() -> None:
    """With the odd row at the top and the odd column at the left, the first row is 2 4 0 2 6."""
    actual = mistaken("conv2d_gray", "M17")(X, CORNER, padding="same")

    assert actual[0].tolist() == [2, 4, 0, 2, 6]


@pytest.mark.parametrize(
    ("id_", "kernel", "strides", "side"),
    [("M20a", K, 2, 5), ("M20b", K, 2, 5), ("M20c", K, 2, 5), ("M21", K, 1, 7), ("M16", CORNER, 1, 6)],
)
def test_a_wrong_size_under_same(id_: str, kernel: np.ndarray, strides: int, side: int) -> None:
    """The sizes that other rules of "same" give for a 5 x 5 image."""
    assert mistaken("conv2d_gray", id_)(X, kernel, strides=strides, padding="same").shape == (side, side)


def test_a_result_that_is_padded_has_a_ring_of_zeros() -> None:
    """The nine numbers of "valid" stand in the middle, and nothing round them."""
    actual = mistaken("conv2d_gray", "M25")(X, K, padding="same")

    np.testing.assert_array_equal(actual, np.pad([[1, 3, -2], [-1, 0, 3], [-1, -1, 2]], 1))


@pytest.mark.parametrize("id_", ["M24a", "M24b"])
def test_other_values_in_the_frame_change_the_border_only(id_: str) -> None:
    """Inside, where no window reaches the frame, all frames give the same."""
    actual = mistaken("conv2d_gray", id_)(X, K, padding="same")

    np.testing.assert_array_equal(actual[1:-1, 1:-1], [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]])
    assert actual[0, 0] != -3


# --- the cases --------------------------------------------------------------------------------------------------------


def _sides(arguments: Mapping[str, Any]) -> tuple[int, int, int, int]:
    return *arguments["image"].shape, *arguments["kernel"].shape


def _step(arguments: Mapping[str, Any]) -> int:
    strides = arguments.get("strides", 1)
    return strides if isinstance(strides, int) else 0


# The kinds of cases that public solutions fail on, as far as one gray image shows them.
KINDS: dict[str, Callable[[int, int, int, int, int, bool], bool]] = {
    "plain": lambda h, w, kh, kw, s, same: not same and s == 1 and kh == kw,
    "even kernel, same": lambda h, w, kh, kw, s, same: same and kh % 2 == 0 and kw % 2 == 0 and s == 1,
    "wide image, valid": lambda h, w, kh, kw, s, same: not same and w > h,
    "wide image, same": lambda h, w, kh, kw, s, same: same and w > h,
    "wide kernel, valid": lambda h, w, kh, kw, s, same: not same and kw > kh,
    "wide kernel, same": lambda h, w, kh, kw, s, same: same and kw > kh,
    "stride 2 with leftovers, valid": lambda h, w, kh, kw, s, same: not same and s == 2 and (h - kh) % 2 == 1,
    "stride 2 and even sides, same": lambda h, w, kh, kw, s, same: same and s == 2 and h % 2 == 0,
    "unequal strides": lambda h, w, kh, kw, s, same: s == 0,
    "stride larger than the kernel": lambda h, w, kh, kw, s, same: same and s > kh,
    "kernel larger than the image": lambda h, w, kh, kw, s, same: same and kh > h,
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(5))
def test_every_kind_of_case_is_drawn(kind: str, seed: int) -> None:
    """Whatever the seed, the hidden cases hold every kind on which public solutions are known to fail."""
    drawn = [
        case.arguments
        for behaviour in CONV2D_GRAY.behaviours
        for case in behaviour.cases(np.random.default_rng(seed))
        if not isinstance(case, Refusal)
    ]

    assert any(
        KINDS[kind](*_sides(arguments), _step(arguments), arguments.get("padding") == "same") for arguments in drawn
    )
