"""`check()`, as a student calls it in a notebook: visible cases, advice only, no marks."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from autograder.drawing.svg import element, escape
from autograder.errors import UsageError
from autograder.marking.mark import mark
from autograder.marking.pairs import signature
from autograder.marking.predictions import Asked, judge
from autograder.marking.scheme import MarkScheme, Trial, simpler
from autograder.model import ExerciseReport, Returned, Value
from autograder.notebook.calling import LIMIT, Called, Caller, newest_does_not_compile, printed
from autograder.release import answer_key
from autograder.report.stories import ALSO_FAILING, Story, stories
from autograder.sandbox.names import used_by
from autograder.sandbox.values import UnmarkableError, plain

Entry = TypeVar("Entry", MarkScheme, Asked)


class CheckFailed(Exception):  # noqa: N818  reads as a sentence in nbgrader's validation
    """Raised where nbgrader runs the notebook, so that a wrong answer stops it."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it, as IPython asks: the words, and none of this package's lines."""
        return [str(self)]


@dataclass(frozen=True)
class Checked:
    """The result of a check; a notebook shows it with a picture, a terminal as text.

    Attributes:
        text: the message.
        right: whether everything is right.
        report: on the function, if there is a value to show.
        printed: the first lines that the function printed.
    """

    text: str
    right: bool
    report: ExerciseReport | None = None
    printed: str = ""

    def __repr__(self) -> str:
        """The message as text."""
        return "\n\n".join(filter(None, [self.text, self.printed]))

    def _repr_html_(self) -> str | None:
        """The message with a picture of the first wrong call, or with code as code; None for plain text."""
        from autograder.report.fragment import exercise, with_code  # noqa: PLC0415  drawn only where it is shown

        if self.report is not None and not self.report.right and self.report.state == "marked":
            return exercise(self.report, self.printed)
        if "`" not in self.text:
            return None
        words = element("p", with_code(self.text).replace("\n", element("br")))
        return words + (element("pre", escape(self.printed)) if self.printed else "")


def check(
    function: Callable[..., Any] | None = None, /, *, key: Path | str | None = None, **predictions: Value
) -> Checked:
    """Try your function on the visible cases, or compare your predictions cell by cell.

    Args:
        function: a function of this notebook: `check(conv2d)`.
        key: the answer key; by default the one beside the notebook.
        predictions: your predictions by name: `check(first_sum=first_sum)`.

    Returns:
        A message, and whether everything is right.

    Raises:
        UsageError: there is no answer key, or this name is not in it.
        CheckFailed: something is wrong, and nbgrader runs the notebook.
    """
    answers = answer_key.read(Path(key or answer_key.FILE_NAME))
    results = [
        _check_prediction(_known("check", answers.predictions, name), value) for name, value in predictions.items()
    ]
    if function is not None:
        results.append(_result(_looked_at(function, answers.schemes, "check")))
    if not results:
        raise UsageError(
            f"check() needs a function or a prediction: write check({_example(answers.schemes)}), or "
            "check(prediction=prediction)."
        )
    checked = results[0] if len(results) == 1 else Checked("\n".join(map(repr, results)), all(map(_is_right, results)))
    if not checked.right and os.environ.get("NBGRADER_EXECUTION"):
        _show(checked)
        raise CheckFailed(repr(checked))
    return checked


def _show(checked: Checked) -> None:
    """Show the result with its picture, as an exception has none."""
    try:
        from IPython.display import display  # noqa: PLC0415  is there where a program runs a notebook
    except ImportError:
        return
    display(checked)  # type: ignore[no-untyped-call]


def _known(who: str, entries: Mapping[str, Entry], name: str) -> Entry:
    if name not in entries:
        raise UsageError(f"{who}: {name!r} is not in this notebook's answer key. Use one of: {', '.join(entries)}.")
    return entries[name]


def _require_function(who: str, value: Any, schemes: Mapping[str, MarkScheme]) -> None:
    if callable(value):
        return
    if isinstance(value, str):
        name, instead, without = value if value in schemes else _example(schemes), "name", "quotes"
    else:
        name, instead, without = _example(schemes), "result", "parentheses"
    raise UsageError(f"{who}() needs the function itself, not its {instead}: write {who}({name}), without {without}.")


def _example(schemes: Mapping[str, MarkScheme]) -> str:
    """The name of a function that can be checked here."""
    return next(iter(schemes), "name_of_the_function")


