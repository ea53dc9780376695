"""The error of everything in `solutions`, and how it comes to name the function that was called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")


class ShapeError(ValueError):
    """Sizes or options that do not fit together: where, what is wrong, what is right, and what to do.

    Attributes:
        function: the function that was called.
        parts: where in its arguments the trouble lies, such as ("layer 2", "height").
    """

    def __init__(self, found: str, wanted: str, remedy: str) -> None:
        """Keep the three parts; the functions it passes through say where."""
        super().__init__(found, wanted, remedy)
        self.function = ""
        self.parts: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Put the parts into one line."""
        where = ", ".join(part for part in (self.function, *self.parts) if part)
        found, wanted, remedy = self.args
        return f"{where}: {found}, but {wanted}; {remedy}".removeprefix(": ")


@contextmanager
def at(part: str) -> Iterator[None]:
    """Add to an error in which part of the arguments the trouble lies."""
    try:
        yield
    except ShapeError as error:
        error.parts = (part, *error.parts)
        raise


def named_in_errors(function: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
    """Put the function's name in front of its errors; of functions that call each other, the first one's."""

    @wraps(function)
    def named(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        try:
            return function(*args, **kwargs)
        except ShapeError as error:
            error.function = function.__name__
            raise

    return named
