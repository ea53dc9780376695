"""check(), as a student calls it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import autograder
from autograder import check
from autograder.course.folder import Course, load_course
from autograder.errors import UsageError
from autograder.marking.scheme import draw
from autograder.notebook.check import Checked, CheckFailed
from autograder.release import answer_key, build
from autograder.release.answer_key import AnswerKey
from tests.autograder.conftest import EXERCISES

TOTAL_IS_WRONG = 0


@pytest.fixture(autouse=True)
def beside_the_notebook(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand where a released notebook stands."""
    build.write(build.release(course, course.assignments[0]), tmp_path)
    monkeypatch.chdir(tmp_path / "scaling")


def total(x: Any) -> Any:
    """A wrong total, which other functions may call."""
    return np.sum(x) + TOTAL_IS_WRONG


def function(name: str, body: Callable[..., Any]) -> Callable[..., Any]:
    """The body under the name that students use."""
    body.__name__ = name
    return body


def test_a_right_function_is_told_so_and_no_more() -> None:
    """All visible cases right does not read as all right."""
    checked = check(function("scale", lambda x, factor=2: x * factor))

    assert checked.right
    assert repr(checked) == "scale: all 4 visible cases are right. Hidden cases decide the mark."


def test_what_only_the_grader_measures_is_not_forgotten(
    new_course: Callable[..., Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A behaviour without visible cases is named where all others are right."""
    timed = 'Behaviour("quick", "It is quick.", 1, lambda rng: [Case(x=draw(rng, 4))], faster_than=reference_scale)'
    last = 'Behaviour("input left alone"'
    assignment = load_course(new_course(exercises=EXERCISES.replace(last, f"{timed}, {last}"))).assignments[0]
    key = AnswerKey("scaling", {"scale": draw(assignment.exercises[0])}, {})
    (tmp_path / "answer_key.json").write_text(answer_key.write(key))
    monkeypatch.chdir(tmp_path)

    assert repr(check(function("scale", lambda x, factor=2: x * factor))).splitlines() == [
        "scale: all 4 visible cases are right. Hidden cases decide the mark.",
        "Not tried here, quick: It is quick.",
    ]


def test_a_stub_is_not_solved_yet() -> None:
    """No traceback for what has not been written."""

    def scale(x: Any, factor: int = 2) -> Any:
        raise NotImplementedError("your turn")

    assert repr(check(scale)) == "scale: not solved yet"


def test_a_mistake_is_named_without_the_solutions() -> None:
    """The key knows what known mistakes return."""
    text = repr(check(function("scale", lambda x, factor=2: x**factor)))

    assert "scale, twice: " in text
    assert "your mistake  This is a power." in text
    assert "also in       factor, input left alone" in text


def test_an_exception_shows_the_students_line() -> None:
    """The message has the line of the student's code and no frame of ours."""

    def scale(x: Any, factor: int = 2) -> Any:
        return x[99]

    text = repr(check(scale))

    assert "scale, twice: IndexError: index 99 is out of bounds" in text
    assert "return x[99]" in text
    assert "check.py" not in text


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ((number for number in range(3)), "returned a generator"),
        (None, "returned None"),
        ("text", "wrong kind of value"),
        (np.lib.stride_tricks.as_strided(np.zeros(1), (10**9,), (0,)), "returned an array of 8,000,000,000 bytes"),
    ],
    ids=["generator", "None", "text", "stride trick"],
)
def test_strange_values_get_a_sentence(value: Any, words: str) -> None:
    """Whatever a function returns, the answer is words."""
    assert words in repr(check(function("scale", lambda x, factor=2: value)))


class Hostile(Exception):  # noqa: N818  a student's
    """An exception that cannot be printed."""

    def __str__(self) -> str:
        raise RuntimeError


class NoArray:
    """An object that fails whenever it is read."""

    def __array__(self, *_arguments: Any, **_options: Any) -> Any:
        raise RuntimeError("not an array")

    def __repr__(self) -> str:
        raise RuntimeError


