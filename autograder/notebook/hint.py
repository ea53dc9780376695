"""`hint()`, as a student calls it in a notebook: help with the current mistake, one step at a time."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder.course.exercise import Hint
from autograder.marking.diagnosis.symptoms import LAST_ARE_ZERO
from autograder.marking.diagnosis.words import FLOATS, LEFT_IN
from autograder.marking.scheme import MarkScheme
from autograder.model import BehaviourReport, ExerciseReport
from autograder.notebook.check import look_at
from autograder.release import answer_key
from autograder.report.stories import raised_in, stories

LEVELS = ("a question", "a pointer", "almost the code")
PRINT = "Add a `print(...)`: check() shows its output below the message."

# For mistakes without a hint in the course: true of any function.
GENERAL = {
    "raised": Hint(
        "It ends in an error",
        "Which of your lines does check() show, and which value in it is not what you expect?",
        "Read the last line of the error word by word. Then look at the values in your line. " + PRINT,
        "`print(type(x), np.shape(x))` before that line, for each name in it.",
    ),
    "not called": Hint(
        "It fails before its first line",
        "Does your `def` line have the same parameters as the exercise, in the same order?",
        "check() passes arguments by these names, and may leave out those with a default in the exercise.",
        "Copy the original `def` line from the exercise, and use its names in your code.",
    ),
    "returned None": Hint(
        "It returns None",
        "Where is the `return` in your function, and does your code reach it?",
        "`print` shows a value but does not return it. If one branch returns a value, the others need a `return` too.",
        "`return result` as the last line of the function, indented like the first.",
    ),
    "kind": Hint(
        "It returns the wrong kind of value",
        "What kind of value is expected, and what is the `type(...)` of the value you return?",
        "check() shows both. A number, an array, a pair and text are different things.",
        "`return np.array(rows)` for an array, `return float(total)` for a number, `return int(count)` for a count, "
        "`return a, b` for a pair.",
    ),
    FLOATS: Hint(
        "The numbers are right, but they are floats",
        "Which operation in your function turns whole numbers into floats?",
        "`/` always gives a float, even if the division is exact. So do `np.ceil`, `np.floor` and `np.round`.",
        "Divide with `//`, or convert a number that is already whole with `int(...)`.",
    ),
    "shape": Hint(
        "The shape is wrong",
        "Which axis of your result is too long or too short? Work out by hand how long it should be.",
        "check() shows both shapes. Find the line that makes the result, and the sizes it uses. " + PRINT,
        "`print(result.shape)` after that line, and the sizes before it.",
    ),
    "input changed": Hint(
        "The call changes its input",
        "Which of your lines writes to an argument?",
        "A slice is a view: writing to it writes to the array. `+=` and `*=` write in place, too.",
        "`x = np.array(x, dtype=float)` as the first line makes a copy.",
    ),
    "values": Hint(
        "The numbers are wrong",
        "Take the first wrong number. What do you get if you work it out by hand?",
        "check() shows the call and the first wrong number. Compare your steps with what your code does. " + PRINT,
        "`print(...)` for each step of that number; compare with the same steps on paper.",
    ),
}
UNFILLED = Hint(
    "The last row or the last column is 0",
    "Where does each of your loops end, and how many times should it run?",
    "`range(n)` already ends at n - 1. An output with `rows` rows needs a loop that runs `rows` times.",
    "`range(rows)` outside and `range(columns)` inside: the rows and columns of the output, with nothing subtracted.",
)
FENCED = re.compile(r"^```.*\n((?:.*\n)*?)```$", re.MULTILINE)
UNMARKABLE = ("kind", "unmarkable")
NO_NUMBERS = ("raised", "not called", "returned None", "kind", FLOATS)


@dataclass(frozen=True)
class Hinted:
    """One step of a hint; a notebook shows code in it as code.

    Attributes:
        lines: a headline, and the lines below it, with code between backticks or fences.
    """

    lines: tuple[str, ...]

    def __repr__(self) -> str:
        """The hint as text."""
        lines = [FENCED.sub(r"\1", line).strip("\n").replace("\n", "\n  ") for line in self.lines]
        return "\n  ".join(lines).replace("`", "")

    def _repr_html_(self) -> str:
        """The hint, with code as code."""
        from autograder.drawing.svg import element, escape  # noqa: PLC0415  drawn only where it is shown
        from autograder.report.fragment import with_code  # noqa: PLC0415  the same

        def shown(line: str) -> str:
            pieces = FENCED.split(line)
            return "".join(
                element("pre", escape(piece)) if place % 2 else with_code(piece.strip())
                for place, piece in enumerate(pieces)
            )

        head, *below = map(shown, self.lines)
        return element("div", element("strong", head), *(element("div", line) for line in below))


@dataclass
class _Hints:
    """Remembers how many steps of each function's hint are open, and for which fault."""

    opened: dict[str, tuple[object, int]] = field(default_factory=dict)

    def __call__(self, function: Callable[..., Any], /, *, key: Path | str | None = None) -> Hinted:
        """Help with your current mistake in three steps: a question, a pointer, almost the code.

        Each call opens one more step. Hints are free.

        Args:
            function: a function of this notebook: `hint(conv2d)`.
            key: the answer key; by default the one beside the notebook.

        Returns:
            One step of the hint.

        Raises:
            UsageError: there is no answer key, or this function is not in it.
            CheckStopped: the student interrupted it.
        """
        looked_at = look_at(function, Path(key or answer_key.FILE_NAME), "hint")
        scheme, report = looked_at.scheme, looked_at.report
        name = scheme.function
        if report.right:
            return Hinted((f"{name}: all visible cases are right; you need no hint.",))
        first = stories(report)[0].message
        if first.what.startswith(LEFT_IN):
            return Hinted((f"{name}: {first.what}",))
        if not scheme.hints:
            return Hinted((f"{name} has no hints; check({name}) says what is wrong.",))
        return self._next(name, choose(scheme, report), _cause(report))

    def _next(self, name: str, hint: Hint, cause: object) -> Hinted:
        """The next step, or the first one if something else is wrong than last time."""
        before, opened = self.opened.get(name, (None, 0))
        level = min(opened, len(LEVELS) - 1) if before == (hint.symptom, cause) else 0
        self.opened[name] = (hint.symptom, cause), level + 1
        words = (hint.question, hint.pointer, hint.near_code)[level]
        more = (f"Run hint({name}) again for {LEVELS[level + 1]}.",) if level + 1 < len(LEVELS) else ()
        return Hinted((f'{name}, "{hint.symptom}": {LEVELS[level]}', words, *more))


