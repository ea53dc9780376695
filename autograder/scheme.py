"""A mark scheme: what an exercise asks, worked out. Rules with marks, calls with expected and known wrong values.

A notebook's `check()` reads one from the answer key (visible trials), the grader draws one from the course (visible
and hidden trials); all that marks an answer knows nothing else of a course.
"""

from __future__ import annotations

import copy
import inspect
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from autograder.compare import compare
from autograder.errors import CourseError
from autograder.exercise import Behaviour, Case, Exercise, Function
from autograder.model import Value

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
    """A known mistake without its code."""

    name: str
    says: str
    read_again: str


@dataclass(frozen=True)
class Trial:
    """One call with what it has to return.

    Attributes:
        behaviour: name of the rule it is about.
        arguments: name and value, in the order of the call.
        named: how many of them, from the end, are passed by keyword.
        expected: what the reference returns.
        wrong: what each known mistake returns, by its id; one that raises is left out.
        changing: ids of the known mistakes that change their input.
        visible: whether students may see it.
    """

    behaviour: str
    arguments: Sequence[tuple[str, Value]]
    named: int
    expected: Value
    wrong: Mapping[str, Value]
    changing: Sequence[str]
    visible: bool

    @property
    def positional(self) -> list[Value]:
        """Arguments passed by position."""
        return [value for _, value in self.arguments[: len(self.arguments) - self.named]]

    @property
    def keywords(self) -> dict[str, Value]:
        """Arguments passed by keyword."""
        return dict(self.arguments[len(self.arguments) - self.named :])


@dataclass(frozen=True)
class MarkScheme:
    """All that is needed to mark one function."""

    function: str
    rules: Sequence[Rule]
    trials: Sequence[Trial]
    mistakes: Mapping[str, MistakeWords]
    rtol: float = 1e-5

    def trials_of(self, rule: Rule) -> list[Trial]:
        """The trials of one rule, visible ones first."""
        return [trial for trial in self.trials if trial.behaviour == rule.name]


def draw(exercise: Exercise, seed: int | None = None) -> MarkScheme:
    """Work out a mark scheme.

    Args:
        exercise: as its author declared it.
        seed: the run's secret seed for hidden trials; None for visible trials only.

    Raises:
        CourseError: a case names no parameter of the reference, or the reference fails on it.
    """
    trials = [
        _trial(exercise, behaviour, case, visible=visible)
        for behaviour in exercise.behaviours
        for case, visible in _cases(exercise, behaviour, seed)
    ]
    rules = [Rule(one.name, one.says, one.marks, one.inputs_unchanged) for one in exercise.behaviours]
    mistakes = {one.id: MistakeWords(one.name, one.says, one.read_again) for one in exercise.mistakes}
    return MarkScheme(exercise.function, rules, trials, mistakes, exercise.rtol)


def visible_part(scheme: MarkScheme) -> MarkScheme:
    """The scheme without its hidden trials."""
    return replace(scheme, trials=[trial for trial in scheme.trials if trial.visible])


def _cases(exercise: Exercise, behaviour: Behaviour, seed: int | None) -> Iterable[tuple[Case, bool]]:
    streams = [(*behaviour.examples, *behaviour.cases(_generator(exercise, behaviour, (RELEASED_SEED,))))]
    if seed is not None:
        streams.append(tuple(behaviour.cases(_generator(exercise, behaviour, (1, seed)))))
    return ((case, number == 0) for number, stream in enumerate(streams) for case in stream)


def _generator(exercise: Exercise, behaviour: Behaviour, seed: tuple[int, ...]) -> np.random.Generator:
    """A stream of its own for each behaviour: adding one changes no other's cases."""
    names = (zlib.crc32(name.encode()) for name in (exercise.function, behaviour.name))
    return np.random.default_rng([*seed, *names])


def _trial(exercise: Exercise, behaviour: Behaviour, case: Case, *, visible: bool) -> Trial:
    where = f"exercise {exercise.function}, {behaviour.name!r}"
    parameters = inspect.signature(exercise.reference).parameters
    unknown = [name for name in case.arguments if name not in parameters]
    if unknown:
        raise CourseError(
            f"{where}: a case has {unknown[0]!r}, but the reference takes {', '.join(parameters)}; rename it"
        )
    ordered = [(name, case.arguments[name]) for name in parameters if name in case.arguments]
    named = sum(parameters[name].default is not inspect.Parameter.empty for name, _ in ordered)
    trial = Trial(behaviour.name, ordered, named, None, {}, [], visible)
    try:
        expected = _call(exercise.reference, trial)[0]
    except Exception as error:
        raise CourseError(
            f"{where}: the reference raises {error!r}, but it has to return a value; change the case"
        ) from error
    wrong, changing = _wrong_values(exercise, trial)
    return replace(trial, expected=expected, wrong=wrong, changing=changing)


def _wrong_values(exercise: Exercise, trial: Trial) -> tuple[dict[str, Value], list[str]]:
    wrong, changing = {}, []
    for mistake in exercise.mistakes:
        try:
            with np.errstate(all="ignore"):
                wrong[mistake.id], after = _call(mistake.function, trial)
        except Exception:  # noqa: BLE001, S112  some mistakes raise; then there is no value to know them by
            continue
        before = [value for _, value in trial.arguments]
        if any(compare(*pair, rtol=0.0).fault for pair in zip(after, before, strict=True)):
            changing.append(mistake.id)
    return wrong, changing


def _call(function: Function, trial: Trial) -> tuple[Value, list[Value]]:
    """Call a function as a student's is called; returns its value, and the arguments as they are after the call."""
    arguments = copy.deepcopy([value for _, value in trial.arguments])
    positional = arguments[: len(arguments) - trial.named]
    value = function(*positional, **dict(zip(trial.keywords, arguments[len(positional) :], strict=True)))
    return value, arguments
