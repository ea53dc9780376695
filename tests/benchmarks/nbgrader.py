"""nbgrader's gradebook filled in three ways, in one run: its own Execute, this engine in its place, and directly.

Run it from the top of the repository, with or without a file for the table:

    python -m tests.benchmarks.nbgrader --out results/nbgrader.md

All three mark the same notebooks of this course, whose checks raise where nbgrader runs them. Where a right answer does
not get all marks, or a wrong one does, the run fails. It needs about three minutes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.api import Gradebook

from autograder.course.folder import Course, load_course
from tests.benchmarks.classes import VARIETY, is_wrong, submissions, write
from tests.benchmarks.measured import GRADE, machine, run

ROOT = Path(__file__).resolve().parents[2]
NAME = "01_one_window"
MANY = 1600
WORKERS = 2
BARS = {"autograde": 5.0, "gradebook": 50.0}
NBGRADER = (sys.executable, "-W", "ignore", "-m", "nbgrader")
# nbgrader's own pipeline, with the course's settings except for this engine
PLAIN = """
c = get_config()
c.CourseDirectory.course_id = "convolution-by-hand"
c.CourseDirectory.source_directory = "release"
c.CourseDirectory.release_directory = "handed_out"
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
]
"""


@dataclass(frozen=True)
class Row:
    """What one way took.

    Attributes:
        way: how the gradebook was filled.
        number: how many submissions there were.
        wall: seconds, the command's start included.
        cpu: CPU seconds.
    """

    way: str
    number: int
    wall: float
    cpu: float

    @property
    def each(self) -> float:
        """Seconds a submission."""
        return self.wall / self.number


def main() -> int:
    """Print the table, write it if asked to, and say whether the bars are met."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="write the table there, too")
    given = parser.parse_args()
    # as most people have it: a start that compiles everything would hide what marking takes
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    # nbgrader calls alembic by its name
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    course = load_course(ROOT / "course")
    with tempfile.TemporaryDirectory() as name:
        rows = measure(course, Path(name))
    text = table(rows)
    print(text)
    if given.out is not None:
        given.out.parent.mkdir(parents=True, exist_ok=True)
        given.out.write_text(text + "\n", encoding="utf-8")
    return int(any(ratio < BARS[name] for name, ratio in ratios(rows).items()))


def measure(course: Course, place: Path) -> list[Row]:
    """Fill a gradebook in each way."""
    engine = (ROOT / "course" / "nbgrader_config.py").read_text(encoding="utf-8")
    engine += f"\nc.Mark.course = c.ForStudents.course = {str(ROOT / 'course')!r}\n"
    ways = [
        ("nbgrader autograde, its own Execute", "own", PLAIN, VARIETY),
        ("nbgrader autograde, this engine", "ours", engine, VARIETY),
        (f"autograder grade --gradebook, {WORKERS} workers", "direct", engine, VARIETY),
        (f"autograder grade --gradebook, {WORKERS} workers", "many", engine, MANY),
    ]
    return [_measure(course, place / folder, way, settings, number) for way, folder, settings, number in ways]


def _measure(course: Course, place: Path, way: str, settings: str, number: int) -> Row:
    assignment = course.find(NAME)
    assert assignment is not None
    print(f"{way}: marking {number:,} ...", file=sys.stderr)
    shutil.copytree(ROOT / "course" / "release" / NAME, place / "release" / NAME)
    (place / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    run([*NBGRADER, "generate_assignment", NAME], folder=place)
    write(submissions(course, assignment), NAME, number, place / "submitted")
    if way.startswith("nbgrader"):
        command = [*NBGRADER, "autograde", NAME]
    else:
        words = [str(place / "submitted"), "--workers", str(WORKERS), "--course", str(course.folder)]
        command = [
            *GRADE,
            *words,
            "--out",
            str(place / "results"),
            "--gradebook",
            f"sqlite:///{place / 'gradebook.db'}",
        ]
    cost = run(command, folder=place)
    require_right(way, _scores(place), sum(exercise.marks for exercise in assignment.exercises))
    return Row(way, number, cost.wall, cost.cpu)


def _scores(place: Path) -> Mapping[str, float]:
    with Gradebook(f"sqlite:///{place / 'gradebook.db'}") as gradebook:
        return {one["student"]: one["score"] for one in gradebook.submission_dicts(NAME)}


def require_right(way: str, scores: Mapping[str, float], full: float) -> None:
    """See that right answers have all marks, and wrong ones have not.

    Raises:
        RuntimeError: it is otherwise; the time would not count.
    """
    for place, student in enumerate(sorted(scores)):
        if (scores[student] == full) == is_wrong(place):
            raise RuntimeError(f"{way}: {student} has {scores[student]:g} of {full:g}, but that is not right")


def table(rows: Sequence[Row]) -> str:
    """The rows, and what they are."""
    own, _, few, _ = rows
    found = ratios(rows)
    met = {name: "met" if ratio >= BARS[name] else "missed" for name, ratio in found.items()}
    return "\n".join(
        [
            f"{machine()}. The same sixteen submissions of notebook {NAME[:2]}, twelve right and four with a mistake, "
            "graded into an SQLite gradebook by one command, start-up included. With each, all right ones and no wrong "
            f"ones earned full marks. The class of {MANY:,} repeats the same sixteen a hundred times, no two "
            "files equal.",
            "",
            f"With this engine `nbgrader autograde` is {found['autograde']:.1f} times as fast as with its own Execute "
            f"(bar: {BARS['autograde']:g}, {met['autograde']}). `autograder grade --gradebook` takes a class of "
            f"{MANY:,} {found['gradebook']:.0f} times as fast (bar: {BARS['gradebook']:g}, {met['gradebook']}), and "
            f"sixteen alone, where start-up takes most of the time, {own.each / few.each:.0f} times.",
            "",
            "| way | submissions | seconds | of one | CPU seconds of one |",
            "|---|---|---|---|---|",
            *(
                f"| {row.way} | {row.number:,} | {row.wall:.1f} | {row.each:.3f} | {row.cpu / row.number:.3f} |"
                for row in rows
            ),
        ]
    )


def ratios(rows: Sequence[Row]) -> Mapping[str, float]:
    """How many times as fast as nbgrader's own way, a submission."""
    own, ours, _, many = rows
    return {"autograde": own.each / ours.each, "gradebook": own.each / many.each}


if __name__ == "__main__":
    sys.exit(main())
