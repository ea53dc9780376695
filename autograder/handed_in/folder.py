"""A folder or an archive, as a learning-management system hands it out -> the notebooks in it, and whose each one is.

Who is who is taken from the first part of a path, and from nothing that a student can name. What cannot be read is
named in a sentence, and keeps nobody else from being marked.
"""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograder.errors import SubmissionError, UsageError
from autograder.handed_in import archive, leavings, notebook, temporary
from autograder.handed_in.archive import Room, shown
from autograder.handed_in.owners import MOODLE, NOTEBOOK, SCRIPT, Owners, Parts, last_attempts, named, printable
from autograder.handed_in.submission import stem_of

# Bytes and files that may be unpacked in all, and from one student's archive, so that nobody fills the room of all.
ROOM_OF_ALL = Room(4 << 30, 100_000)
ROOM_OF_ONE = Room(notebook.LARGEST, 1000)
MOST_SEEN = 4
LAYOUTS = """These are read:
  <student>/<assignment>/<notebook>.ipynb    or <student>/<notebook>.ipynb
  <assignment>/<student>/<notebook>.ipynb    or <assignment>/<student>.ipynb
  <student>.ipynb side by side               or <student>_<assignment>.ipynb
  a folder or an archive as Moodle, Canvas, Blackboard or Gradescope gives it, or an archive for each student"""
Answers = Callable[[Path], str | None]


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


def _assignment_in(path: Path) -> str | None:
    """The assignment that a notebook's own metadata names."""
    try:
        return notebook.open_file(path).assignment
    except SubmissionError:
        return None


@contextlib.contextmanager
def opened(
    paths: Path | Sequence[Path], assignments: Collection[str] = (), *, answers: Answers = _assignment_in
) -> Iterator[HandedIn]:
    """Find the notebooks below paths; archives are unpacked into a private folder, which is removed at the end.

    Args:
        paths: each a class, as `LAYOUTS` lists; one student's folder; an archive of any of these; or one notebook or
            script.
        assignments: names of the course's assignments, to tell a student's folder from a class.
        answers: tells the assignment of a notebook, asked only where names do not tell students apart.

    Raises:
        UsageError: there is nothing to mark, or nobody can tell whose it is.
    """
    chosen = [paths] if isinstance(paths, Path) else paths
    with temporary.folder("handed-in-") as unpacked:
        yield _Search(chosen, frozenset(assignments), answers, unpacked).result()


def find(path: Path, assignments: Collection[str] = ()) -> list[Item]:
    """Find the notebooks below a path as `opened` does, but for those in archives.

    Raises:
        UsageError: there is nothing to mark, or nobody can tell whose it is.
    """
    return list(_Search([path], frozenset(assignments), _assignment_in, None).result().items)


