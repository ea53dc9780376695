"""Authors' slips that can be seen without running anything: each ends in a sentence that says where it is."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.declarations import require_sound
from autograder.course.exercise import Assignment, Case, Exercise, Hint, Prediction
from autograder.course.folder import Course, load_course
from autograder.errors import CourseError
from autograder.sandbox.limits import Limits
from tests.autograder.conftest import EXERCISES


class Silent:
    """A function that does not tell its parameters, as some of C's do not."""

    __signature__ = 3

    def __call__(self) -> None:
        """Do nothing."""


@pytest.fixture
def assignment(course: Course) -> Assignment:
    """The small course's only assignment."""
    return course.assignments[0]


def refusal(course: Course, *assignments: Any) -> str:
    """What is said of these declarations."""
    with pytest.raises(CourseError) as caught:
        require_sound(course.folder, assignments)
    return str(caught.value)


def with_exercise(assignment: Assignment, **fields: Any) -> Assignment:
    """The assignment with other fields in its first exercise."""
    first, *others = assignment.exercises
    return replace(assignment, exercises=[replace(first, **fields), *others])


def test_a_course_without_slips_is_sound(course: Course) -> None:
    """Nothing is said of it."""
    require_sound(course.folder, course.assignments)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("marks", 0.5, "marks is 0.5. Use whole marks, 0 or more"),
        ("marks", True, "marks is True. Use whole marks"),
        ("marks", -1, "marks is -1. Use whole marks"),
        ("marks", "2", "marks is '2'. Use whole marks"),
        ("marks", None, "marks is None. Use whole marks"),
        ("says", " ", "says is ' '. Use text that is not empty."),
        ("cases", [Case(x=np.ones(1))], "Use a function: lambda rng: [...]."),
        ("examples", Case(x=np.ones(1)), "Use a list."),
        ("examples", [{"x": 1}], "examples contains {'x': 1}. List Case objects."),
        ("inputs_unchanged", "yes", "inputs_unchanged is 'yes'. Use True or False."),
        ("faster_than", 3, "faster_than is 3. Use a function, or leave it out."),
        ("ratio", 0, "ratio is 0. Use a number above 0."),
        ("ratio", float("nan"), "ratio is nan. Use a number above 0."),
    ],
)
def test_a_slip_in_a_behaviour(course: Course, assignment: Assignment, field: str, value: object, words: str) -> None:
    """File, function and behaviour, what is wrong, and what to do."""
    behaviours = [replace(assignment.exercises[0].behaviours[0], **{field: value})]

    said = refusal(course, with_exercise(assignment, behaviours=behaviours, hints=()))

    assert said.startswith(f"{course.folder}/exercises/__init__.py, scale, 'twice': ")
    assert words in said


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("function", "not a name", "function is 'not a name'. Use a function's name."),
        ("reference", None, "reference is None. Use a function."),
        ("reference", Silent(), "the parameters of reference are unknown."),
        ("answer", partial(print), "its model answer is named None."),
        ("answer", lambda x: x, "its model answer is named '<lambda>'."),
        ("behaviours", (), "behaviours is empty. Declare at least one."),
        ("behaviours", "marks", "behaviours is 'marks'. Use a list."),
        ("behaviours", [None], "behaviours contains None. List Behaviour objects."),
        ("mistakes", [lambda x: x], "A mistake needs id, name, function, says, read_again, convention, over."),
        ("hints", {"a": 1}, "hints is {'a': 1}. Use a list."),
        ("difficulty", 7, "difficulty is 7. Use a whole number, from 1 to 3."),
        ("difficulty", True, "difficulty is True. Use a whole number"),
        ("importance", 0, "importance is 0. Use a whole number, from 1 to 3."),
        ("minutes", -5, "minutes is -5. Use a whole number, 0 or more."),
        ("rtol", 0, "rtol is 0. Use a number above 0."),
        ("rtol", -1e-5, "rtol is -1e-05. Use a number above 0."),
        ("rtol", 1.0, "rtol is 1.0. Use less than 1"),
        ("windows", "image", "windows is 'image'. Use a function, or leave it out."),
        ("sizes", ["height"], "sizes is ['height']. Use a function, or leave it out."),
    ],
)
def test_a_slip_in_an_exercise(course: Course, assignment: Assignment, field: str, value: object, words: str) -> None:
    """Every field is looked at."""
    said = refusal(course, with_exercise(assignment, **{field: value}))

    assert said.startswith(f"{course.folder}/exercises/__init__.py, ")
    assert words in said


def test_names_are_declared_once(course: Course, assignment: Assignment) -> None:
    """Behaviours, mistakes, functions with predictions, and assignments."""
    first = assignment.exercises[0]
    twice = [
        with_exercise(assignment, behaviours=[*first.behaviours, first.behaviours[0]]),
        with_exercise(assignment, mistakes=[*first.mistakes, first.mistakes[0]]),
        replace(assignment, exercises=[first, first]),
        replace(assignment, predictions=[Prediction("scale", 1)]),
        replace(assignment, predictions=[*assignment.predictions, *assignment.predictions]),
    ]

    said = [refusal(course, one) for one in twice] + [refusal(course, assignment, assignment)]

    names = ["twice", "S1", "scale", "scale", "doubled", "scaling"]
    assert [f"{name!r} is declared twice" in words for name, words in zip(names, said, strict=True)] == [True] * 6


