"""What Keras returned for the calls and models of the notebook, and a stand-in for Keras that knows them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.keras_bridge.calls import BridgeError

FILE = Path(__file__).parents[1] / "data" / "bridge_outputs.npz"
INSTALL = "pip install 'convolution-by-hand[keras]'"


@dataclass(frozen=True)
class Stored:
    """What the file holds.

    Attributes:
        outputs: of layers, by the key of the call.
        summaries: of models, by their description.
        versions: of Keras, and of the backend it ran on.
    """

    outputs: Mapping[str, NDArray[np.float32]]
    summaries: Mapping[str, str]
    versions: Mapping[str, str]

    def __str__(self) -> str:
        """Say what had been running."""
        keras, *backends = self.versions
        return f"stored: Keras {self.versions[keras]} on {', '.join(backends)}"


def store(stored: Stored) -> None:
    """Write the file."""
    arrays = {f"output {key}": output for key, output in stored.outputs.items()}
    words = {"summaries": json.dumps(dict(stored.summaries)), "versions": json.dumps(dict(stored.versions))}
    np.savez_compressed(FILE, **arrays, **{name: np.array(text) for name, text in words.items()})


@cache
def stored() -> Stored:
    """Read the file."""
    with np.load(FILE, allow_pickle=False) as file:
        outputs = {name.removeprefix("output "): file[name] for name in file.files if name.startswith("output ")}
        return Stored(outputs, json.loads(str(file["summaries"])), json.loads(str(file["versions"])))


class StandIn:
    """Enough of Keras to write down the models of the notebook; what they summarise to is looked up."""

    def __init__(self, why: str) -> None:
        self._why = why
        self.layers = _Layers()

    def Input(self, shape: Sequence[int]) -> dict[str, Any]:  # noqa: N802 - as in Keras
        """The shape of one image."""
        return _made("Input", shape)

    def Sequential(self, layers: Sequence[Any]) -> SimpleNamespace:  # noqa: N802 - as in Keras
        """A model that can be summed up."""
        return SimpleNamespace(summary=partial(self._print_summary, described(layers)))

    def __getattr__(self, name: str) -> Any:
        """Say what is missing."""
        raise AttributeError(
            f"keras.{name}: {self._why}, and its stand-in has Input, layers and Sequential only; "
            f"to have all of it, install it: {INSTALL}"
        )

    def _print_summary(self, model: str) -> None:
        if model not in stored().summaries:
            raise BridgeError(
                f"summary: this model is not stored, and {self._why}. Write the model as "
                f"the notebook has it, or install Keras: {INSTALL}"
            )
        print(f"{stored().summaries[model]}\n{stored()}")  # noqa: T201 - as Keras's does


class _Layers:
    """Each name is a layer that remembers how it was made."""

    def __getattr__(self, name: str) -> Callable[..., dict[str, Any]]:
        return partial(_made, name)


def _made(name: str, *arguments: Any, **options: Any) -> dict[str, Any]:
    return {name: [*arguments, options]}


def described(layers: Sequence[Any]) -> str:
    """Write down the layers of a model."""
    return json.dumps(list(layers), sort_keys=True)