@dataclass
class _Search:
    """One look through folders, archives and files."""

    paths: Sequence[Path]
    assignments: frozenset[str]
    answers: Answers
    temporary: Path | None
    path: Path = Path()
    items: list[Item] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    room: Room = field(default_factory=lambda: replace(ROOM_OF_ALL))

    def result(self) -> HandedIn:
        """What is to be marked, and what is to be said."""
        files: defaultdict[Path, list[Path]] = defaultdict(list)
        for path in self.paths:
            self.path, before = path, (len(self.items), len(self.troubles))
            if not self.path.exists():
                raise UsageError(
                    f"{self.path}: it is not there, but has to be a folder of submissions or a notebook; mind the "
                    "spelling"
                )
            if self.path.is_dir():
                self._look_through(self.path, Owners(_name(self.path.absolute()), self.assignments))
            elif archive.is_archive(self.path.name) and self.path.is_file() and self.temporary is not None:
                self._unpack()
            else:
                files[_folder_of(self.path)].append(self.path)
                continue
            if len(self.paths) > 1 and before == (len(self.items), len(self.troubles)):
                self.troubles.append(f"{self.path}: no .ipynb file is in it; ask for it, or leave this out")
        for folder, group in files.items():
            self.path = folder
            self._take(group, Owners(_name(folder), self.assignments))
        items: dict[str, Item] = {}
        for item in self.items:  # a file may be named, and its folder too
            items.setdefault(str(item.path.absolute()), item)
        if not items and not self.troubles:
            raise UsageError(
                f"{', '.join(map(str, self.paths))}: no .ipynb file is in it, but it has to hold "
                "<student>/<assignment>/<notebook>.ipynb; put the submissions there"
            )
        return HandedIn(list(items.values()), self.troubles, self.remarks, self.places)

    def _take(self, files: Sequence[Path], owners: Owners) -> None:
        """Take files that were named one by one, of one folder."""
        parts = [(path.name,) for path in files]
        owners.learn(parts, parts)
        self._unclear(owners, dict(zip(parts, files, strict=True)))
        self.items += [Item(owners.of((path.name,)), str(path)) for path in files]

    def _unpack(self) -> None:
        folder = self._place(f"class-{len(self.places)}", str(self.path))
        unpacked = archive.unpack(self.path, folder, self.room, _is_read)
        self.troubles += unpacked.troubles
        self.remarks += unpacked.remarks
        folder.mkdir(exist_ok=True)
        name, others, left = _without_copy(archive.stem(self.path.name)), unpacked.others, unpacked.leavings
        owners = Owners(printable(name), self.assignments)
        paths = [*others, *_listed(folder, self.troubles).files]
        held = [*paths, *(parts for parts in left if not parts[0].startswith("."))]
        if {parts[0] for parts in held} == {name} and all(len(parts) > 1 for parts in held):
            folder = folder / name
            folder.mkdir(exist_ok=True)
            others, left = [parts[1:] for parts in others], [parts[1:] for parts in left if parts[0] == name]
        elif len({owners.below(parts)[:1] for parts in paths}) == 1 and len({parts[1:2] for parts in paths}) > 1:
            first = shown(owners.below(paths[0])[0])
            self.remarks.append(f"{self.path}: all of it lies in {first}, which was taken for one student's name")
        self._look_through(folder, owners, others, left)

    def _place(self, name: str, called: str) -> Path:
        assert self.temporary is not None  # noqa: S101  archives are left alone without one
        place = self.temporary / name
        self.places[str(place)] = called
        return place

    def _look_through(
        self, folder: Path, owners: Owners, others: Sequence[Parts] = (), left: Sequence[Parts] | None = None
    ) -> None:
        listed = _listed(folder, self.troubles)
        before, paths = len(self.items), sorted(listed.files)
        left = listed.leavings if left is None else left  # an archive's are known from itself
        handed = [parts for parts in paths if self._is_handed_in(parts, owners)]
        standing = [_standing_for(parts) for parts in left]
        owners.learn([*handed, *(parts for parts in standing if NOTEBOOK.search(parts[-1]))], [*paths, *others])
        self._tell_of_twins(paths)
        counting = last_attempts(handed, owners)
        unclear = self._unclear(owners, {parts: folder.joinpath(*parts) for parts in counting})
        handed = [parts for parts in handed if parts not in unclear]
        nothing: dict[str, list[str]] = defaultdict(list)
        for parts in handed:
            if parts not in counting:
                again = f"{owners.of(parts)} has handed in again, and the last one counts; this one was left out"
                self.remarks.append(f"{self.path}/{shown('/'.join(parts))}: {again}")
            elif not archive.is_archive(parts[-1]):
                self.items.append(Item(owners.of(parts), str(folder.joinpath(*parts))))
        packed = [folder.joinpath(*parts) for parts in handed if parts in counting and archive.is_archive(parts[-1])]
        # the small ones first: who hands in a bomb uses up nobody else's room
        for path in sorted(packed, key=lambda path: (path.lstat().st_size, path)):
            self._unpack_nested(path, owners.of(path.relative_to(folder).parts), nothing)
        students = {item.student for item in self.items[before:]}
        # what lies in a class's own folder is nobody's
        having = (students | {owners.root} if students else students) | {owners.of(parts) for parts in unclear}
        self._tell_of_nothing([*paths, *others], left, owners, having, nothing)
        self._tell_of_standing(paths, left, owners)

    def _is_handed_in(self, parts: Parts, owners: Owners) -> bool:
        """Whether a file is a notebook, an archive, or a notebook's text that is named as an assignment."""
        name = parts[-1]
        if NOTEBOOK.search(name) or archive.is_archive(name):
            return True
        if SCRIPT.search(name) is None:
            return False
        is_flat = len(owners.below(parts)) == 1 and named(name, self.assignments)[1] is not None
        return is_flat or stem_of(name) in self.assignments

    def _unclear(self, owners: Owners, files: Mapping[Parts, Path]) -> set[Parts]:
        """Those of several people in one student's folder, which is named; stop if nothing else is there."""
        folders = self._folders_of_several(owners, files)
        unclear = {parts for held in folders.values() for parts in held}
        seen = owners.unclear(sorted(files)) or (sorted(unclear) if len(unclear) == len(files) else [])
        if seen:
            raise UsageError(
                f"{self.path}: the names do not say whose notebooks these are.\n{LAYOUTS}\nSeen: {_first(seen)}.\n"
                "Give each student a folder, or put the student's name into the file's name. A folder of students "
                "inside another one is read if it is given itself; unpack an archive first."
            )
        self.troubles += [
            f"{self.path}: {shown(folder)} holds several notebooks of one assignment ({_first(held)}), and no name "
            "says whose; give each student a folder, or hand over only the one that counts"
            for folder, held in folders.items()
        ]
        return unclear

    def _folders_of_several(self, owners: Owners, files: Mapping[Parts, Path]) -> dict[str, list[Parts]]:
        """The folders, named by nobody's system, in which names tell several people apart; and all files of each."""
        folders: defaultdict[str, list[Parts]] = defaultdict(list)
        for parts in sorted(files):
            inside = owners.below(parts)
            if len(inside) > 1 and MOODLE.fullmatch(inside[0]) is None and owners.of(parts) != owners.root:
                folders[inside[0]].append(parts)
        return {
            folder: held
            for folder, held in folders.items()
            if len(held) > 1 and self._are_of_several(folder, {owners.below(parts)[1:]: files[parts] for parts in held})
        }

    def _are_of_several(self, folder: str, files: Mapping[Parts, Path]) -> bool:
        """Whether names in a folder tell several people apart, two of whom have the same assignment.

        A notebook that is named as the assignment, and as nobody, counts for the folder's own student.
        """
        owners = Owners(folder, self.assignments)
        owners.learn(list(files), list(files))
        whose = {parts: owners.of(parts) for parts in sorted(files)}
        own = {named(parts[-1], self.assignments)[1] for parts, owner in whose.items() if owner == owners.root}
        others = {parts: owner.casefold() for parts, owner in whose.items() if owner != owners.root}
        people: defaultdict[str, set[str]] = defaultdict(set)
        if len(set(others.values())) > 1:
            for parts, owner in others.items():
                assignment = named(parts[-1], self.assignments)[1] or self.answers(files[parts])
                if assignment is not None and assignment not in own:
                    people[assignment].add(owner)
        return any(len(names) > 1 for names in people.values())

    def _unpack_nested(self, path: Path, student: str, nothing: dict[str, list[str]]) -> None:
        """Unpack one student's archive; archives in it stay packed. What holds no notebook is added to `nothing`."""
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
        inside = sorted(_listed(folder, self.troubles).files) if folder.is_dir() else []
        self.items += [Item(student, str(folder.joinpath(*parts))) for parts in inside]
        if not inside:
            nothing[student] += [parts[-1] for parts in (*unpacked.others, *unpacked.leavings)] or [leavings.EMPTY]

    def _called(self, path: Path) -> str:
        return HandedIn([], places=self.places).told(str(path))

    def _tell_of_nothing(
        self,
        paths: list[Parts],
        left: Sequence[Parts],
        owners: Owners,
        having: Collection[str],
        packed: Mapping[str, Sequence[str]],
    ) -> None:
        """Name the students who have handed in something, but no notebook."""
        files: defaultdict[str, list[str]] = defaultdict(list)
        for parts in [*sorted(paths), *sorted(left)]:
            student = owners.of(_standing_for(parts))
            if student not in having and (student != owners.root or _is_of_a_notebook(parts)):
                files[student].append(shown(parts[-1]))
        for student, names in files.items():
            said = leavings.sentence(student, names, [shown(name) for name in packed.get(student, ())])
            self.troubles.append(f"{self.path}: {said}")

    def _tell_of_standing(self, paths: list[Parts], left: Sequence[Parts], owners: Owners) -> None:
        """Name the notebooks that are missing beside others of the same student."""
        having, there = {item.student for item in self.items}, set(paths)
        for parts in sorted(left):
            standing = _standing_for(parts)
            if standing != parts and NOTEBOOK.search(standing[-1]) and standing not in there:
                student = owners.of(standing)
                if student in having:
                    said = leavings.sentence(student, [shown(parts[-1])], lacks="another notebook")
                    self.troubles.append(f"{self.path}: {said}")

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


