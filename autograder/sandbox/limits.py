"""What one submission may use: settings of the course, enforced by the sandbox and named in every report."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass

from autograder.errors import CourseError


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Seconds are CPU time of its process, so a busy machine changes no mark.

    A cell has `cell_seconds`, and all cells together `cells_seconds`. A call has `call_seconds`, all calls of one
    function `exercise_seconds`, and all calls together, including restarts after a stopped one, `notebook_seconds`.
    Code may also wait, for instance sleep, for `patience` times as many seconds. A course can set its own limits:
    `LIMITS = Limits(call_seconds=5)` in its `exercises/`.

    Raises:
        CourseError: a limit is not a number above 0.
    """

    call_seconds: float = 2.0
    cell_seconds: float = 10.0
    cells_seconds: float = 30.0
    exercise_seconds: float = 5.0
    notebook_seconds: float = 60.0
    patience: float = 3.0
    cpu_seconds: int = 120
    memory_bytes: int = 1 << 30
    tmp_bytes: int = 16 << 20
    tmp_files: int = 1000
    file_bytes: int = 16 << 20
    reply_bytes: int = 4 << 20
    open_files: int = 64
    processes: int = 1

    def __post_init__(self) -> None:
        """Refuse limits that would stop everything."""
        for name, value in asdict(self).items():
            kinds = int if isinstance(getattr(type(self), name), int) else int | float
            if not isinstance(value, kinds) or isinstance(value, bool) or not math.isfinite(value):
                what = "a whole number" if kinds is int else "a number"
                raise CourseError(f"limits: {name} is {value!r}. Use {what} above 0.")
            if value <= 0:
                raise CourseError(f"limits: {name} is {value!r}. Use a number above 0.")
