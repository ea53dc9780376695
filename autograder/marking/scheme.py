"""A mark scheme: what an exercise asks, worked out. Rules with marks, calls with expected and known wrong values.

A notebook's `check()` reads one from the answer key (visible trials), the grader draws one from the course (visible
and hidden trials); all that marks an answer knows nothing else of a course.
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
    """A known mistake without its code; of a convention, it is right elsewhere and only here it is not."""

    name: str
    says: str
    read_again: str
    convention: bool = False


@dataclass(frozen=True)
class Effect:
    """What a known mistake does on one trial.

    Attributes:
        value: what it returns.
        raises: name of the exception of Python's own that it raises instead; None if it returns.
        refuses: whether that is a ValueError, as where a call has to be refused.
        changes_input: whether the arguments are others after the call.
        skeleton: the words of what it raises, without numbers; empty if it is raised on purpose.
    """

    value: Value = None
    raises: str | None = None
    refuses: bool = False
    changes_input: bool = False
    skeleton: str = ""


@dataclass(frozen=True)
class Trial:
    """One call with what it has to return.

    Attributes:
        behaviour: name of the rule it is about.
        arguments: name and value, in the order of the call.
        named: how many of them, from the end, are passed by keyword.
        expected: what the reference returns.
        known: what each known mistake does, by its id.
        visible: whether students may see it.
        refused: whether the call has to end in a ValueError instead.
        seconds: the most CPU time that the call may take; None if only its value counts.
        windows: which cells of the arguments make each cell of the result, if that is known.
        sizes: the formula of each axis of the result, with the numbers of this call.
        whole: whether floats will not do.
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
        """Call a function in this process; returns its value, and copies of the arguments as the call has left them."""
        positional, keywords = copy.deepcopy((self.positional, self.keywords))
        value = function(*positional, **keywords)
        return value, [*positional, *keywords.values()]


@dataclass(frozen=True)
class MarkScheme:
    """All that is needed to mark one function; `unseen` are the rules that have hidden trials only."""

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
        seed: the run's secret seed for hidden trials; None for visible trials only, and then without those behaviours
            that are about speed, as students' machines have nothing to compare with.

    Raises:
        CourseError: a case names no parameter of the reference, or the reference does not do on it what it has to.
    """
    behaviours = [one for one in exercise.behaviours if seed is not None or one.faster_than is None]
    trials = [
        trial_of(exercise, behaviour, case, visible=visible)
        for behaviour in behaviours
        for case, visible in cases(exercise, behaviour, seed)
    ]
    rules = {one.name: Rule(one.name, one.says, one.marks, one.inputs_unchanged) for one in exercise.behaviours}
    seen = [rules.pop(one.name) for one in behaviours]
    mistakes = {
        one.id: MistakeWords(one.name, one.says, one.read_again, getattr(one, "convention", False))
        for one in exercise.mistakes
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
    # what is known before the run can be looked up instead of computed
    shown = visible if behaviour.faster_than is None else []
    return [*((case, True) for case in shown), *((case, False) for case in hidden)]


def _drawn(exercise: Exercise, behaviour: Behaviour, seed: tuple[int, ...]) -> list[Case]:
    where = f"exercise {exercise.function}, {behaviour.name!r}"
    try:
        drawn = behaviour.cases(_generator(exercise, behaviour, seed))
    except Exception as error:
        raise CourseError(
            f"{where}: drawing its cases raises {error!r}, but it has to give cases; correct `cases`"
        ) from error
    if not isinstance(drawn, Sequence) or not all(isinstance(case, Case) for case in drawn):
        raise CourseError(f"{where}: drawing its cases gives {reprlib.repr(drawn)}. Let `cases` return a list of Case.")
    return list(drawn)


def _generator(exercise: Exercise, behaviour: Behaviour, seed: tuple[int, ...]) -> np.random.Generator:
    """A stream of its own for each behaviour: adding one changes no other's cases."""
    names = (zlib.crc32(name.encode()) for name in (exercise.function, behaviour.name))
    return np.random.default_rng([*seed, *names])


def trial_of(exercise: Exercise, behaviour: Behaviour, case: Case, *, visible: bool) -> Trial:
    """Work out one case.

    Raises:
        CourseError: it does not fit the reference, or what is declared of it does not fit the case.
    """
    where = f"exercise {exercise.function}, {behaviour.name!r}"
    parameters = inspect.signature(exercise.reference).parameters
    unknown = [name for name in case.arguments if name not in parameters]
    if unknown:
        raise CourseError(
            f"{where}: a case has {unknown[0]!r}, but the reference takes {', '.join(parameters)}; rename it"
        )
    missing = [name for name, one in parameters.items() if name not in case.arguments and _is_needed(one)]
    if missing:
        raise CourseError(f"{where}: a case lacks {missing[0]!r}, which the reference needs. Give it a value.")
    ordered = [(name, case.arguments[name]) for name in parameters if name in case.arguments]
    named = sum(parameters[name].default is not inspect.Parameter.empty for name, _ in ordered)
    trial = Trial(behaviour.name, ordered, named, visible, refused=isinstance(case, Refusal))
    defaults = {name: one.default for name, one in parameters.items() if one.default is not inspect.Parameter.empty}
    told = {} if trial.refused else _told(where, exercise, {**defaults, **case.arguments})
    return replace(
        trial,
        **told,
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
            f"{where}: the reference raises {error!r}, but has to return a value; change the case"
        ) from error
    if trial.refused:
        raise CourseError(f"{where}: the reference returns a value, but has to raise ValueError; make it a plain Case")
    return expected


def _plainer(reference: Function, trial: Trial) -> dict[str, int]:
    made = {name: what(reference, one) for name, one in simpler(trial).items()}
    refused = signature_of_error("ValueError"), signature_of_error("ValueError", refused=True)
    return {name: number for name, number in made.items() if number not in refused}


def _told(where: str, exercise: Exercise, arguments: Mapping[str, Value]) -> dict[str, Any]:
    """What can be told of a call beside its value."""
    told = {}
    for name, tell in (("windows", exercise.windows), ("sizes", exercise.sizes)):
        try:
            told[name] = None if tell is None else tell(**arguments)
        except Exception as error:
            raise CourseError(
                f"{where}: {name} raises {error!r} for a case. Give it the parameters of the reference, and correct it."
            ) from error
    sizes = told["sizes"] or ()
    if isinstance(sizes, str) or not isinstance(sizes, Sequence):
        raise CourseError(f"{where}: sizes gives {reprlib.repr(sizes)}. Let it return a list of lines.")
    return {"windows": told["windows"], "sizes": tuple(sizes)}


class DrawnEffects(Mapping[str, Effect]):
    """What known mistakes do on a trial, by their ids; worked out when it is asked for, which it seldom is."""

    def __init__(self, mistakes: Sequence[Mistake], trial: Trial) -> None:
        """Work out nothing yet."""
        self._functions = {mistake.id: mistake.function for mistake in mistakes}
        self._trial = trial
        self._found: dict[str, Effect] = {}

    def __getitem__(self, mistake: str) -> Effect:
        if mistake not in self._found:
            self._found[mistake] = _effect(self._functions[mistake], self._trial)
        return self._found[mistake]

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
    """The words of an exception's text, without numbers and names in quotes: what two of one cause share.

    An index out of bounds keeps its numbers: the words are those of every loop that goes too far, the place is not.
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
