"""Text notebooks and declarations -> what students get, and what instructors get."""

from __future__ import annotations

import ast
import html
import inspect
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.course.exercise import Assignment, Exercise
from autograder.course.folder import Block, Course
from autograder.errors import CourseError
from autograder.marking import predictions
from autograder.marking.scheme import draw
from autograder.release import answer_key, kept
from autograder.release.answer_key import AnswerKey

METADATA = "autograder"


@dataclass(frozen=True)
class BuiltFile:
    """A file of a build: its path inside the release folder, and its text."""

    path: Path
    text: str


def release(course: Course, assignment: Assignment) -> list[BuiltFile]:
    """What students get: the notebook with stubs, and the answer key of the visible cases."""
    folder = Path(assignment.name)
    key = AnswerKey(
        assignment.name,
        {exercise.function: draw(exercise) for exercise in assignment.exercises},
        {
            prediction.name: predictions.asked(prediction, f"{assignment.name}/{prediction.name}")
            for prediction in assignment.predictions
        },
    )
    return [
        BuiltFile(folder / f"{assignment.name}.ipynb", notebook(course, assignment)),
        BuiltFile(folder / answer_key.FILE_NAME, answer_key.write(key, kept.of(course, assignment).recall)),
    ]


def notebook(course: Course, assignment: Assignment, *, solved: bool = False) -> str:
    """The text of an .ipynb file.

    Args:
        course: the notebook's course.
        assignment: the notebook's assignment.
        solved: paste the model answers over the stubs.

    Raises:
        CourseError: a cell names something undeclared, prose names an unknown fact, or a figure fails.
    """
    made: list[Any] = []
    runner = _Runner()
    environment = jinja2.Environment(  # noqa: S701  the text is markdown by the course's authors
        undefined=jinja2.StrictUndefined, variable_start_string="<<", variable_end_string=">>"
    )
    is_asked = False
    for block in course.blocks(assignment):
        is_asked = block.role == "predict" or (is_asked and not _starts_section(block))
        cells = _cells(block, assignment, environment, runner, solved=solved)
        if is_asked:
            _leave_out_outputs(cells)
        made += cells
    _number(made)
    built = new_notebook(
        cells=made,
        metadata={
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
            METADATA: {"assignment": assignment.name, "release": course.release(assignment)},
        },
    )
    nbformat.validate(built)
    return str(nbformat.writes(built)) + "\n"


def _cells(
    block: Block, assignment: Assignment, environment: jinja2.Environment, runner: _Runner, *, solved: bool
) -> list[Any]:
    own = {METADATA: {"role": block.role, "names": list(block.names)}} if block.role != "prose" else {}
    metadata = {**own, **_nbgrader(block, assignment)}
    if not block.is_code:
        return [new_markdown_cell(_render(block.source, assignment, environment), metadata=metadata)]
    source = _answers(block, assignment) if solved else block.source
    cell = new_code_cell(source, metadata=metadata)
    if block.role in ("setup", "figure"):
        cell.outputs = runner.run(block.source, assignment.name)
    if block.role == "exercise":
        return [new_markdown_cell(_box(_exercise(assignment, block.names[0]))), cell]
    if block.role == "check" and (exercise := _find(assignment, block.names[0])) and exercise.hints:
        return [cell, new_markdown_cell(_hints(exercise))]
    return [cell]


def _starts_section(block: Block) -> bool:
    return not block.is_code and re.search("^## ", block.source, re.MULTILINE) is not None


def _leave_out_outputs(cells: Sequence[Any]) -> None:
    """Remove the figures of a section with a question: students run them after answering, as they show the answer."""
    for cell in cells:
        if cell.cell_type == "code":
            cell.outputs = []


def _render(text: str, assignment: Assignment, environment: jinja2.Environment) -> str:
    try:
        return environment.from_string(text).render(assignment.facts)
    except jinja2.TemplateError as error:
        raise CourseError(
            f"notebook {assignment.name}: {error}. Prose may use only the assignment's facts; declare or correct it."
        ) from error


def _find(assignment: Assignment, function: str) -> Exercise | None:
    return next((exercise for exercise in assignment.exercises if exercise.function == function), None)


def _exercise(assignment: Assignment, function: str) -> Exercise:
    exercise = _find(assignment, function)
    if exercise is None:
        raise CourseError(f"notebook {assignment.name}: a cell names {function!r}, which is not declared. Declare it.")
    return exercise


def _answers(block: Block, assignment: Assignment) -> str:
    """The cell with the model answer instead of the stub."""
    if block.role == "exercise":
        return inspect.getsource(_exercise(assignment, block.names[0]).answer).rstrip()
    if block.role == "predict":
        answers = {prediction.name: prediction.answer for prediction in assignment.predictions}
        return "\n".join(f"{name} = {np.asarray(answers[name]).tolist()!r}" for name in block.names)
    return block.source


