"""A small grey picture to look at: a photograph where there is one, and else a drawn scene."""

from __future__ import annotations

import operator

import numpy as np

from course.figures.figure import FigureError
from course.figures.numbers import Numbers

LOWEST = 8
FULL_HEIGHT, FULL_WIDTH = 427, 640  # of china.jpg, which scikit-learn brings along


def photograph(height: int = 60) -> Numbers:
    """Make a grey picture with edges of every direction, the same at every call.

    Args:
        height: of the picture in pixels, 8 to 427; its width follows, 90 for 60.

    Returns:
        Grey from 0 (black) to 1 (white), shape (height, width): a photograph of a Chinese temple, or a drawn scene
        where scikit-learn or Pillow is missing.

    Raises:
        FigureError: height is out of range.
    """
    rows = _height(height)
    columns = round(FULL_WIDTH * rows / FULL_HEIGHT)
    full = _china()
    return _drawn(rows, columns) if full is None else _box_averages(full, rows, columns)


def _height(height: int) -> int:
    try:
        rows = operator.index(height)
    except TypeError:
        rows = 0
    if not LOWEST <= rows <= FULL_HEIGHT:
        raise FigureError(
            f"photograph: height is {height!r}, but has to be a whole number from {LOWEST} to {FULL_HEIGHT}; "
            "try height=60"
        )
    return rows


def _china() -> Numbers | None:
    try:
        from sklearn.datasets import load_sample_image  # noqa: PLC0415 - a student need not have it

        colours = load_sample_image("china.jpg")
    except ImportError:
        return None
    # The shares of red, green and blue in brightness: ITU-R BT.601.
    return np.asarray(colours / 255.0 @ np.array([0.299, 0.587, 0.114]))


def _box_averages(full: Numbers, rows: int, columns: int) -> Numbers:
    """Average boxes of pixels as equal as whole pixels allow."""
    for axis, count in enumerate((rows, columns)):
        length = full.shape[axis]
        starts = np.arange(count) * length // count
        pixels = np.diff(starts, append=length)
        full = np.add.reduceat(full, starts, axis=axis) / np.expand_dims(pixels, 1 - axis)
    return full


# Rectangles of the drawn scene, back to front: top, bottom, left, right in picture heights; grey.
_SCENE = (
    (0.78, 1.0, 0.0, 2.0, 0.35),  # ground
    (0.45, 0.85, 0.22, 0.78, 0.8),  # wall
    (0.6, 0.85, 0.43, 0.57, 0.05),  # door
    *((0.6, 0.85, post, post + 0.06, 0.95) for post in (0.92, 1.04, 1.16, 1.28, 1.4)),  # fence
)


def _drawn(rows: int, columns: int) -> Numbers:
    """Draw a house with a sloping roof, a fence and a sun, under a sky that grows lighter towards the ground."""
    y, x = (np.indices((rows, columns)) + 0.5) / rows
    scene: Numbers = 0.55 + 0.35 * y
    for top, bottom, left, right, grey in _SCENE:
        scene[(y >= top) & (y < bottom) & (x >= left) & (x < right)] = grey
    roof, sun = (0.18, 0.45), (0.22, 1.2, 0.11)
    slope = 0.38 * (y - roof[0]) / (roof[1] - roof[0])
    scene[(y < roof[1]) & (np.abs(x - 0.5) < slope)] = 0.15
    scene[np.hypot(y - sun[0], x - sun[1]) < sun[2]] = 1.0
    return scene
