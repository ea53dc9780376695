"""Many machines: the workers of a Dask cluster, as an executor like any other."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Executor
from typing import Any

from autograder.course import versions
from autograder.errors import AutograderError, ClusterError
from autograder.grading import worker
from autograder.grading.batch import Pool
from autograder.grading.worker import Settings
from autograder.sandbox import bubblewrap

CONNECT_SECONDS = 10
WORKERS_SECONDS = 30
ANSWER_SECONDS = 30
LOOK_SECONDS = 2
# How often a bundle over which a worker raises is tried again: the worker may be the only one that does. One over which
# a worker dies is given to others as often as the scheduler is set to, `allowed-failures`: three times.
RETRIES = 2


@contextlib.contextmanager
def connected(address: str, settings: Settings) -> Iterator[Pool]:
    """The workers of a cluster, when all of them would give the same marks as this machine.

    Args:
        address: of the scheduler, such as tcp://scheduler:8786 or tls://scheduler:8786.
        settings: what every worker has to agree on.

    Raises:
        ClusterError: Dask is not installed; the address is none; nobody answers; there are no workers; a worker has
            another course, engine or NumPy, or can make no jail.
    """
    try:
        import distributed  # noqa: PLC0415  an extra, and slow to import
    except ImportError as error:
        raise ClusterError(
            f"--cluster: {error.name} is not installed, but a cluster is reached with it; "
            "install it with: pip install 'convolution-by-hand[cluster]'"
        ) from error
    with _quiet(), _client(distributed, address) as client:
        _wait_for_workers(client, address)
        _require_agreement(client, settings, address)
        yield Pool(
            lambda: _executor(client),
            _Threads(client, address),
            lost=(distributed.scheduler.KilledWorker,),
            gone=(CancelledError, distributed.client.FutureCancelledError, distributed.comm.core.CommClosedError),
            address=address,
        )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask's log off the terminal: what happens to a connection is told in sentences, not in stack traces."""
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
        asyncio.run(asyncio.wait_for(_greet(distributed, address), CONNECT_SECONDS))
        return distributed.Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
    # before the others, as a certificate that is not accepted is a ValueError as well; what another service says is
    # read as a length, for which there is no memory
    except (OSError, MemoryError) as error:
        raise ClusterError(_unanswered(address, error)) from error
    except (ImportError, TypeError, ValueError) as error:
        raise ClusterError(
            f"{address}: it is no address that can be used ({_first_line(error)}), but has to be one; "
            "give the one that dask scheduler prints, such as tcp://scheduler:8786; "
            "tls:// needs certificates in Dask's settings, distributed.comm.tls"
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
            pass  # it has gone, which is told by what it still had to do
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
        yield executor
    finally:
        # what is still under way was given to another as well, or is not wanted any more
        executor.shutdown(wait=False)


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
            f"{address}: none of its {len(answers)} workers answers within {ANSWER_SECONDS} s, but one has to; "
            f"end them, and start others with: {_starts_workers(address)}"
        )
    for where in silent:
        # it is asked again before it marks anything, and others do what it holds up
        _say(f"{where}: this worker does not answer; going on with the others")


async def _ask_all(client: Any, settings: Settings) -> dict[str, list[str]]:
    workers = list(await client.nthreads())
    answers = await asyncio.gather(*(_ask(client, settings, worker) for worker in workers))
    return dict(zip(workers, answers, strict=True))


async def _ask(client: Any, settings: Settings, where: str) -> list[str]:
    """What a worker says of itself, "" if it agrees; nothing if it does not answer."""
    asked = client.run(trouble, settings, workers=[where], on_error="return")
    try:
        answer = (await asyncio.wait_for(asked, ANSWER_SECONDS))[where]
    except TimeoutError:
        return []
    if isinstance(answer, OSError):
        return []
    if isinstance(answer, BaseException):
        return [
            f"this worker cannot say what it marks with ({_first_line(answer)}), but has to mark as the machine that "
            "asks; install the same there"
        ]
    return [answer or ""]


def _unanswered(address: str, error: BaseException) -> str:
    return (
        f"{address}: no scheduler answers there ({_first_line(error)}), but one has to; start it with: dask scheduler"
    )


def _starts_workers(address: str) -> str:
    return f"dask worker {address} --nworkers auto --nthreads 1"


def _say(words: str) -> None:
    sys.stderr.write(f"{words}\n")


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).splitlines()[0]
