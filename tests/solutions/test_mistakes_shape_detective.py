"""Known mistakes of notebook 08 give the wrong values that they are known for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course.exercises.hand import K, X
from tests.schemes import mistaken

NETWORK = (
    ("conv", 8, (3, 3), (1, 1), "same"),
    ("pool", (2, 2), (2, 2), "valid"),
    ("conv", 16, (2, 3), (1, 2), "same"),
    ("flatten",),
)
CHANNELS = np.stack([X, 2 * X, np.ones_like(X)], axis=-1)
FILTER = np.stack([K, np.ones_like(K), K], axis=-1)


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("M20", [(8, 8, 8), (4, 4, 8), (4, 4, 16), (256,)]),
        ("M29", [(8, 8, 8), (4, 4, 8), (4, 2, 128), (1024,)]),
        ("P2", [(8, 8, 8), (4, 4, 1), (4, 2, 16), (128,)]),
        ("F17", [(8, 8, 8), (7, 7, 8), (7, 7, 16), (784,)]),
        ("F81", [(8, 8, 1), (4, 4, 1), (4, 2, 1), (8,)]),
        ("F82", [(8, 8, 8), (4, 4, 8), (4, 2, 16), (8,)]),
        ("F85", [(8, 8, 1), (8, 8, 8), (4, 4, 8), (4, 2, 16), (128,)]),
        ("M13", [(8, 8, 8), (4, 4, 8), (4, 2, 16), (128,)]),
    ],
)
def test_wrong_shapes(id_: str, expected: list[tuple[int, ...]]) -> None:
    """The network that reads digits gets the shapes that a fault makes, or the right ones where it hides the fault."""
    assert mistaken("trace_shapes", id_)(NETWORK, (8, 8, 1)) == expected


@pytest.mark.parametrize(("id_", "expected"), [("M13", 3), ("M14", 2), ("M7", 1), ("F10", 3)])
def test_five_pixels_in_steps_of_two(id_: str, expected: int) -> None:
    """A window of 2 fits twice into 5 pixels, and once, twice or three times by a wrong rule."""
    layer = ("pool", (2, 2), (2, 2), "valid")

    assert mistaken("trace_shapes", id_)((layer,), (5, 5, 1)) == [(expected, expected, 1)]


@pytest.mark.parametrize(("id_", "expected"), [("M14", 1), ("F87", 0)])
def test_a_window_that_does_not_fit_is_let_through(id_: str, expected: int) -> None:
    """A window of 3 over 2 pixels in steps of 2 gives a size of 1 by rounding to zero, and 0 without a refusal."""
    layer = ("conv", 4, (3, 3), (2, 2), "valid")

    assert mistaken("trace_shapes", id_)((layer,), (2, 2, 3)) == [(expected, expected, 4)]


@pytest.mark.parametrize(
    ("id_", "thirds", "halves"),
    [
        ("C2a", [3, 6, 9], [3, 5, 8, 10]),
        ("C2b", [4, 7, 10], [4, 6, 9, 11]),
        ("C2c", [3, 5, 7], [3, 4, 6, 7]),
        ("C2d", [3, 9, 15], [3, 5, 9, 13]),
        ("C2g", [3, 9, 11], [3, 6, 8, 16]),
        ("C2h", [3, 5, 11], [3, 4, 8, 10]),
        ("F88", [2, 4, 10], [2, 3, 7, 9]),
    ],
)
def test_wrong_receptive_fields(id_: str, thirds: list[int], halves: list[int]) -> None:
    """Three layers see 3, 5, 11 pixels and four see 3, 4, 8, 10; a fault gives the numbers it is known for."""
    assert mistaken("receptive_field", id_)(((3, 1, 1), (3, 3, 1), (3, 1, 1))) == thirds
    assert mistaken("receptive_field", id_)(((3, 1, 1), (2, 2, 1), (3, 1, 1), (2, 2, 1))) == halves


def test_a_first_stride_left_out() -> None:
    """After a first stride of 2 a second window of 3 adds 2 pixels where it has to add 4."""
    assert mistaken("receptive_field", "C2h")(((3, 2, 1), (3, 1, 1))) == [3, 5]


@pytest.mark.parametrize(("id_", "under_same"), [("P13a", 3), ("P13b", 9)])
def test_pooling_by_the_pool_alone(id_: str, under_same: int) -> None:
    """9 pixels hold three pools of 3 side by side, and seven in steps of 1."""
    valid, same = (("pool", (3, 3), (1, 1), padding) for padding in ("valid", "same"))

    assert mistaken("trace_shapes", id_)((valid,), (9, 9, 2)) == [(3, 3, 2)]
    assert mistaken("trace_shapes", id_)((same,), (9, 9, 2)) == [(under_same, under_same, 2)]


def test_every_layer_gets_the_input() -> None:
    """A dense layer leaves its units, whatever it is given."""
    layers = (("flatten",), ("dense", 5), ("global",))

    assert mistaken("trace_shapes", "F84")(layers, (4, 3, 2)) == [(24,), (5,), (2,)]


@pytest.mark.parametrize(("id_", "expected"), [("C3a", 7), ("C3b", 3), ("C3c", 6)])
def test_wrong_dilation(id_: str, expected: int) -> None:
    """A kernel of 3 with a dilation of 2 spans 5 pixels, and 7 where dilation is read as gaps."""
    assert mistaken("receptive_field", id_)(((3, 1, 2),)) == [expected]


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param(mistaken("correlate_same", "M17")(X, [[1, -1], [0, 2]])[0], [2, 4, 0, 2, 6], id="M17"),
        pytest.param(mistaken("correlate_strided", "M9")(X, K, (2, 2)), [[1, 3], [-1, 0]], id="M9"),
        pytest.param(mistaken("correlate_strided", "F89")(X, K, (2, 2)), [[1, 0], [0, 0]], id="F89"),
        pytest.param(mistaken("correlate_channels", "M35")(CHANNELS, FILTER, 1)[0], [56, 52, 49], id="M35"),
        pytest.param(mistaken("correlate_channels", "M36")(CHANNELS, FILTER, 1)[0], [32, 28, 25], id="M36"),
        pytest.param(mistaken("correlate_channels", "M37")(CHANNELS, FILTER, 1)[0], [29, 25, 22], id="M37"),
        pytest.param(mistaken("average_same", "P5")(X, 2)[:, -1], [1.25, 0.25, 0.5], id="P5"),
        pytest.param(mistaken("average_same", "F91")(X, 2)[0], [2, 1, 2.5], id="F91"),
    ],
)
def test_wrong_outputs_of_the_hand_examples(actual: Any, expected: Any) -> None:
    """X gives the wrong numbers that the fault is known for."""
    np.testing.assert_allclose(actual, expected)