def _nbgrader(block: Block, assignment: Assignment) -> dict[str, Any]:
    """The metadata that nbgrader reads: which cells students fill in, and which ones carry marks."""
    if block.role not in ("exercise", "predict", "check", "reflect"):
        return {}
    name = "-".join([block.role, *block.names])
    exercise = _find(assignment, block.names[0]) if block.role == "check" else None
    # an answer in words is for a person to read and comment on, and earns no marks
    points = {"check": exercise.marks if exercise else None, "reflect": 0}.get(block.role)
    fields = {
        "grade": points is not None,
        "grade_id": name[:64],
        "locked": block.role == "check",
        "schema_version": 3,
        "solution": block.role != "check",
        "task": False,
    }
    return {"nbgrader": fields if points is None else {**fields, "points": points}}


def _number(cells: Sequence[Any]) -> None:
    """Give cells stable ids, by name if they have one and by place if not, so that builds can be compared."""
    for place, cell in enumerate(cells):
        own = cell.metadata.get(METADATA, {})
        words = [own.get("role", cell.cell_type), *own.get("names", [])]
        name = "-".join(words) if own.get("names") else f"{words[0]}-{place}"
        cell["id"] = re.sub(r"[^A-Za-z0-9_-]", "-", name)[:64]


def _box(exercise: Exercise) -> str:
    """The box before an exercise: difficulty, time, and what its marks are for."""
    stars = "★" * exercise.difficulty + "☆" * (3 - exercise.difficulty)
    weight = {1: "nice to know", 2: "useful later", 3: "needed later"}[exercise.importance]
    head = [f"**Exercise: `{exercise.function}`**", f"difficulty {stars}", weight]
    head += [f"about {exercise.minutes} minutes", f"{exercise.marks} {'mark' if exercise.marks == 1 else 'marks'}"]
    rules = [f"| {behaviour.name} | {behaviour.says} | {behaviour.marks} |" for behaviour in exercise.behaviours]
    return "\n".join(["---\n", " · ".join(head) + "\n", "| behaviour | rule | marks |", "|:--|:--|--:|", *rules])


def _hints(exercise: Exercise) -> str:
    """How to get a hint, and all hints folded, by symptom; opening them costs nothing."""
    folded = [
        f"<details><summary>{_inline(hint.symptom)}</summary>\n\n{hint.question}\n\n"
        f"<details><summary>a pointer</summary>\n\n{hint.pointer}\n\n"
        f"<details><summary>almost the code</summary>\n\n{hint.near_code}\n\n</details>\n</details>\n</details>"
        for hint in exercise.hints
    ]
    head = (
        f"**Stuck?** `hint({exercise.function})` helps with your current mistake, a little more each time you run it. "
        "Hints cost nothing."
    )
    all_of_them = "\n\n".join(folded)
    return f"{head}\n\n<details><summary>All hints, by what you see</summary>\n\n{all_of_them}\n\n</details>"


def _inline(text: str) -> str:
    """Text with `code` as HTML, where markdown is not rendered."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text, quote=False))


class _Runner:
    """Runs a notebook's setup and figure cells, so that a release shows its pictures before anyone runs it."""

    def __init__(self) -> None:
        self._namespace: dict[str, Any] = {"__name__": "__main__"}

    def run(self, source: str, where: str) -> list[Any]:
        """Run a cell; returns its outputs: the value of the last line, if that is an expression."""
        tree = ast.parse(source)
        last = tree.body[-1] if tree.body and isinstance(tree.body[-1], ast.Expr) else None
        tree.body = tree.body[:-1] if last is not None else tree.body
        try:
            exec(compile(tree, where, "exec"), self._namespace)  # noqa: S102  the course's own cell
            if last is None:
                return []
            value = eval(compile(ast.Expression(last.value), where, "eval"), self._namespace)  # noqa: S307  the same
        except Exception as error:
            raise CourseError(f"notebook {where}: a provided cell raises {error!r}. Correct it:\n{source}") from error
        return [] if value is None else [new_output("execute_result", data=_bundle(value), execution_count=None)]


def _bundle(value: Any) -> dict[str, str]:
    ways: dict[str, Callable[[], str] | None] = {
        "text/html": getattr(value, "_repr_html_", None),
        "image/svg+xml": getattr(value, "_repr_svg_", None),
    }
    rich = {kind: way() for kind, way in ways.items() if way is not None}
    return {"text/plain": repr(value), **{kind: text for kind, text in rich.items() if text}}


def write(files: Sequence[BuiltFile], folder: Path) -> list[Path]:
    """Write files into a folder; returns those that changed."""
    changed = [file for file in files if not _is_current(file, folder)]
    for file in changed:
        path = folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    return [file.path for file in changed]


def stale(files: Sequence[BuiltFile], folder: Path) -> list[Path]:
    """The files of a folder that differ from a build, and those that no build makes."""
    expected = {file.path for file in files}
    present = {
        path.relative_to(folder)
        for path in folder.rglob("*")
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }
    return sorted([file.path for file in files if not _is_current(file, folder)] + list(present - expected))


def _is_current(file: BuiltFile, folder: Path) -> bool:
    path = folder / file.path
    return path.is_file() and path.read_text(encoding="utf-8") == file.text
