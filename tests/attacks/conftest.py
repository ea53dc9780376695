"""A class in which everybody attacks but two, and what there was before and after it was marked."""

from __future__ import annotations

import ctypes
import multiprocessing.resource_tracker
import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from autograder.course.folder import Course, load_course
from autograder.handed_in.folder import find
from autograder.model import Report
from autograder.release.build import BuiltFile
from autograder.sandbox.limits import Limits
from course.sample_class import build

from tests.attacks.declared import Attack, of
from tests.whole import Class, mark_class, settings_of

SEED = 20_260
# Short, as many attacks use all they get: one call, or one cell; an honest call takes a thousandth of it.
LIMITS = Limits(call_seconds=2, cell_seconds=2, cells_seconds=4, exercise_seconds=2, notebook_seconds=30)
# Marked first, in between and last; the names sort so.
HONEST = ("aaa", "mmm", "zzz")
PR_SET_CHILD_SUBREAPER = 36
# Where an attack could leave something; all that they write is called so.
OUTSIDE = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), Path.home()]  # noqa: S108  other people's places
LEFT = "*left_behind*"


@dataclass(frozen=True)
class Marked:
    """A class that was marked.

    Attributes:
        marked: what became of each file.
        left: processes and files that were not there before.
    """

    marked: Class
    left: Collection[str]

    @property
    def reports(self) -> Sequence[Report]:
        """All reports."""
        return self.marked.reports

    def report_of(self, student: str) -> Report:
        """The report of one student."""
        assert student in self.marked.by_student, self.troubles_of(student)
        return self.marked.by_student[student]

    def troubles_of(self, student: str) -> str:
        """Why files of one student were not marked."""
        return " ".join(trouble for whose, trouble in self.marked.troubles if whose == student)


@pytest.fixture(scope="session")
def course() -> Course:
    """The course of this repository."""
    return load_course(build.COURSE)


@pytest.fixture(scope="session")
def honest(course: Course) -> str:
    """The notebook of a student who does all of 01_one_window right."""
    return next(file.text for file in build.submissions(course) if file.path.parts[0] == "ada")


@pytest.fixture(scope="session")
def mark_beside_honest(course: Course, honest: str) -> Callable[[Sequence[Attack], Path], Marked]:
    """Marks attacks and honest students in one run."""

    def mark(attacks: Sequence[Attack], folder: Path) -> Marked:
        names = {attack.name for attack in attacks}
        sources = [
            file
            for group in sorted({attack.group for attack in attacks})
            for file in build.submissions(course, build_folder(group))
            if file.path.parts[0] in names
        ]
        honest_files = [BuiltFile(Path(name, "01_one_window", "01_one_window.ipynb"), honest) for name in HONEST]
        build.write([*honest_files, *sources], folder)
        return mark_folder(folder)

    return mark


def build_folder(group: str) -> Path:
    """Where the sources of a group are."""
    return Path(__file__).with_name("notebooks") / group


def mark_folder(folder: Path) -> Marked:
    """Mark a class, and see what is left of it."""
    settings = settings_of(build.COURSE, SEED, LIMITS)
    with _adopting():
        before = _there(folder)
        marked = mark_class(find(folder), settings, 2)
        return Marked(marked, _there(folder) - before)


def _there(folder: Path) -> set[str]:
    """The processes below this one, the files of a class, and what attacks have left elsewhere."""
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split()
    files = [f"{path} {path.lstat().st_mtime_ns}" for path in [folder, *folder.rglob("*")]]
    outside = [str(path) for place in OUTSIDE for path in place.glob(LEFT)]
    return {*(f"process {child}" for child in children), *files, *outside}


class _adopting:  # noqa: N801  used as a `with` word
    """While it lasts, a process whose parent ends becomes a child of this one, and so is seen."""

    def __enter__(self) -> None:
        multiprocessing.resource_tracker.ensure_running()  # stays until Python ends, and is no attack's
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def __exit__(self, *_error: object) -> None:
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for an attack once for each attack of its module's groups."""
    if "attack" in metafunc.fixturenames:
        metafunc.parametrize("attack", of(*metafunc.module.GROUPS), ids=lambda attack: attack.name)
