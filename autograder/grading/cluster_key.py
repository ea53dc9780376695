"""The key of a cluster: one file by which its machines know each other, and encrypt what they send."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any

import click

from autograder.errors import ClusterError

PRIVATE = 0o600
OTHERS = stat.S_IRWXG | stat.S_IRWXO
ROLES = ("scheduler", "worker", "client")


def usual() -> Path:
    """The default place of the key: in the user's settings, which no sandbox can see."""
    return Path(click.get_app_dir("autograder"), "cluster.pem")


def make(path: Path, distributed: Any) -> None:
    """Write a new key, valid for a year, that its owner alone can read."""
    security = distributed.Security.temporary()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(security.tls_client_cert + security.tls_client_key)


def require(path: Path) -> None:
    """See that a key is there, and that nobody else on this machine can read it.

    Raises:
        ClusterError: it is not there, or others can read it.
    """
    try:
        mode = path.stat().st_mode
    except OSError as error:
        raise ClusterError(
            f"{path}: the cluster's key is not there ({error.strerror}). Start the scheduler, which makes it, and copy "
            "it from there over a safe channel such as scp"
        ) from error
    if mode & OTHERS:
        raise ClusterError(
            f"{path}: other accounts on this machine may read the cluster's key ({stat.filemode(mode)}), and anyone "
            f"who has it can run code on every machine of the cluster. Run: chmod 600 {path}"
        )


def settings(path: Path) -> dict[str, object]:
    """Dask's settings for everything that is started or reached with this key."""
    key = str(path.resolve())
    return {
        "distributed.comm.require-encryption": True,
        "distributed.comm.tls.ca-file": key,
        **{f"distributed.comm.tls.{role}.{part}": key for role in ROLES for part in ("cert", "key")},
    }
