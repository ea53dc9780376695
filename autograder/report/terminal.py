"""Reports in a terminal: a table for a class, every behaviour for a single notebook."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.model import BehaviourReport, Mutations, Report, Summary, Unearned
from autograder.report.sentences import predictions
from autograder.report.stories import stories

LARGE_CLASS = 100
MOST_COLUMNS = 10_000  # letters, to see how wide a table would like to be


def show_class(summaries: Sequence[Summary], console: Console) -> None:
    """Print a table for each assignment, and below it a sentence for each thing that went wrong.

    For a class of over 100, print the mean and the most common mistakes of each function instead of every student.
    """
    for assignment, group in groupby(summaries, key=lambda summary: summary.assignment):
        part = list(group)
        if len(part) > LARGE_CLASS:
            console.print(_overview(assignment, part))
            console.print()
            continue
        console.print(_table(assignment, part, console))
        console.print()
        wrong = [(summary.student, where, words) for summary in part for where, words in summary.troubles]
        noted = [(summary.student, "", remark) for summary in part if summary.is_full for remark in summary.remarks]
        _show_list("What went wrong", wrong, console)
        _show_list("Right, with a remark", noted, console)


def show_report(report: Report, console: Console) -> None:
    """Print everything that one student may read."""
    heading = f"{report.student}, {report.assignment}: {report.marks} of {report.out_of}"
    console.print(_safe(heading), style="bold")
    for remark in [*report.remarks, *predictions(report)]:
        console.print(_safe(f"  {remark}"), soft_wrap=True)
    for exercise in report.exercises:
        console.print()
        console.print(_safe(f"{exercise.function}  {exercise.marks} of {exercise.out_of}"), style="bold")
        if exercise.state != "marked":
            console.print(_safe(f"  {exercise.state}"))
            continue
        for behaviour in exercise.behaviours:
            _show_behaviour(behaviour, console)
        for story in stories(exercise):
            console.print()
            console.print(_safe(textwrap.indent(str(story), "  ")), soft_wrap=True)


def show_mutations(rows: Sequence[Mutations], console: Console) -> None:
    """Print how many known mistakes the cases of each exercise catch, and name the ones they miss."""
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
                console.print(f"{row.function}: the {kind} cases miss {', '.join(survivors)}", style="bold red")


def show_unearned(rows: Sequence[Unearned], console: Console) -> None:
    """Print the marks that answers without work earn, with what such an answer does on a hidden call."""
    if not rows:
        console.print("Answers without work earn nothing.")
        return
    table = Table(title="marks without work", title_justify="left", title_style="bold", header_style="bold")
    for heading in ("exercise", "looks up visible cases, else", "behaviour"):
        table.add_column(heading)
    table.add_column("marks", justify="right")
    for row in rows:
        table.add_row(row.function, Text(row.answer), row.behaviour, str(row.marks), style="bold red")
    console.print(table)


def printable(text: str) -> str:
    """Untrusted text without control codes; line ends stay."""
    return "".join(letter if letter.isprintable() or letter == "\n" else "\N{REPLACEMENT CHARACTER}" for letter in text)


def _show_behaviour(behaviour: BehaviourReport, console: Console) -> None:
    right = behaviour.message is None
    line = f"  {'right' if right else 'wrong'}  {behaviour.name} ({behaviour.marks} of {behaviour.out_of})"
    console.print(_safe(line), style="green" if right else "red")


def _table(assignment: str, summaries: Sequence[Summary], console: Console) -> Table:
    """A row for each student; long names of functions are broken at `_` where the console is too narrow for them."""
    functions = summaries[0].functions
    table = _marks(assignment, summaries, functions)
    if console.measure(table, options=console.options.update(width=MOST_COLUMNS)).maximum <= console.width:
        return table
    return _marks(assignment, summaries, [function.replace("_", "_\n") for function in functions])


def _marks(assignment: str, summaries: Sequence[Summary], headings: Sequence[str]) -> Table:
    table = Table(title=assignment, title_justify="left", title_style="bold", header_style="bold")
    table.add_column("student", overflow="fold")
    for heading, out_of in zip(headings, summaries[0].out_of, strict=True):
        table.add_column(f"{heading}\nof {out_of}", justify="right", overflow="fold")
    table.add_column(f"marks\nof {sum(summaries[0].out_of)}", justify="right", style="bold")
    for summary in summaries:
        marks = [_mark(*pair) for pair in zip(summary.marks, summary.out_of, strict=True)]
        table.add_row(_safe(summary.student), *marks, str(sum(summary.marks)))
    return table


def _mark(marks: int, out_of: int) -> Text:
    return Text(str(marks), style="" if marks == out_of else "yellow" if marks else "red")


def _overview(assignment: str, summaries: Sequence[Summary]) -> Table:
    """For each function: how many have full marks, the mean, and the most common mistakes."""
    number, mean = len(summaries), sum(sum(summary.marks) for summary in summaries) / len(summaries)
    title = f"{assignment}: {number:,} students, on average {mean:.1f} of {sum(summaries[0].out_of)} marks"
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    table.add_column("function", overflow="fold")
    for heading in ("full marks", "mean"):
        table.add_column(heading, justify="right")
    table.add_column("most common mistakes", overflow="fold")
    for column, (function, out_of) in enumerate(zip(summaries[0].functions, summaries[0].out_of, strict=True)):
        marks = [summary.marks[column] for summary in summaries]
        share, own = sum(reached == out_of for reached in marks) / number, sum(marks) / number
        table.add_row(function, f"{share:.0%}", f"{own:.1f} of {out_of}", _safe(_most_common(function, summaries)))
    return table


def _most_common(function: str, summaries: Sequence[Summary]) -> str:
    troubles = (words for summary in summaries for where, words in summary.troubles if where == function)
    first = (words.partition(". ")[0].rstrip(".") for words in troubles)
    return "; ".join(f"{words} ({count:,})" for words, count in Counter(first).most_common(2))


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
