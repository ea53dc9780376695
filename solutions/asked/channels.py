"""The reference as notebook 05 calls it: one filter that spans all channels, a whole layer, and its parameters."""

from __future__ import annotations

import operator

import numpy as np
from numpy.typing import ArrayLike

from solutions.reference import conv, shapes
from solutions.reference.conv import Activation
from solutions.reference.errors import ShapeError, named_in_errors
from solutions.reference.shapes import FloatArray, Padding, Size


@named_in_errors
def conv2d_one_filter(image: ArrayLike, kernel: ArrayLike, bias: float) -> FloatArray:
    """Correlate all channels of an image with one filter, add them up, and add the bias once.

    Args:
        image: one image, shape (height, width, c).
        kernel: one filter, shape (i, j, c).
        bias: what is added to every number of the map.

    Returns:
        One feature map, shape (y, x), as from `conv.conv2d`.

    Raises:
        ShapeError: image and kernel are not 3-D or disagree on c, or no window fits.
    """
    image, kernel = shapes.float_arrays(image, kernel)
    shapes.require_axes("image", image, ("height", "width", "c"))
    shapes.require_axes("kernel", kernel, ("i", "j", "c"))
    # In the kernel's precision: a bias in float64 would make the map of two float32 arrays float64.
    return conv.conv2d(image[None], kernel[..., None], np.asarray([bias], kernel.dtype))[0, :, :, 0]


def conv2d(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    strides: Size = 1,
    padding: Padding = "valid",
    activation: Activation = None,
) -> FloatArray:
    """Correlate every image with every filter: `conv.conv2d` with the arguments that the course asks for."""
    return conv.conv2d(x, w, b, strides=strides, padding=padding, activation=activation)


@named_in_errors
def count_params(kh: int, kw: int, c_in: int, filters: int, use_bias: bool = True) -> int:
    """Count the numbers that a convolution layer learns.

    Args:
        kh: height of the kernel; 1 or more.
        kw: width of the kernel; 1 or more.
        c_in: channels of the input; 1 or more.
        filters: channels of the output; 1 or more.
        use_bias: whether each filter has a bias.

    Returns:
        The weights of all filters and their biases. The size of the image does not matter.

    Raises:
        ShapeError: a number is below 1.
    """
    for name, number in (("kh", kh), ("kw", kw), ("c_in", c_in), ("filters", filters)):
        if operator.index(number) < 1:
            raise ShapeError(f"{name} is {number}", "it must be 1 or more", "give a larger number")
    return (kh * kw * c_in + bool(use_bias)) * filters
