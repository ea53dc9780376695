"""Model answers of notebook 08; the build pastes each function into the instructors' notebook."""

# mypy: allow-untyped-defs, allow-untyped-calls
# Students read and write these without type hints, so they have none.

import numpy as np


def trace_shapes(layers, input_shape):
    """List the shape after each layer, for an image of input_shape (height, width, channels)."""
    shape = tuple(input_shape)
    shapes = []
    for kind, *options in layers:
        if kind in ("conv", "pool"):
            window, strides, padding = options[-3:]
            sizes = []
            for n, k, stride in zip(shape[:2], window, strides, strict=True):
                if padding == "valid" and k > n:
                    raise ValueError(f"a window of {k} does not fit into {n} pixels")
                sizes.append((n - k) // stride + 1 if padding == "valid" else -(-n // stride))
            channels = options[0] if kind == "conv" else shape[2]
            shape = (*sizes, channels)
        elif kind == "global":
            shape = (shape[2],)
        elif kind == "flatten":
            shape = (int(np.prod(shape)),)
        elif kind == "dense":
            shape = (options[0],)
        shapes.append(shape)
    return shapes


def receptive_field(layers):
    """List how many input pixels one number sees after each layer (kernel_size, stride, dilation)."""
    field, step = 1, 1
    fields = []
    for kernel_size, stride, dilation in layers:
        field += (kernel_size - 1) * dilation * step
        step *= stride
        fields.append(field)
    return fields


def correlate(image, kernel):
    """Slide a kernel (i, j) over an image (height, width), wherever it fits."""
    height, width = kernel.shape
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            patch = image[i : i + height, j : j + width]
            out[i, j] = (patch * kernel).sum()
    return out


def correlate_same(image, kernel):
    """Slide a kernel (i, j) over an image (height, width) under "same": the output has the size of the image."""
    height, width = kernel.shape
    top, left = (height - 1) // 2, (width - 1) // 2
    padded = np.zeros((image.shape[0] + height - 1, image.shape[1] + width - 1))
    padded[top : top + image.shape[0], left : left + image.shape[1]] = image
    out = np.zeros(image.shape)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            patch = padded[i : i + height, j : j + width]
            out[i, j] = (patch * kernel).sum()
    return out


def correlate_strided(image, kernel, strides):
    """Slide a kernel (i, j) over an image (height, width) in steps of strides (down, right), wherever it fits."""
    height, width = kernel.shape
    down, right = strides
    out = np.zeros(((image.shape[0] - height) // down + 1, (image.shape[1] - width) // right + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            patch = image[i * down : i * down + height, j * right : j * right + width]
            out[i, j] = (patch * kernel).sum()
    return out


def correlate_channels(image, kernel, bias):
    """Slide a kernel (i, j, c) over an image (height, width, c), wherever it fits, and add one bias."""
    height, width, _ = kernel.shape
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            patch = image[i : i + height, j : j + width]
            out[i, j] = (patch * kernel).sum() + bias
    return out


def pool_channels(image, size):
    """Keep the largest value of every size x size block of each channel of an image (height, width, c)."""
    rows, columns = image.shape[0] // size, image.shape[1] // size
    out = np.zeros((rows, columns, image.shape[2]))
    for i in range(rows):
        for j in range(columns):
            block = image[i * size : (i + 1) * size, j * size : (j + 1) * size]
            out[i, j] = block.max(axis=(0, 1))
    return out


def average_same(image, size):
    """Take the mean of every size x size block of an image (height, width) under "same"."""
    rows, columns = -(-image.shape[0] // size), -(-image.shape[1] // size)
    top, left = (rows * size - image.shape[0]) // 2, (columns * size - image.shape[1]) // 2
    padded = np.zeros((rows * size, columns * size))
    padded[top : top + image.shape[0], left : left + image.shape[1]] = image
    inside = np.zeros(padded.shape)
    inside[top : top + image.shape[0], left : left + image.shape[1]] = 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            place = np.s_[i * size : (i + 1) * size, j * size : (j + 1) * size]
            out[i, j] = padded[place].sum() / inside[place].sum()
    return out
