"""The picture of a wrong answer: expected, yours, the difference, and what the first wrong cell is made of."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from autograder.drawing import heat
from autograder.drawing.arrays import MOST_READABLE
from autograder.drawing.cells import Pair, largest
from autograder.drawing.figure import Figure, FigureError, picture, sentence
from autograder.drawing.panels import MOST_PIXELS
from autograder.drawing.planes import Plane, plane
from autograder.drawing.sheets import Outline, Sheet
from autograder.drawing.sources import MOST_AXES, Source
from autograder.drawing.svg import Drawing, beside, noted, stacked, text
from autograder.errors import CourseError
from autograder.marking.arithmetic import Index, arithmetic
from autograder.marking.compare import numbers
from autograder.model import WIDTH, Evidence
from autograder.numbers import Numbers, counted, label, settled

MOST_CELLS = 250_000  # of one plane; more would be a file of megabytes

_MINUS = "\N{MINUS SIGN}"
_NEAR = 0.005  # what three decimals may hide
_FIRST = "Thick: the first wrong cell."


def comparison(evidence: Evidence, *, rtol: float = 1e-5) -> Figure:
    """Draw a wrong answer beside the right one, with what its first wrong cell is made of; never raises.

    Args:
        evidence: the call. Without an expected value, only what was returned is drawn.
        rtol: relative tolerance; the absolute one is the same share of the largest expected value.

    Returns:
        A picture, or a sentence where there is nothing to draw.
    """
    try:
        # What overflows or is not finite is drawn as that.
        with np.errstate(all="ignore"):
            return _figure(evidence, rtol)
    except Exception:  # noqa: BLE001  a picture is an extra, and must not take the words with it
        return sentence("There is no picture of this answer.")


def _figure(evidence: Evidence, rtol: float) -> Figure:
    yours, right = numbers(evidence.returned), numbers(evidence.expected)
    if yours is None or (right is None and evidence.expected is not None):
        return sentence("This answer is not one array of numbers, so there is no picture of it.")
    if right is None:
        return _alone(yours, evidence.where)
    if yours.shape != right.shape:
        return _two_shapes(right, yours)
    right, yours = _read(right), _read(yours)
    differs = _differs(right, yours, rtol)
    if not differs.any():
        return sentence("No cell differs.")
    at = evidence.where if _is_cell(evidence.where, differs.shape) and differs[evidence.where] else _first(differs)
    return _Comparison(right, yours, differs, at, _source(evidence, at, right)).figure()


def _read(array: NDArray[Any]) -> Numbers:
    return settled(array.astype(np.float64))


def _differs(right: Numbers, yours: Numbers, rtol: float) -> NDArray[np.bool_]:
    """Find the cells that grading counts as wrong."""
    atol = rtol * float(np.abs(right[np.isfinite(right)]).max(initial=0.0))
    return ~np.isclose(yours, right, rtol=rtol, atol=atol, equal_nan=True)


def _first(differs: NDArray[np.bool_]) -> Index:
    return tuple(map(int, np.unravel_index(differs.argmax(), differs.shape)))


def _is_cell(at: Index | None, shape: tuple[int, ...]) -> TypeGuard[Index]:
    """Whether this is an index into an array of this shape."""
    if at is None or len(at) != len(shape):
        return False
    return all(0 <= place < length for place, length in zip(at, shape, strict=True))


def _source(evidence: Evidence, at: Index, right: Numbers) -> Source | None:
    """What a cell is made of, if known."""
    if evidence.windows is None:
        return None
    arguments = dict(evidence.arguments)
    try:
        arithmetic(evidence.windows, arguments, at, float(right[at]))
    except CourseError:
        return None
    return Source(evidence.windows, arguments, at, right.shape)


@dataclass(frozen=True)
class _Comparison:
    """Two arrays of one shape that differ.

    Attributes:
        right: what is expected.
        yours: what was returned.
        differs: which cells are wrong.
        at: the first of them.
        source: what it is made of, if known.
    """

    right: Numbers
    yours: Numbers
    differs: NDArray[np.bool_]
    at: Index
    source: Source | None

    def figure(self) -> Figure:
        count, cell = self._count(), self._cell()
        if reason := _too_much(self.right):
            return sentence(" ".join(part for part in (count, cell, reason) if part))
        if shown := self._plane().words():
            count += f" Shown: {shown}."
        sources = self._sources()
        lines = [line for line in (count, cell) if line]
        return _drawn(self._results(), sources, lines, self._key(with_window=bool(sources)))

    def _plane(self) -> Plane:
        return plane(self.at)

    def _count(self) -> str:
        if not self.at:
            return ""
        count = int(self.differs.sum())
        return f"{count} of {counted(self.differs.size, 'cell')} {'is' if count == 1 else 'are'} wrong."

    def _cell(self) -> str:
        """Say what the first wrong cell holds, and how the right value is worked out."""
        right, yours = _apart(float(self.right[self.at]), float(self.yours[self.at]))
        where = f"{list(self.at)}: " if self.at else ""
        if self.source is None:
            return f"{where}expected {right}, you have {yours}."
        value = float(self.right[self.at])
        return f"{where}{arithmetic(self.source.windows, self.source.arguments, self.at, value)}, you have {yours}."

    def _results(self) -> list[Sheet]:
        shown = self._plane()
        right, yours, differs = (shown.cut(array) for array in (self.right, self.yours, self.differs))
        # Cells that count as equal are shown as equal, or a map would show only rounding.
        difference = np.where(differs, yours - right, 0.0)
        shared, most = heat.scale_for(right, yours), largest(difference)
        first, others = [Outline(shown.cell())], _others(differs == 1, shown.cell())
        return [
            Sheet("expected", right, shared, first, beside=[yours]),
            Sheet("yours", yours, shared, [*others, *first], beside=[right]),
            Sheet("yours minus expected", difference, heat.Scale(-most, most), [*others, *first]),
        ]

    def _sources(self) -> list[list[Sheet]]:
        if self.source is None:
            return []
        try:
            return self.source.sheets()
        except FigureError:
            return []

    def _key(self, *, with_window: bool) -> list[str]:
        """Say what the outlines mean."""
        wrong = int(self._plane().cut(self.differs).sum())
        key = [_FIRST + (" Thin: the others." if wrong > 1 else "")] if self.at else []
        if with_window and self.source is not None:
            key += self.source.notes()
        return [" ".join(key)] if key else []


def _others(differs: NDArray[np.bool_], first: Pair) -> list[Outline]:
    """Outline each wrong cell except the first, or all of them together if cells are tiny."""
    wrong = [(int(row), int(column)) for row, column in np.argwhere(differs)]
    if max(differs.shape) > MOST_READABLE:
        return [Outline(*heat.block(differs), "differs")] if len(wrong) > 1 else []
    return [Outline(place, class_="differs") for place in wrong if place != first]


def _apart(right: float, yours: float) -> tuple[str, str]:
    """Write two numbers with as many digits as it takes to tell them apart."""
    if label(right) != label(yours) and not abs(right - yours) < _NEAR:
        return label(right), label(yours)
    pairs = ((f"{right:.{digits}g}", f"{yours:.{digits}g}") for digits in range(6, 18))
    return next((pair for pair in pairs if pair[0] != pair[1]), (label(right), label(yours)))


def _two_shapes(right: NDArray[Any], yours: NDArray[Any]) -> Figure:
    """Draw what can be drawn of two arrays that cannot be subtracted."""
    lines = [f"The shapes differ: expected {right.shape}, yours {yours.shape}. {_first_axis(right.shape, yours.shape)}"]
    if reason := _too_much(right) or _too_much(yours):
        return sentence(" ".join([*lines, reason]))
    planes = [plane((0,) * array.ndim) for array in (right, yours)]
    tables = [_read(shown.cut(array)) for shown, array in zip(planes, (right, yours), strict=True)]
    scale = heat.scale_for(*tables)
    names = [f"{name}{shown.written()}" for name, shown in zip(("expected", "yours"), planes, strict=True)]
    return _drawn([Sheet(name, table, scale) for name, table in zip(names, tables, strict=True)], [], lines, [])


def _first_axis(right: Index, yours: Index) -> str:
    if len(right) != len(yours):
        return f"Expected {counted(len(right), 'axis', 'axes')}, yours has {counted(len(yours), 'axis', 'axes')}."
    axis = next(axis for axis, sizes in enumerate(zip(right, yours, strict=True)) if len(set(sizes)) > 1)
    return f"The first axis that differs is axis {axis}: expected {right[axis]}, yours {yours[axis]}."


def _alone(yours: NDArray[Any], at: Index | None) -> Figure:
    """Draw an answer without a hint at the right one."""
    known = _is_cell(at, yours.shape)
    cell = at if _is_cell(at, yours.shape) else (0,) * yours.ndim
    shown = plane(cell)
    lines = [f"The first wrong cell is {list(cell)}: you have {label(float(yours[cell]))}."] if known and cell else []
    if words := shown.words():
        lines.append(f"Shown: {words}.")
    if reason := _too_much(yours):
        return sentence(" ".join([*lines, reason]))
    table = _read(shown.cut(yours))
    outlines = [Outline(shown.cell())] if known else []
    return _drawn(
        [Sheet("yours", table, heat.scale_for(table), outlines)], [], lines, [_FIRST] if known and cell else []
    )


def _too_much(array: NDArray[Any]) -> str:
    """Say why an array is not drawn; empty if it can be."""
    if not array.size:
        return f"An array of shape {array.shape} is empty, so there is nothing to draw."
    if array.ndim > MOST_AXES:
        return f"An array with {array.ndim} axes cannot be drawn."
    if max(array.shape, default=1) > MOST_PIXELS or plane((0,) * array.ndim).cut(array).size > MOST_CELLS:
        return f"An array of shape {array.shape} is too large to draw."
    return ""


def _drawn(
    results: Sequence[Sheet], sources: Sequence[Sequence[Sheet]], lines: Sequence[str], key: Sequence[str]
) -> Figure:
    """Lay out the results, below them what the first wrong cell is made of, and the words at the bottom."""
    rows = [beside([sheet.drawing() for sheet in results], gap=32)]
    if sources:
        rows.append(beside([beside([sheet.drawing() for sheet in layer], gap=24) for layer in sources]))
    words = "\n".join([*lines, *key, *(sheet.words() for sheet in (*results, *itertools.chain(*sources)))])
    return picture(words, _explained(stacked(rows), lines, key))


def _explained(drawing: Drawing, lines: Sequence[str], key: Sequence[str]) -> Drawing:
    """Put the words that matter under a drawing, and in small print what its outlines mean."""
    wrapped = [part.replace("-", _MINUS) for line in lines for part in textwrap.wrap(line, WIDTH)]
    body = "".join(text(line, 0, drawing.height + 30 + 22 * place) for place, line in enumerate(wrapped))
    height = drawing.height + 12 + 22 * len(wrapped)
    explained = Drawing(drawing.body + body, max([drawing.width, *(8.0 * len(line) for line in wrapped)]), height)
    small = [part.replace("-", _MINUS) for line in key for part in textwrap.wrap(line, WIDTH + 14)]
    return noted(explained, *small) if small else explained
