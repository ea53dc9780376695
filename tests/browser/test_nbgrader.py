"""nbgrader's own pages with this engine behind them, in Chromium; pictures of them are kept in build/pictures/."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import expect

from autograder.release.build import METADATA
from tests.autograder.nbgrader.conftest import course, folder, own  # noqa: F401  fixtures
from tests.autograder.nbgrader.cycle import NAME, OUT_OF, run, scores
from tests.autograder.nbgrader.test_reading import CHANGES
from tests.browser.conftest import Opened, jupyter, picture, show
from tests.browser.seen import faults

pytestmark = pytest.mark.thorough

WORDS = "A zero is larger than every negative number."


def submission_of(place: Path, student: str) -> str:
    """What the formgrader calls it."""
    with Gradebook(f"sqlite:///{place / 'gradebook.db'}") as gradebook:
        return str(gradebook.find_submission_notebook(NAME, NAME, student).id)


def test_an_instructor_reads_marks_and_feedback_and_grades_words(opened: Opened, own: Path) -> None:  # noqa: F811
    """In the formgrader: assignments, submissions, our feedback; a comment and a mark on words are kept."""
    path = own / "submitted" / "samir" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (cell,) = (one for one in notebook.cells if one.metadata.get(METADATA, {}).get("role") == "reflect")
    cell.source = cell.source.replace("*Your words here.*", WORDS)
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    run(own, "autograde", NAME, "--student=samir", "--force")
    marks = scores(own)["samir"]
    page = opened.page
    with jupyter(own) as address:
        page.goto(f"{address}/formgrader")
        row = page.locator("tr", has_text=NAME)
        expect(row).to_contain_text("released")
        picture(page, "formgrader_assignments")
        page.goto(f"{address}/formgrader/gradebook/{NAME}/{NAME}")
        expect(page.get_by_text(f"{marks:g} / {OUT_OF[NAME]}").first).to_be_visible()
        picture(page, "formgrader_submissions")
        page.goto(f"{address}/formgrader/submissions/{submission_of(own, 'samir')}/")
        comment = page.locator("#exercise-max_pool2d-comment")
        expect(comment).to_have_attribute("placeholder", re.compile("Padding must never win"))
        expect(page.locator("svg.cbh-drawing").first).to_be_visible()
        expect(page.locator("math").first).to_be_visible()
        page.locator("#check-max_pool2d").scroll_into_view_if_needed()
        picture(page, "formgrader_feedback")
        words = page.locator("#reflect-explain_border-comment")
        expect(page.get_by_text(WORDS)).to_be_visible()
        words.fill("Well said.")
        words.press("Tab")
        page.locator("#reflect-explain_border").fill("0")
        page.locator("#reflect-explain_border").press("Tab")
        page.wait_for_load_state("networkidle")
        picture(page, "formgrader_words")

    with Gradebook(f"sqlite:///{own / 'gradebook.db'}") as gradebook:
        assert gradebook.find_comment("reflect-explain_border", NAME, NAME, "samir").comment == "Well said."
        grade = gradebook.find_grade("reflect-explain_border", NAME, NAME, "samir")
        assert (grade.manual_score, grade.needs_manual_grade) == (0, False)
        assert gradebook.find_submission(NAME, "samir").score == marks


def test_feedback_is_read_offline(opened: Opened, folder: Path) -> None:  # noqa: F811
    """A page asks for nothing, and its formulas and pictures are there."""
    show(opened, folder / "feedback" / "samir" / NAME / f"{NAME}.html")

    expect(opened.page.locator("math[display=block]").first).to_be_visible()
    expect(opened.page.locator("svg.cbh-drawing").first).to_be_visible()
    assert faults(opened.page, ".jp-OutputArea-output") == []
    assert opened.requests == []
    picture(opened.page, "feedback")


def test_nothing_of_a_students_acts_in_the_formgrader(opened: Opened, own: Path) -> None:  # noqa: F811
    """It is read in an instructor's session, where a script could give marks."""
    path = own / "submitted" / "samir" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    CHANGES["hostile"](notebook)
    path.write_text(nbformat.writes(notebook), encoding="utf-8")
    run(own, "autograde", NAME, "--student=samir", "--force")
    page = opened.page
    with jupyter(own) as address:
        page.goto(f"{address}/formgrader/submissions/{submission_of(own, 'samir')}/")
        expect(page.get_by_text("A zero wins.")).to_be_visible()
        page.wait_for_load_state("networkidle")

        assert page.evaluate("window.ran") is None
        assert [words for words in opened.said if "ran" in words] == []
        assert [one for one in opened.requests if "127.0.0.1:9/" in one] == []


@pytest.mark.parametrize(
    ("student", "says", "says_not"),
    [
        ("full", "Success! Your notebook passes all the tests.", "failed"),
        ("samir", "Padding must never win", "global_max_pool"),
    ],
)
def test_validate_tells_a_student_the_truth(
    opened: Opened,
    folder: Path,  # noqa: F811
    tmp_path: Path,
    student: str,
    says: str,
    says_not: str,
) -> None:
    """In JupyterLab: what is right passes, and what is wrong fails with the mistake's name."""
    place = tmp_path / NAME
    place.mkdir()
    shutil.copytree(folder / "handed_out" / NAME, place, dirs_exist_ok=True)
    shutil.copy(folder / "submitted" / student / NAME / f"{NAME}.ipynb", place)
    page = opened.page
    with jupyter(tmp_path) as address:
        page.goto(f"{address}/lab/tree/{NAME}/{NAME}.ipynb?reset")
        page.get_by_text("Validate", exact=True).click()
        dialog = page.locator(".jp-Dialog")
        expect(dialog).to_contain_text("Validation Results")
        picture(page, f"validate_{student}")

        told = " ".join(dialog.inner_text().split())
        assert says in told
        assert says_not not in told


def test_a_student_fetches_from_the_assignment_list(
    opened: Opened,
    folder: Path,  # noqa: F811
    tmp_path: Path,
) -> None:
    """In JupyterLab: the notebook comes with its key and with the wheel of what it imports."""
    settings = f"c = get_config()\nc.Exchange.root = {str(folder / 'exchange')!r}\n"
    (tmp_path / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    page = opened.page
    with jupyter(tmp_path) as address:
        page.goto(f"{address}/lab?reset")
        page.get_by_text("Nbgrader", exact=True).click()
        page.get_by_text("Assignment List", exact=True).click()
        row = page.locator(".list_item", has_text=NAME).filter(has=page.get_by_text("Fetch"))
        row.get_by_text("Fetch").click()
        expect(page.locator("#fetched_assignments_list")).to_contain_text(NAME)
        picture(page, "assignment_list")

    assert {path.suffix for path in (tmp_path / NAME).iterdir()} >= {".ipynb", ".json", ".whl"}
