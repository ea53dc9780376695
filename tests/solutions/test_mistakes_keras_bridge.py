"""Known mistakes of notebook 10 give the wrong values that they are known for."""

from __future__ import annotations

import numpy as np
import pytest

from solutions.asked.layout import to_keras_kernel, to_torch_kernel
from tests.schemes import mistaken

NUMBERED = np.arange(1.0, 121.0).reshape(2, 3, 4, 5)  # as in PyTorch: 2 filters, 3 channels, 4 rows, 5 columns


@pytest.mark.parametrize(
    ("id_", "keras", "torch"),
    [
        ("M4", (5, 4, 3, 2), (2, 3, 5, 4)),
        ("M32", (4, 5, 2, 3), (3, 2, 4, 5)),
        ("F20", (4, 5, 3), (3, 4, 5)),
        ("F21", (2, 4, 5, 3), (4, 2, 5, 3)),
        ("F31", (3, 4, 5, 2), (2, 4, 5, 3)),
        ("F32", (5, 4, 2, 3), (3, 2, 5, 4)),
        ("F33", (2, 3, 4, 5), (4, 5, 3, 2)),
    ],
)
def test_shapes_of_axes_moved_wrongly(id_: str, keras: tuple[int, ...], torch: tuple[int, ...]) -> None:
    """From 2 filters over 3 channels, 4 rows tall and 5 columns wide, come the shapes that a fault is known for."""
    assert mistaken("to_keras_kernel", id_)(NUMBERED).shape == keras
    assert mistaken("to_torch_kernel", id_)(to_keras_kernel(NUMBERED)).shape == torch


def test_a_reshape_scrambles() -> None:
    """The first place of the window takes the numbers as they lie in memory."""
    recut = mistaken("to_keras_kernel", "M33")(NUMBERED)

    assert recut.shape == (4, 5, 3, 2)
    np.testing.assert_array_equal(recut[0, 0], [[1, 2], [3, 4], [5, 6]])


def test_a_reshape_of_one_slice_is_right() -> None:
    """With one filter and one channel nothing has to move, and a reshape hides."""
    one = NUMBERED[:1, :1]

    np.testing.assert_array_equal(mistaken("to_keras_kernel", "M33")(one), to_keras_kernel(one))


def test_a_flipped_kernel() -> None:
    """Each slice is turned by 180 degrees, and stays in its place."""
    flipped = NUMBERED[:, :, ::-1, ::-1]

    np.testing.assert_array_equal(mistaken("to_keras_kernel", "M1")(NUMBERED), to_keras_kernel(flipped))
    np.testing.assert_array_equal(mistaken("to_torch_kernel", "M1")(to_keras_kernel(NUMBERED)), flipped)


def test_the_first_filter_everywhere() -> None:
    """Every filter is the first one."""
    repeated = NUMBERED[[0, 0]]

    np.testing.assert_array_equal(to_torch_kernel(mistaken("to_keras_kernel", "M40")(NUMBERED)), repeated)
    np.testing.assert_array_equal(mistaken("to_torch_kernel", "M40")(to_keras_kernel(NUMBERED)), repeated)


@pytest.mark.parametrize(("id_", "expected"), [("M41", [255, 2, 0]), ("M42", [-1, 2, 0]), ("F1", [0, 0, 0])])
@pytest.mark.parametrize("function", ["to_keras_kernel", "to_torch_kernel"])
def test_numbers_that_do_not_fit(function: str, id_: str, expected: list[int]) -> None:
    """A byte wraps round, and a whole number has no fraction."""
    kernel = np.array([-1.0, 2.5, 0.5]).reshape(1, 3, 1, 1)

    assert np.ravel(mistaken(function, id_)(kernel)).tolist() == expected
