"""Gradients are those that differences show, come out by hand and in torch, and refuse a dy of another shape."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from course.exercises.hand import A, K, X
from solutions import (
    ShapeError,
    avg_pool2d,
    avg_pool2d_backward,
    conv2d,
    conv2d_backward,
    max_pool2d,
    max_pool2d_backward,
    same_padding,
)
from tests.strategies import conv2d_arguments, halves, law, pool_arguments

X4, K4, A4 = X[None, :, :, None], K[:, :, None, None], A[None, :, :, None]
POOLS = [(max_pool2d, max_pool2d_backward), (avg_pool2d, avg_pool2d_backward)]
some = hypothesis_settings(law, max_examples=40)

# A quarter of the step between halves: no pixel overtakes another, and every sum stays exact.
STEP = 0.125


def differences(loss: Callable[[np.ndarray], np.ndarray], at: np.ndarray) -> np.ndarray:
    """Central differences of a loss by each number of an array; the loss takes a stack of arrays and gives one each."""
    moves = STEP * np.eye(at.size).reshape(-1, *at.shape)
    return ((loss(at + moves) - loss(at - moves)) / (2 * STEP)).reshape(at.shape)


def by_images(layer: Callable[[np.ndarray], np.ndarray], x: np.ndarray, dy: np.ndarray) -> np.ndarray:
    """Central differences of sum(dy * layer(x)) by x, image by image."""

    def of_one(image: np.ndarray, dy_of_image: np.ndarray) -> np.ndarray:
        return differences(lambda stack: (layer(stack) * dy_of_image).sum(axis=(1, 2, 3)), image)

    return np.stack([of_one(*both) for both in zip(x, dy, strict=True)])


def by_one(loss: Callable[[np.ndarray], float], at: np.ndarray) -> np.ndarray:
    """Central differences of a loss that takes one array at a time."""
    return differences(lambda stack: np.array([loss(one) for one in stack]), at)


@some
@given(conv2d_arguments(), st.data())
def test_conv2d_backward_agrees_with_differences(arguments: dict[str, Any], data: st.DataObject) -> None:
    """By images, filters and bias, for any shape, stride, dilation, padding, layout and groups."""
    x, w, _, _ = (arguments.pop(name) for name in ("x", "w", "b", "activation"))
    b = np.zeros(w.shape[-1])
    dy = data.draw(halves(*conv2d(x, w, **arguments).shape))

    dx, dw, db = conv2d_backward(dy, x, w, **arguments)

    np.testing.assert_array_equal(dx, by_images(lambda xs: conv2d(xs, w, **arguments), x, dy), strict=True)
    np.testing.assert_array_equal(dw, by_one(lambda w: (dy * conv2d(x, w, **arguments)).sum(), w), strict=True)
    np.testing.assert_array_equal(db, by_one(lambda b: (dy * conv2d(x, w, b, **arguments)).sum(), b), strict=True)


@some
@given(pool_arguments(), st.data())
def test_max_pool2d_backward_agrees_with_differences(arguments: dict[str, Any], data: st.DataObject) -> None:
    """For any shape, pool, stride, padding and layout, where no two pixels are equal."""
    x = arguments.pop("x")
    x = np.random.default_rng(x.size).permutation(x.size).reshape(x.shape) / 2 - x.size / 4
    dy = data.draw(halves(*max_pool2d(x, **arguments).shape))

    dx = max_pool2d_backward(dy, x, **arguments)

    np.testing.assert_array_equal(dx, by_images(lambda xs: max_pool2d(xs, **arguments), x, dy), strict=True)


@some
@given(pool_arguments(), st.data())
def test_avg_pool2d_backward_agrees_with_differences(arguments: dict[str, Any], data: st.DataObject) -> None:
    """For any shape, pool, stride, padding and layout."""
    x = arguments.pop("x")
    dy = data.draw(halves(*avg_pool2d(x, **arguments).shape))

    dx = avg_pool2d_backward(dy, x, **arguments)

    expected = by_images(lambda xs: avg_pool2d(xs, **arguments), x, dy)
    assert dx.shape == expected.shape
    np.testing.assert_allclose(dx, expected, rtol=1e-12, atol=1e-12)


@law
@given(pool_arguments(), st.data())
def test_pooling_passes_on_all_it_gets(arguments: dict[str, Any], data: st.DataObject) -> None:
    """Nothing is lost in the padding or at ties: dx adds up to what dy adds up to."""
    x = arguments["x"]
    dy = data.draw(halves(*max_pool2d(**arguments).shape))

    for pool, backward in POOLS:
        dx = backward(dy, **arguments)
        spatial = (1, 2) if arguments["data_format"] == "channels_last" else (2, 3)
        assert dx.shape == x.shape, pool
        np.testing.assert_allclose(dx.sum(axis=spatial), dy.sum(axis=spatial), rtol=1e-12, atol=1e-12)


def test_conv2d_backward_of_the_hand_example() -> None:
    """With a dy of ones, dw is the sums of X's windows, and dx counts the windows over each pixel."""
    dx, dw, db = conv2d_backward(np.ones((1, 3, 3, 1)), X4, K4)

    assert dw[:, :, 0, 0].tolist() == [[14, 11, 12], [14, 12, 12], [12, 12, 12]]
    assert dx[0, :, :, 0].tolist() == [[times * cell for cell in (1, 1, 0, -1, -1)] for times in (1, 2, 3, 2, 1)]
    assert db.tolist() == [9]


