"""Write a whole class's marks and comments into nbgrader's gradebook quickly, in transactions."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbgrader import api
from sqlalchemy import Engine, select
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, selectinload

from autograder.errors import UsageError
from autograder.handed_in.archive import shown
from autograder.model import Summary
from autograder.nbgrader.cells import checked, written

# What databases say about a table with missing columns.
OLDER = ("no such column", "has no column", "does not exist")
TOGETHER = 100
TRIES = 3
AGAIN = "then run the same command again: graded submissions are kept, and only written to the gradebook"

# Errors caused by the data of one submission rather than by the database.
_OF_ONE = (DataError, IntegrityError, ValueError, UsageError)

_SUBMITTED = (
    select(api.SubmittedNotebook)
    .join(api.SubmittedNotebook.assignment)
    .options(
        selectinload(api.SubmittedNotebook.grades).selectinload(api.Grade.cell),
        selectinload(api.SubmittedNotebook.comments).selectinload(api.Comment.cell),
    )
)


@contextlib.contextmanager
def opened(url: str) -> Iterator[Gradebook]:
    """A gradebook, closed at the end.

    Args:
        url: an SQLAlchemy URL: sqlite:///gradebook.db, or postgresql://user@host/name.

    Raises:
        UsageError: there is no gradebook, it cannot be reached, or its version is too old.
    """
    file = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not file.exists():
        raise UsageError(
            f"{file}: no gradebook found. Create it with: nbgrader generate_assignment, in the course's folder."
        )
    with _explained(url), _alembic():
        opened_gradebook = api.Gradebook(url)
    try:
        yield Gradebook(url, opened_gradebook.engine)
    finally:
        opened_gradebook.close()


class Gradebook:
    """Writes marks as nbgrader's autograde does: marks and comments by hand stay."""

    def __init__(self, url: str, engine: Engine) -> None:
        """Write to an existing database."""
        self._url = url
        self._engine = engine

    def write(self, summaries: Sequence[Summary]) -> None:
        """Write marks and comments; writing them again changes nothing.

        Raises:
            UsageError: an assignment is not in the gradebook or a submission cannot be written (all others are), or
                the connection is lost, and what was written before stays.
        """
        faults: dict[str, None] = {}
        with _explained(self._url):
            for start in range(0, len(summaries), TOGETHER):
                together = summaries[start : start + TOGETHER]
                try:
                    self._write(together)
                except _OF_ONE:
                    # one by one, so that a fault affects only its own row
                    faults.update(dict.fromkeys(self._faults(together)))
        if faults:
            raise UsageError("\n".join([*faults, "All other marks are in the gradebook."]))

    def _faults(self, summaries: Sequence[Summary]) -> Iterator[str]:
        """Write what can be written, and report what cannot."""
        for summary in summaries:
            try:
                self._write([summary])
            except UsageError as error:
                yield str(error)
            except _OF_ONE as error:
                what = shown(str(getattr(error, "orig", error)).strip().partition("\n")[0])
                yield (
                    f"{_place_of(self._url)}: cannot write {shown(summary.student)}, {summary.assignment} ({what}). "
                    "Enter the marks by hand, from the report."
                )

    def _write(self, summaries: Sequence[Summary]) -> None:
        for more in reversed(range(TRIES)):
            try:
                with Session(self._engine, autoflush=False) as session, session.begin():
                    for name in sorted({summary.assignment for summary in summaries}):
                        of_assignment = [summary for summary in summaries if summary.assignment == name]
                        self._write_assignment(session, name, of_assignment)
            except IntegrityError:
                if not more:
                    raise
                # another grader entered the same student at the same time
            else:
                return

    def _write_assignment(self, session: Session, name: str, summaries: Sequence[Summary]) -> None:
        notebook = session.scalars(
            select(api.Notebook).join(api.Notebook.assignment).where(api.Assignment.name == name)
        ).first()
        if notebook is None:
            raise UsageError(
                f"{self._url}: no assignment {name} in the gradebook. "
                f"Create it with: nbgrader generate_assignment {name}"
            )
        submitted = _submitted(session, notebook, [summary.student for summary in summaries])
        for summary in summaries:
            _mark(submitted[summary.student], summary)


