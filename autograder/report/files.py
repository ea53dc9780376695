"""Reports as files: a page and a JSON file for each submission, and a page and results.csv for the class."""

from __future__ import annotations

import csv
import hashlib
import io
import os
import re
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from autograder.errors import UsageError
from autograder.model import Report
from autograder.report import html

VERSION = 1
REPORTS = "reports"


def prepare(folder: Path) -> None:
    """Make the folder of results.

    Raises:
        UsageError: nothing can be written there.
    """
    try:
        (folder / REPORTS).mkdir(parents=True, exist_ok=True)
        _write(folder / REPORTS / ".writable", "")
        (folder / REPORTS / ".writable").unlink()
    except OSError as error:
        raise UsageError(
            f"{folder}: {error.strerror}, but results have to be written there; name another folder with --out"
        ) from error


def write_report(report: Report, folder: Path) -> Path:
    """Write one report as `reports/<student>/<assignment>.html` below a folder, and as .json; returns its page."""
    path = folder / _page_of(report)
    _write(path.with_suffix(".json"), as_json(report))
    _write(path, html.as_page(report))
    return path


def write_class(reports: Sequence[Report], folder: Path) -> Path:
    """Write results.csv, a row for each submission and a column for each exercise, and index.html; returns the page."""
    _write(folder / "results.csv", as_csv(reports))
    path = folder / "index.html"
    _write(path, html.as_class_page([(report, quote(_page_of(report).as_posix())) for report in reports]))
    return path


def _page_of(report: Report) -> Path:
    return Path(REPORTS) / _file_name(report.student) / f"{_file_name(report.assignment)}.html"


def as_json(report: Report) -> str:
    """A report as JSON, with the version of its form."""
    told = asdict(report, dict_factory=_without_evidence)
    data = {"version": VERSION, "marks": report.marks, "out_of": report.out_of, **told}
    for exercise, one in zip(report.exercises, data["exercises"], strict=True):
        one.update({"marks": exercise.marks, "out_of": exercise.out_of})
    return msgspec.json.format(msgspec.json.encode(data), indent=1).decode() + "\n"


def _without_evidence(items: list[tuple[str, Any]]) -> dict[str, Any]:
    """The fields of a dataclass but for the arrays that only a picture needs."""
    return {name: value for name, value in items if name != "evidence"}


def as_csv(reports: Sequence[Report]) -> str:
    """A class as CSV."""
    functions = list(dict.fromkeys(exercise.function for report in reports for exercise in report.exercises))
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["student", "assignment", "marks", "out_of", *functions])
    for report in reports:
        marks = {exercise.function: exercise.marks for exercise in report.exercises}
        row = [_cell(report.student), report.assignment, report.marks, report.out_of]
        writer.writerow([*row, *(marks.get(function, "") for function in functions)])
    return table.getvalue()


def _cell(text: str) -> str:
    """Text that a spreadsheet does not take for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _file_name(name: str) -> str:
    """A name that any file system takes; two different names never share one."""
    plain = re.sub(r"[^\w.@+-]", "_", name).lstrip(".")[:100]
    return plain if plain == name else f"{plain}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _write(path: Path, text: str) -> None:
    """Write to a file beside it first, so that a file is never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
