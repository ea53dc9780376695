"""Model answers of notebook 02; the build pastes each function into the instructors' notebook."""

# mypy: allow-untyped-defs, allow-untyped-calls
# Students read and write these without type hints, so they have none.

import numpy as np


def flip_kernel(k):
    """Turn a kernel (i, j) by 180 degrees, into a new array of floats."""
    height, width = k.shape
    flipped = np.zeros((height, width))
    for i in range(height):
        for j in range(width):
            flipped[i, j] = k[height - 1 - i, width - 1 - j]
    return flipped


def true_convolution(image, kernel):
    """Convolve an image (height, width) with a kernel (i, j), wherever the kernel fits."""
    flipped = flip_kernel(kernel)
    kernel_height, kernel_width = kernel.shape
    rows = image.shape[0] - kernel_height + 1
    columns = image.shape[1] - kernel_width + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            patch = image[i : i + kernel_height, j : j + kernel_width]
            out[i, j] = (patch * flipped).sum()
    return out


def design_kernel(name, size=(3, 3)):
    """Make the kernel of this name and of this height and width, for cross-correlation."""
    height, width = size
    kernel = np.zeros((height, width))
    if name == "vertical edge":
        kernel[:, 0] = 1
        kernel[:, -1] = -1
    elif name == "horizontal edge":
        kernel[0] = 1
        kernel[-1] = -1
    elif name == "box":
        kernel[:] = 1 / (height * width)
    elif name == "identity":
        kernel[height // 2, width // 2] = 1
    elif name == "shift left":
        kernel[height // 2, width // 2 + 1] = 1
    else:
        raise ValueError(f"there is no kernel called {name!r}")
    return kernel
