"""How far back one output pixel sees through the layers of a network."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.drawing.figure import Figure, FigureError, picture
from autograder.drawing.svg import Drawing, box, element, group, noted, text
from course.figures.layers import require_count

MOST_SEEN = 64
_LEVEL, _PIXEL, _TICK = 58.0, 24.0, 16.0  # from layer to layer, the height of a pixel, from bar to bar


def receptive_field(layers: Sequence[tuple[str, int, int]]) -> Figure:
    """Draw what `figures.receptive_field` says."""
    require_count("receptive_field", "layers", layers)
    cone = _Cone(tuple(_layers(layers)))
    if cone.seen > MOST_SEEN:
        raise FigureError(
            f"receptive_field: one output pixel sees {cone.seen}, but {MOST_SEEN} is the most that can be drawn; "
            "leave out the last layer"
        )
    return picture(cone.words(), cone.drawing())


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
            f"receptive_field: a layer is {layer!r}, but must be (name, kernel size, stride), numbers 1 or more; "
            "write it as in ('pool2', 2, 2)"
        )
    return numbers


def _sees(layer: _Layer) -> str:
    return f"{layer.name} sees {layer.seen}"


def _pixels(count: int) -> str:
    return "1 pixel" if count == 1 else f"{count} pixels"
