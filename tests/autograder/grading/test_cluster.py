"""Many machines: a real scheduler and real workers, killed, stopped, disagreeing, and on two hosts of their own."""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import dask.config
import distributed
import pytest
from click.testing import CliRunner

from autograder import commands
from autograder.bounds import TooMuchError, bounded
from autograder.course.folder import load_course
from autograder.errors import ClusterError, SandboxError
from autograder.grading import apart, batch, cluster, cluster_key, machines
from autograder.grading.class_run import ClassRun
from autograder.grading.worker import COURSE, Marked, Settings, Task, mark
from autograder.handed_in.folder import find
from autograder.report import results
from autograder.sandbox import bubblewrap
from tests.autograder.conftest import SCALE, TOTAL, notebook_text
from tests.clusters import Started, ended, start_scheduler, start_worker, started_by_us, wait_for, wait_for_workers
from tests.whole import settings_of

pytestmark = pytest.mark.thorough

ROOT = Path(__file__).parents[3]
STUDENTS = 24


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


def test_a_submission_that_ends_what_marks_it_is_told(
    steady: tuple[str, list[Started]], many: Path, settings: Settings
) -> None:
    """It is no endless loop: others are marked, whoever ends it alone as well is named, and Dask's worker lives on."""
    address, workers = steady
    tasks = [Task(item.student, item.path, item.path.read_bytes()) for item in find(many)[:4]]

    with cluster.connected(address, settings) as pool:
        done = list(batch.run(tasks, settings, pool, work=die_over_the_second))

    assert [worker.poll() for worker in workers] == [None, None]

    assert {one.student: one.summary is not None for one in done} == {
        "student000": True,
        "student001": False,
        "student002": True,
        "student003": True,
    }
    assert ["two workers died over it" in one.trouble for one in done if one.trouble] == [True]


def die_over_the_second(settings: Settings, tasks: Sequence[Task]) -> list[Marked]:
    """Mark, unless it is the second student's."""
    if any(task.student == "student001" for task in tasks):
        os.kill(os.getpid(), signal.SIGKILL)
    return mark(settings, tasks)


def test_a_submission_has_limits_on_a_cluster_too(
    steady: tuple[str, list[Started]], many: Path, settings: Settings
) -> None:
    """One that keeps the grader itself busy, or fills its memory, is stopped as on one machine."""
    tasks = [Task(item.student, item.path, b"") for item in find(many)[:2]]

    with cluster.connected(steady[0], settings) as pool:
        done = list(batch.run(tasks, settings, pool, work=take_too_much))

    assert {one.trouble for one in done} == {"stopped by its limits"}


def take_too_much(settings: Settings, tasks: Sequence[Task]) -> list[Marked]:
    """Never end, and then fill the memory; each has a limit."""
    return [Marked(task.student, task.path, trouble=stopped()) for task in tasks]


def stopped() -> str:
    """What is said when both limits hold."""
    turns = itertools.repeat(None, 1 << 29)
    with pytest.raises(TooMuchError), bounded(seconds=0.1):
        for _ in turns:
            pass
    with pytest.raises(TooMuchError), bounded(size=1 << 26):
        bytearray(1 << 28)
    return "stopped by its limits"


# --- who is refused ------------------------------------------------------------------------------------------------


def another_course(course_folder: Path, tmp_path: Path, changed: str = "exercises/__init__.py") -> Path:
    """A copy of the course in which a file is longer."""
    other = tmp_path / "elsewhere" / course_folder.name
    shutil.copytree(course_folder, other)
    (other / changed).parent.mkdir(exist_ok=True)
    with (other / changed).open("a") as file:
        file.write("\nANOTHER = 'course'\n")
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
    assert "so it cannot be used. Install the versions of the machine that runs the command." in lacking
    assert f"worker on {socket.gethostname()}: its course is " in differing
    assert (
        f"instead of {settings.versions.course}. Install the versions of the machine that runs the command."
        in differing
    )


