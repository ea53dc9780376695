"""Many machines: a real scheduler and real workers, killed, stopped, disagreeing, and on two hosts of their own."""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import dask.config
import distributed
import pytest

from autograder.course.folder import load_course
from autograder.errors import ClusterError, SandboxError
from autograder.grading import batch, cluster
from autograder.grading.class_run import ClassRun
from autograder.grading.worker import COURSE, Marked, Settings, Task, mark
from autograder.handed_in.folder import find
from autograder.report import results
from autograder.sandbox import bubblewrap
from tests.autograder.conftest import SCALE, TOTAL, notebook_text
from tests.whole import settings_of

ROOT = Path(__file__).parents[3]
STUDENTS = 24
PATIENCE = 60.0
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


@pytest.fixture
def processes() -> Iterator[list[Started]]:
    """What a test has started; ended with it."""
    with ended() as started:
        yield started


@pytest.fixture(scope="module")
def steady(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, list[Started]]]:
    """A cluster that every test leaves as it was: its address, and two workers; one does two things at a time."""
    with ended() as started:
        address = start_scheduler(started, tmp_path_factory.mktemp("steady") / "scheduler.json", "127.0.0.1")
        workers = [start_worker(started, address, "--nthreads", threads) for threads in (1, 2)]
        wait_for_workers(address, 2)
        yield address, workers


@pytest.fixture
def scheduler(processes: list[Started], tmp_path: Path) -> str:
    """The address of a scheduler of its own."""
    return start_scheduler(processes, tmp_path / "scheduler.json", "127.0.0.1")


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


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class in which everybody has written something else."""
    folder = tmp_path_factory.mktemp("many")
    for number in range(STUDENTS):
        path = folder / f"student{number:03}" / "scaling" / "scaling.ipynb"
        path.parent.mkdir(parents=True)
        path.write_text(notebook_text(SCALE, TOTAL if number % 3 else "", f"x = {number}"))
    return folder


@pytest.fixture(scope="module")
def settings(course_folder: Path) -> Settings:
    """What the command gives to the workers as well."""
    return settings_of(course_folder, 5, load_course(course_folder).limits)


@pytest.fixture(scope="module")
def alone(many: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What this machine alone writes."""
    out = tmp_path_factory.mktemp("alone") / "out"
    grade(many, out, settings, batch.local(2))
    return written(out)


def grade(
    many: Path, out: Path, settings: Settings, pool: batch.Pool, at: Mapping[int, Callable[[], object]] = {}
) -> ClassRun:
    """Mark a class; does something when so many are done."""
    with results.opened(out) as held:
        run = ClassRun(load_course(settings.course), settings, held)

        def tell(_: str) -> None:
            if run.looked_at in at:
                at[run.looked_at]()

        run.tell = tell
        run.run(find(many), pool)
        held.write_class(run.summaries())
        assert run.troubles == []
        return run


def written(out: Path) -> dict[str, bytes]:
    """Every file of results."""
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_a_cluster_writes_the_same_bytes(
    steady: tuple[str, list[Started]], many: Path, alone: dict[str, bytes], settings: Settings, tmp_path: Path
) -> None:
    """Two workers, one of which does two things at a time, and one machine: every file is the same."""
    with cluster.connected(steady[0], settings) as pool:
        grade(many, tmp_path / "out", settings, pool)

    assert written(tmp_path / "out") == alone


