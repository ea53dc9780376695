"""A folder or an archive, as a learning-management system hands it out -> the notebooks in it, and whose each one is.

Who is who is taken from the first part of a path, and from nothing that a student can name. What cannot be read is
named in a sentence, and keeps nobody else from being marked.
"""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.errors import UsageError
from autograder.handed_in import archive, notebook
from autograder.handed_in.archive import Room, shown
from autograder.handed_in.owners import Owners, Parts, last_attempts, printable
from autograder.handed_in.submission import stem_of

# Bytes and files that may be unpacked in all, and from one student's archive, so that nobody fills the room of all.
ROOM_OF_ALL = Room(4 << 30, 100_000)
ROOM_OF_ONE = Room(notebook.LARGEST, 1000)
NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Item:
    """A file to mark, and whose it is; as text, of which thousands take little room."""

    student: str
    place: str

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(self.place)


@dataclass(frozen=True)
class HandedIn:
    """What was found.

    Attributes:
        items: what to mark.
        troubles: a sentence for all that cannot be marked.
        remarks: a sentence for what somebody may want to know.
        places: where archives were unpacked, and what these places are called.
    """

    items: Sequence[Item]
    troubles: Sequence[str] = ()
    remarks: Sequence[str] = ()
    places: Mapping[str, str] = field(default_factory=dict)

    def told(self, sentence: str) -> str:
        """A sentence, on one line, with the names of archives in place of where they were unpacked."""
        for place, name in self.places.items():
            sentence = sentence.replace(place, name)
        return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in sentence)


@contextlib.contextmanager
def opened(path: Path, assignments: Collection[str] = ()) -> Iterator[HandedIn]:
    """Find the notebooks below a path; archives are unpacked into a private folder, which is removed at the end.

    Args:
        path: a class, `<student>/<assignment>/*.ipynb` or as Moodle, Canvas or Blackboard hand it out; one student's
            folder; an archive of any of these; or one notebook.
        assignments: names of the course's assignments, to tell a student's folder from a class.

    Raises:
        UsageError: there is nothing to mark.
    """
    with tempfile.TemporaryDirectory(prefix="handed-in-") as temporary:
        yield _Search(path, frozenset(assignments), Path(temporary).resolve()).result()


def find(path: Path, assignments: Collection[str] = ()) -> list[Item]:
    """Find the notebooks below a path as `opened` does, but for those in archives.

    Raises:
        UsageError: there is nothing to mark.
    """
    return list(_Search(path, frozenset(assignments), None).result().items)


