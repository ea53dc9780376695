"""The reference of the bug clinic: the hand examples that its patients are compared with."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import ArrayLike

from course.exercises.hand import A, K, X
from solutions.asked import clinic
from solutions.reference import loops

SPOT = np.pad([[1.0]], 2)
COLOURS = np.stack([X, 2 * X, np.ones_like(X)], axis=-1)
FILTER = np.stack([K, np.ones_like(K), K], axis=-1)


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param(clinic.correlate(X, K), [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]], id="X, K"),
        pytest.param(clinic.correlate(SPOT, np.arange(1, 10).reshape(3, 3)), [[9, 8, 7], [6, 5, 4], [3, 2, 1]], id="1"),
        pytest.param(clinic.correlate_same(X, [[1, -1], [0, 2]])[0], [1, 4, -1, 2, 3], id="2, first row"),
        pytest.param(clinic.correlate_same(X, [[1, -1], [0, 2]])[-1], [2, 1, -1, -1, 2], id="2, last row"),
        pytest.param(clinic.correlate_strided(X, K, (2, 1)), [[1, 3, -2], [-1, -1, 2]], id="3"),
        pytest.param(clinic.correlate_channels(COLOURS, FILTER, 0), [[29, 25, 22], [27, 24, 27], [23, 23, 26]], id="4"),
        pytest.param(clinic.correlate_channels(COLOURS, FILTER, 1)[0], [30, 26, 23], id="4, with a bias"),
        pytest.param(clinic.pool_channels(np.stack([A, -A], axis=-1), 2)[..., 1], [[-1, 0], [0, -2]], id="5"),
        pytest.param(clinic.average_same(X, 2), [[2, 0.5, 2.5], [0.75, 2, 0.5], [2, 0.5, 2]], id="6"),
    ],
)
def test_hand_examples(actual: ArrayLike, expected: ArrayLike) -> None:
    """The reference gives what one works out on paper."""
    np.testing.assert_allclose(actual, expected)


def test_it_agrees_with_plain_loops() -> None:
    """On an image with unequal sides, every function agrees with the loops."""
    rng = np.random.default_rng(8)
    x, w = rng.integers(-9, 10, (7, 6, 2)), rng.integers(-9, 10, (2, 3, 2))
    gray, kernel = x[..., 0], w[..., 0]
    image, filters = gray[None, :, :, None], kernel[:, :, None, None]

    np.testing.assert_allclose(clinic.correlate(gray, kernel), loops.conv2d(image, filters)[0, ..., 0])
    np.testing.assert_allclose(
        clinic.correlate_same(gray, kernel), loops.conv2d(image, filters, padding="same")[0, ..., 0]
    )
    np.testing.assert_allclose(
        clinic.correlate_strided(gray, kernel, (3, 2)), loops.conv2d(image, filters, strides=(3, 2))[0, ..., 0]
    )
    np.testing.assert_allclose(
        clinic.correlate_channels(x, w, 1.5), loops.conv2d(x[None], w[..., None], np.array([1.5]))[0, ..., 0]
    )
    np.testing.assert_allclose(clinic.pool_channels(x, 3), loops.max_pool2d(x[None], 3)[0])
    np.testing.assert_allclose(clinic.average_same(gray, 4), loops.avg_pool2d(image, 4, padding="same")[0, ..., 0])
