"""No submission holds up the grader itself, or fills its memory: it gets a sentence, and all others are marked."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import bounds
from autograder.bounds import TooMuchError, bounded
from autograder.course.folder import Course
from autograder.grading import grader, worker
from autograder.grading.worker import Marked, Task, mark
from autograder.handed_in import notebook
from autograder.marking.pairs import what
from autograder.marking.scheme import Effect, draw
from autograder.report import fragment
from tests.autograder.conftest import SCALE, TOTAL
from tests.whole import settings_of


def compute_for_ever(*_arguments: object, **_options: object) -> None:
    """Never come back."""
    while True:
        pass


def fill_memory(*_arguments: object, **_options: object) -> None:
    """Take more than any machine has."""
    taken = []
    while True:
        taken.append(bytearray(1 << 28))


@pytest.mark.parametrize("work", [compute_for_ever, fill_memory])
def test_work_without_end_is_ended(work: Callable[[], None]) -> None:
    """By its CPU time or its memory; afterwards the process is as it was."""
    before = resource.getrlimit(resource.RLIMIT_AS), signal.getsignal(signal.SIGPROF)

    with pytest.raises(TooMuchError), bounded(0.2, 1 << 30):
        work()

    assert (resource.getrlimit(resource.RLIMIT_AS), signal.getsignal(signal.SIGPROF)) == before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_another_thread_is_left_alone() -> None:
    """Only a main thread can be interrupted: elsewhere the work is done without limits."""
    done = []

    def work() -> None:
        with bounded(0.001):
            done.append(sum(range(1000)))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()

    assert done == [499_500]


@pytest.mark.parametrize("work", [compute_for_ever, fill_memory])
@pytest.mark.parametrize(
    "where", [(notebook, "_first_notebook"), (grader, "run"), (grader, "mark")], ids=["read", "run", "judge"]
)
def test_one_submission_costs_no_other(
    course_folder: Path,
    submit: Callable[..., Path],
    monkeypatch: pytest.MonkeyPatch,
    where: tuple[object, str],
    work: Callable[[], None],
) -> None:
    """Whatever stage it is, that submission gets no marks and a sentence; the one behind it has its marks."""
    paths = [submit(SCALE, TOTAL, student=student) for student in ("attacker", "honest")]
    tasks = [Task(path.parts[-3], path, path.read_bytes()) for path in paths]
    module, name = where
    real, calls = getattr(module, name), []

    def once(*arguments: object, **options: object) -> object:
        calls.append(name)
        return (work if len(calls) == 1 else real)(*arguments, **options)

    monkeypatch.setattr(module, name, once)
    attacker, honest = limited(monkeypatch, course_folder, tasks)

    assert attacker.summary is not None
    assert honest.summary is not None
    assert (sum(attacker.summary.marks), sum(honest.summary.marks)) == (0, 10)
    assert bounds.TOO_MUCH in attacker.summary.remarks


@pytest.mark.parametrize("work", [compute_for_ever, fill_memory])
def test_a_picture_that_takes_too_much_is_left_out(
    course_folder: Path, submit: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, work: Callable[[], None]
) -> None:
    """Marks and words stay, as the answers are marked already; the page says what it lacks."""
    path = submit("def scale(x, factor=2):\n    return x * 2", TOTAL)
    monkeypatch.setattr(fragment, "comparison", work)

    (made,) = limited(monkeypatch, course_folder, [Task("ada", path, path.read_bytes())])

    assert made.summary is not None
    assert (made.summary.marks, made.summary.remarks) == ((3, 4), (worker.NO_PICTURES,))
    assert "the ignored factor" in made.report
    assert worker.NO_PICTURES in made.page


def test_what_catches_every_exception_does_not_keep_work_from_ending() -> None:
    """As where a known mistake raises, or a picture cannot be drawn."""
    with pytest.raises(TooMuchError), bounded(0.2), contextlib.suppress(Exception):
        compute_for_ever()


@pytest.mark.parametrize("work", [compute_for_ever, fill_memory])
def test_what_ends_one_submission_is_not_kept_for_the_next(
    course: Course, monkeypatch: pytest.MonkeyPatch, work: Callable[[], None]
) -> None:
    """What a known mistake does is worked out once for a class: never as an end of time or memory."""
    scheme = draw(course.assignments[0].exercises[0], 5)
    trial = next(one for one in scheme.trials if one.behaviour == "factor")
    call = type(trial).call
    monkeypatch.setattr(type(trial), "call", work)

    with pytest.raises(TooMuchError), bounded(0.2, 1 << 30):
        trial.known["S1"]
    with pytest.raises(TooMuchError), bounded(0.2, 1 << 30):
        what(lambda x, factor: x, trial)

    monkeypatch.setattr(type(trial), "call", call)
    assert isinstance(trial.known["S1"], Effect)
    assert trial.known["S1"].raises is None


def limited(monkeypatch: pytest.MonkeyPatch, course_folder: Path, tasks: list[Task]) -> list[Marked]:
    """Mark with small limits."""
    for module in (notebook, grader, worker):
        monkeypatch.setattr(module, "bounded", lambda: bounded(1, 1 << 30))
    return mark(settings_of(course_folder, 5), tasks)
