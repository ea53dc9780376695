"""Notebook 06."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce as fold
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def pool_with_nan(reduce: Callable[..., Any]) -> Callable[..., Any]:
    """All windows at once: what lies outside is not a number, and `reduce` leaves that out."""

    def pool(x, pool_size=2, strides=None, padding="valid"):
        size = np.broadcast_to(pool_size, 2)
        step = size if strides is None else np.broadcast_to(strides, 2)
        x = x.astype(np.float64)
        if padding == "same":
            sides = np.array(x.shape[1:3])
            total = np.maximum((-(-sides // step) - 1) * step + size - sides, 0)
            pads = [(0, 0), *zip(total // 2, total - total // 2, strict=True), (0, 0)]
            x = np.pad(x, pads, constant_values=np.nan)
        return reduce(sliding_window_view(x, size, axis=(1, 2))[:, :: step[0], :: step[1]], axis=(-2, -1))

    return pool


def pool_with_lists(reduce: Callable[[list[float]], float]) -> Callable[..., Any]:
    """Python alone, one window after the other, in single precision at the end."""

    def places(n: int, k: int, s: int, padding: str) -> list[list[int]]:
        count = (n + s - 1) // s if padding == "same" else (n - k) // s + 1
        before = max((count - 1) * s + k - n, 0) // 2 if padding == "same" else 0
        return [[i for i in range(at * s - before, at * s - before + k) if 0 <= i < n] for at in range(count)]

    def pool(x, pool_size=2, strides=None, padding="valid"):
        strides = pool_size if strides is None else strides
        sides = (
            (
                x.shape[1 + axis],
                *(option if isinstance(option, int) else option[axis] for option in (pool_size, strides)),
            )
            for axis in range(2)
        )
        rows, columns = (places(*side, padding) for side in sides)
        pixels = x.tolist()
        out = [
            [
                [
                    [reduce([image[i][j][c] for i in row for j in column]) for c in range(x.shape[3])]
                    for column in columns
                ]
                for row in rows
            ]
            for image in pixels
        ]
        return np.array(out, np.float32)

    return pool


def axis_after_axis(reduce: Callable[..., Any]) -> Callable[..., Any]:
    """Pool all rows of the image, then the columns of what is left; a window is cut where the image ends."""

    def along(axis, x, k, step, padding):
        n = x.shape[axis]
        if padding == "same":
            before = max(k - (n % step or step), 0) // 2
            starts = range(-before, n - before, step)
        else:
            starts = range(0, n - k + 1, step)
        parts = [reduce(x.take(range(max(at, 0), min(at + k, n)), axis), axis=axis) for at in starts]
        return np.stack(parts, axis)

    def pool(images, pool_size=2, strides=None, padding="valid"):
        size = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
        strides = size if strides is None else strides
        step = (strides, strides) if isinstance(strides, int) else strides
        return along(2, along(1, images, size[0], step[0], padding), size[1], step[1], padding)

    return pool


def pool_of_masked(name: str) -> Callable[..., Any]:
    """A masked array, which knows by itself what lies outside."""

    def pool(x, pool_size=2, strides=None, padding="valid"):
        height, width = np.ravel((pool_size, pool_size))[[0, -1]]
        down, right = (height, width) if strides is None else np.ravel((strides, strides))[[0, -1]]
        pads = np.zeros((4, 2), int)
        if padding == "same":
            for axis, k, step in ((1, height, down), (2, width, right)):
                missing = max((x.shape[axis] - 1) // step * step + k - x.shape[axis], 0)
                pads[axis] = missing // 2, missing - missing // 2
        values, outside = np.pad(x, pads), np.pad(np.zeros(x.shape, bool), pads, constant_values=True)
        views = [sliding_window_view(each, (height, width), (1, 2))[:, ::down, ::right] for each in (values, outside)]
        return getattr(np.ma.array(views[0], mask=views[1]), name)(axis=(4, 5))

    return pool


def spans(n: int, k: int, step: int, padding: str) -> list[slice]:
    """Where the windows of one axis lie inside the image."""
    count, before = (n - k) // step + 1, 0
    if padding == "same":
        count = math.ceil(n / step)
        before = max((count - 1) * step + k - n, 0) // 2
    return [slice(max(i * step - before, 0), min(i * step - before + k, n)) for i in range(count)]


def with_spans(function: Callable[..., Any]) -> Callable[..., Any]:
    """Turn a function of the images and the spans of both axes into one of size, strides and padding."""

    def pool(x, pool_size=2, strides=None, padding="valid"):
        size = pool_size if isinstance(pool_size, tuple) else (pool_size,) * 2
        step = strides or size
        step = step if isinstance(step, tuple) else (step,) * 2
        return function(x, *(spans(*one, padding) for one in zip(x.shape[1:3], size, step, strict=True)))

    return pool


@with_spans
def largest_so_far(x, tops, lefts):
    """Plain loops that look at every cell and remember the largest one, from one of the window's own on."""
    out = np.empty((len(x), len(tops), len(lefts), x.shape[3]))
    for n, row, column, c in np.ndindex(out.shape):
        best = x[n, tops[row].start, lefts[column].start, c]
        for i in range(tops[row].start, tops[row].stop):
            for j in range(lefts[column].start, lefts[column].stop):
                best = max(best, x[n, i, j, c])
        out[n, row, column, c] = best
    return out


