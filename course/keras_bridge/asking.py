"""Ask Keras, or the file, for the output of a layer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from course.keras_bridge.calls import BridgeError, Call, call
from course.keras_bridge.live import Live, connect, is_wrong_on
from course.keras_bridge.stored import INSTALL, StandIn, stored

_MOST_SHOWN = 36


@dataclass(frozen=True)
class Said:
    """A line or more that a notebook shows as text."""

    text: str

    def __repr__(self) -> str:
        """The words."""
        return self.text


@dataclass(frozen=True, repr=False)
class Answer:
    """What a layer returned.

    Attributes:
        call: what was asked.
        output: of the layer, float32.
        source: whether it was run or looked up.
    """

    call: Call
    output: NDArray[np.float32]
    source: str

    def __repr__(self) -> str:
        """The call, the shape, the numbers if they are few, and the source."""
        rows = [f"  {np.array2string(line)}" for line in self._rows()]
        return "\n".join([str(self.call), f"  shape {self.output.shape}", *rows, f"  {self.source}"])

    def _rows(self) -> NDArray[np.float32]:
        """The first image's first channel, if there is no other."""
        small = self.output.size <= _MOST_SHOWN and self.output.shape[0] == self.output.shape[-1] == 1
        return self.output[0, ..., 0] if small else self.output[:0]


@cache
def connection() -> Live | str:
    """Keras, or why it is not there; tried once."""
    return connect()


def source() -> Said:
    """Say whether Keras runs here, or stored outputs take its place."""
    found = connection()
    return Said(str(found) if isinstance(found, Live) else f"{stored()}. {found}; to run it live: {INSTALL}")


def keras() -> Any:
    """Keras itself; where it is not, a stand-in that knows the models of the notebook."""
    found = connection()
    return found.keras if isinstance(found, Live) else StandIn(found)


def layer(name: str, x: ArrayLike, *weights: ArrayLike, **options: Any) -> Answer:
    """Call a layer of Keras: `layer("MaxPooling2D", x, pool_size=3, padding="same")`, `layer("Conv2D", x, w, b)`.

    Args:
        name: of the layer, such as "Conv2D".
        x: images, shape (n, height, width, c), or (n, c, height, width) with data_format="channels_first".
        weights: for Conv2D a kernel, shape (i, j, c, o), and a bias, shape (o,), if it has one.
        options: of the layer, as Keras calls them; `filters` and `kernel_size` follow from the kernel.

    Raises:
        BridgeError: Keras cannot be asked, and has not been asked before.
    """
    return ask(call(name, x, *weights, **options))


def ask(asked: Call) -> Answer:
    """Run a call, or look it up where Keras is not installed or its backend is wrong."""
    found = connection()
    if isinstance(found, str):
        return _looked_up(asked, why=found)
    if is_wrong_on(found.backend, asked):
        return _looked_up(asked, why=f"Keras on {found.backend} is known to be wrong here")
    return Answer(asked, found.run(asked), str(found))


def _looked_up(asked: Call, *, why: str) -> Answer:
    output = stored().outputs.get(asked.key)
    if output is None:
        raise BridgeError(
            f"{asked}: this call is not stored, and {why}. Call it as the notebook does, or run Keras on jax: {INSTALL}"
        )
    return Answer(asked, output, f"{stored()} ({why})")
