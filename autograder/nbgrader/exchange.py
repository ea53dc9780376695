"""nbgrader's exchange, in which students own their folders: what is collected, and what goes back.

Only the assignment's notebooks, the time and the secret travel, and only as plain files of the student's own. What is
wrong with one submission is a sentence, and all others are collected.
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
SUBMITTING = timedelta(minutes=10)  # that `nbgrader submit` may take after it has written the time down


@dataclass(frozen=True)
class _Record:
    """A folder that somebody has handed in: its name, what it says, and the folder that it was when it was seen."""

    name: str
    student: str
    time: datetime
    owner: int
    number: int


class Collect(ExchangeCollect):  # type: ignore[misc]
    """Collects what is each student's own, in place of nbgrader's copying, which follows links.

    Where one account hands in for all, as where a service owns the exchange, `c.ExchangeCollect.check_owner = False`
    takes folders of any account, as nbgrader does.
    """

    src_records: list[_Record]

    def init_src(self) -> None:
        """Find the submission of each student that counts, among those that are their own."""
        if not self.coursedir.course_id:
            self.fail("No course id specified. Re-run with --course flag.")
        self.course_path = str(Path(self.root) / self.coursedir.course_id)
        self.inbound_path = str(Path(self.course_path) / "inbound")
        if not Path(self.inbound_path).is_dir():
            self.fail(f"Course not found: {self.inbound_path}")
        if not check_mode(self.inbound_path, read=True, execute=True):
            self.fail(f"You don't have read permissions for the directory: {self.inbound_path}")
        self._tell_of_open_root()
        self.names, self.duedate = _assignment(self)
        own: defaultdict[str, list[_Record]] = defaultdict(list)
        faults = []
        for found in self._found():
            if isinstance(found, _Record):
                own[found.student].append(found)
            else:
                faults.append(found)
        for fault in faults[:MOST_FAULTS]:
            self.log.error("%s", fault)
        if faults[MOST_FAULTS:]:
            self.log.error("and %d more folders in %s were left out", len(faults) - MOST_FAULTS, self.inbound_path)
        self.src_records = [self._counting(own[student]) for student in sorted(own)]

    def _tell_of_open_root(self) -> None:
        mode = Path(self.root).stat().st_mode
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            self.log.warning("%s: everybody can move what is in it; close that with: chmod +t %s", self.root, self.root)

    def _found(self) -> Iterator[_Record | str]:
        """Each folder of the assignment and of the students that are asked for, or the reason why it is left out."""
        with os.scandir(self.inbound_path) as entries:
            names = sorted(entry.name for entry in entries)
        for name in names:
            parts = self._parts(name)
            if parts is not None and fnmatch.fnmatchcase(parts[0], self.coursedir.student_id or "*"):
                yield self._record(name, *parts)

    def _parts(self, name: str) -> tuple[str, str] | None:
        """The student and the time in a folder's name; None if it is of another assignment."""
        for parts in (name.rsplit("+", 3), name.rsplit("+", 2)):
            if len(parts) >= len(("student", "assignment", "time")) and parts[1] == self.coursedir.assignment_id:
                return parts[0], parts[2]
        return None

    def _record(self, name: str, student: str, when: str) -> _Record | str:
        time = carrying.time_of(when)
        if not student.isprintable() or student.startswith(".") or not 0 < len(student) <= LONGEST_NAME:
            return f"{shown(name)}: it names no student as an account can be called; it is left out"
        try:
            about = os.lstat(Path(self.inbound_path) / name)
        except OSError as error:
            return f"{shown(name)}: {error.strerror}; it is left out"
        owner = _account(about.st_uid)
        if self.check_owner and owner != student:
            return f"{shown(name)}: it claims to be of {student}, but is of {owner}; it is left out, ask both"
        if time is None:
            return f"{shown(name)}: its name, by {student}, holds no time; it is left out, ask for it again"
        return _Record(name, student, time, about.st_uid, about.st_ino)

    def _counting(self, own: Sequence[_Record]) -> _Record:
        early = [one for one in own if self.before_duedate and self.duedate and one.time <= self.duedate]
        return max(early or own, key=lambda one: one.time)

    def copy_files(self) -> None:
        """Collect what counts, one student after another; what is wrong with one is told."""
        what = f"submissions of '{self.coursedir.assignment_id}' for course '{self.coursedir.course_id}'"
        if not self.src_records:
            self.log.warning("No %s to collect", what)
            return
        self.log.info("Processing %d %s", len(self.src_records), what)
        for record in self.src_records:
            try:
                self._collect(record)
            except (SubmissionError, OSError) as error:
                self.log.error(  # noqa: TRY400  a sentence, and no lines of this package
                    "%s: %s: %s; it is left out, ask for it again",
                    record.student,
                    shown(record.name),
                    shown(str(error)),
                )

    def _collect(self, record: _Record) -> None:
        about = f"{record.student} {self.coursedir.assignment_id}"
        place = Path(_path(self.coursedir, self.coursedir.submitted_directory, record.student))
        if place.is_dir() and not self._is_wanted(record, place):
            hint = "No newer submission to collect" if self.update else "Submission exists, use --update to update"
            self.log.info("%s: %s", hint, about)
            return
        self.log.info("%s submission: %s", "Updating" if place.is_dir() else "Collecting", about)
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
        """Whether a submission takes the place of what was collected before."""
        try:
            with carrying.opened(place) as folder:
                before = carrying.time_in(folder)
        except SubmissionError:
            before = None
        if self.update and (before is None or record.time > before):
            return True
        return bool(self.before_duedate) and before != record.time

    def _copy(self, record: _Record, place: Path) -> None:
        """Copy what may travel; the time is that of the record, whatever lies in the folder."""
        largest = min(notebook.LARGEST, 1000 * self.coursedir.max_file_size)
        with (
            carrying.opened(Path(self.inbound_path) / record.name) as source,
            carrying.opened(place) as target,
        ):
            about = os.fstat(source)
            if (about.st_uid, about.st_ino) != (record.owner, record.number):
                raise SubmissionError("the folder was replaced while it was collected")
            copied = [
                name for name in self.names if carrying.copy(name, source, target, owner=record.owner, largest=largest)
            ]
            if not copied:
                found = [shown(name) for name in carrying.names(source) if name.endswith(".ipynb")][:3]
                what = f", but {' and '.join(found)}" if found else ""
                raise SubmissionError(f"it holds no {' and no '.join(self.names)}{what}")
            carrying.copy(SECRET, source, target, owner=record.owner)
            carrying.write(TIMESTAMP, target, iter([f"{record.time} UTC".encode()]))
            self._tell_of_change(record, source)

    def _tell_of_change(self, record: _Record, folder: int) -> None:
        """Say what was handed in before the due date and changed after it, by the clock of the kernel."""
        places = [".", *(name for name in (*self.names, SECRET) if name in carrying.names(folder))]
        last = max(os.stat(name, dir_fd=folder, follow_symlinks=False).st_ctime for name in places)
        changed = datetime.fromtimestamp(last, UTC).replace(tzinfo=None)
        if self.duedate is not None and record.time <= self.duedate < changed - SUBMITTING:
            self.log.warning(
                "%s: %s: its name says that it was in time, but it changed at %s UTC, after the due date; ask why",
                *(record.student, shown(record.name), changed.replace(microsecond=0)),
            )


