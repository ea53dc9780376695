"""A student's file, read whatever shape it is in."""

from __future__ import annotations

import json
import os
import tracemalloc
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, writes

from autograder.course.folder import Course
from autograder.errors import SubmissionError
from autograder.handed_in import notebook, submission
from autograder.handed_in.notebook import SubmittedFile, parse
from autograder.handed_in.submission import COURSE_LABEL
from autograder.release import build
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


@pytest.mark.parametrize(("old", "new"), [("\n", " \t\n"), ("\n", "\r\n"), ("    ", "\t")])
def test_blanks_that_an_editor_changes_make_no_cell_a_students(course: Course, old: str, new: str) -> None:
    """The release with other line ends, tabs or trailing blanks is still the course's own."""
    notebook = json.loads(build.notebook(course, course.assignments[0]))
    for cell in notebook["cells"]:
        cell["source"] = "".join(cell["source"]).replace(old, new) + "\n"

    assert own_cells(parse(json.dumps(notebook).encode(), PATH), course) == []


def formatted(source: str) -> str:
    """A cell as a formatter may leave it: other quotes, wrapped lines, a comment."""
    wrapped = source.replace('"', "'").replace("(x)", "(\n    x,\n)").replace("NUMBERS * 2", "(\n    NUMBERS * 2\n)")
    return f"# formatted\n{wrapped}  # by a program"


def test_what_a_formatter_changes_makes_no_cell_a_students(course: Course) -> None:
    """The course's cells are known by what they say, not by how they are laid out; nothing is missing."""
    notebook = json.loads(build.notebook(course, course.assignments[0]))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell["source"] = formatted("".join(cell["source"]))

    submitted = submission.read(parse(json.dumps(notebook).encode(), PATH), "ada", course, course.assignments[0])

    assert [cell.label for cell in submitted.cells] == [COURSE_LABEL]
    assert submitted.remarks == []


def test_the_courses_cells_are_taken_out_of_a_larger_one(course: Course) -> None:
    """In a notebook of one cell, as in a script without marks of cells, figures are not run either; lines stay."""
    notebook = json.loads(build.notebook(course, course.assignments[0]))
    sources = ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]
    whole = "\n\n".join(["x = 1", *sources, SCALE, "doubled = [2, 4]"])

    (left,) = own_cells(parse(notebook_text(whole).encode(), PATH), course)

    assert [line for line in left.split("\n") if line] == [
        "x = 1",
        "doubled = None",
        *SCALE.split("\n"),
        "doubled = [2, 4]",
    ]
    assert left.split("\n").index("doubled = [2, 4]") == whole.split("\n").index("doubled = [2, 4]")


def test_a_statement_that_shares_a_line_with_the_courses_is_kept(course: Course) -> None:
    """Nothing of a student's goes with what is taken out."""
    (left,) = own_cells(parse(notebook_text("x = 1; NUMBERS * 2\ny = 2").encode(), PATH), course)

    assert left == "x = 1; NUMBERS * 2\ny = 2"


@pytest.mark.parametrize(
    "cell",
    [
        "total: object = lambda x: x.sum()",
        "a, total = 1, lambda x: x.sum()",
        "class total:\n    pass",
        "if True:\n    def total(x): return x.sum()",
        "try:\n    total = f\nexcept Exception: pass",
        "with f() as total: pass",
        "from numpy import sum as total",
        "(total := f)",
        "@f\ndef total(x): return x.sum()",
        "def f():\n    global total\n    total = sum\nf()",
        "def total[T](x: T) -> T: return x.sum()",
        "%who\ntotal = f",
    ],
)
def test_a_function_is_there_however_it_is_defined(course: Course, cell: str) -> None:
    """No remark says that its cell is missing."""
    submitted = submission.read(parse(notebook_text(SCALE, cell).encode(), PATH), "ada", course, course.assignments[0])

    assert submitted.remarks == []


@pytest.mark.parametrize("name", ["Total", "TOTAL", "to_tal", "totals", "total_sum", "_total"])
def test_a_near_name_is_named(course: Course, name: str) -> None:
    """A function under another name is not taken for the one that is asked for, but both are told."""
    cell = f"def {name}(x): return x.sum()"
    for others in ([SCALE], [SCALE, 'def total(x):\n    raise NotImplementedError("your turn")']):
        file = parse(notebook_text(*others, cell).encode(), PATH)
        submitted = submission.read(file, "ada", course, course.assignments[0])

        assert submitted.remarks == [f"{name} is defined, but the notebook asks for total; rename it"]


