"""Reports in a browser: nothing runs, nothing is asked for, and everybody can read them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe

from autograder.course.folder import load_course
from autograder.marking.mark import mark
from autograder.model import ExerciseReport, Provenance, Raised, Report
from autograder.release import build
from course.sample_class import build as sample_class
from tests.attacks.conftest import build_folder, mark_folder
from tests.browser.conftest import Opened, show
from tests.browser.seen import faults
from tests.schemes import EXERCISES, mistaken, outcome, scheme
from tests.whole import write

pytestmark = pytest.mark.thorough

MARKUP = (
    "<script>window.ran = 1; alert(1)</script>",
    "<img src=http://127.0.0.1:9/x.png onerror='window.ran = 1'>",
    "</style></svg></dd><iframe src='javascript:parent.ran = 1'></iframe>",
    "\" onmouseover='window.ran = 1' autofocus onfocus='window.ran = 1' x=\"",
    "<svg onload='window.ran = 1'><a href='javascript:window.ran = 1'>x</a></svg>",
    "<form action=http://127.0.0.1:9/><button autofocus>x</button></form><base href=http://127.0.0.1:9/>",
    "<meta http-equiv=refresh content='0; url=http://127.0.0.1:9/'><link rel=stylesheet href=http://127.0.0.1:9/>",
    "{{ 7 * 7 }} {% raw %} ${7 * 7} <!-- --> ]]> &lt;b&gt; \x1b[31m\x00",
)

both_schemes = pytest.mark.parametrize("opened", ["light", "dark"], indirect=True)


def report(student: str, exercises: list[ExerciseReport], remarks: tuple[str, ...] = ()) -> Report:
    """A submission to notebook 05."""
    provenance = Provenance("file.ipynb", "digest", "release", "0.1", np.__version__, 7, {"call_seconds": 2.0}, "none")
    return Report(student, "05_channels_and_filters", exercises, {}, remarks, provenance)


def marked(function: str, wrong: Any) -> ExerciseReport:
    """What is said of a function, by visible cases."""
    known = scheme(function)
    return mark(known, [outcome(wrong, trial) for trial in known.trials])


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A class of three: one with mistakes, one all right, and one whose every text is markup."""
    folder = tmp_path_factory.mktemp("results")
    trials = scheme("conv2d").trials
    raised = [mark(scheme("conv2d"), [Raised(text, text, kinds=[text])] * len(trials)) for text in MARKUP]
    hostile = [replace(one, function=text) for one, text in zip(raised, MARKUP, strict=True)]
    wrong = [marked(name, mistaken(name, id_)) for name, id_ in (("conv2d_one_filter", "M28"), ("conv2d", "M17"))]
    right = [marked(name, EXERCISES[name].answer) for name in ("conv2d_one_filter", "conv2d")]
    reports = [report("ada", wrong), report("bao", right), report(MARKUP[0], hostile, MARKUP)]
    found = write(reports, folder)
    names = {"ada": "wrong", "bao": "right", MARKUP[0]: "hostile"}
    return {names.get(student, student): page for student, page in found.items()}


@pytest.mark.parametrize("name", ["wrong", "right", "hostile", "class"])
def test_a_page_runs_nothing_and_asks_for_nothing(opened: Opened, pages: dict[str, Path], name: str) -> None:
    """No script of a student runs, no dialog opens, no request leaves, not even when everything is pointed at."""
    show(opened, pages[name])
    for summary in opened.page.locator("summary").all():
        summary.click()
    for element in opened.page.locator("h1, h2, dd, li, svg").all()[:40]:
        element.hover(force=True)

    assert opened.page.evaluate("window.ran") is None
    assert opened.requests == []
    assert opened.said == []


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of a class whose students attack whoever reads what they print and are called, marked for real."""
    folder, out = tmp_path_factory.mktemp("class"), tmp_path_factory.mktemp("results")
    build.write(sample_class.submissions(load_course(sample_class.COURSE), build_folder("11_output")), folder)
    return write(mark_folder(folder).reports, out)


def test_pages_of_attacks_run_nothing(opened: Opened, attacked: dict[str, Path]) -> None:
    """What students print, raise and call themselves is read as text, on their pages and on that of the class."""
    assert len(attacked) > 5
    for path in attacked.values():
        show(opened, path)
        for summary in opened.page.locator("summary").all():
            summary.click()

        assert (path.stem, opened.requests, opened.said) == (path.stem, [], [])


def test_markup_is_read_as_text(opened: Opened, pages: dict[str, Path]) -> None:
    """A student's name is shown as it is."""
    show(opened, pages["hostile"])

    assert MARKUP[0] in opened.page.locator("h1").inner_text()
    assert opened.page.locator("iframe, form, script, base, link, main img:not([src^='data:'])").count() == 0


@both_schemes
@pytest.mark.parametrize("name", ["wrong", "right", "class"])
def test_everybody_can_read_a_page(opened: Opened, pages: dict[str, Path], name: str) -> None:
    """Contrast, names, order of headings and tables are as axe wants them, in light and in dark."""
    show(opened, pages[name])
    found = Axe().run(opened.page)

    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found.response["violations"]] == []


@both_schemes
def test_a_picture_stands_on_the_ground_of_its_page(opened: Opened, pages: dict[str, Path]) -> None:
    """Numbers on tiles stand out from the page in both schemes."""
    show(opened, pages["wrong"])
    ground = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
    ink = opened.page.evaluate("getComputedStyle(document.querySelector('svg.cbh-drawing text')).fill")

    assert opened.page.locator("svg.cbh-drawing").first.is_visible()
    assert faults(opened.page, ".cbh-story") == []
    assert _lightness(ground) - _lightness(ink) > 0.6 or _lightness(ink) - _lightness(ground) > 0.6


def _lightness(colour: str) -> float:
    numbers = [float(number) for number in colour.removeprefix("rgb(").rstrip(")").split(",")]
    return sum(numbers) / 3 / 255


def test_a_narrow_screen_shows_all(opened: Opened, pages: dict[str, Path]) -> None:
    """On a telephone the page does not scroll sideways; what is wider scrolls by itself."""
    opened.page.set_viewport_size({"width": 390, "height": 800})
    show(opened, pages["wrong"])

    assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
