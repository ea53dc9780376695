"""One call of a Keras layer, the same whether it is run or looked up."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

LAYERS = ("Conv2D", "MaxPooling2D", "AveragePooling2D", "GlobalMaxPooling2D", "GlobalAveragePooling2D")

_DEFAULTS = {"padding": "valid", "data_format": "channels_last", "activation": None, "keepdims": False}
_KERNEL_AXES, _BATCH_AXES = 4, 4


class BridgeError(ValueError):
    """Something that Keras cannot be asked here, with what it is, what it must be and what to do."""


@dataclass(frozen=True)
class Call:
    """A layer, and what it is called on.

    Attributes:
        layer: its class in `keras.layers`.
        options: what the class is given, without those that are defaults.
        x: images.
        weights: kernel and bias, the kernel alone, or none.
    """

    layer: str
    options: Mapping[str, Any]
    x: NDArray[np.float32]
    weights: Sequence[NDArray[np.float32]] = ()

    def __str__(self) -> str:
        """Write it as Keras's users do, with the shape of the images."""
        options = ", ".join(f"{name}={_spelled(value)}" for name, value in self.options.items())
        return f"{self.layer}({options}) on x {self.x.shape}"

    @property
    def key(self) -> str:
        """Sum up in 64 letters all that decides the output."""
        total = hashlib.sha256(json.dumps([self.layer, dict(self.options)], sort_keys=True).encode())
        for array in (self.x, *self.weights):
            total.update(str(array.shape).encode() + array.astype("<f4").tobytes())
        return total.hexdigest()


def call(layer: str, x: ArrayLike, *weights: ArrayLike, **options: Any) -> Call:
    """Describe the call of a layer; of Conv2D, `filters`, `kernel_size` and `use_bias` follow from the weights.

    Args:
        layer: one of `LAYERS`.
        x: images, shape (n, height, width, c), or (n, c, height, width) with data_format="channels_first".
        weights: for Conv2D a kernel, shape (i, j, c, o), and a bias, shape (o,), if it has one.
        options: of the layer, as Keras calls them.

    Raises:
        BridgeError: there is no such layer here, or images or weights have other axes.
    """
    if layer not in LAYERS:
        raise BridgeError(f"layer: it is {layer!r}, but must be one of {', '.join(LAYERS)}; choose one of them")
    images, *arrays = (np.array(array, np.float32) for array in (x, *weights))
    if images.ndim != _BATCH_AXES:
        raise BridgeError(
            f"{layer}: x has shape {images.shape}, but must have 4 axes, (n, height, width, c); "
            "for a gray image write x[None, :, :, None]"
        )
    shaped = _from_weights(arrays) if layer == "Conv2D" else {}
    return Call(layer, shaped | _without_defaults(layer, options), images, arrays)


def numbers(*shape: int, start: int = 0) -> NDArray[np.float64]:
    """Give numbers from -2 to 2 without a pattern, the same on every machine and exact in float32.

    Args:
        shape: of the array.
        start: another start gives other numbers.
    """
    places = np.arange(start, start + int(np.prod(shape)), dtype=np.int64)
    # The digits after the point of many times the golden ratio: each number falls far from the one before.
    return (places * 5_184_557 % 2**23 - 2**22).reshape(shape) / 2**21


def _from_weights(arrays: Sequence[NDArray[np.float32]]) -> dict[str, Any]:
    shapes = [array.shape for array in arrays]
    if not shapes or len(shapes[0]) != _KERNEL_AXES or shapes[1:] not in ([], [shapes[0][3:]]):
        raise BridgeError(
            f"Conv2D: its weights have the shapes {shapes}, but must be a kernel (i, j, c, o), and a bias (o,) "
            "if there is one; hand over x, w or x, w, b"
        )
    height, width, _, filters = shapes[0]
    without = {} if shapes[1:] else {"use_bias": False}
    return {"filters": filters, "kernel_size": height if height == width else (height, width)} | without


def _without_defaults(layer: str, options: Mapping[str, Any]) -> dict[str, Any]:
    """Write equal options in one way, so that they are found again."""
    defaults = _DEFAULTS | {"strides": 1 if layer == "Conv2D" else None}
    one_way = {name: _one_number(value) for name, value in options.items()}
    return {name: value for name, value in one_way.items() if name not in defaults or value != defaults[name]}


def _one_number(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return value[0] if len(set(value)) == 1 else tuple(value)
    return value


def _spelled(value: Any) -> str:
    return json.dumps(value) if isinstance(value, str) else repr(value)
