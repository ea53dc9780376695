"""Right answers to every exercise, written in other ways than the model answers: vectorised, in float32, as lists.

A module for each notebook, with tables by the exercise's name: `RIGHT`, and where there are any `MORE_MISTAKES`, which
are known to nobody, and `KEPT`, behaviours that catch nothing alone, each with its reason.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any


def collected(table: str) -> dict[Any, Any]:
    """One table of all modules."""
    modules = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    return {name: found for module in modules for name, found in getattr(module, table, {}).items()}
