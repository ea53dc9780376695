"""The two layouts of a batch: channels last, (n, height, width, c), and channels first, (n, c, height, width)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from solutions.shapes import FloatArray, float_arrays, require_axes


def axis_sizes(x: ArrayLike) -> tuple[int, int, int, int]:
    """Count images, rows, columns and channels.

    Args:
        x: images, shape (n, height, width, c).

    Returns:
        (n, height, width, c).

    Raises:
        ShapeError: x is not 4-D.
    """
    (images,) = float_arrays(x)
    require_axes("axis_sizes", "x", images, ("n", "height", "width", "c"))
    n, height, width, channels = images.shape
    return n, height, width, channels


def to_channels_first(x: ArrayLike) -> FloatArray:
    """Move the channels in front of height and width.

    Args:
        x: images, shape (n, height, width, c).

    Returns:
        A new array, shape (n, c, height, width).

    Raises:
        ShapeError: x is not 4-D.
    """
    (images,) = float_arrays(x)
    require_axes("to_channels_first", "x", images, ("n", "height", "width", "c"))
    return np.moveaxis(images, -1, 1).copy()


def to_channels_last(x: ArrayLike) -> FloatArray:
    """Move the channels behind height and width.

    Args:
        x: images, shape (n, c, height, width).

    Returns:
        A new array, shape (n, height, width, c).

    Raises:
        ShapeError: x is not 4-D.
    """
    (images,) = float_arrays(x)
    require_axes("to_channels_last", "x", images, ("n", "c", "height", "width"))
    return np.moveaxis(images, 1, -1).copy()
