"""Every known mistake is caught by the cases, and told by its name; a right answer is told nothing."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from autograder.course.exercise import Exercise, Function
from autograder.course.folder import load_course
from autograder.grading import trials, trivial, verify
from autograder.marking.mark import mark
from autograder.marking.scheme import MarkScheme
from autograder.model import ExerciseReport
from autograder.release import answer_key
from course.exercises import ASSIGNMENTS
from tests.course import right_answers
from tests.schemes import EXERCISES, each_exercise, outcome, scheme

ROOT = Path(__file__).parents[2]
SEED = 11
RIGHT: dict[str, list[Function]] = right_answers.collected("RIGHT")

by_grader_and_check = pytest.mark.parametrize("by", ["grader", "check"])


@cache
def released() -> dict[str, MarkScheme]:
    """What check() knows of each exercise: the answer keys of the release."""
    keys = [ROOT / "course" / "release" / one.name / answer_key.FILE_NAME for one in ASSIGNMENTS]
    return {name: found for key in keys for name, found in answer_key.read(key).schemes.items()}


def told(exercise: Exercise, by: str, function: Function) -> ExerciseReport:
    """What the grader, or check(), says of a function."""
    drawn = scheme(exercise.function, SEED) if by == "grader" else released()[exercise.function]
    return mark(drawn, [outcome(function, trial) for trial in drawn.trials])


@cache
def told_of_mistakes(function: str, by: str) -> dict[str, ExerciseReport]:
    """What is said of each known mistake, by its id; marked once for all tests."""
    exercise = EXERCISES[function]
    return {mistake.id: told(exercise, by, mistake.function) for mistake in exercise.mistakes}


@each_exercise
@by_grader_and_check
def test_every_known_mistake_is_named(exercise: Exercise, by: str) -> None:
    """It is named in every behaviour that it breaks, and nothing else is: by hidden cases and by visible ones."""
    named = {}
    for id_, report in told_of_mistakes(exercise.function, by).items():
        wrong = [one for one in report.behaviours if one.message is not None]
        named[id_] = {one.diagnosis.mistakes if one.diagnosis else None for one in wrong}

    assert named == {mistake.id: {(mistake.id,)} for mistake in exercise.mistakes}


@each_exercise
@by_grader_and_check
def test_a_convention_is_called_one(exercise: Exercise, by: str) -> None:
    """What is right elsewhere is not called a mistake, and what is a mistake is called that."""
    reports = told_of_mistakes(exercise.function, by)
    for mistake in exercise.mistakes:
        found = {one.diagnosis.kind for one in reports[mistake.id].behaviours if one.diagnosis}

        assert found <= ({"convention"} if mistake.convention else {"mistake", "likely"}), mistake.id


@each_exercise
@by_grader_and_check
def test_a_right_answer_is_given_no_diagnosis(exercise: Exercise, by: str) -> None:
    """The model answer, the reference, and every right answer written in another way get every mark and no word."""
    for function in (exercise.answer, exercise.reference, *RIGHT[exercise.function]):
        report = told(exercise, by, function)

        assert [str(one.message) for one in report.behaviours if one.message is not None] == []
        assert [one.diagnosis for one in report.behaviours if one.diagnosis is not None] == []


@pytest.mark.thorough
def test_answers_without_work_earn_nothing() -> None:
    """A function that looks up the visible cases and does something trivial otherwise gets no mark."""
    assert list(trivial.unearned(load_course(ROOT / "course"), trials.SEEDS)) == []


@pytest.mark.thorough
def test_cases_catch_every_known_mistake() -> None:
    """The visible cases alone do, and so do the hidden ones."""
    found = list(verify.mutations(load_course(ROOT / "course")))

    assert {row.function: (row.visible, row.hidden) for row in found if not row.agrees} == {}
    assert sum(row.mistakes for row in found) > 300