@with_spans
def sorted_windows(x, tops, lefts):
    """Sort each window, and take what comes last."""
    channels_first = x.transpose(0, 3, 1, 2)
    out = [
        [np.sort(channels_first[:, :, down, across].reshape(*x.shape[::3], -1))[..., -1] for across in lefts]
        for down in tops
    ]
    return np.array(out).transpose(2, 0, 1, 3)


@with_spans
def small_ones_first(x, tops, lefts):
    """Write the cells into their windows, the smallest first, so that the largest is written last and stays."""
    out = np.full((x.shape[0], len(tops), len(lefts), x.shape[3]), np.nan)
    for flat in x.argsort(axis=None):
        n, i, j, c = np.unravel_index(flat, x.shape)
        for row in (at for at, span in enumerate(tops) if span.start <= i < span.stop):
            for column in (at for at, span in enumerate(lefts) if span.start <= j < span.stop):
                out[n, row, column, c] = x[n, i, j, c]
    return out.tolist()


def maximum_of_shifted(x, pool_size=2, strides=None, padding="valid"):
    """The larger of two images, again and again, one image for each cell of the pool; in single precision."""
    (height, width), x = np.broadcast_to(pool_size, 2), np.float32(x)
    down, right = np.broadcast_to((height, width) if strides is None else strides, 2)
    rows, columns = (x.shape[1] - height) // down + 1, (x.shape[2] - width) // right + 1
    if padding == "same":
        rows, columns = int(np.ceil(x.shape[1] / down)), int(np.ceil(x.shape[2] / right))
        reach = np.array([(rows - 1) * down + height, (columns - 1) * right + width])
        top, left = np.maximum(reach - x.shape[1:3], 0) // 2
        framed = np.full((len(x), *np.maximum(reach, x.shape[1:3]), x.shape[3]), -np.inf, np.float32)
        framed[:, top : top + x.shape[1], left : left + x.shape[2]] = x
        x = framed
    shifted = [x[:, i::down, j::right][:, :rows, :columns] for i in range(height) for j in range(width)]
    return fold(np.maximum, shifted)


