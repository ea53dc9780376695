"""The reader of notebooks, fuzzed: whatever bytes a student hands in, it says what is in them and never fails."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from autograder.course.folder import Course
from autograder.handed_in import submission
from autograder.handed_in.notebook import SubmittedFile, parse
from tests.autograder.conftest import SCALE, TOTAL, notebook_text
from tests.strategies import law

PATH = Path("scaling.ipynb")
RIGHT = notebook_text(SCALE, TOTAL)
# What has led readers of JSON, of notebooks and of Python astray.
ODD_TEXTS = [
    "\ud800",
    "\udfff\ud800",
    "\0",
    "\ufeff",
    "\r",
    "\n" * 50,
    " \n" * 50,
    "%%html\n",
    "%%",
    "!",
    "x?",
    "'''",
    "(" * 300,
    "\\",
    "def scale(",
    "  return 1",
    "if 1:",
    "<<<<<<< a\n=======\n>>>>>>> b\n",
    "from __future__ import annotations",
    "```",
    "<b>",
    "a" * 300,
    "code",
    "markdown",
]
texts = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from([*ODD_TEXTS, SCALE, TOTAL]), max_size=6).map("".join),
    st.text(st.characters(codec=None), max_size=10),
)
# the last one is written with 5,000 digits
numbers = st.one_of(st.integers(), st.floats(), st.just(10**200))
names = st.sampled_from(
    [
        "cells",
        "cell_type",
        "source",
        "input",
        "metadata",
        "autograder",
        "assignment",
        "names",
        "worksheets",
        "nbformat",
        "kernelspec",
        "language",
        "language_info",
        "version",
        "outputs",
    ]
)
leaves = st.none() | st.booleans() | numbers | texts
trees = st.recursive(
    leaves,
    lambda inside: st.lists(inside, max_size=5) | st.dictionaries(names | texts, inside, max_size=6),
    max_leaves=30,
)


def written(tree: Any) -> bytes:
    """JSON of a tree, in which any letter may stand, half ones as well."""
    return _dumps(tree).encode("utf-8", "surrogatepass")


def _dumps(tree: Any) -> str:
    match tree:
        case dict():
            return "{" + ",".join(f"{_dumps(name)}:{_dumps(one)}" for name, one in tree.items()) + "}"
        case list():
            return "[" + ",".join(map(_dumps, tree)) + "]"
        case int() if abs(tree) > 10**100:
            return "9" * 5000
        case _:
            return json.dumps(tree, ensure_ascii=False)


def require_reading(data: bytes, course: Course, path: Path = PATH) -> None:
    """Whatever it is, it is told what it is, in text that can be written; and it can be read as a submission."""
    file = parse(data, path)

    assert isinstance(file, SubmittedFile)
    assert (file.cells is None) == (file.trouble is not None)
    submission.assignment_of(file, course)
    said = [*file.remarks, file.trouble or "", file.written_with]
    if file.cells is not None:
        submitted = submission.read(file, "ada", course, course.assignments[0])
        said += [*submitted.remarks, *(cell.source for cell in submitted.cells)]
        said += [cell.label for cell in submitted.cells]
    "".join(said).encode()


@law
@given(data=st.one_of(st.binary(max_size=200), texts.map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_any_bytes_are_read(course: Course, data: bytes) -> None:
    """Bytes that nobody has made to be a notebook."""
    require_reading(data, course)
    require_reading(data, course, Path("scaling.py"))


@law
@given(data=trees.map(written))
def test_any_json_is_read(course: Course, data: bytes) -> None:
    """JSON of any shape, with the names of a notebook in any place."""
    require_reading(data, course)


@law
@given(cells=st.lists(st.tuples(st.sampled_from(["code", "markdown", "raw"]), texts | st.lists(leaves)), max_size=8))
def test_any_cells_are_read(course: Course, cells: list[tuple[str, Any]]) -> None:
    """Cells of any text, in their order, or of lines that need not be text."""
    made = [{"cell_type": kind, "source": text, "metadata": {}} for kind, text in cells]

    require_reading(written({"cells": made, "metadata": {}}), course)


@law
@given(data=st.data())
def test_any_change_of_a_tree_is_read(course: Course, data: st.DataObject) -> None:
    """A right notebook in which one or more values are any others."""
    tree = copy.deepcopy(json.loads(RIGHT))
    for _ in range(data.draw(st.integers(1, 3))):
        place: Any = tree
        while True:
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            key = data.draw(st.sampled_from(keys)) if keys else None
            if key is None or not isinstance(place[key], dict | list) or data.draw(st.booleans()):
                break
            place = place[key]
        if key is not None:
            place[key] = data.draw(trees)

    require_reading(written(tree), course)


@law
@given(data=st.data())
def test_any_change_of_bytes_is_read(course: Course, data: st.DataObject) -> None:
    """A right notebook with bytes left out, put in and changed."""
    changed = bytearray(RIGHT.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(changed)))
        end = min(start + data.draw(st.integers(0, 20)), len(changed))
        changed[start:end] = data.draw(st.binary(max_size=20) | st.sampled_from([b'"', b"{", b"]", b"\\ud800", b"\0"]))

    require_reading(bytes(changed), course)
