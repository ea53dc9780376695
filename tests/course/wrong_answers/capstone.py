"""Notebook 09."""

from __future__ import annotations

import numpy as np

from solutions import avg_pool2d, conv2d, max_pool2d
from solutions.asked.network import dense, flatten, predict, relu, run_layer
from tests.course.wrong_answers import stops, wrong

LAYERS = ("conv1", "pool1", "conv2", "pool2", "dense")


@wrong("relu", "M43")
def set_in_the_callers_array(x):
    """The numbers below 0 are replaced in the array that was given."""
    x[x < 0] = 0
    return x


@wrong("relu", "N1")
def square_root_of_square(x):
    """The root of the square is positive for every number."""
    return np.sqrt(x**2)


@wrong("flatten", "F35")
def minus_one_alone(maps):
    """All images go into one row."""
    return maps.reshape(-1)


@wrong("flatten", "N6")
def as_pytorch_has_it(maps):
    """The channels are moved to the front first."""
    return maps.transpose(0, 3, 1, 2).reshape(len(maps), -1)


@wrong("dense", "M37a")
def bias_not_used(x, w, b):
    """The bias is taken and not added."""
    return np.dot(x, w)


@stops("dense", ValueError, "N66")
def weights_transposed(x, w, b):
    """The weights are transposed, as PyTorch stores them."""
    return x @ w.T + b


@wrong("softmax", "N14")
def sum_down_the_columns(scores):
    """The sum goes over the images."""
    powers = np.exp(scores - np.max(scores, axis=0))
    return powers / np.sum(powers, axis=0)


@wrong("softmax", "N16")
def plain_formula(scores):
    """Large scores overflow."""
    with np.errstate(all="ignore"):
        powers = np.exp(scores)
        return powers / powers.sum(axis=1).reshape(-1, 1)


@wrong("run_layer", "N25")
def no_relu(layer, maps, weights):
    """ReLU is written, and never called."""
    w1, b1, w2, b2, w3, b3 = weights
    if layer == "conv1":
        return conv2d(maps, w1, b1, padding="same")
    if layer == "pool1":
        return max_pool2d(maps)
    if layer == "conv2":
        return conv2d(maps, w2, b2, strides=(1, 2), padding="same")
    if layer == "pool2":
        return avg_pool2d(maps, (3, 2), 1, "same")
    return dense(flatten(maps), w3, b3)


@wrong("run_layer", "N26")
def strides_of_the_pool(layer, maps, weights):
    """The strides of `pool2` are left to their default."""
    if layer == "pool2":
        return avg_pool2d(maps, pool_size=(3, 2), padding="same")
    return run_layer(layer, maps, weights)


@wrong("run_layer", "F7")
def width_first(layer, maps, weights):
    """The window of `pool2` is given as (width, height)."""
    return avg_pool2d(maps, (2, 3), 1, "same") if layer == "pool2" else run_layer(layer, maps, weights)


@wrong("predict", "N31")
def digits_at_once(images, weights):
    """The digits are returned, not the scores."""
    for layer in LAYERS:
        images = run_layer(layer, images, weights)
    return [int(np.argmax(row)) for row in images]


@wrong("predict", "N30")
def loop_ends_early(images, weights):
    """The last layer is left out of the loop."""
    maps = images
    for layer in LAYERS[:4]:
        maps = run_layer(layer, maps, weights)
    return maps


@wrong("predict", "N11")
def relu_after_every_layer(images, weights):
    """ReLU follows each layer, the last one as well."""
    maps = images
    for layer in LAYERS:
        maps = relu(run_layer(layer, maps, weights)) if layer != "pool1" else run_layer(layer, maps, weights)
    return maps


@wrong("predict", "N32")
def pixels_scaled(images, weights):
    """The pixels are divided by 16, which they have been already."""
    return predict(np.array(images) / 16, weights)
