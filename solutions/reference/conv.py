"""Convolution as an einsum of windows and filters, by the rules of Keras's Conv2D."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from solutions.reference.errors import ShapeError, named_in_errors
from solutions.reference.shapes import (
    DataFormat,
    FloatArray,
    Grid,
    Padding,
    Size,
    as_data_format,
    channels_last,
    float_arrays,
    pair,
    read_grid,
    require_axes,
    without_float_warnings,
)

Activation = Literal["relu"] | Callable[[FloatArray], FloatArray] | None

# The copy of a larger block has left the processor's cache by the time it is multiplied.
_BLOCK_BYTES = 4 * 1024 * 1024


@named_in_errors
@without_float_warnings
def conv2d(  # noqa: PLR0913 - the arguments are Keras's
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    strides: Size = 1,
    padding: Padding = "valid",
    data_format: DataFormat = "channels_last",
    dilation_rate: Size = 1,
    groups: int = 1,
    activation: Activation = None,
) -> FloatArray:
    """Correlate every image with every filter, as Keras's Conv2D does.

    Nothing is flipped: this is cross-correlation. float32 in gives float32 out, anything else float64.

    Args:
        x: images, shape (n, height, width, c), or (n, c, height, width) for "channels_first".
        w: filters, shape (i, j, c / groups, o) in both data formats.
        b: one bias for each filter, shape (o,); none by default.
        strides: step between windows in pixels, one number or (height, width); 1 or more.
        padding: "valid" drops windows that hang over the edge; "same" pads with zeros, the odd one last.
        data_format: "channels_last" or "channels_first".
        dilation_rate: step between cells of the kernel in pixels, one number or (height, width); 1 or more.
        groups: parts that the channels are cut into, each with its own o / groups filters; divides c and o.
        activation: None, "relu" or a function of the maps; applied after the bias.

    Returns:
        Feature maps, shape (n, y, x, o), or (n, o, y, x) for "channels_first"; y and x as in `output_size`.

    Raises:
        ShapeError: x, w, b and groups disagree, no window fits, strides and dilation_rate are both above 1,
            or Keras knows no such padding, data_format or activation.

    Examples:
        >>> images, filters = np.ones((2, 5, 7, 3)), np.ones((3, 3, 3, 8))
        >>> conv2d(images, filters, strides=2, padding="same").shape
        (2, 3, 4, 8)
    """
    images, filters, bias = float_arrays(x, w, np.float32(0) if b is None else b)
    images = channels_last(images, data_format)
    grid = read_layer(images, filters, strides, padding, dilation_rate, groups)
    if b is not None and bias.shape != filters.shape[-1:]:
        raise ShapeError(
            f"b has shape {bias.shape}", f"w has {filters.shape[-1]} filters", "give one bias for each filter"
        )
    maps = _correlate(grid.windows(images), filters, groups)
    if b is not None:
        maps += bias
    return as_data_format(_activate(maps, activation), data_format)


def read_layer(
    images: FloatArray, filters: FloatArray, strides: Size, padding: Padding, dilation_rate: Size, groups: int
) -> Grid:
    """Read where the windows of a layer lie on images (n, height, width, c); refuse filters that do not fit these."""
    require_axes("w", filters, ("i", "j", "c / groups", "o"))
    if 0 in filters.shape:
        raise ShapeError(f"w has shape {filters.shape}", "no axis may be empty", "give a kernel with cells")
    channels, o = images.shape[-1], filters.shape[-1]
    if groups < 1 or channels % groups or o % groups:
        raise ShapeError(
            f"groups is {groups}",
            f"it must divide the {channels} channels of x and the {o} filters of w",
            "take a divisor of both",
        )
    if filters.shape[2] * groups != channels:
        raise ShapeError(
            f"w has shape {filters.shape}",
            f"x has {channels} channels in {groups} groups" if groups > 1 else f"x has {channels} channels",
            f"make the third axis of w {channels // groups}",
        )
    step, dilation = pair("strides", strides), pair("dilation_rate", dilation_rate)
    if max(step) > 1 and max(dilation) > 1:
        raise ShapeError(
            f"strides is {step} and dilation_rate is {dilation}",
            "only one of them may be above 1, as in Keras",
            "set the other to 1",
        )
    return read_grid(images, (filters.shape[0], filters.shape[1]), step, padding, dilation)


def _correlate(windows: FloatArray, filters: FloatArray, groups: int) -> FloatArray:
    """Contract windows (n, y, x, i, j, c) and filters (i, j, c / groups, o): maps, shape (n, y, x, o).

    `np.einsum` copies windows into a matrix and multiplies it by the filters. It is given a few rows of one image at a
    time, so that the copy is still in the processor's cache when it is multiplied.
    """
    n, y, x, *patch = windows.shape
    # In memory o comes first, as in the product, so that writing a block is a plain copy.
    maps = np.empty((n, filters.shape[-1], y, x), windows.dtype).transpose(0, 2, 3, 1)
    rows = max(_BLOCK_BYTES // (x * math.prod(patch) // groups * windows.itemsize), 1)
    parts = zip(*(np.split(array, groups, axis=-1) for array in (windows, filters, maps)), strict=True)
    for (patches, w, out), image, row in itertools.product(parts, range(n), range(0, y, rows)):
        block = image, slice(row, row + rows)
        out[block] = np.einsum("yxijc,ijco->yxo", patches[block], w, optimize=True)
    return maps


def _activate(maps: FloatArray, activation: Activation) -> FloatArray:
    if activation is None:
        return maps
    if callable(activation):
        return activation(maps)
    if activation != "relu":
        raise ShapeError(f"activation is {activation!r}", 'it must be None or "relu"', "or give a function of the maps")
    return np.maximum(maps, 0)
