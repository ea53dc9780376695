"""Right submissions that were damaged on their way: full marks where the functions still exist, else a sentence."""

from __future__ import annotations

import copy
import gzip
import io
import json
import os
import re
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.course.folder import Course, load_course
from autograder.grading.grader import Grader
from autograder.handed_in import notebook, submission
from autograder.model import Report
from autograder.release import build
from autograder.sandbox.limits import Limits

NAMES = ("01_one_window", "06_pooling")
Notebook = dict[str, Any]


@pytest.fixture(scope="module")
def grader() -> Iterator[Grader]:
    """Marks notebooks of the real course."""
    with Grader(load_course(Path(__file__).parents[3] / "course"), 1, Limits()) as grader:
        yield grader


@pytest.fixture(scope="module")
def answers(grader: Grader) -> dict[str, Notebook]:
    """Notebooks with the model answers, without outputs, which are most of their size."""
    found = {}
    for name in NAMES:
        assignment = grader.course.find(name)
        assert assignment is not None
        found[name] = json.loads(build.notebook(grader.course, assignment, solved=True))
        for cell in code_cells(found[name]):
            cell["outputs"] = []
    return found


def mark(grader: Grader, data: bytes, name: str, suffix: str = ".ipynb") -> Report:
    """Mark the bytes of a file."""
    return grader.grade(notebook.parse(data, Path(f"{name}{suffix}")), "ada")


# --- damage to cells ----------------------------------------------------------------------------------------------


def code_cells(notebook: Notebook) -> list[Notebook]:
    """The cells of code."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def role(cell: Notebook) -> str:
    """What the build says a cell is for."""
    return str(cell["metadata"].get("autograder", {}).get("role"))


def exercises(notebook: Notebook) -> list[Notebook]:
    """The cells that carry marks, as far as their metadata is left."""
    return [cell for cell in notebook["cells"] if role(cell) == "exercise"]


def text(cell: Notebook) -> str:
    """A cell's source."""
    return "".join(cell["source"])


def code(source: str, **metadata: Any) -> Notebook:
    """A new cell."""
    return {"cell_type": "code", "source": source, "metadata": metadata, "outputs": [], "execution_count": None}


def put(notebook: Notebook, *sources: str, at: int = 0) -> None:
    """Insert cells of code."""
    notebook["cells"][at:at] = [code(source) for source in sources]


def delete_what_carries_no_marks(notebook: Notebook) -> None:
    """Only the answers are left."""
    notebook["cells"] = exercises(notebook)


def duplicate(notebook: Notebook) -> None:
    """Every cell is there twice."""
    notebook["cells"] = [cell for cell in notebook["cells"] for _ in range(2)]


def split_at_the_end(notebook: Notebook) -> None:
    """The last return of each answer got into a cell of its own."""
    for cell in exercises(notebook):
        head, found, tail = text(cell).rpartition("\n    return ")
        _split(notebook, cell, head, found[1:] + tail)


def split_at_the_start(notebook: Notebook) -> None:
    """The first line of each answer is alone in its cell."""
    for cell in exercises(notebook):
        head, _, tail = text(cell).partition(":\n")
        _split(notebook, cell, head + ":", tail)


def _split(notebook: Notebook, cell: Notebook, *sources: str) -> None:
    place = notebook["cells"].index(cell)
    notebook["cells"][place : place + 1] = [code(source) for source in sources]


def merge_all(notebook: Notebook) -> None:
    """All code is in one cell."""
    notebook["cells"] = [code("\n\n".join(text(cell) for cell in code_cells(notebook)))]


def merge_answers_with_checks(notebook: Notebook) -> None:
    """The cells below an answer were joined to it."""
    for cell in exercises(notebook):
        cell["source"] = text(cell) + "\n\ncheck(3)\n%matplotlib inline\nassert True"


def retype(kind: str) -> Callable[[Notebook], None]:
    """Answers became another type of cell."""

    def change(notebook: Notebook) -> None:
        for cell in exercises(notebook):
            cell["cell_type"] = kind

    return change


def lose_types(notebook: Notebook) -> None:
    """No cell says what it is."""
    for cell in notebook["cells"]:
        del cell["cell_type"]


def indent(notebook: Notebook) -> None:
    """Answers were pasted with an indent, which Jupyter takes away."""
    for cell in exercises(notebook):
        cell["source"] = "\n".join("    " + line for line in text(cell).split("\n"))


