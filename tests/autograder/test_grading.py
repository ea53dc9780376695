"""One submission through all stages, and many."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import nbformat
import numpy as np
import pytest

import autograder
from autograder import batch
from autograder.course import Course
from autograder.errors import UsageError
from autograder.limits import Limits
from autograder.model import Report
from autograder.report import files
from autograder.report.sentences import predictions, troubles
from tests.autograder.conftest import SCALE, TOTAL, notebook_text

LIMITS = Limits(call_seconds=1)
_grade = batch._grade


def grade(course: Course, *cells: str) -> Report:
    """Mark a notebook of these cells."""
    notebook = nbformat.reads(notebook_text(*cells), as_version=4)
    return autograder.grade(notebook, course, seed=5, limits=LIMITS)


def marks(report: Report) -> dict[str, int]:
    """Marks by function."""
    return {exercise.function: exercise.marks for exercise in report.exercises}


def test_a_right_notebook_gets_full_marks(course: Course) -> None:
    """A notebook goes in, marks come out; predictions are compared and carry none."""
    report = grade(course, SCALE, TOTAL, "doubled = (2, 4)")

    assert (report.marks, report.out_of) == (10, 10)
    assert report.predictions == {"doubled": True}
    assert list(troubles(report)) == []


def test_an_untouched_notebook_gets_none(course: Course) -> None:
    """Stubs are not solved yet."""
    report = grade(course)

    assert report.marks == 0
    assert dict(troubles(report))["scale"] == "not solved yet"
    assert predictions(report) == ["predictions: none made (they carry no marks)"]


def test_a_report_says_what_it_takes_to_reach_it_again(course: Course) -> None:
    """Submission, release, engine, seed, limits, NumPy and jail are named, and the same seed gives the same report."""
    notebook = nbformat.reads(notebook_text(SCALE), as_version=4)
    report, again = (autograder.grade(notebook, course, seed=5, limits=LIMITS) for _ in range(2))

    assert report == again
    assert report.provenance is not None
    assert report.provenance.release == course.release(course.assignments[0])
    assert (report.provenance.seed, report.provenance.numpy) == (5, np.__version__)
    assert report.provenance.limits["call_seconds"] == 1
    assert report.provenance.jail == "bubblewrap and seccomp"


def test_one_bad_function_costs_only_itself(course: Course) -> None:
    """What hangs, crashes or is missing leaves the other function's marks alone."""
    loop = "def scale(x, factor=2):\n    while True: pass"
    crash = "import os\ndef scale(x, factor=2):\n    os._exit(0)"

    assert [marks(grade(course, bad, TOTAL)) for bad in (loop, crash, "")] == [{"scale": 0, "total": 4}] * 3


def test_a_right_function_that_leans_on_a_wrong_one_is_told_so(course: Course) -> None:
    """The later function is not given a diagnosis that belongs to the earlier one."""
    report = grade(course, "def scale(x, factor=2): return x + 1", "def total(x): return scale(x).sum() / 2")

    assert report.exercises[1].leans_on == ("scale",)
    assert dict(troubles(report))["total"] == "calls scale, which is not right; what else is wrong cannot be told"


def test_values_cannot_be_forged_by_replacing_the_checker(course: Course) -> None:
    """Whatever the student's process believes, the verdict is reached elsewhere."""
    cheat = (
        "import numpy as np, sys, builtins\n"
        "np.allclose = np.array_equal = np.isclose = lambda *a, **k: True\n"
        "class Yes(np.ndarray):\n"
        "    def __eq__(self, other): return True\n"
        "    def __array_function__(self, *a, **k): return True\n"
        "def scale(x, factor=2): return x.view(Yes)\n"
        "def total(x): return type('F', (float,), {'__eq__': lambda s, o: True})(0)"
    )

    assert grade(course, cheat).marks == 0


def test_a_notebook_of_no_assignment_is_refused(course: Course) -> None:
    """It cannot be told what to mark it by."""
    notebook = nbformat.reads(notebook_text(SCALE, assignment=None), as_version=4)

    with pytest.raises(UsageError, match="it belongs to no assignment of this course, but has to be one of scaling"):
        autograder.grade(notebook, course)


# --- many ---------------------------------------------------------------------------------------------------------


