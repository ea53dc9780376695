"""What a grader can see of a function: its results, its errors, and what it does to its arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import course
from autograder.exercise import Case, Exercise

Outcome = tuple[Any, ...]


def outcome(function: Callable[..., Any], case: Case) -> Outcome:
    """Shape and numbers or an error, and which arguments are others after the call."""
    given = {name: value.copy() if isinstance(value, np.ndarray) else value for name, value in case.arguments.items()}
    try:
        with np.errstate(all="ignore"):
            result = np.asarray(function(**given), dtype=np.float64)
    except (LookupError, TypeError, ValueError) as error:
        return (type(error).__name__,)
    changed = [name for name in given if not np.array_equal(given[name], case.arguments[name])]
    # Adding 0.0 turns a negative zero into zero.
    return result.shape, tuple((result.round(6) + 0.0).ravel().tolist()), changed


def cases_of(exercise: Exercise, seed: int) -> Sequence[Case]:
    """The examples, and the cases of one seed; without those that are about time."""
    return [
        case
        for behaviour in exercise.behaviours
        if behaviour.faster_than is None
        for case in (*behaviour.examples, *behaviour.cases(np.random.default_rng(seed)))
    ]


def seen(exercise: Exercise, function: Callable[..., Any], seed: int = 1) -> list[Outcome]:
    """What a function does on the cases of an exercise."""
    return [outcome(function, case) for case in cases_of(exercise, seed)]


def headings(notebook: str) -> set[str]:
    """The headings of a notebook's text, by its number."""
    (path,) = Path(course.__file__).with_name("notebooks").glob(f"{notebook}_*.py")
    lines = path.read_text(encoding="utf-8").splitlines()
    return {line.removeprefix("# ## ") for line in lines if line.startswith("# ## ")}
