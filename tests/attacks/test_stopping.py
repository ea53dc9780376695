"""What does not end is ended, with all that it started, and with the grader if that is killed."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from autograder.build import BuiltFile
from autograder.course import Course
from autograder.grading import Grader
from autograder.handed_in import notebook
from autograder.limits import Limits
from autograder.model import Cell, Returned, Stopped
from autograder.sandbox.session import Call, run
from course.sample_class import build

from tests.attacks.conftest import LIMITS, SEED, build_folder
from tests.attacks.stopping import BODIES, stop

LIMIT = 0.5
PATIENT = 10  # for a busy machine: seconds in which what takes milliseconds has to be done


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_call_is_stopped_soon_after_its_limit(body: str) -> None:
    """Whatever a call does, and however much there is to clear away."""
    outcome, late = stop(body, LIMIT)

    assert outcome == Stopped(LIMIT)
    assert late < PATIENT


def test_what_was_marked_before_stays() -> None:
    """A call that is stopped takes nothing from the calls before it, nor from those after it."""
    cell = Cell("cell 1", "import time\ndef f(x):\n    return time.sleep(60) if x == 1 else x")

    done = run([cell], [Call("f", str(number), [number]) for number in range(3)], [], Limits(call_seconds=2))

    assert [isinstance(outcome, Returned) for outcome in done.calls] == [True, False, True]
    assert done.calls[1] == Stopped(2)


def test_cells_that_are_run_again_have_an_end() -> None:
    """Cells that are quick at first, and slow when they are run again as one behind them ended the process."""
    turn = time.monotonic() + 1
    slow = [
        Cell(f"cell {number}", f"import time\nif time.monotonic() > {turn}: time.sleep(0.9)") for number in range(30)
    ]
    end = Cell("end", f"import os, time\ntime.sleep(max({turn} - time.monotonic(), 0))\nos._exit(0)")
    start = time.monotonic()

    done = run([*slow, end], [], ["x"], Limits(cell_seconds=2, cells_seconds=2))

    assert "cell 0 was left out: the cells before it had used their 2 s" in done.remarks
    assert time.monotonic() - start < PATIENT + 5  # thirty cells would take 27 s


LONELY = """
import os
from autograder.limits import Limits
from autograder.sandbox.parent import Jail
from autograder.sandbox.wire import write_request

jail = Jail(Limits())
jail.ask({"type": "cell", "label": "c", "source": "import ctypes; ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)"}, 60)
os.write(jail._requests, write_request({"type": "cell", "label": "c", "source": "while True: pass", "id": 3}))
print(jail._process.pid, flush=True)
input()
"""


def test_a_jail_ends_with_a_grader_that_is_killed() -> None:
    """Code that has cut the tie to its parent does not outlive a grader that could not stop it."""
    with subprocess.Popen(  # noqa: S603  our own words
        [sys.executable, "-c", LONELY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=build.COURSE.parent
    ) as grader:
        assert grader.stdout is not None
        outer = int(grader.stdout.readline())
        inner = int(Path(f"/proc/{outer}/task/{outer}/children").read_text())
        ending = os.pidfd_open(inner)
        grader.kill()
        ended, _, _ = select.select([ending], [], [], PATIENT)
        os.close(ending)

    assert ended != []


def test_attacks_do_not_add_up(course: Course) -> None:
    """The grader holds no more descriptors and no more memory after many attacks than after few."""
    groups = ("07_bytes_to_the_grader", "10_ends")
    sources = [file for group in groups for file in build.submissions(course, build_folder(group))]
    quick = [file for file in sources if file.path.parts[0] in QUICK]
    grader = Grader(course, SEED, LIMITS)

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
