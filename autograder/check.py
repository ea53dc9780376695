"""`check()`, as a student calls it in a notebook: visible cases, advice only, no marks."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from autograder import answer_key
from autograder.compare import compare, numbers
from autograder.errors import UsageError
from autograder.exercise import Prediction
from autograder.marking import mark
from autograder.model import ExerciseReport, Frame, Outcome, Raised, Returned, Unmarkable, Value, Verdict
from autograder.sandbox.names import used_by
from autograder.sandbox.values import UnmarkableError, plain
from autograder.scheme import MarkScheme, Trial

LIMIT = 64 << 20

Found = TypeVar("Found", MarkScheme, Prediction)


class CheckFailed(Exception):  # noqa: N818  reads as a sentence in nbgrader's validation
    """Raised instead of printed where a program runs the notebook, so that a wrong answer stops it."""


@dataclass(frozen=True)
class Checked:
    """What a check found; a notebook shows it as text."""

    text: str
    right: bool

    def __repr__(self) -> str:
        """The words."""
        return self.text


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
        scheme = _known(found.schemes, str(getattr(function, "__name__", type(function).__name__)))
        results.append(_check_function(scheme, function, _wrong_helpers(scheme, function, found.schemes)))
    if not results:
        raise UsageError("check: it was given nothing, but needs a function or a prediction; write check(name_of_it)")
    checked = Checked("\n".join(result.text for result in results), all(result.right for result in results))
    if not checked.right and os.environ.get("NBGRADER_EXECUTION"):
        raise CheckFailed(checked.text)
    return checked


def _known(known: Mapping[str, Found], name: str) -> Found:
    if name not in known:
        raise UsageError(
            f"check: {name!r} is not in this notebook's answer key, but has to be one of {', '.join(known)}"
        )
    return known[name]


def _wrong_helpers(scheme: MarkScheme, function: Callable[..., Any], schemes: Mapping[str, MarkScheme]) -> list[str]:
    """The other functions of the notebook that this one calls and that are not right themselves."""
    own = getattr(function, "__globals__", {})
    called = [
        name for name in used_by(function) if name in schemes and name != scheme.function and callable(own.get(name))
    ]
    return [name for name in called if not _mark(schemes[name], own[name]).right]


def _mark(scheme: MarkScheme, function: Callable[..., Any], leans_on: Sequence[str] = ()) -> ExerciseReport:
    return mark(scheme, [_call(function, trial) for trial in scheme.trials], leans_on)


def _check_function(scheme: MarkScheme, function: Callable[..., Any], leans_on: Sequence[str]) -> Checked:
    report = _mark(scheme, function, leans_on)
    failed = [behaviour.message for behaviour in report.behaviours if behaviour.message is not None]
    if not failed:
        count = len(scheme.trials)
        return Checked(
            f"{scheme.function}: all {count} visible cases are right. Hidden cases decide the mark.", right=True
        )
    if report.state != "marked":
        return Checked(f"{scheme.function}: {report.state}", right=False)
    more = (
        f"\n\n{len(failed) - 1} more of {len(report.behaviours)} behaviours are not right yet; mend this one first."
        if failed[1:]
        else ""
    )
    return Checked(f"{failed[0]}{more}", right=False)


def _call(function: Callable[..., Any], trial: Trial) -> Outcome:
    try:
        value, arguments = trial.call(function)
        return Returned(plain(value, LIMIT), tuple(plain(argument, LIMIT) for argument in arguments))
    except UnmarkableError as error:
        return Unmarkable(str(error))
    except (Exception, SystemExit) as error:  # noqa: BLE001  a student's function may raise anything
        kinds = [kind.__name__ for kind in type(error).__mro__]
        return Raised(type(error).__name__, _text(error), _frames(error), kinds)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001  an exception of a student's own may not even have a text
        return ""


def _frames(error: BaseException) -> list[Frame]:
    """The lines of the student's own code: what is neither this file nor an installed package."""
    found = traceback.extract_tb(error.__traceback__)[2:]
    own = [frame for frame in found if "site-packages" not in frame.filename]
    return [Frame("your code", frame.lineno or 0, frame.line or "") for frame in own]


def _check_prediction(prediction: Prediction, value: Value) -> Checked:
    if value is None or value is Ellipsis:
        return Checked(f"{prediction.name}: not answered yet", right=False)
    try:
        given = plain(value, LIMIT)
    except UnmarkableError as error:
        return Checked(f"{prediction.name}: this is {error}, but it has to be numbers or text", right=False)
    except Exception as error:  # noqa: BLE001  an object of a student's own may raise anything when it is read
        return Checked(f"{prediction.name}: this cannot be read ({type(error).__name__})", right=False)
    verdict = compare(given, prediction.answer)
    if verdict.fault is None:
        return Checked(f"{prediction.name}: right", right=True)
    slips = [words for slip, words in prediction.slips if compare(given, slip).fault is None]
    what = _what_differs(verdict, given, prediction.answer)
    return Checked(f"{prediction.name}: {what}" + "".join(f" {words}" for words in slips[:1]), right=False)


def _what_differs(verdict: Verdict, given: Value, answer: Value) -> str:
    """Which cells are right, without saying what the others have to be."""
    if verdict.fault == "shape":
        return f"not yet. Your answer has shape {np.shape(given)}, but it has to have {np.shape(answer)}."
    have, wanted = numbers(given), numbers(answer)
    if verdict.cells > 1 and have is not None and wanted is not None:
        right = np.isclose(have, wanted)
        marks = "\n".join(" ".join("right" if cell else "  ?  " for cell in row) for row in np.atleast_2d(right))
        return f"{verdict.cells - verdict.wrong} of {verdict.cells} cells are right.\n{marks}\n"
    return "not yet."
