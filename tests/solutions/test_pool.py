"""Pooling agrees with plain loops, obeys its laws, and refuses what Keras refuses."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.exercises.hand import A, X
from solutions import ShapeError, avg_pool2d, global_avg_pool, global_max_pool, max_pool2d
from solutions.reference import loops
from tests.strategies import DATA_FORMATS, halves, images, law, pool_arguments

NINE = np.arange(1, 10).reshape(3, 3)
POOLS = [max_pool2d, avg_pool2d]
GLOBAL_POOLS = [global_max_pool, global_avg_pool]


@law
@given(pool_arguments())
def test_max_pool2d_agrees_with_loops(arguments: dict[str, Any]) -> None:
    """For any shape, pool, stride, padding and layout, both give the same array."""
    np.testing.assert_array_equal(max_pool2d(**arguments), loops.max_pool2d(**arguments), strict=True)


@law
@given(pool_arguments())
def test_avg_pool2d_agrees_with_loops(arguments: dict[str, Any]) -> None:
    """For any shape, pool, stride, padding and layout, both give the same array."""
    np.testing.assert_array_equal(avg_pool2d(**arguments), loops.avg_pool2d(**arguments), strict=True)


@law
@given(st.data(), st.booleans(), DATA_FORMATS)
def test_global_pools_agree_with_loops(data: st.DataObject, keepdims: bool, data_format: str) -> None:
    """For both layouts, with and without the axes of size 1, both give the same array."""
    x = data.draw(images((3, 4), 2, data_format))

    for pool in GLOBAL_POOLS:
        expected = getattr(loops, pool.__name__)(x, keepdims, data_format)
        np.testing.assert_array_equal(pool(x, keepdims, data_format), expected, strict=True)


@law
@given(pool_arguments())
def test_the_maximum_is_at_least_the_mean(arguments: dict[str, Any]) -> None:
    """No window has a mean above its largest value."""
    assert (max_pool2d(**arguments) >= avg_pool2d(**arguments)).all()


@law
@given(pool_arguments(), st.integers(-20, 20))
def test_pooling_moves_with_the_level(arguments: dict[str, Any], level: int) -> None:
    """Adding a level to every pixel adds it to every window, at the padded border too."""
    raised = arguments | {"x": arguments["x"] + level}

    np.testing.assert_array_equal(max_pool2d(**raised), max_pool2d(**arguments) + level)
    np.testing.assert_allclose(avg_pool2d(**raised), avg_pool2d(**arguments) + level, rtol=1e-12, atol=1e-12)


@law
@given(pool_arguments())
def test_max_pooling_commutes_with_what_keeps_order(arguments: dict[str, Any]) -> None:
    """An increasing function may be taken before or after."""
    cubed = arguments | {"x": arguments["x"] ** 3}

    np.testing.assert_array_equal(max_pool2d(**cubed), max_pool2d(**arguments) ** 3)


@law
@given(pool_arguments(), st.data())
def test_average_pooling_is_linear(arguments: dict[str, Any], data: st.DataObject) -> None:
    """The mean of a sum is the sum of the means."""
    other = data.draw(halves(*arguments["x"].shape))
    together = avg_pool2d(**arguments | {"x": 2 * arguments["x"] - other})

    apart = 2 * avg_pool2d(**arguments) - avg_pool2d(**arguments | {"x": other})
    np.testing.assert_allclose(together, apart, rtol=1e-12, atol=1e-12)


@law
@given(pool_arguments())
def test_a_flat_image_stays_flat(arguments: dict[str, Any]) -> None:
    """Every window of a flat image has the same maximum and mean, since padding counts for nothing."""
    flat = arguments | {"x": np.full_like(arguments["x"], -3)}

    for pool in POOLS:
        assert (pool(**flat) == -3).all()


@pytest.mark.parametrize("pool", POOLS)
def test_a_pool_of_one_is_nothing(pool: Callable[..., np.ndarray]) -> None:
    """Windows of one pixel give the image back."""
    x = np.random.default_rng(0).normal(size=(2, 3, 4, 5))

    np.testing.assert_array_equal(pool(x, 1), x, strict=True)


@law
@given(st.data(), DATA_FORMATS)
def test_a_pool_as_large_as_the_image_is_global(data: st.DataObject, data_format: str) -> None:
    """One window over everything is global pooling with its axes kept."""
    x = data.draw(images((3, 4), 2, data_format))

    np.testing.assert_array_equal(
        max_pool2d(x, (3, 4), None, "valid", data_format), global_max_pool(x, True, data_format)
    )
    np.testing.assert_array_equal(
        avg_pool2d(x, (3, 4), None, "valid", data_format), global_avg_pool(x, True, data_format)
    )


@pytest.mark.parametrize(
    ("image", "options", "maxima", "means"),
    [
        (A, {}, [[6, 2], [2, 5]], [[3.5, 1.25], [1.25, 3.5]]),
        (A, {"strides": 1}, [[6, 6, 2], [6, 6, 5], [2, 5, 5]], None),
        (A, {"pool_size": 3, "strides": 1}, [[6, 6], [6, 6]], None),
        (A, {"pool_size": 3, "padding": "same"}, [[6, 2], [2, 5]], None),
        (
            A,
            {"pool_size": 3, "strides": 2, "padding": "same"},
            [[6, 5], [5, 5]],
            [[24 / 9, 13 / 6], [2, 3.5]],
        ),
        (A - 7, {"pool_size": 3, "strides": 2, "padding": "same"}, [[-1, -2], [-2, -2]], None),
        (A, {"pool_size": (2, 1)}, [[4, 6, 2, 2], [1, 2, 5, 4]], None),
        (A, {"pool_size": (1, 2)}, [[3, 2], [6, 2], [2, 5], [2, 4]], None),
        (X, {}, [[4, 1], [2, 3]], [[2, 0.5], [0.75, 2]]),
        (X, {"padding": "same"}, [[4, 1, 3], [2, 3, 1], [3, 1, 2]], [[2, 0.5, 2.5], [0.75, 2, 0.5], [2, 0.5, 2]]),
        (NINE, {"padding": "same"}, [[5, 6], [8, 9]], [[3, 4.5], [7.5, 9]]),
        (NINE, {"pool_size": 5, "padding": "same"}, [[9]], [[5]]),
    ],
)
def test_the_hand_examples_come_out(image: np.ndarray, options: dict[str, Any], maxima: Any, means: Any) -> None:
    """A, X and 1 to 9 give what a person works out on paper."""
    x = image[None, :, :, None]

    np.testing.assert_array_equal(max_pool2d(x, **options)[0, :, :, 0], maxima)
    if means is not None:
        np.testing.assert_array_equal(avg_pool2d(x, **options)[0, :, :, 0], means)


def test_global_pools_of_the_hand_example() -> None:
    """A has the maximum 6 and the mean 2.375."""
    x = A[None, :, :, None]

    assert global_max_pool(x).tolist() == [[6]]
    assert global_avg_pool(x).tolist() == [[2.375]]


@pytest.mark.parametrize("keepdims", [False, True])
def test_global_pools_have_keras_shapes(keepdims: bool) -> None:
    """(n, c), or with keepdims height and width of 1 where the layout has them."""
    x = np.zeros((2, 3, 4, 5))

    for pool in GLOBAL_POOLS:
        assert pool(x, keepdims).shape == ((2, 1, 1, 5) if keepdims else (2, 5))
        assert pool(x, keepdims, "channels_first").shape == ((2, 3, 1, 1) if keepdims else (2, 3))


@pytest.mark.parametrize("pool", POOLS + GLOBAL_POOLS)
def test_float32_stays_and_integers_become_float64(pool: Callable[..., np.ndarray]) -> None:
    """float32 in gives float32 out; integers keep their values in float64."""
    x = np.full((2, 4, 6, 3), 200, np.uint8)

    assert pool(x.astype(np.float32)).dtype == np.float32
    assert pool(x).dtype == np.float64
    assert (pool(x) == 200).all()


def test_integers_below_zero_win_against_the_padding() -> None:
    """The largest of negative integers is negative, at the border too."""
    x = np.full((1, 3, 5, 1), -4)

    assert (max_pool2d(x, 2, padding="same") == -4).all()


@law
@given(pool_arguments())
def test_inputs_are_left_alone(arguments: dict[str, Any]) -> None:
    """The images are the same after the call, and the result shares no memory with them."""
    before = arguments["x"].copy()

    for pool in POOLS:
        assert not np.shares_memory(pool(**arguments), arguments["x"])

    np.testing.assert_array_equal(arguments["x"], before, strict=True)


def test_nan_and_infinity_reach_their_windows_only() -> None:
    """What is not finite decides the windows that cover it, without a warning, and no other."""
    x = np.ones((1, 4, 6, 1))
    x[0, 0, 0], x[0, 2, 2], x[0, 3, 3], x[0, 3, 5] = np.nan, np.inf, -np.inf, -np.inf

    maxima, means = (pool(x)[0, :, :, 0] for pool in POOLS)

    np.testing.assert_array_equal(maxima, [[np.nan, 1, 1], [1, np.inf, 1]])
    np.testing.assert_array_equal(means, [[np.nan, 1, 1], [1, np.nan, -np.inf]])
    np.testing.assert_array_equal(global_avg_pool(x), [[np.nan]])


@pytest.mark.parametrize("pool", POOLS)
@pytest.mark.parametrize(
    ("options", "words"),
    [
        (
            {"pool_size": (2, 8)},
            ', width: a window spans 8 pixels, but the image has 7 pixels; take a smaller window or padding="same"',
        ),
        ({"pool_size": 0}, ": pool_size is 0, but it must be 1 or more; give a larger number"),
        ({"strides": (1, -1)}, ": strides is -1, but it must be 1 or more; give a larger number"),
        (
            {"pool_size": (2,)},
            ": pool_size is (2,), but it must be a whole number or two of them; give (height, width)",
        ),
        (
            {"padding": "full"},
            ', height: padding is \'full\', but it must be "valid" or "same"; choose one of these',
        ),
        (
            {"data_format": "NHWC"},
            ': data_format is \'NHWC\', but it must be "channels_last" or "channels_first"; choose one of these',
        ),
        (
            {"x": np.zeros((5, 7))},
            ": x has shape (5, 7), but it must have 4 axes, (n, height, width, c); add or drop an axis",
        ),
    ],
)
def test_what_keras_refuses_is_refused(pool: Callable[..., np.ndarray], options: dict[str, Any], words: str) -> None:
    """An error says where, what is, what is right, and what to do."""
    with pytest.raises(ShapeError) as caught:
        pool(**{"x": np.zeros((2, 5, 7, 3))} | options)

    assert str(caught.value) == pool.__name__ + words


@pytest.mark.parametrize("pool", GLOBAL_POOLS)
def test_an_image_without_pixels_is_refused(pool: Callable[..., np.ndarray]) -> None:
    """There is no maximum and no mean of nothing."""
    with pytest.raises(ShapeError) as caught:
        pool(np.zeros((2, 5, 0, 3)))

    assert str(caught.value) == (
        f"{pool.__name__}: x has shape (2, 5, 0, 3), but its images must have pixels; give a height and a width above 0"
    )
