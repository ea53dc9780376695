"""A mark scheme: rules with marks, and calls with their expected and known wrong values.

A notebook's `check()` reads one from the answer key (visible trials); the grader draws one from the course (visible and
hidden trials). Grading needs to know nothing else about a course.
"""

from __future__ import annotations

import copy
import inspect
import opcode
import re
import reprlib
import time
import traceback
import zlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from autograder.course.exercise import Behaviour, Case, Exercise, Function, Hint, Mistake, Refusal
from autograder.errors import CourseError
from autograder.marking.compare import compare
from autograder.marking.pairs import DrawnPairs, Pairs, kind_of, signature_of_error, what
from autograder.model import Value, Windows

RELEASED_SEED = 0


@dataclass(frozen=True)
class Rule:
    """A behaviour without its cases."""

    name: str
    says: str
    marks: int
    inputs_unchanged: bool = False


@dataclass(frozen=True)
class MistakeWords:
    """A known mistake without its code; a convention is right elsewhere, but not here."""

    name: str
    says: str
    read_again: str
    convention: bool = False


@dataclass(frozen=True)
class Effect:
    """What a known mistake does on one trial.

    Attributes:
        value: what it returns.
        raises: name of the built-in exception that it raises instead; None if it returns.
        refuses: whether that is a ValueError, which refuses a call.
        changes_input: whether the call changes its arguments.
        skeleton: the words of the exception's text, without numbers; empty if it is raised on purpose.
    """

    value: Value = None
    raises: str | None = None
    refuses: bool = False
    changes_input: bool = False
    skeleton: str = ""


@dataclass(frozen=True)
class Trial:
    """One call with the value it should return.

    Attributes:
        behaviour: name of the rule it tests.
        arguments: name and value, in the order of the call.
        named: how many of them, from the end, are passed by keyword.
        expected: what the reference returns.
        known: what each known mistake does, by its id.
        visible: whether students may see it.
        refused: whether the call should raise a ValueError instead.
        seconds: the most CPU time that the call may take; None if only its value counts.
        windows: which cells of the arguments make each cell of the result, if that is known.
        sizes: the formula of each axis of the result, with the numbers of this call.
        whole: whether only whole numbers count, not floats.
        plainer: a number for the right value of each call that `simpler` gives, by the name of the argument.
    """

    behaviour: str
    arguments: Sequence[tuple[str, Value]]
    named: int
    visible: bool
    expected: Value = None
    known: Mapping[str, Effect] = field(default_factory=dict)
    refused: bool = False
    seconds: float | None = None
    windows: Windows | None = None
    sizes: Sequence[str] = ()
    whole: bool = False
    plainer: Mapping[str, int] = field(default_factory=dict)

    @property
    def positional(self) -> list[Value]:
        """Arguments passed by position."""
        return [value for _, value in self.arguments[: len(self.arguments) - self.named]]

    @property
    def keywords(self) -> dict[str, Value]:
        """Arguments passed by keyword."""
        return dict(self.arguments[len(self.arguments) - self.named :])

    def call(self, function: Function) -> tuple[Value, list[Value]]:
        """Call a function in this process; returns its value, and copies of the arguments as the call left them."""
        positional, keywords = copy.deepcopy((self.positional, self.keywords))
        value = function(*positional, **keywords)
        return value, [*positional, *keywords.values()]


@dataclass(frozen=True)
class MarkScheme:
    """All that it takes to grade one function; `unseen` are the rules with hidden trials only."""

    function: str
    rules: Sequence[Rule]
    trials: Sequence[Trial]
    mistakes: Mapping[str, MistakeWords]
    rtol: float = 1e-5
    pairs: Pairs | None = None
    hints: Sequence[Hint] = ()
    unseen: Sequence[Rule] = ()


def simpler(trial: Trial) -> dict[str, Trial]:
    """The same call with one argument made plainer, by its name: an option left out, whole numbers as floats."""
    made = {}
    for place, (name, value) in enumerate(trial.arguments):
        before, after = trial.arguments[:place], trial.arguments[place + 1 :]
        if name in trial.keywords:
            made[name] = replace(trial, arguments=[*before, *after], named=trial.named - 1)
        elif isinstance(value, np.ndarray) and value.dtype.kind in "biu":
            made[name] = replace(trial, arguments=[*before, (name, value.astype(np.float64)), *after])
    return made


