"""Reports as pages: one for each submission, and one for the class; each a file of its own that asks for no other."""

from __future__ import annotations

import functools
from collections.abc import Sequence

import jinja2
from markupsafe import Markup

from autograder.model import ExerciseReport, Report
from autograder.report import fragment
from autograder.report.sentences import predictions, troubles


def as_page(report: Report) -> str:
    """One submission: marks, what is wrong with pictures, and what it takes to reach the same marks again."""
    return _template("report.html").render(
        report=report,
        remarks=[*report.remarks, *predictions(report)],
        told={one.function: _told(one) for one in report.exercises if not one.right and one.state == "marked"},
    )


def as_class_page(reports: Sequence[tuple[Report, str]]) -> str:
    """A class: a table for each assignment, with a link to each report and a sentence for what went wrong.

    Args:
        reports: each with the address of its page, relative to this one.
    """
    assignments: dict[str, list[tuple[Report, str]]] = {}
    for report, link in sorted(reports, key=lambda one: (one[0].assignment, one[0].student)):
        assignments.setdefault(report.assignment, []).append((report, link))
    return _template("class.html").render(assignments=assignments, troubles=troubles)


def _told(exercise: ExerciseReport) -> Markup:
    return Markup(fragment.exercise(exercise))  # noqa: S704  made of escaped text


@functools.cache
def _template(name: str) -> jinja2.Template:
    loader = jinja2.PackageLoader("autograder.report")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["with_code"] = lambda text: Markup(fragment.with_code(text))  # noqa: S704  escaped there
    return environment.get_template(name)
