"""Which cells of a notebook carry marks and comments in a gradebook."""

from __future__ import annotations

CHECKED = "check-"
WRITTEN = "exercise-"
LONGEST = 64  # letters in a cell's name, as in the build


def checked(function: str) -> str:
    """The cell with a function's marks."""
    return f"{CHECKED}{function}"[:LONGEST]


def written(function: str) -> str:
    """The cell in which students write a function, which carries the comment."""
    return f"{WRITTEN}{function}"[:LONGEST]
