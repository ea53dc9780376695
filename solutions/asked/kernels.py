"""Kernels with a name, a kernel turned round, and the convolution that turns it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from solutions.reference.conv import conv2d
from solutions.reference.errors import ShapeError, named_in_errors
from solutions.reference.shapes import FloatArray, Pair, float_arrays

# As they are laid on the image, nothing flipped: each as weights down times weights across.
_NAMES = ("vertical edge", "horizontal edge", "box", "identity", "shift left")


@named_in_errors
def flip_kernel(k: ArrayLike) -> FloatArray:
    """Turn a kernel by 180 degrees: what sets convolution apart from cross-correlation.

    Args:
        k: a kernel, shape (i, j), or filters, shape (i, j, c, o).

    Returns:
        A new array of the same shape, both kernel axes reversed.

    Raises:
        ShapeError: k is neither 2-D nor 4-D.

    Examples:
        >>> flip_kernel([[1, 2, 3], [4, 5, 6]])
        array([[6., 5., 4.],
               [3., 2., 1.]])
    """
    (kernel,) = float_arrays(k)
    if kernel.ndim not in {2, 4}:
        raise ShapeError(f"k has shape {kernel.shape}", "it must be (i, j) or (i, j, c, o)", "add or drop an axis")
    return kernel[::-1, ::-1].copy()


@named_in_errors
def true_convolution(x: ArrayLike, w: ArrayLike, b: ArrayLike | None = None, **options: Any) -> FloatArray:
    """Convolve as mathematics does: correlate with the flipped kernel.

    Args:
        x: images, as in `conv2d`.
        w: filters, as in `conv2d`.
        b: one bias for each filter, as in `conv2d`.
        **options: the keywords of `conv2d`.

    Returns:
        Feature maps, as from `conv2d`.

    Raises:
        ShapeError: as in `conv2d`.

    Examples:
        >>> impulse = np.eye(3)[None, :, 1:2, None]
        >>> true_convolution(impulse, np.reshape([1, 2, 3], (3, 1, 1, 1)), padding="same").ravel()
        array([1., 2., 3.])
    """
    return conv2d(x, flip_kernel(w), b, **options)


@named_in_errors
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
        raise ShapeError(f"name is {name!r}", f"it must be one of {known}", "choose one of these")
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
