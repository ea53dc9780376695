"""Convolution agrees with plain loops, obeys its laws, and refuses what Keras refuses."""

from collections.abc import Callable
from typing import Any
from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.exercises.hand import K, X
from solutions import ShapeError, conv2d, same_padding, windows
from solutions.reference import conv, loops
from tests.strategies import conv2d_arguments, halves, law, pairs

XS = np.stack([X, 2 * X, np.ones_like(X)], axis=-1)[None]
X4, K4 = X[None, :, :, None], K[:, :, None, None]


@law
@given(conv2d_arguments())
def test_conv2d_agrees_with_loops(arguments: dict[str, Any]) -> None:
    """For any shape, stride, dilation, padding, layout, groups, bias and activation, both give the same array."""
    np.testing.assert_array_equal(conv2d(**arguments), loops.conv2d(**arguments), strict=True)


@law
@given(st.data(), pairs(1, 3), pairs(1, 3))
def test_conv2d_is_one_einsum(data: st.DataObject, kernel_size: tuple[int, int], strides: tuple[int, int]) -> None:
    """The blocks and layouts that make it fast compute nothing but the contraction of windows and filters."""
    x, w = data.draw(halves(2, 6, 5, 3)), data.draw(halves(*kernel_size, 3, 4))

    maps = np.einsum("nyxijc,ijco->nyxo", windows(x, kernel_size, strides), w)

    np.testing.assert_array_equal(conv2d(x, w, strides=strides), maps, strict=True)


@law
@given(conv2d_arguments(), st.integers(1, 2000))
def test_blocks_of_any_size_give_the_same_maps(arguments: dict[str, Any], size: int) -> None:
    """Where the windows are cut into blocks does not show."""
    whole = conv2d(**arguments)

    with mock.patch.object(conv, "_BLOCK_BYTES", size):
        cut = conv2d(**arguments)

    np.testing.assert_array_equal(cut, whole, strict=True)


@pytest.mark.parametrize(
    ("image_shape", "kernel_shape", "strides"),
    [
        pytest.param((2, 90, 40, 32), (3, 5, 32, 6), (1, 1), id="long patches"),
        pytest.param((2, 90, 601, 3), (3, 5, 3, 6), (1, 2), id="long rows"),
        pytest.param((4000, 8, 17, 2), (3, 2, 2, 6), (2, 1), id="small images"),
    ],
)
def test_images_larger_than_a_block(image_shape: tuple[int, ...], kernel_shape: tuple[int, ...], strides: Any) -> None:
    """Many blocks, the last of them cut short, give the sum of one product for each kernel cell."""
    rng = np.random.default_rng(0)
    x, w = rng.integers(-9, 10, image_shape) / 2, rng.integers(-9, 10, kernel_shape) / 2

    maps = conv2d(x, w, strides=strides)

    view = windows(x, kernel_shape[:2], strides)
    assert view.nbytes > 4 * conv._BLOCK_BYTES
    np.testing.assert_array_equal(maps, sum(view[:, :, :, i, j] @ w[i, j] for i, j in np.ndindex(kernel_shape[:2])))


@law
@given(conv2d_arguments(), st.data())
def test_conv2d_is_linear_in_x_and_in_w(arguments: dict[str, Any], data: st.DataObject) -> None:
    """Without bias and activation, the maps of a sum are the sum of the maps."""
    arguments |= {"b": None, "activation": None}
    x, w = arguments["x"], arguments["w"]
    other_x, other_w = data.draw(halves(*x.shape)), data.draw(halves(*w.shape))
    maps = conv2d(**arguments)

    sum_in_x = conv2d(**arguments | {"x": 2 * x - other_x})
    sum_in_w = conv2d(**arguments | {"w": 2 * w - other_w})

    np.testing.assert_array_equal(sum_in_x, 2 * maps - conv2d(**arguments | {"x": other_x}))
    np.testing.assert_array_equal(sum_in_w, 2 * maps - conv2d(**arguments | {"w": other_w}))


@law
@given(st.data(), pairs(1, 3), pairs(0, 2))
def test_conv2d_is_equivariant_to_shifts(data: st.DataObject, strides: tuple[int, int], shift: tuple[int, int]) -> None:
    """Under "valid", an image moved by whole strides gives maps moved by as many pixels."""
    x, w = data.draw(halves(2, 9, 10, 2)), data.draw(halves(3, 2, 2, 3))

    moved = conv2d(x[:, shift[0] * strides[0] :, shift[1] * strides[1] :], w, strides=strides)

    np.testing.assert_array_equal(moved, conv2d(x, w, strides=strides)[:, shift[0] :, shift[1] :])


@law
@given(conv2d_arguments(st.just("channels_last")))
def test_channels_first_is_the_same_numbers_elsewhere(arguments: dict[str, Any]) -> None:
    """The data format moves the axes of images and maps, and nothing else."""
    first = arguments | {"x": np.moveaxis(arguments["x"], -1, 1), "data_format": "channels_first"}

    np.testing.assert_array_equal(conv2d(**first), np.moveaxis(conv2d(**arguments), -1, 1))


