"""Draw and try a course's cases: what a build releases and a run grades with must be true."""

from __future__ import annotations

import ast
import contextlib
import inspect
import operator
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple, replace
from typing import Any

import numpy as np

from autograder.course import declarations
from autograder.course.declarations import is_finite
from autograder.course.exercise import Behaviour, Case, Exercise, Function, Refusal
from autograder.course.folder import Course
from autograder.errors import CourseError
from autograder.marking import window_values
from autograder.marking.compare import compare, numbers
from autograder.marking.scheme import Trial, cases, trial_of
from autograder.model import Value, Windows
from autograder.sandbox.values import UnmarkableError, plain

SEEDS = (1, 2, 3)
REAL = "biuf"


def require_true(course: Course) -> None:
    """Draw the visible and hidden cases of every exercise, and test every declaration on them.

    Raises:
        CourseError: a case cannot be used or does not depend on the seed alone, or a declaration about it is false.
    """
    for assignment in course.assignments:
        for exercise in assignment.exercises:
            _require_exercise(
                declarations.where(course.folder, assignment, exercise), exercise, course.limits.reply_bytes
            )


def _require_exercise(where: str, exercise: Exercise, largest: int) -> None:
    drawn = {behaviour.name: _drawn(where, exercise, behaviour, SEEDS[:1]) for behaviour in exercise.behaviours}
    everything = [case for pairs in drawn.values() for case, _ in pairs]
    arrays = {name for case in everything for name, value in case.arguments.items() if isinstance(value, np.ndarray)}
    for behaviour in exercise.behaviours:
        at, pairs = f"{where}, {behaviour.name!r}", drawn[behaviour.name]
        for case, _ in pairs:
            for name, value in case.arguments.items():
                _require_argument(at, name, value, is_array=name in arrays)
        if not _are_all_same(pairs, _drawn(where, exercise, behaviour, SEEDS[:1], state=2)):
            raise CourseError(
                f"{at}: the same seed draws different cases the second time. Draw all of them from `rng`."
            )
        _require_hidden(at, behaviour, _drawn(where, exercise, behaviour, SEEDS))
        for visible in (True, False):
            _require_accepting(at, [case for case, is_visible in pairs if is_visible == visible])
        for case, visible in pairs:
            if visible and behaviour.faster_than is not None:
                continue  # timed cases are never shown
            with _located(where):
                trial = trial_of(exercise, _untimed(behaviour), case, visible=visible)
            _require_trial(at, exercise, behaviour, trial, largest)


def _untimed(behaviour: Behaviour) -> Behaviour:
    return replace(behaviour, faster_than=None)


@contextlib.contextmanager
def _located(where: str) -> Iterator[None]:
    """Put the file in front of the mark scheme's error about an exercise."""
    file = where.rpartition(", ")[0]
    try:
        yield
    except CourseError as error:
        raise CourseError(f"{file}, {str(error).removeprefix('exercise ')}") from error


# --- drawing ------------------------------------------------------------------------------------------------------


def _drawn(
    where: str, exercise: Exercise, behaviour: Behaviour, seeds: Sequence[int], *, state: int = 1
) -> list[tuple[Case, bool]]:
    """The cases of some seeds, and whether each is visible; global random generators start from a known state."""
    with _located(where), _global_generators(state):
        return [pair for seed in seeds for pair in cases(exercise, _untimed(behaviour), seed)]


def _require_hidden(at: str, behaviour: Behaviour, drawn: Sequence[tuple[Case, bool]]) -> None:
    """A behaviour with marks needs hidden cases, so that answers cannot be memorised."""
    visible, hidden = ([case for case, is_visible in drawn if is_visible == kind] for kind in (True, False))
    if not behaviour.marks:
        return
    if not hidden:
        raise CourseError(
            f"{at}: it has marks but no hidden case, so students could hard-code the answers. Draw one in `cases`."
        )
    if all(any(_are_same(one, other) for other in visible) for one in hidden):
        raise CourseError(
            f"{at}: its hidden cases are the visible ones, so students could hard-code them. Draw them from `rng`."
        )


@contextlib.contextmanager
def _global_generators(seed: int) -> Iterator[None]:
    """Change the seeds of the global random generators, and restore their state afterwards."""
    # this is here to find out whether cases use them
    state, others = np.random.get_state(), random.getstate()  # noqa: NPY002
    np.random.seed(seed)  # noqa: NPY002
    random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(state)  # noqa: NPY002
        random.setstate(others)


