"""Which names a function uses: so that a fault can be told from one it only hands on. Standard library only."""

from __future__ import annotations

import dis
import types
from collections.abc import Iterator
from typing import Any


def used_by(function: Any) -> list[str]:
    """The names that a Python function looks up outside itself, those of functions inside it included, sorted."""
    code = getattr(function, "__code__", None)
    return sorted(set(_names(code))) if isinstance(code, types.CodeType) else []


def _names(code: types.CodeType) -> Iterator[str]:
    yield from (step.argval for step in dis.get_instructions(code) if step.opname in {"LOAD_GLOBAL", "LOAD_NAME"})
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)
