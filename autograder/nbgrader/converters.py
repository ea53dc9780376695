"""nbgrader's autograde and generate_feedback, which take along only what they need of a student's folder.

nbgrader has no setting for these classes. The exporter is the first thing of ours that they make, before they look into
any submission, and makes them one of these.
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
    """Reads the time of a submission from plain files only, and none where there is no time."""

    def get_existing_timestamp(self, dest_path: str) -> datetime | None:
        """When what lies in a folder was handed in."""
        try:
            with carrying.opened(dest_path) as folder:
                return carrying.time_in(folder)
        except SubmissionError:
            return None


class _Carrying(BaseConverter):  # type: ignore[misc]
    """Stands behind nbgrader's own classes, in the place of its copying of all files."""

    def init_assignment(self, assignment_id: str, student_id: str) -> None:
        """Take along the time and the secret."""
        target = Path(self._format_dest(assignment_id, student_id))
        target.mkdir(parents=True, exist_ok=True)
        with carrying.opened(self._format_source(assignment_id, student_id)) as source, carrying.opened(target) as to:
            for name in (TIMESTAMP, SECRET):
                try:
                    carrying.copy(name, source, to)
                except SubmissionError as error:
                    self.log.warning("%s: %s; it was left out", shown(student_id), error)


class _OneByOne(BaseConverter):  # type: ignore[misc]
    """Stands before nbgrader's own classes, and leaves out folders that it would not come through."""

    def convert_notebooks(self) -> None:
        """Convert what lies in real folders under names that can be shown."""
        before = set(self.assignments)
        for place, notebooks in list(self.assignments.items()):
            hidden = [name for name in notebooks if not Path(name).name.isprintable()]
            for name in hidden:
                self.log.error("%s: its name holds what cannot be shown; it was left out", shown(name))
            self.assignments[place] = [name for name in notebooks if name not in hidden]
            if (why := self._why_not(Path(place))) is not None or not self.assignments[place]:
                self.log.error("%s: %s; it was left out", shown(place), why or "nothing in it can be read")
                del self.assignments[place]
        super().convert_notebooks()
        if before - set(self.assignments):
            raise NbGraderException("some submissions were left out; see above")

    def _why_not(self, place: Path) -> str | None:
        if not str(place).isprintable():
            return "its name holds what cannot be shown"
        root = Path(os.path.commonpath([place, os.path.normpath(self._format_source(".", "."))]))
        try:
            with carrying.opened_below(root, place) as folder:
                carrying.time_in(folder)
        except SubmissionError as error:
            return self._of_time(error, place)
        except (OSError, ValueError):
            return "it does not lie in the course's folder"
        return None

    def _of_time(self, error: SubmissionError, place: Path) -> str | None:
        """A time that cannot be read costs the time, and nothing else."""
        if TIMESTAMP not in str(error):
            return str(error)
        self.log.warning("%s: %s; it is marked as if in time", shown(str(place)), error)
        return None


class _Autograde(_OneByOne, Autograde, _Carrying):  # type: ignore[misc]
    """nbgrader's autograde between the two."""


class _GenerateFeedback(_OneByOne, GenerateFeedback, _Carrying):  # type: ignore[misc]
    """nbgrader's generate_feedback between the two."""


def guard(converter: Any) -> None:
    """Make one of nbgrader's converters one of these."""
    ours = {Autograde: _Autograde, GenerateFeedback: _GenerateFeedback}
    if type(converter) in ours:
        converter.__class__ = ours[type(converter)]
        converter.coursedir.__class__ = _Folders
