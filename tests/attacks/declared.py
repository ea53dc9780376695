"""Attacks as they are declared: what each tries, the marks it must get, and what its report must say.

Every source in `notebooks/` is one attack, written as in `course/sample_class/build.py`. Its first cell says what it
tries, and then, each on a line of its own, `marks:` (of window_sum and conv2d_valid) and `says:` (words that its report
must hold; several times if need be; with ` / ` between them where Pythons differ; `nothing` if there is nothing to
tell). A `.txt` source has all of it in its first
line, with bars between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.model import Report
from autograder.report.sentences import troubles

HERE = Path(__file__).parent
NOTEBOOKS = HERE / "notebooks"
FUNCTIONS = ("window_sum", "conv2d_valid")  # what attackers and honest students hand in, of all that is asked


@dataclass(frozen=True)
class Attack:
    """One attack.

    Attributes:
        name: what it is called, and the student who hands it in.
        group: the kind of attack, with its number first: "08_time".
        tries: what it tries, in words.
        marks: what it must get in window_sum and conv2d_valid; None if it is not marked at all.
        says: words that its report must hold, or one of several; none if there is nothing to tell.
    """

    name: str
    group: str
    tries: str
    marks: tuple[int, int] | None
    says: Sequence[str]


def in_notebooks() -> list[Attack]:
    """The attacks of `notebooks/`, by group and name."""
    return [_read(path) for path in sorted(NOTEBOOKS.glob("*/*")) if path.suffix in {".py", ".txt"}]


def of(*groups: int) -> list[Attack]:
    """The attacks of these groups, by their numbers."""
    return [attack for attack in in_notebooks() if int(attack.group[:2]) in groups]


def _read(path: Path) -> Attack:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".txt":
        lines = text.partition("\n")[0].partition(": ")[2].split(" | ")
    else:
        lines = [line.removeprefix("#").strip() for line in text.partition("\n\n")[0].split("\n")[1:]]
    marks = [int(mark) for mark in _values(lines, "marks")[0].split(",")]
    tries = " ".join(line for line in lines if not re.match("(marks|says): ", line)).strip()
    says = [words for words in _values(lines, "says") if words != "nothing"]
    return Attack(path.stem, path.parent.name, tries, (marks[0], marks[1]), says)


def _values(lines: Sequence[str], name: str) -> list[str]:
    return [line.partition(": ")[2] for line in lines if line.startswith(f"{name}: ")]


def missing(attack: Attack, report: Report) -> list[str]:
    """What a report should say of an attack, and does not."""
    everything = told(report)
    return [words for words in attack.says if not any(one in everything for one in words.split(" / "))]


def told(report: Report) -> str:
    """All words of a report on what was handed in, on one line."""
    others = {one.function for one in report.exercises} - set(FUNCTIONS)
    exercises = [exercise for exercise in report.exercises if exercise.function not in others]
    messages = [str(one.message) for exercise in exercises for one in exercise.behaviours if one.message]
    words = [*report.remarks, *(said for where, said in troubles(report) if where not in others), *messages]
    return " ".join(" ".join(words).split())
