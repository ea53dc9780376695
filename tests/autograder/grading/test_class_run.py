"""A class marked again: what is unchanged is kept, what is not is marked, and a run that was ended is gone on with."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from autograder.course import versions
from autograder.course.folder import load_course
from autograder.errors import UsageError
from autograder.grading import batch
from autograder.grading.class_run import ClassRun
from autograder.grading.worker import Settings
from autograder.handed_in.folder import find
from autograder.report import results
from autograder.sandbox.limits import Limits
from tests.autograder.conftest import SCALE, TOTAL, notebook_text
from tests.whole import settings_of

LIMITS = Limits(call_seconds=1)
# `make nightly` kills more often, in a larger class.
STUDENTS, KILLS = (int(number) for number in os.environ.get("AUTOGRADER_KILLS", "24 6").split())
PATIENCE = 60.0
# Ctrl-C is heard even where the tests run in the background of a shell, which ignores it.
GRADE = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from autograder.cli import main; main()"
)


@dataclass(frozen=True)
class Graded:
    """What a run did.

    Attributes:
        kept: how many were unchanged.
        changed: lines on marks that are others than before.
        files: the bytes of every file of results, by its path.
    """

    kept: int
    changed: list[str]
    files: dict[str, bytes]


@pytest.fixture
def classroom(submit: Callable[..., Path]) -> Path:
    """A class of three."""
    for student, cells in {"ada": [SCALE, TOTAL], "bao": [SCALE], "chidi": []}.items():
        path = submit(*cells, student=student)
    return path.parents[2]


def grade(classroom: Path, out: Path, settings: Settings, *, workers: int = 1, again: bool = False) -> Graded:
    """Mark a class as the command does."""
    with results.opened(out) as held:
        run = ClassRun(load_course(settings.course), settings, held, again=again)
        run.run(find(classroom), batch.local(workers))
        held.write_class(run.summaries())
        return Graded(run.kept, run.changed(), written(out))


def written(out: Path) -> dict[str, bytes]:
    """Every file of results."""
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_what_is_unchanged_is_kept(classroom: Path, course_folder: Path, tmp_path: Path) -> None:
    """A second run marks nothing, and leaves every file as it is."""
    settings = settings_of(course_folder, 5, LIMITS)
    first = grade(classroom, tmp_path / "out", settings)
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out" / "reports").rglob("*.*")}

    second = grade(classroom, tmp_path / "out", settings)

    assert (first.kept, second.kept) == (0, 3)
    assert second.files == first.files
    assert {path: path.stat().st_mtime_ns for path in times} == times


def _another_submission(classroom: Path, out: Path, settings: Settings) -> Settings:
    (classroom / "ada" / "scaling" / "scaling.ipynb").write_text(notebook_text(SCALE, TOTAL, "x = 1"))
    return settings


def _no_page(_classroom: Path, out: Path, settings: Settings) -> Settings:
    (out / "reports" / "ada" / "scaling.html").unlink()
    return settings


def _half_a_report(_classroom: Path, out: Path, settings: Settings) -> Settings:
    report = out / "reports" / "ada" / "scaling.json"
    report.write_bytes(report.read_bytes()[:-100])
    return settings


def _another_form(_classroom: Path, out: Path, settings: Settings) -> Settings:
    report = out / "reports" / "ada" / "scaling.json"
    report.write_text(json.dumps({**json.loads(report.read_text()), "version": 0}))
    return settings


def _somebody_elses(_classroom: Path, out: Path, settings: Settings) -> Settings:
    reports = out / "reports"
    (reports / "ada" / "scaling.json").write_bytes((reports / "chidi" / "scaling.json").read_bytes())
    return settings


@pytest.mark.parametrize("change", [_another_submission, _no_page, _half_a_report, _another_form, _somebody_elses])
def test_what_has_changed_is_marked(
    classroom: Path, course_folder: Path, tmp_path: Path, change: Callable[[Path, Path, Settings], Settings]
) -> None:
    """One of three has to be marked again."""
    settings = settings_of(course_folder, 5, LIMITS)
    grade(classroom, tmp_path / "out", settings)

    done = grade(classroom, tmp_path / "out", change(classroom, tmp_path / "out", settings))

    assert done.kept == 2
    assert json.loads(done.files["reports/ada/scaling.json"])["student"] == "ada"


@pytest.mark.parametrize("what", ["seed", "limits", "engine", "again"])
def test_other_settings_mark_all(
    classroom: Path, course_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Marks that come from elsewhere are not kept."""
    settings = settings_of(course_folder, 5, LIMITS)
    grade(classroom, tmp_path / "out", settings)
    if what == "engine":
        # as if an older one had made the reports
        for report in (tmp_path / "out").rglob("*/*.json"):
            report.write_text(report.read_text().replace(versions.engine(), "0.0.1"))
    others = {"seed": replace(settings, seed=6), "limits": replace(settings, limits=Limits(call_seconds=2))}

    done = grade(classroom, tmp_path / "out", others.get(what, settings), again=what == "again")

    assert done.kept == 0


