"""What grading costs beyond the student's own code: a class of each notebook against a floor without any isolation.

Run it from the top of the repository, with or without a file for the table:

    python -m tests.benchmarks.overhead --out results/overhead.md

The floor is the same cells and the same calls, in one warm process by `exec`: no jail, no files, no verdict. The second
floor also reads the file and reaches the verdict in that process. A run needs about two minutes.
"""

from __future__ import annotations

import argparse
import copy
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder.course.exercise import Assignment
from autograder.course.folder import Course, load_course
from autograder.grading.grader import calls_of
from autograder.handed_in import submission
from autograder.handed_in.notebook import parse
from autograder.marking.mark import mark
from autograder.marking.scheme import MarkScheme, draw
from autograder.model import Outcome, Raised, Returned, Submission
from autograder.sandbox.session import Call
from autograder.sandbox.stand_ins import StandIns
from tests.benchmarks.classes import submissions, write
from tests.benchmarks.measured import grade, machine

ROOT = Path(__file__).resolve().parents[2]
BAR = 1.5
SEED = 7
SMALL, LARGE = 32, 192


@dataclass(frozen=True)
class Row:
    """CPU milliseconds for one submission of a notebook."""

    assignment: str
    calls: int
    floor: float
    with_verdict: float
    ours: float
    wall: float


def main() -> int:
    """Print the table, write it if asked to, and say whether the bar is met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="write the table there, too")
    out: Path | None = parser.parse_args().out
    course = load_course(ROOT / "course")
    sys.meta_path.append(StandIns())
    rows = [_row(course, assignment) for assignment in course.assignments]
    text = table(rows)
    print(text)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", encoding="utf-8")
    return int(sum(row.ours for row in rows) > BAR * sum(row.floor for row in rows))


def _row(course: Course, assignment: Assignment) -> Row:
    print(f"{assignment.name} ...", file=sys.stderr)
    texts = submissions(course, assignment)
    schemes = [draw(exercise, SEED) for exercise in assignment.exercises]
    calls = [call for scheme in schemes for call in calls_of(scheme)]
    read = [_read(course, assignment, text) for text in texts]
    for one, text in zip(read, texts, strict=True):  # once, so that nothing is done for the first time
        _floor(one, calls)
        _with_verdict(course, assignment, text, schemes, calls)
    floor = _mean(lambda: [_floor(one, calls) for one in read], len(texts))
    verdict = _mean(lambda: [_with_verdict(course, assignment, text, schemes, calls) for text in texts], len(texts))
    with tempfile.TemporaryDirectory() as name:
        small, large = (
            grade(write(texts, assignment.name, number, Path(name, str(number))), Path(name, f"out{number}"), workers=1)
            for number in (SMALL, LARGE)
        )
    ours, wall = ((getattr(large, what) - getattr(small, what)) / (LARGE - SMALL) * 1000 for what in ("cpu", "wall"))
    return Row(assignment.name, len(calls), floor, verdict, ours, wall)


def _read(course: Course, assignment: Assignment, text: str) -> Submission:
    return submission.read(parse(text.encode(), Path(f"{assignment.name}.ipynb")), "student", course, assignment)


def _floor(submitted: Submission, calls: Sequence[Call]) -> list[Outcome]:
    """The cells, then the calls, each with inputs of its own; what is raised is caught."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    outcomes: list[Outcome] = []
    for cell in submitted.cells:
        try:
            exec(compile(cell.source, cell.label, "exec"), namespace)  # noqa: S102  the repository's own
        except Exception:  # noqa: BLE001, S112  as a notebook goes on with the next cell
            continue
    for call in calls:
        arguments = copy.deepcopy(list(call.arguments))
        positional = arguments[: len(arguments) - len(call.names)]
        named = dict(zip(call.names, arguments[len(positional) :], strict=True))
        try:
            with np.errstate(all="ignore"):
                outcomes.append(Returned(namespace[call.function](*positional, **named), arguments))
        except Exception as error:  # noqa: BLE001  a wrong answer may raise anything
            outcomes.append(Raised(type(error).__name__, str(error), kinds=[type(error).__name__]))
    return outcomes


def _with_verdict(
    course: Course, assignment: Assignment, text: str, schemes: Sequence[MarkScheme], calls: Sequence[Call]
) -> int:
    """The same, with the file read first, and marked after."""
    outcomes = iter(_floor(_read(course, assignment, text), calls))
    return sum(mark(scheme, [next(outcomes) for _ in scheme.trials]).marks for scheme in schemes)


def _mean(run: Any, number: int, times: int = 3) -> float:
    """CPU milliseconds of one of so many: the quickest of a few runs."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        run()
        taken.append(time.process_time() - start)
    return min(taken) / number * 1000


def table(rows: Sequence[Row]) -> str:
    """The rows and their sum, and what they are."""
    total = Row("all", *(sum(getattr(row, name) for row in rows) for name in NUMBERS))
    met = "met" if total.ours <= BAR * total.floor else "missed"
    return "\n".join(
        [
            f"{machine()}. CPU milliseconds of one submission, the mean over classes of {SMALL} to {LARGE} with "
            "one worker (right answers in several styles, and one in four with a mistake). The floor is the same code "
            "on the same cases in one warm process by `exec`: no isolation, no file read or written, no verdict. "
            "Grading includes reading and repairing the file, a sandbox, the verdict and the mistake's name, the page "
            "with pictures and the JSON report. "
            f"Bar: {BAR:g} times the floor; {met}.",
            "",
            "| notebook | calls | floor | with file and verdict | grading | times the floor | times the second | "
            "beyond the floor | wall |",
            "|---|---|---|---|---|---|---|---|---|",
            *(_line(row) for row in [*rows, total]),
        ]
    )


NUMBERS = ("calls", "floor", "with_verdict", "ours", "wall")


def _line(row: Row) -> str:
    ratios = f"{row.ours / row.floor:.1f} | {row.ours / row.with_verdict:.1f}"
    return (
        f"| {row.assignment} | {row.calls} | {row.floor:.1f} | {row.with_verdict:.1f} | {row.ours:.1f} | {ratios} | "
        f"{row.ours - row.floor:.1f} | {row.wall:.1f} |"
    )


if __name__ == "__main__":
    sys.exit(main())
