"""How windows are pooled, and where a fault may sit: in their starts, their reduction, the arguments, the result."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from solutions.faults import around
from solutions.faults.around import Around, Function, in_type_given
from solutions.reference.shapes import FloatArray, Padding, Pair, Size, float_arrays, pair, same_padding

Starts = Callable[[int, int, int, Padding], range]  # pixels, pool size, stride, padding -> where windows start
Reduce = Callable[[FloatArray, Pair], FloatArray]  # the pixels of a window that exist, its full size -> (n, c)
Arguments = tuple[FloatArray, Size, Size | None, Padding]


def as_pooling(compute: Callable[[FloatArray, Pair, Pair, Padding], Any]) -> Function:
    """A pooling function that computes from its arguments once they are read."""

    def wrong(x: ArrayLike, pool_size: Size = 2, strides: Size | None = None, padding: Padding = "valid") -> Any:
        return compute(*_read(x, pool_size, strides, padding))

    return wrong


def _read(
    x: ArrayLike, pool_size: Size = 2, strides: Size | None = None, padding: Padding = "valid"
) -> tuple[FloatArray, Pair, Pair, Padding]:
    """Read the arguments of a pooling function: images as floats, sizes as pairs, the default strides filled in."""
    (images,), size = float_arrays(x), pair("pool_size", pool_size)
    return images, size, size if strides is None else pair("strides", strides), padding


def windowed(starts: Starts, reduce: Reduce) -> Function:
    """Pool windows that start at `starts` along each axis and end at the border of the image."""

    def compute(x: FloatArray, size: Pair, step: Pair, padding: Padding) -> FloatArray:
        rows, columns = (starts(*axis, padding) for axis in zip(x.shape[1:3], size, step, strict=True))
        return pool_at(x, size, rows, columns, reduce)

    return as_pooling(compute)


def read_with(pool: Function, change: Callable[[FloatArray, Pair, Pair, Padding], Arguments]) -> Around:
    """Pool rightly, but with other arguments; images are handed on in the type they were given in."""

    def changed(x: ArrayLike, *given: Any, **named: Any) -> tuple[Any, ...]:
        arguments = _read(x, *given, **named)
        images, *others = change(*arguments)
        return in_type_given(x, arguments[0], images), *others

    return around.read_with(pool, changed)


def pool_at(images: FloatArray, size: Pair, rows: range, columns: range, reduce: Reduce) -> FloatArray:
    """Reduce the windows that start at these rows and columns."""
    maps = np.zeros((len(images), len(rows), len(columns), images.shape[3]), images.dtype)
    for (i, top), (j, left) in product(enumerate(rows), enumerate(columns)):
        # A negative stop would wrap round: a window that ends before the image has no pixels.
        window = images[:, max(top, 0) : max(top + size[0], 0), max(left, 0) : max(left + size[1], 0)]
        maps[:, i, j] = reduce(window, size)
    return maps


def right_starts(n: int, k: int, stride: int, padding: Padding) -> range:
    """Start the right windows, the first ones before the image if it is padded."""
    before, after = same_padding(n, k, stride) if padding == "same" else (0, 0)
    return range(-before, n + after - k + 1, stride)


def under_same(starts: Starts) -> Starts:
    """Take wrong starts under "same" only."""
    return lambda n, k, stride, padding: (starts if padding == "same" else right_starts)(n, k, stride, padding)


def under_valid(starts: Starts) -> Starts:
    """Take wrong starts under "valid" only."""
    return lambda n, k, stride, padding: (starts if padding == "valid" else right_starts)(n, k, stride, padding)


def largest(window: FloatArray, size: Pair) -> FloatArray:
    """The largest pixel."""
    values: FloatArray = window.max(axis=(1, 2), initial=-np.inf)
    return values


def smallest(window: FloatArray, size: Pair) -> FloatArray:
    """The smallest pixel."""
    values: FloatArray = window.min(axis=(1, 2), initial=np.inf)
    return values


def middle(window: FloatArray, size: Pair) -> FloatArray:
    """The median of the pixels."""
    values: FloatArray = np.median(window, axis=(1, 2))
    return values


def place_of_the_largest(window: FloatArray, size: Pair) -> FloatArray:
    """The number of the largest pixel, counted row by row."""
    places: FloatArray = window.reshape(len(window), -1, window.shape[3]).argmax(axis=1).astype(window.dtype)
    return places


def total(window: FloatArray, size: Pair) -> FloatArray:
    """The sum of the pixels."""
    values: FloatArray = window.sum(axis=(1, 2))
    return values


def cells(window: FloatArray, size: Pair) -> FloatArray:
    """The number of pixels that exist."""
    return np.full((len(window), window.shape[3]), window.shape[1] * window.shape[2], window.dtype)


def mean(window: FloatArray, size: Pair) -> FloatArray:
    """The mean of the pixels that exist."""
    with np.errstate(invalid="ignore"):  # 0 / 0 where a window lies outside the image
        return total(window, size) / cells(window, size)
