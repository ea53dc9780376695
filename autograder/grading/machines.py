"""What a cluster is made of, started safely: Dask's scheduler and its workers, with a key and without web pages."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from autograder.errors import ClusterError
from autograder.grading import cluster_key
from autograder.grading.cluster import configured, host_of
from autograder.handed_in import temporary

# Dask serves pages even without a dashboard: on all addresses, to anyone, without a password.
NO_PAGES = ("--no-dashboard", "--dashboard-address", "127.0.0.1:0")
NO_ROUTES: dict[str, list[str]] = {"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []}


def run_scheduler(key: Path, host: str, port: int) -> None:
    """Run a scheduler until it is stopped; only who has the key gets in."""
    with _safely(key):
        from distributed.cli import dask_scheduler  # noqa: PLC0415  an extra, and slow to import

        _run(dask_scheduler, ["--host", host, "--port", str(port), "--protocol", "tls", *NO_PAGES])


def run_workers(key: Path, address: str, number: int) -> None:
    """Run workers until they are stopped; they listen where the scheduler reaches them, for who has the key.

    Raises:
        ClusterError: the address is not encrypted.
    """
    host = host_of(address)
    if not address.startswith("tls://") or host is None:
        raise ClusterError(
            f"{address}: give the address that `autograder scheduler` prints, such as tls://10.0.0.1:8786"
        )
    with _safely(key):
        from distributed.cli import dask_worker  # noqa: PLC0415  an extra, and slow to import
        from distributed.utils import get_ip  # noqa: PLC0415

        words = [address, "--host", get_ip(host), "--protocol", "tls", "--nworkers", str(number), "--nthreads", "1"]
        _run(dask_worker, [*words, *NO_PAGES])


@contextlib.contextmanager
def _safely(key: Path) -> Iterator[None]:
    cluster_key.require(key)
    # Dask's usual folder lies in /tmp and may be anybody's, who could then change what is read there or hold its lock
    with (
        temporary.folder("autograder-dask-") as folder,
        configured({**cluster_key.settings(key), **NO_ROUTES, "temporary-directory": str(folder)}),
    ):
        yield


def _run(command: ModuleType, words: Sequence[str]) -> None:
    main: Any = command.main
    main.main(list(words), prog_name="dask", standalone_mode=False)
