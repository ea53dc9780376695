"""Arrays as people hand them over, and numbers as people read them."""

from __future__ import annotations

import math
from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.drawing.figure import FigureError

Numbers = NDArray[np.float64]

_SMALLEST, _LARGEST = 1e-3, 1e6  # what is written without an exponent

_AXES = {
    0: "()",
    1: "(length,)",
    2: "(height, width)",
    3: "(height, width, channels)",
    4: "(1, height, width, channels)",
}

MOST_READABLE = 12  # cells along an axis that still are read as numbers

# By rank: cells along an axis, what the array is called, how to take a piece of it.
_READABLE = {1: (16, "values", "values[:8]"), 2: (MOST_READABLE, "image", "image[:8, :8]")}


def read(where: str, name: str, value: Any, ranks: Collection[int]) -> Numbers:
    """Read an array of real numbers with one of these ranks.

    Raises:
        FigureError: it is ragged, empty, of another rank, or holds something else than numbers.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise FigureError(
            f"{where}: {name} has rows of different lengths, but has to be a full array; make all rows equally long"
        ) from None
    if array.dtype.kind not in "biuf":
        raise FigureError(
            f"{where}: {name} holds {_kind(array)}, but has to hold real numbers; hand over an array of numbers"
        )
    if array.ndim not in ranks:
        wanted = " or ".join(_AXES[rank] for rank in ranks)
        raise FigureError(f"{where}: {name} has shape {array.shape}, but has to have axes {wanted}; take a slice of it")
    if array.size == 0:
        raise FigureError(f"{where}: {name} has shape {array.shape}, but has to hold a number; look at what made it")
    return settled(array.astype(np.float64))


def settled(array: Numbers, *terms: Numbers) -> Numbers:
    """Round off what depends on the order in which a machine adds: beyond 13 digits of the largest number.

    Args:
        array: the numbers, sums for instance.
        terms: what was added up, if that may be larger than the sums.
    """
    most = max(float(np.abs(known[np.isfinite(known)]).max(initial=0.0)) for known in (array, *terms))
    if most >= _LARGEST:  # written with three digits, which no rounding reaches
        return array
    exponent = int(f"{most:e}".partition("e")[2])
    # Nine decimals at least, for small numbers beside large ones; and ten to the power of 300 is still a number.
    return np.round(array, min(max(12 - exponent, 9), 300))


def label(value: float) -> str:
    """Write a number as Python reads it, with three decimals, or four if that is all of it: 3, 1.333, 0.0625."""
    if not math.isfinite(value):
        return str(float(value))
    if value and not _SMALLEST <= abs(value) < _LARGEST:
        return f"{value:.3g}"
    # 0.0625, a weight of many blurs, would lose its last digit to three decimals.
    decimals = 4 if round(value, 4) == value else 3
    short = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def typeset(value: float) -> str:
    """Write a number as a picture shows it, with a true minus sign."""
    return label(value).replace("-", "\N{MINUS SIGN}")


def rows(array: Numbers) -> list[str]:
    """Write an array of rank 2 or less as lines of aligned columns."""
    table = [[label(value) for value in row] for row in np.atleast_2d(array)]
    width = max(len(cell) for row in table for cell in row)
    return ["  " + " ".join(cell.rjust(width) for cell in row) for row in table]


def size(array: Numbers) -> str:
    """Name the axes of an array of rank 2 or less with their sizes."""
    axes = ("height", "width") if array.ndim > 1 else ("length",)
    return ", ".join(f"{axis} {count}" for axis, count in zip(axes, array.shape, strict=False)) or "one number"


def require_few(where: str, array: Numbers) -> None:
    """Refuse an array with more cells along an axis than can be read."""
    most, name, piece = _READABLE[array.ndim]
    if max(array.shape) > most:
        raise FigureError(
            f"{where}: {name} has shape {array.shape}, but {most} along an axis is the most that can be read; "
            f"take a piece, such as {piece}"
        )


def require_fit(where: str, array: Numbers, window: Numbers) -> None:
    """Refuse a window that is larger than what it slides over."""
    if any(length > room for length, room in zip(window.shape, array.shape, strict=True)):
        raise FigureError(
            f"{where}: the window has shape {window.shape}, but has to fit into shape {array.shape}; "
            "take a smaller window, or pad first"
        )


def _kind(array: NDArray[Any]) -> str:
    return {"U": "text", "S": "text", "O": "objects", "c": "complex numbers"}.get(array.dtype.kind, str(array.dtype))
