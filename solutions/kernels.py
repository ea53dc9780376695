"""Kernels with a name, and a kernel turned round: 2-D arrays, shape (i, j)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from solutions import conv
from solutions.errors import ShapeError
from solutions.shapes import FloatArray, float_arrays, require_axes

# As they are laid on the image: nothing is flipped.
_KERNELS = {
    "vertical edge": ((1, 0, -1), (1, 0, -1), (1, 0, -1)),
    "horizontal edge": ((1, 1, 1), (0, 0, 0), (-1, -1, -1)),
    "box": ((1 / 9,) * 3,) * 3,
    "identity": ((0, 0, 0), (0, 1, 0), (0, 0, 0)),
    "shift left": ((0, 0, 0), (0, 0, 1), (0, 0, 0)),
}


def flip_kernel(k: ArrayLike) -> FloatArray:
    """Turn a kernel by 180 degrees.

    Args:
        k: a kernel, shape (i, j).

    Returns:
        A new array of the same shape, both axes reversed.

    Raises:
        ShapeError: k is not 2-D.
    """
    (kernel,) = float_arrays(k)
    require_axes("flip_kernel", "k", kernel, ("i", "j"))
    return conv.flip_kernel(kernel)


def design_kernel(name: str) -> FloatArray:
    """Make one of five kernels, for cross-correlation.

    Args:
        name: "vertical edge" (left column minus right), "horizontal edge" (top row minus bottom), "box" (mean),
            "identity", or "shift left" (each pixel becomes its right neighbour).

    Returns:
        A new array, shape (3, 3).

    Raises:
        ShapeError: no kernel has this name.
    """
    if name not in _KERNELS:
        known = ", ".join(f'"{one}"' for one in _KERNELS)
        raise ShapeError("design_kernel", f"name is {name!r}", f"it has to be one of {known}", "choose one of these")
    return np.array(_KERNELS[name], dtype=np.float64)
