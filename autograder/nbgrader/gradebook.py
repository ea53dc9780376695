"""nbgrader's gradebook, written at the speed of a batch: marks and comments of a whole class, in transactions."""

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

# What databases say of a table that has not every column.
OLDER = ("no such column", "has no column", "does not exist")
TOGETHER = 100
TRIES = 3
AGAIN = "then run the same command again: what is marked is kept, and only written there"

# What a database refuses because of what is written, rather than because of where.
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
        url: as SQLAlchemy has it: sqlite:///gradebook.db, or postgresql://user@host/name.

    Raises:
        UsageError: there is no gradebook, or it cannot be reached, or it is an older one.
    """
    file = Path(url.removeprefix("sqlite:///"))
    if url.startswith("sqlite:///") and not file.exists():
        raise UsageError(
            f"{file}: there is no gradebook, but it has to know the assignments; "
            "make it with: nbgrader generate_assignment, in the course's folder"
        )
    with _told(url), _alembic():
        found = api.Gradebook(url)
    try:
        yield Gradebook(url, found.engine)
    finally:
        found.close()


class Gradebook:
    """Writes marks as nbgrader's autograde does: what is done by hand stays."""

    def __init__(self, url: str, engine: Engine) -> None:
        """Write to a database that is there."""
        self._url = url
        self._engine = engine

    def write(self, summaries: Sequence[Summary]) -> None:
        """Write marks and comments; once or twice is the same.

        Raises:
            UsageError: an assignment is not in the gradebook, or a submission cannot be written: all others are; or the
                database goes away: what was written before stays.
        """
        faults: dict[str, None] = {}
        with _told(self._url):
            for start in range(0, len(summaries), TOGETHER):
                together = summaries[start : start + TOGETHER]
                try:
                    self._write(together)
                except _OF_ONE:
                    # one by one, so that none costs another's row
                    faults.update(dict.fromkeys(self._faults(together)))
        if faults:
            raise UsageError("\n".join([*faults, "All other marks are in the gradebook."]))

    def _faults(self, summaries: Sequence[Summary]) -> Iterator[str]:
        """Write what can be written, and say what cannot."""
        for one in summaries:
            try:
                self._write([one])
            except UsageError as error:
                yield str(error)
            except _OF_ONE as error:
                what = shown(str(getattr(error, "orig", error)).strip().partition("\n")[0])
                yield (
                    f"{_place_of(self._url)}: {shown(one.student)}, {one.assignment}: {what}, but marks have to be "
                    "written there; enter them by hand, from the report"
                )

    def _write(self, summaries: Sequence[Summary]) -> None:
        for more in reversed(range(TRIES)):
            try:
                with Session(self._engine, autoflush=False) as session, session.begin():
                    for name in sorted({one.assignment for one in summaries}):
                        self._write_assignment(session, name, [one for one in summaries if one.assignment == name])
            except IntegrityError:
                if not more:
                    raise
                # another grader has entered the same student at the same time
            else:
                return

    def _write_assignment(self, session: Session, name: str, summaries: Sequence[Summary]) -> None:
        notebook = session.scalars(
            select(api.Notebook).join(api.Notebook.assignment).where(api.Assignment.name == name)
        ).first()
        if notebook is None:
            raise UsageError(
                f"{self._url}: there is no assignment {name} in it, but marks need one; "
                f"make it with: nbgrader generate_assignment {name}"
            )
        submitted = _submitted(session, notebook, [one.student for one in summaries])
        for one in summaries:
            _mark(submitted[one.student], one)


def _submitted(session: Session, notebook: api.Notebook, students: Sequence[str]) -> dict[str, api.SubmittedNotebook]:
    """What each student has submitted of a notebook, entered where it is not there yet."""
    assignment = api.SubmittedAssignment
    found = session.scalars(
        _SUBMITTED.where(api.SubmittedNotebook.notebook_id == notebook.id, assignment.student_id.in_(students))
    ).all()
    submitted = {one.assignment.student_id: one for one in found}
    known = set(session.scalars(select(api.Student.id).where(api.Student.id.in_(students))))
    for student in dict.fromkeys(students):
        if student not in known:
            session.add(api.Student(id=student))
            session.flush()
        if student not in submitted:
            submitted[student] = _entered(session, notebook, student)
    return submitted


def _entered(session: Session, notebook: api.Notebook, student: str) -> api.SubmittedNotebook:
    """A submission as nbgrader enters it, with a place for each mark and comment."""
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
    said = {written(name): text(troubles.get(name)) for name in summary.functions}
    for grade in submitted.grades:
        if grade.cell.name in marks:
            enter(grade, float(marks[grade.cell.name]))
    for comment in submitted.comments:
        if comment.cell.name in said:
            comment.auto_comment = said[comment.cell.name]


def text(words: str | None) -> str | None:
    """Words as any database takes them: without NUL, and in UTF-8."""
    return words and words.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def enter(grade: api.Grade, marks: float | None) -> None:
    """Enter marks; what was given by hand stays, and somebody looks at it again, as at what only they can mark."""
    grade.auto_score = marks
    grade.needs_manual_grade = marks is None or grade.manual_score is not None


def submitted_notebook(session: Session, assignment: str, notebook: str, student: str) -> api.SubmittedNotebook:
    """What a student has submitted, with all its grades and comments."""
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
def _told(url: str) -> Iterator[None]:
    """Turns what a database says into a sentence, without the password of its address.

    Raises:
        UsageError: it cannot be used.
    """
    place = _place_of(url)
    try:
        yield
    except DBAPIError as error:
        said = str(error.orig).strip().splitlines()[0]
        older = any(words in said for words in OLDER)
        what = "bring it up to date with: nbgrader db upgrade" if older else f"see that it can be reached; {AGAIN}"
        raise UsageError(f"{place}: {said}, but marks have to be written there; {what}") from error
    except (SQLAlchemyError, ImportError) as error:
        raise UsageError(
            f"{place}: {str(error).splitlines()[0]}, but a gradebook needs an address of SQLAlchemy's and its driver; "
            "give one such as sqlite:///gradebook.db or postgresql+psycopg://user@host/name"
        ) from error


@contextlib.contextmanager
def _alembic() -> Iterator[None]:
    """nbgrader calls alembic by its name when it makes a gradebook; it lies beside this Python."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{before}"
    try:
        yield
    finally:
        os.environ["PATH"] = before
