"""What students can lay into nbgrader's exchange to reach the instructor's files, others' marks, or everybody's run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from nbgrader.utils import notebook_hash

from autograder.course.folder import Course
from autograder.release.build import notebook
from tests.autograder.nbgrader.cycle import NAME, OUT_OF, command, lay_down, run, scores
from tests.autograder.nbgrader.machine import Machine, give, set_up

pytestmark = pytest.mark.thorough

PAGE = f"{NAME}.ipynb"
SECRET = "submission_secret.txt"  # noqa: S105  its name
MARKER = "BEGIN PRIVATE KEY"
TIME = "2026-11-20 10:00:00.000000 UTC"
LATER = "2026-11-21 10:00:00.000000 UTC"
VERBS = ("collect", "autograde", "generate_feedback", "release_feedback")


@dataclass
class Exchange:
    """A course and its exchange, in which everybody has laid what they will."""

    place: Path
    inbound: Path
    solved: str
    empty: str
    shown_at: str  # where the course's folder is, for those who lay links
    machine: Machine | None = None
    said: dict[str, str] = field(default_factory=dict)
    codes: dict[str, int] = field(default_factory=dict)

    def lay(self, student: str, *, time: str = TIME, owner: str | None = None) -> Path:
        """A folder as `nbgrader submit` makes it, with an empty notebook."""
        made = self.inbound / f"{student}+{NAME}+{time}+{len(list(self.inbound.iterdir()))}"
        made.mkdir()
        (made / PAGE).write_text(self.empty)
        (made / "timestamp.txt").write_text(time)
        (made / SECRET).write_text(f"secret of {student}")
        self.give(made, owner or student)
        return made

    def give(self, path: Path, who: str) -> None:
        """Make it somebody's own, where there are accounts."""
        if self.machine is not None:
            give(path, self.machine.people[who])

    def run(self, verb: str, *words: str) -> None:
        """One of nbgrader's commands, by the instructor, and what it says."""
        if self.machine is None:
            done: subprocess.CompletedProcess[str] = command(self.place, verb, NAME, *words)
        else:
            done = self.machine.run("instructor", sys.executable, "-m", "nbgrader", verb, NAME, *words)
        self.said[verb], self.codes[verb] = done.stdout + done.stderr, done.returncode

    def link(self, path: Path, target: str) -> None:
        """A link in place of what is there."""
        path.unlink(missing_ok=True)
        path.symlink_to(target)


Attack = Callable[[Exchange], None]


def _links_to_pages(exchange: Exchange) -> None:
    made = exchange.lay("pages")
    exchange.link(made / "key.html", f"{exchange.shown_at}/key")
    exchange.link(made / "book.html", f"{exchange.shown_at}/gradebook.db")
    exchange.link(made / "ada.html", f"{exchange.shown_at}/submitted/ada/{NAME}/{PAGE}")
    (made / "folder").symlink_to(exchange.shown_at)


def _link_to_a_classmate(exchange: Exchange) -> None:
    exchange.link(exchange.lay("classmate") / PAGE, f"{exchange.shown_at}/submitted/ada/{NAME}/{PAGE}")


def _link_to_a_device(exchange: Exchange) -> None:
    exchange.link(exchange.lay("device") / PAGE, "/dev/zero")


def _link_to_nothing(exchange: Exchange) -> None:
    exchange.link(exchange.lay("dangling") / PAGE, "nowhere")


def _link_to_itself(exchange: Exchange) -> None:
    exchange.link(exchange.lay("loop") / PAGE, PAGE)


def _pipe(exchange: Exchange) -> None:
    made = exchange.lay("pipe")
    (made / PAGE).unlink()
    (made / SECRET).unlink()  # without it, nbgrader's list looks into notebooks
    os.mkfifo(made / PAGE)


def _secret_is_a_link(exchange: Exchange) -> None:
    exchange.link(exchange.lay("stolen") / SECRET, f"{exchange.shown_at}/key")


def _folder_as_notebook(exchange: Exchange) -> None:
    made = exchange.lay("nested")
    (made / PAGE).unlink()
    (made / PAGE).mkdir()


def _too_large(exchange: Exchange) -> None:
    with (exchange.lay("large") / PAGE).open("r+b") as file:
        file.truncate(1 << 30)


def _other_name(exchange: Exchange) -> None:
    made = exchange.lay("other")
    (made / PAGE).rename(made / "mine.ipynb")


def _no_time(exchange: Exchange) -> None:
    exchange.lay("timeless", time="yesterday evening, or so")


def _file_as_folder(exchange: Exchange) -> None:
    (exchange.inbound / f"file+{NAME}+{TIME}+x").write_text("no folder")
    exchange.give(exchange.inbound / f"file+{NAME}+{TIME}+x", "file")


def _link_as_folder(exchange: Exchange) -> None:
    (exchange.inbound / f"way+{NAME}+{TIME}+x").symlink_to(exchange.shown_at)
    exchange.give(exchange.inbound / f"way+{NAME}+{TIME}+x", "way")