def draw(exercise: Exercise, seed: int | None = None) -> MarkScheme:
    """Work out a mark scheme.

    Args:
        exercise: as its author declared it.
        seed: the run's secret seed for hidden trials; None for visible trials only, without behaviours about speed, as
            a student's machine has nothing to compare with.

    Raises:
        CourseError: a case does not fit the reference, or the reference does not do what the case says.
    """
    behaviours = [behaviour for behaviour in exercise.behaviours if seed is not None or behaviour.faster_than is None]
    trials = [
        trial_of(exercise, behaviour, case, visible=visible)
        for behaviour in behaviours
        for case, visible in cases(exercise, behaviour, seed)
    ]
    rules = {rule.name: Rule(rule.name, rule.says, rule.marks, rule.inputs_unchanged) for rule in exercise.behaviours}
    seen = [rules.pop(behaviour.name) for behaviour in behaviours]
    mistakes = {
        mistake.id: MistakeWords(mistake.name, mistake.says, mistake.read_again, getattr(mistake, "convention", False))
        for mistake in exercise.mistakes
    }
    pairs = DrawnPairs(exercise.mistakes, trials)
    unseen = list(rules.values())
    return MarkScheme(exercise.function, seen, trials, mistakes, exercise.rtol, pairs, exercise.hints, unseen)


def cases(exercise: Exercise, behaviour: Behaviour, seed: int | None) -> list[tuple[Case, bool]]:
    """The cases of a behaviour, and whether each is visible; hidden ones only with a seed.

    Raises:
        CourseError: they cannot be drawn.
    """
    visible = [*behaviour.examples, *_drawn(exercise, behaviour, (RELEASED_SEED,))]
    hidden = [] if seed is None else _drawn(exercise, behaviour, (1, seed))
    # an answer known before the run could be looked up instead of computed
    shown = visible if behaviour.faster_than is None else []
    return [*((case, True) for case in shown), *((case, False) for case in hidden)]


def _drawn(exercise: Exercise, behaviour: Behaviour, seed: tuple[int, ...]) -> list[Case]:
    where = f"exercise {exercise.function}, {behaviour.name!r}"
    try:
        drawn = behaviour.cases(_generator(exercise, behaviour, seed))
    except Exception as error:
        raise CourseError(
            f"{where}: drawing its cases raises {error!r}. Correct `cases`, so that it returns cases."
        ) from error
    if not isinstance(drawn, Sequence) or not all(isinstance(case, Case) for case in drawn):
        raise CourseError(f"{where}: drawing its cases gives {reprlib.repr(drawn)}. Let `cases` return a list of Case.")
    return list(drawn)


def _generator(exercise: Exercise, behaviour: Behaviour, seed: tuple[int, ...]) -> np.random.Generator:
    """A separate stream for each behaviour: adding one changes no other's cases."""
    names = (zlib.crc32(name.encode()) for name in (exercise.function, behaviour.name))
    return np.random.default_rng([*seed, *names])


def trial_of(exercise: Exercise, behaviour: Behaviour, case: Case, *, visible: bool) -> Trial:
    """Work out one case.

    Raises:
        CourseError: it does not fit the reference, or its windows or sizes do not fit the case.
    """
    where = f"exercise {exercise.function}, {behaviour.name!r}"
    parameters = inspect.signature(exercise.reference).parameters
    unknown = [name for name in case.arguments if name not in parameters]
    if unknown:
        raise CourseError(
            f"{where}: a case has {unknown[0]!r}, but the reference takes {', '.join(parameters)}. Rename it."
        )
    missing = [name for name, given in parameters.items() if name not in case.arguments and _is_needed(given)]
    if missing:
        raise CourseError(f"{where}: a case lacks {missing[0]!r}, which the reference needs. Give it a value.")
    ordered = [(name, case.arguments[name]) for name in parameters if name in case.arguments]
    named = sum(parameters[name].default is not inspect.Parameter.empty for name, _ in ordered)
    trial = Trial(behaviour.name, ordered, named, visible, refused=isinstance(case, Refusal))
    empty = inspect.Parameter.empty
    defaults = {name: given.default for name, given in parameters.items() if given.default is not empty}
    declared = {} if trial.refused else _declared(where, exercise, {**defaults, **case.arguments})
    return replace(
        trial,
        **declared,
        whole=behaviour.whole_numbers,
        expected=_expected(where, exercise.reference, trial),
        known=DrawnEffects(exercise.mistakes, trial),
        plainer=_plainer(exercise.reference, trial) if visible else {},
        seconds=None if behaviour.faster_than is None else _seconds(behaviour.faster_than, trial) / behaviour.ratio,
    )


