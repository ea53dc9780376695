"""What counts as equal."""

from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest

from autograder.marking.compare import compare, numbers

MATRIX = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


@pytest.mark.parametrize(
    "value",
    [MATRIX, MATRIX.tolist(), MATRIX.astype(int), MATRIX.astype(np.float32), MATRIX + 1e-7, np.asfortranarray(MATRIX)],
    ids=["float64", "lists", "integers", "float32", "rounded", "other order"],
)
def test_the_same_numbers_are_right(value: Any) -> None:
    """Kind of number, container and the last digits do not matter."""
    assert compare(value, MATRIX).fault is None


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (MATRIX[:1], "shape"),
        (MATRIX[np.newaxis], "shape"),
        (np.array(5.0), "shape"),
        (MATRIX + 0.01, "values"),
        (np.where(MATRIX == 5, np.nan, MATRIX), "not finite"),
        (np.where(MATRIX == 5, np.inf, MATRIX), "not finite"),
        (None, "kind"),
        ("text", "kind"),
        ((1, "text"), "kind"),
    ],
)
def test_other_values_are_wrong_in_their_own_way(value: Any, fault: str) -> None:
    """A shape that would broadcast is wrong, and so is anything that is no array of numbers."""
    assert compare(value, MATRIX).fault == fault


def test_not_a_number_may_be_right() -> None:
    """Where NaN is expected, NaN is right."""
    assert compare(np.array([np.nan, 1.0]), np.array([np.nan, 1.0])).fault is None


def test_the_first_wrong_cell_is_found() -> None:
    """A verdict on values says where, and how many of how many."""
    value = MATRIX.copy()
    value[0, 2] = value[1, 1] = 0

    verdict = compare(value, MATRIX)

    assert (verdict.where, verdict.wrong, verdict.cells) == ((0, 2), 2, 6)


def test_tolerance_follows_the_magnitude() -> None:
    """An error that is small beside the largest value is rounding; beside small values it is wrong."""
    large, small = np.array([1e6, 0.0]), np.array([1.0, 0.0])

    assert compare(np.array([1e6, 1e-3]), large).fault is None
    assert compare(np.array([1.0, 1e-3]), small).fault == "values"


def test_where_all_is_0_rounding_is_let_through() -> None:
    """Terms that cancel leave a rest of rounding, which is no mistake; a number that can be seen is one."""
    zeros = np.zeros((2, 2))

    assert compare(np.full((2, 2), -8e-15), zeros).fault is None
    assert compare(np.full((2, 2), 1e-6), zeros).fault == "values"
    assert compare(np.full((2, 2), 1e-15), zeros, rtol=0.0).fault == "values"


@pytest.mark.parametrize(
    ("value", "expected", "fault"),
    [
        ((2, 3), (2, 3), None),
        ([2, 3], (2, 3), None),
        ((2, 4), (2, 3), "values"),
        ("same", "same", None),
        ("valid", "same", "kind"),
        (None, None, None),
        (0, None, "kind"),
        (("a", (1, 2)), ("a", (1, 2)), None),
        (("a", (1, 3)), ("a", (1, 2)), "values"),
        (("a",), ("a", (1, 2)), "kind"),
        (True, 1, None),
        (2.0, 2, None),
    ],
)
def test_tuples_texts_and_numbers(value: Any, expected: Any, fault: str | None) -> None:
    """Values other than arrays are compared item by item."""
    assert compare(value, expected).fault == fault


def test_a_mixture_is_no_array_and_takes_no_memory() -> None:
    """Numbers beside a long text are not made into texts of its length; deep nesting is no array either."""
    mixture = ("x" * 10_000, *[np.zeros(())] * 999)
    deep: Any = (np.zeros(1),)
    for _ in range(100):
        deep = (deep,)

    tracemalloc.start()
    found = [numbers(mixture), numbers((mixture,)), numbers(deep)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == [None] * 3
    assert peak < 1 << 20


@pytest.mark.parametrize("most", [31, 32, 33, 64, 100])
def test_there_are_no_more_axes_than_numpy_can_handle(most: int) -> None:
    """Arrays in a tuple may have one more together than one alone; they are no array then."""
    array = numbers((np.zeros((1,) * (most - 1)),)) if most <= 33 else numbers(_nested(most))

    assert (array is not None) == (most <= 32)


def _nested(deep: int) -> Any:
    value: Any = 1.0
    for _ in range(deep):
        value = (value,)
    return value