def edit_sources(change: Callable[[str], object]) -> Callable[[Notebook], None]:
    """Every source is changed alike."""

    def damage(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            cell["source"] = change(text(cell))

    return damage


def reverse(notebook: Notebook) -> None:
    """The cells are upside down."""
    notebook["cells"].reverse()


def move_answers_to_the_end(notebook: Notebook) -> None:
    """Answers follow everything else."""
    moved = exercises(notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in moved] + moved


def lose_metadata(notebook: Notebook) -> None:
    """Nothing but sources is left."""
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)


def repeat_ids(notebook: Notebook) -> None:
    """All cells have one id."""
    for cell in notebook["cells"]:
        cell["id"] = "cell"


def in_all_cells(field: str, value: object) -> Callable[[Notebook], None]:
    """A field of each cell becomes something else."""

    def change(notebook: Notebook) -> None:
        for cell in notebook["cells"]:
            cell[field] = value

    return change


def at_the_top(**fields: object) -> Callable[[Notebook], None]:
    """Fields of the notebook become something else; None takes them away."""

    def change(notebook: Notebook) -> None:
        notebook.update(fields)
        for name in [name for name, value in fields.items() if value is None]:
            del notebook[name]

    return change


def in_metadata(**fields: object) -> Callable[[Notebook], None]:
    """What an editor writes into the notebook's metadata."""
    return lambda notebook: notebook["metadata"].update(fields)


def make_old(notebook: Notebook) -> None:
    """The form of notebooks before 2015."""
    for cell in code_cells(notebook):
        cell["input"] = cell.pop("source")
    notebook["worksheets"] = [{"cells": notebook.pop("cells"), "metadata": {}}]
    notebook.update(nbformat=3, nbformat_minor=0)


def insert_rubbish(notebook: Notebook) -> None:
    """Cells that are none."""
    notebook["cells"][1:1] = [None, 3, "cell", [], [[{}]]]


