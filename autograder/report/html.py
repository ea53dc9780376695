"""Reports as pages: one for each submission and one for the class, each in a single file."""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator, Sequence
from itertools import groupby

import jinja2
from markupsafe import Markup

from autograder.drawing.svg import clean
from autograder.model import ExerciseReport, Report, Summary
from autograder.numbers import counted
from autograder.report import fragment
from autograder.report.sentences import predictions

MOST_NAMES = 3  # of assignments, in the title of a page


def as_page(report: Report) -> str:
    """One submission: its marks, what is wrong, with pictures, and what it takes to reproduce the marks."""
    return _template("report.html").render(
        report=report,
        remarks=[*report.remarks, *predictions(report)],
        stories={
            exercise.function: _stories(exercise)
            for exercise in report.exercises
            if not exercise.right and exercise.state == "marked"
        },
    )


def class_page(
    summaries: Sequence[tuple[Summary, str]], *, course: str = "", day: datetime.date | None = None
) -> Iterator[str]:
    """A class: a table for each assignment, with a link to each report and a sentence for what went wrong.

    Args:
        summaries: each with the address of its page, relative to this one; sorted by assignment.
        course: its name, for the title; by default the assignments' names.
        day: when the class was graded, for the title.

    Yields:
        The parts of the page.
    """
    assignments = groupby(summaries, key=lambda row: row[0].assignment)
    grouped = ((assignment, list(group)) for assignment, group in assignments)
    template = _template("class.html")
    stream = template.stream(title=_title(summaries, course, day), assignments=grouped)
    stream.enable_buffering(1000)
    return iter(stream)


def _title(summaries: Sequence[tuple[Summary, str]], course: str, day: datetime.date | None) -> str:
    """What this is, how many students it is about, and when it was made: "06_pooling, 26 students, 3 May 2026"."""
    names = list(dict.fromkeys(summary.assignment for summary, _ in summaries))
    number = len({summary.student for summary, _ in summaries})
    name = course or (", ".join(names) if len(names) <= MOST_NAMES else f"{len(names)} assignments")
    return ", ".join(filter(None, [name, counted(number, "student"), f"{day.day} {day:%B %Y}" if day else ""]))


def _stories(exercise: ExerciseReport) -> Markup:
    return Markup(fragment.exercise(exercise))  # noqa: S704  made of escaped text


def _finalize(value: object) -> object:
    """What a template shows: text without the letters that no page may hold; markup is made without them."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@functools.cache
def _template(name: str) -> jinja2.Template:
    loader = jinja2.PackageLoader("autograder.report")
    environment = jinja2.Environment(
        loader=loader,
        autoescape=True,
        finalize=_finalize,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["with_code"] = lambda text: Markup(fragment.with_code(text))  # noqa: S704  escaped there
    return environment.get_template(name)