@dataclass(frozen=True)
class _Listed:
    """What lies below a folder: files, and what can hold nothing of a student's, as `leavings` knows it."""

    files: list[Parts]
    leavings: list[Parts]


def _listed(folder: Path, troubles: list[str]) -> _Listed:
    """All that lies below a folder; hidden folders are not looked into, and no link is followed."""
    faults: list[OSError] = []
    files: list[Parts] = []
    left: list[Parts] = []
    for place, folders, names in os.walk(folder, onerror=faults.append):
        at = Path(place).relative_to(folder).parts
        if at and not folders and not names and not NOTEBOOK.search(at[-1]):
            left.append((*at, leavings.EMPTY))
        left += [(*at, name) for name in folders if name.startswith(".")]
        folders[:] = [name for name in folders if not name.startswith((".", "__MACOSX"))]
        for name in [name for name in folders if Path(place, name).is_symlink()]:
            where = shown(str(Path(place, name)))
            troubles.append(f"{where}: it is a link to a folder, but has to be a folder; it was left out")
        empty = [name for name in folders if _is_empty_notebook(Path(place, name))]
        for name in [*empty, *names]:
            (left if leavings.is_leaving(name) else files).append((*at, name))
    troubles += [f"{shown(str(fault.filename))}: it cannot be looked into ({fault.strerror})" for fault in faults]
    return _Listed(files, left)


