"""Where a function is right and where it is not: what tells the calls of the two apart."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from autograder.diagnosis.known import Judged
from autograder.model import Value
from autograder.scheme import Trial

MOST = 3  # values that are listed
NOT_GIVEN = ""
KINDS = {"f": "fractions", "b": "booleans", "u": "bytes"}


def contrast(judged: Sequence[Judged], behaviour: str) -> str | None:
    """Say what the wrong calls of one behaviour have that no right call has.

    Args:
        judged: every trial with what the function did and whether that was right.
        behaviour: the one that fails.

    Returns:
        "right with strides=2 or without strides; wrong with strides=(2, 3)", or else which behaviours are right; None
        if none is.
    """
    wrong = [trial for trial, _, verdict in judged if trial.behaviour == behaviour and verdict.fault is not None]
    right = [trial for trial, _, verdict in judged if verdict.fault is None]
    if not wrong or not right:
        return None
    found = next(_differences(wrong, right), None)
    if found is not None:
        return found
    failed = {trial.behaviour for trial, _, verdict in judged if verdict.fault is not None}
    whole = [name for name in dict.fromkeys(trial.behaviour for trial in right) if name not in failed]
    return f"right in: {', '.join(whole)}" if whole else None


def _differences(wrong: Sequence[Trial], right: Sequence[Trial]) -> Iterator[str]:
    """Each argument whose values are never the same in wrong calls and in right ones."""
    for name in dict.fromkeys(name for trial in wrong for name, _ in trial.arguments):
        bad, good = (list(dict.fromkeys(_seen(trial, name) for trial in trials)) for trials in (wrong, right))
        if set(bad) & set(good) or len(good) > MOST or NOT_GIVEN in bad:
            continue
        if good == [NOT_GIVEN] and any(_is_array(trial, name) for trial in wrong):
            yield f"right without {name}; wrong with it"
        else:
            says = f"where {name} holds " if any(_is_array(trial, name) for trial in wrong) else f"with {name}="
            yield f"right {_listed(good, says, name)}; wrong {_listed(bad, says, name)}"


def _value(trial: Trial, name: str) -> Value:
    return next((value for known, value in trial.arguments if known == name), None)


def _is_array(trial: Trial, name: str) -> bool:
    return isinstance(_value(trial, name), np.ndarray)


def _seen(trial: Trial, name: str) -> str:
    """An option as it is written, an array by the kind of its numbers."""
    value = _value(trial, name)
    if isinstance(value, np.ndarray):
        return KINDS.get(value.dtype.kind, "whole numbers")
    if isinstance(value, tuple) and any(isinstance(one, np.ndarray) for one in value):
        return "arrays"
    return NOT_GIVEN if value is None else repr(value)


def _listed(seen: Sequence[str], says: str, name: str) -> str:
    """with strides=2 or 3, or without strides."""
    given = [value for value in seen if value != NOT_GIVEN]
    words = [says + " or ".join([*given[:MOST], *(["others"] if given[MOST:] else [])])] if given else []
    return " or ".join([*words, *([f"without {name}"] if NOT_GIVEN in seen else [])])