@law
@given(conv2d_arguments(st.just("channels_last")))
def test_groups_are_convolutions_side_by_side(arguments: dict[str, Any]) -> None:
    """Group g sees its own channels and gives its own filters' maps, in order."""
    groups, b = arguments["groups"], arguments["b"]
    parts = zip(
        np.split(arguments["x"], groups, axis=-1),
        np.split(arguments["w"], groups, axis=-1),
        [None] * groups if b is None else np.split(b, groups),
        strict=True,
    )

    apart = [conv2d(**arguments | {"x": x, "w": w, "b": b, "groups": 1}) for x, w, b in parts]

    np.testing.assert_array_equal(conv2d(**arguments), np.concatenate(apart, axis=-1), strict=True)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]]),
        ({"strides": 2}, [[1, -2], [-1, 2]]),
        ({"strides": (2, 1)}, [[1, 3, -2], [-1, -1, 2]]),
        ({"strides": (1, 2)}, [[1, -2], [-1, 3], [-1, 2]]),
        ({"strides": 3}, [[1]]),
        ({"dilation_rate": 2}, [[-2]]),
        ({"activation": "relu"}, [[1, 3, 0], [0, 0, 3], [0, 0, 2]]),
        ({"activation": "relu", "b": [-1]}, [[0, 2, 0], [0, 0, 2], [0, 0, 1]]),
        ({"padding": "same", "strides": 2}, [[-3, 2, 1], [-3, 0, 3], [-1, -2, 3]]),
        ({"padding": "same", "strides": 3}, [[1, 2], [2, 3]]),
        ({"padding": "same", "activation": "relu"}, np.maximum(conv2d(X4, K4, padding="same")[0, :, :, 0], 0)),
    ],
)
def test_the_hand_example_comes_out(options: dict[str, Any], expected: Any) -> None:
    """X with K gives what a person works out on paper."""
    np.testing.assert_array_equal(conv2d(X4, K4, **options)[0, :, :, 0], expected)


def test_two_filters_and_their_biases() -> None:
    """Each filter gives one channel, with its own bias."""
    maps = conv2d(X4, np.stack([K, K.T], axis=-1)[:, :, None], [1, -2])

    np.testing.assert_array_equal(maps[0, :, :, 0], [[2, 4, -1], [0, 1, 4], [0, 0, 3]])
    np.testing.assert_array_equal(maps[0, :, :, 1], [[-4, -5, -3], [1, -4, -3], [-1, 2, 0]])


def test_a_filter_sums_over_all_channels() -> None:
    """X, 2X and ones with K, ones and K: the third channel adds nothing, as the rows of K sum to 0."""
    maps = conv2d(XS, np.stack([K, np.ones_like(K), K], axis=-1)[:, :, :, None])

    np.testing.assert_array_equal(maps[0, :, :, 0], [[29, 25, 22], [27, 24, 27], [23, 23, 26]])