hint = _Hints()


def choose(scheme: MarkScheme, report: ExerciseReport) -> Hint:
    """The hint about the first thing to fix: about its mistake, else about its behaviour, else a general one.

    Args:
        scheme: has the hints.
        report: on a function that is wrong.
    """
    if report.state != "marked":
        return next((hint for hint in scheme.hints if report.state in hint.about), scheme.hints[0])
    first = stories(report)[0].behaviours[0]
    if first.message is not None and LAST_ARE_ZERO in dict(first.message.lines).get("seen", ""):
        return UNFILLED
    wanted = [*(first.diagnosis.mistakes if first.diagnosis is not None else ()), *_entries(first)]
    fitting = (hint for entry in wanted for hint in scheme.hints if entry in hint.about)
    return next(fitting, None) or _of_exception(scheme, first) or _general(first)


def _cause(report: ExerciseReport) -> object:
    """What two runs have in common if they fail for the same reason."""
    if report.state != "marked":
        return report.state
    first = stories(report)[0].behaviours[0]
    return first.name, first.fault, first.diagnosis and tuple(first.diagnosis.mistakes), _general(first).symptom


def _entries(behaviour: BehaviourReport) -> list[str]:
    """Entries of `about` that fit a behaviour: its fault, and its name if the call returned numbers."""
    known = _general(behaviour) not in [GENERAL[key] for key in NO_NUMBERS]
    return [f"{behaviour.name}: {behaviour.fault}", *([behaviour.name] if known else [])]


def _of_exception(scheme: MarkScheme, behaviour: BehaviourReport) -> Hint | None:
    if behaviour.fault != "raised" or behaviour.message is None:
        return None
    error = behaviour.message.what
    entries = ((entry, hint) for hint in scheme.hints for entry in hint.about if entry.startswith("raised: "))
    return next((hint for entry, hint in entries if entry.removeprefix("raised: ") in error), None)


def _general(behaviour: BehaviourReport) -> Hint:
    what = behaviour.message.what if behaviour.message is not None else ""
    fault = "kind" if behaviour.fault in UNMARKABLE else behaviour.fault or ""
    if fault == "raised" and behaviour.message is not None and not raised_in(behaviour.message):
        fault = "not called"
    return GENERAL.get(what) or GENERAL.get(fault) or GENERAL["values"]