def test_a_worker_that_dies_loses_nothing(  # noqa: PLR0917  fixtures
    processes: list[Started],
    scheduler: str,
    many: Path,
    alone: dict[str, bytes],
    settings: Settings,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Another does its work; when none is left, that is told, and one that comes later goes on."""
    first, second = (start_worker(processes, scheduler) for _ in range(2))

    def kill_and_replace() -> None:
        os.kill(second.pid, signal.SIGKILL)
        threading.Thread(target=replace_it, daemon=True).start()

    said: list[str] = []

    def replace_it() -> None:
        # without the words as well, so that a run that does not say them ends
        with contextlib.suppress(AssertionError):
            wait_for(lambda: said.append(capfd.readouterr().err) or "no workers left" in "".join(said))
        start_worker(processes, scheduler)

    wait_for_workers(scheduler, 2)
    with cluster.connected(scheduler, settings) as pool:
        at = {4: lambda: os.kill(first.pid, signal.SIGKILL), 10: kill_and_replace}
        grade(many, tmp_path / "out", settings, pool, at)

    assert written(tmp_path / "out") == alone
    assert f"{scheduler}: it has no workers left; waiting for some, from: dask worker tcp://" in "".join(said)


def test_a_worker_that_stands_still_holds_up_nobody(  # noqa: PLR0917  fixtures
    processes: list[Started],
    scheduler: str,
    many: Path,
    alone: dict[str, bytes],
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What it had is done by another; nothing is lost or there twice, and the run comes to its end."""
    monkeypatch.setattr(batch, "LEAST_PATIENCE_SECONDS", 1.0)
    monkeypatch.setattr(batch, "LOOK_SECONDS", 0.2)
    failing, _ = (start_worker(processes, scheduler) for _ in range(2))

    wait_for_workers(scheduler, 2)
    with cluster.connected(scheduler, settings) as pool:
        grade(many, tmp_path / "out", settings, pool, {4: lambda: os.kill(failing.pid, signal.SIGSTOP)})

    assert written(tmp_path / "out") == alone


def test_a_submission_that_ends_workers_is_told(
    processes: list[Started], many: Path, settings: Settings, tmp_path: Path
) -> None:
    """It is no endless loop: others are marked, and whoever ends a worker alone as well is named."""
    told = tmp_path / "scheduler.json"
    allowed = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}
    scheduler = start_scheduler(processes, told, "127.0.0.1", **allowed)
    for _ in range(3):
        start_worker(processes, scheduler)
    tasks = [Task(item.student, item.path, item.path.read_bytes()) for item in find(many)[:4]]

    wait_for_workers(scheduler, 3)
    with cluster.connected(scheduler, settings) as pool:
        done = list(batch.run(tasks, settings, pool, work=die_over_the_second))

    assert {one.student: one.summary is not None for one in done} == {
        "student000": True,
        "student001": False,
        "student002": True,
        "student003": True,
    }
    assert ["it has ended two workers" in one.trouble for one in done if one.trouble] == [True]


def die_over_the_second(settings: Settings, tasks: Sequence[Task]) -> list[Marked]:
    """Mark, unless it is the second student's."""
    if any(task.student == "student001" for task in tasks):
        os.kill(os.getpid(), signal.SIGKILL)
    return mark(settings, tasks)


# --- who is refused ------------------------------------------------------------------------------------------------


def another_course(course_folder: Path, tmp_path: Path) -> Path:
    """A copy of the course in which something has changed."""
    other = tmp_path / "elsewhere" / course_folder.name
    shutil.copytree(course_folder, other)
    with (other / "exercises" / "__init__.py").open("a") as file:
        file.write("# another course\n")
    return other


def without_an_engine(folder: Path) -> Path:
    """A folder that hides this package from Python, as if it were not installed."""
    (folder / "autograder").mkdir(parents=True)
    hidden = "raise ModuleNotFoundError(\"No module named 'autograder'\")"
    (folder / "autograder" / "__init__.py").write_text(hidden)
    return folder


def test_workers_that_would_mark_otherwise_are_refused(
    processes: list[Started], scheduler: str, course_folder: Path, settings: Settings, tmp_path: Path
) -> None:
    """Each is named with what differs, before anything is marked."""
    start_worker(processes, scheduler, **{COURSE: str(another_course(course_folder, tmp_path))})
    start_worker(processes, scheduler, PYTHONSAFEPATH="1", PYTHONPATH=str(without_an_engine(tmp_path / "bare")))

    wait_for_workers(scheduler, 2)
    with pytest.raises(ClusterError) as refusal, cluster.connected(scheduler, settings):
        pass

    lacking, differing = sorted(str(refusal.value).splitlines(), key=lambda line: "its course" in line)
    assert "this worker cannot say what it marks with (" in lacking
    assert "No module named 'autograder'" in lacking
    assert "but has to mark as the machine that asks; install the same there" in lacking
    assert f"worker on {socket.gethostname()}: its course is " in differing
    assert f"but has to be {settings.versions.course}, as on the machine that asks; install the same" in differing


@pytest.mark.parametrize("part", ["engine", "numpy"])
def test_a_machine_with_another_version_says_so(settings: Settings, part: str) -> None:
    """With what it has, what it has to have, and what to do."""
    own = getattr(settings.versions, part)
    other = replace(settings, versions=replace(settings.versions, **{part: "0.0.1"}))

    assert cluster.trouble(settings) is None
    assert cluster.trouble(other) == (
        f"worker on {socket.gethostname()}: its {part} is {own}, but has to be 0.0.1, as on the machine that asks; "
        "install the same there"
    )


