"""Files of hints: how they are read, and the sentence that each slip in one ends in."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from autograder.course.exercise import Assignment, Hint
from autograder.errors import CourseError
from course.exercises import ASSIGNMENTS, hints
from tests.schemes import EXERCISES

PARTS = "**Question:** Why?\n\n**Pointer:** Look\nhere.\n\n**Almost the code:** `x[0]`\n"
START = f"### How do I start?\n\nHelps with `not solved yet`, `N1` and `raised: an index`.\n\n{PARTS}"
SHARED = f"# Shared\n\n## Loops\n\n### Only one number\n\n{PARTS}"
USES_SHARED = "### Only one number\n\nHelps with `M1`.\n\nSee [shared hints](shared.md).\n"
TEXT = f"# Hints\n\nFor everyone.\n\n## relu\n\n{START}\n{USES_SHARED}"
READ = [
    Hint("How do I start?", "Why?", "Look here.", "`x[0]`", about=["not solved yet", "N1", "raised: an index"]),
    Hint("Only one number", "Why?", "Look here.", "`x[0]`", about=["M1"]),
]


@pytest.fixture
def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """Write a file of hints and one of shared hints into a folder, and stand beside it."""
    folder = tmp_path / "hints"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)

    def write(text: str, *, shared: str = SHARED) -> Path:
        (folder / "nets.md").write_text(text, encoding="utf-8")
        (folder / "shared.md").write_text(shared, encoding="utf-8")
        return folder

    return write


def nets(*given: Hint, function: str = "relu") -> Assignment:
    """An assignment of one exercise with these hints."""
    return Assignment("nets", "Nets", [replace(EXERCISES["relu"], function=function, hints=given)])


def test_hints_are_read_as_they_are_written(written: Callable[..., Path]) -> None:
    """Lines of a paragraph are joined; what is shared has its own subjects where it is used."""
    assert hints.of("nets", "relu", folder=written(TEXT)) == READ


def test_a_part_may_have_paragraphs_and_code(written: Callable[..., Path]) -> None:
    """A code block keeps its lines, blank ones and headings of its own included."""
    code = "```python\nfor i in range(3):\n\n    # every row\n    ...\n```"
    text = TEXT.replace("`x[0]`\n", f"\n\nLoop:\n{code}\n\nThat is all.\n", 1)

    [first, _] = hints.of("nets", "relu", folder=written(text))

    assert first.near_code == f"Loop:\n\n{code}\n\nThat is all."


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("## relu", "## rely", None, 'no hints for relu. Add a heading "## relu"'),
        ("**Pointer:** Look\nhere.\n\n", "", 13, '**Pointer:** of the hint "How do I start?" is missing.'),
        ("**Question:** Why?\n\n", "", 11, '**Question:** of the hint "How do I start?" is missing.'),
        ("**Almost the code:** `x[0]`\n", "", 7, '**Almost the code:** of the hint "How do I start?" is missing.'),
        ("**Almost the code:** `x[0]`", "**Almost the code:**", 16, "**Almost the code:** of the hint"),
        ("**Pointer:** Look", "**Tip:** Look", 13, '**Pointer:** of the hint "How do I start?" is missing.'),
        ("**Pointer:** Look\nhere.", "**Pointer:** A\n\n**Pointer:** B", 15, '**Almost the code:** of the hint "How'),
        ("`x[0]`\n", "`x[0]`\n\n**Pointer:** Again.\n", 18, "this is no part of a hint. A hint has **Question:**"),
        ("`x[0]`\n", "`x[0]`\n\n#### More\n", 18, "this is no part of a hint."),
        ("`x[0]`\n", "\n```\nx[0]\n", 17, "this code block does not end. Close it with a line of ```."),
        (
            "Helps with `not solved yet`, `N1` and `raised: an index`.\n\n",
            "",
            9,
            "this hint does not say what it helps",
        ),
        ("Helps with `M1`.", "Helps with M1.", 20, "this hint does not say what it helps with. Write below"),
        (USES_SHARED, START, 18, '"How do I start?" is a heading already, in hints/nets.md, line 7. Rename one.'),
        ("### Only one number", "### Only one", 22, '"Only one" is no heading in shared.md.'),
        ("### Only one number", "## relu\n\n### Only one number", 18, "relu has a heading already. Keep one."),
        (
            "## relu\n\n",
            "## relu\n\nSome words.\n\n",
            7,
            'this is above the first heading "### What',
        ),
        ("## relu\n\n", "### Lost\n\n## relu\n\n", 5, 'this is above the first heading "### What'),
        (
            "## relu\n\n",
            "## flatten\n\n## relu\n\n",
            5,
            'flatten has no hints. Add a heading "### What',
        ),
    ],
)
def test_a_slip_names_its_line(written: Callable[..., Path], old: str, new: str, line: int | None, words: str) -> None:
    """File and line, what is wrong, and what to do."""
    assert old in TEXT
    start = "hints/nets.md: " if line is None else f"hints/nets.md, line {line}: "

    with pytest.raises(CourseError, match=f"^{re.escape(start)}.*{re.escape(words)}"):
        hints.of("nets", "relu", folder=written(TEXT.replace(old, new, 1)))


def test_a_slip_in_what_is_shared_names_its_own_file(written: Callable[..., Path]) -> None:
    """It is read together with the first file that uses it."""
    twice = SHARED + f"\n## Sizes\n\n### Only one number\n\n{PARTS}"

    with pytest.raises(
        CourseError, match=r'^hints/shared\.md, line 16: "Only one number" is a heading already, in hints'
    ):
        hints.of("nets", "relu", folder=written(TEXT, shared=twice))


def test_a_file_that_cannot_be_read_is_named(written: Callable[..., Path]) -> None:
    """It is missing, or not text."""
    folder = written(TEXT)
    (folder / "latin.md").write_bytes("## relu, größer".encode("latin-1"))

    with pytest.raises(CourseError, match=r"^hints/other\.md does not exist\. Write the hints"):
        hints.of("other", "relu", folder=folder)
    with pytest.raises(CourseError, match=r"^hints/latin\.md: .* Save it as text in UTF-8\.$"):
        hints.of("latin", "relu", folder=folder)


def test_hints_that_are_used_are_taken(written: Callable[..., Path]) -> None:
    """Nothing is said where files, headings and subjects belong to exercises; all of the course's do."""
    folder = written(TEXT.replace("`M1`", "`M42`"))

    hints.require_used([nets(*hints.of("nets", "relu", folder=folder))], folder=folder)
    hints.require_used(ASSIGNMENTS)


@pytest.mark.parametrize(
    ("text", "assignment", "words"),
    [
        (TEXT, replace(nets(*READ), name="other"), ": there is no notebook nets. Name the file after a notebook."),
        (
            TEXT,
            nets(*READ, function="dense"),
            ", line 7: the heading above is relu, which is no function. Notebook",
        ),
        (TEXT, nets(), ', line 7: relu does not use these hints. Declare hints=hints.of("nets", "relu").'),
        (TEXT, nets(*READ), ", line 18: relu has no mistake or behaviour 'M1'. Correct its name."),
    ],
)
def test_a_hint_that_nobody_would_see_is_refused(
    written: Callable[..., Path], text: str, assignment: Assignment, words: str
) -> None:
    """Of no notebook, no function, no exercise that uses it, or about nothing of that exercise."""
    with pytest.raises(CourseError, match=f"^hints/nets\\.md{re.escape(words)}"):
        hints.require_used([assignment], folder=written(text))
