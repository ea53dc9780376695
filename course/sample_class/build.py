"""Readable sources -> the notebooks of a made-up class.

`students/<student>.py` contains what one student changed in the released notebook, as percent text. Its first cell is
markdown with `assignment="..."` and says what to expect. Each other cell says how it changes the release:

    exercise="conv2d_valid"    replaces the cell of this function
    predict="strip_output"     replaces the cell of this prediction, named in full
    after="conv2d_valid"       goes after the cell of this function
    delete="conv2d_valid"      removes that cell, with its metadata

`students/<student>.txt` is a damaged file. Its first line is `<assignment>: <what to expect>`, and the rest is handed
in as it is.
"""

from __future__ import annotations

import contextlib
import copy
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbformat.v4 import new_code_cell

from autograder.course.folder import Course
from autograder.errors import CourseError, UsageError
from autograder.release.build import METADATA, BuiltFile, notebook
from autograder.release.build import write as write_files

COURSE = Path(__file__).parents[1]
STUDENTS = Path(__file__).with_name("students")
WRITTEN = ".sample_class"
EDITS = ("exercise", "predict", "after", "delete")


def submissions(course: Course, students: Path = STUDENTS) -> list[BuiltFile]:
    """Make every student's notebook.

    Args:
        course: the course with the released notebooks.
        students: the folder of the students' sources.

    Raises:
        CourseError: a source names something that the course does not have.
    """
    releases = {assignment.name: _without_outputs(notebook(course, assignment)) for assignment in course.assignments}
    sources = sorted([*students.glob("*.py"), *students.glob("*.txt")], key=lambda source: source.stem)
    return [_submission(source, releases) for source in sources]


def write(files: Sequence[BuiltFile], folder: Path) -> None:
    """Write submissions, replacing those of an earlier run in the folder.

    Raises:
        UsageError: the folder contains other files.
    """
    _remove_earlier(folder)
    folder.mkdir(parents=True, exist_ok=True)
    # The list first, so that the next run can remove the files of an interrupted one.
    (folder / WRITTEN).write_text("".join(f"{file.path.as_posix()}\n" for file in files), encoding="utf-8")
    write_files(files, folder)


def _remove_earlier(folder: Path) -> None:
    written = folder / WRITTEN
    if not folder.exists():
        return
    if not written.exists() and any(folder.iterdir()):
        raise UsageError(
            f"{folder}: contains other files. Name a folder that is new, empty or an earlier sample class."
        )
    names = written.read_text(encoding="utf-8").splitlines() if written.exists() else []
    for path in (folder / name for name in names):
        path.unlink(missing_ok=True)
        for parent in (path.parent, path.parent.parent):
            with contextlib.suppress(OSError):  # it is gone already, or contains other files
                parent.rmdir()


def _without_outputs(text: str) -> Any:
    """Remove the figures from a released notebook: they are most of its size, and are not graded."""
    release = nbformat.reads(text, as_version=4)
    for cell in release.cells:
        if cell.cell_type == "code":
            cell.outputs = []
    return release


def _submission(source: Path, releases: Mapping[str, Any]) -> BuiltFile:
    text = source.read_text(encoding="utf-8")
    if source.suffix == ".txt":
        heading, _, damaged = text.partition("\n")
        assignment = _known(source, heading.partition(":")[0], releases)
        return _file(source.stem, assignment, damaged)
    heading, *edits = jupytext.reads(text, fmt="py:percent").cells
    assignment = _known(source, str(heading.metadata.get("assignment")), releases)
    handed_in = copy.deepcopy(releases[assignment])
    for number, cell in enumerate(edits, start=1):
        _edit(handed_in.cells, cell, f"own-{number}", source)
    return _file(source.stem, assignment, f"{nbformat.writes(handed_in)}\n")


def _known(source: Path, assignment: str, releases: Mapping[str, Any]) -> str:
    if assignment not in releases:
        raise CourseError(f"{source}: its assignment is {assignment!r}. Use one of {', '.join(releases)}.")
    return assignment


def _file(student: str, assignment: str, text: str) -> BuiltFile:
    return BuiltFile(Path(student, assignment, f"{assignment}.ipynb"), text)


def _edit(cells: list[Any], edit: Any, cell_id: str, source: Path) -> None:
    """Apply one cell of a source to a notebook's cells."""
    kind = next((kind for kind in EDITS if kind in edit.metadata), None)
    if kind is None:
        raise CourseError(f"{source}: a cell has none of {', '.join(EDITS)}. Add one.")
    place = _find(cells, str(edit.metadata[kind]), source)
    if kind == "delete":
        del cells[place]
    elif kind == "after":
        cells.insert(place + 1, new_code_cell(edit.source, id=cell_id))
    else:
        cells[place].source = edit.source


def _find(cells: Sequence[Any], name: str, source: Path) -> int:
    for place, cell in enumerate(cells):
        about = cell.metadata.get(METADATA, {})
        if about.get("role") in ("exercise", "predict") and " ".join(about["names"]) == name:
            return place
    raise CourseError(f"{source}: {name!r} is not an exercise or prediction of the notebook. Rename it.")
