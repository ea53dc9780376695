"""Many submissions: shared out among workers, each marked once, whatever happens to a worker."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, Future
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograder.course.folder import load_course
from autograder.course.versions import Versions
from autograder.errors import ClusterError
from autograder.grading import batch
from autograder.grading.class_run import ClassRun
from autograder.grading.worker import Marked, Settings, Task, mark
from autograder.handed_in.folder import find
from autograder.report.results import Results
from autograder.sandbox.limits import Limits
from tests.autograder.conftest import SCALE, TOTAL, notebook_text
from tests.whole import mark_class, settings_of

LIMITS = Limits(call_seconds=1)


def test_a_class_is_marked_the_same_by_any_number_of_workers(course_folder: Path, submit: Callable[..., Path]) -> None:
    """Order and number of processes do not change a report."""
    for student, cells in {"ada": [SCALE, TOTAL], "bao": [SCALE], "chidi": []}.items():
        path = submit(*cells, student=student)
    items = find(path.parents[2])
    settings = settings_of(course_folder, 5, LIMITS)

    one = mark_class(items, settings, 1)
    two = mark_class(list(reversed(items)), settings, 2)

    assert one == two
    assert {name: report.marks for name, report in one.by_student.items()} == {"ada": 10, "bao": 6, "chidi": 0}


def test_what_cannot_be_marked_is_named_and_stops_nobody(course_folder: Path, submit: Callable[..., Path]) -> None:
    """A stranger among the notebooks is a result with a reason."""
    good = submit(SCALE, TOTAL, student="ada")
    stranger = good.parents[1] / "notes" / "notes.ipynb"
    stranger.parent.mkdir()
    stranger.write_text(notebook_text("x = 1", assignment=None))

    done = mark_class(find(good.parents[2]), settings_of(course_folder, 5, LIMITS), 1)

    assert [report.marks for report in done.reports] == [10]
    assert ["not an assignment" in trouble for _, trouble in done.troubles] == [True]


def test_students_are_named_by_their_folders(submit: Callable[..., Path]) -> None:
    """The first folder is the student's, for a class and for a single file."""
    path = submit(SCALE, student="ada")

    assert [item.student for item in find(path.parents[2])] == ["ada"]
    assert [item.student for item in find(path)] == ["ada"]


def test_a_students_own_folder_may_be_marked_alone(submit: Callable[..., Path]) -> None:
    """Marking submitted/ada names ada, not her assignments."""
    path = submit(SCALE, student="ada")

    assert [item.student for item in find(path.parents[1], ["scaling"])] == ["ada"]


def test_nobody_hands_in_for_another(submit: Callable[..., Path]) -> None:
    """The first folder below the class is the student, whatever lies deeper and wherever a link leads."""
    path = submit(SCALE, student="ada")
    class_folder = path.parents[2]
    nested = class_folder / "mallory" / "ada" / "scaling" / "scaling.ipynb"
    nested.parent.mkdir(parents=True)
    nested.write_text(notebook_text("x = 1"))
    link = class_folder / "trudy" / "scaling" / "scaling.ipynb"
    link.parent.mkdir(parents=True)
    link.symlink_to(path)

    owners = {item.path: item.student for item in find(class_folder, ["scaling"])}

    assert owners == {path: "ada", nested: "mallory", link: "trudy"}


def test_a_name_that_is_no_text_loses_nobody(course_folder: Path, submit: Callable[..., Path]) -> None:
    """A folder named in another encoding is marked under a name that can be written."""
    path = submit(SCALE, TOTAL, student=os.fsdecode(b"ad\xe9"))

    (report,) = mark_class(find(path.parents[2]), settings_of(course_folder, 5, LIMITS), 1).reports

    assert (report.student, report.marks) == ("ad\\xe9", 10)


def test_of_two_notebooks_one_counts(course_folder: Path, submit: Callable[..., Path]) -> None:
    """The one that is named as the assignment is kept, and the other told, whichever comes first."""
    path = submit(SCALE, TOTAL)
    path.with_name("scaling-Copy1.ipynb").write_text(notebook_text(SCALE))

    done = mark_class(find(path.parents[2]), settings_of(course_folder, 5, LIMITS), 1)

    assert [report.marks for report in done.reports] == [10]
    ((_, trouble),) = done.troubles
    assert "ada handed in scaling twice" in trouble


def test_only_the_one_that_counts_is_marked(course_folder: Path, submit: Callable[..., Path]) -> None:
    """Copies take no time of a worker: each is told, and none is handed out."""
    path = submit(SCALE, TOTAL)
    for number in range(20):
        path.with_name(f"a{number}.ipynb").write_text(notebook_text(SCALE))
    run = ClassRun(load_course(course_folder), settings_of(course_folder, 5, LIMITS), Results(Path()))

    tasks = list(run._tasks(find(path.parents[2])))

    assert [task.path for task in tasks] == [path]
    assert len(run.troubles) == run.looked_at == 20


