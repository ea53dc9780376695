"""What a student's function may return, made plain; in the jail, and by `check()`. Standard library and NumPy only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

DEEPEST = 8
LONGEST_TEXT = 10_000
MOST_ITEMS = 1_000
MOST_PARTS = 8  # results that are kept apart, even if they would fit into one array
WIDEST = np.dtype(np.float64)


class UnmarkableError(Exception):
    """A value that is neither number, string nor array of numbers; its text says what it is."""


def plain(value: Any, limit: int, depth: int = 0) -> Any:
    """Turn a value into None, a string, an array of real numbers, or a tuple of these.

    Args:
        value: anything.
        limit: bytes that an array may have.
        depth: how deep the value lies in lists.

    Returns:
        The plain value; numbers become arrays without axes, and regular lists become arrays.

    Raises:
        UnmarkableError: the value is something else.
    """
    if value is None:
        return None
    if isinstance(value, str):
        return sendable(str.__str__(value)[:LONGEST_TEXT])
    if isinstance(value, list | tuple):
        # a class of a student's own may iterate without end
        value = [*list.__iter__(value)] if isinstance(value, list) else (*tuple.__iter__(value),)
    if depth == 0 and isinstance(value, list | tuple) and _are_parts(value):
        return plain(value[0], limit, 1), *(_part(item, limit) for item in value[1:])
    if isinstance(value, list | tuple) and not _is_regular(value):
        if depth == DEEPEST:
            raise UnmarkableError(f"lists nested more than {DEEPEST} deep")
        if len(value) > MOST_ITEMS:
            raise UnmarkableError(f"a list of {len(value):,} different things; at most {MOST_ITEMS:,} can be marked")
        return tuple(plain(item, limit, depth + 1) for item in value)
    array = np.asarray(value)
    if array.dtype.kind not in "biuf":
        raise UnmarkableError(_describe(value, array))
    if array.size * array.itemsize > limit:
        raise UnmarkableError(f"an array of {array.size * array.itemsize:,} bytes; at most {limit:,} can be marked")
    # what is wider than a double is as right in a double
    return np.array(array, dtype=min(array.dtype, WIDEST) if array.dtype.kind == "f" else None, order="C")


def _are_parts(items: Sequence[Any]) -> bool:
    """Whether these are a few results, each for itself, and not the rows of one: the first is an array."""
    return 0 < len(items) <= MOST_PARTS and isinstance(items[0], np.ndarray) and items[0].ndim > 0


def _part(item: Any, limit: int) -> Any:
    """What comes behind the first result: plain, or where it cannot be, as with a dict, the words of what it is."""
    try:
        return plain(item, limit, 1)
    except UnmarkableError as error:
        return str(error)


def sendable(text: str) -> str:
    """Text without the halves of letters that cannot be written as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _is_regular(items: Sequence[Any]) -> bool:
    """Whether NumPy takes these items for one array of numbers."""
    try:
        return bool(np.asarray(items).dtype.kind in "biuf")
    except (TypeError, ValueError):
        return False


def _describe(value: Any, array: np.ndarray) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {array.dtype}"
    return f"an object of type {type(value).__name__}"
