"""The bonus notebook."""

from __future__ import annotations

import numpy as np

from solutions import conv2d, conv2d_backward
from tests.course.wrong_answers import wrong


def two(value):
    """One number as a pair."""
    return value if isinstance(value, tuple) else (value, value)


@wrong("conv2d_backward", "N33")
def convolved_with_a_turned_kernel(dy, x, w, strides=1, padding="valid"):
    """The kernel is turned once too often."""
    dx, _, _ = conv2d_backward(dy, x, np.flip(w, (0, 1)), strides=strides, padding=padding)
    return dx, *conv2d_backward(dy, x, w, strides=strides, padding=padding)[1:]


@wrong("conv2d_backward", "N35")
def mean_over_the_batch(dy, x, w, strides=1, padding="valid"):
    """Gradients of weights and bias are means over the images."""
    dx, dw, db = conv2d_backward(dy, x, w, strides=strides, padding=padding)
    return dx, dw / x.shape[0], db / x.shape[0]


@wrong("max_pool2d_backward", "N44")
def mask_of_the_maximum(dy, x, pool_size=2, strides=None, padding="valid"):
    """Every cell that equals the maximum gets the whole gradient."""
    height, width = two(pool_size)
    down, right = (height, width) if strides is None else two(strides)
    top = left = 0
    if padding == "same":
        top = max((dy.shape[1] - 1) * down + height - x.shape[1], 0) // 2
        left = max((dy.shape[2] - 1) * right + width - x.shape[2], 0) // 2
    dx = np.zeros_like(x)
    for n, i, j, c in np.ndindex(*dy.shape):
        rows = slice(max(i * down - top, 0), i * down - top + height)
        columns = slice(max(j * right - left, 0), j * right - left + width)
        window = x[n, rows, columns, c]
        dx[n, rows, columns, c] += (window == window.max()) * dy[n, i, j, c]
    return dx


@wrong("avg_pool2d_backward", "N52")
def spread_and_not_divided(dy, x, pool_size=2, strides=None, padding="valid"):
    """Each cell gets the whole gradient."""
    height, width = two(pool_size)
    down, right = (height, width) if strides is None else two(strides)
    top = max((dy.shape[1] - 1) * down + height - x.shape[1], 0) // 2 if padding == "same" else 0
    left = max((dy.shape[2] - 1) * right + width - x.shape[2], 0) // 2 if padding == "same" else 0
    dx = np.zeros_like(x)
    for i in range(dy.shape[1]):
        for j in range(dy.shape[2]):
            row, column = i * down - top, j * right - left
            dx[:, max(row, 0) : row + height, max(column, 0) : column + width] += dy[:, i : i + 1, j : j + 1]
    return dx


@wrong("conv2d_general", "F44")
def dilation_forgotten(x, w, b=None, *, strides=1, padding="valid", dilation_rate=1, groups=1):
    """The dilation is taken and not used."""
    return conv2d(x, w, b, strides=strides, padding=padding, groups=groups)


@wrong("conv2d_general", "N61")
def same_channels_for_every_group(x, w, b=None, *, strides=1, padding="valid", dilation_rate=1, groups=1):
    """The slice of the channels does not move with the group."""
    own = w.shape[3] // groups
    maps = [
        conv2d(
            x[..., : w.shape[2]],
            w[..., group * own : (group + 1) * own],
            strides=strides,
            padding=padding,
            dilation_rate=dilation_rate,
        )
        for group in range(groups)
    ]
    return np.concatenate(maps, axis=-1) + (0 if b is None else b)