def test_a_helper_beside_the_function_is_no_near_name(course: Course) -> None:
    """Where the function itself is there, and for names that are not alike, nothing is told."""
    cells = [SCALE, TOTAL, "def total_of_rows(x): pass\nnumber = 3"]
    submitted = submission.read(parse(notebook_text(*cells).encode(), PATH), "ada", course, course.assignments[0])

    assert submitted.remarks == []


@pytest.mark.parametrize(
    ("metadata", "version"),
    [
        ({"language_info": {"name": "python", "version": "3.13.1"}}, "3.13.1"),
        ({"language_info": {"name": "python"}}, ""),
        ({"language_info": {"version": "<b>3</b>"}}, ""),
        ({"language_info": {"version": 3}}, ""),
        ({}, ""),
    ],
)
def test_the_version_of_python_is_read(metadata: dict[str, object], version: str) -> None:
    """Where the notebook names one that can be one."""
    data = json.dumps({"cells": [], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}).encode()

    assert parse(data, PATH).written_with == version


def test_a_students_cells_come_in_their_order(course: Course) -> None:
    """Extra, moved and retyped cells are all kept, words and empty cells are not."""
    notebook = new_notebook(
        cells=[new_code_cell(TOTAL), new_markdown_cell("words"), new_code_cell("  \n"), new_code_cell(SCALE)]
    )

    assert own_cells(parse(writes(notebook).encode(), PATH), course) == [TOTAL, SCALE]


def test_a_missing_cell_is_remarked(course: Course) -> None:
    """What is gone is replaced by the released stub, and said."""
    submitted = submission.read(parse(notebook_text(SCALE).encode(), PATH), "ada", course, course.assignments[0])

    assert submitted.remarks == ["the cell with total is missing; the empty starter was used"]


def test_labels_name_the_function_a_cell_is_about(course: Course) -> None:
    """A cell is called by its number, and by its function where its metadata tells."""
    text = build.notebook(course, course.assignments[0], solved=True)
    submitted = submission.read(parse(text.encode(), PATH), "ada", course, course.assignments[0])

    assert [cell.label for cell in submitted.cells[1:]] == ["cell 4 (doubled)", "cell 7 (scale)", "cell 11 (total)"]


@pytest.mark.parametrize(
    "metadata", [None, 3, [], {"names": 3}, {"names": [3]}, {"names": []}, {"names": ["a\nb", "\x00", "a b"]}]
)
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
        (b"", "the file is empty; save the notebook and submit it again"),
        (notebook_text(SCALE).encode()[:-20], "the file is incomplete or not a notebook"),
        (b"\xff\xfe\x00", "the file is not text"),
        (b"[1, 2]", "the file cannot be read as a notebook"),
        (b"\0" * 100, "the file is empty; save the notebook and submit it again"),
        (b'{"cells": 3, "nbformat": 4, "nbformat_minor": 5, "metadata": {}}', "cannot be read as a notebook"),
        (b"{}", "cannot be read as a notebook"),
    ],
    ids=["empty", "cut short", "not text", "a list", "zeros", "no cells", "nothing"],
)
def test_a_damaged_file_is_told(course: Course, data: bytes, words: str) -> None:
    """A file without a notebook ends in a sentence, and keeps its digest."""
    file = parse(data, PATH)

    assert file.cells is None
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
    with pytest.raises(SubmissionError, match=r"not a plain file\. Submit the notebook file itself"):
        notebook.open_file(tmp_path)


def test_a_huge_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the limit nothing is read into memory."""
    monkeypatch.setattr(notebook, "LARGEST", 10)
    path = tmp_path / "scaling.ipynb"
    path.write_bytes(b"x" * 11)

    assert notebook.open_file(path).trouble == "the file has over 0 MiB; clear its outputs and submit it again"


def test_of_a_huge_file_nothing_is_held(tmp_path: Path) -> None:
    """A sparse file, which takes no room on a disk, takes none in memory either."""
    path = tmp_path / "scaling.ipynb"
    with path.open("wb") as file:
        file.truncate(notebook.LARGEST + 1)
    tracemalloc.start()

    file_read = notebook.open_file(path)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert file_read.trouble == "the file has over 256 MiB; clear its outputs and submit it again"
    assert peak < 1 << 20


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    """A link to another student's notebook is no submission."""
    (tmp_path / "bao.ipynb").write_text(notebook_text(SCALE))
    link = tmp_path / "scaling.ipynb"
    link.symlink_to(tmp_path / "bao.ipynb")

    with pytest.raises(SubmissionError, match=r"a link, not a file\. Submit the notebook file itself"):
        notebook.open_file(link)


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """A file that never ends is refused at once."""
    os.mkfifo(tmp_path / "scaling.ipynb")

    with pytest.raises(SubmissionError, match="not a plain file"):
        notebook.open_file(tmp_path / "scaling.ipynb")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-8"])
