"""The entries of a .zip or .tar file, as their headers describe them; nothing is unpacked yet."""

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

# Notebooks shrink to between a third and a twentieth; only a zip bomb shrinks below this.
LARGEST_RATIO, SMALLEST_BOMB = 200, 1 << 20
LARGEST_DIRECTORY = 8 << 20
LARGEST_READ = 4 << 20
LINK = "a link or a device, not a file; skipped. Ask for the file itself"
NAME = "its name is not in UTF-8 and may be shown wrongly"


@dataclass(frozen=True)
class Member:
    """One entry; `fault` says why it cannot be unpacked, `packed` is its size in the archive if that is known.

    A folder's name ends in a slash.
    """

    name: str
    size: int
    packed: int | None
    open: Callable[[], IO[bytes]]
    fault: str | None = None
    remark: str | None = None


@contextlib.contextmanager
def members_of(archive: Path, largest: int, most: int) -> Iterator[Sequence[Member]]:
    """Open an archive and list its files and folders; a damaged one raises any of many errors.

    Args:
        archive: a .zip, .tar, .tar.gz or .tgz file.
        largest: the most bytes it may unpack to.
        most: the most files it may contain.
    """
    with archive.open("rb") as file:
        if archive.name.lower().endswith(".zip"):
            if _directory_size(file) > LARGEST_DIRECTORY:
                raise ValueError("list of files too long")
            with zipfile.ZipFile(file) as packed:
                members = [_zipped(packed, entry) for entry in packed.infolist()]
                if sum(member.packed or 0 for member in members) > archive.stat().st_size:
                    raise ValueError("overlapping files")
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
    """The size of a zip file's list of files, which is read all at once; found as `zipfile` finds it."""
    file.seek(0, 2)
    length = file.tell()
    start = max(0, length - (1 << 16) - 22)
    file.seek(start)
    tail = file.read()
    place = tail.rfind(b"PK\5\6")
    if place < 0:
        raise ValueError("not a zip file")
    size = int(struct.unpack_from("<L", tail, place + 12)[0])
    if start + place >= 76:  # noqa: PLR2004  bytes of the records that a zip file over 4 GB has before it
        file.seek(start + place - 76)
        record, locator = struct.unpack("<40xQ8x", file.read(56))[0], file.read(4)
        if locator == b"PK\6\7":
            size = max(size % 0xFFFFFFFF, record)
    return size


def _zipped(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Member:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    fault = None
    if entry.is_dir():
        pass
    elif kind not in (0, stat.S_IFREG):
        fault = LINK
    elif entry.flag_bits & 1:
        fault = "encrypted; skipped. Zip it again without a password"
    elif entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        fault = "compressed with an unsupported method; skipped. Zip it again with the standard method (deflate)"
    name, remark = _zip_name(entry)
    return Member(name, entry.file_size, entry.compress_size, lambda: packed.open(entry), fault, remark)


def _zip_name(entry: zipfile.ZipInfo) -> tuple[str, str | None]:
    """A name that is not marked as UTF-8 may be UTF-8 all the same; if not, it is read in the encoding of DOS."""
    is_marked = entry.flag_bits & 0x800
    if is_marked or entry.filename.isascii():
        return entry.filename, None
    try:
        return entry.filename.encode("cp437").decode("utf-8"), None
    except UnicodeError:
        return entry.filename, NAME


# --- tar ----------------------------------------------------------------------------------------------------------


class _Bounded:
    """A file that raises at its limit, whether that is passed by reading, by skipping, or by one large header."""

    def __init__(self, file: Any, limit: int) -> None:
        self._file, self._limit = file, limit

    def read(self, size: int) -> bytes:
        """Read, but refuse a header of many megabytes."""
        if size > LARGEST_READ or self._file.tell() > self._limit:
            raise ValueError("too large")
        return bytes(self._file.read(size))

    def seek(self, place: int) -> int:
        """Go to a place, which unpacks everything before it."""
        if place > self._limit:
            raise ValueError("too large")
        return int(self._file.seek(place))

    def tell(self) -> int:
        """The place."""
        return int(self._file.tell())


def _tarred(packed: tarfile.TarFile, largest: int, most: int) -> list[Member]:
    """The members; their sizes are added up before the next one is read."""
    members, size = [], 0
    for number, entry in enumerate(packed):
        size += entry.size
        if size > largest or number > most:
            raise ValueError("too large")
        fault = None if entry.isdir() or (entry.isreg() and not entry.issparse()) else LINK
        has_bytes = any("\udc80" <= letter <= "\udcff" for letter in entry.name)
        remark = NAME if has_bytes else None
        name = f"{entry.name}/" if entry.isdir() else entry.name
        members.append(Member(name, entry.size, None, _opener(packed, entry), fault, remark))
    return members


def _opener(packed: tarfile.TarFile, entry: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    def open_member() -> IO[bytes]:
        file = packed.extractfile(entry)
        if file is None:
            raise ValueError("not a file")
        return file

    return open_member
