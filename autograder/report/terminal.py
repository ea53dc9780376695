"""Reports in a terminal: a table for a class, every behaviour for a single notebook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.model import BehaviourReport, ExerciseReport, Report


def show_class(reports: Sequence[Report], console: Console) -> None:
    """Print a table for each assignment, and below it a sentence for everything that went wrong."""
    for assignment in sorted({report.assignment for report in reports}):
        part = [report for report in reports if report.assignment == assignment]
        console.print(_table(assignment, part))
        console.print()
        _show_troubles(part, console)


def show_report(report: Report, console: Console) -> None:
    """Print all that one student may read."""
    console.print(_heading(report), style="bold")
    for remark in report.remarks:
        console.print(_safe(f"  {remark}"))
    if report.predictions:
        right = sum(value is True for value in report.predictions.values())
        console.print(f"  predictions: {right} of {len(report.predictions)} right (not marked)")
    for exercise in report.exercises:
        console.print()
        console.print(_safe(f"{exercise.function}  {exercise.marks} of {exercise.out_of}"), style="bold")
        if not exercise.solved:
            console.print("  not solved yet")
            continue
        for behaviour in exercise.behaviours:
            _show_behaviour(behaviour, console)


def _heading(report: Report) -> Text:
    return _safe(f"{report.student}, {report.assignment}: {report.marks} of {report.out_of}")


def _show_behaviour(behaviour: BehaviourReport, console: Console) -> None:
    if behaviour.message is None:
        console.print(_safe(f"  right   {behaviour.name} ({behaviour.marks} of {behaviour.out_of})"), style="green")
        return
    console.print(_safe(f"  wrong   {behaviour.name} (0 of {behaviour.out_of})"), style="red")
    for line in str(behaviour.message).split("\n"):
        console.print(_safe(f"    {line}"), soft_wrap=True)


def _table(assignment: str, reports: Sequence[Report]) -> Table:
    table = Table(title=assignment, title_justify="left", title_style="bold", header_style="bold")
    table.add_column("student")
    functions = reports[0].exercises
    for exercise in functions:
        table.add_column(Text(f"{exercise.function}\nof {exercise.out_of}"), justify="right")
    table.add_column(f"marks\nof {reports[0].out_of}", justify="right", style="bold")
    for report in sorted(reports, key=lambda one: one.student):
        marks = [_mark(exercise) for exercise in report.exercises]
        table.add_row(_safe(report.student), *marks, str(report.marks))
    return table


def _mark(exercise: ExerciseReport) -> Text:
    full = exercise.marks == exercise.out_of
    return Text(str(exercise.marks), style="" if full else "yellow" if exercise.marks else "red")


def _show_troubles(reports: Sequence[Report], console: Console) -> None:
    rows = [
        (report.student, *trouble)
        for report in sorted(reports, key=lambda one: one.student)
        for trouble in troubles(report)
    ]
    if not rows:
        console.print("Everything is right.\n")
        return
    table = Table(box=None, show_header=False, padding=(0, 2, 0, 0), title="What went wrong", title_justify="left")
    last = None
    for student, where, words in rows:
        table.add_row(_safe(student if student != last else ""), _safe(where), _safe(words))
        last = student
    console.print(table)
    console.print()


def troubles(report: Report) -> Iterator[tuple[str, str]]:
    """Where something went wrong in a submission, and a sentence on what: remarks first, then each exercise."""
    for remark in report.remarks:
        yield "notebook", remark
    for exercise in report.exercises:
        wrong = [behaviour for behaviour in exercise.behaviours if behaviour.message is not None]
        if wrong and not _said_already(report, exercise):
            yield exercise.function, _sentence(exercise, wrong)


def _said_already(report: Report, exercise: ExerciseReport) -> bool:
    """Whether a remark on the whole notebook says it: nothing of it was run."""
    return bool(report.remarks) and not report.predictions and exercise.marks == 0


def _sentence(exercise: ExerciseReport, wrong: Sequence[BehaviourReport]) -> str:
    if not exercise.solved:
        return "not solved yet"
    named = next((one for one in wrong if one.diagnosis is not None), None)
    where = ", ".join(one.name for one in wrong)
    if named is not None and named.diagnosis is not None:
        return f"{' or '.join(named.diagnosis.names)} (in {where}). {named.diagnosis.says}"
    headline = wrong[0].message.headline if wrong[0].message is not None else ""
    what = headline.partition(": ")[2].partition(" (0 of ")[0]
    return f"{what} (in {where})"


def _safe(text: str) -> Text:
    return Text(printable(text))


def printable(text: str) -> str:
    """Untrusted text without control codes; line ends stay."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text)
