"""The frozen dataclasses that pass between rooms, in the order from a notebook to its marks.

A stage is a function from one of these to the next, and knows nothing of later stages.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# Messages appear in notebooks and in terminals: their lines have at most this many letters.
WIDTH = 96
NARROWEST = 20  # beside a label

# What can be sent and graded: None, numbers, strings, arrays of real numbers, and tuples of these.
Value = Any

# --- a submission, read -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """Code to run, with its name in messages: "cell 7"."""

    label: str
    source: str


@dataclass(frozen=True)
class Submission:
    """One student's notebook, read and repaired.

    Attributes:
        student: the student's name.
        assignment: name of the assignment that it answers.
        digest: SHA-256 of the file, in hex.
        cells: what the student changed or added, in the notebook's order.
        remarks: a sentence for each thing that was repaired or skipped.
        written_with: the Python version that the file names; empty if it names none.
    """

    student: str
    assignment: str
    digest: str
    cells: Sequence[Cell]
    remarks: Sequence[str] = ()
    written_with: str = ""


# --- what the code did ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Frame:
    """A line of the student's code in an exception's traceback."""

    cell: str
    line: int
    source: str


@dataclass(frozen=True)
class Returned:
    """A call returned.

    Attributes:
        value: a plain value, never an object of the student's.
        arguments: the arguments after the call, in the order of the call; None if not requested.
        seconds: CPU time of the call, from the kernel.
        kind: "matrix" or "masked" if the value was one of NumPy's special arrays; otherwise empty.
    """

    value: Value
    arguments: Sequence[Value] | None = None
    seconds: float = 0.0
    kind: str = ""


@dataclass(frozen=True)
class Raised:
    """A call or cell raised an exception, or its function does not exist (NameError, no frames).

    Attributes:
        type: name of the exception's class.
        message: its text.
        frames: the student's lines in its traceback, outermost first.
        kinds: names of its class and of all base classes.
        stub: for a NotImplementedError, "left in" if the stub's line was left in an answer, "on one way" if it is
            inside an `if` or a loop, "of another" if another function raised it; otherwise empty.
    """

    type: str
    message: str
    frames: Sequence[Frame] = ()
    kinds: Sequence[str] = ()
    stub: str = ""


@dataclass(frozen=True)
class Unmarkable:
    """A call returned something other than a number, a string or an array: `what` describes it."""

    what: str


@dataclass(frozen=True)
class Stopped:
    """A call or cell was stopped at its limit of `seconds` of CPU time, or of waiting."""

    seconds: float
    waiting: bool = False

    def __str__(self) -> str:
        """The limit: "2 s of CPU time"."""
        return f"{self.seconds:.3g} s of {'waiting' if self.waiting else 'CPU time'}"


@dataclass(frozen=True)
class Ended:
    """The process ended during a call or cell; `how` describes it: "its process exited (status 1)"."""

    how: str


@dataclass(frozen=True)
class NotRun:
    """Not run; `why` gives the reason."""

    why: str


Outcome = Returned | Raised | Unmarkable | Stopped | Ended | NotRun


# --- what it should do ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Windows:
    """Which cells of the arguments make each cell of a result; numbers and names only, so that it can be released.

    The window of result cell `at` has `size[a]` cells along axis a of the argument, `dilation[a]` apart. It begins at
    `first[a] + step[a] * at[follows[a]]`, or at `first[a]` where `follows[a]` is None. Cells outside the argument are
    padding: zeros in a sum, and ignored in a maximum, a minimum and a mean.

    Attributes:
        argument: name of the argument that the windows slide over.
        size: cells along each axis of it; 1 or more.
        first: where the window of the first result cell begins along each axis; negative with padding.
        step: cells from one window to the next along each axis; 1 or more.
        follows: the axis of the result that each axis moves with; None if every window begins at the same place.
        reduce: what combines the cells: "sum", "max", "min" or "mean".
        weights: name of the argument that multiplies the cells first; None if there is none. The part of it that
            `chosen` selects has as many cells as a window, in the same order.
        chosen: for each axis of the weights, the axis of the result that selects one index of it; None for all.
        flipped: whether the weights are rotated by 180 degrees.
        added: name of the argument that is added to each result cell: one number, or one for each index of the
            result's last axis; None if there is none.
        at_least: the smallest possible result, as in ReLU; None if there is none.
        dilation: cells from one window cell to the next along each axis; empty means 1 everywhere.
    """

    argument: str
    size: tuple[int, ...]
    first: tuple[int, ...]
    step: tuple[int, ...]
    follows: tuple[int | None, ...]
    reduce: str = "sum"
    weights: str | None = None
    chosen: tuple[int | None, ...] = ()
    flipped: bool = False
    added: str | None = None
    at_least: float | None = None
    dilation: tuple[int, ...] = ()


# --- its mistakes -----------------------------------------------------------------------------------------------


FAULTS = (
    *("unsolved", "stub left in", "raised", "not refused", "unmarkable", "stopped", "ended", "not run"),
    *("kind", "more returned", "shape", "not finite", "values", "input changed", "slow"),
)


@dataclass(frozen=True)
class Verdict:
    """Whether one call was right, and if not, how it was wrong.

    Attributes:
        fault: None if right; otherwise one of `FAULTS`.
        where: index of the first wrong cell, for "values", "not finite" and "input changed".
        wrong: how many cells are wrong, of `cells`.
        argument: name of the changed argument.
    """

    fault: str | None = None
    where: tuple[int, ...] | None = None
    wrong: int = 0
    cells: int = 0
    argument: str | None = None


@dataclass(frozen=True)
class Diagnosis:
    """The known mistakes that explain everything a function returned.

    Attributes:
        mistakes: their ids: one; several if the cases cannot distinguish them; or both of a pair.
        names: their names, in the same order.
        says: what a student reads.
        read_again: notebook and heading; empty if no notebook is about it.
        kind: "mistake"; "one of" several; "together", two in one function; "convention", right by the convention of
            another course or library; "likely", recognised by where it raises rather than by values.
    """

    mistakes: Sequence[str]
    names: Sequence[str]
    says: str
    read_again: str
    kind: str = "mistake"

    def __str__(self) -> str:
        """The names: "strides swapped and bias missing"."""
        return (" and " if self.kind == "together" else " or ").join(self.names[:3])


@dataclass(frozen=True)
class Evidence:
    """The call that a message is about, to draw a picture of it.

    Attributes:
        arguments: name and value, in the order of the call; empty for a hidden case.
        returned: what the student's function returned.
        expected: what it should return; None for a hidden case.
        where: index of the first wrong cell; None if there is none.
        windows: which cells of the arguments make each cell of the result, if known.
    """

    arguments: Sequence[tuple[str, Value]]
    returned: Value
    expected: Value = None
    where: tuple[int, ...] | None = None
    windows: Windows | None = None


@dataclass(frozen=True)
class Message:
    """What a student reads about one behaviour.

    Attributes:
        where: function and behaviour: "conv2d, leftover columns".
        what: the fault in a few words: "wrong shape".
        out_of: the marks that it costs.
        lines: labels and texts with the details.
        evidence: the call it is about, if there is a value to show.
    """

    where: str
    what: str
    out_of: int
    lines: Sequence[tuple[str, str]] = ()
    evidence: Evidence | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        """A headline, and the lines below it with their labels in a column."""
        marks = f" (0 of {self.out_of})" if self.out_of else ""
        width = max((len(label) for label, _ in self.lines), default=0)
        below = " " * (width + 4)
        details = [
            f"  {label:<{width}}  "
            + f"\n{below}".join(line for part in text.split("\n") for line in _wrapped(part, width))
            for label, text in self.lines
        ]
        return "\n".join([f"{self.where}: {self.what}{marks}", *details])


def _wrapped(text: str, taken: int) -> list[str]:
    """Wrap a text into lines; rows of an array, which begin with a bracket or a space, stay whole."""
    if text.startswith((" ", "[")):
        return [text]
    return textwrap.wrap(text, max(WIDTH - taken, NARROWEST), break_long_words=False, break_on_hyphens=False) or [text]


# --- marks ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BehaviourReport:
    """Marks for one behaviour, and the message if they were lost; `fault` is that of the verdict it explains."""

    name: str
    says: str
    marks: int
    out_of: int
    message: Message | None = None
    diagnosis: Diagnosis | None = None
    fault: str | None = None


@dataclass(frozen=True)
class ExerciseReport:
    """Marks for one function.

    Attributes:
        function: its name.
        behaviours: marks and words for each.
        state: "marked"; "not solved yet" if the stub is still there; "not run" if no call could run; or a sentence if
            the stub's line was left in an answer.
        leans_on: functions of the same notebook that it calls and that are wrong themselves.
    """

    function: str
    behaviours: Sequence[BehaviourReport]
    state: str = "marked"
    leans_on: Sequence[str] = ()

    @property
    def marks(self) -> int:
        """Marks earned."""
        return sum(behaviour.marks for behaviour in self.behaviours)

    @property
    def out_of(self) -> int:
        """Marks available."""
        return sum(behaviour.out_of for behaviour in self.behaviours)

    @property
    def right(self) -> bool:
        """Whether every behaviour is right, those without marks included."""
        return all(behaviour.message is None for behaviour in self.behaviours)


@dataclass(frozen=True)
class Provenance:
    """Everything needed to reproduce the marks."""

    file: str
    submission: str
    release: str
    engine: str
    numpy: str
    seed: int
    limits: Mapping[str, float]
    jail: str


@dataclass(frozen=True)
class Report:
    """One submission's marks, words and provenance."""

    student: str
    assignment: str
    exercises: Sequence[ExerciseReport]
    predictions: Mapping[str, bool | None] = field(default_factory=dict)
    remarks: Sequence[str] = ()
    provenance: Provenance | None = None

    @property
    def marks(self) -> int:
        """Marks earned."""
        return sum(exercise.marks for exercise in self.exercises)

    @property
    def out_of(self) -> int:
        """Marks available."""
        return sum(exercise.out_of for exercise in self.exercises)