def attach(notebook: Notebook) -> None:
    """Pictures of 6 MB in cells of words."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["attachments"] = {"a.png": {"image/png": "A" * 300_000}}


def add(*sources: str, at: int = 0) -> Callable[[Notebook], None]:
    """Cells that a student added."""
    return lambda notebook: put(notebook, *sources, at=at)


def conflict_in_sources(notebook: Notebook) -> None:
    """A merge left both sides in an answer."""
    for cell in exercises(notebook):
        cell["source"] = f"<<<<<<< HEAD\n{text(cell)}\n||||||| base\nx\n=======\nreturn 3\n>>>>>>> theirs\n"


def too_much(notebook: Notebook) -> None:
    """A cell of 5 MB of text."""
    put(notebook, "x = '" + "y" * (5 << 20) + "'")


PLAIN = {
    "only the answers": delete_what_carries_no_marks,
    "setup deleted": lambda notebook: notebook.update(cells=notebook["cells"][2:]),
    "one cell": merge_all,
    "answers and checks merged": merge_answers_with_checks,
    "reversed": reverse,
    "answers last": move_answers_to_the_end,
    "ids repeated": repeat_ids,
    "metadata lost": lose_metadata,
    "metadata of cells is a list": in_all_cells("metadata", []),
    "nbgrader locked": in_all_cells("metadata", {"nbgrader": {"grade": True, "locked": True}}),
    "outputs are a number": in_all_cells("outputs", 3),
    "outputs of wrong types": in_all_cells("outputs", [None, {"output_type": 3, "data": [1], "text": {"a": None}}]),
    "execution count": in_all_cells("execution_count", "*"),
    "no form": at_the_top(nbformat=None, nbformat_minor=None),
    "form of the future": at_the_top(nbformat=7, nbformat_minor=99),
    "form is text": at_the_top(nbformat="4", nbformat_minor=[]),
    "no metadata at all": at_the_top(metadata=None),
    "kernel's name": in_metadata(kernelspec={"name": "my-env", "display_name": "Ada's \u2603", "language": "python"}),
    "kernel is no object": in_metadata(kernelspec=3, language_info=[]),
    "widget state": in_metadata(widgets={"application/vnd.jupyter.widget-state+json": {"state": {"a" * 32: {}}}}),
    "Colab": in_metadata(colab={"provenance": [], "toc_visible": True}, accelerator="GPU"),
    "Colab's cells": in_all_cells("metadata", {"id": "xY", "colab": {"base_uri": "x"}, "outputId": "9"}),
    "VS Code": in_all_cells("metadata", {"vscode": {"languageId": "python"}}),
    "Kaggle": in_metadata(kaggle={"accelerator": "none", "dataSources": []}),
    "Kaggle's cells": in_all_cells("metadata", {"_uuid": "8f2839f2", "_cell_guid": "b1", "trusted": True}),
    "lines": edit_sources(lambda source: source.splitlines(keepends=True)),
    "lines with rubbish": edit_sources(lambda source: [None, 3, *source.splitlines(keepends=True), {}]),
    "CRLF": edit_sources(lambda source: source.replace("\n", "\r\n")),
    "CR": edit_sources(lambda source: source.replace("\n", "\r")),
    "blanks at line ends": edit_sources(lambda source: source.replace("\n", " \t\n") + "\n\n\t"),
    "tabs": edit_sources(lambda source: source.replace("    ", "\t")),
    "mark in sources": edit_sources(lambda source: "\ufeff" + source),
    "zeros in sources": edit_sources(lambda source: source + "\0"),
    "attachments": attach,
    "help": add("import numpy as np\n?np.pad\nnp.pad?\n??np.pad"),
    "magics": add("!pip install numpy", "%matplotlib inline\n%load_ext autoreload", "%%bash\nls", "files = !ls"),
    "future first": add("# ours\nfrom __future__ import annotations\nx = 1"),
    "rubbish behind": add("def broken(:", "await 1", "async with x: pass", "return", "\x00", "€" * 50, at=1000),
    "input": add("name = input('Who are you? ')"),
    "errors in added cells": add("1 / 0", "raise KeyboardInterrupt", "import sys; sys.exit()"),
}

SAID = {
    "twice": (duplicate, "is defined in cells .*; the last one counts"),
    "wrong before right": (
        lambda notebook: put(
            notebook, *("x = 1\n" + text(one).split(":\n")[0] + ": pass" for one in exercises(notebook))
        ),
        "is defined in cells .*; the last one counts",
    ),
    "split at the end": (split_at_the_end, "starts in the middle of a block; it was joined to cell"),
    "split at the start": (split_at_the_start, "starts in the middle of a block; it was joined to cell"),
    "markdown": (retype("markdown"), "is not a code cell but defines .*; it was run as code"),
    "raw": (retype("raw"), "is not a code cell but defines .*; it was run as code"),
    "an unknown type": (retype("CODE"), "is not a code cell but defines .*; it was run as code"),
    "no types": (lose_types, "is not a code cell but defines .*; it was run as code"),
    "indented": (indent, "is indented as a whole; the indentation was removed"),
    "future later": (
        edit_sources(lambda source: f"x = 1\nfrom __future__ import annotations\n{source}"),
        "imports from __future__ too late; that import was skipped",
    ),
    "R": (in_metadata(kernelspec={"name": "ir", "language": "R"}), "metadata says R; it was run as Python"),
    "form 3": (make_old, "an old notebook format; it was converted"),
    "cells that are none": (insert_rubbish, "5 cells are too damaged to read and skipped"),
    "NaN": (in_all_cells("outputs", [float("nan"), float("inf")]), "not valid JSON; it was repaired"),
    "half a letter": (in_all_cells("outputs", "\ud800"), "not valid JSON; it was repaired"),
    "conflict in cells": (conflict_in_sources, "contains merge conflict markers; the upper side was used"),
    "too much text": (too_much, "cell 1 is too long and was skipped"),
}


# --- damage to files ----------------------------------------------------------------------------------------------


def conflict(data: bytes) -> bytes:
    """Git left both sides of a conflict in the file."""
    lines = data.decode().split("\n")
    both = ["<<<<<<< HEAD", lines[1], "||||||| base", "=======", ' "cells": [{}', ">>>>>>> theirs"]
    return "\n".join([lines[0], *both, *lines[2:]]).encode()


def conflict_below(data: bytes) -> bytes:
    """Only the lower side of a conflict is JSON."""
    lines = data.decode().split("\n")
    both = ["<<<<<<< HEAD", "oops", "=======", lines[1], ">>>>>>> theirs"]
    return "\n".join([lines[0], *both, *lines[2:]]).encode()


def zipped(data: bytes) -> bytes:
    """A zip file with a notebook and what a Mac adds."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("folder/notebook.ipynb", data)
        packed.writestr("__MACOSX/folder/._notebook.ipynb", b"\0")
    return file.getvalue()


