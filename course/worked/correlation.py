"""Cross-correlation that gives the same numbers on every machine."""

from __future__ import annotations

import numpy as np

from autograder.numbers import Numbers, settled


def correlate(image: Numbers, kernel: Numbers) -> Numbers:
    """Correlate an image with a kernel wherever it fits.

    The reference in `solutions` leaves it to NumPy in which order to add, which makes it fast, and lets the last
    digits depend on the machine. Here the weights come one after the other.
    """
    height, width = (pixels - weights + 1 for pixels, weights in zip(image.shape, kernel.shape, strict=True))
    total = np.zeros((height, width))
    # Infinity times zero is nan, which is what the figure then shows.
    with np.errstate(invalid="ignore"):
        for (row, column), weight in np.ndenumerate(kernel):
            total += weight * image[row : row + height, column : column + width]
        return settled(total, image * np.abs(kernel).max())
