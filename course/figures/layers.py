"""What layers do to shapes, and how far back one output pixel sees."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.drawing.figure import Figure, FigureError, picture
from autograder.drawing.svg import Drawing, box, element, group, noted, text

MOST_ROWS, MOST_SEEN = 24, 64
_LINE, _BAR, _COUNT = 28.0, 110.0, 84.0  # of a table: from row to row, the longest bar, room for its number
_LEVEL, _PIXEL, _TICK = 58.0, 24.0, 16.0  # of a cone: from layer to layer, the height of a pixel, from bar to bar


def shape_table(rows: Sequence[tuple[str, Any, int]]) -> Figure:
    """Draw the layers of a network as a table: what each one hands on, how many numbers that is, its parameters.

    Args:
        rows: (words, shape, parameters) of each layer, 24 at most.

    Raises:
        FigureError: there is no row, there are too many, or one of them is not words, shape and parameters.
    """
    _require_count("shape_table", "rows", rows)
    table = [_entry(row) for row in rows]
    lines = [
        f"{entry.words}: shape {entry.shape}, numbers {entry.numbers:,}, parameters {entry.parameters:,}"
        for entry in table
    ]
    total = sum(entry.parameters for entry in table)
    return picture("\n".join([*lines, f"parameters in all: {total:,}"]), _table(table, total))


def receptive_field(layers: Sequence[tuple[str, int, int]]) -> Figure:
    """Draw the input pixels that one output pixel sees, along one axis, after each layer.

    Args:
        layers: (name, kernel size, stride) of each layer, from the input on; both numbers 1 or more.

    Raises:
        FigureError: there is no layer, one of them has no such numbers, or more pixels are seen than can be drawn.
    """
    _require_count("receptive_field", "layers", layers)
    cone = _Cone(tuple(_layers(layers)))
    if cone.seen > MOST_SEEN:
        raise FigureError(
            f"receptive_field: one output pixel sees {cone.seen}, but {MOST_SEEN} is the most that can be drawn; "
            "leave out the last layer"
        )
    return picture(cone.words(), cone.drawing())


@dataclass(frozen=True)
class _Entry:
    """A row of the table."""

    words: str
    shape: tuple[int, ...]
    parameters: int

    @property
    def numbers(self) -> int:
        return math.prod(self.shape)


@dataclass(frozen=True)
class _Layer:
    """A layer of a cone: what its pixels see of the input, and how far apart they lie there."""

    name: str
    window: int
    stride: int
    seen: int
    apart: int


@dataclass(frozen=True)
class _Cone:
    """What one output pixel sees through all layers; the first layer is the input."""

    layers: tuple[_Layer, ...]

    @property
    def seen(self) -> int:
        return self.layers[-1].seen

    @property
    def left(self) -> float:
        return 24 + 8.2 * max(len(layer.name) for layer in self.layers)

    @property
    def cell(self) -> float:
        """The width of an input pixel."""
        return max(9.0, min(34.0, 620 / self.seen))

    def words(self) -> str:
        lines = [
            f"after {layer.name} (window {layer.window}, stride {layer.stride}): sees {_pixels(layer.seen)}, "
            f"and its neighbour starts {_pixels(layer.apart)} further on"
            for layer in self.layers[1:]
        ]
        return "\n".join(["What one pixel sees of the input, along one axis:", *lines])

    def drawing(self) -> Drawing:
        levels = "".join(self._level(level) for level in range(len(self.layers)))
        foot = (len(self.layers) - 1) * _LEVEL + _PIXEL
        bars = (group(self._bar(layer), y=foot + _TICK * place) for place, layer in enumerate(self.layers[1:], start=1))
        width = self.left + self.seen * self.cell + 16 + 7 * max(len(_sees(layer)) for layer in self.layers[1:])
        drawing = Drawing(levels + "".join(bars), width, foot + _TICK * len(self.layers))
        return noted(drawing, "Outlined: the first pixel after each layer. The bars below: the input pixels it sees.")

    def counts(self) -> list[int]:
        """How many pixels of each layer the output pixel depends on."""
        counts = [1]
        for layer in reversed(self.layers[1:]):
            counts.append((counts[-1] - 1) * layer.stride + layer.window)
        return counts[::-1]

    def _level(self, level: int) -> str:
        layer, y = self.layers[level], (len(self.layers) - 1 - level) * _LEVEL
        pixels = (
            box((self._middle(layer, place) - self.cell / 2 + 1, y, self.cell - 2, _PIXEL), "tile", radius=3)
            for place in range(self.counts()[level])
        )
        first = (self._middle(layer, 0) - self.cell / 2, y - 1, self.cell, _PIXEL + 2)
        outline = box(first, "window") if level else ""
        return text(layer.name, 0, y + 17, "title") + self._rays(level, y + _PIXEL) + "".join(pixels) + outline

    def _rays(self, level: int, y: float) -> str:
        """Draw lines from every pixel of a layer to the first and the last one it is made of."""
        if not level:
            return ""
        layer, before = self.layers[level], self.layers[level - 1]
        lines = (
            f"M{self._middle(before, first):g} {y + _LEVEL - _PIXEL:g}L{self._middle(layer, place):g} {y:g}"
            f"L{self._middle(before, first + layer.window - 1):g} {y + _LEVEL - _PIXEL:g}"
            for place in range(self.counts()[level])
            for first in (place * layer.stride,)
        )
        return element("path", d="".join(lines), class_="ghost")

    def _bar(self, layer: _Layer) -> str:
        """Draw the input pixels that the first pixel of a layer sees."""
        width = layer.seen * self.cell
        line = element("path", d=f"M{self.left + 1:g} -4v8m0 -4h{width - 2:g}m0 -4v8", class_="window")
        return line + text(_sees(layer), self.left + width + 8, 4, "note")

    def _middle(self, layer: _Layer, place: int) -> float:
        return self.left + (place * layer.apart + layer.seen / 2) * self.cell


def _require_count(where: str, name: str, things: Sequence[Any]) -> None:
    if not 1 <= len(things) <= MOST_ROWS:
        raise FigureError(
            f"{where}: the number of {name} is {len(things)}, but has to be from 1 to {MOST_ROWS}; hand over a list"
        )


def _entry(row: Any) -> _Entry:
    try:
        words, shape, parameters = row
        lengths = tuple(map(operator.index, shape if isinstance(shape, Sequence) else (shape,)))
        entry = _Entry(str(words), lengths, operator.index(parameters))
    except (TypeError, ValueError):
        raise _not_a_row(row) from None
    if min(*lengths, entry.parameters, 0) < 0:
        raise _not_a_row(row)
    return entry


def _not_a_row(row: Any) -> FigureError:
    return FigureError(
        f"shape_table: a row is {row!r}, but has to be (words, shape, parameters); write it as in ('dense', (10,), 650)"
    )


def _layers(layers: Sequence[Any]) -> Iterator[_Layer]:
    """Follow what one pixel sees from the input on."""
    last = _Layer("input", 1, 1, seen=1, apart=1)
    yield last
    for layer in layers:
        name, window, stride = _numbers(layer)
        last = _Layer(name, window, stride, last.seen + (window - 1) * last.apart, last.apart * stride)
        yield last


def _numbers(layer: Any) -> tuple[str, int, int]:
    try:
        name, window, stride = layer
        numbers = str(name), operator.index(window), operator.index(stride)
    except (TypeError, ValueError):
        numbers = "", 0, 0
    if min(numbers[1:]) < 1:
        raise FigureError(
            f"receptive_field: a layer is {layer!r}, but has to be (name, kernel size, stride), numbers 1 or more; "
            "write it as in ('pool2', 2, 2)"
        )
    return numbers


def _sees(layer: _Layer) -> str:
    return f"{layer.name} sees {layer.seen}"


def _pixels(count: int) -> str:
    return "1 pixel" if count == 1 else f"{count} pixels"


def _table(table: list[_Entry], total: int) -> Drawing:
    """Draw words and shapes, and two columns of bars."""
    shape = 24 + 8.2 * max(len(entry.words) for entry in table)
    numbers = shape + 32 + 8.2 * max(5, *(len(str(entry.shape)) for entry in table))
    parameters = numbers + _BAR + _COUNT
    titles = {"layer": 0.0, "shape": shape, "numbers": numbers, "parameters": parameters}
    head = "".join(text(title, x, 14, "title") for title, x in titles.items())
    most = max(entry.numbers for entry in table), max(entry.parameters for entry in table)
    rows = (
        text(entry.words, 0, 5)
        + text(entry.shape, shape, 5)
        + group(_bar(entry.numbers, most[0], "positive"), x=numbers)
        + group(_bar(entry.parameters, most[1], "negative"), x=parameters)
        for entry in table
    )
    drawn = "".join(group(row, y=place * _LINE + 10) for place, row in enumerate(rows, start=1))
    foot = (len(table) + 1) * _LINE + 18
    line = element("path", d=f"M0 {foot - 24:g}H{parameters + _BAR + _COUNT:g}", class_="frame")
    totals = text("parameters in all", 0, foot, "title") + text(f"{total:,}", parameters, foot, "strong")
    return Drawing(head + drawn + line + totals, parameters + _BAR + _COUNT, foot + 6)


def _bar(count: int, most: int, class_: str) -> str:
    width = _BAR * count / (most or 1)
    bar = box((0, -6, width, 12), class_, radius=2) if count else ""
    return bar + text(f"{count:,}", width + 7 if count else 0, 5)
