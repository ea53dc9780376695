"""A small photograph to look at, which comes with the course."""

from __future__ import annotations

import operator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.drawing.figure import FigureError
from autograder.drawing.numbers import Numbers

FILE = Path(__file__).parents[1] / "data" / "photograph.npz"
LOWEST, HIGHEST = 8, 240  # the height of what is stored

# The shares of red, green and blue in brightness: ITU-R BT.601, in thousandths.
_BRIGHTNESS = np.array([299, 587, 114])


def photograph(height: int = 60, *, colour: bool = False) -> Numbers:
    """Read a photograph of a Chinese temple: edges of every direction, the same numbers on every machine.

    The pixels are multiples of 1/256, so that a sum of them is exact, whoever adds them up in which order.

    Args:
        height: of the picture in pixels, 8 to 240; its width follows, 90 for 60.
        colour: red, green and blue apart.

    Returns:
        From 0 (dark) to 1 (bright), shape (height, width), or (height, width, 3) in colour.

    Raises:
        FigureError: height is out of range.
    """
    rows = _height(height)
    with np.load(FILE, allow_pickle=False) as stored:
        full = stored["china"].astype(np.int64)
    sums, pixels = boxes(full, rows, round(full.shape[1] * rows / full.shape[0]))
    if not colour:
        sums, pixels = (sums * _BRIGHTNESS).sum(axis=2), 1000 * pixels[:, :, 0]
    return np.asarray(np.rint(256 * sums / (255 * pixels)) / 256)


def _height(height: int) -> int:
    try:
        rows = operator.index(height)
    except TypeError:
        rows = 0
    if not LOWEST <= rows <= HIGHEST:
        raise FigureError(
            f"photograph: height is {height!r}, but has to be a whole number from {LOWEST} to {HIGHEST}; try height=60"
        )
    return rows


def boxes(full: NDArray[Any], rows: int, columns: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Add up boxes of pixels as equal as whole pixels allow, and count the pixels of each."""
    sums, pixels = full, np.ones_like(full)
    for axis, count in enumerate((rows, columns)):
        starts = np.arange(count) * full.shape[axis] // count
        sums, pixels = (np.add.reduceat(array, starts, axis=axis) for array in (sums, pixels))
    return sums, pixels
