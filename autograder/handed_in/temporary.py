"""Private folders for unpacked files; those of a killed grader are removed by the next one."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def folder(prefix: str) -> Iterator[Path]:
    """A private folder, removed at the end; the user's folders that killed runs left are removed first.

    A folder is locked as long as a process uses it, so an unlocked one is left over.

    Args:
        prefix: of its name.
    """
    for path in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        _clear(path)
    path, held = _made(prefix)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
        os.close(held)


def _made(prefix: str) -> tuple[Path, int]:
    while True:
        path = Path(tempfile.mkdtemp(prefix=prefix)).resolve()
        held = _held(path)
        # another grader may have removed it as left over before it was locked
        if held is not None and path.exists():
            return path, held
        if held is not None:
            os.close(held)


def _clear(path: Path) -> None:
    with contextlib.suppress(OSError):
        status = path.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            return
        held = _held(path)
        if held is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(held)


def _held(path: Path) -> int | None:
    """A folder's descriptor, which locks it; None if another process has locked or removed it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor
