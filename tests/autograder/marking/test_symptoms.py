"""What can be seen of wrong values: facts that hold in every wrong call, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.marking.diagnosis.symptoms import symptom

GENERATOR = np.random.default_rng(3)
RIGHT = [GENERATOR.integers(-40, 40, (2, 4, 5, 3)) * 7 + 0.5 for _ in range(2)]
IMAGES = [array[0, :, :, 0] for array in RIGHT]


def seen(spoil: Callable[[Any], Any], right: list[Any] | None = None) -> str | None:
    """What is seen of right values that were spoilt."""
    return symptom([(spoil(array.copy()), array) for array in (RIGHT if right is None else right)])


def changed(place: Any, by: float = 1.0) -> Callable[[Any], Any]:
    """Add to some cells."""

    def spoil(array: Any) -> Any:
        array[place] += by
        return array

    return spoil


def unfilled(*places: Any) -> Callable[[Any], Any]:
    """Leave some cells at 0."""

    def spoil(array: Any) -> Any:
        for place in places:
            array[place] = 0
        return array

    return spoil


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda x: x * np.nan, "Every number is NaN."),
        (np.zeros_like, "Every number is 0."),
        (lambda x: -x, "Every number has the wrong sign."),
        (np.trunc, "The fractions are cut off."),
        (np.floor, "Every number is rounded down."),
        (np.round, "Every number is rounded."),
        (lambda x: (x % 256).astype(np.uint8), "The numbers wrap around at 256, as bytes do."),
        (lambda x: np.maximum(x, 0), "Every number below 0 has become 0."),
        (np.abs, "Every number has lost its sign."),
        (lambda x: np.clip(x, 0, 255), "Every number below 0 has become 0, and every number above 255 has"),
        (
            lambda x: np.interp(x, (x.min(), x.max()), (0, 255)),
            "Each result is rescaled: its smallest",
        ),
        (lambda x: x / x.max(), "In each result, all numbers are off by the same factor."),
        (lambda x: x / 9, "Every number is 1/9 times the expected one."),
        (lambda x: 2.5 * x, "Every number is 2.5 times the expected one."),
        (lambda x: x + 3, "Every number is 3 too large."),
        (lambda x: x - 0.25, "Every number is 0.25 too small."),
        (lambda x: x + x.flat[0], "In each result, all numbers are off by the same amount"),
        (lambda x: x + x[0, 0, 0], "In each channel, all numbers are off by the same amount"),
        (lambda x: x[:, ::-1], "The result is upside down."),
        (lambda x: x[:, :, ::-1], "The result is mirrored left to right."),
        (lambda x: np.roll(x, 1, axis=1), "The right numbers are one place too far down."),
        (lambda x: np.roll(x, -1, axis=1), "The right numbers are one place too far up."),
        (lambda x: np.roll(x, 1, axis=2), "The right numbers are one place too far to the right."),
        (lambda x: np.roll(x, -1, axis=2), "The right numbers are one place too far to the left."),
        (unfilled(np.s_[:, -1]), "The last row holds only zeros; everything else is right."),
        (unfilled(np.s_[:, :, -1]), "The last column holds only zeros; everything else is right."),
        (
            unfilled(np.s_[:, -1], np.s_[:, :, -1]),
            "The last row and the last column hold only zeros; everything else is right.",
        ),
        (unfilled(np.s_[:, 0]), "Only numbers at the border are wrong; inside, all numbers are right."),
        (changed(np.s_[:, -1]), "Only numbers at the border are wrong; inside, all numbers are right."),
        (changed(np.s_[1:]), "Only the first image is right."),
        (changed(np.s_[..., :2]), "Only the last channel is right."),
        (changed(np.s_[..., ::2]), "Only one channel is right."),
        (
            lambda x: np.sort(x, axis=None).reshape(x.shape),
            "All the right numbers are there, but not in the right places.",
        ),
        (lambda x: x[0], "Your result has 3 axes instead of 4."),
        (lambda x: x.sum(), "Your result has 0 axes instead of 4."),
        (lambda x: x.swapaxes(1, 2), "The numbers are right, but axes 1 and 2 of the result are swapped."),
        (lambda x: x[:, :-1, :-1], "The numbers are right as far as they go; the last ones are missing."),
        (
            lambda x: np.pad(x, ((0, 0), (0, 1), (0, 1), (0, 0))),
            "The right numbers are there, with extra ones at the end.",
        ),
        (np.ravel, "All the right numbers are there, in the right order, but in a single row: reshape them."),
        (lambda x: x.reshape(2, 4, 15), "Your result has 3 axes instead of 4. All the right numbers are"),
        (lambda x: x[..., np.newaxis], "Your result has 5 axes instead of 4. The numbers are right"),
        (lambda x: x.reshape(2, 5, 4, 3), "The right numbers are there, in the right order, but in the wrong shape."),
        (lambda x: np.pad(x, ((0, 0), (1, 1), (0, 0), (0, 0))), "Your result is 2 too long along axis 1."),
        (lambda x: x[:, 1:, 1:] * 2, "Your result is 1 too short along axis 1 and 1 too short along axis 2."),
    ],
)
def test_a_symptom_is_told(spoil: Callable[[Any], Any], words: str) -> None:
    """What all wrong values share is said in a sentence."""
    assert str(seen(spoil)).startswith(words)


def test_rows_and_columns_may_be_swapped_in_a_square() -> None:
    """Where the shape does not show it, the numbers do."""
    assert seen(np.transpose, [image[:4, :4] for image in IMAGES]) == "Rows and columns of the result are swapped."


def test_an_axis_of_one_is_told_apart_from_wrong_numbers() -> None:
    """Right numbers with an axis too few are told to be right."""
    words = seen(lambda x: x[0], [array[:1] for array in RIGHT])

    assert words is not None
    assert words.endswith("The numbers are right; only axes of length 1 are missing or extra.")


def test_a_symptom_of_one_call_alone_is_not_told() -> None:
    """What the next wrong call does not show is no symptom of the function."""
    one, other = RIGHT

    assert symptom([(-one, one), (other + 1, other)]) is None
    assert symptom([(one[0], one), (other[:, 1:], other)]) is None


def test_one_number_shows_nothing_but_its_sign() -> None:
    """Any wrong number is some factor and some amount away."""
    assert symptom([(np.array(4.0), np.array(3.0))]) is None
    assert symptom([(np.array(-3.0), np.array(3.0))]) == "Every number has the wrong sign."


@pytest.mark.parametrize("value", [None, "text", (), np.zeros((0, 3)), ([1.0], [1.0, 2.0])])
def test_what_is_no_array_has_no_symptom(value: Any) -> None:
    """Of anything else nothing is said."""
    assert symptom([(value, RIGHT[0])]) is None


@given(st.integers(0, 2**32 - 1))
def test_random_numbers_have_no_symptom(seed: int) -> None:
    """Nothing is seen where there is nothing to see."""
    rng = np.random.default_rng(seed)

    assert symptom([(rng.normal(size=x.shape), x) for x in RIGHT]) is None


@pytest.mark.parametrize("given", [np.array([3.0]), np.array([[3.0]])])
def test_one_number_in_a_list_is_told(given: Any) -> None:
    """Of one number there are no rows to cut."""
    words = symptom([(given, np.array(3.0))])

    assert words == "The number is right, but it is inside a list or an array: return the number itself."
