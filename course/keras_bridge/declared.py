"""The calls and models of notebook 10, whose outputs are stored."""

from __future__ import annotations

from typing import Any

import numpy as np

from course.keras_bridge.calls import Call, call, numbers

# The arrays of the notebook.
X = numbers(2, 7, 6, 3)
W = numbers(3, 2, 3, 4, start=1000)
B = numbers(4, start=2000)
A = np.array([[1, 3, 2, 0], [4, 6, 1, 2], [0, 2, 5, 3], [1, 2, 2, 4]])
CORNER = np.array([[1, 0, 0], [0, 0, 0], [0, 0, 0]])
COUNTED = np.arange(1, 10).reshape(3, 3)


def calls() -> list[Call]:
    """List the calls of layers."""
    return [
        call("Conv2D", X, W, B, strides=2, padding="same", activation="relu"),
        call("MaxPooling2D", X, pool_size=(3, 2), padding="same"),
        call("AveragePooling2D", X, pool_size=3, strides=2, padding="same"),
        call("GlobalMaxPooling2D", X),
        call("GlobalAveragePooling2D", X, keepdims=True),
        call("Conv2D", X, W, B, strides=(2, 1)),
        call("Conv2D", A[None, :, :, None], CORNER[:, :, None, None], strides=2, padding="same"),
        call("MaxPooling2D", X, pool_size=3, padding="same"),
        call("AveragePooling2D", COUNTED[None, :, :, None], pool_size=2, padding="same"),
        call("Conv2D", X.transpose(0, 3, 1, 2), W, B, padding="same", data_format="channels_first"),
        call("Conv2D", X, W, B, padding="same"),
    ]


def two_convolutions(keras: Any) -> list[Any]:
    """The layers of a model, made by Keras or by its stand-in."""
    return [
        keras.Input((128, 128, 3)),
        keras.layers.Conv2D(32, (3, 3), padding="same", activation="relu"),
        keras.layers.Conv2D(64, (3, 3), activation="relu"),
    ]


def with_pooling(keras: Any) -> list[Any]:
    """The layers of a second model."""
    return [
        keras.Input((64, 64, 3)),
        keras.layers.Conv2D(32, (3, 3), padding="same", activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(64, (3, 3), activation="relu"),
        keras.layers.AveragePooling2D((4, 4), padding="same"),
        keras.layers.GlobalAveragePooling2D(),
    ]


MODELS = (two_convolutions, with_pooling)
