"""A class marked through all stages, with whole reports, which a run itself does not keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course import versions
from autograder.course.folder import load_course
from autograder.errors import AutograderError
from autograder.grading import batch
from autograder.grading.class_run import ClassRun
from autograder.grading.worker import Marked, Settings, Task, Work, grader_of, marked
from autograder.handed_in.folder import Item
from autograder.handed_in.notebook import parse
from autograder.model import Report
from autograder.report import files
from autograder.report.results import Results
from autograder.sandbox.limits import Limits


@dataclass(frozen=True)
class Whole(Marked):
    """What became of a file, with its report."""

    whole: Report | None = None


@dataclass(frozen=True)
class Class:
    """What became of a class.

    Attributes:
        reports: those that count, sorted by assignment and student.
        troubles: whose it is, and a sentence, for each file that was not graded.
    """

    reports: Sequence[Report]
    troubles: Sequence[tuple[str, str]]

    @property
    def by_student(self) -> dict[str, Report]:
        """The reports by student."""
        return {report.student: report for report in self.reports}


def settings_of(course: Path, seed: int, limits: Limits | None = None) -> Settings:
    """Settings for a course in this repository."""
    loaded = load_course(course)
    return Settings(course, versions.of(loaded), seed, limits or Limits())


def whole(settings: Settings, tasks: Sequence[Task]) -> list[Whole]:
    """What a worker does in these tests: mark, and keep the report."""
    return [_whole(settings, task) for task in tasks]


def _whole(settings: Settings, task: Task) -> Whole:
    try:
        report = grader_of(settings, 0).grade(parse(task.data, task.path), task.student)
    except AutograderError as error:
        return Whole(task.student, task.path, trouble=str(error))
    return Whole(task.student, task.path, files.summary(report), whole=report)


class _Nowhere(Results):
    """Writes nothing."""

    def write(self, *_: object) -> None:
        """Leave it."""


def mark_class(items: Sequence[Item], settings: Settings, workers: int, *, work: Work = whole) -> Class:
    """Mark files as `autograder grade` does, but write nothing and keep the reports."""
    run = ClassRun(load_course(settings.course), settings, _Nowhere(Path()))
    found = list(batch.run(run._tasks(items), settings, batch.local(workers), number=len(items), work=work))
    for one in found:
        run.take(one)
    counted = {one.path for one in run._counted.values()}
    reports = [one.whole for one in found if isinstance(one, Whole) and one.whole and str(one.path) in counted]
    return Class(sorted(reports, key=lambda one: (one.assignment, one.student)), sorted(run.troubles))


def write(reports: Sequence[Report], folder: Path) -> dict[str, Path]:
    """Write reports, and the page of the class under the name "class"; returns where the pages are."""
    results, made = Results(folder), [marked(report, Path("notebook.ipynb")) for report in reports]
    summaries = [one.summary for one in made if one.summary]
    for one, summary in zip(made, summaries, strict=True):
        results.write(summary, one.page, one.report)
    pages = {summary.student: results.page(summary) for summary in summaries}
    return {**pages, "class": results.write_class(summaries)}
