"""Hints: which one a student gets, and that there is one for everyone."""

from __future__ import annotations

from collections import Counter

from autograder.exercise import Exercise
from tests.schemes import EXERCISES, each_exercise

STUB = "not solved yet"


@each_exercise
def test_a_hint_is_about_something_of_its_exercise(exercise: Exercise) -> None:
    """It names known mistakes, behaviours or the stub, and nothing else."""
    known = {mistake.id for mistake in exercise.mistakes} | {one.name for one in exercise.behaviours} | {STUB}

    assert [hint.symptom for hint in exercise.hints if not hint.about] == []
    assert {name for hint in exercise.hints for name in hint.about} - known == set()


@each_exercise
def test_every_behaviour_with_marks_has_a_hint(exercise: Exercise) -> None:
    """Whoever fails one is helped, named mistake or not."""
    helped = {name for hint in exercise.hints for name in hint.about}

    assert {one.name for one in exercise.behaviours if one.marks} - helped == set()


@each_exercise
def test_one_hint_says_how_to_start(exercise: Exercise) -> None:
    """Whoever has not begun gets one hint, which there is no choosing from."""
    assert [STUB in hint.about for hint in exercise.hints].count(True) == 1


@each_exercise
def test_a_mistake_has_one_hint_at_most(exercise: Exercise) -> None:
    """Two for the same mistake would leave one of them unread; what a hint is about is listed once."""
    ids = {mistake.id for mistake in exercise.mistakes}
    counted = Counter(name for hint in exercise.hints for name in hint.about if name in ids)

    assert [name for name, count in counted.items() if count > 1] == []
    assert all(len(set(hint.about)) == len(hint.about) for hint in exercise.hints)


@each_exercise
def test_a_hint_has_three_levels(exercise: Exercise) -> None:
    """A question that asks, a pointer, and nearly the code, each another text."""
    for hint in exercise.hints:
        levels = {hint.question.strip(), hint.pointer.strip(), hint.near_code.strip()}

        assert len(levels - {""}) == 3
        assert "?" in hint.question


def test_most_mistakes_lead_to_a_hint_of_their_own() -> None:
    """At least two thirds of the known mistakes are reached by their id, and the others by what they break."""
    reached = {
        (exercise.function, name) for exercise in EXERCISES.values() for hint in exercise.hints for name in hint.about
    }
    mistakes = [(exercise.function, mistake.id) for exercise in EXERCISES.values() for mistake in exercise.mistakes]

    assert sum(mistake in reached for mistake in mistakes) * 3 >= len(mistakes) * 2
