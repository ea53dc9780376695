"""Notebook 07."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def strides_by_hand(x, kernel_size, strides=1):
    """A view made of shapes and bytes."""
    (height, width), (down, along) = np.broadcast_to(kernel_size, 2), np.broadcast_to(strides, 2)
    n, rows, columns, c = x.shape
    image, row, column, channel = x.strides
    shape = (n, (rows - height) // down + 1, (columns - width) // along + 1, height, width, c)
    return as_strided(x, shape, (image, down * row, along * column, row, column, channel), writeable=False)


def copies_in_float32(x, kernel_size, strides=1):
    """A new array, filled cell by cell of the window, in single precision."""
    (height, width), (down, along) = np.broadcast_to(kernel_size, 2), np.broadcast_to(strides, 2)
    rows, columns = (x.shape[1] - height) // down + 1, (x.shape[2] - width) // along + 1
    out = np.zeros((len(x), rows, columns, height, width, x.shape[3]), np.float32)
    for i, j in np.ndindex(height, width):
        out[:, :, :, i, j] = x[:, i : i + rows * down : down, j : j + columns * along : along][:, :rows, :columns]
    return out


def lists_of_windows(x, kernel_size, strides=1):
    """Python alone: slices in lists."""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    down, along = (strides, strides) if isinstance(strides, int) else strides
    return [
        [
            [image[y : y + height, z : z + width].tolist() for z in range(0, image.shape[1] - width + 1, along)]
            for y in range(0, image.shape[0] - height + 1, down)
        ]
        for image in x
    ]


def letters_of_numpy(x, w, strides=1):
    """The letters in the order in which NumPy has the axes."""
    down, along = np.broadcast_to(strides, 2)
    patches = sliding_window_view(x, w.shape[:2], axis=(1, 2))[:, ::down, ::along]
    return np.einsum("nyxcij,ijco->nyxo", patches, w, optimize=True)


def contracted_in_float32(x, w, strides=1):
    """tensordot in single precision."""
    patches = strides_by_hand(x.astype(np.float32), w.shape[:2], strides)
    return np.tensordot(patches, w.astype(np.float32), axes=3)


def a_product_for_each_cell(x, w, strides=1):
    """One matrix product for each cell of the kernel."""
    down, along = np.broadcast_to(strides, 2)
    rows, columns = x.shape[1] - w.shape[0] + 1, x.shape[2] - w.shape[1] + 1
    maps = sum(x[:, i : i + rows, j : j + columns] @ w[i, j] for i, j in np.ndindex(w.shape[:2]))
    return maps[:, ::down, ::along]


def windows_in_columns(x, w, strides=1):
    """The other way round: windows are columns and filters rows, flattened channels first."""
    down, along = np.broadcast_to(strides, 2)
    patches = sliding_window_view(x, w.shape[:2], axis=(1, 2))[:, ::down, ::along]
    n, rows, columns = patches.shape[:3]
    product = w.transpose(3, 2, 0, 1).reshape(w.shape[3], -1) @ patches.reshape(n * rows * columns, -1).T
    return product.reshape(-1, n, rows, columns).transpose(1, 2, 3, 0)


FAST = [letters_of_numpy, contracted_in_float32, a_product_for_each_cell, windows_in_columns]

RIGHT = {
    "windows": [strides_by_hand, copies_in_float32, lists_of_windows],
    "conv2d_einsum": FAST,
    "conv2d_im2col": FAST,
}

# Behaviours that catch nothing alone, and why they are kept.
TIME = "it asks for time; what is wrong there is wrong elsewhere, too"
KEPT = {("conv2d_einsum", "fast"): TIME, ("conv2d_im2col", "fast"): TIME}
