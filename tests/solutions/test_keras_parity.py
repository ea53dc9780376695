"""The reference gives what Keras gave and refuses what Keras refused: held against stored outputs, without Keras."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from course.data import keras_outputs
from course.data.keras_outputs import Answer, Configuration
from solutions import ShapeError, avg_pool2d, conv2d, output_size
from solutions.mistakes import Mistake
from tests.benchmarks import parity
from tests.benchmarks.parity import REFERENCE, compare
from tests.schemes import EXERCISES

STORED = keras_outputs.stored()
PAIRS = list(zip(STORED.configurations, STORED.answers, strict=True))
WINDOWED = ("Conv2D", "MaxPooling2D", "AveragePooling2D")
POOLS = [layer for layer in REFERENCE if layer != "Conv2D"]

# These need images of integers, or change the images and not the maps; all else that is known shows in the outputs.
UNSEEN = {"M41b", "M42a", "M43"}


def test_the_file_holds_what_is_declared() -> None:
    """The script that would run now is the one that ran: the same configurations, on the same numbers."""
    declared = keras_outputs.declared()

    assert [str(one) for one in STORED.configurations] == [str(one) for one in declared]
    assert STORED.digest == keras_outputs.digest(declared)
    assert STORED.versions.keys() == {"keras", "jax"}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("layer", REFERENCE)
def test_the_reference_gives_what_keras_gave(layer: str, dtype: Any) -> None:
    """Equal shapes, equal values within rounding, maxima exactly; and the same configurations refused."""
    pairs = [pair for pair in PAIRS if pair[0].layer == layer]

    assert [str(one) for one, answer in pairs if not compare(one, answer, dtype=dtype).alike] == []


def size(one: Configuration) -> tuple[int, ...]:
    """Height and width of the images."""
    first = one.options["data_format"] == "channels_first"
    return tuple(one.shape[2:] if first else one.shape[1:3])


def two(one: Configuration, option: str) -> tuple[int, int]:
    """An option as (height, width)."""
    value = one.options.get(option) or 1
    return (value, value) if isinstance(value, int) else tuple(value)


def window(one: Configuration) -> tuple[int, int]:
    """Height and width of the windows, in cells."""
    return two(one, "kernel_size" if one.layer == "Conv2D" else "pool_size")


def spans(one: Configuration) -> tuple[int, ...]:
    """Height and width of the windows, in pixels."""
    return tuple((k - 1) * dilation + 1 for k, dilation in zip(window(one), two(one, "dilation_rate"), strict=True))


KINDS: dict[str, tuple[Any, Callable[[Configuration], bool]]] = {
    "valid": (WINDOWED, lambda one: one.options["padding"] == "valid"),
    "same": (WINDOWED, lambda one: one.options["padding"] == "same"),
    "channels first": (REFERENCE, lambda one: one.options["data_format"] == "channels_first"),
    "one image": (REFERENCE, lambda one: one.shape[0] == 1),
    "two images": (REFERENCE, lambda one: one.shape[0] == 2),
    "three images": (REFERENCE, lambda one: one.shape[0] == 3),
    "unequal strides": (WINDOWED, lambda one: len(set(two(one, "strides"))) == 2),
    "even windows": (WINDOWED, lambda one: not any(k % 2 for k in window(one))),
    "odd windows": (WINDOWED, lambda one: all(k % 2 for k in window(one))),
    "a window for the image": (WINDOWED, lambda one: spans(one) == size(one)),
    "default strides": (POOLS[:2], lambda one: one.options["strides"] is None),
    "larger than the image": (POOLS[:2], lambda one: all(k > n for k, n in zip(window(one), size(one), strict=True))),
    "below zero": (POOLS, lambda one: one.below_zero),
    "axes kept": (POOLS[2:], lambda one: one.options["keepdims"]),
    "dilation": (["Conv2D"], lambda one: max(two(one, "dilation_rate")) > 1),
    "unequal dilation": (["Conv2D"], lambda one: len(set(two(one, "dilation_rate"))) == 2),
    "groups": (["Conv2D"], lambda one: one.options["groups"] > 1),
    "bias off": (["Conv2D"], lambda one: not one.options["use_bias"]),
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_there(kind: str) -> None:
    """Of each layer that can be of this kind, at least five are."""
    layers, of_the_kind = KINDS[kind]
    for layer in layers:
        run = [one for one, answer in PAIRS if one.layer == layer and not answer.refusal]
        assert sum(map(of_the_kind, run)) >= 5, layer


def plain(function: str) -> Iterator[tuple[Configuration, Answer]]:
    """What a student's function of this name can be asked: channels last, one group, no dilation."""
    layer = next(layer for layer, reference in REFERENCE.items() if reference.__name__ == function)
    unasked = {"data_format": "channels_last", "groups": 1, "dilation_rate": 1}
    for one, answer in PAIRS:
        if one.layer == layer and not answer.refusal and {**unasked, **one.options}.items() >= unasked.items():
            yield replace(one, options={k: v for k, v in one.options.items() if k not in unasked}), answer


def alike(one: Configuration, answer: Answer, function: Callable[..., Any]) -> bool:
    """Whether a function that may raise anything does what Keras did."""
    try:
        with np.errstate(all="ignore"):
            return compare(one, answer, function).alike
    except Exception:  # noqa: BLE001  whatever a wrong function raises, Keras did not
        return False


