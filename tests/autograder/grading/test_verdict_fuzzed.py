"""The verdict's side, fuzzed: whatever comes over the wire is marked, named, drawn and reported, and never fails."""

from __future__ import annotations

import csv
import io
import itertools
import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from rich.console import Console

from autograder.course.exercise import Prediction
from autograder.course.folder import Course
from autograder.grading.worker import marked
from autograder.marking import predictions
from autograder.marking.diagnosis.exceptions import COMPUTED, TABLE
from autograder.marking.mark import mark
from autograder.marking.scheme import MarkScheme, Trial, draw
from autograder.model import (
    Ended,
    ExerciseReport,
    Frame,
    NotRun,
    Outcome,
    Provenance,
    Raised,
    Report,
    Returned,
    Stopped,
    Summary,
    Unmarkable,
    Value,
)
from autograder.nbgrader import preprocessors
from autograder.nbgrader.gradebook import text
from autograder.report import files, html, terminal
from autograder.sandbox.absent import ABSENT
from course.exercises.channels_and_filters import CONV2D_ONE_FILTER
from tests.autograder.report.test_html import Page
from tests.strategies import law

# `--hypothesis-profile nightly` looks further.
fuzz = settings(law, max_examples=max(law.max_examples, settings().max_examples))

# What leaves an element, an attribute, a line, a cell of a table or the way that text runs.
ODD = [
    "<script>attack()</script>",
    "\"onload='attack()'",
    "' onmouseover=attack() ",
    "]]>",
    "-->",
    "</style></pre></dd></template>",
    "&lt;b&gt;&#60;",
    "`<b>`",
    "[/red]",
    "[link=http://example.org]",
    "=1+1",
    "\t-1;@A1",
    "\N{FULLWIDTH EQUALS SIGN}1",
    "\x1b[2J\x1b]0;title\x07",
    "\0",
    "\r\n",
    "\x85\u2028\u2029",
    "\N{RIGHT-TO-LEFT OVERRIDE}10 of 10\N{POP DIRECTIONAL FORMATTING}",
    "\N{RIGHT-TO-LEFT ISOLATE}",
    "\ufeff\ufffe\uffff",
    "{0}{x}%s%",
    "x" * 500,
    "9" * 400,
    " ",
    "\n" * 9,
    "`",
]
# What stands in pages of this engine, whatever is said in them.
ELEMENTS = frozenset(
    "html head meta title style body main h1 h2 h3 p ul li section div table thead tbody tr th td details summary dl "  # noqa: SIM905  names
    "dt dd strong code pre br img svg g rect text image line path a footer".split()
)
ATTRIBUTES = frozenset(
    "alt aria-label charset class content fill-opacity height hidden href http-equiv lang name preserveaspectratio "  # noqa: SIM905  names
    "role rx scope src style tabindex transform viewbox width x xmlns y".split()
)

words = st.one_of(st.text(max_size=20), st.lists(st.sampled_from(ODD), max_size=4).map("".join)).map(
    lambda made: made[:500]
)


# Names of files are any bytes.
handed_in = words | st.just("\udcff\ud800.ipynb")


def _patterns() -> list[str]:
    """What is looked for in the text of an exception."""
    heads = (part.split("\n")[0].partition(" |")[2].strip() for part in [*ABSENT.split("\n\n"), *TABLE.split("\n\n")])
    return [*heads, *(pattern for _, pattern, _ in COMPUTED), "truth value of an"]


