"""An untrusted .zip or .tar file -> its plain files in a folder, and a sentence for each file that was refused.

Every header is checked before anything is unpacked, and no header is trusted while unpacking. Links, devices and
paths that lead elsewhere are never created, so nothing outside the folder can be reached.
"""

from __future__ import annotations

import contextlib
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.handed_in import leavings, notebook
from autograder.handed_in.members import LARGEST_RATIO, SMALLEST_BOMB, Member, members_of

ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz")
CHUNK = 1 << 20
LONGEST_PATH, LONGEST_NAME = 4096, 255  # of Linux
DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,
    OverflowError,
    struct.error,
)


@dataclass
class Room:
    """How much may still be unpacked; shared by all archives of one run, nested ones included."""

    size: int
    files: int


@dataclass(frozen=True)
class Unpacked:
    """What was in an archive.

    Attributes:
        others: files that were not wanted and stay packed, as the parts of paths.
        troubles: a sentence for each wanted file that was refused, and for anything suspicious.
        remarks: a sentence for each file that was read but may have another name.
        leavings: hidden and temporary files and empty folders, as the parts of paths.
    """

    others: Sequence[tuple[str, ...]]
    troubles: Sequence[str]
    remarks: Sequence[str]
    leavings: Sequence[tuple[str, ...]] = ()


def is_archive(name: str) -> bool:
    """Whether a file's name ends like an archive's."""
    return name.lower().endswith(ENDINGS)


def stem(name: str) -> str:
    """An archive's name without its ending."""
    ending = max((ending for ending in ENDINGS if name.lower().endswith(ending)), key=len, default="")
    return name[: len(name) - len(ending)]


def shown(name: str) -> str:
    """A name on one line, shortened if it is very long."""
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
    return text if len(text) <= 200 else f"{text[:100]}...{text[-60:]}"  # noqa: PLR2004  two lines of a terminal


def unpack(archive: Path, folder: Path, room: Room, is_wanted: Callable[[str], bool], *, called: str = "") -> Unpacked:
    """Unpack the files whose names are wanted.

    Args:
        archive: a .zip, .tar, .tar.gz or .tgz file.
        folder: where the files go, laid out as in the archive.
        room: how much may be unpacked; what was unpacked is subtracted.
        is_wanted: whether to unpack a file of this name.
        called: the archive's name in sentences; its path by default.

    Raises:
        UsageError: it cannot be read, or is too large as a whole; nothing was unpacked.
    """
    called = called or str(archive)
    others: list[tuple[str, ...]] = []
    left: list[tuple[str, ...]] = []
    troubles: list[str] = []
    chosen: dict[tuple[str, ...], Member] = {}
    try:
        with members_of(archive, room.size, room.files) as members:
            for member in members:
                parts, fault = _parts(member.name)
                if member.name.endswith(("/", "\\")):
                    parts, fault = (*parts, leavings.EMPTY) if fault is None and parts else (), None
                if fault is None and (nothing := leavings.leaving(parts)) is not None:
                    left.append(nothing)
                    continue
                if fault is None and not is_wanted(parts[-1]) and member.fault is None:
                    others.append(parts)
                    continue
                fault = fault or member.fault or _bomb(member)
                if fault is None and parts in chosen:
                    troubles.append(_refusal(called, member.name, "in the archive twice; the last copy was used"))
                if fault is None:
                    chosen[parts] = member
                else:
                    troubles.append(_refusal(called, member.name, fault))
            _require_room(chosen.values(), room, called)
            for parts, member in chosen.items():
                if (fault := _write(member, folder.joinpath(*parts), room)) is not None:
                    troubles.append(_refusal(called, member.name, fault))
    except DAMAGED as error:
        what = shown(str(error)) or type(error).__name__
        raise UsageError(f"{called}: cannot read the archive ({what}). Create it again.") from error
    remarks = [f"{called}/{shown(member.name)}: {member.remark}" for member in chosen.values() if member.remark]
    return Unpacked(others, troubles, remarks, sorted({parts for parts in left if parts}))


def _refusal(called: str, name: str, fault: str) -> str:
    return f"{called}/{shown(name)}: {fault}"


def _parts(name: str) -> tuple[tuple[str, ...], str | None]:
    """The parts of a path, and why it is refused, if it is; Windows separates them by a backslash."""
    parts = tuple(part for part in re.split(r"[/\\]", name) if part not in ("", "."))
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:[/\\]", name):
        return parts, "absolute path; skipped. Create the archive with relative paths"
    if len(name) > LONGEST_PATH or any(len(part.encode("utf-8", "surrogatepass")) > LONGEST_NAME for part in parts):
        return parts, "name too long for a file; skipped. Shorten it and create the archive again"
    if ".." in parts:
        return parts, "path leads out of the archive; skipped. Create the archive without `..`"
    return parts, None


def _bomb(member: Member) -> str | None:
    if member.size > notebook.LARGEST:
        return f"larger than {notebook.LARGEST >> 20} MiB; skipped. Clear the notebook's outputs"
    if member.packed is not None and member.size > max(SMALLEST_BOMB, LARGEST_RATIO * member.packed):
        return f"unpacks to over {LARGEST_RATIO} times its size, like a zip bomb; skipped. Ask for the .ipynb file"
    return None


def _require_room(members: Collection[Member], room: Room, called: str) -> None:
    size, files = sum(member.size for member in members), len(members)
    if size > room.size or files > room.files:
        raise UsageError(
            f"{called}: unpacks to {files:,} files and {size >> 20:,} MiB, more than the {room.files:,} files and "
            f"{room.size >> 20:,} MiB still allowed. Nothing was unpacked; split it into smaller archives."
        )


def _write(member: Member, path: Path, room: Room) -> str | None:
    """Write one file, and no more than its header promised; returns why that failed, if it did."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with member.open() as source, path.open("xb") as target:
            left = member.size
            while part := source.read(min(CHUNK, left + 1)):
                left -= len(part)
                room.size -= len(part)
                if left < 0 or room.size < 0:
                    raise ValueError("larger than its header says")
                target.write(part)
        room.files -= 1
    except DAMAGED as error:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        what = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return f"cannot be unpacked ({shown(what)}). Create the archive again"
    return None
