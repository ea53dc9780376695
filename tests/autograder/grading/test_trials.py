"""Authors' slips that show when cases are drawn and tried: each ends in a sentence that says where it is."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from autograder import commands
from autograder.course.exercise import Behaviour, Case, Exercise, Refusal
from autograder.course.folder import Course
from autograder.errors import CourseError
from autograder.grading import trials
from autograder.model import Windows
from tests.autograder.conftest import EXERCISES

X = np.array([[1.0, -2.0, 3.0, 5.0], [2.0, 4.0, -6.0, 1.0], [0.5, 7.0, 8.0, 9.0]])


def largest(x: Any, size: int = 2) -> Any:
    """The largest number of each window on each row."""
    return np.lib.stride_tricks.sliding_window_view(x, (1, size)).max(axis=(2, 3))


def draw(rng: np.random.Generator, *shape: int) -> Any:
    """Whole numbers, as floats."""
    return rng.integers(-9, 10, shape).astype(float)


RIGHT = Behaviour(
    "rows", "Each row.", 2, lambda rng: [Case(x=draw(rng, 3, 4)), Case(x=draw(rng, 2, 5), size=3)], examples=[Case(x=X)]
)


def lay(x: Any, size: int, **other: Any) -> Windows:
    """The windows of `largest`."""
    fields: dict[str, Any] = {"first": (0, 0), "step": (1, 1), "follows": (0, 1), "reduce": "max", **other}
    return Windows("x", size=(1, size), **fields)


def tell(x: Any, size: int) -> list[str]:
    """The sizes of `largest`."""
    height, width = np.shape(x)
    return [f"height: as before = {height}", f"width: {width} - {size} + 1 = {width - size + 1}"]


def exercise(behaviour: Behaviour = RIGHT, **fields: Any) -> Exercise:
    """An exercise of this behaviour."""
    given: dict[str, Any] = {"reference": largest, "answer": largest, "windows": lay, "sizes": tell, **fields}
    return Exercise("largest", behaviours=[behaviour], **given)


def examined(course: Course, declared: Exercise) -> None:
    """Try one exercise."""
    assignment = replace(course.assignments[0], exercises=[declared])
    trials.require_true(replace(course, assignments=[assignment]))


def refusal(course: Course, declared: Exercise) -> str:
    """What is said of an exercise, after the place."""
    with pytest.raises(CourseError) as caught:
        examined(course, declared)
    where, _, said = str(caught.value).partition(", largest, 'rows': ")
    assert where == f"{course.folder}/exercises/__init__.py"
    return said


def behaving(cases: Callable[[np.random.Generator], Any], **fields: Any) -> Exercise:
    """The exercise with other cases."""
    return exercise(replace(RIGHT, cases=cases, **fields))


def test_what_is_true_is_let_through(course: Course) -> None:
    """The small course, and an exercise with windows and sizes."""
    trials.require_true(course)
    examined(course, exercise())
    examined(course, behaving(lambda rng: [Case(x=draw(rng, 3, 4)), Refusal(x=draw(rng, 1, 1))]))


# --- cases --------------------------------------------------------------------------------------------------------

COUNTER = itertools.count()


@pytest.mark.parametrize(
    "cases",
    [
        lambda _: [Case(x=np.random.rand(3, 4))],  # noqa: NPY002  the slip itself
        lambda _: [Case(x=np.full((3, 4), random.random()))],  # noqa: S311  the same
        lambda _: [Case(x=np.random.default_rng().random((3, 4)))],
        lambda rng: [Case(x=draw(rng, 3, 4 + next(COUNTER) % 3))],
        lambda rng: [Case(x=draw(rng, 3, 4)) for _ in range(1 + next(COUNTER) % 3)],
    ],
    ids=["NumPy's own", "Python's own", "no seed", "a counter", "a number of cases"],
)
def test_the_seed_decides_the_cases(course: Course, cases: Callable[[np.random.Generator], Any]) -> None:
    """Whatever else is drawn from is found, and the generators of the process stay as they were."""
    before = np.random.get_state()[1].tobytes(), random.getstate()  # type: ignore[union-attr]  # noqa: NPY002

    said = refusal(course, behaving(cases))

    assert said == "the same seed draws different cases the second time. Draw all of them from `rng`."
    after = np.random.get_state()[1].tobytes(), random.getstate()  # type: ignore[union-attr]  # noqa: NPY002
    assert before == after


@pytest.mark.parametrize(
    ("cases", "words"),
    [
        (lambda _: [], "it has marks but no hidden case"),
        (lambda _: [Case(x=X)], "its hidden cases are the visible ones, so students could hard-code them"),
        (lambda _: [Case(x=X + 1.0)], "its hidden cases are the visible ones, so students could hard-code them"),
        (lambda _: 1 / 0, "drawing its cases raises ZeroDivisionError('division by zero')"),
        (list, "drawing its cases raises TypeError("),
        (lambda _: None, "drawing its cases gives None. Let `cases` return a list of Case."),
        (lambda _: [{"x": X}], "Let `cases` return a list of Case."),
        (lambda rng: [Refusal(x=draw(rng, 2, 1))], "all visible or all hidden cases are refusals"),
        (lambda rng: [Case(image=draw(rng, 3, 4))], "a case has 'image', but the reference takes x, size"),
        (
            lambda rng: [Case(size=int(rng.integers(9)))],
            "a case lacks 'x', which the reference needs. Give it a value.",
        ),
        (lambda rng: [Case(x=draw(rng, 3, 4), size=9)], "the reference raises ValueError("),
        (lambda rng: [Case(x=draw(rng, 3, 4)), Refusal(x=draw(rng, 3, 4))], "instead of raising ValueError. Make"),
        (lambda rng: [Case(x=draw(rng, 3, 4).tolist())], "argument x is a list. Use numbers, text"),
        (lambda rng: [Case(x=draw(rng, 3, 4) * 1j)], "argument x is an array of complex128."),
        (lambda rng: [Case(x=draw(rng, 3, 4).astype(object))], "argument x is an array of object."),
        (lambda rng: [Case(x=draw(rng, 3, 4), size={int(rng.integers(9))})], "argument size is a set."),
        (lambda rng: [Case(x=draw(rng, 3, 4), size=(1, [2]))], "argument size is a list."),
        (lambda rng: [Case(x=float(rng.integers(99)))], "here and an array in other cases. Make it an array."),
        (lambda rng: [Case(x=draw(rng, 3, 4) * np.nan)], "argument x contains NaN or infinity"),
        (lambda rng: [Case(x=draw(rng, 3, 4) + np.inf)], "argument x contains NaN or infinity"),
        (lambda rng: [Case(x=draw(rng, 3, 4), size=float("inf"))], "argument size contains NaN or infinity"),
    ],
)
def test_a_slip_in_a_case(course: Course, cases: Callable[..., Any], words: str) -> None:
    """File, function and behaviour, what is wrong, and what to do."""
    assert words in refusal(course, behaving(cases))


def test_a_choice_among_names_is_learnt_by_heart(course: Course) -> None:
    """Where a case is nothing but a word, all of them are in the answer key."""

    def largest(name: str) -> Any:
        return {"one": 1.0, "two": 2.0}[name]

    behaviour = Behaviour("rows", "By name.", 1, lambda _: [Case(name="one"), Case(name="two")])

    assert "could hard-code" in refusal(course, Exercise("largest", largest, largest, [behaviour]))


def test_what_is_timed_needs_a_hidden_case(course: Course) -> None:
    """Its visible ones are never shown."""
    timed = replace(RIGHT, faster_than=largest, examples=())

    examined(course, exercise(timed))
    assert "it has marks but no hidden case" in refusal(course, exercise(replace(timed, cases=lambda _: [])))


# --- functions ----------------------------------------------------------------------------------------------------


def changes(x: Any, size: int = 2) -> Any:
    """Right, and leaves another array behind."""
    found = largest(x, size)
    x[0, 0] = 99
    return found


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        (lambda x, size=2: None, "the reference returns None. Return a value"),
        (lambda x, size=2: {}, "the reference returns a dict."),
        (lambda x, size=2: largest(x, size) * 1j, "the reference returns complex numbers."),
        (lambda x, size=2: largest(x, size) * np.inf, "the reference returns NaN or infinity."),
        (lambda x, size=2: largest(x, size) + next(COUNTER), "returns a different value for the same arguments."),
        (changes, "the reference changes its argument x. Let it work on a copy."),
        (lambda x, size=2: np.zeros((1000, 1000)), "the reference returns an array of 8,000,000 bytes"),
    ],
)
def test_a_slip_in_the_reference(course: Course, reference: Callable[..., Any], words: str) -> None:
    """What cannot be marked by is refused."""
    assert words in refusal(course, exercise(reference=reference, windows=None, sizes=None))


def test_every_function_takes_the_cases(course: Course) -> None:
    """The model answer, mistakes, and what is timed against."""
    mistake = replace_mistake(course, lambda x: x)

    assert "mistake S1 does not take a case's arguments (" in refusal(course, exercise(mistakes=[mistake]))
    assert "the model answer does not take a case's arguments (" in refusal(course, exercise(answer=lambda x: x))
    slow = exercise(replace(RIGHT, faster_than=lambda x: x))
    assert "faster_than does not take a case's arguments (" in refusal(course, slow)


def replace_mistake(course: Course, function: Callable[..., Any]) -> Any:
    """The small course's first mistake with another function."""
    mistake = course.assignments[0].exercises[0].mistakes[0]
    return type(mistake)(mistake.id, mistake.name, function)  # type: ignore[call-arg]


