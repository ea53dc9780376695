"""Wrong answers to every notebook, written as students write them: in other words than the known mistakes.

Each makes one fault that is met in practice. Which known mistake that is was decided from the fault, not from what a
diagnosis says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Function = Callable[..., Any]


@dataclass(frozen=True)
class Wrong:
    """A wrong answer.

    Attributes:
        exercise: the name that students give it.
        function: the answer; its docstring says the fault.
        mistakes: ids of the known mistake that it makes, any of which may be named; empty if it only raises.
        raises: name of the exception that it ends in; None if it returns wrong values.
    """

    exercise: str
    function: Function
    mistakes: frozenset[str]
    raises: str | None = None

    @property
    def name(self) -> str:
        """What this one is called here."""
        return self.function.__name__

    @property
    def fault(self) -> str:
        """What is wrong with it, in words."""
        return (self.function.__doc__ or "").rstrip(".")


def wrong(exercise: str, *mistakes: str) -> Callable[[Function], Wrong]:
    """Mark a function as a wrong answer that makes a known mistake."""
    return lambda function: Wrong(exercise, function, frozenset(mistakes))


def stops(exercise: str, exception: type[Exception], *mistakes: str) -> Callable[[Function], Wrong]:
    """Mark a function as a wrong answer that ends in an exception; a mistake may be named as likely."""
    return lambda function: Wrong(exercise, function, frozenset(mistakes), exception.__name__)
