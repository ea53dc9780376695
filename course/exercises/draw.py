"""Arrays for cases, drawn so that a wrong answer is not right by luck and a right one is exact in float32."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.floating[Any]]


def integers(rng: np.random.Generator, *shape: int) -> FloatArray:
    """Draw whole numbers from -9 to 9, stored as floats."""
    return rng.integers(-9, 10, shape).astype(np.float64)


def halves(rng: np.random.Generator, *shape: int) -> FloatArray:
    """Draw numbers between -5 and 5 that all end in .5."""
    return rng.integers(-5, 5, shape) + 0.5


def fine(rng: np.random.Generator, *shape: int) -> FloatArray:
    """Draw 1/32 and -1/32: with whole weights of an odd sum, a window gives five decimals, which rounding loses."""
    return rng.choice([-1 / 32, 1 / 32], shape)


def fine_means(rng: np.random.Generator, *shape: int) -> FloatArray:
    """Draw an image (n, height, width, c) whose blocks of 2 x 2 have means of five decimals."""
    eighths = 2.0 * rng.integers(-3, 4, shape)
    eighths[:, ::2, ::2] += 1
    return eighths / 8


def pixels(rng: np.random.Generator, *shape: int) -> NDArray[np.uint8]:
    """Draw bright pixels as picture files store them: small whole numbers that wrap round at 256."""
    return rng.integers(100, 251, shape).astype(np.uint8)


def kernel(rng: np.random.Generator, height: int, width: int) -> FloatArray:
    """Draw a kernel of different whole numbers: flipped, turned or transposed it is another one."""
    return rng.choice(np.arange(-9.0, 10.0), (height, width), replace=False)


def like(rng: np.random.Generator, pattern: FloatArray) -> FloatArray:
    """Draw a patch that is large where `pattern` is large.

    Its products with `pattern` sum to more than its products with any rearrangement of `pattern`.
    """
    values = np.sort(rng.choice(np.arange(-9.0, 10.0), pattern.size, replace=False))
    return values[np.argsort(np.argsort(pattern, axis=None))].reshape(pattern.shape)


def distinct(rng: np.random.Generator, *shape: int, lowest: int = 1) -> FloatArray:
    """Draw the whole numbers from `lowest` upwards, each once: a maximum then says which cell it came from."""
    numbers = rng.permutation(int(np.prod(shape))) + lowest
    return numbers.reshape(shape).astype(np.float64)


def odd_total(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """Make the sum odd by 1 in one cell where needed: not every sum of halves, or mean, is a whole number then."""
    changed = values.copy()
    changed.flat[0] += (values.sum() + 1) % 2
    return changed


def two_counts(rng: np.random.Generator) -> tuple[int, int]:
    """Draw two different counts from 2 to 4, for the windows in a column and in a row."""
    rows, columns = rng.choice([2, 3, 4], 2, replace=False)
    return int(rows), int(columns)