def strides_and_lowest(x, pool_size=2, strides=None, padding="valid"):
    """A border of the lowest number there is, and a view of the windows made of bytes."""
    size = [pool_size, pool_size] if isinstance(pool_size, int) else list(pool_size)
    step = size if strides is None else [strides, strides] if isinstance(strides, int) else list(strides)
    if padding == "same":
        missing = [max(k - s if n % s == 0 else k - n % s, 0) for n, k, s in zip(x.shape[1:3], size, step, strict=True)]
        border = [(total // 2, total - total // 2) for total in missing]
        x = np.pad(x.astype(float), [(0, 0), *border, (0, 0)], constant_values=np.finfo(float).min)
    n, rows, columns, channels = x.shape
    image, row, column, channel = x.strides
    shape = (n, (rows - size[0]) // step[0] + 1, (columns - size[1]) // step[1] + 1, channels, *size)
    windows = as_strided(x, shape, (image, row * step[0], column * step[1], channel, row, column), writeable=False)
    return np.amax(windows, axis=(-1, -2))


@with_spans
def total_and_count(x, tops, lefts):
    """Plain loops that add up and count what is there."""
    out = np.zeros((len(x), len(tops), len(lefts), x.shape[3]))
    for row, down in enumerate(tops):
        for column, across in enumerate(lefts):
            total, count = np.zeros((len(x), x.shape[3])), 0
            for i in range(down.start, down.stop):
                for j in range(across.start, across.stop):
                    total = total + x[:, i, j]
                    count += 1
            out[:, row, column] = total / count
    return out


@with_spans
def corners_of_running_sums(x, tops, lefts):
    """A table of all that lies above and to the left; four of its numbers give the sum of a window."""
    table = np.pad(x.astype(np.float64).cumsum(axis=1).cumsum(axis=2), ((0, 0), (1, 0), (1, 0), (0, 0)))
    first, last, left, right = (
        np.array([getattr(span, end) for span in axis]) for axis in (tops, lefts) for end in ("start", "stop")
    )
    below, above = table[:, last], table[:, first]
    sums = below[:, :, right] - above[:, :, right] - below[:, :, left] + above[:, :, left]
    return sums / np.outer(last - first, right - left)[None, :, :, None]


@with_spans
def shares_in_matrices(x, tops, lefts):
    """A row of a matrix says which share each pixel has in the mean; one matrix for the rows, one for the columns."""
    rows, columns = np.zeros((len(tops), x.shape[1])), np.zeros((len(lefts), x.shape[2]))
    for matrix, axis in ((rows, tops), (columns, lefts)):
        for shares, span in zip(matrix, axis, strict=True):
            shares[span] = 1 / (span.stop - span.start)
    return np.einsum("yh,nhwc,xw->nyxc", rows, x, columns)


def sums_by_sums(x, pool_size=2, strides=None, padding="valid"):
    """Pad the images with zeros and an image of ones as well, and divide the sums of the one by those of the other."""
    pool_size = pool_size if isinstance(pool_size, tuple) else (pool_size, pool_size)
    strides = pool_size if strides is None else strides
    strides = strides if isinstance(strides, tuple) else (strides, strides)
    ones = np.ones((1, *x.shape[1:3], 1))

    def sums(images):
        for axis in (1, 2):
            k, step = pool_size[axis - 1], strides[axis - 1]
            extra = max(k - (images.shape[axis] % step or step), 0) if padding == "same" else 0
            before, after = (np.zeros_like(images.take(range(part), axis)) for part in (extra // 2, (extra + 1) // 2))
            images = np.concatenate([before, images, after], axis)
            ends = images.shape[axis] - k + 1
            images = sum(images.take(range(i, i + ends, step), axis).astype(np.float32) for i in range(k))
        return images

    return sums(x) / sums(ones)


def weighted_average(x, pool_size=2, strides=None, padding="valid"):
    """NumPy's average, with a weight of 0 for what lies outside, in while loops that append."""
    try:
        height, width = pool_size
    except TypeError:
        height = width = pool_size
    try:
        down, right = strides if strides is not None else (height, width)
    except TypeError:
        down = right = strides
    edges, weights = [0, 0], np.ones(x.shape)
    if padding == "same":
        sides = ((x.shape[1], height, down), (x.shape[2], width, right))
        edges = [max((n - 1) // step * step + k - n, 0) for n, k, step in sides]
    pads = [(0, 0), *((edge // 2, edge - edge // 2) for edge in edges), (0, 0)]
    x, weights = np.pad(x, pads, mode="edge"), np.pad(weights, pads)
    rows, top = [], 0
    while top + height <= x.shape[1]:
        row, left = [], 0
        while left + width <= x.shape[2]:
            window = np.s_[:, top : top + height, left : left + width]
            row.append(np.average(x[window], axis=(1, 2), weights=weights[window]))
            left += right
        rows.append(np.stack(row, axis=1))
        top += down
    return np.stack(rows, axis=1)


def in_two_steps(reduce: Callable[..., Any]) -> Callable[..., Any]:
    """Reduce the columns, then the rows, in single precision."""

    def pool(x, keepdims=False):
        return reduce(reduce(x.astype(np.float32), axis=2, keepdims=keepdims), axis=1, keepdims=keepdims)

    return pool


def channel_by_channel(reduce: Callable[[np.ndarray], Any]) -> Callable[..., Any]:
    """One channel after the other, into lists."""

    def pool(x, keepdims=False):
        numbers = [[reduce(image[..., c].astype(float)) for c in range(x.shape[3])] for image in x]
        return [[[channels]] for channels in numbers] if keepdims else numbers

    return pool


def pixels_in_a_row(reduce: Callable[..., Any]) -> Callable[..., Any]:
    """Lay all pixels of an image in one row."""

    def pool(images, keepdims=False):
        flat = reduce(images.reshape(len(images), -1, images.shape[-1]), axis=1)
        return flat[:, np.newaxis, np.newaxis] if keepdims else flat

    return pool


def over_both_axes(reduce: Callable[..., Any]) -> Callable[..., Any]:
    """NumPy takes one axis after the other and keeps both, so that they are taken away where nobody wants them."""

    def pool(x, keepdims=False):
        kept = np.apply_over_axes(reduce, x, [1, 2])
        if keepdims:
            return kept
        return kept.squeeze(axis=(1, 2))

    return pool


def one_window(pool2d: Callable[..., Any]) -> Callable[..., Any]:
    """Pool with a window as large as the image."""

    def pool(x, keepdims=False):
        pooled = np.asarray(pool2d(x, pool_size=x.shape[1:3]))
        return pooled if keepdims else pooled[:, 0, 0, :]

    return pool


def columns_of_lists(reduce: Callable[[tuple[float, ...]], float]) -> Callable[..., Any]:
    """Python alone: `zip` gathers each channel's numbers, whatever rows they come from."""

    def pool(x, keepdims=False):
        out = []
        for image in x.tolist():
            channels = zip(*(pixel for row in image for pixel in row), strict=True)
            numbers = tuple(reduce(channel) for channel in channels)
            out.append(((numbers,),) if keepdims else numbers)
        return tuple(out)

    return pool


def mean(numbers: list[float]) -> float:
    """The mean of a list."""
    return sum(numbers) / len(numbers)


def last_of_sorted(x, keepdims=False):
    """Move the pixels to the end, sort them there, and take the last one."""
    sorted_pixels = np.sort(np.moveaxis(x, 3, 1).reshape(x.shape[0], x.shape[3], -1))
    largest = sorted_pixels[:, :, -1]
    return np.expand_dims(largest, (1, 2)) if keepdims else largest


def pixel_after_pixel(x, keepdims=False):
    """Each pixel, in all images and channels at once, replaces what it exceeds."""
    out = x[:, :1, :1].copy()
    for i in range(x.shape[1]):
        for j in range(x.shape[2]):
            pixel = x[:, i : i + 1, j : j + 1]
            out[pixel > out] = pixel[pixel > out]
    return out if keepdims else out.reshape(len(x), -1)


def letters_left_out(x, keepdims=False):
    """An einsum that leaves out two letters adds up; the sums are divided by the number of pixels."""
    sums = np.einsum("nyxc->nc", x.astype(np.float32))
    n, height, width, c = x.shape
    return (sums / (height * width)).reshape((n, 1, 1, c) if keepdims else (n, c))


def mean_kept_up_to_date(x, keepdims=False):
    """The mean of the pixels so far, moved a little towards each new one."""
    so_far = np.zeros(x[:, 0, 0].shape)
    for count, (i, j) in enumerate(np.ndindex(*x.shape[1:3]), start=1):
        so_far += (x[:, i, j] - so_far) / count
    return so_far[:, None, None, :] if keepdims else so_far


RIGHT = {
    "max_pool2d": [
        pool_with_nan(np.nanmax),
        pool_with_lists(max),
        axis_after_axis(np.max),
        pool_of_masked("max"),
        largest_so_far,
        sorted_windows,
        small_ones_first,
        maximum_of_shifted,
        strides_and_lowest,
    ],
    "avg_pool2d": [
        pool_with_nan(np.nanmean),
        pool_with_lists(mean),
        axis_after_axis(np.mean),
        pool_of_masked("mean"),
        total_and_count,
        corners_of_running_sums,
        shares_in_matrices,
        sums_by_sums,
        weighted_average,
    ],
    "global_max_pool": [
        in_two_steps(np.max),
        channel_by_channel(np.max),
        pixels_in_a_row(np.max),
        over_both_axes(np.max),
        one_window(maximum_of_shifted),
        columns_of_lists(max),
        last_of_sorted,
        pixel_after_pixel,
    ],
    "global_avg_pool": [
        in_two_steps(np.mean),
        channel_by_channel(np.mean),
        pixels_in_a_row(np.mean),
        over_both_axes(np.mean),
        one_window(sums_by_sums),
        columns_of_lists(mean),
        letters_left_out,
        mean_kept_up_to_date,
    ],
}

# Behaviours that catch nothing alone, and why they are kept.
KEPT = {("avg_pool2d", "mean"): "it gives marks to an answer that handles the plainest case only"}