kinds = sorted({part.split(" |")[0].strip() for part in [*ABSENT.split("\n\n"), *TABLE.split("\n\n")]})
messages = st.one_of(
    words,
    st.sampled_from(_patterns()).flatmap(st.from_regex).map(lambda made: made[:500]),
    st.tuples(st.sampled_from(_patterns()).flatmap(st.from_regex), words).map(lambda made: "".join(made)[:500]),
)
sources = st.one_of(
    words,
    st.sampled_from(["raise NotImplementedError", "if b:", "x = b or 0", "if b == None:", "raise ValueError()"]),
    words.map(lambda inside: f"raise NotImplementedError({inside})"[:500]),
)
frames = st.builds(Frame, st.just("cell 7") | words, st.integers(0, 1 << 40), sources)
raised = st.builds(
    Raised,
    st.sampled_from([*kinds, "ValueError", "NotImplementedError"]) | words,
    messages,
    st.lists(frames, max_size=10).map(tuple),
    st.lists(st.sampled_from([*kinds, "ValueError"]) | words, max_size=5).map(tuple),
    st.sampled_from(["", "", "left in", "on one way", "of another"]),
)
plain_arrays = arrays.arrays(
    st.sampled_from(["?", "i1", "u1", "<i2", "<u2", "<i4", "<u4", "<i8", "<u8", "<f2", "<f4", "<f8"]),
    arrays.array_shapes(min_dims=0, max_dims=6, min_side=0, max_side=4)
    | st.sampled_from([(1,) * 32, (0, 1 << 40), (40, 40), (1, 30, 30, 2), (2100,)]),
)
leaves = st.one_of(st.none(), words, st.sampled_from(ODD).map(lambda odd: odd * 30), plain_arrays)
plain_values = st.recursive(leaves, lambda inside: st.lists(inside, max_size=6).map(tuple), max_leaves=12)


# What is right, or nearly.
NEAR: list[Callable[[np.ndarray], Value]] = [
    lambda right: right,
    lambda right: right[np.newaxis],
    lambda right: right.T,
    lambda right: -right,
    lambda right: right.astype(np.float32),
    lambda right: right.ravel(),
    np.zeros_like,
    lambda right: np.full_like(right, np.nan),
    lambda right: np.where(right == right.flat[0], np.inf, right),
    lambda right: np.where(right == right.flat[0], -1.7e308, right),
    lambda right: tuple(right) if right.ndim else (right,),
    lambda right: (right, right),
    lambda right: (right, "cache", None),
    lambda right: np.broadcast_to(right.flat[0], (1 << 40, *right.shape)),
]
Did = Callable[[Trial], Outcome]


def _returned(make: Value, more: Value, seconds: float, kind: str) -> Did:
    """Return a value, or what is made of the right one; and arguments, of which "same" are those of the call."""

    def did(trial: Trial) -> Outcome:
        value = make(np.asarray(trial.expected, dtype=np.float64)) if callable(make) else make
        return Returned(value, [given for _, given in trial.arguments] if more == "same" else more, seconds, kind)

    return did


def _anyway(outcome: Outcome) -> Did:
    return lambda _: outcome


outcomes = st.one_of(
    st.builds(
        _returned,
        st.sampled_from(NEAR) | plain_values,
        st.sampled_from(["same", "same", None]) | st.lists(plain_values, max_size=3).map(tuple),
        st.sampled_from([0.0, 1e6]),
        st.sampled_from(["", "", "matrix", "masked"]),
    ),
    raised.map(_anyway),
    st.one_of(
        st.builds(Unmarkable, words),
        st.builds(Stopped, st.floats(0, 100), st.booleans()),
        st.builds(Ended, words),
        st.builds(NotRun, words),
    ).map(_anyway),
)
# One or more things that are done in turn; the right one among them, or not.
functions = st.lists(outcomes | st.just(None), min_size=1, max_size=4)


def done(function: Sequence[Did | None], scheme: MarkScheme) -> list[Outcome]:
    """What a function does in every call."""
    turns = zip(itertools.cycle(function), scheme.trials, strict=False)
    return [_right(trial) if did is None else did(trial) for did, trial in turns]


def _right(trial: Trial) -> Outcome:
    if trial.refused:
        return Raised("ValueError", "no", (), ("ValueError",))
    return Returned(np.asarray(trial.expected), [value for _, value in trial.arguments])


