"""Marks, names and words are those of the work, however busy the machine is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.course.folder import load_course
from autograder.handed_in.folder import find
from autograder.model import Report
from course.sample_class import build
from tests.whole import mark_class, settings_of

pytestmark = pytest.mark.thorough

SEED = 20_260
# Right, and with 0.12 s a call near what one function may use: on a core of its own it is done in time.
SLOW = """\
# %% [markdown] assignment="01_one_window"
# Right but slow.

# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())

# %% exercise="conv2d_valid"
import time

def conv2d_valid(image, kernel):
    end = time.process_time() + 0.12
    while time.process_time() < end:
        pass
    view = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (view * kernel).sum(axis=(2, 3)).astype(float)
"""
# Speed is marked in notebook 07: plain loops are right and too slow, the model answers are fast.
LOOPS = """\
# %% [markdown] assignment="07_from_loops_to_einsum"
# One of two layers is as slow as loops.

# %% exercise="conv2d_einsum"
conv2d_einsum = conv2d_loops
"""


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """Keep the cores busy, each process in a session of its own: the kernel shares out cores among sessions."""
    command = [sys.executable, "-c", "while True: pass"]
    running = [subprocess.Popen(command, start_new_session=True) for _ in range(processes)]  # noqa: S603  our own words
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def classroom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample class, and two whose code is slow."""
    sources, folder = tmp_path_factory.mktemp("sources"), tmp_path_factory.mktemp("class")
    (sources / "slow.py").write_text(SLOW)
    (sources / "loops.py").write_text(LOOPS)
    course = load_course(build.COURSE)
    build.write([*build.submissions(course), *build.submissions(course, sources)], folder)
    return folder


def marked(classroom: Path) -> dict[str, Report]:
    """Every report, by student."""
    done = mark_class(find(classroom), settings_of(build.COURSE, SEED), 2)

    assert done.troubles == []
    return done.by_student


@pytest.fixture(scope="module")
def quiet(classroom: Path) -> dict[str, Report]:
    """The class as it is marked beside nothing of ours."""
    return marked(classroom)


def test_a_right_answer_that_is_slow_keeps_its_marks(quiet: dict[str, Report]) -> None:
    """What computes within its limits is marked."""
    assert (quiet["slow"].marks, quiet["slow"].out_of) == (10, 10)


@pytest.mark.parametrize("times", [2, 4])
def test_a_busy_machine_changes_no_mark_and_no_word(classroom: Path, quiet: dict[str, Report], times: int) -> None:
    """Beside twice and four times as many busy processes as there are cores, every report says the same."""
    with busy(times * (os.cpu_count() or 1)):
        beside = marked(classroom)

    assert {student: told(report) for student, report in beside.items()} == {
        student: told(report) for student, report in quiet.items()
    }


def told(report: Report) -> object:
    """What a report says, apart from measured milliseconds."""
    return [
        (one.function, behaviour.name, behaviour.marks, behaviour.diagnosis, words(behaviour.message))
        for one in report.exercises
        for behaviour in one.behaviours
    ], list(report.remarks)


def words(message: object) -> str:
    """A message without the line that tells how long a call took."""
    return "\n".join(line for line in str(message).split("\n") if not line.lstrip().startswith("took"))
