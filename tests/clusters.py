"""Clusters of processes on this machine, for tests: started, waited for and ended."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import distributed

ROOT = Path(__file__).parents[1]
PATIENCE = 120.0
# otherwise Dask serves pages on all addresses, at a port of its own
QUIET = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0")
Started = subprocess.Popen[bytes]


@contextlib.contextmanager
def ended() -> Iterator[list[Started]]:
    """What is started here ends here, stopped or not."""
    started: list[Started] = []
    try:
        yield started
    finally:
        for process in started:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            if process.stderr is not None:
                process.stderr.close()


def start_scheduler(
    processes: list[Started], told: Path, host: str, *words: object, prefix: tuple[str, ...] = (), **environment: str
) -> str:
    """Start a scheduler; returns its address."""
    words = ("--host", host, "--port", "0", "--scheduler-file", told, *words)
    start(processes, "scheduler", *words, prefix=prefix, environment=environment)
    wait_for(lambda: told.exists() and "address" in json.loads(told.read_text() or "{}"))
    return str(json.loads(told.read_text())["address"])


def start(
    processes: list[Started],
    kind: str,
    *words: object,
    prefix: tuple[str, ...] = (),
    environment: Mapping[str, str] = {},
) -> Started:
    """Start a scheduler or a worker."""
    command = [*prefix, sys.executable, "-m", "dask", kind, *map(str, words), *QUIET]
    process = subprocess.Popen(  # noqa: S603  our own words
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=ROOT,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment},
    )
    processes.append(process)
    return process


def start_worker(processes: list[Started], scheduler: str, *words: object, **environment: str) -> Started:
    """Start a worker that is not started again when it dies."""
    words = ("--host", "127.0.0.1", "--no-nanny", "--nthreads", 1, *words)
    return start(processes, "worker", scheduler, *words, environment=environment)


def wait_for_workers(scheduler: str, number: int) -> None:
    """Wait until so many workers have come."""
    with distributed.Client(scheduler, set_as_default=False) as client:
        client.wait_for_workers(number, PATIENCE)


def wait_for(condition: Callable[[], bool]) -> None:
    """Look until it is so."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        select.select([], [], [], 0.01)


def started_by_us(
    processes: list[Started],
    what: str,
    words: str,
    *,
    until: str = "Scheduler at: ",
    prefix: Sequence[str] = (),
    **environment: str,
) -> str:
    """Start a scheduler or workers as this project's commands do; returns the address that they tell."""
    code = f"from pathlib import Path; from autograder.grading import machines; machines.run_{what}({words})"
    process = subprocess.Popen(  # noqa: S603  our own words
        [*prefix, sys.executable, "-c", code],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    )
    processes.append(process)
    assert process.stderr is not None
    said = b""
    for line in process.stderr:
        said += line
        if until in line.decode():
            return line.decode().split()[-1]
    raise AssertionError(said.decode())


def descendants(processes: Sequence[int]) -> list[int]:
    """Processes, and all below them."""
    found = [*processes]
    for process in found:
        with contextlib.suppress(OSError):
            for thread in Path(f"/proc/{process}/task").iterdir():
                found += map(int, (thread / "children").read_text().split())
    return found