def _first(paths: Sequence[Parts]) -> str:
    """Some of many paths."""
    more = f" and {len(paths) - MOST_SEEN} more" if paths[MOST_SEEN:] else ""
    return ", ".join(shown("/".join(parts)) for parts in paths[:MOST_SEEN]) + more


def _standing_for(parts: Parts) -> Parts:
    """The path of the file that a placeholder stands for."""
    return (*parts[:-1], leavings.stands_for(parts[-1]))


def _is_of_a_notebook(parts: Parts) -> bool:
    """Whether a file that is no notebook shows that there has been one."""
    name = parts[-1]
    if name == leavings.CHECKPOINTS or archive.is_archive(name):
        return True
    return leavings.is_leaving(name) and NOTEBOOK.search(leavings.stands_for(name)) is not None


def _is_empty_notebook(folder: Path) -> bool:
    """Whether a folder is called as a notebook and holds nothing."""
    if NOTEBOOK.search(folder.name) is None or folder.is_symlink():
        return False
    with contextlib.suppress(OSError):
        return not any(folder.iterdir())
    return False


def _is_read(name: str) -> bool:
    return NOTEBOOK.search(name) is not None or archive.is_archive(name) or name.endswith(".py")


def _folder_of(path: Path) -> Path:
    """The folder of a file named on its own that may be called as its student is."""
    if not NOTEBOOK.search(path.name) and not SCRIPT.search(path.name):
        raise UsageError(
            f"{path}: it is a {path.suffix or 'plain'} file, but has to be a folder, an .ipynb or a .py file; name "
            f"one, or an archive ({', '.join(archive.ENDINGS)})"
        )
    folder = path.absolute().parent
    return folder.parent if folder.name == stem_of(path.name) else folder


def _without_copy(name: str) -> str:
    """A name without what browsers add to the second download of a file, and Drive to that of a folder."""
    return re.sub(r"-\d{8}T\d{6}Z(-\d+)*$", "", re.sub(r" ?\(\d+\)$", "", name))


def _name(folder: Path) -> str:
    return printable(folder.name)
