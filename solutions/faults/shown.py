"""Results made fit for a picture: without sign, limited, stretched, or divided by the weights or the largest number."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from solutions.reference.shapes import FloatArray

WHITE = 255

WORDS = """
M51 | absolute values | {place}
You took the absolute value of each sum. A sum may be negative, and stays so: this is the sum itself, not yet a picture.

M52 | limited to 0..255 | {place}
You limited the sums to 0..255, as for a picture. A sum may be negative or larger than 255, and stays so.

M53 | stretched to 0..255 | {place}
You stretched the sums, the smallest to 0 and the largest to 255, as for a picture. They stay as they are.

M54a | divided by the weights' sum | {place}
You divided by the sum of the weights, as a blur does. A convolution adds up the products and divides nothing.

M55 | divided by the largest | {place}
You divided the sums by the largest of them. A convolution adds up the products and divides nothing.
"""

GUARDED = """
M54b | divided by sums but zero | {place}
You divided by the sum of the weights wherever that is not 0, as a blur does. A convolution adds up the products and
divides nothing.
"""


def limited(maps: FloatArray) -> FloatArray:
    """Nothing below black or above white."""
    return np.clip(maps, 0, WHITE)


def stretched(maps: FloatArray) -> FloatArray:
    """From black to white; a result whose numbers are all equal has no range to stretch."""
    with np.errstate(all="ignore"):
        stretched: FloatArray = (maps - maps.min()) / (maps.max() - maps.min()) * WHITE
    return stretched


def over_the_largest(maps: FloatArray) -> FloatArray:
    """One at most."""
    with np.errstate(all="ignore"):
        shared: FloatArray = maps / maps.max()
    return shared


def over_their_sum(weights: NDArray[Any]) -> FloatArray:
    """Weights of each filter, the last axis if there are four, that add up to one; what adds up to 0 cannot."""
    with np.errstate(all="ignore"):
        shared: FloatArray = weights / weights.sum(axis=(0, 1, 2) if weights.ndim == 4 else None)  # noqa: PLR2004  axes
    return shared


def over_their_sum_but_zero(weights: NDArray[Any]) -> FloatArray:
    """The same, and what adds up to 0 stays."""
    return np.where(np.isfinite(shared := over_their_sum(weights)), shared, weights)
