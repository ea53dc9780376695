"""What holds of every class of attackers; imported by the test modules, each of which marks its own groups."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from autograder.model import Report
from autograder.report import files, terminal
from course.sample_class import build
from rich.console import Console

from tests.attacks.conftest import HONEST, Marked
from tests.attacks.declared import FUNCTIONS, Attack, missing, of, told
from tests.whole import write

FULL = (4, 6)
# As it stands in attacks; in a page it is text.
CODE = ("<script>attack", "<img src=x", "</style></template>")


@pytest.fixture(scope="module")
def marked(
    request: pytest.FixtureRequest,
    mark_beside_honest: Callable[[Sequence[Attack], Path], Marked],
    tmp_path_factory: pytest.TempPathFactory,
) -> Marked:
    """The groups of the module that imports this, marked once."""
    return mark_beside_honest(of(*request.module.GROUPS), tmp_path_factory.mktemp("class") / "submitted")


def marks(report: Report) -> tuple[int, ...]:
    """Marks of each function that was handed in; there are no others."""
    found = {exercise.function: exercise.marks for exercise in report.exercises}
    assert report.marks == sum(found[name] for name in FUNCTIONS)
    return tuple(found[name] for name in FUNCTIONS)


def test_an_attack_gets_what_it_is_worth(marked: Marked, attack: Attack) -> None:
    """The honest part of the work has its marks, the rest has none, and the report says what happened."""
    report = marked.report_of(attack.name)

    assert marks(report) == attack.marks
    assert missing(attack, report) == []
    assert attack.says or not told(report)


@pytest.mark.parametrize("student", HONEST)
def test_a_classmate_loses_nothing(marked: Marked, student: str) -> None:
    """Whoever is marked before, between or after attackers has full marks and no remark."""
    report = marked.report_of(student)

    assert marks(report) == FULL
    assert told(report) == ""


def test_nothing_is_left_behind(marked: Marked) -> None:
    """No process goes on, and no file is there that was not there before."""
    assert sorted(marked.left) == []


def test_a_page_holds_no_code_of_a_student(marked: Marked, tmp_path: Path) -> None:
    """Scripts and markup are text in every page, and no page shows the grader's inside or where it is."""
    write(marked.reports, tmp_path)
    pages = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.html")}
    everything = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.*"))

    assert len(pages) >= 2
    assert [(name, code) for name, page in pages.items() for code in CODE if code in page] == []
    assert "Traceback" not in everything
    assert str(build.COURSE.parent) not in everything


def test_a_terminal_gets_no_codes_of_a_student(marked: Marked) -> None:
    """What steers a terminal is shown as a sign, and markup as it stands."""
    out = io.StringIO()
    console = Console(file=out, width=200, color_system=None)

    terminal.show_class([files.summary(report) for report in marked.reports], console)
    for report in marked.reports:
        terminal.show_report(report, console)

    assert [letter for letter in out.getvalue() if not letter.isprintable() and letter != "\n"] == []
