"""Notebook 00."""

from __future__ import annotations

import numpy as np


def sizes_of_the_shape(x):
    """The shape itself."""
    return x.shape


def sizes_counted(x):
    """The lengths of lists within lists, in a list."""
    images = x.tolist()
    return [len(images), len(images[0]), len(images[0][0]), len(images[0][0][0])]


def first_by_transposing(x):
    """One transpose, in double precision."""
    return np.transpose(x, (0, 3, 1, 2)).astype(float)


def first_by_two_swaps(x):
    """Two swaps of neighbouring axes, in single precision."""
    return x.astype(np.float32).swapaxes(2, 3).swapaxes(1, 2)


def first_as_lists(x):
    """Python alone: lists in, lists out."""
    n, height, width, channels = x.shape
    numbers = x.tolist()
    return [
        [[[float(numbers[m][i][j][c]) for j in range(width)] for i in range(height)] for c in range(channels)]
        for m in range(n)
    ]


def last_by_einsum(x):
    """The axes by their letters."""
    return np.einsum("ncyx->nyxc", x) / 1.0


def last_by_stacking(x):
    """The channels stacked along a new last axis, in single precision."""
    return np.stack([x[:, c].astype(np.float32) for c in range(x.shape[1])], axis=-1)


def last_by_reshaping_pixels(x):
    """A reshape that is right, because a transpose moves the channels in between."""
    n, channels, height, width = x.shape
    pixels = x.reshape(n, channels, height * width).astype(float)
    return np.array([image.T for image in pixels]).reshape(n, height, width, channels)


RIGHT = {
    "axis_sizes": [sizes_of_the_shape, sizes_counted],
    "to_channels_first": [first_by_transposing, first_by_two_swaps, first_as_lists],
    "to_channels_last": [last_by_einsum, last_by_stacking, last_by_reshaping_pixels],
}
