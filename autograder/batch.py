"""Many submissions, in parallel processes; each result is handed on as it comes."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path

from autograder import course as courses
from autograder.errors import AutograderError
from autograder.grading import Grader
from autograder.handed_in.folder import Item, find
from autograder.handed_in.notebook import open_file
from autograder.limits import Limits
from autograder.model import Report

__all__ = ["Item", "Result", "Settings", "find", "run", "settle"]


@dataclass(frozen=True)
class Result:
    """What became of an item: a report, or the reason why it could not be marked."""

    item: Item
    report: Report | None = None
    trouble: str | None = None


@dataclass(frozen=True)
class Settings:
    """What every worker has to agree on."""

    course: Path
    seed: int
    limits: Limits
    unsafe: bool = False


def run(items: Sequence[Item], settings: Settings, workers: int) -> Iterator[Result]:
    """Mark items; results come as they are done, in any order.

    Args:
        items: what to mark.
        settings: the same for every item.
        workers: processes, 1 or more.
    """
    lost = []
    for result, died in _run_in_pool(items, settings, workers):
        if died:
            lost.append(result.item)
        else:
            yield result
    for item in lost:
        # a worker that dies takes others' work with it: each gets one more try, alone
        yield from (result for result, _ in _run_in_pool([item], settings, 1))


def _run_in_pool(items: Sequence[Item], settings: Settings, workers: int) -> Iterator[tuple[Result, bool]]:
    """Mark items in processes; also says of each result whether a process has died over it."""
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(settings,))
    try:
        futures = {pool.submit(_grade, item): item for item in items}
        for future in as_completed(futures):
            yield _result(future, futures[future]), isinstance(future.exception(), BrokenProcessPool)
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in multiprocessing.active_children():
            worker.terminate()
        raise
    pool.shutdown()


def settle(results: Sequence[Result]) -> list[Result]:
    """Keep one report for each student and assignment: of the file named as the assignment, else of the first.

    The others become troubles, so that somebody looks which of them counts.
    """
    kept: dict[tuple[str, str], Result] = {}
    for result in sorted(results, key=_rank):
        if result.report is not None:
            kept.setdefault((result.report.student, result.report.assignment), result)
    return [_only(result, kept) for result in results]


def _rank(result: Result) -> tuple[bool, str]:
    named = result.report is not None and result.item.path.stem == result.report.assignment
    return (not named, str(result.item.path))


def _only(result: Result, kept: Mapping[tuple[str, str], Result]) -> Result:
    if result.report is None:
        return result
    first = kept[result.report.student, result.report.assignment]
    if first is result:
        return result
    trouble = (
        f"{result.item.path}: {result.item.student} has handed in {result.report.assignment} twice, but one can count; "
        f"{first.item.path} was marked, remove one of them"
    )
    return Result(result.item, trouble=trouble)


def _result(future: Future[Result], item: Item) -> Result:
    try:
        return future.result()
    except Exception as error:  # noqa: BLE001  a fault of the grader, or a worker that was killed, must not lose the class
        return Result(item, trouble=f"{item.path}: the grader failed ({error!r}), but has to mark it; run it again")


_graders: dict[str, Grader] = {}


def _prepare(settings: Settings) -> None:
    """Load the course once in each worker process; it cannot travel, as cases are drawn by functions."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    course = courses.load(settings.course)
    _graders["grader"] = Grader(course, settings.seed, settings.limits, unsafe=settings.unsafe)
    Finalize(None, _graders["grader"].close, exitpriority=1)


def _grade(item: Item) -> Result:
    try:
        report = _graders["grader"].grade(open_file(item.path), item.student)
    except AutograderError as error:
        return Result(item, trouble=str(error))
    return Result(item, report)
