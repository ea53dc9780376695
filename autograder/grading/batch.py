"""Share many submissions among workers in small batches; results come as they are done."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import math
import multiprocessing
import os
import signal
import statistics
import threading
import time
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from autograder.errors import AutograderError, ClusterError
from autograder.grading.worker import Marked, Settings, Task, Work, failed, mark

# Batches that wait at a worker while it grades one, so that it never runs out of work.
AHEAD = 2
LARGEST_BATCH = 8
# Bytes of files in memory that wait or are graded; only one file may exceed this.
MOST_BYTES = 64 << 20
# On many machines: a batch that takes this many times as long as usual, and this many seconds, gets a second worker.
PATIENCE, LEAST_PATIENCE_SECONDS = 5.0, 10.0
# How many machines may work on the same batch; Dask notices machines that are gone for good.
COPIES = 2
LOOK_SECONDS = 1.0
# From the kernel's headers; Python has no name for it.
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Pool:
    """Where work is done.

    Attributes:
        opened: gives an executor; if an exception leaves it, its remaining work is dropped.
        workers: how many tasks it does at a time, 1 or more; the number may grow.
        lost: what a future raises when a worker died over it.
        gone: what a future raises when no worker is left.
        address: where it is, if on other machines, of which some may be slow; None for this machine.
    """

    opened: Callable[[], AbstractContextManager[Executor]]
    workers: Callable[[], int]
    lost: tuple[type[BaseException], ...] = ()
    gone: tuple[type[BaseException], ...] = ()
    address: str | None = None


def local(workers: int) -> Pool:
    """Processes on this machine, which end when this one does, in whatever way."""
    return Pool(lambda: _processes(workers), lambda: workers)


@contextlib.contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    # a fork has the course loaded already; but the fork of a process with threads may hang
    context = multiprocessing.get_context("fork" if threading.active_count() == 1 else "spawn")
    # garbage collection of existing objects would copy them into every worker
    gc.freeze()
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=prepare, initargs=(os.getpid(),))
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    executor.shutdown()


def prepare(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end with the parent even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


def run(
    tasks: Iterable[Task], settings: Settings, pool: Pool, *, number: int = 0, work: Work = mark
) -> Iterator[Marked]:
    """Grade files; results come as they are done, in any order.

    Args:
        tasks: what to grade, read when needed.
        settings: the same for all.
        pool: where.
        number: the approximate number of tasks, to choose the size of batches; 0 if unknown.
        work: what a worker does with a batch.

    Raises:
        AutograderError: no worker can grade with these settings.
    """
    batches = _batches(tasks, min(max(number // (pool.workers() * 8), 1), LARGEST_BATCH))
    while True:
        lost = yield from _share_out(batches, settings, pool, work)
        if not lost:
            return
        for task in lost:
            # a worker that dies takes others' work with it: each task gets one more try, alone
            lost_again = yield from _share_out(iter([[task]]), settings, pool, work)
            yield from (failed(task, BrokenExecutor("two workers died over it")) for task in lost_again)


def _batches(tasks: Iterable[Task], size: int) -> Iterator[list[Task]]:
    """Tasks in batches; batches of large files are smaller."""
    batch: list[Task] = []
    for task in tasks:
        batch.append(task)
        if len(batch) == size or _bytes_of(batch) > MOST_BYTES // size:
            yield batch
            batch = []
    if batch:
        yield batch


def _bytes_of(batch: Iterable[Task]) -> int:
    return sum(len(task.data or b"") for task in batch)


def _share_out(
    batches: Iterator[list[Task]], settings: Settings, pool: Pool, work: Work
) -> Generator[Marked, None, list[Task]]:
    """Keep every worker busy until there are no more batches or the pool breaks; returns the lost tasks."""
    with pool.opened() as executor:
        shared = _Shared(executor, settings, pool, work)
        while shared.hand_out(batches):
            yield from shared.collect()
    return shared.lost


@dataclass
class _Shared:
    """Batches in progress.

    Attributes:
        lost: tasks over which a worker died.
    """

    executor: Executor
    settings: Settings
    pool: Pool
    work: Work
    lost: list[Task] = field(default_factory=list)
    _futures: dict[Future[list[Marked]], int] = field(default_factory=dict)
    _open: dict[int, list[Task]] = field(default_factory=dict)
    _since: dict[int, float] = field(default_factory=dict)
    _took: list[float] = field(default_factory=list)
    _number: int = 0

    def hand_out(self, batches: Iterator[list[Task]]) -> bool:
        """Give each worker enough to do; False if nothing is in progress any more."""
        batch, enough = None, AHEAD * self.pool.workers()
        while not self.lost and self._has_room(enough) and (batch := next(batches, None)):
            self._number += 1
            self._open[self._number] = batch
            self._submit(self._number)
        if batch is None and self.pool.address is not None:
            self._hand_out_again()
        return bool(self._open)

    def _has_room(self, enough: int) -> bool:
        return len(self._open) < enough and sum(map(_bytes_of, self._open.values())) < MOST_BYTES

    def _submit(self, number: int) -> None:
        try:
            future = self.executor.submit(self.work, self.settings, self._open[number])
        except BrokenExecutor:
            self.lost += self._open.pop(number)
        else:
            self._futures[future] = number
            self._since[number] = time.monotonic()

    def _hand_out_again(self) -> None:
        """Give a batch that takes far longer than usual to a second worker: a slow machine must not delay the run.

        Both give the same result, so the first one counts.
        """
        usual = statistics.median(self._took) if self._took else math.inf
        overdue = time.monotonic() - max(PATIENCE * usual, LEAST_PATIENCE_SECONDS)
        copies = Counter(self._futures.values())
        for number in [number for number in self._open if copies[number] < COPIES and self._since[number] < overdue]:
            self._submit(number)

    def collect(self) -> Iterator[Marked]:
        """Wait for results, and yield them."""
        timeout = None if self.pool.address is None else LOOK_SECONDS
        done, _ = wait(self._futures, timeout, return_when=FIRST_COMPLETED)
        for future in done:
            number = self._futures.pop(future)
            batch = self._open.pop(number, None)
            if batch is not None:
                self._took.append(time.monotonic() - self._since[number])
                yield from self._result(future, batch)

    def _result(self, future: Future[list[Marked]], batch: list[Task]) -> Iterator[Marked]:
        error = CancelledError() if future.cancelled() else future.exception()
        if error is None:
            yield from future.result()
        elif isinstance(error, (BrokenExecutor, *self.pool.lost)):
            self.lost += batch
        elif isinstance(error, self.pool.gone):
            raise ClusterError(
                f"{self.pool.address}: lost the connection to the scheduler. Start it and its workers again, then run "
                "the same command to resume."
            ) from error
        elif isinstance(error, AutograderError):
            raise error
        else:
            yield from (failed(task, error) for task in batch)
