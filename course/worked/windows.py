"""How many windows fit, and what padding adds: the figures' own sums, as a student's figures come without the answers.

The rules are those of the reference in `solutions`, which a test holds these against.
"""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from autograder.drawing.figure import FigureError

Pair = tuple[int, int]
Size = int | Sequence[int]
Padding = Literal["valid", "same"]


def pair(where: str, name: str, value: Size) -> Pair:
    """Read a whole number, or a pair of them, as (height, width).

    Raises:
        FigureError: it is neither, or a number is below 1.
    """
    numbers: Any = (value, value) if np.ndim(value) == 0 else value
    try:
        height, width = map(operator.index, numbers)
    except (TypeError, ValueError):
        raise FigureError(
            f"{where}: {name} is {value!r}, but must be a whole number or two of them; give (height, width)"
        ) from None
    if min(height, width) < 1:
        raise FigureError(f"{where}: {name} is {value!r}, but must be 1 or more; give a larger number")
    return height, width


def counted(where: str, shape: Sequence[int], window: Pair, strides: Pair, padding: Padding) -> Pair:
    """Count the windows along height and width.

    Raises:
        FigureError: no window fits, or there is no such padding.
    """
    if padding not in {"valid", "same"}:
        raise FigureError(f'{where}: padding is {padding!r}, but must be "valid" or "same"; choose one of these')
    if padding == "same":
        height, width = (-(-pixels // step) for pixels, step in zip(shape, strides, strict=True))
        return height, width
    for axis, pixels, cells in zip(("height", "width"), shape, window, strict=True):
        if cells > pixels:
            raise FigureError(
                f"{where}, {axis}: a window spans {cells} pixels, but the image has {pixels}; "
                'take a smaller window or padding="same"'
            )
    height, width = ((pixels - cells) // step + 1 for pixels, cells, step in zip(shape, window, strides, strict=True))
    return height, width


def pads(shape: Sequence[int], window: Pair, strides: Pair, padding: Padding) -> tuple[Pair, Pair]:
    """Count the pixels that padding adds, as ((top, bottom), (left, right)); the odd one comes last."""
    if padding == "valid":
        return (0, 0), (0, 0)
    counts = counted("pads", shape, window, strides, padding)
    totals = (
        max((count - 1) * step + cells - pixels, 0)
        for count, step, cells, pixels in zip(counts, strides, window, shape, strict=True)
    )
    vertical, horizontal = ((total // 2, total - total // 2) for total in totals)
    return vertical, horizontal
