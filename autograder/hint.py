"""`hint()`, as a student calls it in a notebook: one level of help at a time, about what is wrong just now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import answer_key
from autograder.check import report_on
from autograder.exercise import Hint
from autograder.model import ExerciseReport
from autograder.report.stories import stories
from autograder.scheme import MarkScheme

LEVELS = ("a question", "a pointer", "nearly the code")


@dataclass(frozen=True)
class Hinted:
    """One level of a hint; a notebook shows it as text."""

    text: str

    def __repr__(self) -> str:
        """The words."""
        return self.text


@dataclass
class _Hints:
    """Remembers how far each hint has been opened, for as long as the notebook runs."""

    opened: dict[tuple[str, str], int] = field(default_factory=dict)

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
        """
        scheme, report = report_on(function, Path(key or answer_key.FILE_NAME))
        if report.right:
            return Hinted(f"{scheme.function}: all visible cases are right; there is nothing to hint at.")
        if not scheme.hints:
            return Hinted(f"{scheme.function}: there are no hints for it; check({scheme.function}) says what is wrong.")
        return self._next(scheme, choose(scheme, report))

    def _next(self, scheme: MarkScheme, hint: Hint) -> Hinted:
        place = (scheme.function, hint.symptom)
        level = min(self.opened.get(place, 0), len(LEVELS) - 1)
        self.opened[place] = level + 1
        words = (hint.question, hint.pointer, hint.near_code)[level]
        more = f"\n  Run hint({scheme.function}) again for {LEVELS[level + 1]}." if level + 1 < len(LEVELS) else ""
        return Hinted(f'{scheme.function}, "{hint.symptom}": {LEVELS[level]}\n  {words}{more}')


hint = _Hints()


def choose(scheme: MarkScheme, report: ExerciseReport) -> Hint:
    """The hint about the first thing to mend: about its mistake, else its behaviour, else the first one.

    Args:
        scheme: has one hint at least.
        report: on a function that is not right.
    """
    first = stories(report)[0].behaviours[0]
    named: Sequence[str] = first.diagnosis.mistakes if first.diagnosis is not None else ()
    wanted = [report.state] if report.state != "marked" else [*named, first.name]
    found = (hint for about in wanted for hint in scheme.hints if about in hint.about)
    return next(found, scheme.hints[0])
