"""Mistakes on the way into a function or out of it: they can be made around any function of the same signature.

The right function is one of them, and that makes the mistake alone; a function that is wrong in its middle is another,
and that makes two mistakes at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Function = Callable[..., Any]


@dataclass(frozen=True)
class Around:
    """A mistake that leaves the middle of a function alone.

    Attributes:
        right: the right function.
        over: makes the mistake around a function of its signature.
    """

    right: Function
    over: Callable[[Function], Function]

    @property
    def function(self) -> Function:
        """The function that makes this mistake and no other."""
        return self.over(self.right)


def read_with(right: Function, change: Function) -> Around:
    """Call the function with what `change` makes of its arguments: the new ones, in order."""

    def over(inner: Function) -> Function:
        @wraps(right)
        def wrong(*given: Any, **named: Any) -> Any:
            return inner(*change(*given, **named))

        return wrong

    return Around(right, over)


def returned_as(right: Function, change: Callable[[Any], Any]) -> Around:
    """Return what `change` makes of the result."""
    return returned_with(right, lambda result, *given, **named: change(result))


def returned_with(right: Function, change: Function) -> Around:
    """Return what `change` makes of the result and of the arguments behind it."""

    def over(inner: Function) -> Function:
        @wraps(right)
        def wrong(*given: Any, **named: Any) -> Any:
            return change(inner(*given, **named), *given, **named)

        return wrong

    return Around(right, over)


def in_type_given(given: ArrayLike, read: NDArray[Any], changed: NDArray[Any]) -> ArrayLike:
    """Pixels that were read as floats and changed, as a caller would give them: bytes stay bytes.

    What was not changed is handed on itself, so that a function that writes into it is seen to do so.
    """
    return given if changed is read else changed.astype(np.asarray(given).dtype)