# --- what is told of a call ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("windows", "words"),
    [
        (lambda x, size: lay(x, size, reduce="median"), "windows has reduce='median'. Use one of sum, max, min, mean."),
        (lambda x, size: lay(x, size, reduce="min"), "windows gives -2 at [0, 0], but the reference"),
        (lambda x, size: lay(x, size, reduce="mean"), "windows gives -0.5 at [0, 0], but the reference"),
        (lambda x, size: lay(x, size, step=(1, 2)), "windows gives"),
        (lambda x, size: lay(x, size, first=(0, -1)), "windows gives"),
        (lambda x, size: lay(x, size, dilation=(1, 2)), "windows gives"),
        (lambda x, size: lay(x, size, at_least=0.0), "windows gives"),
        (lambda x, size: lay(x, size, added="size"), "windows gives"),
        (lambda x, size: lay(x, size, weights="x"), "must fit every cell of the result"),
        (lambda x, size: lay(x, size, follows=(0, 7)), "must fit every cell of the result"),
        (lambda x, size: Windows("y", (1, 2), (0, 0), (1, 1), (0, 1)), "KeyError('y')"),
        (lambda x, size: lay(x, np.int64(size)), "windows contains something other than plain numbers and names."),
        (lambda x, size: {"size": size}, "windows returns a dict. Return Windows, or None."),
        (lambda x: None, "windows raises TypeError("),
        (lambda x, size: 1 / 0, "windows raises ZeroDivisionError("),
    ],
)
def test_windows_make_the_expected_value(course: Course, windows: Callable[..., Any], words: str) -> None:
    """What a picture would claim of any cell is worked out and compared."""
    assert words in refusal(course, exercise(windows=windows))