def _unreadable(exchange: Exchange) -> None:
    (exchange.lay("closed") / PAGE).chmod(0)


def _hard_link(exchange: Exchange) -> None:
    (source,) = exchange.inbound.glob("ada+*/*.ipynb")
    made = exchange.lay("hard")
    (made / PAGE).unlink()
    os.link(source, made / PAGE)


# What each student lays there, whether it takes accounts of several people, and what is said of it.
REFUSED: Mapping[str, tuple[Attack, bool, str]] = {
    "classmate": (_link_to_a_classmate, False, f"{PAGE}: a link, not a file"),
    "device": (_link_to_a_device, False, f"{PAGE}: a link, not a file"),
    "dangling": (_link_to_nothing, False, f"{PAGE}: a link, not a file"),
    "loop": (_link_to_itself, False, f"{PAGE}: a link, not a file"),
    "pipe": (_pipe, False, f"{PAGE}: a folder, a pipe or a device, not a plain file"),
    "stolen": (_secret_is_a_link, False, f"{SECRET}: a link, not a file"),
    "nested": (_folder_as_notebook, False, f"{PAGE}: a folder, a pipe or a device"),
    "large": (_too_large, False, f"{PAGE}: larger than 95 MiB"),
    "other": (_other_name, False, f"no {PAGE} in it, only mine.ipynb"),
    "timeless": (_no_time, False, "no time in its name"),
    "file": (_file_as_folder, False, "a link, or not a folder"),
    "way": (_link_as_folder, False, "a link, or not a folder"),
    "closed": (_unreadable, True, f"{PAGE}: Permission denied"),
    "hard": (_hard_link, True, f"{PAGE}: the student does not own this file"),
}
TAKEN = ("ada", "bao", "pages", "secretless", "backdated", "twin", "double")


