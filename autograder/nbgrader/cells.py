"""Which of a notebook's cells carry what in a gradebook."""

from __future__ import annotations

CHECKED = "check-"
WRITTEN = "exercise-"
LONGEST = 64  # of nbgrader's names for cells, as the build makes them


def checked(function: str) -> str:
    """The cell that carries the marks of a function."""
    return f"{CHECKED}{function}"[:LONGEST]


def written(function: str) -> str:
    """The cell that a student writes it in, which carries the comment."""
    return f"{WRITTEN}{function}"[:LONGEST]
