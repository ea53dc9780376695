"""What does not end is ended, with all that it started, and with the grader if that is killed."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from autograder.course.folder import Course
from autograder.grading.grader import Grader
from autograder.handed_in import notebook
from autograder.model import Cell, Ended, Returned, Stopped
from autograder.release.build import BuiltFile
from autograder.sandbox.clock import Seconds
from autograder.sandbox.jails import Jails
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import Call, run
from autograder.sandbox.wire import RanReply
from course.sample_class import build

from tests.attacks.conftest import LIMITS, SEED, build_folder
from tests.attacks.stopping import BODIES, stop

LIMIT = 0.5
PATIENT = 10  # for a busy machine: seconds in which what takes milliseconds has to be done


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_call_is_stopped_soon_after_its_limit(body: str) -> None:
    """Whatever a call does, and however much there is to clear away."""
    outcome, late = stop(body, Seconds(LIMIT, LIMIT))

    assert isinstance(outcome, Stopped)
    assert outcome.seconds == LIMIT
    assert late < PATIENT


def test_what_was_marked_before_stays() -> None:
    """A call that is stopped takes nothing from the calls before it, nor from those after it."""
    cell = Cell("cell 1", "import time\ndef f(x):\n    return time.sleep(60) if x == 1 else x")

    with Jails() as jails:
        calls = [Call("f", str(number), [number]) for number in range(3)]
        done = run([cell], calls, [], Limits(call_seconds=2), jails)

    assert [isinstance(outcome, Returned) for outcome in done.calls] == [True, False, True]
    assert done.calls[1] == Stopped(6, waiting=True)


@dataclass
class Scripted:
    """A jail in which each cell waits for so long, and the last one ends the process."""

    each: float
    last: int
    used: Seconds = Seconds()  # noqa: RUF009  a tuple
    asked: int = 0

    def send(self, _requests: Iterable[object]) -> None:
        """Ask the next question."""
        self.asked += 1

    def reply(self, _allowed: Seconds) -> Ended | RanReply:
        """Wait, and say that the cell ran."""
        self.used += Seconds(0, self.each)
        return Ended("its process exited") if self.asked == self.last else RanReply(self.asked, ())

    def close(self) -> None:
        """End it."""


class QuickAtFirst:
    """Jails that are quick, and slow once a process has ended."""

    def __init__(self) -> None:
        """Start with the quick one."""
        self._waits = iter([0.01])

    def start(self, _limits: Limits) -> Scripted:
        """A jail; the 31st cell ends the first."""
        each = next(self._waits, 0.9)
        return Scripted(each, 31 if each < 0.9 else 0)


def test_cells_that_are_run_again_have_an_end() -> None:
    """Cells that are quick at first, and slow when they are run again as one behind them ended the process."""
    cells = [Cell(f"cell {number}", "pass") for number in range(30)]
    limits = Limits(cell_seconds=2, cells_seconds=2, patience=1)

    done = run([*cells, Cell("end", "")], [], ["x"], limits, QuickAtFirst())  # type: ignore[arg-type]

    skipped = [remark.split()[1] for remark in done.remarks if "had used up their 2 s of waiting" in remark]
    assert skipped[:2] == ["5", "6"]  # 0.3 s at first, and 4.5 s of what is left of 2 s and 2 s more


LONELY = """
from autograder.sandbox.limits import Limits
from autograder.sandbox.clock import Seconds
from autograder.sandbox.jails import Jails
from autograder.sandbox.wire import request

jail = Jails().start(Limits())
sources = ["import ctypes; ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)", "", "while True: pass"]
jail.send(request({"type": "cell", "label": "c", "source": source}) for source in sources)
jail.reply(Seconds(60, 60)), jail.reply(Seconds(60, 60))
print("ready", flush=True)
input()
"""


def test_a_jail_ends_with_a_grader_that_is_killed() -> None:
    """Code that has cut the tie to its parent does not outlive a grader that could not stop it."""
    with subprocess.Popen(  # noqa: S603  our own words
        [sys.executable, "-c", LONELY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=build.COURSE.parent
    ) as grader:
        assert grader.stdout is not None
        grader.stdout.readline()
        ending = [os.pidfd_open(process) for process in below(grader.pid)]
        grader.kill()
        ended = [select.select([process], [], [], PATIENT)[0] for process in ending]
        for process in ending:
            os.close(process)

    assert len(ended) == 3  # bubblewrap, the process that waits, and the student's
    assert all(ended)


def below(process: int) -> list[int]:
    """All that a process has started, and what that has."""
    children = [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    return [*children, *(one for child in children for one in below(child))]


def test_attacks_do_not_add_up(course: Course) -> None:
    """The grader holds no more descriptors and no more memory after many attacks than after few."""
    groups = ("07_bytes_to_the_grader", "10_ends")
    sources = [file for group in groups for file in build.submissions(course, build_folder(group))]
    quick = [file for file in sources if file.path.parts[0] in QUICK]

    with Grader(course, SEED, LIMITS) as grader:
        mark_all(grader, quick)
        before = held()
        mark_all(grader, quick)
        descriptors, memory = held()

    assert len(quick) == len(QUICK)
    assert descriptors == before[0]
    assert memory - before[1] < 20 << 20


QUICK = {
    "pickle_sent",
    "shape_overflows",
    "empty_but_endless",
    "left_at_once",
    "segmentation_fault",
    "closes_everything",
}


def mark_all(grader: Grader, files: list[BuiltFile]) -> None:
    """Mark files in this process."""
    for file in files:
        grader.grade(notebook.parse(file.text.encode(), file.path), file.path.parts[0])


def held() -> tuple[int, int]:
    """Descriptors that this process has open, and bytes of its memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return len([*Path("/proc/self/fd").iterdir()]), pages * os.sysconf("SC_PAGESIZE")