def test_windows_of_what_is_no_array(course: Course) -> None:
    """Cells are only told of where there are some."""
    assert "does not return an array of numbers" in refusal(
        course, exercise(reference=lambda x, size=2: "text", sizes=None)
    )


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        (
            lambda x, size: [f"width: {x.shape[1]} - {size} = {x.shape[1] - size}"],
            "sizes ends in [2]",
        ),
        (
            lambda x, size: [f"width: 4 - 2 = {x.shape[1] - size + 1}"],
            "'width: 4 - 2 = 3', but the formula is 2. Correct",
        ),
        (lambda x, size: ["width = 3", f"height = {x.shape[0]}"], "sizes ends in [3, 2]"),
        (lambda x, size: ["width is 3"], "End each line in its number"),
        (lambda x, size: [3], "sizes gives 3. End each line in its number"),
        (lambda x, size: "width = 3", "sizes gives 'width = 3'. Let it return a list of lines."),
        (lambda x: [], "sizes raises TypeError("),
    ],
)
def test_sizes_are_those_of_the_expected_value(course: Course, sizes: Callable[..., Any], words: str) -> None:
    """A formula is worked out, and what the lines end in is compared with the shape."""
    assert words in refusal(course, exercise(replace(RIGHT, examples=[Case(x=X[:, :4])]), sizes=sizes))


# --- the commands -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["build", "verify"])
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('doubles.", 2,', 'doubles.", 0.5,', ", scale, 'twice': marks is 0.5. Use whole marks"),
        (
            "draw(rng, 4)",
            "np.random.rand(4)",
            ", scale, 'factor': the same seed draws different cases the second time.",
        ),
    ],
)
def test_build_and_verify_refuse_a_slip(
    new_course: Callable[..., Path], tmp_path: Path, verb: str, old: str, new: str, words: str
) -> None:
    """With the sentence and exit 2, and nothing is written."""
    assert old in EXERCISES
    folder = new_course(exercises=EXERCISES.replace(old, new))

    result = CliRunner().invoke(commands.autograder, [verb, "--course", str(folder)])

    assert result.exit_code == 2
    assert f"{folder}/exercises/__init__.py{words}" in result.stderr
    assert "Traceback" not in result.output
    assert not (folder / "release").exists()
