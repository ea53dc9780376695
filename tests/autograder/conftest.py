"""A course of two functions that has nothing to do with convolution, and ways to submit to it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell, new_notebook, writes

from autograder.course.folder import Course, load_course

EXERCISES = """
import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Hint, Prediction


class Mistake:
    convention = False
    over = None

    def __init__(self, id, name, function):
        self.id, self.name, self.function = id, name, function
        self.says = f"This is {name}."
        self.read_again = 'notebook "Scaling"'


def reference_scale(x, factor=2):
    return np.asarray(x) * factor


def reference_total(x):
    return np.asarray(x).sum()


def scale(x, factor=2):
    return x * factor


def total(x):
    return np.sum(x)


def draw(rng, *shape):
    return rng.integers(1, 9, shape).astype(float)


def halve(x):
    x *= 0.5
    return x * 4


ASSIGNMENTS = [
    Assignment(
        "scaling",
        "Scaling",
        exercises=[
            Exercise(
                "scale",
                reference=reference_scale,
                answer=scale,
                behaviours=[
                    Behaviour("twice", "By default every number doubles.", 2, lambda rng: [Case(x=draw(rng, 2, 3))],
                              examples=[Case(x=np.array([[1.0, 2.0]]))]),
                    Behaviour("factor", "The factor is used.", 3, lambda rng: [Case(x=draw(rng, 4), factor=3)]),
                    Behaviour("input left alone", "x is the same afterwards.", 1, lambda rng: [Case(x=draw(rng, 3))],
                              inputs_unchanged=True),
                ],
                mistakes=[
                    Mistake("S1", "the ignored factor", lambda x, factor=2: x * 2),
                    Mistake("S2", "a power", lambda x, factor=2: x**factor),
                    Mistake("S3", "a minus", lambda x, factor=2: -x * factor),
                    Mistake("S4", "the same minus", lambda x, factor=2: x * -factor),
                    Mistake("S5", "a changed input", lambda x, factor=2: halve(x) * factor / 2),
                    Mistake("S6", "a crash", lambda x, factor=2: x[99]),
                ],
                hints=[
                    Hint("it is < `x`", "By how much?", "Look at factor.", "`x * factor`"),
                    Hint("The factor does nothing", "Is it read?", "Use factor.", "`* factor`", about=["S1"]),
                    Hint("Something is wrong", "What?", "Where?", "`x * factor`",
                         about=["factor", "input left alone: values"]),
                    Hint("NumPy wants an index", "Which one?", "A number.", "`x[0]`", about=["raised: valid indices"]),
                    Hint("I do not know how to start", "Do you?", "Look.", "`return`", about=["not solved yet"]),
                ],
            ),
            Exercise(
                "total",
                reference=reference_total,
                answer=total,
                behaviours=[Behaviour("sum", "All numbers are added.", 4, lambda rng: [Case(x=draw(rng, 5))])],
            ),
        ],
        predictions=[Prediction("doubled", [2, 4], slips=[([1, 4], "The first one doubles as well.")])],
        facts={"three": 3},
    )
]
"""

NOTEBOOK = """
# %% [markdown]
# # Scaling
# There are <<three>> parts.

# %% setup=true
import numpy as np

NUMBERS = np.arange(3)

# %% figure=true
NUMBERS * 2

# %% predict="doubled"
doubled = None

# %% check="doubled"
check(doubled=doubled)

# %% exercise="scale"
def scale(x, factor=2):
    raise NotImplementedError("your turn")

# %% check="scale"
check(scale)

# %% exercise="total"
def total(x):
    raise NotImplementedError("your turn")

# %% show=true
print(total(NUMBERS))
"""

SCALE = "def scale(x, factor=2):\n    return x * factor"
TOTAL = "def total(x):\n    return x.sum()"


def write_course(folder: Path, exercises: str = EXERCISES, notebook: str = NOTEBOOK) -> Path:
    """Write a course folder with one notebook."""
    (folder / "exercises").mkdir(parents=True)
    (folder / "notebooks").mkdir()
    (folder / "exercises" / "__init__.py").write_text(exercises)
    (folder / "notebooks" / "scaling.py").write_text(notebook.lstrip())
    return folder


@pytest.fixture(scope="session")
def course_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the small course."""
    return write_course(tmp_path_factory.mktemp("courses") / "scaling_course")


@pytest.fixture(scope="session")
def course(course_folder: Path) -> Course:
    """The small course, loaded."""
    return load_course(course_folder)


@pytest.fixture
def new_course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Path]]:
    """Writes another course folder, and forgets the modules that were loaded from it."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield lambda **parts: write_course(tmp_path / f"course_{tmp_path.name}", **parts)
    for name in set(sys.modules) - before:
        if name.startswith("course_"):
            del sys.modules[name]


def notebook_text(*cells: str, assignment: str | None = "scaling") -> str:
    """An .ipynb file with these code cells."""
    metadata = {"autograder": {"assignment": assignment}} if assignment else {}
    return str(writes(new_notebook(cells=[new_code_cell(cell) for cell in cells], metadata=metadata)))


@pytest.fixture
def submit(tmp_path: Path) -> Callable[..., Path]:
    """Writes a notebook of these cells and gives its path."""

    def write(*cells: str, student: str = "ada", assignment: str | None = "scaling") -> Path:
        path = tmp_path / "submitted" / student / "scaling" / "scaling.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(notebook_text(*cells, assignment=assignment))
        return path

    return write
