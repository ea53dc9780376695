"""nbgrader's own commands with this engine, from a release to feedback, on the sample class."""

from __future__ import annotations

import csv
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course.folder import Course
from autograder.handed_in.folder import find
from autograder.marking.scheme import draw
from autograder.release.build import METADATA
from autograder.report import files
from course.sample_class import build
from tests.autograder.nbgrader.cycle import CHEATS, NAME, NAMES, OUT_OF, SEED, cheat, run, scores
from tests.whole import mark_class, settings_of

pytestmark = pytest.mark.thorough


def page_of(folder: Path, student: str) -> str:
    """What a student gets back."""
    return (folder / "feedback" / student / NAME / f"{NAME}.html").read_text(encoding="utf-8")


def test_marks_are_those_of_the_command_line(course: Course, folder: Path) -> None:
    """To the point, for everyone, of damaged and of hostile notebooks as well."""
    done = mark_class(find(folder / "submitted"), settings_of(build.COURSE, SEED), 2)
    marks = {student: float(report.marks) for student, report in done.by_student.items()}

    assert {**scores(folder, NAMES[0]), **scores(folder)} == marks
    assert marks["full"] == OUT_OF[NAME]
    assert len(marks) == len(build.submissions(course)) + 1 + len(CHEATS)


def test_reports_are_those_of_the_command_line(folder: Path) -> None:
    """Every byte of the JSON that other programs read, beside the page that a student reads."""
    done = mark_class(find(folder / "submitted"), settings_of(build.COURSE, SEED), 2)
    made = folder / "results" / "reports" / "samir" / f"{NAME}.json"

    assert made.read_text() == files.as_json(done.by_student["samir"])
    assert made.with_suffix(".html").exists()


@pytest.mark.parametrize("name", CHEATS, ids=CHEATS.values())
def test_cheats_get_nothing(folder: Path, name: str) -> None:
    """Neither a deleted check nor a printed mark is worth anything."""
    assert scores(folder)[name] == 0


def test_feedback_names_the_mistake_and_shows_it(folder: Path) -> None:
    """The page of a student who pads with zeros says so, with a picture."""
    page = page_of(folder, "samir")

    assert "Padding must never win" in page
    assert "<svg" in page[page.index("cbh-story") :]


def test_feedback_holds_nothing_hidden(course: Course, folder: Path) -> None:
    """No number of a hidden case is in anybody's feedback or autograded notebook, but visible ones are."""
    exercise = next(one for one in course.assignments if one.name == NAME).exercises[0]
    visible, hidden = (
        {str(value.tolist()) for trial in trials for _, value in trial.arguments if hasattr(value, "tolist")}
        for trials in (draw(exercise).trials, [trial for trial in draw(exercise, SEED).trials if not trial.visible])
    )
    texts = [path.read_text() for kind in ("feedback", "autograded") for path in (folder / kind).rglob(f"{NAME}.*")]

    assert hidden - visible
    assert not [number for number in hidden - visible for text in texts if number[:40] in text]


def test_comments_name_the_mistake(folder: Path) -> None:
    """In the formgrader, beside the function."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        comment = gradebook.find_comment("exercise-max_pool2d", NAME, NAME, "samir").comment
        right = gradebook.find_comment("exercise-max_pool2d", NAME, NAME, "full").comment

    assert "Padding must never win" in " ".join(comment.split())
    assert right is None


def test_an_answer_in_words_waits_for_somebody(own: Path) -> None:
    """One that was written is read by hand, and one that was not has no marks to wait for."""
    path = own / "submitted" / "full" / NAME / f"{NAME}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    (cell,) = (one for one in notebook.cells if one.metadata.get(METADATA, {}).get("role") == "reflect")
    cell.source = cell.source.replace("*Your words here.*", "A zero is larger than they are.")
    path.write_text(nbformat.writes(notebook), encoding="utf-8")

    run(own, "autograde", NAME, "--student=full", "--force")

    with Gradebook(f"sqlite:///{own / 'gradebook.db'}") as gradebook:
        grade = gradebook.find_grade("reflect-explain_border", NAME, NAME, "full")
        assert (grade.needs_manual_grade, grade.max_score, grade.auto_score) == (True, 0, None)
        assert not gradebook.find_grade("reflect-explain_border", NAME, NAME, "samir").needs_manual_grade
        assert gradebook.find_submission(NAME, "full").score == OUT_OF[NAME]


def test_what_is_done_by_hand_survives(own: Path) -> None:
    """A mark and a comment of an instructor's stay when all is marked again, and marks that change are told."""
    with Gradebook(f"sqlite:///{own / 'gradebook.db'}") as gradebook:
        by_hand = gradebook.find_grade("check-max_pool2d", NAME, NAME, "samir")
        comment = gradebook.find_comment("exercise-max_pool2d", NAME, NAME, "samir")
        by_hand.manual_score, comment.manual_comment = 5.5, "Well argued."
        gradebook.find_grade("check-global_max_pool", NAME, NAME, "samir").auto_score = 0
        gradebook.db.commit()

    said = run(own, "autograde", NAME, "--student=samir", "--force")

    with Gradebook(f"sqlite:///{own / 'gradebook.db'}") as gradebook:
        assert gradebook.find_grade("check-max_pool2d", NAME, NAME, "samir").score == 5.5
        assert gradebook.find_comment("exercise-max_pool2d", NAME, NAME, "samir").comment == "Well argued."
    assert f"samir, {NAME}, global_max_pool: 0 before, 1 now" in said
    assert said.count(" before, ") == 1


