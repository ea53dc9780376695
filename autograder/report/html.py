"""Reports as pages: one for each submission, and one for the class; each a file of its own that asks for no other."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence
from itertools import groupby

import jinja2
from markupsafe import Markup

from autograder.drawing.svg import clean
from autograder.model import ExerciseReport, Report, Summary
from autograder.report import fragment
from autograder.report.sentences import predictions


def as_page(report: Report) -> str:
    """One submission: marks, what is wrong with pictures, and what it takes to reach the same marks again."""
    return _template("report.html").render(
        report=report,
        remarks=[*report.remarks, *predictions(report)],
        told={one.function: _told(one) for one in report.exercises if not one.right and one.state == "marked"},
    )


def class_page(summaries: Sequence[tuple[Summary, str]]) -> Iterator[str]:
    """A class: a table for each assignment, with a link to each report and a sentence for what went wrong.

    Args:
        summaries: each with the address of its page, relative to this one; sorted by assignment.

    Yields:
        The parts of the page.
    """
    assignments = groupby(summaries, key=lambda one: one[0].assignment)
    grouped = ((assignment, list(group)) for assignment, group in assignments)
    template = _template("class.html")
    stream = template.stream(assignments=grouped)
    stream.enable_buffering(1000)
    return iter(stream)


def _told(exercise: ExerciseReport) -> Markup:
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
