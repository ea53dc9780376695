"""What an author declares: functions to write, behaviours with marks, cases, hints.

Pure data: nothing here runs a student's code or knows how answers are graded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from autograder.model import Windows

Function = Callable[..., Any]


class Mistake(Protocol):
    """A known mistake: a wrong function, runnable, with the words a student reads."""

    @property
    def id(self) -> str:
        """A lasting name, such as "M7"."""

    @property
    def name(self) -> str:
        """Two to five words: "last window missing"."""

    @property
    def function(self) -> Function:
        """The wrong function, of the same signature as the right one."""

    @property
    def says(self) -> str:
        """What the function does and what it should do, in a sentence or two."""

    @property
    def read_again(self) -> str:
        """Notebook and heading: 'notebook 01, "Count the windows"'."""

    @property
    def convention(self) -> bool:
        """Whether this is right by the convention of another course or library, but not by this course's."""

    @property
    def over(self) -> Callable[[Function], Function] | None:
        """Make the same mistake on the way into or out of another function of this signature.

        None if it is made in the middle, so it cannot be combined with another mistake.
        """


@dataclass(frozen=True, init=False)
class Case:
    """One call of a student's function: `Case(image=..., kernel=...)`, arguments by name.

    Arguments that the reference gives no default are passed by position, the others by keyword, so that
    a student may rename `image`, but not `strides`.
    """

    arguments: Mapping[str, Any]

    def __init__(self, **arguments: Any) -> None:
        """Keep the arguments, each a number, string, None, array, or tuple of these."""
        object.__setattr__(self, "arguments", arguments)


class Refusal(Case):
    """A call that the function must refuse with a ValueError.

    A behaviour with a refusal also needs an ordinary case, so that refusing everything earns nothing.
    """


@dataclass(frozen=True)
class Behaviour:
    """One thing a function must do, and the cases that show whether it does.

    Attributes:
        name: two or three words, unique in the exercise.
        says: the rule in one sentence, as a student reads it.
        marks: whole marks for it, 0 or more; earned only if all of its cases are right.
        cases: draws cases from a generator; called with the released seed for the visible ones and with the run's
            secret seed for the hidden ones.
        examples: visible cases that are always the same, such as the hand example.
        inputs_unchanged: whether the arguments must be the same after the call.
        whole_numbers: whether the result counts something, so floats are wrong whatever their values.
        faster_than: a function that takes the same arguments; each call must be `ratio` times faster than it.
        ratio: see `faster_than`; more than 0.
    """

    name: str
    says: str
    marks: int
    cases: Callable[[np.random.Generator], Sequence[Case]]
    examples: Sequence[Case] = ()
    inputs_unchanged: bool = False
    whole_numbers: bool = False
    faster_than: Function | None = None
    ratio: float = 1.0


@dataclass(frozen=True)
class Hint:
    """Help in three levels, found by what a student sees.

    Attributes:
        symptom: what the student sees: "my output is one row too small".
        question: level 1, a question that leads there.
        pointer: level 2, where to look.
        near_code: level 3, almost the code.
        about: what it helps with: ids of mistakes, names of behaviours, or "not solved yet". A behaviour's hint applies
            to any wrong result; "name: fault", with a fault of `Verdict`, narrows that down: "same: shape".
            "raised: words" applies to an exception whose type and text contain these words.
    """

    symptom: str
    question: str
    pointer: str
    near_code: str
    about: Sequence[str] = ()


@dataclass(frozen=True)
class Exercise:
    """A function that students write, declared once.

    Attributes:
        function: its name in the notebook.
        reference: the right answer, with the same signature; it computes the expected values.
        answer: the model answer whose source the build pastes for instructors.
        behaviours: what earns marks.
        mistakes: known wrong functions with the same signature.
        hints: by symptom.
        difficulty: 1 (a line) to 3 (a puzzle).
        importance: 1 (nice to have) to 3 (everything after it needs it).
        minutes: the time a student should plan.
        rtol: relative tolerance of the comparison.
        windows: takes the arguments of a call by name, with defaults, and returns which of their cells make each cell
            of the result; None if these are not windows.
        sizes: takes the same, and returns a line for each computed size of the result, with numbers inserted:
            "width: floor((6 - 3) / 2) + 1 = 2". The lines end in the last sizes of the shape, or in the last numbers
            of the value.
    """

    function: str
    reference: Function
    answer: Function
    behaviours: Sequence[Behaviour]
    mistakes: Sequence[Mistake] = ()
    hints: Sequence[Hint] = ()
    difficulty: int = 1
    importance: int = 3
    minutes: int = 10
    rtol: float = 1e-5
    windows: Callable[..., Windows | None] | None = None
    sizes: Callable[..., Sequence[str]] | None = None

    @property
    def marks(self) -> int:
        """Marks for the whole exercise."""
        return sum(behaviour.marks for behaviour in self.behaviours)


@dataclass(frozen=True)
class Prediction:
    """A value that students work out by hand and type in before they run anything; it is checked but earns no marks.

    Attributes:
        name: the variable in the notebook.
        answer: the true value.
        slips: common wrong values, each with words that help: ((value, words), ...).
    """

    name: str
    answer: Any
    slips: Sequence[tuple[Any, str]] = ()


@dataclass(frozen=True)
class Assignment:
    """A notebook and what it asks for.

    Attributes:
        name: file name without suffix, such as "01_one_window".
        title: as a student reads it.
        exercises: in the order of the notebook.
        predictions: in the order of the notebook.
        facts: values that the notebook's prose shows as `<<name>>`.
        lends: functions of the course that its setup imports, for students without their own. Their module imports
            only NumPy and contains no answers: its source runs next to a student's code.
    """

    name: str
    title: str
    exercises: Sequence[Exercise]
    predictions: Sequence[Prediction] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    lends: Sequence[Function] = ()

    @property
    def marks(self) -> int:
        """Marks for the whole notebook."""
        return sum(exercise.marks for exercise in self.exercises)
