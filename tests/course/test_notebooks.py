"""The notebooks as people run them: from top to bottom, solved and unsolved, in a kernel."""

from __future__ import annotations

import ast
import inspect
import os
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from autograder.course.exercise import Assignment
from autograder.course.folder import load_course
from autograder.release import build
from course.exercises import ASSIGNMENTS
from solutions.reference import conv

ROOT = Path(__file__).parents[2]
SECONDS = 30

each_assignment = pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda assignment: assignment.name)

NO_NETWORK = """
import sys

def refuse(event, arguments):
    if event == "socket.connect" and not (isinstance(arguments[1], tuple) and arguments[1][0] == "127.0.0.1"):
        raise ConnectionError(f"a notebook asks for {arguments[1]}")

sys.addaudithook(refuse)
"""


def run(assignment: Assignment, folder: Path, *, solved: bool) -> list[Any]:
    """Run a notebook beside its answer key; returns its code cells with their outputs."""
    course = load_course(ROOT / "course")
    shutil.copytree(ROOT / "course" / "release" / assignment.name, folder / assignment.name)
    notebook = nbformat.reads(build.notebook(course, assignment, solved=solved), as_version=4)
    notebook.cells.insert(0, new_code_cell(NO_NETWORK))
    client = NotebookClient(notebook, timeout=SECONDS, resources={"metadata": {"path": str(folder / assignment.name)}})
    client.execute(env={**os.environ, "PYTHONWARNINGS": "default"})
    return [cell for cell in notebook.cells[1:] if cell.cell_type == "code"]


def words(cell: Any) -> str:
    """What a cell says as text."""
    data = [output.get("data", {}).get("text/plain", output.get("text", "")) for output in cell.outputs]
    return "".join(data)


@each_assignment
def test_no_sentence_becomes_a_list(assignment: Assignment) -> None:
    """A number that a sentence ends with does not start a line, where browsers take it for an item of a list."""
    prose = [block.source for block in load_course(ROOT / "course").blocks(assignment) if not block.is_code]
    broken = [found for text in prose for found in re.findall(r"[a-z]\n *\d+\. .*", text)]

    assert broken == []


def test_notebook_07_quotes_the_reference() -> None:
    """The line that it shows is the one in the reference's source that multiplies windows by filters."""
    sums = {"np.einsum", "np.matmul", "np.dot", "np.tensordot"}
    source = inspect.getsource(conv)
    lines = [
        ast.get_source_segment(source, node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and ast.unparse(node.value.func) in sums
    ]
    course = load_course(ROOT / "course")
    (assignment,) = (one for one in course.assignments if one.name == "07_from_loops_to_einsum")
    notebook = nbformat.reads(build.notebook(course, assignment, solved=False), as_version=4)

    assert len(lines) == 1
    assert any(f"```python\n{lines[0]}\n```" in cell.source for cell in notebook.cells)


@each_assignment
@pytest.mark.parametrize("solved", [True, False], ids=["model answers", "stubs"])
def test_a_notebook_runs_from_top_to_bottom(assignment: Assignment, tmp_path: Path, *, solved: bool) -> None:
    """No cell raises or writes to stderr; every check says that model answers are right, and of nothing else."""
    cells = run(assignment, tmp_path, solved=solved)

    outputs = [output for cell in cells for output in cell.outputs]
    assert [output.get("text") for output in outputs if output.get("name") == "stderr"] == []
    checks = [words(cell) for cell in cells if cell.metadata.get("autograder", {}).get("role") == "check"]
    assert checks
    for said in checks:
        lines = [line for line in said.splitlines() if not line.startswith("Not tried here, ")]
        right = [line for line in lines if line.endswith((": right", "Hidden cases decide the mark."))]
        assert right == (lines if solved else []), said
        assert "Traceback" not in said


def test_a_stub_is_not_solved_yet(tmp_path: Path) -> None:
    """A student who has written nothing reads that, and no error."""
    cells = run(ASSIGNMENTS[1], tmp_path, solved=False)
    checks = {
        cell.metadata["autograder"]["names"][0]: words(cell) for cell in cells if cell.source.startswith("check(")
    }

    assert checks["conv2d_valid"] == "conv2d_valid: not solved yet"
    assert checks["strip_output"] == "strip_output: not answered yet"


def test_bytes_wrap_round_between_arrays_only() -> None:
    """What notebooks 00 and 01 say of bytes is what NumPy does, without a warning where none is promised."""
    pixels = np.array([3, 250], np.uint8)

    assert (pixels - np.array([4, 0], np.uint8))[0] == 255
    assert (pixels + np.array([0, 10], np.uint8))[1] == 4
    for refused in ("np.uint8(-1)", "pixels.__setitem__(0, -1)", "pixels + 300"):
        with pytest.raises(OverflowError):
            eval(refused, {"np": np, "pixels": pixels})  # noqa: S307  the words above


@each_assignment
def test_a_star_is_no_convolution(assignment: Assignment) -> None:
    """`*` multiplies cell by cell in every notebook's code, so that formulas never use it for laying a kernel on."""
    blocks = load_course(ROOT / "course").blocks(assignment)
    formulas = [one for block in blocks if not block.is_code for one in re.findall(r"\$[^$]+\$", block.source)]

    assert [one for one in formulas if re.search(r"X\s*\*|\*\s*K", one)] == []
