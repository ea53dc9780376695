"""nbgrader's exchange, where students own their folders: what is collected, and what goes back.

Only the assignment's notebooks, the time and the secret are copied, and only from plain files that the student owns. A
submission with a problem is reported in a sentence, and all others are collected.
"""

from __future__ import annotations

import fnmatch
import glob
import os
import pwd
import re
import shutil
import stat
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.exchange.default import ExchangeCollect, ExchangeList, ExchangeReleaseFeedback
from nbgrader.utils import check_mode, notebook_hash

from autograder.errors import SubmissionError
from autograder.handed_in import notebook
from autograder.handed_in.archive import shown
from autograder.nbgrader import carrying
from autograder.nbgrader.carrying import SECRET, TIMESTAMP

MOST_FAULTS = 50
LONGEST_NAME = 128  # letters of a student's name in a gradebook
SUBMITTING = timedelta(minutes=10)  # time that `nbgrader submit` may take after it records the time


@dataclass(frozen=True)
class _Record:
    """A submitted folder: its name, what the name says, and its owner and inode when it was found."""

    name: str
    student: str
    time: datetime
    owner: int
    number: int


class Collect(ExchangeCollect):  # type: ignore[misc]
    """Collects only files that students own, unlike nbgrader's own copying, which follows links.

    If one account hands in for all, for instance because a service owns the exchange, set
    `c.ExchangeCollect.check_owner = False` to accept folders of any account, as nbgrader does.
    """

    src_records: list[_Record]

    def init_src(self) -> None:
        """Find each student's submission that counts, among those that the student owns."""
        if not self.coursedir.course_id:
            self.fail("No course id specified. Re-run with --course flag.")
        self.course_path = str(Path(self.root) / self.coursedir.course_id)
        self.inbound_path = str(Path(self.course_path) / "inbound")
        if not Path(self.inbound_path).is_dir():
            self.fail(f"Course not found: {self.inbound_path}")
        if not check_mode(self.inbound_path, read=True, execute=True):
            self.fail(f"You don't have read permissions for the directory: {self.inbound_path}")
        self._warn_of_open_root()
        self.names, self.duedate = _assignment(self)
        own: defaultdict[str, list[_Record]] = defaultdict(list)
        faults = []
        for submitted in self._submitted():
            if isinstance(submitted, _Record):
                own[submitted.student].append(submitted)
            else:
                faults.append(submitted)
        for fault in faults[:MOST_FAULTS]:
            self.log.error("%s", fault)
        if faults[MOST_FAULTS:]:
            self.log.error("and %d more folders in %s were skipped", len(faults) - MOST_FAULTS, self.inbound_path)
        self.src_records = [self._counting(own[student]) for student in sorted(own)]

    def _warn_of_open_root(self) -> None:
        mode = Path(self.root).stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            self.log.warning("%s: anyone can move files in it; prevent that with: chmod +t %s", self.root, self.root)

    def _submitted(self) -> Iterator[_Record | str]:
        """Each folder of the assignment and of the requested students, or the reason why it is skipped."""
        with os.scandir(self.inbound_path) as entries:
            names = sorted(entry.name for entry in entries)
        for name in names:
            parts = self._parts(name)
            if parts is not None and fnmatch.fnmatchcase(parts[0], self.coursedir.student_id or "*"):
                yield self._record(name, *parts)

    def _parts(self, name: str) -> tuple[str, str] | None:
        """The student and the time in a folder's name; None if it is for another assignment."""
        for parts in (name.rsplit("+", 3), name.rsplit("+", 2)):
            if len(parts) >= len(("student", "assignment", "time")) and parts[1] == self.coursedir.assignment_id:
                return parts[0], parts[2]
        return None

    def _record(self, name: str, student: str, when: str) -> _Record | str:
        time = carrying.time_of(when)
        if not student.isprintable() or student.startswith(".") or not 0 < len(student) <= LONGEST_NAME:
            return f"{shown(name)}: its name contains no valid account name; skipped"
        try:
            status = os.lstat(Path(self.inbound_path) / name)
        except OSError as error:
            return f"{shown(name)}: {error.strerror}; skipped"
        owner = _account(status.st_uid)
        if self.check_owner and owner != student:
            return f"{shown(name)}: named after {student}, but owned by {owner}; skipped. Ask both students"
        if time is None:
            return f"{shown(name)}: no time in its name; skipped. Ask {student} to submit again"
        return _Record(name, student, time, status.st_uid, status.st_ino)

    def _counting(self, own: Sequence[_Record]) -> _Record:
        early = [record for record in own if self.before_duedate and self.duedate and record.time <= self.duedate]
        return max(early or own, key=lambda record: record.time)

    def copy_files(self) -> None:
        """Collect the submissions that count, one student after another; problems are reported."""
        what = f"submissions of '{self.coursedir.assignment_id}' for course '{self.coursedir.course_id}'"
        if not self.src_records:
            self.log.warning("No %s to collect", what)
            return
        self.log.info("Processing %d %s", len(self.src_records), what)
        for record in self.src_records:
            try:
                self._collect(record)
            except (SubmissionError, OSError) as error:
                self.log.error(  # noqa: TRY400  a sentence, without a traceback
                    "%s: %s: %s; skipped. Ask the student to submit again",
                    record.student,
                    shown(record.name),
                    shown(str(error)),
                )

    def _collect(self, record: _Record) -> None:
        label = f"{record.student} {self.coursedir.assignment_id}"
        place = Path(_path(self.coursedir, self.coursedir.submitted_directory, record.student))
        if place.is_dir() and not self._is_wanted(record, place):
            hint = "No newer submission to collect" if self.update else "Submission exists, use --update to update"
            self.log.info("%s: %s", hint, label)
            return
        self.log.info("%s submission: %s", "Updating" if place.is_dir() else "Collecting", label)
        beside = Path(_path(self.coursedir, self.coursedir.submitted_directory, ".")).parent
        beside = beside / f".{record.student}+{self.coursedir.assignment_id}.part"
        shutil.rmtree(beside, ignore_errors=True)
        try:
            beside.mkdir(parents=True)
            self._copy(record, beside)
            if self.coursedir.groupshared:
                _share(beside)
            if place.is_dir():
                shutil.rmtree(place)
            place.parent.mkdir(parents=True, exist_ok=True)
            beside.rename(place)
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    def _is_wanted(self, record: _Record, place: Path) -> bool:
        """Whether a submission replaces what was collected before."""
        try:
            with carrying.opened(place) as folder:
                before = carrying.time_in(folder)
        except SubmissionError:
            before = None
        if self.update and (before is None or record.time > before):
            return True
        return bool(self.before_duedate) and before != record.time

    def _copy(self, record: _Record, place: Path) -> None:
        """Copy what may be copied; the time is that of the record, whatever the folder says."""
        largest = min(notebook.LARGEST, 1000 * self.coursedir.max_file_size)
        with (
            carrying.opened(Path(self.inbound_path) / record.name) as source,
            carrying.opened(place) as target,
        ):
            status = os.fstat(source)
            if (status.st_uid, status.st_ino) != (record.owner, record.number):
                raise SubmissionError("the folder was replaced during collection")
            copied = [
                name for name in self.names if carrying.copy(name, source, target, owner=record.owner, largest=largest)
            ]
            if not copied:
                others = [shown(name) for name in carrying.names(source) if name.endswith(".ipynb")][:3]
                what = f", only {' and '.join(others)}" if others else ""
                raise SubmissionError(f"no {' and no '.join(self.names)} in it{what}")
            carrying.copy(SECRET, source, target, owner=record.owner)
            carrying.write(TIMESTAMP, target, iter([f"{record.time} UTC".encode()]))
            self._warn_of_change(record, source)

    def _warn_of_change(self, record: _Record, folder: int) -> None:
        """Report a submission dated before the due date that changed after it, according to the kernel."""
        places = [".", *(name for name in (*self.names, SECRET) if name in carrying.names(folder))]
        last = max(os.stat(name, dir_fd=folder, follow_symlinks=False).st_ctime for name in places)
        changed = datetime.fromtimestamp(last, UTC).replace(tzinfo=None)
        if self.duedate is not None and record.time <= self.duedate < changed - SUBMITTING:
            self.log.warning(
                "%s: %s: on time by its name, but changed at %s UTC, after the due date. Ask the student why",
                *(record.student, shown(record.name), changed.replace(microsecond=0)),
            )


class ReleaseFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]
    """Returns the pages of the assignment's notebooks, each to the student with its secret, and nothing else."""

    def copy_files(self) -> None:
        """Release feedback, one student after another; problems are reported."""
        names, _ = _assignment(self)
        excluded = set((self.coursedir.student_id_exclude or "").split(","))
        secrets = dict(self._secrets())
        uses = Counter(secret for secret in secrets.values() if isinstance(secret, str))
        for student, secret in secrets.items():
            if student in excluded or not fnmatch.fnmatchcase(student, self.coursedir.student_id or "*"):
                continue
            if isinstance(secret, str) and uses[secret] == 1:
                self._release(student, secret, names)
                continue
            why = str(secret) if isinstance(secret, SubmissionError) else f"{SECRET}: another student has the same"
            self.log.error("%s: %s; no feedback released, as students fetch it with this secret", shown(student), why)

    def _secrets(self) -> Iterator[tuple[str, str | SubmissionError]]:
        """The secret of each student with feedback, or why there is none."""
        step, assignment = self.coursedir.feedback_directory, self.coursedir.assignment_id
        pattern = self.coursedir.format_path(step, "(?P<student>.*)", assignment, escape=True)
        for place in sorted(glob.glob(self.coursedir.format_path(step, "*", assignment))):  # noqa: PTH207  from the root
            match = re.fullmatch(pattern, place, re.DOTALL)
            if match:
                yield match["student"], _secret(Path(place))

    def _release(self, student: str, secret: str, names: Sequence[str]) -> None:
        place = Path(_path(self.coursedir, self.coursedir.feedback_directory, student))
        label = f"'{self.coursedir.course_id}/{self.coursedir.assignment_id}'"
        try:
            with carrying.opened(place) as source, carrying.opened(self.dest_path) as target:
                for name in (Path(name).stem for name in names):
                    page = f"{notebook_hash(secret=secret, notebook_id=name)}.html"
                    if carrying.copy(f"{name}.html", source, target, called=page, largest=notebook.LARGEST):
                        os.chmod(page, 0o664 if self.coursedir.groupshared else 0o644, dir_fd=target)
                        self.log.info("Releasing feedback for student '%s' on assignment %s: %s", student, label, page)
        except (SubmissionError, OSError) as error:
            self.log.error(  # noqa: TRY400  a sentence, without a traceback
                "%s: %s; no feedback released", shown(student), shown(str(error))
            )


