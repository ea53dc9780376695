"""The sample class: built, marked, and compared with the marks that each student truly deserves."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from autograder.course.folder import Course, load_course
from autograder.errors import CourseError, UsageError
from autograder.handed_in.folder import find
from autograder.model import ExerciseReport, Report
from autograder.release.build import BuiltFile
from autograder.report import files
from autograder.report.sentences import troubles
from course.sample_class import __main__ as command
from course.sample_class import build
from tests.whole import mark_class, settings_of

SEED = 20_260
NOT_A_NOTEBOOK = "pim"

# In this order; a student of one assignment has the marks of its functions. What is asked beside these, nobody solves.
FUNCTIONS = {
    "01_one_window": ("window_sum", "conv2d_valid"),
    "06_pooling": ("max_pool2d", "avg_pool2d", "global_max_pool", "global_avg_pool"),
}
MARKS = {
    "ada": (4, 6),
    "bao": (4, 6),
    "chidi": (0, 0),  # nothing is solved
    "daan": (4, 0),  # a turned kernel is wrong in every window
    "emine": (4, 0),  # an output that is too small is wrong for every image
    "farah": (4, 0),  # a matrix product is wrong in every window
    "goran": (0, 5),  # one row of many is wrong for every patch; "wide and tall images"
    "hugo": (0, 6),  # no call comes back
    "ivan": (0, 0),  # his conv2d_valid is made of his wrong window_sum
    "kofi": (2, 5),  # "fractions" and "input left alone"; "fractions"
    "lucia": (4, 6),
    "mateo": (4, 0),  # every call reads beyond the edge
    "nour": (4, 6),
    "olga": (7, 5, 1, 1),
    "pim": (0, 0, 0, 0),  # nothing can be read
    "priya": (7, 5, 1, 1),
    "quang": (7, 5, 1, 1),
    "rosa": (6, 4, 1, 1),  # "default strides"; "windows", of which one has none
    "samir": (6, 4, 1, 1),  # "border never wins"; "border does not count"
    "tariq": (6, 4, 1, 1),  # "channels and batch"; "fractions"
    "uma": (6, 4, 0, 0),  # "leftovers"; "windows", of which one leaves some over
    "viktor": (5, 5, 0, 1),  # "largest value" and "border never wins"
    "wei": (0, 0, 1, 1),  # wherever the cut fits, it gives other windows
    "xiomara": (7, 0, 1, 0),  # every call stops; the released stub is left
    "yusuf": (6, 5, 1, 1),  # "leftovers"
    "zainab": (7, 5, 1, 0),
}
RIGHT = ["ada", "bao", "lucia", "nour", "olga", "priya", "quang"]

MISTAKES = {
    ("daan", "conv2d_valid"): "kernel flipped both ways",
    ("emine", "conv2d_valid"): "last window missing",
    ("farah", "conv2d_valid"): "matrix product",
    ("goran", "window_sum"): "returns after the first row",
    ("goran", "conv2d_valid"): "works for square images only",
    ("ivan", "window_sum"): "mean instead of sum",
    ("kofi", "window_sum"): "patch changed",
    ("kofi", "conv2d_valid"): "output of the image's type",
    ("rosa", "max_pool2d"): "strides default to 1",
    ("rosa", "avg_pool2d"): "strides default to 1",
    ("samir", "max_pool2d"): "padding with 0 can win",
    ("samir", "avg_pool2d"): "padding counted",
    ("tariq", "max_pool2d"): "channels pooled into one",
    ("tariq", "avg_pool2d"): "division without fraction",
    ("uma", "max_pool2d"): "leftover pixels kept",
    ("uma", "avg_pool2d"): "leftover pixels kept",
    ("uma", "global_max_pool"): "channels first",
    ("uma", "global_avg_pool"): "channels first",
    ("viktor", "max_pool2d"): "maximum starts at 0",
    ("viktor", "global_max_pool"): "maximum starts at 0",
    ("wei", "max_pool2d"): "axes of reshape mixed up",
    ("wei", "avg_pool2d"): "axes of reshape mixed up",
}

# Where no known mistake fits: a part of what is said.
SAID = {
    ("chidi", "window_sum"): "not solved yet",
    ("chidi", "conv2d_valid"): "not solved yet",
    ("hugo", "window_sum"): "The program ended during this call: its process exited",
    ("ivan", "conv2d_valid"): "calls window_sum, which is still failing",
    ("mateo", "conv2d_valid"): "IndexError: index 5 is out of bounds for axis 1",
    ("pim", "notebook"): "the file is incomplete or not a notebook",
    ("xiomara", "notebook"): "the cell with global_avg_pool is missing",
    ("xiomara", "avg_pool2d"): "NameError: name 'rows' is not defined",
    ("xiomara", "global_avg_pool"): "not solved yet",
    ("yusuf", "max_pool2d"): "Stopped after 2 s of CPU time",
    ("zainab", "global_avg_pool"): "MemoryError: Unable to allocate 37.3 GiB",
}

each_student = pytest.mark.parametrize("student", MARKS)


@pytest.fixture(scope="module")
def course() -> Course:
    """The course of this repository."""
    return load_course(build.COURSE)


@pytest.fixture(scope="module")
def submissions(course: Course) -> list[BuiltFile]:
    """Every student's file, not yet written."""
    return build.submissions(course)


