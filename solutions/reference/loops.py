"""The same answers as plain loops: slow and obvious, the oracle that the tests hold the rest against.

Nothing here is shared with the other modules, so that one mistake cannot be in both. Only right arguments are
meant: what is refused is written in `conv`, `pool` and `shapes`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions.reference.errors import ShapeError, named_in_errors

FloatArray = NDArray[np.floating[Any]]
Pair = tuple[int, int]
Size = int | Sequence[int]
Padding = Literal["valid", "same"]
DataFormat = Literal["channels_last", "channels_first"]
Activation = Literal["relu"] | Callable[[FloatArray], FloatArray] | None
Reduction = Callable[[list[float]], float]


@named_in_errors
def output_size(n: int, k: int, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> int:
    """Count the windows along one axis by moving one over it; arguments as in `shapes.output_size`."""
    last = (k - 1) * dilation
    # "valid" asks that the last cell is still on the image, "same" only that the step is.
    count = len([start for start in range(0, n, stride) if padding == "same" or start + last < n])
    if count == 0:
        raise ShapeError(f"no window of {k} cells fits", f"the image has {n} pixels", "take a smaller window")
    return count


def same_padding(n: int, k: int, stride: int = 1, dilation: int = 1) -> Pair:
    """Add pixels one by one, after and before in turn, until every window fits; as `shapes.same_padding`."""
    before = after = 0
    while n + before + after < (k - 1) * dilation + 1 + (math.ceil(n / stride) - 1) * stride:
        if before == after:
            after += 1
        else:
            before += 1
    return before, after


def pad2d(x: ArrayLike, pads: Sequence[Sequence[int]], value: float = 0.0) -> FloatArray:
    """Copy every pixel into a larger array; arguments as in `shapes.pad2d`."""
    images = np.asarray(x)
    (top, bottom), (left, right) = pads
    n, height, width, c = images.shape
    padded = np.full((n, top + height + bottom, left + width + right, c), value, _dtype(images))
    for image, row, column, channel in np.ndindex(images.shape):
        padded[image, top + row, left + column, channel] = images[image, row, column, channel]
    return padded


def conv2d(  # noqa: PLR0913 - the arguments are Keras's
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    strides: Size = 1,
    padding: Padding = "valid",
    data_format: DataFormat = "channels_last",
    dilation_rate: Size = 1,
    groups: int = 1,
    activation: Activation = None,
) -> FloatArray:
    """Add up the products of every window with every filter; arguments as in `conv.conv2d`."""
    images, filters = _to_channels_last(np.asarray(x), data_format), np.asarray(w)
    bias = np.zeros(filters.shape[3], filters.dtype) if b is None else np.asarray(b)
    rows, columns = _starts(images.shape, filters.shape, strides, padding, dilation_rate)
    dilation_y, dilation_x = _two(dilation_rate)
    maps = np.zeros((images.shape[0], len(rows), len(columns), filters.shape[3]))
    for image, y, x_, o in np.ndindex(maps.shape):
        first_channel = o // (filters.shape[3] // groups) * filters.shape[2]
        total = float(bias[o])
        for i, j, c in np.ndindex(filters.shape[:3]):
            row, column = rows[y] + i * dilation_y, columns[x_] + j * dilation_x
            if 0 <= row < images.shape[1] and 0 <= column < images.shape[2]:
                total += float(images[image, row, column, first_channel + c]) * float(filters[i, j, c, o])
        maps[image, y, x_, o] = max(total, 0.0) if activation == "relu" else total
    result = _to_data_format(maps.astype(_dtype(images, filters, bias)), data_format)
    return activation(result) if callable(activation) else result


def max_pool2d(
    x: ArrayLike,
    pool_size: Size = 2,
    strides: Size | None = None,
    padding: Padding = "valid",
    data_format: DataFormat = "channels_last",
) -> FloatArray:
    """Look for the largest pixel of every window; arguments as in `pool.max_pool2d`."""
    return _pool(max, x, pool_size, strides, padding, data_format)


def avg_pool2d(
    x: ArrayLike,
    pool_size: Size = 2,
    strides: Size | None = None,
    padding: Padding = "valid",
    data_format: DataFormat = "channels_last",
) -> FloatArray:
    """Divide the sum of every window's pixels by their number; arguments as in `pool.avg_pool2d`."""
    return _pool(_mean, x, pool_size, strides, padding, data_format)