@pytest.mark.parametrize(
    ("options", "dy", "expected"),
    [
        pytest.param(
            {},
            [[1, 2], [3, 4]],
            [[0, 0, 2, 0], [0, 1, 0, 0], [0, 3, 4, 0], [0, 0, 0, 0]],
            id="2 is twice in two windows",
        ),
        pytest.param(
            {"pool_size": 3, "strides": 1},
            [[1, 2], [3, 4]],
            [[0, 0, 0, 0], [0, 10, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]],
            id="windows overlap",
        ),
        pytest.param(
            {"pool_size": 3, "strides": 2, "padding": "same"},
            [[1, 2], [3, 4]],
            [[0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 9, 0], [0, 0, 0, 0]],
            id="padding",
        ),
    ],
)
def test_max_pool2d_backward_of_the_hand_example(options: dict[str, Any], dy: Any, expected: Any) -> None:
    """In A each window's gradient goes to its largest pixel, and to the first if there are two."""
    dx = max_pool2d_backward(np.array(dy)[None, :, :, None], A4, **options)

    assert dx[0, :, :, 0].tolist() == expected


@pytest.mark.parametrize("value", [7, 0, -7, np.inf, -np.inf, np.nan])
def test_the_first_of_equal_maxima_takes_all(value: float) -> None:
    """In a flat image each window gives to the first pixel that it has, and never to the padding."""
    x = np.full((1, 4, 5, 1), value)

    dx = max_pool2d_backward(np.array([[1, 2, 3], [4, 5, 6]])[None, :, :, None], x, 3, 2, "same")

    assert dx[0, :, :, 0].tolist() == [[1, 2, 0, 3, 0], [0] * 5, [4, 5, 0, 6, 0], [0] * 5]


def test_avg_pool2d_backward_divides_by_the_pixels_that_exist() -> None:
    """Under "same" a window at the border shares its gradient among fewer."""
    dx = avg_pool2d_backward(np.array([[4, 2], [2, 1]])[None, :, :, None], np.zeros((1, 3, 3, 1)), padding="same")

    assert dx[0, :, :, 0].tolist() == [[1, 1, 1], [1, 1, 1], [1, 1, 1]]


def test_pixels_in_no_window_get_nothing() -> None:
    """Leftovers, and pixels that a long stride skips, change no map."""
    x = np.ones((1, 5, 7, 1))

    dx, _, _ = conv2d_backward(np.ones((1, 2, 2, 1)), x, np.ones((1, 2, 1, 1)), strides=(3, 4))
    pooled = [backward(np.ones((1, 1, 2, 1)), x, (4, 2), (4, 4)) for _, backward in POOLS]

    assert dx[0, :, :, 0].tolist() == [[1, 1, 0, 0, 1, 1, 0], [0] * 7, [0] * 7, [1, 1, 0, 0, 1, 1, 0], [0] * 7]
    assert pooled[0][0, :, :, 0].tolist() == [[1, 0, 0, 0, 1, 0, 0], *[[0] * 7] * 4]
    assert pooled[1][0, :, :, 0].tolist() == [*[[0.125, 0.125, 0, 0, 0.125, 0.125, 0]] * 4, [0] * 7]


