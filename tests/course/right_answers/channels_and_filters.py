"""Notebook 05."""

from __future__ import annotations

import itertools
import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def one_einsum(image, kernel, bias):
    """All windows in one einsum."""
    return np.einsum("yxcij,ijc->yx", sliding_window_view(image, kernel.shape[:2], axis=(0, 1)), kernel) + bias


def shifted_channels(image, kernel, bias):
    """Sums of shifted channels, one for each weight, in single precision."""
    rows, columns = (n - k + 1 for n, k in zip(image.shape[:2], kernel.shape[:2], strict=True))
    out = np.full((rows, columns), bias, np.float32)
    for (i, j, c), weight in np.ndenumerate(kernel):
        out += np.float32(weight) * image[i : i + rows, j : j + columns, c].astype(np.float32)
    return out


def lists_of_sums(image, kernel, bias):
    """Python alone: lists in, lists out."""
    pixels, weights = image.tolist(), kernel.tolist()
    cells = list(np.ndindex(kernel.shape))
    rows, columns = (n - k + 1 for n, k in zip(image.shape[:2], kernel.shape[:2], strict=True))
    return [
        [bias + sum(pixels[y + i][x + j][c] * weights[i][j][c] for i, j, c in cells) for x in range(columns)]
        for y in range(rows)
    ]


def window_slides_along_channels(picture, filter_, offset):
    """The window moves along all three axes, but along the channels there is only one place for it."""
    blocks = sliding_window_view(picture, filter_.shape)
    return (blocks * filter_).sum(axis=(-3, -2, -1))[:, :, 0] + offset


def bias_as_a_channel(image, kernel, bias):
    """The bias is the weight of one more channel, in which all pixels are 1."""
    image = np.dstack([image, np.ones(image.shape[:2])])
    last = np.zeros(kernel.shape[:2])
    last[0, 0] = bias
    kernel = np.dstack([kernel, last])
    height, width = kernel.shape[:2]
    tops, lefts = range(len(image) - height + 1), range(image.shape[1] - width + 1)
    return [[np.vdot(image[y : y + height, x : x + width], kernel) for x in lefts] for y in tops]


def by_fourier_transform(image, kernel, bias):
    """Products of spectra are convolutions; a conjugate one makes them correlations, all round the image."""
    spectrum = np.fft.rfft2(kernel, image.shape[:2], axes=(0, 1)).conj()
    around = np.fft.irfft2(np.fft.rfft2(image, axes=(0, 1)) * spectrum, image.shape[:2], axes=(0, 1))
    full = around[: image.shape[0] - kernel.shape[0] + 1, : image.shape[1] - kernel.shape[1] + 1]
    return np.add(full.sum(axis=2), bias)


def channel_after_channel(image, kernel, bias):
    """Recursion: the map of the last channel, in plain loops, on top of what the others give."""
    rows, columns = 1 + image.shape[0] - kernel.shape[0], 1 + image.shape[1] - kernel.shape[1]
    if kernel.shape[2] == 0:
        return np.ones((rows, columns)) * bias
    out = channel_after_channel(image[:, :, :-1], kernel[:, :, :-1], bias)
    for y in range(rows):
        for x in range(columns):
            for i, weights in enumerate(kernel[:, :, -1]):
                for j, weight in enumerate(weights):
                    out[y, x] += image[y + i, x + j, -1] * weight
    return out


def counted_in_one_loop(image, kernel, bias):
    """One counter for all windows, and a long row of numbers that gets its shape at the end."""
    height, width, _ = kernel.shape
    columns = image.shape[1] - width + 1
    numbers = []
    while len(numbers) < (image.shape[0] - height + 1) * columns:
        y, x = divmod(len(numbers), columns)
        window = image[y : y + height, x : x + width, :]
        numbers.append(np.dot(window.flatten(), kernel.flatten()) + bias)
    return np.reshape(numbers, (-1, columns))


