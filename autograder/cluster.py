"""Many machines: the workers of a Dask cluster, as an executor like any other."""

from __future__ import annotations

import contextlib
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from typing import Any

from autograder import versions, worker
from autograder.batch import Pool
from autograder.errors import AutograderError, ClusterError
from autograder.sandbox import bubblewrap
from autograder.worker import Settings

CONNECT_SECONDS = 10
WORKERS_SECONDS = 30
LOOK_SECONDS = 2
# How often a bundle whose worker died is given to another, before each of its submissions is tried alone.
RETRIES = 2


@contextlib.contextmanager
def connected(address: str, settings: Settings) -> Iterator[Pool]:
    """The workers of a cluster, when all of them would give the same marks as this machine.

    Args:
        address: of the scheduler, such as tcp://scheduler:8786 or tls://scheduler:8786.
        settings: what every worker has to agree on.

    Raises:
        ClusterError: Dask is not installed; nobody answers; there are no workers; a worker has another course, engine
            or NumPy, or can make no jail.
    """
    try:
        import distributed  # noqa: PLC0415  an extra, and slow to import
    except ImportError as error:
        raise ClusterError(
            f"--cluster: {error.name} is not installed, but a cluster is reached with it; "
            "install it with: pip install 'convolution-by-hand[cluster]'"
        ) from error
    try:
        client = distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TypeError, TimeoutError) as error:
        raise ClusterError(
            f"{address}: no scheduler answers there ({_first_line(error)}), but one has to; "
            "start it with: dask scheduler"
        ) from error
    with client:
        _wait_for_workers(client, address)
        _require_agreement(client.run(trouble, settings))
        yield Pool(
            lambda: _executor(client),
            _Threads(client),
            lost=(distributed.scheduler.KilledWorker,),
            gone=(CancelledError, distributed.client.FutureCancelledError, distributed.comm.core.CommClosedError),
            address=address,
        )


class _Threads:
    """How many tasks the workers do at a time; those of a queue or a cloud come one after another."""

    def __init__(self, client: Any) -> None:
        """Ask for the first time."""
        self._client = client
        self._ask()

    def _ask(self) -> None:
        self._number: int = max(sum(self._client.nthreads().values()), 1)
        self._asked = time.monotonic()

    def __call__(self) -> int:
        """The number of a moment ago."""
        if time.monotonic() - self._asked > LOOK_SECONDS:
            self._ask()
        return self._number


@contextlib.contextmanager
def _executor(client: Any) -> Iterator[Executor]:
    executor = client.get_executor(pure=False, retries=RETRIES)
    try:
        yield executor
    finally:
        # what is still under way was given to another as well, or is not wanted any more
        executor.shutdown(wait=False)


def _wait_for_workers(client: Any, address: str) -> None:
    if not client.nthreads():
        sys.stderr.write(f"{address}: waiting for workers ...\n")
    try:
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except TimeoutError as error:
        raise ClusterError(
            f"{address}: it has no workers, but needs one; start some with: "
            f"dask worker {address} --nworkers auto --nthreads 1"
        ) from error


def trouble(settings: Settings) -> str | None:
    """Why this machine would give other marks, or none; run on every worker before anything is marked."""
    try:
        own = versions.of(worker.course_here(settings))
        if not settings.unsafe:
            bubblewrap.find()
    except AutograderError as error:
        return f"{socket.gethostname()}: {error}"
    differences = own.differences(settings.versions)
    return worker.disagreement(differences) if differences else None


def _require_agreement(found: dict[str, Any]) -> None:
    told = sorted({f"{where}: {said}" for where, said in found.items() if said is not None})
    if told:
        raise ClusterError("\n".join(told))


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