def latin(data: bytes) -> bytes:
    """A comment in Latin-1."""
    return data.replace(b'"import numpy as np', b'"# gr\xf6\xdfe\\nimport numpy as np', 1)


def raw_line_ends(data: bytes) -> bytes:
    """Line ends inside strings, as an editor may write them."""
    return json.dumps(json.loads(data)).replace("\\n", "\n").encode()


def script(data: bytes) -> bytes:
    """The notebook as percent text."""
    notebook = json.loads(data)
    heads = {"code": "# %%", "markdown": "# %% [markdown]"}
    cells = (
        f"{heads[cell['cell_type']]}\n"
        + (text(cell) if cell["cell_type"] == "code" else re.sub(r"^", "# ", text(cell), flags=re.MULTILINE))
        for cell in notebook["cells"]
    )
    return ("# ---\n# jupyter: {}\n# ---\n\n" + "\n\n".join(cells)).encode()


def code_of(data: bytes) -> list[tuple[bool, str]]:
    """Whether each cell is code, and its text; markdown as comments."""
    cells = json.loads(data)["cells"]
    return [
        (is_code := cell["cell_type"] == "code", text(cell) if is_code else re.sub(r"(?m)^", "# ", text(cell)))
        for cell in cells
    ]


def light_script(data: bytes) -> bytes:
    """The notebook as jupytext's light format has it."""
    return "\n\n".join(f"# +\n{source}\n# -" if is_code else source for is_code, source in code_of(data)).encode()


def converted_script(data: bytes) -> bytes:
    """The notebook as nbconvert makes a script of it."""
    cells = (
        f"# In[{number}]:\n\n{source}" if is_code else source for number, (is_code, source) in enumerate(code_of(data))
    )
    return ("#!/usr/bin/env python\n# coding: utf-8\n\n" + "\n\n".join(cells)).encode()


def script_without_marks(data: bytes) -> bytes:
    """The notebook as Colab makes a script of it: words are text, and nothing says where a cell begins."""
    return "\n\n".join(source if is_code else f'"""{source}"""' for is_code, source in code_of(data)).encode()


FILES = {
    "as it is": (lambda data: data, None),
    "CRLF": (lambda data: data.replace(b"\n", b"\r\n"), None),
    "blanks behind": (lambda data: data + b"\n \n\t\r\n", None),
    "byte-order mark": (lambda data: b"\xef\xbb\xbf" + data, "byte-order mark"),
    "UTF-16": (lambda data: data.decode().encode("utf-16"), "UTF-16"),
    "UTF-16 without a mark": (lambda data: data.decode().encode("utf-16-le"), "UTF-16-LE"),
    "UTF-32": (lambda data: data.decode().encode("utf-32"), "UTF-32"),
    "Latin-1": (latin, "is not in UTF-8; accented letters may be wrong"),
    "zeros behind": (lambda data: data + b"\0" * 4096, "ends in empty bytes, which were ignored"),
    "rubbish behind": (lambda data: data + b'}\n<html>"\xff', "continues after the notebook; the rest was ignored"),
    "twice in the file": (lambda data: data + data, "continues after the notebook; the rest was ignored"),
    "line ends in strings": (raw_line_ends, "not valid JSON; it was repaired"),
    "a conflict": (conflict, "merge conflict markers; the upper side of each was used"),
    "a conflict below": (conflict_below, "merge conflict markers; the lower side of each was used"),
    "zip": (zipped, "a zip file named like a notebook; the notebook inside was graded"),
    "script": (script, "a script, not a notebook; its code was graded"),
    "converted script": (converted_script, "a script, not a notebook; its code was graded"),
}

