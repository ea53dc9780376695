"""A course folder as an instructor has it, and nbgrader's commands on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook

from autograder.course.folder import Course
from autograder.release.build import BuiltFile, notebook
from course.exercises import ASSIGNMENTS
from course.sample_class import build

SEED = 7
NAME = "06_pooling"
NAMES = ("01_one_window", NAME)
OUT_OF = {assignment.name: assignment.marks for assignment in ASSIGNMENTS}
CHEATS = {
    "deleted": "every check is gone",
    "emptied": "every stub and every check is gone",
    "printed": "marks are printed where checks were",
}
# One process for all, as nbgrader needs seconds to start: each student submits from a folder of their own.
SUBMIT = """
import os, sys
from nbgrader.apps import SubmitApp
for student in sys.argv[2:]:
    for name in sorted(os.listdir(student)):
        os.chdir(student)
        SubmitApp.clear_instance()
        SubmitApp.launch_instance([name, f"--student={student}", *sys.argv[1].split()])
        os.chdir("..")
"""


def lay_down(place: Path) -> None:
    """A course folder: settings and releases, with the course's own exercises where they are."""
    exchange = place / "exchange"
    exchange.mkdir(parents=True)
    exchange.chmod(0o777)
    settings = (build.COURSE / "nbgrader_config.py").read_text(encoding="utf-8")
    own = [
        *(f"c.{door}.course = {str(build.COURSE)!r}" for door in ("Mark", "ForStudents")),
        f"c.Mark.seed = {SEED}",
        "c.ExchangeCollect.check_owner = False",  # one account hands in for all
        f"c.Exchange.root = {str(exchange)!r}",
    ]
    (place / "nbgrader_config.py").write_text("\n".join([settings, *own, ""]), encoding="utf-8")
    for name in NAMES:
        shutil.copytree(build.COURSE / "release" / name, place / "release" / name)


def run(place: Path, *words: str) -> str:
    """One of nbgrader's commands, which has to come through; what it says."""
    done = command(place, *words)
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


def command(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """One of nbgrader's commands."""
    return python(place, "-m", "nbgrader", *words)


def python(place: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Python, in a folder, with nothing of whoever runs the tests."""
    # nbgrader calls alembic by its name, and remembers what was submitted at home
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HOME": str(place), "JUPYTER_DATA_DIR": str(place / ".jupyter")}
    return subprocess.run(  # noqa: S603  our own words
        [sys.executable, *words], cwd=place, capture_output=True, text=True, check=False, env=environment
    )


def submissions(course: Course, handed_out: Path) -> Iterator[BuiltFile]:
    """The sample class, a full notebook, and those that cheat through cells and outputs."""
    assignment = course.find(NAME)
    assert assignment is not None
    yield from build.submissions(course)
    yield BuiltFile(Path("full", NAME, f"{NAME}.ipynb"), notebook(course, assignment, solved=True))
    released = nbformat.read(handed_out / NAME / f"{NAME}.ipynb", as_version=4)
    for name in CHEATS:
        yield BuiltFile(Path(name, NAME, f"{NAME}.ipynb"), nbformat.writes(cheat(released, name)))


def cheat(released: Any, how: str) -> Any:
    """A notebook in which nothing is solved."""
    made = nbformat.from_dict(released.copy())
    made.cells = [cell.copy() for cell in released.cells]
    about = [cell.metadata.get("nbgrader", {}) for cell in made.cells]
    if how == "deleted":
        made.cells = [cell for cell, one in zip(made.cells, about, strict=True) if not one.get("grade")]
    elif how == "emptied":
        made.cells = [cell for cell, one in zip(made.cells, about, strict=True) if not one]
    else:
        for cell, one in zip(made.cells, about, strict=True):
            if one.get("grade") and cell.cell_type == "code":
                cell.source = "7.0"
                cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "7.0"})]
    return made


def hand_in(course: Course, place: Path) -> None:
    """Everybody fetches nothing, as the release is known, and submits by nbgrader's command."""
    home = place / "students"
    for file in submissions(course, place / "handed_out"):
        path = home / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")
    words = f"--course=convolution-by-hand --Exchange.root={place / 'exchange'}"
    done = python(home, "-c", SUBMIT, words, *sorted(path.name for path in home.iterdir()))
    assert done.returncode == 0, done.stderr[-3000:]


def cycle(course: Course, place: Path) -> None:
    """All of nbgrader's commands, in an instructor's order."""
    lay_down(place)
    for name in NAMES:
        run(place, "generate_assignment", name)
        run(place, "release_assignment", name)
    shutil.copy(place / "gradebook.db", place / "generated.db")
    hand_in(course, place)
    for name in NAMES:
        for verb in ("collect", "autograde", "generate_feedback", "release_feedback"):
            run(place, verb, name)
    run(place, "export")


def scores(place: Path, name: str = NAME) -> Mapping[str, float]:
    """The marks of everybody in the gradebook."""
    with Gradebook(f"sqlite:///{place / 'gradebook.db'}") as gradebook:
        return {one.student.id: one.score for one in gradebook.assignment_submissions(name)}