@pytest.fixture(scope="module", params=["small", "windows"])
def drawn(course: Course, request: pytest.FixtureRequest) -> Callable[[], MarkScheme]:
    """A small exercise, or one whose answers are drawn with the window of their first wrong cell; not to be printed."""
    scheme = draw(course.assignments[0].exercises[0] if request.param == "small" else CONV2D_ONE_FILTER, 5)
    return lambda: scheme


# --- what holds of all of it --------------------------------------------------------------------------------------


def is_right(outcome: Outcome, trial: Trial) -> bool:
    """Whether a call did what it has to, found out in another way than the grader's."""
    if trial.refused:
        return isinstance(outcome, Raised) and "ValueError" in outcome.kinds and outcome.type != "NotImplementedError"
    if not isinstance(outcome, Returned):
        return False
    expected = np.asarray(trial.expected, dtype=np.float64)
    try:
        given = np.array(_listed(outcome.value, expected.size), dtype=np.float64)
    except (ValueError, TypeError):
        return False
    return given.shape == expected.shape and np.allclose(given, expected, rtol=1e-4, atol=1e-4, equal_nan=True)


def _listed(value: Value, most: int) -> Any:
    if isinstance(value, np.ndarray):
        if value.size > most:
            raise ValueError
        return value.tolist()
    if isinstance(value, tuple):
        return [_listed(item, most) for item in value]
    if value is None or isinstance(value, str):
        raise TypeError
    return value


def report_on(exercise: ExerciseReport, said: str, name: str) -> Report:
    """A report with texts of a student's in every place that can have them."""
    provenance = Provenance(name, "digest", "release", "0.1", np.__version__, 7, {"call_seconds": 2.0}, "bubblewrap")
    return Report(name, "scaling", [exercise], {"doubled": True}, [said] if said else [], provenance)


def require_marks_for_right_values_only(exercise: ExerciseReport, scheme: MarkScheme, did: Sequence[Outcome]) -> None:
    """Marks, and no word, for what is right; no mark, and a message, for what is not."""
    for behaviour in exercise.behaviours:
        own = [(one, trial) for one, trial in zip(did, scheme.trials, strict=True) if trial.behaviour == behaviour.name]
        if behaviour.message is None:
            assert all(is_right(*pair) for pair in own)
            assert behaviour.diagnosis is None
        else:
            assert behaviour.marks == 0


def require_page(page: str) -> None:
    """It has this engine's elements and attributes only, and no letter that steers what shows it."""
    found = Page(page)
    assert {tag for tag, _ in found.elements} <= ELEMENTS
    assert {name for _, attributes in found.elements for name in attributes} <= ATTRIBUTES
    addresses = [one.get(name, "") for _, one in found.elements for name in ("src", "href")]
    assert all(one.startswith(("", "data:image/", "reports/x.html")) for one in addresses)
    require_no_codes(page.replace("\r", ""))


def require_no_codes(shown: str) -> None:
    """No control code but the end of a line, nothing that turns the writing round, and no half of a letter."""
    codes = {letter for letter in shown if unicodedata.category(letter) in ("Cc", "Cs") and letter not in "\n\t"}
    turns = set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    assert codes | turns == set()


def require_terminal(report: Report, summary: Summary) -> None:
    """What a terminal is sent is letters and ends of lines, for one, for a class and for a large one."""
    console = Console(file=io.StringIO(), width=100, color_system=None)
    terminal.show_report(report, console)
    terminal.show_class([summary], console)
    terminal.show_class([summary] * (terminal.LARGE_CLASS + 1), console)
    assert isinstance(console.file, io.StringIO)
    require_no_codes(console.file.getvalue())
    assert all(letter.isprintable() or letter == "\n" for letter in console.file.getvalue())


def require_table(summary: Summary) -> None:
    """No part of a cell is a formula, however a spreadsheet parts cells."""
    ((head, row),) = [list(csv.reader(io.StringIO(files.as_csv([summary]))))]
    assert len(head) == len(row)
    assert row[2:] == [str(sum(summary.marks)), str(sum(summary.out_of)), *map(str, summary.marks)]
    parts = re.split(r"[,;|\t\r\n]", row[0])
    assert not any(part.strip(" \"'\t").startswith(tuple("=+-@")) and "'" not in part for part in parts)


