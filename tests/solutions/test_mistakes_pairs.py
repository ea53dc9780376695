"""Two known mistakes in one function: how they are put together."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.course.exercise import Exercise, Function
from autograder.marking.compare import compare
from autograder.model import Returned
from course.exercises.hand import K, X
from solutions.asked.channels import conv2d
from solutions.faults.around import in_type_given, read_with, returned_as, returned_with
from solutions.mistakes import Mistake
from solutions.reference.shapes import windows
from tests.schemes import EXERCISES, each_exercise, outcome, scheme

SEED = 11

# The right function of these lets NumPy stretch what the reference refuses.
STRETCHED = {("window_sum", "M3"), ("window_sum", "F12"), ("conv2d", "F21"), ("conv2d", "F98")} | {
    (function, "M32") for function in ("conv2d", "conv2d_einsum", "conv2d_im2col", "conv2d_fast")
}


def known(function: str, id_: str) -> Mistake:
    """A mistake of this function."""
    return next(mistake for mistake in EXERCISES[function].mistakes if mistake.id == id_)


def pair(function: str, outer: str, inner: str) -> Function:
    """The function that makes one mistake around another."""
    over = known(function, outer).over
    assert over is not None
    return over(known(function, inner).function)


# --- how they are made --------------------------------------------------------------------------------------------


@each_exercise
def test_a_mistake_made_around_the_reference_is_itself(exercise: Exercise) -> None:
    """It gives what the mistake gives on every trial, and raises where that raises."""
    for mistake in exercise.mistakes:
        for trial in scheme(exercise.function, SEED).trials if mistake.over is not None else ():
            effect, actual = trial.known[mistake.id], outcome(mistake.over(exercise.reference), trial)
            if isinstance(actual, Returned):
                assert effect.raises is None, mistake.id
                assert compare(actual.value, effect.value).fault is None, mistake.id
            else:
                assert effect.raises is not None or (exercise.function, mistake.id) in STRETCHED, mistake.id


def test_a_flipped_kernel_and_a_missing_last_window() -> None:
    """X with K, turned by 180 degrees, without the last row and column of windows."""
    by_hand = [[(X[i : i + 3, j : j + 3] * K[::-1, ::-1]).sum() for j in range(2)] for i in range(2)]
    layer = pair("conv2d", "M1", "M7b")(X[None, :, :, None], K[:, :, None, None])

    assert by_hand == [[-1, -3], [1, 0]]
    np.testing.assert_array_equal(pair("conv2d_valid", "M1", "M7")(X, K), by_hand)
    np.testing.assert_array_equal(layer[0, :, :, 0], by_hand)


def test_strides_swapped_and_the_bias_forgotten() -> None:
    """As the right layer with the strides the other way round and without a bias, in either order of making."""
    rng = np.random.default_rng(SEED)
    x, w, b = rng.normal(size=(2, 7, 8, 2)), rng.normal(size=(3, 2, 2, 3)), np.array([1.5, -2, 3.25])
    by_hand = conv2d(x, w, None, (3, 2))

    np.testing.assert_allclose(pair("conv2d", "M11", "M37a")(x, w, b, strides=(2, 3)), by_hand)
    np.testing.assert_allclose(pair("conv2d", "M37a", "M11")(x, w, b, strides=(2, 3)), by_hand)


@pytest.mark.parametrize("function", ["conv2d", "conv2d_gray"])
def test_odd_padding_first_and_the_last_fitting_window_missing(function: str) -> None:
    """A 2 x 2 kernel over X: a row and a column of zeros first, and one row and column of sums less."""
    kernel = np.array([[1.0, -1.0], [0.0, 2.0]])
    framed = np.pad(X, ((1, 0), (1, 0)))
    by_hand = [[(framed[i : i + 2, j : j + 2] * kernel).sum() for j in range(4)] for i in range(4)]
    wrong = pair(function, "M17", "M7b")
    arrays = (X[None, :, :, None], kernel[:, :, None, None]) if function == "conv2d" else (X, kernel)

    np.testing.assert_array_equal(np.squeeze(wrong(*arrays, padding="same")), by_hand)


@pytest.mark.parametrize("function", ["conv2d", "conv2d_gray"])
def test_the_type_of_a_padded_image_is_kept(function: str) -> None:
    """Sums of whole numbers lose their fraction, though the image was padded wrongly before."""
    image, kernel = np.arange(20).reshape(4, 5), np.full((2, 2), 0.25)
    framed = np.pad(image, ((1, 0), (1, 0)))
    by_hand = np.trunc((windows(framed[None, :, :, None], (2, 2))[0, ..., 0] * kernel).sum(axis=(2, 3)))
    arrays = (image[None, :, :, None], kernel[:, :, None, None]) if function == "conv2d" else (image, kernel)

    np.testing.assert_array_equal(np.squeeze(pair(function, "M17", "M42a")(*arrays, padding="same")), by_hand)


def test_a_true_convolution_without_its_last_window_and_one_flip_short() -> None:
    """The kernel is mirrored top to bottom only, and the last row and column of windows are missing."""
    kernel = np.array([[1.0, 2.0], [3.0, 4.0]])
    by_hand = [[(X[i : i + 2, j : j + 2] * kernel[::-1]).sum() for j in range(3)] for i in range(3)]

    np.testing.assert_array_equal(pair("true_convolution", "M7", "M2b")(X, kernel), by_hand)


def test_pooling_with_two_mistakes() -> None:
    """Sums in place of means, of windows whose strides are swapped."""
    x = np.arange(35.0).reshape(1, 5, 7, 1)
    by_hand = [[x[0, 2 * i : 2 * i + 2, j : j + 2].sum() for j in range(6)] for i in range(2)]

    np.testing.assert_array_equal(pair("avg_pool2d", "M11", "P7a")(x, 2, (1, 2))[0, :, :, 0], by_hand)


def test_two_wrong_kernels_of_five() -> None:
    """A box that is a sum and a shift to the right are two mistakes; the other kernels are right."""
    design = pair("design_kernel", "F38a", "F39b")

    np.testing.assert_array_equal(design("box"), np.ones((3, 3)))
    np.testing.assert_array_equal(design("shift left"), [[0, 0, 0], [1, 0, 0], [0, 0, 0]])
    np.testing.assert_array_equal(design("identity"), [[0, 0, 0], [0, 1, 0], [0, 0, 0]])


# --- the makers ---------------------------------------------------------------------------------------------------


def test_a_mistake_can_be_made_around_another_function() -> None:
    """What goes in, what comes out, and what comes out by what went in."""
    negative = read_with(abs, lambda number: [-number])
    doubled = returned_as(abs, lambda number: 2 * number)
    shifted = returned_with(abs, lambda result, number: result + number)

    assert [one.function(-3) for one in (negative, doubled, shifted)] == [3, 6, 0]
    assert [one.over(lambda number: number)(-3) for one in (negative, doubled, shifted)] == [3, -6, -6]


def test_images_are_handed_on_as_they_were_given() -> None:
    """Changed ones in the type of the given ones, and unchanged ones themselves."""
    given = np.array([1, 2], dtype=np.uint8)
    read = given.astype(np.float64)

    changed = in_type_given(given, read, read[::-1])

    assert in_type_given(given, read, read) is given
    assert np.asarray(changed).dtype == np.uint8
    np.testing.assert_array_equal(changed, [2, 1])
