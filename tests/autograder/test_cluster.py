"""Many machines: a real scheduler and real workers, killed, stopped, disagreeing, and on two hosts of their own."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import distributed
import pytest

from autograder import batch, cluster
from autograder import course as courses
from autograder.class_run import ClassRun
from autograder.errors import ClusterError
from autograder.handed_in.folder import find
from autograder.limits import Limits
from autograder.report import results
from autograder.worker import COURSE, Settings
from tests.autograder.conftest import SCALE, TOTAL
from tests.whole import settings_of

LIMITS = Limits(call_seconds=1)
STUDENTS = 40
PATIENCE = 60.0
QUIET = ("--no-dashboard",)
Started = subprocess.Popen[bytes]


@pytest.fixture
def processes() -> Iterator[list[Started]]:
    """What a test has started; ended with it."""
    started: list[Started] = []
    yield started
    for process in started:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.fixture
def scheduler(processes: list[Started], tmp_path: Path) -> str:
    """The address of a scheduler of its own."""
    return start_scheduler(processes, tmp_path / "scheduler.json", "127.0.0.1")


def start_scheduler(processes: list[Started], told: Path, host: str, *prefix: str) -> str:
    """Start a scheduler; returns its address."""
    start(processes, "scheduler", "--host", host, "--port", "0", "--scheduler-file", told, prefix=prefix)
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
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **environment},
    )
    processes.append(process)
    return process


def start_worker(processes: list[Started], scheduler: str, *words: object, course: Path | None = None) -> Started:
    """Start a worker that is not started again when it dies."""
    environment = {COURSE: str(course)} if course else {}
    return start(processes, "worker", scheduler, "--no-nanny", "--nthreads", 1, *words, environment=environment)


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


@pytest.fixture
def many(submit: Callable[..., Path], tmp_path: Path) -> Path:
    """A class in which everybody has written something else."""
    for number in range(STUDENTS):
        submit(SCALE, TOTAL if number % 3 else "", f"x = {number}", student=f"student{number:03}")
    return tmp_path / "submitted"


def grade(
    many: Path, out: Path, settings: Settings, pool: batch.Pool, at: Mapping[int, Callable[[], object]] = {}
) -> None:
    """Mark a class; does something when so many are done."""
    with results.opened(out) as held:
        run = ClassRun(courses.load(settings.course), settings, held)

        def tell(_: str) -> None:
            if run.looked_at in at:
                at[run.looked_at]()

        run.tell = tell
        run.run(find(many), pool)
        held.write_class(run.summaries())
        assert run.troubles == []


def written(out: Path) -> dict[str, bytes]:
    """Every file of results."""
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def locally(many: Path, tmp_path: Path, settings: Settings) -> dict[str, bytes]:
    """What this machine alone writes."""
    grade(many, tmp_path / "local", settings, batch.local(2))
    return written(tmp_path / "local")


def test_a_cluster_writes_the_same_bytes(
    processes: list[Started], scheduler: str, many: Path, course_folder: Path, tmp_path: Path
) -> None:
    """Two workers, one of which does two things at a time, and one machine: every file is the same."""
    settings = settings_of(course_folder, 5, LIMITS)
    for threads in (1, 2):
        start_worker(processes, scheduler, "--nthreads", threads)

    wait_for_workers(scheduler, 2)
    with cluster.connected(scheduler, settings) as pool:
        grade(many, tmp_path / "out", settings, pool)

    assert written(tmp_path / "out") == locally(many, tmp_path, settings)


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP], ids=["dies", "stands still"])
def test_a_worker_that_fails_loses_nothing(  # noqa: PLR0917  fixtures
    processes: list[Started],
    scheduler: str,
    many: Path,
    course_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    blow: signal.Signals,
) -> None:
    """What it had is done by another; nothing is lost or there twice, and the run comes to its end."""
    settings = settings_of(course_folder, 5, LIMITS)
    monkeypatch.setattr(batch, "LEAST_PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(batch, "LOOK_SECONDS", 0.2)
    failing, _ = (start_worker(processes, scheduler) for _ in range(2))

    wait_for_workers(scheduler, 2)
    with cluster.connected(scheduler, settings) as pool:
        grade(many, tmp_path / "out", settings, pool, {4: lambda: os.kill(failing.pid, blow)})
        os.kill(failing.pid, signal.SIGKILL)

    assert written(tmp_path / "out") == locally(many, tmp_path, settings)


def another_course(course_folder: Path, tmp_path: Path) -> Path:
    """A copy of the course in which something has changed."""
    other = tmp_path / "elsewhere" / course_folder.name
    shutil.copytree(course_folder, other)
    with (other / "exercises" / "__init__.py").open("a") as file:
        file.write("# another course\n")
    return other


def test_a_worker_with_another_course_is_refused(
    processes: list[Started], scheduler: str, many: Path, course_folder: Path, tmp_path: Path
) -> None:
    """It is named with what differs, before anything is marked."""
    other = another_course(course_folder, tmp_path)
    start_worker(processes, scheduler, course=other)

    with (
        pytest.raises(ClusterError, match=r"worker on .*: its course is \w+, but has to be \w+, as on the machine"),
        cluster.connected(scheduler, settings_of(course_folder, 5, LIMITS)),
    ):
        pass


def test_a_worker_that_joins_late_is_asked_as_well(
    processes: list[Started], scheduler: str, many: Path, course_folder: Path, tmp_path: Path
) -> None:
    """Nothing is marked with another course, whenever its worker comes."""
    other = another_course(course_folder, tmp_path)
    settings = settings_of(course_folder, 5, LIMITS)
    first = start_worker(processes, scheduler)

    with cluster.connected(scheduler, settings) as pool:
        os.kill(first.pid, signal.SIGKILL)
        start_worker(processes, scheduler, course=other)

        with pytest.raises(ClusterError, match="its course is"):
            grade(many, tmp_path / "out", settings, pool)


def test_nobody_at_the_address_is_told(course_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In seconds, and with the command that starts a scheduler."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)

    with (
        pytest.raises(ClusterError, match=r"no scheduler answers there .*start it with: dask scheduler"),
        cluster.connected("tcp://127.0.0.1:9", settings_of(course_folder, 5, LIMITS)),
    ):
        pass


def test_no_workers_are_told(scheduler: str, course_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that starts some."""
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", 1)

    with (
        pytest.raises(ClusterError, match="it has no workers, but needs one; start some with: dask worker tcp://"),
        cluster.connected(scheduler, settings_of(course_folder, 5, LIMITS)),
    ):
        pass


