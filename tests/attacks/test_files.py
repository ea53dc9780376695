"""Attacks by what is handed in, and how it is called: files that are none, and names that are more than names."""

from __future__ import annotations

from pathlib import Path

import pytest
from autograder.release.build import BuiltFile
from autograder.report import files
from course.sample_class import build

from tests.attacks.conftest import HONEST, Marked, mark_folder
from tests.attacks.declared import told
from tests.attacks.files import FULL, HANDED_IN, NAME, NOTEBOOK, HandedIn
from tests.attacks.laws import (  # noqa: F401  they run here as well
    marks,
    test_a_page_holds_no_code_of_a_student,
    test_a_terminal_gets_no_codes_of_a_student,
)
from tests.whole import write


@pytest.fixture(scope="module")
def marked(honest: str, tmp_path_factory: pytest.TempPathFactory) -> Marked:
    """All of them in one class, marked once."""
    folder = tmp_path_factory.mktemp("class") / "submitted"
    build.write([BuiltFile(Path(name, NAME, NOTEBOOK), honest) for name in HONEST], folder)
    for attack in HANDED_IN:
        attack.hand_in(folder, honest)
    return mark_folder(folder)


@pytest.mark.parametrize("handed_in", HANDED_IN, ids=lambda attack: attack.name)
def test_a_file_gets_what_it_is_worth(marked: Marked, handed_in: HandedIn) -> None:
    """What is a notebook is marked; what is none is told, by a report or as a trouble."""
    reports = [report for report in marked.reports if report.student == handed_in.student]
    words = " ".join([marked.troubles_of(handed_in.student), *(told(report) for report in reports)])

    assert [marks(report) for report in reports] == ([] if handed_in.marks is None else [handed_in.marks])
    assert [said for said in handed_in.says if said not in words] == []


@pytest.mark.parametrize("student", HONEST)
def test_a_classmate_loses_nothing(marked: Marked, student: str) -> None:
    """Links to a classmate's file, and names like a classmate's, change nothing for the classmate."""
    assert marks(marked.report_of(student)) == FULL
    assert marked.troubles_of(student) == ""


def test_nothing_is_left_behind(marked: Marked) -> None:
    """Nothing is unpacked, written through a link, or left running."""
    assert sorted(marked.left) == []


def test_names_do_not_leave_their_folder(marked: Marked, tmp_path: Path) -> None:
    """Every report has a file of its own, below the folder of results, and a cell that is no formula."""
    written = write(marked.reports, tmp_path / "results")
    table = files.as_csv([files.summary(report) for report in marked.reports])

    assert len(set(written.values())) == len(marked.reports) + 1
    assert all(path.resolve().is_relative_to(tmp_path / "results") for path in written.values())
    assert "\n=" not in table
    assert '\n"=' not in table
