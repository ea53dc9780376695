"""A class that has gone through nbgrader's commands once, for all tests."""

from __future__ import annotations

import fcntl
import shutil
from pathlib import Path

import pytest

from autograder.course.folder import Course, load_course
from course.sample_class import build
from tests.autograder.nbgrader.cycle import cycle


@pytest.fixture(scope="session")
def course() -> Course:
    """The course of this repository."""
    return load_course(build.COURSE)


@pytest.fixture(scope="session")
def folder(course: Course, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A course folder as an instructor has it, through the whole cycle of nbgrader's commands; never changed by a test.

    It takes a minute, so that processes that run tests side by side share one.
    """
    place = tmp_path_factory.getbasetemp()
    place = (place if worker_id == "master" else place.parent) / "nbgrader"
    place.mkdir(exist_ok=True)
    with (place / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (place / "done").exists():
            cycle(course, place / "course")
            (place / "done").touch()
    return place / "course"


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """A copy of that course folder, which a test may change."""
    return shutil.copytree(folder, tmp_path / "course", ignore=shutil.ignore_patterns("exchange", "students"))


@pytest.fixture
def gradebook(folder: Path, tmp_path: Path) -> Path:
    """A gradebook that knows the assignments and nobody's marks."""
    return Path(shutil.copy(folder / "generated.db", tmp_path / "gradebook.db"))
