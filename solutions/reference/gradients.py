"""Gradients: how a loss changes with what went into a layer, when its change with what came out is known.

`dy` is the gradient of the loss by the maps, and has their shape. Each pixel collects what every window that covers it
passes back; padding takes its part and is cut off, and a pixel in no window gets 0.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions.reference.conv import read_layer
from solutions.reference.errors import ShapeError, named_in_errors
from solutions.reference.pool import read_pooling
from solutions.reference.shapes import (
    DataFormat,
    FloatArray,
    Grid,
    Padding,
    Size,
    as_data_format,
    channels_last,
    float_arrays,
    pad2d,
    without_float_warnings,
)


@named_in_errors
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

    Examples:
        >>> dx, dw, db = conv2d_backward(np.ones((1, 1, 2, 1)), np.ones((1, 1, 3, 1)), np.ones((1, 2, 1, 1)))
        >>> dx.ravel(), dw.ravel(), db
        (array([1., 2., 1.]), array([2., 2.]), array([2.]))
    """
    passed, images, filters = float_arrays(dy, x, w)
    images = channels_last(images, data_format)
    grid = read_layer(images, filters, strides, padding, dilation_rate, groups)
    patches = grid.windows(images)
    passed = _read_gradient(passed, (*patches.shape[:3], filters.shape[-1]), data_format)
    by_patch, dw = np.empty_like(patches), np.empty_like(filters)
    arrays = (passed, patches, filters, by_patch, dw)
    for dy_part, x_part, w_part, dx_part, dw_part in zip(*(np.split(a, groups, axis=-1) for a in arrays), strict=True):
        dx_part[:] = np.einsum("nyxo,ijco->nyxijc", dy_part, w_part, optimize=True)
        dw_part[:] = np.einsum("nyxijc,nyxo->ijco", x_part, dy_part, optimize=True)
    dx = as_data_format(_collect(by_patch, images, grid), data_format)
    return dx, dw, np.einsum("nyxo->o", passed)


@named_in_errors
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

    Examples:
        >>> max_pool2d_backward(np.ones((1, 1, 1, 1)), np.reshape([1, 5], (1, 1, 2, 1)), (1, 2)).ravel()
        array([0., 1.])
    """
    passed, images = float_arrays(dy, x)
    images = channels_last(images, data_format)
    grid = read_pooling(images, pool_size, strides, padding)
    patches = grid.windows(images, -np.inf)
    passed = _read_gradient(passed, (*patches.shape[:3], patches.shape[-1]), data_format)
    maxima = patches.max(axis=(3, 4), keepdims=True)
    # Padding is as large as a pixel of -inf, but is not there to take its gradient.
    largest = ((patches == maxima) | np.isnan(patches)) & (grid.inside(images) > 0)
    by_patch = np.where(_first(largest), passed[:, :, :, None, None], 0)
    return as_data_format(_collect(by_patch, images, grid), data_format)


@named_in_errors
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

    Examples:
        >>> avg_pool2d_backward(np.ones((1, 1, 1, 1)), np.reshape([1, 5], (1, 1, 2, 1)), (1, 2)).ravel()
        array([0.5, 0.5])
    """
    passed, images = float_arrays(dy, x)
    images = channels_last(images, data_format)
    grid = read_pooling(images, pool_size, strides, padding)
    inside = grid.inside(images)
    passed = _read_gradient(passed, (len(images), *inside.shape[1:3], images.shape[-1]), data_format)
    by_patch = inside / inside.sum(axis=(3, 4), keepdims=True) * passed[:, :, :, None, None]
    return as_data_format(_collect(by_patch, images, grid), data_format)


def _collect(patches: FloatArray, images: FloatArray, grid: Grid) -> FloatArray:
    """Add windows (n, y, x, i, j, c) up where they lie on the images, and cut the padding off."""
    total = pad2d(np.zeros_like(images), grid.pads)
    view = grid.cut(total, writeable=True)
    # Windows overlap, but no two of them have the same cell on one pixel.
    for i, j in np.ndindex(grid.kernel_size):
        view[:, :, :, i, j] += patches[:, :, :, i, j]
    (top, _), (left, _) = grid.pads
    return total[:, top : top + images.shape[1], left : left + images.shape[2]].copy()


def _first(marked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the first of the marked cells of each (n, y, x, i, j, c) window, in row-major order."""
    n, y, x, i, j, c = marked.shape
    first = marked.reshape(n, y, x, i * j, c).argmax(axis=3)
    kept: NDArray[np.bool_] = np.arange(i * j).reshape(i, j, 1) == first[:, :, :, None, None]
    return kept


def _read_gradient(dy: FloatArray, maps: tuple[int, ...], data_format: DataFormat) -> FloatArray:
    """See dy as (n, y, x, o), and refuse it if the maps have another shape."""
    n, y, x, o = maps
    wanted = (n, o, y, x) if data_format == "channels_first" else maps
    if dy.shape != wanted:
        raise ShapeError(
            f"dy has shape {dy.shape}", f"the maps have shape {wanted}", "give one number for each of theirs"
        )
    return channels_last(dy, data_format)
