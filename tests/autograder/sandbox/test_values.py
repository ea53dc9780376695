"""What a student's function may return, made plain."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from autograder.sandbox.values import UnmarkableError, kind_of, plain

LIMIT = 1000


class Liar(np.ndarray):
    """An array that says it equals everything."""

    def __eq__(self, other: object) -> Any:
        return True

    __hash__ = None  # type: ignore[assignment]  as an array


class Hostile:
    """Raises whatever it is asked."""

    def __array__(self, *_: Any, **__: Any) -> np.ndarray:
        raise ValueError("no")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (3, np.array(3)),
        (2.5, np.array(2.5)),
        (True, np.array(True)),
        (np.float32(1.5), np.array(1.5, dtype=np.float32)),
        ([[1, 2], [3, 4]], np.array([[1, 2], [3, 4]])),
        ((1, 2), np.array([1, 2])),
        (np.arange(3)[::-1], np.array([2, 1, 0])),
    ],
)
def test_numbers_become_arrays(value: Any, expected: np.ndarray) -> None:
    """Numbers, lists and views become plain arrays in C order, which share no memory with what was returned."""
    found = plain(value, LIMIT)

    assert type(found) is np.ndarray
    assert found.dtype == expected.dtype
    assert found.flags.c_contiguous
    assert not np.shares_memory(found, np.asarray(value))
    np.testing.assert_array_equal(found, expected)


def test_a_subclass_becomes_a_plain_array() -> None:
    """Nothing that a student's class redefines comes along."""
    assert type(plain(np.arange(3).view(Liar), LIMIT)) is np.ndarray


def test_irregular_lists_become_tuples() -> None:
    """A list that is not one array keeps its items apart."""
    found = plain([1, "a", None, [2, 3]], LIMIT)

    assert [type(item).__name__ for item in found] == ["ndarray", "str", "NoneType", "ndarray"]


class LyingList(list):  # type: ignore[type-arg]  of anything
    """A list that says that it holds something else, and how much."""

    def __iter__(self) -> Any:
        return iter(["something", "else", None])

    def __len__(self) -> int:
        return 1 << 62


class LyingTuple(tuple):  # type: ignore[type-arg]  of anything
    """A tuple that says that it holds something else."""

    __slots__ = ()

    def __iter__(self) -> Any:
        return iter(["something", "else", None])


class LyingText(str):
    """Text that says it is other text."""

    __slots__ = ()

    def __str__(self) -> str:
        return "right"

    def __getitem__(self, _index: Any) -> Any:
        return "right"


@pytest.mark.parametrize("value", [LyingList(["a", None]), LyingTuple(["a", None])], ids=["list", "tuple"])
def test_a_list_is_what_it_holds(value: Any) -> None:
    """What a student's class says of its items is not asked."""
    assert plain(value, LIMIT) == ("a", None)


def test_text_is_what_it_holds() -> None:
    """What a student's class says of its letters is not asked."""
    found = plain(LyingText("wrong"), LIMIT)

    assert type(found) is str
    assert found == "wrong"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ((number for number in range(3)), "a generator: its values"),
        ({"a": 1}, "a dict: "),
        (1 + 2j, "complex numbers: keep the real parts"),
        (np.array([1 + 0j]), "complex numbers whose imaginary parts are all 0: keep the real parts"),
        ([1 + 0j, 2], "complex numbers whose imaginary parts are all 0"),
        (map(abs, [1]), "a map: its values have not been computed yet"),
        (zip([1], [2], strict=True), "a zip: its values"),
        ({"a": 1}.values(), "a dict_values: its values"),
        ({1, 2}, "a set: put the numbers into a list"),
        (Decimal(1), "a Decimal: turn it into a number with `float"),
        ([Fraction(1), Fraction(2)], "a Fraction: turn it into a number with `float"),
        (len, "a function: call it, with parentheses"),
        (np.sum, "a function: call it, with parentheses"),
        (np.array(["1"]), "an array of text: convert it to numbers"),
        (np.array([1, None]), r"an array of objects \(dtype=object\): convert it to numbers"),
        (10**30, "an object of type int"),
        (np.zeros(126), "an array of 1,008 bytes; at most 1,000"),
        (np.lib.stride_tricks.as_strided(np.zeros(1), (10**9,), (0,)), "an array of 8,000,000,000 bytes"),
    ],
)
def test_other_things_cannot_be_marked(value: Any, words: str) -> None:
    """What is not numbers, text or None is named, and nothing large is copied."""
    with pytest.raises(UnmarkableError, match=words):
        plain(value, LIMIT)


def test_a_coroutine_is_told_as_one() -> None:
    """A function with `async` before it gives something that has not run."""

    async def answer() -> int:
        return 1

    waiting = answer()
    with pytest.raises(UnmarkableError, match="a coroutine: it has not run; write the function without `async`"):
        plain(waiting, LIMIT)
    waiting.close()


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_arrays_with_rules_of_their_own_are_known() -> None:
    """They are numbers, and it is told what they were."""
    assert kind_of(np.matrix([[1]])) == "matrix"
    assert kind_of(np.ma.masked_array([1], [True])) == "masked"
    assert [kind_of(value) for value in (np.zeros(2), [1], 2.0, None)] == [""] * 4


def test_what_a_list_holds_is_counted_with_the_lists_in_it() -> None:
    """Three lists of 400 things are too many, as one of 1,200 is."""
    with pytest.raises(UnmarkableError, match="a list of 1,203 different things; at most 1,000 can be graded"):
        plain([[None, *["a"] * 399]] * 3, LIMIT)


def test_lists_may_not_be_nested_without_end() -> None:
    """A list that holds itself is refused."""
    endless: list[Any] = [None]
    endless.append(endless)

    with pytest.raises(UnmarkableError, match="nested more than 8 deep"):
        plain(endless, LIMIT)


def test_an_object_that_raises_is_the_callers_to_catch() -> None:
    """A hostile __array__ raises its own exception, which is reported as the student's."""
    with pytest.raises(ValueError, match="no"):
        plain(Hostile(), LIMIT)


def test_numbers_wider_than_a_double_are_taken_as_doubles() -> None:
    """An answer that adds up in long doubles is no less right."""
    value = plain(np.array([0.5, 2.0], dtype=np.longdouble), LIMIT)

    assert value.dtype == np.float64
    assert value.tolist() == [0.5, 2.0]
