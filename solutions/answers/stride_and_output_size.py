"""Model answers of notebook 03; the build pastes each function into the instructors' notebook."""

# mypy: allow-untyped-defs, allow-untyped-calls
# Students read and write these without type hints, so they have none.

import numpy as np


def output_size(n, k, stride=1, padding="valid", dilation=1):
    """Count the windows along one axis of n pixels, for a kernel of k cells."""
    if padding == "same":
        return int(np.ceil(n / stride))
    span = (k - 1) * dilation + 1
    if span > n:
        raise ValueError(f"the window spans {span} pixels, but there are only {n}")
    return (n - span) // stride + 1


def conv2d_strided(image, kernel, strides=1):
    """Slide a kernel (i, j) over an image (height, width) in steps of `strides` pixels."""
    step_down, step_right = strides if isinstance(strides, tuple) else (strides, strides)
    kernel_height, kernel_width = kernel.shape
    rows = output_size(image.shape[0], kernel_height, step_down)
    columns = output_size(image.shape[1], kernel_width, step_right)
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            top, left = i * step_down, j * step_right
            patch = image[top : top + kernel_height, left : left + kernel_width]
            out[i, j] = np.sum(patch * kernel)
    return out
