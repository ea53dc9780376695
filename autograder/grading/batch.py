"""Many submissions, shared out among workers in small bundles; each result is handed on as it comes."""

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

# Bundles that wait at a worker while it marks one: enough that it never waits itself.
AHEAD = 2
LARGEST_BUNDLE = 8
# Bytes of files that are in memory to be handed out or marked, but for the one that goes beyond.
MOST_BYTES = 64 << 20
# On many machines: a bundle that takes so many times as long as usual, and longer than any limit, is given to another.
PATIENCE, LEAST_PATIENCE_SECONDS = 5.0, 10.0
# How many machines may be at work on the same bundle; a machine that is gone for good is Dask's to find.
COPIES = 2
LOOK_SECONDS = 1.0
# From the kernel's headers, for which Python has no name.
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Pool:
    """Where work is done.

    Attributes:
        opened: gives an executor; what it still has to do is dropped when it is left by an exception.
        workers: tells how many tasks it does at a time, 1 or more; there may be more later.
        lost: what a future raises when a worker has died over it.
        gone: what a future raises when there is nobody left who could do it.
        address: where it is; of another machine, of which one may be slow. None for this one.
    """

    opened: Callable[[], AbstractContextManager[Executor]]
    workers: Callable[[], int]
    lost: tuple[type[BaseException], ...] = ()
    gone: tuple[type[BaseException], ...] = ()
    address: str | None = None


def local(workers: int) -> Pool:
    """Processes on this machine, which end with this one however it ends."""
    return Pool(lambda: _processes(workers), lambda: workers)


@contextlib.contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    # a copy of this process has the course loaded already; one of a process with threads may wait for ever
    context = multiprocessing.get_context("fork" if threading.active_count() == 1 else "spawn")
    # what is there now stays where it is: to look through it for garbage would copy it into every worker
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
    """Leave Ctrl-C to the parent, and end with it even if it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
    if os.getppid() != parent:
        os._exit(1)


def run(
    tasks: Iterable[Task], settings: Settings, pool: Pool, *, number: int = 0, work: Work = mark
) -> Iterator[Marked]:
    """Mark files; results come as they are done, in any order.

    Args:
        tasks: what to mark, read as it is needed.
        settings: the same for all.
        pool: where.
        number: about how many there are, to choose the size of bundles; 0 if nobody knows.
        work: what a worker does with a bundle.

    Raises:
        AutograderError: a worker cannot mark with these settings at all.
    """
    bundles = _bundles(tasks, min(max(number // (pool.workers() * 8), 1), LARGEST_BUNDLE))
    while True:
        lost = yield from _share_out(bundles, settings, pool, work)
        if not lost:
            return
        for task in lost:
            # a worker that dies takes others' work with it: each gets one more try, alone
            lost_again = yield from _share_out(iter([[task]]), settings, pool, work)
            yield from (failed(task, BrokenExecutor("it has ended two workers")) for task in lost_again)


def _bundles(tasks: Iterable[Task], size: int) -> Iterator[list[Task]]:
    """Tasks in bundles, which are smaller where files are large."""
    bundle: list[Task] = []
    for task in tasks:
        bundle.append(task)
        if len(bundle) == size or _bytes_of(bundle) > MOST_BYTES // size:
            yield bundle
            bundle = []
    if bundle:
        yield bundle


def _bytes_of(bundle: Iterable[Task]) -> int:
    return sum(len(task.data or b"") for task in bundle)


def _share_out(
    bundles: Iterator[list[Task]], settings: Settings, pool: Pool, work: Work
) -> Generator[Marked, None, list[Task]]:
    """Keep every worker busy until there are no more bundles, or the pool breaks; returns what that has lost."""
    with pool.opened() as executor:
        shared = _Shared(executor, settings, pool, work)
        while shared.hand_out(bundles):
            yield from shared.collect()
    return shared.lost


@dataclass
class _Shared:
    """Bundles under way.

    Attributes:
        lost: tasks over which a worker has died.
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

    def hand_out(self, bundles: Iterator[list[Task]]) -> bool:
        """Give each worker enough to do; False if nothing is under way any more."""
        bundle, enough = None, AHEAD * self.pool.workers()
        while not self.lost and self._has_room(enough) and (bundle := next(bundles, None)):
            self._number += 1
            self._open[self._number] = bundle
            self._submit(self._number)
        if bundle is None and self.pool.address is not None:
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
        """Give to another worker what takes far longer than usual: a slow machine must not hold up the run.

        It gives the same result, so that the first one counts.
        """
        usual = statistics.median(self._took) if self._took else math.inf
        overdue = time.monotonic() - max(PATIENCE * usual, LEAST_PATIENCE_SECONDS)
        copies = Counter(self._futures.values())
        for number in [number for number in self._open if copies[number] < COPIES and self._since[number] < overdue]:
            self._submit(number)

    def collect(self) -> Iterator[Marked]:
        """Wait for a result, and hand on what it says."""
        timeout = None if self.pool.address is None else LOOK_SECONDS
        done, _ = wait(self._futures, timeout, return_when=FIRST_COMPLETED)
        for future in done:
            number = self._futures.pop(future)
            bundle = self._open.pop(number, None)
            if bundle is not None:
                self._took.append(time.monotonic() - self._since[number])
                yield from self._result(future, bundle)

    def _result(self, future: Future[list[Marked]], bundle: list[Task]) -> Iterator[Marked]:
        error = CancelledError() if future.cancelled() else future.exception()
        if error is None:
            yield from future.result()
        elif isinstance(error, (BrokenExecutor, *self.pool.lost)):
            self.lost += bundle
        elif isinstance(error, self.pool.gone):
            raise ClusterError(
                f"{self.pool.address}: the scheduler has gone, but what is left needs it; start it and its workers "
                "again, and run the same command: it goes on where this one stopped"
            ) from error
        elif isinstance(error, AutograderError):
            raise error
        else:
            yield from (failed(task, error) for task in bundle)
