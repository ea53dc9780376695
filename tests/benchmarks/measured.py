"""What a command costs: wall and CPU seconds, and the largest memory of it and all that it starts."""

from __future__ import annotations

import contextlib
import os
import platform
import resource
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

GRADE = (sys.executable, "-c", "from autograder.cli import main; main()", "grade")
EVERY_SECONDS = 0.2


@dataclass(frozen=True)
class Cost:
    """What one command took.

    Attributes:
        wall: seconds from start to end.
        cpu: seconds of all processes, those that were waited for.
        memory: bytes of the whole tree at its largest, shared pages counted once; 0 if it was not looked at.
        said: what it wrote.
    """

    wall: float
    cpu: float
    memory: int
    said: str


def grade(folder: Path, out: Path, *, workers: int, memory: bool = False) -> Cost:
    """What it costs to mark a class from nothing.

    Raises:
        RuntimeError: something was not graded.
    """
    words = [str(folder), "--out", str(out), "--seed", "7", "--workers", str(workers)]
    return run([*GRADE, *words], memory=memory)


def run(command: Sequence[str], *, folder: Path | None = None, memory: bool = False) -> Cost:
    """Run a command to its end.

    Raises:
        RuntimeError: it fails.
    """
    before, start = _cpu(), os.times().elapsed
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:  # noqa: S603  our own words
        largest = [0]
        ended = threading.Event()
        watcher = threading.Thread(target=_watch, args=(process.pid, ended, largest))
        if memory:
            watcher.start()
        said, _ = process.communicate()
        ended.set()
        if memory:
            watcher.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command[:4])}: exit status {process.returncode}: {said[-800:]}")
    return Cost(os.times().elapsed - start, _cpu() - before, largest[0], said)


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _watch(process: int, ended: threading.Event, largest: list[int]) -> None:
    while not ended.wait(EVERY_SECONDS):
        largest[0] = max(largest[0], sum(map(_memory, _tree(process))))


def _tree(process: int) -> list[int]:
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return []
    return [process, *(one for child in children for one in _tree(int(child)))]


def _memory(process: int) -> int:
    """Bytes of a process; what several share counts once in all."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    return 0


def machine() -> str:
    """What a table has to say of where it comes from."""
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, NumPy {np.__version__}"
