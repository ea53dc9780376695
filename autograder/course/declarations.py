"""Check an author's declarations without running them: each error is a sentence that names the file."""

from __future__ import annotations

import inspect
import reprlib
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Hint, Prediction
from autograder.errors import CourseError
from autograder.model import FAULTS
from autograder.sandbox.values import UnmarkableError, plain

STUB = "not solved yet"
RAISED = "raised: "
LARGEST_ANSWER = 1 << 20  # bytes of a prediction
LEVELS = (1, 3)


def require_sound(folder: Path, assignments: Sequence[Assignment]) -> None:
    """Check every field of every declaration.

    Args:
        folder: the course's, to name the file of a declaration.
        assignments: as listed in the course's exercises.

    Raises:
        CourseError: a field has an invalid value.
    """
    listed = file_of(folder)
    _require(len(assignments) > 0, listed, "ASSIGNMENTS is empty. List at least one.")
    for item in assignments:
        _require(isinstance(item, Assignment), listed, f"ASSIGNMENTS contains {_shown(item)}. List Assignment objects.")
    _require_unique(listed, "an assignment", (assignment.name for assignment in assignments))
    for assignment in assignments:
        _require_assignment(file_of(folder, assignment), assignment)
        for exercise in assignment.exercises:
            _require_exercise(where(folder, assignment, exercise), exercise)


def where(folder: Path, assignment: Assignment, exercise: Exercise) -> str:
    """The file and the function with which an error about an exercise begins."""
    return f"{file_of(folder, exercise, assignment)}, {exercise.function}"


def subjects(exercise: Exercise) -> set[str]:
    """What a hint of an exercise may be about, beside exceptions."""
    behaviours = {one.name for one in exercise.behaviours}
    narrowed = {f"{name}: {fault}" for name in behaviours for fault in FAULTS}
    return {STUB, *behaviours, *narrowed, *(mistake.id for mistake in exercise.mistakes)}


def helps_with(about: object, known: set[str]) -> bool:
    """Whether a hint may be about this: one of the subjects of its exercise, or the words of an exception."""
    raised = isinstance(about, str) and about.startswith(RAISED) and about != RAISED
    return raised or about in known


def file_of(folder: Path, *things: object) -> Path:
    """The module that defines the first of these things; the list of assignments if no module defines any."""
    inside = f"{folder.name}.exercises."
    modules = [module for name, module in sorted(sys.modules.items()) if name.startswith(inside)]
    held = [(module, [value for _, value in sorted(vars(module).items())]) for module in modules]
    homes = [
        Path(module.__file__)
        for thing in things
        for module, values in sorted(held, key=lambda pair: not _holds(pair[1], things[-1]))
        if module.__file__ and _holds(values, thing)
    ]
    path = next(iter(homes), folder / "exercises" / "__init__.py")
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _holds(values: Iterable[object], thing: object) -> bool:
    return any(value is thing for value in values)


# --- assignments and predictions ----------------------------------------------------------------------------------


def _require_assignment(at: Path, assignment: Assignment) -> None:
    _require_text(f"{at}", assignment, "name", "title")
    name = assignment.name
    _require(Path(name).name == name, at, f"name is {name!r}. Use a file name without folder or suffix.")
    place = f"{at}, {name}"
    _require_list(place, assignment, "exercises", Exercise)
    _require_list(place, assignment, "predictions", Prediction)
    for lent in _items(place, assignment, "lends"):
        _require(callable(lent), place, f"lends contains {_shown(lent)}. List functions.")
    facts: Any = assignment.facts
    _require(isinstance(facts, Mapping), place, f"facts is {_shown(facts)}. Use a dictionary of names and values.")
    for fact in facts:
        _require(_is_name(fact), place, f"facts names {fact!r}. Use a Python name: letters, digits and _.")
    names = [exercise.function for exercise in assignment.exercises]
    names += [prediction.name for prediction in assignment.predictions]
    _require_unique(place, "a function or prediction", names)
    for prediction in assignment.predictions:
        _require_prediction(f"{at}, {prediction.name}", prediction)


