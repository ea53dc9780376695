"""Right answers to the bonus notebook: those of earlier notebooks, turned round by what a derivative is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.course.right_answers import channels_and_filters, from_loops_to_einsum, pooling

Function = Callable[..., Any]


def of_convolution(conv2d: Function) -> Function:
    """A convolution is linear in its images and in its filters: look at what each pixel and each weight does alone."""

    def conv2d_backward(dy, x, w, strides=1, padding="valid"):
        pixels = np.eye(x[0].size).reshape(-1, *x.shape[1:])
        cells = np.eye(w[..., 0].size).reshape(*w.shape[:3], -1)
        by_pixel = np.asarray(conv2d(pixels, w, strides=strides, padding=padding))
        by_cell = np.asarray(conv2d(x, cells, strides=strides, padding=padding))
        dx = np.einsum("nyxo,pyxo->np", dy, by_pixel).reshape(x.shape)
        return dx, np.einsum("nyxk,nyxo->ko", by_cell, dy).reshape(w.shape), dy.sum((0, 1, 2))

    return conv2d_backward


def of_max_pool(max_pool2d: Function) -> Function:
    """Pool the places in the order of their pixels: each window says who has won it."""

    def max_pool2d_backward(dy, x, pool_size=2, strides=None, padding="valid"):
        order = np.argsort(-x, axis=None, kind="stable")  # the largest first, and of equal ones the first
        ranks = np.empty(x.size)
        ranks[order] = np.arange(x.size, 0, -1)
        winners = np.asarray(max_pool2d(ranks.reshape(x.shape), pool_size, strides, padding))
        dx = np.zeros(x.size)
        np.add.at(dx, order[x.size - winners.astype(int)], dy)
        return dx.reshape(x.shape)

    return max_pool2d_backward


def of_average_pool(avg_pool2d: Function) -> Function:
    """A mean is linear: pool an image for each pixel, all 0 but for that one."""

    def avg_pool2d_backward(dy, x, pool_size=2, strides=None, padding="valid"):
        height, width = x.shape[1:3]
        pixels = np.eye(height * width).reshape(-1, height, width, 1)
        shares = np.asarray(avg_pool2d(pixels, pool_size, strides, padding))[..., 0]
        return np.einsum("nyxc,pyx->npc", dy, shares).reshape(x.shape)

    return avg_pool2d_backward


def of_plain_convolution(conv2d: Function) -> Function:
    """Dilated kernels with zeros between their cells, and groups with zeros for the channels of others."""

    def conv2d_general(x, w, b=None, *, strides=1, padding="valid", dilation_rate=1, groups=1):
        down, right = np.broadcast_to(dilation_rate, 2)
        height, width, part, filters = w.shape
        spread = np.zeros(((height - 1) * down + 1, (width - 1) * right + 1, x.shape[3], filters))
        own = filters // groups
        for group in range(groups):
            channels, maps = (slice(group * size, (group + 1) * size) for size in (part, own))
            spread[::down, ::right, channels, maps] = w[..., maps]
        return conv2d(x, spread, b, strides=strides, padding=padding)

    return conv2d_general


def nine_pictures(x, w, strides=1):
    """Add up shifted pictures, one for each cell of the kernel."""
    down, right = np.broadcast_to(strides, 2)
    rows, columns = x.shape[1] - w.shape[0] + 1, x.shape[2] - w.shape[1] + 1
    return sum(
        x[:, i : i + rows : down, j : j + columns : right] @ w[i, j]
        for i in range(w.shape[0])
        for j in range(w.shape[1])
    )


RIGHT = {
    "conv2d_backward": [of_convolution(one) for one in channels_and_filters.RIGHT["conv2d"]],
    "max_pool2d_backward": [of_max_pool(one) for one in pooling.RIGHT["max_pool2d"]],
    "avg_pool2d_backward": [of_average_pool(one) for one in pooling.RIGHT["avg_pool2d"]],
    "conv2d_fast": [nine_pictures, *from_loops_to_einsum.RIGHT["conv2d_einsum"]],
    "conv2d_general": [of_plain_convolution(one) for one in channels_and_filters.RIGHT["conv2d"]],
}

SPEED = "only the grader measures speed, and a test of its own does"
# Behaviours that catch nothing alone, and why they are kept.
KEPT = {
    ("conv2d_backward", "plain"): "it gives marks to an answer that handles the plainest case only",
    ("conv2d_backward", "strides"): "it gives a mark to an answer without padding",
    ("max_pool2d_backward", "largest"): "it gives a mark to an answer for windows that lie side by side",
    ("avg_pool2d_backward", "equal parts"): "it gives a mark to an answer for windows that lie side by side",
    ("conv2d_fast", "fast"): SPEED,
    ("conv2d_fast", "very fast"): SPEED,
    ("conv2d_general", "dilation"): "it gives marks to an answer without groups",
    ("conv2d_general", "groups"): "it gives marks to an answer without dilation",
    ("conv2d_general", "together"): "it asks for both at once",
}
