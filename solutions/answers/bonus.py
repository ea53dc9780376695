"""Model answers of the bonus notebook; the build pastes each function into the instructors' notebook."""

# mypy: allow-untyped-defs, allow-untyped-calls
# Students read and write these without type hints, so they have none.

import numpy as np


def conv2d_backward(dy, x, w, strides=1, padding="valid"):
    """Differentiate a convolution by its images, its filters and its bias: (dx, dw, db)."""
    step_down, step_right = strides if isinstance(strides, tuple) else (strides, strides)
    kernel_height, kernel_width, _, _ = w.shape
    n, height, width, c = x.shape
    _, rows, columns, _ = dy.shape

    down, along = 0, 0
    if padding == "same":
        down = max((rows - 1) * step_down + kernel_height - height, 0)
        along = max((columns - 1) * step_right + kernel_width - width, 0)
    top, left = down // 2, along // 2
    padded = np.pad(x, ((0, 0), (top, down - top), (left, along - left), (0, 0)))

    padded_dx, dw = np.zeros((n, height + down, width + along, c)), np.zeros(w.shape)
    for i in range(rows):
        for j in range(columns):
            row, column = i * step_down, j * step_right
            window = np.s_[:, row : row + kernel_height, column : column + kernel_width]
            padded_dx[window] += np.einsum("no,ijco->nijc", dy[:, i, j], w)
            dw += np.einsum("nijc,no->ijco", padded[window], dy[:, i, j])
    dx = padded_dx[:, top : top + height, left : left + width]
    return dx, dw, dy.sum(axis=(0, 1, 2))


def max_pool2d_backward(dy, x, pool_size=2, strides=None, padding="valid"):
    """Pass each number of dy to the first of the largest cells of its window."""
    pool_height, pool_width = pool_size if isinstance(pool_size, tuple) else (pool_size, pool_size)
    if strides is None:
        strides = (pool_height, pool_width)
    step_down, step_right = strides if isinstance(strides, tuple) else (strides, strides)
    _, height, width, _ = x.shape
    n, rows, columns, channels = dy.shape

    top, left = 0, 0
    if padding == "same":
        top = max((rows - 1) * step_down + pool_height - height, 0) // 2
        left = max((columns - 1) * step_right + pool_width - width, 0) // 2

    dx = np.zeros(x.shape)
    for image, i, j, channel in np.ndindex(n, rows, columns, channels):
        row, column = i * step_down - top, j * step_right - left
        first_row, first_column = max(row, 0), max(column, 0)
        window = x[image, first_row : row + pool_height, first_column : column + pool_width, channel]
        # argmax finds the first of the largest cells, row by row.
        down, right = np.unravel_index(window.argmax(), window.shape)
        dx[image, first_row + down, first_column + right, channel] += dy[image, i, j, channel]
    return dx


def avg_pool2d_backward(dy, x, pool_size=2, strides=None, padding="valid"):
    """Pass each number of dy to the cells of its window, in equal parts."""
    pool_height, pool_width = pool_size if isinstance(pool_size, tuple) else (pool_size, pool_size)
    if strides is None:
        strides = (pool_height, pool_width)
    step_down, step_right = strides if isinstance(strides, tuple) else (strides, strides)
    _, height, width, _ = x.shape
    _, rows, columns, _ = dy.shape

    top, left = 0, 0
    if padding == "same":
        top = max((rows - 1) * step_down + pool_height - height, 0) // 2
        left = max((columns - 1) * step_right + pool_width - width, 0) // 2

    dx = np.zeros(x.shape)
    for i in range(rows):
        for j in range(columns):
            row, column = i * step_down - top, j * step_right - left
            window = dx[:, max(row, 0) : row + pool_height, max(column, 0) : column + pool_width]
            # A view: what is added to it is added to dx.
            window += dy[:, i : i + 1, j : j + 1] / (window.shape[1] * window.shape[2])
    return dx


def conv2d_fast(x, w, strides=1):
    """Correlate images x (n, height, width, c) with filters w (i, j, c, o), as fast as NumPy can."""
    step_down, step_right = strides if isinstance(strides, tuple) else (strides, strides)
    view = np.lib.stride_tricks.sliding_window_view(x, w.shape[:2], axis=(1, 2))[:, ::step_down, ::step_right]
    # With optimize=True einsum copies every window first, which takes longer here than the products.
    return np.einsum("nyxcij,ijco->nyxo", view, w)


def conv2d_general(x, w, b=None, *, strides=1, padding="valid", dilation_rate=1, groups=1):
    """Correlate x (n, height, width, c) with filters w (i, j, c / groups, o), as Keras does."""
    step_down, step_right = strides if isinstance(strides, tuple) else (strides, strides)
    down, right = dilation_rate if isinstance(dilation_rate, tuple) else (dilation_rate, dilation_rate)
    kernel_height, kernel_width, channels, filters = w.shape
    span_down, span_right = (kernel_height - 1) * down + 1, (kernel_width - 1) * right + 1
    if padding == "same":
        missing = [
            max((int(np.ceil(n / step)) - 1) * step + span - n, 0)
            for n, step, span in ((x.shape[1], step_down, span_down), (x.shape[2], step_right, span_right))
        ]
        x = np.pad(x, ((0, 0), *((total // 2, total - total // 2) for total in missing), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, (span_down, span_right), axis=(1, 2))
    # The cells of a dilated window are every `dilation`-th one of those that it spans.
    view = view[:, ::step_down, ::step_right, :, ::down, ::right]
    own = filters // groups
    maps = [
        np.einsum(
            "nyxcij,ijco->nyxo",
            view[:, :, :, group * channels : (group + 1) * channels],
            w[..., group * own : (group + 1) * own],
        )
        for group in range(groups)
    ]
    out = np.concatenate(maps, axis=-1)
    return out if b is None else out + b
