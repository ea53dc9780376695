"""How many submissions per second: this grader, nbgrader and otter on the same sixteen, in one run.

Run it from the top of the repository, with or without a file for the table:

    python -m tests.benchmarks.throughput --out results/throughput.md

Each peer is installed once, below build/peers, and is used in the quickest way it is used: nbgrader by one command for
all, otter by two at a time. Making their assignments is not counted. Where a right answer does not get all marks, or a
wrong one does, the run fails, as its numbers would not count. A run needs about two minutes.
"""

from __future__ import annotations

import argparse
import csv
import inspect
import os
import resource
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.course.folder import Course, load_course
from tests.benchmarks.classes import IMPORTS, VARIETY, is_wrong, submissions, variety, write
from tests.benchmarks.measured import grade, machine
from tests.benchmarks.peers import Nbgrader, Otter, Peer, PeerError, Submission, tasks

ROOT = Path(__file__).resolve().parents[2]
BARS = {"nbgrader": 100.0, "otter": 150.0}
PEERS = {"nbgrader": Nbgrader, "otter": Otter}
NAME = "01_one_window"
MANY = 1600
WORKERS = 2
FULL = sum(task.marks for task in tasks())


@dataclass(frozen=True)
class Row:
    """What one grader took for a class.

    Attributes:
        grader: its name, and how it was used.
        number: how many submissions there were.
        wall: seconds for all.
        cpu: CPU seconds for all.
    """

    grader: str
    number: int
    wall: float
    cpu: float

    @property
    def rate(self) -> float:
        """Submissions per second."""
        return self.number / self.wall


def main() -> int:
    """Print the table, write it if asked to, and say whether the bars are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="write the table there, too")
    parser.add_argument("--peers", type=Path, default=Path("build/peers"), help="where peers are installed")
    given = parser.parse_args()
    course = load_course(ROOT / "course")
    try:
        peers = {name: _peer(name, kind(given.peers.resolve() / name), course) for name, kind in PEERS.items()}
    except PeerError as error:
        print(f"throughput: {error}", file=sys.stderr)
        return 1
    alone, many = (_ours(course, number) for number in (VARIETY, MANY))
    text = table(alone, many, peers)
    print(text)
    if given.out is not None:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(text + "\n", encoding="utf-8")
    return int(any(many.rate < BARS[name] * peer.rate for name, peer in peers.items()))


def _peer(name: str, peer: Peer, course: Course) -> Row:
    """What a peer takes for the sixteen, if it marks them rightly."""
    class_ = _sixteen(course)
    print(f"{name}: marking {len(class_)} ...", file=sys.stderr)
    peer.set_up(class_)
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), os.times().elapsed
    marks = peer.mark_class(class_)
    wall, after = os.times().elapsed - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    require_right(name, marks)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Row(f"{peer.package}, its marking alone", len(class_), wall, cpu)


def _sixteen(course: Course) -> list[Submission]:
    """The class as peers take it: the same function bodies."""
    assignment = course.find(NAME)
    assert assignment is not None
    model = {one.function: IMPORTS + inspect.getsource(one.answer) for one in assignment.exercises}
    return [Submission(_name(number), {**model, **answers}, {}) for number, answers in enumerate(variety(assignment))]


def _name(student: int) -> str:
    return f"student{student:06}"


def require_right(grader: str, marks: Mapping[str, float]) -> None:
    """See that right answers have all marks, and wrong ones have not.

    Raises:
        PeerError: it is otherwise.
    """
    for student in range(VARIETY):
        got = marks[_name(student)]
        if (got == FULL) == is_wrong(student):
            raise PeerError(
                f"{grader}: {_name(student)} has {got:g} of {FULL}, expected "
                f"{'less' if got == FULL else 'all'}; its time does not count"
            )


def _ours(course: Course, number: int) -> Row:
    """What the whole command takes, its start included."""
    assignment = course.find(NAME)
    assert assignment is not None
    print(f"this grader: marking {number:,} ...", file=sys.stderr)
    with tempfile.TemporaryDirectory() as name:
        folder = write(submissions(course, assignment), NAME, number, Path(name, "submitted"))
        cost = grade(folder, Path(name, "results"), workers=WORKERS)
        rows = list(csv.DictReader((Path(name, "results") / "results.csv").open(encoding="utf-8")))
    require_right("this grader", {row["student"]: float(row["marks"]) for row in rows})
    return Row(f"this grader, the whole command, {WORKERS} workers", number, cost.wall, cost.cpu)


def table(alone: Row, many: Row, peers: Mapping[str, Row]) -> str:
    """The rows, and what they are."""
    rows: Sequence[Row] = [*peers.values(), alone, many]
    ratios = [
        f"In the class of {many.number:,} this grader is {many.rate / peer.rate:.0f} times as fast as {name} "
        f"(bar: {BARS[name]:g}, {'met' if many.rate >= BARS[name] * peer.rate else 'missed'}); "
        f"on the sixteen alone, where start-up takes most of the time, {alone.rate / peer.rate:.0f} times."
        for name, peer in peers.items()
    ]
    return "\n".join(
        [
            f"{machine()}. Sixteen well-behaved submissions of notebook {NAME[:2]}, twelve right in several styles and "
            "four with a mistake, graded by each from the same function bodies; all right ones and no wrong ones "
            "earned full marks from each. nbgrader grades all in one command, otter two at a time; the time to make "
            "their assignments is not counted. Each peer calls a function four times, this grader twenty. "
            f"The class of {many.number:,} repeats the same sixteen a hundred times, no two files equal.",
            "",
            *ratios,
            "",
            "| grader | submissions | seconds | submissions per second | CPU seconds of one |",
            "|---|---|---|---|---|",
            *(
                f"| {row.grader} | {row.number:,} | {row.wall:.1f} | {row.rate:.2f} | {row.cpu / row.number:.3f} |"
                for row in rows
            ),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
