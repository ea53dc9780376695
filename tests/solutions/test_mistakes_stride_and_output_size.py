"""Known mistakes of notebook 03 give the wrong values that they are known for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from course.exercises.hand import K, X
from solutions import ShapeError
from tests.schemes import mistaken


@pytest.mark.parametrize(
    ("id_", "arguments", "expected"),
    [
        ("M7", {"n": 5, "k": 3, "stride": 2}, 1),
        ("M8", {"n": 5, "k": 3, "stride": 2}, 3),
        ("M13", {"n": 8, "k": 3, "stride": 2}, 4),
        ("M14", {"n": 2, "k": 3, "stride": 2}, 1),
        ("M16", {"n": 6, "k": 2, "padding": "same"}, 7),
        ("M20", {"n": 5, "k": 3, "stride": 2, "padding": "same"}, 5),
        ("C3a", {"n": 8, "k": 3, "dilation": 2}, 2),  # spans 7
        ("C3b", {"n": 8, "k": 3, "dilation": 2}, 3),  # spans 6
        ("C3c", {"n": 5, "k": 3, "stride": 2}, 1),  # spans 5 without any dilation
        ("F17", {"n": 5, "k": 3, "stride": 2}, 3),
        ("F19", {"n": 5, "k": 3, "padding": "same"}, 3),
        ("F40", {"n": 2, "k": 3, "stride": 2}, 0),
        ("F42", {"n": 5, "k": 3, "stride": 2, "padding": "same"}, 2),
        ("F43", {"n": 4, "k": 3, "stride": 2, "padding": "same"}, 3),
        ("F44a", {"n": 8, "k": 3, "dilation": 2}, 6),
        ("F44b", {"n": 4, "k": 3, "dilation": 2}, 0),
        ("F45a", {"n": 5, "k": 3, "stride": 2}, 1),
        ("F45b", {"n": 9, "k": 3, "stride": 2}, 2),
        ("F46", {"n": 8, "k": 3, "stride": 2}, 3.5),
    ],
)
def test_a_wrong_count(id_: str, arguments: dict[str, Any], expected: float) -> None:
    """Each fault gives the count that it is known for."""
    assert mistaken("output_size", id_)(**arguments) == expected


@pytest.mark.parametrize(
    ("id_", "arguments"),
    [("F41a", {"n": 3, "k": 3}), ("F41b", {"n": 2, "k": 3, "padding": "same"}), ("M13", {"n": 2, "k": 3})],
)
def test_what_is_refused(id_: str, arguments: dict[str, Any]) -> None:
    """Some faults refuse what fits; the others still refuse what does not."""
    with pytest.raises(ValueError, match=r"^$|spans 3 pixels"):
        mistaken("output_size", id_)(**arguments)


RIGHT_TWO = [[1, -2], [-1, 2]]


@pytest.mark.parametrize(
    ("id_", "strides", "expected"),
    [
        ("M1", 2, [[-1, 2], [1, -2]]),
        ("M4", 2, [[1, -1], [-2, 2]]),
        ("M8b", 2, [[1, -2, 0], [-1, 2, 0], [9, -6, 0]]),
        ("M9", 2, [[1, 3], [-1, 0]]),
        ("M10a", 2, [[1, 3, -2], [-1, -1, 2]]),
        ("M10b", 2, [[1, -2], [-1, 3], [-1, 2]]),
        ("M11", (2, 1), [[1, -2], [-1, 3], [-1, 2]]),
        ("M12", 2, [[0]]),
        ("M39a", 2, [[1, -1], [-2, 0]]),
        ("F11", 2, [[1]]),
        ("F17", 2, [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]]),
        ("F18a", (2, 1), RIGHT_TWO),
        ("F47", 2, [[1, -2, 0], [-1, 2, 0], [0, 0, 0]]),
        ("F47b", 2, [[1, 0, -2], [0, 0, 0], [-1, 0, 2]]),
        ("F89", 2, [[1, 0], [0, 0]]),
        ("F96", 2, [[0, 3], [-1, 2]]),
        ("M11", 2, RIGHT_TWO),
        ("M13", 2, RIGHT_TWO),
        ("M15a", 2, RIGHT_TWO),
        ("M42a", 2, RIGHT_TWO),
    ],
)
def test_conv2d_strided_of_the_hand_example(id_: str, strides: Any, expected: Any) -> None:
    """X with K gives the wrong output that the fault is known for; a fault that it hides gives the right one."""
    np.testing.assert_array_equal(mistaken("conv2d_strided", id_)(X, K, strides=strides), expected)


def test_an_image_too_small_gives_an_empty_array() -> None:
    """Without a look at the sizes there are no rows, and NumPy makes an array of them all the same."""
    assert mistaken("conv2d_strided", "F40")(X[:2], K, strides=2).shape == (0, 2)
    assert mistaken("conv2d_strided", "M14")(X[:2], K, strides=2).shape == (1, 2)
    with pytest.raises(ShapeError):
        mistaken("conv2d_strided", "M9")(X[:2], K, strides=2)
