"""The reference as the bug clinic calls it: one image at a time, and no option but the one that is in question."""

from __future__ import annotations

from numpy.typing import ArrayLike

from solutions.asked import gray
from solutions.reference import conv, pool
from solutions.reference.shapes import FloatArray, Size, float_arrays


def correlate(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
    """Correlate an image (height, width) with a kernel (i, j) wherever it fits, shape (y, x)."""
    return gray.conv2d_gray(image, kernel)


def correlate_same(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
    """Correlate an image (height, width) with a kernel (i, j) under "same", shape (height, width)."""
    return gray.conv2d_gray(image, kernel, padding="same")


def correlate_strided(image: ArrayLike, kernel: ArrayLike, strides: Size) -> FloatArray:
    """Correlate an image (height, width) with a kernel (i, j) in steps of `strides` pixels, shape (y, x)."""
    return gray.conv2d_gray(image, kernel, strides)


def correlate_channels(image: ArrayLike, kernel: ArrayLike, bias: float) -> FloatArray:
    """Correlate an image (height, width, c) with one filter (i, j, c) and add its bias, shape (y, x)."""
    image, kernel = float_arrays(image, kernel)
    return conv.conv2d(image[None], kernel[..., None], [bias])[0, :, :, 0]


def pool_channels(image: ArrayLike, size: int) -> FloatArray:
    """Keep the largest value of every size x size block of each channel, shape (y, x, c); leftovers are dropped."""
    (image,) = float_arrays(image)
    pooled: FloatArray = pool.max_pool2d(image[None], size)[0]
    return pooled


def average_same(image: ArrayLike, size: int) -> FloatArray:
    """Take the mean of every size x size block of an image (height, width) under "same", shape (y, x)."""
    (image,) = float_arrays(image)
    return pool.avg_pool2d(image[None, :, :, None], size, padding="same")[0, :, :, 0]
