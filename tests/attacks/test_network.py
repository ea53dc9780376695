"""A cluster, attacked without its key from the network, and by students who are marked on it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import ssl
import urllib.request
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import distributed
import pytest
from autograder.course.folder import Course, load_course
from autograder.errors import ClusterError
from autograder.grading import batch, cluster, cluster_key
from autograder.grading.class_run import ClassRun
from autograder.grading.worker import Settings
from autograder.handed_in.folder import find
from autograder.release.build import BuiltFile
from autograder.report import results
from course.sample_class import build
from distributed import core
from distributed.protocol.pickle import dumps

from tests.attacks.conftest import HONEST, LIMITS, SEED, build_folder
from tests.attacks.declared import in_notebooks
from tests.clusters import Started, descendants, ended, start_scheduler, start_worker, started_by_us
from tests.whole import settings_of

pytestmark = pytest.mark.thorough

# By which a scheduler and a worker, or the nanny of one, run whatever they are sent.
OPERATIONS = ("run_function", "run")
PAGES = ["status", "info/main/workers.html", "info/logs.html", "json/counts.json", "metrics", "health", "proxy/22/a/"]
LISTENING = "0A"
SECONDS = 10


# Attacks by students that could meet more on a cluster than elsewhere: sockets, processes, files, replies, and words.
STUDENTS = {
    *("loopback", "environment", "key_of_the_cluster", "processes", "files_found", "links_laid", "result_files"),
    *("kills_everyone", "closes_everything", "left_at_once", "reply_forged", "pickle_sent", "arrays_in_a_list"),
    *("terminal_codes", "script_in_a_message", "long_text", "formula_as_a_student", "tuples_that_take_long"),
}


@dataclass(frozen=True)
class Cluster:
    """A scheduler and its workers.

    Attributes:
        address: the scheduler's.
        key: its key; None if there is none.
        listening: (host, port) of all that its processes listen on.
    """

    address: str
    key: Path | None
    listening: Sequence[tuple[str, int]]


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster as `autograder scheduler` and `autograder worker` start it."""
    folder = tmp_path_factory.mktemp("closed")
    key, told = folder / "cluster.pem", {"TMPDIR": str(folder)}
    cluster_key.make(key, distributed)
    with ended() as processes:
        address = started_by_us(processes, "scheduler", f"Path({str(key)!r}), '127.0.0.1', 0", **told)
        started_by_us(processes, "workers", f"Path({str(key)!r}), {address!r}, 1", until="Registered to", **told)
        yield Cluster(address, key, listening(processes))


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster as Dask starts it when nobody asks for a key."""
    with ended() as processes:
        address = start_scheduler(processes, tmp_path_factory.mktemp("open") / "scheduler.json", "127.0.0.1")
        start_worker(processes, address)
        with distributed.Client(address, set_as_default=False) as client:
            client.wait_for_workers(1, 60)
        yield Cluster(address, None, listening(processes))


def listening(processes: Sequence[Started]) -> list[tuple[str, int]]:
    """Where these processes, and those they have started, listen."""
    found = []
    for process in descendants([process.pid for process in processes]):
        with contextlib.suppress(OSError):
            sockets = {re.sub(r"\D", "", str(link.readlink())) for link in Path(f"/proc/{process}/fd").iterdir()}
            for line in Path(f"/proc/{process}/net/tcp").read_text().splitlines()[1:]:
                _, local, _, state, *rest = line.split()
                if state == LISTENING and rest[5] in sockets:
                    host, port = local.split(":")
                    numbers = [str(byte) for byte in reversed(bytes.fromhex(host))]
                    found.append((".".join(numbers), int(port, 16)))
            assert LISTENING not in [
                line.split()[3]
                for line in Path(f"/proc/{process}/net/tcp6").read_text().splitlines()[1:]
                if line.split()[9] in sockets
            ]
    return sorted(set(found))


def attack(cluster: Cluster, left: Path, security: dict[str, Any], scheme: str, seconds: int = 2) -> None:
    """Send every port, by Dask's own protocol, a function that makes a folder on the machine, named as the port."""
    left.mkdir()

    async def send(port: int, operation: str) -> None:
        # who is refused is refused at once, but Dask tries again until this time is over
        comm = await distributed.comm.connect(f"{scheme}://127.0.0.1:{port}", timeout=seconds, **security)
        try:
            arguments = dumps((str(left / str(port)),))
            await core.send_recv(comm, op=operation, function=dumps(os.mkdir), args=arguments, reply=True)
        finally:
            comm.abort()

    async def send_all() -> None:
        sent = [send(port, operation) for _, port in cluster.listening for operation in OPERATIONS]
        # what is refused ends in many ways: closed, not understood, or with no answer
        await asyncio.gather(*(asyncio.wait_for(one, 2 * seconds) for one in sent), return_exceptions=True)

    with ThreadPoolExecutor(1) as thread:  # this one may have an event loop, where a browser is driven
        thread.submit(lambda: asyncio.run(send_all())).result()


