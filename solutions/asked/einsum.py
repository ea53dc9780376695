"""The reference as notebook 07 calls it: a layer without padding, bias and activation, and strides by position."""

from __future__ import annotations

from numpy.typing import ArrayLike

from solutions.reference import conv
from solutions.reference.shapes import FloatArray, Size


def conv2d(x: ArrayLike, w: ArrayLike, strides: Size = 1) -> FloatArray:
    """Correlate images (n, height, width, c) with filters (i, j, c, o), as `conv.conv2d`; (n, y, x, o)."""
    return conv.conv2d(x, w, strides=strides)