def test_a_machine_that_can_make_no_jail_says_so(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """By name, with the reason; without a jail, nobody asks."""

    def refuse() -> str:
        raise SandboxError("jail: bubblewrap is not here")

    monkeypatch.setattr(bubblewrap, "find", refuse)

    assert cluster.trouble(settings) == f"{socket.gethostname()}: jail: bubblewrap is not here"
    assert cluster.trouble(replace(settings, unsafe=True)) is None


def test_a_worker_that_joins_late_is_asked_as_well(
    processes: list[Started], scheduler: str, many: Path, course_folder: Path, settings: Settings, tmp_path: Path
) -> None:
    """Nothing is marked with another course, whenever its worker comes."""
    other = another_course(course_folder, tmp_path)
    first = start_worker(processes, scheduler)

    with cluster.connected(scheduler, settings) as pool:
        os.kill(first.pid, signal.SIGKILL)
        start_worker(processes, scheduler, **{COURSE: str(other)})

        with pytest.raises(ClusterError, match="its course is"):
            grade(many, tmp_path / "out", settings, pool)


def test_workers_that_do_not_answer_are_told(
    steady: tuple[str, list[Started]],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Of two, the run goes on with the other; of none, it is refused."""
    address, workers = steady
    with cluster.connected(address, settings):
        pass  # so that they have the course, and answer at once
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 1)
    try:
        os.kill(workers[0].pid, signal.SIGSTOP)
        with cluster.connected(address, settings):
            said = capfd.readouterr().err
        os.kill(workers[1].pid, signal.SIGSTOP)
        with (
            pytest.raises(ClusterError, match="none of its 2 workers answers within 1 s, but one has to; end them"),
            cluster.connected(address, settings),
        ):
            pass
    finally:
        for worker in workers:
            os.kill(worker.pid, signal.SIGCONT)

    assert said.count("this worker does not answer; going on with the others") == 1


class Client:
    """A client whose scheduler answers as it is told to."""

    def __init__(self, *answers: dict[str, int] | Exception) -> None:
        """Take the answers in turn."""
        self.answers = list(answers)

    def nthreads(self, callback_timeout: float) -> dict[str, int]:
        """The next answer; one that could be waited for without end is not asked for."""
        assert callback_timeout == cluster.CONNECT_SECONDS
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_a_scheduler_that_falls_silent_is_told_once(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is waited for with the number of workers that it named last; one that has gone is told elsewhere."""
    monkeypatch.setattr(cluster, "LOOK_SECONDS", -1)
    client = Client({"a": 2, "b": 1}, TimeoutError(), TimeoutError(), OSError("closed"), {"a": 2}, {})
    workers = cluster._Threads(client, "tcp://scheduler:8786")

    numbers = [workers() for _ in range(5)]

    said = capfd.readouterr().err.splitlines()
    assert numbers == [3, 3, 3, 2, 1]
    assert said == [
        "tcp://scheduler:8786: the scheduler does not answer; waiting for it, but Ctrl-C keeps what is done",
        "tcp://scheduler:8786: it has no workers left; waiting for some, from: "
        "dask worker tcp://scheduler:8786 --nworkers auto --nthreads 1",
    ]


# --- who does not answer -------------------------------------------------------------------------------------------


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A port of this machine on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def refused(address: str, settings: Settings) -> str:
    """What is told of an address."""
    with pytest.raises(ClusterError) as refusal, cluster.connected(address, settings):
        pass
    return str(refusal.value)


def test_nobody_at_the_address_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """In seconds, and with the command that starts a scheduler."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)

    said = refused("tcp://127.0.0.1:9", settings)

    assert said.startswith("tcp://127.0.0.1:9: no scheduler answers there (")
    assert said.endswith("), but one has to; start it with: dask scheduler")


def test_somebody_who_says_nothing_is_told(
    listening: socket.socket, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A scheduler that hangs takes the call: that must not be waited for without end."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)
    address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"

    assert refused(address, settings).startswith(f"{address}: no scheduler answers there (TimeoutError)")


def test_another_service_at_the_address_is_told(listening: socket.socket, settings: Settings) -> None:
    """What it says is not taken for a message, however long one it would be."""
    address = f"tcp://127.0.0.1:{listening.getsockname()[1]}"

    def answer() -> None:
        connection, _ = listening.accept()
        with connection:
            connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            connection.recv(1 << 16)

    threading.Thread(target=answer, daemon=True).start()

    assert refused(address, settings).startswith(f"{address}: no scheduler answers there (Unable to allocate ")


@pytest.mark.parametrize("address", ["", "scheduler", "tcp://127.0.0.1:port", "telnet://127.0.0.1:8786"])
def test_what_is_no_address_is_told(address: str, settings: Settings) -> None:
    """At once, and with one that would be."""
    said = refused(address, settings)

    assert said.startswith(f"{address}: it is no address that can be used (")
    assert "give the one that dask scheduler prints, such as tcp://scheduler:8786" in said


def test_no_workers_are_told(
    scheduler: str, settings: Settings, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """That they are waited for, and then the command that starts some."""
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", 1)

    said = refused(scheduler, settings)

    assert said.startswith(f"{scheduler}: it has no workers, but needs one; start some with: dask worker {scheduler} ")
    assert capfd.readouterr().err == f"{scheduler}: waiting for workers ...\n"


def test_strangers_are_kept_out_by_certificates(
    processes: list[Started], settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By tls:// a grader with the cluster's certificate is let in, and neither another's nor none is."""
    if shutil.which("openssl") is None:
        pytest.skip("certificates are made by openssl, which is not here; install it")
    monkeypatch.setattr(cluster, "WORKERS_SECONDS", 0.5)
    own, strange = certificate(tmp_path / "own"), certificate(tmp_path / "strange")
    words = ("--protocol", "tls", *tls_words(own))
    scheduler = start_scheduler(processes, tmp_path / "scheduler.json", "127.0.0.1", *words)

    with dask.config.set(tls_settings(own, own)):
        friend = refused(scheduler, settings)
    with dask.config.set(tls_settings(own, strange)):
        stranger = refused(scheduler, settings)
    nobody = refused(scheduler, settings)

    assert scheduler.startswith("tls://")
    assert "it has no workers, but needs one" in friend
    assert "no scheduler answers there (" in stranger
    assert "tls:// needs certificates in Dask's settings, distributed.comm.tls" in nobody


def certificate(folder: Path) -> Path:
    """Make a certificate that signs itself, and its key, in a folder."""
    folder.mkdir()
    new = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=grader"]
    words = [*new, "-keyout", "key.pem", "-out", "certificate.pem"]
    subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)  # noqa: S603, S607  our own words
    return folder


def tls_words(folder: Path) -> list[str]:
    """The options by which a scheduler or worker is given a certificate."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    return ["--tls-ca-file", f"{certificate}", "--tls-cert", f"{certificate}", "--tls-key", f"{key}"]


def tls_settings(authority: Path, folder: Path) -> dict[str, str]:
    """The settings by which a grader is given a certificate."""
    return {
        "distributed.comm.tls.ca-file": str(authority / "certificate.pem"),
        "distributed.comm.tls.client.cert": str(folder / "certificate.pem"),
        "distributed.comm.tls.client.key": str(folder / "key.pem"),
    }


GRADE = "from autograder.cli import main; main()"


def grade_command(many: Path, course_folder: Path, out: Path, scheduler: str, *prefix: str) -> Started:
    """The command, in a process of its own."""
    words = ["grade", many, "--course", course_folder, "--out", out, "--seed", 5, "--cluster", scheduler]
    return subprocess.Popen(  # noqa: S603  our own words
        [*prefix, sys.executable, "-c", GRADE, *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def test_a_scheduler_that_goes_away_is_told(  # noqa: PLR0917  fixtures
    processes: list[Started],
    scheduler: str,
    steady: tuple[str, list[Started]],
    many: Path,
    alone: dict[str, bytes],
    settings: Settings,
    tmp_path: Path,
) -> None:
    """In a sentence alone; what is done is kept, and another one goes on."""
    start_worker(processes, scheduler)
    out = tmp_path / "out"
    with grade_command(many, settings.course, out, scheduler) as first:
        wait_for(lambda: len([*out.glob("reports/*/*.json")]) >= 4 or first.poll() is not None)
        os.killpg(processes[0].pid, signal.SIGKILL)
        said = first.communicate()[1].decode()
    done = len([*out.glob("reports/*/*.json")])

    with cluster.connected(steady[0], settings) as pool:
        second = grade(many, out, settings, pool)

    assert first.returncode == 2
    assert "the scheduler has gone, but what is left needs it; start it and its workers again" in said
    assert "Traceback" not in said
    assert 4 <= done < STUDENTS
    assert second.kept == done
    assert without_run(written(out)) == alone


def without_run(files: dict[str, bytes]) -> dict[str, bytes]:
    """Files of results, but the command's own note of its seed."""
    return {name: data for name, data in files.items() if name != "run.json"}


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
    processes: list[Started], hosts: list[str], many: Path, alone: dict[str, bytes], course_folder: Path, tmp_path: Path
) -> None:
    """Each has a copy of the course of its own, and both mark; the bytes are those of one machine."""
    inside = [("ip", "netns", "exec", name) for name in hosts]
    scheduler = start_scheduler(processes, tmp_path / "scheduler.json", "10.77.0.1", prefix=inside[0])
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
    assert without_run(written(tmp_path / "out")) == alone