def _is_needed(parameter: inspect.Parameter) -> bool:
    may_be_any = parameter.kind in (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return parameter.default is inspect.Parameter.empty and not may_be_any


def _expected(where: str, reference: Function, trial: Trial) -> Value:
    try:
        expected, _ = trial.call(reference)
    except Exception as error:
        if trial.refused and isinstance(error, ValueError):
            return None
        raise CourseError(
            f"{where}: the reference raises {error!r} instead of returning a value. Change the case."
        ) from error
    if trial.refused:
        raise CourseError(
            f"{where}: the reference returns a value instead of raising ValueError. Make it a plain Case."
        )
    return expected


def _plainer(reference: Function, trial: Trial) -> dict[str, int]:
    made = {name: what(reference, plainer) for name, plainer in simpler(trial).items()}
    refused = signature_of_error("ValueError"), signature_of_error("ValueError", refused=True)
    return {name: number for name, number in made.items() if number not in refused}


def _declared(where: str, exercise: Exercise, arguments: Mapping[str, Value]) -> dict[str, Any]:
    """What the author declares about a call besides its value."""
    declared = {}
    for name, declare in (("windows", exercise.windows), ("sizes", exercise.sizes)):
        try:
            declared[name] = None if declare is None else declare(**arguments)
        except Exception as error:
            raise CourseError(
                f"{where}: {name} raises {error!r} for a case. Give it the parameters of the reference, and correct it."
            ) from error
    sizes = declared["sizes"] or ()
    if isinstance(sizes, str) or not isinstance(sizes, Sequence):
        raise CourseError(f"{where}: sizes gives {reprlib.repr(sizes)}. Let it return a list of lines.")
    return {"windows": declared["windows"], "sizes": tuple(sizes)}


class DrawnEffects(Mapping[str, Effect]):
    """What known mistakes do on a trial, by their ids; computed on demand, which is seldom."""

    def __init__(self, mistakes: Sequence[Mistake], trial: Trial) -> None:
        """Compute nothing yet."""
        self._functions = {mistake.id: mistake.function for mistake in mistakes}
        self._trial = trial
        self._effects: dict[str, Effect] = {}

    def __getitem__(self, mistake: str) -> Effect:
        if mistake not in self._effects:
            self._effects[mistake] = _effect(self._functions[mistake], self._trial)
        return self._effects[mistake]

    def __iter__(self) -> Iterator[str]:
        return iter(self._functions)

    def __len__(self) -> int:
        return len(self._functions)


def _effect(mistake: Function, trial: Trial) -> Effect:
    try:
        with np.errstate(all="ignore"):
            value, after = trial.call(mistake)
    except MemoryError:  # it tells of this process and not of the mistake
        raise
    except Exception as error:  # noqa: BLE001  what a mistake raises is part of how it is known
        words = "" if _on_purpose(error) else skeleton(str(error))
        return Effect(raises=kind_of(error), refuses=isinstance(error, ValueError), skeleton=words)
    before = [value for _, value in trial.arguments]
    return Effect(value, changes_input=any(compare(*pair, rtol=0.0).fault for pair in zip(after, before, strict=True)))


def skeleton(message: str) -> str:
    """The words of an exception's text, without numbers and quoted names: the part that one cause always gives.

    An index out of bounds keeps its numbers, as its words are the same for every loop that goes too far.
    """
    parts = r"[a-z]+|\d+" if "out of bounds" in message else r"[a-z]+"
    return " ".join(re.findall(parts, re.sub(r"'[^']*'", "", message.lower())))[:100]


def _on_purpose(error: Exception) -> bool:
    """Whether a `raise` of the mistake's own made it: the last instruction tells, however the code is laid out."""
    frame, _ = deque(traceback.walk_tb(error.__traceback__), maxlen=1).pop()
    code = frame.f_code
    return "site-packages" not in code.co_filename and code.co_code[frame.f_lasti] == opcode.opmap["RAISE_VARARGS"]


def _seconds(function: Function, trial: Trial) -> float:
    start = time.thread_time()
    trial.call(function)
    return time.thread_time() - start
