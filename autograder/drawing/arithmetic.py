"""One cell of a result as people work it out: the cells of its window, the products, their sum."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.drawing.numbers import Numbers, label, settled
from autograder.errors import CourseError
from autograder.model import Windows

LONGEST = 72  # characters of all terms together
MOST_AT_ONCE = 1 << 20  # cells of windows that are looked at together
REDUCTIONS = ("sum", "max", "min", "mean")

Index = tuple[int, ...]


def arithmetic(windows: Windows, arguments: Mapping[str, Any], at: Index) -> str:
    """Write out how one cell of the result is reached: "2·1 + 0·4 + ... + 3·(-1) + 0.5 (b) = 5".

    Args:
        windows: which cells make which.
        arguments: the arguments of the call by name, defaults included.
        at: index of the cell in the result.

    Raises:
        CourseError: the windows do not fit the arguments, or the result that the index is of.
    """
    return str(work_out(windows, arguments, at))


def work_out(windows: Windows, arguments: Mapping[str, Any], at: Index) -> Working:
    """Collect the numbers that one cell of the result is made of; `value` of it is what the cell has to hold.

    Raises:
        CourseError: as in `arithmetic`.
    """
    try:
        array = np.asarray(arguments[windows.argument])
        cells, real = window(windows, array, at)
        return Working(
            windows, places(windows, at), cells, real, weights(windows, arguments, at), _added(windows, arguments, at)
        )
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise CourseError(
            f"windows on {windows.argument}: they give {error!r} at {list(at)}, but have to fit every cell of the "
            "result; compare them with the arguments"
        ) from error


def values(windows: Windows, arguments: Mapping[str, Any], shape: tuple[int, ...]) -> Numbers:
    """Work out every cell of a result as `work_out` does one, all at once.

    Raises:
        CourseError: as in `arithmetic`.
    """
    number = math.prod(shape)
    try:
        at_once = max(1, MOST_AT_ONCE // max(1, math.prod(windows.size)))
        parts = [
            _several(
                windows, arguments, np.unravel_index(np.arange(start, min(start + at_once, number)), shape or (1,))
            )
            for start in range(0, number, at_once)
        ]
    except (KeyError, IndexError, ValueError, TypeError) as error:
        raise CourseError(
            f"windows on {windows.argument}: they give {error!r}, but have to fit every cell of the result of shape "
            f"{shape}; compare them with the arguments"
        ) from error
    return np.concatenate([np.zeros(0), *parts]).reshape(shape)


def _several(windows: Windows, arguments: Mapping[str, Any], at: Sequence[NDArray[np.intp]]) -> Numbers:
    """The values of several cells of a result, whose indices along each axis these are."""
    array = np.asarray(arguments[windows.argument])
    count, rank = len(at[0]), len(windows.size)
    near, inside = [], []
    for axis, (along, length) in enumerate(
        zip(places(windows, [index[:, None] for index in at]), array.shape, strict=True)
    ):
        shape = (-1, *(1,) * axis, windows.size[axis], *(1,) * (rank - axis - 1))
        near.append(np.clip(along, 0, length - 1).reshape(shape))
        inside.append(((along >= 0) & (along < length)).reshape(shape))
    whole = (count, *windows.size)
    real = np.broadcast_to(functools.reduce(np.logical_and, inside), whole)
    terms = np.where(real, array[tuple(near)].astype(np.float64), 0.0)
    with np.errstate(all="ignore"):
        if windows.weights is not None:
            terms = terms * _weights_of_several(windows, np.asarray(arguments[windows.weights], dtype=np.float64), at)
        terms, counted = terms.reshape(count, -1), real.reshape(count, -1)
        if windows.reduce == "max":
            found = np.where(counted, terms, -np.inf).max(axis=1, initial=-np.inf)
        elif windows.reduce == "min":
            found = np.where(counted, terms, np.inf).min(axis=1, initial=np.inf)
        elif windows.reduce == "mean":
            found = np.where(counted, terms, 0.0).sum(axis=1) / counted.sum(axis=1)
        else:
            found = terms.sum(axis=1)
    given = None if windows.added is None else arguments[windows.added]
    if given is not None:
        added = np.asarray(given, dtype=np.float64)
        found = found + (added[at[-1]] if added.ndim else added)
    return np.asarray(found if windows.at_least is None else np.maximum(found, windows.at_least), dtype=np.float64)


def _weights_of_several(windows: Windows, array: Numbers, at: Sequence[NDArray[np.intp]]) -> Numbers:
    """What the cells of several windows are multiplied by, with an axis for the windows in front."""
    axes = windows.chosen or (None,) * array.ndim
    chosen = [place for place, (axis, _) in enumerate(zip(axes, array.shape, strict=True)) if axis is not None]
    first = np.moveaxis(array, chosen, range(len(chosen)))
    picked = first[tuple(at[axis] for axis in axes if axis is not None)] if chosen else first[None]
    laid = picked.reshape(len(picked), *windows.size)
    moving = [axis + 1 for axis, followed in enumerate(windows.follows) if followed is not None]
    return np.flip(laid, tuple(moving) or tuple(range(1, laid.ndim))) if windows.flipped else laid


def places(windows: Windows, at: Sequence[Any]) -> list[NDArray[np.intp]]:
    """List where one window lies along each axis of its argument; what is below 0 or too large is padding."""
    dilation = windows.dilation or (1,) * len(windows.size)
    starts = (
        first if axis is None else first + step * at[axis]
        for first, step, axis in zip(windows.first, windows.step, windows.follows, strict=True)
    )
    return [start + gap * np.arange(size) for start, gap, size in zip(starts, dilation, windows.size, strict=True)]


def window(windows: Windows, array: NDArray[Any], at: Index) -> tuple[Numbers, NDArray[np.bool_]]:
    """Cut out one window, shape `windows.size`, padding as 0; and say which of its cells are real."""
    along = list(zip(places(windows, at), array.shape, strict=True))
    inside = [(place >= 0) & (place < length) for place, length in along]
    real = np.asarray(np.logical_and.reduce(np.meshgrid(*inside, indexing="ij")), dtype=bool)
    near = [np.clip(place, 0, length - 1) for place, length in along]
    return np.where(real, array[np.ix_(*near)].astype(np.float64), 0.0), real


def weights(windows: Windows, arguments: Mapping[str, Any], at: Index) -> Numbers | None:
    """Find what each cell of a window is multiplied by, shape `windows.size`; None if it is not multiplied.

    Turned weights are turned along the axes that windows move along: two of an image, and not its channels.
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
class Working:
    """What one cell of a result is made of.

    Attributes:
        windows: what is done with the cells.
        places: where the window lies along each axis of the argument.
        cells: the window; padding is 0.
        real: which of its cells are no padding.
        weights: what each cell is multiplied by, if it is.
        added: what is added at the end, if anything is.
    """

    windows: Windows
    places: Sequence[NDArray[np.intp]]
    cells: Numbers
    real: NDArray[np.bool_]
    weights: Numbers | None
    added: float | None

    @property
    def value(self) -> float:
        """What the cell has to hold."""
        return self._values()[-1]

    def __str__(self) -> str:
        """All of it as one sum, with what comes after it: "... = -4, and max(-4, 0) = 0"."""
        reduced, with_added, value = self._values()
        plus = "" if self.added is None else f" + {_factor(self.added)} ({self.windows.added})"
        if self.windows.reduce == "sum":
            terms = self._only_cell() if self.cells.size == 1 and self.weights is None else self._summed()
            text = f"{terms}{plus} = {label(with_added)}"
        else:
            text = self._reduced(reduced) + (f", and {label(reduced)}{plus} = {label(with_added)}" if plus else "")
        if self.windows.at_least is None:
            return text
        least = label(self.windows.at_least)
        return f"{text}, and max({label(with_added)}, {least}) = {label(value)}"

    def _values(self) -> tuple[float, float, float]:
        """The cells reduced to one number, that with what is added, and the result."""
        terms = self._numbers()
        # Infinity minus infinity is nan, which then is what the cell has to hold.
        with np.errstate(all="ignore"):
            match self.windows.reduce:
                case "max":
                    reduced = terms.max(initial=-np.inf)
                case "min":
                    reduced = terms.min(initial=np.inf)
                case "mean":
                    reduced = terms.mean() if terms.size else np.float64(np.nan)
                case _:
                    reduced = terms.sum()
            with_added = reduced + (self.added or 0.0)
        sizes = np.append(terms, self.added or 0.0)
        reduced, with_added = settled(np.array([reduced, with_added]), sizes)
        least = -np.inf if self.windows.at_least is None else self.windows.at_least
        return float(reduced), float(with_added), float(np.maximum(with_added, least))

    def _numbers(self) -> Numbers:
        """The terms: products, or the cells themselves; padding counts in a sum only."""
        with np.errstate(all="ignore"):
            products = self.cells if self.weights is None else self.cells * self.weights
        return products.reshape(-1) if self.windows.reduce == "sum" else products[self.real]

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

    def _reduced(self, value: float) -> str:
        if not self.real.any():
            return f"no cell of {self.windows.argument} lies in this window"
        if self.windows.reduce in ("max", "min"):
            extreme = "largest" if self.windows.reduce == "max" else "smallest"
            return f"the {extreme} of {_shortened(self._written(), ', ', '...')} is {label(value)}"
        return f"({self._summed()}) / {self.real.sum()} = {label(value)}"


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
