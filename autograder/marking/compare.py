"""What counts as equal: kind, shape, finiteness, then values."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from autograder.model import Value, Verdict

RIGHT = Verdict()
# Of all of NumPy; some of its functions, and all of it before 2.0, know no more.
MOST_AXES = 32
# A value this many times larger than the right one is judged by its size alone; nothing reads all of its numbers.
FAR_LARGER, NEVER_FAR = 16, 10_000
SMALLEST = 1e-4  # where everything should be 0, sums may still be off by the rounding of their terms


def compare(value: Value, expected: Value, *, rtol: float = 1e-5) -> Verdict:
    """Compare two plain values; lists, tuples and arrays of the same numbers are equal, as are 2 and 2.0."""
    if expected is None or isinstance(expected, str):
        return RIGHT if type(value) is type(expected) and value == expected else Verdict("kind")
    wanted = numbers(expected)
    if wanted is None:
        return _items(value, expected, rtol)
    given = numbers(value)
    if given is None:
        return Verdict("kind")
    if given.shape != wanted.shape:
        return Verdict("shape")
    return _cells(given, wanted, rtol)


def equal(value: Value, expected: Value, *, rtol: float = 1e-5) -> bool:
    """Whether two plain values count as equal; no number of one that has another shape is looked at."""
    wanted = numbers(expected)
    return (wanted is None or _has_shape(value, wanted.shape)) and compare(value, expected, rtol=rtol).fault is None


def is_far_larger(value: Value, expected: Value) -> bool:
    """Whether a value has so many more numbers than the right one that they can show nothing."""
    count = _count(value)
    return count > NEVER_FAR and count > FAR_LARGER * _count(expected)


def _count(value: Value) -> int:
    if isinstance(value, tuple | list):
        return sum(map(_count, value))
    return value.size if isinstance(value, np.ndarray) else 1


def _has_shape(value: Value, shape: tuple[int, ...]) -> bool:
    """Whether a value may be one array of this shape: as soon as a row differs, no other is looked at."""
    if isinstance(value, tuple | list):
        return bool(shape) and len(value) == shape[0] and all(_has_shape(item, shape[1:]) for item in value)
    return value is not None and not isinstance(value, str) and np.shape(value) == shape


def _items(value: Value, expected: Sequence[Value], rtol: float) -> Verdict:
    if not isinstance(value, tuple | list) or len(value) != len(expected):
        return Verdict("kind")
    verdicts = (compare(*items, rtol=rtol) for items in zip(value, expected, strict=True))
    return next((verdict for verdict in verdicts if verdict.fault is not None), RIGHT)


def numbers(value: Value) -> np.ndarray | None:
    """The value as one array of real numbers; None for anything else, such as text or rows of different lengths."""
    if isinstance(value, np.ndarray):
        return value if value.dtype.kind in "biuf" and value.ndim <= MOST_AXES else None
    shape = _shape(value)
    if shape is None or len(shape) > MOST_AXES:
        return None
    array = np.asarray(value)
    return array if array.dtype.kind in "biuf" else None


def _shape(value: Value) -> tuple[int, ...] | None:
    """The shape of a value as one array; None if it is or holds text, or its rows differ in length.

    NumPy would convert every number in a mixture to text as wide as the longest item.
    """
    if value is None or isinstance(value, str):
        return None
    if not isinstance(value, tuple | list):
        return np.shape(value)
    shapes = {_shape(item) for item in value} or {()}
    (shape,) = shapes if len(shapes) == 1 else (None,)
    return None if shape is None else (len(value), *shape)


def _cells(given: np.ndarray, wanted: np.ndarray, rtol: float) -> Verdict:
    with np.errstate(all="ignore"):
        if _are_close(given.astype(np.float64), wanted.astype(np.float64), rtol):
            return RIGHT
        finite = np.abs(wanted[np.isfinite(wanted)], dtype=np.float64)
        atol = rtol * float(finite.max(initial=SMALLEST))
        equal = np.isclose(given.astype(np.float64), wanted.astype(np.float64), rtol=rtol, atol=atol, equal_nan=True)
    if equal.all():  # such as infinities of one sign
        return RIGHT
    wrong = ~equal
    where = tuple(int(axis) for axis in np.argwhere(wrong)[0])
    strange = bool(np.any(~np.isfinite(given[wrong]) & np.isfinite(wanted[wrong])))
    return Verdict("not finite" if strange else "values", where, int(wrong.sum()), wrong.size)


def _are_close(given: np.ndarray, wanted: np.ndarray, rtol: float) -> bool:
    """Whether all numbers are finite and close, as most answers are: like `np.isclose`, in a third of its time."""
    sizes = np.abs(wanted)
    largest = float(sizes.max(initial=SMALLEST))
    return math.isfinite(largest) and bool((np.abs(given - wanted) <= rtol * largest + rtol * sizes).all())