def _are_all_same(drawn: Sequence[tuple[Case, bool]], again: Sequence[tuple[Case, bool]]) -> bool:
    return len(drawn) == len(again) and all(
        _are_same(one, other) for (one, _), (other, _) in zip(drawn, again, strict=True)
    )


def _are_same(first: Any, second: Any) -> bool:
    """Whether two cases, or two values, are the same in type, shape and every number."""
    if isinstance(first, Case):
        return type(first) is type(second) and _are_same(
            tuple(first.arguments.items()), tuple(second.arguments.items())
        )
    if type(first) is not type(second):
        return False
    if isinstance(first, tuple | list):
        return len(first) == len(second) and all(map(_are_same, first, second))
    if isinstance(first, np.ndarray):
        return (first.dtype, first.shape) == (second.dtype, second.shape) and bool(first.tobytes() == second.tobytes())
    return repr(first) == repr(second)


# --- values -------------------------------------------------------------------------------------------------------


def _require_argument(at: str, name: str, value: Any, *, is_array: bool) -> None:
    if isinstance(value, tuple):
        for item in value:
            _require_argument(at, name, item, is_array=False)
        is_number = False
    else:
        is_number = isinstance(value, bool | int | float | np.generic)
        what = _unusable(value)
        if what is not None:
            raise CourseError(
                f"{at}: argument {name} is {what}. Use numbers, text, None, an np.array of numbers, or tuples of these."
            )
    if is_array and (is_number or isinstance(value, tuple)):
        raise CourseError(f"{at}: argument {name} is {value!r} here and an array in other cases. Make it an array.")
    if not isinstance(value, tuple) and not is_finite(value):
        raise CourseError(
            f"{at}: argument {name} contains NaN or infinity, which make comparisons unreliable. Use finite numbers."
        )


def _unusable(value: Any) -> str | None:
    if isinstance(value, np.ndarray | np.generic):
        return None if value.dtype.kind in REAL else f"an array of {value.dtype}"
    return None if value is None or isinstance(value, bool | int | float | str) else f"a {type(value).__name__}"


def _require_accepting(at: str, drawn: Sequence[Case]) -> None:
    if drawn and all(isinstance(case, Refusal) for case in drawn):
        raise CourseError(
            f"{at}: all visible or all hidden cases are refusals, so a function that always raises passes. Add a Case "
            "with a value."
        )


def _require_trial(at: str, exercise: Exercise, behaviour: Behaviour, trial: Trial, largest: int) -> None:
    takers = [
        ("the model answer", exercise.answer),
        *((f"mistake {mistake.id}", mistake.function) for mistake in exercise.mistakes),
        *([("faster_than", behaviour.faster_than)] if behaviour.faster_than else []),
    ]
    for name, function in takers:
        _require_taking(at, name, function, trial)
    if trial.refused:
        return
    _require_expected(at, trial.expected, largest)
    _require_steady(at, exercise.reference, trial)
    arguments = _all_arguments(exercise.reference, trial)
    if trial.windows is not None:
        _require_windows(at, trial.windows, arguments, trial.expected, exercise.rtol)
    _require_sizes(at, trial.sizes, trial.expected)


def _require_taking(at: str, name: str, function: Function, trial: Trial) -> None:
    try:
        inspect.signature(function).bind(*trial.positional, **trial.keywords)
    except TypeError as error:
        raise CourseError(
            f"{at}: {name} does not take a case's arguments ({error}). Give it the parameters of the reference."
        ) from error
    except ValueError:
        return


def _require_expected(at: str, expected: Value, largest: int) -> None:
    try:
        value = plain(expected, largest)
    except UnmarkableError as error:
        raise CourseError(
            f"{at}: the reference returns {error.what}. Return numbers, text, an array, or a tuple of these."
        ) from error
    if expected is None:
        raise CourseError(f"{at}: the reference returns None. Return a value; is a `return` missing?")
    if not is_finite(value):
        raise CourseError(f"{at}: the reference returns NaN or infinity. Change the case, or correct the reference.")


