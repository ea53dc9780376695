"""Known mistakes of notebook 03 are wrong in the way they say, differ from each other, and come with words."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from autograder.exercise import Exercise
from course.exercises.stride_and_output_size import EXERCISES
from solutions import ShapeError
from solutions.mistakes import Mistake
from tests.solutions.outcomes import Outcome, headings, seen

BY_NAME = {exercise.function: exercise for exercise in EXERCISES}
ALL = [
    pytest.param(exercise, mistake, id=f"{exercise.function}-{mistake.id}")
    for exercise in EXERCISES
    for mistake in exercise.mistakes
]
each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.function)

X = np.array([[1, 2, 0, 1, 3], [4, 1, 1, 0, 2], [0, 2, 3, 1, 1], [1, 0, 2, 2, 0], [3, 1, 0, 1, 2]])
K = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])


def returned(exercise: Exercise, mistake: Mistake) -> list[Outcome]:
    """What a mistake does on those cases on which it returns something."""
    return [outcome for outcome in seen(exercise, mistake.function) if len(outcome) > 1]


def mistaken(function: str, id_: str) -> Callable[..., Any]:
    """The wrong function with this id."""
    return next(one.function for one in BY_NAME[function].mistakes if one.id == id_)


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


@pytest.mark.parametrize(("exercise", "mistake"), ALL)
def test_a_mistake_is_not_right(exercise: Exercise, mistake: Mistake) -> None:
    """A mistake differs from the reference on at least one case: in its result, its errors or what it changes."""
    assert seen(exercise, mistake.function) != seen(exercise, exercise.reference)


@each_exercise
def test_mistakes_differ_from_each_other(exercise: Exercise) -> None:
    """Any two mistakes of one function differ on at least one case, so that each can be named."""
    outcomes = {mistake.id: seen(exercise, mistake.function) for mistake in exercise.mistakes}

    assert len(outcomes) == len(exercise.mistakes)
    assert [pair for pair in combinations(outcomes, 2) if outcomes[pair[0]] == outcomes[pair[1]]] == []


@pytest.mark.parametrize(("exercise", "mistake"), ALL)
def test_only_the_mistake_about_the_input_changes_it(exercise: Exercise, mistake: Mistake) -> None:
    """One fault is not named for two."""
    changed = any(names for _, _, names in returned(exercise, mistake))

    assert changed == mistake.id.startswith("M43")


@pytest.mark.parametrize(("exercise", "mistake"), ALL)
def test_a_mistake_has_words(exercise: Exercise, mistake: Mistake) -> None:
    """A mistake has an id, a short name, one or two full sentences, and a heading of its notebook or an earlier one."""
    number, heading = re.fullmatch(r'notebook (\d\d), "(.+)"', mistake.read_again).groups()

    assert re.fullmatch(r"[MCF]\d{1,2}[a-c]?", mistake.id)
    assert 2 <= len(mistake.name.split()) <= 5
    assert mistake.says.startswith(("You ", "Your "))
    assert mistake.says.endswith(".")
    assert len(mistake.says) <= 240
    assert number <= "03"
    assert heading in headings(number)


@each_exercise
def test_words_are_unique(exercise: Exercise) -> None:
    """No two mistakes of one function say the same."""
    assert len({mistake.says for mistake in exercise.mistakes}) == len(exercise.mistakes)
