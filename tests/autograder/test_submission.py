"""A student's file, read whatever shape it is in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from autograder import build, submission
from autograder.course import Course
from autograder.errors import SubmissionError
from autograder.submission import COURSE_LABEL, SubmittedFile, parse
from tests.autograder.conftest import SCALE, TOTAL, notebook_text

PATH = Path("ada/scaling/scaling.ipynb")


def own_cells(file: SubmittedFile, course: Course) -> list[str]:
    """The sources of what a student wrote."""
    submitted = submission.read(file, "ada", course, course.assignments[0])
    return [cell.source for cell in submitted.cells if cell.label != COURSE_LABEL]


def test_the_release_itself_holds_nothing_of_a_students(course: Course) -> None:
    """Provided cells, figures and stubs are the course's; they come first, as they were released."""
    file = parse(build.notebook(course, course.assignments[0]).encode(), PATH)
    submitted = submission.read(file, "ada", course, course.assignments[0])

    assert [cell.label for cell in submitted.cells] == [COURSE_LABEL]
    assert "import numpy as np" in submitted.cells[0].source
    assert "raise NotImplementedError" in submitted.cells[0].source
    assert "NUMBERS * 2" not in submitted.cells[0].source
    assert submitted.remarks == []


def test_a_students_cells_come_in_their_order(course: Course) -> None:
    """Extra, moved and retyped cells are all kept, words and empty cells are not."""
    notebook = new_notebook(
        cells=[new_code_cell(TOTAL), new_markdown_cell("words"), new_code_cell("  \n"), new_code_cell(SCALE)]
    )

    assert own_cells(parse(writes(notebook).encode(), PATH), course) == [TOTAL, SCALE]


def test_a_missing_cell_is_remarked(course: Course) -> None:
    """What is gone is replaced by the released stub, and said."""
    submitted = submission.read(parse(notebook_text(SCALE).encode(), PATH), "ada", course, course.assignments[0])

    assert submitted.remarks == ["the cell of total is missing; the empty one was used"]


def test_labels_name_the_function_a_cell_is_about(course: Course) -> None:
    """A cell is called by its number, and by its function where its metadata tells."""
    text = build.notebook(course, course.assignments[0], solved=True)
    submitted = submission.read(parse(text.encode(), PATH), "ada", course, course.assignments[0])

    assert [cell.label for cell in submitted.cells[1:]] == ["cell 4 (doubled)", "cell 7 (scale)", "cell 11 (total)"]


@pytest.mark.parametrize("metadata", [None, 3, {"names": 3}, {"names": [3]}, {"names": []}])
def test_strange_metadata_does_no_harm(course: Course, metadata: object) -> None:
    """A label falls back to the cell's number."""
    cell = new_code_cell(SCALE, metadata={"autograder": metadata})
    file = parse(writes(new_notebook(cells=[cell], metadata={"autograder": metadata})).encode(), PATH)

    submitted = submission.read(file, "ada", course, course.assignments[0])

    assert submitted.cells[1].label == "cell 1"
    assert submission.assignment_of(file, course) is course.assignments[0]


@pytest.mark.parametrize(
    ("path", "assignment", "found"),
    [
        ("any/where.ipynb", "scaling", True),
        ("any/scaling.ipynb", None, True),
        ("scaling/where.ipynb", None, True),
        ("any/where.ipynb", None, False),
        ("any/where.ipynb", "another", False),
    ],
)
def test_the_assignment_is_found(course: Course, path: str, assignment: str | None, *, found: bool) -> None:
    """By the notebook's metadata, its name or its folder; else not at all."""
    file = parse(notebook_text(SCALE, assignment=assignment).encode(), Path(path))

    assert (submission.assignment_of(file, course) is not None) == found


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "the file is cut short or is no notebook"),
        (notebook_text(SCALE).encode()[:-20], "the file is cut short or is no notebook"),
        (b"\xff\xfe\x00", "the file cannot be read as a notebook (UnicodeDecodeError)"),
        (b"[1, 2]", "the file cannot be read as a notebook"),
        (b'{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "cannot be read as a notebook"),
        (b"{}", "cannot be read as a notebook"),
    ],
    ids=["empty", "cut short", "not text", "a list", "no cells", "nothing"],
)
def test_a_damaged_file_is_told(course: Course, data: bytes, words: str) -> None:
    """A file without a notebook ends in a sentence, and keeps its digest."""
    file = parse(data, PATH)

    assert file.notebook is None
    assert len(file.digest) == 64
    with pytest.raises(SubmissionError) as caught:
        submission.read(file, "ada", course, course.assignments[0])
    assert words in str(caught.value)


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_a_byte_order_mark_does_no_harm(course: Course, mark: bytes) -> None:
    """Some editors write one."""
    assert own_cells(parse(mark + notebook_text(SCALE, TOTAL).encode(), PATH), course) == [SCALE, TOTAL]


def test_an_old_notebook_is_read(course: Course) -> None:
    """nbformat 3 keeps its cells in a worksheet."""
    cells = [
        {"cell_type": "code", "input": SCALE, "outputs": [], "language": "python", "collapsed": False, "metadata": {}}
    ]
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": cells, "metadata": {}}],
    }

    assert own_cells(parse(json.dumps(old).encode(), PATH), course) == [SCALE]


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    """A folder that ends in .ipynb is refused by name."""
    with pytest.raises(SubmissionError, match="Is a directory, but it has to be a notebook file"):
        submission.open_file(tmp_path)


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the limit nothing is read into memory."""
    monkeypatch.setattr(submission, "LARGEST", 10)
    path = tmp_path / "scaling.ipynb"
    path.write_bytes(b"x" * 11)

    assert submission.open_file(path).trouble == "the file has 0 MiB, but at most 0 are read"
