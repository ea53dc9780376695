"""From what a function did to marks, names and words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course.exercise import Prediction
from autograder.course.folder import Course
from autograder.grading.worker import marked
from autograder.marking import predictions
from autograder.marking.diagnosis.words import Beside, explain, show
from autograder.marking.mark import judge, mark
from autograder.marking.predictions import asked
from autograder.marking.scheme import Effect, MarkScheme, MistakeWords, Rule, Trial, draw
from autograder.model import (
    BehaviourReport,
    Ended,
    ExerciseReport,
    Frame,
    NotRun,
    Outcome,
    Raised,
    Report,
    Returned,
    Stopped,
    Unmarkable,
)
from autograder.sandbox.values import plain

MATRIX = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
TRIAL = Trial("any", [("x", MATRIX), ("factor", 2)], 1, visible=True, expected=MATRIX)


@pytest.mark.parametrize(
    ("outcome", "fault"),
    [
        (Returned(MATRIX), None),
        (Raised("NotImplementedError", "your turn"), "unsolved"),
        (Raised("NotImplementedError", "your turn", stub="left in"), "stub left in"),
        (Raised("NotImplementedError", "your turn", stub="of another"), "raised"),
        (Raised("IndexError", "out of bounds"), "raised"),
        (Unmarkable("a generator"), "unmarkable"),
        (Stopped(2.0), "stopped"),
        (Ended("it left"), "ended"),
        (NotRun("no time"), "not run"),
    ],
)
def test_only_a_returned_value_can_be_right(outcome: Any, fault: str | None) -> None:
    """A result that does not come is never right."""
    assert judge(outcome, TRIAL).fault == fault


def test_a_changed_argument_is_noticed() -> None:
    """Where inputs have to be left alone, a right value is not enough."""
    changed = MATRIX.copy()
    changed[1, 0] += 1

    kept = judge(Returned(MATRIX, (MATRIX.copy(), np.array(2))), TRIAL, inputs_unchanged=True)
    lost = judge(Returned(MATRIX, (changed, np.array(2))), TRIAL, inputs_unchanged=True)
    silent = judge(Returned(MATRIX, None), TRIAL, inputs_unchanged=True)

    assert kept.fault is None
    assert (lost.fault, lost.argument, lost.where) == ("input changed", "x", (1, 0))
    assert silent.fault == "input changed"


def test_a_refusal_is_right_only_as_a_value_error() -> None:
    """Where a call has to be refused, any ValueError will do, and neither a value nor another exception."""
    trial = Trial("any", [], 0, visible=True, refused=True)

    assert judge(Raised("ShapeError", "no", kinds=("ShapeError", "ValueError")), trial).fault is None
    assert judge(Raised("TypeError", "no", kinds=("TypeError",)), trial).fault == "raised"
    assert judge(Returned(None), trial).fault == "not refused"
    assert judge(Raised("NotImplementedError", "", kinds=("ValueError",)), trial).fault == "unsolved"


def test_a_right_value_may_come_too_late() -> None:
    """Where speed counts, the time decides after the value."""
    trial = Trial("any", [], 0, visible=True, expected=1, seconds=0.1)

    assert judge(Returned(np.array(1), seconds=0.05), trial).fault is None
    assert judge(Returned(np.array(1), seconds=0.2), trial).fault == "slow"
    assert judge(Returned(np.array(2), seconds=0.05), trial).fault == "values"


# --- a function with all its trials -------------------------------------------------------------------------------


@pytest.fixture
def scheme(course: Course) -> MarkScheme:
    """The mark scheme of `scale`."""
    return draw(course.assignments[0].exercises[0], seed=5)


def outcomes(scheme: MarkScheme, function: Any) -> list[Outcome]:
    """What a function does on every trial."""
    return [_outcome(trial, function) for trial in scheme.trials]


def _outcome(trial: Trial, function: Any) -> Outcome:
    arguments = [value.copy() if isinstance(value, np.ndarray) else value for _, value in trial.arguments]
    try:
        value = function(*arguments)
    except Exception as error:  # noqa: BLE001  whatever a function raises is its outcome
        return Raised(type(error).__name__, str(error), [Frame("cell 3", 2, "return x")], [type(error).__name__])
    return Returned(value, arguments)


def by_name(report: ExerciseReport) -> dict[str, BehaviourReport]:
    """Its behaviours by their names."""
    return {behaviour.name: behaviour for behaviour in report.behaviours}


def named(report: ExerciseReport) -> dict[str, Sequence[str]]:
    """The ids of the mistakes that were named."""
    return {one.name: one.diagnosis.mistakes for one in report.behaviours if one.diagnosis is not None}


def test_a_right_answer_gets_every_mark_and_no_diagnosis(scheme: MarkScheme) -> None:
    """A correct answer is never given a message."""
    report = mark(scheme, outcomes(scheme, lambda x, factor=2: x * factor))

    assert (report.marks, report.out_of, report.right) == (6, 6, True)
    assert [one.message for one in report.behaviours] == [None, None, None]
    assert named(report) == {}


def test_a_failing_behaviour_costs_its_own_marks(scheme: MarkScheme) -> None:
    """Who ignores the factor keeps the marks for the rest, and is told which mistake it is."""
    report = mark(scheme, outcomes(scheme, lambda x, factor=2: x * 2))

    assert report.marks == 3
    assert named(report) == {"factor": ("S1",)}
    message = by_name(report)["factor"].message
    assert message is not None
    text = str(message)
    assert text.startswith("scale, factor: 4 of 4 cells are wrong (0 of 3)")
    assert "called with   x (4,), factor=3\n" in text
    assert "your mistake  This is the ignored factor." in text
    assert 'read again    notebook "Scaling"' in text


def test_hidden_values_are_not_shown(scheme: MarkScheme) -> None:
    """Of a hidden case only shapes and the first wrong cell are told."""
    hidden = next(trial for trial in scheme.trials if trial.behaviour == "factor" and not trial.visible)
    wrong_when_hidden = [
        Returned(np.zeros(4)) if trial is hidden else outcome
        for trial, outcome in zip(scheme.trials, outcomes(scheme, lambda x, factor=2: x * factor), strict=True)
    ]

    text = str(by_name(mark(scheme, wrong_when_hidden))["factor"].message)

    assert "(a hidden case)" in text
    assert "first wrong  [0]: you have 0" in text
    assert show(hidden.expected) not in text
    assert "expected" not in text


def test_a_mistake_in_one_behaviour_is_named_there(scheme: MarkScheme) -> None:
    """A function that is wrong in two ways has each named where it shows, if it is right wherever the student is."""
    report = mark(scheme, outcomes(scheme, lambda x, factor=2: x * 2 if x.ndim == 1 else x + 0.25))

    assert named(report) == {"factor": ("S1",)}


def test_a_mistake_is_not_named_against_what_the_student_gets_right(scheme: MarkScheme) -> None:
    """A power explains "twice" alone, but would be wrong where this function is right."""
    report = mark(scheme, outcomes(scheme, lambda x, factor=2: x * factor if x.ndim == 1 else x**factor))

    assert named(report) == {}


@pytest.mark.parametrize(
    "wrap",
    [
        lambda value, x: (value, x),
        lambda value, x: [value, value],
        lambda value, x: (value,),
        lambda value, x: (value, {"x": x}),
        lambda value, x: (value, (x, None, "same", {"stride": 2})),
    ],
)
def test_an_output_with_more_behind_it_is_a_convention(scheme: MarkScheme, wrap: Any) -> None:
    """(output, cache), as other courses return it, has no marks, and the right output is told to be right."""
    done = outcomes(scheme, lambda x, factor=2: plain(wrap(x * factor, x), 1 << 20))
    report = mark(scheme, done)
    message = by_name(report)["factor"].message

    assert report.marks == 0
    assert {one.diagnosis.kind for one in report.behaviours if one.diagnosis is not None} == {"convention"}
    assert len(named(report)) == len(report.behaviours)
    assert message is not None
    assert message.what == "returned more than the output"
    assert "Here, return only the output" in str(message)


def test_a_wrong_output_with_more_behind_it_is_named() -> None:
    """The first part gets its name as if it had come alone, and the convention is told beside it."""
    trial = Trial("all", [], 0, visible=True, expected=MATRIX, known={"A": Effect(2 * MATRIX)})
    words = {"A": MistakeWords("doubled", "You doubled it.", "")}

    report = mark(MarkScheme("f", [Rule("all", "All.", 1)], [trial], words), [Returned((2 * MATRIX, "cache"))])

    assert named(report) == {"all": ("A",)}
    assert "your mistake  You doubled it." in str(report.behaviours[0].message)
    assert "convention    Some courses and libraries return (output, cache)" in str(report.behaviours[0].message)


def test_rows_of_one_result_are_no_parts(scheme: MarkScheme) -> None:
    """Lists of rows are one array, right or wrong, and nothing is said of a cache."""
    right = mark(scheme, outcomes(scheme, lambda x, factor=2: plain([*(x * factor)], 1 << 20)))
    wrong = mark(scheme, outcomes(scheme, lambda x, factor=2: plain([[1.0], [2.0, 3.0]], 1 << 20)))

    assert right.right
    assert named(wrong) == {}
    assert "cache" not in str([one.message for one in wrong.behaviours])


READS_ROWS_FIRST = MistakeWords("rows first", "Some courses have rows first. Here, they are last.", "", convention=True)


def two_readings(*returned: Outcome) -> dict[str, Sequence[str]]:
    """Name what a function does that is right nowhere: a convention would return `wide`, then nothing at all."""
    wide, right = np.array([[1.0, 2.0, 3.0]]), np.array([[1.0], [2.0], [3.0]])
    trials = [
        Trial("seen", [], 0, visible=True, expected=right, known={"C": Effect(wide)}),
        Trial("empty", [], 0, visible=True, expected=right, known={"C": Effect(raises="ValueError", refuses=True)}),
    ]
    rules = [Rule("seen", "It is seen.", 1), Rule("empty", "Nothing is seen.", 1)]
    return named(mark(MarkScheme("f", rules, trials, {"C": READS_ROWS_FIRST}), returned))


@pytest.mark.parametrize(
    "nothing",
    [Returned(np.zeros((3, 0))), Raised("IndexError", "out", kinds=("IndexError", "LookupError"))],
    ids=["empty", "raises"],
)
def test_a_convention_is_named_where_nothing_fits(nothing: Outcome) -> None:
    """What one behaviour shows by its numbers holds where arrays come out empty or do not fit, in any style."""
    assert two_readings(Returned(np.array([[1.0, 2.0, 3.0]])), nothing) == {"seen": ("C",), "empty": ("C",)}


def test_a_convention_is_not_named_by_nothing_alone() -> None:
    """Where no number shows it, it is not named; nor where other numbers speak against it."""
    wide = np.array([[1.0, 2.0, 3.0]])

    assert two_readings(Returned(np.zeros((1, 3))), Returned(np.zeros((3, 0)))) == {}
    assert two_readings(Returned(wide), Returned(np.array([[7.0], [8.0], [9.0]]))) == {"seen": ("C",)}


@pytest.mark.parametrize("value", [np.zeros((2, 2)), np.full((2, 2), np.nan), np.zeros((0, 2)), np.array(4.0)])
def test_what_tells_nothing_names_nothing(value: np.ndarray) -> None:
    """Zeros, nan, an array without a number and a single number agree with too much, as do exceptions."""
    words = {"A": MistakeWords("a fault", "You made it.", "")}
    trials = [
        Trial("some", [], 0, visible=True, expected=np.ones(value.shape) * 3, known={"A": Effect(value)}),
        Trial("others", [], 0, visible=True, expected=np.ones(2), known={"A": Effect(np.zeros(2))}),
    ]
    rules = [Rule("some", "It is seen.", 1), Rule("others", "So is this.", 1)]

    assert named(mark(MarkScheme("f", rules, trials, words), [Returned(value), Returned(np.array([5.0, 6.0]))])) == {}


def test_a_second_mistake_is_not_named_for_an_exception() -> None:
    """Where one of two explains every number, the other would be a guess: many raise where arrays do not fit."""
    values = [np.array([1.0, 2.0]), np.array([3.0, 4.0])]
    trials = [
        Trial("all", [], 0, visible=True, expected=value + 5, known={"A": Effect(value), "B": Effect(value + 5)})
        for value in values
    ]
    trials += [Trial("all", [], 0, visible=True, expected=np.ones(2), known={"A": Effect(np.zeros(2)), "B": FAILS})]
    done: list[Outcome] = [*map(Returned, values), Raised("ValueError", "no fit", kinds=("ValueError",))]
    words = {id_: MistakeWords(f"fault {id_}", f"You made {id_}.", "") for id_ in "AB"}

    assert named(mark(MarkScheme("f", [Rule("all", "All.", 1)], trials, words, pairs=AnyPair()), done)) == {}


FAILS = Effect(raises="ValueError", refuses=True, skeleton="no fit")


class AnyPair:
    """Says of one pair that it fits whatever was done."""

    def fitting(self, done: Any) -> list[tuple[str, str]]:
        """The pair, as long as anything was done."""
        return [("A", "B")] if done else []


def test_one_call_in_time_is_enough() -> None:
    """A busy machine may slow a call down; it does not make one fast, and not right either."""
    trials = [Trial("fast", [], 0, visible=False, expected=1, seconds=0.1) for _ in range(2)]
    scheme = MarkScheme("f", [Rule("fast", "It is fast.", 2)], trials, {})

    def marks(*done: tuple[int, float]) -> int:
        return mark(scheme, [Returned(np.array(value), seconds=seconds) for value, seconds in done]).marks

    assert marks((1, 0.2), (1, 0.05)) == 2
    assert marks((1, 0.2), (1, 0.3)) == 0
    assert marks((2, 0.05), (1, 0.05)) == 0


def test_a_mistake_is_not_named_if_one_trial_disagrees(scheme: MarkScheme) -> None:
    """All trials but one as the mistake has them are not enough."""
    done = outcomes(scheme, lambda x, factor=2: -x * factor)

    assert named(mark(scheme, done))["twice"] == ("S3", "S4")
    assert named(mark(scheme, [Returned(np.zeros((1, 2))), *done[1:]])).get("twice") is None


def test_mistakes_that_look_alike_are_all_named(scheme: MarkScheme) -> None:
    """Where the cases cannot tell two mistakes apart, both are said."""
    report = mark(scheme, outcomes(scheme, lambda x, factor=2: -x * factor))
    message = by_name(report)["twice"].message

    assert named(report)["twice"] == ("S3", "S4")
    assert "one of these  This is a minus. Or: This is the same minus." in str(message)


def test_a_changed_input_is_told_by_name(scheme: MarkScheme) -> None:
    """The values are right, the argument is not what it was."""

    def scale(x: Any, factor: int = 2) -> Any:
        x *= 0.5
        return x * 2 * factor

    report = mark(scheme, outcomes(scheme, scale))

    assert report.marks == 5
    assert named(report) == {"input left alone": ("S5",)}
    assert "the call changed x" in str(by_name(report)["input left alone"].message)


def test_nothing_is_guessed(scheme: MarkScheme) -> None:
    """Wrong values that no known mistake makes get no name; nor does an exception alone, even one a mistake raises."""
    assert named(mark(scheme, outcomes(scheme, lambda x, factor=2: x + 0.25))) == {}
    assert named(mark(scheme, outcomes(scheme, lambda x, factor=2: x[99]))) == {}


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Raised("IndexError", "index 9 is out of bounds", [Frame("cell 3", 2, "return x[9]")]), "IndexError: index 9"),
        (Raised("IndexError", "", [Frame("cell 3", 2, "return x[9]")]), "cell 3       line 2: return x[9]"),
        (Stopped(2.0), "stopped after 2 s of CPU time: probably an infinite loop"),
        (
            Stopped(6.0, waiting=True),
            "stopped after 6 s of waiting: it sleeps, or waits for something that never happens",
        ),
        (Ended("its process exited"), "the program ended during this call: its process exited"),
        (Unmarkable("an object of type X"), "returned an object of type X"),
        (Unmarkable("a generator: put it into a list"), "do           put it into a list"),
        (Returned("7"), "It is text. Return a number, without quotes or `str(...)`."),
        (Returned(("2", "4")), "It is text. Return a number"),
        (Returned(np.array([[2.0, 5.0]]), kind="matrix"), "an np.matrix: it always has two axes"),
        (
            Returned(np.array([2.0, 4.0]), kind="masked"),
            "a masked array: the values under the mask are compared as well",
        ),
        (
            Raised("NotImplementedError", "", [Frame("cell 1", 4, "raise X")], stub="left in"),
            "delete `raise NotImplementedError` (line 4)",
        ),
        (Returned(None), "returned None"),
        (Returned("text"), "wrong kind of value"),
        (Returned((np.array([1.0]), np.array([1.0, 2.0]))), "returned     ([1.0], [1.0, 2.0])"),
        (Returned((np.array(1), "a")), "returned     (1, 'a')"),
        (Returned(np.zeros((7, 7))), "returned     (7, 7)"),
        (Returned(np.array(2.0)), "returned     a single number"),
        (Returned(np.full((1, 2), np.nan)), "NaN or infinity where a finite number is expected"),
        (Returned(np.array([[2.0, 5.0]])), "[0, 1]: you have 5, expected 4"),
    ],
)
def test_every_fault_has_words(scheme: MarkScheme, outcome: Outcome, words: str) -> None:
    """Whatever goes wrong is said in a sentence, without a traceback."""
    report = mark(scheme, [outcome] * len(scheme.trials))
    text = str(by_name(report)["twice"].message)

    assert report.marks == 0
    assert words in text
    assert "Traceback" not in text


def test_a_stub_is_not_solved_yet(scheme: MarkScheme) -> None:
    """An untouched stub gets no marks and no advice."""
    report = mark(scheme, [Raised("NotImplementedError", "your turn")] * len(scheme.trials))

    assert (report.marks, report.state) == (0, "not solved yet")
    assert str(by_name(report)["twice"].message) == "scale, twice: not solved yet (0 of 2)"


def test_a_number_as_text_is_told_to_be_right() -> None:
    """Only the quotes are too many; it gets no mark for that."""
    trial = replace(TRIAL, expected=np.array(2.5))
    verdict = judge(Returned("2.5"), trial)

    message = explain("f", Rule("any", "Says so.", 1), [(trial, Returned("2.5"), verdict)], [], None, Beside())

    assert verdict.fault == "kind"
    assert "The number is right, but it is text" in str(message)


def test_nothing_run_is_no_mark(scheme: MarkScheme) -> None:
    """A result that does not come is 0, never full marks."""
    report = mark(scheme, [NotRun("no time")] * len(scheme.trials))

    assert (report.marks, report.state) == (0, "not run")


def test_no_mistake_is_named_in_a_function_that_hands_one_on(scheme: MarkScheme) -> None:
    """What calls a wrong function is told that first."""
    report = mark(scheme, outcomes(scheme, lambda x, factor=2: x * 2), leans_on=["total"])

    assert named(report) == {}
    assert "scale calls total, which is still failing. Fix total first; that may be the only" in str(
        by_name(report)["factor"].message
    )


@pytest.mark.parametrize(
    ("value", "fault"),
    [
        (np.array([1, 2]), None),
        (np.array([1.0, 2.0]), "kind"),
        (np.array([1.5, 2.0]), "values"),
        ((np.array(1), np.array(2)), None),
        ((np.array([1, 2]), np.array(2.0)), "kind"),
    ],
)
def test_a_count_is_a_whole_number(value: Any, fault: str | None) -> None:
    """Where floats will not do, the right numbers as floats are of the wrong kind; other faults come first."""
    nested = isinstance(value, tuple) and np.ndim(value[0]) > 0
    expected = (np.array([1, 2]), np.array(2)) if nested else np.array([1, 2])

    assert judge(Returned(value), Trial("any", [], 0, visible=True, expected=expected, whole=True)).fault == fault


def test_floats_for_a_count_are_named() -> None:
    """The message says what to write, and shows the points."""
    trial = Trial("pads", [("n", 5)], 0, visible=True, expected=(1, 1), whole=True)
    report = mark(
        MarkScheme("same", [Rule("pads", "There are two.", 1)], [trial], {}), [Returned(np.array([1.0, 1.0]))]
    )
    text = str(report.behaviours[0].message)

    assert "floats, but a count is a whole number" in text
    assert "[1., 1.]" in text
    assert "`int(...)`" in text


# --- what is far larger than the right value ----------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(1 << 48,), (1 << 24, 1 << 24), (1, 1 << 48, 1)])
def test_nothing_looks_at_the_numbers_of_what_is_far_larger(scheme: MarkScheme, shape: tuple[int, ...]) -> None:
    """Its shape says all: no memory could hold even one copy of these numbers, or a yes and no for each."""
    endless = np.broadcast_to(np.float64(1.0), shape)
    done = [Returned(endless, [value for _, value in trial.arguments]) for trial in scheme.trials]

    made = marked(Report("ada", "scaling", [mark(scheme, done)]), Path("scaling.ipynb"))

    assert made.summary is not None
    assert made.summary.marks == (0,)
    assert "wrong shape" in made.page
    assert str(shape) in made.page
    assert str(shape) in made.report


def test_a_prediction_that_is_far_too_long_is_not_written_out() -> None:
    """Nobody types so many numbers: it is no slip."""
    endless = np.broadcast_to(np.float64(1.0), (1 << 48,))
    prediction = asked(Prediction("doubled", [2, 4], slips=[([1, 4], "The first one doubles as well.")]))

    assert "a list of 281474976710656 numbers" in predictions.judge(prediction, endless).words


class Gone(tuple[Any, ...]):
    """A tuple that counts how often it is gone through."""

    times = 0

    def __iter__(self) -> Iterator[Any]:
        """Count."""
        Gone.times += 1
        return super().__iter__()


@pytest.mark.parametrize("last", [np.ones(3), "text"])
def test_a_long_tuple_is_gone_through_as_often_however_many_mistakes_are_known(scheme: MarkScheme, last: Any) -> None:
    """It is compared with each of them by its length alone."""
    value = Gone([*(np.ones(3) for _ in range(500)), last])

    def times(mistakes: Mapping[str, MistakeWords]) -> int:
        Gone.times = 0
        mark(replace(scheme, mistakes=mistakes, pairs=None), [Returned(value, ())] * len(scheme.trials))
        return Gone.times

    assert 0 < times(scheme.mistakes) == times({})


def test_a_value_that_cannot_be_read_to_its_end_is_not_written_to_it() -> None:
    """Of a list, the first items are shown, and an array of many numbers by its shape."""
    endless = np.broadcast_to(np.float64(1.0), (1 << 48,))

    assert show((endless, "x" * 9_000)).startswith("(an array of shape (281474976710656,), 'xxx")
    assert show(tuple("ab" * 5_000)).endswith("'a', 'b', ...)")
    assert show((np.array([1.0, 2.0]), None)) == "([1.0, 2.0], None)"
    assert show([np.array(1), ("a",)]) == "[1, ('a',)]"
