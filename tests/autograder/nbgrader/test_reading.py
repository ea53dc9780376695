"""What students hand in, in nbgrader: damaged, hostile, or something else than was asked for."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_raw_cell
from nbgrader.api import Gradebook

from tests.autograder.nbgrader.cycle import NAME, NAMES, command, run, scores

pytestmark = pytest.mark.thorough

SCRIPT = "<script>window.ran = 1</script>"


@pytest.fixture(scope="module")
def odd(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A class of odd submissions, marked; and what nbgrader said."""
    place = tmp_path_factory.mktemp("odd") / "course"
    shutil.copytree(folder, place, ignore=shutil.ignore_patterns("exchange", "students", "submitted", "autograded"))
    shutil.copy(place / "generated.db", place / "gradebook.db")
    samir = folder / "submitted" / "samir" / NAME / f"{NAME}.ipynb"
    for student, change in CHANGES.items():
        notebook = nbformat.read(samir, as_version=4)
        change(notebook)
        submit(place, student, nbformat.writes(notebook))
    other = (folder / "submitted" / "ada" / NAMES[0] / f"{NAMES[0]}.ipynb").read_text(encoding="utf-8")
    submit(place, "other content", other)
    submit(place, "other name", other, f"{NAMES[0]}.ipynb")
    submit(place, "empty", "")
    submit(place, "link", "")
    linked = place / "submitted" / "link" / NAME / f"{NAME}.ipynb"
    linked.unlink()
    linked.symlink_to(place / "submitted" / "warning" / NAME / f"{NAME}.ipynb")
    submit(place, "pipe", "")
    piped = place / "submitted" / "pipe" / NAME / f"{NAME}.ipynb"
    piped.unlink()
    os.mkfifo(piped)
    beside = submit(place, "beside", samir.read_text(encoding="utf-8"))
    (beside / "book.html").symlink_to(place / "gradebook.db")
    (beside / "submission_secret.txt").symlink_to(place / "nbgrader_config.py")
    (beside / "notes.txt").write_text("mine")
    os.mkfifo(beside / "timestamp.txt")
    timeless = submit(place, "timeless", samir.read_text(encoding="utf-8"))
    (timeless / "timestamp.txt").write_text("when I was done")
    (place / "submitted" / "way").mkdir()
    (place / "submitted" / "way" / NAME).symlink_to(timeless)
    submit(place, "\x1b[31mred", "")
    right = samir.read_text(encoding="utf-8").rstrip().removesuffix("}")
    submit(place, "long number", f'{right}, "x": {"1" * 5000}}}')
    submit(place, "halves of letters", f'{right}, "x": "\\ud800"}}')
    submit(place, "halves in cells", samir.read_text(encoding="utf-8").replace("# ", "# \\udfff "))
    hidden = submit(place, "hidden", samir.read_text(encoding="utf-8"))
    (hidden / ".ipynb").mkdir()
    (hidden / "\x1b]0;owned\x07.ipynb").write_text("")
    submit(place, "other encoding", samir.read_text(encoding="utf-8"), encoding="utf-16")
    done = command(place, "autograde", NAME)
    run(place, "generate_feedback", NAME)
    assert done.returncode == 1
    return place, done.stderr


def submit(place: Path, student: str, text: str, name: str = f"{NAME}.ipynb", encoding: str = "utf-8") -> Path:
    """Lay a file where nbgrader collects it."""
    path = place / "submitted" / student / NAME / name
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding=encoding)
    return path.parent


def _retype(notebook: Any) -> None:
    for cell in notebook.cells:
        cell.metadata = nbformat.from_dict({})


def _spoil(notebook: Any) -> None:
    for number, cell in enumerate(notebook.cells):
        cell.metadata["nbgrader"] = [5, {"grade_id": ["x"]}, {"grade_id": "check-max_pool2d"}][number % 3]
        cell.metadata["tags"] = [f'">{SCRIPT}']


def _attack(notebook: Any) -> None:
    raw = new_raw_cell(SCRIPT)
    raw.metadata["raw_mimetype"] = "text/html"
    acts = f'{SCRIPT} <img src="http://127.0.0.1:9/x.png" onerror="window.ran = 1">'
    notebook.cells += [raw, new_markdown_cell(acts), new_markdown_cell(f"A ${SCRIPT}$ ![p](attachment:none.png)")]
    notebook.metadata["language_info"] = {"name": SCRIPT}
    field = '<input class="score" id="check-max_pool2d" value="7"><h2 id="check-avg_pool2d" class="panel">7 / 7</h2>'
    notebook.cells.append(new_markdown_cell(f"{field}\n\n```python\nx = 1\n```"))
    for cell in notebook.cells:
        if cell.metadata.get("autograder", {}).get("role") == "reflect":
            cell.source = f"A zero wins. {SCRIPT} [more](javascript:alert(1)) $\\frac{{1}}{{2}}$"


def _warn(notebook: Any) -> None:
    for cell in notebook.cells:
        if cell.metadata.get("autograder", {}).get("role") == "exercise":
            cell.source += "\nimport sys, warnings\nwarnings.warn('slow')\nprint('slow', file=sys.stderr)"


