"""How a layer computes, and where a fault may sit: in what goes in, in the sums, in what comes out.

A fault is a `Compute`, or made around one, and is written once: `LAYER` makes of it a wrong `conv2d`, `ONE_FILTER` a
wrong `conv2d_one_filter`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from solutions.faults import around
from solutions.faults.around import Around, Function, in_type_given
from solutions.reference.shapes import FloatArray, Padding, Pair, Size, float_arrays, pad2d, pair, same_pads, windows

ONE_STEP: Pair = (1, 1)


@dataclass(frozen=True)
class Layer:
    """A call of a convolution layer, with its arguments read.

    Attributes:
        x: images, shape (n, height, width, c).
        w: filters, shape (i, j, c, o).
        b: biases, shape (o,); zeros if there are none.
        step: strides, (height, width).
        padding: "valid" or "same".
        activation: "relu" or None.
        given: the images before they were read as floats.
    """

    x: FloatArray
    w: FloatArray
    b: FloatArray
    step: Pair
    padding: Padding
    activation: str | None
    given: ArrayLike

    @property
    def kernel_size(self) -> Pair:
        """Height and width of the kernel."""
        return self.w.shape[0], self.w.shape[1]

    @property
    def pads(self) -> tuple[Pair, Pair]:
        """What is put (above, below) and (left, right)."""
        if self.padding == "valid":
            return (0, 0), (0, 0)
        return same_pads(self.x.shape[1:3], self.kernel_size, self.step)

    @property
    def framed(self) -> FloatArray:
        """The images, padded as asked."""
        return pad2d(self.x, self.pads)

    @property
    def products(self) -> FloatArray:
        """Each pixel of each window times its weight, shape (n, y, x, i, j, c, o)."""
        patches = windows(self.framed, self.kernel_size, self.step)
        products: FloatArray = np.einsum("nyxijc,ijco->nyxijco", patches, self.w)
        return products

    @property
    def sums(self) -> FloatArray:
        """The maps before bias and activation."""
        return correlate(self.framed, self.w, self.step)

    @property
    def size(self) -> Pair:
        """Height and width of the maps."""
        maps = self.sums
        return maps.shape[1], maps.shape[2]

    @property
    def arguments(self) -> tuple[Any, ...]:
        """The arguments of `conv2d` that make this call."""
        return self.given, self.w, self.b, self.step, self.padding, self.activation

    def changed(self, **changes: Any) -> Layer:
        """A call with some other arguments; other images are given in the type of these."""
        layer = replace(self, **changes)
        return replace(layer, given=in_type_given(self.given, self.x, layer.x))

    def activated(self, maps: FloatArray) -> FloatArray:
        """The maps after the activation."""
        return np.maximum(maps, 0) if self.activation == "relu" else maps


Compute = Callable[[Layer], Any]


@dataclass(frozen=True)
class Signature:
    """A kind of function that computes as a layer does.

    Attributes:
        make: makes a function of a `Compute`.
        call: makes a `Compute` of a function.
    """

    make: Callable[[Compute], Function]
    call: Callable[[Function], Compute]

    def wrong(self, fault: Compute | Around) -> Function | Around:
        """A fault as a mistake in a function of this kind."""
        if not isinstance(fault, Around):
            return self.make(fault)
        return Around(self.make(fault.right), lambda inner: self.make(fault.over(self.call(inner))))


def as_layer(compute: Compute) -> Function:
    """A function with the arguments of `conv2d`."""

    def wrong(
        x: ArrayLike,
        w: ArrayLike,
        b: ArrayLike | None = None,
        strides: Size = 1,
        padding: Padding = "valid",
        activation: str | None = None,
    ) -> Any:
        images, filters = float_arrays(x, w)
        bias = np.zeros(filters.shape[3], filters.dtype) if b is None else float_arrays(b)[0]
        step = pair("strides", strides)
        return compute(Layer(images, filters, bias, step, padding, activation, x))

    return wrong


def as_one_filter(compute: Compute) -> Function:
    """A function with the arguments of `conv2d_one_filter`: a layer of one image and one filter."""
    layer = as_layer(compute)

    def wrong(image: ArrayLike, kernel: ArrayLike, bias: float) -> Any:
        return layer(np.asarray(image)[None], np.asarray(kernel)[..., None], [bias])[0, :, :, 0]

    return wrong


def _of_layer(function: Function) -> Compute:
    return lambda layer: function(*layer.arguments)


def _of_one_filter(function: Function) -> Compute:
    """One image and one filter; strides and padding, which such a function lacks, are made outside of it."""

    def compute(layer: Layer) -> Any:
        down, along = layer.step
        framed = layer if layer.padding == "valid" else layer.changed(x=layer.framed)
        maps = function(np.asarray(framed.given)[0], layer.w[..., 0], layer.b[0])
        return np.asarray(maps)[None, ::down, ::along, None]

    return compute


LAYER = Signature(as_layer, _of_layer)
ONE_FILTER = Signature(as_one_filter, _of_one_filter)


def right(layer: Layer) -> FloatArray:
    """What the layer should return."""
    return _finished(layer, layer.sums)


def correlate(x: FloatArray, w: FloatArray, step: Pair = ONE_STEP) -> FloatArray:
    """Every full window with every filter; axes that do not fit are stretched or refused, as NumPy does."""
    maps: FloatArray = np.einsum("nyxijc,ijco->nyxo", windows(x, w.shape[:2], step), w)
    return maps


def _finished(layer: Layer, sums: FloatArray) -> FloatArray:
    return layer.activated(sums + layer.b)


def read_with(**changes: Callable[[Layer], Any]) -> Around:
    """Compute rightly, but from other arguments."""
    return around.read_with(
        right, lambda layer: [layer.changed(**{name: change(layer) for name, change in changes.items()})]
    )


def summed_as(sums: Compute) -> Compute:
    """Take wrong sums, then add the bias and activate rightly."""
    return lambda layer: _finished(layer, sums(layer))


def returned_as(change: Callable[[FloatArray], Any]) -> Around:
    """Compute rightly, then spoil the result."""
    return around.returned_as(right, change)


def returned_with(change: Callable[[FloatArray, Layer], Any]) -> Around:
    """Compute rightly, then spoil the result by what the layer was given."""
    return around.returned_with(right, change)


def padded_as(padded: Callable[[Layer], FloatArray]) -> Around:
    """Under "same" go on from wrongly padded images as under "valid"."""
    return read_with(
        x=lambda layer: padded(layer) if layer.padding == "same" else layer.x, padding=lambda layer: "valid"
    )


def framed_with(frame: Callable[[int, int, int], Pair]) -> Around:
    """Under "same" pad each axis by `frame(pixels, kernel size, stride)`."""

    def padded(layer: Layer) -> FloatArray:
        vertical, horizontal = map(frame, layer.x.shape[1:3], layer.kernel_size, layer.step)
        return pad2d(layer.x, (vertical, horizontal))

    return padded_as(padded)


def filled_with(mode: Any) -> Around:
    """Under "same" pad as much as is right, with what NumPy calls `mode`."""
    return padded_as(lambda layer: np.pad(layer.x, ((0, 0), *layer.pads, (0, 0)), mode=mode))


def cut_windows(layer: Layer, x: FloatArray, rows: int, columns: int, size: Pair | None = None) -> FloatArray:
    """Fill rows x columns sums with plain slices of the kernel's size, or another, which come out short at the edge."""
    (height, width), (down, along) = size or layer.kernel_size, layer.step
    maps = np.zeros((len(x), rows, columns, layer.w.shape[3]), x.dtype)
    for i, j in np.ndindex(rows, columns):
        window = x[:, i * down : i * down + height, j * along : j * along + width]
        maps[:, i, j] = (window[..., None] * layer.w).sum(axis=(1, 2, 3))
    return maps


def in_zeros(maps: FloatArray, rows: int, columns: int, at: Pair = (0, 0)) -> FloatArray:
    """Put the maps into larger ones of zeros."""
    larger = np.zeros((len(maps), rows, columns, maps.shape[3]), maps.dtype)
    larger[:, at[0] : at[0] + maps.shape[1], at[1] : at[1] + maps.shape[2]] = maps
    return larger