@dataclass(frozen=True, slots=True)
class Summary:
    """A report in one line of the class table.

    Attributes:
        student: the student's name.
        assignment: the graded assignment.
        functions: names of the exercises.
        marks: marks earned in each.
        out_of: marks available in each.
        troubles: where marks were lost, and why, in a sentence.
        remarks: sentences about the notebook.
    """

    student: str
    assignment: str
    functions: tuple[str, ...]
    marks: tuple[int, ...]
    out_of: tuple[int, ...]
    troubles: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_full(self) -> bool:
        """Whether all marks were earned."""
        return self.marks == self.out_of


# --- checks of the course itself ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mutations:
    """The known mistakes of one exercise, and those that its cases miss.

    Attributes:
        function: the exercise.
        mistakes: how many are known.
        visible: ids of those that pass every visible case.
        hidden: ids of those that pass every hidden case.
    """

    function: str
    mistakes: int
    visible: tuple[str, ...]
    hidden: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether both kinds of cases, each alone, catch every mistake."""
        return not (self.visible or self.hidden)


@dataclass(frozen=True)
class Unearned:
    """Marks for an answer without work.

    Attributes:
        function: the exercise.
        answer: what it does with calls that are not in the answer key.
        behaviour: what gives the marks.
        marks: how many.
    """

    function: str
    answer: str
    behaviour: str
    marks: int
