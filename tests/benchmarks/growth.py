"""Measure how time and memory grow with a class: 100, 1,000 and 10,000 submissions.

Run it from the top of the repository, with or without a file for the table, and with smaller classes for a quick look:

    python -m tests.benchmarks.growth --out results/growth.md
    python -m tests.benchmarks.growth 100 300

A run needs about three minutes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from autograder.course.folder import load_course
from tests.benchmarks.classes import submissions, write
from tests.benchmarks.measured import Cost, grade, machine

ROOT = Path(__file__).resolve().parents[2]
NAME = "06_pooling"
SIZES = (100, 1_000, 10_000)
WORKERS = 2
LINEAR, MEMORY = 1.1, 1.2


@dataclass(frozen=True)
class Row:
    """What a class of so many took: marked from nothing, and once more without a change."""

    number: int
    first: Cost
    again: Cost


def main() -> int:
    """Print the table, write it if asked to, and say whether the bars are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES, help="how many submissions [default: %(default)s]")
    parser.add_argument("--out", type=Path, help="write the table there, too")
    given = parser.parse_args()
    course = load_course(ROOT / "course")
    assignment = course.find(NAME)
    assert assignment is not None
    texts = submissions(course, assignment)
    rows = [_row(texts, number) for number in given.sizes]
    text = table(rows)
    print(text)
    if given.out is not None:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(text + "\n", encoding="utf-8")
    return int(growth(rows) > LINEAR or memory(rows) > MEMORY)


def _row(texts: Sequence[str], number: int) -> Row:
    print(f"{number:,} submissions ...", file=sys.stderr)
    with tempfile.TemporaryDirectory() as name:
        folder, out = write(texts, NAME, number, Path(name, "submitted")), Path(name, "results")
        first = grade(folder, out, workers=WORKERS, memory=True)
        again = grade(folder, out, workers=WORKERS)
        if len((out / "results.csv").read_text(encoding="utf-8").splitlines()) != number + 1:
            raise RuntimeError(f"{out}: results.csv does not have {number:,} rows. Run it alone to see why.")
        return Row(number, first, again)


def growth(rows: Sequence[Row]) -> float:
    """Seconds for one more submission in the largest class, by those in the class before it, without the start."""
    sizes = [(row.number, row.first.wall) for row in rows]
    pairs = pairwise(sizes)
    slopes = [(wall - wall_before) / (number - before) for (before, wall_before), (number, wall) in pairs]
    return slopes[-1] / slopes[-2] if len(slopes) > 1 else 1.0


def memory(rows: Sequence[Row]) -> float:
    """The largest memory of the largest class, by that of the smallest."""
    return rows[-1].first.memory / rows[0].first.memory


def table(rows: Sequence[Row]) -> str:
    """The rows, and what they are."""
    return "\n".join(
        [
            f"{machine()}, {WORKERS} workers. Notebook {NAME[:2]}, sixteen different answers repeated, no two files "
            "equal; start-up included. Memory is the peak of all processes together, with "
            "shared pages counted once.",
            "",
            f"One more submission takes {growth(rows):.2f} times as long in the largest class as in the one before "
            f"(bar: {LINEAR:g}), and the largest class {memory(rows):.2f} times the memory of the smallest (bar: "
            f"{MEMORY:g}).",
            "",
            "| submissions | seconds | in a second | ms of one | CPU ms of one | memory, MiB | again, unchanged: s |",
            "|---|---|---|---|---|---|---|",
            *(_line(row) for row in rows),
        ]
    )


def _line(row: Row) -> str:
    one = f"{row.first.wall / row.number * 1000:.1f} | {row.first.cpu / row.number * 1000:.1f}"
    return (
        f"| {row.number:,} | {row.first.wall:.1f} | {row.number / row.first.wall:.0f} | {one} | "
        f"{row.first.memory / 2**20:.0f} | {row.again.wall:.1f} |"
    )


if __name__ == "__main__":
    sys.exit(main())
