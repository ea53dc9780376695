"""Mark schemes: drawn from a course, the same from the same seed."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.course.exercise import Behaviour, Case, Exercise, Refusal
from autograder.course.folder import Course
from autograder.errors import CourseError
from autograder.marking.scheme import MarkScheme, draw, skeleton


@pytest.fixture
def scale(course: Course) -> Exercise:
    """The exercise `scale`."""
    return course.assignments[0].exercises[0]


def inputs(scheme: MarkScheme, *, visible: bool) -> list[list[Any]]:
    """The arrays of the visible or the hidden trials."""
    return [trial.positional for trial in scheme.trials if trial.visible == visible]


def test_the_same_seed_draws_the_same_cases(scale: Exercise) -> None:
    """A seed decides the hidden cases, on any machine and in any process."""
    np.testing.assert_equal(inputs(draw(scale, 5), visible=False), inputs(draw(scale, 5), visible=False))


def test_another_seed_draws_other_hidden_cases_and_the_same_visible_ones(scale: Exercise) -> None:
    """What students see does not change; what they do not see does."""
    five, six = draw(scale, 5), draw(scale, 6)

    np.testing.assert_equal(inputs(five, visible=True), inputs(six, visible=True))
    pairs = zip(inputs(five, visible=False), inputs(six, visible=False), strict=True)
    assert not any(np.array_equal(one[0], other[0]) for one, other in pairs)


def test_hidden_cases_differ_from_visible_ones_even_for_the_released_seed(scale: Exercise) -> None:
    """No seed makes the hidden cases those that students have."""
    scheme = draw(scale, 0)

    visible = [array.tobytes() for (array,) in inputs(scheme, visible=True)]
    assert not any(array.tobytes() in visible for (array,) in inputs(scheme, visible=False))


def test_without_a_seed_all_is_visible(scale: Exercise) -> None:
    """A key is drawn without hidden cases."""
    assert all(trial.visible for trial in draw(scale).trials)


def test_known_mistakes_are_worked_out(scale: Exercise) -> None:
    """Each mistake's value, exception and change of input is known for each trial."""
    first = draw(scale).trials[0]

    np.testing.assert_array_equal(first.known["S2"].value, [[1, 4]])
    assert first.known["S6"].raises == "IndexError"
    assert [name for name, effect in first.known.items() if effect.changes_input] == ["S5"]
    np.testing.assert_array_equal(first.positional[0], [[1, 2]])


def test_arguments_with_a_default_are_passed_by_name(scale: Exercise) -> None:
    """A student may rename x, not factor."""
    trial = next(trial for trial in draw(scale).trials if trial.behaviour == "factor")

    assert len(trial.positional) == 1
    assert trial.keywords == {"factor": 3}


def with_cases(exercise: Exercise, *cases: Case, **options: Any) -> Exercise:
    """The exercise with one behaviour of these cases."""
    return replace(exercise, behaviours=[Behaviour("one", "It is one.", 1, lambda _: list(cases), **options)])


def test_a_refusal_is_marked_as_one(scale: Exercise) -> None:
    """A case that has to be refused has no expected value."""

    def scale_some(x: Any, factor: int = 2) -> Any:
        if factor < 0:
            raise ValueError("no")
        return x * factor

    exercise = replace(with_cases(scale, Case(x=np.ones(1)), Refusal(x=np.ones(1), factor=-1)), reference=scale_some)

    assert [trial.refused for trial in draw(exercise).trials] == [False, True]


def test_speed_is_measured_where_there_is_something_to_compare_with(scale: Exercise) -> None:
    """The limit is a share of the slow function's time; a key has none, so that the behaviour is left out."""

    def slow(x: Any) -> None:
        for _ in range(100_000):
            pass

    exercise = with_cases(scale, Case(x=np.ones(1)), faster_than=slow, ratio=10.0)

    limits = [trial.seconds for trial in draw(exercise, 5).trials]
    assert len(limits) == 1  # the hidden case; what is known beforehand could be looked up
    assert all(limit is not None and 0 < limit < 0.1 for limit in limits)
    assert (draw(exercise).trials, draw(exercise).rules) == ([], [])


@pytest.mark.parametrize(
    ("case", "words"),
    [
        (Case(y=1), "a case has 'y', but the reference takes x, factor. Rename it."),
        (Case(x=np.ones(2), factor="a"), "instead of returning a value. Change the case."),
        (Refusal(x=np.ones(2)), "the reference returns a value instead of raising ValueError. Make it a plain Case."),
    ],
)
def test_an_author_is_told_what_is_wrong_with_a_case(scale: Exercise, case: Case, words: str) -> None:
    """A case that does not fit the reference is a CourseError that names exercise and behaviour."""
    with pytest.raises(CourseError, match="exercise scale, 'one'") as caught:
        draw(with_cases(scale, case))
    assert words in str(caught.value)


def test_cases_leave_the_declaration_alone(scale: Exercise, course: Course) -> None:
    """Mistakes that write into their input do not spoil the examples for others."""
    draw(scale)

    example: Callable[..., Any] = course.assignments[0].exercises[0].behaviours[0].examples[0].arguments["x"]
    np.testing.assert_array_equal(example, [[1, 2]])


def test_an_index_out_of_bounds_is_known_by_its_place() -> None:
    """The words are the same for every loop that goes too far; other messages are known by their words alone."""
    one, other = (skeleton(f"index {index} is out of bounds for axis 1 with size 3") for index in (3, 4))

    assert one != other
    assert skeleton("shapes (2,2) (3,3) do not fit") == skeleton("shapes (4,2) (3,1) do not fit")


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("raise ValueError('no 3')", ""),
        ("if True: raise ValueError('no 3')", ""),
        ("raise ValueError(\n        'no 3'\n    )", ""),
        ("raise int('no 3')", "invalid literal for int with base"),
        ("int('no 3')", "invalid literal for int with base"),
    ],
)
def test_what_is_raised_on_purpose_has_no_skeleton(scale: Exercise, source: str, words: str) -> None:
    """However the `raise` is laid out; an operation on its line raises by itself."""
    made: dict[str, Any] = {}
    exec(f"def wrong(x, factor=2):\n    {source}", made)  # noqa: S102  our own words
    mistake = replace_function(scale.mistakes[0], made["wrong"])

    (effect,) = draw(replace(scale, mistakes=[mistake])).trials[0].known.values()

    assert (effect.raises, effect.skeleton) == ("ValueError", words)


def replace_function(mistake: Any, function: Callable[..., Any]) -> Any:
    """The same mistake, made by another function."""
    changed = copy.copy(mistake)
    changed.function = function
    return changed
