"""Which names a function uses, to tell its own faults from those of functions it calls. Standard library only."""

from __future__ import annotations

import dis
import types
from collections.abc import Iterator
from typing import Any


def used_by(function: Any) -> list[str]:
    """The names that a Python function, or a function inside it, looks up outside itself; sorted."""
    code = getattr(function, "__code__", None)
    return sorted(set(_names(code))) if isinstance(code, types.CodeType) else []


def _names(code: types.CodeType) -> Iterator[str]:
    yield from (step.argval for step in dis.get_instructions(code) if step.opname in {"LOAD_GLOBAL", "LOAD_NAME"})
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)
