"""Two known mistakes in one function: found by what the pair does, by the grader and by an answer key alike."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from autograder.course.exercise import Behaviour, Case, Exercise, Function
from autograder.marking import pairs
from autograder.marking.mark import mark
from autograder.marking.pairs import DrawnPairs, signature, signature_of_error
from autograder.marking.scheme import MarkScheme, draw
from autograder.model import Diagnosis, ExerciseReport, Outcome, Raised, Returned


@dataclass(frozen=True)
class Wrong:
    """A mistake, made around another function if it can be."""

    id: str
    function: Function
    over: Callable[[Function], Function] | None = None
    convention: bool = False

    @property
    def name(self) -> str:
        """Its name."""
        return f"name of {self.id}"

    @property
    def says(self) -> str:
        """Its words."""
        return f"You did {self.id}."

    @property
    def read_again(self) -> str:
        """A place."""
        return "notebook 1"


def right(x: Any, step: int = 1, shift: int = 0) -> Any:
    """Every `step`-th number, shifted."""
    return np.asarray(x)[::step] + shift


def around(id_: str, make: Callable[[Function], Function]) -> Wrong:
    """A mistake on the way in or out."""
    return Wrong(id_, make(right), make)


NEGATIVE = around("negative", lambda inner: lambda x, step=1, shift=0: -inner(x, step, shift))
UNSHIFTED = around("unshifted", lambda inner: lambda x, step=1, shift=0: inner(x, step))
CUT = Wrong("cut", lambda x, step=1, shift=0: right(x, step, shift)[:-1])
LATE = Wrong("late", lambda x, step=1, shift=0: np.asarray(x)[step - 1 :: step] + shift)

EXERCISE = Exercise(
    "pick",
    reference=right,
    answer=right,
    mistakes=[NEGATIVE, UNSHIFTED, CUT, LATE],
    behaviours=[
        Behaviour("plain", "It is the same.", 1, lambda rng: [Case(x=rng.normal(size=6))]),
        Behaviour("step", "It steps.", 1, lambda rng: [Case(x=rng.normal(size=7), step=2)]),
        Behaviour("shift", "It shifts.", 1, lambda rng: [Case(x=rng.normal(size=5), shift=3)]),
    ],
)


def kept(scheme: MarkScheme) -> MarkScheme:
    """The scheme as an answer key holds it."""
    drawn = scheme.pairs
    assert isinstance(drawn, DrawnPairs)
    found = pairs.read(json.loads(json.dumps(pairs.write(pairs.keep(drawn)))))
    return MarkScheme(scheme.function, scheme.rules, scheme.trials, scheme.mistakes, pairs=found)


GRADER, KEY = draw(EXERCISE, 5), kept(draw(EXERCISE))

by_grader_and_key = pytest.mark.parametrize("scheme", [GRADER, KEY], ids=["grader", "key"])


def marked(scheme: MarkScheme, function: Function) -> ExerciseReport:
    """What is said of a function."""
    return mark(scheme, [_outcome(trial, function) for trial in scheme.trials])


def _outcome(trial: Any, function: Function) -> Outcome:
    try:
        value, arguments = trial.call(function)
    except Exception as error:  # noqa: BLE001  whatever a function raises is its outcome
        return Raised(type(error).__name__, str(error), kinds=[kind.__name__ for kind in type(error).__mro__])
    return Returned(value, arguments)


def named(scheme: MarkScheme, function: Function) -> dict[str, Diagnosis]:
    """The diagnosis of each behaviour that has one."""
    report = marked(scheme, function)
    return {one.name: one.diagnosis for one in report.behaviours if one.diagnosis is not None}


@by_grader_and_key
def test_two_mistakes_are_named_together(scheme: MarkScheme) -> None:
    """Where both show at once, both are named, in the order of the table."""
    found = named(scheme, lambda x, step=1, shift=0: -right(x, step, shift)[:-1])

    assert {one.mistakes for one in found.values()} == {("negative", "cut")}
    assert {one.kind for one in found.values()} == {"together"}
    assert found["plain"].says == "You did negative. And: You did cut."
    assert str(found["plain"]) == "name of negative and name of cut"


@by_grader_and_key
def test_each_is_named_alone_where_it_shows_alone(scheme: MarkScheme) -> None:
    """A shift that is forgotten shows only where there is one, and there it comes with the other."""
    found = named(scheme, lambda x, step=1, shift=0: right(x, step)[:-1])

    assert found["shift"].mistakes == ("unshifted", "cut")
    assert (found["plain"].mistakes, found["step"].mistakes) == (("cut",), ("cut",))


@by_grader_and_key
def test_two_that_both_reach_round_are_one_pair(scheme: MarkScheme) -> None:
    """A pair is listed once, whichever mistake is made round the other."""
    found = named(scheme, lambda x, step=1, shift=0: -right(x, step))

    assert found["shift"].mistakes == ("negative", "unshifted")


@by_grader_and_key
def test_two_that_are_both_in_the_middle_are_no_pair(scheme: MarkScheme) -> None:
    """Nothing is known of what they do together, so nothing is named."""
    found = named(scheme, lambda x, step=1, shift=0: (np.asarray(x)[step - 1 :: step] + shift)[:-1])

    assert "step" not in found


@by_grader_and_key
def test_no_pair_is_named_against_what_is_right(scheme: MarkScheme) -> None:
    """A pair that would be wrong where the student is right is not it."""
    found = named(scheme, lambda x, step=1, shift=0: -right(x, step, shift)[:-1] if shift else right(x, step, shift))

    assert found == {}


@by_grader_and_key
def test_an_exception_alone_is_no_pair(scheme: MarkScheme) -> None:
    """A pair is known by a wrong value."""

    def raising(x: Any, step: int = 1, shift: int = 0) -> Any:
        raise IndexError

    assert named(scheme, raising) == {}


def test_a_key_keeps_real_pairs_only() -> None:
    """A pair that does what one of the two does alone is left out."""
    blind = around("blind", lambda inner: lambda x, step=1, shift=0: inner(x, step, shift) * 1.0)
    scheme = draw(Exercise("pick", right, right, EXERCISE.behaviours, [NEGATIVE, CUT, blind]))
    drawn = scheme.pairs
    assert isinstance(drawn, DrawnPairs)

    assert list(pairs.keep(drawn).pairs) == [("negative", "cut")]
    assert len(drawn.functions) == 3


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (np.arange(6.0), np.arange(6), True),
        (np.array([1 / 3, 0.1]), np.array([1 / 3, 0.1], np.float32), True),
        ([1.5, 2.5], np.array([1.5, 2.5]), True),
        (np.arange(6.0), np.arange(6.0).reshape(2, 3), False),
        (np.array([1.0, 2.0]), np.array([1.0, 2.01]), False),
        (np.array([np.nan]), np.array([0.0]), False),
        (np.array([np.inf]), np.array([-np.inf]), False),
        ((np.zeros(2), "a"), (np.zeros(2), "a"), True),
        ((np.zeros(2), "a"), (np.zeros(2), "b"), False),
        (None, "None", False),
    ],
)
def test_a_signature_tells_values_apart(one: Any, other: Any, same: bool) -> None:
    """Equal for what counts as equal, and different for anything else."""
    assert (signature(one) == signature(other)) is same


def test_a_refusal_has_one_signature_whatever_it_raises() -> None:
    """Where a call has to be refused, any ValueError will do."""
    assert signature_of_error("A", refused=True) == signature_of_error("B", refused=True)
    assert signature_of_error("A") != signature_of_error("B")
