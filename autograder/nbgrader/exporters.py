"""Tables from nbgrader's gradebook: every behaviour of every exercise, and each student's total marks.

Use them as `nbgrader export --exporter=autograder.nbgrader.exporters.Behaviours --to=behaviours.csv`.
"""

from __future__ import annotations

import csv
import heapq
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import ExportPlugin
from traitlets import Integer, List, Unicode

from autograder.errors import UsageError
from autograder.nbgrader.cells import CHECKED
from autograder.report.files import cell
from autograder.report.results import report_of

Row = Sequence[object]


class _Behaviour(msgspec.Struct):
    name: str
    marks: int
    out_of: int


class _Exercise(msgspec.Struct):
    function: str
    behaviours: list[_Behaviour]


class _Report(msgspec.Struct):
    exercises: list[_Exercise]


class Behaviours(ExportPlugin):  # type: ignore[misc]
    """A row for each behaviour of each exercise that a student handed in."""

    results = Unicode("results", help="Folder with the reports of `nbgrader autograde` or `autograder grade`.").tag(
        config=True
    )

    def export(self, gradebook: Gradebook) -> None:
        """Write the table; an exercise's marks are those in the gradebook, including marks given by hand."""
        head = ("student_id", "assignment", "exercise", "marks", "out_of", "behaviour", "reached", "of")
        _write(self.to or "behaviours.csv", head, self._rows(gradebook))

    def _rows(self, gradebook: Gradebook) -> Iterator[Row]:
        for assignment, student in _wanted(self, gradebook):
            submission = _submission(gradebook, assignment.name, student.id)
            for notebook in submission.notebooks if submission else []:
                behaviours = self._behaviours(student.id, notebook.name)
                for grade in notebook.grades:
                    function = grade.name.removeprefix(CHECKED)
                    if function != grade.name:
                        known = [cell(student.id), assignment.name, function, grade.score, grade.max_score]
                        for rule in behaviours.get(function, [None]):
                            yield [*known, *((rule.name, rule.marks, rule.out_of) if rule else ("", "", ""))]

    def _behaviours(self, student: str, assignment: str) -> Mapping[str, Sequence[_Behaviour]]:
        """The behaviours in a report, by function; empty if there is no report."""
        try:
            report = msgspec.json.decode(report_of(Path(self.results), student, assignment).read_bytes(), type=_Report)
        except (OSError, msgspec.MsgspecError):
            return {}
        return {exercise.function: exercise.behaviours for exercise in report.exercises}


class Totals(ExportPlugin):  # type: ignore[misc]
    """A row for each student: the marks of each assignment after late penalties, and the sum of those that count.

    Assignments that were not handed in have 0 marks.
    """

    drop_lowest = Integer(0, help="How many assignments do not count: those with the lowest percentages.").tag(
        config=True
    )
    bonus = List(Unicode(), help="Assignments whose marks add to the sum, but not to the maximum.").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        """Write the table."""
        assignments = list(dict.fromkeys(assignment.name for assignment, _ in _wanted(self, gradebook)))
        regular = [name for name in assignments if name not in self.bonus]
        if not 0 <= self.drop_lowest < max(len(regular), 1):
            raise UsageError(
                f"Totals.drop_lowest is {self.drop_lowest}. Set it below the number of assignments, {len(regular)}, in "
                "nbgrader_config.py."
            )
        head = ("student_id", "last_name", "first_name", *assignments, "dropped", "marks", "out_of", "percent")
        _write(self.to or "totals.csv", head, self._rows(gradebook))

    def _rows(self, gradebook: Gradebook) -> Iterator[Row]:
        by_student: dict[str, dict[str, tuple[float, float]]] = {}
        students = {}
        for assignment, student in _wanted(self, gradebook):
            students[student.id] = student
            submission = _submission(gradebook, assignment.name, student.id)
            marks = max(submission.score - submission.late_submission_penalty, 0.0) if submission else 0.0
            out_of = 0.0 if assignment.name in self.bonus else assignment.max_score
            by_student.setdefault(student.id, {})[assignment.name] = marks, out_of
        for name, reached in by_student.items():
            regular = [assignment for assignment in reached if assignment not in self.bonus]
            dropped = heapq.nsmallest(self.drop_lowest, regular, key=lambda assignment: _part(*reached[assignment]))
            counted = [pair for assignment, pair in reached.items() if assignment not in dropped]
            marks, out_of = (sum(numbers) for numbers in zip(*counted, strict=True))
            student = students[name]
            names = [cell(text or "") for text in (name, student.last_name, student.first_name)]
            each = [marks for marks, _ in reached.values()]
            yield [*names, *each, " ".join(dropped), marks, out_of, round(100 * _part(marks, out_of), 2)]


def _part(marks: float, out_of: float) -> float:
    return marks / out_of if out_of else 1.0


def _wanted(plugin: ExportPlugin, gradebook: Gradebook) -> Iterator[tuple[Any, Any]]:
    """Each assignment with each student, limited to those that the command names, if any."""
    students, assignments = (set(map(str, names)) for names in (plugin.student, plugin.assignment))
    for assignment in sorted(gradebook.assignments, key=lambda item: str(item.name)):
        for student in sorted(gradebook.students, key=lambda person: str(person.id)):
            if (not assignments or assignment.name in assignments) and (not students or student.id in students):
                yield assignment, student


def _submission(gradebook: Gradebook, assignment: str, student: str) -> Any:
    try:
        return gradebook.find_submission(assignment, student)
    except MissingEntry:
        return None


def _write(place: str, head: Sequence[str], rows: Iterator[Row]) -> None:
    with Path(place).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
