"""What a worker does with its submissions: grade them, and write their reports as text."""

from __future__ import annotations

import functools
import os
import socket
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from autograder.bounds import MOST_SECONDS, TooMuchError, bounded
from autograder.course import versions
from autograder.course.folder import Course, load_course
from autograder.course.versions import Versions
from autograder.errors import AutograderError, ClusterError
from autograder.grading.grader import Grader
from autograder.handed_in.notebook import parse
from autograder.model import Report, Summary
from autograder.report import files, html
from autograder.sandbox.limits import Limits

COURSE = "AUTOGRADER_COURSE"
NO_PICTURES = f"there are no pictures, as drawing them takes over {MOST_SECONDS:g} s or too much memory"

Made = TypeVar("Made")


@dataclass(frozen=True)
class Settings:
    """What every worker must agree on."""

    course: Path
    versions: Versions
    seed: int
    limits: Limits
    unsafe: bool = False


@dataclass(frozen=True)
class Task:
    """A file to grade: its student, its path, and its bytes, as the worker may not have the file.

    A file that is too large has no bytes here.
    """

    student: str
    path: Path
    data: bytes | None


@dataclass(frozen=True)
class Marked:
    """The result for a file.

    Attributes:
        student: whose it is.
        path: where it is.
        summary: marks and troubles in a line; None if it could not be graded.
        report: the report as JSON.
        page: the report as a page.
        trouble: why it could not be graded.
    """

    student: str
    path: Path
    summary: Summary | None = None
    report: str = ""
    page: str = ""
    trouble: str | None = None


Work = Callable[[Settings, Sequence[Task]], list[Marked]]


def mark(settings: Settings, tasks: Sequence[Task]) -> list[Marked]:
    """Grade files, one after another; a fault in one affects no other.

    Raises:
        ClusterError: this machine would give other marks than the machine that runs the command.
    """
    grader = grader_of(settings, threading.get_ident())
    return [_mark(grader, task) for task in tasks]


def _mark(grader: Grader, task: Task) -> Marked:
    try:
        report = grader.grade(parse(task.data, task.path), task.student)
    except AutograderError as error:
        return Marked(task.student, task.path, trouble=str(error))
    except Exception as error:  # noqa: BLE001  a fault of the grader must not lose the class
        return failed(task, error)
    return marked(report, task.path)


def marked(report: Report, path: Path) -> Marked:
    """A report, summed up and made into files."""

    def make(report: Report) -> Marked:
        return Marked(report.student, path, files.summary(report), files.as_json(report), html.as_page(report))

    return within_bounds(report, make)


def within_bounds(report: Report, make: Callable[[Report], Made]) -> Made:
    """What is made of a report, within the time and memory for one submission; without pictures where they take more.

    Marks stay, as the answers are marked already.
    """
    try:
        with bounded():
            return make(report)
    except TooMuchError:
        return make(replace(files.without_pictures(report), remarks=[*report.remarks, NO_PICTURES]))


def failed(task: Task, error: BaseException) -> Marked:
    """The result for a file on which the grader itself failed."""
    trouble = f"{task.path}: the grader failed ({error!r}); grade this file alone to see why"
    return Marked(task.student, task.path, trouble=trouble)


@functools.lru_cache(maxsize=4)
def grader_of(settings: Settings, _thread: int) -> Grader:
    """The grader of a thread, which keeps mark schemes and a process that makes jails."""
    course = course_here(settings)
    differences = versions.of(course).differences(settings.versions)
    if differences:
        raise ClusterError(disagreement(differences))
    return Grader(course, settings.seed, settings.limits, unsafe=settings.unsafe)


def disagreement(differences: Sequence[str]) -> str:
    """The error for a machine that would give other marks."""
    return (
        f"worker on {socket.gethostname()}: {', and '.join(differences)}. Install the versions of the machine that "
        "runs the command."
    )


def course_here(settings: Settings) -> Course:
    """The course on this machine, which may not be the one that runs the command."""
    return course_of(Path(os.environ.get(COURSE) or settings.course).resolve())


@functools.lru_cache(maxsize=1)
def course_of(folder: Path) -> Course:
    """A course, read once by a process and not again by its forks."""
    return load_course(folder)
