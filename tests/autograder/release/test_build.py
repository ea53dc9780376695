"""Text notebooks and declarations become what students and instructors get."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograder.course.folder import Course, load_course
from autograder.errors import CourseError
from autograder.release import build
from tests.autograder.conftest import EXERCISES, NOTEBOOK


def cells(course: Course, *, solved: bool = False) -> dict[str, Any]:
    """The built cells by their ids."""
    built = nbformat.reads(build.notebook(course, course.assignments[0], solved=solved), as_version=4)
    nbformat.validate(built)
    return {cell["id"]: cell for cell in built.cells}


def test_a_release_has_stubs_and_no_solution(course: Course) -> None:
    """What students get holds no model answer, no hidden case and no seed."""
    files = build.release(course, course.assignments[0])
    text = "".join(file.text for file in files)

    assert [str(file.path) for file in files] == ["scaling/scaling.ipynb", "scaling/answer_key.json"]
    assert "your turn" in text
    assert "return x * factor" not in text
    assert "np.sum" not in text
    assert all(trial.keys() >= {"expected"} for trial in json.loads(files[1].text)["exercises"]["scale"]["trials"])


def test_model_answers_are_pasted(course: Course) -> None:
    """Instructors get the source of the model answers in the place of stubs and predictions."""
    solved = cells(course, solved=True)

    assert solved["exercise-scale"].source == "def scale(x, factor=2):\n    return x * factor"
    assert solved["predict-doubled"].source == "doubled = [2, 4]"


def test_cells_have_lasting_ids(course: Course) -> None:
    """Two builds are the same, letter for letter."""
    assignment = course.assignments[0]

    assert build.notebook(course, assignment) == build.notebook(course, assignment)
    assert {"exercise-scale", "check-scale", "predict-doubled", "exercise-total"} <= set(cells(course))


def test_nbgrader_finds_its_metadata(course: Course) -> None:
    """Answers are solution cells, checks are locked and carry the exercise's marks."""
    found = {name: cell.metadata["nbgrader"] for name, cell in cells(course).items() if "nbgrader" in cell.metadata}

    assert found["exercise-scale"] == {
        "grade": False,
        "grade_id": "exercise-scale",
        "locked": False,
        "schema_version": 3,
        "solution": True,
        "task": False,
    }
    assert (found["check-scale"]["grade"], found["check-scale"]["locked"], found["check-scale"]["points"]) == (
        True,
        True,
        6,
    )
    assert (found["check-doubled"]["grade"], found["check-doubled"]["locked"]) == (False, True)


def test_prose_shows_facts(course: Course) -> None:
    """Numbers in prose are put there by the build."""
    assert "There are 3 parts." in cells(course)["markdown-0"].source


def test_figures_are_in_the_release(course: Course) -> None:
    """A provided figure has been run; cells of students have not."""
    built = cells(course)

    assert built["figure-2"].outputs[0]["data"] == {"text/plain": "array([0, 2, 4])"}
    assert built["exercise-scale"].outputs == []


def test_no_figure_answers_the_question_above_it(new_course: Callable[..., Path]) -> None:
    """After a prediction the rest of its section has no stored figure, which could show the answer; yet all are run."""
    asked = "check(doubled=doubled)\n"
    figures = "# %% figure=true\nMORE = NUMBERS + 1\nMORE\n\n# %% [markdown]\n# ## Next\n\n# %% figure=true\nMORE * 3\n"
    notebook = NOTEBOOK.replace(asked, f"{asked}\n{figures}")
    built = cells(load_course(new_course(notebook=notebook))).values()
    stored = [(cell.source.splitlines()[-1], len(cell.outputs)) for cell in built if cell.id.startswith("figure")]

    assert stored == [("NUMBERS * 2", 1), ("MORE", 0), ("MORE * 3", 1)]


def test_an_exercise_has_its_box_and_hints(course: Course) -> None:
    """Difficulty, minutes, marks and every behaviour stand before the stub, hints behind the check."""
    text = "\n".join(cell.source for cell in cells(course).values() if cell.cell_type == "markdown")

    assert "**Exercise: `scale`** · difficulty ★☆☆" in text
    assert "\n| factor | The factor is used. | 3 |" in text
    assert "**Stuck?** `hint(scale)` helps with your current mistake" in text
    assert "<details><summary>it is &lt; <code>x</code></summary>" in text


@pytest.mark.parametrize(
    ("notebook", "exercises", "words"),
    [
        (
            NOTEBOOK.replace("<<three>>", "<<four>>"),
            EXERCISES,
            "'four' is undefined. Prose may use only the assignment's facts",
        ),
        (NOTEBOOK.replace("NUMBERS * 2", "1 / 0"), EXERCISES, "a provided cell raises ZeroDivisionError"),
    ],
)
def test_an_author_is_told_what_cannot_be_built(
    new_course: Callable[..., Path], notebook: str, exercises: str, words: str
) -> None:
    """A text notebook that cannot be built ends in a CourseError with the reason."""
    course = load_course(new_course(notebook=notebook, exercises=exercises))

    with pytest.raises(CourseError) as caught:
        build.notebook(course, course.assignments[0])
    assert words in str(caught.value)


def test_only_what_changed_is_written(course: Course, tmp_path: Path) -> None:
    """A second build writes nothing; a changed or strange file is found."""
    files = build.release(course, course.assignments[0])

    assert len(build.write(files, tmp_path)) == 2
    assert build.write(files, tmp_path) == []
    assert build.stale(files, tmp_path) == []
    (tmp_path / "scaling" / "scaling.ipynb").write_text("{}")
    (tmp_path / "scaling" / "left_over.txt").write_text("")
    assert [path.name for path in build.stale(files, tmp_path)] == ["left_over.txt", "scaling.ipynb"]
