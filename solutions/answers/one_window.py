"""Model answers of notebook 01; the build pastes each function into the instructors' notebook."""

# mypy: allow-untyped-defs, allow-untyped-calls
# Students read and write these without type hints, so they have none.

import numpy as np


def window_sum(patch, kernel):
    """Multiply a patch (i, j) and a kernel (i, j) cell by cell, and add up."""
    total = 0.0
    for i in range(kernel.shape[0]):
        for j in range(kernel.shape[1]):
            total += patch[i, j] * kernel[i, j]
    return total


def conv2d_valid(image, kernel):
    """Slide a kernel (i, j) over an image (height, width), wherever it fits."""
    kernel_height, kernel_width = kernel.shape
    rows = image.shape[0] - kernel_height + 1
    columns = image.shape[1] - kernel_width + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            patch = image[i : i + kernel_height, j : j + kernel_width]
            out[i, j] = window_sum(patch, kernel)
    return out
