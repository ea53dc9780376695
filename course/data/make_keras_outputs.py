"""Make keras_outputs.npz with live Keras on jax: `python -m course.data.make_keras_outputs`."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Sequence
from importlib.metadata import version
from types import ModuleType

import numpy as np

from course.data.keras_outputs import Answer, Configuration, declared, inputs, store


def main() -> None:
    """Run every configuration, and store what came out."""
    configurations = declared()
    store(configurations, live(configurations), versions())


def live(configurations: Sequence[Configuration]) -> list[Answer]:
    """Ask Keras; it and jax must be installed, as `make keras` does it."""
    with tempfile.TemporaryDirectory() as home:
        # Keras reads these when it is imported, and else writes its settings into the user's home.
        os.environ |= {"KERAS_BACKEND": "jax", "KERAS_HOME": home, "JAX_PLATFORMS": "cpu"}
        import keras  # noqa: PLC0415 - needed only to ask Keras again

        return [answer(keras, configuration) for configuration in configurations]


def answer(keras: ModuleType, configuration: Configuration) -> Answer:
    """Make one layer and call it.

    It is put behind a `keras.Input` first, as in a model: called at once on jax, a pooling layer does not refuse
    windows that do not fit, and returns an array without pixels.
    """
    try:
        layer = getattr(keras.layers, configuration.layer)(name="layer", **configuration.options)
        layer(keras.Input(batch_shape=tuple(configuration.shape)))
    except ValueError as error:
        return Answer(refusal=_first_sentence(error))
    x, *weights = inputs(configuration).values()
    layer.set_weights(weights)
    return Answer(np.asarray(layer(x)))


def versions() -> dict[str, str]:
    """Name what is running."""
    return {name: version(name) for name in ("keras", "jax")}


def _first_sentence(error: ValueError) -> str:
    """The line that says what is wrong: without colours, and without the line on where it was found."""
    lines = [line for line in re.sub(r"\x1b\[[\d;]*m", "", str(error)).splitlines() if line]
    return next(line for line in lines if not line.startswith("Exception encountered"))


if __name__ == "__main__":
    main()
