"""Times `check()` beyond the student's own code, for every exercise, and the first call of a new process.

Run it from the top of the repository, with or without a file for the table:

    python -m tests.benchmarks.check --out results/check.md

A run needs about a minute. Each function is checked as a right answer and as a known mistake; of the time of the whole
call the time is taken off that the same function needs for the same cases, called one after another in the same run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from autograder import check
from autograder.course.exercise import Assignment, Exercise, Function
from autograder.marking.scheme import Trial
from autograder.release import answer_key
from course.exercises import ASSIGNMENTS

ROOT = Path(__file__).resolve().parents[2]
CALL_BAR, FIRST_BAR = 50.0, 300.0  # milliseconds
TIMES = 7

FIRST = """
import time
start = time.perf_counter()
import numpy
loaded = time.perf_counter()
from autograder import check
def {function}(*arguments, **options):
    return 0.0
repr(check({function}))
end = time.perf_counter()
print((end - start) * 1000, (loaded - start) * 1000)
"""


@dataclass(frozen=True)
class Row:
    """Milliseconds of one exercise: its own code, and what check() adds for a right and for a wrong answer."""

    function: str
    trials: int
    own: float
    right: float
    wrong: float
    shown: float


def main() -> int:
    """Print the table, write it if asked to, and say whether the bars are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="write the table there, too")
    out: Path | None = parser.parse_args().out
    rows = [_row(assignment, exercise) for assignment in ASSIGNMENTS for exercise in assignment.exercises]
    first = {assignment.name: _first(assignment) for assignment in ASSIGNMENTS}
    table = _table(rows, first)
    print(table)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(table + "\n", encoding="utf-8")
    worst = max(max(row.right, row.wrong) for row in rows)
    return int(worst > CALL_BAR or max(total for total, _ in first.values()) > FIRST_BAR)


def _row(assignment: Assignment, exercise: Exercise) -> Row:
    key = ROOT / "course" / "release" / assignment.name / answer_key.FILE_NAME
    trials = answer_key.read(key).schemes[exercise.function].trials
    right, wrong = (_named(exercise.function, one) for one in (exercise.answer, exercise.mistakes[0].function))
    own, wrong_own = (_median(lambda one=one: _calls(one, trials)) for one in (right, wrong))
    return Row(
        exercise.function,
        len(trials),
        own,
        _median(lambda: repr(check(right, key=key))) - own,
        _median(lambda: repr(check(wrong, key=key))) - wrong_own,
        _median(lambda: check(wrong, key=key)._repr_html_()) - wrong_own,
    )


def _named(name: str, function: Function) -> Function:
    def called(*arguments: Any, **options: Any) -> Any:
        return function(*arguments, **options)

    called.__name__ = name
    return called


def _calls(function: Function, trials: list[Trial]) -> None:
    for trial in trials:
        try:
            trial.call(function)
        except Exception:  # noqa: BLE001, S112  a mistake may raise
            continue


def _median(run: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        start = time.perf_counter()
        with np.errstate(all="ignore"):
            run()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


def _first(assignment: Assignment) -> tuple[float, float]:
    """The first call of a process, imports and reading the key included; and NumPy's import alone."""
    code = FIRST.format(function=max(assignment.exercises, key=lambda one: len(one.mistakes)).function)
    folder = ROOT / "course" / "release" / assignment.name
    command = [sys.executable, "-c", code]
    runs = []
    for _ in range(TIMES):
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, env=dict(os.environ))  # noqa: S603  our own words
        total, numpy = (float(number) for number in done.stdout.split())
        runs.append((total, numpy))
    return statistics.median(total for total, _ in runs), statistics.median(numpy for _, numpy in runs)


def _table(rows: list[Row], first: dict[str, tuple[float, float]]) -> str:
    lines = [
        f"NumPy {np.__version__}, Python {sys.version.split()[0]}; medians of {TIMES}, in milliseconds. Bars: "
        f"{CALL_BAR:g} beyond the student's own code, {FIRST_BAR:g} for the first call.",
        "",
        "| exercise | cases | own code | check adds, right | check adds, wrong | with its picture |",
        "|---|---|---|---|---|---|",
        *(
            f"| {row.function} | {row.trials} | {row.own:.1f} | {row.right:.1f} | {row.wrong:.1f} | {row.shown:.1f} |"
            for row in rows
        ),
        "",
        "| notebook | first call | of that NumPy's import |",
        "|---|---|---|",
        *(f"| {name} | {total:.0f} | {numpy:.0f} |" for name, (total, numpy) in first.items()),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
