"""Whose stub raised: an empty one, one left in a finished answer, or another function's."""

from __future__ import annotations

import ast
import functools
from collections.abc import Sequence
from dataclasses import replace

from autograder.model import Raised
from autograder.sandbox.source import statements

Function = ast.FunctionDef | ast.AsyncFunctionDef


def with_stub(raised: Raised, function: str, source: str) -> Raised:
    """Say which stub a NotImplementedError comes from.

    Args:
        raised: what a call ended in.
        function: the function that was called.
        source: the cell or file with the line that raised.
    """
    if raised.type != "NotImplementedError" or not raised.frames:
        return raised
    name, place = _place(source, raised.frames[-1].line)
    if len(raised.frames) > 1 and name != function:
        return replace(raised, stub="of another")
    return replace(raised, stub=place)


@functools.lru_cache(maxsize=8)  # most calls of a function raise at one place
def _place(source: str, line: int) -> tuple[str | None, str]:
    """The name of the innermost function that a line is in, and what the line is in there."""
    around = _around(statements(source)[0], line)
    if around is None:
        return None, ""
    if not any(node.lineno <= line <= (node.end_lineno or 0) for node in around.body if isinstance(node, ast.Raise)):
        return around.name, "on one way"
    return around.name, "left in" if _has_answer(around, line) else ""


def _around(body: Sequence[ast.stmt], line: int) -> Function | None:
    """The innermost function that a line is in."""
    innermost = None
    for statement in body:
        if statement.lineno <= line <= (statement.end_lineno or 0):
            for node in ast.walk(statement):
                if isinstance(node, Function) and node.lineno <= line <= (node.end_lineno or 0):
                    innermost = node
    return innermost


def _has_answer(function: Function, line: int) -> bool:
    """Whether a function holds more than its stub, and this line keeps it from returning."""
    place = next(
        (at for at, node in enumerate(function.body) if isinstance(node, ast.Raise) and node.lineno == line), None
    )
    if place is None:
        return False
    before, after = function.body[:place], function.body[place + 1 :]
    if any(_returns(statement) for statement in before):
        return False  # it ends a branch that is still to be written
    return any(not _is_idle(statement) for statement in [*before, *after])


def _returns(statement: ast.stmt) -> bool:
    return any(isinstance(node, ast.Return) for node in ast.walk(statement))


def _is_idle(statement: ast.stmt) -> bool:
    """Whether a statement does nothing yet: a docstring, `...`, `pass`, `total = 0`."""
    return isinstance(statement, ast.Pass) or (
        isinstance(statement, ast.Expr | ast.Assign) and isinstance(statement.value, ast.Constant)
    )
