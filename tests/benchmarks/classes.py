"""Classes to measure on: model answers, right answers in other words, and wrong ones, as students hand them in."""

from __future__ import annotations

import functools
import inspect
import json
import re
import textwrap
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder.course.exercise import Assignment, Exercise
from autograder.course.folder import Course
from autograder.grading.grader import Grader
from autograder.handed_in.notebook import parse
from autograder.marking.mark import judge
from autograder.marking.scheme import MarkScheme, draw
from autograder.model import Outcome, Raised, Returned
from autograder.release.build import METADATA, notebook
from tests.course import right_answers, wrong_answers
from tests.course.wrong_answers import Wrong

VARIETY = 16
IMPORTS = "import math\nimport itertools\nimport numpy as np\nfrom numpy.lib.stride_tricks import sliding_window_view\n"


def submissions(course: Course, assignment: Assignment) -> list[str]:
    """Sixteen different notebooks; answers that are right alone and not together give way to model answers."""
    solved = json.loads(notebook(course, assignment, solved=True))
    made = [_with_answers(solved, answers) for answers in variety(assignment)]
    with Grader(course, 7, course.limits) as grader:
        full = [_is_full(grader, assignment, text) for text in made]
    model = _with_answers(solved, {})
    return [text if full[number] or is_wrong(number) else model for number, text in enumerate(made)]


def _is_full(grader: Grader, assignment: Assignment, text: str) -> bool:
    report = grader.grade(parse(text.encode(), Path(f"{assignment.name}.ipynb")), "student")
    return report.marks == report.out_of


def variety(assignment: Assignment) -> list[dict[str, str]]:
    """What sixteen students write in place of model answers.

    Four have model answers only, four one function that is wrong, where there are wrong ones that stand alone, and all
    others are right in other words.
    """
    right = {one.function: _right(one) for one in assignment.exercises}
    wrong = {one.function: _wrong(one) for one in assignment.exercises}
    failing = [name for name, found in wrong.items() if found]
    made = []
    for student in range(VARIETY):
        answers = {name: found[student % len(found)] for name, found in right.items() if found and student % 4 != 3}
        if is_wrong(student) and failing:
            name = failing[student // 4 % len(failing)]
            answers[name] = wrong[name][student // 4 % len(wrong[name])]
        made.append({name: IMPORTS + source for name, source in answers.items()})
    return made


def is_wrong(student: int) -> bool:
    """Whether this student of the sixteen makes a mistake."""
    return student % 4 == 1


def _with_answers(solved: dict[str, Any], answers: dict[str, str]) -> str:
    cells = []
    for cell in solved["cells"]:
        names = cell["metadata"].get(METADATA, {}).get("names", [])
        instead = [answers[name] for name in names if name in answers and cell["cell_type"] == "code"]
        is_answer = instead and any(f"def {name}(" in "".join(cell["source"]) for name in names)
        cells.append({**cell, "source": instead[0]} if is_answer else cell)
    return json.dumps({**solved, "cells": cells})


def _right(exercise: Exercise) -> list[str]:
    found = right_answers.collected("RIGHT").get(exercise.function, ())
    return [source for one in found if (source := _alone(exercise, one, right=True)) is not None]


def _wrong(exercise: Exercise) -> list[str]:
    modules = wrong_answers.__path__
    names = sorted(path.stem for folder in modules for path in Path(folder).glob("[!_]*.py"))
    loaded = [__import__(f"{wrong_answers.__name__}.{name}", fromlist=[name]) for name in names]
    found = [one for module in loaded for one in vars(module).values() if isinstance(one, Wrong)]
    own = [one.function for one in found if one.exercise == exercise.function and one.raises is None]
    return [source for one in own if (source := _alone(exercise, one, right=False)) is not None]


def _alone(exercise: Exercise, function: Callable[..., Any], *, right: bool) -> str | None:
    """The source of a function under the exercise's name, if it stands alone and is right or wrong as it has to be."""
    source = re.sub(r"\A(@.*\n)+", "", textwrap.dedent(inspect.getsource(function)))
    source = re.sub(rf"\Adef {function.__name__}\(", f"def {exercise.function}(", source)
    namespace: dict[str, Any] = {}
    exec(IMPORTS + source, namespace)  # noqa: S102  the repository's own
    known = namespace.get(exercise.function)
    faults = {judge(outcome, trial).fault for trial, outcome in _outcomes(exercise.function, known)}
    return source if (faults == {None}) == right and "raised" not in faults else None


@functools.cache
def _scheme(function: str) -> MarkScheme:
    from course.exercises import ASSIGNMENTS  # noqa: PLC0415  the course is asked for here alone

    return draw(next(one for each in ASSIGNMENTS for one in each.exercises if one.function == function))


def _outcomes(function: str, answer: Any) -> list[tuple[Any, Outcome]]:
    found: list[tuple[Any, Outcome]] = []
    for trial in _scheme(function).trials:
        try:
            with np.errstate(all="ignore"):
                value, after = trial.call(answer)
        except Exception as error:  # noqa: BLE001  a wrong answer may raise anything
            kinds = [kind.__name__ for kind in type(error).__mro__]
            found.append((trial, Raised(kinds[0], str(error), kinds=kinds)))
        else:
            found.append((trial, Returned(value, after)))
    return found


def write(texts: Sequence[str], assignment: str, number: int, folder: Path) -> Path:
    """Write a class of so many students, no two of whose files are equal; returns its folder."""
    for student in range(number):
        path = folder / f"student{student:06}" / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{texts[student % len(texts)]}\n{' ' * (student // len(texts))}\n", encoding="utf-8")
    return folder
