"""Which two axes of an array are drawn, and how to name its place along the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.drawing.cells import Pair
from autograder.marking.arithmetic import Index

_FLAT, _IMAGE, _BATCH = 2, 3, 4  # ranks


@dataclass(frozen=True)
class Plane:
    """All of two axes of an array, or of one if it has no more; one index along each of the others.

    Attributes:
        axes: those that are drawn: down and across.
        at: a cell of the plane, by its index in the array.
    """

    axes: tuple[int, ...]
    at: Index

    def cut(self, array: NDArray[Any]) -> NDArray[Any]:
        """Take the plane out of its array, as a table."""
        place = tuple(slice(None) if axis in self.axes else index for axis, index in enumerate(self.at))
        return np.atleast_2d(array[place])

    def cell(self) -> Pair:
        """Row and column of the cell."""
        row, column = (0, 0, *(self.at[axis] for axis in self.axes))[-2:]
        return row, column

    def written(self) -> str:
        """The plane as it is taken in NumPy, [0, :, :, 2]; empty if it is all of the array."""
        if len(self.axes) == len(self.at):
            return ""
        return "[" + ", ".join(":" if axis in self.axes else str(index) for axis, index in enumerate(self.at)) + "]"

    def words(self) -> str:
        """The plane as it is called: "image 0, channel 2"; empty if it is all of the array."""
        others = [index for axis, index in enumerate(self.at) if axis not in self.axes]
        if len(self.at) == _BATCH:
            return f"image {others[0]}, channel {others[1]}"
        return f"channel {others[0]}" if len(self.at) == _IMAGE else self.written()


def plane(at: Index) -> Plane:
    """Take the plane of height and width around a cell: (height, width, channels), (n, height, width, channels)."""
    return Plane(axes(len(at)), at)


def axes(rank: int) -> tuple[int, ...]:
    """Choose the axes that are drawn."""
    return tuple(range(rank)) if rank <= _FLAT else (rank - 3, rank - 2)
