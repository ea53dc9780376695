"""Right answers to notebook 09."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import reduce
from typing import Any

import numpy as np

from course.data import lent
from tests.course.right_answers import channels_and_filters, pooling

NAMES = ("conv1", "pool1", "conv2", "pool2", "dense")


def cell_by_cell(x):
    """A loop over all cells of any shape."""
    out = np.zeros(x.shape)
    for at in np.ndindex(x.shape):
        out[at] = x[at] if x[at] > 0 else 0
    return out


def positive_part(x):
    """Half of the number and its size, in single precision."""
    x = np.float32(x)
    return (x + abs(x)) / 2


def copied_and_set(x):
    """A copy in which what is negative is replaced."""
    out = x.copy()
    out[out < 0] = 0
    return out


def nested(x):
    """Lists in lists, with Python's own max."""
    return [nested(part) for part in x] if np.ndim(x) else max(float(x), 0.0)


def one_after_another(maps):
    """Append every number of each image."""
    n, height, width, channels = maps.shape
    return [
        [maps[image, i, j, c] for i in range(height) for j in range(width) for c in range(channels)]
        for image in range(n)
    ]


def pixels_joined(maps):
    """Join the pixels of a row, then the rows."""
    rows = [np.concatenate(list(maps[:, i].swapaxes(0, 1)), axis=1) for i in range(maps.shape[1])]
    return np.concatenate(rows, axis=1)


def place_by_place(maps):
    """Work out where each number goes."""
    n, height, width, channels = maps.shape
    out = np.empty((n, height * width * channels), np.float32)
    for i, j, c in np.ndindex(height, width, channels):
        out[:, (i * width + j) * channels + c] = maps[:, i, j, c]
    return out


def plain_sums(x, w, b):
    """Three loops."""
    out = np.zeros((len(x), w.shape[1]))
    for n, unit in np.ndindex(out.shape):
        total = b[unit]
        for i in range(len(w)):
            total += x[n, i] * w[i, unit]
        out[n, unit] = total
    return out


def bias_as_a_weight(x, w, b):
    """A number more in each row, always 1, whose weights are the biases."""
    return np.hstack([x, np.ones((len(x), 1))]) @ np.vstack([w, b])


def column_by_column(x, w, b):
    """A unit after the other."""
    return np.stack([x @ w[:, unit] + b[unit] for unit in range(len(b))], axis=1)


def python_alone(x, w, b):
    """Lists, `zip` and `sum`."""
    columns = list(zip(*w.tolist(), strict=True))
    return [
        [
            sum(p * q for p, q in zip(row, column, strict=True)) + bias
            for column, bias in zip(columns, b.tolist(), strict=True)
        ]
        for row in x.tolist()
    ]


def row_by_row(scores):
    """A loop over the images."""
    out = np.zeros(scores.shape)
    for n, row in enumerate(scores):
        powers = np.exp(row - max(row))
        out[n] = powers / sum(powers)
    return out


def with_logarithms(scores):
    """The logarithm of the sum, taken from the scores."""
    return np.exp(scores - np.logaddexp.reduce(scores, axis=1, keepdims=True))


def against_each_other(scores):
    """One divided by the sum of the powers of all differences."""
    differences = scores[:, None, :] - scores[:, :, None]
    return 1 / np.exp(np.minimum(differences, 700)).sum(axis=2)


def powers_of_two(scores):
    """2 to the power of the scores divided by the logarithm of 2."""
    powers = np.exp2((scores - scores.max(1)[:, None]) / np.log(2))
    return np.einsum("nd,n->nd", powers, 1 / powers.sum(1))


def with_math(scores):
    """Python's own exp, in lists."""
    out = []
    for row in scores.tolist():
        powers = [math.exp(score - max(row)) for score in row]
        out.append([power / math.fsum(powers) for power in powers])
    return out


def from_its_mean(scores):
    """Take away the mean of each row, which is near enough to the largest score."""
    powers = np.exp(scores - scores.mean(axis=-1, keepdims=True))
    return (powers.T / powers.sum(axis=-1)).T


def in_columns(scores):
    """Every image a column, in double precision."""
    columns = np.array(scores, np.float64).T
    columns = np.exp(columns - columns.max(axis=0))
    return (columns / columns.sum(axis=0)).T


def layers(convolve: Callable[..., Any], largest: Callable[..., Any], mean: Callable[..., Any]) -> dict[str, Any]:
    """The layers as a table, of three functions."""

    def after(maps, w, b, **options):
        return np.maximum(np.asarray(convolve(maps, w, b, padding="same", **options)), 0)

    return {
        "conv1": lambda maps, weights: after(maps, *weights[:2]),
        "pool1": lambda maps, _: np.asarray(largest(maps, 2)),
        "conv2": lambda maps, weights: after(maps, *weights[2:4], strides=(1, 2)),
        "pool2": lambda maps, _: np.asarray(mean(maps, (3, 2), strides=1, padding="same")),
        "dense": lambda maps, weights: maps.reshape(len(maps), -1) @ weights[4] + weights[5],
    }


def layer_of(table: dict[str, Any]) -> Callable[..., Any]:
    """Look a layer up and run it."""

    def run(layer, maps, weights):
        return table[layer](maps, weights)

    return run


def network_of(table: dict[str, Any]) -> Callable[..., Any]:
    """Run all layers, one after the other."""

    def run(images, weights):
        return reduce(lambda maps, name: table[name](maps, weights), NAMES, images)

    return run


TABLES = [
    layers(convolve, largest, mean)
    for convolve, largest, mean in zip(
        [lent.conv2d, *channels_and_filters.RIGHT["conv2d"]],
        [lent.max_pool2d, *pooling.RIGHT["max_pool2d"]],
        [lent.avg_pool2d, *pooling.RIGHT["avg_pool2d"]],
        strict=False,
    )
]

RIGHT = {
    "relu": [
        cell_by_cell,
        positive_part,
        copied_and_set,
        nested,
        lambda x: x * (x > 0),
        lambda x: np.where(x < 0, 0.0, x),
        lambda x: np.clip(x, 0, None),
    ],
    "flatten": [
        one_after_another,
        pixels_joined,
        place_by_place,
        lambda maps: np.array([image.ravel() for image in maps]),
        lambda maps: [list(image.flat) for image in maps],
        lambda maps: maps.reshape(maps.shape[0], maps.shape[1] * maps.shape[2] * maps.shape[3]).astype(np.float32),
        lambda maps: np.stack([np.concatenate(np.concatenate(image)) for image in maps]),
    ],
    "dense": [
        plain_sums,
        bias_as_a_weight,
        column_by_column,
        python_alone,
        lambda x, w, b: np.einsum("ni,iu->nu", x, w) + b,
        lambda x, w, b: (w.T @ x.T).T + b[None, :],
        lambda x, w, b: np.float32([row @ w + b for row in x]),
    ],
    "softmax": [row_by_row, with_logarithms, against_each_other, powers_of_two, with_math, from_its_mean, in_columns],
    "run_layer": [layer_of(table) for table in TABLES],
    "predict": [network_of(table) for table in TABLES],
}

# Behaviours that catch nothing alone, and why they are kept.
KEPT = {
    ("predict", "all layers"): "its weights are few, so that a wrong score can be followed by hand",
    ("predict", "unseen digits"): "it is what the notebook is about: trained weights, and digits that nobody has drawn",
}
