"""Numbers as people read them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]

_SMALLEST, _LARGEST = 1e-3, 1e6  # the range written without an exponent


def settled(array: Numbers, *terms: Numbers) -> Numbers:
    """Round off digits that depend on the order of a machine's additions: beyond 13 digits of the largest number.

    Args:
        array: the numbers, sums for instance.
        terms: what was added up, if it may be larger than the sums.
    """
    most = max(float(np.abs(known[np.isfinite(known)]).max(initial=0.0)) for known in (array, *terms))
    if most >= _LARGEST:  # written with three digits, which rounding does not affect
        return array
    exponent = int(f"{most:e}".partition("e")[2])
    # At least nine decimals, for small numbers beside large ones; at most 300, as 10 ** 300 is still a float.
    return np.round(array, min(max(12 - exponent, 9), 300))


def label(value: float) -> str:
    """Write a number as Python reads it, with three decimals, or four if that is exact: 3, 1.333, 0.0625."""
    if not math.isfinite(value):
        return str(float(value))
    if value and not _SMALLEST <= abs(value) < _LARGEST:
        return f"{value:.3g}"
    # 0.0625, a weight of many blurs, would lose its last digit to three decimals.
    decimals = 4 if round(value, 4) == value else 3
    short = f"{value:.{decimals}f}".rstrip("0").rstrip(".")
    return "0" if short == "-0" else short


def counted(count: int, singular: str, plural: str = "") -> str:
    """Write a number of things, the plural with an s by default: 1 row, 2 rows, 2 axes."""
    return f"{count} {singular if count == 1 else plural or f'{singular}s'}"


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
