"""Notebook 08."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def shapes_by_match(layers, input_shape):
    """One case for each kind of layer; sizes by counting starts."""

    def windows(shape, window, strides, padding):
        stops = [n if padding == "same" else n - k + 1 for n, k in zip(shape, window, strict=False)]
        if min(stops) < 1:
            raise ValueError("no window fits")
        return [len(range(0, stop, stride)) for stop, stride in zip(stops, strides, strict=True)]

    shapes = [list(input_shape)]
    for layer in layers:
        before = shapes[-1]
        match layer:
            case ["conv", filters, *window]:
                shapes.append([*windows(before, *window), filters])
            case ["pool", *window]:
                shapes.append([*windows(before, *window), before[2]])
            case ["global"]:
                shapes.append(before[2:])
            case ["flatten"]:
                shapes.append([math.prod(before)])
            case ["dense", units]:
                shapes.append([units])
    return shapes[1:]


def shapes_with_numpy(layers, input_shape):
    """Sizes as arrays of both axes, in single precision."""
    shape, shapes = np.array(input_shape), []
    for layer in layers:
        if layer[0] in {"conv", "pool"}:
            window, strides = (np.array(pair, np.float32) for pair in layer[-3:-1])
            count = np.ceil((shape[:2] - (window - 1) * (layer[-1] == "valid")) / strides)
            if count.min() < 1:
                raise ValueError(f"{layer} does not fit {shape}")
            shape = np.array([*count, layer[1] if layer[0] == "conv" else shape[2]])
        else:
            shape = {"global": shape[-1:], "flatten": np.array([shape.prod()]), "dense": np.array(layer[1:])}[layer[0]]
        shapes.append(tuple(shape))
    return tuple(shapes)


def field_backwards(layers):
    """From one number back to the input, once for each depth."""
    fields = []
    for depth in range(1, len(layers) + 1):
        field = 1
        for kernel_size, stride, dilation in reversed(layers[:depth]):
            field = (field - 1) * stride + (kernel_size - 1) * dilation + 1
        fields.append(field)
    return tuple(fields)


def field_as_cumulative_sum(layers):
    """NumPy on whole columns of numbers."""
    kernels, strides, dilations = np.array(layers).T
    steps = np.cumprod([1, *strides[:-1]])
    return 1 + np.cumsum((kernels - 1) * dilations * steps)


def correlate_at_once(image, kernel):
    """All windows in one einsum."""
    return np.einsum("yxij,ij->yx", sliding_window_view(image, kernel.shape), kernel)


def correlate_weight_by_weight(image, kernel):
    """Sums of shifted images in single precision."""
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    return sum(
        np.float32(weight) * image[i : i + rows, j : j + columns].astype(np.float32)
        for (i, j), weight in np.ndenumerate(kernel)
    )


def same_at_once(image, kernel):
    """Pad with NumPy, then one einsum."""
    return correlate_at_once(np.pad(image, [((k - 1) // 2, k // 2) for k in kernel.shape]), kernel)


def same_with_lists(image, kernel):
    """Python alone: a pixel outside the image counts nothing."""
    pixels, weights = image.tolist(), kernel.tolist()
    height, width = len(pixels), len(pixels[0])
    top, left = (len(weights) - 1) // 2, (len(weights[0]) - 1) // 2

    def product(y: int, x: int, weight: float) -> float:
        return weight * pixels[y][x] if 0 <= y < height and 0 <= x < width else 0.0

    return [
        [
            sum(product(y + i - top, x + j - left, w) for i, row in enumerate(weights) for j, w in enumerate(row))
            for x in range(width)
        ]
        for y in range(height)
    ]


def strided_from_all(image, kernel, strides):
    """All windows first, then every stride-th."""
    return correlate_at_once(image, kernel)[:: strides[0], :: strides[1]].astype(np.float32)


def strided_by_steps(image, kernel, strides):
    """Loops over the starts in the image."""
    height, width = kernel.shape
    return [
        [
            float((image[y : y + height, x : x + width] * kernel).sum())
            for x in range(0, image.shape[1] - width + 1, strides[1])
        ]
        for y in range(0, image.shape[0] - height + 1, strides[0])
    ]


def channels_at_once(image, kernel, bias):
    """One einsum over rows, columns and channels."""
    patches = sliding_window_view(image, kernel.shape[:2], axis=(0, 1))
    return np.einsum("yxcij,ijc->yx", patches, kernel) + bias


def channels_one_by_one(image, kernel, bias):
    """A sum of gray correlations in single precision; the bias is where it starts."""
    out = np.float32(bias)
    for channel in range(image.shape[2]):
        out = out + correlate_weight_by_weight(image[..., channel], kernel[..., channel])
    return out


def pool_by_reshape(image, size):
    """Cut into blocks by reshaping."""
    rows, columns = image.shape[0] // size, image.shape[1] // size
    cut = image[: rows * size, : columns * size]
    return cut.reshape(rows, size, columns, size, -1).max(axis=(1, 3))


def pool_by_maximum(image, size):
    """The larger of images that hold one pixel of every block, in single precision."""
    rows, columns = (side - side % size for side in image.shape[:2])
    parts = [image[i:rows:size, j:columns:size] for i in range(size) for j in range(size)]
    return np.maximum.reduce(parts).astype(np.float32)


def mean_with_nan(image, size):
    """What lies outside is not a number, and is left out of the mean."""
    missing = [-side % size for side in image.shape]
    padded = np.pad(image, [(total // 2, total - total // 2) for total in missing], constant_values=np.nan)
    rows, columns = padded.shape[0] // size, padded.shape[1] // size
    return np.nanmean(padded.reshape(rows, size, columns, size), axis=(1, 3))


def mean_of_fractions(image, size):
    """Python alone, with exact fractions of the pixels that are there."""
    tops, lefts = (range(-(-side % size // 2), side, size) for side in image.shape)

    def mean(top: int, left: int) -> float:
        block = image[max(top, 0) : top + size, max(left, 0) : left + size].ravel().tolist()
        return float(sum(map(Fraction, block)) / len(block))

    return [[mean(top, left) for left in lefts] for top in tops]


RIGHT = {
    "trace_shapes": [shapes_by_match, shapes_with_numpy],
    "receptive_field": [field_backwards, field_as_cumulative_sum],
    "correlate": [correlate_at_once, correlate_weight_by_weight],
    "correlate_same": [same_at_once, same_with_lists],
    "correlate_strided": [strided_from_all, strided_by_steps],
    "correlate_channels": [channels_at_once, channels_one_by_one],
    "pool_channels": [pool_by_reshape, pool_by_maximum],
    "average_same": [mean_with_nan, mean_of_fractions],
}

# Exercises whose stub is code to be mended.
REPAIRS = {
    "correlate",
    "correlate_same",
    "correlate_strided",
    "correlate_channels",
    "pool_channels",
    "average_same",
}
