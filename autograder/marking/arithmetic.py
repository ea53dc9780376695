"""One cell of a result, worked out by hand: the cells of its window, the products, their sum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import CourseError
from autograder.model import Windows
from autograder.numbers import Numbers, label

LONGEST = 72  # characters of all terms together

Index = tuple[int, ...]


def arithmetic(windows: Windows, arguments: Mapping[str, Any], at: Index, value: float) -> str:
    """Write out how one cell of the result is reached: "2·1 + 0·4 + ... + 3·(-1) + 0.5 (b) = 5".

    The result is an argument and not computed here: students have this code, and could hand in what it computes.

    Args:
        windows: which cells make which.
        arguments: the arguments of the call by name, defaults included.
        at: index of the cell in the result.
        value: what the cell is expected to hold.

    Raises:
        CourseError: the windows do not fit the arguments, or the result that the index is of.
    """
    try:
        array = np.asarray(arguments[windows.argument])
        cells, real = window(windows, array, at)
        made_of = weights(windows, arguments, at), _added(windows, arguments, at)
        return str(_Working(windows, places(windows, at), cells, real, *made_of, value))
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise CourseError(
            f"windows on {windows.argument}: {error!r} at {list(at)}. Windows must fit every cell of the result; "
            "compare them with the arguments."
        ) from error


def places(windows: Windows, at: Sequence[Any]) -> list[NDArray[np.intp]]:
    """List where one window lies along each axis of its argument; indices outside the array are padding."""
    dilation = windows.dilation or (1,) * len(windows.size)
    starts = (
        first if axis is None else first + step * at[axis]
        for first, step, axis in zip(windows.first, windows.step, windows.follows, strict=True)
    )
    return [start + gap * np.arange(size) for start, gap, size in zip(starts, dilation, windows.size, strict=True)]


def window(windows: Windows, array: NDArray[Any], at: Index) -> tuple[Numbers, NDArray[np.bool_]]:
    """Cut out one window, shape `windows.size`, with 0 for padding; and say which of its cells are real."""
    along = list(zip(places(windows, at), array.shape, strict=True))
    inside = [(place >= 0) & (place < length) for place, length in along]
    real = np.asarray(np.logical_and.reduce(np.meshgrid(*inside, indexing="ij")), dtype=bool)
    near = [np.clip(place, 0, length - 1) for place, length in along]
    return np.where(real, array[np.ix_(*near)].astype(np.float64), 0.0), real


def weights(windows: Windows, arguments: Mapping[str, Any], at: Index) -> Numbers | None:
    """Find what each cell of a window is multiplied by, shape `windows.size`; None without weights.

    Flipped weights are flipped along the axes that windows move along: height and width, not channels.
    """
    if windows.weights is None:
        return None
    array = np.asarray(arguments[windows.weights], dtype=np.float64)
    if windows.chosen:
        pairs = zip(windows.chosen, array.shape, strict=True)
        array = array[tuple(slice(None) if axis is None else at[axis] for axis, _ in pairs)]
    array = array.reshape(windows.size)
    if not windows.flipped:
        return array
    moving = [axis for axis, followed in enumerate(windows.follows) if followed is not None]
    return np.flip(array, tuple(moving) or None)


def _added(windows: Windows, arguments: Mapping[str, Any], at: Index) -> float | None:
    given = None if windows.added is None else arguments[windows.added]
    if given is None:
        return None
    array = np.asarray(given, dtype=np.float64)
    return float(array[at[-1]] if array.ndim else array)


@dataclass(frozen=True)
class _Working:
    """What one cell of a result is made of.

    Attributes:
        windows: how the cells are combined.
        places: where the window lies along each axis of the argument.
        cells: the window; padding is 0.
        real: which of its cells are not padding.
        weights: what each cell is multiplied by, if anything.
        added: what is added at the end, if anything.
        value: the result.
    """

    windows: Windows
    places: Sequence[NDArray[np.intp]]
    cells: Numbers
    real: NDArray[np.bool_]
    weights: Numbers | None
    added: float | None
    value: float

    def __str__(self) -> str:
        """All of it as one sum, with what comes after it: "max(2·1 + 3·(-2), 0) = 0"."""
        value = label(self.value)
        plus = "" if self.added is None else f" + {_factor(self.added)} ({self.windows.added})"
        if self.windows.at_least is not None:
            return f"max({self._terms()}{plus}, {label(self.windows.at_least)}) = {value}"
        if self.windows.reduce in ("max", "min") and not plus:
            return f"{self._terms()} is {value}" if self.real.any() else f"{self._terms()}: {value}"
        return f"{self._terms()}{plus} = {value}"

    def _terms(self) -> str:
        """The reduction of the window, before anything is added."""
        if self.windows.reduce == "sum":
            return self._only_cell() if self.cells.size == 1 and self.weights is None else self._summed()
        if not self.real.any():
            return f"no cell of {self.windows.argument} lies in this window"
        if self.windows.reduce in ("max", "min"):
            extreme = "largest" if self.windows.reduce == "max" else "smallest"
            return f"the {extreme} of {_shortened(self._written(), ', ', '...')}"
        return f"({self._summed()}) / {self.real.sum()}"

    def _summed(self) -> str:
        """The terms with plus signs, or minus where there is nothing to multiply: 2·1 + 3·(-1), or 2 - 3."""
        first, *others = self._written()
        if self.weights is not None:
            return _shortened([first, *others], " + ", "...")
        signed = [f"- {term[1:]}" if term.startswith("-") else f"+ {term}" for term in others]
        return _shortened([first, *signed], " ", "+ ...")

    def _written(self) -> list[str]:
        """Each term as it is read: 3, or 3·(-1) where there are weights."""
        counted = np.ones_like(self.real) if self.windows.reduce == "sum" else self.real
        first, *others = self.cells[counted].tolist()
        cells = [label(first), *map(label if self.weights is None else _factor, others)]
        if self.weights is None:
            return cells
        return [f"{cell}·{_factor(weight)}" for cell, weight in zip(cells, self.weights[counted], strict=True)]

    def _only_cell(self) -> str:
        """Name the one cell that is looked at."""
        if not self.real.all():
            return "padding"
        return f"{self.windows.argument}[{', '.join(str(place[0]) for place in self.places)}]"


def _factor(value: float) -> str:
    written = label(value)
    return f"({written})" if written.startswith("-") else written


def _shortened(parts: Sequence[str], between: str, gap: str) -> str:
    """Join parts, without some of the middle if that is too long."""
    whole = between.join(parts)
    kept = len(parts) - 1
    while len(whole) > LONGEST and kept > 1:
        whole = between.join([*parts[: kept - kept // 2], gap, *parts[len(parts) - kept // 2 :]])
        kept -= 1
    return whole
