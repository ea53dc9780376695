"""nbgrader's autograde and generate_feedback, copying only what they need from a student's folder.

nbgrader has no setting for these classes. Our exporter is created before they open any submission, and replaces their
classes by those below.
"""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, BaseConverter, GenerateFeedback
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory

from autograder.errors import SubmissionError
from autograder.handed_in.archive import shown
from autograder.nbgrader import carrying
from autograder.nbgrader.carrying import SECRET, TIMESTAMP


class _Folders(CourseDirectory):  # type: ignore[misc]
    """Reads the time of a submission from plain files only; there may be none."""

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """When the submission in a folder was handed in."""
        try:
            with carrying.opened(dest_path) as folder:
                return carrying.time_in(folder)
        except SubmissionError:
            return None


class _Carrying(BaseConverter):  # type: ignore[misc]
    """Comes after nbgrader's own classes, and replaces their copying of all files."""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Copy the time and the secret."""
        target = Path(self._format_dest(assignment_id, student_id))
        target.mkdir(parents=True, exist_ok=True)
        with carrying.opened(self._format_source(assignment_id, student_id)) as source, carrying.opened(target) as to:
            for name in (TIMESTAMP, SECRET):
                try:
                    carrying.copy(name, source, to)
                except SubmissionError as error:
                    self.log.warning("%s: %s; skipped", shown(student_id), error)


class _OneByOne(BaseConverter):  # type: ignore[misc]
    """Comes before nbgrader's own classes, and skips folders on which they would fail."""

    def convert_notebooks(self) -> None:
        """Convert what is in real folders with printable names."""
        before = set(self.assignments)
        for place, notebooks in list(self.assignments.items()):
            hidden = [name for name in notebooks if not Path(name).name.isprintable()]
            for name in hidden:
                self.log.error("%s: unprintable characters in its name; skipped", shown(name))
            self.assignments[place] = [name for name in notebooks if name not in hidden]
            if (why := self._why_not(Path(place))) is not None or not self.assignments[place]:
                self.log.error("%s: %s; skipped", shown(place), why or "nothing in it can be read")
                del self.assignments[place]
        super().convert_notebooks()
        if before - set(self.assignments):
            raise NbGraderException("some submissions were skipped; see above")

    def _why_not(self, place: Path) -> str | None:
        if not str(place).isprintable():
            return "unprintable characters in its name"
        root = Path(os.path.commonpath([place, os.path.normpath(self._format_source(".", "."))]))
        try:
            with carrying.opened_below(root, place) as folder:
                carrying.time_in(folder)
        except SubmissionError as error:
            return self._of_time(error, place)
        except (OSError, ValueError):
            return "not in the course's folder"
        return None

    def _of_time(self, error: SubmissionError, place: Path) -> str | None:
        """An unreadable time costs only the time."""
        if TIMESTAMP not in str(error):
            return str(error)
        self.log.warning("%s: %s; graded as if on time", shown(str(place)), error)
        return None


class _Autograde(_OneByOne, Autograde, _Carrying):  # type: ignore[misc]
    """nbgrader's autograde, between the two."""


class _GenerateFeedback(_OneByOne, GenerateFeedback, _Carrying):  # type: ignore[misc]
    """nbgrader's generate_feedback, between the two."""


def guard(converter: Any) -> None:
    """Replace the class of one of nbgrader's converters by ours."""
    ours = {Autograde: _Autograde, GenerateFeedback: _GenerateFeedback}
    if type(converter) in ours:
        converter.__class__ = ours[type(converter)]
        converter.coursedir.__class__ = _Folders
