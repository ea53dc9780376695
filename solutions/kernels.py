"""Kernels with a name, and a kernel turned round: 2-D arrays, shape (i, j)."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from solutions import conv
from solutions.errors import ShapeError
from solutions.shapes import FloatArray, Pair, float_arrays, require_axes

# As they are laid on the image, nothing flipped: each as weights down times weights across.
_NAMES = ("vertical edge", "horizontal edge", "box", "identity", "shift left")


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


def design_kernel(name: str, size: Pair = (3, 3)) -> FloatArray:
    """Make one of five kernels, for cross-correlation.

    Args:
        name: "vertical edge" (left column minus right), "horizontal edge" (top row minus bottom), "box" (mean),
            "identity", or "shift left" (each pixel becomes its right neighbour).
        size: height and width, both odd and 3 or more.

    Returns:
        A new array of this size.

    Raises:
        ShapeError: no kernel has this name.
    """
    if name not in _NAMES:
        known = ", ".join(f'"{one}"' for one in _NAMES)
        raise ShapeError("design_kernel", f"name is {name!r}", f"it has to be one of {known}", "choose one of these")
    down, across = (_weights(length) for length in size)
    pairs = {
        "vertical edge": (down.ones, across.slope),
        "horizontal edge": (down.slope, across.ones),
        "box": (down.ones / size[0], across.ones / size[1]),
        "identity": (down.middle, across.middle),
        "shift left": (down.middle, across.behind),
    }
    return np.outer(*pairs[name])


class _Weights(NamedTuple):
    """Weights along one axis: all of them 1, the first less the last, the middle one, and the one behind it."""

    ones: FloatArray
    slope: FloatArray
    middle: FloatArray
    behind: FloatArray


def _weights(length: int) -> _Weights:
    cells = np.eye(length)
    return _Weights(np.ones(length), cells[0] - cells[-1], cells[length // 2], cells[length // 2 + 1])
