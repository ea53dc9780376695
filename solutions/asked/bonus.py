"""The reference as the bonus notebook calls it: all of Keras's convolution but the layout and the activation."""

from __future__ import annotations

from numpy.typing import ArrayLike

from solutions.reference.conv import conv2d
from solutions.reference.shapes import FloatArray, Padding, Size


def conv2d_general(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    strides: Size = 1,
    padding: Padding = "valid",
    dilation_rate: Size = 1,
    groups: int = 1,
) -> FloatArray:
    """Correlate images (n, height, width, c) with filters (i, j, c / groups, o), as `conv.conv2d`; (n, y, x, o)."""
    return conv2d(x, w, b, strides=strides, padding=padding, dilation_rate=dilation_rate, groups=groups)
