"""`check()`, as a student calls it in a notebook: visible cases, advice only, no marks."""

from __future__ import annotations

import os
import sysconfig
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from autograder import answer_key
from autograder.errors import UsageError
from autograder.marking import mark
from autograder.model import ExerciseReport, Frame, Outcome, Raised, Returned, Unmarkable, Value
from autograder.predictions import Asked, judge
from autograder.report.stories import Story, stories
from autograder.sandbox.names import used_by
from autograder.sandbox.values import UnmarkableError, plain
from autograder.scheme import MarkScheme, Trial

LIMIT = 64 << 20
LONGEST_TEXT = 500
NOT_THEIRS = (
    str(Path(__file__).parent),
    *{sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")},
    "<frozen",
)

Found = TypeVar("Found", MarkScheme, Asked)


class CheckFailed(Exception):  # noqa: N818  reads as a sentence in nbgrader's validation
    """Raised where a program runs the notebook, so that a wrong answer stops it."""

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows of it, as IPython asks: the words, and none of this package's lines."""
        return [str(self)]


@dataclass(frozen=True)
class Checked:
    """What a check found; a notebook shows it with a picture, a terminal as text.

    Attributes:
        text: the words.
        right: whether all was right.
        report: on the function, where a value can be looked at.
    """

    text: str
    right: bool
    report: ExerciseReport | None = None

    def __repr__(self) -> str:
        """The words."""
        return self.text

    def _repr_html_(self) -> str | None:
        """The words with a picture of the first call that went wrong; None where words are all."""
        if self.report is None or self.report.right or self.report.state != "marked":
            return None
        from autograder.report.fragment import exercise  # noqa: PLC0415  drawn only where it is shown

        return exercise(self.report)


def check(
    function: Callable[..., Any] | None = None, /, *, key: Path | str | None = None, **predictions: Value
) -> Checked:
    """Try your function on the visible cases, or compare your predictions cell by cell.

    Args:
        function: a function of this notebook: `check(conv2d)`.
        key: the answer key; by default the one beside the notebook.
        predictions: your predictions by name: `check(first_sum=first_sum)`.

    Returns:
        The words to read; also whether all was right.

    Raises:
        UsageError: no answer key, or nothing in it by this name.
        CheckFailed: something is wrong, and nbgrader runs the notebook.
    """
    found = answer_key.read(Path(key or answer_key.FILE_NAME))
    results = [_check_prediction(_known(found.predictions, name), value) for name, value in predictions.items()]
    if function is not None:
        results.append(_tell(*_report(function, found.schemes)))
    if not results:
        raise UsageError("check: it was given nothing, but needs a function or a prediction; write check(name_of_it)")
    reports = [result.report for result in results if result.report is not None] if len(results) == 1 else []
    checked = Checked("\n".join(one.text for one in results), all(one.right for one in results), *reports)
    if not checked.right and os.environ.get("NBGRADER_EXECUTION"):
        _show(checked)
        raise CheckFailed(checked.text)
    return checked


def _show(checked: Checked) -> None:
    """Show it with its picture, which an exception has not."""
    try:
        from IPython.display import display  # noqa: PLC0415  is there where a program runs a notebook
    except ImportError:
        return
    display(checked)  # type: ignore[no-untyped-call]


def _known(known: Mapping[str, Found], name: str) -> Found:
    if name not in known:
        raise UsageError(
            f"check: {name!r} is not in this notebook's answer key, but has to be one of {', '.join(known)}"
        )
    return known[name]


def report_on(function: Callable[..., Any], key: Path) -> tuple[MarkScheme, ExerciseReport]:
    """Mark a function by the visible cases of an answer key.

    Raises:
        UsageError: no answer key, or nothing in it by this name.
    """
    return _report(function, answer_key.read(key).schemes)


def _report(function: Callable[..., Any], schemes: Mapping[str, MarkScheme]) -> tuple[MarkScheme, ExerciseReport]:
    if not callable(function):
        raise UsageError(
            f"check: it was given a value of type {type(function).__name__}, but needs the function itself; write "
            "check(name_of_it), without brackets behind the name"
        )
    scheme = _known(schemes, str(getattr(function, "__name__", type(function).__name__)))
    return scheme, _mark(scheme, function, _wrong_helpers(scheme, function, schemes))


def _wrong_helpers(scheme: MarkScheme, function: Callable[..., Any], schemes: Mapping[str, MarkScheme]) -> list[str]:
    """The other functions of the notebook that this one calls and that are not right themselves."""
    own = getattr(function, "__globals__", {})
    called = [
        name for name in used_by(function) if name in schemes and name != scheme.function and callable(own.get(name))
    ]
    return [name for name in called if not _mark(schemes[name], own[name]).right]


def _mark(scheme: MarkScheme, function: Callable[..., Any], leans_on: Sequence[str] = ()) -> ExerciseReport:
    return mark(scheme, [_call(function, trial) for trial in scheme.trials], leans_on)


def _tell(scheme: MarkScheme, report: ExerciseReport) -> Checked:
    """The one message that helps most, and a line for each other thing that is wrong."""
    if report.right:
        count = len(scheme.trials)
        return Checked(
            f"{scheme.function}: all {count} visible cases are right. Hidden cases decide the mark.", right=True
        )
    if report.state != "marked":
        return Checked(f"{scheme.function}: {report.state}", right=False)
    first, *others = stories(report)
    return Checked("\n\n".join([str(first), *_folded(others)]), right=False, report=report)


def _folded(others: Sequence[Story]) -> list[str]:
    if not others:
        return []
    lines = [f"  {', '.join(one.name for one in story.behaviours)}: {story.in_short}" for story in others]
    return ["\n".join(["Not right either, but mend the first one first:", *lines])]


def _call(function: Callable[..., Any], trial: Trial) -> Outcome:
    try:
        value, arguments = trial.call(function)
        return Returned(plain(value, LIMIT), tuple(plain(argument, LIMIT) for argument in arguments))
    except UnmarkableError as error:
        return Unmarkable(str(error))
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  a student's function may raise anything
        kinds = [kind.__name__ for kind in type(error).__mro__]
        return Raised(type(error).__name__, _text(error), _frames(error), kinds)


def _text(error: BaseException) -> str:
    try:
        return str(error)[:LONGEST_TEXT]
    except Exception:  # noqa: BLE001  an exception of a student's own may not even have a text
        return ""


def _frames(error: BaseException) -> list[Frame]:
    """The lines of the student's own code: not of this package, of Python or of what is installed."""
    own = [frame for frame in traceback.extract_tb(error.__traceback__) if not frame.filename.startswith(NOT_THEIRS)]
    return [Frame("your code", frame.lineno or 0, frame.line or "") for frame in own]


def _check_prediction(prediction: Asked, value: Value) -> Checked:
    if value is None or value is Ellipsis:
        return Checked(f"{prediction.name}: not answered yet", right=False)
    try:
        given = plain(value, LIMIT)
    except UnmarkableError as error:
        return Checked(f"{prediction.name}: this is {error}, but it has to be numbers or text", right=False)
    except Exception as error:  # noqa: BLE001  an object of a student's own may raise anything when it is read
        return Checked(f"{prediction.name}: this cannot be read ({type(error).__name__})", right=False)
    answered = judge(prediction, given)
    return Checked(f"{prediction.name}: {answered.words}", answered.right)
