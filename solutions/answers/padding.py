"""Model answers of notebook 04; the build pastes each function into the instructors' notebook."""

# mypy: allow-untyped-defs, allow-untyped-calls
# Students read and write these without type hints, so they have none.

import numpy as np


def same_padding(n, k, stride=1):
    """Count the pixels that "same" adds before and after an axis of n pixels, for a kernel of k cells."""
    windows = int(np.ceil(n / stride))
    total = max((windows - 1) * stride + k - n, 0)
    return total // 2, total - total // 2


def pad2d(image, pads, value=0.0):
    """Put a frame round an image (height, width); pads are ((top, bottom), (left, right))."""
    (top, bottom), (left, right) = pads
    height, width = image.shape
    out = np.full((top + height + bottom, left + width + right), value, dtype=float)
    out[top : top + height, left : left + width] = image
    return out


def conv2d_gray(image, kernel, strides=1, padding="valid"):
    """Slide a kernel (i, j) over an image (height, width), with strides and padding."""
    step_down, step_right = strides if isinstance(strides, tuple) else (strides, strides)
    kernel_height, kernel_width = kernel.shape
    if padding == "same":
        pads = (
            same_padding(image.shape[0], kernel_height, step_down),
            same_padding(image.shape[1], kernel_width, step_right),
        )
        image = pad2d(image, pads)

    height, width = image.shape
    if kernel_height > height or kernel_width > width:
        raise ValueError(f"a kernel {kernel.shape} does not fit into an image {image.shape}")
    out = np.zeros(((height - kernel_height) // step_down + 1, (width - kernel_width) // step_right + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            top, left = i * step_down, j * step_right
            patch = image[top : top + kernel_height, left : left + kernel_width]
            out[i, j] = np.sum(patch * kernel)
    return out
