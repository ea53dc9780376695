"""nbgrader's own commands with this engine, from a release to feedback, on submissions of the sample class."""

from __future__ import annotations

import contextlib
import csv
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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import psycopg
import pytest
from click.testing import CliRunner
from nbgrader.api import Gradebook

from autograder import course as courses
from autograder.build import BuiltFile, notebook
from autograder.commands import autograder
from autograder.course import Course
from autograder.handed_in.folder import find
from course.sample_class import build
from tests.whole import mark_class, settings_of

SEED = 7
NAME = "06_pooling"
CHEATS = {
    "deleted": "every check is gone",
    "printed": "marks are printed where checks were",
}


@pytest.fixture(scope="module")
def course() -> Course:
    """The course of this repository."""
    return courses.load(build.COURSE)


@pytest.fixture(scope="module")
def folder(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course folder as an instructor has it, through the whole cycle of nbgrader's commands."""
    place = tmp_path_factory.mktemp("nbgrader")
    settings = (build.COURSE / "nbgrader_config.py").read_text(encoding="utf-8")
    own = f"\nc.Mark.course = {str(build.COURSE)!r}\nc.Mark.seed = {SEED}\n"
    (place / "nbgrader_config.py").write_text(settings + own, encoding="utf-8")
    shutil.copytree(build.COURSE / "release" / NAME, place / "release" / NAME)
    run(place, "generate_assignment", NAME)
    shutil.copy(place / "gradebook.db", place / "generated.db")
    hand_in(course, place)
    for verb in ("autograde", "generate_feedback"):
        run(place, verb, NAME)
    run(place, "export")
    return place


def run(place: Path, verb: str, *words: str) -> str:
    """One of nbgrader's commands, which has to come through."""
    command = [sys.executable, "-m", "nbgrader", verb, *words]
    # nbgrader calls alembic by its name
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S603  our own words
        command, cwd=place, capture_output=True, text=True, check=False, env={**os.environ, "PATH": path}
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout + done.stderr


def hand_in(course: Course, place: Path) -> None:
    """Lay down the sample class's notebooks, a full one, and two that cheat through cells and outputs."""
    assignment = course.find(NAME)
    assert assignment is not None
    files = [one for one in build.submissions(course) if one.path.parts[1] == NAME and readable(one)]
    files.append(BuiltFile(Path("full", NAME, f"{NAME}.ipynb"), notebook(course, assignment, solved=True)))
    released = nbformat.read(place / "handed_out" / NAME / f"{NAME}.ipynb", as_version=4)
    files += [BuiltFile(Path(name, NAME, f"{NAME}.ipynb"), nbformat.writes(cheat(released, name))) for name in CHEATS]
    for file in files:
        path = place / "submitted" / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(file.text, encoding="utf-8")


def readable(file: BuiltFile) -> bool:
    """Whether nbgrader can read a file at all, which it has to before this engine sees it."""
    try:
        nbformat.validate(nbformat.reads(file.text, as_version=4))
    except Exception:  # noqa: BLE001  what is no notebook fails in many ways
        return False
    return file.path.name == f"{NAME}.ipynb"


def cheat(released: Any, how: str) -> Any:
    """A notebook in which nothing is solved."""
    made = nbformat.from_dict(released.copy())
    made.cells = [cell.copy() for cell in released.cells]
    if how == "deleted":
        made.cells = [cell for cell in made.cells if not cell.metadata.get("nbgrader", {}).get("grade")]
    else:
        for cell in made.cells:
            if cell.metadata.get("nbgrader", {}).get("grade"):
                cell.source = "7.0"
                cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "7.0"})]
    return made


def scores(place: Path) -> Mapping[str, float]:
    """The marks of everybody in the gradebook."""
    with Gradebook(f"sqlite:///{place / 'gradebook.db'}") as gradebook:
        return {one.student.id: one.score for one in gradebook.assignment_submissions(NAME)}


def test_marks_are_those_of_the_command_line(folder: Path) -> None:
    """To the point, for everyone."""
    done = mark_class(find(folder / "submitted"), settings_of(build.COURSE, SEED), 2)

    assert scores(folder) == {student: float(report.marks) for student, report in done.by_student.items()}
    assert scores(folder)["full"] == 14
    assert len(scores(folder)) > 8


