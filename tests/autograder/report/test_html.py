"""Reports as pages: the same words as everywhere, pictures, and nothing that runs or asks for anything."""

from __future__ import annotations

import datetime
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.folder import Course
from autograder.marking.mark import mark
from autograder.marking.scheme import MarkScheme, draw
from autograder.model import ExerciseReport, Provenance, Raised, Report, Returned
from autograder.report import files, fragment, html
from autograder.report.stories import stories
from tests.whole import write

HOSTILE = "<script>alert(1)</script>\" onload='alert(2)' <img src=http://example.org/x.png>"


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        """Read it all."""
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        """Keep text."""
        self.text += f"{data} "


def words(text: str) -> str:
    """Text on one line, as a page may break it anywhere."""
    return " ".join(text.replace("`", "").split())


@pytest.fixture(scope="module")
def scheme(course: Course) -> MarkScheme:
    """The visible cases of `scale`."""
    return draw(course.assignments[0].exercises[0])


def marked(scheme: MarkScheme, function: Any) -> ExerciseReport:
    """What is said of a function."""
    return mark(scheme, [Returned(*trial.call(function)) for trial in scheme.trials])


def report(exercise: ExerciseReport, student: str = "ada", jail: str = "bubblewrap", remark: str = "") -> Report:
    """A submission with one function."""
    provenance = Provenance("file.ipynb", "digest", "release", "0.1", np.__version__, 7, {"call_seconds": 2.0}, jail)
    return Report(student, "scaling", [exercise], {"doubled": True}, [remark] if remark else [], provenance)


@pytest.fixture(scope="module")
def wrong(scheme: MarkScheme) -> Report:
    """One that ignores the factor."""
    return report(marked(scheme, lambda x, factor=2: x * 2))


def hostile(scheme: MarkScheme) -> Report:
    """One whose every text is markup."""
    exercise = mark(scheme, [Raised(HOSTILE, HOSTILE, kinds=[HOSTILE])] * len(scheme.trials))
    return report(exercise, student=HOSTILE, remark=HOSTILE)


# --- what it says -------------------------------------------------------------------------------------------------


def test_a_page_has_the_words_that_a_student_reads_elsewhere(wrong: Report) -> None:
    """Marks, every behaviour, the message and its picture in words, and where it comes from, but for the seed."""
    text = words(Page(html.as_page(wrong)).text)
    message = stories(wrong.exercises[0])[0].message

    assert "ada, scaling: 3 of 6" in text
    assert "factor The factor is used. wrong 0 of 3" in text
    for label, line in message.lines:
        assert label in fragment.IN_PICTURE or f"{label} {words(line)}" in text
    assert "predictions: 1 of 1 right" in text
    assert "seed" not in text  # by which hidden cases could be drawn


def test_what_is_wrong_second_is_folded(scheme: MarkScheme) -> None:
    """One message is open; the other one waits behind a line that says what it is."""
    exercise = marked(scheme, lambda x, factor=2: x + 0.25 if x.ndim == 2 else x * 2)

    page = fragment.exercise(exercise)

    first, second = stories(exercise)
    folded = f"<details><summary>{second.behaviours[0].name}: {second.in_short}</summary>"
    assert page.index(first.message.where) < page.index(folded) < page.index(second.message.where)


def test_a_picture_comes_with_its_words(wrong: Report) -> None:
    """Whoever cannot see it reads the same numbers."""
    page = html.as_page(wrong)
    drawings = [attributes for tag, attributes in Page(page).elements if tag == "svg"]

    assert drawings
    assert all(attributes["role"] == "img" and "expected" in attributes["aria-label"] for attributes in drawings)
    assert "In words" in page


def test_a_right_function_has_its_marks_and_no_message(scheme: MarkScheme) -> None:
    """There is nothing to show."""
    page = html.as_page(report(marked(scheme, lambda x, factor=2: x * factor)))

    assert "ada, scaling: 6 of 6" in page
    assert "cbh-story" not in page


def class_page(report: Report) -> str:
    """The page of a class of one."""
    return "".join(html.class_page([(files.summary(report), "reports/x.html")]))


def test_a_class_page_says_what_it_is(wrong: Report) -> None:
    """The title has the course or its assignments, how many students there are, and the day."""
    rows = [(files.summary(report(wrong.exercises[0], student=name)), "x.html") for name in ("ada", "bao")]

    named = "".join(html.class_page(rows, course="Convolution", day=datetime.date(2026, 5, 3)))

    assert "<title>Convolution, 2 students, 3 May 2026</title>" in named
    assert "<h1>scaling, 1 student</h1>" in class_page(wrong)


def test_a_run_without_a_jail_is_told(wrong: Report) -> None:
    """Nobody takes such a report for a safe one."""
    assert "ran without a sandbox (--unsafe)" in html.as_page(report(wrong.exercises[0], jail="none"))
    assert "--unsafe" not in html.as_page(wrong)


def test_a_class_has_a_link_to_each_report(wrong: Report, tmp_path: Path) -> None:
    """The table leads to the pages, whatever students are called."""
    reports = [report(wrong.exercises[0], student=name) for name in ("ada", "b#c d?")]
    pages = write(reports, tmp_path)
    index = pages.pop("class")

    links = {attributes["href"] for tag, attributes in Page(index.read_text()).elements if tag == "a"}
    assert len(links) == 2
    assert {(tmp_path / link).resolve() for link in links} == {page.resolve() for page in pages.values()}
    assert "The ignored factor. This is the ignored factor." in words(Page(index.read_text()).text)


# --- what it does not do ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["report", "class"])
def test_markup_of_a_student_is_text(scheme: MarkScheme, page: str) -> None:
    """Names, remarks and errors are shown as they are, and none of them becomes an element or an attribute."""
    one = hostile(scheme)
    shown = html.as_page(one) if page == "report" else class_page(one)
    found = Page(shown)

    assert "<script>alert(1)</script>" in found.text
    assert not {"script", "img", "iframe", "object", "embed", "link", "form"} & {tag for tag, _ in found.elements}
    assert not [name for _, attributes in found.elements for name in attributes if name.startswith("on")]


@pytest.mark.parametrize("page", ["report", "class"])
@pytest.mark.parametrize("code", ["\0", "\x1b", "\x85", "\N{RIGHT-TO-LEFT OVERRIDE}", "\N{LEFT-TO-RIGHT ISOLATE}"])
def test_no_letter_of_a_student_steers_a_page(scheme: MarkScheme, page: str, code: str) -> None:
    """Control codes, and those that turn round all that is behind them, are shown as signs."""
    exercise = mark(scheme, [Raised("ValueError", f"a{code}b", kinds=[])] * len(scheme.trials))
    one = report(exercise, student=f"a{code}b", remark=f"a{code}b")
    shown = html.as_page(one) if page == "report" else class_page(one)

    assert code not in shown
    assert "a\N{REPLACEMENT CHARACTER}b" in shown


@pytest.mark.parametrize("page", ["report", "class"])
def test_a_page_asks_for_nothing(wrong: Report, page: str) -> None:
    """A strict policy, no script, and no address but pictures inside and other reports."""
    shown = html.as_page(wrong) if page == "report" else class_page(wrong)
    elements = Page(shown).elements

    policy = next(a["content"] for tag, a in elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "script" not in {tag for tag, _ in elements}
    addresses = [a[name] for _, a in elements for name in ("src", "href", "action", "data") if name in a]
    assert all(address.startswith(("data:image/", "reports/")) for address in addresses)
    assert not re.search(r"url\(|@import", shown)
