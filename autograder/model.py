"""The frozen dataclasses of the way from a notebook to marks, in the order of the way.

A stage is a function from one of these to the next, and knows nothing of later stages.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# A message is read in a notebook as well as in a terminal: its lines are this long at most.
WIDTH = 96
NARROWEST = 20  # beside a label

# What may cross the wire and be marked: None, numbers, strings, arrays of real numbers, and tuples of these.
Value = Any

# --- a submission, read -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """Code to run, with the name that messages call it by: "cell 7"."""

    label: str
    source: str


@dataclass(frozen=True)
class Submission:
    """One student's notebook, read and repaired.

    Attributes:
        student: as the folder is called.
        assignment: name of the assignment it answers.
        digest: SHA-256 of the file, in hex.
        cells: what the student changed or added, in the notebook's order.
        remarks: what was repaired or left out, a sentence each.
        written_with: the version of Python that the file names; empty if it names none.
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
    """A line of the student's own code that an exception went through."""

    cell: str
    line: int
    source: str


@dataclass(frozen=True)
class Returned:
    """A call came back.

    Attributes:
        value: a plain value, never an object of the student's.
        arguments: the arguments as they were after the call, in the order of the call; None if not asked for.
        seconds: CPU time that it took, as the kernel counts it.
        kind: "matrix" or "masked" if the value came as one of NumPy's arrays with rules of their own; else empty.
    """

    value: Value
    arguments: Sequence[Value] | None = None
    seconds: float = 0.0
    kind: str = ""


@dataclass(frozen=True)
class Raised:
    """A call or cell ended in an exception, or its function is not there (NameError, no frames).

    Attributes:
        type: name of the exception's class.
        message: its text.
        frames: the student's own lines that it went through, the outermost first.
        kinds: names of its class and of all classes above it.
        stub: of a NotImplementedError, "left in" if its line was left in an answer, "on one way" if it stands inside
            of an `if` or a loop, "of another" if a function raised
            it that the called one calls; else empty.
    """

    type: str
    message: str
    frames: Sequence[Frame] = ()
    kinds: Sequence[str] = ()
    stub: str = ""


@dataclass(frozen=True)
class Unmarkable:
    """A call returned something that is neither number, string nor array: `what` says which."""

    what: str


@dataclass(frozen=True)
class Stopped:
    """A call or cell was stopped at its limit of `seconds`: of CPU time, or of waiting."""

    seconds: float
    waiting: bool = False

    def __str__(self) -> str:
        """The limit: "2 s of CPU time"."""
        return f"{self.seconds:.3g} s of {'waiting' if self.waiting else 'CPU time'}"


@dataclass(frozen=True)
class Ended:
    """The process ended during a call or cell; `how` says so in words: "it called exit"."""

    how: str


@dataclass(frozen=True)
class NotRun:
    """Left out because of what came before; `why` says of what."""

    why: str


Outcome = Returned | Raised | Unmarkable | Stopped | Ended | NotRun


