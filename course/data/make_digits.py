"""Make digits.npz, or count what bugs cost: `python -m course.data.make_digits [--costs]`.

Making it needs scikit-learn for the images and Keras for the training; counting needs neither.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from course.data.digits import FILE

SEED, TRAINING = 0, 1437  # of 1,797 images
PARITY = 32  # images whose scores by Keras are stored
EPOCHS, BATCH, RATE = 60, 64, 0.004
STEPS = 64  # weights are multiples of 1/64: they are written in a few digits, and lose nothing in float32


def main() -> None:
    """Train the network and store it, or print what bugs cost."""
    parser = argparse.ArgumentParser(description="Make digits.npz.")
    parser.add_argument("--costs", action="store_true", help="make nothing, and count how many digits each bug leaves")
    stored = {} if parser.parse_args().costs else made()
    if stored:
        np.savez_compressed(FILE, **stored)
    from course.exercises.capstone import COSTS  # noqa: PLC0415 - it reads the file, which may be new

    if stored:
        np.savez_compressed(FILE, **stored, bugs=list(COSTS), costs=list(COSTS.values()))
    print("\n".join(f"{words:<20}{share:6.1%}" for words, share in COSTS.items()))  # noqa: T201 - what was asked for


def made() -> dict[str, NDArray[Any]]:
    """Images and labels that the training does not see, weights, and what Keras says of the first images."""
    from sklearn.datasets import load_digits  # noqa: PLC0415 - needed only to make the file again

    found = load_digits()
    order = np.random.default_rng(SEED).permutation(len(found.images))
    images, labels = found.images[order].astype(np.uint8), found.target[order].astype(np.uint8)
    network = _trained(images[:TRAINING, :, :, None] / np.float32(16), labels[:TRAINING])
    weights = network.get_weights()
    tested = images[TRAINING:]
    scores = network.predict(tested[:PARITY, :, :, None] / np.float32(16), verbose=0)
    stored = {f"weights_{number}": array for number, array in enumerate(weights)}
    return {"images": tested, "labels": labels[TRAINING:], "keras": np.asarray(scores), **stored}


def _trained(images: NDArray[Any], labels: NDArray[Any]) -> Any:
    """Train by Keras: the same numbers on the same machine."""
    with tempfile.TemporaryDirectory() as home:
        # Keras reads these when it is imported, and else writes its settings into the user's home.
        os.environ |= {"KERAS_BACKEND": "jax", "KERAS_HOME": home, "JAX_PLATFORMS": "cpu"}
        import keras  # noqa: PLC0415 - needed only to make the file again
        from keras import layers  # noqa: PLC0415

    keras.utils.set_random_seed(SEED)
    network = keras.Sequential(
        [
            keras.Input((8, 8, 1)),
            layers.Conv2D(8, (3, 3), padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(16, (2, 3), strides=(1, 2), padding="same", activation="relu"),
            layers.AveragePooling2D((3, 2), strides=1, padding="same"),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    network.compile(keras.optimizers.Adam(RATE), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    network.fit(images, labels, BATCH, EPOCHS, verbose=0)
    network.set_weights([np.rint(STEPS * array) / STEPS for array in network.get_weights()])
    return network


if __name__ == "__main__":
    main()
