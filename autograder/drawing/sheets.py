"""A plane of an array with outlines on it: small ones as numbers, large ones as a heat map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from autograder.drawing import cells, heat
from autograder.drawing.arrays import MOST_READABLE
from autograder.drawing.cells import Grid, Pair
from autograder.drawing.heat import Scale
from autograder.drawing.panels import listed
from autograder.drawing.svg import Drawing, box, group
from autograder.numbers import Numbers, counted, typeset

_PADDED = MOST_READABLE + 4  # cells along an axis, empty ones included
HALF, THIRD = 480, 278  # pixels that each of two panels in a row may take, and each of three
_VISIBLE = 9.0  # pixels of an outline, however small its cells are


@dataclass(frozen=True)
class Outline:
    """A block of cells to outline: its start, counted from the first real cell, and its size."""

    start: Pair
    shape: Pair = (1, 1)
    class_: str = "first"


@dataclass(frozen=True)
class Sheet:
    """A table of numbers to be drawn.

    Attributes:
        title: what it is.
        table: its numbers, shape (rows, columns).
        scale: what its colours mean.
        outlines: what is outlined, the last one on top.
        pads: padding drawn around it: above and below, left and right.
        beside: other tables, whose numbers must fit into the same cells.
        room: the width in pixels beyond which its numbers are printed small.
    """

    title: str
    table: Numbers
    scale: Scale
    outlines: Sequence[Outline] = ()
    pads: tuple[Pair, Pair] = ((0, 0), (0, 0))
    beside: Sequence[Numbers] = ()
    room: int = THIRD

    def is_small(self) -> bool:
        """Whether its numbers can be read."""
        return max(self.table.shape) <= MOST_READABLE and max(self._shape()) <= _PADDED

    def words(self) -> str:
        """Its title and its numbers, or their range."""
        return listed(f"{self.title} ({extent(self.table)})", self.table)

    def drawing(self) -> Drawing:
        """Title, size and numbers, or a heat map and what its colours mean."""
        return self._numbers() if self.is_small() else self._map()

    def _shape(self) -> Pair:
        (rows, columns), ((top, bottom), (left, right)) = self.table.shape, self.pads
        return top + rows + bottom, left + columns + right

    def _origin(self) -> Pair:
        return self.pads[0][0], self.pads[1][0]

    def _numbers(self) -> Drawing:
        rows, columns = self._shape()
        grid = Grid(rows, columns, cell_width=max(38.0, 14 + self._widest(9.2)))
        small = grid.width > self.room
        if small:
            grid = Grid(rows, columns, cell_width=max(28.0, 8 + self._widest(7.6)), cell_height=26.0)
        shape = (self.table.shape[0], self.table.shape[1])
        tiles = cells.tiles(grid, self.table, origin=self._origin(), most=self.scale.most, strong=self._strong())
        body = cells.ghosts(grid, self._origin(), shape) + tiles + self._outlined(grid)
        drawn = group(body, class_="small") if small else body
        return cells.panel(self.title, extent(self.table), drawn, grid.width, grid.height)

    def _map(self) -> Drawing:
        grid, (top, left) = heat.pixels(*self._shape(), widest=self.room), self._origin()
        x, y, _, _ = grid.area((top, left))
        frame = grid.around((0, 0), self._shape(), "ghost") if any(map(any, self.pads)) else ""
        body = frame + group(heat.picture(grid, self.table, self.scale), x=x, y=y) + self._outlined(grid)
        return heat.heat_map(self.title, extent(self.table), grid, body, heat.legend(self.table, self.scale))

    def _widest(self, digit: float) -> float:
        """The width of the longest number for a given width of a digit; a minus sign is wider than a digit."""
        written = (typeset(value) for table in (self.table, *self.beside) for value in table.flat)
        return digit * max(len(number) + 0.35 * number.count("\N{MINUS SIGN}") for number in written)

    def _strong(self) -> set[Pair]:
        return {outline.start for outline in self.outlines if outline.class_ == "first"}

    def _outlined(self, grid: Grid) -> str:
        top, left = self._origin()
        moved = ((outline, (top + outline.start[0], left + outline.start[1])) for outline in self.outlines)
        return "".join(box(self._area(grid, start, outline), outline.class_, radius=5) for outline, start in moved)

    def _area(self, grid: Grid, start: Pair, outline: Outline) -> tuple[float, float, float, float]:
        """Where an outline lies: inside the edge of a cell with a number, and outside that of a pixel."""
        inset = 2 if self.is_small() and outline.class_ != "window" else 0
        x, y, width, height = grid.area(start, outline.shape, inset)
        wider, higher = (0.0, 0.0) if self.is_small() else (max(4.0, _VISIBLE - side) for side in (width, height))
        return x - wider / 2, y - higher / 2, width + wider, height + higher


def extent(table: Numbers) -> str:
    """Say how large a table is, without a claim about what its axes mean."""
    rows, columns = np.atleast_2d(table).shape
    if rows == 1:
        return counted(columns, "number")
    return f"{counted(rows, 'row')}, {counted(columns, 'column')}"
