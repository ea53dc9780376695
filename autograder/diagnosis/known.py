"""Known mistakes, recognised by the values they return.

A mistake is named when it does what the student's function did on every trial: the same wrong value where the student
is wrong, the right one where the student is right, an exception where the student's raised one. Where no mistake
explains the whole function, one is named for a single behaviour if it explains that and is right wherever the student
is. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.compare import compare
from autograder.model import Diagnosis, Outcome, Raised, Returned, Verdict
from autograder.scheme import MarkScheme, Trial

Judged = tuple[Trial, Outcome, Verdict]


def diagnose(scheme: MarkScheme, judged: Sequence[Judged]) -> dict[str, Diagnosis]:
    """Name the mistakes in one function.

    Args:
        scheme: with the values that known mistakes return.
        judged: every trial with what the student's function did and whether that was right.

    Returns:
        A diagnosis for each behaviour that has one, by the behaviour's name.
    """
    failed = [rule.name for rule in scheme.rules if _fails(judged, rule.name)]
    whole = _fitting(scheme, judged) if failed else []
    found = {}
    for name in failed:
        part = [one for one in judged if one[0].behaviour == name or one[2].fault is None]
        if fitting := whole or _fitting(scheme, part):
            found[name] = _diagnosis(scheme, fitting)
    return found


def _fails(judged: Sequence[Judged], behaviour: str) -> bool:
    return any(verdict.fault is not None for trial, _, verdict in judged if trial.behaviour == behaviour)


def _fitting(scheme: MarkScheme, judged: Sequence[Judged]) -> list[str]:
    """Ids of the mistakes that explain all of these trials; some wrong value has to be among them."""
    if not any(verdict.fault is not None and isinstance(outcome, Returned) for _, outcome, verdict in judged):
        return []
    return [name for name in scheme.mistakes if all(_explains(name, scheme, *one) for one in judged)]


def _explains(mistake: str, scheme: MarkScheme, trial: Trial, outcome: Outcome, verdict: Verdict) -> bool:
    effect = trial.known[mistake]
    if isinstance(outcome, Raised):
        return effect.raises in outcome.kinds or (trial.refused and effect.refuses and verdict.fault is None)
    if not isinstance(outcome, Returned) or effect.raises is not None or verdict.fault == "slow":
        return False
    if verdict.fault == "input changed" and not effect.changes_input:
        return False
    return compare(outcome.value, effect.value, rtol=scheme.rtol).fault is None


def _diagnosis(scheme: MarkScheme, fitting: Sequence[str]) -> Diagnosis:
    words = [scheme.mistakes[name] for name in fitting]
    if len(words) == 1:
        return Diagnosis(tuple(fitting), (words[0].name,), words[0].says, words[0].read_again)
    says = " Or: ".join(one.says for one in words[:3])
    return Diagnosis(tuple(fitting), tuple(one.name for one in words), says, words[0].read_again)
