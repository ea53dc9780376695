"""What counts as right among predictions, and what a key gives away of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder import grade
from autograder.course.exercise import Prediction
from autograder.course.folder import Course
from autograder.errors import CourseError
from autograder.marking.predictions import Answered, Asked, asked, judge
from autograder.notebook.check import check
from autograder.release import answer_key
from autograder.release.answer_key import AnswerKey
from autograder.sandbox.values import plain

SIXTEEN = Prediction("count", 16, slips=[(15, "You forgot the first one."), ((4, 4), "That is a shape.")])
FLIP = Prediction("bug", "pad side", slips=[("stride", "The shape is right.")])
THIRD = Prediction("third", 1 / 3)
ROWS = Prediction("rows", [[1.0, -2.0], [0.0, 1000.0]])
CORNER = Prediction("corner", [[-2.0]], slips=[(-2.0, "One row with one number.")])

WORDS = {
    "text": "not yet. This is text: remove the quotes.",
    "number": "not yet. The answer is text: put it in quotes.",
}


def judged(prediction: Prediction, value: Any) -> Answered:
    """What is said of a value, which is the same with seals and without."""
    with_seals, without = (judge(asked(prediction, salt), plain(value, 1 << 20)) for salt in ("some salt", ""))

    assert with_seals == without
    return with_seals


@pytest.mark.parametrize(
    ("prediction", "value"),
    [
        (SIXTEEN, 16),
        (SIXTEEN, 16.0),
        (SIXTEEN, np.int8(16)),
        (SIXTEEN, [16]),
        (SIXTEEN, (16,)),
        (SIXTEEN, [[16]]),
        (SIXTEEN, np.array([16])),
        (SIXTEEN, np.float32(16)),
        (FLIP, "pad side"),
        (FLIP, "Pad Side"),
        (FLIP, "  PAD  side \n"),
        (FLIP, ["pad side"]),
        (THIRD, 0.33333333),
        (THIRD, 0.333334),
        (ROWS, [[1, -2], [0, 1000]]),
        (ROWS, np.array([[1, -2], [1e-9, 1000.001]])),
        (ROWS, [[1, -2], [-0.0, 1000]]),
        (CORNER, [[-2]]),
    ],
)
def test_what_means_the_same_is_right(prediction: Prediction, value: Any) -> None:
    """Capitals, space, a list around a single number and the kind of number make no difference."""
    assert judged(prediction, value) == Answered(right=True, words="right")


@pytest.mark.parametrize(
    ("prediction", "value", "words"),
    [
        (SIXTEEN, "16", WORDS["text"]),
        (SIXTEEN, " 17 ", WORDS["text"]),
        (SIXTEEN, ["16"], WORDS["text"]),
        (ROWS, [["1", "-2"], ["0", "1000"]], WORDS["text"]),
        (ROWS, "1, -2, 0, 1000", WORDS["text"]),
        (FLIP, 3, WORDS["number"]),
        (SIXTEEN, 17, "not yet."),
        (SIXTEEN, [15], "not yet. You forgot the first one."),
        (
            SIXTEEN,
            (4, 4),
            "not yet. Your answer is a list of 2 numbers, shape (2,). Expected: a single number. That is a shape.",
        ),
        (FLIP, "Stride", "not yet. The shape is right."),
        (THIRD, 0.333, "not yet."),
        (ROWS, [[1, -2], [0, 1001]], "3 of 4 cells are right.\nright right\nright   ?  \n"),
        (ROWS, [[1, -2], [0, float("nan")]], "3 of 4 cells are right.\nright right\nright   ?  \n"),
        (ROWS, [[1, -2], [0, None]], "not yet. Use numbers only."),
        (
            CORNER,
            -2,
            "not yet. Your answer is a single number. Expected: 1 row of 1 number, shape (1, 1). "
            "One row with one number.",
        ),
    ],
)
def test_what_is_not_right_gets_a_sentence(prediction: Prediction, value: Any, words: str) -> None:
    """Quotes around a number are named whether it is the right one or not; nothing gives an answer away."""
    assert judged(prediction, value) == Answered(right=False, words=words)


@pytest.mark.parametrize("value", [1.0, 0.1, 2 / 3, 1 / 64, 0.999999999, 9.9999999, 123456.5, 25_769_803_776, -7.0])
def test_a_rest_of_rounding_is_never_wrong(value: float) -> None:
    """Wherever the border between two ways to write a number lies."""
    for rest in (-4e-7, -1e-9, 0.0, 1e-9, 4e-7):
        near = value + rest * max(1.0, abs(value))
        assert judged(Prediction("any", value), near).right
        assert judged(Prediction("any", near), value).right


def test_a_key_gives_no_answer_away() -> None:
    """Neither answers nor slips can be read in it, and equal numbers look different."""
    key = AnswerKey("any", {}, {one.name: asked(one, f"any/{one.name}") for one in (SIXTEEN, FLIP, ROWS, CORNER)})
    equal = asked(Prediction("equal", [7, 7, 7]), "equal")
    data = json.loads(answer_key.write(key))["predictions"]
    told = [seal for one in data.values() for seal in [*one["cells"], *(slip for slip, _ in one["slips"])]]

    assert len(set(equal.cells)) == 3
    assert all(len(seal) == 24 and int(seal, 16) >= 0 for seal in told)
    assert "stride" not in str(data)
    with pytest.raises(CourseError, match="rows: its answer is not sealed"):
        answer_key.write(AnswerKey("any", {}, {"rows": asked(ROWS)}))


def test_a_key_is_read_back(tmp_path: Path) -> None:
    """A prediction from a file judges as the one that was written."""
    sealed: Asked = asked(ROWS, "salt")
    path = tmp_path / "answer_key.json"
    path.write_text(answer_key.write(AnswerKey("any", {}, {"rows": sealed})))

    assert vars(answer_key.read(path).predictions["rows"]) == {**vars(sealed), "slips": []}


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("[2, 4]", True),
        ("(2.0, 4)", True),
        ("['2', '4']", False),
        ("'[2, 4]'", False),
        ("[2, 5]", False),
        ("...", None),
    ],
)
def test_the_grader_judges_as_check_does(
    course: Course, submit: Callable[..., Path], typed: str, right: bool | None
) -> None:
    """The same prediction is right in both, or in neither; the marks are what they are without any."""
    file = submit(f"doubled = {typed}")
    report = grade(file, course, seed=1)
    key = file.with_name("answer_key.json")
    key.write_text(
        answer_key.write(AnswerKey("scaling", {}, {"doubled": asked(course.assignments[0].predictions[0], "salt")}))
    )

    assert report.predictions == {"doubled": right}
    assert report.marks == 0
    assert check(key=key, doubled=eval(typed)).right == bool(right)  # noqa: S307  the words above


def test_a_slip_that_is_the_right_answer_is_the_authors_fault() -> None:
    """However it is written."""
    with pytest.raises(CourseError, match=r"prediction p: slip \(1, 2\) is the right answer\."):
        asked(Prediction("p", [1, 2], slips=[((1, 2), "Really?")]))
