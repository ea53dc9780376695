"""An einsum, letter by letter."""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograder.drawing.figure import Figure, FigureError, picture
from autograder.drawing.svg import Drawing, box, group, noted, text

_BOX, _STEP, _LINE = 46.0, 54.0, 74.0  # a box, from letter to letter, from row to row
_SUM = "\N{N-ARY SUMMATION}"


def einsum(letters: str, operands: Mapping[str, Sequence[int]]) -> Figure:
    """Draw the letters of an einsum as boxes with their sizes: those that are kept, and those that are summed.

    Args:
        letters: as for `numpy.einsum`, with an arrow, such as "nyxijc,ijco->nyxo".
        operands: name -> shape, in the order of the letters.

    Raises:
        FigureError: letters and shapes do not fit together.
    """
    terms, output = _terms(letters)
    shapes = {str(name): _shape(str(name), shape) for name, shape in operands.items()}
    if len(terms) != len(shapes):
        raise FigureError(
            f"einsum: {letters!r} has letters for {_count(len(terms), 'array')}, but the arrays are {len(shapes)}; "
            "write letters for each array, with commas between"
        )
    named = dict(zip(shapes, terms, strict=True))
    sizes = _sizes(named, shapes)
    if not set(output) <= set(sizes) or len(set(output)) < len(output):
        raise FigureError(
            f"einsum: the output is {output!r}, but must hold letters from before the arrow, each once; "
            f"choose from {''.join(sizes)!r}"
        )
    diagram = _Einsum(named, output, sizes)
    return picture("\n".join([letters, *diagram.words()]), diagram.drawing())


@dataclass(frozen=True)
class _Einsum:
    """The letters of each operand and of the output, and the size of each letter."""

    operands: dict[str, str]
    output: str
    sizes: dict[str, int]

    @property
    def terms(self) -> list[tuple[str, str]]:
        """Operands and output, each with its letters."""
        return [*self.operands.items(), ("output", self.output)]

    @property
    def summed(self) -> list[str]:
        return [letter for letter in self.sizes if letter not in self.output]

    def words(self) -> list[str]:
        lines = [
            f"{name}: letters {' '.join(letters) or 'none'}, shape {self._shape(letters)}"
            for name, letters in self.terms
        ]
        roles = [
            f"{letter}, size {length}: {'summed' if letter in self.summed else 'kept'}"
            for letter, length in self.sizes.items()
        ]
        return [*lines, *roles, self.arithmetic()]

    def arithmetic(self) -> str:
        """What one number of the output is made of."""
        numbers = _count(math.prod(self._shape(self.output)), "number")
        if not self.summed:
            return f"output: {numbers}; nothing is summed"
        products = _count(math.prod(self.sizes[letter] for letter in self.summed), "product")
        letters = ", ".join(f"{letter} {self.sizes[letter]}" for letter in self.summed)
        return f"output: {numbers}, each a sum of {products} (over {letters})"

    def drawing(self) -> Drawing:
        left = 24 + 8.2 * max(len(name) for name, _ in self.terms)
        rows = (group(self._row(*term, left), y=place * _LINE) for place, term in enumerate(self.terms))
        width = left + _STEP * max(2, *(max(self._columns(letters), default=0) + 1 for _, letters in self.terms))
        drawing = Drawing("".join(rows), width, len(self.terms) * _LINE - 14)
        return noted(
            drawing, self.arithmetic(), f"Solid: a letter that is kept. Dashed, with {_SUM}: one that is summed."
        )

    def _row(self, name: str, letters: str, left: float) -> str:
        boxes = (
            group(self._box(letter), x=left + column * _STEP)
            for letter, column in zip(letters, self._columns(letters), strict=True)
        )
        nothing = "" if letters else text("one number", left, _BOX / 2 + 5)
        return text(name, 0, _BOX / 2 + 5, "title") + "".join(boxes) + nothing

    def _box(self, letter: str) -> str:
        is_summed = letter in self.summed
        frame = box((2, 2, _BOX - 4, _BOX - 4), "window other" if is_summed else "window", radius=6)
        sign = text(_SUM, 6, 16, "note") if is_summed else ""
        length = text(self.sizes[letter], _BOX / 2, _BOX + 14, "number note")
        return frame + sign + text(letter, _BOX / 2, _BOX / 2 + 6, "letter") + length

    def _columns(self, letters: str) -> list[int]:
        """Where the letters stand: equal letters under each other, if no array then has them in another order."""
        order = "".join(self.sizes)
        columns = [[order.index(letter) for letter in term] for _, term in self.terms]
        if all(one == sorted(set(one)) for one in columns):
            return [order.index(letter) for letter in letters]
        return list(range(len(letters)))

    def _shape(self, letters: str) -> tuple[int, ...]:
        return tuple(self.sizes[letter] for letter in letters)


def _terms(letters: Any) -> tuple[list[str], str]:
    """Split "ij,jk->ik" into the letters of each array and those of the output."""
    inputs, arrow, output = str(letters).replace(" ", "").partition("->")
    terms = inputs.split(",")
    if not arrow or not all(letter.isascii() and letter.isalpha() for letter in "".join([*terms, output])):
        raise FigureError(
            f"einsum: letters is {letters!r}, but must be letters, commas and one arrow; write it as in 'ij,jk->ik'"
        )
    return terms, output


def _shape(name: str, shape: Any) -> tuple[int, ...]:
    try:
        lengths = tuple(map(operator.index, shape))
    except TypeError:
        lengths = (0,)
    if min(lengths, default=1) < 1:
        raise FigureError(
            f"einsum: the shape of {name} is {shape!r}, but must be whole numbers, 1 or more; hand over {name}.shape"
        )
    return lengths


def _sizes(named: Mapping[str, str], shapes: Mapping[str, tuple[int, ...]]) -> dict[str, int]:
    """Find the size of each letter, in the order in which the letters appear."""
    sizes: dict[str, int] = {}
    for name, letters in named.items():
        if len(letters) != len(shapes[name]):
            raise FigureError(
                f"einsum: {name} has shape {shapes[name]}, but {letters!r} has {_count(len(letters), 'letter')}; "
                "write one letter for each axis"
            )
        for letter, length in zip(letters, shapes[name], strict=True):
            if sizes.setdefault(letter, length) != length:
                raise FigureError(
                    f"einsum: {letter} has size {length} in {name}, but {sizes[letter]} before; "
                    "give axes of different sizes different letters"
                )
    return sizes


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
