"""Figures that work out an answer: drawn live beside the course, and taken ready drawn where students are.

Students get `course.figures` without `course.worked`, because a figure that slides a kernel over any image would be a
solution. What the notebooks show is drawn beforehand and kept in a file (`python -m course.worked` makes it).
"""

from __future__ import annotations

import functools
import hashlib
import json
import zipfile
from collections.abc import Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from autograder.drawing.figure import Figure, sentence

FILE = Path(__file__).with_name("ready.zip")
WORKED = "course.worked"

Size = int | Sequence[int]
Padding = Literal["valid", "same"]


def window_stepper(image: ArrayLike, kernel: ArrayLike) -> Figure:
    """Draw every window of an image in turn: what is multiplied, the products, their sum, the output so far.

    Args:
        image: numbers, shape (height, width), 12 by 12 at most.
        kernel: numbers, shape (i, j), no larger than the image.

    Raises:
        FigureError: one of them cannot be drawn, or the kernel does not fit.
    """
    return drawn("window_stepper", image, kernel)


def strip(values: ArrayLike, weights: ArrayLike) -> Figure:
    """Draw a window of weights on its way along a strip of numbers: one line for each place, products and sum.

    Args:
        values: numbers, shape (length,), 16 at most.
        weights: numbers, shape (length,), no more than there are values.

    Raises:
        FigureError: one of them cannot be drawn, or the weights are more than the values.
    """
    return drawn("strip", values, weights)


def gallery(image: ArrayLike, kernels: Mapping[str, Any]) -> Figure:
    """Draw an image, and beside it what each kernel makes of it wherever it fits, the kernel printed small.

    Args:
        image: numbers, shape (height, width).
        kernels: name -> weights, shape (i, j), no larger than the image; 11 at most.

    Raises:
        FigureError: there is no kernel, there are too many, or one of them cannot be drawn or does not fit.
    """
    return drawn("gallery", image, kernels)


def channel_stack(image: ArrayLike, kernel: ArrayLike) -> Figure:
    """Draw each channel with its slice of a filter and the map they make, and the sum of the maps.

    Args:
        image: numbers, shape (height, width, c), 8 channels at most.
        kernel: one filter, shape (i, j, c), no larger than the image.

    Raises:
        FigureError: one of them cannot be drawn, the kernel does not fit, or they disagree on c.
    """
    return drawn("channel_stack", image, kernel)


def window_starts(height: int, width: int, kernel_size: Size, strides: Size = 1) -> Figure:
    """Draw where windows start in an image, and which rows and columns fall in none.

    Args:
        height: pixels from top to bottom, 1 to 40.
        width: pixels from left to right, 1 to 40.
        kernel_size: pixels of a window, one number or (height, width).
        strides: step between windows, one number or (height, width).

    Raises:
        FigureError: a size is out of range, or no window fits.
    """
    return drawn("window_starts", height, width, kernel_size, strides)


def padded(image: ArrayLike, kernel_size: Size, strides: Size = 1, padding: Padding = "same") -> Figure:
    """Draw the frame that padding puts round an image, and how many windows use each pixel.

    Args:
        image: numbers, shape (height, width), 12 by 12 at most.
        kernel_size: pixels of a window, one number or (height, width).
        strides: step between windows, one number or (height, width).
        padding: "valid" adds nothing; "same" adds zeros, the odd one last.

    Raises:
        FigureError: the image cannot be drawn, or no window fits.
    """
    return drawn("padded", image, kernel_size, strides, padding)


def pooling(image: ArrayLike, pool_size: Size = 2, strides: Size | None = None, padding: Padding = "valid") -> Figure:
    """Draw the windows of a pooling layer, the maximum and the mean of each, and how many real cells it holds.

    Args:
        image: numbers, shape (height, width), 12 by 12 at most.
        pool_size: cells of a window, one number or (height, width).
        strides: step between windows, one number or (height, width); pool_size by default.
        padding: "valid" drops windows that hang over the edge; "same" counts only their real cells.

    Raises:
        FigureError: the image cannot be drawn, or no window fits.
    """
    return drawn("pooling", image, pool_size, strides, padding)


def receptive_field(layers: Sequence[tuple[str, int, int]]) -> Figure:
    """Draw the input pixels that one output pixel sees, along one axis, after each layer.

    Args:
        layers: (name, kernel size, stride) of each layer, from the input on; both numbers 1 or more.

    Raises:
        FigureError: there is no layer, one of them has no such numbers, or more pixels are seen than can be drawn.
    """
    return drawn("receptive_field", layers)


def drawn(name: str, *arguments: Any) -> Figure:
    """Draw a figure where the course is; elsewhere take it from the file, or say that it is not there."""
    if find_spec(WORKED) is not None:
        figure: Figure = getattr(import_module(WORKED), name)(*arguments)
        return figure
    return _kept().get(key(name, *arguments)) or sentence(
        f"{name} shows only the arrays of the notebook. To see your own, use figures.arrays, or figures.try_it with "
        "your function."
    )


def key(name: str, *arguments: Any) -> str:
    """Name a figure in the file: the same for the same numbers, as an array or as lists."""
    return hashlib.sha256(json.dumps([name, _plain(arguments)], sort_keys=True).encode()).hexdigest()[:16]


def _plain(value: Any) -> Any:
    """An argument as lists, texts and floats."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return _plain(value.tolist())
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return float(value) if isinstance(value, int | float) else repr(value)


@functools.cache
def _kept() -> dict[str, Figure]:
    with zipfile.ZipFile(FILE) as archive:
        return {name: Figure(**json.loads(archive.read(name))) for name in archive.namelist()}
