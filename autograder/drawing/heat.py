"""Large arrays as heat maps, with the numbers that the colours stand for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from autograder.drawing import png
from autograder.drawing.cells import Grid, Pair, panel
from autograder.drawing.svg import Drawing, box, element, text
from autograder.numbers import Numbers, size, typeset

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
        """The largest number, ignoring signs."""
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


def heat_panel(
    title: str, array: Numbers, scale: Scale, wrong: NDArray[np.bool_] | None = None, *, widest: int = _WIDEST
) -> Drawing:
    """Draw a large array as a heat map, the smallest block that holds all wrong cells outlined."""
    table = np.atleast_2d(array)
    grid = pixels(table.shape[0], table.shape[1], widest)
    outline = "" if wrong is None or not wrong.any() else grid.around(*block(wrong), class_="wrong", inset=-2)
    return heat_map(title, size(array), grid, picture(grid, table, scale) + outline, legend(array, scale))


def heat_map(title: str, note: str, grid: Grid, body: str, words: str) -> Drawing:
    """Put a title and a note above the pixels of a picture, and what its colours mean under them."""
    drawn = body + text(words, 0, grid.height + 18, "note")
    return panel(title, note, drawn, max(grid.width, 6.2 * len(words)), grid.height + 22)


def picture(grid: Grid, table: Numbers, scale: Scale) -> str:
    """Draw every number of a table as a pixel as large as a cell of the grid, with a frame around all."""
    return _framed(grid, table, png.data_uri(scale.indices(table), scale.palette()))


def colour_panel(title: str, image: Numbers, *, widest: int = _WIDEST) -> Drawing:
    """Draw red, green and blue from 0 to 1, shape (height, width, 3), as the colours they are."""
    grid = pixels(image.shape[0], image.shape[1], widest)
    body = _framed(grid, image, png.colour_uri(np.rint(255 * image).astype(np.uint8)))
    return heat_map(title, size(image), grid, body, "red, green and blue together")


def _framed(grid: Grid, table: Numbers, address: str) -> str:
    x, y, width, height = grid.area((0, 0), (table.shape[0], table.shape[1]))
    image = element(
        "image",
        href=address,
        width=width,
        height=height,
        preserveAspectRatio="none",
        # A browser smooths the pixels of a picture that it shrinks, and must not smooth those it enlarges.
        class_="pixels" if grid.cell_width >= 1 else "",
    )
    return image + box((x, y, width, height), "frame", radius=0)


def legend(array: Numbers, scale: Scale) -> str:
    """Say what the colours of a heat map mean, and what has none."""
    return scale.words(array) + _unknown(array)


def block(mask: NDArray[np.bool_]) -> tuple[Pair, Pair]:
    """Start and shape of the smallest block that holds everything marked."""
    places = np.argwhere(np.atleast_2d(mask))
    (top, left), (bottom, right) = places.min(axis=0).tolist(), places.max(axis=0).tolist()
    return (top, left), (bottom - top + 1, right - left + 1)


def pixels(rows: int, columns: int, widest: int = _WIDEST) -> Grid:
    """Lay out the cells of a heat map, larger if there are few; `widest` is the width of all in screen pixels."""
    longest = max(rows, columns)
    pixel = float(min(_LARGEST_PIXEL, widest // longest)) or widest / longest
    return Grid(rows, columns, pixel, 24.0 if rows == 1 else pixel)


def _unknown(array: Numbers) -> str:
    count = int((~np.isfinite(array)).sum())
    return f"; clear: {count} not finite" if count else ""