FATAL = {
    "nothing": (b"", "the file is empty"),
    "blanks": (b" \n\n", "the file is empty"),
    "zeros": (b"\0" * 5000, "the file is empty"),
    "cut short": (
        b'{"cells": [{"cell_type": "code", "source": "def window',
        "the file is incomplete or not a notebook",
    ),
    "words": (b"Ich habe es nicht geschafft.", "the file is incomplete or not a notebook"),
    "a web page": (b"\n<!DOCTYPE html><html><body># %% {}</body></html>", "the file is a web page"),
    "a PDF": (b"%PDF-1.7\n\xff", "the file is a PDF"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1\noid sha256:4d", "a Git LFS pointer"),
    "gzip": (gzip.compress(b"{}"), "the file is compressed"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "the file is incomplete or not a notebook"),
    "half a zip": (zipped(b"{}" * 100)[:-30], "a zip file without a readable notebook"),
    "an empty zip": (zipped(b"")[:0] + b"PK\x03\x04", "a zip file without a readable notebook"),
    "a zip in a zip": (zipped(zipped(b"{}")), "incomplete or not a notebook"),
    "a list": (b"[]", "the file cannot be read as a notebook"),
    "no cells": (b'{"nbformat": 4}', "the file cannot be read as a notebook"),
    "a conflict of nothing": (b"{\n<<<<<<< a\n1\n=======\n2\n>>>>>>> b\n", "merge conflict markers"),
    "deep": (b'{"cells": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "the file is incomplete or not a notebook"),
    "deep metadata": (b'{"metadata": ' + b'{"a":' * 9999 + b"1" + b"}" * 10000, "is incomplete or not a notebook"),
    "a great number": (b'{"cells": ' + b"9" * 10_000 + b"}", "the file cannot be read as a notebook"),
    "more braces than cells": (b'{"cells":[' + b"{}," * 2_000_001 + b"{}]}", "the file has over 2,000,000 parts"),
    "more cells than anybody has": (b'{"cells":[' + b"{}," * 20_000 + b"{}]}", "(it has over 20,000 cells)"),
    "more cells, one of them damaged": (b'{"cells":[3,' + b"{}," * 20_000 + b"{}]}", "(it has over 20,000 cells)"),
    "more commas than cells": (b'{"cells":[' + b"0," * 2_000_001 + b"0]}", "the file cannot be read as a notebook"),
}


# --- one at a time ------------------------------------------------------------------------------------------------


def damaged(notebook: Notebook, change: Callable[[Notebook], object]) -> bytes:
    """A copy with a change, as a file."""
    one = copy.deepcopy(notebook)
    change(one)
    return json.dumps(one, indent=1).encode()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("change", PLAIN.values(), ids=PLAIN.keys())
def test_damage_that_nobody_misses_costs_nothing(
    grader: Grader, answers: dict[str, Notebook], name: str, change: Callable[[Notebook], object]
) -> None:
    """Where no repair is needed, full marks are all there is to say."""
    report = mark(grader, damaged(answers[name], change), name)

    assert report.marks == report.out_of, report.remarks


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("change", "remark"), SAID.values(), ids=SAID.keys())
def test_damage_to_cells_is_repaired_and_said(
    grader: Grader, answers: dict[str, Notebook], name: str, change: Callable[[Notebook], object], remark: str
) -> None:
    """A repair costs no marks, and is a remark."""
    report = mark(grader, damaged(answers[name], change), name)

    assert report.marks == report.out_of, report.remarks
    assert re.search(remark, "\n".join(report.remarks))


@pytest.mark.parametrize(("change", "remark"), FILES.values(), ids=FILES.keys())
def test_damage_to_a_file_is_repaired_and_said(
    grader: Grader, answers: dict[str, Notebook], change: Callable[[bytes], bytes], remark: str | None
) -> None:
    """What can be read is marked, whatever became of its bytes."""
    data = change(json.dumps(answers["01_one_window"], indent=1).encode())

    report = mark(grader, data, "01_one_window")

    assert report.marks == report.out_of, report.remarks
    assert re.search(remark, "\n".join(report.remarks)) if remark else report.remarks == []


@pytest.mark.parametrize("name", [*NAMES, "05_channels_and_filters"])
@pytest.mark.parametrize("change", [script, converted_script, light_script, script_without_marks])
def test_a_script_gets_the_marks_of_its_notebook(grader: Grader, name: str, change: Callable[[bytes], bytes]) -> None:
    """Whatever made it, and whether or not it says where cells begin; nothing of the course's own is a trouble."""
    assignment = grader.course.find(name)
    assert assignment is not None
    data = change(build.notebook(grader.course, assignment, solved=True).encode())

    report = mark(grader, data, name, ".py")

    assert report.marks == report.out_of, report.remarks
    assert report.remarks == ["the file is a script, not a notebook; its code was graded"]


@pytest.mark.parametrize(("data", "words"), FATAL.values(), ids=FATAL.keys())
def test_a_file_without_a_notebook_gets_a_sentence(grader: Grader, data: bytes, words: str) -> None:
    """No marks, and one remark that says what the file is and what to do."""
    report = mark(grader, data, "01_one_window")

    assert (report.marks, report.out_of) == (0, 10)
    assert [words in remark and "submit" in remark for remark in report.remarks] == [True], report.remarks


def test_a_lost_function_is_missed_and_the_other_keeps_its_marks(grader: Grader, answers: dict[str, Notebook]) -> None:
    """A deleted answer costs itself, and is said."""
    notebook = copy.deepcopy(answers["01_one_window"])
    notebook["cells"].remove(exercises(notebook)[1])

    report = mark(grader, json.dumps(notebook).encode(), "01_one_window")

    assert [(one.function, one.marks) for one in report.exercises] == [("window_sum", 4), ("conv2d_valid", 0)]
    assert report.remarks == ["the cell with conv2d_valid is missing; the empty starter was used"]


@pytest.mark.parametrize(
    ("source", "words"),
    [
        (
            "def window_sum(patch, kernel):\n    return 0\n\n"
            "def window_sum(patch, kernel):\n    raise NotImplementedError",
            r"window_sum is defined 2 times in cell \d+; the last one counts",
        ),
        (
            "class Answer:\n    def window_sum(self, patch, kernel):\n        return 0",
            "window_sum is defined inside another function or a class; move its `def` to the left margin",
        ),
    ],
)
def test_a_definition_that_nothing_finds_is_named(
    grader: Grader, answers: dict[str, Notebook], source: str, words: str
) -> None:
    """Where the empty stub stands below an answer, or an answer stands inside something else."""
    notebook = copy.deepcopy(answers["01_one_window"])
    cell = next(one for one in exercises(notebook) if "def window_sum" in text(one))
    cell["source"] = source

    report = mark(grader, json.dumps(notebook).encode(), "01_one_window")

    assert report.exercises[0].state == "not solved yet"
    assert [one for one in report.remarks if re.fullmatch(words, one)] == list(report.remarks)


def test_the_last_of_two_definitions_counts(grader: Grader, answers: dict[str, Notebook]) -> None:
    """A wrong one further down costs its marks, and both places are named."""
    notebook = copy.deepcopy(answers["01_one_window"])
    put(notebook, "def window_sum(patch, kernel): return 0", at=1000)

    report = mark(grader, json.dumps(notebook).encode(), "01_one_window")

    assert report.exercises[0].marks < 4
    assert any(re.match(r"window_sum is defined in cells \d+, \d+; the last one counts", one) for one in report.remarks)


def test_a_draft_that_is_no_code_does_not_replace_an_answer(grader: Grader, answers: dict[str, Notebook]) -> None:
    """Cells of words are run only for what is defined nowhere else."""
    notebook = copy.deepcopy(answers["01_one_window"])
    notebook["cells"].append({"cell_type": "raw", "source": "def window_sum(patch, kernel): return 0", "metadata": {}})

    report = mark(grader, json.dumps(notebook).encode(), "01_one_window")

    assert (report.marks, report.remarks) == (10, [])


@pytest.mark.parametrize("words", ["```python\ndef scale(x): pass\n```", "<b>\nscale = 3\n</b>"])
def test_code_that_is_shown_in_words_is_not_run(course: Course, words: str) -> None:
    """A cell that explains an answer is no answer."""
    data = json.dumps({"cells": [{"cell_type": "markdown", "source": words}]}).encode()
    submitted = submission.read(notebook.parse(data, Path("scaling.ipynb")), "ada", course, course.assignments[0])

    assert len(submitted.cells) == 1


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("01_one_window.ipynb.txt", None),
        ("01_one_window (1).ipynb", None),
        ("01_one_window-Copy2.ipynb", None),
        ("lovelaceada_LATE_12345_67890_01_one_window-1.ipynb", None),
        ("HW 1_attempt_jdoe_2026-01-02-03-04-05_01_one_window.ipynb.json", None),
        ("'\"\n<b>\u0633\u0644\u0627\u0645\u202e.ipynb", "by its functions it is 01_one_window"),
        ("Untitled.ipynb", "by its functions it is 01_one_window"),
        ("06_pooling_no.ipynb", "by its functions it is 01_one_window"),
    ],
)
def test_a_renamed_file_without_metadata_is_known(
    grader: Grader, answers: dict[str, Notebook], name: str, remark: str | None
) -> None:
    """By the end of its name, or by the functions in it, and then that is said."""
    data = damaged(answers["01_one_window"], lose_metadata)

    report = grader.grade(notebook.parse(data, Path(name)), "ada")

    assert (report.assignment, report.marks) == ("01_one_window", 10)
    assert [remark in one for one in report.remarks if remark] == ([True] if remark else [])