@dataclass
class _Search:
    """One look through a folder or an archive."""

    path: Path
    assignments: frozenset[str]
    temporary: Path | None
    items: list[Item] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    room: Room = field(default_factory=lambda: replace(ROOM_OF_ALL))

    def result(self) -> HandedIn:
        """What is to be marked, and what is to be said."""
        if not self.path.exists():
            raise UsageError(
                f"{self.path}: it is not there, but has to be a folder of submissions or a notebook; mind the spelling"
            )
        if self.path.is_dir():
            self._look_through(self.path, Owners(_name(self.path.absolute()), self.assignments), [])
        elif archive.is_archive(self.path.name) and self.path.is_file() and self.temporary is not None:
            self._unpack()
        else:
            return HandedIn([_single(self.path)])
        if not self.items:
            nothing = (
                f"{self.path}: no .ipynb file is in it, but it has to hold <student>/<assignment>/<notebook>.ipynb; "
                "put the submissions there"
            )
            raise UsageError("\n".join([*self.troubles, nothing]))
        return HandedIn(self.items, self.troubles, self.remarks, self.places)

    def _unpack(self) -> None:
        folder = self._place("class", str(self.path))
        unpacked = archive.unpack(self.path, folder, self.room, _is_read)
        self.troubles += unpacked.troubles
        self.remarks += unpacked.remarks
        folder.mkdir(exist_ok=True)
        name, others = archive.stem(self.path.name), list(unpacked.others)
        paths = [*others, *_files(folder, self.troubles)]
        if {parts[0] for parts in paths} == {_without_copy(name)} and all(len(parts) > 1 for parts in paths):
            folder, others = folder / _without_copy(name), [parts[1:] for parts in others]
        elif len({parts[0] for parts in paths}) == 1 and len({parts[1:2] for parts in paths}) > 1:
            first = shown(paths[0][0])
            self.remarks.append(f"{self.path}: all of it lies in {first}, which was taken for one student's name")
        self._look_through(folder, Owners(printable(_without_copy(name)), self.assignments), others)

    def _place(self, name: str, called: str) -> Path:
        assert self.temporary is not None  # noqa: S101  archives are left alone without one
        place = self.temporary / name
        self.places[str(place)] = called
        return place

    def _look_through(self, folder: Path, owners: Owners, others: list[Parts]) -> None:
        paths = sorted(_files(folder, self.troubles))
        handed = [parts for parts in paths if NOTEBOOK.search(parts[-1]) or archive.is_archive(parts[-1])]
        owners.learn(handed or paths, paths + others)
        self._tell_of_twins(paths)
        counting = last_attempts(handed, owners, self.assignments)
        for parts in handed:
            if parts not in counting:
                again = f"{owners.of(parts)} has handed in again, and the last one counts; this one was left out"
                self.remarks.append(f"{self.path}/{shown('/'.join(parts))}: {again}")
            elif not archive.is_archive(parts[-1]):
                self.items.append(Item(owners.of(parts), str(folder.joinpath(*parts))))
        packed = [folder.joinpath(*parts) for parts in handed if parts in counting and archive.is_archive(parts[-1])]
        # the small ones first: who hands in a bomb uses up nobody else's room
        for path in sorted(packed, key=lambda path: (path.lstat().st_size, path)):
            self._unpack_nested(path, owners.of(path.relative_to(folder).parts))
        self._add_scripts(folder, [parts for parts in paths if parts not in handed], owners)
        self._tell_of_nothing(paths + others, owners)

    def _unpack_nested(self, path: Path, student: str) -> None:
        """Unpack one student's archive; archives in it stay packed."""
        if self.temporary is None:
            return
        called = self._called(path)
        if path.is_symlink() or not path.is_file():
            self.troubles.append(f"{called}: it is a link or no plain file, but has to be an archive; it was left out")
            return
        folder = self._place(f"nested-{len(self.places):06}", called)
        own = Room(min(self.room.size, ROOM_OF_ONE.size), min(self.room.files, ROOM_OF_ONE.files))
        before = replace(own)
        try:
            unpacked = archive.unpack(path, folder, own, lambda name: bool(NOTEBOOK.search(name)), called=called)
        except UsageError as error:
            self.troubles.append(str(error))
            return
        finally:
            self.room.size -= before.size - own.size
            self.room.files -= before.files - own.files
        self.troubles += unpacked.troubles
        self.troubles += [
            f"{called}/{shown('/'.join(inside))}: it is an archive in an archive, but notebooks have to lie in the "
            "first; it was left out"
            for inside in unpacked.others
            if archive.is_archive(inside[-1])
        ]
        self.remarks += unpacked.remarks
        for inside in sorted(_files(folder, self.troubles)) if folder.is_dir() else []:
            self.items.append(Item(student, str(folder.joinpath(*inside))))

    def _called(self, path: Path) -> str:
        return HandedIn([], places=self.places).told(str(path))

    def _add_scripts(self, folder: Path, paths: list[Parts], owners: Owners) -> None:
        """Take a notebook's text, handed in by mistake, where it is named as an assignment."""
        for parts in paths:
            if parts[-1].endswith(".py") and stem_of(parts[-1]) in self.assignments:
                self.items.append(Item(owners.of(parts), str(folder.joinpath(*parts))))

    def _tell_of_nothing(self, paths: list[Parts], owners: Owners) -> None:
        """Name the students who have handed in something, but no notebook."""
        having = {item.student for item in self.items} | {owners.root}
        files = defaultdict(list)
        for parts in sorted(paths):
            if owners.of(parts) not in having:
                files[owners.of(parts)].append(shown(parts[-1]))
        for student, names in files.items():
            what = ", ".join(names[:3]) + (" and more" if names[3:] else "")
            self.troubles.append(
                f"{self.path}: {student} has handed in no notebook, but {what}; ask for the .ipynb file"
            )

    def _tell_of_twins(self, paths: list[Parts]) -> None:
        """Name what some systems take for the same: names that differ in case, or in how letters are put together."""
        known: dict[Parts, Parts] = {}
        for beginning in dict.fromkeys(parts[:depth] for parts in paths for depth in range(1, len(parts) + 1)):
            alike = (*beginning[:-1], unicodedata.normalize("NFC", beginning[-1]).casefold())
            first = known.setdefault(alike, beginning)
            if first != beginning:
                one, other = (shown("/".join(parts)) for parts in (first, beginning))
                self.remarks.append(
                    f"{self.path}: {one} and {other} differ only in case or accents; each was read on its own"
                )


def _files(folder: Path, troubles: list[str]) -> Iterator[Parts]:
    """All that lies below a folder but for hidden things; no link is followed."""
    faults: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=faults.append):
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        for name in [name for name in folders if Path(place, name).is_symlink()]:
            where = shown(str(Path(place, name)))
            troubles.append(f"{where}: it is a link to a folder, but has to be a folder; it was left out")
        empty = [name for name in folders if _is_empty_notebook(Path(place, name))]
        for name in [*empty, *names]:
            if not name.startswith("."):
                yield Path(place, name).relative_to(folder).parts
    troubles += [f"{shown(str(fault.filename))}: it cannot be looked into ({fault.strerror})" for fault in faults]


def _is_empty_notebook(folder: Path) -> bool:
    """Whether a folder is called as a notebook and holds nothing."""
    if NOTEBOOK.search(folder.name) is None or folder.is_symlink():
        return False
    with contextlib.suppress(OSError):
        return not any(folder.iterdir())
    return False


def _is_read(name: str) -> bool:
    return NOTEBOOK.search(name) is not None or archive.is_archive(name) or name.endswith(".py")


def _single(path: Path) -> Item:
    if not NOTEBOOK.search(path.name):
        raise UsageError(
            f"{path}: it is a {path.suffix or 'plain'} file, but has to be a folder or an .ipynb file; name one, or an "
            f"archive ({', '.join(archive.ENDINGS)})"
        )
    folder = path.absolute().parent
    return Item(_name(folder.parent if folder.name == stem_of(path.name) else folder), str(path))


def _without_copy(name: str) -> str:
    """A name without what browsers add to the second download of a file."""
    return re.sub(r" ?\(\d+\)$", "", name)


def _name(folder: Path) -> str:
    return printable(folder.name)
