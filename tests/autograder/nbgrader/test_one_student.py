"""One notebook through nbgrader's commands, for a quick run; the modules beside this one send a class."""

from __future__ import annotations

from pathlib import Path

from autograder.course.folder import load_course
from course.sample_class import build
from tests.autograder.nbgrader.cycle import NAME, SUBMIT, lay_down, python, run, scores


def test_a_mistake_is_named_in_the_feedback_that_comes_back(tmp_path: Path) -> None:
    """From the release to the gradebook and to the student's folder."""
    student = "rosa"
    files = [file for file in build.submissions(load_course(build.COURSE)) if file.path.parts[:2] == (student, NAME)]
    lay_down(tmp_path)
    build.write(files, tmp_path / "students")

    for verb in ("generate_assignment", "release_assignment"):
        run(tmp_path, verb, NAME)
    words = f"--course=convolution-by-hand --Exchange.root={tmp_path / 'exchange'}"
    assert python(tmp_path / "students", "-c", SUBMIT, words, student).returncode == 0
    for verb in ("collect", "autograde", "generate_feedback", "release_feedback"):
        run(tmp_path, verb, NAME)

    (page,) = (tmp_path / "exchange").rglob("feedback/*.html")
    assert scores(tmp_path) == {student: 12}
    assert "Strides default to 1" in page.read_text(encoding="utf-8")