# --- size ---------------------------------------------------------------------------------------------------------


def test_outputs_of_60_mb_are_passed_over(grader: Grader, answers: dict[str, Notebook], tmp_path: Path) -> None:
    """The file is held in memory once, and its outputs are not decoded."""
    text = json.dumps(answers["01_one_window"]).encode()
    path = tmp_path / "01_one_window.ipynb"
    with path.open("wb") as file:
        file.write(text[:-1] + b', "outputs": ["')
        for _ in range(60):
            file.write(b"x" * (1 << 20))
        file.write(b'"]}')
    tracemalloc.start()

    file_read = notebook.open_file(path)

    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    report = grader.grade(file_read, "ada")
    assert (report.marks, report.remarks) == (10, [])
    assert peak < 70 << 20


def test_a_file_that_grows_while_it_is_read_is_bounded(tmp_path: Path) -> None:
    """No more than a file's size is read; a sparse file of 1 TB is refused without reading much."""
    path = tmp_path / "01_one_window.ipynb"
    with path.open("wb") as file:
        file.truncate(1 << 40)
        os.pwrite(file.fileno(), b"{}", 0)

    file_read = notebook.open_file(path)

    assert file_read.trouble == "the file has over 256 MiB; clear its outputs and submit it again"


def test_a_zip_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes out of a zip file is bounded like any file."""
    monkeypatch.setattr(notebook, "LARGEST", 1 << 20)

    file = notebook.parse(zipped(b" " * (2 << 20)), Path("01_one_window.ipynb"))

    assert file.trouble == "the file has over 1 MiB; clear its outputs and submit it again"


def test_a_source_of_blank_lines_takes_no_time(course: Course) -> None:
    """Nothing that looks for a definition goes over the same lines again and again."""
    data = json.dumps({"cells": [code("\n" * 1_000_000), code("<<<<<<< a\n" * 100_000), code("def scale" * 99_999)]})

    submitted = submission.read(
        notebook.parse(data.encode(), Path("scaling.ipynb")), "ada", course, course.assignments[0]
    )

    assert len(submitted.cells) == 3


# --- several at once ----------------------------------------------------------------------------------------------

# in the order in which they can be done: what looks for answers by their metadata comes before it is lost
TOGETHER = [
    "markdown",
    "indented",
    "reversed",
    "CRLF",
    "blanks at line ends",
    "zeros in sources",
    "magics",
    "rubbish behind",
    "ids repeated",
    "metadata lost",
    "outputs are a number",
    "no form",
    "no metadata at all",
    "NaN",
    "cells that are none",
]
WRAPPED = ["as it is", "byte-order mark", "UTF-16", "zeros behind", "rubbish behind", "zip"]


@pytest.fixture(scope="module")
def mark_damaged(grader: Grader, answers: dict[str, Notebook]) -> Callable[[list[str], str], Report]:
    """Does several kinds of damage to a right notebook, and marks it."""

    def damage_and_mark(kinds: list[str], wrapping: str) -> Report:
        notebook = copy.deepcopy(answers["01_one_window"])
        for kind in kinds:
            change = PLAIN[kind] if kind in PLAIN else SAID[kind][0]
            change(notebook)
        return mark(grader, FILES[wrapping][0](json.dumps(notebook).encode()), "01_one_window")

    return damage_and_mark


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.lists(st.sampled_from(TOGETHER), min_size=2, max_size=5, unique=True), st.sampled_from(WRAPPED))
def test_damage_of_several_kinds_costs_nothing(
    mark_damaged: Callable[[list[str], str], Report], kinds: list[str], wrapping: str
) -> None:
    """Whatever came together, the functions are found."""
    report = mark_damaged(sorted(kinds, key=TOGETHER.index), wrapping)

    assert report.marks == report.out_of, report.remarks
