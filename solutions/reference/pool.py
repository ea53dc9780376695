"""Pooling: the maximum or the mean of every window, by the rules of Keras."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from solutions.reference.errors import ShapeError, named_in_errors
from solutions.reference.shapes import (
    DataFormat,
    FloatArray,
    Grid,
    Padding,
    Size,
    as_data_format,
    channels_last,
    float_arrays,
    pair,
    read_grid,
    without_float_warnings,
)


@named_in_errors
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

    Examples:
        >>> max_pool2d(np.reshape([1, 5, 2, -3], (1, 1, 4, 1)), (1, 2)).ravel()
        array([5., 2.])
    """
    images = channels_last(float_arrays(x)[0], data_format)
    # -inf never wins: a frame of zeros would beat an image of negative numbers.
    patches = read_pooling(images, pool_size, strides, padding).windows(images, -np.inf)
    return as_data_format(patches.max(axis=(3, 4)), data_format)


@named_in_errors
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

    Examples:
        >>> avg_pool2d(np.reshape([1, 5, 2], (1, 1, 3, 1)), (1, 2), padding="same").ravel()
        array([3., 2.])
    """
    images = channels_last(float_arrays(x)[0], data_format)
    grid = read_pooling(images, pool_size, strides, padding)
    sums = np.einsum("nyxijc->nyxc", grid.windows(images))
    # Keras divides by the pixels of each window that lie on the image, not by the whole window.
    return as_data_format(sums / np.einsum("nyxijc->nyxc", grid.inside(images)), data_format)


@named_in_errors
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

    Examples:
        >>> global_max_pool(np.reshape([1, 5, 2, -3], (1, 2, 2, 1)))
        array([[5.]])
    """
    images = _images_with_pixels(x, data_format)
    maxima: FloatArray = images.max(axis=(1, 2), keepdims=keepdims)
    return as_data_format(maxima, data_format) if keepdims else maxima


@named_in_errors
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

    Examples:
        >>> global_avg_pool(np.reshape([1, 5, 2, -3], (1, 2, 2, 1)))
        array([[1.25]])
    """
    images = _images_with_pixels(x, data_format)
    means: FloatArray = images.mean(axis=(1, 2), keepdims=keepdims)
    return as_data_format(means, data_format) if keepdims else means


def read_pooling(images: FloatArray, pool_size: Size, strides: Size | None, padding: Padding) -> Grid:
    """Read where the windows of a pooling lie on images, shape (n, height, width, c)."""
    size = pair("pool_size", pool_size)
    return read_grid(images, size, size if strides is None else strides, padding)


def _images_with_pixels(x: ArrayLike, data_format: DataFormat) -> FloatArray:
    images = channels_last(float_arrays(x)[0], data_format)
    if 0 in images.shape[1:3]:
        raise ShapeError(
            f"x has shape {np.shape(x)}", "its images must have pixels", "give a height and a width above 0"
        )
    return images
