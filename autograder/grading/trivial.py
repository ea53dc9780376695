"""Marks that functions earn without solving anything: those that an exercise's cases give away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograder.course.exercise import Exercise, Function
from autograder.course.folder import Course
from autograder.marking.mark import judge
from autograder.marking.scheme import MarkScheme, Trial, draw
from autograder.model import Outcome, Raised, Returned, Unearned, Unmarkable, Value
from autograder.sandbox.values import UnmarkableError, plain

LIMIT = 1 << 24  # bytes
MOST_SHOWN = 9
CONSTANTS: Sequence[Value] = (0, 1, -1, 0.5, float("nan"), None, (), "", True)
FILLINGS: Sequence[float] = (0, 1, -1, 0.5, float("nan"))
WITHOUT_READING: Mapping[str, Function] = {
    "itself": lambda value: value,
    "made zeros": np.zeros_like,
    "made ones": np.ones_like,
    "made -1": lambda value: np.full(np.shape(value), -1),
    "made 0.5": lambda value: np.full(np.shape(value), 0.5),
    "made NaN": lambda value: np.full(np.shape(value), np.nan),
}
IN_ONE_CALL: Mapping[str, Function] = {
    "shape": np.shape,
    "size": np.size,
    "sum": np.sum,
    "mean": np.mean,
    "largest": np.max,
    "smallest": np.min,
    "transposed": np.transpose,
    "negated": np.negative,
    "flattened": np.ravel,
    "rows summed": lambda value: np.sum(value, axis=0),
    "columns summed": lambda value: np.sum(value, axis=-1),
}


@dataclass(frozen=True)
class Answer:
    """A function that looks up visible calls in the answer key, and does something trivial with any other call.

    Attributes:
        name: what it does with a call that it has not seen.
        function: the function that does this.
        may_solve: whether this may be exactly what an exercise asks for, such as a shape.
    """

    name: str
    function: Function
    may_solve: bool = False


def unearned(course: Course, seeds: Sequence[int], answers: Sequence[Answer] | None = None) -> Iterator[Unearned]:
    """Marks for functions that look up visible calls and do something trivial with all others.

    Args:
        course: all of its exercises are tried.
        seeds: of the hidden cases; marks given away by any of them count.
        answers: the answers to try; trivial ones by default.
    """
    for assignment in course.assignments:
        for exercise in assignment.exercises:
            gifts = [gift for seed in seeds for gift in _of_exercise(exercise, seed, answers)]
            yield from {(gift.answer, gift.behaviour): gift for gift in gifts}.values()


def _of_exercise(exercise: Exercise, seed: int, given: Sequence[Answer] | None) -> Iterator[Unearned]:
    untimed = [replace(behaviour, faster_than=None) for behaviour in exercise.behaviours if behaviour.marks]
    scheme = draw(replace(exercise, behaviours=untimed, mistakes=()), seed)
    shown = {_words(trial) for trial in scheme.trials if trial.visible}
    unseen = [trial for trial in scheme.trials if not trial.visible and _words(trial) not in shown]
    tried = _answers(scheme) if given is None else given
    answers = [answer for answer in tried if not _solves(answer, scheme)]
    for rule in scheme.rules:
        asked = [trial for trial in unseen if trial.behaviour == rule.name]
        for answer in answers:
            if all(_is_right(answer.function, trial, scheme, unchanged=rule.inputs_unchanged) for trial in asked):
                yield Unearned(exercise.function, answer.name, rule.name, rule.marks)
                break


def _solves(answer: Answer, scheme: MarkScheme) -> bool:
    """Whether it is the right answer itself."""
    return answer.may_solve and all(
        _is_right(answer.function, trial, scheme, unchanged=True) for trial in scheme.trials
    )


def _is_right(function: Function, trial: Trial, scheme: MarkScheme, *, unchanged: bool) -> bool:
    verdict = judge(_outcome(function, trial), trial, inputs_unchanged=unchanged, rtol=scheme.rtol)
    return verdict.fault is None


def _outcome(function: Function, trial: Trial) -> Outcome:
    try:
        with np.errstate(all="ignore"):
            value = function(*(value for _, value in trial.arguments))
        return Returned(plain(value, LIMIT), [value for _, value in trial.arguments])
    except UnmarkableError as error:
        return Unmarkable(str(error))
    except Exception as error:  # noqa: BLE001  what a function raises is its outcome
        return Raised(type(error).__name__, str(error), kinds=[kind.__name__ for kind in type(error).__mro__])


def _words(trial: Trial) -> str:
    """A call as text, to look it up by."""
    parts = [
        (name, value.dtype.str, value.shape, value.tobytes()) if isinstance(value, np.ndarray) else (name, value)
        for name, value in trial.arguments
    ]
    return repr(parts)


def _answers(scheme: MarkScheme) -> Iterator[Answer]:
    """Answers without work, the simplest first."""
    for error in (ValueError, NotImplementedError):
        yield Answer(f"raise {error.__name__}", _raising(error))
    seen: set[str] = set()
    for value in [*CONSTANTS, *_like_the_visible(scheme)]:
        name = f"return {_short(value)}"
        if name not in seen:
            seen.add(name)
            yield Answer(name, _returning(value))
    most = max((len(trial.arguments) for trial in scheme.trials), default=0)
    for place in range(most):
        for name, of in {**WITHOUT_READING, **IN_ONE_CALL}.items():
            yield Answer(f"argument {place + 1}, {name}", _of(place, of), may_solve=name in IN_ONE_CALL)


def _of(place: int, of: Function) -> Function:
    return lambda *given: of(given[place])


def _raising(error: type[Exception]) -> Function:
    def raising(*_arguments: Value) -> Value:
        raise error

    return raising


def _returning(value: Value) -> Function:
    return lambda *_: value


def _like_the_visible(scheme: MarkScheme) -> Iterator[Value]:
    """The visible results, and constants in their shapes."""
    for trial in scheme.trials:
        if trial.visible and not trial.refused:
            yield trial.expected
            yield from (_filled(trial.expected, number) for number in FILLINGS)


def _filled(value: Value, number: float) -> Value:
    if isinstance(value, tuple | list):
        return tuple(_filled(item, number) for item in value)
    return np.full(value.shape, number) if isinstance(value, np.ndarray) else number


def _short(value: Any) -> str:
    """A value in one line; of a large array, its shape and first items."""
    if isinstance(value, np.ndarray) and value.size > MOST_SHOWN:
        return f"array {value.shape} of {', '.join(f'{item:g}' for item in value.flat[:MOST_SHOWN])}, ..."
    return " ".join(repr(value).split())
