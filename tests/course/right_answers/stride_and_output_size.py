"""Notebook 03."""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def size_by_listing_starts(n, k, stride=1, padding="valid", dilation=1):
    """Let `range` count."""
    if padding == "same":
        return len(range(0, n, stride))
    starts = range(0, n - (k - 1) * dilation, stride)
    if not starts:
        raise ValueError
    return len(starts)


def size_in_floats(n, k, stride=1, padding="valid", dilation=1):
    """Divide in single precision and round with the standard library, as Keras writes it."""
    if padding == "same":
        return np.float32(math.ceil(n / stride))
    size = math.floor((n - dilation * (k - 1) - 1) / stride) + 1
    if size <= 0:
        raise ValueError("zero or negative")
    return np.float32(size)


def every_window_then_steps(image, kernel, strides=1):
    """All windows in one einsum, of which every so many are kept."""
    down, right = np.broadcast_to(strides, 2)
    return np.einsum("yxij,ij->yx", sliding_window_view(image, kernel.shape)[::down, ::right], kernel)


def shifted_images(image, kernel, strides=1):
    """Sums of shifted images that are taken in steps, one for each weight, in single precision."""
    down, right = (strides, strides) if isinstance(strides, int) else strides
    if image.shape[0] < kernel.shape[0] or image.shape[1] < kernel.shape[1]:
        raise ValueError
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    return sum(
        np.float32(weight) * image[i : i + rows : down, j : j + columns : right].astype(np.float32)
        for (i, j), weight in np.ndenumerate(kernel)
    )


def lists_of_sums(image, kernel, strides=1):
    """Python alone: lists in, lists out."""
    down, right = strides if isinstance(strides, tuple) else (strides,) * 2
    pixels, weights = image.tolist(), kernel.tolist()
    tops = range(0, len(pixels) - len(weights) + 1, down)
    lefts = range(0, len(pixels[0]) - len(weights[0]) + 1, right)
    if len(tops) == 0 or len(lefts) == 0:
        raise ValueError
    return [
        [
            sum(weights[i][j] * pixels[y + i][x + j] for i in range(len(weights)) for j in range(len(weights[0])))
            for x in lefts
        ]
        for y in tops
    ]


RIGHT = {
    "output_size": [size_by_listing_starts, size_in_floats],
    "conv2d_strided": [every_window_then_steps, shifted_images, lists_of_sums],
}

# Behaviours that catch nothing alone, and why they are kept.
KEPT = {("conv2d_strided", "steps"): "it gives marks to an answer that handles the plainest case only"}
