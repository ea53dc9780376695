"""Model answers of notebook 09; the build pastes each function into the instructors' notebook."""

# mypy: allow-untyped-defs, allow-untyped-calls
# Students read and write these without type hints, so they have none.

import numpy as np

from solutions.answers.channels_and_filters import conv2d
from solutions.answers.pooling import avg_pool2d, max_pool2d


def relu(x):
    """Put 0 in the place of what is below 0, in an array of any shape."""
    return np.maximum(x, 0)


def flatten(maps):
    """Write all numbers of each image (n, height, width, c) in a row: shape (n, height * width * c)."""
    return maps.reshape(maps.shape[0], -1)


def dense(x, w, b):
    """Weigh rows x (n, numbers) with w (numbers, units), and add the biases b (units,)."""
    return x @ w + b


def softmax(scores):
    """Turn the scores of each row (n, units) into probabilities."""
    # The largest score of a row becomes 0, so that no power is too large for a float.
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def run_layer(layer, maps, weights):
    """Send maps (n, height, width, c) through one layer: "conv1", "pool1", "conv2", "pool2" or "dense"."""
    w1, b1, w2, b2, w3, b3 = weights
    if layer == "conv1":
        return relu(conv2d(maps, w1, b1, padding="same"))
    if layer == "pool1":
        return max_pool2d(maps, 2)
    if layer == "conv2":
        return relu(conv2d(maps, w2, b2, strides=(1, 2), padding="same"))
    if layer == "pool2":
        return avg_pool2d(maps, (3, 2), strides=1, padding="same")
    return dense(flatten(maps), w3, b3)


def predict(images, weights):
    """Send images (n, 8, 8, 1) through all five layers: a score for each digit, shape (n, 10)."""
    maps = images
    for layer in ("conv1", "pool1", "conv2", "pool2", "dense"):
        maps = run_layer(layer, maps, weights)
    return maps
