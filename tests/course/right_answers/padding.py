"""Notebook 04."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def padding_by_remainder(n, k, stride=1):
    """Tell the two cases apart by what is left over, as TensorFlow's documentation does."""
    total = max(k - stride, 0) if n % stride == 0 else max(k - n % stride, 0)
    return [total // 2, (total + 1) // 2]


def padding_of_windows(n, k, stride=1):
    """Look where the last window ends."""
    last_start = max(range(0, n, stride))
    missing = np.maximum(last_start + k - n, 0)
    return np.float32([np.floor(missing / 2), np.ceil(missing / 2)])


def framed_by_numpy(image, pads, value=0.0):
    """Let NumPy do it, in single precision."""
    return np.pad(image.astype(np.float32), pads, constant_values=value)


def framed_lists(image, pads, value=0.0):
    """Python alone: lists in, lists out."""
    (top, bottom), (left, right) = pads
    width = left + image.shape[1] + right
    rows = [[value] * left + row + [value] * right for row in image.tolist()]
    return [[value] * width for _ in range(top)] + rows + [[value] * width for _ in range(bottom)]


def stacked(image, pads, value=0.0):
    """Put blocks together."""
    (top, bottom), (left, right) = pads
    height = len(image)
    middle = np.hstack([np.full((height, left), value), image, np.full((height, right), value)])
    above, below = (np.full((rows, middle.shape[1]), value) for rows in (top, bottom))
    return np.vstack([above, middle, below])


def windows_of_the_padded(image, kernel, strides=1, padding="valid"):
    """Pad with NumPy, then all windows in one einsum."""
    steps = np.broadcast_to(strides, 2)
    if padding == "same":
        pads = [padding_of_windows(n, k, s) for n, k, s in zip(image.shape, kernel.shape, steps, strict=True)]
        image = np.pad(image, np.array(pads, dtype=int))
    windows = sliding_window_view(image, kernel.shape)[:: steps[0], :: steps[1]]
    return np.einsum("yxij,ij->yx", windows, kernel)


def pixels_that_exist(image, kernel, strides=1, padding="valid"):
    """Pad nothing: add up, in plain Python, the products whose pixel lies in the image."""
    down, right = strides if isinstance(strides, tuple) else (strides, strides)
    (height, width), (kernel_height, kernel_width) = image.shape, kernel.shape
    if padding == "same":
        top, left = (
            padding_by_remainder(height, kernel_height, down)[0],
            padding_by_remainder(width, kernel_width, right)[0],
        )
        rows, columns = range(-top, height - top, down), range(-left, width - left, right)
    else:
        rows, columns = range(0, height - kernel_height + 1, down), range(0, width - kernel_width + 1, right)
        if not rows or not columns:
            raise ValueError
    return [
        [
            sum(
                float(image[y + i, x + j]) * kernel[i, j]
                for i in range(kernel_height)
                for j in range(kernel_width)
                if 0 <= y + i < height and 0 <= x + j < width
            )
            for x in columns
        ]
        for y in rows
    ]


def matrix_of_windows(image, kernel, strides=1, padding="valid"):
    """One matrix product of all windows, in single precision."""
    down, right = np.broadcast_to(strides, 2).tolist()
    image = image.astype(np.float32)
    if padding == "same":
        image = framed_by_numpy(
            image,
            (
                padding_by_remainder(image.shape[0], len(kernel), down),
                padding_by_remainder(image.shape[1], kernel.shape[1], right),
            ),
        )
    image = np.ascontiguousarray(image)
    rows, columns = ((n - k) // s + 1 for n, k, s in zip(image.shape, kernel.shape, (down, right), strict=True))
    if rows < 1 or columns < 1:
        raise ValueError
    y, x = image.strides
    windows = as_strided(image, (rows, columns, *kernel.shape), (y * down, x * right, y, x), writeable=False)
    return windows.reshape(rows * columns, -1).dot(kernel.ravel().astype(np.float32)).reshape(rows, columns)


RIGHT = {
    "same_padding": [padding_by_remainder, padding_of_windows],
    "pad2d": [framed_by_numpy, framed_lists, stacked],
    "conv2d_gray": [windows_of_the_padded, pixels_that_exist, matrix_of_windows],
}

# Behaviours that catch nothing alone, and why they are kept.
FIRST_STEP = "it gives marks to an answer that handles the plainest case only"
KEPT = {("same_padding", "odd kernel"): FIRST_STEP, ("conv2d_gray", "same"): FIRST_STEP}
