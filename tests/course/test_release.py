"""What students get: no solution, no hidden case, no seed; and what is committed is what the course builds."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from pathlib import Path

import nbformat
import numpy as np
import pytest

from autograder.course.exercise import Assignment, Exercise
from autograder.course.folder import Course, load_course
from autograder.marking.scheme import draw
from autograder.release import answer_key, build
from course.exercises import ASSIGNMENTS

RELEASE = Path(__file__).parents[2] / "course" / "release"
EXERCISES = [(assignment, exercise) for assignment in ASSIGNMENTS for exercise in assignment.exercises]

each_assignment = pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda assignment: assignment.name)
each_exercise = pytest.mark.parametrize(
    ("assignment", "exercise"), EXERCISES, ids=[exercise.function for _, exercise in EXERCISES]
)


@pytest.fixture(scope="module")
def course() -> Course:
    """The course of this repository."""
    return load_course(RELEASE.parent)


def code(text: str) -> str:
    """The code of a notebook, without comments, docstrings and spacing."""
    notebook = nbformat.reads(text, as_version=4)
    return "\n".join(_bare(cell.source) for cell in notebook.cells if cell.cell_type == "code")


@pytest.fixture(scope="module")
def solved(course: Course) -> dict[str, str]:
    """The code of every notebook with model answers, by assignment."""
    return {one.name: code(build.notebook(course, one, solved=True)) for one in course.assignments}


def _bare(source: str) -> str:
    tree = ast.parse(textwrap.dedent(source))
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def body(exercise: Exercise) -> str:
    """The statements of a model answer, as `released_code` would show them."""
    tree = ast.parse(_bare(inspect.getsource(exercise.answer)))
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef)
    return textwrap.indent("\n".join(ast.unparse(statement) for statement in function.body), "    ")


@each_exercise
def test_no_model_answer_is_released(assignment: Assignment, exercise: Exercise, solved: dict[str, str]) -> None:
    """The statements of the answer stand in the instructors' notebook, and nowhere in the code of the release."""
    released = code((RELEASE / assignment.name / f"{assignment.name}.ipynb").read_text())

    assert body(exercise) in solved[assignment.name]
    assert body(exercise) not in released


@each_exercise
def test_the_key_holds_the_visible_cases_and_no_other(assignment: Assignment, exercise: Exercise) -> None:
    """Every trial of the key is one that a draw without a seed gives, and no array of a hidden trial is in it."""
    key = answer_key.read(RELEASE / assignment.name / answer_key.FILE_NAME)
    trials = key.schemes[exercise.function].trials
    arrays = {array.tobytes() for trial in trials for array in trial.positional if isinstance(array, np.ndarray)}
    hidden = [trial for trial in draw(exercise, seed=3).trials if not trial.visible]

    assert len(trials) == len(draw(exercise).trials)
    large = [
        array for trial in hidden for array in trial.positional if isinstance(array, np.ndarray) and array.size > 8
    ]
    assert [array for array in large if array.tobytes() in arrays] == []


@each_assignment
def test_the_release_names_its_origin(assignment: Assignment, course: Course) -> None:
    """A released notebook says which assignment it is, of which release; it holds no seed."""
    text = (RELEASE / assignment.name / f"{assignment.name}.ipynb").read_text()

    assert json.loads(text)["metadata"]["autograder"] == {
        "assignment": assignment.name,
        "release": course.release(assignment),
    }


@each_assignment
def test_what_is_committed_is_current(assignment: Assignment, course: Course) -> None:
    """Each released file is what the course builds, byte for byte."""
    stale = [file.path for file in build.release(course, assignment) if (RELEASE / file.path).read_text() != file.text]

    assert stale == []
