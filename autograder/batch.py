"""Many submissions, in parallel processes; each result is handed on as it comes."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

from autograder import course as courses
from autograder import reading
from autograder.errors import AutograderError, UsageError
from autograder.grading import Grader
from autograder.model import Report
from autograder.sandbox.parent import Limits


@dataclass(frozen=True)
class Item:
    """A file to mark, and whose it is."""

    student: str
    path: Path


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


def find(path: Path, assignments: Collection[str] = ()) -> list[Item]:
    """Find the notebooks below a path.

    Args:
        path: a class, `<student>/<assignment>/*.ipynb` or `<student>/*.ipynb`; one student's folder; or one notebook.
        assignments: names of the course's assignments, to tell a student's folder from a class.

    Raises:
        UsageError: there is nothing to mark.
    """
    if not path.exists():
        raise UsageError(
            f"{path}: it is not there, but has to be a folder of submissions or a notebook; mind the spelling"
        )
    if path.is_file():
        if path.suffix != ".ipynb":
            raise UsageError(
                f"{path}: it is a {path.suffix or 'plain'} file, but has to be a folder or an .ipynb file; name one"
            )
        folder = path.absolute().parent
        return [Item(_name(folder.parent if folder.name == path.stem else folder), path)]
    files = sorted(
        file for file in path.rglob("*.ipynb") if not any(part.startswith(".") for part in file.relative_to(path).parts)
    )
    if not files:
        raise UsageError(
            f"{path}: no .ipynb file is in it, but it has to hold <student>/<assignment>/<notebook>.ipynb; "
            "put the submissions there"
        )
    folders = {file.relative_to(path).parts[0] for file in files if file.parent != path}
    is_one_student = folders <= set(assignments)
    return [Item(_name(path.absolute()) if is_one_student else _owner(file, path), file) for file in files]


def _owner(file: Path, folder: Path) -> str:
    """The student's folder is the first one below the class's; nothing that lies deeper, and no link, decides it."""
    return _name(folder.absolute() if file.parent == folder else folder / file.relative_to(folder).parts[0])


def _name(folder: Path) -> str:
    """A folder's name as text that can be shown and written: in UTF-8, on one line."""
    text = os.fsencode(folder.name).decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)


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


def _grade(item: Item) -> Result:
    try:
        report = _graders["grader"].grade(reading.open_file(item.path), item.student)
    except AutograderError as error:
        return Result(item, trouble=str(error))
    return Result(item, report)
