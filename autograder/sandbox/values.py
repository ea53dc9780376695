"""Turn what a function returns into plain values, in jails and in `check()`. Standard library and NumPy only."""

from __future__ import annotations

from collections.abc import Coroutine, Iterator, Mapping, MappingView, Sequence, Set
from decimal import Decimal
from fractions import Fraction
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import Any

import numpy as np

DEEPEST = 8
LONGEST_TEXT = 10_000
MOST_ITEMS = 1_000
MOST_PARTS = 8  # results that are kept separate, even if they would fit into one array
NUMBERS = frozenset("biuf")
WIDEST = np.dtype(np.float64)


class UnmarkableError(Exception):
    """A value that is not a number, a string or an array of numbers.

    Its text says what it is and, after a colon, how to turn it into numbers, if that is known.
    """

    @property
    def what(self) -> str:
        """What it is."""
        return str(self).partition(": ")[0]


def plain(value: Any, limit: int, depth: int = 0) -> Any:
    """Turn a value into None, a string, an array of real numbers, or a tuple of these.

    Args:
        value: anything.
        limit: the most bytes an array may have.
        depth: how deep the value is inside lists.

    Returns:
        The plain value; numbers become arrays without axes, and regular lists become arrays.

    Raises:
        UnmarkableError: the value is something else.
    """
    made = _plain(value, limit, depth)
    if depth == 0 and isinstance(made, tuple):
        _require_few(_count(made) - 1)
    return made


def _plain(value: Any, limit: int, depth: int) -> Any:
    if value is None:
        return None
    if isinstance(what := getattr(type(value), "unmarkable", None), str):
        raise UnmarkableError(what)
    if isinstance(value, str):
        return sendable(str.__str__(value)[:LONGEST_TEXT])
    if isinstance(value, list | tuple):
        # a student's own class may iterate for ever
        value = [*list.__iter__(value)] if isinstance(value, list) else (*tuple.__iter__(value),)
    if depth == 0 and isinstance(value, list | tuple) and _are_parts(value):
        return plain(value[0], limit, 1), *(_part(item, limit) for item in value[1:])
    if isinstance(value, list | tuple) and (kind := _dtype(value)) not in NUMBERS:
        if kind == "c":
            raise UnmarkableError(_describe(value, np.asarray(value)))
        if depth == DEEPEST:
            raise UnmarkableError(f"lists nested more than {DEEPEST} deep")
        _require_few(len(value))
        return tuple(plain(item, limit, depth + 1) for item in value)
    array = np.asarray(value)
    if array.dtype.kind not in NUMBERS:
        raise UnmarkableError(_describe(value, array))
    if array.size * array.itemsize > limit:
        raise UnmarkableError(f"an array of {array.size * array.itemsize:,} bytes; at most {limit:,} can be graded")
    # a double is precise enough for anything wider
    return np.array(array, dtype=min(array.dtype, WIDEST) if array.dtype.kind == "f" else None, order="C")


def _require_few(count: int) -> None:
    if count > MOST_ITEMS:
        raise UnmarkableError(f"a list of {count:,} different things; at most {MOST_ITEMS:,} can be graded")


def _count(value: Any) -> int:
    """How many values there are in this one, itself included."""
    return 1 + sum(map(_count, value)) if isinstance(value, tuple) else 1


def _are_parts(items: Sequence[Any]) -> bool:
    """Whether these are a few separate results rather than the rows of one: the first is an array."""
    return 0 < len(items) <= MOST_PARTS and isinstance(items[0], np.ndarray) and items[0].ndim > 0


def _part(item: Any, limit: int) -> Any:
    """A result after the first one: plain or, where that is impossible, as with a dict, words that describe it."""
    try:
        return plain(item, limit, 1)
    except UnmarkableError as error:
        return str(error)


def sendable(text: str) -> str:
    """Text without half letters, which cannot be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def kind_of(value: Any) -> str:
    """Which of NumPy's special arrays a value is: "matrix", "masked", or empty if it is neither."""
    if type(value) is np.ndarray or not isinstance(value, np.ndarray):
        return ""
    # by name: NumPy loads these modules only when asked, which takes longer than most calls
    names = {kind.__name__ for kind in type(value).__mro__}
    return "matrix" if "matrix" in names else "masked" if "MaskedArray" in names else ""


def _dtype(items: Sequence[Any]) -> str:
    """The kind of the array that NumPy makes of these items; empty if it cannot."""
    try:
        return np.asarray(items).dtype.kind
    except (TypeError, ValueError):
        return ""


FUNCTIONS = (FunctionType, BuiltinFunctionType, MethodType, np.ufunc, type(np.sum))
# What is often returned instead of numbers, and how to turn it into numbers.
OTHERS: tuple[tuple[tuple[type, ...], str], ...] = (
    ((Decimal, Fraction), "a {}: turn it into a number with `float(...)`"),
    ((Set, Mapping), "a {}: put the numbers into a list, in order"),
    ((Coroutine,), "a {}: it has not run; write the function without `async`"),
    ((Iterator, MappingView), "a {}: its values have not been computed yet; collect them with `list(...)`"),
    (FUNCTIONS, "a {}: call it, with parentheses, and return the result"),
    ((object,), "an object of type {}"),
)


def _describe(value: Any, array: np.ndarray) -> str:
    if array.dtype.kind == "c":
        rest = "" if array.imag.any() else " whose imaginary parts are all 0"
        return f"complex numbers{rest}: keep the real parts with `.real`"
    if array.dtype.kind == "O" and array.size:
        first = getattr(type(array.flat[0]), "unmarkable", None)
        if isinstance(first, str):
            return first
    if isinstance(value, np.ndarray):
        what = {"O": "objects (dtype=object)", "U": "text", "S": "text"}.get(array.dtype.kind, str(array.dtype))
        return f"an array of {what}: convert it to numbers with `.astype(float)`"
    return next(words.format(_name(value)) for kinds, words in OTHERS if isinstance(value, kinds))


def _name(value: Any) -> str:
    return "function" if isinstance(value, FUNCTIONS) else type(value).__name__
