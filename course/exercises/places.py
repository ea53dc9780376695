"""Where windows lie: for the arguments of one call, which cells make each cell of the result.

The parameters are called as the functions of the course call theirs, so that an exercise names one of these as its
`windows`, or a `partial` of it where its own function leaves an option out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from autograder.model import Windows
from course.exercises.draw import FloatArray
from solutions.reference.shapes import Padding, Pair, Size, pair, same_padding


def patch(patch: FloatArray, kernel: FloatArray) -> Windows:
    """One window, as large as the patch, and one number."""
    return replace(gray(patch, kernel), argument="patch", follows=(None, None))


def gray(image: FloatArray, kernel: FloatArray, strides: Size = 1, padding: Padding = "valid") -> Windows:
    """A kernel (i, j) on an image (height, width)."""
    return _laid("image", image, kernel.shape, _steps(strides), padding, follows=(0, 1), weights="kernel")


def flipped(image: FloatArray, kernel: FloatArray) -> Windows:
    """A kernel (i, j), turned by 180 degrees, on an image (height, width)."""
    return replace(gray(image, kernel), flipped=True)


def one_filter(image: FloatArray, kernel: FloatArray, **_: object) -> Windows:
    """A filter (i, j, c) on an image (height, width, c): the map has no channels."""
    return _laid("image", image, kernel.shape, (1, 1, 1), follows=(0, 1, None), weights="kernel", added="bias")


def layer(
    x: FloatArray,
    w: FloatArray,
    b: FloatArray | None = None,
    strides: Size = 1,
    padding: Padding = "valid",
    activation: str | None = None,
) -> Windows:
    """Filters (i, j, c, o) on images (n, height, width, c): the last axis of the result chooses the filter."""
    return _laid(
        "x",
        x,
        (1, *w.shape[:3]),
        (1, *_steps(strides), 1),
        padding,
        follows=(0, 1, 2, None),
        weights="w",
        chosen=(None, None, None, 3),
        added=None if b is None else "b",
        at_least=0.0 if activation == "relu" else None,
    )


def pool(
    x: FloatArray, pool_size: Size, strides: Size | None, padding: Padding, data_format: str, *, reduce: str
) -> Windows | None:
    """A pool on images (n, height, width, c): each channel keeps its place."""
    if data_format != "channels_last":
        return None
    size = _steps(pool_size)
    step = size if strides is None else _steps(strides)
    return _laid("x", x, (1, *size, 1), (1, *step, 1), padding, follows=(0, 1, 2, 3), reduce=reduce)


def whole(x: FloatArray, keepdims: bool, data_format: str, *, reduce: str) -> Windows | None:
    """One window for each channel of images (n, height, width, c), as large as the image."""
    if data_format != "channels_last":
        return None
    return _laid(
        "x", x, (1, *x.shape[1:3], 1), (1, 1, 1, 1), follows=(0, None, None, 3 if keepdims else 1), reduce=reduce
    )


def blocks(image: FloatArray, size: int, *, padding: Padding, reduce: str) -> Windows:
    """Square blocks, side by side, on an image (height, width) or (height, width, c)."""
    sizes = (size, size, 1)[: image.ndim]
    return _laid("image", image, sizes, sizes, padding, follows=range(image.ndim), reduce=reduce)


def _laid(
    argument: str,
    array: FloatArray,
    size: Sequence[int],
    step: Sequence[int],
    padding: Padding = "valid",
    *,
    follows: Sequence[int | None],
    **rest: Any,
) -> Windows:
    """Lay windows on an array; under "same" the first one begins before it, along each axis that they move along."""
    first = (
        -same_padding(n, k, stride)[0] if padding == "same" and moves is not None else 0
        for n, k, stride, moves in zip(array.shape, size, step, follows, strict=True)
    )
    return Windows(argument, tuple(size), tuple(first), tuple(step), tuple(follows), **rest)


def _steps(value: Size) -> Pair:
    return pair("a size or step", value)