class NoArrayAfterAll:
    """An object that says it is an array, and is none."""

    def __array__(self, *_arguments: Any, **_options: Any) -> Any:
        return np.array(object())


class NoClass:
    """An object that does not tell its class."""

    @property
    def __class__(self) -> Any:
        raise ValueError("no class")


class Endless(list):  # type: ignore[type-arg]
    """A list that never ends."""

    def __iter__(self) -> Any:
        while True:
            yield 1


class AlwaysEqual(np.ndarray):
    """An array that takes itself for equal to anything."""

    __hash__ = None  # type: ignore[assignment]

    def __eq__(self, _other: object) -> Any:
        return True

    def __array_function__(self, *_arguments: Any, **_options: Any) -> Any:
        raise RuntimeError("no function")


def inside_itself() -> list[Any]:
    """A list that holds itself."""
    found: list[Any] = []
    found.append(found)
    return found


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (NoArray(), "RuntimeError: not an array"),
        (NoArrayAfterAll(), "returned an object of type NoArrayAfterAll"),
        (NoClass(), "ValueError: no class"),
        (Endless([1, 2]), "wrong shape"),
        (np.zeros((1, 2)).view(AlwaysEqual), "2 of 2 cells are wrong"),
        (inside_itself(), "returned lists nested more than 8 deep"),
        ([[1, 2], [3]], "wrong kind of value"),
        ([NoArray()], "RuntimeError: not an array"),
        (np.full((1, 2), np.nan), "NaN or infinity where a finite number is expected"),
        (10**400, "returned an object of type int"),
        (range(10**12), "MemoryError"),
        (np.array([1 + 1j]), "returned complex numbers"),
        (lambda: 1, "returned a function"),
    ],
    ids=range(13),
)
def test_hostile_values_get_a_sentence(value: Any, words: str) -> None:
    """Nothing of ours raises, in the words or in the picture, and nothing is waited for."""
    checked = check(function("scale", lambda x, factor=2: value))

    assert words in repr(checked)
    assert "Traceback" not in repr(checked)
    assert words in str(checked._repr_html_())


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([1, 2], "check() needs the function itself, not its result: write check(scale), without parentheses."),
        ("total", "check() needs the function itself, not its name: write check(total), without quotes."),
        ("totl", "check() needs the function itself, not its name: write check(scale), without quotes."),
    ],
)
def test_a_value_is_no_function(value: Any, words: str) -> None:
    """A result or a name in place of the function gets the line to write instead."""
    with pytest.raises(UsageError) as raised:
        check(value)

    assert str(raised.value) == words


def test_a_notebook_shows_the_sentence_only() -> None:
    """IPython asks an exception for its traceback, and gets the words alone."""
    assert UsageError("check: this, but that; do so")._render_traceback_() == ["check: this, but that; do so"]


def test_a_function_that_calls_itself_shows_its_line_once() -> None:
    """A thousand equal frames are one line."""

    def scale(x: Any, factor: int = 2) -> Any:
        return scale(x, factor)

    text = repr(check(scale))

    assert text.count("return scale(x, factor)") == 1
    assert "The function never stops calling itself." in text


def test_an_exception_that_cannot_be_printed_gets_a_sentence() -> None:
    """Whatever a function raises, the answer is words."""

    def scale(x: Any, factor: int = 2) -> Any:
        raise Hostile

    assert "scale, twice: Hostile (0 of 2)" in repr(check(scale))


def test_a_function_that_leans_on_a_wrong_one_is_told_that() -> None:
    """No mistake is named in a function that only hands one on."""
    namespace: dict[str, Any] = {}
    exec("def total(x): return 0\ndef scale(x, factor=2): return total(x)", namespace)  # noqa: S102  as a notebook does

    text = repr(check(namespace["scale"]))

    assert "scale calls total, which is still failing. Fix total first; that may be the only" in text
    assert "your mistake" not in text


