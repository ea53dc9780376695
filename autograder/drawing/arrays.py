"""Arrays as people pass them, checked."""

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

MOST_READABLE = 12  # cells along an axis that can still be read as numbers

# By rank: cells along an axis, what the array is called, how to take a piece of it.
_READABLE = {1: (16, "values", "values[:8]"), 2: (MOST_READABLE, "image", "image[:8, :8]")}


def read(where: str, name: str, value: Any, ranks: Collection[int]) -> Numbers:
    """Read an array of real numbers with one of these ranks.

    Raises:
        FigureError: it is ragged, empty, of another rank, or holds anything but numbers.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise FigureError(f"{where}: {name} has rows of different lengths. Make all rows the same length.") from None
    if array.dtype.kind not in "biuf":
        raise FigureError(f"{where}: {name} holds {_kind(array)}. Pass an array of real numbers.")
    if array.ndim not in ranks:
        wanted = " or ".join(_AXES[rank] for rank in ranks)
        raise FigureError(f"{where}: {name} has shape {array.shape}, but needs axes {wanted}. Take a slice of it.")
    if array.size == 0:
        raise FigureError(f"{where}: {name} is empty: its shape is {array.shape}. Check the code that made it.")
    return settled(array.astype(np.float64))


def require_few(where: str, array: Numbers) -> None:
    """Refuse an array with too many cells along an axis to be read."""
    most, name, piece = _READABLE[array.ndim]
    if max(array.shape) > most:
        raise FigureError(
            f"{where}: {name} has shape {array.shape}, but at most {most} cells along an axis can be read. "
            f"Take a piece, such as {piece}."
        )


def require_fit(where: str, array: Numbers, window: Numbers) -> None:
    """Refuse a window that is larger than the array it slides over."""
    if any(length > room for length, room in zip(window.shape, array.shape, strict=True)):
        raise FigureError(
            f"{where}: a window of shape {window.shape} does not fit into shape {array.shape}. "
            "Take a smaller window, or pad first."
        )


def _kind(array: NDArray[Any]) -> str:
    return {"U": "text", "S": "text", "O": "objects", "c": "complex numbers"}.get(array.dtype.kind, str(array.dtype))
