"""`autograder grade --gradebook`: nbgrader's gradebook, written directly, in SQLite and in PostgreSQL."""

from __future__ import annotations

import contextlib
import os
import select
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograder.commands import autograder
from autograder.errors import UsageError
from autograder.handed_in.folder import find
from autograder.model import Summary
from autograder.nbgrader.gradebook import opened
from course.sample_class import build
from tests.autograder.nbgrader.cycle import NAME, NAMES, OUT_OF, SEED, run
from tests.whole import mark_class, settings_of

pytestmark = pytest.mark.thorough


def grade(folder: Path, url: str, out: Path) -> tuple[int, str]:
    """Mark what was handed in, into a gradebook; the exit code, and all that was said."""
    words = ["grade", str(folder / "submitted"), "--course", str(build.COURSE), "--seed", str(SEED), "--out", str(out)]
    result = CliRunner().invoke(autograder, [*words, "--workers", "2", "--gradebook", url])
    assert "Traceback" not in result.output
    return result.exit_code, " ".join(result.output.split())


def told(place: Path) -> dict[tuple[str, str], object]:
    """Every mark and comment of everybody, but for those by hand."""
    found: dict[tuple[str, str], object] = {}
    with Gradebook(f"sqlite:///{place}") as gradebook:
        for one in (one for name in NAMES for one in gradebook.assignment_submissions(name)):
            for notebook in one.notebooks:
                found |= {(one.student.id, grade.name): grade.auto_score for grade in notebook.grades}
                found |= {(one.student.id, comment.name): comment.auto_comment for comment in notebook.comments}
    return found


def test_the_command_line_writes_the_same_gradebook(folder: Path, gradebook: Path, tmp_path: Path) -> None:
    """Marks and comments of everybody are those of nbgrader's autograde, and once more changes nothing."""
    code, said = grade(folder, f"sqlite:///{gradebook}", tmp_path / "out")
    once = told(gradebook)
    grade(folder, f"sqlite:///{gradebook}", tmp_path / "out")

    assert code == 0
    assert "to the gradebook." in said
    assert told(gradebook) == once
    by_nbgrader = told(folder / "gradebook.db")
    # of its own accord, nbgrader says "No response." to a prediction that was not made
    assert {key: value for key, value in once.items() if key[1].startswith(("check", "exercise"))} == {
        key: value for key, value in by_nbgrader.items() if key[1].startswith(("check", "exercise"))
    }
    assert len(once) > 80


def test_the_command_line_keeps_what_is_done_by_hand(folder: Path, gradebook: Path, tmp_path: Path) -> None:
    """A mark and a comment of an instructor's stay, and the mark is looked at again."""
    grade(folder, f"sqlite:///{gradebook}", tmp_path / "out")
    with Gradebook(f"sqlite:///{gradebook}") as book:
        book.find_grade("check-max_pool2d", NAME, NAME, "samir").manual_score = 5.5
        book.find_comment("exercise-max_pool2d", NAME, NAME, "samir").manual_comment = "Well argued."
        book.db.commit()

    grade(folder, f"sqlite:///{gradebook}", tmp_path / "out")

    with Gradebook(f"sqlite:///{gradebook}") as book:
        mark = book.find_grade("check-max_pool2d", NAME, NAME, "samir")
        assert (mark.score, mark.auto_score, mark.needs_manual_grade) == (5.5, 6.0, True)
        assert book.find_comment("exercise-max_pool2d", NAME, NAME, "samir").comment == "Well argued."


def _deleted(place: Path) -> str:
    place.unlink()
    return f"sqlite:///{place}"


def _not_generated(place: Path) -> str:
    with Gradebook(f"sqlite:///{place}") as book:
        book.remove_assignment(NAME)
    return f"sqlite:///{place}"


def _older(place: Path) -> str:
    with contextlib.closing(sqlite3.connect(place)) as old:
        old.execute("ALTER TABLE grade DROP COLUMN extra_credit")
    return f"sqlite:///{place}"


