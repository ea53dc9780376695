"""Every cell of a result, computed from its windows, to check what an author declares.

This computes answers, so students do not get it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import CourseError
from autograder.marking.arithmetic import places
from autograder.model import Windows
from autograder.numbers import Numbers

MOST_AT_ONCE = 1 << 20  # cells of windows that are computed together
REDUCTIONS = ("sum", "max", "min", "mean")


def values(windows: Windows, arguments: Mapping[str, Any], shape: tuple[int, ...]) -> Numbers:
    """Compute every cell of a result from its window.

    Args:
        windows: which cells make which.
        arguments: the arguments of the call by name, defaults included.
        shape: of the result.

    Raises:
        CourseError: the windows do not fit the arguments or the result.
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
            f"windows on {windows.argument}: {error!r}. Windows must fit every cell of the result of shape {shape}; "
            "compare them with the arguments."
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
            reduced = np.where(counted, terms, -np.inf).max(axis=1, initial=-np.inf)
        elif windows.reduce == "min":
            reduced = np.where(counted, terms, np.inf).min(axis=1, initial=np.inf)
        elif windows.reduce == "mean":
            reduced = np.where(counted, terms, 0.0).sum(axis=1) / counted.sum(axis=1)
        else:
            reduced = terms.sum(axis=1)
    given = None if windows.added is None else arguments[windows.added]
    if given is not None:
        added = np.asarray(given, dtype=np.float64)
        reduced = reduced + (added[at[-1]] if added.ndim else added)
    return np.asarray(reduced if windows.at_least is None else np.maximum(reduced, windows.at_least), dtype=np.float64)


def _weights_of_several(windows: Windows, array: Numbers, at: Sequence[NDArray[np.intp]]) -> Numbers:
    """What the cells of several windows are multiplied by, with an axis for the windows in front."""
    axes = windows.chosen or (None,) * array.ndim
    chosen = [place for place, (axis, _) in enumerate(zip(axes, array.shape, strict=True)) if axis is not None]
    first = np.moveaxis(array, chosen, range(len(chosen)))
    picked = first[tuple(at[axis] for axis in axes if axis is not None)] if chosen else first[None]
    laid = picked.reshape(len(picked), *windows.size)
    moving = [axis + 1 for axis, followed in enumerate(windows.follows) if followed is not None]
    return np.flip(laid, tuple(moving) or tuple(range(1, laid.ndim))) if windows.flipped else laid