@pytest.mark.parametrize(
    ("hint", "words"),
    [
        (Hint("s", "q?", "p", "n", about=["M999"]), "hint 's': about contains 'M999'. Use a mistake's id"),
        (Hint("s", "q?", "p", "n", about="S1"), "about is 'S1'. Use a list."),
        (Hint("s", "", "p", "n"), "question is ''. Use text that is not empty."),
        (Hint("s", "q?", "p", 3), "near_code is 3. Use text"),  # type: ignore[arg-type]
    ],
)
def test_a_slip_in_a_hint(course: Course, assignment: Assignment, hint: Hint, words: str) -> None:
    """A hint that nobody would ever see, or an empty one."""
    assert words in refusal(course, with_exercise(assignment, hints=[hint]))


class _Slip:
    """A mistake with one field changed."""

    def __init__(self, mistake: Any, field: str, value: object) -> None:
        vars(self).update(vars(mistake))
        self.convention, self.over = mistake.convention, mistake.over
        setattr(self, field, value)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("id", "", "id is ''. Use text"),
        ("says", None, "mistake 'S1': says is None. Use text"),
        ("function", "scale", "mistake 'S1': function is 'scale'. Use a function."),
        ("convention", 1, "convention is 1. Use True or False."),
        ("over", 1, "over is 1. Use a function, or leave it out."),
    ],
)
def test_a_slip_in_a_mistake(course: Course, assignment: Assignment, field: str, value: object, words: str) -> None:
    """It is named by its id."""
    mistake = _Slip(assignment.exercises[0].mistakes[0], field, value)

    assert words in refusal(course, with_exercise(assignment, mistakes=[mistake], hints=()))


@pytest.mark.parametrize(
    ("prediction", "words"),
    [
        (Prediction("not a name", 1), "name is 'not a name'. Use a variable's name."),
        (Prediction("p", None), "p: answer is None. Give the value that students type."),
        (Prediction("p", {1: 2}), "p: answer is a dict. Use numbers"),
        (Prediction("p", 1j), "p: answer is complex numbers. Use numbers"),
        (Prediction("p", float("nan")), "p: answer is nan. Use finite numbers."),
        (Prediction("p", 1, slips=[(2, "")]), "the words of slip 2 are ''."),
        (Prediction("p", 1, slips=[2]), "slips contains 2. Give pairs"),  # type: ignore[list-item]
    ],
)
def test_a_slip_in_a_prediction(course: Course, assignment: Assignment, prediction: Prediction, words: str) -> None:
    """An answer that nobody can type, or a slip that is none."""
    assert words in refusal(course, replace(assignment, predictions=[prediction]))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one: replace(one, title=""), "title is ''. Use text"),
        (lambda one: replace(one, name="a/b"), "name is 'a/b'. Use a file name"),
        (lambda one: replace(one, exercises=[None]), "exercises contains None. List Exercise objects."),
        (lambda one: replace(one, lends=["f"]), "lends contains 'f'. List functions."),
        (lambda one: replace(one, facts=[1]), "facts is [1]. Use a dictionary"),
        (lambda one: replace(one, facts={"a b": 1}), "facts names 'a b'. Use a Python name"),
        (lambda one: one.exercises[0], "ASSIGNMENTS contains Exercise("),
    ],
)
def test_a_slip_in_an_assignment(
    course: Course, assignment: Assignment, change: Callable[[Assignment], object], words: str
) -> None:
    """With the file that lists the assignments."""
    said = refusal(course, change(assignment))

    assert said.startswith(f"{course.folder}/exercises/__init__.py")
    assert words in said


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("call_seconds", "2", "call_seconds is '2'. Use a number above 0."),
        ("call_seconds", True, "call_seconds is True. Use a number above 0."),
        ("call_seconds", float("inf"), "call_seconds is inf. Use a number above 0."),
        ("processes", 1.5, "processes is 1.5. Use a whole number above 0."),
        ("memory_bytes", 0, "memory_bytes is 0. Use a number above 0"),
    ],
)
def test_a_slip_in_the_limits(field: str, value: Any, words: str) -> None:
    """What cannot be a limit is refused where it is made."""
    with pytest.raises(CourseError) as caught:
        Limits(**{field: value})
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"twice", "By', '"twice", "half", "By', "TypeError("),
        ("difficulty", "difficulty", "SyntaxError("),
    ],
)
def test_a_declaration_that_cannot_be_made_names_its_line(
    new_course: Callable[..., Path], old: str, new: str, words: str
) -> None:
    """A misspelt field, or text that is no Python."""
    exercises = EXERCISES.replace(old, new) if "TypeError" in words else f"{EXERCISES}\nx = ("

    with pytest.raises(CourseError) as caught:
        load_course(new_course(exercises=exercises))

    assert "exercises/__init__.py, line " in str(caught.value)
    assert words in str(caught.value)


def test_the_module_of_an_exercise_is_named(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a course has a module for each assignment, that one is."""
    first = course.assignments[0]
    slip: Exercise = replace(first.exercises[0], minutes=-1)
    listed = replace(first, exercises=[slip])
    package = f"{course.folder.name}.exercises"
    for name, held in ((f"{package}.other", {}), (f"{package}.scales", {"SCALE": slip, "ASSIGNMENT": listed})):
        module = type(pytest)(name)
        vars(module).update(held, __file__=str(course.folder / "exercises" / f"{name.rpartition('.')[2]}.py"))
        monkeypatch.setitem(sys.modules, name, module)

    assert refusal(course, listed).startswith(f"{course.folder}/exercises/scales.py, scale: minutes is -1")
