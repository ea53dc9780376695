"""More than the output: (output, cache), as some courses and libraries return it, where the output alone is asked for.

Its first part is judged as if it had come alone, so that what else is wrong with it gets its name as well.
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
    ("more than the output returned",),
    "Some courses and libraries return (output, cache), or a tuple with the output in it. Here the output alone is "
    "asked for, which is the first part of what you return.",
    "",
    "convention",
)


def first_parts(trials: Sequence[Trial], outcomes: Sequence[Outcome]) -> list[Outcome] | None:
    """What a function did, if only the first part of each result counted.

    Args:
        trials: the calls.
        outcomes: what the function did, one for each of them.

    Returns:
        The outcomes with the first part of each result; None if any result is anything but an output with more behind
        it.
    """
    found: list[Outcome] = []
    for trial, outcome in zip(trials, outcomes, strict=True):
        if not isinstance(outcome, Returned) or trial.refused:
            found.append(outcome)
        elif _has_more(outcome.value, trial.expected):
            found.append(replace(outcome, value=outcome.value[0]))
        else:
            return None
    return found if any(one is not other for one, other in zip(found, outcomes, strict=True)) else None


def _has_more(value: Value, expected: Value) -> bool:
    """Whether a result that is not right is a tuple whose first part is right, or an array that could be the output.

    Of more than two parts the first has the output's very shape: else they may be the windows themselves.
    """
    if not isinstance(value, tuple | list) or not value or equal(value, expected):
        return False
    if equal(value[0], expected):
        return True
    first, wanted = numbers(value[0]), numbers(expected)
    if first is None or wanted is None or wanted.ndim < 2:  # noqa: PLR2004  a plane at least
        return False
    return first.shape == wanted.shape or (len(value) == PAIR and first.ndim == wanted.ndim)