def _lay_all(exchange: Exchange, *, accounts: bool) -> None:
    (exchange.place / "key").write_text(MARKER)
    (exchange.lay("ada") / PAGE).write_text(exchange.solved)
    exchange.lay("bao")
    _links_to_pages(exchange)
    (exchange.lay("secretless") / SECRET).unlink()
    (exchange.lay("backdated", time=LATER) / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC")
    (exchange.lay("double") / SECRET).write_text("secret of twin")
    exchange.lay("twin")
    for attack, needs_accounts, _ in REFUSED.values():
        if accounts or not needs_accounts:
            attack(exchange)
    if accounts:
        assert exchange.machine is not None
        # what bao has elsewhere is bao's own, and so passes for handed in by bao
        home = exchange.machine.shared / "draft"
        home.mkdir()
        (home / PAGE).write_text("a draft")
        exchange.give(home, "bao")
        exchange.link(exchange.inbound / f"bao+{NAME}+{LATER}+x", "/srv/draft")
        exchange.give(exchange.inbound / f"bao+{NAME}+{LATER}+x", "pages")
        give(exchange.place, exchange.machine.people["instructor"])
    (exchange.inbound / f"\x1b[31m+{NAME}+{TIME}+x").mkdir()


@pytest.fixture(scope="module", params=["one account", "accounts"])
def exchange(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, course: Course) -> Exchange:
    """A class of attackers and honest students that has gone through all commands once, by the same instructor."""
    assignment = course.find(NAME)
    assert assignment is not None
    solved, empty = (notebook(course, assignment, solved=solved) for solved in (True, False))
    top = tmp_path_factory.mktemp("exchange")
    if request.param == "accounts":
        if os.geteuid():
            pytest.skip("accounts of several people need root; run the tests as root, in a container for instance")
        machine = set_up(top, {*TAKEN, *REFUSED})
        place, root, shown_at = machine.shared / "instructor", machine.shared / "exchange", "/srv/instructor"
    else:
        machine, place, root = None, top / "course", top / "course" / "exchange"
        lay_down(place)
        shown_at = str(place)
    made = Exchange(place, root / "convolution-by-hand" / "inbound", solved, empty, shown_at, machine)
    for verb in ("generate_assignment", "release_assignment"):
        made.run(verb)
        assert made.codes[verb] == 0, made.said[verb]
    _lay_all(made, accounts=request.param == "accounts")
    for verb in VERBS:
        made.run(verb)
    return made


def _files(exchange: Exchange) -> list[Path]:
    """All that has come out of the exchange, and gone back into it, with links left as they are."""
    folders = [exchange.place / step for step in ("submitted", "autograded", "feedback")]
    folders.append(exchange.inbound.parent / "feedback")
    return [path for folder in folders for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]


def test_all_commands_come_through(exchange: Exchange) -> None:
    """Whatever one student hands in, everybody else is collected, marked, and gets feedback."""
    assert exchange.codes == dict.fromkeys(exchange.codes, 0), exchange.said
    assert all("Traceback" not in said for said in exchange.said.values())
    assert {path.name for path in (exchange.place / "submitted").iterdir()} == set(TAKEN)


def test_marks_are_those_of_ones_own_work(exchange: Exchange) -> None:
    """Who has solved nothing gets nothing, whatever they link to."""
    assert scores(exchange.place) == {**dict.fromkeys(TAKEN, 0.0), "ada": OUT_OF[NAME]}


@pytest.mark.parametrize("student", REFUSED)
def test_what_is_refused_is_said_once(exchange: Exchange, student: str) -> None:
    """In a sentence that names the student and the reason."""
    _, needs_accounts, words = REFUSED[student]
    if needs_accounts and exchange.machine is None:
        return
    (line,) = [line for line in exchange.said["collect"].splitlines() if f"ERROR] {student}" in line]

    assert words in line
    assert "skipped" in line


def test_nothing_of_the_instructors_travels(exchange: Exchange) -> None:
    """Neither a key nor the gradebook nor a classmate's notebook; and no link, pipe or other file."""
    files = _files(exchange)

    assert files
    assert all(path.is_file() and not path.is_symlink() for path in files)
    assert not [path for path in files if MARKER.encode() in path.read_bytes() or b"SQLite" in path.read_bytes()[:20]]
    names = {path.name for path in files if exchange.inbound.parent not in path.parents}
    assert names <= {PAGE, f"{NAME}.html", "timestamp.txt", SECRET, "answer_key.json", *names_of_release(exchange)}
    assert not {"key.html", "book.html", "ada.html"} & names


def names_of_release(exchange: Exchange) -> set[str]:
    """What an instructor's own folder adds, beside each marked notebook."""
    return {path.name for path in (exchange.place / "release" / NAME).iterdir()}


def test_feedback_is_there_for_whoever_has_a_secret(exchange: Exchange) -> None:
    """Under names that only they know; who has none, or another's, is named."""
    there = {path.name for path in (exchange.inbound.parent / "feedback").iterdir()}
    having = ("ada", "bao", "pages", "backdated")

    assert there == {f"{notebook_hash(secret=f'secret of {who}', notebook_id=NAME)}.html" for who in having}
    assert f"secretless: {SECRET}: missing or empty" in exchange.said["release_feedback"]
    assert f"twin: {SECRET}: another student has the same" in exchange.said["release_feedback"]


def test_the_time_is_that_of_the_record(exchange: Exchange) -> None:
    """What a student writes into the file does not matter."""
    with Gradebook(f"sqlite:///{exchange.place / 'gradebook.db'}") as gradebook:
        times = {one.student.id: one.timestamp for one in gradebook.assignment_submissions(NAME)}

    assert times["backdated"] == datetime(2026, 11, 21, 10, tzinfo=UTC).replace(tzinfo=None)
    assert times["ada"] == datetime(2026, 11, 20, 10, tzinfo=UTC).replace(tzinfo=None)


def test_nobody_replaces_a_classmates_submission(exchange: Exchange) -> None:
    """A link to a folder of the classmate's own is of whoever laid the link."""
    if exchange.machine is None:
        return

    assert (exchange.place / "submitted" / "bao" / NAME / PAGE).read_text() == exchange.empty
    assert "named after bao, but owned by pages; skipped. Ask both students" in exchange.said["collect"]


def test_names_do_not_steer_the_terminal(exchange: Exchange) -> None:
    """Codes in a folder's name are shown as what they are not."""
    assert all("\x1b[31m" not in said for said in exchange.said.values())
    assert "its name contains no valid account name" in exchange.said["collect"]


def test_what_is_handed_in_can_be_listed(exchange: Exchange) -> None:
    """Whatever lies there, and without waiting for a pipe."""
    exchange.run("list", "--inbound")

    said = exchange.said.pop("list")
    assert exchange.codes.pop("list") == 0, said
    assert f"convolution-by-hand ada {NAME} {TIME}" in said
    assert f"pipe+{NAME}" in next(line for line in said.splitlines() if "not listed" in line and "pipe+" in line)
    assert "\x1b[31m" not in said


def test_what_changes_after_the_due_date_is_told(exchange: Exchange, tmp_path: Path) -> None:
    """Who names a folder for a time in the past has changed it since, by the clock of the kernel."""
    if exchange.machine is not None:
        return
    place = tmp_path / "course"
    shutil.copytree(
        exchange.place,
        place,
        ignore=shutil.ignore_patterns("exchange", "submitted", "autograded", "feedback"),
        symlinks=True,
    )
    with Gradebook(f"sqlite:///{place / 'gradebook.db'}") as gradebook:
        gradebook.find_assignment(NAME).duedate = datetime(2000, 1, 2, tzinfo=UTC).replace(tzinfo=None)
        gradebook.db.commit()
    old = Exchange(place, exchange.inbound, "", exchange.empty, "")
    made = old.lay("old", time="2000-01-01 10:00:00 UTC")

    said = run(place, "collect", NAME, "--student=old")
    shutil.rmtree(made)

    assert "old: old+06_pooling+2000-01-01 10:00:00 UTC" in said
    assert "on time by its name, but changed at" in said