def require_json(made: str, report: Report) -> None:
    """What is read back is what was written."""
    data = json.loads(made)
    told = [one for exercise in report.exercises for one in exercise.behaviours]
    back = [one for exercise in data["exercises"] for one in exercise["behaviours"]]
    said = [one.encode("utf-8", "replace").decode() for one in (report.student, *report.remarks)]
    assert ([data["student"], *data["remarks"]], data["marks"]) == (said, report.marks)
    for behaviour, one in zip(told, back, strict=True):
        assert (one["name"], one["marks"], one["fault"]) == (behaviour.name, behaviour.marks, behaviour.fault)
        if behaviour.message is not None:
            assert one["message"]["what"] == behaviour.message.what
            assert one["message"]["lines"] == [list(line) for line in behaviour.message.lines]


def require_feedback(report: Report) -> None:
    """nbgrader's cells and comments can be kept in a notebook, a file and a database."""
    for exercise in report.exercises:
        outputs = preprocessors._outputs(exercise, " ".join(report.remarks))
        made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=outputs)])
        nbformat.validate(made)
        nbformat.writes(made).encode()
        assert outputs[-1].data["text/plain"] == str(float(exercise.marks))
        if "text/html" in outputs[0].data:
            require_page(outputs[0].data["text/html"])
    for _, said in files.summary(report).troubles:
        kept = text(said)
        assert kept is None or "\0" not in kept


@fuzz
@given(
    function=functions, leans=st.sampled_from([(), ("total",)]), prints=st.booleans(), said=handed_in, name=handed_in
)
def test_whatever_was_done_is_marked_and_reported(
    drawn: Callable[[], MarkScheme],
    function: list[Did | None],
    *,
    leans: tuple[str, ...],
    prints: bool,
    said: str,
    name: str,
) -> None:
    """No outcome makes a stage fail, has a mark that its values do not earn, or gets out of its place in a report."""
    scheme = drawn()
    did = done(function, scheme)

    exercise = mark(scheme, did, leans, prints=prints)
    report = report_on(exercise, said, name)
    made = marked(report, Path("notebook.ipynb"))

    require_marks_for_right_values_only(exercise, scheme, did)
    assert made.summary is not None
    require_json(made.report, report)
    require_page(made.page)
    require_page("".join(html.class_page([(made.summary, "reports/x.html")])))
    require_terminal(report, made.summary)
    require_table(made.summary)
    require_feedback(report)


@fuzz
@given(
    value=plain_values, answer=st.sampled_from([3, "same", [2, 4], [[1, 2], [3, 4]]]), salt=st.sampled_from(["", "s"])
)
def test_whatever_is_predicted_is_judged(value: Value, answer: Value, salt: str) -> None:
    """A prediction of any kind is right or not, in words that can be written."""
    prediction = predictions.asked(Prediction("one", answer, slips=[(5, "Too many.")]), salt)

    judged = predictions.judge(prediction, value)

    assert judged.right or judged.words
    assert judged.words.encode().decode() == judged.words


@fuzz
@given(kinds=st.lists(st.sampled_from(["<f8", "<f4", "<i8", "<u2"]), min_size=1, max_size=4))
def test_right_numbers_are_right_in_any_kind(course: Course, kinds: list[str]) -> None:
    """However the numbers are kept, they have all marks and no word."""
    scheme = draw(course.assignments[0].exercises[0], 5)
    turns = zip(itertools.cycle(kinds), scheme.trials, strict=False)
    did = [
        Returned(np.asarray(trial.expected).astype(kind), [given for _, given in trial.arguments])
        for kind, trial in turns
    ]

    exercise = mark(scheme, did)

    assert (exercise.right, exercise.marks) == (True, exercise.out_of)
