"""Known mistakes of notebook 02 are wrong in the way they say, differ from each other, and come with words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import course
from autograder.exercise import Exercise
from course.exercises.kernels_that_see import ASSIGNMENT
from solutions.mistakes import Mistake
from solutions.mistakes.kernels_that_see import NAMES

EXERCISES = {exercise.function: exercise for exercise in ASSIGNMENT.exercises}
ALL = [
    pytest.param(exercise, mistake, id=f"{exercise.function}-{mistake.id}")
    for exercise in ASSIGNMENT.exercises
    for mistake in exercise.mistakes
]

X = np.array([[1, 2, 0, 1, 3], [4, 1, 1, 0, 2], [0, 2, 3, 1, 1], [1, 0, 2, 2, 0], [3, 1, 0, 1, 2]])
K = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
COUNTED = np.array([[1, 2, 3], [4, 5, 6]])


def copied(value: Any) -> Any:
    """An argument, free to be changed."""
    return value.copy() if isinstance(value, np.ndarray) else value


def outcome(function: Callable[..., Any], arguments: Mapping[str, Any]) -> tuple[Any, ...]:
    """All that a grader can see of a call: shape and numbers or an error, and the arguments after it."""
    given = [copied(value) for value in arguments.values()]
    try:
        result = np.asarray(function(*given), dtype=np.float64)
    except (ValueError, LookupError, TypeError) as error:
        return (type(error).__name__,)
    changed = [not np.array_equal(one, other) for one, other in zip(given, arguments.values(), strict=True)]
    # An exact zero may have a sign.
    return result.shape, tuple((result.round(6) + 0.0).ravel().tolist()), changed


def seen(exercise: Exercise, function: Callable[..., Any]) -> list[tuple[Any, ...]]:
    """What a function does on the visible cases and on some hidden ones."""
    return [
        outcome(function, case.arguments)
        for behaviour in exercise.behaviours
        for case in (*behaviour.examples, *behaviour.cases(np.random.default_rng(1)))
    ]


def mistaken(function: str, id_: str) -> Callable[..., Any]:
    """The wrong function with this id."""
    return next(one.function for one in EXERCISES[function].mistakes if one.id == id_)


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("M2a", [[3, 2, 1], [6, 5, 4]]),
        ("M2b", [[4, 5, 6], [1, 2, 3]]),
        ("M3", [[1, 4], [2, 5], [3, 6]]),
        ("F12", [[3, 6], [2, 5], [1, 4]]),
        ("F33", [[1, 2, 3], [4, 5, 6]]),
        ("F34", [[6, 5, 4], [4, 5, 6]]),
        ("F39", [[-1, -2, -3], [-4, -5, -6]]),
    ],
)
def test_a_kernel_turned_wrongly(id_: str, expected: list[list[int]]) -> None:
    """The weights 1 to 6 lie where the fault is known to put them; right is 6 5 4, 3 2 1."""
    np.testing.assert_array_equal(mistaken("flip_kernel", id_)(COUNTED), expected)


@pytest.mark.parametrize("id_", ["M2a", "F39"])
def test_the_hand_kernel_hides_a_fault(id_: str) -> None:
    """K mirrored left to right, or with its signs turned, is K turned by 180 degrees."""
    np.testing.assert_array_equal(mistaken("flip_kernel", id_)(K), np.flip(K))


NOT_TURNED = [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]]
RIGHT = [[-1, -3, 2], [1, 0, -3], [1, 1, -2]]


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("F33", NOT_TURNED),
        ("M2a", RIGHT),
        ("M2b", NOT_TURNED),
        ("M3", [[-2, -3, -1], [3, -2, -1], [1, 4, 2]]),
        ("F39", RIGHT),
        ("F30a", [[-2, 1, 1], [-3, 0, 1], [2, -3, -1]]),
        ("F30b", [[2, -1, -1], [3, 0, -1], [-2, 3, 1]]),
        ("M5", [[0, 0, 0], [0, 0, 0], [0, 0, 0]]),
        ("M7", [[-1, -3], [1, 0]]),
    ],
)
def test_true_convolution_of_the_hand_example(id_: str, expected: list[list[int]]) -> None:
    """X with K gives the wrong output that the fault is known for; a fault that K hides gives the right one."""
    np.testing.assert_array_equal(mistaken("true_convolution", id_)(X, K), expected)


@pytest.mark.parametrize(("id_", "side"), [("F38", 7), ("F10", 5)])
def test_windows_over_the_edge_make_the_output_larger(id_: str, side: int) -> None:
    """All windows that touch the 5 x 5 image make 7 x 7 sums, those centred on it 5 x 5."""
    assert mistaken("true_convolution", id_)(X, K).shape == (side, side)


def test_all_windows_that_touch_are_those_of_numpy() -> None:
    """A row convolved with windows over the edge is what `np.convolve` gives."""
    row, weights = np.array([1.0, 2, 0, 1, 3]), np.array([1.0, 2, -1])

    np.testing.assert_array_equal(
        mistaken("true_convolution", "F38")(row[None], weights[None])[0], np.convolve(row, weights)
    )


@pytest.mark.parametrize(
    ("id_", "name", "expected"),
    [
        ("M1", "vertical edge", -K),
        ("M1", "shift left", [[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
        ("M3a", "vertical edge", K.T),
        ("M3a", "horizontal edge", K),
        ("M3b", "shift left", [[0, 0, 0], [0, 0, 0], [0, 1, 0]]),
        ("M42", "box", np.zeros((3, 3))),
        ("F36b", "emboss", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("F36c", "box blur", np.full((3, 3), 1 / 9)),
        ("F37", "identity", np.eye(3)),
        ("F38a", "box", np.ones((3, 3))),
        ("F38b", "box", np.full((3, 3), 1 / 3)),
        ("F38c", "vertical edge", [[1, 0, -1], [2, 0, -2], [1, 0, -1]]),
        ("F39a", "horizontal edge", -K.T),
        ("F39b", "shift left", [[0, 0, 0], [1, 0, 0], [0, 0, 0]]),
        ("F39c", "horizontal edge", -K.T),
    ],
)
def test_a_kernel_with_the_wrong_weights(id_: str, name: str, expected: Any) -> None:
    """Each fault gives the kernel it is known for."""
    np.testing.assert_array_equal(mistaken("design_kernel", id_)(name), expected)


def test_an_unknown_name_that_gives_nothing() -> None:
    """A function that runs to its end without a return gives None."""
    assert mistaken("design_kernel", "F36a")("emboss") is None


@pytest.mark.parametrize("id_", ["F36a", "F36b", "F36c"])
def test_known_names_hide_that_unknown_ones_are_let_through(id_: str) -> None:
    """The five names give their kernels, so that this fault costs the marks of its own rule."""
    right = EXERCISES["design_kernel"].reference

    for name in NAMES:
        np.testing.assert_array_equal(mistaken("design_kernel", id_)(name), right(name))


@pytest.mark.parametrize(("exercise", "mistake"), ALL)
def test_a_mistake_is_not_right(exercise: Exercise, mistake: Mistake) -> None:
    """A mistake differs from the reference on a case of its exercise."""
    assert seen(exercise, mistake.function) != seen(exercise, exercise.reference)


@pytest.mark.parametrize(("exercise", "mistake"), ALL)
def test_only_the_mistake_about_the_input_changes_it(exercise: Exercise, mistake: Mistake) -> None:
    """No other mistake writes into its arguments, so that one fault is not named for two."""
    changes = any(any(one[2]) for one in seen(exercise, mistake.function) if len(one) > 1)

    assert changes == mistake.id.startswith("M43")


@pytest.mark.parametrize("function", ["flip_kernel", "true_convolution"])
def test_a_kernel_changed_in_place(function: str) -> None:
    """The mistake about the input gives the right numbers."""
    exercise = EXERCISES[function]
    wrong, right = seen(exercise, mistaken(function, "M43")), seen(exercise, exercise.reference)

    assert [one[:2] for one in wrong] == [one[:2] for one in right]


@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.function)
def test_mistakes_differ_from_each_other(exercise: Exercise) -> None:
    """Any two mistakes of one function differ on a case of its exercise, so that each can be named."""
    found = {mistake.id: seen(exercise, mistake.function) for mistake in exercise.mistakes}

    assert [(one, other) for one, other in combinations(found, 2) if found[one] == found[other]] == []


@pytest.mark.parametrize("exercise", ASSIGNMENT.exercises, ids=lambda exercise: exercise.function)
def test_ids_and_words_are_unique(exercise: Exercise) -> None:
    """No two mistakes of one function share an id, a name or words."""
    for part in ("id", "name", "says"):
        assert len({getattr(mistake, part) for mistake in exercise.mistakes}) == len(exercise.mistakes)


@pytest.mark.parametrize(("exercise", "mistake"), ALL)
def test_a_mistake_has_words(exercise: Exercise, mistake: Mistake) -> None:
    """A mistake has an id, a short name, full sentences, and a heading of this notebook or of an earlier one."""
    number, heading = re.fullmatch(r'notebook (\d\d), "(.+)"', mistake.read_again).groups()
    (notebook,) = Path(course.__file__).with_name("notebooks").glob(f"{number}_*.py")

    assert re.fullmatch(r"[MPF]\d{1,2}[a-c]?", mistake.id), exercise.function
    assert 2 <= len(mistake.name.split()) <= 5
    assert mistake.says.startswith(("You ", "Your "))
    assert mistake.says.endswith(".")
    assert len(mistake.says) <= 240
    assert number <= "02"
    assert f"\n# ## {heading}\n" in notebook.read_text(encoding="utf-8")
