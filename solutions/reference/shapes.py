"""Sizes, padding and windows: what a layer does to height and width before it computes anything.

The formulas are those of Keras: `compute_conv_output_shape` and `compute_pooling_output_shape` in
keras/src/ops/operation_utils.py, and for "same" `_compute_padding_length` in keras/src/backend/torch/nn.py.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions.reference.errors import ShapeError, at, named_in_errors

FloatArray = NDArray[np.floating[Any]]
Pair = tuple[int, int]
Pads = tuple[Pair, Pair]
Size = int | Sequence[int]
Padding = Literal["valid", "same"]
DataFormat = Literal["channels_last", "channels_first"]

# Infinities and NaN in the input are values like others, and come out as IEEE 754 has them, as in Keras.
without_float_warnings = np.errstate(over="ignore", invalid="ignore")


@named_in_errors
def output_size(n: int, k: int, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> int:
    """Count the windows along one axis, as Keras does.

    "valid" is floor((n - span) / stride) + 1, where span = (k - 1) * dilation + 1; "same" is ceil(n / stride).

    Args:
        n: pixels along the axis; 1 or more.
        k: kernel cells along the axis; 1 or more.
        stride: pixels from one window to the next; 1 or more.
        padding: "valid" or "same".
        dilation: pixels from one kernel cell to the next; 1 or more, and 1 is the plain kernel.

    Returns:
        The number of windows, 1 or more.

    Raises:
        ShapeError: a number is below 1, not even one window fits, or padding is neither "valid" nor "same".

    Examples:
        >>> output_size(7, 3, stride=2), output_size(7, 3, stride=2, padding="same")
        (3, 4)
    """
    for name, number in (("n", n), ("k", k), ("stride", stride), ("dilation", dilation)):
        _require_positive(name, number)
    require_word("padding", padding, ("valid", "same"))
    if padding == "same":
        return -(-n // stride)
    span = _span(k, dilation)
    if span > n:
        raise ShapeError(
            f"a window spans {_pixels(span)}",
            f"the image has {_pixels(n)}",
            'take a smaller window or padding="same"',
        )
    return (n - span) // stride + 1


@named_in_errors
def same_padding(n: int, k: int, stride: int = 1, dilation: int = 1) -> Pair:
    """Count the pixels that "same" adds before and after one axis, as Keras does.

    The total is max((ceil(n / stride) - 1) * stride + span - n, 0), where span = (k - 1) * dilation + 1.
    An odd total puts the extra pixel after: at the bottom or at the right.

    Args:
        n: pixels along the axis; 1 or more.
        k: kernel cells along the axis; 1 or more.
        stride: pixels from one window to the next; 1 or more.
        dilation: pixels from one kernel cell to the next; 1 or more.

    Returns:
        (before, after), in pixels; each 0 or more.

    Raises:
        ShapeError: a number is below 1.

    Examples:
        >>> same_padding(4, 3, stride=2)
        (0, 1)
    """
    for name, number in (("n", n), ("k", k), ("stride", stride), ("dilation", dilation)):
        _require_positive(name, number)
    last_start = (output_size(n, k, stride, "same") - 1) * stride
    total = max(last_start + _span(k, dilation) - n, 0)
    return total // 2, total - total // 2


@named_in_errors
def pad2d(x: ArrayLike, pads: Sequence[Sequence[int]], value: float = 0.0) -> FloatArray:
    """Put a frame of one value round every image.

    Args:
        x: images, shape (n, height, width, c).
        pads: ((top, bottom), (left, right)), in pixels; each 0 or more.
        value: what the frame holds: 0 for convolution, -inf for max pooling.

    Returns:
        New memory, shape (n, top + height + bottom, left + width + right, c), in which each channel lies in one piece.

    Raises:
        ShapeError: x is not 4-D, or pads are not two pairs of whole numbers, 0 or more.

    Examples:
        >>> pad2d(np.ones((1, 1, 2, 1)), ((0, 0), (1, 2))).ravel()
        array([0., 1., 1., 0., 0.])
    """
    (images,) = float_arrays(x)
    require_axes("x", images, ("n", "height", "width", "c"))
    return _framed(images, _read_pads(pads), value)


@named_in_errors
def windows(x: ArrayLike, kernel_size: Size, strides: Size = 1, dilation_rate: Size = 1) -> FloatArray:
    """See every full window of every image, without copying a pixel.

    Args:
        x: images, shape (n, height, width, c).
        kernel_size: cells of a window, one number or (height, width); 1 or more.
        strides: step between windows in pixels, one number or (height, width); 1 or more.
        dilation_rate: step between cells of a window in pixels, one number or (height, width); 1 or more.

    Returns:
        A read-only view, shape (n, y, x, i, j, c): cell (i, j) of the window at (y, x); y and x as in `output_size`.

    Raises:
        ShapeError: x is not 4-D, a number is below 1, or no window fits.

    Examples:
        >>> windows(np.reshape([1, 2, 3], (1, 1, 3, 1)), (1, 2)).reshape(2, 2)
        array([[1., 2.],
               [2., 3.]])
    """
    (images,) = float_arrays(x)
    require_axes("x", images, ("n", "height", "width", "c"))
    return read_grid(images, pair("kernel_size", kernel_size), strides, "valid", dilation_rate).cut(images)


@dataclass(frozen=True)
class Grid:
    """Where the windows of a layer lie: their size, the steps between them and between their cells, the padding."""

    kernel_size: Pair
    strides: Pair
    dilation_rate: Pair
    pads: Pads

    def cut(self, framed: FloatArray, *, writeable: bool = False) -> FloatArray:
        """See the windows of images that have their padding, shape (n, y, x, i, j, c), without copying a pixel."""
        (step_y, step_x), (step_i, step_j) = self.strides, self.dilation_rate
        spans = tuple(map(_span, self.kernel_size, self.dilation_rate))
        view = np.lib.stride_tricks.sliding_window_view(framed, spans, axis=(1, 2), writeable=writeable)
        return view[:, ::step_y, ::step_x, :, ::step_i, ::step_j].transpose(0, 1, 2, 4, 5, 3)

    def windows(self, images: FloatArray, value: float = 0.0) -> FloatArray:
        """Put the padding round images, and see their windows."""
        return self.cut(_framed(images, self.pads, value))

    def inside(self, images: FloatArray) -> FloatArray:
        """Mark the cells of each window that lie on the image with 1, the others with 0; shape (1, y, x, i, j, 1)."""
        return self.windows(np.ones((1, *images.shape[1:3], 1), images.dtype))


def read_grid(images: FloatArray, kernel_size: Pair, strides: Size, padding: Padding, dilation_rate: Size = 1) -> Grid:
    """Read where windows of this size lie on images, shape (n, height, width, c); refuse what leaves no window."""
    step, dilation = pair("strides", strides), pair("dilation_rate", dilation_rate)
    size = images.shape[1:3]
    output_sizes(size, kernel_size, step, padding, dilation)
    pads = same_pads(size, kernel_size, step, dilation) if padding == "same" else ((0, 0), (0, 0))
    return Grid(kernel_size, step, dilation, pads)


def output_sizes(
    size: Sequence[int],
    kernel_size: Sequence[int],
    strides: Sequence[int],
    padding: Padding,
    dilation_rate: Sequence[int] = (1, 1),
) -> Pair:
    """Count the windows along height and width; an error names the axis."""
    counts = []
    for axis, *numbers in zip(("height", "width"), size, kernel_size, strides, dilation_rate, strict=True):
        n, k, stride, dilation = numbers
        with at(axis):
            counts.append(output_size(n, k, stride, padding, dilation))
    return counts[0], counts[1]


def same_pads(
    size: Sequence[int],
    kernel_size: Sequence[int],
    strides: Sequence[int],
    dilation_rate: Sequence[int] = (1, 1),
) -> Pads:
    """Count the pixels that "same" adds, as ((top, bottom), (left, right))."""
    vertical, horizontal = map(same_padding, size, kernel_size, strides, dilation_rate)
    return vertical, horizontal


def pair(name: str, value: Size) -> Pair:
    """Read a whole number, or a pair of them, as (height, width); each 1 or more."""
    numbers: Any = (value, value) if np.ndim(value) == 0 else value
    try:
        height, width = map(operator.index, numbers)
    except (TypeError, ValueError):
        raise ShapeError(
            f"{name} is {value!r}", "it must be a whole number or two of them", "give (height, width)"
        ) from None
    _require_positive(name, height)
    _require_positive(name, width)
    return height, width


def float_arrays(*arrays: ArrayLike) -> tuple[FloatArray, ...]:
    """Read arrays as float32 if all of them are, and otherwise as float64."""
    read = [np.asarray(array) for array in arrays]
    dtype = np.float32 if all(array.dtype == np.float32 for array in read) else np.float64
    # "same_kind" lets integers and other floats in, and refuses complex numbers and text.
    return tuple(array.astype(dtype, casting="same_kind", copy=False) for array in read)


def channels_last(x: FloatArray, data_format: DataFormat) -> FloatArray:
    """See images of either data format as (n, height, width, c)."""
    require_word("data_format", data_format, ("channels_last", "channels_first"))
    if data_format == "channels_last":
        require_axes("x", x, ("n", "height", "width", "c"))
        return x
    require_axes("x", x, ("n", "c", "height", "width"))
    return np.moveaxis(x, 1, -1)


def as_data_format(maps: FloatArray, data_format: DataFormat) -> FloatArray:
    """See maps of shape (n, y, x, c) as the caller's data format has them."""
    return np.moveaxis(maps, -1, 1) if data_format == "channels_first" else maps


