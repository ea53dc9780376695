"""Results stored wrongly: in bytes, in the type of the input, in one part of the output only."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from solutions.reference.shapes import FloatArray


def in_bytes(values: ArrayLike) -> Any:
    """Store as numbers from 0 to 255, which wrap round."""
    return np.asarray(values).astype(np.int64).astype(np.uint8)[()]


def in_type_of(x: ArrayLike, values: FloatArray) -> Any:
    """Keep the type of x: whole numbers lose fractions, and bytes wrap round at 256."""
    dtype = np.asarray(x).dtype
    return values.astype(np.int64).astype(dtype) if np.issubdtype(dtype, np.integer) else values


def only(part: Any, maps: FloatArray) -> FloatArray:
    """Keep one part of the maps, the rest 0."""
    kept = np.zeros_like(maps)
    kept[part] = maps[part]
    return kept
