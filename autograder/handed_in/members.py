"""The entries of a .zip or .tar file, as their headers tell of them; none is unpacked yet."""

from __future__ import annotations

import contextlib
import gzip
import stat
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

# Notebooks shrink to a third or a twentieth; only what was made for it shrinks to less than this.
LARGEST_RATIO, SMALLEST_BOMB = 200, 1 << 20
LARGEST_DIRECTORY = 8 << 20
LARGEST_READ = 4 << 20
LINK = "it is a link or a device, but has to be a file; it was left out"
NAME = "its name is not in UTF-8; it may have been meant otherwise"


@dataclass(frozen=True)
class Member:
    """One entry; `fault` says why it cannot be unpacked, `packed` is its size in the archive if that is known.

    The name of a folder ends in a slash.
    """

    name: str
    size: int
    packed: int | None
    open: Callable[[], IO[bytes]]
    fault: str | None = None
    remark: str | None = None


@contextlib.contextmanager
def members_of(archive: Path, largest: int, most: int) -> Iterator[Sequence[Member]]:
    """Open an archive and list its files and folders; whatever is wrong with it is raised as one of many errors.

    Args:
        archive: a .zip, .tar, .tar.gz or .tgz file.
        largest: bytes that it may unpack to.
        most: files that it may hold.
    """
    with archive.open("rb") as file:
        if archive.name.lower().endswith(".zip"):
            if _directory_size(file) > LARGEST_DIRECTORY:
                raise ValueError("its list of files is too long")
            with zipfile.ZipFile(file) as packed:
                members = [_zipped(packed, one) for one in packed.infolist()]
                if sum(member.packed or 0 for member in members) > archive.stat().st_size:
                    raise ValueError("its files lie over each other")
                yield members
            return
        with contextlib.ExitStack() as stack:
            is_packed = not archive.name.lower().endswith(".tar")
            source: Any = stack.enter_context(gzip.open(file)) if is_packed else file
            packed_size = archive.stat().st_size
            limit = min(largest, max(SMALLEST_BOMB, LARGEST_RATIO * packed_size)) if is_packed else largest
            bounded = _Bounded(source, limit + LARGEST_READ)
            # `tarfile` asks for a whole IO[bytes], but uses these three methods
            tar = stack.enter_context(tarfile.open(fileobj=bounded, mode="r:"))  # type: ignore[call-overload]
            yield _tarred(tar, limit, most)


# --- zip ----------------------------------------------------------------------------------------------------------


def _directory_size(file: IO[bytes]) -> int:
    """How much of a zip file is its list of files, which is read at once; found as `zipfile` finds it."""
    file.seek(0, 2)
    length = file.tell()
    start = max(0, length - (1 << 16) - 22)
    file.seek(start)
    tail = file.read()
    place = tail.rfind(b"PK\5\6")
    if place < 0:
        raise ValueError("it is no zip file")
    size = int(struct.unpack_from("<L", tail, place + 12)[0])
    if start + place >= 76:  # noqa: PLR2004  the bytes of what a zip file over 4 GB has before it
        file.seek(start + place - 76)
        record, locator = struct.unpack("<40xQ8x", file.read(56))[0], file.read(4)
        if locator == b"PK\6\7":
            size = max(size % 0xFFFFFFFF, record)
    return size


def _zipped(packed: zipfile.ZipFile, one: zipfile.ZipInfo) -> Member:
    kind = stat.S_IFMT(one.external_attr >> 16)
    fault = None
    if one.is_dir():
        pass
    elif kind not in (0, stat.S_IFREG):
        fault = LINK
    elif one.flag_bits & 1:
        fault = "it is encrypted, but has to be readable; pack it without a password"
    elif one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        fault = "it is compressed in a rare way, but has to be stored or deflated; pack it again"
    name, remark = _zip_name(one)
    return Member(name, one.file_size, one.compress_size, lambda: packed.open(one), fault, remark)


def _zip_name(one: zipfile.ZipInfo) -> tuple[str, str | None]:
    """A name that is not marked as UTF-8 may be so all the same; else it is read as old DOS wrote it."""
    is_marked = one.flag_bits & 0x800
    if is_marked or one.filename.isascii():
        return one.filename, None
    try:
        return one.filename.encode("cp437").decode("utf-8"), None
    except UnicodeError:
        return one.filename, NAME


# --- tar ----------------------------------------------------------------------------------------------------------


class _Bounded:
    """A file that ends a run over its limit, whether by reading, by skipping, or at once for a header."""

    def __init__(self, file: Any, limit: int) -> None:
        self._file, self._limit = file, limit

    def read(self, size: int) -> bytes:
        """Read, but not a header of many megabytes."""
        if size > LARGEST_READ or self._file.tell() > self._limit:
            raise ValueError("it is too large")
        return bytes(self._file.read(size))

    def seek(self, place: int) -> int:
        """Go to a place, which means to unpack all before it."""
        if place > self._limit:
            raise ValueError("it is too large")
        return int(self._file.seek(place))

    def tell(self) -> int:
        """The place."""
        return int(self._file.tell())


def _tarred(packed: tarfile.TarFile, largest: int, most: int) -> list[Member]:
    """The members, with sizes that are added up before the next one is looked for."""
    members, size = [], 0
    for number, one in enumerate(packed):
        size += one.size
        if size > largest or number > most:
            raise ValueError("it is too large")
        fault = None if one.isdir() or (one.isreg() and not one.issparse()) else LINK
        has_bytes = any("\udc80" <= letter <= "\udcff" for letter in one.name)
        remark = NAME if has_bytes else None
        name = f"{one.name}/" if one.isdir() else one.name
        members.append(Member(name, one.size, None, _opener(packed, one), fault, remark))
    return members


def _opener(packed: tarfile.TarFile, one: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    def open_member() -> IO[bytes]:
        file = packed.extractfile(one)
        if file is None:
            raise ValueError("it is no file")
        return file

    return open_member