def test_a_class_is_marked_the_same_by_any_number_of_workers(course_folder: Path, submit: Callable[..., Path]) -> None:
    """Order and number of processes do not change a report."""
    for student, cells in {"ada": [SCALE, TOTAL], "bao": [SCALE], "chidi": []}.items():
        path = submit(*cells, student=student)
    items = batch.find(path.parents[2])
    settings = batch.Settings(course_folder, 5, LIMITS)

    one = {result.item.student: result.report for result in batch.run(items, settings, 1)}
    two = {result.item.student: result.report for result in batch.run(list(reversed(items)), settings, 2)}

    assert one == two
    assert {name: report.marks for name, report in one.items() if report} == {"ada": 10, "bao": 6, "chidi": 0}


def test_what_cannot_be_marked_is_named_and_stops_nobody(course_folder: Path, submit: Callable[..., Path]) -> None:
    """A stranger among the notebooks is a result with a reason."""
    good = submit(SCALE, TOTAL, student="ada")
    stranger = good.parents[1] / "notes" / "notes.ipynb"
    stranger.parent.mkdir()
    stranger.write_text(notebook_text("x = 1", assignment=None))

    results = list(batch.run(batch.find(good.parents[2]), batch.Settings(course_folder, 5, LIMITS), 1))

    assert sorted(result.report.marks for result in results if result.report) == [10]
    assert ["belongs to no assignment" in (result.trouble or "") for result in results if not result.report] == [True]


def test_students_are_named_by_their_folders(submit: Callable[..., Path]) -> None:
    """The first folder is the student's, for a class and for a single file."""
    path = submit(SCALE, student="ada")

    assert [item.student for item in batch.find(path.parents[2])] == ["ada"]
    assert [item.student for item in batch.find(path)] == ["ada"]


def test_a_students_own_folder_may_be_marked_alone(submit: Callable[..., Path]) -> None:
    """Marking submitted/ada names ada, not her assignments."""
    path = submit(SCALE, student="ada")

    assert [item.student for item in batch.find(path.parents[1], ["scaling"])] == ["ada"]


def test_nobody_hands_in_for_another(submit: Callable[..., Path]) -> None:
    """The first folder below the class is the student, whatever lies deeper and wherever a link leads."""
    path = submit(SCALE, student="ada")
    class_folder = path.parents[2]
    nested = class_folder / "mallory" / "ada" / "scaling" / "scaling.ipynb"
    nested.parent.mkdir(parents=True)
    nested.write_text(notebook_text("x = 1"))
    link = class_folder / "trudy" / "scaling" / "scaling.ipynb"
    link.parent.mkdir(parents=True)
    link.symlink_to(path)

    owners = {item.path: item.student for item in batch.find(class_folder, ["scaling"])}

    assert owners == {path: "ada", nested: "mallory", link: "trudy"}


def test_a_name_that_is_no_text_loses_nobody(course_folder: Path, submit: Callable[..., Path]) -> None:
    """A folder named in another encoding is marked under a name that can be written."""
    path = submit(SCALE, TOTAL, student=os.fsdecode(b"ad\xe9"))

    (result,) = batch.run(batch.find(path.parents[2]), batch.Settings(course_folder, 5, LIMITS), 1)

    assert result.report is not None
    assert (result.report.student, result.report.marks) == ("ad\\xe9", 10)


def test_of_two_notebooks_one_counts(course_folder: Path, submit: Callable[..., Path]) -> None:
    """The one that is named as the assignment is kept, and the other told, whichever comes first."""
    path = submit(SCALE, TOTAL)
    path.with_name("scaling-Copy1.ipynb").write_text(notebook_text(SCALE))

    results = batch.settle(list(batch.run(batch.find(path.parents[2]), batch.Settings(course_folder, 5, LIMITS), 1)))

    assert [result.report.marks for result in results if result.report] == [10]
    (trouble,) = (result.trouble for result in results if result.trouble)
    assert "ada has handed in scaling twice, but one can count" in trouble


