"""What to tell first: the one message that helps most, and what can be folded below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from autograder.model import BehaviourReport, ExerciseReport, Message

SAME_WORDS_SAME_REASON = ("raised", "kind", "unmarkable", "stopped")


@dataclass(frozen=True)
class Story:
    """One thing that is wrong.

    Attributes:
        message: what is told of it, from the first behaviour it shows in.
        behaviours: all behaviours it shows in.
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
        """The message, and the other behaviours it shows in."""
        also = ", ".join(behaviour.name for behaviour in self.behaviours[1:])
        lines = (*self.message.lines, ("also in", also)) if also else self.message.lines
        return replace(self.message, lines=lines)

    def __str__(self) -> str:
        """The message as text."""
        return str(self.with_places)


def stories(exercise: ExerciseReport) -> list[Story]:
    """Sort what is wrong with a function: first what shows in most behaviours, then what has a name, then by order.

    What shows everywhere is likely in the lines that every call goes through: to mend it first is to see the rest.
    """
    told: dict[object, list[BehaviourReport]] = {}
    for behaviour in exercise.behaviours:
        if behaviour.message is not None:
            told.setdefault(_cause(behaviour, behaviour.message), []).append(behaviour)
    found = [Story(group[0].message, group) for group in told.values() if group[0].message is not None]
    return sorted(found, key=lambda story: (-len(story.behaviours), story.behaviours[0].diagnosis is None))


def _cause(behaviour: BehaviourReport, message: Message) -> object:
    """What two behaviours share that fail for one reason: the mistakes named, the exception, or the kind of value."""
    if behaviour.diagnosis is not None:
        return tuple(behaviour.diagnosis.mistakes)
    if raised := raised_in(message):
        return message.what.partition(":")[0], *raised
    return message.what if behaviour.fault in SAME_WORDS_SAME_REASON else behaviour.name


def raised_in(message: Message) -> list[str]:
    """The student's lines that an exception went through."""
    return [text for label, text in message.lines if label.startswith(("cell ", "your code"))]
