"""The reference as the hand exercises call it: one gray image, shape (height, width), and one kernel, shape (i, j).

Dtypes, padding and errors are those of the 4-D functions in `conv` and `shapes`, which do the work.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from solutions.asked.kernels import flip_kernel
from solutions.reference import conv, shapes
from solutions.reference.errors import ShapeError, named_in_errors
from solutions.reference.shapes import FloatArray, Padding, Size


@named_in_errors
def window_sum(patch: ArrayLike, kernel: ArrayLike) -> float:
    """Multiply a window and a kernel of the same shape (i, j) cell by cell, and add up."""
    if np.shape(patch) != np.shape(kernel):
        raise ShapeError(
            f"patch has shape {np.shape(patch)}",
            f"kernel has shape {np.shape(kernel)}",
            "cut the patch to the size of the kernel",
        )
    return float(conv2d_valid(patch, kernel)[0, 0])


@named_in_errors
def conv2d_valid(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
    """Correlate an image with a kernel wherever the kernel fits, shape (y, x)."""
    return conv2d_gray(image, kernel)


@named_in_errors
def conv2d_strided(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    """Correlate an image with a kernel in steps of `strides` pixels, shape (y, x)."""
    return conv2d_gray(image, kernel, strides)


@named_in_errors
def conv2d_gray(image: ArrayLike, kernel: ArrayLike, strides: Size = 1, padding: Padding = "valid") -> FloatArray:
    """Correlate an image with a kernel, with strides and "valid" or "same" padding, shape (y, x)."""
    image, kernel = shapes.float_arrays(image, kernel)
    shapes.require_axes("image", image, ("height", "width"))
    shapes.require_axes("kernel", kernel, ("i", "j"))
    return conv.conv2d(image[None, :, :, None], kernel[:, :, None, None], strides=strides, padding=padding)[0, :, :, 0]


@named_in_errors
def convolve(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
    """Convolve an image with a kernel as mathematics does, the kernel flipped, shape (y, x)."""
    return conv2d_valid(image, flip_kernel(kernel))


@named_in_errors
def pad2d(image: ArrayLike, pads: Sequence[Sequence[int]], value: float = 0.0) -> FloatArray:
    """Put a frame of one value round an image; pads are ((top, bottom), (left, right)), in pixels."""
    (image,) = shapes.float_arrays(image)
    shapes.require_axes("image", image, ("height", "width"))
    return shapes.pad2d(image[None, :, :, None], pads, value)[0, :, :, 0]