def test_encodings_with_a_mark_are_read(course: Course, encoding: str) -> None:
    """Windows writes UTF-16, or a mark before UTF-8."""
    assert own_cells(parse(notebook_text(SCALE, TOTAL).encode(encoding), PATH), course) == [SCALE, TOTAL]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("metadata", []),
        ("metadata", None),
        ("outputs", [{"data": {"x": float("nan")}}]),
        ("outputs", 3),
        ("id", ["x"]),
        ("unknown", {"deep": [[[]]]}),
    ],
)
def test_a_damaged_field_costs_itself_only(course: Course, field: str, value: object) -> None:
    """The sources of a notebook are read, whatever stands beside them."""
    notebook = json.loads(notebook_text(SCALE, TOTAL))
    notebook["cells"][0][field] = value

    assert own_cells(parse(json.dumps(notebook).encode(), PATH), course) == [SCALE, TOTAL]


def test_half_a_letter_does_no_harm(course: Course) -> None:
    """A source that is no proper text loses that letter only."""
    text = json.dumps(json.loads(notebook_text("x = '!'\n" + SCALE))).replace("!", "\\ud800")

    assert own_cells(parse(text.encode(), PATH), course) == ["x = '?'\n" + SCALE]


def test_lines_may_be_a_list(course: Course) -> None:
    """nbformat writes a source as lines."""
    notebook = {"cells": [{"cell_type": "code", "source": SCALE.splitlines(keepends=True)}], "metadata": {}}

    assert own_cells(parse(json.dumps(notebook).encode(), PATH), course) == [SCALE]


def test_a_deleted_function_that_is_still_called_is_missing(course: Course) -> None:
    """A call is no definition."""
    file = parse(notebook_text(SCALE, "total (NUMBERS)").encode(), PATH)

    submitted = submission.read(file, "ada", course, course.assignments[0])

    assert submitted.remarks == ["the cell with total is missing; the empty starter was used"]


def test_joined_cells_are_gone_through_once(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many halves a block has, each is looked at for the next one, and not all of them again."""
    looked_at: list[int] = []
    real = submission._is_half

    def counted(first: str, second: str) -> bool:
        looked_at.append(len(first))
        return real(first, second)

    monkeypatch.setattr(submission, "_is_half", counted)
    halves = ["def scale(x):\n    x = x", *["    return x"] * 2000]

    submitted = submission.read(parse(notebook_text(*halves).encode(), PATH), "ada", course, course.assignments[0])

    assert [cell.source for cell in submitted.cells[1:]] == ["\n".join(halves)]
    assert sum(looked_at) <= sum(map(len, halves))


def test_a_blank_in_prose_is_looked_for_in_one_line() -> None:
    """What goes over many lines would be gone through again from each of them."""
    found = submission.SHOWN.search("\n\n \v\t<b>")

    assert found is not None
    assert found[0] == " \v\t<"


def test_remarks_have_an_end(course: Course) -> None:
    """Ten thousand cells that are repaired take no ten thousand lines of a terminal and of each report."""
    data = notebook_text(*["    x = 1"] * 10_000).encode()

    remarks = submission.read(parse(data, PATH), "ada", course, course.assignments[0]).remarks

    assert len(remarks) < 60
    assert "and 9,950 more remarks on the notebook" in remarks


LONG = "1" * 5000


@pytest.mark.parametrize("source", [f'["x", {LONG}]', '["\\ud800", "x"]', f'["\udcff", {LONG}]'])
def test_a_source_that_python_refuses_does_no_harm(course: Course, source: str) -> None:
    """A number of 5,000 digits among the lines, halves of letters, bytes that are no UTF-8."""
    cells = f'{{"cell_type": "code", "source": {source}}}, {{"cell_type": "code", "source": {json.dumps(SCALE)}}}'
    data = f'{{"cells": [{cells}], "metadata": {{"x": {LONG}}}}} }}'.encode("utf-8", "surrogateescape")

    assert SCALE in own_cells(parse(data, PATH), course)


def test_labels_tell_the_courses_names_only(course: Course) -> None:
    """Metadata may hold names of any length."""
    cell = new_code_cell(SCALE, metadata={"autograder": {"names": ["a" * 90, "scale", "scale"]}})
    file = parse(writes(new_notebook(cells=[cell])).encode(), PATH)

    submitted = submission.read(file, "ada", course, course.assignments[0])

    assert [cell.label for cell in submitted.cells[1:]] == ["cell 1 (scale)"]