def global_max_pool(x: ArrayLike, keepdims: bool = False, data_format: DataFormat = "channels_last") -> FloatArray:
    """Look for the largest pixel of every channel; arguments as in `pool.global_max_pool`."""
    return _global_pool(max, x, keepdims, data_format)


def global_avg_pool(x: ArrayLike, keepdims: bool = False, data_format: DataFormat = "channels_last") -> FloatArray:
    """Divide the sum of every channel by the number of its pixels; arguments as in `pool.global_avg_pool`."""
    return _global_pool(_mean, x, keepdims, data_format)


def _pool(
    reduction: Reduction,
    x: ArrayLike,
    pool_size: Size,
    strides: Size | None,
    padding: Padding,
    data_format: DataFormat,
) -> FloatArray:
    images = _to_channels_last(np.asarray(x), data_format)
    size = _two(pool_size)
    rows, columns = _starts(images.shape, size, size if strides is None else strides, padding, 1)
    pooled = np.zeros((images.shape[0], len(rows), len(columns), images.shape[3]))
    for image, y, x_, c in np.ndindex(pooled.shape):
        pixels = []
        for i, j in np.ndindex(size):
            row, column = rows[y] + i, columns[x_] + j
            if 0 <= row < images.shape[1] and 0 <= column < images.shape[2]:
                pixels.append(float(images[image, row, column, c]))
        pooled[image, y, x_, c] = reduction(pixels)
    return _to_data_format(pooled.astype(_dtype(images)), data_format)


def _global_pool(reduction: Reduction, x: ArrayLike, keepdims: bool, data_format: DataFormat) -> FloatArray:
    images = _to_channels_last(np.asarray(x), data_format)
    n, height, width, channels = images.shape
    pooled = np.zeros((n, 1, 1, channels))
    for image, c in np.ndindex(n, channels):
        pooled[image, 0, 0, c] = reduction([float(images[image, y, x_, c]) for y, x_ in np.ndindex(height, width)])
    result = pooled.astype(_dtype(images))
    return _to_data_format(result, data_format) if keepdims else result[:, 0, 0, :]


def _mean(pixels: list[float]) -> float:
    return sum(pixels) / len(pixels)


def _starts(
    images: Sequence[int], kernel: Sequence[int], strides: Size, padding: Padding, dilation_rate: Size
) -> Iterator[list[int]]:
    """List the first row, and then the first column, of every window; below 0 if it starts in the padding."""
    for n, k, stride, dilation in zip(images[1:3], kernel[:2], _two(strides), _two(dilation_rate), strict=True):
        before = same_padding(n, k, stride, dilation)[0] if padding == "same" else 0
        yield [y * stride - before for y in range(output_size(n, k, stride, padding, dilation))]


def _two(size: Size) -> Pair:
    if isinstance(size, int):
        return size, size
    height, width = size
    return height, width


def _dtype(*arrays: NDArray[Any]) -> type[np.floating[Any]]:
    return np.float32 if {array.dtype for array in arrays} == {np.dtype(np.float32)} else np.float64


def _to_channels_last(images: NDArray[Any], data_format: DataFormat) -> NDArray[Any]:
    return images.transpose(0, 2, 3, 1) if data_format == "channels_first" else images


def _to_data_format(maps: FloatArray, data_format: DataFormat) -> FloatArray:
    return maps.transpose(0, 3, 1, 2) if data_format == "channels_first" else maps
