"""Wrong answers in students' own words: the right mistake is named, or none."""

from __future__ import annotations

import importlib
import pkgutil
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from autograder.marking.mark import mark
from autograder.marking.scheme import Trial
from autograder.model import ExerciseReport, Frame, Outcome, Raised
from tests.course import wrong_answers
from tests.course.wrong_answers import Wrong
from tests.schemes import EXERCISES, outcome, scheme

pytestmark = pytest.mark.thorough

HERE = Path(wrong_answers.__path__[0])
GRADER, CHECK = 11, None  # the seed of a run with hidden cases; none, as in a student's notebook

MODULES = [
    importlib.import_module(f"{wrong_answers.__name__}.{module.name}")
    for module in pkgutil.iter_modules(wrong_answers.__path__)
]
ALL = [value for module in MODULES for value in vars(module).values() if isinstance(value, Wrong)]
WRONG = [answer for answer in ALL if answer.raises is None]
STOPPING = [answer for answer in ALL if answer.raises is not None]

RIGHT_NAME, WRONG_NAME, NO_NAME = "right", "wrong", "not named"
LEAST, SHARE = 60, 0.9


@dataclass(frozen=True)
class Told:
    """What a student is told of a wrong answer: the ids of each diagnosis, and whether they are right."""

    names: tuple[frozenset[str], ...]
    verdict: str

    def __str__(self) -> str:
        """The ids, of every diagnosis once."""
        return " / ".join(dict.fromkeys("+".join(sorted(ids)) for ids in self.names)) or "-"


def tried(answer: Wrong, trial: Trial) -> Outcome:
    """What a wrong answer does on one trial, with the lines of it that an exception went through."""
    frames: list[Frame] = []

    def watched(*given: Any, **named: Any) -> Any:
        try:
            return answer.function(*given, **named)
        except Exception as error:
            frames.extend(own_lines(error))
            raise

    found = outcome(watched, trial)
    return replace(found, frames=frames) if isinstance(found, Raised) else found


def own_lines(error: Exception) -> list[Frame]:
    """The lines of the wrong answers that an exception went through."""
    lines = traceback.extract_tb(error.__traceback__)
    own = [line for line in lines if Path(line.filename).parent == HERE]
    return [Frame("cell 1", line.lineno or 0, line.line or "") for line in own]


def report(answer: Wrong, seed: int | None) -> ExerciseReport:
    """Mark a wrong answer."""
    drawn = scheme(answer.exercise, seed)
    return mark(drawn, [tried(answer, trial) for trial in drawn.trials])


def told(answer: Wrong, seed: int | None) -> Told:
    """Mark a wrong answer, and compare what is named with what was done."""
    diagnoses = [one.diagnosis for one in report(answer, seed).behaviours if one.diagnosis is not None]
    names = tuple(frozenset(one.mistakes) for one in diagnoses)
    if not names:
        return Told(names, NO_NAME)
    return Told(names, RIGHT_NAME if all(ids & answer.mistakes for ids in names) else WRONG_NAME)


def both(one: Told, other: Told) -> str:
    """The worse of two verdicts: named wrong, else not named, else named right."""
    return next(verdict for verdict in (WRONG_NAME, NO_NAME, RIGHT_NAME) if verdict in (one.verdict, other.verdict))


def test_wrong_answers_are_named_right(record_property: Callable[[str, object], None]) -> None:
    """Of the faults that students really make nine in ten are named, by the grader and by check(), and none wrongly."""
    rows = [(answer, told(answer, GRADER), told(answer, CHECK)) for answer in WRONG]
    verdicts = [both(grader, check) for _, grader, check in rows]
    record_property("table", "\n".join(table(rows, verdicts)))

    assert [answer.name for (answer, _, _), verdict in zip(rows, verdicts, strict=True) if verdict == WRONG_NAME] == []
    assert len(rows) >= LEAST
    assert verdicts.count(RIGHT_NAME) >= SHARE * len(rows)


@pytest.mark.parametrize("answer", STOPPING, ids=lambda answer: answer.name)
@pytest.mark.parametrize("seed", [GRADER, CHECK], ids=["grader", "check"])
def test_an_exception_is_told_by_its_name(answer: Wrong, seed: int | None) -> None:
    """A fault that raises is told by its exception, and no mistake but the one that was made is held to be likely."""
    trials = scheme(answer.exercise, seed).trials
    raised = [one for trial in trials if isinstance(one := tried(answer, trial), Raised)]
    marked = report(answer, seed).behaviours
    named = {id_ for one in marked if one.diagnosis is not None for id_ in one.diagnosis.mistakes}

    assert answer.raises in {one.type for one in raised}
    assert any(one.message is not None and one.message.what.startswith(answer.raises) for one in marked)
    assert named <= answer.mistakes


def test_wrong_answers_are_spread() -> None:
    """Every notebook has wrong answers, each says what is wrong, and knows its exercise and its mistakes."""
    assert len(STOPPING) >= 8
    assert {answer.exercise for answer in ALL} <= set(EXERCISES)
    for answer in ALL:
        assert answer.fault, answer.name
        assert answer.mistakes <= {mistake.id for mistake in EXERCISES[answer.exercise].mistakes}, answer.name
        assert answer.mistakes or answer.raises, answer.name
    assert all(any(isinstance(value, Wrong) for value in vars(module).values()) for module in MODULES)


def table(rows: list[tuple[Wrong, Told, Told]], verdicts: list[str]) -> Iterator[str]:
    """Each wrong answer with what is named, by the grader and by check(); and how many are named right."""
    yield f"{'submission':<38} {'function':<18} {'made':<9} {'grader':<14} {'check':<14} fault"
    for (answer, grader, check), verdict in zip(rows, verdicts, strict=True):
        made = " or ".join(sorted(answer.mistakes))
        mark_ = "" if verdict == RIGHT_NAME else f"[{verdict}] "
        yield f"{answer.name:<38} {answer.exercise:<18} {made:<9} {grader!s:<14} {check!s:<14} {mark_}{answer.fault}"
    right, wrong, none = (verdicts.count(verdict) for verdict in (RIGHT_NAME, WRONG_NAME, NO_NAME))
    yield f"{len(rows)} submissions: named right {right}, wrong {wrong}, not named {none}"
