"""Gradients: how a loss changes with what went into a layer, when its change with what came out is known.

`dy` is the gradient of the loss by the maps, and has their shape. Each pixel collects what every window that covers it
passes back; padding takes its part and is cut off, and a pixel in no window gets 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions import conv, pool
from solutions.errors import ShapeError
from solutions.shapes import (
    DataFormat,
    FloatArray,
    Padding,
    Pair,
    Size,
    as_data_format,
    channels_last,
    float_arrays,
    pad2d,
    windows,
    without_float_warnings,
)

Pads = tuple[Pair, Pair]


@without_float_warnings
def conv2d_backward(  # noqa: PLR0913 - the arguments are Keras's
    dy: ArrayLike,
    x: ArrayLike,
    w: ArrayLike,
    *,
    strides: Size = 1,
    padding: Padding = "valid",
    data_format: DataFormat = "channels_last",
    dilation_rate: Size = 1,
    groups: int = 1,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Differentiate `conv2d` without activation by its images, its filters and its bias.

    Args:
        dy: gradient by the maps, shape (n, y, x, o), or (n, o, y, x) for "channels_first".
        x: images, shape (n, height, width, c), or (n, c, height, width) for "channels_first".
        w: filters, shape (i, j, c / groups, o) in both data formats.
        strides: as in `conv2d`.
        padding: as in `conv2d`.
        data_format: as in `conv2d`.
        dilation_rate: as in `conv2d`.
        groups: as in `conv2d`.

    Returns:
        (dx, dw, db), of the shapes of x, of w and (o,). float32 if all arguments are, and otherwise float64.

    Raises:
        ShapeError: dy has not the shape of the maps, or `conv2d` refuses the rest.
    """
    where = "conv2d_backward"
    gradient, images, filters = float_arrays(dy, x, w)
    images = channels_last(where, images, data_format)
    step, dilation, pads = conv.layout(
        where, images, filters, strides=strides, padding=padding, dilation_rate=dilation_rate, groups=groups
    )
    patches = windows(pad2d(images, pads), filters.shape[:2], step, dilation)
    gradient = _read_gradient(where, gradient, (*patches.shape[:3], filters.shape[-1]), data_format)
    by_patch, by_filter = [], []
    for part, own, passed in zip(*(np.split(a, groups, axis=-1) for a in (patches, filters, gradient)), strict=True):
        by_filter.append(np.einsum("nyxijc,nyxo->ijco", part, passed, optimize=True))
        by_patch.append(np.einsum("nyxo,ijco->nyxijc", passed, own, optimize=True))
    dx = _collect(np.concatenate(by_patch, axis=-1), images.shape[1:3], pads, step, dilation)
    return as_data_format(dx, data_format), np.concatenate(by_filter, axis=-1), gradient.sum(axis=(0, 1, 2))


@without_float_warnings
def max_pool2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    pool_size: Size = 2,
    strides: Size | None = None,
    padding: Padding = "valid",
    data_format: DataFormat = "channels_last",
) -> FloatArray:
    """Pass each window's gradient to its largest pixel.

    Of equal maxima the first one takes all, row by row from the top left. That is torch's rule on a CPU: `val > maxval`
    in aten/src/ATen/native/cpu/MaxPoolKernel.cpp lets no later pixel win that is only as large. NaN counts as largest.

    Args:
        dy: gradient by the pooled maps, shape (n, y, x, c), or (n, c, y, x) for "channels_first".
        x: images, shape (n, height, width, c), or (n, c, height, width) for "channels_first".
        pool_size: as in `max_pool2d`.
        strides: as in `max_pool2d`.
        padding: as in `max_pool2d`; what lies outside the image gets no gradient.
        data_format: as in `max_pool2d`.

    Returns:
        Gradient by the images, of their shape. float32 if both arguments are, and otherwise float64.

    Raises:
        ShapeError: dy has not the shape of the maps, or `max_pool2d` refuses the rest.
    """
    where = "max_pool2d_backward"
    gradient, images = float_arrays(dy, x)
    images = channels_last(where, images, data_format)
    size, step, pads = pool.layout(where, images, pool_size, strides, padding)
    patches = windows(pad2d(images, pads, -np.inf), size, step)
    gradient = _read_gradient(where, gradient, (*patches.shape[:3], patches.shape[-1]), data_format)
    maxima = patches.max(axis=(3, 4), keepdims=True)
    # Padding is as large as a pixel of -inf, but is not there to take its gradient.
    largest = ((patches == maxima) | np.isnan(patches)) & (_inside(images, pads, size, step) > 0)
    passed = np.where(_first(largest), gradient[:, :, :, None, None], 0)
    return as_data_format(_collect(passed, images.shape[1:3], pads, step), data_format)


