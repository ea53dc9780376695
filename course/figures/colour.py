"""A picture in colour, and the channels it is made of."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from autograder.drawing import heat, panels
from autograder.drawing.arrays import read
from autograder.drawing.figure import Figure, FigureError, picture
from autograder.drawing.heat import Scale
from autograder.drawing.svg import beside
from autograder.numbers import Numbers

CHANNELS = ("channel 0, red", "channel 1, green", "channel 2, blue")
_WIDEST = 200  # pixels of the screen, so that all four stand in one row


def colours(image: ArrayLike, title: str = "picture") -> Figure:
    """Draw a colour picture as it looks, and beside it how much red, green and blue there is in each pixel.

    Args:
        image: numbers from 0 (none of a colour) to 1 (all of it), shape (height, width, 3).
        title: what to call it.

    Raises:
        FigureError: it is no such array, or too large.
    """
    pixels = _read(image)
    channels = dict(zip(CHANNELS, np.moveaxis(pixels, -1, 0), strict=True))
    words = [f"{title}, in colour", *(panels.words(name, plane, most=0) for name, plane in channels.items())]
    drawings = [heat.heat_panel(name, plane, Scale(0.0, 1.0), widest=_WIDEST) for name, plane in channels.items()]
    return picture("\n".join(words), beside([heat.colour_panel(title, pixels, widest=_WIDEST), *drawings], gap=32))


def _read(image: ArrayLike) -> Numbers:
    pixels = read("colours", "image", image, {3})
    if pixels.shape[2] != len(CHANNELS):
        raise FigureError(
            f"colours: image has shape {pixels.shape}, but needs 3 channels, red, green and blue; "
            "draw other channels with figures.arrays"
        )
    if not (pixels.min() >= 0 and pixels.max() <= 1):
        raise FigureError(
            "colours: image holds numbers beyond 0 and 1, which are not colours; divide bytes by 255, or draw the "
            "channels with figures.arrays"
        )
    panels.require_drawable("colours", "image", pixels)
    return pixels
