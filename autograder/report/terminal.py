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


def show_class(summaries: Sequence[Summary], console: Console) -> None:
    """Print a table for each assignment, and below it a sentence for everything that went wrong.

    Of a class of over 100 it shows what is right and what goes wrong most often, instead of every student.
    """
    for assignment, group in groupby(summaries, key=lambda one: one.assignment):
        part = list(group)
        if len(part) > LARGE_CLASS:
            console.print(_overview(assignment, part))
            console.print()
            continue
        console.print(_table(assignment, part))
        console.print()
        wrong = [(one.student, where, words) for one in part for where, words in one.troubles]
        noted = [(one.student, "", remark) for one in part if one.is_full for remark in one.remarks]
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
            console.print(_safe(f"  {exercise.state}"))
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


def show_unearned(rows: Sequence[Unearned], console: Console) -> None:
    """Print the marks that answers without work earn: what such an answer does with a call that is not shown."""
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


def _table(assignment: str, summaries: Sequence[Summary]) -> Table:
    table = Table(title=assignment, title_justify="left", title_style="bold", header_style="bold")
    table.add_column("student", overflow="fold")
    for function, out_of in zip(summaries[0].functions, summaries[0].out_of, strict=True):
        table.add_column(f"{function}\nof {out_of}", justify="right", overflow="fold")
    table.add_column(f"marks\nof {sum(summaries[0].out_of)}", justify="right", style="bold")
    for one in summaries:
        marks = [_mark(*pair) for pair in zip(one.marks, one.out_of, strict=True)]
        table.add_row(_safe(one.student), *marks, str(sum(one.marks)))
    return table


def _mark(marks: int, out_of: int) -> Text:
    return Text(str(marks), style="" if marks == out_of else "yellow" if marks else "red")


def _overview(assignment: str, summaries: Sequence[Summary]) -> Table:
    """For each function: how many have all marks, the mean, and what goes wrong most often."""
    number, mean = len(summaries), sum(sum(one.marks) for one in summaries) / len(summaries)
    title = f"{assignment}: {number:,} students, {mean:.1f} of {sum(summaries[0].out_of)} marks in the mean"
    table = Table(title=title, title_justify="left", title_style="bold", header_style="bold")
    table.add_column("function", overflow="fold")
    for heading in ("all marks", "mean"):
        table.add_column(heading, justify="right")
    table.add_column("goes wrong most often", overflow="fold")
    for column, (function, out_of) in enumerate(zip(summaries[0].functions, summaries[0].out_of, strict=True)):
        marks = [one.marks[column] for one in summaries]
        share, own = sum(one == out_of for one in marks) / number, sum(marks) / number
        table.add_row(function, f"{share:.0%}", f"{own:.1f} of {out_of}", _safe(_most_often(function, summaries)))
    return table


def _most_often(function: str, summaries: Sequence[Summary]) -> str:
    first = (
        words.partition(". ")[0].rstrip(".") for one in summaries for where, words in one.troubles if where == function
    )
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