def _require_prediction(at: str, prediction: Prediction) -> None:
    _require(_is_name(prediction.name), at, f"name is {prediction.name!r}. Use a variable's name.")
    _require_value(at, "answer", prediction.answer)
    for slip in _items(at, prediction, "slips"):
        is_pair = isinstance(slip, tuple | list) and len(slip) == 2  # noqa: PLR2004  a value and its words
        _require(is_pair, at, f"slips contains {_shown(slip)}. Give pairs: the wrong value, and words that help.")
        value, words = slip
        _require_value(at, "the value of a slip", value)
        _require(_is_text(words), at, f"the words of slip {_shown(value)} are {words!r}. Write a sentence that helps.")


def _require_value(at: str, name: str, value: Any) -> None:
    try:
        answer = None if value is None else plain(value, LARGEST_ANSWER)
    except UnmarkableError as error:
        raise CourseError(f"{at}: {name} is {error.what}. Use numbers, text, arrays, or tuples of these.") from error
    _require(answer is not None, at, f"{name} is None. Give the value that students type.")
    _require(is_finite(answer), at, f"{name} is {_shown(value)}. Use finite numbers.")


# --- exercises ----------------------------------------------------------------------------------------------------


def _require_exercise(at: str, exercise: Exercise) -> None:
    _require(_is_name(exercise.function), at, f"function is {exercise.function!r}. Use a function's name.")
    for name in ("reference", "answer"):
        _require_function(at, name, getattr(exercise, name))
    called = getattr(exercise.answer, "__name__", None)
    _require(
        called == exercise.function, at, f"its model answer is named {called!r}. Use def, and the name in the notebook."
    )
    _require_list(at, exercise, "behaviours", Behaviour)
    _require(len(exercise.behaviours) > 0, at, "behaviours is empty. Declare at least one.")
    _require_unique(at, "a behaviour", (behaviour.name for behaviour in exercise.behaviours))
    for behaviour in exercise.behaviours:
        _require_behaviour(f"{at}, {behaviour.name!r}", behaviour)
    mistakes = _items(at, exercise, "mistakes")
    for mistake in mistakes:
        _require_mistake(at, mistake)
    _require_unique(at, "a mistake", (mistake.id for mistake in mistakes))
    _require_list(at, exercise, "hints", Hint)
    known = subjects(exercise)
    for hint in exercise.hints:
        _require_hint(f"{at}, hint {_shown(hint.symptom)}", hint, known)
    _require_whole(at, exercise, "difficulty", *LEVELS)
    _require_whole(at, exercise, "importance", *LEVELS)
    _require_whole(at, exercise, "minutes", 0)
    _require_above_0(at, exercise, "rtol")
    _require(exercise.rtol < 1, at, f"rtol is {exercise.rtol!r}. Use less than 1: at 1, a result of 0 counts as right.")
    for name in ("windows", "sizes"):
        _require_optional_function(at, exercise, name)


def _require_behaviour(at: str, behaviour: Behaviour) -> None:
    _require_text(at, behaviour, "name", "says")
    marks: Any = behaviour.marks
    if type(marks) is not int or marks < 0:
        raise CourseError(
            f"{at}: marks is {_shown(marks)}. Use whole marks, 0 or more; 0 keeps a behaviour without marks."
        )
    _require(callable(behaviour.cases), at, f"cases is {_shown(behaviour.cases)}. Use a function: lambda rng: [...].")
    _require_list(at, behaviour, "examples", Case)
    unchanged: Any = behaviour.inputs_unchanged
    _require(isinstance(unchanged, bool), at, f"inputs_unchanged is {_shown(unchanged)}. Use True or False.")
    _require_optional_function(at, behaviour, "faster_than")
    _require_above_0(at, behaviour, "ratio")


