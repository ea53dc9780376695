"""Large arrays as heat maps, with the numbers that the colours stand for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from course.figures import png
from course.figures.cells import Grid, panel
from course.figures.numbers import Numbers, size, typeset
from course.figures.svg import Drawing, box, element, text
from solutions.shapes import Pair

_WIDEST = 320  # pixels of the screen for the longer side
_LARGEST_PIXEL = 16
# Neighbours among so many greys can hardly be told apart, and fewer make a smaller file.
_STEPS = 63
_MIDDLE = _STEPS // 2
_ORANGE, _BLUE = (179.0, 84.0, 4.0), (20.0, 86.0, 156.0)


@dataclass(frozen=True)
class Scale:
    """What the colours of a heat map mean: grey from low to high, or orange, white, blue where numbers are negative."""

    low: float
    high: float

    @property
    def signed(self) -> bool:
        """Whether white is zero, with orange below it and blue above."""
        return self.low < 0

    @property
    def most(self) -> float:
        """The largest number, its sign set aside."""
        return max(-self.low, self.high)

    def words(self, array: Numbers) -> str:
        """The colours, with the numbers of an array that they stand for."""
        if self.signed:
            return f"orange {typeset(-self.most)}, white 0, blue {typeset(self.most)}"
        known = array[np.isfinite(array)]
        less = " or less" if known.min(initial=self.low) < self.low else ""
        more = " or more" if known.max(initial=self.high) > self.high else ""
        return f"black {typeset(self.low)}{less}, white {typeset(self.high)}{more}"

    def indices(self, array: Numbers) -> NDArray[np.uint8]:
        """Choose the colour of every number from the palette; what is not finite stays clear."""
        finite = np.isfinite(array)
        known = np.where(finite, array, 0.0)
        if self.signed:
            steps = _MIDDLE + np.rint(_MIDDLE * known / self.most)
        else:
            steps = np.rint((_STEPS - 1) * (known - self.low) / (self.high - self.low))
        return np.asarray(np.where(finite, 1 + np.clip(steps, 0, _STEPS - 1), 0), dtype=np.uint8)

    def palette(self) -> NDArray[np.uint8]:
        """Red, green and blue of every colour, from the lowest number to the highest; the first is clear."""
        steps = np.arange(_STEPS)[:, None]
        share = (steps - _MIDDLE) / _MIDDLE
        signed = 255 + np.abs(share) * (np.where(share < 0, _ORANGE, _BLUE) - 255)
        colours = signed if self.signed else np.repeat(255 * steps / (_STEPS - 1), 3, axis=1)
        return np.asarray(np.rint(np.concatenate([np.zeros((1, 3)), colours])), dtype=np.uint8)


def scale_for(*arrays: Numbers) -> Scale:
    """Choose one scale for several arrays, so that equal colours are equal numbers; black is 0, if none is negative."""
    values = np.concatenate([array[np.isfinite(array)] for array in arrays])
    low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
    return Scale(low, high if high > low else 1.0)


def heat_panel(title: str, array: Numbers, scale: Scale, wrong: NDArray[np.bool_] | None = None) -> Drawing:
    """Draw a large array as a heat map, the smallest block that holds all wrong cells outlined."""
    table = np.atleast_2d(array)
    grid = _pixels(*table.shape)
    area = grid.area((0, 0), table.shape)
    picture = element(
        "image",
        href=png.data_uri(scale.indices(table), scale.palette()),
        width=grid.width,
        height=grid.height,
        preserveAspectRatio="none",
        # A browser smooths the pixels of a picture that it shrinks, and must not smooth those it enlarges.
        class_="pixels" if grid.cell_width >= 1 else "",
    )
    outline = "" if wrong is None or not wrong.any() else grid.around(*_block(wrong), class_="wrong", inset=-2)
    legend = scale.words(array) + _unknown(array)
    body = picture + box(area, "frame", radius=0) + outline + text(legend, 0, grid.height + 18, "note")
    return panel(title, size(array), body, max(grid.width, 6.2 * len(legend)), grid.height + 22)


def _block(mask: NDArray[np.bool_]) -> tuple[Pair, Pair]:
    """Start and shape of the smallest block that holds everything marked."""
    places = np.argwhere(np.atleast_2d(mask))
    (top, left), (bottom, right) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
    return (top, left), (bottom - top + 1, right - left + 1)


def _pixels(rows: int, columns: int) -> Grid:
    longest = max(rows, columns)
    pixel = float(min(_LARGEST_PIXEL, _WIDEST // longest)) or _WIDEST / longest
    return Grid(rows, columns, pixel, 24.0 if rows == 1 else pixel)


def _unknown(array: Numbers) -> str:
    count = int((~np.isfinite(array)).sum())
    return f"; clear: {count} not finite" if count else ""
