"""What one cell of a result is made of: the argument with the cell's window, and its weights."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.drawing import heat
from autograder.drawing.arrays import MOST_READABLE
from autograder.drawing.cells import Pair
from autograder.drawing.figure import FigureError
from autograder.drawing.panels import MOST_PIXELS
from autograder.drawing.planes import Plane, axes
from autograder.drawing.sheets import HALF, THIRD, Outline, Sheet
from autograder.marking.arithmetic import Index, places, weights, window
from autograder.marking.compare import numbers
from autograder.model import Windows
from autograder.numbers import Numbers, settled

MOST_AXES = 4
MOST_LAYERS = 3  # channels of one window that are drawn


@dataclass(frozen=True)
class Source:
    """One cell of a result, and what it is made of.

    Attributes:
        windows: which cells make which.
        arguments: the arguments of the call by name.
        at: index of the cell in the result.
        shape: of the result.
    """

    windows: Windows
    arguments: Mapping[str, Any]
    at: Index
    shape: tuple[int, ...]

    def sheets(self) -> list[list[Sheet]]:
        """Draw the argument, and the weights beside it, once for each channel that the window goes through.

        Raises:
            FigureError: the argument is too large, or has too many axes.
        """
        array = self._argument()
        kernel = weights(self.windows, self.arguments, self.at)
        colours = heat.scale_for(array), heat.scale_for(kernel if kernel is not None else array)
        drawn = []
        for offsets in itertools.islice(np.ndindex(*self._depth()), MOST_LAYERS):
            layer = self._layer(offsets)
            sheets = [self._image(layer, array, colours[0])]
            if not sheets[0].is_small():
                sheets += self._close(offsets, array, colours[0])
            if kernel is not None:
                sheets.append(self._weights(offsets, kernel, colours[1]))
            drawn.append(sheets)
        return drawn

    def notes(self) -> list[str]:
        """Say where the window lies, what padding counts for, and what is left out of the drawing."""
        names = ("rows", "columns")[-len(self._axes()) :] if self._axes() else ()
        along = places(self.windows, self.at)
        spans = [f"{name} {_span(along[axis])}" for name, axis in zip(names, self._axes(), strict=True)]
        lines = [f"Blue: the window in {self.windows.argument}" + "".join(f", {span}" for span in spans) + "."]
        if any(map(any, self._pads())):
            counts = "counts as 0" if self.windows.reduce == "sum" else "is left out"
            lines.append(f"Dashed: padding, which {counts}.")
        layers = int(np.prod(self._depth()))
        if layers > MOST_LAYERS:
            lines.append(f"The window has {layers} channels; the first {MOST_LAYERS} are drawn.")
        return lines

    def _argument(self) -> Numbers:
        array = numbers(self.arguments[self.windows.argument])
        if array is None or not array.size or array.ndim > MOST_AXES or self._reach(array.shape) > MOST_PIXELS:
            raise FigureError(f"{self.windows.argument} cannot be drawn. Leave it out.")
        if not all(self._is_inside(axis, array.shape[axis]) for axis in self._others()):
            raise FigureError(f"{self.windows.argument} has padding between its planes, which cannot be drawn")
        return settled(array.astype(np.float64))

    def _is_inside(self, axis: int, length: int) -> bool:
        """Whether the window reaches no padding along an axis."""
        place = places(self.windows, self.at)[axis]
        return int(place[0]) >= 0 and int(place[-1]) < length

    def _reach(self, shape: tuple[int, ...]) -> int:
        """The longest side of the drawing, in cells."""
        return max(shape, default=1) + max(map(sum, self._pads()))

    def _axes(self) -> tuple[int, ...]:
        return axes(len(self.windows.size))

    def _others(self) -> list[int]:
        return [axis for axis in range(len(self.windows.size)) if axis not in self._axes()]

    def _depth(self) -> list[int]:
        """The cells of a window along the axes that are not drawn."""
        return [self.windows.size[axis] for axis in self._others()]

    def _layer(self, offsets: Index) -> Plane:
        """The plane of the argument that these cells of the window lie in; its cell is the window's first."""
        offset = dict(zip(self._others(), offsets, strict=True))
        along = places(self.windows, self.at)
        return Plane(self._axes(), tuple(int(place[offset.get(axis, 0)]) for axis, place in enumerate(along)))

    def _pads(self) -> tuple[Pair, Pair]:
        """The padding that all windows together reach: above and below, left and right."""
        lengths = np.shape(self.arguments[self.windows.argument])
        last = places(self.windows, tuple(length - 1 for length in self.shape))
        pads = [
            (-min(self.windows.first[axis], 0), max(int(last[axis][-1]) + 1 - lengths[axis], 0))
            for axis in self._axes()
        ]
        down, across = ((0, 0), (0, 0), *pads)[-2:]
        return down, across

    def _image(self, layer: Plane, array: Numbers, scale: heat.Scale) -> Sheet:
        title = self.windows.argument + layer.written()
        room = THIRD if int(np.prod(self._depth())) > 1 else HALF
        return Sheet(title, layer.cut(array), scale, self._outlines(layer), self._pads(), room=room)

    def _outlines(self, layer: Plane) -> list[Outline]:
        """One outline around the window, or around each of its cells if they lie apart."""
        down, across = self._lines()
        if set(np.diff(down)) | set(np.diff(across)) <= {1}:
            return [Outline(layer.cell(), (len(down), len(across)), "window")]
        return [Outline((row, column), class_="window") for row, column in itertools.product(down, across)]

    def _lines(self) -> tuple[list[int], list[int]]:
        """The rows and the columns of the argument that the window lies on."""
        along = [places(self.windows, self.at)[axis].tolist() for axis in self._axes()]
        down, across = ([0], [0], *along)[-2:]
        return down, across

    def _close(self, offsets: Index, array: Numbers, scale: heat.Scale) -> list[Sheet]:
        """The numbers of the window, if the argument has too many to read."""
        lines = self._lines()
        if max(map(len, lines)) > MOST_READABLE:
            return []
        cells, real = window(self.windows, array, self.at)
        table, inside = self._slice(cells, offsets), self._slice(real, offsets)
        if not inside.any():
            return []
        (top, left), (rows, columns) = heat.block(inside)
        pads = (top, len(lines[0]) - top - rows), (left, len(lines[1]) - left - columns)
        shown = table[top : top + rows, left : left + columns]
        outline = Outline((-top, -left), (len(lines[0]), len(lines[1])), "window")
        return [Sheet("the window", shown, scale, [outline], pads)]

    def _weights(self, offsets: Index, kernel: Numbers, scale: heat.Scale) -> Sheet:
        turned = ", turned by 180°" if self.windows.flipped else ""
        return Sheet(
            f"{self.windows.weights}{self._weights_written(offsets)}{turned}", self._slice(kernel, offsets), scale
        )

    def _slice(self, array: Any, offsets: Index) -> Any:
        """Take one layer of something that has the shape of a window."""
        offset = dict(zip(self._others(), offsets, strict=True))
        return Plane(self._axes(), tuple(offset.get(axis, 0) for axis in range(len(self.windows.size)))).cut(array)

    def _weights_written(self, offsets: Index) -> str:
        """The weights as indexed in NumPy, if their axes are the last ones of a window; else nothing."""
        lengths = np.shape(self.arguments[self.windows.weights or ""])
        chosen = self.windows.chosen or (None,) * len(lengths)
        rest = tuple(length for length, axis in zip(lengths, chosen, strict=True) if axis is None)
        size = self.windows.size
        if len(chosen) == len(rest) == len(self._axes()) or rest != size[len(size) - len(rest) :]:
            return ""
        offset = dict(zip(self._others(), offsets, strict=True))
        own = iter(range(len(size) - len(rest), len(size)))
        return _written([str(self.at[axis]) if axis is not None else _place(next(own), offset) for axis in chosen])


def _place(axis: int, offset: Mapping[int, int]) -> str:
    return str(offset[axis]) if axis in offset else ":"


def _written(places: Sequence[str]) -> str:
    return f"[{', '.join(places)}]"


def _span(places: Any) -> str:
    """Write the first and the last of some indices, or all if they lie apart."""
    listed = places.tolist()
    if len(listed) == 1:
        return str(listed[0])
    return f"{listed[0]} to {listed[-1]}" if listed[1] - listed[0] == 1 else ", ".join(map(str, listed))