# --- what it has to do ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Windows:
    """Which cells of the arguments make each cell of a result; numbers and names only, so that it can be released.

    The window of result cell `at` has `size[a]` cells along axis a of the argument, `dilation[a]` apart. It begins at
    `first[a] + step[a] * at[follows[a]]`, or at `first[a]` where `follows[a]` is None. Cells outside the argument are
    padding: zeros in a sum; in a maximum, a minimum and a mean they are left out.

    Attributes:
        argument: name of the argument that the windows lie on.
        size: cells along each axis of it; 1 or more.
        first: where the window of the first result cell begins along each axis; below 0 where there is padding.
        step: cells from one window to the next along each axis; 1 or more.
        follows: the axis of the result that each axis moves with; None where every window begins alike.
        reduce: what is done with the cells: "sum", "max", "min" or "mean".
        weights: name of the argument that the cells are multiplied by first; None if there is none. What is left of
            it when `chosen` has chosen has as many cells as a window, in the same order.
        chosen: for each axis of the weights, the axis of the result that chooses one index of it; None: all of it.
        flipped: whether the weights are turned by 180 degrees.
        added: name of the argument that is added, once for each result cell: a number, or one for each index of the
            last axis of the result; None if there is none.
        at_least: the smallest result, as in ReLU; None if there is none.
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


# --- what is wrong with it --------------------------------------------------------------------------------------


FAULTS = (
    *("unsolved", "stub left in", "raised", "not refused", "unmarkable", "stopped", "ended", "not run"),
    *("kind", "more returned", "shape", "not finite", "values", "input changed", "slow"),
)


@dataclass(frozen=True)
class Verdict:
    """Whether one call was right, and if not, in which way.

    Attributes:
        fault: None if right; else one of `FAULTS`.
        where: index of the first wrong cell, for "values", "not finite" and "input changed".
        wrong: how many cells are wrong, of `cells`.
        argument: name of the argument that was changed.
    """

    fault: str | None = None
    where: tuple[int, ...] | None = None
    wrong: int = 0
    cells: int = 0
    argument: str | None = None


@dataclass(frozen=True)
class Diagnosis:
    """The known mistakes that fit all that was returned.

    Attributes:
        mistakes: their ids: one; several if the cases cannot tell them apart; or both of a pair.
        names: their names, in the same order.
        says: what a student reads.
        read_again: notebook and heading; empty where no notebook is about it.
        kind: "mistake"; "one of" several; "together", two in one function; "convention", right by another course's or
            library's convention; "likely", known by where it raises and not by a value.
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
    """The call that a message is about, for a picture of it.

    Attributes:
        arguments: name and value, in the order of the call; empty for a hidden case.
        returned: what the student's function returned.
        expected: what it has to return; None for a hidden case.
        where: index of the first wrong cell; None if there is none.
        windows: which cells of the arguments make each cell of the result, if that is known.
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
        what: what is wrong, in a few words: "wrong shape".
        out_of: the marks that it costs.
        lines: labels and texts, the rest of the story.
        evidence: the call it is about, where a value can be looked at.
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
        told = [
            f"  {label:<{width}}  "
            + f"\n{below}".join(line for part in text.split("\n") for line in _wrapped(part, width))
            for label, text in self.lines
        ]
        return "\n".join([f"{self.where}: {self.what}{marks}", *told])


def _wrapped(text: str, taken: int) -> list[str]:
    """Break words apart into lines; rows of an array, which begin with a bracket or a space, stay whole."""
    if text.startswith((" ", "[")):
        return [text]
    return textwrap.wrap(text, max(WIDTH - taken, NARROWEST), break_long_words=False, break_on_hyphens=False) or [text]


# --- marks ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class BehaviourReport:
    """Marks for one behaviour, and what to say where they are missing; `fault` is that of the verdict it is said of."""

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
        state: "marked"; "not solved yet" if the stub is still there; "not run" if nothing of it could be; or in words
            that the stub's line was left in an answer.
        leans_on: functions of the same notebook that it calls and that are not right themselves.
    """

    function: str
    behaviours: Sequence[BehaviourReport]
    state: str = "marked"
    leans_on: Sequence[str] = ()

    @property
    def marks(self) -> int:
        """Marks reached."""
        return sum(behaviour.marks for behaviour in self.behaviours)

    @property
    def out_of(self) -> int:
        """Marks that can be reached."""
        return sum(behaviour.out_of for behaviour in self.behaviours)

    @property
    def right(self) -> bool:
        """Whether every behaviour is right, those without marks included."""
        return all(behaviour.message is None for behaviour in self.behaviours)


@dataclass(frozen=True)
class Provenance:
    """What it takes to reach the same marks again."""

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
        """Marks reached."""
        return sum(exercise.marks for exercise in self.exercises)

    @property
    def out_of(self) -> int:
        """Marks that can be reached."""
        return sum(exercise.out_of for exercise in self.exercises)


@dataclass(frozen=True, slots=True)
class Summary:
    """A report in a line: what a table of the class shows.

    Attributes:
        student: whose it is.
        assignment: what was marked.
        functions: names of the exercises.
        marks: marks reached in each.
        out_of: marks that can be reached in each.
        troubles: where marks were lost, and a sentence on why.
        remarks: sentences on the notebook.
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
        """Whether all marks were reached."""
        return self.marks == self.out_of


# --- the course itself, examined ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mutations:
    """The known mistakes of one exercise, and those that its cases let through.

    Attributes:
        function: the exercise.
        mistakes: how many are known.
        visible: ids of those that get every visible case right.
        hidden: ids of those that get every hidden case right.
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
        answer: what it does with a call that the answer key does not show.
        behaviour: what gives the marks.
        marks: how many.
    """

    function: str
    answer: str
    behaviour: str
    marks: int