class List(ExchangeList):  # type: ignore[misc]
    """Lists what is in the exchange, leaving out submissions that would block a reader."""

    assignments: list[str]

    def init_dest(self) -> None:
        """Find what to list."""
        super().init_dest()
        if self.inbound:
            self.assignments = [place for place in self.assignments if place.isprintable() and self._is_plain(place)]

    def _is_plain(self, place: str) -> bool:
        try:
            with carrying.opened(place) as folder:
                carrying.read(SECRET, folder)
                for name in carrying.names(folder):
                    if name.endswith(".ipynb"):
                        with carrying.plain_file(name, folder):
                            pass
        except SubmissionError as error:
            self.log.error("%s: %s; not listed", shown(place), error)  # noqa: TRY400  a sentence
            return False
        return True


def _secret(place: Path) -> str | SubmissionError:
    try:
        with carrying.opened(place) as folder:
            text = (carrying.read(SECRET, folder) or b"").decode("ascii")
    except SubmissionError as error:
        return error
    except UnicodeDecodeError:
        text = ""
    return text if text.strip() else SubmissionError(f"{SECRET}: missing or empty")


def _assignment(exchange: Any) -> tuple[list[str], datetime | None]:
    """The file names of an assignment's notebooks, and when it is due, from nbgrader's gradebook."""
    coursedir = exchange.coursedir
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            assignment = gradebook.find_assignment(coursedir.assignment_id)
            names, due = sorted(f"{notebook.name}.ipynb" for notebook in assignment.notebooks), assignment.duedate
        except MissingEntry:
            names, due = [], None
    if not names:
        exchange.fail(
            f"{coursedir.db_url}: no assignment {coursedir.assignment_id} in the gradebook. "
            f"Create it with: nbgrader generate_assignment {coursedir.assignment_id}"
        )
    return names, due


def _path(coursedir: Any, step: str, student: str) -> str:
    return str(coursedir.format_path(step, student, coursedir.assignment_id))


def _account(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}, who has no account on this machine"


def _share(folder: Path) -> None:
    """Let the instructors' group change a folder."""
    folder.chmod(0o2770 | stat.S_IMODE(folder.stat().st_mode))
    for path in folder.iterdir():
        path.chmod(0o660 | stat.S_IMODE(path.stat().st_mode))
