"""Copy files from folders that students write to: open without following links, check what was opened, then copy it.

The checked file and the copied file are the same open file, so it cannot be replaced in between.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.errors import SubmissionError
from autograder.handed_in.archive import shown

TIMESTAMP = "timestamp.txt"
SECRET = "submission_secret.txt"  # noqa: S105  its name
LARGEST_NOTE = 1024  # bytes of a time or a secret
CHUNK = 1 << 20


@contextlib.contextmanager
def opened(folder: str | Path, *, inside: int | None = None) -> Iterator[int]:
    """A folder, as a descriptor.

    Args:
        folder: its path, or its name in another folder.
        inside: the descriptor of that other folder.

    Raises:
        SubmissionError: it is a link, not a folder, or cannot be opened.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=inside)
    except OSError as error:
        # with both flags, Linux reports a link as not a folder
        what = "a link, or not a folder" if error.errno in (errno.ENOTDIR, errno.ELOOP) else f"{error.strerror}"
        raise SubmissionError(what) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def opened_below(root: Path, folder: Path) -> Iterator[int]:
    """A folder, as a descriptor, without a link between it and the root.

    Raises:
        SubmissionError: there is a link, or it cannot be opened.
    """
    with contextlib.ExitStack() as held:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        held.callback(os.close, descriptor)
        for part in folder.relative_to(root).parts:
            descriptor = held.enter_context(opened(part, inside=descriptor))
        yield descriptor


def names(folder: int) -> list[str]:
    """The names of everything in an open folder."""
    return sorted(os.listdir(folder))


@contextlib.contextmanager
def plain_file(name: str, folder: int, owner: int | None = None) -> Iterator[int | None]:
    """A file in an open folder, as a descriptor; None if there is none of this name.

    Args:
        name: of the file.
        folder: the descriptor of the folder.
        owner: the account that must own the file, which also excludes hard links to others' files; None for any.

    Raises:
        SubmissionError: it is a link, a folder, a pipe or a device, belongs to someone else, or cannot be opened.
    """
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY, dir_fd=folder)
    except FileNotFoundError:
        yield None
        return
    except OSError as error:
        what = "a link, not a file" if error.errno == errno.ELOOP else f"{error.strerror}"
        raise SubmissionError(f"{name}: {what}") from error
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionError(f"{name}: a folder, a pipe or a device, not a plain file")
        if owner is not None and status.st_uid != owner:
            raise SubmissionError(f"{name}: the student does not own this file")
        yield descriptor
    finally:
        os.close(descriptor)


def read(name: str, folder: int, *, owner: int | None = None, largest: int = LARGEST_NOTE) -> bytes | None:
    """The bytes of a small file in an open folder; None if there is none of this name.

    Raises:
        SubmissionError: as `plain_file` does, or it is too large.
    """
    with plain_file(name, folder, owner) as source:
        if source is None:
            return None
        return b"".join(_chunks(name, source, largest))


def copy(
    name: str,
    source: int,
    target: int,
    *,
    called: str | None = None,
    owner: int | None = None,
    largest: int = LARGEST_NOTE,
) -> bool:
    """Copy a file from one open folder to another, under another name if given; False if there is none.

    Raises:
        SubmissionError: as `plain_file` does, or it is too large; then the copy is removed.
    """
    with plain_file(name, source, owner) as opened_file:
        if opened_file is None:
            return False
        write(called or name, target, _chunks(name, opened_file, largest))
    return True


def write(name: str, folder: int, chunks: Iterator[bytes]) -> None:
    """Write a file into an open folder, replacing an old one; it appears as a whole or not at all."""
    beside = f".{name}.part"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(beside, dir_fd=folder)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644, dir_fd=folder)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(chunks)
        os.rename(beside, name, src_dir_fd=folder, dst_dir_fd=folder)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside, dir_fd=folder)
        raise


def _chunks(name: str, descriptor: int, largest: int) -> Iterator[bytes]:
    """The bytes of an open file, counted as they are read, because it may grow meanwhile."""
    left = largest
    while part := os.read(descriptor, min(CHUNK, left + 1)):
        left -= len(part)
        if left < 0:
            raise SubmissionError(f"{name}: larger than {_size(largest)}")
        yield part


def _size(number: int) -> str:
    return f"{number >> 20} MiB" if number >> 20 else f"{number} bytes"


def time_of(text: str) -> datetime | None:
    """A time as nbgrader writes it, in UTC; None if the text is not a time."""
    try:
        time = parse_utc(text.strip())
    except Exception:  # noqa: BLE001  dateutil fails in many ways
        return None
    return time if isinstance(time, datetime) else None


def time_in(folder: int) -> datetime | None:
    """When the submission in an open folder was handed in; None if it does not say.

    Raises:
        SubmissionError: the time's file is not a plain file, or contains no time.
    """
    data = read(TIMESTAMP, folder)
    text = (data or b"").decode("utf-8", "replace").strip()
    time = time_of(text)
    if text and time is None:
        raise SubmissionError(f"{TIMESTAMP}: {shown(text)[:60]!r} is not a time")
    return time
