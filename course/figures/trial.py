"""A student's own function, tried on live arrays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.drawing.figure import Figure, FigureError, sentence
from autograder.drawing.panels import arrays, given_and_returned

_LONGEST = 200


def try_it(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Figure:
    """Call a function and draw its first argument beside what it returns.

    Never raises: a function that is not written yet, or fails, gives a figure with a sentence.
    """
    name = getattr(function, "__name__", type(function).__name__)
    before = {"input": np.array(args[0])} if args and _is_drawable(args[0]) else {}
    try:
        result = function(*args, **kwargs)
    except NotImplementedError:
        return sentence(f"not solved yet: {name}")
    except Exception as error:  # noqa: BLE001 - a function that a student is writing may raise anything
        return sentence(_short(f"{name} stopped with {type(error).__name__}: {error}"))
    if result is None:
        return sentence(f"{name} returned None. Does it end in `return ...`?")
    try:
        return given_and_returned(before, {f"{name} returned": result})
    except FigureError:
        return sentence(_short(f"{name} returned {_described(result)}"))


def _is_drawable(value: Any) -> bool:
    try:
        arrays({"input": value})
    except FigureError:
        return False
    return True


def _described(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    return f"{type(value).__name__} {value!r}"


def _short(words: str) -> str:
    return words if len(words) <= _LONGEST else words[: _LONGEST - 3] + "..."