@pytest.mark.parametrize(
    ("function", "mistake"),
    [
        pytest.param(function.__name__, mistake, id=f"{function.__name__}-{mistake.id}")
        for function in REFERENCE.values()
        for mistake in EXERCISES[function.__name__].mistakes
        if mistake.id not in UNSEEN
    ],
)
def test_a_known_mistake_is_not_alike(function: str, mistake: Mistake) -> None:
    """Whoever made this mistake in the reference would learn it from the stored outputs."""
    assert not all(alike(one, answer, mistake.function) for one, answer in plain(function))


def dilation_left_out(x: np.ndarray, w: np.ndarray, b: Any = None, **options: Any) -> np.ndarray:
    """Convolve with a plain kernel."""
    return conv2d(x, w, b, **options | {"dilation_rate": 1})


def groups_interleaved(x: np.ndarray, w: np.ndarray, b: Any = None, **options: Any) -> np.ndarray:
    """Give group g every channel that leaves the rest g, as if they had been dealt out like cards."""
    axis = 1 if options["data_format"] == "channels_first" else 3
    order = np.arange(x.shape[axis]).reshape(-1, options["groups"]).T.ravel()
    return conv2d(np.take(x, order, axis), w, b, **options)


def bias_along_the_width(x: np.ndarray, w: np.ndarray, b: Any = None, **options: Any) -> np.ndarray:
    """Add the bias as Keras does on TensorFlow, channels first, where the output is as wide as there are filters."""
    maps = conv2d(x, w, **options | {"activation": None})
    first = options["data_format"] == "channels_first"
    biases = 0 if b is None else b if not first or maps.shape[3] == len(b) else b[:, None, None]
    return np.maximum(maps + biases, 0) if options["activation"] else maps + biases


def edge_repeated_and_counted(x: np.ndarray, pool_size: Any, strides: Any, padding: Any, data_format: Any) -> Any:
    """Average under "same" as Keras does on torch where the padding is uneven: repeat the edge, and count it."""
    if padding == "valid":
        return avg_pool2d(x, pool_size, strides, padding, data_format)
    height, width = (2, 3) if data_format == "channels_first" else (1, 2)
    pads = [(0, 0)] * 4
    pools, steps = np.broadcast_to(pool_size, 2), np.broadcast_to(strides or pool_size, 2)
    for axis, k, step in zip((height, width), pools, steps, strict=True):
        n = x.shape[axis]
        total = max((output_size(n, k, step, "same") - 1) * step + k - n, 0)
        pads[axis] = (total // 2, total - total // 2)
    return avg_pool2d(np.pad(x, pads, mode="edge"), pool_size, strides, "valid", data_format)


@pytest.mark.parametrize(
    ("layer", "function"),
    [
        ("Conv2D", dilation_left_out),
        ("Conv2D", groups_interleaved),
        ("Conv2D", bias_along_the_width),
        ("Conv2D", lambda x, w, b=None, **options: conv2d(x, w, b, **options | {"data_format": "channels_last"})),
        ("AveragePooling2D", edge_repeated_and_counted),
    ],
    ids=["dilation left out", "groups interleaved", "TensorFlow's bias", "channels taken for last", "torch's means"],
)
def test_what_no_exercise_asks_for_is_seen_too(layer: str, function: Callable[..., Any]) -> None:
    """Faults in dilation, groups and layout are not alike, nor are two that backends of Keras have."""
    pairs = [(one, answer) for one, answer in PAIRS if one.layer == layer and not answer.refusal]

    found = [alike(one, answer, function) for one, answer in pairs]

    assert any(found)
    assert not all(found)


def test_a_refusal_is_told_apart_from_an_output() -> None:
    """Who refuses what Keras runs, or runs what Keras refuses, is not alike."""

    def refuses(*_: object, **options: object) -> None:
        raise ShapeError("all is wrong", "none of it may be", "give up")

    (run, output), (refused, refusal) = PAIRS[0], PAIRS[-1]

    assert compare(refused, refusal, refuses).alike
    assert not compare(run, output, refuses).alike
    assert not compare(refused, refusal, lambda **options: np.zeros((2, 3))).alike


def test_a_maximum_off_by_the_last_bit_is_not_alike() -> None:
    """A maximum is one of the pixels, and not only near to it."""
    one, answer = next(pair for pair in PAIRS if pair[0].layer == "MaxPooling2D")
    near = replace(answer, output=np.nextafter(answer.output, np.float32(np.inf)))

    assert compare(one, answer).alike
    assert not compare(one, near).alike


def test_the_table_counts_and_tells_the_largest_errors() -> None:
    """A line for each layer and one for all; what is not alike shows in the counts."""
    found = [compare(*pair) for pair in PAIRS]
    broken = [replace(one, alike=False) if one.layer == "Conv2D" else one for one in found]

    assert "| GlobalMaxPooling2D | 32 | 32 | 4 | 4 | 0 | 0 |" in parity.table(found)
    assert parity.table(found).splitlines()[-1].startswith("| all | 784 | 784 | 71 | 71 | ")
    assert parity.table(broken).splitlines()[-1].startswith("| all | 784 | 496 | 71 | 42 | ")


def test_the_committed_table_is_of_the_stored_outputs() -> None:
    """The same Keras, as many configurations, and all of them alike."""
    written = parity.TABLE.read_text()
    counts = [line.rsplit("|", 3)[0] for line in parity.table([compare(*pair) for pair in PAIRS]).splitlines()]

    assert ", ".join(f"{name} {number}" for name, number in STORED.versions.items()) in written
    assert [line for line in counts if line not in written] == []