def trusting(own: Path | None) -> dict[str, Any]:
    """A connection that believes everybody, with another certificate or none."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    if own is not None:
        context.load_cert_chain(own)
    return {"ssl_context": context, "require_encryption": False}


def test_dask_alone_runs_what_anybody_sends(opened: Cluster, tmp_path: Path) -> None:
    """The attack is one: without a key, both the scheduler and the worker do it."""
    attack(opened, tmp_path / "left", {}, "tcp", SECONDS)

    assert len([*(tmp_path / "left").iterdir()]) == 2


def test_nobody_without_the_key_runs_anything(closed: Cluster, tmp_path: Path) -> None:
    """Neither in plain text, nor without a certificate, nor with one of their own; on no port."""
    other = tmp_path / "other.pem"
    cluster_key.make(other, distributed)

    attack(closed, tmp_path / "plain", {}, "tcp")
    attack(closed, tmp_path / "nobody", trusting(None), "tls")
    attack(closed, tmp_path / "stranger", trusting(other), "tls")
    attack(closed, tmp_path / "friend", trusting(closed.key), "tls", SECONDS)

    left = {name: len([*(tmp_path / name).iterdir()]) for name in ("plain", "nobody", "stranger", "friend")}
    # scheduler, nanny and worker do what the key's owner sends: it is the key that keeps the others out
    assert left == {"plain": 0, "nobody": 0, "stranger": 0, "friend": 3}


def test_a_cluster_listens_where_it_was_asked_to(closed: Cluster) -> None:
    """On this machine's own address by default, with every port."""
    assert len(closed.listening) >= 3
    assert {host for host, _ in closed.listening} == {"127.0.0.1"}


def test_a_cluster_shows_no_pages(closed: Cluster) -> None:
    """Dask's pages name students and tasks and pass on requests: nobody is asked who they are."""
    told = []
    for _, port in closed.listening:
        for page in PAGES:
            with contextlib.suppress(OSError):
                answer = urllib.request.urlopen(f"http://127.0.0.1:{port}/{page}", timeout=SECONDS)
                told.append(f"{port}/{page}: {answer.status}")

    assert told == []


def test_students_get_on_a_cluster_what_they_get_elsewhere(
    closed: Cluster, course: Course, honest: str, tmp_path: Path
) -> None:
    """Attacks beside honest work: every file of results is the same, byte for byte, and the cluster lives on."""
    attacks = [attack for attack in in_notebooks() if attack.name in STUDENTS]
    sources = [
        file
        for group in sorted({attack.group for attack in attacks})
        for file in build.submissions(course, build_folder(group))
        if file.path.parts[0] in STUDENTS
    ]
    work = [BuiltFile(Path(name, "01_one_window", "01_one_window.ipynb"), honest) for name in HONEST]
    build.write([*work, *sources], tmp_path / "submitted")
    settings = settings_of(build.COURSE, SEED, LIMITS)

    alone = graded(tmp_path, "alone", settings, batch.local(2))
    with cluster.connected(closed.address, settings, closed.key) as pool:
        together = graded(tmp_path, "together", settings, pool)
    with cluster.connected(closed.address, settings, closed.key):
        pass

    assert len(alone) >= 2 * (len(STUDENTS) + len(HONEST))
    assert together == alone


def graded(folder: Path, name: str, settings: Settings, pool: batch.Pool) -> dict[str, bytes]:
    """Mark a class; every file of results."""
    out = folder / name
    with results.opened(out) as held:
        run = ClassRun(load_course(settings.course), settings, held)
        run.run(find(folder / "submitted"), pool)
        held.write_class(run.summaries())
        assert run.troubles == []
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def test_another_scheduler_is_not_believed(closed: Cluster, course: Course, tmp_path: Path) -> None:
    """Whoever stands where the scheduler was gets no submission, no seed, and says nothing that is read."""
    other = tmp_path / "other.pem"
    cluster_key.make(other, distributed)

    with (
        pytest.raises(ClusterError, match="no scheduler answers there"),
        cluster.connected(closed.address, settings_of(course.folder, 1), other),
    ):
        pass


def test_dask_keeps_nothing_where_others_write(tmp_path: Path) -> None:
    """The folder that Dask would share with everybody in /tmp, and that may be somebody else's, is not used."""
    key, shared = tmp_path / "cluster.pem", tmp_path / "dask-scratch-space"
    shared.mkdir(mode=0o777)
    cluster_key.make(key, distributed)
    with ended() as processes:
        started_by_us(processes, "scheduler", f"Path({str(key)!r}), '127.0.0.1', 0", TMPDIR=str(tmp_path))
        folders = [path for path in tmp_path.iterdir() if path.is_dir() and path != shared]

        assert [*shared.iterdir()] == []
        assert {path.stat().st_mode & 0o777 for path in folders} == {0o700}


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602])
def test_a_key_that_others_can_read_is_refused(mode: int, tmp_path: Path) -> None:
    """Before anything is started with it; a new one is for its owner alone."""
    key = tmp_path / "settings" / "cluster.pem"
    cluster_key.make(key, distributed)
    cluster_key.require(key)
    key.chmod(mode)

    with pytest.raises(ClusterError, match="other accounts on this machine may read the cluster's key") as refusal:
        cluster_key.require(key)
    assert str(refusal.value).endswith(f"Run: chmod 600 {key}")


def test_a_key_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With how to get it."""
    with pytest.raises(ClusterError, match="Start the scheduler, which makes it, and copy it from there"):
        cluster_key.require(tmp_path / "cluster.pem")


def test_a_key_is_never_replaced(tmp_path: Path) -> None:
    """What lies there may be another cluster's key, or a link to a file of somebody's."""
    key = tmp_path / "cluster.pem"
    key.symlink_to(tmp_path / "elsewhere")

    with pytest.raises(FileExistsError):
        cluster_key.make(key, distributed)
    assert not (tmp_path / "elsewhere").exists()
