"""Handwritten digits that no network has been trained with, and a network that was trained with others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("digits.npz")
BRIGHTEST = 16  # as the pixels are stored

Weights = tuple[NDArray[np.floating[Any]], ...]


def images() -> NDArray[np.floating[Any]]:
    """Read 360 images, from 0 (paper) to 1 (ink), shape (360, 8, 8, 1)."""
    return np.asarray(_stored("images")[..., None] / BRIGHTEST)


def labels() -> NDArray[np.integer[Any]]:
    """Read which digit each of the images shows, shape (360,)."""
    return _stored("labels").astype(np.int64)


def weights() -> Weights:
    """Read the network's arrays: kernel and bias of both convolutions, then of the dense layer."""
    return tuple(_stored(f"weights_{number}").astype(np.float64) for number in range(6))


def keras_scores() -> NDArray[np.floating[Any]]:
    """Read what Keras returns for the first 32 images with these weights, in float32, shape (32, 10)."""
    return _stored("keras")


def costs() -> dict[str, float]:
    """Read which share of the images is read rightly: by the network, and by it with one bug each."""
    return dict(zip(_stored("bugs").tolist(), _stored("costs").tolist(), strict=True))


def _stored(name: str) -> NDArray[Any]:
    with np.load(FILE, allow_pickle=False) as stored:
        return np.asarray(stored[name])