def require_axes(name: str, array: FloatArray, axes: Sequence[str]) -> None:
    """Refuse an array with another number of axes."""
    if array.ndim != len(axes):
        raise ShapeError(
            f"{name} has shape {array.shape}",
            f"it must have {len(axes)} axes, ({', '.join(axes)})",
            "add or drop an axis",
        )


def require_word(name: str, word: object, known: Sequence[str]) -> None:
    """Refuse an option that Keras does not know."""
    if word not in known:
        choices = " or ".join(f'"{choice}"' for choice in known)
        raise ShapeError(f"{name} is {word!r}", f"it must be {choices}", "choose one of these")


def _framed(images: FloatArray, pads: Pads, value: float) -> FloatArray:
    """Copy images into a frame, channels first in memory, so that windows are copied in runs as long as a row."""
    n, height, width, c = images.shape
    (top, bottom), (left, right) = pads
    if not np.any(pads):
        return images.transpose(0, 3, 1, 2).copy().transpose(0, 2, 3, 1)
    framed = np.full((n, c, top + height + bottom, left + width + right), value, images.dtype)
    framed[:, :, top : top + height, left : left + width] = images.transpose(0, 3, 1, 2)
    return framed.transpose(0, 2, 3, 1)


def _span(k: int, dilation: int) -> int:
    """Count the pixels from the first cell of a window to its last."""
    return (k - 1) * dilation + 1


def _pixels(number: int) -> str:
    return "1 pixel" if number == 1 else f"{number} pixels"


def _require_positive(name: str, number: int) -> None:
    if number < 1:
        raise ShapeError(f"{name} is {number}", "it must be 1 or more", "give a larger number")


def _read_pads(pads: Sequence[Sequence[int]]) -> Pads:
    try:
        (top, bottom), (left, right) = (map(operator.index, side) for side in pads)
    except (TypeError, ValueError):
        raise ShapeError(
            f"pads is {pads!r}", "it must be two pairs of whole numbers", "give ((top, bottom), (left, right))"
        ) from None
    if min(top, bottom, left, right) < 0:
        raise ShapeError(f"pads is {pads!r}", "each must be 0 or more", "crop with a slice instead")
    return (top, bottom), (left, right)