@pytest.mark.parametrize(
    "options", [{}, {"padding": "same"}, {"strides": (2, 1)}, {"groups": 2}, {"activation": "relu"}]
)
def test_float32_stays_float32(options: dict[str, Any]) -> None:
    """float32 images, filters and bias give float32 maps; one float64 among them gives float64."""
    x, w, b = np.ones((2, 5, 7, 4), np.float32), np.ones((3, 2, 4, 6), np.float32), np.ones(6, np.float32)
    w = w[:, :, : 4 // options.get("groups", 1)]

    assert conv2d(x, w, **options).dtype == np.float32
    assert conv2d(x, w, b, **options).dtype == np.float32
    assert conv2d(x, w, b.astype(float), **options).dtype == np.float64
    assert conv2d(x.astype(np.uint8), w, **options).dtype == np.float64


def test_integers_do_not_wrap_round() -> None:
    """uint8 images give negative and large numbers where these are right."""
    x = np.full((1, 3, 4, 1), 255, np.uint8)

    assert conv2d(x, -np.ones((2, 3, 1, 1), np.int8)).tolist() == [[[[-1530.0], [-1530.0]], [[-1530.0], [-1530.0]]]]


@law
@given(conv2d_arguments())
def test_inputs_are_left_alone(arguments: dict[str, Any]) -> None:
    """Images, filters and bias are the same after the call, and the maps share no memory with them."""
    arguments |= {"activation": None}
    before = {name: np.copy(arguments[name]) for name in ("x", "w", "b") if arguments[name] is not None}

    maps = conv2d(**arguments)

    for name, copy in before.items():
        np.testing.assert_array_equal(arguments[name], copy, strict=True)
        assert not np.shares_memory(maps, arguments[name])


def test_nan_and_infinity_reach_their_windows_only() -> None:
    """What is not finite goes into the windows that cover it, without a warning, and into no other."""
    x, w = np.zeros((1, 5, 7, 2)), np.ones((2, 3, 2, 3))
    x[0, 1, 1, 0], x[0, 3, 5, 1], x[0, 3, 6, 1] = np.nan, np.inf, -np.inf

    maps = conv2d(x, w)[0, :, :, 1]

    assert np.isnan(maps).tolist() == [[1, 1, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 1]]
    assert np.isposinf(maps).tolist() == [[0] * 5, [0] * 5, [0, 0, 0, 1, 0], [0, 0, 0, 1, 0]]


def test_no_images_give_no_maps() -> None:
    """An empty batch keeps the shape of its maps."""
    assert conv2d(np.zeros((0, 5, 7, 2)), np.zeros((3, 2, 2, 4)), strides=2).shape == (0, 2, 3, 4)


def test_same_pads_every_axis_on_its_own() -> None:
    """Height and width of an uneven image get their own odd padding, after."""
    x, w = np.arange(1.0, 25).reshape(1, 4, 6, 1), np.zeros((3, 2, 1, 1))
    w[-1, -1] = 1

    maps = conv2d(x, w, padding="same", strides=(2, 3))[0, :, :, 0]

    assert (same_padding(4, 3, 2), same_padding(6, 2, 3)) == ((0, 1), (0, 0))
    assert maps.tolist() == [[14, 17], [0, 0]]


def _call(x: Any = (2, 5, 7, 4), w: Any = (3, 2, 4, 6), b: Any = None, **options: Any) -> Callable[[], object]:
    return lambda: conv2d(np.zeros(x), np.zeros(w), b if b is None else np.zeros(b), **options)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            _call(strides=2, dilation_rate=(1, 3)),
            "conv2d: strides is (2, 2) and dilation_rate is (1, 3), but only one of them may be above 1, as in Keras; "
            "set the other to 1",
        ),
        (
            _call(groups=3),
            "conv2d: groups is 3, but it must divide the 4 channels of x and the 6 filters of w; "
            "take a divisor of both",
        ),
        (
            _call(groups=4),
            "conv2d: groups is 4, but it must divide the 4 channels of x and the 6 filters of w; "
            "take a divisor of both",
        ),
        (
            _call(groups=0),
            "conv2d: groups is 0, but it must divide the 4 channels of x and the 6 filters of w; "
            "take a divisor of both",
        ),
        (
            _call(w=(3, 2, 3, 6)),
            "conv2d: w has shape (3, 2, 3, 6), but x has 4 channels; make the third axis of w 4",
        ),
        (
            _call(groups=2),
            "conv2d: w has shape (3, 2, 4, 6), but x has 4 channels in 2 groups; make the third axis of w 2",
        ),
        (
            _call(data_format="channels_first"),
            "conv2d: w has shape (3, 2, 4, 6), but x has 5 channels; make the third axis of w 5",
        ),
        (
            _call(w=(6, 2, 4, 6)),
            "conv2d, height: a window spans 6 pixels, but the image has 5 pixels; "
            'take a smaller window or padding="same"',
        ),
        (
            _call(dilation_rate=(1, 7)),
            "conv2d, width: a window spans 8 pixels, but the image has 7 pixels; "
            'take a smaller window or padding="same"',
        ),
        (
            _call(x=(2, 0, 7, 4), padding="same"),
            "conv2d, height: n is 0, but it must be 1 or more; give a larger number",
        ),
        (
            _call(w=(3, 0, 4, 6)),
            "conv2d: w has shape (3, 0, 4, 6), but no axis may be empty; give a kernel with cells",
        ),
        (
            _call(x=(5, 7, 4)),
            "conv2d: x has shape (5, 7, 4), but it must have 4 axes, (n, height, width, c); add or drop an axis",
        ),
        (
            _call(x=(4, 5, 7), data_format="channels_first"),
            "conv2d: x has shape (4, 5, 7), but it must have 4 axes, (n, c, height, width); add or drop an axis",
        ),
        (
            _call(w=(3, 2)),
            "conv2d: w has shape (3, 2), but it must have 4 axes, (i, j, c / groups, o); add or drop an axis",
        ),
        (_call(b=4), "conv2d: b has shape (4,), but w has 6 filters; give one bias for each filter"),
        (_call(strides=0), "conv2d: strides is 0, but it must be 1 or more; give a larger number"),
        (
            _call(strides="two"),
            "conv2d: strides is 'two', but it must be a whole number or two of them; give (height, width)",
        ),
        (_call(dilation_rate=(1, 0)), "conv2d: dilation_rate is 0, but it must be 1 or more; give a larger number"),
        (
            _call(padding="SAME"),
            'conv2d, height: padding is \'SAME\', but it must be "valid" or "same"; choose one of these',
        ),
        (
            _call(data_format="NCHW"),
            'conv2d: data_format is \'NCHW\', but it must be "channels_last" or "channels_first"; choose one of these',
        ),
        (
            _call(activation="gelu"),
            "conv2d: activation is 'gelu', but it must be None or \"relu\"; or give a function of the maps",
        ),
    ],
)
def test_what_keras_refuses_is_refused(call: Callable[[], object], words: str) -> None:
    """An error says where, what is, what is right, and what to do."""
    with pytest.raises(ShapeError) as caught:
        call()

    assert str(caught.value) == words
