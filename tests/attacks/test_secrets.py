"""From inside a jail, nothing that is found leads to the course, other submissions, the gradebook or a home.

The path of Python itself can be seen there, as its library has to be at the same place; where Python is in somebody's
home, the home's name is seen with it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from autograder.model import Cell, Returned
from autograder.sandbox.jails import Jails
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import Call, run
from course.sample_class import build

PROBE = Path(__file__).with_name("probe.py")
HALVES = ("MARKER_OF_", "THE_GRADER")
MARKER = "".join(HALVES)
PATIENT = Limits(call_seconds=60, cell_seconds=60, exercise_seconds=300, notebook_seconds=300)
SECRETS = [
    "course/exercises/one_window.py",
    "solutions/answers/one_window.py",
    f"course/{MARKER}.json",
    "submitted/classmate/01_one_window/01_one_window.ipynb",
    "gradebook.db",
    "results/reports/classmate/01_one_window.json",
    "home/.ssh/id_ed25519",
]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A grader's folder full of the marker, which is also in the environment, an argument and an open file."""
    for name in SECRETS:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"seed = {MARKER}")
    monkeypatch.setenv("GRADER_TOKEN", MARKER)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setattr(sys, "argv", [*sys.argv, MARKER])
    monkeypatch.chdir(tmp_path)
    wait = [sys.executable, "-c", "input()", MARKER]
    with open("gradebook.db") as gradebook, subprocess.Popen(wait, stdin=subprocess.PIPE) as other:  # noqa: PTH123, S603
        os.set_inheritable(gradebook.fileno(), True)
        yield tmp_path
        other.communicate(b"\n")


def probe(*calls: Call, cell: str = "") -> list[Any]:
    """What the probe finds in a jail."""
    with Jails() as jails:
        done = run([Cell("cell 1", PROBE.read_text()), Cell("cell 2", cell)], calls, [], PATIENT, jails)
    values = [outcome.value if isinstance(outcome, Returned) else outcome for outcome in done.calls]

    assert done.remarks == []
    return [value.tolist() if isinstance(value, np.ndarray) else value for value in values]


def searches(since: float) -> list[Call]:
    """Every way to look for the marker."""
    return [
        Call("in_files", "files", [since, HALVES]),
        Call("in_objects", "objects", [HALVES]),
        Call("in_memory", "memory", [HALVES]),
    ]


def identities(*places: Path) -> set[tuple[int, int]]:
    """What the kernel knows files by, wherever they are seen from."""
    paths = [path for place in places for path in [place, *(place.rglob("*") if place.is_dir() else [])]]
    return {(path.stat().st_dev, path.stat().st_ino) for path in paths}


def test_no_text_leads_out(folder: Path) -> None:
    """The marker is in no file, object or memory that can be read there, and in no name."""
    since = time.time() - 600

    assert probe(*searches(since)) == [[], [], []]


def test_the_probe_finds_what_is_there(folder: Path) -> None:
    """The same search finds a marker in a file, an object and in memory, where there is one."""
    plant = f"text = {HALVES[0]!r} + {HALVES[1]!r}\nopen('/tmp/' + text, 'w').write(text)"

    files, objects, memory = probe(*searches(time.time() - 600), cell=plant)

    assert f"/tmp/{MARKER}" in files  # noqa: S108  in the jail
    assert MARKER in files
    assert MARKER in objects
    assert len(memory) >= 1


def test_no_file_of_the_grader_is_there(folder: Path) -> None:
    """None of the grader's files is below the root of a jail, whatever it is called there; NumPy's are."""
    parts = probe(*(Call("walk", f"part {number}", [number]) for number in range(40)))
    reached = {tuple(pair) for part in parts if part is not None for pair in part}
    course = build.COURSE.parent
    own = identities(folder, course / "course", course / "solutions", course / "tests", course / "pyproject.toml")

    assert parts[-1] is None
    assert identities(Path(np.__file__)) <= reached
    assert own & reached == set()


def test_no_process_and_no_open_file_of_the_grader_is_there(folder: Path) -> None:
    """A jail sees itself alone, and no descriptor that the grader has open leads into it."""
    processes, descriptors = probe(Call("processes", "processes", []), Call("descriptors", "descriptors", []))

    assert processes == [1]
    assert {tuple(pair) for pair in descriptors} & identities(folder) == set()
    assert len(descriptors) == 5  # nothing to read, write or complain to, and the two pipes of the grader