@pytest.mark.filterwarnings("default")  # torch's own
@some
@given(conv2d_arguments(st.just("channels_first")), st.data())
def test_conv2d_backward_agrees_with_torch(arguments: dict[str, Any], data: st.DataObject) -> None:
    """The same numbers as torch's own gradients, on images that were padded before."""
    torch = pytest.importorskip("torch", reason="needs torch, which is a gigabyte large and no part of any extra")
    x, w, _, _ = (arguments.pop(name) for name in ("x", "w", "b", "activation"))
    dy = data.draw(halves(*conv2d(x, w, **arguments).shape))
    images, filters = torch.tensor(x, requires_grad=True), torch.tensor(w.transpose(3, 2, 0, 1), requires_grad=True)
    bias = torch.zeros(w.shape[-1], dtype=torch.float64, requires_grad=True)
    step, dilation = two(arguments["strides"]), two(arguments["dilation_rate"])
    padded = framed(images, w.shape[:2], step, dilation, 0) if arguments["padding"] == "same" else images

    maps = torch.nn.functional.conv2d(padded, filters, bias, step, 0, dilation, arguments["groups"])
    maps.backward(torch.tensor(dy))

    dx, dw, db = conv2d_backward(dy, x, w, **arguments)
    np.testing.assert_array_equal(dx, images.grad.numpy())
    np.testing.assert_array_equal(dw, filters.grad.numpy().transpose(2, 3, 1, 0))
    np.testing.assert_array_equal(db, bias.grad.numpy())


@pytest.mark.filterwarnings("default")  # torch's own
@law
@given(pool_arguments(), st.data())
def test_max_pool2d_backward_agrees_with_torch(arguments: dict[str, Any], data: st.DataObject) -> None:
    """The same pixels win as in torch, with many ties, on images that were padded before."""
    torch = pytest.importorskip("torch", reason="needs torch, which is a gigabyte large and no part of any extra")
    x = np.sign(arguments.pop("x")) + 0.0
    dy = data.draw(halves(*max_pool2d(x, **arguments).shape))
    if arguments["data_format"] == "channels_last":
        x, dy = np.moveaxis(x, -1, 1), np.moveaxis(dy, -1, 1)
    images = torch.tensor(x, requires_grad=True)
    pool, arguments["data_format"] = two(arguments["pool_size"]), "channels_first"
    step = pool if arguments["strides"] is None else two(arguments["strides"])
    padded = framed(images, pool, step, (1, 1), -np.inf) if arguments["padding"] == "same" else images

    torch.nn.functional.max_pool2d(padded, pool, step).backward(torch.tensor(dy))

    np.testing.assert_array_equal(max_pool2d_backward(dy, x, **arguments), images.grad.numpy())


def two(size: Any) -> tuple[int, int]:
    """One number as two."""
    return (size, size) if isinstance(size, int) else tuple(size)


def framed(images: Any, kernel_size: Any, strides: Any, dilation_rate: Any, value: float) -> Any:
    """Pad (n, c, height, width) images in torch, as "same" does."""
    import torch  # noqa: PLC0415 - who calls it has seen that it is there

    (top, bottom), (left, right) = map(same_padding, images.shape[2:], kernel_size, strides, dilation_rate)
    return torch.nn.functional.pad(images, (left, right, top, bottom), value=value)


def test_float32_stays_float32() -> None:
    """float32 in gives float32 out; one array of another type gives float64."""
    x, w, dy = np.ones((2, 5, 7, 4), np.float32), np.ones((3, 2, 2, 6), np.float32), np.ones((2, 3, 6, 6), np.float32)
    pooled = np.ones((2, 2, 3, 4), np.float32)

    assert {gradient.dtype for gradient in conv2d_backward(dy, x, w, groups=2)} == {np.dtype(np.float32)}
    assert {gradient.dtype for gradient in conv2d_backward(dy, x, w.astype(int), groups=2)} == {np.dtype(float)}
    for _, backward in POOLS:
        assert backward(pooled, x).dtype == np.float32
        assert backward(pooled.astype(int), x).dtype == np.float64


