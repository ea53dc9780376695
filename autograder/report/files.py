"""Reports as files: their formats, and how they are written."""

from __future__ import annotations

import csv
import functools
import hashlib
import io
import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import msgspec

from autograder.errors import UsageError
from autograder.model import BehaviourReport, Report, Summary
from autograder.report.sentences import troubles

VERSION = 1
PART = ".part"
# Where a formula would begin, in the text or a part of it: semicolons separate cells where commas mark decimals.
FORMULA = re.compile(r"(?:^|(?<=[,;|\t\r\n]))(?=[\s\"]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20])")
PLAIN = re.compile(r"[a-z0-9_@+-][a-z0-9_.@+-]{0,98}[a-z0-9_@+-]|[a-z0-9_@+-]")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)")  # by Windows, with any ending
DIGESTED = re.compile(r"-[0-9a-f]{32}$")


def summary(report: Report) -> Summary:
    """A report in a line."""
    return Summary(
        report.student,
        report.assignment,
        tuple(exercise.function for exercise in report.exercises),
        tuple(exercise.marks for exercise in report.exercises),
        tuple(exercise.out_of for exercise in report.exercises),
        tuple(troubles(report)),
        tuple(report.remarks),
    )


def shared(summary: Summary) -> Summary:
    """The same with each text once in memory, as thousands of students make the same mistakes."""
    return replace(
        summary,
        assignment=sys.intern(summary.assignment),
        functions=_same(tuple(map(sys.intern, summary.functions))),
        out_of=_same(summary.out_of),
        troubles=tuple((sys.intern(place), sys.intern(words)) for place, words in summary.troubles),
        remarks=tuple(map(sys.intern, summary.remarks)),
    )


@functools.lru_cache(maxsize=256)
def _same(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The first of equal tuples."""
    return values


def as_json(report: Report) -> str:
    """A report as JSON, with the version of its format."""
    fields = asdict(without_pictures(report), dict_factory=_without_evidence)
    totals = {"version": VERSION, "marks": report.marks, "out_of": report.out_of}
    data = {**totals, **fields, "troubles": [*troubles(report)]}
    for exercise, row in zip(report.exercises, data["exercises"], strict=True):
        row.update({"marks": exercise.marks, "out_of": exercise.out_of})
    # a remark may name a file whose name is not UTF-8
    written = json.dumps(data, ensure_ascii=False).encode("utf-8", "replace")
    return msgspec.json.format(written, indent=1).decode() + "\n"


def _without_evidence(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of a dataclass, except the arrays that only a picture needs."""
    return {name: value for name, value in items if name != "evidence"}


def without_pictures(report: Report) -> Report:
    """A report without the arrays that only pictures need."""
    exercises = [
        replace(exercise, behaviours=[_without_picture(one) for one in exercise.behaviours])
        for exercise in report.exercises
    ]
    return replace(report, exercises=exercises)


def _without_picture(behaviour: BehaviourReport) -> BehaviourReport:
    if behaviour.message is None:
        return behaviour
    return replace(behaviour, message=replace(behaviour.message, evidence=None))


def as_csv(summaries: Sequence[Summary]) -> str:
    """A class as CSV."""
    functions = list(dict.fromkeys(function for summary in summaries for function in summary.functions))
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["student", "assignment", "marks", "out_of", *functions])
    for summary in summaries:
        marks = dict(zip(summary.functions, summary.marks, strict=True))
        row = [cell(summary.student), summary.assignment, sum(summary.marks), sum(summary.out_of)]
        writer.writerow([*row, *(marks.get(function, "") for function in functions)])
    return table.getvalue()


def cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula, whatever separates its cells, or for more than one cell."""
    # a carriage return would end the row: Python puts quotes around other line ends only
    return FORMULA.sub("'", text.replace("\r\n", "\n").replace("\r", "\n"))


def file_name(name: str) -> str:
    """A name that any file system accepts; two names never share one, even where capitals do not count.

    Plain names stay as they are; all others get a digest, in a form that no plain name may have.
    """
    if PLAIN.fullmatch(name) and not RESERVED.match(name) and not DIGESTED.search(name):
        return name
    digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    readable = re.sub(r"[^\w@+]+", "_", name)[:40]
    return f"{readable}-{digest}"


def write(path: Path, text: str) -> None:
    """Write a file that is never incomplete."""
    write_all(path, [text])


def write_all(path: Path, parts: Iterable[str]) -> None:
    """Write a file from its parts, to a temporary name first, so that it is never incomplete.

    Raises:
        UsageError: it cannot be written, for instance because the disk is full.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}{PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("w", encoding="utf-8") as file:
            file.writelines(parts)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(
            f"{path}: {error.strerror}. Results cannot be written there; free some space, then run the same command "
            "again to resume."
        ) from error
