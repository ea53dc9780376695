"""A student's function beside the layer of Keras: shapes, and the largest difference."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course.keras_bridge.asking import Answer, Said, ask
from course.keras_bridge.calls import BridgeError, call

# Keras computes in float32, with about 7 digits; sums that cancel lose some of them.
ROUNDING = 1e-5


def beside(function: Callable[..., Any], name: str, x: ArrayLike, *weights: ArrayLike, **options: Any) -> Said:
    """Call a function and a layer of Keras on the same arrays, and say how far apart they are.

    Never raises: a function that is not there yet, or fails, is reported in a sentence.

    Args:
        function: takes x, weights and options as the layer does, except `data_format`.
        name: of the layer, such as "Conv2D".
        x: images, as for `layer`.
        weights: as for `layer`.
        options: as for `layer`.
    """
    try:
        answer = ask(call(name, x, *weights, **options))
    except BridgeError as error:
        return Said(str(error))
    except Exception as error:  # noqa: BLE001 - what a student asks Keras for, it may refuse in many ways
        return Said(f"Keras refuses this {name}, with {type(error).__name__}: {error}")
    given = {option: value for option, value in options.items() if option != "data_format"}
    keras = f"  Keras       {answer.output.shape}, {answer.source}"
    return Said("\n".join([str(answer.call), keras, *_yours(function, answer, (x, *weights), given)]))


def _yours(function: Callable[..., Any], answer: Answer, arrays: tuple[Any, ...], options: dict[str, Any]) -> list[str]:
    called = getattr(function, "__name__", "your function")
    try:
        ours = np.asarray(function(*arrays, **options), np.float64)
    except NotImplementedError as error:
        *_, missing = traceback.extract_tb(error.__traceback__)
        return [f"  yours       not here yet: {missing.name} ({error})"]
    except Exception as error:  # noqa: BLE001 - a function that a student is writing may raise anything
        return [f"  yours       {called} stopped with {type(error).__name__}: {error}"]
    shape = f"  yours       {ours.shape}, {called}"
    if ours.shape != answer.output.shape:
        return [shape, "  difference  the shapes are not the same"]
    return [shape, f"  difference  {_difference(ours, answer.output.astype(np.float64))}"]


def _difference(ours: Any, theirs: Any) -> str:
    gap = np.abs(ours - theirs)
    if not gap.any():
        return "none: every number is the same"
    wrong = ~(gap <= ROUNDING * (np.abs(theirs) + np.abs(theirs).max()))
    if not wrong.any():
        return f"{gap.max():.1e} at most: the same, except for rounding"
    first = tuple(int(place) for place in np.argwhere(wrong)[0])
    return (
        f"{gap.max():.3g} at most: {wrong.sum()} of {wrong.size} numbers are not the same; "
        f"the first is at {list(first)}, where Keras has {theirs[first]:.6g} and yours {ours[first]:.6g}"
    )