def _unreachable(_: Path) -> str:
    return "postgresql+psycopg://nobody:secret@127.0.0.1:9/gradebook"


def _no_address(_: Path) -> str:
    return "gradebook.db"


@pytest.mark.parametrize(
    ("amiss", "words"),
    [
        (_deleted, "no gradebook found. Create it with: nbgrader generate_"),
        (_not_generated, f"no assignment {NAME} in the gradebook. Create it with: nbgrader generate_"),
        (_older, "Upgrade it with: nbgrader db upgrade"),
        (_unreachable, "127.0.0.1:9/gradebook:"),
        (_no_address, "Give an SQLAlchemy URL whose driver is installed, such as sqlite:///"),
    ],
    ids=["deleted", "not generated", "older", "unreachable", "no address"],
)
def test_what_is_amiss_with_a_gradebook_is_told(
    folder: Path, gradebook: Path, tmp_path: Path, amiss: Callable[[Path], str], words: str
) -> None:
    """In a sentence that says what to do, and without a password."""
    code, said = grade(folder, amiss(gradebook), tmp_path / "out")

    assert code == 2
    assert words in said
    assert "secret" not in said


def _summary(student: str, words: str, assignment: str = NAME) -> Summary:
    return Summary(student, assignment, ("max_pool2d",), (1,), (6,), (("max_pool2d", words),), ())


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def address(request: pytest.FixtureRequest, gradebook: Path) -> str:
    """A gradebook that knows the assignments, in either database."""
    if request.param == "SQLite":
        return f"sqlite:///{gradebook}"
    server: Database = request.getfixturevalue("database")
    return server.url


def test_no_submission_costs_anothers_row(address: str) -> None:
    """What one database refuses is told of one student, and everybody else's marks are there; NUL is shown as such."""
    class_of = [_summary("before", "a"), _summary("nul", "a\0b"), _summary("half", "a\udc80b"), _summary("after", "a")]
    odd = [_summary("name\udc80", "a"), _summary("n\0ul", "a"), _summary("early", "a", "99_never_generated")]

    with opened(address) as book, pytest.raises(UsageError) as raised:
        book.write([*class_of[:2], *odd, *class_of[2:]])

    with Gradebook(address) as read:
        comments = {
            student: read.find_comment("exercise-max_pool2d", NAME, NAME, student).auto_comment
            for student in ("before", "nul", "half", "after")
        }
        marks = [read.find_grade("check-max_pool2d", NAME, NAME, student).auto_score for student in comments]
    assert comments == {"before": "a", "nul": "a\N{REPLACEMENT CHARACTER}b", "half": "a?b", "after": "a"}
    assert marks == [1, 1, 1, 1]
    assert "no assignment 99_never_generated in the gradebook" in str(raised.value)
    assert f"name\N{REPLACEMENT CHARACTER}, {NAME} (" in str(raised.value)
    assert "All other marks are in the gradebook." in str(raised.value)


# --- a department's database ---------------------------------------------------------------------------------------