class ReleaseFeedback(ExchangeReleaseFeedback):  # type: ignore[misc]
    """Hands back the pages of the assignment's notebooks, each to who has its secret, and nothing else."""

    def copy_files(self) -> None:
        """Release one student's after the other's; what is wrong with one is told."""
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
            why = str(secret) if isinstance(secret, SubmissionError) else f"{SECRET}: somebody else has the same"
            self.log.error("%s: %s; no feedback is released, as it is fetched by it", shown(student), why)

    def _secrets(self) -> Iterator[tuple[str, str | SubmissionError]]:
        """The secret of everybody who has feedback, or why there is none."""
        step, assignment = self.coursedir.feedback_directory, self.coursedir.assignment_id
        pattern = self.coursedir.format_path(step, "(?P<student>.*)", assignment, escape=True)
        for place in sorted(glob.glob(self.coursedir.format_path(step, "*", assignment))):  # noqa: PTH207  from the root
            found = re.fullmatch(pattern, place, re.DOTALL)
            if found:
                yield found["student"], _secret(Path(place))

    def _release(self, student: str, secret: str, names: Sequence[str]) -> None:
        place = Path(_path(self.coursedir, self.coursedir.feedback_directory, student))
        about = f"'{self.coursedir.course_id}/{self.coursedir.assignment_id}'"
        try:
            with carrying.opened(place) as source, carrying.opened(self.dest_path) as target:
                for name in (Path(name).stem for name in names):
                    page = f"{notebook_hash(secret=secret, notebook_id=name)}.html"
                    if carrying.copy(f"{name}.html", source, target, called=page, largest=notebook.LARGEST):
                        os.chmod(page, 0o664 if self.coursedir.groupshared else 0o644, dir_fd=target)
                        self.log.info("Releasing feedback for student '%s' on assignment %s: %s", student, about, page)
        except (SubmissionError, OSError) as error:
            self.log.error(  # noqa: TRY400  a sentence, and no lines of this package
                "%s: %s; no feedback is released", shown(student), shown(str(error))
            )


class List(ExchangeList):  # type: ignore[misc]
    """Lists what is in the exchange; of what students have handed in, what can be looked into without waiting."""

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
            self.log.error("%s: %s; it is not listed", shown(place), error)  # noqa: TRY400  a sentence
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
    return text if text.strip() else SubmissionError(f"{SECRET}: it is not there or holds nothing")


def _assignment(exchange: Any) -> tuple[list[str], datetime | None]:
    """The files that an assignment's notebooks are, and when it is due, as nbgrader has entered them."""
    coursedir = exchange.coursedir
    with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
        try:
            assignment = gradebook.find_assignment(coursedir.assignment_id)
            names, due = sorted(f"{one.name}.ipynb" for one in assignment.notebooks), assignment.duedate
        except MissingEntry:
            names, due = [], None
    if not names:
        exchange.fail(
            f"{coursedir.db_url}: there is no assignment {coursedir.assignment_id} in it, but it says which notebooks "
            f"to collect; make it with: nbgrader generate_assignment {coursedir.assignment_id}"
        )
    return names, due


def _path(coursedir: Any, step: str, student: str) -> str:
    return str(coursedir.format_path(step, student, coursedir.assignment_id))


def _account(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"user {number}, who has no account here"


def _share(folder: Path) -> None:
    """Let the group of the instructors change a folder."""
    folder.chmod(0o2770 | stat.S_IMODE(folder.stat().st_mode))
    for path in folder.iterdir():
        path.chmod(0o660 | stat.S_IMODE(path.stat().st_mode))
