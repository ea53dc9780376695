"""Model answers of notebook 06; the build pastes each function into the instructors' notebook."""

# mypy: allow-untyped-defs, allow-untyped-calls
# Students read and write these without type hints, so they have none.

import numpy as np


def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    """Keep the largest value of every window of x (n, height, width, c)."""
    pool_height, pool_width = pool_size if isinstance(pool_size, tuple) else (pool_size, pool_size)
    if strides is None:
        strides = (pool_height, pool_width)
    step_down, step_right = strides if isinstance(strides, tuple) else (strides, strides)
    n, height, width, c = x.shape

    top, left = 0, 0
    rows = (height - pool_height) // step_down + 1
    columns = (width - pool_width) // step_right + 1
    if padding == "same":
        rows = int(np.ceil(height / step_down))
        columns = int(np.ceil(width / step_right))
        top = max((rows - 1) * step_down + pool_height - height, 0) // 2
        left = max((columns - 1) * step_right + pool_width - width, 0) // 2

    out = np.zeros((n, rows, columns, c))
    for i in range(rows):
        for j in range(columns):
            row, column = i * step_down - top, j * step_right - left
            # max(..., 0) cuts off what hangs over at the top and left; at the bottom and right the slice does.
            window = x[:, max(row, 0) : row + pool_height, max(column, 0) : column + pool_width]
            out[:, i, j] = window.max(axis=(1, 2))
    return out


def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    """Take the mean of every window of x (n, height, width, c)."""
    pool_height, pool_width = pool_size if isinstance(pool_size, tuple) else (pool_size, pool_size)
    if strides is None:
        strides = (pool_height, pool_width)
    step_down, step_right = strides if isinstance(strides, tuple) else (strides, strides)
    n, height, width, c = x.shape

    top, left = 0, 0
    rows = (height - pool_height) // step_down + 1
    columns = (width - pool_width) // step_right + 1
    if padding == "same":
        rows = int(np.ceil(height / step_down))
        columns = int(np.ceil(width / step_right))
        top = max((rows - 1) * step_down + pool_height - height, 0) // 2
        left = max((columns - 1) * step_right + pool_width - width, 0) // 2

    out = np.zeros((n, rows, columns, c))
    for i in range(rows):
        for j in range(columns):
            row, column = i * step_down - top, j * step_right - left
            # As above: the window holds cells of the image only, so that the mean divides by those.
            window = x[:, max(row, 0) : row + pool_height, max(column, 0) : column + pool_width]
            out[:, i, j] = window.mean(axis=(1, 2))
    return out


def global_max_pool(x, keepdims=False):
    """Keep the largest value of every channel of x (n, height, width, c)."""
    return x.max(axis=(1, 2), keepdims=keepdims)


def global_avg_pool(x, keepdims=False):
    """Take the mean of every channel of x (n, height, width, c)."""
    return x.mean(axis=(1, 2), keepdims=keepdims)
