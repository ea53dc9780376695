"""Known mistakes of all exercises differ from each other, do one thing wrong, and come with words.

`tests/course/test_mutations.py` proves that the cases catch every one of them and that it is named; the files beside
this one hold the wrong numbers that each is known for.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import course
from autograder.course.exercise import Exercise
from autograder.marking.compare import compare
from autograder.marking.scheme import Effect, Trial
from autograder.model import Returned
from course.exercises import ASSIGNMENTS, shape_detective
from solutions.faults.around import returned_as
from solutions.mistakes import Mistake, with_function, with_words
from tests.schemes import EXERCISES, each_exercise, outcome, scheme

NOTEBOOKS = {exercise.function: one.name[:2] for one in ASSIGNMENTS for exercise in one.exercises}
REPAIRS = {exercise.function for exercise in shape_detective.REPAIRS}
# A frame drawn over the image itself.
WRITES_INTO_IMAGE = "F57"

WHO_DOES_IT_SO = (
    "Some courses ",
    "PyTorch ",
    "NumPy and SciPy ",
    "Mathematics and signal processing ",
    "In mathematics ",
)
CONVENTIONS = {
    "axis_sizes": "F21 F31",
    "window_sum": "M1",
    "conv2d_valid": "M1",
    "true_convolution": "F38",
    "design_kernel": "M1",
    "output_size": "M16 M20",
    "conv2d_strided": "M1",
    "same_padding": "M16 M17 M20a M20b F48",
    "pad2d": "",
    "conv2d_gray": "M16 M17 M20a M20b F48 M1",
    "conv2d_one_filter": "M1",
    "conv2d": "M1 M16a M16b M17 M20a F21 F65 F98",
    "max_pool2d": "M16 M16b M17 M20a M20c F21 F65 F98",
    "avg_pool2d": "M16 M16b M17 M20a M20c F21 F65 F98 P5",
    "global_max_pool": "P12",
    "global_avg_pool": "P12",
    "windows": "F21",
    "conv2d_einsum": "M1 F21 F65 F98",
    "conv2d_im2col": "M1 F21 F65 F98",
    "trace_shapes": "M20",
    "dense": "N66",
    "run_layer": "M1 M17a M17b P5",
    "predict": "M1 M17a P5",
    "conv2d_backward": "",
    "max_pool2d_backward": "",
    "avg_pool2d_backward": "P5",
    "conv2d_fast": "M1 F21 F65 F98",
    "conv2d_general": "M1",
    "correlate_same": "",
    "average_same": "",
    "to_keras_kernel": "",
    "to_torch_kernel": "",
}


@cache
def headings(number: str) -> set[str]:
    """The headings of a notebook's text."""
    (path,) = Path(course.__file__).with_name("notebooks").glob(f"{number}_*.py")
    return set(re.findall(r"^# ## (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE))


def alike(one: Effect, other: Effect) -> bool:
    """Whether a grader cannot tell two effects apart."""
    if (one.raises, one.changes_input) != (other.raises, other.changes_input):
        return False
    return one.raises is not None or compare(one.value, other.value).fault is None


def arrays(trial: Trial) -> list[np.ndarray]:
    """The arguments of a trial that are arrays."""
    return [value for _, value in trial.arguments if isinstance(value, np.ndarray)]


def with_lists(trial: Trial) -> Trial:
    """The same call with nested lists for arrays."""
    given = [(name, value.tolist() if isinstance(value, np.ndarray) else value) for name, value in trial.arguments]
    return replace(trial, arguments=given)


@each_exercise
def test_mistakes_differ_from_each_other(exercise: Exercise) -> None:
    """The visible cases, which count in every run, tell any two mistakes apart, so that each can be named."""
    drawn = scheme(exercise.function)

    assert [
        pair
        for pair in combinations(drawn.mistakes, 2)
        if all(alike(*(trial.known[id_] for id_ in pair)) for trial in drawn.trials)
    ] == []


@each_exercise
def test_only_mistakes_about_the_input_change_it(exercise: Exercise) -> None:
    """One fault is not named for two: a mistake changes its arguments if that is what it is about, otherwise not."""
    drawn = scheme(exercise.function)
    change = {id_ for id_ in drawn.mistakes if any(trial.known[id_].changes_input for trial in drawn.trials)}

    assert change == {id_ for id_ in drawn.mistakes if id_.startswith(("M43", WRITES_INTO_IMAGE))}


@each_exercise
def test_a_changed_input_can_come_with_right_numbers(exercise: Exercise) -> None:
    """The first mistake about the input is right in all but the input, where that can hold fractions."""
    drawn = scheme(exercise.function)
    trials = [
        trial for trial in drawn.trials if not trial.refused and all(part.dtype == float for part in arrays(trial))
    ]
    effects = [(trial, trial.known[id_]) for id_ in drawn.mistakes if id_ in {"M43", "M43a"} for trial in trials]

    assert all(one.raises is None and compare(one.value, trial.expected).fault is None for trial, one in effects)
    assert not effects or any(one.changes_input for _, one in effects)


@each_exercise
def test_a_mistake_takes_what_the_right_answer_takes(exercise: Exercise) -> None:
    """A mistake may be called in every way in which the course calls the function."""
    parameters = inspect.signature(exercise.answer).parameters.values()
    required = [one.name for one in parameters if one.default is one.empty]
    optional = {one.name: one.default for one in parameters if one.default is not one.empty}

    for mistake in exercise.mistakes:
        assert inspect.signature(mistake.function).bind(*required, **optional)


@each_exercise
def test_a_mistake_takes_lists(exercise: Exercise) -> None:
    """Nested lists give the same as arrays; bytes are left out, as a list forgets them."""
    for trial in scheme(exercise.function).trials:
        if any(part.dtype == np.uint8 for part in arrays(trial)):
            continue
        for mistake in exercise.mistakes:
            effect, actual = trial.known[mistake.id], outcome(mistake.function, with_lists(trial))
            if isinstance(actual, Returned):
                assert effect.raises is None, mistake.id
                assert compare(actual.value, effect.value).fault is None, mistake.id
            else:
                assert effect.raises is not None, mistake.id


@each_exercise
@pytest.mark.parametrize("part", ["id", "name", "says"])
def test_ids_and_words_are_unique(exercise: Exercise, part: str) -> None:
    """No two mistakes of one function share an id, a name or words."""
    parts = [getattr(mistake, part) for mistake in exercise.mistakes]

    assert sorted(parts) == sorted(set(parts))


ON_WORDS: dict[str, Callable[[Mistake], object]] = {
    "an id of one letter, a number and a letter at most": lambda one: re.fullmatch(r"[MPCFN]\d{1,2}[a-z]?", one.id),
    "a name of two to five words": lambda one: 2 <= len(one.name.split()) <= 5,
    "full sentences": lambda one: one.says.endswith("."),
    "240 characters at most": lambda one: len(one.says) <= 240,
}


@each_exercise
@pytest.mark.parametrize("rule", ON_WORDS)
def test_a_mistake_has_words(exercise: Exercise, rule: str) -> None:
    """A mistake has an id, a short name, and a full sentence or two."""
    assert [mistake.id for mistake in exercise.mistakes if not ON_WORDS[rule](mistake)] == []


@each_exercise
def test_a_mistake_is_told_to_its_maker(exercise: Exercise) -> None:
    """The words speak of what you did; where the code of others is to be fixed, of what it does."""
    mistakes = [mistake for mistake in exercise.mistakes if not mistake.convention]
    others = [mistake.id for mistake in mistakes if not mistake.says.startswith(("You ", "Your "))]

    assert others == [] or exercise.function in REPAIRS


@each_exercise
def test_a_convention_is_told_as_one(exercise: Exercise) -> None:
    """The words say who does it so and what is done here, and nobody is told that it was a mistake."""
    conventions = [mistake for mistake in exercise.mistakes if mistake.convention]

    assert [one.id for one in conventions if not one.says.startswith(WHO_DOES_IT_SO)] == []
    assert [one.id for one in conventions if ". Here, " not in one.says] == []
    assert [one.id for one in exercise.mistakes if ". Here, as in Keras, " in one.says and not one.convention] == []


@pytest.mark.parametrize(("function", "conventions"), CONVENTIONS.items())
def test_conventions_are_marked(function: str, conventions: str) -> None:
    """What another course or library has so is marked, and a slip is not."""
    assert [one.id for one in EXERCISES[function].mistakes if one.convention] == conventions.split()


@each_exercise
def test_a_mistake_leads_back_to_a_heading(exercise: Exercise) -> None:
    """What to read again is a paragraph of the same notebook or of an earlier one."""
    places = {one.id: re.fullmatch(r'notebook (\d\d), "(.+)"', one.read_again) for one in exercise.mistakes}

    assert [id_ for id_, place in places.items() if not place or place[1] > NOTEBOOKS[exercise.function]] == []
    assert [id_ for id_, place in places.items() if place and place[2] not in headings(place[1])] == []


WORDS = """
M1 | kernel flipped | notebook 01, Rows first
It is turned,
and has to stay.

M2 | kernel mirrored | notebook 02, "=", and others | convention
It is mirrored.
"""


def test_a_table_of_words() -> None:
    """Paragraphs become mistakes in their order; a line break in what is said is a space."""
    first, second = with_words({"M2": abs, "M1": min}, WORDS)

    assert first == Mistake("M1", "kernel flipped", min, "It is turned, and has to stay.", 'notebook 01, "Rows first"')
    assert (second.id, second.function, second.read_again) == ("M2", abs, 'notebook 02, ""=", and others"')
    assert (first.convention, second.convention) == (False, True)


def test_a_mistake_that_can_be_made_around_another_function() -> None:
    """Its function makes it around the right one."""
    (mistake,) = with_words({"M2": returned_as(abs, str)}, WORDS.split("\n\n")[1])

    assert mistake.function(-3) == "3"
    assert mistake.over is not None
    assert mistake.over(bool)(-3) == "True"


def test_the_same_mistake_in_another_function() -> None:
    """It keeps its words, and is made around another function only if the new one can be."""
    mistakes = with_words({"M1": min, "M2": returned_as(abs, str)}, WORDS)
    swapped = [with_function(mistakes[0], returned_as(abs, str)), with_function(mistakes[1], max)]

    assert [one.id for one in swapped] == ["M1", "M2"]
    assert [one.over is None for one in swapped] == [False, True]
    assert (swapped[0].function(-3), swapped[1].function) == ("3", max)


@pytest.mark.parametrize("functions", [{"M1": min}, {"M1": min, "M2": abs, "M3": max}])
def test_words_and_functions_go_together(functions: dict[str, Any]) -> None:
    """Words without a function are refused, and so is a function without words."""
    with pytest.raises(ValueError, match=r"with_words: \['M[23]'\] are in one table only"):
        with_words(functions, WORDS)


def test_nothing_but_a_convention_is_marked() -> None:
    """Another word behind the heading is refused, and so is an id that has words twice."""
    with pytest.raises(ValueError, match=r"M2 ends in 'custom'\. End it in 'convention' or in its heading"):
        with_words({"M1": min, "M2": abs}, WORDS.replace("| convention", "| custom"))
    with pytest.raises(ValueError, match=r"M1 has words twice\. Rename one"):
        with_words({"M1": min, "M2": abs}, WORDS.replace("M2", "M1"))
