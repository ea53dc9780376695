"""How long a process computes, and how long it waits: time that a busy machine adds to the wall clock is neither.

The kernel counts CPU time for each process. The rest of the wall clock is either waiting (the process sleeps, or waits
for something that does not come) or time in which it was ready to run while others had the cores. Only the process's
state distinguishes these two, so it is sampled from time to time.
"""

from __future__ import annotations

import secrets
import select
import time
from pathlib import Path
from typing import NamedTuple

from autograder.errors import SandboxError

# On average: often enough to stop a waiting process soon after its limit, and too seldom to cost anything.
LOOK_SECONDS = 0.05
# A process that knew when it is sampled could compute at that moment and wait for ever otherwise.
UNFORESEEN = secrets.SystemRandom()
# linux/posix-timers.h: the clock of a process is its number, inverted, and the kind of clock in the last three bits.
CPUCLOCK_SCHED = 2


class Seconds(NamedTuple):
    """Seconds of computing and seconds of waiting: used, or allowed."""

    cpu: float = 0.0
    waiting: float = 0.0

    def __add__(self, other: Seconds) -> Seconds:  # type: ignore[override]
        """Both added up."""
        return Seconds(self.cpu + other.cpu, self.waiting + other.waiting)

    def __sub__(self, other: Seconds) -> Seconds:
        """What is left after the other is used."""
        return Seconds(self.cpu - other.cpu, self.waiting - other.waiting)

    def at_most(self, other: Seconds) -> Seconds:
        """The smaller of each."""
        return Seconds(min(self.cpu, other.cpu), min(self.waiting, other.waiting))

    @property
    def is_used_up(self) -> bool:
        """Whether the CPU time or the waiting is used up."""
        return self.cpu <= 0 or self.waiting <= 0


class Clock:
    """What one process has used since it started.

    `used` is exact in CPU time. Waiting is added up by `waited`, which the caller calls with the time that it has spent
    waiting for the process, at most `until_look`. Samples come at random times, so that nothing the process does, such
    as sending a byte, decides when.
    """

    def __init__(self, process: int, *, processes: Path = Path("/proc")) -> None:
        """Start counting for a process.

        Args:
            process: a descriptor of it, from `os.pidfd_open`.
            processes: where the kernel shows what processes do.

        Raises:
            SandboxError: the kernel shows nothing of this process, although it runs.
        """
        number = _number(process)
        self._clock = ~number << 3 | CPUCLOCK_SCHED if number > 0 else None
        self._state = processes / str(number) / "stat"
        if not self._is_seen() and not _has_ended(process):
            raise SandboxError(
                f"{processes}: hides the processes of submissions, so the grader cannot see whether they wait or "
                f"compute. Remount it: sudo mount -o remount,hidepid=0 {processes}"
            )
        self._cpu = self._waiting = 0.0
        self._looked_at_cpu = self._waited = 0.0
        self._look_at = _next_look()

    @property
    def until_look(self) -> float:
        """Seconds to wait for the process until it is sampled."""
        return self._look_at - self._waited

    @property
    def used(self) -> Seconds:
        """What it has used so far."""
        if self._clock is not None:
            try:
                self._cpu = time.clock_gettime(self._clock)
            except OSError:  # it has ended; the last reading still holds
                self._clock = None
        return Seconds(self._cpu, self._waiting)

    def waited(self, seconds: float) -> None:
        """Count seconds spent waiting for the process: as its own waiting, unless it computes or is ready to run."""
        self._waited += seconds
        if self._waited < self._look_at:
            return
        cpu = self.used.cpu
        computed = cpu - self._looked_at_cpu
        if not self._is_ready_to_run():
            self._waiting += max(self._waited - computed, 0.0)
        self._looked_at_cpu, self._waited, self._look_at = cpu, 0.0, _next_look()

    def _is_seen(self) -> bool:
        try:
            return bool(self._state.read_bytes())
        except OSError:
            return False

    def _is_ready_to_run(self) -> bool:
        try:
            state = self._state.read_bytes().rpartition(b") ")[2]
        except OSError:  # gone, or hidden by now: what cannot be seen is not waited for without end
            return False
        return state.startswith(b"R")


def _has_ended(process: int) -> bool:
    return bool(select.select([process], [], [], 0)[0])


def _next_look() -> float:
    return UNFORESEEN.uniform(0.0, 2 * LOOK_SECONDS)


def _number(process: int) -> int:
    """The number of a descriptor's process; -1 if it is gone."""
    lines = Path(f"/proc/self/fdinfo/{process}").read_text().splitlines()
    return next((int(line.partition(":")[2]) for line in lines if line.startswith("Pid:")), -1)
