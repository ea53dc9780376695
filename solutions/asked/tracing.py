"""What a stack of layers does to the shape of an image, and how many pixels one of its numbers depends on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from solutions.reference.errors import ShapeError, at, named_in_errors
from solutions.reference.shapes import output_sizes, pair

Shape = tuple[int, ...]
Layer = Sequence[Any]

_IMAGE = 3  # axes: height, width, channels


@named_in_errors
def trace_shapes(layers: Sequence[Layer], input_shape: Sequence[int]) -> list[Shape]:
    """Follow the shape of one image through a stack of layers, as Keras's `summary` does.

    Args:
        layers: one tuple for each layer: ("conv", filters, kernel_size, strides, padding),
            ("pool", pool_size, strides, padding), ("global",), ("flatten",) or ("dense", units);
            sizes and strides are pairs (height, width), padding is "valid" or "same".
        input_shape: (height, width, channels), without the batch.

    Returns:
        The shape after each layer: (height, width, channels), or (numbers,) once there is no image any more.

    Raises:
        ShapeError: no window fits, a layer that takes an image gets none, or there is no such layer.
    """
    shape, after = tuple(input_shape), []
    for number, layer in enumerate(layers, start=1):
        with at(f"layer {number}"):
            shape = _shape_after(layer, shape)
        after.append(shape)
    return after


def receptive_field(layers: Sequence[Sequence[int]]) -> list[int]:
    """Count the input pixels that one number depends on after each layer, along one axis and away from the border.

    A layer adds (kernel_size - 1) * dilation steps, and a step is as many pixels wide as the product of all the
    strides before it.

    Args:
        layers: (kernel_size, stride, dilation) for each layer, all 1 or more; dilation 1 is the plain kernel.

    Returns:
        The number of pixels after each layer.
    """
    field, step, after = 1, 1, []
    for kernel_size, stride, dilation in layers:
        field += (kernel_size - 1) * dilation * step
        step *= stride
        after.append(field)
    return after


def _shape_after(layer: Layer, shape: Shape) -> Shape:
    if layer[0] in {"conv", "pool", "global"}:
        _require_image(layer, shape)
    match tuple(layer):
        case ("conv", filters, kernel_size, strides, padding):
            return (*_windows(shape, kernel_size, strides, padding), filters)
        case ("pool", pool_size, strides, padding):
            return (*_windows(shape, pool_size, strides, padding), shape[-1])
        case ("global",):
            return shape[-1:]
        case ("flatten",):
            return (math.prod(shape),)
        case ("dense", units):
            return (*shape[:-1], units)
    raise ShapeError(f"the layer is {layer!r}", "it is none that is known", "see the docstring of trace_shapes")


def _windows(shape: Shape, size: Any, strides: Any, padding: Any) -> tuple[int, int]:
    window, step = pair("the window", size), pair("strides", strides)
    return output_sizes(shape[:2], window, step, padding)


def _require_image(layer: Layer, shape: Shape) -> None:
    if len(shape) != _IMAGE:
        raise ShapeError(
            f"the shape before {layer[0]!r} is {shape}",
            "it must be (height, width, channels)",
            "put the layer before flatten and global",
        )
