"""Notebook 01."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def products_of_lists(patch, kernel):
    """Python alone: lists and floats."""
    pairs = zip(patch.ravel().tolist(), kernel.ravel().tolist(), strict=True)
    return sum(pixel * weight for pixel, weight in pairs)


def sum_in_float32(patch, kernel):
    """One line of NumPy in single precision."""
    return np.sum(patch.astype(np.float32) * kernel.astype(np.float32))


def shifted_images(image, kernel):
    """Sums of shifted images, one for each weight, in single precision."""
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    out = np.zeros((rows, columns), np.float32)
    for (i, j), weight in np.ndenumerate(kernel):
        out += np.float32(weight) * image[i : i + rows, j : j + columns].astype(np.float32)
    return out


def windows_at_once(image, kernel):
    """All windows in one einsum."""
    return np.einsum("yxij,ij->yx", sliding_window_view(image, kernel.shape), kernel)


def lists_of_sums(image, kernel):
    """Python alone: lists in, lists out."""
    pixels, weights = image.tolist(), kernel.tolist()
    rows, columns = len(pixels) - len(weights) + 1, len(pixels[0]) - len(weights[0]) + 1
    return [
        [
            sum(weights[i][j] * pixels[y + i][x + j] for i in range(len(weights)) for j in range(len(weights[0])))
            for x in range(columns)
        ]
        for y in range(rows)
    ]


RIGHT = {
    "window_sum": [products_of_lists, sum_in_float32],
    "conv2d_valid": [shifted_images, windows_at_once, lists_of_sums],
}


def kernel_multiplied_in_place(patch, kernel):
    """Write the products over the weights."""
    kernel *= patch
    return kernel.sum()


MORE_MISTAKES = {"window_sum": [kernel_multiplied_in_place]}

# Behaviours that catch nothing alone, and why they are kept.
FIRST_STEP = "it gives marks to an answer that handles the plainest case only"
KEPT = {("window_sum", "one number"): FIRST_STEP, ("conv2d_valid", "every window"): FIRST_STEP}
