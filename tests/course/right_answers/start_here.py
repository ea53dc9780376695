"""Notebook 00."""

from __future__ import annotations

from itertools import pairwise

import numpy as np


def sizes_of_the_shape(x):
    """The shape itself."""
    return x.shape


def sizes_counted(x):
    """The lengths of lists within lists, in a list."""
    images = x.tolist()
    return [len(images), len(images[0]), len(images[0][0]), len(images[0][0][0])]


def sizes_in_floats(x):
    """An array of zeros that is filled in a loop: 4.0 for 4."""
    sizes = np.zeros(x.ndim)
    for axis in range(x.ndim):
        sizes[axis] = x.shape[axis]
    return sizes


def sizes_of_each_axis(x):
    """NumPy is asked for one axis at a time."""
    return tuple(np.size(x, axis) for axis in (0, 1, 2, 3))


def sizes_by_recursion(x):
    """The length of the whole, then the sizes of its first part."""
    return [] if np.ndim(x) == 0 else [len(x), *sizes_by_recursion(x[0])]


def sizes_after_the_last_place(x):
    """The place of the very last number, and one more on every axis."""
    *_, last = np.argwhere(np.isfinite(x))
    return last + 1


def sizes_of_memory(x):
    """How often the stride of an axis goes into that of the axis before."""
    edges = (x.nbytes, *np.ascontiguousarray(x).strides)
    return [whole // part for whole, part in pairwise(edges)]


def first_by_transposing(x):
    """One transpose, in double precision."""
    return np.transpose(x, (0, 3, 1, 2)).astype(float)


def first_by_two_swaps(x):
    """Two swaps of neighbouring axes, in single precision."""
    return x.astype(np.float32).swapaxes(2, 3).swapaxes(1, 2)


def first_as_lists(x):
    """Python alone: lists in, lists out."""
    n, height, width, channels = x.shape
    numbers = x.tolist()
    return [
        [[[float(numbers[m][i][j][c]) for j in range(width)] for i in range(height)] for c in range(channels)]
        for m in range(n)
    ]


def first_as_a_view(x):
    """No copy at all: the array given, with its axes moved and its own type."""
    return np.moveaxis(x, -1, 1)


def first_number_by_number(x):
    """One loop over all four places."""
    n, height, width, channels = x.shape
    out = np.empty((n, channels, height, width))
    for m, i, j, c in np.ndindex(n, height, width, channels):
        out[m, c, i, j] = x[m, i, j, c]
    return out


def first_image_by_image(x):
    """The planes of each image, one below the other."""
    planes = [[image[..., c] for c in range(image.shape[-1])] for image in x]
    return np.array(planes, dtype=np.float64)


def first_by_splitting(x):
    """The batch cut along its last axis, and joined again along a new one."""
    parts = np.split(x.astype(float), x.shape[3], axis=3)
    return np.concatenate([part.reshape(part.shape[0], 1, *part.shape[1:3]) for part in parts], axis=1)


def first_in_order_of_memory(x):
    """A long row of numbers that a while loop fills, from places worked out by division."""
    n, height, width, channels = x.shape
    flat, moved, place = x.reshape(-1), np.zeros(x.size), 0
    while place < x.size:
        pixel, c = divmod(place, channels)
        image, pixel = divmod(pixel, height * width)
        moved[(image * channels + c) * height * width + pixel] = flat[place]
        place += 1
    return moved.reshape(n, channels, height, width)


def last_by_einsum(x):
    """The axes by their letters."""
    return np.einsum("ncyx->nyxc", x) / 1.0


def last_by_stacking(x):
    """The channels stacked along a new last axis, in single precision."""
    return np.stack([x[:, c].astype(np.float32) for c in range(x.shape[1])], axis=-1)


def last_by_reshaping_pixels(x):
    """A reshape that is right, because a transpose moves the channels in between."""
    n, channels, height, width = x.shape
    pixels = x.reshape(n, channels, height * width).astype(float)
    return np.array([image.T for image in pixels]).reshape(n, height, width, channels)


def last_by_zipping(x):
    """Python alone: zip turns planes into rows, and rows into pixels."""
    return [[list(zip(*rows, strict=True)) for rows in zip(*planes, strict=True)] for planes in x.tolist()]


def last_by_an_identity(x):
    """A product with the identity over the channels, which puts them last."""
    return np.tensordot(x, np.eye(x.shape[1]), axes=(1, 0))


def last_by_indices(x):
    """Every place looked up at once, from four ranges that are broadcast."""
    image, row, column, channel = np.ix_(*(range(x.shape[axis]) for axis in (0, 2, 3, 1)))
    return x[image, channel, row, column]


def last_number_by_number(x):
    """Each number with its place, written where it belongs."""
    out = np.full([x.shape[axis] for axis in (0, 2, 3, 1)], np.nan)
    for (m, c, i, j), number in np.ndenumerate(x):
        out[m, i, j, c] = number
    return out


def last_image_by_image(x):
    """The planes of each image laid behind one another, in whatever type the batch has."""
    return np.stack([np.dstack(list(planes)) for planes in x])


RIGHT = {
    "axis_sizes": [
        sizes_of_the_shape,
        sizes_counted,
        sizes_in_floats,
        sizes_of_each_axis,
        sizes_by_recursion,
        sizes_after_the_last_place,
        sizes_of_memory,
    ],
    "to_channels_first": [
        first_by_transposing,
        first_by_two_swaps,
        first_as_lists,
        first_as_a_view,
        first_number_by_number,
        first_image_by_image,
        first_by_splitting,
        first_in_order_of_memory,
    ],
    "to_channels_last": [
        last_by_einsum,
        last_by_stacking,
        last_by_reshaping_pixels,
        last_by_zipping,
        last_by_an_identity,
        last_by_indices,
        last_number_by_number,
        last_image_by_image,
    ],
}
