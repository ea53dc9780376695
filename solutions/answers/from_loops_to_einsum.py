"""Model answers of notebook 07; the build pastes each function into the instructors' notebook."""

# mypy: allow-untyped-defs, allow-untyped-calls
# Students read and write these without type hints, so they have none.

import numpy as np


def windows(x, kernel_size, strides=1):
    """See every window of x (n, height, width, c) at once: a view (n, y, x, i, j, c)."""
    kernel_height, kernel_width = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
    step_down, step_right = strides if isinstance(strides, tuple) else (strides, strides)
    view = np.lib.stride_tricks.sliding_window_view(x, (kernel_height, kernel_width), axis=(1, 2))
    # NumPy puts the cells of a window last, (n, y, x, c, i, j): move the channels behind them.
    return view[:, ::step_down, ::step_right].transpose(0, 1, 2, 4, 5, 3)


def conv2d_einsum(x, w, strides=1):
    """Sum over the cells and channels of every window, in one einsum."""
    return np.einsum("nyxijc,ijco->nyxo", windows(x, w.shape[:2], strides), w)


def conv2d_im2col(x, w, strides=1):
    """Multiply a matrix of windows, one in each row, by a matrix of filters, one in each column."""
    patches = windows(x, w.shape[:2], strides)
    n, rows, columns = patches.shape[:3]
    filters = w.shape[3]
    product = patches.reshape(n * rows * columns, -1) @ w.reshape(-1, filters)
    return product.reshape(n, rows, columns, filters)
