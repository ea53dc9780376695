"""Many submissions, shared out among workers in small bundles; each result is handed on as it comes."""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass

from autograder.errors import AutograderError
from autograder.worker import Marked, Settings, Task, Work, failed, mark

# Bundles that wait at a worker while it marks one: enough that it never waits itself.
AHEAD = 2
LARGEST_BUNDLE = 8
# From the kernel's headers, for which Python has no name.
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Pool:
    """Where work is done.

    Attributes:
        opened: gives an executor; what it still has to do is dropped when it is left by an exception.
        workers: how many tasks it does at a time, 1 or more.
    """

    opened: Callable[[], AbstractContextManager[Executor]]
    workers: int


def local(workers: int) -> Pool:
    """Processes on this machine, which end with this one however it ends."""
    return Pool(lambda: _processes(workers), workers)


@contextlib.contextmanager
def _processes(workers: int) -> Iterator[Executor]:
    # a copy of this process has the course loaded already; one of a process with threads may wait for ever
    context = multiprocessing.get_context("fork" if threading.active_count() == 1 else "spawn")
    executor = ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(os.getpid(),))
    try:
        yield executor
    except BaseException:
        executor.shutdown(wait=False, cancel_futures=True)
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    executor.shutdown()


def _prepare(parent: int) -> None:
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
    bundles = _bundles(tasks, min(max(number // (pool.workers * 8), 1), LARGEST_BUNDLE))
    while True:
        lost = yield from _share_out(bundles, settings, pool, work)
        if not lost:
            return
        for task in lost:
            # a worker that dies takes others' work with it: each gets one more try, alone
            lost_again = yield from _share_out(iter([[task]]), settings, pool, work)
            yield from (failed(task, BrokenExecutor("it has ended two workers")) for task in lost_again)


def _bundles(tasks: Iterable[Task], size: int) -> Iterator[list[Task]]:
    waiting = iter(tasks)
    while bundle := list(itertools.islice(waiting, size)):
        yield bundle


def _share_out(
    bundles: Iterator[list[Task]], settings: Settings, pool: Pool, work: Work
) -> Generator[Marked, None, list[Task]]:
    """Keep every worker busy until there are no more bundles, or the pool breaks; returns what that has lost."""
    lost: list[Task] = []
    under_way: dict[Future[list[Marked]], list[Task]] = {}
    with pool.opened() as executor:
        while True:
            while not lost and len(under_way) < AHEAD * pool.workers and (bundle := next(bundles, None)):
                try:
                    under_way[executor.submit(work, settings, bundle)] = bundle
                except BrokenExecutor:
                    lost += bundle
            if not under_way:
                return lost
            done, _ = wait(under_way, return_when=FIRST_COMPLETED)
            for future in done:
                bundle = under_way.pop(future)
                error = future.exception()
                if isinstance(error, BrokenExecutor):
                    lost += bundle
                elif isinstance(error, AutograderError):
                    raise error
                elif error is not None:
                    yield from (failed(task, error) for task in bundle)
                else:
                    yield from future.result()
