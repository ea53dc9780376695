"""An image of several channels, a filter of as many slices, and the one map they make."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from autograder.drawing import heat, panels
from autograder.drawing.arrays import MOST_READABLE, read, require_fit
from autograder.drawing.cells import HEAD
from autograder.drawing.figure import Figure, FigureError, picture
from autograder.drawing.svg import Drawing, group, text
from autograder.numbers import Numbers, settled
from course.worked.correlation import correlate

MOST_CHANNELS = 8
_SIGN, _GAP = 44.0, 34.0  # room for a sign between two panels, and between two rows of panels


def channel_stack(image: ArrayLike, kernel: ArrayLike) -> Figure:
    """Draw what `figures.channel_stack` says."""
    pixels, weights = read("channel_stack", "image", image, {3}), read("channel_stack", "kernel", kernel, {3})
    _require_channels(pixels, weights)
    planes, slices = (
        [panels.read_plane("channel_stack", "image", plane) for plane in np.moveaxis(array, -1, 0)]
        for array in (pixels, weights)
    )
    require_fit("channel_stack", planes[0], slices[0])
    stack = _Stack(planes, slices, [correlate(plane, part) for plane, part in zip(planes, slices, strict=True)])
    return picture(stack.words(), stack.drawing())


@dataclass(frozen=True)
class _Stack:
    """Channels, slices and maps, one of each for every channel."""

    planes: list[Numbers]
    slices: list[Numbers]
    maps: list[Numbers]

    @property
    def name(self) -> str:
        return f"sum of {len(self.maps)} maps" if len(self.maps) > 1 else "the only map"

    def total(self) -> Numbers:
        with np.errstate(invalid="ignore"):
            return settled(np.sum(self.maps, axis=0), *self.maps)

    def columns(self) -> list[tuple[str, list[Numbers], int]]:
        """The name of each column, its arrays, and up to how many cells along an axis they are shown as numbers."""
        most = panels.most_beside(self.planes[0])
        return [
            ("channel", self.planes, most),
            ("kernel slice", self.slices, MOST_READABLE),
            ("map", self.maps, most),
        ]

    def words(self) -> str:
        lines = [
            panels.words(f"{name} {channel}", arrays[channel], most)
            for channel in range(len(self.planes))
            for name, arrays, most in self.columns()
        ]
        return "\n".join([*lines, panels.words(self.name, self.total(), panels.most_beside(self.planes[0]))])

    def drawing(self) -> Drawing:
        """Draw a row for each channel, and add up the maps from top to bottom, as on paper."""
        rows, total, most = self._rows(), self.total(), panels.most_beside(self.planes[0])
        result = panels.panel(self.name, total, heat.scale_for(total), most=most)
        widths = [max(row[column].width for row in rows) + _SIGN for column in range(2)]
        starts = (0.0, widths[0], sum(widths))
        drawn, y = "", 0.0
        for place, row in enumerate(rows):
            drawn += group(_row(row, starts), y=y)
            y += max(one.height for one in row) + _GAP
            sign = "=" if place == len(rows) - 1 else "+"
            drawn += text(sign, starts[2] + min(row[2].width, result.width) / 2, y - _GAP / 2 + 7, "sign")
        width = starts[2] + max(result.width, *(row[2].width for row in rows))
        return Drawing(drawn + group(result.body, x=starts[2], y=y), width, y + result.height)

    def _rows(self) -> list[list[Drawing]]:
        """Draw the panels; those of one column share their colours."""
        columns = []
        for name, arrays, most in self.columns():
            scale = heat.scale_for(*arrays)
            columns.append([panels.panel(f"{name} {c}", array, scale, most=most) for c, array in enumerate(arrays)])
        return [list(row) for row in zip(*columns, strict=True)]


def _require_channels(image: Numbers, kernel: Numbers) -> None:
    if image.shape[2] != kernel.shape[2]:
        raise FigureError(
            f"channel_stack: kernel has shape {kernel.shape}, but must have one slice for each of the "
            f"{image.shape[2]} channels; look at its last axis"
        )
    if image.shape[2] > MOST_CHANNELS:
        raise FigureError(
            f"channel_stack: image has {image.shape[2]} channels, but {MOST_CHANNELS} is the most that can be told "
            "apart; take some, as in image[..., :3]"
        )


def _row(row: list[Drawing], starts: tuple[float, ...]) -> str:
    middle = HEAD + min(one.height - HEAD for one in row) / 2 + 7
    signs = zip("\N{MULTIPLICATION SIGN}=", starts[1:], strict=True)
    return "".join(group(one.body, x=start) for one, start in zip(row, starts, strict=True)) + "".join(
        text(sign, start - _SIGN / 2, middle, "sign") for sign, start in signs
    )