def test_export_has_everybody(folder: Path) -> None:
    """nbgrader's own table."""
    with (folder / "grades.csv").open(encoding="utf-8") as file:
        rows = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file) if row["assignment"] == NAME}

    assert rows["full"] == OUT_OF[NAME]
    assert set(rows) >= set(scores(folder))


def test_list_shows_what_is_released(folder: Path) -> None:
    """To students, as nbgrader's assignment list has it."""
    said = run(folder, "list", "--course=convolution-by-hand")

    assert {f"convolution-by-hand {name}" for name in NAMES} <= set(re.findall(r"convolution-by-hand \w+", said))


def test_database_commands_know_the_class(folder: Path) -> None:
    """nbgrader's own view of its database."""
    assert "xiomara" in run(folder, "db", "student", "list")
    assert all(name in run(folder, "db", "assignment", "list") for name in NAMES)


def test_downloads_of_other_systems_are_collected(folder: Path, own: Path) -> None:
    """`zip_collect` with a pattern for the names, and then as ever."""
    shutil.rmtree(own / "submitted")
    shutil.rmtree(own / "autograded")
    archive = own / "downloaded" / NAME / "archive"
    archive.mkdir(parents=True)
    for student in ("samir", "full"):
        source = folder / "submitted" / student / NAME / f"{NAME}.ipynb"
        shutil.copy(source, archive / f"quiz_{student}_attempt_2026-11-20-10-00-00_{NAME}.ipynb")
    names = r".*quiz_(?P<student_id>\w+)_attempt_(?P<timestamp>[0-9\-]+)_(?P<file_id>\w+)"

    run(own, "zip_collect", NAME, f"--FileNameCollectorPlugin.named_regexp={names}")
    run(own, "autograde", NAME)

    assert sorted(path.parents[1].name for path in own.glob("autograded/*/*/*.ipynb")) == ["full", "samir"]
    assert scores(own)["full"] == OUT_OF[NAME]
    assert scores(own)["samir"] == scores(folder)["samir"]


def test_what_is_handed_out_is_what_was_built(folder: Path) -> None:
    """nbgrader adds checksums and a wheel, and of what a student reads a comment on how to install that."""
    built = nbformat.read(build.COURSE / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    handed = nbformat.read(folder / "handed_out" / NAME / f"{NAME}.ipynb", as_version=4)
    changed = [
        new.source.removesuffix(old.source)
        for old, new in zip(built.cells, handed.cells, strict=True)
        if new.source != old.source
    ]
    beside = {path.name for path in (folder / "handed_out" / NAME).iterdir()}
    (wheel,) = beside - {path.name for path in (build.COURSE / "release" / NAME).iterdir()}

    assert changed == [f"# no module named 'autograder'? Run once: %pip install \"{wheel}\"\n"]
    assert wheel.endswith("+students-py3-none-any.whl")


def test_a_cheat_is_one(folder: Path) -> None:
    """The notebooks that cheat differ from the release in what they delete or print, and answer nothing."""
    released = nbformat.read(folder / "handed_out" / NAME / f"{NAME}.ipynb", as_version=4)

    assert len(cheat(released, "deleted").cells) == len(released.cells) - 5
    assert len(cheat(released, "emptied").cells) < len(cheat(released, "deleted").cells)
    assert "7.0" in nbformat.writes(cheat(released, "printed"))
