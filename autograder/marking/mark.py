"""From what a function did to its marks: judge every trial, name the mistake, write the message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from autograder.marking.compare import RIGHT, compare, numbers
from autograder.marking.diagnosis.contrast import Again
from autograder.marking.diagnosis.known import Judged, diagnose
from autograder.marking.diagnosis.more_returned import CONVENTION, MORE_RETURNED, first_parts
from autograder.marking.diagnosis.words import Beside, explain
from autograder.marking.scheme import MarkScheme, Rule, Trial
from autograder.model import (
    BehaviourReport,
    Diagnosis,
    Ended,
    ExerciseReport,
    NotRun,
    Outcome,
    Raised,
    Returned,
    Stopped,
    Unmarkable,
    Value,
    Verdict,
)

FAULTS = {Unmarkable: "unmarkable", Stopped: "stopped", Ended: "ended", NotRun: "not run"}


def mark(
    scheme: MarkScheme,
    outcomes: Sequence[Outcome],
    leans_on: Sequence[str] = (),
    *,
    prints: bool = False,
    again: Again | None = None,
) -> ExerciseReport:
    """Grade one function.

    Args:
        scheme: its rules and trials.
        outcomes: what the student's function did, one for each trial, in the same order.
        leans_on: functions of the same notebook that it calls and that still fail; as their mistakes cannot be told
            from its own, no mistake is named.
        prints: whether it calls `print`.
        again: repeats one of its wrong calls with a plainer argument, where possible.
    """
    parts = first_parts(scheme.trials, outcomes)
    judged = _judged(scheme, outcomes if parts is None else parts)
    named = {} if leans_on else diagnose(scheme, judged)
    if parts is not None:
        judged = [_with_more(call, given) for call, given in zip(judged, outcomes, strict=True)]
    beside = Beside(leans_on, prints, again, also=None if parts is None else CONVENTION)
    behaviours = [_behaviour(scheme.function, rule, judged, named.get(rule.name), beside) for rule in scheme.rules]
    return ExerciseReport(scheme.function, behaviours, _state(judged, behaviours), tuple(leans_on))


def _judged(scheme: MarkScheme, outcomes: Sequence[Outcome]) -> list[Judged]:
    unchanged = {rule.name for rule in scheme.rules if rule.inputs_unchanged}
    return [
        (trial, outcome, judge(outcome, trial, inputs_unchanged=trial.behaviour in unchanged, rtol=scheme.rtol))
        for trial, outcome in zip(scheme.trials, outcomes, strict=True)
    ]


def _with_more(judged: Judged, given: Outcome) -> Judged:
    """A call whose first part was judged, made whole again: a right output with more behind it is still wrong."""
    trial, outcome, verdict = judged
    return (trial, given, MORE_RETURNED) if outcome is not given and verdict.fault is None else judged


def _state(judged: Sequence[Judged], behaviours: Sequence[BehaviourReport]) -> str:
    faults = {verdict.fault for _, _, verdict in judged}
    if faults == {"stub left in"} and (message := behaviours[0].message):
        return message.what
    if faults == {"unsolved"}:
        return "not solved yet"
    return "not run" if faults == {"not run"} else "marked"


def _behaviour(
    function: str,
    rule: Rule,
    judged: Sequence[Judged],
    diagnosis: Diagnosis | None,
    beside: Beside,
) -> BehaviourReport:
    own = [call for call in judged if call[0].behaviour == rule.name]
    failed = [call for call in own if call[2].fault is not None]
    if any(trial.seconds is not None and verdict.fault is None for trial, _, verdict in own):
        # one call in time shows that it can be done; the machine may have been busy during the others
        failed = [call for call in failed if call[2].fault != "slow"]
    if own and not failed:
        return BehaviourReport(rule.name, rule.says, rule.marks, rule.marks)
    # a wrong first part comes first in the message; that more was returned is only a line of it
    wrong = [call for call in failed if call[2] is not MORE_RETURNED]
    if failed and not wrong:
        diagnosis, beside = None if beside.leans_on else beside.also, replace(beside, also=None)
    shown = wrong or failed
    message = explain(function, rule, shown, judged, diagnosis, beside)
    return BehaviourReport(rule.name, rule.says, 0, rule.marks, message, diagnosis, shown[0][2].fault)


def judge(outcome: Outcome, trial: Trial, *, inputs_unchanged: bool = False, rtol: float = 1e-5) -> Verdict:
    """Compare what a call did with what it should do.

    Args:
        outcome: what the call did.
        trial: the call, with the value it should return.
        inputs_unchanged: whether it must leave its arguments unchanged.
        rtol: relative tolerance; the absolute one is the same share of the largest expected value.

    Returns:
        A verdict whose fault is None if everything is right.
    """
    if isinstance(outcome, Raised):
        return _raised(outcome, trial)
    if not isinstance(outcome, Returned):
        return Verdict(FAULTS[type(outcome)])
    if trial.refused:
        return Verdict("not refused")
    verdict = compare(outcome.value, trial.expected, rtol=rtol)
    if verdict.fault is None and trial.whole and not _is_whole(outcome.value):
        verdict = Verdict("kind")
    if verdict.fault is not None:
        changed = _unchanged(outcome, trial.arguments) if inputs_unchanged else RIGHT
        return replace(verdict, argument=changed.argument)
    if trial.seconds is not None and outcome.seconds > trial.seconds:
        return Verdict("slow")
    return _unchanged(outcome, trial.arguments) if inputs_unchanged else RIGHT


def _is_whole(value: Value) -> bool:
    if isinstance(value, tuple) and numbers(value) is None:
        return all(_is_whole(item) for item in value)
    array = numbers(value)
    return array is None or array.dtype.kind in "biu"


def _raised(outcome: Raised, trial: Trial) -> Verdict:
    if outcome.type == "NotImplementedError" and outcome.stub != "of another":
        return Verdict("stub left in" if outcome.stub == "left in" else "unsolved")
    return RIGHT if trial.refused and "ValueError" in outcome.kinds else Verdict("raised")


def _unchanged(outcome: Returned, arguments: Sequence[tuple[str, Value]]) -> Verdict:
    after = outcome.arguments
    if after is None or len(after) != len(arguments):
        return Verdict("input changed", argument="the input")
    for (name, before), value in zip(arguments, after, strict=True):
        verdict = compare(value, before, rtol=0.0)
        if verdict.fault is not None:
            return Verdict("input changed", verdict.where, verdict.wrong, verdict.cells, argument=name)
    return RIGHT
