"""More than the output: (output, cache), as some courses and libraries return, where only the output is asked for.

The first part is judged as if it had come alone, so that its own mistakes are named as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.marking.compare import equal, numbers
from autograder.marking.scheme import Trial
from autograder.model import Diagnosis, Outcome, Returned, Value, Verdict

PAIR = 2
MORE_RETURNED = Verdict("more returned")

CONVENTION = Diagnosis(
    ("more returned",),
    ("returned more than the output",),
    "Some courses and libraries return (output, cache), or a tuple that contains the output. Here, return only the "
    "output: the first part of what you return now.",
    "",
    "convention",
)


def first_parts(trials: Sequence[Trial], outcomes: Sequence[Outcome]) -> list[Outcome] | None:
    """What a function did, counting only the first part of each result.

    Args:
        trials: the calls.
        outcomes: what the function did, one for each of them.

    Returns:
        The outcomes with the first part of each result; None if any result is not an output followed by more.
    """
    firsts: list[Outcome] = []
    for trial, outcome in zip(trials, outcomes, strict=True):
        if not isinstance(outcome, Returned) or trial.refused:
            firsts.append(outcome)
        elif _has_more(outcome.value, trial.expected):
            firsts.append(replace(outcome, value=outcome.value[0]))
        else:
            return None
    return firsts if any(first is not whole for first, whole in zip(firsts, outcomes, strict=True)) else None


def _has_more(value: Value, expected: Value) -> bool:
    """Whether a wrong result is a tuple whose first part is right, or an array that could be the output.

    If there are more than two parts, the first must have exactly the output's shape: they might be windows.
    """
    if not isinstance(value, tuple | list) or not value or equal(value, expected):
        return False
    if equal(value[0], expected):
        return True
    first, wanted = numbers(value[0]), numbers(expected)
    if first is None or wanted is None or wanted.ndim < 2:  # noqa: PLR2004  a plane at least
        return False
    return first.shape == wanted.shape or (len(value) == PAIR and first.ndim == wanted.ndim)
