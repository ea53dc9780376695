"""Where the axes lie: batches, (n, height, width, c) or (n, c, height, width), and kernels of Keras and of PyTorch."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from solutions.reference.errors import named_in_errors
from solutions.reference.shapes import FloatArray, float_arrays, require_axes


@named_in_errors
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
    require_axes("x", images, ("n", "height", "width", "c"))
    n, height, width, channels = images.shape
    return n, height, width, channels


@named_in_errors
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
    require_axes("x", images, ("n", "height", "width", "c"))
    return np.moveaxis(images, -1, 1).copy()


@named_in_errors
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
    require_axes("x", images, ("n", "c", "height", "width"))
    return np.moveaxis(images, 1, -1).copy()


@named_in_errors
def to_keras_kernel(kernel: ArrayLike) -> FloatArray:
    """Put a kernel of PyTorch's into the order of Keras.

    Args:
        kernel: filters, shape (o, c, i, j).

    Returns:
        A new array, shape (i, j, c, o).

    Raises:
        ShapeError: kernel is not 4-D.
    """
    (filters,) = float_arrays(kernel)
    require_axes("kernel", filters, ("o", "c", "i", "j"))
    moved: FloatArray = np.einsum("ocij->ijco", filters).copy()
    return moved


@named_in_errors
def to_torch_kernel(kernel: ArrayLike) -> FloatArray:
    """Put a kernel of Keras's into the order of PyTorch.

    Args:
        kernel: filters, shape (i, j, c, o).

    Returns:
        A new array, shape (o, c, i, j).

    Raises:
        ShapeError: kernel is not 4-D.
    """
    (filters,) = float_arrays(kernel)
    require_axes("kernel", filters, ("i", "j", "c", "o"))
    moved: FloatArray = np.einsum("ijco->ocij", filters).copy()
    return moved
