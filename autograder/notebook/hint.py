"""`hint()`, as a student calls it in a notebook: one level of help at a time with the mistake that is there now."""

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

LEVELS = ("a question", "a pointer", "nearly the code")
PRINT = "Put `print(...)` in front of it: check() shows what it prints, below the verdict."

# For what a course has no hint about: true whatever the function is.
GENERAL = {
    "raised": Hint(
        "It stops with an error",
        "Which line of yours does check() show, and which of the values in it is not what you expect?",
        "Read the last line of the error word by word. Then look at the values that meet in your line. " + PRINT,
        "`print(type(x), np.shape(x))` in front of that line, for each name in it.",
    ),
    "not called": Hint(
        "It stops before its first line",
        "Does the line with `def` have the same names between its parentheses as in the exercise, in the same order?",
        "check() calls your function with these names, and leaves out those that have a default in the exercise.",
        "Copy the `def` line from the exercise's cell as it was, and use its names in your lines.",
    ),
    "returned None": Hint(
        "It returns None",
        "Where is the `return` of your function, and is it reached?",
        "`print` shows a value, but hands nothing back. After an `if`, the other way needs a `return` as well.",
        "`return result` as the last line of the function, indented like its first line.",
    ),
    "kind": Hint(
        "It returns something else than what is asked for",
        "What is asked for, and what does `type(...)` say of the value that you return?",
        "check() shows both. One number, an array, a pair and text are different things.",
        "`return np.array(rows)` for an array, `return float(total)` for a number, `return int(count)` for a count, "
        "`return a, b` for a pair.",
    ),
    FLOATS: Hint(
        "The numbers are right, but they are floats",
        "Which operation in your function makes a float out of whole numbers?",
        "`/` always gives a float, even where nothing is left over. So do `np.ceil`, `np.floor` and `np.round`.",
        "`//` divides without a fraction, and `int(...)` makes a whole number of what is one already.",
    ),
    "shape": Hint(
        "The shape is wrong",
        "Which axis of your result is too long or too short? How long should it be, worked out by hand?",
        "check() shows both shapes. Find the line that makes the result, and the sizes that it is made from. " + PRINT,
        "`print(result.shape)` after that line, and the sizes that go into it.",
    ),
    "input changed": Hint(
        "The input is not the same after the call",
        "Which line of yours writes into an argument?",
        "A slice is a view: who writes into it writes into the array. `+=` and `*=` write in place, too.",
        "`x = np.array(x, dtype=float)` as the first line makes a copy.",
    ),
    "values": Hint(
        "The numbers are wrong",
        "Take the first wrong number: what comes out if you work it out by hand?",
        "check() shows the call and the first wrong number. Compare your steps with what your code does. " + PRINT,
        "`print(...)` for each step of that one number, next to the same steps on paper.",
    ),
}
UNFILLED = Hint(
    "The last row or the last column is 0",
    "Which number does each of your loops end at, and how many times does it have to run?",
    "`range(n)` ends at n - 1 by itself. An output of `rows` rows needs a loop that runs `rows` times.",
    "`range(rows)` outside and `range(columns)` inside, with the rows and columns of the output and nothing taken off.",
)
FENCED = re.compile(r"^```.*\n((?:.*\n)*?)```$", re.MULTILINE)
UNMARKABLE = ("kind", "unmarkable")
NO_NUMBERS = ("raised", "not called", "returned None", "kind", FLOATS)


