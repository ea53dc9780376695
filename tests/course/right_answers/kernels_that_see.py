"""Notebook 02."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def flipped_by_slices(k):
    """One slice, which is a view of the kernel given."""
    return k[::-1, ::-1]


def flipped_in_a_row(k):
    """All weights in one row, reversed, in single precision."""
    return k.astype(np.float32).ravel()[::-1].reshape(k.shape)


def flipped_lists(k):
    """Python alone: lists in, lists out."""
    return [row[::-1] for row in k.tolist()[::-1]]


def two_quarters(k):
    """Two turns by a quarter."""
    return np.rot90(k, 2)


def scattered(image, kernel):
    """Every weight times the image, moved the other way by the place of the weight; in single precision."""
    height, width = kernel.shape
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    out = np.zeros((rows, columns), np.float32)
    for i in range(height):
        for j in range(width):
            top, left = height - 1 - i, width - 1 - j
            out += np.float32(kernel[i, j]) * image[top : top + rows, left : left + columns].astype(np.float32)
    return out


def windows_at_once(image, kernel):
    """All windows in one einsum."""
    return np.einsum("yxij,ij->yx", sliding_window_view(image, kernel.shape), np.flip(kernel))


def row_by_row(image, kernel):
    """NumPy's convolution of rows, which flips by itself; the rows of the kernel are taken from the last."""
    height = len(kernel)
    pixels, weights = image.astype(float).tolist(), kernel.astype(float).tolist()
    count = image.shape[1] - kernel.shape[1] + 1
    return [
        sum(
            (np.convolve(pixels[y + i], weights[height - 1 - i])[kernel.shape[1] - 1 :][:count] for i in range(height)),
            start=np.zeros(count),
        )
        for y in range(image.shape[0] - height + 1)
    ]


def looked_up(name):
    """A dictionary of lists."""
    known = {
        "vertical edge": [[1, 0, -1]] * 3,
        "horizontal edge": [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
        "box": [[1 / 9] * 3] * 3,
        "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
        "shift left": [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
    }
    if name not in known:
        raise ValueError(name)
    return known[name]


def computed(name):
    """Outer products of a column and a row, in single precision."""
    slope, even, middle, right = ([1, 0, -1], [1, 1, 1], [0, 1, 0], [0, 0, 1])
    match name:
        case "vertical edge":
            pair = even, slope
        case "horizontal edge":
            pair = slope, even
        case "box":
            return np.float32(np.outer(even, even) / 9)
        case "identity":
            pair = middle, middle
        case "shift left":
            pair = middle, right
        case _:
            raise ValueError("no such kernel")
    return np.outer(*pair).astype(np.float32)


RIGHT = {
    "flip_kernel": [flipped_by_slices, flipped_in_a_row, flipped_lists, two_quarters],
    "true_convolution": [scattered, windows_at_once, row_by_row],
    "design_kernel": [looked_up, computed],
}


def looked_up_unasked(name):
    """A dictionary that raises a KeyError for a name it does not hold: no wrong value by which it could be named."""
    known = {known: looked_up(known) for known in ("vertical edge", "horizontal edge", "box", "identity", "shift left")}
    return known[name]


MORE_MISTAKES = {"design_kernel": [looked_up_unasked]}

# Behaviours that catch nothing alone, and why they are kept.
KEPT = {("true_convolution", "kernel flipped"): "it gives marks to an answer that handles the plainest case only"}
