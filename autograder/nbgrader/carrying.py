"""Files out of folders that students write to: opened without following links, judged by what was opened, then copied.

What is judged and what is copied is the same open file, so that nothing can be put in its place in between.
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
        folder: its path, or its name in another one.
        inside: the descriptor of the other one.

    Raises:
        SubmissionError: it is a link or no folder, or it cannot be opened.
    """
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=inside)
    except OSError as error:
        # with both flags, Linux says of a link that it is no folder
        what = "it is a link or no folder" if error.errno in (errno.ENOTDIR, errno.ELOOP) else f"{error.strerror}"
        raise SubmissionError(f"{what}, but has to be a folder that can be read") from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def opened_below(root: Path, folder: Path) -> Iterator[int]:
    """A folder, as a descriptor, where nothing between it and the root is a link.

    Raises:
        SubmissionError: something is, or it cannot be opened.
    """
    with contextlib.ExitStack() as held:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        held.callback(os.close, descriptor)
        for part in folder.relative_to(root).parts:
            descriptor = held.enter_context(opened(part, inside=descriptor))
        yield descriptor


def names(folder: int) -> list[str]:
    """The names of all that lies in an open folder."""
    return sorted(os.listdir(folder))


@contextlib.contextmanager
def plain_file(name: str, folder: int, owner: int | None = None) -> Iterator[int | None]:
    """A file in an open folder, as a descriptor; None if there is none of this name.

    Args:
        name: of the file.
        folder: the descriptor of the folder.
        owner: the account that the file has to be of, links under another name included; None for any.

    Raises:
        SubmissionError: it is a link, a folder, a pipe or a device, or somebody else's, or it cannot be opened.
    """
    try:
        descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY, dir_fd=folder)
    except FileNotFoundError:
        yield None
        return
    except OSError as error:
        what = "it is a link" if error.errno == errno.ELOOP else f"{error.strerror}"
        raise SubmissionError(f"{name}: {what}, but has to be a plain file that can be read") from error
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise SubmissionError(f"{name}: it is a folder, a pipe or a device, but has to be a plain file")
        if owner is not None and about.st_uid != owner:
            raise SubmissionError(f"{name}: it is somebody else's file, but has to be the student's own")
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
    """Copy a file from an open folder into another, where it may be called otherwise; False if there is none.

    Raises:
        SubmissionError: as `plain_file` does, or it is too large; then nothing is left of the copy.
    """
    with plain_file(name, source, owner) as opened_file:
        if opened_file is None:
            return False
        write(called or name, target, _chunks(name, opened_file, largest))
    return True


def write(name: str, folder: int, chunks: Iterator[bytes]) -> None:
    """Write a file into an open folder, in place of what is there; it is there as a whole or not at all."""
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
    """The bytes of an open file; its size is counted as they come, as it may grow meanwhile."""
    left = largest
    while part := os.read(descriptor, min(CHUNK, left + 1)):
        left -= len(part)
        if left < 0:
            raise SubmissionError(f"{name}: it is larger than {_size(largest)}, but has to be smaller")
        yield part


def _size(number: int) -> str:
    return f"{number >> 20} MiB" if number >> 20 else f"{number} bytes"


def time_of(text: str) -> datetime | None:
    """A time as nbgrader writes it, in UTC; None if it is none."""
    try:
        found = parse_utc(text.strip())
    except Exception:  # noqa: BLE001  dateutil fails in many ways
        return None
    return found if isinstance(found, datetime) else None


def time_in(folder: int) -> datetime | None:
    """When what lies in an open folder was handed in; None if nothing there says so.

    Raises:
        SubmissionError: the file that says so is no plain file, or holds no time.
    """
    data = read(TIMESTAMP, folder)
    text = (data or b"").decode("utf-8", "replace").strip()
    time = time_of(text)
    if text and time is None:
        raise SubmissionError(f"{TIMESTAMP}: it holds {shown(text)[:60]!r}, but has to hold a time")
    return time