@dataclass
class Database:
    """A PostgreSQL server of its own, which can be stopped and started again."""

    programs: Path
    place: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"postgresql+psycopg://grader@127.0.0.1:{self.port}/postgres"

    def run(self, program: str, *words: str) -> subprocess.Popen[bytes]:
        """One of its programs; as nobody where we are root, whom it refuses."""
        nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
        command = [*nobody, str(self.programs / program), "-D", str(self.place), *words]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603  our own

    def start(self) -> None:
        """Start it, and wait until it answers."""
        words = ["-p", str(self.port), "-k", str(self.place), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
        self.process = self.run("postgres", *words)
        end = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(f"postgresql://grader@127.0.0.1:{self.port}/postgres", connect_timeout=2).close()
            except psycopg.OperationalError:
                assert time.monotonic() < end
                assert self.process.poll() is None
                select.select([], [], [], 0.05)
            else:
                return

    def stop(self) -> None:
        """End it at once, with all its connections."""
        if self.process is not None:
            self.process.send_signal(signal.SIGQUIT)
            self.process.wait()
            self.process = None


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    """A server that knows the assignment, on a free port of this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "")]
    if not found[-1].is_file():
        pytest.skip("there is no PostgreSQL here; install one, on Debian with: apt-get install postgresql")
    with tempfile.TemporaryDirectory(prefix="postgresql-") as name, socket.socket() as free:
        if os.geteuid() == 0:
            os.chown(name, 65534, 65534)
        free.bind(("127.0.0.1", 0))
        server = Database(found[-1].parent, Path(name), free.getsockname()[1])
        free.close()
        assert server.run("initdb", "-U", "grader", "--auth=trust", "--no-sync").wait() == 0
        try:
            server.start()
            for assignment in NAMES:
                run(folder, "generate_assignment", assignment, "--force", f"--db={server.url}")
            yield server
        finally:
            server.stop()


def in_database(server: Database) -> dict[str, float]:
    """The marks of everybody, of whom nobody may be there twice."""
    with Gradebook(server.url) as book:
        found = [(one.student.id, one.score) for name in NAMES for one in book.assignment_submissions(name)]
    assert len(found) == len(dict(found))
    return dict(found)


def start_grading(folder: Path, server: Database, out: Path) -> subprocess.Popen[bytes]:
    """The command in a process of its own."""
    words = ["grade", str(folder / "submitted"), "--course", str(build.COURSE), "--seed", str(SEED), "--out", str(out)]
    command = [sys.executable, "-c", "from autograder.cli import main; main()", *words, "--gradebook", server.url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603  our own words


def test_two_graders_write_at_once(folder: Path, database: Database, tmp_path: Path) -> None:
    """Both come through, and everybody is there once, with the marks of the command line."""
    graders = [start_grading(folder, database, tmp_path / name) for name in ("one", "two")]
    said = [grader.communicate()[1].decode() for grader in graders]

    assert [grader.returncode for grader in graders] == [0, 0], said
    done = mark_class(find(folder / "submitted"), settings_of(build.COURSE, SEED), 2)
    assert in_database(database) == {student: float(report.marks) for student, report in done.by_student.items()}


def test_a_grader_that_is_killed_while_it_writes_leaves_all_or_nothing(
    folder: Path, database: Database, tmp_path: Path
) -> None:
    """And the same command brings all."""
    killed = start_grading(folder, database, tmp_path / "out")
    while not (tmp_path / "out" / "index.html").exists():
        assert killed.poll() is None
        select.select([], [], [], 0.001)
    killed.kill()
    killed.communicate()
    left = in_database(database)
    again = start_grading(folder, database, tmp_path / "out")
    told = again.communicate()[0].decode()

    assert again.returncode == 0
    assert f"({len(in_database(database))} unchanged since an earlier run" in " ".join(told.split())
    assert left in ({}, in_database(database))
    assert in_database(database)["full"] == OUT_OF[NAME]


def test_a_database_that_goes_away_and_comes_back(folder: Path, database: Database, tmp_path: Path) -> None:
    """What is amiss is told, nothing is lost, and the same command writes it when the database is there again."""
    cut_off = start_grading(folder, database, tmp_path / "out")
    while not [*tmp_path.glob("out/reports/*/*.json")]:
        assert cut_off.poll() is None
        select.select([], [], [], 0.001)
    database.stop()
    said = cut_off.communicate()[1].decode()
    database.start()
    before = in_database(database)
    again = start_grading(folder, database, tmp_path / "out")
    again.communicate()

    assert cut_off.returncode == 2
    assert "run the same command again: graded submissions are kept" in " ".join(said.split())
    assert before == {}
    assert again.returncode == 0
    assert in_database(database)["full"] == OUT_OF[NAME]