@pytest.mark.parametrize("name", CHEATS, ids=CHEATS.values())
def test_cheats_get_nothing(folder: Path, name: str) -> None:
    """Neither a deleted check nor a printed mark is worth anything."""
    assert scores(folder)[name] == 0


def test_feedback_names_the_mistake_and_shows_it(folder: Path) -> None:
    """The page of a student who pads with zeros says so, with a picture."""
    page = (folder / "feedback" / "samir" / NAME / f"{NAME}.html").read_text(encoding="utf-8")

    assert "Padding must never win" in page
    assert "<svg" in page[page.index("cbh-story") :]


def test_comments_name_the_mistake(folder: Path) -> None:
    """In the formgrader, beside the function."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        comment = gradebook.find_comment("exercise-max_pool2d", NAME, NAME, "samir").comment
        right = gradebook.find_comment("exercise-max_pool2d", NAME, NAME, "full").comment

    assert "Padding must never win" in " ".join(comment.split())
    assert right is None


def test_what_is_done_by_hand_survives(folder: Path) -> None:
    """A mark and a comment of an instructor's stay when all is marked again."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("check-max_pool2d", NAME, NAME, "samir")
        comment = gradebook.find_comment("exercise-max_pool2d", NAME, NAME, "samir")
        grade.manual_score, comment.manual_comment = 5.5, "Well argued."
        gradebook.db.commit()

    run(folder, "autograde", NAME, "--student=samir", "--force")

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_grade("check-max_pool2d", NAME, NAME, "samir").score == 5.5
        assert gradebook.find_comment("exercise-max_pool2d", NAME, NAME, "samir").comment == "Well argued."


# --- the command line writes the same gradebook -------------------------------------------------------------------


@pytest.fixture
def gradebook(folder: Path, tmp_path: Path) -> Path:
    """A gradebook that knows the assignment and nobody's marks."""
    return Path(shutil.copy(folder / "generated.db", tmp_path / "gradebook.db"))


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
        for one in gradebook.assignment_submissions(NAME):
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
    assert "are in the gradebook, too" in said
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
        (_deleted, "there is no gradebook, but it has to know the assignments; make it with: nbgrader generate_"),
        (_not_generated, f"there is no assignment {NAME} in it, but marks need one; make it with: nbgrader generate_"),
        (_older, "but marks have to be written there; bring it up to date with: nbgrader db upgrade"),
        (_unreachable, "127.0.0.1:9/gradebook:"),
        (_no_address, "but a gradebook needs an address of SQLAlchemy's and its driver; give one such as sqlite:///"),
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
            run(folder, "generate_assignment", NAME, "--force", f"--db={server.url}")
            yield server
        finally:
            server.stop()


def in_database(server: Database) -> dict[str, float]:
    """The marks of everybody, of whom nobody may be there twice."""
    with Gradebook(server.url) as book:
        found = [(one.student.id, one.score) for one in book.assignment_submissions(NAME)]
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
    assert f"{len(in_database(database))} of them before, and unchanged since" in " ".join(told.split())
    assert left in ({}, in_database(database))
    assert in_database(database)["full"] == 14


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
    assert "run the same command again: what is marked is kept" in " ".join(said.split())
    assert before == {}
    assert again.returncode == 0
    assert in_database(database)["full"] == 14


def test_export_has_everybody(folder: Path) -> None:
    """nbgrader's own table."""
    with (folder / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}

    assert rows["full"] == 14
    assert set(rows) == set(scores(folder))


def test_what_is_handed_out_is_what_was_built(course: Course, folder: Path) -> None:
    """nbgrader adds its checksums to a release, and changes nothing a student reads."""
    built = nbformat.read(build.COURSE / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    handed = nbformat.read(folder / "handed_out" / NAME / f"{NAME}.ipynb", as_version=4)

    assert [cell.source for cell in handed.cells] == [cell.source for cell in built.cells]
    assert sorted(path.name for path in (folder / "handed_out" / NAME).iterdir()) == sorted(
        path.name for path in (build.COURSE / "release" / NAME).iterdir()
    )