GRADE = "from autograder.cli import main; main()"


def grade_command(many: Path, course_folder: Path, out: Path, scheduler: str, *prefix: str) -> Started:
    """The command, in a process of its own."""
    words = ["grade", many, "--course", course_folder, "--out", out, "--seed", 5, "--cluster", scheduler]
    return subprocess.Popen(  # noqa: S603  our own words
        [*prefix, sys.executable, "-c", GRADE, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_a_scheduler_that_goes_away_is_told(
    processes: list[Started], scheduler: str, many: Path, course_folder: Path, tmp_path: Path
) -> None:
    """What is done is kept, and the same command goes on with another one."""
    start_worker(processes, scheduler)
    out = tmp_path / "out"
    with grade_command(many, course_folder, out, scheduler) as first:
        wait_for(lambda: len([*out.glob("reports/*/*.json")]) >= 4 or first.poll() is not None)
        os.killpg(processes[0].pid, signal.SIGKILL)
        said = first.communicate()[1].decode()
    done = len([*out.glob("reports/*/*.json")])
    again = start_scheduler(processes, tmp_path / "again.json", "127.0.0.1")
    start_worker(processes, again)

    with grade_command(many, course_folder, out, again) as second:
        told = second.communicate()[0].decode()

    assert first.returncode == 2
    assert "the scheduler has gone, but what is left needs it" in said
    assert 4 <= done < STUDENTS
    assert f"{STUDENTS} marked with seed 5, {done} of them before" in told
    assert second.returncode == 0


# --- two hosts ----------------------------------------------------------------------------------------------------


WAIT = "import distributed, sys; distributed.Client(sys.argv[1]).wait_for_workers(int(sys.argv[2]), 60)"


@pytest.fixture
def hosts() -> Iterator[list[str]]:
    """Network namespaces of two hosts and of the machine between them: each sees the others by address alone."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        pytest.skip("network namespaces are made by root, with iproute2; CI has both")
    names = [f"grader-{os.getpid()}-{number}" for number in range(3)]
    try:
        for name in names:
            ip("netns", "add", name)
            ip("-n", name, "link", "set", "lo", "up")
        ip("-n", names[0], "link", "add", "bridge", "type", "bridge")
        ip("-n", names[0], "addr", "add", "10.77.0.1/24", "dev", "bridge")
        ip("-n", names[0], "link", "set", "bridge", "up")
        for number, name in enumerate(names[1:], 2):
            ip("-n", names[0], "link", "add", f"to{number}", "type", "veth", "peer", "name", "eth", "netns", name)
            ip("-n", names[0], "link", "set", f"to{number}", "master", "bridge", "up")
            ip("-n", name, "addr", "add", f"10.77.0.{number}/24", "dev", "eth")
            ip("-n", name, "link", "set", "eth", "up")
        yield names
    finally:
        for name in names:
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)  # noqa: S603, S607


def ip(*words: str) -> None:
    """Ask iproute2."""
    subprocess.run(["ip", *words], check=True, capture_output=True)  # noqa: S603, S607  our own words


def test_workers_on_two_hosts(
    processes: list[Started], hosts: list[str], many: Path, course_folder: Path, tmp_path: Path
) -> None:
    """Each has a copy of the course of its own, and both mark; the bytes are those of one machine."""
    inside = [("ip", "netns", "exec", name) for name in hosts]
    scheduler = start_scheduler(processes, tmp_path / "scheduler.json", "10.77.0.1", *inside[0])
    for number, prefix in enumerate(inside[1:], 2):
        copy = tmp_path / f"host{number}" / course_folder.name
        shutil.copytree(course_folder, copy)
        words = [scheduler, "--no-nanny", "--nthreads", 1, "--host", f"10.77.0.{number}"]
        start(processes, "worker", *words, prefix=prefix, environment={COURSE: str(copy)})

    waiting = [*inside[0], sys.executable, "-c", WAIT, scheduler, "2"]
    subprocess.run(waiting, check=True)  # noqa: S603  our own words
    with grade_command(many, course_folder, tmp_path / "out", scheduler, *inside[0]) as command:
        _, said = command.communicate()

    assert command.returncode == 0, said.decode()
    made = {name: data for name, data in written(tmp_path / "out").items() if name != "run.json"}
    settings = settings_of(course_folder, 5, courses.load(course_folder).limits)
    assert made == locally(many, tmp_path, settings)
