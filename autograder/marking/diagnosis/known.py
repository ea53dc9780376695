"""Known mistakes, recognised by what they do.

A mistake is named when it does what the student's function did on every trial: the same wrong value where the student
is wrong, the right one where the student is right, an exception where the student's raised one. Where no mistake
explains the whole function, one is named for a single behaviour if it explains that and is right wherever the student
is. Two that were made together are looked for where no single one explains everything. Nothing is guessed.

What was returned is evidence by its wrong numbers. An exception, an array without a number and one that holds the same
number everywhere agree with too many mistakes: they have to fit, but they name nothing.
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

MOST_PAIRS = 3  # that can be told in one message
NO_FIT = frozenset({"ValueError", "IndexError"})  # what arrays that do not fit raise, in one style or another
LEAST_ARRAYS = 2  # wrong ones that name two mistakes at once, or one that raises in another style
LEAST_NUMBERS = 2  # wrong ones that name a mistake in a behaviour: a single number may agree by chance


def diagnose(scheme: MarkScheme, judged: Sequence[Judged]) -> dict[str, Diagnosis]:
    """Name the mistakes in one function.

    Args:
        scheme: with what known mistakes do.
        judged: every trial with what the student's function did and whether that was right.

    Returns:
        A diagnosis for each behaviour that has one, by the behaviour's name.
    """
    failed = [rule.name for rule in scheme.rules if _fails(judged, rule.name)]
    if not failed:
        return {}
    if whole := _fitting(scheme, judged):
        return dict.fromkeys(failed, whole)
    parts = {name: [one for one in judged if one[0].behaviour == name or one[2].fault is None] for name in failed}
    alone = _evident({name: (found, part) for name, part in parts.items() if (found := _fitting(scheme, part))})
    if alone.keys() == parts.keys() and len(set(alone.values())) == 1:
        return alone
    together = {} if scheme.pairs is None else _together(scheme, scheme.pairs, judged, failed, alone)
    return _with_layout(judged, failed, alone | together)


def _fails(judged: Sequence[Judged], behaviour: str) -> bool:
    return any(verdict.fault is not None for trial, _, verdict in judged if trial.behaviour == behaviour)


# --- what is evidence ---------------------------------------------------------------------------------------------


def _telling(judged: Sequence[Judged]) -> list[Returned]:
    """The wrong results that tell one mistake from others: they have numbers, and not the same one everywhere."""
    wrong = [(trial, outcome) for trial, outcome, verdict in judged if verdict.fault is not None]
    return [one for trial, one in wrong if isinstance(one, Returned) and _tells(one.value, trial.expected)]


def _tells(value: Value, expected: Value) -> bool:
    if is_far_larger(value, expected):
        return False
    array = numbers(value)
    if array is None:
        return isinstance(value, tuple | list)
    return array.size == 1 or (array.size > 0 and bool((array != array.flat[0]).any()) and not np.isnan(array).all())


def _evident(found: Mapping[str, tuple[Diagnosis, Sequence[Judged]]]) -> dict[str, Diagnosis]:
    """The names that enough speaks for; what does in one behaviour does in every other that it fits."""
    sure = {diagnosis for diagnosis, part in found.values() if diagnosis.kind == "likely" or _is_evident(part)}
    return {name: diagnosis for name, (diagnosis, _) in found.items() if diagnosis in sure}


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

    They are known by a wrong value. Where the function only raises, the words of what it raises, and where it does not
    raise, have to agree; that is less, and is told as less.
    """
    by_value = any(verdict.fault is not None and isinstance(outcome, Returned) for _, outcome, verdict in judged)
    if not by_value and all(verdict.fault is not None for *_, verdict in judged):
        return None
    explains = _explains if by_value else _explains_raising
    # most mistakes are ruled out by the first trial that is wrong
    wrong_first = sorted(judged, key=lambda one: one[2].fault is None)
    fitting = [name for name in scheme.mistakes if all(explains(name, scheme, *one) for one in wrong_first)]
    if not fitting and _shows_several(judged):
        fitting = [
            name for name in scheme.mistakes if all(_explains_loosely(name, scheme, *one) for one in wrong_first)
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
    """Whether all are arrays without a number: how many axes such a one has is left to chance."""
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
    says = " Or: ".join(one.says for one in words[:3])
    kind = "one of" if len(words) > 1 else "convention" if words[0].convention else "likely" if likely else "mistake"
    return Diagnosis(tuple(fitting), tuple(one.name for one in words), says, words[0].read_again, kind)


def _with_layout(
    judged: Sequence[Judged], failed: Sequence[str], named: Mapping[str, Diagnosis]
) -> dict[str, Diagnosis]:
    """Name a convention also where nothing else than its shapes can be seen, if no call at all is right.

    In which order axes are read holds for every call. That some results come out empty, or arrays do not fit, is a
    consequence of it and no second mistake.
    """
    conventions = {one for one in named.values() if one.kind == "convention"}
    if len(conventions) != 1 or any(verdict.fault is None for *_, verdict in judged):
        return dict(named)
    (convention,) = conventions
    (mistake,) = convention.mistakes
    shown = {name: [one for one in judged if one[0].behaviour == name] for name in failed if name not in named}
    more = {name: convention for name, part in shown.items() if all(_is_of_layout(mistake, *one) for one in part)}
    return {**named, **more}


def _is_of_layout(mistake: str, trial: Trial, outcome: Outcome, _verdict: Verdict) -> bool:
    """Whether a call has no result that could speak against the mistake, or one of the shape that it alone has."""
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

    Where one of the two explains a behaviour alone, it stays alone there.
    """
    done = _done(judged)
    right = {name: done[name] for name in done if name not in failed}
    seen = [name for name in failed if name in done and _returns_wrong(judged, name)]

    def fitting(names: Sequence[str]) -> list[Pair]:
        shown = [one for one in judged if one[0].behaviour in names and one[2].fault is not None]
        if not _shows_several(shown):
            return []
        found = pairs.fitting({**{name: done[name] for name in names}, **right})
        both = [pair for pair in found if not any(_explains_all(one, scheme, shown) for one in pair)]
        return both if len(both) <= MOST_PAIRS else []

    if seen[1:] and (whole := fitting(seen)):
        both = _of_pairs(scheme.mistakes, whole)
        return {name: both for name in seen if not (name in alone and set(alone[name].mistakes) < set(both.mistakes))}
    found = {name: fitted for name in seen if name not in alone and (fitted := fitting([name]))}
    sure = {one for diagnosis in alone.values() for one in diagnosis.mistakes}
    unknown = [one for one in judged if one[0].behaviour in {*failed} - {*alone} - {*found}]
    return {
        name: _of_pairs(scheme.mistakes, fitted)
        for name, fitted in found.items()
        if not any(_acts(one, unknown) for pair in fitted for one in pair if one not in sure)
    }


def _acts(mistake: str, judged: Sequence[Judged]) -> bool:
    """Whether a mistake changes any of these results: where nothing explains them, it would be seen to be another."""
    effects = [(trial, trial.known[mistake]) for trial, outcome, _ in judged if isinstance(outcome, Returned)]
    return any(one.raises is not None or not equal(one.value, trial.expected) for trial, one in effects)


def _returns_wrong(judged: Sequence[Judged], name: str) -> bool:
    return any(
        trial.behaviour == name and verdict.fault is not None and isinstance(outcome, Returned)
        for trial, outcome, verdict in judged
    )


def _explains_all(mistake: str, scheme: MarkScheme, wrong: Sequence[Judged]) -> bool:
    """Whether one of two mistakes is enough for all that tells something: the other one would be a guess."""
    return all(_explains(mistake, scheme, *one) for one in wrong if _telling([one]))


def _done(judged: Sequence[Judged]) -> dict[str, list[int]]:
    """What was done in each behaviour, where every call came to an end of its own."""
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