def test_arguments_are_not_shared_with_the_key() -> None:
    """A function that writes into its input is told so, and does not spoil the next check."""

    def scale(x: Any, factor: int = 2) -> Any:
        x *= factor
        return x

    first, second = repr(check(scale)), repr(check(scale))

    assert first == second
    assert "the call changed x" in first


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ([2, 4], "doubled: right"),
        (np.array([2.0, 4.0]), "doubled: right"),
        (None, "doubled: not answered yet"),
        (..., "doubled: not answered yet"),
        ([2, 5], "doubled: 1 of 2 cells is right.\nright   ?  "),
        ([1, 4], "The first one doubles as well."),
        ([[2, 4]], "Your answer is 1 row of 2 numbers, shape (1, 2). Expected: a list of 2 numbers, shape (2,)."),
        ("two", "doubled: not yet."),
        ({2, 4}, "doubled: this is a set. Use numbers or text."),
    ],
)
def test_predictions_are_compared_cell_by_cell(value: Any, words: str) -> None:
    """A prediction is told which cells are right, and never the answer."""
    assert words in repr(check(doubled=value))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (2, "a single number"),
        ([2], "a list of 1 number, shape (1,)"),
        ([[2], [4]], "2 rows of 1 number, shape (2, 1)"),
        ([[[2]]], "an array of shape (1, 1, 1)"),
    ],
)
def test_a_prediction_of_another_shape_is_told_in_words(value: Any, words: str) -> None:
    """A beginner does not read () as one number."""
    text = f"doubled: not yet. Your answer is {words}. Expected: a list of 2 numbers, shape (2,)."

    assert text in repr(check(doubled=value))


def test_code_in_words_alone_is_shown_as_code() -> None:
    """A notebook shows no backticks; other words stay plain text, and what was printed is escaped."""
    slip = Checked("sum: not yet.\n`*` is no `@`, 1 < 2", right=False, printed="<b>`")

    assert slip._repr_html_() == (
        "<p>sum: not yet.<br/><code>*</code> is no <code>@</code>, 1 &lt; 2</p><pre>&lt;b&gt;`</pre>"
    )
    assert check(doubled=[2, 5])._repr_html_() is None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "check.. needs a function or a prediction: write check.scale."),
        ({"tripled": 3}, "'tripled' is not in this notebook's answer key. Use one of: doubled."),
    ],
)
def test_a_wrong_call_says_what_to_write(arguments: dict[str, Any], words: str) -> None:
    """check() called wrongly ends in a sentence."""
    with pytest.raises(UsageError, match=words):
        check(**arguments)


def test_a_program_that_runs_the_notebook_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    """Under nbgrader a wrong answer raises: a cell that only prints gets full marks there."""
    monkeypatch.setenv("NBGRADER_EXECUTION", "validate")

    with pytest.raises(CheckFailed, match="not answered yet"):
        check(doubled=None)
    assert check(doubled=[2, 4]).right


def test_such_a_program_gets_the_picture_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is shown before the exception, so that feedback made of the notebook has it; the exception is words alone."""
    shown: list[Any] = []
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    monkeypatch.setattr("IPython.display.display", shown.append)

    with pytest.raises(CheckFailed) as failed:
        check(function("scale", lambda x, factor=2: x * 2))

    assert "<svg" in shown[0]._repr_html_()
    assert failed.value._render_traceback_() == [repr(shown[0])]


def test_check_needs_numpy_alone() -> None:
    """A student's install has none of the grader's libraries, and does not wait for any."""
    heavy = ["nbformat", "msgspec", "rich", "click", "jupytext", "jinja2", "matplotlib", "nbgrader", "IPython"]
    code = f"import sys; from autograder import check, hint; print(sorted({set(heavy)} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"  # noqa: S603


def test_the_package_has_two_names() -> None:
    """check() for students, grade() for programs."""
    assert callable(autograder.check)
    assert callable(autograder.grade)
    with pytest.raises(AttributeError, match="no attribute 'cheat'"):
        _ = autograder.cheat
