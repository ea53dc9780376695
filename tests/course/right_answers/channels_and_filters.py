"""Notebook 05."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def one_einsum(image, kernel, bias):
    """All windows in one einsum."""
    return np.einsum("yxcij,ijc->yx", sliding_window_view(image, kernel.shape[:2], axis=(0, 1)), kernel) + bias


def shifted_channels(image, kernel, bias):
    """Sums of shifted channels, one for each weight, in single precision."""
    rows, columns = (n - k + 1 for n, k in zip(image.shape[:2], kernel.shape[:2], strict=True))
    out = np.full((rows, columns), bias, np.float32)
    for (i, j, c), weight in np.ndenumerate(kernel):
        out += np.float32(weight) * image[i : i + rows, j : j + columns, c].astype(np.float32)
    return out


def lists_of_sums(image, kernel, bias):
    """Python alone: lists in, lists out."""
    pixels, weights = image.tolist(), kernel.tolist()
    cells = list(np.ndindex(kernel.shape))
    rows, columns = (n - k + 1 for n, k in zip(image.shape[:2], kernel.shape[:2], strict=True))
    return [
        [bias + sum(pixels[y + i][x + j][c] * weights[i][j][c] for i, j, c in cells) for x in range(columns)]
        for y in range(rows)
    ]


def seven_loops(x, w, b=None, strides=1, padding="valid", activation=None):
    """One product at a time; a pixel outside the image is not there."""
    down, along = (strides, strides) if isinstance(strides, int) else strides
    n, height, width, channels = x.shape
    kernel_height, kernel_width, _, filters = w.shape
    top = left = 0
    if padding == "same":
        rows, columns = (height + down - 1) // down, (width + along - 1) // along
        top = max((rows - 1) * down + kernel_height - height, 0) // 2
        left = max((columns - 1) * along + kernel_width - width, 0) // 2
    else:
        rows, columns = (height - kernel_height) // down + 1, (width - kernel_width) // along + 1
    out = np.zeros((n, rows, columns, filters))
    for image, row, column, o in np.ndindex(out.shape):
        total = 0.0 if b is None else float(b[o])
        for i, j in np.ndindex(kernel_height, kernel_width):
            y, z = row * down + i - top, column * along + j - left
            if 0 <= y < height and 0 <= z < width:
                for c in range(channels):
                    total += float(x[image, y, z, c]) * float(w[i, j, c, o])
        out[image, row, column, o] = max(total, 0.0) if activation == "relu" else total
    return out


def padded_by_ceil(x, w, b=None, strides=1, padding="valid", activation=None):
    """Pad, take all windows, keep every stride-th, multiply; in single precision."""
    step = np.broadcast_to(strides, 2)
    size = np.array(w.shape[:2])
    x, w = x.astype(np.float32), w.astype(np.float32)
    if padding.lower() == "same":
        sides = np.array(x.shape[1:3])
        total = np.maximum((np.ceil(sides / step).astype(int) - 1) * step + size - sides, 0)
        x = np.pad(x, [(0, 0), *zip(total // 2, (total + 1) // 2, strict=True), (0, 0)])
    patches = sliding_window_view(x, tuple(size), axis=(1, 2))[:, :: step[0], :: step[1]]
    maps = np.tensordot(patches, w, axes=((4, 5, 3), (0, 1, 2))) + (0 if b is None else np.float32(b))
    return maps.clip(min=0) if activation is not None else maps


def sums_of_matrix_products(x, w, b=None, strides=1, padding="valid", activation=None):
    """One matrix product for each cell of the kernel, which mixes the channels of all pixels under it."""
    (kernel_height, kernel_width), (down, along) = w.shape[:2], np.broadcast_to(strides, 2)
    x = x.astype(float)
    if padding == "same":
        for axis, k, stride in ((1, kernel_height, down), (2, kernel_width, along)):
            count = -(-x.shape[axis] // stride)
            missing = max((count - 1) * stride + k - x.shape[axis], 0)
            pads = [(0, 0)] * 4
            pads[axis] = (missing // 2, missing - missing // 2)
            x = np.pad(x, pads)
    rows, columns = x.shape[1] - kernel_height + 1, x.shape[2] - kernel_width + 1
    maps = sum(x[:, i : i + rows, j : j + columns] @ w[i, j] for i, j in np.ndindex(kernel_height, kernel_width))
    maps = maps[:, ::down, ::along] + (0 if b is None else b)
    return np.where(maps > 0, maps, 0) if activation == "relu" else maps


def counted_one_by_one(kh, kw, c_in, filters, use_bias=True):
    """Make the arrays, and ask for their sizes."""
    sizes = [np.zeros((kh, kw, c_in, filters)).size]
    if use_bias:
        sizes.append(np.zeros(filters).size)
    return sum(sizes)


def as_a_float(kh, kw, c_in, filters, use_bias=True):
    """A float is as good as a whole number."""
    return np.float64(filters) * (kh * kw * c_in + int(use_bias))


RIGHT = {
    "conv2d_one_filter": [one_einsum, shifted_channels, lists_of_sums],
    "conv2d": [seven_loops, padded_by_ceil, sums_of_matrix_products],
    "count_params": [counted_one_by_one, as_a_float],
}

# Behaviours that catch nothing alone, and why they are kept.
KEPT = {
    ("conv2d", "filters"): "it gives marks to an answer that handles the plainest case only",
    ("conv2d", "any size"): "it gives marks to an answer without strides and padding, where its faults show as well",
}
