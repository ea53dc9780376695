"""Folders for what is unpacked: one's own, and gone even where a grader was killed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.handed_in import temporary

HOLD = """
import sys
from autograder.handed_in import temporary
with temporary.folder("unpacked-") as made:
    print(made, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary ones that nobody else uses."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def test_what_a_killed_run_leaves_is_removed(place: Path) -> None:
    """By the next one, which leaves alone what a run holds that goes on."""
    command = [sys.executable, "-c", HOLD]
    runs = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own words
        for _ in range(2)
    ]
    killed, held = (Path((run.stdout or sys.stdin).readline().strip()) for run in runs)
    (killed / "class").mkdir()
    runs[0].kill()
    runs[0].wait()

    with temporary.folder("unpacked-") as own:
        there = set(place.iterdir())
    runs[1].communicate("")
    runs[0].communicate()

    assert there == {own, held}
    assert not list(place.iterdir())


def test_only_ones_own_folders_are_removed(place: Path) -> None:
    """Neither a link nor a file nor what somebody else has made."""
    target = place / "elsewhere"
    target.mkdir()
    (target / "kept").touch()
    (place / "unpacked-link").symlink_to(target)
    (place / "unpacked-file").touch()
    (place / "unpacked-other").mkdir()
    (place / "other").mkdir()
    if os.geteuid() == 0:
        os.chown(place / "unpacked-other", 65534, 65534)

    with temporary.folder("unpacked-"):
        pass

    left = {path.name for path in place.iterdir()}
    assert left >= {"elsewhere", "unpacked-link", "unpacked-file", "other"}
    assert ("unpacked-other" in left) is (os.geteuid() == 0)
    assert (target / "kept").exists()