@dataclass(frozen=True)
class LookedAt:
    """A function, judged by the visible cases, and what each call did."""

    scheme: MarkScheme
    report: ExerciseReport
    calls: Sequence[Called]


def look_at(function: Callable[..., Any], key: Path, who: str) -> LookedAt:
    """Judge a function by the visible cases of an answer key.

    Args:
        function: the student's.
        key: the answer key.
        who: what the student called, "check" or "hint".

    Raises:
        UsageError: there is no answer key, or this function is not in it.
        CheckStopped: the student interrupted it.
    """
    return _looked_at(function, answer_key.read(key).schemes, who)


def _looked_at(function: Callable[..., Any], schemes: Mapping[str, MarkScheme], who: str) -> LookedAt:
    _require_function(who, function, schemes)
    scheme = _known(who, schemes, str(getattr(function, "__name__", type(function).__name__)))
    if (newest := newest_does_not_compile(scheme.function)) is not None:
        raise UsageError(f"{who}: the newest cell with {scheme.function} {newest}. Fix it and run that cell again.")
    with Caller(who) as caller:
        calls = [caller.call(function, trial) for trial in scheme.trials]
        prints = "print" in used_by(function) and any(called.printed for called in calls)
        wrong = _wrong_helpers(scheme, function, schemes, caller)
        again = partial(_again, caller, function)
        report = mark(scheme, [called.outcome for called in calls], wrong, prints=prints, again=again)
        return LookedAt(scheme, report, calls)


def _again(caller: Caller, function: Callable[..., Any], trial: Trial, name: str) -> bool | None:
    """Whether a call is right with one argument made plainer; None if the key does not know what is right there."""
    if name not in trial.plainer:
        return None
    outcome = caller.call(function, simpler(trial)[name]).outcome
    return isinstance(outcome, Returned) and signature(outcome.value) == trial.plainer[name]


def _wrong_helpers(
    scheme: MarkScheme, function: Callable[..., Any], schemes: Mapping[str, MarkScheme], caller: Caller
) -> list[str]:
    """The other functions of the notebook that this one calls and that still fail."""
    own = getattr(function, "__globals__", {})
    called = [
        name for name in used_by(function) if name in schemes and name != scheme.function and callable(own.get(name))
    ]
    return [name for name in called if not _is_solved(schemes[name], own[name], caller)]


def _is_solved(scheme: MarkScheme, function: Callable[..., Any], caller: Caller) -> bool:
    return mark(scheme, [caller.call(function, trial).outcome for trial in scheme.trials]).right


def _is_right(checked: Checked) -> bool:
    return checked.right


def _result(looked_at: LookedAt) -> Checked:
    """The most helpful message, and a line for each other thing that is wrong."""
    function, report = looked_at.scheme.function, looked_at.report
    if report.right:
        count = len(looked_at.calls)
        cases = f"all {count} visible cases are" if count != 1 else "the only visible case is"
        untried = [f"Not tried here, {rule.name}: {rule.says}" for rule in looked_at.scheme.unseen]
        words = "\n".join([f"{function}: {cases} right. Hidden cases decide the mark.", *untried])
        return Checked(words, right=True, printed=printed(looked_at.calls))
    if report.state != "marked":
        return Checked(f"{function}: {report.state}", right=False)
    first, *others = stories(report)
    arguments = dict(first.message.lines).get("called with", "")
    words = "\n\n".join([str(first), *_folded(others)])
    return Checked(words, right=False, report=report, printed=printed(looked_at.calls, arguments))


def _folded(others: Sequence[Story]) -> list[str]:
    if not others:
        return []
    lines = [f"  {', '.join(behaviour.name for behaviour in story.behaviours)}: {story.in_short}" for story in others]
    return ["\n".join([ALSO_FAILING, *lines])]


def _check_prediction(prediction: Asked, value: Value) -> Checked:
    if value is None or value is Ellipsis:
        return Checked(f"{prediction.name}: not answered yet", right=False)
    try:
        given = plain(value, LIMIT)
    except UnmarkableError as error:
        return Checked(f"{prediction.name}: this is {error.what}. Use numbers or text.", right=False)
    except Exception as error:  # noqa: BLE001  a student's object may raise anything when it is read
        return Checked(f"{prediction.name}: this cannot be read ({type(error).__name__})", right=False)
    answered = judge(prediction, given)
    return Checked(f"{prediction.name}: {answered.words}", answered.right)
