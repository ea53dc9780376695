"""Where windows start: what they leave over, what padding adds, and how many of them use each pixel."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from autograder.drawing import cells
from autograder.drawing.arrays import read, require_few
from autograder.drawing.cells import Grid
from autograder.drawing.figure import Figure, FigureError, picture
from autograder.drawing.svg import Drawing, beside, element, group, noted, text
from autograder.numbers import Numbers, rows, size
from course.worked.windows import Padding, Pair, Size, counted, pads, pair

MOST_PIXELS = 40
_RULER = 26.0  # room for the numbers of rows and columns
_SIDE = 60.0  # room for what padding adds, beside a frame
_MINUS = "\N{MINUS SIGN}"


def window_starts(height: int, width: int, kernel_size: Size, strides: Size = 1) -> Figure:
    """Draw what `figures.window_starts` says."""
    where = "window_starts"
    windows = _windows(where, (_length("height", height), _length("width", width)), kernel_size, strides, "valid")
    return picture("\n".join([*windows.words(), *windows.left_over()]), _starts(windows))


def padded(image: ArrayLike, kernel_size: Size, strides: Size = 1, padding: Padding = "same") -> Figure:
    """Draw what `figures.padded` says."""
    pixels = read("padded", "image", image, {2})
    require_few("padded", pixels)
    windows = _windows("padded", pixels.shape, kernel_size, strides, padding)
    uses = windows.uses()
    head = [f'padding "{padding}"', *windows.words()]
    tables = {"image": pixels, _USES: uses}
    lines = [line for title, array in tables.items() for line in (f"{title} ({size(array)})", *rows(array))]
    drawing = beside([_frame(pixels, windows), cells.numbers_panel(_USES, uses)])
    notes = [*windows.arithmetic(), _OUTLINES + (" Empty cells: zeros." if windows.is_padded() else "")]
    return picture("\n".join([*head, *lines]), noted(drawing, *notes))


_USES = "windows that use each pixel"
_OUTLINES = "Solid: the first window. Dashed: the last one. Dots: where each window starts."


@dataclass(frozen=True)
class _Axis:
    """The windows along one axis.

    Attributes:
        name: height or width.
        sides: what lies before the axis, and after it: top and bottom, left and right.
        lines: what a pixel along the axis stands for, a row or a column.
        pixels: of the image, without padding.
        window: pixels of a window.
        stride: pixels from one window to the next.
        count: how many windows there are.
        pads: the pixels that padding adds before and after.
    """

    name: str
    sides: tuple[str, str]
    lines: str
    pixels: int
    window: int
    stride: int
    count: int
    pads: Pair

    @property
    def length(self) -> int:
        """Pixels with padding."""
        return self.pixels + sum(self.pads)

    @property
    def starts(self) -> list[int]:
        """Where each window starts, counted from the first pixel of the padding."""
        return [place * self.stride for place in range(self.count)]

    def uses(self) -> Numbers:
        """Count the windows that each real pixel lies in."""
        pixels, starts = self.pads[0] + np.arange(self.pixels)[:, None], np.array(self.starts)
        inside = (starts <= pixels) & (pixels < starts + self.window)
        return np.asarray(inside.sum(axis=1), dtype=np.float64)

    def left_over(self) -> list[int]:
        """The real pixels that lie in no window."""
        return [int(pixel) for pixel in np.flatnonzero(self.uses() == 0)]

    def left_over_words(self) -> list[str]:
        match self.left_over():
            case [*others, last] if others:
                return [f"{self.lines}s {_listed(others)} and {last} fall in no window"]
            case [one]:
                return [f"{self.lines} {one} falls in no window"]
            case _:
                return []

    def arithmetic(self) -> str:
        """How many windows there are, and why."""
        added = " + ".join(map(str, (self.pads[0], self.pixels, self.pads[1]))) if any(self.pads) else self.pixels
        return f"{self.name}: floor(({added} {_MINUS} {self.window}) / {self.stride}) + 1 = {self.count}"

    def padding(self) -> list[str]:
        """What is added on each side; the last side says if it gets one more."""
        (first, last), (before, after) = self.sides, self.pads
        return [f"{first} {before}", f"{last} {after}" + (" (one more)" if after > before else "")]


@dataclass(frozen=True)
class _Windows:
    """The windows over an image."""

    down: _Axis
    across: _Axis

    @property
    def origin(self) -> Pair:
        """The first real pixel, counted with padding."""
        return self.down.pads[0], self.across.pads[0]

    def is_padded(self) -> bool:
        return any((*self.down.pads, *self.across.pads))

    def uses(self) -> Numbers:
        return self.down.uses()[:, None] * self.across.uses()

    def arithmetic(self) -> list[str]:
        return [self.down.arithmetic(), self.across.arithmetic()]

    def left_over(self) -> list[str]:
        lines = [*self.down.left_over_words(), *self.across.left_over_words()]
        return lines or ["every pixel falls in a window"]

    def words(self) -> list[str]:
        down, across = self.down, self.across
        pads = ["padding: " + ", ".join([*down.padding(), *across.padding()])] if self.is_padded() else []
        first = " counted with padding" if pads else ""
        return [
            f"image (height {down.pixels}, width {across.pixels}), windows of {down.window} by {across.window}, "
            f"strides ({down.stride}, {across.stride})",
            *pads,
            *(line.replace(_MINUS, "-") for line in self.arithmetic()),
            *(f"windows start in {one.lines}s {_listed(one.starts)}{first}" for one in (down, across)),
        ]

    def drawn(self, grid: Grid) -> str:
        """Outline the first window and the last, and mark the start of each."""
        starts = [(row, column) for row in self.down.starts for column in self.across.starts]
        shape = (self.down.window, self.across.window)
        outlines = grid.around(starts[-1], shape, "window other") + grid.around(starts[0], shape)
        return outlines + "".join(cells.dot(grid, start) for start in starts)


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _length(name: str, value: Any) -> int:
    try:
        pixels = operator.index(value)
    except TypeError:
        pixels = 0
    if not 1 <= pixels <= MOST_PIXELS:
        raise FigureError(
            f"window_starts: {name} is {value!r}, but must be a whole number from 1 to {MOST_PIXELS}; "
            "try a smaller image"
        )
    return pixels


def _windows(where: str, shape: Sequence[int], kernel_size: Size, strides: Size, padding: Padding) -> _Windows:
    window, step = pair(where, "kernel_size", kernel_size), pair(where, "strides", strides)
    counts, added = counted(where, shape, window, step, padding), pads(shape, window, step, padding)
    names = (("height", ("top", "bottom"), "row"), ("width", ("left", "right"), "column"))
    down, across = (
        _Axis(*words, *numbers) for words, *numbers in zip(names, shape, window, step, counts, added, strict=True)
    )
    return _Windows(down, across)


def _starts(windows: _Windows) -> Drawing:
    height, width = windows.down.pixels, windows.across.pixels
    cell = float(max(14, min(34, 560 // max(height, width))))
    grid = Grid(height, width, cell, cell)
    pixels = group(cells.empty(grid) + _hatched(grid, windows) + windows.drawn(grid), x=_RULER, y=_RULER)
    image = cells.panel(
        "image", f"height {height}, width {width}", _rulers(grid) + pixels, _RULER + grid.width, _RULER + grid.height
    )
    key = _OUTLINES + (" Hatched: in no window." if any(map(_Axis.left_over, (windows.down, windows.across))) else "")
    return noted(image, *windows.arithmetic(), *windows.left_over(), key)


def _rulers(grid: Grid) -> str:
    """Number rows and columns."""
    columns = (
        text(column, _RULER + (column + 0.5) * grid.cell_width, _RULER - 8, "note middle")
        for column in range(grid.columns)
    )
    lines = (
        text(row, _RULER / 2, _RULER + (row + 0.5) * grid.cell_height + 4, "note middle") for row in range(grid.rows)
    )
    return "".join([*columns, *lines])


def _hatched(grid: Grid, windows: _Windows) -> str:
    """Hatch the pixels that lie in no window."""
    lines = (_stripes(grid, (int(row), int(column))) for row, column in np.argwhere(windows.uses() == 0))
    return element("path", d="".join(lines), class_="hatch")


def _stripes(grid: Grid, place: Pair) -> str:
    """Draw three lines from the lower left to the upper right: shorter, longer, shorter."""
    x, y, width, height = grid.area(place, inset=2)
    return (
        f"M{x:g} {y + height / 2:g}l{width / 2:g} {-height / 2:g}"
        f"M{x:g} {y + height:g}l{width:g} {-height:g}"
        f"M{x + width / 2:g} {y + height:g}l{width / 2:g} {-height / 2:g}"
    )


def _frame(image: Numbers, windows: _Windows) -> Drawing:
    """Draw an image in its frame, with what padding adds written beside each side."""
    shape = (windows.down.length, windows.across.length)
    grid = cells.grid_for(image, shape=shape)
    body = (
        cells.ghosts(grid, windows.origin, image.shape)
        + cells.tiles(grid, image, origin=windows.origin)
        + windows.drawn(grid)
    )
    if not windows.is_padded():
        return cells.panel("image", size(image), body, grid.width, grid.height)
    note = f"height {shape[0]}, width {shape[1]}"
    sides = _sides(grid, windows)
    widest = max(grid.width + _SIDE + 40, 6.4 * len(_across_words(windows)))
    return cells.panel("padded image", note, body + sides, widest, grid.height + 24)


def _sides(grid: Grid, windows: _Windows) -> str:
    top, bottom = windows.down.padding()
    edge = grid.width + 8
    return (
        text(top, edge, grid.cell_height / 2 + 4, "note")
        + text(bottom, edge, grid.height - grid.cell_height / 2 + 4, "note")
        + text(_across_words(windows), 0, grid.height + 20, "note")
    )


def _across_words(windows: _Windows) -> str:
    return ";  ".join(windows.across.padding())
