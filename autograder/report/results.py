"""A folder of results: what earlier runs left in it, and what this run adds.

A report's JSON is written after its page, so a submission that has one is done. Files are written to a temporary name
first, so none is ever incomplete, whenever the grader is stopped.
"""

from __future__ import annotations

import contextlib
import datetime
import fcntl
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from autograder.errors import UsageError
from autograder.model import Summary
from autograder.report import files, html

REPORTS = "reports"
RUN = "run.json"


class _Marks(msgspec.Struct):
    function: str
    marks: int
    out_of: int


class _Report(msgspec.Struct):
    """The part of a report's JSON that a table of the class needs."""

    version: int
    student: str
    assignment: str
    exercises: list[_Marks]
    troubles: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    provenance: dict[str, Any]

    def summary(self) -> Summary:
        """The report in a line."""
        functions = tuple(row.function for row in self.exercises)
        marks, out_of = tuple(row.marks for row in self.exercises), tuple(row.out_of for row in self.exercises)
        return files.shared(
            Summary(self.student, self.assignment, functions, marks, out_of, self.troubles, self.remarks)
        )


@dataclass(frozen=True)
class Earlier:
    """A report of an earlier run, its seed, and a digest of everything else that its marks depend on."""

    summary: Summary
    provenance: str
    seed: object


def digest(provenance: Mapping[str, Any]) -> str:
    """A digest that is equal for provenances that differ in nothing but the seed."""
    without_seed = {**provenance, "seed": None}
    return hashlib.sha256(json.dumps(without_seed, sort_keys=True).encode()).hexdigest()


@dataclass
class Results:
    """The folder, while one grader holds it.

    Attributes:
        folder: where it is.
        earlier: the reports of earlier runs, by student and digest of the submission.
        seed: that of the last run, if it was interrupted.
    """

    folder: Path
    earlier: Mapping[tuple[str, str], Earlier] = field(default_factory=dict)
    seed: int | None = None

    def begin(self, seed: int) -> None:
        """Store what it takes to resume an interrupted run."""
        files.write(self.folder / RUN, json.dumps({"version": files.VERSION, "seed": seed}) + "\n")

    def end(self) -> None:
        """Forget the seed: the run is complete."""
        (self.folder / RUN).unlink(missing_ok=True)

    def write(self, summary: Summary, page: str, report: str) -> None:
        """Write a report as `reports/<student>/<assignment>.html`, then as .json."""
        path = self.folder / _page_of(summary)
        files.write(path, page)
        files.write(path.with_suffix(".json"), report)

    def page(self, summary: Summary) -> Path:
        """The path of a report's page."""
        return self.folder / _page_of(summary)

    def write_class(self, summaries: Sequence[Summary], course: str = "") -> Path:
        """Write results.csv, with a row for each submission, and index.html.

        Args:
            summaries: the class, sorted by assignment.
            course: its name, for the title of the page; by default the assignments' names.

        Returns:
            The path of index.html.
        """
        files.write(self.folder / "results.csv", files.as_csv(summaries))
        path = self.folder / "index.html"
        rows = [(summary, quote(_page_of(summary).as_posix())) for summary in summaries]
        files.write_all(path, html.class_page(rows, course=course, day=datetime.date.today()))
        return path


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Results]:
    """Hold a folder of results, and create it if it does not exist; incomplete files of a killed run are removed.

    Raises:
        UsageError: nothing can be written there, or another grader is writing there.
    """
    try:
        (folder / REPORTS).mkdir(parents=True, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise UsageError(
            f"{folder}: {error.strerror}. Results cannot be written there; choose another folder with --out."
        ) from error
    try:
        _hold(held, folder)
        for part in [*folder.glob(f".*{files.PART}"), *(folder / REPORTS).rglob(f".*{files.PART}")]:
            part.unlink()
        yield Results(folder, _earlier(folder / REPORTS), _seed(folder / RUN))
    finally:
        os.close(held)


def _hold(held: int, folder: Path) -> None:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise UsageError(
            f"{folder}: another grader is writing its results there. Wait for it, or choose another folder with --out."
        ) from error


def _earlier(reports: Path) -> dict[tuple[str, str], Earlier]:
    """What was graded before; incomplete reports, and those of another version, are ignored."""
    earlier: dict[tuple[str, str], Earlier] = {}
    decoder = msgspec.json.Decoder(_Report)
    for path in reports.glob("*/*.json"):
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            report = decoder.decode(path.read_bytes())
            summary = report.summary()
            page = reports.parent / _page_of(summary)
            if report.version == files.VERSION and path == page.with_suffix(".json") and page.exists():
                submission = str(report.provenance.get("submission"))
                provenance = report.provenance
                earlier[report.student, submission] = Earlier(summary, digest(provenance), provenance.get("seed"))
    return earlier


def _seed(path: Path) -> int | None:
    try:
        seed = json.loads(path.read_text(encoding="utf-8"))["seed"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return seed if isinstance(seed, int) and seed >= 0 else None


def _page_of(summary: Summary) -> Path:
    return report_of(Path(), summary.student, summary.assignment).with_suffix(".html")


def report_of(folder: Path, student: str, assignment: str) -> Path:
    """The path of a report's JSON in a folder of results."""
    return folder / REPORTS / files.file_name(student) / f"{files.file_name(assignment)}.json"
