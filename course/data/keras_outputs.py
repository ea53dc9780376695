"""Layers of Keras, what goes into each, and what Keras made of it: stored, so that a comparison needs no Keras."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("keras_outputs.npz")
SEED = 10

PADDINGS = ("valid", "same")
DATA_FORMATS = ("channels_last", "channels_first")
STEPS = ((1, 2), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2))
CELLS = ("even", "odd", "even and odd", "whole image")

Pair = tuple[int, int]


@dataclass(frozen=True)
class Configuration:
    """A layer of Keras, as it is made and called.

    Attributes:
        layer: its class in `keras.layers`.
        options: what the class is given.
        shape: of the images, in the data format of the options.
        below_zero: every pixel is negative.
        seed: what the images and weights are drawn from.
    """

    layer: str
    options: dict[str, Any]
    shape: Sequence[int]
    below_zero: bool = False
    seed: int = 0

    def __str__(self) -> str:
        """Write it as JSON."""
        return json.dumps(asdict(self))


@dataclass(frozen=True)
class Answer:
    """What Keras made of a configuration.

    Attributes:
        output: what the layer returned, float32; empty if it was refused.
        refusal: the words in which Keras refuses; empty if it does not.
    """

    output: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    refusal: str = ""


@dataclass(frozen=True)
class Stored:
    """What the file holds.

    Attributes:
        configurations: as they were when Keras ran.
        answers: one for each.
        digest: of all that Keras was given, as from `digest`.
        versions: of Keras, and of the backend it ran on.
    """

    configurations: list[Configuration]
    answers: list[Answer]
    digest: str
    versions: dict[str, str]


def inputs(configuration: Configuration) -> dict[str, NDArray[np.float32]]:
    """Draw the arrays that a configuration is run on.

    The numbers are multiples of 2**-21 from -4 to 4, exact in float32, and one in eight is 0; below zero they go from
    -8 to 0 without it.

    Returns:
        "x", images; for Conv2D also "w", filters of shape (i, j, c / groups, o), and if it has a bias "b", shape (o,).
    """
    rng, options = np.random.default_rng([SEED, configuration.seed]), configuration.options
    x = _numbers(rng, configuration.shape)
    if configuration.layer != "Conv2D":
        return {"x": x - 4 if configuration.below_zero else x}
    channels = configuration.shape[1 if options.get("data_format") == "channels_first" else -1]
    size, filters = options["kernel_size"], options["filters"]
    kernel_size = (size, size) if isinstance(size, int) else size
    w = _numbers(rng, (*kernel_size, channels // max(options.get("groups", 1), 1), filters))
    return {"x": x, "w": w} | ({"b": _numbers(rng, (filters,))} if options.get("use_bias", True) else {})


def digest(configurations: Sequence[Configuration]) -> str:
    """Sum up in 64 letters all that the configurations are run on."""
    total = hashlib.sha256()
    for configuration in configurations:
        for array in inputs(configuration).values():
            total.update(array.astype("<f4").tobytes())
    return total.hexdigest()


def store(configurations: Sequence[Configuration], answers: Sequence[Answer], versions: dict[str, str]) -> None:
    """Write the file."""
    np.savez_compressed(
        FILE,
        configurations=np.array([str(configuration) for configuration in configurations]),
        shapes=np.array([json.dumps(answer.output.shape) for answer in answers]),
        outputs=np.concatenate([answer.output.ravel() for answer in answers]),
        refusals=np.array([answer.refusal for answer in answers]),
        digest=np.array(digest(configurations)),
        versions=np.array(json.dumps(versions)),
    )


def stored() -> Stored:
    """Read the file."""
    with np.load(FILE, allow_pickle=False) as file:
        configurations = [Configuration(**json.loads(text)) for text in file["configurations"].tolist()]
        shapes = [json.loads(text) for text in file["shapes"].tolist()]
        ends = np.cumsum([np.prod(shape, dtype=int) for shape in shapes])
        parts = np.split(file["outputs"], ends[:-1])
        outputs = [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]
        answers = [Answer(*both) for both in zip(outputs, file["refusals"].tolist(), strict=True)]
        return Stored(configurations, answers, str(file["digest"]), json.loads(str(file["versions"])))


def declared() -> list[Configuration]:
    """List the configurations that are compared, the same ones every time."""
    rng = np.random.default_rng(SEED)
    listed = [*_convolutions(rng), *_poolings(rng), *_global_poolings(rng), *_refused()]
    return [replace(configuration, seed=seed) for seed, configuration in enumerate(listed)]


def _convolutions(rng: np.random.Generator) -> Iterator[Configuration]:
    """Every choice of options with every other, each on images and filters of a drawn size."""
    choices = product(PADDINGS, DATA_FORMATS, (True, False), (1, 2, 3), (None, "strides", "dilation_rate"), CELLS)
    for padding, data_format, use_bias, groups, step, cells in choices:
        kernel_size, steps = _cells(rng, cells), _one_of(rng, STEPS)
        span = _span(kernel_size, steps if step == "dilation_rate" else (1, 1))
        options = {
            "filters": groups * _number(rng, 1, 2),
            "kernel_size": kernel_size,
            "padding": padding,
            "data_format": data_format,
            "use_bias": use_bias,
            "groups": groups,
            "activation": _one_of(rng, (None, None, "relu")),
        }
        options |= {step: _spelled(steps)} if step else {}
        size = span if cells == "whole image" else _size(rng, span, padding)
        yield Configuration("Conv2D", options, _shape(rng, size, groups * _number(rng, 1, 3), data_format))


def _poolings(rng: np.random.Generator) -> Iterator[Configuration]:
    """Every choice of options with every other, each on three batches of images of drawn sizes."""
    layers, strides = ("MaxPooling2D", "AveragePooling2D"), (None, "drawn")
    sizes = (*CELLS, "larger than the image")
    choices = product(range(3), layers, PADDINGS, DATA_FORMATS, strides, (False, True), sizes)
    for _, layer, padding, data_format, step, below_zero, cells in choices:
        pool = _cells(rng, cells)
        size = pool if cells == "whole image" else _size(rng, pool, padding)
        if cells == "larger than the image":
            if padding == "valid":
                continue
            pool = (size[0] + _number(rng, 0, 3), size[1] + _number(rng, 1, 3))
        options = {
            "pool_size": _spelled(pool),
            "strides": step and _spelled((_number(rng, 1, 5), _number(rng, 1, 5))),
            "padding": padding,
            "data_format": data_format,
        }
        yield Configuration(layer, options, _shape(rng, size, _number(rng, 1, 4), data_format), below_zero)


def _global_poolings(rng: np.random.Generator) -> Iterator[Configuration]:
    layers = ("GlobalMaxPooling2D", "GlobalAveragePooling2D")
    for layer, data_format, keepdims, below_zero, _ in product(
        layers, DATA_FORMATS, (False, True), (False, True), range(4)
    ):
        shape = _shape(rng, _size(rng, (1, 1), "same"), _number(rng, 1, 4), data_format)
        yield Configuration(layer, {"keepdims": keepdims, "data_format": data_format}, shape, below_zero)


def _refused() -> Iterator[Configuration]:
    """What Keras refuses, each for one reason."""
    images = (2, 5, 7, 4)
    right = {"filters": 6, "kernel_size": 3}
    for wrong in (
        {"strides": 2, "dilation_rate": 2},
        {"strides": (1, 2), "dilation_rate": (2, 1)},
        {"strides": 2, "dilation_rate": (1, 3), "padding": "same"},
        {"strides": 3, "dilation_rate": 2, "padding": "same", "data_format": "channels_first"},
        {"groups": 3},
        {"groups": 4},
        {"groups": 4, "filters": 8, "data_format": "channels_first"},
        {"groups": 0},
        {"groups": -2},
        {"kernel_size": (6, 2)},
        {"kernel_size": (2, 8)},
        {"kernel_size": 6, "data_format": "channels_first"},
        {"kernel_size": 2, "dilation_rate": (1, 7)},
        {"kernel_size": 3, "dilation_rate": 3},
        {"kernel_size": 0},
        {"kernel_size": (3, 0), "padding": "same"},
        {"kernel_size": (3,)},
        {"kernel_size": (3, 3, 3)},
        {"strides": 0},
        {"strides": (2, -1)},
        {"strides": (1, 1, 1)},
        {"dilation_rate": 0},
        {"dilation_rate": (1, -1)},
        {"filters": 0},
        {"padding": "full"},
        {"padding": "causal"},
        {"data_format": "NHWC"},
    ):
        yield Configuration("Conv2D", right | wrong, images)
    for shape in ((5, 7, 4), (2, 5, 7, 4, 1)):
        yield Configuration("Conv2D", right, shape)
    for layer in ("MaxPooling2D", "AveragePooling2D"):
        for wrong in (
            {"pool_size": (6, 2)},
            {"pool_size": (2, 8)},
            {"pool_size": 6, "strides": 1},
            {"pool_size": 6, "data_format": "channels_first"},
            {"pool_size": 0},
            {"pool_size": (2, 0), "padding": "same"},
            {"pool_size": -1},
            {"pool_size": (2,)},
            {"pool_size": (2, 2, 2)},
            {"strides": (1, -1)},
            {"strides": (2,)},
            {"padding": "full"},
            {"padding": "causal"},
            {"data_format": "NHWC"},
        ):
            yield Configuration(layer, {"pool_size": 2} | wrong, images)
        for shape in ((5, 7, 4), (2, 5, 7, 4, 1), (2, 1, 7, 4)):
            yield Configuration(layer, {"pool_size": 2}, shape)
    for layer in ("GlobalMaxPooling2D", "GlobalAveragePooling2D"):
        yield Configuration(layer, {"data_format": "NHWC"}, images)
        for shape in ((5, 7), (5, 7, 4), (2, 5, 7, 4, 1)):
            yield Configuration(layer, {}, shape)


def _numbers(rng: np.random.Generator, shape: Sequence[int]) -> NDArray[np.float32]:
    numbers = rng.integers(-(2**23), 2**23, shape) * (rng.integers(0, 8, shape) > 0)
    return np.asarray(numbers / 2**21, np.float32)


def _number(rng: np.random.Generator, smallest: int, largest: int) -> int:
    return int(rng.integers(smallest, largest + 1))


def _one_of(rng: np.random.Generator, choices: Sequence[Any]) -> Any:
    return choices[_number(rng, 0, len(choices) - 1)]


def _cells(rng: np.random.Generator, kind: str) -> Pair:
    """Draw the size of a window."""
    even, odd = (2, 4), (1, 3, 5)
    height, width = {
        "even": (even, even),
        "odd": (odd, odd),
        "even and odd": _one_of(rng, ((even, odd), (odd, even))),
    }.get(kind, ((1, 2, 3, 4), (1, 2, 3, 4)))
    return _one_of(rng, height), _one_of(rng, width)


def _span(cells: Pair, dilation: Pair) -> Pair:
    return (cells[0] - 1) * dilation[0] + 1, (cells[1] - 1) * dilation[1] + 1


def _size(rng: np.random.Generator, span: Pair, padding: str) -> Pair:
    """Draw the size of an image: any under "same", and under "valid" one that a window fits into."""
    if padding == "same":
        return _number(rng, 1, 7), _number(rng, 1, 7)
    return span[0] + _number(rng, 0, 4), span[1] + _number(rng, 0, 4)


def _shape(rng: np.random.Generator, size: Pair, channels: int, data_format: str) -> tuple[int, ...]:
    n = _number(rng, 1, 3)
    return (n, channels, *size) if data_format == "channels_first" else (n, *size, channels)


def _spelled(pair: Pair) -> int | Pair:
    return pair[0] if pair[0] == pair[1] else pair
