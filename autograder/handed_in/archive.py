"""A .zip or .tar file from anybody -> the plain files in it, below a folder, and a sentence for each that was refused.

Every header is looked at before anything is unpacked, and no header is believed while unpacking. Links, devices and
names that lead elsewhere are never made, so that nothing outside of the folder can be reached.
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
    """What may still be unpacked; all archives of one run share it, nested ones included."""

    size: int
    files: int


@dataclass(frozen=True)
class Unpacked:
    """What was in an archive.

    Attributes:
        others: what was not asked for and left in it, as the parts of paths.
        troubles: a sentence for each that was asked for and refused, and for all that was suspicious.
        remarks: a sentence for what was read and may be known by another name.
        leavings: hidden and temporary things and folders that hold nothing, as the parts of paths.
    """

    others: Sequence[tuple[str, ...]]
    troubles: Sequence[str]
    remarks: Sequence[str]
    leavings: Sequence[tuple[str, ...]] = ()


def is_archive(name: str) -> bool:
    """Whether a file's name ends as an archive's."""
    return name.lower().endswith(ENDINGS)


def stem(name: str) -> str:
    """An archive's name without its ending."""
    ending = max((one for one in ENDINGS if name.lower().endswith(one)), key=len, default="")
    return name[: len(name) - len(ending)]


def shown(name: str) -> str:
    """A name on one line, and not without end."""
    text = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in name)
    return text if len(text) <= 200 else f"{text[:100]}...{text[-60:]}"  # noqa: PLR2004  two lines of a terminal


def unpack(archive: Path, folder: Path, room: Room, is_wanted: Callable[[str], bool], *, called: str = "") -> Unpacked:
    """Unpack the files whose names are wanted.

    Args:
        archive: a .zip, .tar, .tar.gz or .tgz file.
        folder: where the files go, as they lie in the archive.
        room: what may be unpacked; what was is taken off.
        is_wanted: whether a file of this name is to be unpacked.
        called: how sentences call the archive; by default by its path.

    Raises:
        UsageError: it cannot be read, or all of it together is too large; nothing has been unpacked.
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
                    troubles.append(_refusal(called, member.name, "it is in the archive twice; the last one was read"))
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
        raise UsageError(f"{called}: it cannot be read as an archive ({what}), but has to be; pack it again") from error
    remarks = [f"{called}/{shown(member.name)}: {member.remark}" for member in chosen.values() if member.remark]
    return Unpacked(others, troubles, remarks, sorted({parts for parts in left if parts}))


def _refusal(called: str, name: str, fault: str) -> str:
    return f"{called}/{shown(name)}: {fault}"


def _parts(name: str) -> tuple[tuple[str, ...], str | None]:
    """The parts of a path, and why it cannot be followed; Windows parts them by a backslash."""
    parts = tuple(part for part in re.split(r"[/\\]", name) if part not in ("", "."))
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:[/\\]", name):
        return parts, "it is an absolute path, but has to stay in the archive; it was left out"
    if len(name) > LONGEST_PATH or any(len(part.encode("utf-8", "surrogatepass")) > LONGEST_NAME for part in parts):
        return parts, "its name is longer than a file's can be, so it cannot be unpacked; it was left out"
    if ".." in parts:
        return parts, "it leads out of the archive, but has to stay in it; it was left out"
    return parts, None


def _bomb(member: Member) -> str | None:
    if member.size > notebook.LARGEST:
        return f"it has over {notebook.LARGEST >> 20} MiB, but a notebook has less; clear its outputs"
    if member.packed is not None and member.size > max(SMALLEST_BOMB, LARGEST_RATIO * member.packed):
        return f"it unpacks to over {LARGEST_RATIO} times its size, but a notebook does not; it was left out"
    return None


def _require_room(members: Collection[Member], room: Room, called: str) -> None:
    size, files = sum(member.size for member in members), len(members)
    if size > room.size or files > room.files:
        raise UsageError(
            f"{called}: it unpacks to {files:,} files and {size >> 20:,} MiB, but only {room.files:,} files and "
            f"{room.size >> 20:,} MiB are left for it; nothing of it was unpacked, hand it over in parts"
        )


def _write(member: Member, path: Path, room: Room) -> str | None:
    """Write one file, and no more than its header promised; returns why it could not be done."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with member.open() as source, path.open("xb") as target:
            left = member.size
            while part := source.read(min(CHUNK, left + 1)):
                left -= len(part)
                room.size -= len(part)
                if left < 0 or room.size < 0:
                    raise ValueError("it is larger than its header says")
                target.write(part)
        room.files -= 1
    except DAMAGED as error:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
        what = getattr(error, "strerror", None) or str(error) or type(error).__name__
        return f"it cannot be unpacked ({shown(what)}), but has to be; pack it again"
    return None