@pytest.mark.parametrize("changed", ["exercises/__init__.py", "notebooks/scaling.py", "data/images.npz"])
def test_a_machine_with_another_course_says_so(
    changed: str, course_folder: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exercises, notebooks and data decide marks: a copy in which one of them differs is another course."""
    monkeypatch.setenv(COURSE, str(another_course(course_folder, tmp_path, changed)))

    said = apart.once(cluster.trouble, settings)

    assert said is not None
    assert "its course is " in said
    assert f"instead of {settings.versions.course}. Install the versions of the machine that runs the command." in said


def test_a_worker_looks_at_the_course_anew(
    steady: tuple[str, list[Started]], course_folder: Path, settings: Settings, tmp_path: Path
) -> None:
    """Workers outlive a run: one that has marked a course takes another one, or the same one changed, as it is now."""
    other = another_course(course_folder, tmp_path)
    changed = apart.once(settings_there, replace(settings, course=other))

    with cluster.connected(steady[0], settings):
        pass
    with cluster.connected(steady[0], changed):
        pass
    (other / "exercises" / "__init__.py").write_text((course_folder / "exercises" / "__init__.py").read_text())
    assert "its course is " in refused(steady[0], changed)


def settings_there(settings: Settings) -> Settings:
    """Settings with the versions of their course, in a process that has read no other."""
    return settings_of(settings.course, settings.seed, settings.limits)


@pytest.mark.parametrize("part", ["engine", "numpy"])
def test_a_machine_with_another_version_says_so(settings: Settings, part: str) -> None:
    """With what it has, what it has to have, and what to do."""
    own = getattr(settings.versions, part)
    other = replace(settings, versions=replace(settings.versions, **{part: "0.0.1"}))

    assert cluster.trouble(settings) is None
    assert cluster.trouble(other) == (
        f"worker on {socket.gethostname()}: its {part} is {own} instead of 0.0.1. Install the versions of the "
        "machine that runs the command."
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


async def agree(_settings: Settings) -> None:
    """Find no trouble, without looking."""


def test_workers_that_do_not_answer_are_told(
    steady: tuple[str, list[Started]],
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Of two, the run goes on with the other; of none, it is refused."""
    address, workers = steady
    monkeypatch.setattr(cluster, "trouble_there", agree)
    with cluster.connected(address, settings):
        pass  # so that they have this module, and answer at once
    monkeypatch.setattr(cluster, "ANSWER_SECONDS", 1)
    try:
        os.kill(workers[0].pid, signal.SIGSTOP)
        with cluster.connected(address, settings):
            said = capfd.readouterr().err
        os.kill(workers[1].pid, signal.SIGSTOP)
        with (
            pytest.raises(ClusterError, match=r"none of its 2 workers answers within 1 s\. Stop them"),
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
        "dask worker tcp://scheduler:8786 --host 127.0.0.1 --nworkers auto --nthreads 1",
    ]


# --- who does not answer -------------------------------------------------------------------------------------------


@pytest.fixture
def listening() -> Iterator[socket.socket]:
    """A port of this machine on which somebody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def refused(address: str, settings: Settings, key: Path | None = None) -> str:
    """What is told of an address."""
    with pytest.raises(ClusterError) as refusal, cluster.connected(address, settings, key):
        pass
    return str(refusal.value)


def test_nobody_at_the_address_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """In seconds, and with the command that starts a scheduler."""
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 1)

    said = refused("tcp://127.0.0.1:9", settings)

    assert said.startswith("tcp://127.0.0.1:9: no scheduler answers there (")
    assert ". Start it with: autograder scheduler; if it runs, copy its key here" in said


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


def test_what_is_no_address_is_told(settings: Settings, tmp_path: Path) -> None:
    """At once, and with one that would be."""
    key = tmp_path / "cluster.pem"
    cluster_key.make(key, distributed)

    said = refused("tls://127.0.0.1:port", settings, key)

    assert said.startswith("tls://127.0.0.1:port: this is not an address that can be used (")
    assert "Give the one that `autograder scheduler` prints, such as tls://10.0.0.1:8786" in said


@pytest.mark.parametrize(
    "address",
    [
        *("", "scheduler", "10.0.0.1:8786", "127.0.0.1:8786", "tcp://10.0.0.1:8786", "tcp://scheduler:8786"),
        *("tcp://0.0.0.0:8786", "tcp://[::]:8786", "tcp://[::", "tcp://127.0.0.1@10.0.0.1:8786", "tcp://:8786"),
        *("tcp://127.0.0.1:port", "tcp://10.0.0.1#@127.0.0.1:8786", "telnet://127.0.0.1:8786"),
        *("tcp://127.0.0.1.example.org:8786", "ws://127.0.0.1:8786", "ucx://127.0.0.1:8786", "inproc://a/b"),
    ],
)
def test_a_cluster_that_is_open_to_the_network_is_refused(address: str, settings: Settings) -> None:
    """Before anything is sent there, and with what closes it."""
    said = refused(address, settings)

    assert said.startswith(f"{address} is neither encrypted (tls://) nor on this machine alone (tcp://127.0.0.1). ")
    assert "Start it with `autograder scheduler` and `autograder worker`" in said


@pytest.mark.parametrize("part", ["tcp://10.0.0.1:8786", "ws://127.0.0.1:8786"])
@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "tcp://localhost:8786", "tls://10.0.0.1:8786"])
def test_a_part_that_is_open_to_the_network_is_refused(address: str, part: str) -> None:
    """A scheduler or worker that also listens elsewhere, or without encryption, lets anybody in."""
    cluster._require_closed(address, [address])

    with pytest.raises(ClusterError) as refusal:
        cluster._require_closed(address, [address, part])
    assert str(refusal.value).startswith(f"{address}: its part {part} is neither encrypted (tls://) nor ")


def test_a_scheduler_on_every_address_is_refused(
    processes: list[Started], settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it is reached by this machine's own one."""
    scheduler = start_scheduler(processes, tmp_path / "scheduler.json", "0.0.0.0")  # noqa: S104  that is the point
    port = scheduler.rpartition(":")[2]
    start_worker(processes, f"tcp://127.0.0.1:{port}")
    elsewhere = "127.0.0.1" not in scheduler
    if not elsewhere:
        pytest.skip("this machine has no other address; CI has one")

    assert f"its part {scheduler} is neither encrypted" in refused(f"tcp://127.0.0.1:{port}", settings)


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
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nothing"))
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
    assert "cluster.pem: the cluster's key is not there" in nobody


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


def grade_command(
    many: Path, course_folder: Path, out: Path, scheduler: str, *prefix: str, key: Path | None = None
) -> Started:
    """The command, in a process of its own."""
    words = ["grade", many, "--course", course_folder, "--out", out, "--seed", 5, "--cluster", scheduler]
    words += [] if key is None else ["--key", key]
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
    assert "lost the connection to the scheduler. Start it and its workers again" in said
    assert "Traceback" not in said
    assert 4 <= done < STUDENTS
    assert second.kept == done
    assert without_run(written(out)) == alone


def without_run(files: dict[str, bytes]) -> dict[str, bytes]:
    """Files of results, but the command's own note of its seed."""
    return {name: data for name, data in files.items() if name != "run.json"}


# --- two hosts ----------------------------------------------------------------------------------------------------


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
    key = tmp_path / "cluster.pem"
    cluster_key.make(key, distributed)
    words = f"Path({str(key)!r}), '10.77.0.1', 0"
    scheduler = started_by_us(processes, "scheduler", words, prefix=inside[0], TMPDIR=str(tmp_path))
    for number, prefix in enumerate(inside[1:], 2):
        copy = tmp_path / f"host{number}" / course_folder.name
        shutil.copytree(course_folder, copy)
        words = f"Path({str(key)!r}), {scheduler!r}, 1"
        told = {"until": "Registered to", "TMPDIR": str(tmp_path), COURSE: str(copy)}
        started_by_us(processes, "workers", words, prefix=prefix, **told)

    with grade_command(many, course_folder, tmp_path / "out", scheduler, *inside[0], key=key) as command:
        _, said = command.communicate()

    assert command.returncode == 0, said.decode()
    assert without_run(written(tmp_path / "out")) == alone


# --- the commands --------------------------------------------------------------------------------------------------


def test_the_scheduler_makes_a_key_once_and_says_what_is_next(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key lies in the user's settings if nobody says otherwise; the words can be typed as they are."""
    started: list[tuple[object, ...]] = []
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setattr(machines, "run_scheduler", lambda *words: started.append(words))

    first = CliRunner().invoke(commands.autograder, ["scheduler", "--host", "10.0.0.1"])
    made = (tmp_path / "autograder" / "cluster.pem").read_bytes()
    second = CliRunner().invoke(
        commands.autograder, ["scheduler", "--key", str(tmp_path / "autograder" / "cluster.pem")]
    )

    assert first.output.splitlines() == [
        f"{cluster_key.usual()}: made the cluster's key. Copy it to the same place on every machine of the cluster.",
        "On each machine: autograder worker tls://10.0.0.1:8786",
        "Then: autograder grade submitted/ --cluster tls://10.0.0.1:8786",
    ]
    assert second.output.splitlines()[0].endswith(f"tls://127.0.0.1:8786 --key {cluster_key.usual()}")
    assert cluster_key.usual().read_bytes() == made
    assert started == [(cluster_key.usual(), "10.0.0.1", 8786), (cluster_key.usual(), "127.0.0.1", 8786)]


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "10.0.0.1:8786", "scheduler"])
def test_a_worker_is_started_with_a_key_only(address: str, tmp_path: Path) -> None:
    """It listens for whoever has the key, and so goes to no scheduler without one."""
    done = CliRunner().invoke(commands.autograder, ["worker", address, "--key", str(tmp_path / "cluster.pem")])

    assert done.exit_code == commands.USAGE
    assert f"{address}: give the address that `autograder scheduler` prints" in done.output
