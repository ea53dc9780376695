"""Numbers and arrays as the notebooks' prose shows them."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike


def number(value: float) -> str:
    """Show a number, whole where it is whole, else with three digits at most: "6", "-0.5", "1.556"."""
    # Adding 0.0 turns a negative zero into zero.
    return f"{round(float(value), 3) + 0.0:.12g}"


def count(value: int) -> str:
    """Show a large count with commas: "25,769,803,776"."""
    return f"{value:,}"


def row(values: ArrayLike) -> str:
    """Show numbers in a line: "1, 3, -2"."""
    return ", ".join(number(value) for value in np.ravel(values))


def matrix(array: ArrayLike) -> str:
    """Show a 2-D array as a LaTeX matrix, to stand between dollar signs."""
    lines = (" & ".join(number(value) for value in line) for line in np.asarray(array))
    return r"\begin{bmatrix} " + r" \\ ".join(lines) + r" \end{bmatrix}"


def sum_of_products(values: ArrayLike, weights: ArrayLike) -> str:
    r"""Show a sum of products with its result, in LaTeX: "1 \cdot 1 + 2 \cdot (-1) = -1"."""
    factors = list(zip(np.ravel(values), np.ravel(weights), strict=True))
    terms = " + ".join(rf"{_factor(value)} \cdot {_factor(weight)}" for value, weight in factors)
    return f"{terms} = {number(sum(value * weight for value, weight in factors))}"


def _factor(value: float) -> str:
    return f"({number(value)})" if value < 0 else number(value)
