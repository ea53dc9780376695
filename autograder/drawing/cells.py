"""Small arrays as tiles with numbers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from autograder.drawing.svg import Area, Drawing, box, group, text
from autograder.numbers import Numbers, size, typeset

Pair = tuple[int, int]  # row and column, or how many of each

HEAD = 44.0  # room for a title and the sizes of the axes
_BASELINE = 5.25  # from the middle of a number down to its foot


@dataclass(frozen=True)
class Grid:
    """Where the tiles of an array lie: rows and columns of equal cells, in pixels."""

    rows: int
    columns: int
    cell_width: float = 38.0
    cell_height: float = 34.0

    @property
    def width(self) -> float:
        """Of all columns."""
        return self.columns * self.cell_width

    @property
    def height(self) -> float:
        """Of all rows."""
        return self.rows * self.cell_height

    def area(self, start: Pair, shape: Pair = (1, 1), inset: float = 0) -> Area:
        """Where a block of cells lies, `inset` pixels inside its edge."""
        (row, column), (rows, columns) = start, shape
        x, y = column * self.cell_width + inset, row * self.cell_height + inset
        return x, y, columns * self.cell_width - 2 * inset, rows * self.cell_height - 2 * inset

    def around(self, start: Pair, shape: Pair = (1, 1), class_: str = "window", inset: float = 0) -> str:
        """Outline a block of cells."""
        return box(self.area(start, shape, inset), class_, radius=6)


def grid_for(*arrays: Numbers, shape: Pair | None = None) -> Grid:
    """Lay out the first array, or a shape, with cells wide enough for the longest number of all arrays."""
    longest = max(len(typeset(value)) for array in arrays for value in array.flat)
    rows, columns = shape or np.atleast_2d(arrays[0]).shape
    return Grid(rows, columns, cell_width=max(38.0, 8.5 * longest + 14))


def tiles(
    grid: Grid, array: Numbers, *, origin: Pair = (0, 0), most: float = 0.0, strong: Collection[Pair] = ()
) -> str:
    """Draw every number on a tile: the larger, the bluer; the more negative, the more orange.

    Args:
        grid: where the tiles lie.
        array: the numbers, of rank 2 or less.
        origin: the cell of the first number, (row, column).
        most: the number of the deepest colour; the largest one by default.
        strong: the numbers in bold, by (row, column).
    """
    table = np.atleast_2d(array)
    top, left = origin
    deepest = most or largest(table)
    return "".join(
        tile(grid, (top + row, left + column), value, deepest, strong=(row, column) in strong)
        for (row, column), value in np.ndenumerate(table)
    )


def tile(grid: Grid, place: Pair, value: float, most: float, *, strong: bool = False) -> str:
    """Draw one number on its tile, which is deepest in colour where the number is `most`."""
    x, y, width, height = grid.area(place)
    number = text(typeset(value), x + width / 2, y + height / 2 + _BASELINE, "number strong" if strong else "number")
    return _ground(grid, place, value, most) + number


def empty(grid: Grid) -> str:
    """Draw grey tiles without numbers."""
    return "".join(_ground(grid, place, 0.0, 1.0) for place in np.ndindex(grid.rows, grid.columns))


def ghosts(grid: Grid, origin: Pair, shape: Pair) -> str:
    """Draw the padding around the real cells, which start at `origin`: dashed tiles without a number."""
    top, left = origin
    real = {(top + row, left + column) for row, column in np.ndindex(*shape)}
    padding = [place for place in np.ndindex(grid.rows, grid.columns) if place not in real]
    return "".join(grid.around(place, class_="ghost", inset=2) for place in padding)


def largest(*arrays: Numbers) -> float:
    """Find the largest finite number, ignoring signs; 1 if there are only zeros."""
    return max(float(np.abs(array[np.isfinite(array)]).max(initial=0.0)) for array in arrays) or 1.0


def panel(title: str, note: str, body: str, width: float, height: float) -> Drawing:
    """Put a title and a note above a drawing."""
    head = text(title, 0, 13, "title") + text(note, 0, 31, "note")
    widest = max(width, 8.2 * len(title), 6.6 * len(note))
    return Drawing(head + group(body, y=HEAD), widest, HEAD + height)


def numbers_panel(title: str, array: Numbers, *, most: float = 0.0, wrong: Collection[Pair] = ()) -> Drawing:
    """Draw a small array under its title and the names of its axes, its wrong cells outlined."""
    grid = grid_for(array)
    outlines = "".join(grid.around(place, class_="wrong", inset=2) for place in wrong)
    body = tiles(grid, array, most=most, strong=wrong) + outlines
    return panel(title, size(array), body, grid.width, grid.height)


def dot(grid: Grid, place: Pair) -> str:
    """Mark the top left corner of a cell."""
    x, y, _, _ = grid.area(place)
    return box((x + 3.5, y + 3.5, 6, 6), "corner", radius=3)


def _ground(grid: Grid, place: Pair, value: float, most: float) -> str:
    area = grid.area(place, inset=1)
    if not np.isfinite(value) or not value:
        return box(area, "tile")
    strength = 0.1 + 0.38 * min(abs(value) / most, 1.0)
    return box(area, "positive" if value > 0 else "negative", fill_opacity=f"{strength:.3f}")