def _require_steady(at: str, reference: Function, trial: Trial) -> None:
    """The reference returns the same value again, and leaves its arguments alone."""
    again, after = trial.call(reference)
    if not _are_same(again, trial.expected):
        raise CourseError(
            f"{at}: the reference returns a different value for the same arguments. Remove its randomness."
        )
    for (name, before), left in zip(trial.arguments, after, strict=True):
        if not _are_same(before, left):
            raise CourseError(f"{at}: the reference changes its argument {name}. Let it work on a copy.")


def _all_arguments(reference: Function, trial: Trial) -> dict[str, Value]:
    bound = inspect.signature(reference).bind(*trial.positional, **trial.keywords)
    bound.apply_defaults()
    return dict(bound.arguments)


# --- what is declared about a call --------------------------------------------------------------------------------


def _require_windows(at: str, laid: Windows, arguments: Mapping[str, Any], expected: Value, rtol: float) -> None:
    """The windows give every cell of the result."""
    if not isinstance(laid, Windows):
        raise CourseError(f"{at}: windows returns a {type(laid).__name__}. Return Windows, or None.")
    if laid.reduce not in window_values.REDUCTIONS:
        raise CourseError(
            f"{at}: windows has reduce={laid.reduce!r}. Use one of {', '.join(window_values.REDUCTIONS)}."
        )
    items = [item for value in astuple(laid) for item in (value if isinstance(value, tuple) else (value,))]
    if any(type(item) not in (int, float, str, bool, type(None)) for item in items):
        raise CourseError(f"{at}: windows contains something other than plain numbers and names. Use int() for sizes.")
    wanted = numbers(expected)
    if wanted is None:
        raise CourseError(
            f"{at}: windows is declared, but the reference does not return an array of numbers. Leave it out."
        )
    try:
        actual = window_values.values(laid, arguments, wanted.shape)
    except CourseError as error:
        raise CourseError(f"{at}: {error} Correct windows, or leave it out.") from error
    verdict = compare(actual, wanted, rtol=rtol)
    if verdict.fault is not None:
        where = verdict.where or ()
        raise CourseError(
            f"{at}: windows gives {actual[where]:g} at {list(where)}, but the reference returns {wanted[where]:g}. "
            "Correct windows, or leave it out."
        )


def _require_sizes(at: str, lines: Sequence[str], expected: Value) -> None:
    """The lines end in the last sizes of the shape, or the last numbers of the value; and each formula is true."""
    declared: list[int] = []
    for line in lines:
        ending = re.search(r"= \(?(-?\d+(?:, -?\d+)*),?\)?$", line) if isinstance(line, str) else None
        if ending is None:
            raise CourseError(f'{at}: sizes gives {line!r}. End each line in its number: "width: 6 - 3 + 1 = 4".')
        sizes = [int(number) for number in ending[1].split(", ")]
        computed = _computed(line[: ending.start()].rpartition(": ")[2])
        if computed is not None and [computed] != sizes:
            raise CourseError(f"{at}: sizes gives {line!r}, but the formula is {computed:g}. Correct it.")
        declared += sizes
    is_array = isinstance(expected, np.ndarray) and expected.ndim > 0
    actual = list(np.shape(expected)) if is_array else _flat(expected)
    count = min(len(declared), len(actual))
    if declared[len(declared) - count :] != actual[len(actual) - count :]:
        what = f"shape {tuple(actual)}" if is_array else f"value {expected!r}"
        raise CourseError(f"{at}: sizes ends in {declared}, but the reference returns {what}. Correct sizes.")


def _flat(value: Value) -> list[Value]:
    return [item for part in value for item in _flat(part)] if isinstance(value, tuple | list) else [value]


OPERATORS: Mapping[type, Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.USub: operator.neg,
}
FUNCTIONS: Mapping[str, Callable[..., float]] = {"floor": np.floor, "ceil": np.ceil, "max": max, "min": min}


def _computed(formula: str) -> float | None:
    """The value of a formula; None if it is words."""
    try:
        return _value_of(ast.parse(formula.strip(), mode="eval").body)
    except (SyntaxError, KeyError, TypeError, ValueError, ZeroDivisionError):
        return None


def _value_of(node: ast.AST) -> float:
    match node:
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.UnaryOp(op=sign, operand=operand):
            return OPERATORS[type(sign)](_value_of(operand))
        case ast.BinOp(left=left, op=sign, right=right):
            return OPERATORS[type(sign)](_value_of(left), _value_of(right))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return FUNCTIONS[name](*map(_value_of, arguments))
    raise ValueError("not arithmetic")
