"""Notebook 03."""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def size_by_listing_starts(n, k, stride=1, padding="valid", dilation=1):
    """Let `range` count."""
    if padding == "same":
        return len(range(0, n, stride))
    starts = range(0, n - (k - 1) * dilation, stride)
    if not starts:
        raise ValueError
    return len(starts)


def size_in_floats(n, k, stride=1, padding="valid", dilation=1):
    """Divide in single precision and round with the standard library, as Keras writes it; return NumPy's integers."""
    if padding == "same":
        return np.int32(math.ceil(np.float32(n) / stride))
    size = math.floor(np.float32(n - dilation * (k - 1) - 1) / stride) + 1
    if size <= 0:
        raise ValueError("zero or negative")
    return np.int64(size)


def size_by_walking(n, k, stride=1, padding="valid", dilation=1):
    """Move the window until it hangs over the edge, or with "same" until it starts beyond it."""
    span = 1 if padding == "same" else k + (k - 1) * (dilation - 1)
    start, count = 0, 0
    while start + span <= n:
        start, count = start + stride, count + 1
    if count == 0:
        raise ValueError(f"{span} > {n}")
    return count


def size_after_padding(n, k, stride=1, padding="valid", dilation=1):
    """One formula for both: with "same" the pixels that are missing are added to n first."""
    span = dilation * (k - 1) + 1
    if padding == "same":
        n += max(0, (-(-n // stride) - 1) * stride + span - n)
    steps, _ = divmod(n - span, stride)
    if steps < 0:
        raise ValueError("no window fits")
    return steps + 1


def size_by_recursion(n, k, stride=1, padding="valid", dilation=1):
    """One window, and those of the pixels from the next start on."""
    if padding == "same":
        return 1 if n <= stride else 1 + size_by_recursion(n - stride, k, stride, "same")
    if n < (k - 1) * dilation + 1:
        raise ValueError("too small")
    try:
        return 1 + size_by_recursion(n - stride, k, stride, dilation=dilation)
    except ValueError:
        return 1


def size_of_views(n, k, stride=1, padding="valid", dilation=1):
    """NumPy cuts the windows of a row of n pixels, and refuses by itself what does not fit."""
    row = np.arange(n)
    windows = row if padding == "same" else sliding_window_view(row, (k - 1) * dilation + 1)
    return windows[::stride].shape[0]


def size_from_masks(n, k, stride=1, padding="valid", dilation=1):
    """Test every pixel for whether a window starts there, and add the answers up."""
    starts = np.arange(n) % stride == 0
    if padding != "same":
        starts &= np.arange(n) + (k - 1) * dilation < n
        if not starts.any():
            raise ValueError(k, n)
    return np.count_nonzero(starts)


def size_rounded_up(n, k, stride=1, padding="valid", dilation=1):
    """Round up in both cases, as TensorFlow's documentation does; an array without axes."""
    places = {"same": n, "valid": n - (k - 1) * dilation}[padding]
    if places < 1:
        raise ValueError("the kernel is larger than the image")
    return np.ceil(np.array(places) / stride).astype(np.int16)


def every_window_then_steps(image, kernel, strides=1):
    """All windows in one einsum, of which every so many are kept."""
    down, right = np.broadcast_to(strides, 2)
    return np.einsum("yxij,ij->yx", sliding_window_view(image, kernel.shape)[::down, ::right], kernel)


def shifted_images(image, kernel, strides=1):
    """Sums of shifted images that are taken in steps, one for each weight, in single precision."""
    down, right = (strides, strides) if isinstance(strides, int) else strides
    if image.shape[0] < kernel.shape[0] or image.shape[1] < kernel.shape[1]:
        raise ValueError
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    return sum(
        np.float32(weight) * image[i : i + rows : down, j : j + columns : right].astype(np.float32)
        for (i, j), weight in np.ndenumerate(kernel)
    )


def lists_of_sums(image, kernel, strides=1):
    """Python alone: lists in, lists out."""
    down, right = strides if isinstance(strides, tuple) else (strides,) * 2
    pixels, weights = image.tolist(), kernel.tolist()
    tops = range(0, len(pixels) - len(weights) + 1, down)
    lefts = range(0, len(pixels[0]) - len(weights[0]) + 1, right)
    if len(tops) == 0 or len(lefts) == 0:
        raise ValueError
    return [
        [
            sum(weights[i][j] * pixels[y + i][x + j] for i in range(len(weights)) for j in range(len(weights[0])))
            for x in lefts
        ]
        for y in tops
    ]


def windows_in_while_loops(image, kernel, strides=1):
    """Rows appended for as long as a window fits; a pair is told from a number by trying."""
    try:
        down, right = strides
    except TypeError:
        down = right = strides
    top, out = 0, []
    while top + kernel.shape[0] <= image.shape[0]:
        left = 0
        out.append([])
        while left + kernel.shape[1] <= image.shape[1]:
            window = image[top : top + kernel.shape[0], left : left + kernel.shape[1]]
            out[-1].append(np.vdot(window, kernel))
            left += right
        top += down
    if not out or not out[0]:
        raise ValueError("nothing to return")
    return np.array(out)


def indices_of_windows(image, kernel, strides=1):
    """The rows and columns of every window in two tables of indices, by which all pixels are taken at once."""
    steps = np.ones(2, dtype=int) * strides
    tables = [
        np.arange(0, n - k + 1, step)[:, None] + np.arange(k)
        for n, k, step in zip(image.shape, kernel.shape, steps, strict=True)
    ]
    if min(map(len, tables)) == 0:
        raise ValueError(f"{kernel.shape} into {image.shape}")
    rows, columns = tables
    return np.tensordot(image[rows[:, None, :, None], columns[:, None]], kernel)


def chosen_by_matrices(image, kernel, strides=1):
    """Matrices of zeros and ones choose rows and columns, so that einsum does all the rest."""
    if np.greater(kernel.shape, image.shape).any():
        raise ValueError

    def chosen(n, k, step):
        places = np.arange(0, n - k + 1, step)[:, None] + np.arange(k)
        return np.eye(n)[places]

    down, right = (strides, strides) if np.ndim(strides) == 0 else strides
    rows = chosen(len(image), len(kernel), down)
    columns = chosen(len(image.T), len(kernel.T), right)
    return np.einsum("yir,rc,xjc,ij->yx", rows, image, columns, kernel, optimize=True)


def phases_added(image, kernel, strides=1):
    """Every so many pixels with every so many weights: one convolution without stride for each place in a step."""
    down, right = (*strides, *strides)[:2] if hasattr(strides, "__len__") else [strides] * 2
    rows = size_by_walking(image.shape[0], kernel.shape[0], down)
    columns = size_by_walking(image.shape[1], kernel.shape[1], right)
    out = np.zeros((rows, columns))
    for a, b in np.ndindex(min(down, len(kernel)), min(right, len(kernel[0]))):
        pixels, weights = image[a::down, b::right], kernel[a::down, b::right]
        windows = sliding_window_view(pixels, weights.shape)[:rows, :columns]
        out += (windows * weights).sum(axis=(-2, -1))
    return out


def rows_correlated(image, kernel, strides=1):
    """NumPy's correlation of rows, of which every so many numbers are kept; always in single precision."""
    down, right = tuple(strides) if isinstance(strides, (tuple, list)) else (strides, strides)
    height, width = kernel.shape
    if image.shape[0] < height or image.shape[1] < width:
        raise ValueError("kernel too large")
    pixels, weights = np.float32(image), np.float32(kernel)
    maps = []
    for top in range(0, len(pixels) - height + 1, down):
        row = np.zeros(image.shape[1] - width + 1, dtype=np.float32)
        for i in range(height):
            row += np.correlate(pixels[top + i], weights[i])
        maps.append(row[::right])
    return np.stack(maps)


def pixels_given_away(image, kernel, strides=1):
    """Each pixel goes to the windows that contain it: those where the distance is a whole number of steps."""
    step = (strides, strides) if type(strides) is int else strides
    places = [len(range(0, n - k + 1, s)) for n, k, s in zip(image.shape, kernel.shape, step, strict=True)]
    if 0 in places:
        raise ValueError(places)
    out = np.zeros(places)
    for row, column in np.ndindex(image.shape):
        for i, j in np.ndindex(kernel.shape):
            (y, below), (x, beside) = divmod(row - i, step[0]), divmod(column - j, step[1])
            if below == beside == 0 and 0 <= y < places[0] and 0 <= x < places[1]:
                out[y, x] += image[row, column] * kernel[i, j]
    return out.tolist()


RIGHT = {
    "output_size": [
        size_by_listing_starts,
        size_in_floats,
        size_by_walking,
        size_after_padding,
        size_by_recursion,
        size_of_views,
        size_from_masks,
        size_rounded_up,
    ],
    "conv2d_strided": [
        every_window_then_steps,
        shifted_images,
        lists_of_sums,
        windows_in_while_loops,
        indices_of_windows,
        chosen_by_matrices,
        phases_added,
        rows_correlated,
        pixels_given_away,
    ],
}

# Behaviours that catch nothing alone, and why they are kept.
KEPT = {("conv2d_strided", "steps"): "it gives marks to an answer that handles the plainest case only"}
