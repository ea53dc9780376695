"""The reference as notebook 07 calls it: a convolution layer without loops, written in two ways."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from solutions import shapes
from solutions.errors import ShapeError
from solutions.shapes import FloatArray, Size


def conv2d_einsum(x: ArrayLike, w: ArrayLike, strides: Size = 1) -> FloatArray:
    """Contract windows and filters over i, j and c, in one einsum.

    Args:
        x: images, shape (n, height, width, c).
        w: filters, shape (i, j, c, o).
        strides: step between windows in pixels, one number or (height, width); 1 or more.

    Returns:
        Feature maps, shape (n, y, x, o), as from `conv.conv2d` under "valid".

    Raises:
        ShapeError: x or w is not 4-D, they disagree on c, or no window fits.
    """
    patches, filters = _windows_and_filters("conv2d_einsum", x, w, strides)
    maps: FloatArray = np.einsum("nyxijc,ijco->nyxo", patches, filters, optimize=True)
    return maps


def conv2d_im2col(x: ArrayLike, w: ArrayLike, strides: Size = 1) -> FloatArray:
    """Multiply two matrices: one window in each row, and one filter in each column.

    Args:
        x: images, as in `conv2d_einsum`.
        w: filters, as in `conv2d_einsum`.
        strides: as in `conv2d_einsum`.

    Returns:
        Feature maps, as from `conv2d_einsum`.

    Raises:
        ShapeError: as in `conv2d_einsum`.
    """
    patches, filters = _windows_and_filters("conv2d_im2col", x, w, strides)
    n, y, x_, i, j, c = patches.shape
    return (patches.reshape(n * y * x_, i * j * c) @ filters.reshape(i * j * c, -1)).reshape(n, y, x_, -1)


def _windows_and_filters(where: str, x: ArrayLike, w: ArrayLike, strides: Size) -> tuple[FloatArray, FloatArray]:
    images, filters = shapes.float_arrays(x, w)
    shapes.require_axes(where, "w", filters, ("i", "j", "c", "o"))
    patches = shapes.windows(images, filters.shape[:2], strides)
    if patches.shape[-1] != filters.shape[2]:
        raise ShapeError(
            where,
            f"w has shape {filters.shape}",
            f"x has {patches.shape[-1]} channels",
            f"make the third axis of w {patches.shape[-1]}",
        )
    return patches, filters
