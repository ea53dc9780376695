"""Model answers of notebook 05; the build pastes each function into the instructors' notebook."""

# mypy: allow-untyped-defs, allow-untyped-calls
# Students read and write these without type hints, so they have none.

import numpy as np


def conv2d_one_filter(image, kernel, bias):
    """Slide one filter (i, j, c) over an image (height, width, c), and make one map."""
    kernel_height, kernel_width, channels = kernel.shape
    rows = image.shape[0] - kernel_height + 1
    columns = image.shape[1] - kernel_width + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            total = 0.0
            for channel in range(channels):
                patch = image[i : i + kernel_height, j : j + kernel_width, channel]
                total += (patch * kernel[:, :, channel]).sum()
            out[i, j] = total + bias
    return out


def conv2d(x, w, b=None, strides=1, padding="valid", activation=None):
    """Slide every filter of w (i, j, c, o) over every image of x (n, height, width, c)."""
    step_down, step_right = strides if isinstance(strides, tuple) else (strides, strides)
    kernel_height, kernel_width, _, filters = w.shape
    n, height, width, _ = x.shape

    if padding == "same":
        rows, columns = int(np.ceil(height / step_down)), int(np.ceil(width / step_right))
        down = max((rows - 1) * step_down + kernel_height - height, 0)
        along = max((columns - 1) * step_right + kernel_width - width, 0)
        top, left = down // 2, along // 2
        x = np.pad(x, ((0, 0), (top, down - top), (left, along - left), (0, 0)))

    rows = (x.shape[1] - kernel_height) // step_down + 1
    columns = (x.shape[2] - kernel_width) // step_right + 1
    out = np.zeros((n, rows, columns, filters))
    for image in range(n):
        for o in range(filters):
            bias = 0.0 if b is None else b[o]
            for i in range(rows):
                for j in range(columns):
                    row, column = i * step_down, j * step_right
                    window = x[image, row : row + kernel_height, column : column + kernel_width]
                    # One window gives a map of one number: the sum over all of its channels.
                    out[image, i, j, o] = conv2d_one_filter(window, w[:, :, :, o], bias)[0, 0]
    if activation == "relu":
        out = np.maximum(out, 0)
    return out


def count_params(kh, kw, c_in, filters, use_bias=True):
    """Count the weights and biases of a convolution layer."""
    weights = kh * kw * c_in * filters
    biases = filters if use_bias else 0
    return weights + biases
