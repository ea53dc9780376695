"""What is told first, and what tells right calls from wrong ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from autograder.marking.diagnosis.contrast import contrast
from autograder.marking.diagnosis.known import Judged
from autograder.marking.mark import judge, mark
from autograder.marking.scheme import Effect, MarkScheme, MistakeWords, Rule, Trial, simpler
from autograder.model import ExerciseReport, Frame, Message, Outcome, Raised, Returned, Verdict
from autograder.report.stories import stories

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
MORE = [
    trial("wide", x=np.arange(6.0), step=(2, 3)),
    trial("both", step=5, padding="odd"),
    trial("some", step=7),
    trial("some", x=np.arange(1.0, 4.0), step=8),
]
RULES = [Rule(name, f"It is {name}.", 1) for name in ("plain", "step", "word", "whole", "weighted")]
MISTAKES = {
    "M": MistakeWords("sign lost", "You lost it.", "notebook 1"),
    "N": MistakeWords("word misread", "You misread it.", "notebook 2"),
}
SCHEME = MarkScheme("double", RULES, TRIALS, MISTAKES)


def done(function: Callable[..., Any], trials: Sequence[Trial] = TRIALS) -> list[Outcome]:
    """What a function does on every trial."""
    found: list[Outcome] = []
    for one in trials:
        try:
            found.append(Returned(function(**dict(one.arguments))))
        except Exception as error:  # noqa: BLE001  whatever a function raises is its outcome
            found.append(Raised(type(error).__name__, str(error), [Frame("cell 3", 2, "x[9]")], [type(error).__name__]))
    return found


def report(function: Callable[..., Any]) -> ExerciseReport:
    """What is said of a function."""
    return mark(SCHEME, done(function))


def judged(function: Callable[..., Any], trials: Sequence[Trial] = TRIALS) -> list[Judged]:
    """Every trial with what a function did, and whether that was right."""
    return [(one, outcome, judge(outcome, one)) for one, outcome in zip(trials, done(function, trials), strict=True)]


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


@pytest.mark.parametrize("value", [None, "four", {1, 2}])
def test_one_wrong_kind_of_value_is_one_story(value: Any) -> None:
    """What comes back instead of numbers is told once, with all the places it shows in."""
    (story,) = stories(report(lambda x, step=1, padding="valid", w=None: value))

    assert [one.name for one in story.behaviours] == ["plain", "step", "word", "whole", "weighted"]


def test_a_call_that_never_gets_in_is_one_story() -> None:
    """Where no line of the student's was reached, the words of the exception are the reason."""
    raised = [Raised("TypeError", "double() got an unexpected keyword argument 'x'", [], ["TypeError"])]
    (story,) = stories(mark(SCHEME, raised * len(TRIALS)))

    assert len(story.behaviours) == 5


def test_a_changed_input_is_told_beside_wrong_values() -> None:
    """Who writes into the input often gets wrong values from it, and then that is the reason."""
    scheme = replace(SCHEME, rules=[replace(rule, inputs_unchanged=True) for rule in RULES])
    done = [Returned(7 * one.expected, (7 * one.expected,)) for one in TRIALS[:1]]
    text = str(stories(mark(replace(scheme, rules=scheme.rules[:1], trials=TRIALS[:1]), done))[0])

    assert "the call changed x; write to a copy instead" in text


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

    assert "note         Fix this error first; it may hide others." in text


# --- what tells right from wrong ----------------------------------------------------------------------------------


def trying(function: Callable[..., Any]) -> Callable[[Trial, str], bool | None]:
    """Call it again with one argument made plainer, as check() does; of `w` nobody knows what is right without it."""

    def again(one: Trial, name: str) -> bool | None:
        arguments = dict(simpler(one)[name].arguments)
        return None if name == "w" else bool(np.array_equal(function(**arguments), 2 * arguments["x"]))

    return again


STEP = "wrong with step=(2, 3); the same call without step is right"
WORD = "wrong with padding='same'; the same call without padding is right"
WHOLE = "wrong where x holds whole numbers; the same call with floats is right"


@pytest.mark.parametrize(
    ("function", "behaviour", "words"),
    [
        (lambda x, step=1, padding="valid", w=None: x if step == (2, 3) else 2 * x, "step", STEP),
        (lambda x, step=1, padding="valid", w=None: x if padding == "same" else 2 * x, "word", WORD),
        (lambda x, step=1, padding="valid", w=None: x if x.dtype == int else 2 * x, "whole", WHOLE),
        (
            lambda x, step=1, padding="valid", w=None: 2 * x if step != 1 or x.dtype == int else x,
            "plain",
            "right in: step, whole",
        ),
        (lambda x, step=1, padding="valid", w=None: x, "plain", None),
        (lambda x, step=1, padding="valid", w=None: 2 * x, "plain", None),
    ],
)
def test_an_argument_is_blamed_where_it_alone_makes_the_difference(
    function: Callable[..., Any], behaviour: str, words: str | None
) -> None:
    """An option that wrong calls have, and that they need to be wrong, is said; else which behaviours are right."""
    assert contrast(judged(function), behaviour, trying(function)) == words


@pytest.mark.parametrize(
    ("function", "behaviour"),
    [
        # the wide x is what it takes; step is there as well
        (lambda x, step=1, padding="valid", w=None: x if step == (2, 3) or len(x) > 4 else 2 * x, "wide"),
        # either of the two makes it wrong, and neither alone can be taken away
        (lambda x, step=1, padding="valid", w=None: x if step == 5 or padding == "odd" else 2 * x, "both"),
        # both are needed, so that to take away any of them helps
        (lambda x, step=1, padding="valid", w=None: x if step == 5 and padding == "odd" else 2 * x, "both"),
        # nobody knows
        (lambda x, step=1, padding="valid", w=None: 2 * x if w is None else x, "weighted"),
        # only some of the wrong calls are right without it
        (lambda x, step=1, padding="valid", w=None: x if step == 7 or x[0] == 1 else 2 * x, "some"),
    ],
)
def test_no_argument_is_blamed_for_another(function: Callable[..., Any], behaviour: str) -> None:
    """What wrong calls happen to have in common is no cause."""
    assert "right in: plain" in str(contrast(judged(function, [*TRIALS, *MORE]), behaviour, trying(function)))


def test_the_grader_looks_among_its_calls() -> None:
    """It cannot call again: it says the same words where another trial is that very call, and nothing else."""

    def double(x: Any, step: Any = 1, padding: str = "valid", w: Any = None) -> Any:
        return 2 * x if step == 1 and x.dtype != int else x

    found = judged(double, [*TRIALS, *MORE])

    assert contrast(found, "whole") == WHOLE
    assert contrast(found, "wide") == "right in: plain, word, weighted"
    assert contrast(found, "wide", trying(double)) == "wrong with step=(2, 3); the same call without step is right"


def test_no_argument_is_blamed_for_a_changed_input() -> None:
    """Whether the input is left alone cannot be seen in the value that comes back."""
    found = judged(lambda x, step=1, padding="valid", w=None: 2 * x)
    changed = [
        (one, done, Verdict("input changed")) if one.behaviour == "word" else (one, done, right)
        for one, done, right in found
    ]

    assert contrast(changed, "word", lambda *_: True) is None


def test_a_label_longer_than_a_line_leaves_room_for_its_text() -> None:
    """What a jail says of itself may be of any length."""
    message = Message("scale, twice", "E", 2, [("x" * 300, "one two"), ("seen", "three")])

    assert str(message).splitlines()[1:] == [f"  {'x' * 300}  one two", f"  {'seen':<300}  three"]
