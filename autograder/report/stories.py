"""Which message comes first, because it helps most, and which are folded below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.model import BehaviourReport, ExerciseReport, Message

ALSO_FAILING = "Also failing (fix the one above first):"
SAME_WORDS_SAME_REASON = ("raised", "kind", "unmarkable", "stopped")


@dataclass(frozen=True)
class Story:
    """One thing that is wrong.

    Attributes:
        message: the one of the first behaviour that shows it.
        behaviours: all behaviours that show it.
    """

    message: Message
    behaviours: Sequence[BehaviourReport]

    @property
    def in_short(self) -> str:
        """What is wrong, with its name if it has one."""
        diagnosis = self.behaviours[0].diagnosis
        return self.message.what if diagnosis is None else f"{self.message.what}: {diagnosis}"

    @property
    def with_places(self) -> Message:
        """The message, and the other behaviours that show it."""
        also = ", ".join(behaviour.name for behaviour in self.behaviours[1:])
        lines = (*self.message.lines, ("also in", also)) if also else self.message.lines
        return replace(self.message, lines=lines)

    def __str__(self) -> str:
        """The message as text."""
        return str(self.with_places)


def stories(exercise: ExerciseReport) -> list[Story]:
    """Sort what is wrong with a function: first what most behaviours show, then what has a name, then by order.

    A fault in every behaviour is probably in code that every call runs; fixing it first makes the others visible.
    """
    groups: dict[object, list[BehaviourReport]] = {}
    for behaviour in exercise.behaviours:
        if behaviour.message is not None:
            groups.setdefault(_cause(behaviour, behaviour.message), []).append(behaviour)
    unsorted = [Story(group[0].message, group) for group in groups.values() if group[0].message is not None]
    return sorted(unsorted, key=lambda story: (-len(story.behaviours), story.behaviours[0].diagnosis is None))


def _cause(behaviour: BehaviourReport, message: Message) -> object:
    """What behaviours have in common if they fail for one reason: the mistakes, the exception, or the kind of value."""
    if behaviour.diagnosis is not None:
        return tuple(behaviour.diagnosis.mistakes)
    if raised := raised_in(message):
        return message.what.partition(":")[0], *raised
    return message.what if behaviour.fault in SAME_WORDS_SAME_REASON else behaviour.name


def raised_in(message: Message) -> list[str]:
    """The student's lines that an exception went through."""
    return [text for label, text in message.lines if label.startswith(("cell ", "your code"))]
