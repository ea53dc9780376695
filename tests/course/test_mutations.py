"""Every known mistake is caught by the cases, and told by its name."""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import course as courses
from autograder import verify
from autograder.exercise import Exercise
from autograder.marking import judge, mark
from autograder.model import ExerciseReport, Outcome, Raised, Returned
from autograder.sandbox.values import UnmarkableError, plain
from autograder.scheme import MarkScheme, Trial, draw
from course.exercises import ASSIGNMENTS

ROOT = Path(__file__).parents[2]
EXERCISES = [exercise for assignment in ASSIGNMENTS for exercise in assignment.exercises]
SEED = 11

each_exercise = pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.function)


@cache
def scheme(exercise_number: int, seed: int | None) -> MarkScheme:
    """The mark scheme of an exercise, worked out once."""
    return draw(EXERCISES[exercise_number], seed)


def outcome(function: Callable[..., Any], trial: Trial) -> Outcome:
    """What a function does on one trial, as the grader gets to know it."""
    arguments = copy.deepcopy([value for _, value in trial.arguments])
    positional = arguments[: len(arguments) - trial.named]
    keywords = dict(zip(trial.keywords, arguments[len(positional) :], strict=True))
    try:
        with np.errstate(all="ignore"):
            value = plain(function(*positional, **keywords), 1 << 30)
    except UnmarkableError as error:
        return Raised("UnmarkableError", str(error))
    except Exception as error:  # noqa: BLE001  what a mistake raises is its outcome
        return Raised(type(error).__name__, str(error), kinds=[kind.__name__ for kind in type(error).__mro__])
    return Returned(value, arguments)


def told(exercise: Exercise, seed: int | None, function: Callable[..., Any]) -> tuple[ExerciseReport, bool]:
    """The report on a function, and whether it returned any wrong value to know it by."""
    drawn = scheme(EXERCISES.index(exercise), seed)
    outcomes = [outcome(function, trial) for trial in drawn.trials]
    report = mark(drawn, outcomes)
    unchanged = {rule.name for rule in drawn.rules if rule.inputs_unchanged}
    seen = any(
        isinstance(one, Returned) and judge(one, trial, inputs_unchanged=trial.behaviour in unchanged).fault
        for one, trial in zip(outcomes, drawn.trials, strict=True)
    )
    return report, seen


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
