"""Small photographs to look at, which come with the course."""

from __future__ import annotations

import operator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.drawing.figure import FigureError
from autograder.numbers import Numbers

FOLDER = Path(__file__).parents[1] / "data"
STORED = {"temple": ("photograph.npz", "china"), "flower": ("flower.npz", "flower")}  # the file, and the name in it
LOWEST = 8

# The shares of red, green and blue in brightness: ITU-R BT.601, in thousandths.
_BRIGHTNESS = np.array([299, 587, 114])


def photograph(height: int = 60, *, colour: bool = False, of: str = "temple") -> Numbers:
    """Read a photograph, the same numbers on every machine.

    The pixels are multiples of 1/256, so that a sum of them is exact, in whatever order they are added.

    Args:
        height: of the picture in pixels, 8 to 240, or to 120 for the flower; its width follows, 90 for 60.
        colour: red, green and blue apart.
        of: "temple", with edges of every direction, or "flower", orange on dark blue and green.

    Returns:
        From 0 (dark) to 1 (bright), shape (height, width), or (height, width, 3) in colour.

    Raises:
        FigureError: height is out of range, or there is no such photograph.
    """
    full = _stored(of)
    rows = _height(height, len(full))
    sums, pixels = boxes(full, rows, round(full.shape[1] * rows / full.shape[0]))
    if not colour:
        sums, pixels = (sums * _BRIGHTNESS).sum(axis=2), 1000 * pixels[:, :, 0]
    return np.asarray(np.rint(256 * sums / (255 * pixels)) / 256)


def _stored(of: str) -> NDArray[Any]:
    if of not in STORED:
        raise FigureError(f"photograph: of is {of!r}, but must be one of {', '.join(map(repr, STORED))}")
    file, name = STORED[of]
    with np.load(FOLDER / file, allow_pickle=False) as stored:
        return np.asarray(stored[name], dtype=np.int64)


def _height(height: int, highest: int) -> int:
    try:
        rows = operator.index(height)
    except TypeError:
        rows = 0
    if not LOWEST <= rows <= highest:
        raise FigureError(
            f"photograph: height is {height!r}, but must be a whole number from {LOWEST} to {highest}; try height=60"
        )
    return rows


def boxes(full: NDArray[Any], rows: int, columns: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """Add up boxes of pixels as equal as whole pixels allow, and count the pixels of each."""
    sums, pixels = full, np.ones_like(full)
    for axis, count in enumerate((rows, columns)):
        starts = np.arange(count) * full.shape[axis] // count
        sums, pixels = (np.add.reduceat(array, starts, axis=axis) for array in (sums, pixels))
    return sums, pixels
