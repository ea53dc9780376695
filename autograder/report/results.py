"""A folder of results: what earlier runs have left in it, and what this one leaves.

A report's JSON is written after its page, so that where it is, the submission is done. Each file is written beside its
place first, so that it is never half there, whenever the grader is ended.
"""

from __future__ import annotations

import contextlib
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
    """As much of a report's JSON as a table of the class needs."""

    version: int
    student: str
    assignment: str
    exercises: list[_Marks]
    troubles: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    provenance: dict[str, Any]

    def summary(self) -> Summary:
        """The report in a line."""
        functions = tuple(one.function for one in self.exercises)
        marks, out_of = tuple(one.marks for one in self.exercises), tuple(one.out_of for one in self.exercises)
        return files.shared(
            Summary(self.student, self.assignment, functions, marks, out_of, self.troubles, self.remarks)
        )


@dataclass(frozen=True)
class Earlier:
    """A report of an earlier run, its seed, and a digest of where its marks come from beside that."""

    summary: Summary
    provenance: str
    seed: object


def digest(provenance: Mapping[str, Any]) -> str:
    """The same for provenances only that are equal but for the seed, and shorter."""
    without_seed = {**provenance, "seed": None}
    return hashlib.sha256(json.dumps(without_seed, sort_keys=True).encode()).hexdigest()


@dataclass
class Results:
    """The folder, while one grader holds it.

    Attributes:
        folder: where it is.
        earlier: the reports of earlier runs, by student and digest of the submission.
        seed: that of the last run, if it was stopped before its end.
    """

    folder: Path
    earlier: Mapping[tuple[str, str], Earlier] = field(default_factory=dict)
    seed: int | None = None

    def begin(self, seed: int) -> None:
        """Keep what it takes to go on if the run ends early."""
        files.write(self.folder / RUN, json.dumps({"version": files.VERSION, "seed": seed}) + "\n")

    def end(self) -> None:
        """All is done: no later run needs this one's seed."""
        (self.folder / RUN).unlink(missing_ok=True)

    def write(self, summary: Summary, page: str, report: str) -> None:
        """Write a report as `reports/<student>/<assignment>.html`, and then as .json."""
        path = self.folder / _page_of(summary)
        files.write(path, page)
        files.write(path.with_suffix(".json"), report)

    def page(self, summary: Summary) -> Path:
        """Where the page of a report is."""
        return self.folder / _page_of(summary)

    def write_class(self, summaries: Sequence[Summary]) -> Path:
        """Write results.csv, a row for each submission and a column for each exercise, and index.html; returns that."""
        files.write(self.folder / "results.csv", files.as_csv(summaries))
        path = self.folder / "index.html"
        files.write_all(path, html.class_page([(one, quote(_page_of(one).as_posix())) for one in summaries]))
        return path


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Results]:
    """Hold a folder of results, made if need be; what a run that was killed has half written is removed.

    Raises:
        UsageError: nothing can be written there, or another grader writes there now.
    """
    try:
        (folder / REPORTS).mkdir(parents=True, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise UsageError(
            f"{folder}: {error.strerror}, but results have to be written there; name another folder with --out"
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
            f"{folder}: another grader writes its results there just now, but one at a time can; "
            "wait for it, or name another folder with --out"
        ) from error


def _earlier(reports: Path) -> dict[tuple[str, str], Earlier]:
    """What was marked before; a file that is no whole report of this form counts as none."""
    found: dict[tuple[str, str], Earlier] = {}
    decoder = msgspec.json.Decoder(_Report)
    for path in reports.glob("*/*.json"):
        with contextlib.suppress(OSError, msgspec.MsgspecError, UnicodeDecodeError):
            report = decoder.decode(path.read_bytes())
            summary = report.summary()
            page = reports.parent / _page_of(summary)
            if report.version == files.VERSION and path == page.with_suffix(".json") and page.exists():
                submission = str(report.provenance.get("submission"))
                provenance = report.provenance
                found[report.student, submission] = Earlier(summary, digest(provenance), provenance.get("seed"))
    return found


def _seed(path: Path) -> int | None:
    try:
        seed = json.loads(path.read_text(encoding="utf-8"))["seed"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return seed if isinstance(seed, int) and seed >= 0 else None


def _page_of(summary: Summary) -> Path:
    return report_of(Path(), summary.student, summary.assignment).with_suffix(".html")


def report_of(folder: Path, student: str, assignment: str) -> Path:
    """Where a report's JSON is in a folder of results."""
    return folder / REPORTS / files.file_name(student) / f"{files.file_name(assignment)}.json"
