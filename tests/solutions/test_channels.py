"""The reference of notebook 05 against plain loops, and against what one works out on paper."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from course.exercises.hand import K, X
from solutions import ShapeError
from solutions.asked import channels
from solutions.reference import loops
from tests.strategies import PADDINGS, halves, image_sizes, images, law, pairs, spelled

ONES = np.ones((3, 3))


@st.composite
def layer_arguments(draw: st.DrawFn) -> dict[str, Any]:
    """Arguments that the course asks for: any shape, strides, padding, bias or none, ReLU or none."""
    kernel, padding, c, o = draw(pairs(1, 4)), draw(PADDINGS), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    return {
        "x": draw(images(draw(image_sizes(kernel, padding)), c, "channels_last")),
        "w": draw(halves(*kernel, c, o)),
        "b": draw(st.none() | halves(o)),
        "strides": draw(pairs(1, 4).flatmap(spelled)),
        "padding": padding,
        "activation": draw(st.sampled_from([None, "relu"])),
    }


@law
@given(layer_arguments())
def test_conv2d_agrees_with_loops(arguments: dict[str, Any]) -> None:
    """For any layer that the course asks for, it gives what the plain loops give."""
    np.testing.assert_array_equal(channels.conv2d(**arguments), loops.conv2d(**arguments), strict=True)


@law
@given(layer_arguments(), st.integers(-9, 9))
def test_one_filter_is_one_channel_of_a_layer(arguments: dict[str, Any], bias: int) -> None:
    """One filter over one image gives what a layer of that filter alone gives for that image."""
    image, kernel = arguments["x"][0], arguments["w"][..., 0]
    assume(all(n >= k for n, k in zip(image.shape, kernel.shape, strict=True)))

    actual = channels.conv2d_one_filter(image, kernel, bias)

    expected = loops.conv2d(arguments["x"][:1], arguments["w"][..., :1], np.array([float(bias)]))
    np.testing.assert_array_equal(actual, expected[0, :, :, 0], strict=True)


@law
@given(layer_arguments())
def test_parameters_are_the_sizes_of_weights_and_biases(arguments: dict[str, Any]) -> None:
    """As many parameters as there are numbers in w, and in b if there is one."""
    biases = 0 if arguments["b"] is None else arguments["b"].size

    counted = channels.count_params(*arguments["w"].shape, use_bias=arguments["b"] is not None)

    assert counted == arguments["w"].size + biases


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param(
            channels.conv2d_one_filter(
                np.stack([X, 2 * X, np.ones_like(X)], axis=-1), np.stack([K, ONES, K], axis=-1), 0
            ),
            [[29, 25, 22], [27, 24, 27], [23, 23, 26]],
            id="three channels",
        ),
        pytest.param(
            np.moveaxis(
                channels.conv2d(X[None, :, :, None], np.stack([K, K.T], axis=-1)[:, :, None], np.array([1, -2]))[0],
                -1,
                0,
            ),
            [[[2, 4, -1], [0, 1, 4], [0, 0, 3]], [[-4, -5, -3], [1, -4, -3], [-1, 2, 0]]],
            id="two filters",
        ),
        pytest.param(
            channels.conv2d(X[None, :, :, None], K[:, :, None, None], activation="relu")[0, :, :, 0],
            [[1, 3, 0], [0, 0, 3], [0, 0, 2]],
            id="ReLU",
        ),
        pytest.param(
            channels.conv2d(X[None, :, :, None], K[:, :, None, None], np.array([-1]), activation="relu")[0, :, :, 0],
            [[0, 2, 0], [0, 0, 2], [0, 0, 1]],
            id="ReLU after a bias",
        ),
        pytest.param(channels.count_params(3, 3, 3, 32), 896, id="3 to 32"),
        pytest.param(channels.count_params(3, 3, 32, 64), 18_496, id="32 to 64"),
        pytest.param(channels.count_params(3, 3, 3, 32, use_bias=False), 864, id="without biases"),
    ],
)
def test_hand_examples(actual: Any, expected: Any) -> None:
    """The reference gives what one works out on paper."""
    np.testing.assert_array_equal(actual, expected)


def test_one_filter_keeps_single_precision() -> None:
    """float32 in gives float32 out, whatever kind of number the bias is."""
    image, kernel = np.ones((4, 5, 2), np.float32), np.ones((2, 3, 2), np.float32)

    assert channels.conv2d_one_filter(image, kernel, 0.5).dtype == np.float32


@pytest.mark.parametrize(("image", "kernel"), [((4, 4), (3, 3, 1)), ((4, 4, 1), (3, 3)), ((4, 4, 2), (3, 3, 1))])
def test_what_does_not_fit_is_refused(image: tuple[int, ...], kernel: tuple[int, ...]) -> None:
    """A missing axis, and other channels than the filter has, are errors."""
    with pytest.raises(ShapeError):
        channels.conv2d_one_filter(np.ones(image), np.ones(kernel), 0)


def test_a_layer_has_filters() -> None:
    """A size below 1 is refused by its name."""
    with pytest.raises(ShapeError, match=r"^count_params: filters is 0, but it must be 1 or more"):
        channels.count_params(3, 3, 3, 0)