def test_a_fault_of_the_grader_is_told_and_stops_nobody(
    course_folder: Path, submit: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker that raises or dies costs its own submission only."""
    items = batch.find(submit(SCALE).parents[2])
    monkeypatch.setattr(batch, "_grade", _divide)

    (result,) = batch.run(items, batch.Settings(course_folder, 5, LIMITS), 1)

    assert "the grader failed (ZeroDivisionError('division by zero')), but has to mark it" in (result.trouble or "")


def test_a_worker_that_dies_takes_nobody_with_it(
    course_folder: Path, submit: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those whose work it held are marked by another; who kills two is told."""
    for student in ("ada", "mallory", "zoe"):
        path = submit(SCALE, TOTAL, student=student)
    monkeypatch.setattr(batch, "_grade", _die_over_mallory)

    results = list(batch.run(batch.find(path.parents[2]), batch.Settings(course_folder, 5, LIMITS), 1))

    assert {result.item.student: result.report is not None for result in results} == {
        "ada": True,
        "mallory": False,
        "zoe": True,
    }
    assert ["BrokenProcessPool" in result.trouble for result in results if result.trouble] == [True]


def _die_over_mallory(item: batch.Item) -> batch.Result:
    if item.student == "mallory":
        os.kill(os.getpid(), signal.SIGKILL)
    return _grade(item)


def _divide(_: batch.Item) -> batch.Result:
    raise ZeroDivisionError("division by zero")


def test_checkpoints_are_not_submissions(submit: Callable[..., Path]) -> None:
    """Jupyter's copies in hidden folders are left out."""
    path = submit(SCALE)
    copy = path.parent / ".ipynb_checkpoints" / "scaling-checkpoint.ipynb"
    copy.parent.mkdir()
    copy.write_text(path.read_text())

    assert [item.path for item in batch.find(path.parents[2])] == [path]


# --- files --------------------------------------------------------------------------------------------------------


def test_a_json_report_has_marks_words_and_provenance(course: Course, tmp_path: Path) -> None:
    """One file for each submission, with a version, beside its page."""
    page = files.write_report(grade(course, "def scale(x, factor=2): return x * 2"), tmp_path)
    data = json.loads(page.with_suffix(".json").read_text())

    assert page == tmp_path / "reports" / "student" / "scaling.html"
    assert (data["version"], data["marks"], data["out_of"], data["exercises"][0]["marks"]) == (1, 3, 10, 3)
    assert data["exercises"][0]["behaviours"][1]["diagnosis"]["mistakes"] == ["S1"]
    assert data["provenance"]["seed"] == 5
    assert "evidence" not in page.with_suffix(".json").read_text()


def test_a_table_has_a_row_for_each_submission(course: Course) -> None:
    """results.csv: marks in all, and for each exercise."""
    rows = list(csv.reader(io.StringIO(files.as_csv([grade(course, SCALE)]))))

    assert rows == [
        ["student", "assignment", "marks", "out_of", "scale", "total"],
        ["student", "scaling", "6", "10", "6", "0"],
    ]


def test_names_that_differ_have_files_that_differ(course: Course, tmp_path: Path) -> None:
    """The students "a b" and "a_b" do not write over each other."""
    notebook = nbformat.reads(notebook_text(), as_version=4)
    reports = [autograder.grade(notebook, course, student=name, seed=1, limits=LIMITS) for name in ("a b", "a_b")]

    assert len({files.write_report(report, tmp_path) for report in reports}) == 2


def test_a_name_is_no_formula(course: Course) -> None:
    """A spreadsheet that opens results.csv computes nothing."""
    notebook = nbformat.reads(notebook_text(), as_version=4)
    report = autograder.grade(notebook, course, student="=1+1", seed=1, limits=LIMITS)

    assert files.as_csv([report]).splitlines()[1].startswith("'=1+1,")


@pytest.mark.parametrize("name", ["../../ada", "a/b", ".hidden", "", "x" * 300, "naïve name\n"])
def test_a_name_cannot_lead_out_of_the_folder(course: Course, tmp_path: Path, name: str) -> None:
    """Whatever a student is called, the report lies below the folder of results."""
    notebook = nbformat.reads(notebook_text(), as_version=4)
    report = autograder.grade(notebook, course, student=name, seed=1, limits=LIMITS)

    path = files.write_report(report, tmp_path / "results")

    assert path.resolve().is_relative_to(tmp_path / "results")
    assert path.is_file()
