"""What answers without work earn: the cases that give marks away are found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.course.exercise import Behaviour, Case, Exercise, Function, Refusal
from autograder.course.folder import Course
from autograder.grading import trivial
from autograder.grading.trials import SEEDS

Draw = Callable[[np.random.Generator], Sequence[Case]]


def pad(x: Any, side: int, value: float = 0.0) -> Any:
    """A frame of one value; a side below 0 is refused."""
    if side < 0:
        raise ValueError(side)
    return np.pad(np.asarray(x, dtype=float), side, constant_values=value)


def some(rng: np.random.Generator, *shape: int) -> Any:
    """Whole numbers, as floats."""
    return rng.integers(-9, 10, shape).astype(float)


def drawn(rng: np.random.Generator) -> Case:
    """A frame of one pixel."""
    return Case(x=some(rng, 3, 4), side=1)


def found(course: Course, cases: Draw, reference: Function = pad, **options: Any) -> list[tuple[str, int]]:
    """What answers without work earn in an exercise with one behaviour."""
    behaviour = Behaviour("frame", "There is a frame.", 2, cases, **options)
    exercise = Exercise("pad", reference=reference, answer=reference, behaviours=[behaviour])
    alone = replace(course, assignments=[replace(course.assignments[0], exercises=[exercise])])
    return [(one.answer, one.marks) for one in trivial.unearned(alone, SEEDS)]


def test_drawn_cases_give_nothing_away(course: Course) -> None:
    """Whoever has seen one array knows nothing of the next."""
    assert found(course, lambda rng: [drawn(rng)]) == []
    assert list(trivial.unearned(course, SEEDS)) == []


@pytest.mark.parametrize(
    ("cases", "answer"),
    [
        (lambda rng: [Case(x=np.ones((2, 2)), side=int(rng.integers(2)) * 0)], "raise ValueError"),
        (lambda rng: [Case(x=np.ones((2, 2)), side=1), Refusal(x=some(rng, 2), side=-1)], "raise ValueError"),
        (lambda rng: [Case(x=some(rng, 3, 3), side=0)], "argument 1, itself"),
    ],
)
def test_marks_that_are_given_away_are_found(course: Course, cases: Draw, answer: str) -> None:
    """With the first answer that earns them, and how many they are."""
    assert found(course, cases) == [(answer, 2)]


@pytest.mark.parametrize(
    ("reference", "answer"),
    [
        (lambda x: len(x) + 1, "return 5"),
        (lambda x: np.zeros((1, len(x) // 2)), "return array([[0., 0.]])"),
        (lambda x: (len(x), 7), "return (4, 7)"),
    ],
    ids=["one number", "zeros", "what is shown"],
)
def test_one_value_for_everything_is_found(course: Course, reference: Function, answer: str) -> None:
    """Where the cases never ask for another."""
    assert found(course, lambda rng: [Case(x=some(rng, 4, 4))], reference) == [(answer, 2)]


def test_an_answer_that_is_right_is_none_without_work(course: Course) -> None:
    """Where a shape is asked for, giving it solves the exercise."""

    def sizes(x: Any) -> tuple[int, ...]:
        return np.shape(x)

    assert found(course, lambda rng: [Case(x=some(rng, *rng.integers(2, 9, 3)))], sizes) == []
