"""Many machines: the workers of a Dask cluster, as an executor like any other."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import socket
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from autograder.course import versions
from autograder.errors import AutograderError, ClusterError
from autograder.grading import apart, cluster_key, worker
from autograder.grading.batch import Pool
from autograder.grading.worker import Settings
from autograder.sandbox import bubblewrap

CONNECT_SECONDS = 10
WORKERS_SECONDS = 30
# A worker starts a process that reads the course before it answers.
ANSWER_SECONDS = 60
LOOK_SECONDS = 2
# How often a batch over which a worker raises is tried again: the worker may be the only one that does. One over which
# a worker dies is given to others as often as the scheduler is set to, `allowed-failures`: three times.
RETRIES = 2
NO_KEY = (
    "Dask's messages carry Python objects, so anyone who reaches an open port of a cluster can run code there. Start "
    "it with `autograder scheduler` and `autograder worker`, and give the address that the scheduler prints, such as "
    "tls://10.0.0.1:8786"
)
Given = ParamSpec("Given")
Result = TypeVar("Result")


@contextlib.contextmanager
def connected(address: str, settings: Settings, key: Path | None = None) -> Iterator[Pool]:
    """The workers of a cluster, when all of them would give the same marks as this machine.

    Args:
        address: of the scheduler, such as tls://scheduler:8786; or tcp:// of this machine alone.
        settings: what every worker must agree on.
        key: the cluster's key. By default Dask's own settings, or else the key in the usual place.

    Raises:
        ClusterError: Dask is not installed; the address is none, or open to the network; nobody answers; there are no
            workers; a worker has another course, engine or NumPy, or can make no jail.
    """
    distributed = imported()
    _require_closed(address, [address])
    with _quiet(), configured(_security(address, key)), _client(distributed, address) as client:
        _wait_for_workers(client, address)
        _require_closed(address, [client.scheduler_info()["address"], *client.nthreads()])
        _require_agreement(client, settings, address)
        yield Pool(
            lambda: _executor(client),
            _Threads(client, address),
            lost=(distributed.scheduler.KilledWorker,),
            gone=(CancelledError, distributed.client.FutureCancelledError, distributed.comm.core.CommClosedError),
            address=address,
        )


def imported() -> Any:
    """The package `distributed`.

    Raises:
        ClusterError: it is not installed.
    """
    try:
        import distributed  # noqa: PLC0415  an extra, and slow to import
    except ImportError as error:
        raise ClusterError(
            f"--cluster: {error.name} is not installed, but a cluster is reached with it; "
            "install it with: pip install 'convolution-by-hand[cluster]'"
        ) from error
    return distributed


def configured(settings: Mapping[str, object]) -> AbstractContextManager[object]:
    """Dask with these settings, while it lasts; those of processes that it starts as well."""
    imported()
    import dask.config  # noqa: PLC0415  an extra, and slow to import

    return dask.config.set(settings)


def _require_closed(cluster: str, addresses: Collection[str]) -> None:
    """See that nobody on the network can talk to any part of a cluster without a key."""
    for address in addresses:
        if not address.startswith("tls://") and not (address.startswith("tcp://") and _is_here(host_of(address))):
            where = cluster if address == cluster else f"{cluster}: its part {address}"
            raise ClusterError(
                f"{where} is neither encrypted (tls://) nor on this machine alone (tcp://127.0.0.1). {NO_KEY}"
            )


def host_of(address: str) -> str | None:
    """The host in an address, as Dask reads it; None if there is none."""
    try:
        return str(imported().comm.get_address_host(address))
    except ValueError:
        return None


def _is_here(host: str | None) -> bool:
    """Whether only this machine is reached by that name."""
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def _security(address: str, key: Path | None) -> dict[str, object]:
    """Dask's settings for this connection."""
    if not address.startswith("tls://"):
        return {}
    own = imported().Security()
    if key is None and own.tls_ca_file and own.tls_client_cert:
        return {"distributed.comm.require-encryption": True}
    key = key or cluster_key.usual()
    cluster_key.require(key)
    return cluster_key.settings(key)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's log off the terminal: we report what happens to a connection in sentences, not in stack traces."""
    loggers = [logging.getLogger(name) for name in ("distributed", "distributed.client")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _client(distributed: Any, address: str) -> Any:
    try:
        greeting = asyncio.wait_for(_greet(distributed, address), CONNECT_SECONDS)
        with ThreadPoolExecutor(1) as thread:  # this one may have an event loop, as in a notebook
            thread.submit(asyncio.run, greeting).result()
        return distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    # before the others, as a certificate that is not accepted is a ValueError as well; what another service says is
    # read as a length, for which there is no memory
    except (OSError, MemoryError) as error:
        raise ClusterError(_unanswered(address, error)) from error
    except (ImportError, OverflowError, TypeError, ValueError) as error:
        raise ClusterError(
            f"{address}: this is not an address that can be used ({_first_line(error)}). "
            "Give the one that `autograder scheduler` prints, such as tls://10.0.0.1:8786"
        ) from error


async def _greet(distributed: Any, address: str) -> None:
    """See that a scheduler answers: Dask's client waits without end for one that takes a call and says nothing."""
    security = distributed.Security().get_connection_args("client")
    connection = await distributed.comm.connect(address, timeout=CONNECT_SECONDS, **security)
    connection.abort()


class _Threads:
    """How many tasks the workers do at a time; those of a queue or a cloud come one after another."""

    def __init__(self, client: Any, address: str) -> None:
        """Ask for the first time."""
        self._client = client
        self._address = address
        self._number = 0
        self._answers = True
        self._ask()

    def _ask(self) -> None:
        before, answered = self._number, self._answers
        try:
            self._number = sum(self._client.nthreads(callback_timeout=CONNECT_SECONDS).values())
            self._answers = True
        except TimeoutError:
            self._answers = False
            if answered:
                _say(f"{self._address}: the scheduler does not answer; waiting for it, but Ctrl-C keeps what is done")
        except OSError:
            pass  # it has gone, and its unfinished tasks report that
        if before and not self._number:
            _say(f"{self._address}: it has no workers left; waiting for some, from: {_starts_workers(self._address)}")
        self._asked = time.monotonic()

    def __call__(self) -> int:
        """The number of a moment ago."""
        if time.monotonic() - self._asked > LOOK_SECONDS:
            self._ask()
        return max(self._number, 1)


@contextlib.contextmanager
def _executor(client: Any) -> Iterator[Executor]:
    executor = client.get_executor(pure=False, retries=RETRIES)
    try:
        yield _Apart(executor)
    finally:
        # what is still under way was given to another as well, or is not wanted any more
        executor.shutdown(wait=False)


@dataclass(frozen=True)
class _Apart(Executor):
    """An executor whose workers mark in a process beside them."""

    inner: Any

    def submit(
        self, function: Callable[Given, Result], /, *arguments: Given.args, **named: Given.kwargs
    ) -> Future[Result]:
        """Hand over a call."""
        future: Future[Result] = self.inner.submit(apart.call, function, *arguments, **named)
        return future


def _wait_for_workers(client: Any, address: str) -> None:
    try:
        if not client.nthreads():
            _say(f"{address}: waiting for workers ...")
        client.wait_for_workers(1, timeout=WORKERS_SECONDS)
    except TimeoutError as error:
        raise ClusterError(
            f"{address}: it has no workers, but needs one; start some with: {_starts_workers(address)}"
        ) from error
    except OSError as error:
        raise ClusterError(_unanswered(address, error)) from error


async def trouble_there(settings: Settings) -> str | None:
    """Why a worker would give other marks, or none: it looks anew each time, and answers others meanwhile."""
    return await asyncio.to_thread(apart.once, trouble, settings)


def trouble(settings: Settings) -> str | None:
    """Why this machine would give other marks, or none; asked of every worker before anything is marked."""
    try:
        own = versions.of(worker.course_here(settings))
        if not settings.unsafe:
            bubblewrap.find()
    except AutograderError as error:
        return f"{socket.gethostname()}: {error}"
    differences = own.differences(settings.versions)
    return worker.disagreement(differences) if differences else None


def _require_agreement(client: Any, settings: Settings, address: str) -> None:
    try:
        answers: dict[str, list[str]] = client.sync(_ask_all, client, settings)
    except OSError as error:
        raise ClusterError(_unanswered(address, error)) from error
    told = sorted({f"{where}: {said}" for where, answer in answers.items() for said in answer if said})
    if told:
        raise ClusterError("\n".join(told))
    silent = [where for where, answer in answers.items() if not answer]
    if len(silent) == len(answers):
        raise ClusterError(
            f"{address}: none of its {len(answers)} workers answers within {ANSWER_SECONDS} s. "
            f"Stop them, and start others with: {_starts_workers(address)}"
        )
    for where in silent:
        # it is asked again before it grades anything, and others take over its batches
        _say(f"{where}: this worker does not answer; going on with the others")


async def _ask_all(client: Any, settings: Settings) -> dict[str, list[str]]:
    workers = list(await client.nthreads())
    answers = await asyncio.gather(*(_ask(client, settings, worker) for worker in workers))
    return dict(zip(workers, answers, strict=True))


async def _ask(client: Any, settings: Settings, where: str) -> list[str]:
    """What a worker says of itself, "" if it agrees; nothing if it does not answer."""
    asked = client.run(trouble_there, settings, workers=[where], on_error="return")
    try:
        answer = (await asyncio.wait_for(asked, ANSWER_SECONDS))[where]
    except TimeoutError:
        return []
    if isinstance(answer, OSError):
        return []
    if isinstance(answer, BaseException):
        return [
            f"this worker cannot say what it marks with ({_first_line(answer)}), so it cannot be used. "
            "Install the versions of the machine that runs the command."
        ]
    return [answer or ""]


def _unanswered(address: str, error: BaseException) -> str:
    return (
        f"{address}: no scheduler answers there ({_first_line(error)}). Start it with: autograder scheduler; if it "
        "runs, copy its key here: each machine of a cluster needs the same one, not older than a year"
    )


def _starts_workers(address: str) -> str:
    if address.startswith("tls://"):
        return f"autograder worker {address}"
    return f"dask worker {address} --host 127.0.0.1 --nworkers auto --nthreads 1"


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
