"""Known mistakes, recognised by what they do.

A mistake is named if it does what the student's function did on every trial: the same wrong value where the student is
wrong, the right one where the student is right, an exception where the student's function raised one. Where no mistake
explains the whole function, a mistake is named for a single behaviour if it explains that one and is right wherever the
student is. Where no single mistake explains everything, pairs of mistakes are tried. Nothing is guessed.

Wrong numbers are the evidence. Exceptions, empty arrays and arrays with the same number everywhere agree with too many
mistakes: they must fit, but they are not enough to name a mistake.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from autograder.marking.compare import equal, is_far_larger, numbers
from autograder.marking.diagnosis.exceptions import on_purpose
from autograder.marking.pairs import Pair, Pairs, builtin, signature, signature_of_error
from autograder.marking.scheme import MarkScheme, MistakeWords, Trial, skeleton
from autograder.model import Diagnosis, Outcome, Raised, Returned, Value, Verdict

Judged = tuple[Trial, Outcome, Verdict]

MOST_PAIRS = 3  # that fit into one message
NO_FIT = frozenset({"ValueError", "IndexError"})  # what arrays that do not fit raise, in one style or another
LEAST_ARRAYS = 2  # wrong ones that it takes to name two mistakes at once, or one that raises in another style
LEAST_NUMBERS = 2  # wrong ones that it takes to name a mistake in a behaviour: one number may agree by chance


def diagnose(scheme: MarkScheme, judged: Sequence[Judged]) -> dict[str, Diagnosis]:
    """Name the mistakes in one function.

    Args:
        scheme: knows what each mistake does.
        judged: every trial with what the student's function did and whether that was right.

    Returns:
        A diagnosis for each behaviour that has one, by the behaviour's name.
    """
    failed = [rule.name for rule in scheme.rules if _fails(judged, rule.name)]
    if not failed:
        return {}
    if whole := _fitting(scheme, judged):
        return dict.fromkeys(failed, whole)
    parts = {name: [call for call in judged if call[0].behaviour == name or call[2].fault is None] for name in failed}
    alone = _evident({name: (fits, part) for name, part in parts.items() if (fits := _fitting(scheme, part))})
    if alone.keys() == parts.keys() and len(set(alone.values())) == 1:
        return alone
    together = {} if scheme.pairs is None else _together(scheme, scheme.pairs, judged, failed, alone)
    return _with_layout(judged, failed, alone | together)


def _fails(judged: Sequence[Judged], behaviour: str) -> bool:
    return any(verdict.fault is not None for trial, _, verdict in judged if trial.behaviour == behaviour)


# --- what is evidence ---------------------------------------------------------------------------------------------


def _telling(judged: Sequence[Judged]) -> list[Returned]:
    """The wrong results that tell mistakes apart: they hold numbers, and not the same one everywhere."""
    wrong = [(trial, outcome) for trial, outcome, verdict in judged if verdict.fault is not None]
    return [given for trial, given in wrong if isinstance(given, Returned) and _tells(given.value, trial.expected)]


def _tells(value: Value, expected: Value) -> bool:
    if is_far_larger(value, expected):
        return False
    array = numbers(value)
    if array is None:
        return isinstance(value, tuple | list)
    return array.size == 1 or (array.size > 0 and bool((array != array.flat[0]).any()) and not np.isnan(array).all())


def _evident(fitting: Mapping[str, tuple[Diagnosis, Sequence[Judged]]]) -> dict[str, Diagnosis]:
    """The diagnoses with enough evidence; evidence in one behaviour counts for every other that the diagnosis fits."""
    sure = {diagnosis for diagnosis, part in fitting.values() if diagnosis.kind == "likely" or _is_evident(part)}
    return {name: diagnosis for name, (diagnosis, _) in fitting.items() if diagnosis in sure}


def _is_evident(judged: Sequence[Judged]) -> bool:
    """Whether a behaviour shows enough to name a mistake in it: wrong numbers, a changed input, a call not refused."""
    if any(verdict.fault in {"input changed", "not refused"} for *_, verdict in judged):
        return True
    values = {signature(outcome.value): outcome.value for outcome in _telling(judged)}
    return sum(_size(value) for value in values.values()) >= LEAST_NUMBERS


def _shows_several(judged: Sequence[Judged]) -> bool:
    return len({signature(outcome.value) for outcome in _telling(judged)}) >= LEAST_ARRAYS


def _size(value: Value) -> int:
    array = numbers(value)
    if array is not None:
        return array.size
    return sum(map(_size, value)) if isinstance(value, tuple | list) else 1


# --- one mistake --------------------------------------------------------------------------------------------------


def _fitting(scheme: MarkScheme, judged: Sequence[Judged]) -> Diagnosis | None:
    """The mistakes that explain all of these trials.

    Wrong values show which they are. Where the function only raises, it must raise in the same words and on the same
    calls; that is weaker evidence, and the message says "most likely".
    """
    by_value = any(verdict.fault is not None and isinstance(outcome, Returned) for _, outcome, verdict in judged)
    if not by_value and all(verdict.fault is not None for *_, verdict in judged):
        return None
    explains = _explains if by_value else _explains_raising
    # most mistakes are ruled out by the first trial that is wrong
    wrong_first = sorted(judged, key=lambda call: call[2].fault is None)
    fitting = [name for name in scheme.mistakes if all(explains(name, scheme, *call) for call in wrong_first)]
    if not fitting and _shows_several(judged):
        fitting = [
            name for name in scheme.mistakes if all(_explains_loosely(name, scheme, *call) for call in wrong_first)
        ]
    return _diagnosis(scheme, fitting, likely=not by_value) if fitting else None


def _explains(mistake: str, scheme: MarkScheme, trial: Trial, outcome: Outcome, verdict: Verdict) -> bool:
    effect = trial.known[mistake]
    if isinstance(outcome, Raised):
        return effect.raises in outcome.kinds or (trial.refused and effect.refuses and verdict.fault is None)
    if not isinstance(outcome, Returned) or verdict.fault == "slow":
        return False
    if effect.raises is not None:
        # where no window fits, one function raises and another returns an array without a number
        return effect.refuses and not trial.refused and _are_empty(outcome.value)
    if verdict.fault == "input changed" and not effect.changes_input:
        return False
    return equal(outcome.value, effect.value, rtol=scheme.rtol) or _are_empty(effect.value, outcome.value)


def _explains_loosely(mistake: str, scheme: MarkScheme, trial: Trial, outcome: Outcome, verdict: Verdict) -> bool:
    """The same, but where arrays do not fit, loops may raise what slices do not."""
    both_raise = isinstance(outcome, Raised) and not trial.refused and not NO_FIT.isdisjoint(outcome.kinds)
    return (both_raise and trial.known[mistake].raises in NO_FIT) or _explains(mistake, scheme, trial, outcome, verdict)


def _are_empty(*values: Value) -> bool:
    """Whether all are empty arrays; how many axes an empty array has is left to chance."""
    return all((array := numbers(value)) is not None and array.size == 0 for value in values)


def _explains_raising(mistake: str, scheme: MarkScheme, trial: Trial, outcome: Outcome, verdict: Verdict) -> bool:
    if not _explains(mistake, scheme, trial, outcome, verdict):
        return False
    if verdict.fault is None or not isinstance(outcome, Raised):
        return True
    words = "" if on_purpose(outcome) else skeleton(outcome.message)
    return words == trial.known[mistake].skeleton


def _diagnosis(scheme: MarkScheme, fitting: Sequence[str], *, likely: bool) -> Diagnosis:
    words = [scheme.mistakes[name] for name in fitting]
    says = " Or: ".join(mistake.says for mistake in words[:3])
    kind = "one of" if len(words) > 1 else "convention" if words[0].convention else "likely" if likely else "mistake"
    return Diagnosis(tuple(fitting), tuple(mistake.name for mistake in words), says, words[0].read_again, kind)


def _with_layout(
    judged: Sequence[Judged], failed: Sequence[str], named: Mapping[str, Diagnosis]
) -> dict[str, Diagnosis]:
    """Name a convention also where only its shapes can be seen, if no call at all is right.

    The order of axes applies to every call. Empty results, or arrays that do not fit, follow from it and are no second
    mistake.
    """
    conventions = {diagnosis for diagnosis in named.values() if diagnosis.kind == "convention"}
    if len(conventions) != 1 or any(verdict.fault is None for *_, verdict in judged):
        return dict(named)
    (convention,) = conventions
    (mistake,) = convention.mistakes
    shown = {name: [call for call in judged if call[0].behaviour == name] for name in failed if name not in named}
    more = {name: convention for name, part in shown.items() if all(_is_of_layout(mistake, *call) for call in part)}
    return {**named, **more}


def _is_of_layout(mistake: str, trial: Trial, outcome: Outcome, _verdict: Verdict) -> bool:
    """Whether a call has no result that could contradict the mistake, or the shape that only this mistake gives."""
    effect = trial.known[mistake]
    if effect.raises is None and equal(effect.value, trial.expected):
        return False
    if isinstance(outcome, Raised):
        return not NO_FIT.isdisjoint(outcome.kinds)
    if not isinstance(outcome, Returned) or (array := numbers(outcome.value)) is None:
        return False
    shape = None if effect.raises is not None else np.shape(effect.value)
    return array.size == 0 or array.shape == shape != np.shape(trial.expected)


# --- two at once --------------------------------------------------------------------------------------------------


def _together(
    scheme: MarkScheme,
    pairs: Pairs,
    judged: Sequence[Judged],
    failed: Sequence[str],
    alone: Mapping[str, Diagnosis],
) -> dict[str, Diagnosis]:
    """Name two mistakes where no single one explains what was returned: for the whole function, else for a behaviour.

    Where one of the two explains a behaviour alone, only that one is named there.
    """
    done = _done(judged)
    right = {name: done[name] for name in done if name not in failed}
    seen = [name for name in failed if name in done and _returns_wrong(judged, name)]

    def fitting(names: Sequence[str]) -> list[Pair]:
        shown = [call for call in judged if call[0].behaviour in names and call[2].fault is not None]
        if not _shows_several(shown):
            return []
        fits = pairs.fitting({**{name: done[name] for name in names}, **right})
        both = [pair for pair in fits if not any(_explains_all(mistake, scheme, shown) for mistake in pair)]
        return both if len(both) <= MOST_PAIRS else []

    if seen[1:] and (whole := fitting(seen)):
        both = _of_pairs(scheme.mistakes, whole)
        return {name: both for name in seen if not (name in alone and set(alone[name].mistakes) < set(both.mistakes))}
    paired = {name: fitted for name in seen if name not in alone and (fitted := fitting([name]))}
    sure = {mistake for diagnosis in alone.values() for mistake in diagnosis.mistakes}
    unknown = [call for call in judged if call[0].behaviour in {*failed} - {*alone} - {*paired}]
    return {
        name: _of_pairs(scheme.mistakes, fitted)
        for name, fitted in paired.items()
        if not any(_acts(mistake, unknown) for pair in fitted for mistake in pair if mistake not in sure)
    }


def _acts(mistake: str, judged: Sequence[Judged]) -> bool:
    """Whether a mistake would change any of these results: as nothing explains them, it cannot be the one."""
    effects = [(trial, trial.known[mistake]) for trial, outcome, _ in judged if isinstance(outcome, Returned)]
    return any(effect.raises is not None or not equal(effect.value, trial.expected) for trial, effect in effects)


def _returns_wrong(judged: Sequence[Judged], name: str) -> bool:
    return any(
        trial.behaviour == name and verdict.fault is not None and isinstance(outcome, Returned)
        for trial, outcome, verdict in judged
    )


def _explains_all(mistake: str, scheme: MarkScheme, wrong: Sequence[Judged]) -> bool:
    """Whether one of two mistakes explains all the evidence alone: then the other one would be a guess."""
    return all(_explains(mistake, scheme, *call) for call in wrong if _telling([call]))


def _done(judged: Sequence[Judged]) -> dict[str, list[int]]:
    """What was done in each behaviour, if every call of it returned or raised."""
    done: dict[str, list[int]] = {}
    lost = set()
    for trial, outcome, verdict in judged:
        if verdict.fault in (None, "input changed", "slow"):
            number = signature_of_error("", refused=True) if trial.refused else signature(trial.expected)
        elif isinstance(outcome, Returned) and not is_far_larger(outcome.value, trial.expected):
            number = signature(outcome.value)
        elif isinstance(outcome, Raised):
            number = signature_of_error(builtin([outcome.type, *outcome.kinds]))
        else:
            lost.add(trial.behaviour)
            continue
        done.setdefault(trial.behaviour, []).append(number)
    return {name: numbers for name, numbers in done.items() if name not in lost}


def _of_pairs(known: Mapping[str, MistakeWords], fitting: Sequence[Pair]) -> Diagnosis:
    ids = tuple(dict.fromkeys(id_ for pair in fitting for id_ in pair))
    says = " Or: ".join(" And: ".join(known[id_].says for id_ in pair) for pair in fitting)
    kind = "together" if len(fitting) == 1 else "one of"
    return Diagnosis(ids, tuple(known[id_].name for id_ in ids), says, known[ids[0]].read_again, kind)
