"""Pooling: the maximum or the mean of every window, by the rules of Keras."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

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
    output_sizes,
    pad2d,
    pair,
    same_pads,
    windows,
    without_float_warnings,
)


def max_pool2d(
    x: ArrayLike,
    pool_size: Size = 2,
    strides: Size | None = None,
    padding: Padding = "valid",
    data_format: DataFormat = "channels_last",
) -> FloatArray:
    """Keep the largest value of every window, as Keras's MaxPooling2D does.

    Args:
        x: images, shape (n, height, width, c), or (n, c, height, width) for "channels_first".
        pool_size: cells of a window, one number or (height, width); 1 or more.
        strides: step between windows in pixels, one number or (height, width); pool_size by default.
        padding: "valid" drops windows that hang over the edge; "same" ignores what lies outside the image.
        data_format: "channels_last" or "channels_first".

    Returns:
        Pooled maps, shape (n, y, x, c), or (n, c, y, x) for "channels_first"; y and x as in `output_size`.

    Raises:
        ShapeError: x is not 4-D, no window fits, or Keras knows no such padding or data_format.
    """
    images = channels_last("max_pool2d", float_arrays(x)[0], data_format)
    pool, step, pads = layout("max_pool2d", images, pool_size, strides, padding)
    # -inf never wins: a frame of zeros would beat an image of negative numbers.
    patches = windows(pad2d(images, pads, -np.inf), pool, step)
    return as_data_format(patches.max(axis=(3, 4)), data_format)


@without_float_warnings
def avg_pool2d(
    x: ArrayLike,
    pool_size: Size = 2,
    strides: Size | None = None,
    padding: Padding = "valid",
    data_format: DataFormat = "channels_last",
) -> FloatArray:
    """Take the mean of every window, as Keras's AveragePooling2D does.

    Args:
        x: images, shape (n, height, width, c), or (n, c, height, width) for "channels_first".
        pool_size: cells of a window, one number or (height, width); 1 or more.
        strides: step between windows in pixels, one number or (height, width); pool_size by default.
        padding: "valid" drops windows that hang over the edge; "same" ignores what lies outside the image.
        data_format: "channels_last" or "channels_first".

    Returns:
        Pooled maps, shape (n, y, x, c), or (n, c, y, x) for "channels_first"; y and x as in `output_size`.

    Raises:
        ShapeError: x is not 4-D, no window fits, or Keras knows no such padding or data_format.
    """
    images = channels_last("avg_pool2d", float_arrays(x)[0], data_format)
    pool, step, pads = layout("avg_pool2d", images, pool_size, strides, padding)
    sums = windows(pad2d(images, pads), pool, step).sum(axis=(3, 4))
    inside = np.ones((1, *images.shape[1:3], 1), images.dtype)
    # The pixels of each window that lie inside the image: Keras divides by these, not by the whole window.
    counts = windows(pad2d(inside, pads), pool, step).sum(axis=(3, 4))
    return as_data_format(sums / counts, data_format)


def global_max_pool(x: ArrayLike, keepdims: bool = False, data_format: DataFormat = "channels_last") -> FloatArray:
    """Keep the largest value of every channel, as Keras's GlobalMaxPooling2D does.

    Args:
        x: images, shape (n, height, width, c), or (n, c, height, width) for "channels_first".
        keepdims: keep height and width, as axes of size 1.
        data_format: "channels_last" or "channels_first".

    Returns:
        Maxima, shape (n, c); with keepdims (n, 1, 1, c), or (n, c, 1, 1) for "channels_first".

    Raises:
        ShapeError: x is not 4-D, its images have no pixel, or Keras knows no such data_format.
    """
    images = _images_with_pixels("global_max_pool", x, data_format)
    maxima: FloatArray = images.max(axis=(1, 2), keepdims=keepdims)
    return as_data_format(maxima, data_format) if keepdims else maxima


@without_float_warnings
def global_avg_pool(x: ArrayLike, keepdims: bool = False, data_format: DataFormat = "channels_last") -> FloatArray:
    """Take the mean of every channel, as Keras's GlobalAveragePooling2D does.

    Args:
        x: images, shape (n, height, width, c), or (n, c, height, width) for "channels_first".
        keepdims: keep height and width, as axes of size 1.
        data_format: "channels_last" or "channels_first".

    Returns:
        Means, shape (n, c); with keepdims (n, 1, 1, c), or (n, c, 1, 1) for "channels_first".

    Raises:
        ShapeError: x is not 4-D, its images have no pixel, or Keras knows no such data_format.
    """
    images = _images_with_pixels("global_avg_pool", x, data_format)
    means: FloatArray = images.mean(axis=(1, 2), keepdims=keepdims)
    return as_data_format(means, data_format) if keepdims else means


def layout(
    where: str, images: FloatArray, pool_size: Size, strides: Size | None, padding: Padding
) -> tuple[Pair, Pair, tuple[Pair, Pair]]:
    """Read where the windows lie: their size, their step, and the padding round (n, height, width, c) images."""
    size = images.shape[1:3]
    pool = pair(where, "pool_size", pool_size)
    step = pool if strides is None else pair(where, "strides", strides)
    output_sizes(where, size, pool, step, padding)
    return pool, step, same_pads(size, pool, step) if padding == "same" else ((0, 0), (0, 0))


def _images_with_pixels(where: str, x: ArrayLike, data_format: DataFormat) -> FloatArray:
    images = channels_last(where, float_arrays(x)[0], data_format)
    if 0 in images.shape[1:3]:
        raise ShapeError(
            where, f"x has shape {np.shape(x)}", "its images have to have pixels", "give a height and a width above 0"
        )
    return images
