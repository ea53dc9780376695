"""Keras itself, where it is installed."""

from __future__ import annotations

import importlib.util
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.keras_bridge.calls import Call

_OWN_BACKEND = "KERAS_BACKEND"


@dataclass(frozen=True)
class Live:
    """Keras, imported."""

    keras: Any

    def __str__(self) -> str:
        """Say what is running."""
        return f"live: Keras {self.keras.__version__} on {self.backend}"

    @property
    def backend(self) -> str:
        """What Keras computes with, such as "jax"."""
        return str(self.keras.backend.backend())

    def run(self, call: Call) -> NDArray[np.float32]:
        """Make the layer, give it its weights and call it.

        It is put behind a `keras.Input` first, as in a model: called at once, some layers do not refuse windows that
        do not fit.
        """
        options = {"data_format": "channels_last", **call.options}
        layer = getattr(self.keras.layers, call.layer)(**options)
        layer(self.keras.Input(batch_shape=call.x.shape))
        layer.set_weights(list(call.weights))
        return np.array(self.keras.ops.convert_to_numpy(layer(call.x)))


def connect() -> Live | str:
    """Import Keras, on jax unless the user has chosen a backend; or say in a few words why that cannot be."""
    if "keras" not in sys.modules and importlib.util.find_spec("keras") is None:
        return "Keras is not installed"
    try:
        return Live(_imported())
    except ImportError as error:
        return f"Keras cannot be imported ({error})"


def _imported() -> Any:
    if "keras" in sys.modules or _OWN_BACKEND in os.environ:
        import keras  # noqa: PLC0415 - only where it is installed

        return keras
    # Keras reads these when it is imported, and else writes its settings into the user's home.
    with (
        tempfile.TemporaryDirectory() as home,
        _environment({_OWN_BACKEND: "jax", "KERAS_HOME": home, "JAX_PLATFORMS": "cpu"}),
    ):
        import keras  # noqa: PLC0415

        return keras


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def is_wrong_on(backend: str, call: Call) -> bool:
    """Whether a backend is known to return wrong numbers for a call, as seen with Keras 3.15.1."""
    if backend == "torch" and call.layer == "AveragePooling2D" and call.options.get("padding") == "same":
        # It repeats the border's pixels and counts them, unless there are as many before as after.
        return any(total % 2 for _, total in _windows(call))
    if backend == "tensorflow" and call.layer == "Conv2D" and call.options.get("data_format") == "channels_first":
        # It adds the biases along the width, where that has as many numbers as there are filters.
        _, (columns, _) = _windows(call)
        return call.options.get("use_bias", True) and columns == call.options["filters"]
    return False


def _windows(call: Call) -> list[tuple[int, int]]:
    """For height and width: the number of windows, and how many pixels of padding they need under "same"."""
    first, options = call.options.get("data_format") == "channels_first", call.options
    size = call.x.shape[2:] if first else call.x.shape[1:3]
    cells = _pair(options["kernel_size"] if call.layer == "Conv2D" else options.get("pool_size", 2))
    strides = _pair(options.get("strides", 1 if call.layer == "Conv2D" else cells))
    dilation = _pair(options.get("dilation_rate", 1))
    return [
        _along(n, (k - 1) * step + 1, stride, options.get("padding", "valid"))
        for n, k, step, stride in zip(size, cells, dilation, strides, strict=True)
    ]


def _along(n: int, span: int, stride: int, padding: str) -> tuple[int, int]:
    if padding == "valid":
        return (n - span) // stride + 1, 0
    count = -(-n // stride)
    return count, max((count - 1) * stride + span - n, 0)


def _pair(value: Any) -> tuple[int, int]:
    return (value, value) if isinstance(value, int) else tuple(value)