@law
@given(conv2d_arguments(), pool_arguments())
def test_inputs_are_left_alone(arguments: dict[str, Any], pooling: dict[str, Any]) -> None:
    """The arrays are the same after the call, and the gradients share no memory with them or each other."""
    x, w, _, _ = (arguments.pop(name) for name in ("x", "w", "b", "activation"))
    dy, dy_pooled = conv2d(x, w, **arguments), max_pool2d(**pooling)
    given_ = (dy, x, w, dy_pooled, pooling["x"])
    before = [array.copy() for array in given_]

    found = [*conv2d_backward(dy, x, w, **arguments), *(backward(dy_pooled, **pooling) for _, backward in POOLS)]

    for array, copy in zip(given_, before, strict=True):
        np.testing.assert_array_equal(array, copy, strict=True)
    every = [*given_, *found]
    assert not any(np.shares_memory(one, other) for k, one in enumerate(every) for other in every[:k])


def test_no_images_give_no_gradients() -> None:
    """An empty batch keeps its shape, and moves no filter."""
    x, w = np.zeros((0, 5, 7, 2)), np.zeros((3, 2, 2, 4))

    dx, dw, db = conv2d_backward(np.zeros((0, 2, 3, 4)), x, w, strides=2)

    assert (dx.shape, dw.shape, db.tolist()) == (x.shape, w.shape, [0] * 4)
    assert not dw.any()
    for _, backward in POOLS:
        assert backward(np.zeros((0, 2, 3, 2)), x).shape == x.shape


def _conv(dy: Any = (2, 3, 6, 6), x: Any = (2, 5, 7, 4), w: Any = (3, 2, 4, 6), **options: Any) -> Callable[[], object]:
    return lambda: conv2d_backward(np.zeros(dy), np.zeros(x), np.zeros(w), **options)


def _pool(backward: Callable[..., Any], dy: Any, **options: Any) -> Callable[[], object]:
    return lambda: backward(np.zeros(dy), np.zeros((2, 5, 7, 4)), **options)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            _conv(dy=(2, 3, 6, 5)),
            "conv2d_backward: dy has shape (2, 3, 6, 5), but the maps have shape (2, 3, 6, 6); "
            "give one number for each of theirs",
        ),
        (
            _conv(dy=(3, 6, 6)),
            "conv2d_backward: dy has shape (3, 6, 6), but the maps have shape (2, 3, 6, 6); "
            "give one number for each of theirs",
        ),
        (
            _conv(strides=2),
            "conv2d_backward: dy has shape (2, 3, 6, 6), but the maps have shape (2, 2, 3, 6); "
            "give one number for each of theirs",
        ),
        (
            _conv(x=(2, 4, 5, 7), data_format="channels_first"),
            "conv2d_backward: dy has shape (2, 3, 6, 6), but the maps have shape (2, 6, 3, 6); "
            "give one number for each of theirs",
        ),
        (
            _conv(strides=2, dilation_rate=2),
            "conv2d_backward: strides is (2, 2) and dilation_rate is (2, 2), but only one of them may be above 1, "
            "as in Keras; set the other to 1",
        ),
        (
            _conv(w=(6, 2, 4, 6)),
            "conv2d_backward, height: a window spans 6 pixels, but the image has 5 pixels; "
            'take a smaller window or padding="same"',
        ),
        (
            _pool(max_pool2d_backward, (2, 2, 4, 4)),
            "max_pool2d_backward: dy has shape (2, 2, 4, 4), but the maps have shape (2, 2, 3, 4); "
            "give one number for each of theirs",
        ),
        (
            _pool(avg_pool2d_backward, (2, 2, 3, 4), padding="same"),
            "avg_pool2d_backward: dy has shape (2, 2, 3, 4), but the maps have shape (2, 3, 4, 4); "
            "give one number for each of theirs",
        ),
        (
            _pool(avg_pool2d_backward, (2, 2, 3, 4), pool_size=0),
            "avg_pool2d_backward: pool_size is 0, but it must be 1 or more; give a larger number",
        ),
    ],
)
def test_a_gradient_of_another_shape_is_refused(call: Callable[[], object], words: str) -> None:
    """An error says where, what is, what is right, and what to do."""
    with pytest.raises(ShapeError) as caught:
        call()

    assert str(caught.value) == words