class _Waiting(Executor):
    """Never does anything."""

    def submit(self, *_: Any) -> Any:  # type: ignore[override]
        """Take it."""
        return Future()


@pytest.mark.parametrize(("size", "most"), [(400, 4), (1, 40), (5000, 1)])
def test_the_files_in_memory_have_a_bound(
    course_folder: Path, monkeypatch: pytest.MonkeyPatch, size: int, most: int
) -> None:
    """No more large files are read than fit, however many workers wait; small ones are handed out as ever."""
    monkeypatch.setattr(batch, "MOST_BYTES", 1000)
    read: list[int] = []

    def tasks() -> Iterator[Task]:
        for number in range(40):
            read.append(number)
            yield Task("ada", Path(f"{number}.ipynb"), b"x" * size)

    pool = batch.Pool(lambda: nullcontext(_Waiting()), lambda: 100)
    shared = batch._Shared(_Waiting(), settings_of(course_folder, 5, LIMITS), pool, mark)

    assert shared.hand_out(batch._batches(tasks(), 8))

    assert len(read) <= most
    assert size > 1 or len(read) == most


def test_a_fault_of_the_grader_is_told_and_stops_nobody(course_folder: Path, submit: Callable[..., Path]) -> None:
    """A worker that raises costs its own submissions only."""
    items = find(submit(SCALE).parents[2])

    done = mark_class(items, settings_of(course_folder, 5, LIMITS), 1, work=_divide)

    ((_, trouble),) = done.troubles
    assert "the grader failed (ZeroDivisionError('division by zero')); grade this file alone" in trouble


def test_a_worker_that_dies_takes_nobody_with_it(course_folder: Path, submit: Callable[..., Path]) -> None:
    """Those whose work it held are marked by another; who kills two is told."""
    for student in ("ada", "mallory", "zoe"):
        path = submit(SCALE, TOTAL, student=student)
    tasks = [Task(item.student, item.path, item.path.read_bytes()) for item in find(path.parents[2])]

    done = list(batch.run(tasks, settings_of(course_folder, 5, LIMITS), batch.local(1), work=_die_over_mallory))

    assert {one.student: one.summary is not None for one in done} == {"ada": True, "mallory": False, "zoe": True}
    assert ["two workers died over it" in one.trouble for one in done if one.trouble] == [True]


def _die_over_mallory(settings: Settings, tasks: Sequence[Task]) -> list[Marked]:
    if any(task.student == "mallory" for task in tasks):
        os.kill(os.getpid(), signal.SIGKILL)
    return mark(settings, tasks)


class StandingStill(Executor):
    """Machines that take work, and do none."""

    def __init__(self) -> None:
        """Nothing was handed to them yet."""
        self.given: list[Future[Any]] = []

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        """Take it."""
        self.given.append(Future())
        return self.given[-1]


def test_no_more_than_two_machines_do_the_same(
    course_folder: Path, submit: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What stands still is handed out again once, however long that takes; the first result counts, once."""
    monkeypatch.setattr(batch, "LEAST_PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(batch, "LOOK_SECONDS", 0.001)
    path = submit(SCALE)
    tasks = [Task(item.student, item.path, item.path.read_bytes()) for item in find(path.parents[2])]
    executor = StandingStill()
    settings = settings_of(course_folder, 5, LIMITS)
    shared = batch._Shared(executor, settings, batch.Pool(lambda: nullcontext(executor), lambda: 1, address="x"), mark)
    shared._took = [0.0]

    for _ in range(20):
        shared.hand_out(iter([tasks] if not shared._open else []))
        list(shared.collect())
    again = len(executor.given)
    for future in executor.given:
        future.set_result(mark(settings, tasks))
    done = list(shared.collect())

    assert again == 2
    assert [one.student for one in done] == ["ada"]


def _divide(*_: object) -> list[Marked]:
    raise ZeroDivisionError("division by zero")


def test_a_worker_that_would_give_other_marks_refuses(course_folder: Path, submit: Callable[..., Path]) -> None:
    """Another engine or course is named, with what it has to be, and nothing is marked with it."""
    settings = settings_of(course_folder, 5, LIMITS)
    other = replace(settings, versions=Versions(settings.versions.course, "0.0.1+other", settings.versions.numpy))

    with pytest.raises(ClusterError, match=r"its engine is .* instead of 0\.0\.1\+other"):
        mark_class(find(submit(SCALE).parents[2]), other, 1, work=mark)


def test_checkpoints_are_not_submissions(submit: Callable[..., Path]) -> None:
    """Jupyter's copies in hidden folders are left out."""
    path = submit(SCALE)
    copy = path.parent / ".ipynb_checkpoints" / "scaling-checkpoint.ipynb"
    copy.parent.mkdir()
    copy.write_text(path.read_text())

    assert [item.path for item in find(path.parents[2])] == [path]
