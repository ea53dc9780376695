"""Hints: which one a student gets, and that there is one for everyone."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from autograder.course.exercise import Exercise
from autograder.marking.mark import mark
from autograder.notebook.hint import choose
from tests.schemes import EXERCISES, each_exercise, outcome, scheme

STUB = "not solved yet"
RAISED = "raised"
FAULTS = {"", "raised", "kind", "shape", "values", "not finite", "input changed", "not refused", "slow"}


def _name(about: str) -> str:
    return about.partition(":")[0]


def _fault(about: str) -> str:
    return about.partition(": ")[2]


@each_exercise
def test_a_hint_is_about_something_of_its_exercise(exercise: Exercise) -> None:
    """It names known mistakes, behaviours or the stub, and nothing else."""
    known = {mistake.id for mistake in exercise.mistakes} | {one.name for one in exercise.behaviours} | {STUB, RAISED}

    assert [hint.symptom for hint in exercise.hints if not hint.about] == []
    assert {_name(about) for hint in exercise.hints for about in hint.about} - known == set()
    assert {_fault(about) for hint in exercise.hints for about in hint.about if _name(about) != RAISED} <= FAULTS


@each_exercise
def test_every_behaviour_with_marks_has_a_hint(exercise: Exercise) -> None:
    """Whoever fails one is helped, named mistake or not."""
    helped = {_name(about) for hint in exercise.hints for about in hint.about}

    assert {one.name for one in exercise.behaviours if one.marks} - helped == set()


@each_exercise
def test_one_hint_says_how_to_start(exercise: Exercise) -> None:
    """Whoever has not begun gets one hint, which there is no choosing from."""
    assert [STUB in hint.about for hint in exercise.hints].count(True) == 1


@each_exercise
def test_a_mistake_has_one_hint_at_most(exercise: Exercise) -> None:
    """Two for the same mistake would leave one of them unread; what a hint is about is listed once."""
    ids = {mistake.id for mistake in exercise.mistakes}
    counted = Counter(name for hint in exercise.hints for name in hint.about if name in ids)

    assert [name for name, count in counted.items() if count > 1] == []
    assert all(len(set(hint.about)) == len(hint.about) for hint in exercise.hints)


@each_exercise
def test_a_hint_has_three_levels(exercise: Exercise) -> None:
    """A question that asks, a pointer, and nearly the code, each another text."""
    for hint in exercise.hints:
        levels = {hint.question.strip(), hint.pointer.strip(), hint.near_code.strip()}

        assert len(levels - {""}) == 3
        assert "?" in hint.question


@pytest.mark.parametrize("function", ["conv2d_valid", "conv2d_one_filter"])
def test_loops_that_end_one_too_early_have_a_hint_that_is_true(function: str) -> None:
    """Hints about a behaviour as a whole say things of the first number, which is right there."""

    def wrong(*arguments: Any) -> Any:
        values = np.array(EXERCISES[function].answer(*arguments))
        values[-1], values[:, -1] = 0, 0
        return values

    known = scheme(function)
    report = mark(known, [outcome(wrong, trial) for trial in known.trials])

    assert choose(known, report).symptom == "The last row or the last column is 0"


def test_most_mistakes_lead_to_a_hint_of_their_own() -> None:
    """At least two thirds of the known mistakes are reached by their id, and the others by what they break."""
    reached = {
        (exercise.function, name) for exercise in EXERCISES.values() for hint in exercise.hints for name in hint.about
    }
    mistakes = [(exercise.function, mistake.id) for exercise in EXERCISES.values() for mistake in exercise.mistakes]

    assert sum(mistake in reached for mistake in mistakes) * 3 >= len(mistakes) * 2


@each_exercise
def test_code_in_a_hint_ends_where_it_ends(exercise: Exercise) -> None:
    """Backticks come in pairs, as all that is between two of them is shown as code."""
    texts = [text for hint in exercise.hints for text in (hint.symptom, hint.question, hint.pointer, hint.near_code)]

    assert [text for text in texts if text.count("`") % 2] == []


NOT_A_VALUE = ("shape is right", "numbers are right", "number is right", "cells are right", "too large by the same")


@each_exercise
def test_a_hint_for_any_fault_claims_none(exercise: Exercise) -> None:
    """Where a symptom says that shape or numbers are right, its hint is for the other fault alone."""
    behaviours = {one.name for one in exercise.behaviours}
    claims = [hint for hint in exercise.hints if any(words in hint.symptom for words in NOT_A_VALUE)]

    assert [hint.symptom for hint in claims if behaviours & set(hint.about)] == []