@pytest.fixture(scope="module")
def reports(submissions: list[BuiltFile], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    """The whole class, marked once: reports by student."""
    folder = tmp_path_factory.mktemp("class")
    build.write(submissions, folder)
    done = mark_class(find(folder), settings_of(build.COURSE, SEED), 2)

    assert done.troubles == []
    return done.by_student


def handed_in(report: Report) -> list[ExerciseReport]:
    """What a report says of the functions that the class hands in."""
    found = {exercise.function: exercise for exercise in report.exercises}
    return [found[name] for name in FUNCTIONS[report.assignment]]


# --- marks and words ----------------------------------------------------------------------------------------------


def test_the_whole_class_is_marked(reports: dict[str, Report]) -> None:
    """There is a report for each student of the table, and for nobody else."""
    assert sorted(reports) == sorted(MARKS)


@each_student
def test_every_function_gets_its_true_marks(reports: dict[str, Report], student: str) -> None:
    """What a mistake breaks costs its marks, and nothing else does, whatever classmates have done."""
    assert tuple(one.marks for one in handed_in(reports[student])) == MARKS[student]
    assert reports[student].marks == sum(MARKS[student])


@pytest.mark.parametrize("student", RIGHT)
def test_a_right_submission_gets_all_marks(reports: dict[str, Report], student: str) -> None:
    """Loops or none, lists, floods of output, plots, checks, magics and warnings: a right answer is right."""
    for exercise in handed_in(reports[student]):
        assert exercise.right
        assert exercise.marks == exercise.out_of


@pytest.mark.parametrize(("student", "function"), MISTAKES)
def test_the_mistake_is_named(reports: dict[str, Report], student: str, function: str) -> None:
    """A student who makes a known mistake is told this one, and no other."""
    exercise = next(one for one in reports[student].exercises if one.function == function)
    named = {behaviour.diagnosis.names for behaviour in exercise.behaviours if behaviour.diagnosis is not None}

    assert named == {(MISTAKES[student, function],)}
    assert MISTAKES[student, function] in dict(troubles(reports[student]))[function].lower()


@pytest.mark.parametrize(("student", "where"), SAID)
def test_other_faults_are_said(reports: dict[str, Report], student: str, where: str) -> None:
    """What is no known mistake is told as it showed itself, and no mistake is guessed."""
    words = " ".join(said for place, said in troubles(reports[student]) if place == where)
    guessed = [
        behaviour.diagnosis
        for exercise in reports[student].exercises
        for behaviour in exercise.behaviours
        if exercise.function == where and behaviour.diagnosis is not None
    ]

    assert SAID[student, where] in words
    assert guessed == []


@each_student
def test_every_missing_mark_has_a_sentence(reports: dict[str, Report], student: str) -> None:
    """The class table says something of each function that lacks marks, and of no other one."""
    said = {where for where, words in troubles(reports[student]) if words.strip()}
    lacking = {one.function for one in reports[student].exercises if one.marks < one.out_of}

    assert said - {"notebook"} == (set() if student == NOT_A_NOTEBOOK else lacking)
    # where all marks are reached, a remark is no trouble; with another exercise in the notebook, they are not
    if len(reports[student].exercises) == len(MARKS[student]) or (student, "notebook") in SAID:
        assert ("notebook" in said) == ((student, "notebook") in SAID)


@each_student
def test_no_report_shows_a_traceback(reports: dict[str, Report], student: str) -> None:
    """Students read sentences, not the grader's inside."""
    shown = files.as_json(reports[student])

    assert "Traceback" not in shown
    assert str(build.COURSE.parent) not in shown


def test_magics_are_remarked(reports: dict[str, Report]) -> None:
    """Nour is told which lines were left out, and loses nothing by it."""
    remarks = [remark for remark in reports["nour"].remarks if "skipped code that only IPython understands" in remark]

    assert len(remarks) == 3


def test_predictions_are_compared(reports: dict[str, Report]) -> None:
    """Ada's predictions are all right, one of Bao's is wrong, and Chidi has made none."""
    assert set(reports["ada"].predictions.values()) == {True}
    assert reports["bao"].predictions["recall_product"] is False
    assert set(reports["chidi"].predictions.values()) == {None}


# --- the files ----------------------------------------------------------------------------------------------------


def test_submissions_are_notebooks(submissions: list[BuiltFile]) -> None:
    """All files but the damaged one are valid notebooks with different cell ids, and hold no pictures."""
    for file in submissions:
        if file.path.parts[0] == NOT_A_NOTEBOOK:
            continue
        notebook = nbformat.reads(file.text, as_version=4)
        nbformat.validate(notebook)

        assert len({cell.id for cell in notebook.cells}) == len(notebook.cells)
        assert not any(cell.outputs for cell in notebook.cells if cell.cell_type == "code")


def test_submissions_are_the_same_each_time(course: Course, submissions: list[BuiltFile]) -> None:
    """Building twice gives the same bytes."""
    assert build.submissions(course) == submissions


@pytest.fixture
def students(tmp_path: Path) -> Path:
    """A folder for sources of a test's own."""
    folder = tmp_path / "students"
    folder.mkdir()
    return folder


HEADING = '# %% [markdown] assignment="01_one_window"\n# Words.\n\n'


def test_edits_are_made(course: Course, students: Path) -> None:
    """Cells are replaced, added and taken away; the replaced one keeps its metadata."""
    source = """
# %% exercise="window_sum"
first = 1

# %% after="window_sum"
# %time second = 2

# %% after="strip_output"
third = 3

# %% delete="conv2d_valid"
"""
    (students / "zoe.py").write_text(HEADING + source)

    (file,) = build.submissions(course, students)
    cells = nbformat.reads(file.text, as_version=4).cells
    place = next(place for place, cell in enumerate(cells) if cell.id == "exercise-window_sum")

    assert file.path == Path("zoe", "01_one_window", "01_one_window.ipynb")
    assert cells[place].source == "first = 1"
    assert cells[place].metadata.nbgrader.grade_id == "exercise-window_sum"
    assert cells[place + 1].source == "%time second = 2"
    assert sum(cell.source == "third = 3" for cell in cells) == 1
    assert len({cell.id for cell in cells} - {"exercise-conv2d_valid"}) == len(cells)


UNUSABLE = {
    "unknown exercise": ("zoe.py", f'{HEADING}# %% exercise="conv9d"\n', "'conv9d' is not an exercise or prediction"),
    "no edit": ("zoe.py", f"{HEADING}# %%\nx = 1\n", "a cell has none of exercise, predict, after, delete"),
    "no assignment": ("zoe.py", "# %%\nx = 1\n", r"its assignment is 'None'\. Use one of .*01_one_window"),
    "unknown assignment": ("zoe.txt", "02_none: words\n{", "its assignment is '02_none'"),
}


@pytest.mark.parametrize(("name", "source", "words"), UNUSABLE.values(), ids=UNUSABLE)
def test_a_source_that_cannot_be_used_is_refused(
    course: Course, students: Path, name: str, source: str, words: str
) -> None:
    """Its author is told the file and what is wrong with it."""
    (students / name).write_text(source)

    with pytest.raises(CourseError, match=rf"{name}: {words}"):
        build.submissions(course, students)


# --- the folder ---------------------------------------------------------------------------------------------------


def written(folder: Path) -> set[str]:
    """The files in a folder."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


ADA, BAO = (BuiltFile(Path(name, "one", "one.ipynb"), "{}") for name in ("ada", "bao"))


def test_what_an_earlier_run_left_is_removed(tmp_path: Path) -> None:
    """A student who is no longer in the class leaves no file and no folder."""
    build.write([ADA, BAO], tmp_path / "class")
    build.write([ADA], tmp_path / "class")

    assert written(tmp_path / "class") == {"ada/one/one.ipynb", build.WRITTEN}
    assert not (tmp_path / "class" / "bao").exists()


def test_files_of_somebodys_own_are_left_alone(tmp_path: Path) -> None:
    """A submission that was put beside the class is still there after the next run."""
    build.write([ADA, BAO], tmp_path)
    (tmp_path / "bao" / "notes.txt").write_text("mine")

    build.write([ADA], tmp_path)

    assert written(tmp_path) == {"ada/one/one.ipynb", "bao/notes.txt", build.WRITTEN}


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    """Nothing is written where somebody else's files are."""
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(
        UsageError, match=r"contains other files\. Name a folder that is new, empty or an earlier sample class"
    ):
        build.write([ADA], tmp_path)
    assert written(tmp_path) == {"thesis.txt"}


# --- the command --------------------------------------------------------------------------------------------------


def test_the_command_says_what_it_wrote(
    tmp_path: Path, submissions: list[BuiltFile], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line: where, and how many."""
    monkeypatch.setattr(build, "submissions", lambda _course: submissions)

    command.main(["--out", str(tmp_path / "class")])

    assert capsys.readouterr().out == f"{tmp_path / 'class'}: {len(MARKS)} submissions.\n"
    assert len(find(tmp_path / "class")) == len(MARKS)


def test_the_command_refuses_with_a_sentence(
    tmp_path: Path, submissions: list[BuiltFile], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A folder that cannot be used ends in exit code 2 and words."""
    monkeypatch.setattr(build, "submissions", lambda _course: submissions)
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(SystemExit, match="2"):
        command.main(["--out", str(tmp_path)])
    assert "contains other files" in capsys.readouterr().err


def test_the_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    """`--help` shows a command to copy."""
    with pytest.raises(SystemExit, match="0"):
        command.main(["--help"])
    assert "example: python -m course.sample_class --out submitted" in " ".join(capsys.readouterr().out.split())
