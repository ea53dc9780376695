"""Arrays as people hand them over."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.drawing.figure import FigureError
from autograder.numbers import Numbers, settled

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
