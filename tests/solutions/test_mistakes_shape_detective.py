"""The known mistakes of notebook 08 are wrong in the way they say, differ from each other, and come with words."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import course
from autograder.compare import compare
from autograder.exercise import Case, Exercise
from course.exercises import shape_detective
from course.exercises.hand import K, X
from solutions.mistakes import Mistake, with_words
from solutions.mistakes.clinic import AVERAGE_SAME, CORRELATE_CHANNELS, CORRELATE_SAME, CORRELATE_STRIDED
from solutions.mistakes.tracing import RECEPTIVE_FIELD, TRACE_SHAPES

EXERCISES = shape_detective.EXERCISES
ALL = [pytest.param(one, mistake, id=f"{one.function}-{mistake.id}") for one in EXERCISES for mistake in one.mistakes]

each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.function)

NETWORK = (
    ("conv", 8, (3, 3), (1, 1), "same"),
    ("pool", (2, 2), (2, 2), "valid"),
    ("conv", 16, (2, 3), (1, 2), "same"),
    ("flatten",),
)
CHANNELS = np.stack([X, 2 * X, np.ones_like(X)], axis=-1)
FILTER = np.stack([K, np.ones_like(K), K], axis=-1)


def wrong(mistakes: tuple[Mistake, ...], id_: str, *arguments: Any) -> Any:
    """What a mistake returns."""
    return next(mistake.function for mistake in mistakes if mistake.id == id_)(*arguments)


def outcome(function: Any, case: Case) -> Any:
    """What a grader sees of a call: its value, or the kind of its error."""
    copies = {name: part.copy() if isinstance(part, np.ndarray) else part for name, part in case.arguments.items()}
    try:
        with np.errstate(all="ignore"):
            value = function(**copies)
    except (IndexError, ValueError) as error:
        return type(error).__name__
    assert all(np.array_equal(copies[name], part) for name, part in case.arguments.items() if name != "layers")
    return value


def equal(one: Any, other: Any) -> bool:
    """Whether two outcomes cannot be told apart."""
    return compare(one, other).fault is None


def cases(exercise: Exercise) -> list[Case]:
    """Every case of an exercise that two seeds draw."""
    return [
        case
        for behaviour in exercise.behaviours
        for seed in (1, 2)
        for case in (*behaviour.examples, *behaviour.cases(np.random.default_rng(seed)))
    ]


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("M20", [(8, 8, 8), (4, 4, 8), (4, 4, 16), (256,)]),
        ("M29", [(8, 8, 8), (4, 4, 8), (4, 2, 128), (1024,)]),
        ("P2", [(8, 8, 8), (4, 4, 1), (4, 2, 16), (128,)]),
        ("F17", [(8, 8, 8), (7, 7, 8), (7, 7, 16), (784,)]),
        ("F81", [(8, 8, 1), (4, 4, 1), (4, 2, 1), (8,)]),
        ("F82", [(8, 8, 8), (4, 4, 8), (4, 2, 16), (8,)]),
        ("F85", [(8, 8, 1), (8, 8, 8), (4, 4, 8), (4, 2, 16), (128,)]),
        ("M13", [(8, 8, 8), (4, 4, 8), (4, 2, 16), (128,)]),
    ],
)
def test_wrong_shapes(id_: str, expected: list[tuple[int, ...]]) -> None:
    """The network that reads digits gets the shapes that a fault makes, or the right ones where it hides the fault."""
    assert wrong(TRACE_SHAPES, id_, NETWORK, (8, 8, 1)) == expected


@pytest.mark.parametrize(("id_", "expected"), [("M13", 3), ("M14", 2), ("M7", 1), ("F10", 3)])
def test_five_pixels_in_steps_of_two(id_: str, expected: int) -> None:
    """A window of 2 fits twice into 5 pixels, and once, twice or three times by a wrong rule."""
    layer = ("pool", (2, 2), (2, 2), "valid")

    assert wrong(TRACE_SHAPES, id_, (layer,), (5, 5, 1)) == [(expected, expected, 1)]


@pytest.mark.parametrize(("id_", "expected"), [("M14", 1), ("F87", 0)])
def test_a_window_that_does_not_fit_is_let_through(id_: str, expected: int) -> None:
    """A window of 3 over 2 pixels in steps of 2 gives a size of 1 by rounding to zero, and 0 without a refusal."""
    layer = ("conv", 4, (3, 3), (2, 2), "valid")

    assert wrong(TRACE_SHAPES, id_, (layer,), (2, 2, 3)) == [(expected, expected, 4)]


@pytest.mark.parametrize(
    ("id_", "thirds", "halves"),
    [
        ("C2a", [3, 6, 9], [3, 5, 8, 10]),
        ("C2b", [4, 7, 10], [4, 6, 9, 11]),
        ("C2c", [3, 5, 7], [3, 4, 6, 7]),
        ("C2d", [3, 9, 15], [3, 5, 9, 13]),
        ("F88", [2, 4, 10], [2, 3, 7, 9]),
    ],
)
def test_wrong_receptive_fields(id_: str, thirds: list[int], halves: list[int]) -> None:
    """Three layers see 3, 5, 11 pixels and four see 3, 4, 8, 10; a fault gives the numbers it is known for."""
    assert wrong(RECEPTIVE_FIELD, id_, ((3, 1, 1), (3, 3, 1), (3, 1, 1))) == thirds
    assert wrong(RECEPTIVE_FIELD, id_, ((3, 1, 1), (2, 2, 1), (3, 1, 1), (2, 2, 1))) == halves


@pytest.mark.parametrize(("id_", "expected"), [("C3a", 7), ("C3b", 3), ("C3c", 6)])
def test_wrong_dilation(id_: str, expected: int) -> None:
    """A kernel of 3 with a dilation of 2 spans 5 pixels, and 7 where dilation is read as gaps."""
    assert wrong(RECEPTIVE_FIELD, id_, ((3, 1, 2),)) == [expected]


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param(wrong(CORRELATE_SAME, "M17", X, [[1, -1], [0, 2]])[0], [2, 4, 0, 2, 6], id="M17"),
        pytest.param(wrong(CORRELATE_STRIDED, "M9", X, K, (2, 2)), [[1, 3], [-1, 0]], id="M9"),
        pytest.param(wrong(CORRELATE_STRIDED, "F89", X, K, (2, 2)), [[1, 0], [0, 0]], id="F89"),
        pytest.param(wrong(CORRELATE_CHANNELS, "M35", CHANNELS, FILTER, 1)[0], [56, 52, 49], id="M35"),
        pytest.param(wrong(CORRELATE_CHANNELS, "M36", CHANNELS, FILTER, 1)[0], [32, 28, 25], id="M36"),
        pytest.param(wrong(CORRELATE_CHANNELS, "M37", CHANNELS, FILTER, 1)[0], [29, 25, 22], id="M37"),
        pytest.param(wrong(AVERAGE_SAME, "P5", X, 2)[:, -1], [1.25, 0.25, 0.5], id="P5"),
        pytest.param(wrong(AVERAGE_SAME, "F91", X, 2)[0], [2, 1, 2.5], id="F91"),
    ],
)
def test_wrong_outputs_of_the_hand_examples(actual: Any, expected: Any) -> None:
    """X gives the wrong numbers that the fault is known for."""
    np.testing.assert_allclose(actual, expected)


@each_exercise
def test_mistakes_differ_from_each_other_and_from_the_right_answer(exercise: Exercise) -> None:
    """Any two functions differ on a case of the exercise, so that each mistake can be caught and named."""
    functions = {"right": exercise.reference, **{mistake.id: mistake.function for mistake in exercise.mistakes}}
    seen = {name: [outcome(function, case) for case in cases(exercise)] for name, function in functions.items()}

    alike = [pair for pair in combinations(seen, 2) if all(map(equal, *(seen[name] for name in pair)))]

    assert alike == []


@each_exercise
def test_ids_are_unique(exercise: Exercise) -> None:
    """No two mistakes of a function share an id or words."""
    assert len({mistake.id for mistake in exercise.mistakes}) == len(exercise.mistakes)
    assert len({mistake.says for mistake in exercise.mistakes}) == len(exercise.mistakes)


@pytest.mark.parametrize(("exercise", "mistake"), ALL)
def test_a_mistake_has_words(exercise: Exercise, mistake: Mistake) -> None:
    """A mistake has an id, a short name, full sentences and a heading of notebook 08."""
    text = (Path(course.__file__).parent / "notebooks" / "08_shape_detective.py").read_text(encoding="utf-8")

    assert re.fullmatch(r"[MPCF]\d{1,2}[a-f]?", mistake.id)
    assert 2 <= len(mistake.name.split()) <= 5
    assert mistake.says.endswith(".")
    assert len(mistake.says) <= 240
    assert mistake.read_again.startswith('notebook 08, "')
    assert f"\n# ## {mistake.read_again[14:-1]}\n" in text


WORDS = """
M1 | kernel flipped | notebook 01, Rows first
It is turned,
and has to stay.

M2 | kernel mirrored | notebook 02, "=", and others
It is mirrored.
"""


def test_a_table_of_words() -> None:
    """Paragraphs become mistakes in their order; a line break in what is said is a space."""
    first, second = with_words({"M2": abs, "M1": min}, WORDS)

    assert first == Mistake("M1", "kernel flipped", min, "It is turned, and has to stay.", 'notebook 01, "Rows first"')
    assert (second.id, second.function) == ("M2", abs)


@pytest.mark.parametrize("functions", [{"M1": min}, {"M1": min, "M2": abs, "M3": max}])
def test_words_and_functions_go_together(functions: dict[str, Any]) -> None:
    """Words without a function are refused, and so is a function without words."""
    with pytest.raises(ValueError, match=r"with_words: \['M[23]'\] are in one table only, but have to be in both"):
        with_words(functions, WORDS)
