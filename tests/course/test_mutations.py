"""Every known mistake is caught by the cases, and told by its name."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import course as courses
from autograder import verify
from autograder.exercise import Exercise, Function
from autograder.marking import mark
from autograder.model import ExerciseReport, Returned
from tests.schemes import each_exercise, outcome, scheme, verdicts

ROOT = Path(__file__).parents[2]
SEED = 11


def told(exercise: Exercise, seed: int | None, function: Function) -> tuple[ExerciseReport, bool]:
    """The report on a function, and whether it returned any wrong value to know it by."""
    drawn = scheme(exercise.function, seed)
    outcomes = [outcome(function, trial) for trial in drawn.trials]
    found = verdicts(outcomes, drawn)
    seen = any(isinstance(one, Returned) and verdict.fault for one, verdict in zip(outcomes, found, strict=True))
    return mark(drawn, outcomes), seen


@each_exercise
@pytest.mark.parametrize("seed", [SEED, None], ids=["grader", "check"])
def test_every_known_mistake_is_named(exercise: Exercise, seed: int | None) -> None:
    """The grader names it by all cases, check() by the visible ones: this mistake, alone or with its doubles.

    One that only raises is told by its exception: there is no value to know it by.
    """
    unnamed = {}
    for mistake in exercise.mistakes:
        report, seen = told(exercise, seed, mistake.function)
        named = {name for one in report.behaviours if one.diagnosis is not None for name in one.diagnosis.mistakes}
        if seen and mistake.id not in named:
            unnamed[mistake.id] = named

    assert unnamed == {}


@each_exercise
def test_a_right_answer_is_given_no_diagnosis(exercise: Exercise) -> None:
    """The model answer, and the reference itself, get every mark and no word."""
    for function in (exercise.answer, exercise.reference):
        report, _ = told(exercise, None, function)

        assert [str(one.message) for one in report.behaviours if one.message is not None] == []


def test_cases_catch_every_known_mistake() -> None:
    """The visible cases alone do, and so do the hidden ones."""
    found = list(verify.mutations(courses.load(ROOT / "course")))

    assert {row.function: (row.visible, row.hidden) for row in found if not row.agrees} == {}
    assert sum(row.mistakes for row in found) > 300