@dataclass(frozen=True)
class Hinted:
    """One level of a hint; a notebook shows code in it as code.

    Attributes:
        lines: a headline, and the lines below it, with code between backticks or fences.
    """

    lines: tuple[str, ...]

    def __repr__(self) -> str:
        """The words alone."""
        lines = [FENCED.sub(r"\1", line).strip("\n").replace("\n", "\n  ") for line in self.lines]
        return "\n  ".join(lines).replace("`", "")

    def _repr_html_(self) -> str:
        """The words, with code as code."""
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
    """Remembers how far the hint for each function has been opened, and for which fault."""

    opened: dict[str, tuple[object, int]] = field(default_factory=dict)

    def __call__(self, function: Callable[..., Any], /, *, key: Path | str | None = None) -> Hinted:
        """Help with what is wrong in your function: first a question; called again, a pointer; then nearly the code.

        Hints cost nothing.

        Args:
            function: a function of this notebook: `hint(conv2d)`.
            key: the answer key; by default the one beside the notebook.

        Returns:
            The words to read.

        Raises:
            UsageError: no answer key, or nothing in it by this name.
            CheckStopped: the student has interrupted it.
        """
        found = look_at(function, Path(key or answer_key.FILE_NAME), "hint")
        name, report = found.scheme.function, found.report
        if report.right:
            return Hinted((f"{name}: all visible cases are right; there is nothing to hint at.",))
        first = stories(report)[0].message
        if first.what.startswith(LEFT_IN):
            return Hinted((f"{name}: {first.what}",))
        if not found.scheme.hints:
            return Hinted((f"{name}: there are no hints for it; check({name}) says what is wrong.",))
        return self._next(name, choose(found.scheme, report), _cause(report))

    def _next(self, name: str, hint: Hint, cause: object) -> Hinted:
        """The next level, or the first one where something else is wrong than the last time."""
        before, opened = self.opened.get(name, (None, 0))
        level = min(opened, len(LEVELS) - 1) if before == (hint.symptom, cause) else 0
        self.opened[name] = (hint.symptom, cause), level + 1
        words = (hint.question, hint.pointer, hint.near_code)[level]
        more = (f"Run hint({name}) again for {LEVELS[level + 1]}.",) if level + 1 < len(LEVELS) else ()
        return Hinted((f'{name}, "{hint.symptom}": {LEVELS[level]}', words, *more))


hint = _Hints()


def choose(scheme: MarkScheme, report: ExerciseReport) -> Hint:
    """The hint about the first thing to fix: about its mistake, else what it did in this behaviour, else in general.

    Args:
        scheme: its hints.
        report: on a function that is not right.
    """
    if report.state != "marked":
        return next((hint for hint in scheme.hints if report.state in hint.about), scheme.hints[0])
    first = stories(report)[0].behaviours[0]
    if first.message is not None and LAST_ARE_ZERO in dict(first.message.lines).get("seen", ""):
        return UNFILLED
    wanted = [*(first.diagnosis.mistakes if first.diagnosis is not None else ()), *_entries(first)]
    found = (hint for entry in wanted for hint in scheme.hints if entry in hint.about)
    return next(found, None) or _of_exception(scheme, first) or _general(first)


def _cause(report: ExerciseReport) -> object:
    """What two runs share that fail for one reason."""
    if report.state != "marked":
        return report.state
    first = stories(report)[0].behaviours[0]
    return first.name, first.fault, first.diagnosis and tuple(first.diagnosis.mistakes), _general(first).symptom


def _entries(behaviour: BehaviourReport) -> list[str]:
    """What a hint may be about that is true of a behaviour: what was returned, if anything was that can be read."""
    known = _general(behaviour) not in [GENERAL[key] for key in NO_NUMBERS]
    return [f"{behaviour.name}: {behaviour.fault}", *([behaviour.name] if known else [])]


def _of_exception(scheme: MarkScheme, behaviour: BehaviourReport) -> Hint | None:
    if behaviour.fault != "raised" or behaviour.message is None:
        return None
    said = behaviour.message.what
    about = ((entry, hint) for hint in scheme.hints for entry in hint.about if entry.startswith("raised: "))
    return next((hint for entry, hint in about if entry.removeprefix("raised: ") in said), None)


def _general(behaviour: BehaviourReport) -> Hint:
    what = behaviour.message.what if behaviour.message is not None else ""
    fault = "kind" if behaviour.fault in UNMARKABLE else behaviour.fault or ""
    if fault == "raised" and behaviour.message is not None and not raised_in(behaviour.message):
        fault = "not called"
    return GENERAL.get(what) or GENERAL.get(fault) or GENERAL["values"]
