"""What the README shows is what users get."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from autograder import check
from autograder.course.folder import load_course
from autograder.handed_in.folder import find
from autograder.model import Summary
from autograder.release import build
from autograder.report import files, terminal
from course.sample_class import build as sample_class
from course.sample_class import picture
from tests.whole import mark_class, settings_of

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
ROOMS = ("course", "autograder", "solutions", "tests")
SHOWN = ["rosa", "xiomara", "yusuf"]


def block(name: str) -> str:
    """The text block behind a comment of the README."""
    found = re.search(rf"<!-- {name}:.*?-->\n```text\n(.*?)\n```", README, re.DOTALL)
    assert found is not None
    return found[1]


def of_shown(summary: Summary) -> Summary:
    """A report in a line, of the functions that the sample shows; a notebook may ask for more by now."""
    shown = [place for place, name in enumerate(summary.functions) if name in block("sample")]
    functions, marks, out_of = (
        tuple(values[place] for place in shown) for values in (summary.functions, summary.marks, summary.out_of)
    )
    troubles = tuple(one for one in summary.troubles if one[0] not in {*summary.functions} - {*functions})
    return replace(summary, functions=functions, marks=marks, out_of=out_of, troubles=troubles)


def test_the_sample_is_real(tmp_path: Path) -> None:
    """Every sentence shown is one that marking the sample class prints."""
    course = load_course(ROOT / "course")
    build.write([file for file in sample_class.submissions(course) if file.path.parts[0] in SHOWN], tmp_path)
    done = mark_class(find(tmp_path), settings_of(ROOT / "course", 1), 2)
    console = Console(file=io.StringIO(), width=100)
    terminal.show_class([of_shown(files.summary(report)) for report in done.reports], console)

    printed = {line.rstrip() for line in console.file.getvalue().splitlines()}
    shown = block("sample").splitlines()
    assert [line for line in shown if line.rstrip() not in printed] == []
    assert {line.split()[0] for line in shown if line.strip()} >= set(SHOWN)


def test_the_check_is_real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The words shown are those that check() gives to this mistake."""

    def conv2d_valid(image: Any, kernel: Any) -> Any:
        height, width = np.subtract(image.shape, kernel.shape)
        return np.array(
            [
                [(image[y : y + kernel.shape[0], x : x + kernel.shape[1]] * kernel).sum() for x in range(width)]
                for y in range(height)
            ]
        )

    course = load_course(ROOT / "course")
    assignment = course.find("01_one_window")
    assert assignment is not None
    build.write(build.release(course, assignment), tmp_path)
    monkeypatch.chdir(tmp_path / "01_one_window")

    assert repr(check(conv2d_valid)).startswith(block("check"))


def test_the_picture_is_real() -> None:
    """It is what the engine draws today."""
    assert picture.PICTURE.read_text() == picture.draw()


@pytest.mark.parametrize("name", sorted(set(re.findall(r"(?:`|\$ )make ([\w-]+)", README))))
def test_every_target_named_is_there(name: str) -> None:
    """The README names no target that the Makefile has not."""
    assert re.search(rf"^{name}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def links() -> list[tuple[str, str]]:
    """Every document, and what it links to in the repository."""
    documents = [*ROOT.glob("*.md"), *(path for room in ROOMS for path in (ROOT / room).rglob("*.md"))]
    return sorted(
        (str(document.relative_to(ROOT)), target)
        for document in documents
        for target in set(re.findall(r"\]\((?!https?:)([^)]+)\)", document.read_text()))
    )


def headings(document: Path) -> set[str]:
    """What a link can lead to within a document, as browsers of repositories name it."""
    found = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in found}


@pytest.mark.parametrize(("document", "target"), links())
def test_every_link_leads_somewhere(document: str, target: str) -> None:
    """Links lead to files of the repository, and to headings that they have."""
    path, _, heading = target.partition("#")
    found = ROOT / Path(document).parent / path if path else ROOT / document

    assert found.exists()
    assert not heading or heading in headings(found)
