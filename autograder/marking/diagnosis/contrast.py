"""Where a function is right and where it is wrong, and which argument makes the difference."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from autograder.marking.diagnosis.known import Judged
from autograder.marking.scheme import Trial, simpler
from autograder.model import Value

MOST = 3  # wrong calls that are repeated
SEEN_IN_A_VALUE = ("raised", "unmarkable", "kind", "shape", "not finite", "values")
KINDS = {"f": "fractions", "b": "booleans", "u": "bytes"}

# Whether a call is right once an argument is made plainer; None where that is unknown.
Again = Callable[[Trial, str], bool | None]


def contrast(judged: Sequence[Judged], behaviour: str, again: Again | None = None) -> str | None:
    """Say which argument the wrong calls of one behaviour fail with, or else which behaviours are right.

    An argument is named only if it alone makes the difference: no right call has it as the wrong ones do, and each
    wrong call becomes right by changing this argument, and by changing no other one.

    Args:
        judged: every trial with what the function did and whether that was right.
        behaviour: the one that fails.
        again: repeats a call with one argument made plainer; by default, looks for another trial with that call.

    Returns:
        "wrong with strides=(2, 3); the same call without strides is right", or else which behaviours are right; None
        if none is.
    """
    failed = [call for call in judged if call[2].fault is not None]
    wrong = [trial for trial, _, verdict in failed if trial.behaviour == behaviour and verdict.fault in SEEN_IN_A_VALUE]
    right = [trial for trial, _, verdict in judged if verdict.fault is None]
    if not wrong or not right:
        return None
    first, *others = wrong[:MOST]
    tried = again or _among(judged)
    able = [name for name in simpler(first) if tried(first, name)]
    if len(able) == 1 and not _has(right, able[0], wrong) and all(tried(trial, able[0]) for trial in others):
        return _difference(first, able[0])
    whole = dict.fromkeys(trial.behaviour for trial in right)
    for trial, *_ in failed:
        whole.pop(trial.behaviour, None)
    return f"right in: {', '.join(whole)}" if whole else None


def _difference(trial: Trial, name: str) -> str:
    if name in trial.keywords:
        value = trial.keywords[name]
        given = f"{name}={value!r}" if not isinstance(value, np.ndarray) else name
        return f"wrong with {given}; the same call without {name} is right"
    return f"wrong where {name} holds {_seen(trial, name)}; the same call with floats is right"


def _has(right: Sequence[Trial], name: str, wrong: Sequence[Trial]) -> bool:
    """Whether a right call has an argument as wrong ones have it."""
    return bool({_seen(trial, name) for trial in right} & {_seen(trial, name) for trial in wrong})


def _seen(trial: Trial, name: str) -> str:
    """An option as it is written, an array by the kind of its numbers."""
    value: Value = dict(trial.arguments).get(name)
    if isinstance(value, np.ndarray):
        return KINDS.get(value.dtype.kind, "whole numbers")
    return "arrays" if isinstance(value, tuple) and any(isinstance(item, np.ndarray) for item in value) else repr(value)


def _among(judged: Sequence[Judged]) -> Again:
    """Look the call up among the other trials."""
    known = {_written(trial): verdict.fault is None for trial, _, verdict in judged}
    return lambda trial, name: known.get(_written(simpler(trial)[name])) if name in simpler(trial) else None


def _written(trial: Trial) -> str:
    """All arguments as a text that only an equal call shares."""
    return repr([(name, _bare(value)) for name, value in trial.arguments])


def _bare(value: Value) -> Value:
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    return [_bare(item) for item in value] if isinstance(value, tuple | list) else value