def seven_loops(x, w, b=None, strides=1, padding="valid", activation=None):
    """One product at a time; a pixel outside the image is not there."""
    down, along = (strides, strides) if isinstance(strides, int) else strides
    n, height, width, channels = x.shape
    kernel_height, kernel_width, _, filters = w.shape
    top = left = 0
    if padding == "same":
        rows, columns = (height + down - 1) // down, (width + along - 1) // along
        top = max((rows - 1) * down + kernel_height - height, 0) // 2
        left = max((columns - 1) * along + kernel_width - width, 0) // 2
    else:
        rows, columns = (height - kernel_height) // down + 1, (width - kernel_width) // along + 1
    out = np.zeros((n, rows, columns, filters))
    for image, row, column, o in np.ndindex(out.shape):
        total = 0.0 if b is None else float(b[o])
        for i, j in np.ndindex(kernel_height, kernel_width):
            y, z = row * down + i - top, column * along + j - left
            if 0 <= y < height and 0 <= z < width:
                for c in range(channels):
                    total += float(x[image, y, z, c]) * float(w[i, j, c, o])
        out[image, row, column, o] = max(total, 0.0) if activation == "relu" else total
    return out


def padded_by_ceil(x, w, b=None, strides=1, padding="valid", activation=None):
    """Pad, take all windows, keep every stride-th, multiply; in single precision."""
    step = np.broadcast_to(strides, 2)
    size = np.array(w.shape[:2])
    x, w = x.astype(np.float32), w.astype(np.float32)
    if padding.lower() == "same":
        sides = np.array(x.shape[1:3])
        total = np.maximum((np.ceil(sides / step).astype(int) - 1) * step + size - sides, 0)
        x = np.pad(x, [(0, 0), *zip(total // 2, (total + 1) // 2, strict=True), (0, 0)])
    patches = sliding_window_view(x, tuple(size), axis=(1, 2))[:, :: step[0], :: step[1]]
    maps = np.tensordot(patches, w, axes=((4, 5, 3), (0, 1, 2))) + (0 if b is None else np.float32(b))
    return maps.clip(min=0) if activation is not None else maps


def sums_of_matrix_products(x, w, b=None, strides=1, padding="valid", activation=None):
    """One matrix product for each cell of the kernel, which mixes the channels of all pixels under it."""
    (kernel_height, kernel_width), (down, along) = w.shape[:2], np.broadcast_to(strides, 2)
    x = x.astype(float)
    if padding == "same":
        for axis, k, stride in ((1, kernel_height, down), (2, kernel_width, along)):
            count = -(-x.shape[axis] // stride)
            missing = max((count - 1) * stride + k - x.shape[axis], 0)
            pads = [(0, 0)] * 4
            pads[axis] = (missing // 2, missing - missing // 2)
            x = np.pad(x, pads)
    rows, columns = x.shape[1] - kernel_height + 1, x.shape[2] - kernel_width + 1
    maps = sum(x[:, i : i + rows, j : j + columns] @ w[i, j] for i, j in np.ndindex(kernel_height, kernel_width))
    maps = maps[:, ::down, ::along] + (0 if b is None else b)
    return np.where(maps > 0, maps, 0) if activation == "relu" else maps


def filter_by_filter(x, w, b=None, strides=1, padding="valid", activation=None):
    """Map after map of one image and one filter, of which every stride-th number is kept, stacked in the end."""
    step = strides if isinstance(strides, tuple) else (strides, strides)

    def pads(n, k, stride):
        total = max(k - (n % stride or stride), 0)
        return total // 2, -(-total // 2)

    if padding == "same":
        middle = list(map(pads, x.shape[1:3], w.shape[:2], step))
        x = np.pad(x, [(0, 0), *middle, (0, 0)])
    biases = [0] * w.shape[3] if b is None else b
    images = [
        np.stack([one_einsum(image, w[..., o], bias) for o, bias in enumerate(biases)], axis=-1)[:: step[0], :: step[1]]
        for image in x
    ]
    return np.maximum(images, 0 if activation else -np.inf)


def options_taken_off(x, w, b=None, strides=1, padding="valid", activation=None):
    """Each option is a call of itself without that option; in the end it is one matrix of windows."""
    if activation == "relu":
        maps = options_taken_off(x, w, b, strides, padding)
        return (maps + abs(maps)) / 2
    if b is not None:
        return options_taken_off(x, w, None, strides, padding) + b.reshape(1, 1, 1, -1)
    if not isinstance(strides, tuple):
        return options_taken_off(x, w, None, (strides, strides), padding)
    if padding == "same":
        ends = [(n - 1) // s * s + k for n, k, s in zip(x.shape[1:3], w.shape[:2], strides, strict=True)]
        height, width = np.maximum(ends, x.shape[1:3])
        top, left = (height - x.shape[1]) // 2, (width - x.shape[2]) // 2
        framed = np.zeros((len(x), height, width, x.shape[3]))
        framed[:, top : top + x.shape[1], left : left + x.shape[2]] = x
        return options_taken_off(framed, w, None, strides)
    tops = range(0, x.shape[1] - w.shape[0] + 1, strides[0])
    lefts = range(0, x.shape[2] - w.shape[1] + 1, strides[1])
    windows = [[x[:, y : y + len(w), z : z + w.shape[1]].reshape(len(x), -1) for z in lefts] for y in tops]
    return np.moveaxis(np.array(windows) @ w.reshape(-1, w.shape[3]), 2, 0)


def pixels_given_away(x, w, b=None, strides=1, padding="valid", activation=None):
    """Each pixel, with all its channels, goes to the windows that contain it; no pixel is added."""
    down, along = np.ones(2, int) * strides
    places = []
    for n, k, step in ((x.shape[1], w.shape[0], down), (x.shape[2], w.shape[1], along)):
        before = max(math.ceil(n / step) * step - step + k - n, 0) // 2 if padding == "same" else 0
        count = math.ceil(n / step) if padding == "same" else math.floor((n - k) / step + 1)
        cells = itertools.product(range(count), range(k))
        places.append([(at, i, at * step + i - before) for at, i in cells if 0 <= at * step + i - before < n])
    out = np.zeros((x.shape[0], *(places[axis][-1][0] + 1 for axis in (0, 1)), w.shape[3]))
    for (row, i, y), (column, j, z) in itertools.product(*places):
        out[:, row, column] += x[:, y, z] @ w[i, j]
    if b is not None:
        out += b
    if activation == "relu":
        out[out < 0] = 0
    return out


def looked_up_in_tables(x, w, b=None, strides=1, padding="valid", activation=None):
    """Tables of the rows and columns that windows look at; all that is outside is looked up in a border of zeros."""
    step = (strides,) * 2 if np.ndim(strides) == 0 else strides
    tables = []
    for n, k, s in zip(x.shape[1:3], w.shape[:2], step, strict=True):
        starts = np.arange(0, n, s) if padding == "same" else np.arange(0, n - k + 1, s)
        hangs_over = max(starts[-1] + k - n, 0)
        table = starts[:, None] + np.arange(k) - hangs_over // 2
        tables.append(np.where((table < 0) | (table >= n), n, table))
    bordered = np.pad(x, ((0, 0), (0, 1), (0, 1), (0, 0)))
    patches = bordered[:, tables[0][:, None, :, None], tables[1][None, :, None, :]]
    maps = np.einsum("nyxijc,ijco->nyxo", patches, w)
    maps = maps if b is None else maps + b
    return np.fmax(maps, 0) if activation == "relu" else maps


def whole_layer_as_a_matrix(x, w, b=None, strides=1, padding="valid", activation=None):
    """A dense layer whose weights are those of the filters, or 0 where a window does not look."""
    try:
        down, along = strides
    except TypeError:
        down = along = strides
    (height, width), (_, rows, columns, channels) = w.shape[:2], x.shape
    tops, lefts = range(0, rows - height + 1, down), range(0, columns - width + 1, along)
    if padding == "same":
        tops, lefts = range(0, rows, down), range(0, columns, along)
    above, before = (max(at[-1] + k - n, 0) // 2 for at, k, n in ((tops, height, rows), (lefts, width, columns)))
    # Windows may hang over the edge: there is room for it all round, which is cut off again.
    matrix = np.zeros((rows + 2 * height, columns + 2 * width, channels, len(tops), len(lefts), w.shape[3]))
    for (i, top), (j, left) in itertools.product(enumerate(tops), enumerate(lefts)):
        y, z = top - above + height, left - before + width
        matrix[y : y + height, z : z + width, :, i, j] = w
    maps = np.tensordot(x, matrix[height:-height, width:-width], axes=3)
    maps += np.zeros(w.shape[3]) if b is None else b
    return maps * (maps > 0) if activation == "relu" else maps


def counted_one_by_one(kh, kw, c_in, filters, use_bias=True):
    """Make the arrays, and ask for their sizes."""
    sizes = [np.zeros((kh, kw, c_in, filters)).size]
    if use_bias:
        sizes.append(np.zeros(filters).size)
    return sum(sizes)


def as_a_float(kh, kw, c_in, filters, use_bias=True):
    """A float is as good as a whole number."""
    return np.float64(filters) * (kh * kw * c_in + int(use_bias))


def bias_as_one_more_row(height, width, channels, filters, use_bias=True):
    """One matrix with a filter in each column, and the biases below the weights."""
    weights = np.empty((height * width * channels, filters))
    return len(np.vstack([weights, np.empty((int(use_bias), filters))]).ravel())


def called_without_bias(kh, kw, c_in, filters, use_bias=True):
    """With a bias, what it says without one, and one more for each filter."""
    if use_bias:
        return called_without_bias(kh, kw, c_in, filters, use_bias=False) + filters
    return np.prod([kh, kw, c_in, filters])


def counted_up(kh, kw, c_in, filters, use_bias=True):
    """A counter in loops over filters, channels and rows."""
    count = 0
    for _ in range(filters):
        for _ in range(c_in):
            for _ in range(kh):
                count += kw
        if use_bias:
            count += 1
    return count


def names_in_a_set(kh, kw, c_in, filters, use_bias=True):
    """Give every parameter a name of its own, and see how many there are."""
    names = set(itertools.product(range(kh), range(kw), range(c_in), range(filters)))
    return len(names | {("bias", o) for o in range(filters) if use_bias})


def filters_added_up(*sizes, use_bias=True):
    """One filter is as large as the next; in an array without axes."""
    *window, filters = sizes
    one = math.prod(window) if not use_bias else math.prod(window) + 1
    return np.asarray(np.full(filters, one, np.int32).sum())


def channel_by_channel(kh, kw, c_in, filters, use_bias=True):
    """A layer of no channels has biases only; each channel adds as many weights as the one before."""
    start = [0, filters][use_bias]
    return list(itertools.accumulate([kh * kw * filters] * c_in, initial=start))[-1]


RIGHT = {
    "conv2d_one_filter": [
        one_einsum,
        shifted_channels,
        lists_of_sums,
        window_slides_along_channels,
        bias_as_a_channel,
        by_fourier_transform,
        channel_after_channel,
        counted_in_one_loop,
    ],
    "conv2d": [
        seven_loops,
        padded_by_ceil,
        sums_of_matrix_products,
        filter_by_filter,
        options_taken_off,
        pixels_given_away,
        looked_up_in_tables,
        whole_layer_as_a_matrix,
    ],
    "count_params": [
        counted_one_by_one,
        as_a_float,
        bias_as_one_more_row,
        called_without_bias,
        counted_up,
        names_in_a_set,
        filters_added_up,
        channel_by_channel,
    ],
}

# Behaviours that catch nothing alone, and why they are kept.
KEPT = {
    ("conv2d", "filters"): "it gives marks to an answer that handles the plainest case only",
    ("conv2d", "any size"): "it gives marks to an answer without strides and padding, where its faults show as well",
}
