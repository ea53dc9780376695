"""Make bridge_outputs.npz with live Keras on jax: `python -m course.data.make_bridge_outputs`."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

from course.keras_bridge.declared import MODELS, calls
from course.keras_bridge.live import Live, connect
from course.keras_bridge.stored import StandIn, Stored, described, store


def main() -> None:
    """Run every call and every model of notebook 10, and store what came out."""
    os.environ.pop("KERAS_BACKEND", None)
    found = connect()
    if isinstance(found, str):
        sys.exit(f"make_bridge_outputs: {found}, but must run; set it up with: make keras")
    store(live(found))


def live(found: Live) -> Stored:
    """Ask Keras."""
    outputs = {one.key: found.run(one) for one in calls()}
    summaries = {described(layers(StandIn(""))): _summary(found.keras, layers) for layers in MODELS}
    return Stored(outputs, summaries, {name: version(name) for name in ("keras", found.backend)})


def _summary(keras: Any, layers: Callable[[Any], list[Any]]) -> str:
    """The text that `model.summary()` prints."""
    keras.utils.clear_session()  # which else counts on in the names of the layers
    lines: list[str] = []
    keras.Sequential(layers(keras)).summary(print_fn=lambda text, **_: lines.append(text))
    return "\n".join(lines).strip()


if __name__ == "__main__":
    main()
