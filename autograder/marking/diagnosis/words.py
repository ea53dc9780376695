"""The words a student reads about one behaviour: the same in the notebook, in the report and in feedback."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.marking.arithmetic import arithmetic
from autograder.marking.compare import compare, equal, is_far_larger, numbers
from autograder.marking.diagnosis.contrast import Again, contrast
from autograder.marking.diagnosis.exceptions import meaning, on_purpose
from autograder.marking.diagnosis.known import Judged
from autograder.marking.diagnosis.symptoms import symptom
from autograder.marking.scheme import Rule, Trial
from autograder.model import (
    Diagnosis,
    Ended,
    Evidence,
    Message,
    NotRun,
    Outcome,
    Raised,
    Returned,
    Stopped,
    Unmarkable,
    Value,
    Verdict,
)

SMALL = 64
LONGEST = 500
MOST_FRAMES = 4
MOST_BEHIND = 8  # an output
IMAGE, BATCH = 3, 4  # ranks

Lines = list[tuple[str, str]]


LEFT_IN = "your answer is there"
WHOLE_RAISE = re.compile(r"raise NotImplementedError(\([^()]*\))?")
FLOATS = "floats, but a count is a whole number"
LABELS = {
    "mistake": "your mistake",
    "one of": "one of these",
    "together": "two mistakes",
    "convention": "convention",
    "likely": "most likely",
}


@dataclass(frozen=True)
class Beside:
    """What is known about a function, besides what its calls did.

    Attributes:
        leans_on: functions of the same notebook that it calls and that still fail.
        prints: whether it calls `print`.
        again: repeats one of its wrong calls with a plainer argument, where possible.
        also: a convention that applies to every call.
    """

    leans_on: Sequence[str] = ()
    prints: bool = False
    again: Again | None = None
    also: Diagnosis | None = None


def explain(
    function: str,
    rule: Rule,
    failed: Sequence[Judged],
    judged: Sequence[Judged],
    diagnosis: Diagnosis | None,
    beside: Beside,
) -> Message:
    """Say what the first failing trial of a behaviour shows.

    Args:
        function: name of the student's function.
        rule: the behaviour that fails.
        failed: its failing trials, with what the function did and how that is wrong.
        judged: every trial of the function.
        diagnosis: the known mistake that explains it, if there is one.
        beside: what else is known about the function.
    """
    trial, outcome, verdict = failed[0]
    what, shown = _WORDS[verdict.fault or ""](trial, outcome, verdict)
    where = f"{function}, {rule.name}"
    if verdict.fault in ("unsolved", "stub left in"):
        return Message(where, what, rule.marks)
    lines: Lines = [("rule", rule.says), ("called with", call_of(trial)), *shown, *_of_its_kind(outcome)]
    lines += _why_none(judged, prints=beside.prints) if _is_none(outcome) and verdict.fault == "kind" else []
    if beside.leans_on:
        lines += _leaning(function, beside.leans_on)
    else:
        lines += _contrast(judged, rule.name, beside.again) + (_named(diagnosis) if diagnosis else _seen(failed))
        lines += _named(beside.also) if beside.also else []
    if verdict.argument and verdict.fault != "input changed":
        lines += [("also wrong", f"the call changed {verdict.argument}; write to a copy instead")]
    lines += [("note", AFTER_AN_ERROR)] if verdict.fault == "raised" else []
    return Message(where, what, rule.marks, tuple(lines), _evidence(trial, outcome, verdict))


KINDS = {
    "matrix": "an np.matrix: it always has two axes, and its `*` is the matrix product. Use np.array instead",
    "masked": "a masked array: the values under the mask are compared as well. Use `.filled(...)` to replace them",
}


def _of_its_kind(outcome: Outcome) -> Lines:
    """What to know about a wrong value that is a special kind of array."""
    words = KINDS.get(outcome.kind) if isinstance(outcome, Returned) else None
    return [("this is", words)] if words else []


AFTER_AN_ERROR = "Fix this error first; it may hide others."


def _why_none(judged: Sequence[Judged], *, prints: bool) -> Lines:
    """Why a call may have returned nothing: a function that prints and never returns a value shows its result there."""
    returned = [outcome for _, outcome, _ in judged if isinstance(outcome, Returned)]
    if prints and all(map(_is_none, returned)):
        return [("why", "probably it prints its result: `print` shows a value but returns nothing. Use `return`")]
    return [("why", "probably a branch without a `return`")]


def _is_none(outcome: Outcome) -> bool:
    return isinstance(outcome, Returned) and outcome.value is None


def _named(diagnosis: Diagnosis) -> Lines:
    again = [("read again", diagnosis.read_again)] if diagnosis.read_again else []
    return [(LABELS[diagnosis.kind], diagnosis.says), *again]


def _contrast(judged: Sequence[Judged], behaviour: str, again: Again | None) -> Lines:
    words = contrast(judged, behaviour, again)
    return [("only here", words)] if words else []


def _seen(failed: Sequence[Judged]) -> Lines:
    """What all wrong values of a behaviour have in common."""
    values = [
        (outcome.value, trial.expected)
        for trial, outcome, verdict in failed
        if isinstance(outcome, Returned) and verdict.fault in ("shape", "values", "not finite")
    ]
    words = symptom(values) if len(values) == len(failed) else None
    return [("seen", words)] if words else []


def _leaning(function: str, leans_on: Sequence[str]) -> Lines:
    verb, which = ("is", leans_on[0]) if len(leans_on) == 1 else ("are", "them")
    calls = f"{function} calls {' and '.join(leans_on)}, which {verb} still failing."
    return [("first", f"{calls} Fix {which} first; that may be the only problem.")]


def _evidence(trial: Trial, outcome: Outcome, verdict: Verdict) -> Evidence | None:
    if not isinstance(outcome, Returned) or verdict.fault not in ("shape", "values", "not finite"):
        return None
    if is_far_larger(outcome.value, trial.expected):
        return None
    if not trial.visible:
        return Evidence((), outcome.value, where=verdict.where)
    return Evidence(trial.arguments, outcome.value, trial.expected, verdict.where, trial.windows)


def _unsolved(_trial: Trial, outcome: Outcome, _verdict: Verdict) -> tuple[str, Lines]:
    if isinstance(outcome, Raised) and outcome.stub == "on one way":
        return f"not solved yet: the call ends at {_stub_line(outcome)}", []
    return "not solved yet", []


def _left_in(_trial: Trial, outcome: Outcome, _verdict: Verdict) -> tuple[str, Lines]:
    return f"{LEFT_IN}: delete {_stub_line(outcome)}", []


def _stub_line(outcome: Outcome) -> str:
    frame = outcome.frames[-1] if isinstance(outcome, Raised) and outcome.frames else None
    if frame is None:
        return "the line that raises NotImplementedError"
    if WHOLE_RAISE.fullmatch(frame.source):
        return f"the line `{frame.source}` (line {frame.line})"
    return f"`raise NotImplementedError` (line {frame.line})"


def _raised(_trial: Trial, outcome: Outcome, _verdict: Verdict) -> tuple[str, Lines]:
    if not isinstance(outcome, Raised):
        raise TypeError(f"words: {type(outcome).__name__} where Raised is expected")
    through = dict.fromkeys((frame.cell, f"line {frame.line}: {frame.source}") for frame in outcome.frames)
    lines = [*through][-MOST_FRAMES:]
    if (outcome.stub or not on_purpose(outcome)) and (found := meaning(outcome)):
        lines.append((found.label, found.says))
    message = " ".join(outcome.message.split())
    return f"{outcome.type}: {message}" if message else outcome.type, lines


def _did_not_return(_trial: Trial, outcome: Outcome, _verdict: Verdict) -> tuple[str, Lines]:
    match outcome:
        case Stopped(waiting=True):
            return f"stopped after {outcome}: it sleeps, or waits for something that never happens", []
        case Stopped():
            return f"stopped after {outcome}: probably an infinite loop", []
        case Ended(how=how):
            return f"the program ended during this call: {how}", []
        case NotRun(why=why):
            return f"not run: {why}", []
        case Unmarkable(what=what):
            what, _, advice = what.partition(": ")
            lines = [("expected", "numbers: an array, or a single number")]
            return f"returned {what}", [*lines, ("do", advice)] if advice else lines
    raise TypeError(f"words: {type(outcome).__name__} where an outcome without a value is expected")


def _kind(trial: Trial, outcome: Outcome, _verdict: Verdict) -> tuple[str, Lines]:
    value, wanted = _value(outcome), show(trial.expected) if trial.visible else _shape_of(trial.expected)
    if value is None:
        return "returned None", [("expected", wanted)]
    if trial.whole and equal(value, trial.expected):
        do = ("do", "divide with `//`, or convert each number with `int(...)`")
        return FLOATS, [("returned", show(value)), ("expected", wanted), do]
    return "wrong kind of value", [("returned", show(value)), ("expected", wanted), *_as_text(value, trial.expected)]


def _as_text(value: Value, wanted: Value) -> Lines:
    """Point out a number that was returned as text."""
    texts = [value] if isinstance(value, str) else value if isinstance(value, tuple | list) else []
    if not texts or not all(isinstance(text, str) for text in texts) or numbers(wanted) is None:
        return []
    try:
        given = np.reshape([float(text) for text in texts], np.shape(value))
    except ValueError:
        return []
    right = "The number is right, but it" if equal(given, wanted) else "It"
    return [("means", f"{right} is text. Return a number, without quotes or `str(...)`.")]


def _more_returned(trial: Trial, outcome: Outcome, _verdict: Verdict) -> tuple[str, Lines]:
    parts = _value(outcome)
    kinds = [
        f"an array {part.shape}" if isinstance(part, np.ndarray) else "another value"
        for part in parts[1 : MOST_BEHIND + 1]
    ]
    kinds += ["..."] if len(parts) > MOST_BEHIND + 1 else []
    more = f", followed by {', '.join(kinds)}" if kinds else ", in a tuple"
    return "returned more than the output", [
        ("returned", f"the right output{more}"),
        ("expected", f"only the output, {_shape_of(trial.expected)}"),
    ]


def _shape(trial: Trial, outcome: Outcome, _verdict: Verdict) -> tuple[str, Lines]:
    sizes = [("size", "\n".join(trial.sizes))] if trial.sizes else []
    if (place := _wrong_part(trial, outcome)) is not None:
        _, lines = _shape(*_part(trial, outcome, place), _verdict)
        return "wrong shape", [("shown", _which(trial, place)), *lines, *sizes]
    return "wrong shape", [("returned", _shape_of(_value(outcome))), ("expected", _shape_of(trial.expected)), *sizes]


def _values(trial: Trial, outcome: Outcome, verdict: Verdict) -> tuple[str, Lines]:
    if (place := _wrong_part(trial, outcome)) is not None:
        what, lines = _values(*_part(trial, outcome, place), verdict)
        return what, [("shown", _which(trial, place)), *lines]
    value, wanted = _value(outcome), trial.expected
    given, right = numbers(value), numbers(wanted)
    if given is None or right is None:
        return "wrong values", [("returned", show(value)), ("expected", show(wanted))] if trial.visible else []
    lines = []
    if trial.visible and given.size <= SMALL:
        plane, part = _plane(right.shape, verdict.where or ())
        lines = [*part, ("returned", show(given[plane])), ("expected", show(right[plane]))]
    have, want = (f"{array[verdict.where or ()].item():.6g}" for array in (given, right))
    worked_out = _worked_out(trial, verdict.where, right, have)
    if verdict.cells == 1:
        return "wrong value", (lines or [("returned", have)]) + worked_out
    where = ", ".join(str(axis) for axis in verdict.where or ())
    first = f"[{where}]: you have {have}" + (f", expected {want}" if trial.visible else "")
    verb = "is" if verdict.wrong == 1 else "are"
    return f"{verdict.wrong} of {verdict.cells} cells {verb} wrong", [*lines, ("first wrong", first), *worked_out]


def _wrong_part(trial: Trial, outcome: Outcome) -> int | None:
    """The place of the first wrong array, where several are expected; None where one is."""
    value, wanted = _value(outcome), trial.expected
    if not (_are_arrays(wanted) and isinstance(value, tuple | list) and len(value) == len(wanted)):
        return None
    return next((place for place, both in enumerate(zip(value, wanted, strict=True)) if compare(*both).fault), None)


def _part(trial: Trial, outcome: Outcome, place: int) -> tuple[Trial, Outcome]:
    """The trial as if only one of several arrays were expected."""
    part = replace(trial, expected=trial.expected[place], windows=None, sizes=())
    return part, Returned(_value(outcome)[place])


def _which(trial: Trial, place: int) -> str:
    return f"array {place} of {len(trial.expected)}"


def _are_arrays(value: Value) -> bool:
    """Whether a value is several arrays, and not the rows of one."""
    return isinstance(value, tuple | list) and any(isinstance(item, np.ndarray) and item.ndim > 0 for item in value)


def _plane(shape: tuple[int, ...], where: tuple[int, ...]) -> tuple[tuple[Any, ...], Lines]:
    """Index the height and width around a cell in three or four axes, and name its image and channel."""
    if len(shape) not in (IMAGE, BATCH):
        return (...,), []
    images = len(shape) == BATCH
    names = ([f"image {where[0]}"] if images and shape[0] > 1 else []) + (
        [f"channel {where[-1]}"] if shape[-1] > 1 else []
    )
    plane = (where[0], ..., where[-1]) if images else (..., where[-1])
    return plane, [("shown", ", ".join(names))] if names else []


def _worked_out(trial: Trial, where: tuple[int, ...] | None, right: NDArray[Any], have: str) -> Lines:
    """The arithmetic of one cell, if students may see the call."""
    if trial.windows is None or where is None or not trial.visible:
        return []
    formula = arithmetic(trial.windows, dict(trial.arguments), where, float(right[where]))
    return [("worked out", f"{formula}, you have {have}")]


def _not_finite(trial: Trial, outcome: Outcome, verdict: Verdict) -> tuple[str, Lines]:
    _, lines = _values(trial, outcome, verdict)
    return "NaN or infinity where a finite number is expected", lines


def _input_changed(_trial: Trial, _outcome: Outcome, verdict: Verdict) -> tuple[str, Lines]:
    return "the input was changed", [
        ("what happened", f"the call changed {verdict.argument}"),
        ("do", "write to a copy of it, made with `.copy()`"),
    ]


def _not_refused(_trial: Trial, outcome: Outcome, _verdict: Verdict) -> tuple[str, Lines]:
    return "not refused", [
        ("returned", show(_value(outcome))),
        ("expected", "raise ValueError(...), with your own message"),
    ]


def _slow(trial: Trial, outcome: Outcome, _verdict: Verdict) -> tuple[str, Lines]:
    took = outcome.seconds if isinstance(outcome, Returned) else 0.0
    allowed = trial.seconds or 0.0
    measured = f"{took * 1000:.1f} ms of CPU time; the limit on this machine is {allowed * 1000:.1f} ms"
    return "right, but too slow", [("took", measured)]


_WORDS: dict[str, Callable[[Trial, Outcome, Verdict], tuple[str, Lines]]] = {
    "unsolved": _unsolved,
    "stub left in": _left_in,
    "raised": _raised,
    "stopped": _did_not_return,
    "ended": _did_not_return,
    "not run": _did_not_return,
    "unmarkable": _did_not_return,
    "kind": _kind,
    "more returned": _more_returned,
    "shape": _shape,
    "values": _values,
    "not finite": _not_finite,
    "not refused": _not_refused,
    "slow": _slow,
    "input changed": _input_changed,
}


def show(value: Value) -> str:
    """A value as a student would type it, cut to a few lines."""
    array = numbers(value)
    if array is None:
        return _written(value)[:LONGEST]
    if array.size > SMALL:
        return f"an array of shape {array.shape}"
    return np.array2string(array, separator=", ", precision=4, suppress_small=True)


def _written(value: Value) -> str:
    """What is no array, as a student would type it; what is too long to be read is not written out first."""
    if isinstance(value, tuple | list):
        items = [_written(item) for item in value[:SMALL]] + (["..."] if len(value) > SMALL else [])
        inside = ", ".join(items)
        return f"[{inside}]" if isinstance(value, list) else f"({inside},)" if len(items) == 1 else f"({inside})"
    if isinstance(value, np.ndarray) and value.size > SMALL:
        return f"an array of shape {value.shape}"
    return repr(value.tolist() if isinstance(value, np.ndarray | np.generic) else value)


def call_of(trial: Trial) -> str:
    """The arguments of a call: arrays by their shapes."""
    arguments = [_argument(name, value) for name, value in trial.arguments]
    return ", ".join(arguments) + ("" if trial.visible else " (a hidden case)")


def _argument(name: str, value: Value) -> str:
    if _are_arrays(value):
        return f"{name} with shapes {', '.join(str(np.shape(item)) for item in value)}"
    return f"{name} {value.shape}" if isinstance(value, np.ndarray) else f"{name}={value!r}"


def _value(outcome: Outcome) -> Value:
    if not isinstance(outcome, Returned):
        raise TypeError(f"words: {type(outcome).__name__} where a returned value is expected")
    return outcome.value


def _shape_of(value: Value) -> str:
    array = numbers(value)
    if array is None:
        return "rows of different lengths" if isinstance(value, tuple | list) else f"a {type(value).__name__}"
    return str(array.shape) if array.shape else "a single number"