def append(file: Path, line: str) -> None:
    """Add a line to a module."""
    file.write_text(f"{file.read_text()}\n{line}\n")


def test_another_course_is_another_release(new_course: Callable[..., Path]) -> None:
    """A change of an exercise, of a notebook or of a module that an exercise imports from beside the course shows."""
    folder = new_course()
    answers = folder.parent / "right_answers"
    answers.mkdir()
    (answers / "more.py").write_text("ONE = 1")
    append(folder / "exercises" / "__init__.py", "import right_answers.more")
    digests = []
    for file in (None, answers / "more.py", folder / "exercises" / "__init__.py", folder / "notebooks" / "scaling.py"):
        if file is not None:
            append(file, "\nCHANGED = 1")
        course = load_course(folder)
        digests.append((course.digest, course.release(course.assignments[0])))

    assert [len(set(each)) for each in zip(*digests, strict=True)] == [4, 4]


@pytest.mark.parametrize(
    "line",
    [
        "from {course}.data import lent",
        "import {course}.data.lent",
        "from ..data.lent import ONE",
        "from ..data import (\n    lent,\n)",
    ],
)
def test_what_exercises_take_from_the_course_is_of_the_release(new_course: Callable[..., Path], line: str) -> None:
    """A change of a module in the course, or of data, shows; one of a page, of results or of what is built does not."""
    folder = new_course()
    for name, text in {"__init__": "", "lent": "from . import more\nONE = 1", "more": "", "script": ""}.items():
        (folder / "data").mkdir(exist_ok=True)
        (folder / "data" / f"{name}.py").write_text(text)
    (folder / "data" / "digits.npz").write_bytes(b"1")
    (folder / "exercises" / "kernel.json").write_text("1")
    (folder / "submitted").mkdir()
    append(folder / "exercises" / "__init__.py", line.format(course=folder.name))
    decide = ["data/lent.py", "data/more.py", "data/digits.npz", "exercises/kernel.json"]
    others = ["submitted/ada.json", "data/README.md", "gradebook.db", "data/script.py"]

    changed = {}
    for name in [*decide, *others]:
        before = _release(folder)
        with (folder / name).open("a") as file:
            file.write("\nCHANGED = 1")
        changed[name] = _release(folder) != before

    assert changed == dict.fromkeys(decide, True) | dict.fromkeys(others, False)


def _release(folder: Path) -> str:
    course = load_course(folder)
    return course.release(course.assignments[0])


def test_changed_marks_are_told(classroom: Path, course_folder: Path, tmp_path: Path) -> None:
    """Whose marks are others than in the results that were there, and only they."""
    settings = settings_of(course_folder, 5, LIMITS)
    grade(classroom, tmp_path / "out", settings)
    (classroom / "bao" / "scaling" / "scaling.ipynb").write_text(notebook_text(SCALE, TOTAL))

    done = grade(classroom, tmp_path / "out", settings)

    assert done.changed == ["bao, scaling: 6 before, 10 now"]


def test_workers_and_order_change_no_byte(classroom: Path, course_folder: Path, tmp_path: Path) -> None:
    """Whatever the number of workers, every file is the same."""
    settings = settings_of(course_folder, 5, LIMITS)

    runs = [grade(classroom, tmp_path / f"out{workers}", settings, workers=workers).files for workers in (1, 2, 3)]

    assert len(runs[0]) == 8
    assert runs[1:] == [runs[0]] * 2


def test_two_graders_do_not_share_a_folder(tmp_path: Path) -> None:
    """The second one is told, before it has changed anything."""
    with (
        results.opened(tmp_path),
        pytest.raises(UsageError, match="another grader is writing its results there"),
        results.opened(tmp_path),
    ):
        pass


# --- ended at any instant -----------------------------------------------------------------------------------------


@pytest.fixture
def many(submit: Callable[..., Path], tmp_path: Path) -> Path:
    """A class in which everybody has written something else."""
    for number in range(STUDENTS):
        submit(SCALE, TOTAL if number % 3 else "", f"x = {number}", student=f"student{number:03}")
    return tmp_path / "submitted"


