"""The course's exercises worked out: trials with what each known mistake does on them, and how a function fares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from autograder.course.exercise import Exercise, Function
from autograder.marking.mark import judge
from autograder.marking.scheme import MarkScheme, Trial, draw
from autograder.model import Outcome, Raised, Returned, Unmarkable, Verdict
from autograder.sandbox.values import UnmarkableError, plain
from course.exercises import ASSIGNMENTS

EXERCISES = {exercise.function: exercise for assignment in ASSIGNMENTS for exercise in assignment.exercises}
LIMIT = 1 << 24  # bytes

each_exercise = pytest.mark.parametrize("exercise", EXERCISES.values(), ids=EXERCISES.keys())


@cache
def scheme(function: str, seed: int | None = None) -> MarkScheme:
    """The mark scheme of an exercise, worked out once; by default of its visible trials."""
    return draw(EXERCISES[function], seed)


def without_mistakes(exercise: Exercise, seed: int) -> MarkScheme:
    """The mark scheme for one seed, fast to work out: nothing of mistakes, and no time is measured.

    What is about time comes with the first seed only, as its cases are large.
    """
    asked = [behaviour for behaviour in exercise.behaviours if behaviour.faster_than is None or seed == 0]
    behaviours = [replace(behaviour, faster_than=None) for behaviour in asked]
    return draw(replace(exercise, behaviours=behaviours, mistakes=()), seed)


def mistaken(function: str, id_: str) -> Function:
    """The wrong function with this id."""
    return next(mistake.function for mistake in EXERCISES[function].mistakes if mistake.id == id_)


def outcome(function: Function, trial: Trial) -> Outcome:
    """What a function does on one trial, as the grader gets to know it."""
    try:
        with np.errstate(all="ignore"):
            value, arguments = trial.call(function)
        return Returned(plain(value, LIMIT), arguments)
    except UnmarkableError as error:
        return Unmarkable(str(error))
    except Exception as error:  # noqa: BLE001  what a function raises is its outcome
        return Raised(type(error).__name__, str(error), kinds=[kind.__name__ for kind in type(error).__mro__])


def verdicts(outcomes: Sequence[Outcome], drawn: MarkScheme) -> list[Verdict]:
    """What the grader thinks of an outcome for each trial."""
    unchanged = {rule.name for rule in drawn.rules if rule.inputs_unchanged}
    return [
        judge(one, trial, inputs_unchanged=trial.behaviour in unchanged, rtol=drawn.rtol)
        for one, trial in zip(outcomes, drawn.trials, strict=True)
    ]


def failed(function: Function, drawn: MarkScheme) -> set[str]:
    """The behaviours that a function gets wrong."""
    found = verdicts([outcome(function, trial) for trial in drawn.trials], drawn)
    return {trial.behaviour for trial, verdict in zip(drawn.trials, found, strict=True) if verdict.fault}
