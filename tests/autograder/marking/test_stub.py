"""A stub's line in a function that has an answer, in the grader, check() and hint()."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder import check, hint
from autograder.course.folder import Course
from autograder.marking.diagnosis.stub import with_stub
from autograder.model import Frame, Raised
from autograder.release import build
from tests.autograder.conftest import TOTAL
from tests.autograder.grading.test_grader import grade

ABOVE = "def scale(x, factor=2):\n    '''Doubles.'''\n    raise NotImplementedError('your turn')\n    return x * factor"
BELOW = "def scale(x, factor=2):\n    y = x * factor\n    print(y)\n    raise NotImplementedError('your turn')"


def stub_of(source: str, line: int, function: str = "scale", *callers: Frame) -> str:
    """Whose stub has raised in a line of a source."""
    frames = [*callers, Frame("cell 1", line, "raise NotImplementedError")]
    return with_stub(Raised("NotImplementedError", "your turn", frames), function, source).stub


@pytest.mark.parametrize(
    ("source", "line"),
    [
        (ABOVE, 3),
        (BELOW, 4),
        (f"%matplotlib inline\n{ABOVE}", 4),
        (f"x = (\n{ABOVE}", 4),
        ("def scale(x):\n    for i in x:\n        x += i\n    raise NotImplementedError", 4),
    ],
    ids=["above", "below", "beside a magic", "below what cannot be compiled", "below a loop"],
)
def test_a_line_left_in_an_answer_is_known(source: str, line: int) -> None:
    """Above or below what the student wrote, with a message or without."""
    assert stub_of(source, line) == "left in"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def scale(x):\n    raise NotImplementedError", 2),
        ("def scale(x):\n    'Doubles.'\n    ...\n    pass\n    raise NotImplementedError", 5),
        ("def scale(x):\n    if x:\n        return x\n    raise NotImplementedError", 4),
        ("def scale(x):\n    y = 0\n    raise NotImplementedError", 3),
        ("scale = lambda x: stop()", 1),
        ("", 3),
    ],
    ids=["a stub", "with a docstring", "a way not written yet", "a first value", "no function", "no source"],
)
def test_a_stub_without_an_answer_is_a_stub(source: str, line: int) -> None:
    """Nothing but the line, or a line that guards a way still to be written."""
    assert stub_of(source, line) == ""


def test_another_functions_stub_is_not_this_ones() -> None:
    """A call goes through the answer and ends in what it calls."""
    caller = Frame("cell 2", 2, "return total(x)")

    assert stub_of("def total(x):\n    raise NotImplementedError", 2, "scale", caller) == "of another"
    assert stub_of(ABOVE, 3, "scale", Frame("cell 2", 1, "wrapper(x)")) == "left in"


@pytest.mark.parametrize("head", ["if factor:", "for i in (1, 2):", "while True:"])
def test_a_line_on_one_way_is_shown(course: Course, head: str) -> None:
    """Whether that way is still to be written, or the line was moved there, only the student knows."""
    report = grade(
        course, f"def scale(x, factor=2):\n    {head}\n        raise NotImplementedError\n    return x", TOTAL
    )
    message = report.exercises[0].behaviours[0].message

    assert report.exercises[0].state == "not solved yet"
    assert message is not None
    assert message.what == "not solved yet: the call ends at the line `raise NotImplementedError` (line 3)"


@pytest.mark.parametrize(
    "source",
    [
        "def scale(x, factor=2):\n    raise NotImplementedError(\n        'your turn')\n    return x",
        "def scale(x, factor=2):\n    raise NotImplementedError; return x",
    ],
)
def test_no_more_than_the_stub_is_to_be_deleted(course: Course, source: str) -> None:
    """A statement that is part of a line, or several lines, is named without the rest of the line."""
    assert grade(course, source, TOTAL).exercises[0].state == (
        "your answer is there: delete `raise NotImplementedError` (line 2)"
    )


@pytest.mark.parametrize(("source", "line"), [(ABOVE, 3), (BELOW, 4)], ids=["above", "below"])
def test_the_report_says_to_delete_the_line(course: Course, source: str, line: int) -> None:
    """Not "not solved yet": the answer is there, and the line is told."""
    report = grade(course, source, TOTAL)
    scale = report.exercises[0]

    words = f"your answer is there: delete the line `raise NotImplementedError('your turn')` (line {line})"
    assert scale.state == words
    assert {one.message.what for one in scale.behaviours if one.message} == {words}
    assert report.marks == 4


def test_a_call_of_a_stub_is_told_as_one(course: Course) -> None:
    """An answer that calls a function that is not solved is not "not solved yet" itself."""
    report = grade(
        course,
        "def scale(x, factor=2):\n    return x * factor + total(x)",
        "def total(x):\n    ...\n    raise NotImplementedError",
    )
    scale, total = report.exercises

    assert (scale.state, total.state) == ("marked", "not solved yet")
    assert "NotImplementedError" in str(scale.behaviours[0].message)


def test_check_and_hint_say_the_same(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A student reads it in the notebook, before anything is handed in."""
    build.write(build.release(course, course.assignments[0]), tmp_path)
    monkeypatch.chdir(tmp_path / "scaling")
    path = tmp_path / "cell.py"
    path.write_text(ABOVE)
    namespace: dict[str, object] = {}
    exec(compile(ABOVE, str(path), "exec"), namespace)  # noqa: S102  as a notebook runs a cell
    scale = namespace["scale"]
    assert callable(scale)

    words = "scale: your answer is there: delete the line `raise NotImplementedError('your turn')` (line 3)"
    assert repr(check(scale)) == words
    assert repr(hint(scale)) == words.replace("`", "")