def _name_at_length(notebook: Any) -> None:
    for cell in notebook.cells:
        cell.metadata["autograder"] = {**cell.metadata.get("autograder", {}), "names": ["a" * 90, "b" * 90]}


CHANGES: dict[str, Callable[[Any], None]] = {
    "long names": _name_at_length,
    "retyped": _retype,
    "spoilt": _spoil,
    "hostile": _attack,
    "warning": _warn,
}


WRITTEN_ODDLY = ["long number", "halves of letters", "halves in cells", "hidden"]


@pytest.mark.parametrize("student", [*CHANGES, "other encoding", "beside", "timeless", *WRITTEN_ODDLY])
def test_what_this_engine_can_read_gets_its_marks(odd: tuple[Path, str], folder: Path, student: str) -> None:
    """Whatever has happened to metadata and cells, and whatever warns, nbgrader enters the marks of the functions."""
    assert scores(odd[0])[student] == scores(folder)["samir"] > 0


@pytest.mark.parametrize(
    ("student", "words"),
    [
        ("other content", f"{NAME}.ipynb: this is the notebook {NAMES[0]}, not {NAME}; submit the right one"),
        ("empty", "the file is empty; save the notebook and submit it again"),
        ("link", f"{NAME}.ipynb: a link, not a file. Submit the notebook file itself."),
        ("pipe", f"{NAME}.ipynb: not a plain file. Submit the notebook file itself."),
    ],
)
def test_what_is_something_else_is_told(odd: tuple[Path, str], student: str, words: str) -> None:
    """To the student in the feedback, with no marks; and nobody else loses any."""
    page = odd[0] / "feedback" / student / NAME / f"{NAME}.html"

    assert scores(odd[0])[student] == 0
    assert words in page.read_text(encoding="utf-8")


def test_a_link_shows_nothing_of_anothers(odd: tuple[Path, str]) -> None:
    """Nobody gets another's work in their own feedback."""
    page = (odd[0] / "feedback" / "link" / NAME / f"{NAME}.html").read_text(encoding="utf-8")

    assert "windows_of" in (odd[0] / "feedback" / "warning" / NAME / f"{NAME}.html").read_text(encoding="utf-8")
    assert "windows_of" not in page


def test_only_the_notebook_travels(odd: tuple[Path, str]) -> None:
    """Neither what lies beside it nor what is linked there comes into what is marked, or into the feedback."""
    found = [path for step in ("autograded", "feedback") for path in (odd[0] / step / "beside" / NAME).iterdir()]

    assert {path.name for path in found} == {f"{NAME}.ipynb", f"{NAME}.html", "answer_key.json"}
    assert "beside: submission_secret.txt: a link, not a file" in odd[1]
    assert "timestamp.txt: a folder, a pipe or a device, not a plain file; graded as if" in odd[1]
    assert "timestamp.txt: 'when I was done' is not a time; graded as if on time" in odd[1]


def test_what_is_no_folder_is_left_out(odd: tuple[Path, str]) -> None:
    """A link to another's folder is not marked, and names do not steer the terminal."""
    assert f"way/{NAME}: a link, or not a folder; skipped" in odd[1]
    assert "unprintable characters in its name; skipped" in odd[1]
    assert "\x1b[31m" not in odd[1]
    assert "\x1b]0" not in odd[1]
    assert not {"way", "\x1b[31mred"} & set(scores(odd[0]))


def test_the_comment_says_what_was_handed_in(odd: tuple[Path, str]) -> None:
    """The formgrader shows it beside every function."""
    with Gradebook(f"sqlite:///{odd[0] / 'gradebook.db'}") as gradebook:
        comment = gradebook.find_comment("exercise-max_pool2d", NAME, NAME, "other content").comment

    assert comment == f"{NAME}.ipynb: this is the notebook {NAMES[0]}, not {NAME}; submit the right one"


def test_a_wrong_name_is_told(odd: tuple[Path, str]) -> None:
    """nbgrader marks by the file's name, and what it says of another one is explained."""
    assert f'{NAME}: found "{NAMES[0]}.ipynb", but nbgrader grades only {NAME}.ipynb. Check whether it was' in odd[1]
    assert "other name" not in scores(odd[0]) or scores(odd[0])["other name"] == 0


def test_a_page_holds_no_markup_of_a_students(odd: tuple[Path, str]) -> None:
    """Scripts, handlers, pictures from elsewhere and raw cells are read as text or left out; formulas are drawn."""
    for student in ("hostile", "spoilt"):
        page = (odd[0] / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")

        assert "window.ran = 1</script>" not in page
        assert "<script" not in page
        assert 'src="http' not in page
        assert "onerror=" not in page
        assert 'href="javascript:' not in page
        assert '<input class="score"' not in page
        assert 'id="check-avg_pool2d"' not in page
        assert '<h2 class="panel"' not in page
        assert "<mfrac>" in page or student == "spoilt"
