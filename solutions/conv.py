"""Convolution as a product of windows and filters, by the rules of Keras's Conv2D."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from solutions.errors import ShapeError
from solutions.shapes import (
    DataFormat,
    FloatArray,
    Padding,
    Pair,
    Size,
    as_data_format,
    channels_last,
    float_arrays,
    output_sizes,
    pad2d,
    pair,
    require_axes,
    same_pads,
    windows,
    without_float_warnings,
)

Activation = Literal["relu"] | Callable[[FloatArray], FloatArray] | None

# Patches of this size are still in a second-level cache, half a megabyte or more, when the product reads them.
_BLOCK_BYTES = 256 * 1024


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
    """
    images, filters, bias = float_arrays(x, w, np.float32(0) if b is None else b)
    images = channels_last("conv2d", images, data_format)
    step, dilation, pads = layout(
        "conv2d", images, filters, strides=strides, padding=padding, dilation_rate=dilation_rate, groups=groups
    )
    if b is not None:
        _require_bias(bias, filters)
    images = pad2d(images, pads) if padding == "same" else images
    maps = _correlate_groups(images, filters, step, dilation, groups)
    if b is not None:
        maps += bias
    return as_data_format(_activate(maps, activation), data_format)


def flip_kernel(w: ArrayLike) -> FloatArray:
    """Turn a kernel by 180 degrees: what sets convolution apart from cross-correlation.

    Args:
        w: a kernel, shape (i, j) or (i, j, c, o).

    Returns:
        A new array of the same shape, both kernel axes reversed.

    Raises:
        ShapeError: w is neither 2-D nor 4-D.
    """
    (kernel,) = float_arrays(w)
    if kernel.ndim not in {2, 4}:
        raise ShapeError(
            "flip_kernel", f"w has shape {kernel.shape}", "it has to be (i, j) or (i, j, c, o)", "add or drop an axis"
        )
    return kernel[::-1, ::-1].copy()


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
    """
    return conv2d(x, flip_kernel(w), b, **options)


def layout(
    where: str,
    images: FloatArray,
    filters: FloatArray,
    *,
    strides: Size,
    padding: Padding,
    dilation_rate: Size,
    groups: int,
) -> tuple[Pair, Pair, tuple[Pair, Pair]]:
    """Read where the windows lie: their step, the step of their cells, and the padding round (n, height, width, c).

    Images and filters that do not fit each other are refused; the error names `where`.
    """
    _require_filters(where, images, filters, groups)
    step, dilation = pair(where, "strides", strides), pair(where, "dilation_rate", dilation_rate)
    _require_one_step(where, step, dilation)
    size, kernel_size = images.shape[1:3], filters.shape[:2]
    output_sizes(where, size, kernel_size, step, padding, dilation)
    pads = same_pads(size, kernel_size, step, dilation) if padding == "same" else ((0, 0), (0, 0))
    return step, dilation, pads


def _correlate_groups(
    images: FloatArray, filters: FloatArray, strides: Pair, dilation_rate: Pair, groups: int
) -> FloatArray:
    """Correlate every group of channels with its own filters."""
    if groups == 1:
        return _correlate(images, filters, strides, dilation_rate)
    parts = zip(np.split(images, groups, axis=-1), np.split(filters, groups, axis=-1), strict=True)
    return np.concatenate([_correlate(part, own, strides, dilation_rate) for part, own in parts], axis=-1)


def _correlate(images: FloatArray, filters: FloatArray, strides: Pair, dilation_rate: Pair) -> FloatArray:
    """Contract "nyxijc,ijco->nyxo": copy the patches of one block of windows, multiply, go on to the next.

    Copying takes longer than multiplying when it goes in short runs. A patch holds runs of j * c cells if the
    channels are stored last; if they are stored first, neighbouring patches share runs as long as a row.
    """
    i, j, c, o = filters.shape
    by_row = images.shape[2] // strides[1] > j * c
    images = _store_channels_first(images) if by_row else np.ascontiguousarray(images)
    # Both factors turned, or neither: on AVX-512 OpenBLAS takes up to twice as long if only one is.
    matrix = np.asarray(filters.reshape(i * j * c, o), order="F" if by_row else "C")
    view = windows(images, (i, j), strides, dilation_rate)
    maps = np.empty((*view.shape[:3], o), view.dtype)
    for block in _blocks(view, max(_BLOCK_BYTES, filters.nbytes)):
        np.matmul(_patches(view[block], by_row), matrix, out=maps[block].reshape(-1, o))
    return maps


def _store_channels_first(images: FloatArray) -> FloatArray:
    """Copy (n, height, width, c) images so that a row of one channel lies in one piece; the axes stay."""
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(images, -1, 1)), 1, -1)


def _patches(view: FloatArray, by_row: bool) -> FloatArray:
    """Copy (n, y, x, i, j, c) windows into a matrix (n * y * x, i * j * c); turned in memory if by_row."""
    cells = math.prod(view.shape[3:])
    if by_row:
        return view.transpose(3, 4, 5, 0, 1, 2).reshape(cells, -1).T
    return view.reshape(-1, cells)


def _blocks(view: FloatArray, size: int) -> Iterator[tuple[slice, slice]]:
    """Cut (n, y, x, i, j, c) windows into whole images, or rows of one image, of about `size` bytes."""
    n, y = view.shape[:2]
    rows = max(size // (math.prod(view.shape[2:]) * view.itemsize), 1)
    images = max(rows // y, 1)
    for image in range(0, n, images):
        for row in range(0, y, rows):
            yield slice(image, image + images), slice(row, row + rows)


def _activate(maps: FloatArray, activation: Activation) -> FloatArray:
    if activation is None:
        return maps
    if callable(activation):
        return activation(maps)
    if activation != "relu":
        raise ShapeError(
            "conv2d", f"activation is {activation!r}", 'it has to be None or "relu"', "or give a function of the maps"
        )
    return np.maximum(maps, 0)


def _require_filters(where: str, images: FloatArray, filters: FloatArray, groups: int) -> None:
    """Refuse filters that are empty, or do not fit the channels of the images and the groups."""
    require_axes(where, "w", filters, ("i", "j", "c / groups", "o"))
    if 0 in filters.shape:
        raise ShapeError(where, f"w has shape {filters.shape}", "no axis may be empty", "give a kernel with cells")
    channels, o = images.shape[-1], filters.shape[-1]
    if groups < 1 or channels % groups or o % groups:
        raise ShapeError(
            where,
            f"groups is {groups}",
            f"it has to divide the {channels} channels of x and the {o} filters of w",
            "take a divisor of both",
        )
    if filters.shape[2] * groups != channels:
        raise ShapeError(
            where,
            f"w has shape {filters.shape}",
            f"x has {channels} channels in {groups} groups" if groups > 1 else f"x has {channels} channels",
            f"make the third axis of w {channels // groups}",
        )


def _require_bias(bias: FloatArray, filters: FloatArray) -> None:
    if bias.shape != filters.shape[-1:]:
        raise ShapeError(
            "conv2d", f"b has shape {bias.shape}", f"w has {filters.shape[-1]} filters", "give one bias for each filter"
        )


def _require_one_step(where: str, strides: Pair, dilation_rate: Pair) -> None:
    if max(strides) > 1 and max(dilation_rate) > 1:
        raise ShapeError(
            where,
            f"strides is {strides} and dilation_rate is {dilation_rate}",
            "only one of them may be above 1, as in Keras",
            "set the other to 1",
        )
