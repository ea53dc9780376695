"""The small network of notebook 09, layer by layer: two convolutions, two kinds of pooling, and a dense layer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from solutions.reference.conv import conv2d
from solutions.reference.errors import ShapeError, named_in_errors
from solutions.reference.pool import avg_pool2d, max_pool2d
from solutions.reference.shapes import FloatArray, float_arrays

LAYERS = ("conv1", "pool1", "conv2", "pool2", "dense")


def relu(x: ArrayLike) -> FloatArray:
    """Put 0 in the place of what is below 0.

    Args:
        x: numbers, of any shape.

    Returns:
        A new array of the same shape.
    """
    (numbers,) = float_arrays(x)
    return np.maximum(numbers, 0)


def flatten(maps: ArrayLike) -> FloatArray:
    """Write all numbers of each image in a row, as Keras's Flatten does: row by row, the channels of a pixel together.

    Args:
        maps: shape (n, height, width, c).

    Returns:
        Rows, shape (n, height * width * c).
    """
    (numbers,) = float_arrays(maps)
    return numbers.reshape(len(numbers), -1).copy()


def dense(x: ArrayLike, w: ArrayLike, b: ArrayLike) -> FloatArray:
    """Weigh all numbers of each row for each unit, and add the unit's bias.

    Args:
        x: rows, shape (n, numbers).
        w: weights, shape (numbers, units).
        b: biases, shape (units,).

    Returns:
        Scores, shape (n, units).
    """
    rows, weights, bias = float_arrays(x, w, b)
    scores: FloatArray = rows @ weights + bias
    return scores


def softmax(scores: ArrayLike) -> FloatArray:
    """Turn the scores of each row into probabilities.

    Args:
        scores: shape (n, units); of any size, as the largest of a row is taken from all of it first.

    Returns:
        Numbers from 0 to 1 whose rows add up to 1, shape (n, units).
    """
    (numbers,) = float_arrays(scores)
    powers = np.exp(numbers - numbers.max(axis=1, keepdims=True))
    shares: FloatArray = powers / powers.sum(axis=1, keepdims=True)
    return shares


@named_in_errors
def run_layer(layer: str, maps: ArrayLike, weights: Sequence[ArrayLike]) -> FloatArray:
    """Send maps through one layer of the network.

    Args:
        layer: "conv1", "pool1", "conv2", "pool2" or "dense".
        maps: what the layer before it returns, shape (n, height, width, c); images for "conv1".
        weights: kernel and bias of both convolutions, then weights and bias of the dense layer.

    Returns:
        Maps, shape (n, y, x, o); scores, shape (n, units), for "dense".

    Raises:
        ShapeError: there is no such layer.
    """
    w1, b1, w2, b2, w3, b3 = weights
    if layer == "conv1":
        return relu(conv2d(maps, w1, b1, padding="same"))
    if layer == "pool1":
        return max_pool2d(maps, 2)
    if layer == "conv2":
        return relu(conv2d(maps, w2, b2, strides=(1, 2), padding="same"))
    if layer == "pool2":
        return avg_pool2d(maps, (3, 2), strides=1, padding="same")
    if layer == "dense":
        return dense(flatten(maps), w3, b3)
    raise ShapeError(f"layer is {layer!r}", f"it must be one of {', '.join(LAYERS)}", "give one of these")


def predict(images: ArrayLike, weights: Sequence[ArrayLike]) -> FloatArray:
    """Send images through the whole network.

    Args:
        images: shape (n, 8, 8, 1).
        weights: as for `run_layer`.

    Returns:
        A score for each digit, shape (n, units): the largest one is the network's answer.
    """
    (maps,) = float_arrays(images)
    for layer in LAYERS:
        maps = run_layer(layer, maps, weights)
    return maps