@without_float_warnings
def avg_pool2d_backward(
    dy: ArrayLike,
    x: ArrayLike,
    pool_size: Size = 2,
    strides: Size | None = None,
    padding: Padding = "valid",
    data_format: DataFormat = "channels_last",
) -> FloatArray:
    """Pass each window's gradient to its pixels in equal parts; those outside the image are not counted.

    Args:
        dy: gradient by the pooled maps, shape (n, y, x, c), or (n, c, y, x) for "channels_first".
        x: images, shape (n, height, width, c), or (n, c, height, width) for "channels_first"; only their shape counts.
        pool_size: as in `avg_pool2d`.
        strides: as in `avg_pool2d`.
        padding: as in `avg_pool2d`.
        data_format: as in `avg_pool2d`.

    Returns:
        Gradient by the images, of their shape. float32 if both arguments are, and otherwise float64.

    Raises:
        ShapeError: dy has not the shape of the maps, or `avg_pool2d` refuses the rest.
    """
    where = "avg_pool2d_backward"
    gradient, images = float_arrays(dy, x)
    images = channels_last(where, images, data_format)
    size, step, pads = pool.layout(where, images, pool_size, strides, padding)
    inside = _inside(images, pads, size, step)
    gradient = _read_gradient(where, gradient, (len(images), *inside.shape[1:3], images.shape[-1]), data_format)
    shares = inside / inside.sum(axis=(3, 4), keepdims=True)
    dx = _collect(shares * gradient[:, :, :, None, None], images.shape[1:3], pads, step)
    return as_data_format(dx, data_format)


def _collect(
    patches: FloatArray, size: tuple[int, ...], pads: Pads, strides: Pair, dilation_rate: Pair = (1, 1)
) -> FloatArray:
    """Add (n, y, x, i, j, c) windows up where they lie in padded images of this size, and cut the padding off."""
    n, y, x, i, j, c = patches.shape
    (top, bottom), (left, right) = pads
    total = np.zeros((n, top + size[0] + bottom, left + size[1] + right, c), patches.dtype)
    for row, column in np.ndindex(i, j):
        down, along = row * dilation_rate[0], column * dilation_rate[1]
        rows = slice(down, down + (y - 1) * strides[0] + 1, strides[0])
        columns = slice(along, along + (x - 1) * strides[1] + 1, strides[1])
        total[:, rows, columns] += patches[:, :, :, row, column]
    return total[:, top : top + size[0], left : left + size[1]].copy()


def _inside(images: FloatArray, pads: Pads, pool_size: Pair, strides: Pair) -> FloatArray:
    """Mark the cells of each window that lie inside the image with 1, the others with 0; shape (1, y, x, i, j, 1)."""
    return windows(pad2d(np.ones((1, *images.shape[1:3], 1), images.dtype), pads), pool_size, strides)


def _first(marked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the first of the marked cells of each (n, y, x, i, j, c) window, in row-major order."""
    n, y, x, i, j, c = marked.shape
    first = marked.reshape(n, y, x, i * j, c).argmax(axis=3)
    kept: NDArray[np.bool_] = np.arange(i * j).reshape(i, j, 1) == first[:, :, :, None, None]
    return kept


def _read_gradient(where: str, gradient: FloatArray, maps: tuple[int, ...], data_format: DataFormat) -> FloatArray:
    """See dy as (n, y, x, o), and refuse it if the maps have another shape."""
    n, y, x, o = maps
    wanted = (n, o, y, x) if data_format == "channels_first" else maps
    if gradient.shape != wanted:
        raise ShapeError(
            where,
            f"dy has shape {gradient.shape}",
            f"the maps have shape {wanted}",
            "give one number for each of theirs",
        )
    return channels_last(where, gradient, data_format)
