"""What is told first, and what tells right calls from wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograder.diagnosis.contrast import contrast
from autograder.diagnosis.known import Judged
from autograder.marking import judge, mark
from autograder.model import ExerciseReport, Frame, Outcome, Raised, Returned
from autograder.report.stories import stories
from autograder.scheme import Effect, MarkScheme, MistakeWords, Rule, Trial

NUMBERS = np.arange(4.0)


def trial(behaviour: str, **arguments: Any) -> Trial:
    """A call that has to return its numbers doubled."""
    x = arguments.pop("x", NUMBERS)
    known = {
        "M": Effect(-2 * x if behaviour in ("plain", "whole") else 2 * x),
        "N": Effect(-2 * x if behaviour == "word" else 2 * x),
    }
    return Trial(behaviour, [("x", x), *arguments.items()], len(arguments), visible=True, expected=2 * x, known=known)


TRIALS = [
    trial("plain"),
    trial("step", step=2),
    trial("step", step=(2, 3)),
    trial("word", padding="same"),
    trial("whole", x=np.arange(4)),
    trial("weighted", w=np.ones(2)),
]
RULES = [Rule(name, f"It is {name}.", 1) for name in ("plain", "step", "word", "whole", "weighted")]
MISTAKES = {
    "M": MistakeWords("sign lost", "You lost it.", "notebook 1"),
    "N": MistakeWords("word misread", "You misread it.", "notebook 2"),
}
SCHEME = MarkScheme("double", RULES, TRIALS, MISTAKES)


def done(function: Callable[..., Any]) -> list[Outcome]:
    """What a function does on every trial."""
    found: list[Outcome] = []
    for one in TRIALS:
        try:
            found.append(Returned(function(**dict(one.arguments))))
        except Exception as error:  # noqa: BLE001  whatever a function raises is its outcome
            found.append(Raised(type(error).__name__, str(error), [Frame("cell 3", 2, "x[9]")], [type(error).__name__]))
    return found


def report(function: Callable[..., Any]) -> ExerciseReport:
    """What is said of a function."""
    return mark(SCHEME, done(function))


def judged(function: Callable[..., Any]) -> list[Judged]:
    """Every trial with what a function did, and whether that was right."""
    return [(one, outcome, judge(outcome, one)) for one, outcome in zip(TRIALS, done(function), strict=True)]


# --- what is told first -------------------------------------------------------------------------------------------


def test_what_shows_in_most_behaviours_is_told_first() -> None:
    """To mend that is to see the rest; each cause is told once, with all the places it shows in."""

    def double(x: Any, step: Any = 1, padding: str = "valid", w: Any = None) -> Any:
        return (
            x * 3.5 if padding == "same" else x[9] if step == (2, 3) else -2 * x if step == 1 and w is None else 2 * x
        )

    found = stories(report(double))

    assert [[one.name for one in story.behaviours] for story in found] == [["plain", "whole"], ["step"], ["word"]]
    assert found[0].in_short.endswith(": sign lost")
    assert str(found[0]).endswith("also in       whole")


def test_one_exception_in_one_line_is_one_story() -> None:
    """It is told once, however many behaviours it breaks; of equals the first comes first."""
    found = stories(report(lambda x, step=1, padding="valid", w=None: x[9] if step == 1 and padding == "valid" else -x))

    assert [[one.name for one in story.behaviours] for story in found] == [
        ["plain", "whole", "weighted"],
        ["step"],
        ["word"],
    ]
    assert found[0].in_short.startswith("IndexError")


def test_a_name_comes_before_none() -> None:
    """Of two that show equally often, the one with a name helps more."""

    def double(x: Any, step: Any = 1, padding: str = "valid", w: Any = None) -> Any:
        return 7 * x if step != 1 else -2 * x if padding == "same" else 2 * x

    found = stories(report(double))

    assert [[one.name for one in story.behaviours] for story in found] == [["word"], ["step"]]
    assert found[0].in_short.endswith(": word misread")


def test_a_right_function_has_no_story() -> None:
    """There is nothing to tell."""
    assert stories(report(lambda x, step=1, padding="valid", w=None: 2 * x)) == []


def test_an_exception_says_that_there_may_be_more() -> None:
    """What comes after it has not been seen."""
    text = str(stories(report(lambda x, step=1, padding="valid", w=None: x[9]))[0])

    assert "after that   An error hides all that comes after it: there may be more to mend." in text


# --- what tells right from wrong ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "behaviour", "words"),
    [
        (
            lambda x, step=1, padding="valid", w=None: x if step == (2, 3) else 2 * x,
            "step",
            "right with step=2 or without step; wrong with step=(2, 3)",
        ),
        (
            lambda x, step=1, padding="valid", w=None: x if padding == "same" else 2 * x,
            "word",
            "right without padding; wrong with padding='same'",
        ),
        (
            lambda x, step=1, padding="valid", w=None: x if x.dtype == int else 2 * x,
            "whole",
            "right where x holds fractions; wrong where x holds whole numbers",
        ),
        (
            lambda x, step=1, padding="valid", w=None: 2 * x if step != 1 or x.dtype == int else x,
            "plain",
            "right in: step, whole",
        ),
        (
            lambda x, step=1, padding="valid", w=None: 2 * x if w is None else x,
            "weighted",
            "right without w; wrong with it",
        ),
        (lambda x, step=1, padding="valid", w=None: x, "plain", None),
        (lambda x, step=1, padding="valid", w=None: 2 * x, "plain", None),
    ],
)
def test_wrong_calls_are_told_from_right_ones(function: Callable[..., Any], behaviour: str, words: str | None) -> None:
    """An option that only wrong calls have is said; else which behaviours are right."""
    assert contrast(judged(function), behaviour) == words
