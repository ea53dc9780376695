"""Notebook 06."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def pool_with_nan(reduce: Callable[..., Any]) -> Callable[..., Any]:
    """All windows at once: what lies outside is not a number, and `reduce` leaves that out."""

    def pool(x, pool_size=2, strides=None, padding="valid"):
        size = np.broadcast_to(pool_size, 2)
        step = size if strides is None else np.broadcast_to(strides, 2)
        x = x.astype(np.float64)
        if padding == "same":
            sides = np.array(x.shape[1:3])
            total = np.maximum((-(-sides // step) - 1) * step + size - sides, 0)
            pads = [(0, 0), *zip(total // 2, total - total // 2, strict=True), (0, 0)]
            x = np.pad(x, pads, constant_values=np.nan)
        return reduce(sliding_window_view(x, size, axis=(1, 2))[:, :: step[0], :: step[1]], axis=(-2, -1))

    return pool


def pool_with_lists(reduce: Callable[[list[float]], float]) -> Callable[..., Any]:
    """Python alone, one window after the other, in single precision at the end."""

    def places(n: int, k: int, s: int, padding: str) -> list[list[int]]:
        count = (n + s - 1) // s if padding == "same" else (n - k) // s + 1
        before = max((count - 1) * s + k - n, 0) // 2 if padding == "same" else 0
        return [[i for i in range(at * s - before, at * s - before + k) if 0 <= i < n] for at in range(count)]

    def pool(x, pool_size=2, strides=None, padding="valid"):
        strides = pool_size if strides is None else strides
        sides = (
            (
                x.shape[1 + axis],
                *(option if isinstance(option, int) else option[axis] for option in (pool_size, strides)),
            )
            for axis in range(2)
        )
        rows, columns = (places(*side, padding) for side in sides)
        pixels = x.tolist()
        out = [
            [
                [
                    [reduce([image[i][j][c] for i in row for j in column]) for c in range(x.shape[3])]
                    for column in columns
                ]
                for row in rows
            ]
            for image in pixels
        ]
        return np.array(out, np.float32)

    return pool


def in_two_steps(reduce: Callable[..., Any]) -> Callable[..., Any]:
    """Reduce the columns, then the rows, in single precision."""

    def pool(x, keepdims=False):
        return reduce(reduce(x.astype(np.float32), axis=2, keepdims=keepdims), axis=1, keepdims=keepdims)

    return pool


def channel_by_channel(reduce: Callable[[np.ndarray], Any]) -> Callable[..., Any]:
    """One channel after the other, into lists."""

    def pool(x, keepdims=False):
        numbers = [[reduce(image[..., c].astype(float)) for c in range(x.shape[3])] for image in x]
        return [[[channels]] for channels in numbers] if keepdims else numbers

    return pool


def mean(numbers: list[float]) -> float:
    """The mean of a list."""
    return sum(numbers) / len(numbers)


RIGHT = {
    "max_pool2d": [pool_with_nan(np.nanmax), pool_with_lists(max)],
    "avg_pool2d": [pool_with_nan(np.nanmean), pool_with_lists(mean)],
    "global_max_pool": [in_two_steps(np.max), channel_by_channel(np.max)],
    "global_avg_pool": [in_two_steps(np.mean), channel_by_channel(np.mean)],
}

# Behaviours that catch nothing alone, and why they are kept.
KEPT = {("avg_pool2d", "mean"): "it gives marks to an answer that handles the plainest case only"}
