"""One submission through all stages."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import nbformat
import numpy as np

from autograder.bounds import TOO_MUCH, TooMuchError, bounded
from autograder.course import versions
from autograder.course.exercise import Assignment
from autograder.course.folder import Course, load_course
from autograder.errors import SubmissionError, UsageError
from autograder.handed_in import submission
from autograder.handed_in.notebook import SubmittedFile, open_file, parse
from autograder.handed_in.owners import printable
from autograder.marking.diagnosis.stub import with_stub
from autograder.marking.mark import mark
from autograder.marking.predictions import Asked, asked, judge
from autograder.marking.scheme import MarkScheme, draw
from autograder.model import ExerciseReport, NotRun, Outcome, Provenance, Raised, Report, Returned, Submission
from autograder.sandbox.jails import Jails
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import Call, run


def grade(
    notebook: Path | str | nbformat.NotebookNode,
    course: Course | Path | str = "course",
    *,
    student: str = "student",
    seed: int | None = None,
    limits: Limits | None = None,
    unsafe: bool = False,
) -> Report:
    """Grade one notebook.

    Args:
        notebook: an .ipynb file, or a notebook read by nbformat.
        course: the course, or its folder.
        student: name for the report.
        seed: decides the hidden cases, 0 or more; random by default.
        limits: what the notebook may use; the course's by default.
        unsafe: run the student's code without a sandbox; the report says so.

    Raises:
        UsageError: the notebook belongs to no assignment of this course.
        SubmissionError: the file does not exist.
        CourseError: the folder contains no course.
        SandboxError: this machine cannot make a sandbox.
    """
    if isinstance(notebook, nbformat.NotebookNode):
        file = parse(nbformat.writes(notebook).encode("utf-8", "replace"), Path("notebook.ipynb"))
    else:
        file = open_file(Path(notebook))
    loaded = course if isinstance(course, Course) else load_course(Path(course))
    with Grader(loaded, new_seed() if seed is None else seed, limits or loaded.limits, unsafe=unsafe) as grader:
        return grader.grade(file, student)


def new_seed() -> int:
    """A seed that nobody can know before the run."""
    return secrets.randbits(32)


@dataclass
class Grader:
    """Grades submissions one after another, with one course, one seed and one set of limits.

    Computes each mark scheme once, and keeps a process that forks a jail for every submission; `close` ends it.
    """

    course: Course
    seed: int
    limits: Limits
    unsafe: bool = False
    _schemes: dict[str, list[MarkScheme]] = field(default_factory=dict)
    _calls: dict[str, list[Call]] = field(default_factory=dict)
    _asked: dict[str, list[Asked]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._jails = Jails(unsafe=self.unsafe)

    def close(self) -> None:
        """End the process that jails come from."""
        self._jails.close()

    def __enter__(self) -> Self:
        """Use as `with Grader(...) as grader`."""
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close it."""
        self.close()

    def grade(self, file: SubmittedFile, student: str) -> Report:
        """Grade one file.

        Raises:
            UsageError: it belongs to no assignment of this course.
            SandboxError: no jail can be made.
        """
        assignment = submission.assignment_of(file, self.course)
        if assignment is None:
            known = ", ".join(assignment.name for assignment in self.course.assignments)
            raise UsageError(f"{file.path}: not an assignment of this course. Rename it to one of {known}.")
        schemes = self.schemes(assignment)
        try:
            with bounded():
                submitted = submission.read(file, student, self.course, assignment)
                return self._mark(submitted, file, assignment, schemes)
        except SubmissionError as error:
            return self._unreadable(file, student, assignment, str(error))
        except TooMuchError:
            self.close()  # it may have been interrupted anywhere, even while it asked for a jail
            return self._unreadable(file, student, assignment, TOO_MUCH)

    def schemes(self, assignment: Assignment) -> list[MarkScheme]:
        """The mark schemes of an assignment, hidden cases included."""
        if assignment.name not in self._schemes:
            schemes = [draw(exercise, self.seed) for exercise in assignment.exercises]
            self._schemes[assignment.name] = schemes
            self._calls[assignment.name] = [call for scheme in schemes for call in calls_of(scheme)]
            self._asked[assignment.name] = [asked(prediction) for prediction in assignment.predictions]
        return self._schemes[assignment.name]

    def _mark(
        self, submitted: Submission, file: SubmittedFile, assignment: Assignment, schemes: Sequence[MarkScheme]
    ) -> Report:
        calls, predicted = self._calls[assignment.name], self._asked[assignment.name]
        names = [prediction.name for prediction in predicted]
        done = run(submitted.cells, calls, names, self.limits, self._jails, written_with=submitted.written_with)
        outcomes = iter(done.calls)
        sources = {cell.label: cell.source for cell in submitted.cells}
        exercises: list[ExerciseReport] = []
        for scheme in schemes:
            used = done.uses[scheme.function]
            wrong = [report.function for report in exercises if not report.right and report.function in used]
            own = [_with_stub(next(outcomes), scheme.function, sources) for _ in scheme.trials]
            exercises.append(mark(scheme, own, wrong, prints="print" in used))
        predictions = {
            prediction.name: _is_right(value, prediction)
            for prediction, value in zip(predicted, done.values, strict=True)
        }
        return Report(
            student=submitted.student,
            assignment=assignment.name,
            exercises=exercises,
            predictions=predictions,
            remarks=[*submitted.remarks, *done.remarks],
            provenance=self.provenance(file.path.name, file.digest, assignment),
        )

    def _unreadable(self, file: SubmittedFile, student: str, assignment: Assignment, why: str) -> Report:
        exercises = [mark(scheme, [NotRun(why)] * len(scheme.trials)) for scheme in self.schemes(assignment)]
        return Report(
            student=student,
            assignment=assignment.name,
            exercises=exercises,
            remarks=[why],
            provenance=self.provenance(file.path.name, file.digest, assignment),
        )

    def provenance(self, name: str, digest: str, assignment: Assignment) -> Provenance:
        """Everything that decides the marks of a file of this name and digest."""
        return Provenance(
            file=printable(name),
            submission=digest,
            release=self.course.release(assignment),
            engine=versions.engine(),
            numpy=np.__version__,
            seed=self.seed,
            limits=asdict(self.limits),
            jail="none" if self.unsafe else "bubblewrap and seccomp",
        )


def _with_stub(outcome: Outcome, function: str, sources: Mapping[str, str]) -> Outcome:
    if not isinstance(outcome, Raised) or not outcome.frames:
        return outcome
    return with_stub(outcome, function, sources.get(outcome.frames[-1].cell, ""))


def calls_of(scheme: MarkScheme) -> list[Call]:
    """The calls that a mark scheme makes, in the order of its trials."""
    asking = {rule.name for rule in scheme.rules if rule.inputs_unchanged}
    return [
        Call(
            function=scheme.function,
            behaviour=trial.behaviour,
            arguments=[value for _, value in trial.arguments],
            names=list(trial.keywords),
            want_arguments=trial.behaviour in asking,
            timed=trial.seconds is not None,
        )
        for trial in scheme.trials
    ]


def _is_right(outcome: Outcome, prediction: Asked) -> bool | None:
    """Whether a prediction is right, as in check(); None if it was not made."""
    if not isinstance(outcome, Returned) or outcome.value is None:
        return None
    return judge(prediction, outcome.value).right
