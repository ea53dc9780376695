"""One submission through all stages, and many."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import nbformat
import numpy as np
import pytest

import autograder
from autograder.course.folder import Course
from autograder.errors import UsageError
from autograder.grading.worker import marked
from autograder.model import Report
from autograder.report import files
from autograder.report.sentences import predictions, troubles
from autograder.sandbox.limits import Limits
from tests.autograder.conftest import SCALE, TOTAL, notebook_text
from tests.whole import write

LIMITS = Limits(call_seconds=1)


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
    assert dict(troubles(report))["total"] == "calls scale, which is still failing; that may be the only problem"


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

    with pytest.raises(UsageError, match=r"not an assignment of this course\. Rename it to one of scaling"):
        autograder.grade(notebook, course)


# --- files --------------------------------------------------------------------------------------------------------


def test_a_json_report_has_marks_words_and_provenance(course: Course, tmp_path: Path) -> None:
    """One file for each submission, with a version, beside its page."""
    page = write([grade(course, "def scale(x, factor=2): return x * 2")], tmp_path)["student"]
    data = json.loads(page.with_suffix(".json").read_text())

    assert page == tmp_path / "reports" / "student" / "scaling.html"
    assert (data["version"], data["marks"], data["out_of"], data["exercises"][0]["marks"]) == (1, 3, 10, 3)
    assert data["exercises"][0]["behaviours"][1]["diagnosis"]["mistakes"] == ["S1"]
    assert data["provenance"]["seed"] == 5
    assert "evidence" not in page.with_suffix(".json").read_text()


def test_a_table_has_a_row_for_each_submission(course: Course) -> None:
    """results.csv: marks in all, and for each exercise."""
    rows = list(csv.reader(io.StringIO(files.as_csv([files.summary(grade(course, SCALE))]))))

    assert rows == [
        ["student", "assignment", "marks", "out_of", "scale", "total"],
        ["student", "scaling", "6", "10", "6", "0"],
    ]


def test_names_that_differ_have_files_that_differ(course: Course, tmp_path: Path) -> None:
    """The students "a b" and "a_b" do not write over each other."""
    notebook = nbformat.reads(notebook_text(), as_version=4)
    reports = [autograder.grade(notebook, course, student=name, seed=1, limits=LIMITS) for name in ("a b", "a_b")]

    assert len({*write(reports, tmp_path).values()}) == 3  # with that of the class


def test_a_name_is_no_formula(course: Course) -> None:
    """A spreadsheet that opens results.csv computes nothing."""
    notebook = nbformat.reads(notebook_text(), as_version=4)
    report = autograder.grade(notebook, course, student="=1+1", seed=1, limits=LIMITS)

    assert files.as_csv([files.summary(report)]).splitlines()[1].startswith("'=1+1,")


@pytest.mark.parametrize("name", ["../../ada", "a/b", ".hidden", "", "x" * 300, "naïve name\n"])
def test_a_name_cannot_lead_out_of_the_folder(course: Course, tmp_path: Path, name: str) -> None:
    """Whatever a student is called, the report lies below the folder of results."""
    notebook = nbformat.reads(notebook_text(), as_version=4)
    report = autograder.grade(notebook, course, student=name, seed=1, limits=LIMITS)

    path = write([report], tmp_path / "results")[name]

    assert path.resolve().is_relative_to(tmp_path / "results")
    assert path.is_file()


def test_a_file_may_have_any_name(course: Course, tmp_path: Path) -> None:
    """One that is no UTF-8, or would steer a terminal, costs nothing."""
    path = tmp_path / "scaling \udcff\x1b[2J.ipynb"
    path.write_text(notebook_text(SCALE, TOTAL))

    report = autograder.grade(path, course, seed=1, limits=LIMITS)
    made = marked(report, path)

    assert report.provenance is not None
    assert report.provenance.file == r"scaling \xff\u001b[2J.ipynb"
    assert report.marks == 10
    assert json.loads(made.report)["provenance"]["file"] == report.provenance.file
    made.page.encode()


def test_a_function_that_prints_its_result_is_named(course: Course) -> None:
    """The jail sees no output: a function that calls `print` and returns nothing anywhere prints its result."""
    report = grade(course, "def scale(x, factor=2):\n    print(x * factor)", "def total(x):\n    pass")
    told = dict(troubles(report))

    assert told["scale"].startswith("Returned None. Probably it prints its result: `print` shows a value")
    assert told["total"] == "Returned None. Probably a branch without a `return`. In: sum."
