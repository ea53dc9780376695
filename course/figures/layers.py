"""What layers do to shapes."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from autograder.drawing.figure import Figure, FigureError, picture
from autograder.drawing.svg import Drawing, box, element, group, text

MOST_ROWS = 24
_LINE, _BAR, _COUNT = 28.0, 110.0, 84.0  # of a table: from row to row, the longest bar, room for its number


def shape_table(rows: Sequence[tuple[str, Any, int]]) -> Figure:
    """Draw the layers of a network as a table: what each one hands on, how many numbers that is, its parameters.

    Args:
        rows: (words, shape, parameters) of each layer, 24 at most.

    Raises:
        FigureError: there is no row, there are too many, or one of them is not words, shape and parameters.
    """
    require_count("shape_table", "rows", rows)
    table = [_entry(row) for row in rows]
    lines = [
        f"{entry.words}: shape {entry.shape}, numbers {entry.numbers:,}, parameters {entry.parameters:,}"
        for entry in table
    ]
    total = sum(entry.parameters for entry in table)
    return picture("\n".join([*lines, f"parameters in all: {total:,}"]), _table(table, total))


@dataclass(frozen=True)
class _Entry:
    """A row of the table."""

    words: str
    shape: tuple[int, ...]
    parameters: int

    @property
    def numbers(self) -> int:
        return math.prod(self.shape)


def require_count(where: str, name: str, things: Sequence[Any]) -> None:
    """Refuse nothing at all, and more than a picture shows."""
    if not 1 <= len(things) <= MOST_ROWS:
        raise FigureError(
            f"{where}: the number of {name} is {len(things)}, but must be from 1 to {MOST_ROWS}; hand over a list"
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
        f"shape_table: a row is {row!r}, but must be (words, shape, parameters); write it as in ('dense', (10,), 650)"
    )


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