def start(many: Path, course_folder: Path, out: Path) -> subprocess.Popen[bytes]:
    """Run the command in a process of its own."""
    words = ["grade", str(many), "--course", str(course_folder), "--out", str(out), "--seed", "5", "--workers", "2"]
    return subprocess.Popen(  # noqa: S603  our own words
        [sys.executable, "-c", GRADE, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def done_in(out: Path) -> dict[Path, tuple[int, int]]:
    """The reports that are there, as the kernel knows them."""
    found = {}
    for path in (out / "reports").glob("*/*.json"):
        found[path] = (path.stat().st_ino, path.stat().st_mtime_ns)
    return found


def wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes]) -> None:
    """Look until it is so, or the process has ended."""
    end = time.monotonic() + PATIENCE
    while not condition() and process.poll() is None:
        assert time.monotonic() < end
        select.select([], [], [], 0.001)


@contextlib.contextmanager
def all_below(process: int) -> Iterator[list[int]]:
    """Descriptors of all processes that one has started."""
    held = []
    for number in _below(process):
        with contextlib.suppress(ProcessLookupError):
            held.append(os.pidfd_open(number))
    try:
        yield held
    finally:
        for one in held:
            os.close(one)


def _below(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [int(child) for child in children] + [one for child in children for one in _below(int(child))]


@pytest.mark.thorough
def test_a_run_that_is_killed_is_gone_on_with(many: Path, course_folder: Path, tmp_path: Path) -> None:
    """Killed at any instant, again and again: nothing is lost, marked twice, half written or left running."""
    moments = np.random.default_rng(7)
    undisturbed = start(many, course_folder, tmp_path / "undisturbed")
    undisturbed.communicate()
    out, before = tmp_path / "out", {}
    for _ in range(KILLS):
        process = start(many, course_folder, out)
        enough = len(before) + int(moments.integers(0, max(STUDENTS // KILLS, 1) + 1))
        wait_for(lambda enough=enough: len(done_in(out)) >= enough, process)
        select.select([], [], [], moments.random() * 0.05)
        with all_below(process.pid) as left:
            process.kill()
            process.communicate()
            ended = [select.select([one], [], [], PATIENCE)[0] for one in left]
        after = done_in(out)

        assert all(ended)
        assert {path: after.get(path) for path in before} == before
        before = after
    told = start(many, course_folder, out).communicate()[0].decode()

    assert undisturbed.returncode == 0
    assert {path: done_in(out).get(path) for path in before} == before
    assert written(out) == written(tmp_path / "undisturbed")
    assert f"{STUDENTS} graded" in told
    assert not before or f"({len(before)} unchanged since an earlier run" in told


@pytest.mark.thorough
def test_a_full_disk_is_told_and_gone_on_from(many: Path, course_folder: Path, tmp_path: Path) -> None:
    """A file that cannot be written leaves no half behind, and the same command goes on when there is room."""
    out = tmp_path / "out"
    words = ["grade", str(many), "--course", str(course_folder), "--out", str(out), "--seed", "5", "--workers", "2"]
    # a file may have four kilobytes: less than the page of the class, as if the disk were full from there on
    limited = ["bash", "-c", 'ulimit -f 4; exec "$@"', "bash", sys.executable, "-c", GRADE, *words]
    ended = subprocess.run(limited, capture_output=True, text=True, check=False)  # noqa: S603  our own words
    left = [path.name for path in out.rglob("*") if path.is_file()]

    told = start(many, course_folder, out).communicate()[0].decode()

    assert ended.returncode == 2
    assert "File too large. Results cannot be written there; free some space" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert [name for name in left if name.endswith(".part") or name == "index.html"] == []
    assert f"({STUDENTS} unchanged since an earlier run" in told


@pytest.mark.thorough
def test_ctrl_c_writes_what_is_done(
    many: Path, submit: Callable[..., Path], course_folder: Path, tmp_path: Path
) -> None:
    """It ends with a table of what is done, and says how to go on; nothing runs on."""
    for name in ("waits", "waits_too"):  # one for each worker: the run cannot be over before it is ended
        submit(SCALE, "import time\ntime.sleep(3600)", student=name)
    out = tmp_path / "out"
    process = start(many, course_folder, out)
    wait_for(lambda: len(done_in(out)) >= 2, process)
    with all_below(process.pid) as left:
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate()
        ended = [select.select([one], [], [], PATIENCE)[0] for one in left]

    assert process.returncode == 130
    assert f"of {STUDENTS + 2}. Run the same command again to continue." in errors.decode()
    assert all(ended)
    assert len((out / "results.csv").read_text().splitlines()) == len(done_in(out)) + 1
