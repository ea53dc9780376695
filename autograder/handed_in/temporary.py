"""Private folders for what is unpacked, of which a grader that was killed leaves none for long."""

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
    """A private folder, removed at the end; those of one's own that killed runs have left are removed first.

    A folder is held by a lock as long as some process uses it, so that what nobody holds is left over.

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
        # another grader may have taken it for left over before it was held
        if held is not None and path.exists():
            return path, held
        if held is not None:
            os.close(held)


def _clear(path: Path) -> None:
    with contextlib.suppress(OSError):
        about = path.lstat()
        if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.geteuid():
            return
        held = _held(path)
        if held is not None:
            shutil.rmtree(path, ignore_errors=True)
            os.close(held)


def _held(path: Path) -> int | None:
    """A folder's descriptor, which holds it; None if somebody else holds it, or has removed it."""
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
