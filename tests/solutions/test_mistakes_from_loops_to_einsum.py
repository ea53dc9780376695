"""Known mistakes of notebook 07 are wrong in the way they say, differ from each other, and come with words."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from autograder.exercise import Exercise
from course.exercises.from_loops_to_einsum import ASSIGNMENT
from course.exercises.hand import K, X
from solutions.mistakes import Mistake
from tests.solutions.outcomes import headings, seen

ALL = [
    pytest.param(exercise, mistake, id=f"{exercise.function}-{mistake.id}")
    for exercise in ASSIGNMENT.exercises
    for mistake in exercise.mistakes
]
each_exercise = pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.function)

IMAGE = X[None, :, :, None]


def mistaken(function: str, id_: str) -> Callable[..., Any]:
    """The wrong function with this id."""
    (exercise,) = [one for one in ASSIGNMENT.exercises if one.function == function]
    return next(one.function for one in exercise.mistakes if one.id == id_)


@pytest.mark.parametrize("function", ["conv2d_einsum", "conv2d_im2col"])
@pytest.mark.parametrize(
    ("id_", "strides", "expected"),
    [
        ("M1", 1, [[-1, -3, 2], [1, 0, -3], [1, 1, -2]]),
        ("M3", 1, [[-2, -3, -1], [3, -2, -1], [1, 4, 2]]),
        ("M4", 1, [[1, -1, -1], [3, 0, -1], [-2, 3, 2]]),
        ("M7a", 1, [[1, 3], [-1, 0]]),
        ("M9", 2, [[1, 3], [-1, 0]]),
        ("M11", (2, 1), [[1, -2], [-1, 3], [-1, 2]]),
        ("M32", 1, [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]]),
    ],
)
def test_the_hand_example(function: str, id_: str, strides: Any, expected: list[list[float]]) -> None:
    """X with K gives the wrong output that the fault is known for; a fault that it hides gives the right one."""
    maps = mistaken(function, id_)(IMAGE, K[:, :, None, None], strides)

    np.testing.assert_array_equal(maps[0, :, :, 0], expected)


@pytest.mark.parametrize(
    ("function", "id_", "shape"),
    [
        ("windows", "F70", (2, 4, 5, 4, 2, 3)),
        ("windows", "F73", (2, 4, 5, 3, 2, 4)),
        ("windows", "M4", (2, 5, 4, 2, 3, 4)),
        ("conv2d_einsum", "M29", (2, 4, 5, 4, 6)),
        ("conv2d_einsum", "F65", (2, 6, 4, 5)),
        ("conv2d_einsum", "F72", (2, 4, 5)),
    ],
)
def test_axes_in_the_wrong_place(function: str, id_: str, shape: tuple[int, ...]) -> None:
    """A fault of axes or letters shows in the shape: two images of 5 x 7 with 4 channels, 6 filters of 2 x 3."""
    second = (2, 3) if function == "windows" else np.ones((2, 3, 4, 6))

    assert mistaken(function, id_)(np.ones((2, 5, 7, 4)), second).shape == shape


def test_windows_that_only_look_right() -> None:
    """Axes moved with reshape have the right shape and the wrong cells."""
    images = np.arange(2 * 4 * 5 * 3.0).reshape(2, 4, 5, 3)
    (exercise,) = [one for one in ASSIGNMENT.exercises if one.function == "windows"]
    actual, expected = mistaken("windows", "F71")(images, 2), exercise.reference(images, 2)

    assert actual.shape == expected.shape
    assert (actual != expected).any()


@pytest.mark.parametrize(("id_", "hidden_by"), [("F74", (3, 3, 1, 4)), ("F75", (3, 3, 2, 1)), ("F76", (3, 3, 2, 1))])
def test_a_wrong_order_may_not_show(id_: str, hidden_by: tuple[int, ...]) -> None:
    """With one channel, or with one filter, a matrix flattened in the wrong order is the right one."""
    rng = np.random.default_rng(3)
    images, weights = rng.integers(-9, 10, (2, 5, 6, hidden_by[2])), rng.integers(-9, 10, hidden_by)
    (exercise,) = [one for one in ASSIGNMENT.exercises if one.function == "conv2d_im2col"]

    np.testing.assert_array_equal(mistaken("conv2d_im2col", id_)(images, weights), exercise.reference(images, weights))


@each_exercise
@pytest.mark.parametrize("seed", range(3))
def test_mistakes_differ_from_each_other(exercise: Exercise, seed: int) -> None:
    """The cases of any seed tell every two mistakes apart, so that each can be named."""
    found = {mistake.id: seen(exercise, mistake.function, seed) for mistake in exercise.mistakes}

    assert [pair for pair in combinations(found, 2) if found[pair[0]] == found[pair[1]]] == []


@pytest.mark.parametrize(("exercise", "mistake"), ALL)
def test_a_mistake_is_wrong_somewhere(exercise: Exercise, mistake: Mistake) -> None:
    """Already on the small cases, a mistake differs from the reference in its numbers or in what it changes."""
    assert seen(exercise, mistake.function) != seen(exercise, exercise.reference)


@pytest.mark.parametrize(("exercise", "mistake"), ALL)
def test_only_mistakes_about_the_input_change_it(exercise: Exercise, mistake: Mistake) -> None:
    """A mistake changes its arguments if that is what it is about, and then its numbers are right."""
    found, right = seen(exercise, mistake.function), seen(exercise, exercise.reference)

    assert any(case[2] for case in found if len(case) > 1) == (mistake.id == "M43")
    if mistake.id == "M43":
        assert [case[:2] for case in found] == [case[:2] for case in right]


@each_exercise
def test_ids_and_words_are_unique(exercise: Exercise) -> None:
    """No two mistakes of one function share an id or words."""
    assert len({mistake.id for mistake in exercise.mistakes}) == len(exercise.mistakes)
    assert len({mistake.says for mistake in exercise.mistakes}) == len(exercise.mistakes)


@pytest.mark.parametrize(("exercise", "mistake"), ALL)
def test_a_mistake_has_words(exercise: Exercise, mistake: Mistake) -> None:
    """A mistake has a short name, a full sentence or two, and a paragraph of this notebook or an earlier one."""
    notebook, heading = re.fullmatch(r'notebook (\d\d), "(.+)"', mistake.read_again).groups()

    assert re.fullmatch(r"[MF]\d{1,2}[a-b]?", mistake.id), exercise.function
    assert 2 <= len(mistake.name.split()) <= 5
    assert mistake.says.startswith(("You ", "Your "))
    assert mistake.says.endswith(".")
    assert len(mistake.says) <= 240
    assert notebook in {"01", "07"}
    assert heading in headings(notebook)
