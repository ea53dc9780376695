"""A window on its way over an array: its products, and their sums."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from autograder.drawing import cells
from autograder.drawing.arrays import read, require_few, require_fit
from autograder.drawing.cells import Grid
from autograder.drawing.figure import Figure, picture, stepper
from autograder.drawing.svg import Drawing, element, group, text
from autograder.numbers import Numbers, label, rows, size, typeset
from course.worked.correlation import correlate
from course.worked.windows import Pair

_SIGN = 46.0  # room for a sign between two panels
_NARROWEST = 120.0  # what the words over a panel need
_LABELS, _LINE = 84.0, 44.0  # of a staircase: room for the words on the left, and from line to line
_LONGEST_SUM = 60  # characters


def window_stepper(image: ArrayLike, kernel: ArrayLike) -> Figure:
    """Draw what `figures.window_stepper` says."""
    pixels, weights = read("window_stepper", "image", image, {2}), read("window_stepper", "kernel", kernel, {2})
    require_few("window_stepper", pixels)
    require_fit("window_stepper", pixels, weights)
    slide = _Slide(pixels, weights, correlate(pixels, weights))
    stage = _stage(slide)
    return stepper(slide.words(), stage.first_step(), stage.all_steps(), slide.names())


def strip(values: ArrayLike, weights: ArrayLike) -> Figure:
    """Draw what `figures.strip` says."""
    line, window = read("strip", "values", values, {1}), read("strip", "weights", weights, {1})
    require_few("strip", line)
    require_fit("strip", line, window)
    sums = correlate(line[None], window[None])[0]
    products = [_products(line[place : place + window.size], window) for place in range(sums.size)]
    staircase = _Staircase(line, window, products, sums)
    return picture(staircase.words(), staircase.drawing())


@dataclass(frozen=True)
class _Slide:
    """An image, a kernel and what comes out."""

    image: Numbers
    kernel: Numbers
    output: Numbers

    def places(self) -> list[Pair]:
        height, width = self.output.shape
        return [(row, column) for row in range(height) for column in range(width)]

    def products(self, place: Pair) -> Numbers:
        (row, column), (height, width) = place, self.kernel.shape
        return _products(self.image[row : row + height, column : column + width], self.kernel)

    def names(self) -> list[str]:
        return [f"row {row}, column {column}: sum {label(self.output[row, column])}" for row, column in self.places()]

    def words(self) -> str:
        lines = [f"image ({size(self.image)})", *rows(self.image), f"kernel ({size(self.kernel)})", *rows(self.kernel)]
        for place in self.places():
            total = _sum_words(self.products(place), self.output[place])
            lines.append(f"window at row {place[0]}, column {place[1]}: {total}")
        return "\n".join([*lines, f"output ({size(self.output)})", *rows(self.output)])


@dataclass(frozen=True)
class _Stage:
    """The four panels of a stepper, which stay where they are at every step.

    Attributes:
        slide: what is shown.
        grids: the tiles of image, kernel, products and output.
        starts: the left edge of each panel and the end of the last, in pixels.
    """

    slide: _Slide
    grids: tuple[Grid, Grid, Grid, Grid]
    starts: tuple[float, ...]

    def first_step(self) -> Drawing:
        """Draw the first window, with all of the output."""
        return self._drawing(cells.tiles(self.grids[3], self.slide.output), self._step((0, 0)))

    def all_steps(self) -> Drawing:
        """Draw all windows over each other, each in a group that a style rule can hide."""
        places = list(enumerate(self.slide.places(), start=1))
        output, most = self.slide.output, cells.largest(self.slide.output)
        numbers = (
            group(cells.tile(self.grids[3], place, output[place], most), class_=f"from from-{step}")
            for step, place in places
        )
        steps = (group(self._step(place), class_=f"step step-{step}") for step, place in places)
        return self._drawing(cells.empty(self.grids[3]) + "".join(numbers), "".join(steps))

    def _drawing(self, output: str, steps: str) -> Drawing:
        slide, (image, kernel, _, _) = self.slide, self.grids
        panels = (
            ("image", size(slide.image), cells.tiles(image, slide.image)),
            ("kernel", size(slide.kernel), cells.tiles(kernel, slide.kernel)),
            ("products", "window times kernel", ""),
            ("output", size(slide.output), output),
        )
        drawn = "".join(
            group(cells.panel(*words, grid.width, grid.height).body, x=start)
            for words, grid, start in zip(panels, self.grids, self.starts[:4], strict=True)
        )
        longest = max(len(_sum_signs(slide.products(place), slide.output[place])) for place in slide.places())
        width = max(self.starts[4] - _SIGN, self.starts[2] + 8.2 * longest)
        height = max(cells.HEAD + image.height, cells.HEAD + kernel.height, self._foot() + 4)
        return Drawing(drawn + self._signs() + steps, width, height)

    def _signs(self) -> str:
        middle = cells.HEAD + min(grid.height for grid in self.grids) / 2 + 7
        signs = zip("\N{MULTIPLICATION SIGN}=\N{RIGHTWARDS ARROW}", self.starts[1:4], strict=True)
        return "".join(text(sign, start - _SIGN / 2, middle, "sign") for sign, start in signs)

    def _step(self, place: Pair) -> str:
        """Draw what belongs to one place only: the outlines, the products and their sum."""
        image, kernel, products, output = self.grids
        table = self.slide.products(place)
        return (
            group(image.around(place, (kernel.rows, kernel.columns)), y=cells.HEAD)
            + group(cells.tiles(products, table), x=self.starts[2], y=cells.HEAD)
            + group(output.around(place), x=self.starts[3], y=cells.HEAD)
            + text(_sum_signs(table, self.slide.output[place]), self.starts[2], self._foot())
        )

    def _foot(self) -> float:
        """Where the sum is written: under products and output."""
        return cells.HEAD + max(grid.height for grid in self.grids[2:]) + 34


def _stage(slide: _Slide) -> _Stage:
    products = [slide.products(place) for place in slide.places()]
    grids = (
        cells.grid_for(slide.image),
        cells.grid_for(slide.kernel),
        cells.grid_for(*products),
        cells.grid_for(slide.output),
    )
    widths = [max(grid.width, _NARROWEST) + _SIGN for grid in grids]
    return _Stage(slide, grids, tuple(itertools.accumulate(widths, initial=0.0)))


@dataclass(frozen=True)
class _Staircase:
    """A strip of values, and one line of products for each place of the window, under the values they come from."""

    values: Numbers
    weights: Numbers
    products: list[Numbers]
    sums: Numbers

    def words(self) -> str:
        lines = [f"values ({size(self.values)})", *rows(self.values)]
        lines += [f"weights ({size(self.weights)})", *rows(self.weights)]
        lines += [
            f"place {place}: {_sum_words(products, total)}"
            for place, (products, total) in enumerate(zip(self.products, self.sums, strict=True))
        ]
        return "\n".join([*lines, f"sums ({size(self.sums)})", *rows(self.sums)])

    def drawing(self) -> Drawing:
        grid = cells.grid_for(self.values, self.weights, *self.products)
        total = cells.grid_for(self.sums, shape=(1, 1))
        edge, places = _LABELS + grid.width, range(self.sums.size)
        head = self._given(grid) + text("sum", edge + 52, 2 * _LINE, "title")
        lines = "".join(group(self._line(place, grid, total), y=(place + 2) * _LINE + 14) for place in places)
        return Drawing(head + lines, edge + 48 + total.width, (len(places) + 2) * _LINE + 8)

    def _given(self, grid: Grid) -> str:
        """Draw values and weights, the first window outlined in both."""
        window = grid.around((0, 0), (1, self.weights.size))
        given = (("values", self.values), ("weights", self.weights))
        return "".join(
            group(text(name, 0, 22, "title") + group(cells.tiles(grid, array) + window, x=_LABELS), y=row * _LINE)
            for row, (name, array) in enumerate(given)
        )

    def _line(self, place: int, grid: Grid, total: Grid) -> str:
        """Draw the products at one place, a dotted line, and their sum."""
        edge, end = _LABELS + grid.width, _LABELS + (place + self.weights.size) * grid.cell_width
        tiles = cells.tiles(grid, self.products[place], origin=(0, place), most=cells.largest(*self.products))
        result = cells.tiles(total, self.sums[place : place + 1], most=cells.largest(self.sums)) + total.around((0, 0))
        return (
            text(f"place {place}", 0, 22, "note")
            + group(tiles, x=_LABELS)
            + element("path", d=f"M{end + 8:g} 17H{edge + 18:g}", class_="ghost")
            + text("=", edge + 32, 23, "sign")
            + group(result, x=edge + 48)
        )


def _products(window: Numbers, kernel: Numbers) -> Numbers:
    # Infinity times zero is nan, which is what the figure then shows.
    with np.errstate(invalid="ignore"):
        return window * kernel


def _sum_words(products: Numbers, total: float) -> str:
    table = " ".join("[" + " ".join(map(label, row)) + "]" for row in np.atleast_2d(products))
    return f"products {table}, sum {label(total)}"


def _sum_signs(products: Numbers, total: float) -> str:
    """Write a sum as in a textbook, 1 + 4 - 3 = 2, or only its result where that is too long."""
    minus = "\N{MINUS SIGN}"
    first, *others = map(typeset, products.flat)
    terms = "".join(f" {minus} {term[1:]}" if term.startswith(minus) else f" + {term}" for term in others)
    written = f"{first}{terms} = {typeset(total)}"
    return written if len(written) <= _LONGEST_SUM else f"sum = {typeset(total)}"