def _require_mistake(at: str, mistake: Any) -> None:
    fields = ("id", "name", "function", "says", "read_again", "convention", "over")
    lacking = [name for name in fields if not hasattr(mistake, name)]
    _require(not lacking, at, f"mistakes contains {_shown(mistake)}. A mistake needs {', '.join(fields)}.")
    place = f"{at}, mistake {_shown(mistake.id)}"
    _require_text(place, mistake, "id", "name", "says", "read_again")
    _require_function(place, "function", mistake.function)
    _require(isinstance(mistake.convention, bool), place, f"convention is {mistake.convention!r}. Use True or False.")
    _require_optional_function(place, mistake, "over")


def _require_hint(at: str, hint: Hint, known: set[str]) -> None:
    _require_text(at, hint, "symptom", "question", "pointer", "near_code")
    for about in _items(at, hint, "about"):
        ways = (
            f"Use a mistake's id, a behaviour, a behaviour with a fault ('name: shape'), 'raised: words' or {STUB!r}."
        )
        _require(helps_with(about, known), at, f"about contains {about!r}. {ways}")


# --- fields -------------------------------------------------------------------------------------------------------


def is_finite(value: Any) -> bool:
    """Whether no number of a plain value is NaN or infinity."""
    if isinstance(value, tuple | list):
        return all(map(is_finite, value))
    return value is None or isinstance(value, str) or bool(np.isfinite(value).all())


def _require(holds: bool, at: object, what: str) -> None:
    if not holds:
        raise CourseError(f"{at}: {what}")


def _require_text(at: str, owner: object, *names: str) -> None:
    for name in names:
        value = getattr(owner, name)
        _require(_is_text(value), at, f"{name} is {_shown(value)}. Use text that is not empty.")


def _require_whole(at: str, owner: object, name: str, least: int, most: int | None = None) -> None:
    value = getattr(owner, name)
    holds = type(value) is int and least <= value and (most is None or value <= most)
    allowed = f"{least} or more" if most is None else f"from {least} to {most}"
    _require(holds, at, f"{name} is {_shown(value)}. Use a whole number, {allowed}.")


def _require_above_0(at: str, owner: object, name: str) -> None:
    value = getattr(owner, name)
    holds = isinstance(value, int | float) and not isinstance(value, bool) and np.isfinite(value) and value > 0
    _require(bool(holds), at, f"{name} is {_shown(value)}. Use a number above 0.")


def _require_function(at: str, name: str, value: Any) -> None:
    _require(callable(value), at, f"{name} is {_shown(value)}. Use a function.")
    try:
        inspect.signature(value)
    except (TypeError, ValueError) as error:
        raise CourseError(f"{at}: the parameters of {name} are unknown. Call it inside your own function.") from error


def _require_optional_function(at: str, owner: object, name: str) -> None:
    value = getattr(owner, name)
    _require(value is None or callable(value), at, f"{name} is {_shown(value)}. Use a function, or leave it out.")


def _require_list(at: str, owner: object, name: str, kind: type) -> None:
    for item in _items(at, owner, name):
        _require(isinstance(item, kind), at, f"{name} contains {_shown(item)}. List {kind.__name__} objects.")


def _items(at: str, owner: object, name: str) -> Sequence[Any]:
    value = getattr(owner, name)
    is_list = isinstance(value, Sequence) and not isinstance(value, str | bytes)
    _require(is_list, at, f"{name} is {_shown(value)}. Use a list.")
    return list(value)


def _require_unique(at: object, what: str, names: Iterable[str]) -> None:
    twice = [name for name, count in Counter(map(str, names)).items() if count > 1]
    _require(not twice, at, f"{(twice or [''])[0]!r} is declared twice. Give {what} a unique name.")


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _is_name(value: object) -> bool:
    return isinstance(value, str) and value.isidentifier()


def _shown(value: object) -> str:
    return " ".join(reprlib.repr(value).split())
