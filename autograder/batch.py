"""Many submissions, in parallel processes; each result is handed on as it comes."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from autograder import course as courses
from autograder import submission
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


def find(path: Path) -> list[Item]:
    """Find the notebooks below a path.

    Args:
        path: a class, `<student>/<assignment>/*.ipynb` or `<student>/*.ipynb`; or one notebook.

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
        return [Item(_owner(path), path)]
    files = sorted(
        file for file in path.rglob("*.ipynb") if not any(part.startswith(".") for part in file.relative_to(path).parts)
    )
    if not files:
        raise UsageError(
            f"{path}: no .ipynb file is in it, but it has to hold <student>/<assignment>/<notebook>.ipynb; "
            "put the submissions there"
        )
    return [Item(_student(file, path), file) for file in files]


def _student(file: Path, folder: Path) -> str:
    inside = file.relative_to(folder).parts
    return inside[0] if len(inside) > 1 else folder.resolve().name


def _owner(file: Path) -> str:
    """Whose a single file is, as far as its folders tell: <student>/<assignment>/<assignment>.ipynb."""
    folder = file.resolve().parent
    return folder.parent.name if folder.name == file.stem else folder.name


def run(items: Sequence[Item], settings: Settings, workers: int) -> Iterator[Result]:
    """Mark items; results come as they are done, in any order.

    Args:
        items: what to mark.
        settings: the same for every item.
        workers: processes, 1 or more.
    """
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(settings,)) as pool:
        futures = {pool.submit(_grade, item): item for item in items}
        for future in as_completed(futures):
            yield future.result()


_graders: dict[str, Grader] = {}


def _prepare(settings: Settings) -> None:
    """Load the course once in each worker process; it cannot travel, as cases are drawn by functions."""
    course = courses.load(settings.course)
    _graders["grader"] = Grader(course, settings.seed, settings.limits, unsafe=settings.unsafe)


def _grade(item: Item) -> Result:
    try:
        report = _graders["grader"].grade(submission.open_file(item.path), item.student)
    except AutograderError as error:
        return Result(item, trouble=str(error))
    return Result(item, report)
