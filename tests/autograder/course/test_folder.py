"""A course folder, read and held against itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.course import versions
from autograder.course.folder import Course, load_course
from autograder.errors import CourseError
from autograder.sandbox.limits import Limits
from tests.autograder.conftest import EXERCISES, NOTEBOOK


def test_blocks_have_their_roles(course: Course) -> None:
    """Every cell's option becomes a role, with the names it is about."""
    blocks = course.blocks(course.assignments[0])

    assert [block.role for block in blocks] == [
        *("prose", "setup", "figure", "predict", "check", "exercise", "check", "exercise", "show"),
    ]
    assert blocks[5].names == ["scale"]


def release_after(folder: Path, name: str, text: str) -> str:
    """The release of a course after one of its files was written."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(text)
    course = load_course(folder)
    return course.release(course.assignments[0])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("exercises/more.py", "another = 'case'"),
        ("exercises/__init__.py", EXERCISES.replace("x * factor", "factor * x", 1)),
        ("notebooks/scaling.py", NOTEBOOK + "# more words"),
        ("data/table.csv", "1,2"),
    ],
)
def test_a_release_is_named_by_what_it_asks(new_course: Callable[..., Path], name: str, text: str) -> None:
    """The digest changes when the notebook, an exercise or the data do."""
    folder = new_course()
    before = release_after(folder, "exercises/__init__.py", EXERCISES)

    assert release_after(folder, name, text) != before


def test_texts_that_cannot_matter_leave_a_release_as_it_is(new_course: Callable[..., Path]) -> None:
    """Comments and type hints decide no mark, so that no mark is stale because of them."""
    folder = new_course()
    before = release_after(folder, "exercises/__init__.py", EXERCISES)
    hinted = EXERCISES.replace("def total(x):", "def total(x: list) -> float:  # all of them")

    assert hinted != EXERCISES
    assert release_after(folder, "exercises/__init__.py", hinted) == before


def test_a_changed_hint_makes_a_new_release(new_course: Callable[..., Path]) -> None:
    """Hints are in the answer key, so that students get them with a release."""
    folder = new_course()
    (folder / "hints").mkdir()
    hints = folder / "hints" / "scaling.md"
    hints.write_text("## scale")
    course = load_course(folder)
    before = course.release(course.assignments[0]), versions.of(course).course
    (folder / "hints" / "README.md").write_text("How to write one.")
    assert load_course(folder).digest == course.digest

    hints.write_text("## scale, in other words")

    changed = load_course(folder)
    assert changed.release(changed.assignments[0]) != before[0]
    assert versions.of(changed).course != before[1]


def test_a_slip_in_a_hint_is_told_as_it_was_written(new_course: Callable[..., Path]) -> None:
    """A sentence that names the author's file is not wrapped in another one."""
    slip = "from autograder.errors import CourseError\nraise CourseError('hints/scaling.md, line 3: no pointer.')\n"

    with pytest.raises(CourseError, match=r"^hints/scaling\.md, line 3: no pointer\.$"):
        load_course(new_course(exercises=slip))


def test_a_course_sets_its_own_limits(new_course: Callable[..., Path], course: Course) -> None:
    """What it does not name is as by default; a report names them all."""
    declared = "\nfrom autograder.sandbox.limits import Limits\nLIMITS = Limits(call_seconds=5)\n"

    own = load_course(new_course(exercises=EXERCISES + declared))

    assert own.limits == Limits(call_seconds=5)
    assert course.limits == Limits()


@pytest.mark.parametrize(
    ("exercises", "notebook", "words"),
    [
        (
            EXERCISES.replace('The factor is used.", 3', 'The factor is used.", -3'),
            NOTEBOOK,
            "'factor': marks is -3. Use whole marks, 0 or more",
        ),
        (EXERCISES.replace('"factor",', '"twice",'), NOTEBOOK, "'twice' is declared twice"),
        (
            EXERCISES,
            NOTEBOOK.replace('exercise="total"', 'exercise="sum"'),
            "'total' is declared, but no cell has exercise=\"total\"",
        ),
        (
            EXERCISES,
            NOTEBOOK + '\n# %% exercise="more"\npass\n',
            "a cell has exercise=\"more\", but 'more' is not declared",
        ),
        (EXERCISES, NOTEBOOK + '\n# %% exercise="total"\npass\n', "'total' is declared twice"),
        (EXERCISES.replace("answer=total", "answer=scale"), NOTEBOOK, "its model answer is named 'scale'"),
        ("1 / 0", NOTEBOOK, "importing the exercises raises ZeroDivisionError('division by zero')"),
        (
            EXERCISES.replace('"scaling",', '"other",'),
            NOTEBOOK,
            "other.py does not exist. Write it for assignment 'other'",
        ),
        (
            EXERCISES + "\nLIMITS = {'call_seconds': 5}\n",
            NOTEBOOK,
            "Make it with autograder.sandbox.limits.Limits",
        ),
        (
            EXERCISES + "\nfrom autograder.sandbox.limits import Limits\nLIMITS = Limits(call_seconds=0)\n",
            NOTEBOOK,
            "call_seconds is 0. Use a number above 0",
        ),
    ],
)
def test_an_author_is_told_what_does_not_fit(
    new_course: Callable[..., Path], exercises: str, notebook: str, words: str
) -> None:
    """What is declared and what stands in the notebook have to agree."""
    with pytest.raises(CourseError) as caught:
        load_course(new_course(exercises=exercises, notebook=notebook))
    assert words in str(caught.value)


def test_one_notebook_is_enough_where_only_one_is_marked(new_course: Callable[..., Path]) -> None:
    """Others are not read, and what is wrong with one is told when it is."""
    course = load_course(new_course(exercises=EXERCISES, notebook="# %% [markdown]\n# Nothing\n"), whole=False)

    with pytest.raises(CourseError, match="is declared, but no cell has exercise="):
        course.blocks(course.assignments[0])


def test_a_folder_without_a_course_is_named(tmp_path: Path) -> None:
    """Any other folder is refused, with what a course holds."""
    with pytest.raises(CourseError, match="not a course folder, as it has no notebooks"):
        load_course(tmp_path)
