"""Pooling: the windows over an image, and the maximum, the mean and the real cells of each."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from autograder.drawing import cells
from autograder.drawing.arrays import read, require_few
from autograder.drawing.cells import Grid
from autograder.drawing.figure import Figure, picture
from autograder.drawing.svg import Drawing, beside, noted
from autograder.numbers import Numbers, rows, settled, size
from course.worked.windows import Padding, Pair, Size, counted, pads, pair


def pooling(image: ArrayLike, pool_size: Size = 2, strides: Size | None = None, padding: Padding = "valid") -> Figure:
    """Draw what `figures.pooling` says."""
    image = read("pooling", "image", image, {2})
    require_few("pooling", image)
    layer = _layer(image, pool_size, strides, padding)
    return picture(layer.words(), layer.drawing())


@dataclass(frozen=True)
class _Pool:
    """An image, its pooling windows, and what comes out."""

    image: Numbers
    pool_size: Pair
    strides: Pair
    pads: tuple[Pair, Pair]
    shape: Pair

    @functools.cached_property
    def largest(self) -> Numbers:
        """The largest number of each window."""
        return self._of_each(np.max)

    @functools.cached_property
    def mean(self) -> Numbers:
        """The mean of the real cells of each window."""
        with np.errstate(invalid="ignore"):
            return self._of_each(np.mean)

    def _of_each(self, numbers: Callable[[Numbers], object]) -> Numbers:
        found = [numbers(self.image[real]) for _, real in self.windows()]
        return settled(np.array(found, dtype=np.float64).reshape(self.shape), self.image)

    def windows(self) -> Iterator[tuple[Pair, tuple[slice, slice]]]:
        """Where each window starts, counted from the first real cell, and its real cells."""
        height, width = self.pool_size
        for place in np.ndindex(*self.shape):
            top, left = (step * i - before for step, i, (before, _) in zip(self.strides, place, self.pads, strict=True))
            yield (top, left), (slice(max(top, 0), top + height), slice(max(left, 0), left + width))

    def counts(self) -> Numbers:
        """How many real cells each window holds."""
        return self._of_each(np.size)

    def apart(self) -> bool:
        """Whether no two windows share a cell."""
        return all(step >= length for step, length in zip(self.strides, self.pool_size, strict=True))

    def words(self) -> str:
        rule = f"windows of {self.pool_size[0]} by {self.pool_size[1]}, strides {self.strides}"
        named = {
            "image": self.image,
            "maximum": self.largest,
            "average": self.mean,
            "real cells in each window": self.counts(),
        }
        lines = [line for title, array in named.items() for line in (f"{title} ({size(array)})", *rows(array))]
        (top, bottom), (left, right) = self.pads
        return "\n".join([f"Pooling: {rule}; padding top {top}, bottom {bottom}, left {left}, right {right}.", *lines])

    def drawing(self) -> Drawing:
        results = {"maximum": self.largest, "average": self.mean, "real cells": self.counts()}
        panels = [self._image_panel(), *(cells.numbers_panel(title, array) for title, array in results.items())]
        return noted(beside(panels), self._note())

    def _image_panel(self) -> Drawing:
        (top, bottom), (left, right) = self.pads
        height, width = self.image.shape
        grid = cells.grid_for(self.image, shape=(top + height + bottom, left + width + right))
        body = (
            cells.ghosts(grid, (top, left), (height, width))
            + cells.tiles(grid, self.image, origin=(top, left), strong=self._winners())
            + self._outlines(grid)
        )
        return cells.panel("image", size(self.image), body, grid.width, grid.height)

    def _outlines(self, grid: Grid) -> str:
        """Outline every window where they lie apart, and else the first, the last and the corner of each."""
        (top, _), (left, _) = self.pads
        starts = [(row + top, column + left) for (row, column), _ in self.windows()]
        if self.apart():
            return "".join(grid.around(start, self.pool_size, inset=1) for start in starts)
        last = grid.around(starts[-1], self.pool_size, "window other")
        return last + grid.around(starts[0], self.pool_size) + "".join(cells.dot(grid, start) for start in starts)

    def _winners(self) -> set[Pair]:
        """The cells that are the maximum of their window, where each cell is in one window only."""
        if not self.apart():
            return set()
        return {
            (down.start + int(row), across.start + int(column))
            for (_, (down, across)), most in zip(self.windows(), self.largest.flat, strict=True)
            for row, column in np.argwhere(self.image[down, across] == most)
        }

    def _note(self) -> str:
        if self.apart():
            outlines = "Outlined: the windows. Bold: the maximum of each."
        else:
            outlines = "Solid: the first window. Dashed: the last one. Dots: where each window starts."
        return outlines + (" Empty cells: padding, which never counts." if any(map(any, self.pads)) else "")


def _layer(image: Numbers, pool_size: Size, strides: Size | None, padding: Padding) -> _Pool:
    window = pair("pooling", "pool_size", pool_size)
    step = window if strides is None else pair("pooling", "strides", strides)
    shape = counted("pooling", image.shape, window, step, padding)
    return _Pool(image, window, step, pads(image.shape, window, step, padding), shape)
