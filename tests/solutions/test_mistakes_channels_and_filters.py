"""Known mistakes of notebook 05 give the wrong values that they are known for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.course.exercise import Behaviour, Case
from autograder.marking.scheme import draw
from course.exercises.channels_and_filters import CONV2D
from course.exercises.hand import A, K, X
from tests.schemes import failed, mistaken

ONE_PIXEL_BEFORE = np.array([[1, -1], [0, 2]])
RIGHT = [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]]


def one_map(id_: str, image: np.ndarray, kernel: np.ndarray, *arguments: Any) -> np.ndarray:
    """What a wrong layer makes of one gray image and one kernel."""
    return mistaken("conv2d", id_)(image[None, :, :, None], kernel[:, :, None, None], *arguments)[0, :, :, 0]


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("M1", [[-1, -3, 2], [1, 0, -3], [1, 1, -2]]),
        ("M2a", [[-1, -3, 2], [1, 0, -3], [1, 1, -2]]),
        ("M2b", RIGHT),
        ("M3", [[-2, -3, -1], [3, -2, -1], [1, 4, 2]]),
        ("M4", [[1, -1, -1], [3, 0, -1], [-2, 3, 2]]),
        ("M5", [[0, 0, 0], [0, 0, 0], [0, 0, 0]]),
        ("M6a", [[1 / 9, 3 / 9, -2 / 9], [-1 / 9, 0, 3 / 9], [-1 / 9, -1 / 9, 2 / 9]]),
        ("M7a", [[1, 3], [-1, 0]]),
        ("M7b", [[1, 3], [-1, 0]]),
        ("M13", RIGHT),
        ("M15a", RIGHT),
        ("M15b", RIGHT),
        ("M28", RIGHT),
        ("M30", RIGHT),
        ("M33", RIGHT),
        ("M34", RIGHT),
        ("M37a", RIGHT),
        ("M39a", [[1, 4, 2], [1, 1, 4], [3, 2, 4]]),
        ("M41", [[1, 3, 254], [255, 0, 3], [255, 255, 2]]),
        ("M42a", RIGHT),
        ("M42b", RIGHT),
        ("F68", [[1, 3, 0], [0, 0, 3], [0, 0, 2]]),
    ],
)
def test_the_hand_example(id_: str, expected: list[list[float]]) -> None:
    """X with K gives the wrong output that the fault is known for; a fault that it hides gives the right one."""
    np.testing.assert_allclose(one_map(id_, X, K), expected)


@pytest.mark.parametrize(
    ("id_", "arguments", "expected"),
    [
        pytest.param("M35", (np.array([1]),), np.array(RIGHT) + 9, id="M35, bias 1"),
        pytest.param("M38a", (np.array([-1]), 1, "valid", "relu"), [[0, 2, -1], [-1, -1, 2], [-1, -1, 1]], id="M38a"),
        pytest.param("M9", (None, 2), [[1, 3], [-1, 0]], id="M9, strides 2"),
        pytest.param("M11", (None, (2, 1)), [[1, -2], [-1, 3], [-1, 2]], id="M11, strides (2, 1)"),
        pytest.param("F89", (None, 2), [[1, 0], [0, 0]], id="F89, strides 2"),
        pytest.param("F95", (None, 1, "valid", "relu"), RIGHT, id="F95, no bias"),
        pytest.param("F64", (None, 2), [[1, -2, 0], [-1, 2, 0], [0, 0, 0]], id="F64, strides 2"),
    ],
)
def test_the_hand_example_with_options(id_: str, arguments: tuple[Any, ...], expected: Any) -> None:
    """Bias, activation and strides give the wrong numbers that the fault is known for."""
    np.testing.assert_array_equal(one_map(id_, X, K, *arguments), expected)


@pytest.mark.parametrize("id_", ["M42a", "M42b"])
def test_whole_numbers_cut_a_box_blur(id_: str) -> None:
    """A box blur of X starts with 1.556, 1.222, 1.333, and with 1, 1, 1 where whole numbers are stored."""
    assert one_map(id_, X, np.full((3, 3), 1 / 9))[0].tolist() == [1, 1, 1]


def test_padding_on_the_wrong_side() -> None:
    """With the odd row at the top and the odd column at the left, the first row is another one."""
    assert one_map("M17", X, ONE_PIXEL_BEFORE, None, 1, "same")[0].tolist() == [2, 4, 0, 2, 6]


def test_padding_for_stride_1() -> None:
    """For an even side and a stride of 2, all windows are one pixel off."""
    np.testing.assert_array_equal(one_map("M18", A, K, None, 2, "same"), [[-9, 7], [-10, 1]])


@pytest.mark.parametrize(
    ("id_", "kernel", "stride", "shape"),
    [
        pytest.param("M16a", 2, 1, (1, 6, 6, 1), id="M16a: one too many for an even kernel"),
        pytest.param("M16b", 2, 1, (1, 4, 4, 1), id="M16b: one short for an even kernel"),
        pytest.param("M20a", 3, 2, (1, 5, 5, 1), id="M20a: 5 x 5 at stride 2"),
        pytest.param("M21", 3, 1, (1, 7, 7, 1), id="M21: 7 x 7 from 5 x 5"),
        pytest.param("M23", 3, 1, (3, 5, 5, 1), id="M23: two more images"),
        pytest.param("F42", 2, 2, (1, 2, 2, 1), id="F42: two windows in 5 pixels"),
        pytest.param("F43b", 3, 1, (1, 6, 6, 1), id="F43b: 1 before, 2 after"),
        pytest.param("F43c", 2, 1, (1, 6, 6, 1), id="F43c: a sixth window"),
        pytest.param("F52", 3, 1, (1, 7, 7, 1), id="F52: 2 on both sides"),
        pytest.param("F59", 2, 1, (1, 6, 6, 1), id="F59: 1 on both sides of an even kernel"),
    ],
)
def test_shapes_under_same(id_: str, kernel: int, stride: int, shape: tuple[int, ...]) -> None:
    """X comes out in the wrong shape that the fault is known for."""
    maps = mistaken("conv2d", id_)(X[None, :, :, None], np.ones((kernel, kernel, 1, 1)), None, stride, "same")

    assert maps.shape == shape


def test_a_padded_result_has_a_ring_of_zeros() -> None:
    """Convolved first and padded afterwards, X has its valid output in the middle and zeros round it."""
    np.testing.assert_array_equal(one_map("M25", X, K, None, 1, "same"), np.pad(RIGHT, 1))


def test_channels_that_are_not_added_up() -> None:
    """Three channels and two filters make six maps, and one filter makes three."""
    x, w = np.ones((1, 4, 5, 3)), np.ones((2, 2, 3, 2))

    assert mistaken("conv2d", "M29")(x, w).shape == (1, 3, 4, 6)
    assert mistaken("conv2d_one_filter", "M29")(x[0], w[..., 0], 1).shape == (3, 4, 3)


def test_channels_and_filters_swapped() -> None:
    """One channel and two filters make one map, with the bias of the first filter."""
    x, w = np.ones((1, 1, 1, 1)), np.array([[[[2.0, 3.0]]]])

    np.testing.assert_array_equal(mistaken("conv2d", "M32")(x, w, [10, 20]), [[[[2 + 3 + 10]]]])


def test_filters_cut_up_filter_first() -> None:
    """Weights 1 2 and 3 4, a row for each channel, are read as 1 3 and 2 4."""
    x, w = np.array([[[[1.0, 10.0]]]]), np.array([[[[1.0, 2.0], [3.0, 4.0]]]])

    np.testing.assert_array_equal(mistaken("conv2d", "F75")(x, w), [[[[21, 43]]]])


@pytest.mark.parametrize(("id_", "expected"), [("F94a", [31, 21, 11]), ("F94b", [31, 31, 31])])
def test_biases_added_for_each_image(id_: str, expected: list[int]) -> None:
    """Three images of 1 with a bias of 10 have to give 11."""
    maps = mistaken("conv2d", id_)(np.ones((3, 1, 1, 1)), np.ones((1, 1, 1, 1)), [10])

    assert maps.ravel().tolist() == expected


def test_windows_changed_in_place() -> None:
    """A weight of 2 doubles the image that is given, and the second filter finds it doubled."""
    image, w = np.ones((1, 2, 2, 1)), np.full((1, 1, 1, 2), 2.0)
    maps = mistaken("conv2d", "M43b")(image, w)

    assert maps[0, 0, 0].tolist() == [2, 4]
    assert image.ravel().tolist() == [4, 4, 4, 4]


@pytest.mark.parametrize(
    ("id_", "expected"),
    [("C1a", 864), ("C1b", 320), ("C1c", 28), ("C1d", 960), ("C1e", 865), ("C1f", 867), ("C1j", 1152)],
)
def test_parameters_of_three_colours_and_32_filters(id_: str, expected: int) -> None:
    """The first layer has 896 parameters, and each fault has its own wrong number."""
    assert mistaken("count_params", id_)(3, 3, 3, 32) == expected


def traps() -> list[Case]:
    """Three layers in which nothing is square, symmetric, whole or zero: whoever errs somewhere is seen."""
    rng, b = np.random.default_rng(5), np.array([1.5, -2, 3.25])

    def layer(x: tuple[int, ...], w: tuple[int, ...], **options: Any) -> Case:
        images, weights = rng.integers(-9, 10, x), rng.integers(-5, 5, w) + 0.5
        return Case(x=images, w=weights, **options)

    return [
        layer((2, 5, 8, 3), (2, 5, 3, 3), b=b, strides=(2, 3), padding="same", activation="relu"),
        layer((2, 6, 9, 3), (2, 3, 3, 3), b=b, strides=(3, 2)),
        layer((2, 6, 4, 3), (3, 2, 3, 3), padding="same", activation="relu"),
    ]


def test_three_traps_notice_every_mistake() -> None:
    """Each mistake of a layer differs from the reference on one of three cases at least."""
    behaviour = Behaviour("traps", "", 1, lambda _: traps(), inputs_unchanged=True)
    drawn = draw(replace(CONV2D, behaviours=[behaviour], mistakes=()))

    assert [mistake.id for mistake in CONV2D.mistakes if not failed(mistake.function, drawn)] == []
