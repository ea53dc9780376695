"""Reports in a terminal: a table for a class, every behaviour for a single notebook."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.model import BehaviourReport, ExerciseReport, Mutations, Report
from autograder.report.sentences import predictions, troubles
from autograder.report.stories import stories


def show_class(reports: Sequence[Report], console: Console) -> None:
    """Print a table for each assignment, and below it a sentence for everything that went wrong."""
    for assignment in sorted({report.assignment for report in reports}):
        part = sorted((one for one in reports if one.assignment == assignment), key=lambda one: one.student)
        console.print(_table(assignment, part))
        console.print()
        wrong = [(one.student, where, words) for one in part for where, words in troubles(one)]
        noted = [(one.student, "", remark) for one in part if one.marks == one.out_of for remark in one.remarks]
        _show_list("What went wrong", wrong, console)
        _show_list("Right, with a remark", noted, console)


def show_report(report: Report, console: Console) -> None:
    """Print all that one student may read."""
    heading = f"{report.student}, {report.assignment}: {report.marks} of {report.out_of}"
    console.print(_safe(heading), style="bold")
    for remark in [*report.remarks, *predictions(report)]:
        console.print(_safe(f"  {remark}"), soft_wrap=True)
    for exercise in report.exercises:
        console.print()
        console.print(_safe(f"{exercise.function}  {exercise.marks} of {exercise.out_of}"), style="bold")
        if exercise.state != "marked":
            console.print(f"  {exercise.state}")
            continue
        for behaviour in exercise.behaviours:
            _show_behaviour(behaviour, console)
        for story in stories(exercise):
            console.print()
            console.print(_safe(textwrap.indent(str(story), "  ")), soft_wrap=True)


def show_mutations(rows: Sequence[Mutations], console: Console) -> None:
    """Print how many known mistakes the cases of each exercise catch, and name those that get through."""
    table = Table(title="known mistakes", title_justify="left", title_style="bold", header_style="bold")
    table.add_column("exercise")
    for heading in ("known", "caught by visible", "caught by hidden"):
        table.add_column(heading, justify="right")
    for row in rows:
        caught = [str(row.mistakes - len(survivors)) for survivors in (row.visible, row.hidden)]
        table.add_row(row.function, str(row.mistakes), *caught, style="" if row.agrees else "bold red")
    console.print(table)
    for row in rows:
        for kind, survivors in (("visible", row.visible), ("hidden", row.hidden)):
            if survivors:
                console.print(f"{row.function}: the {kind} cases let through {', '.join(survivors)}", style="bold red")


def printable(text: str) -> str:
    """Untrusted text without control codes; line ends stay."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _show_behaviour(behaviour: BehaviourReport, console: Console) -> None:
    right = behaviour.message is None
    line = f"  {'right' if right else 'wrong'}  {behaviour.name} ({behaviour.marks} of {behaviour.out_of})"
    console.print(_safe(line), style="green" if right else "red")


def _table(assignment: str, reports: Sequence[Report]) -> Table:
    table = Table(title=assignment, title_justify="left", title_style="bold", header_style="bold")
    table.add_column("student", overflow="fold")
    for exercise in reports[0].exercises:
        table.add_column(f"{exercise.function}\nof {exercise.out_of}", justify="right", overflow="fold")
    table.add_column(f"marks\nof {reports[0].out_of}", justify="right", style="bold")
    for report in reports:
        marks = [_mark(exercise) for exercise in report.exercises]
        table.add_row(_safe(report.student), *marks, str(report.marks))
    return table


def _mark(exercise: ExerciseReport) -> Text:
    full = exercise.marks == exercise.out_of
    return Text(str(exercise.marks), style="" if full else "yellow" if exercise.marks else "red")


def _show_list(title: str, rows: Sequence[tuple[str, str, str]], console: Console) -> None:
    if not rows:
        return
    table = Table(
        box=None, show_header=False, padding=(0, 2, 0, 0), title=title, title_justify="left", title_style="bold"
    )
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    last = None
    for student, where, words in rows:
        table.add_row(_safe(student if student != last else ""), _safe(where), _safe(words))
        last = student
    console.print(table)
    console.print()


def _safe(text: str) -> Text:
    return Text(printable(text))