def _submitted(session: Session, notebook: api.Notebook, students: Sequence[str]) -> dict[str, api.SubmittedNotebook]:
    """Each student's submission of a notebook, added where it is missing."""
    assignment = api.SubmittedAssignment
    stored = session.scalars(
        _SUBMITTED.where(api.SubmittedNotebook.notebook_id == notebook.id, assignment.student_id.in_(students))
    ).all()
    submitted = {submission.assignment.student_id: submission for submission in stored}
    known = set(session.scalars(select(api.Student.id).where(api.Student.id.in_(students))))
    for student in dict.fromkeys(students):
        if student not in known:
            session.add(api.Student(id=student))
            session.flush()
        if student not in submitted:
            submitted[student] = _entered(session, notebook, student)
    return submitted


def _entered(session: Session, notebook: api.Notebook, student: str) -> api.SubmittedNotebook:
    """A new submission as nbgrader adds it, with a place for each mark and comment."""
    of_student = {"assignment_id": notebook.assignment_id, "student_id": student}
    assignment = session.scalars(select(api.SubmittedAssignment).filter_by(**of_student)).first()
    if assignment is None:
        assignment = api.SubmittedAssignment(**of_student)
        session.add(assignment)
    entered = api.SubmittedNotebook(notebook=notebook, assignment=assignment)
    for cell in [*notebook.grade_cells, *notebook.task_cells]:
        session.add(api.Grade(cell=cell, notebook=entered))
    for cell in [*notebook.solution_cells, *notebook.task_cells]:
        session.add(api.Comment(cell=cell, notebook=entered))
    return entered


def _mark(submitted: api.SubmittedNotebook, summary: Summary) -> None:
    marks = {checked(name): marks for name, marks in zip(summary.functions, summary.marks, strict=True)}
    troubles = dict(summary.troubles)
    comments = {written(name): text(troubles.get(name)) for name in summary.functions}
    for grade in submitted.grades:
        if grade.cell.name in marks:
            enter(grade, float(marks[grade.cell.name]))
    for comment in submitted.comments:
        if comment.cell.name in comments:
            comment.auto_comment = comments[comment.cell.name]


def text(words: str | None) -> str | None:
    """Words as every database accepts them: without NUL, in UTF-8."""
    return words and words.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def enter(grade: api.Grade, marks: float | None) -> None:
    """Enter marks; marks given by hand stay, and are flagged for another look, like cells without automatic marks."""
    grade.auto_score = marks
    grade.needs_manual_grade = marks is None or grade.manual_score is not None


def submitted_notebook(session: Session, assignment: str, notebook: str, student: str) -> api.SubmittedNotebook:
    """A student's submission, with all its grades and comments."""
    return session.scalars(
        _SUBMITTED.join(api.SubmittedNotebook.notebook).where(
            api.Notebook.name == notebook,
            api.SubmittedAssignment.student_id == student,
            api.SubmittedAssignment.assignment.has(name=assignment),
        )
    ).one()


def _place_of(url: str) -> str:
    """An address without its password."""
    return url.rpartition("@")[2] if "@" in url else url


@contextlib.contextmanager
def _explained(url: str) -> Iterator[None]:
    """Turn a database's errors into a sentence, without the password in its URL.

    Raises:
        UsageError: the database cannot be used.
    """
    place = _place_of(url)
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines()[0]
        older = any(words in said for words in OLDER)
        what = "Upgrade it with: nbgrader db upgrade" if older else f"Check the connection, {AGAIN}"
        raise UsageError(f"{place}: cannot write marks ({said}). {what}.") from error
    except (SQLAlchemyError, ImportError) as error:
        raise UsageError(
            f"{place}: {str(error).splitlines()[0]}. Give an SQLAlchemy URL whose driver is installed, such as "
            "sqlite:///gradebook.db or postgresql+psycopg://user@host/name."
        ) from error


@contextlib.contextmanager
def _alembic() -> Iterator[None]:
    """Put alembic on the PATH, from the folder of this Python: nbgrader runs it when it creates a gradebook."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before
