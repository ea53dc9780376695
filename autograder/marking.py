"""From what a function did to its marks: judge every trial, name the mistake, find the words."""

from __future__ import annotations

from collections.abc import Sequence

from autograder.compare import judge
from autograder.diagnosis.known import Judged, diagnose
from autograder.diagnosis.words import explain
from autograder.model import BehaviourReport, Diagnosis, ExerciseReport, Outcome
from autograder.scheme import MarkScheme, Rule


def mark(scheme: MarkScheme, outcomes: Sequence[Outcome]) -> ExerciseReport:
    """Mark one function.

    Args:
        scheme: its rules and trials.
        outcomes: what the student's function did, one for each trial, in the same order.
    """
    unchanged = {rule.name for rule in scheme.rules if rule.inputs_unchanged}
    judged = [
        (
            trial,
            outcome,
            judge(outcome, trial.expected, trial.arguments if trial.behaviour in unchanged else None, rtol=scheme.rtol),
        )
        for trial, outcome in zip(scheme.trials, outcomes, strict=True)
    ]
    named = diagnose(scheme, judged)
    behaviours = [_behaviour(scheme.function, rule, judged, named.get(rule.name)) for rule in scheme.rules]
    return ExerciseReport(
        scheme.function, behaviours, solved=any(verdict.fault != "unsolved" for _, _, verdict in judged)
    )


def _behaviour(function: str, rule: Rule, judged: Sequence[Judged], diagnosis: Diagnosis | None) -> BehaviourReport:
    failed = [one for one in judged if one[0].behaviour == rule.name and one[2].fault is not None]
    if not failed:
        return BehaviourReport(rule.name, rule.says, rule.marks, rule.marks)
    message = explain(function, rule, *failed[0], diagnosis)
    return BehaviourReport(rule.name, rule.says, 0, rule.marks, message, diagnosis)
