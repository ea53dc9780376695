"""A folder or an archive, as a learning-management system exports it -> the notebooks in it, and whose each one is.

Only the first part of a path decides who a student is, never anything that a student can name. What cannot be read is
reported in a sentence, and never stops others from being graded.
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

# The most bytes and files to unpack in all, and from one student's archive, so that nobody uses up the room of all.
ROOM_OF_ALL = Room(4 << 30, 100_000)
ROOM_OF_ONE = Room(notebook.LARGEST, 1000)
MOST_SEEN = 4
LAYOUTS = """Supported layouts:
  <student>/<assignment>/<notebook>.ipynb    or <student>/<notebook>.ipynb
  <assignment>/<student>/<notebook>.ipynb    or <assignment>/<student>.ipynb
  <student>.ipynb next to each other         or <student>_<assignment>.ipynb
  a folder or an archive from Moodle, Canvas, Blackboard or Gradescope, or an archive per student"""
Answers = Callable[[Path], str | None]


@dataclass(frozen=True, slots=True)
class Item:
    """A file to grade, and whose it is; as text, so that thousands take little memory."""

    student: str
    place: str

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.place)


@dataclass(frozen=True)
class HandedIn:
    """What was found.

    Attributes:
        items: what to grade.
        troubles: a sentence for each file that cannot be graded.
        remarks: a sentence for each thing that an instructor may want to know.
        places: where archives were unpacked, and the names of these archives.
    """

    items: Sequence[Item]
    troubles: Sequence[str] = ()
    remarks: Sequence[str] = ()
    places: Mapping[str, str] = field(default_factory=dict)

    def named(self, sentence: str) -> str:
        """A sentence on one line that names archives instead of the places where they were unpacked."""
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
    """Find the notebooks under some paths; archives are unpacked into a private folder, which is removed at the end.

    Args:
        paths: each a class, as `LAYOUTS` lists; one student's folder; an archive of any of these; or one notebook or
            script.
        assignments: names of the course's assignments, to distinguish a student's folder from a class.
        answers: gives the assignment of a notebook; called only where names do not distinguish students.

    Raises:
        UsageError: there is nothing to grade, or no way to know whose it is.
    """
    chosen = [paths] if isinstance(paths, Path) else paths
    with temporary.folder("handed-in-") as unpacked:
        yield _Search(chosen, frozenset(assignments), answers, unpacked).result()


def find(path: Path, assignments: Collection[str] = ()) -> list[Item]:
    """Find the notebooks under a path as `opened` does, except those in archives.

    Raises:
        UsageError: there is nothing to grade, or no way to know whose it is.
    """
    return list(_Search([path], frozenset(assignments), _assignment_in, None).result().items)


@dataclass
class _Search:
    """One search through folders, archives and files."""

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
        """What to grade, and what to report."""
        files: defaultdict[Path, list[Path]] = defaultdict(list)
        for path in self.paths:
            self.path, before = path, (len(self.items), len(self.troubles))
            if not self.path.exists():
                raise UsageError(f"{self.path} does not exist. Give a folder of submissions or a notebook.")
            if self.path.is_dir():
                self._look_through(self.path, Owners(_name(self.path.absolute()), self.assignments))
            elif archive.is_archive(self.path.name) and self.path.is_file() and self.temporary is not None:
                self._unpack()
            else:
                files[_folder_of(self.path)].append(self.path)
                continue
            if len(self.paths) > 1 and before == (len(self.items), len(self.troubles)):
                self.troubles.append(f"{self.path}: no .ipynb file found; ask for it, or leave this path out")
        for folder, group in files.items():
            self.path = folder
            self._take(group, Owners(_name(folder), self.assignments))
        items: dict[str, Item] = {}
        for item in self.items:  # a file may be named, and its folder too
            items.setdefault(str(item.path.absolute()), item)
        if not items and not self.troubles:
            raise UsageError(
                f"{', '.join(map(str, self.paths))}: no .ipynb files found. Give a folder with "
                "<student>/<assignment>/<notebook>.ipynb, or one .ipynb file."
            )
        return HandedIn(list(items.values()), self.troubles, self.remarks, self.places)

    def _take(self, files: Sequence[Path], owners: Owners) -> None:
        """Take files of one folder that were given one by one."""
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
            self.remarks.append(
                f"{self.path}: everything is in one folder, so it was graded as the work of one student, {first}"
            )
        self._look_through(folder, owners, others, left)

    def _place(self, name: str, called: str) -> Path:
        assert self.temporary is not None  # noqa: S101  without one, archives are not unpacked
        place = self.temporary / name
        self.places[str(place)] = called
        return place

    def _look_through(
        self, folder: Path, owners: Owners, others: Sequence[Parts] = (), left: Sequence[Parts] | None = None
    ) -> None:
        listed = _listed(folder, self.troubles)
        before, paths = len(self.items), sorted(listed.files)
        left = listed.leavings if left is None else left  # an archive has its own list
        handed = [parts for parts in paths if self._is_handed_in(parts, owners)]
        standing = [_standing_for(parts) for parts in left]
        owners.learn([*handed, *(parts for parts in standing if NOTEBOOK.search(parts[-1]))], [*paths, *others])
        self._report_similar_names(paths)
        counting = last_attempts(handed, owners)
        unclear = self._unclear(owners, {parts: folder.joinpath(*parts) for parts in counting})
        handed = [parts for parts in handed if parts not in unclear]
        nothing: dict[str, list[str]] = defaultdict(list)
        for parts in handed:
            if parts not in counting:
                again = f"an earlier attempt of {owners.of(parts)}; the last one was graded"
                self.remarks.append(f"{self.path}/{shown('/'.join(parts))}: {again}")
            elif not archive.is_archive(parts[-1]):
                self.items.append(Item(owners.of(parts), str(folder.joinpath(*parts))))
        packed = [folder.joinpath(*parts) for parts in handed if parts in counting and archive.is_archive(parts[-1])]
        # small ones first, so that a bomb cannot use up the room of others
        for path in sorted(packed, key=lambda path: (path.lstat().st_size, path)):
            self._unpack_nested(path, owners.of(path.relative_to(folder).parts), nothing)
        students = {item.student for item in self.items[before:]}
        # files directly in a class's folder are nobody's
        having = (students | {owners.root} if students else students) | {owners.of(parts) for parts in unclear}
        self._report_missing([*paths, *others], left, owners, having, nothing)
        self._report_placeholders(paths, left, owners)

    def _is_handed_in(self, parts: Parts, owners: Owners) -> bool:
        """Whether a file is a notebook, an archive, or a script that is named like an assignment."""
        name = parts[-1]
        if NOTEBOOK.search(name) or archive.is_archive(name):
            return True
        if SCRIPT.search(name) is None:
            return False
        is_flat = len(owners.below(parts)) == 1 and named(name, self.assignments)[1] is not None
        return is_flat or stem_of(name) in self.assignments

    def _unclear(self, owners: Owners, files: Mapping[Parts, Path]) -> set[Parts]:
        """Files of several people in one student's folder, which are reported; stop if there is nothing else."""
        folders = self._folders_of_several(owners, files)
        unclear = {parts for held in folders.values() for parts in held}
        seen = owners.unclear(sorted(files)) or (sorted(unclear) if len(unclear) == len(files) else [])
        if seen:
            raise UsageError(
                f"{self.path}: the names do not say whose notebooks these are.\n{LAYOUTS}\nFound: {_first(seen)}.\n"
                "Give each student a folder, or put the student's name into the file name. If the class is in a "
                "folder inside this one, give that folder; unpack an archive first."
            )
        self.troubles += [
            f"{self.path}: {shown(folder)} contains several notebooks for one assignment ({_first(held)}), and their "
            "names do not say whose; give each student a folder, or keep only the one to grade"
            for folder, held in folders.items()
        ]
        return unclear

    def _folders_of_several(self, owners: Owners, files: Mapping[Parts, Path]) -> dict[str, list[Parts]]:
        """Folders that no system has named, in which file names distinguish several people; and all files of each."""
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
        """Whether names in a folder distinguish several people, two of whom have the same assignment.

        A notebook named like the assignment, without a person, counts for the folder's own student.
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
        """Unpack one student's archive; archives in it stay packed. One without a notebook is added to `nothing`."""
        if self.temporary is None:
            return
        called = self._called(path)
        if path.is_symlink() or not path.is_file():
            self.troubles.append(f"{called}: not a plain file; skipped. Ask for the archive itself")
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
            f"{called}/{shown('/'.join(inside))}: an archive inside an archive; skipped. Unpack it, or ask for the "
            ".ipynb file"
            for inside in unpacked.others
            if archive.is_archive(inside[-1])
        ]
        self.remarks += unpacked.remarks
        inside = sorted(_listed(folder, self.troubles).files) if folder.is_dir() else []
        self.items += [Item(student, str(folder.joinpath(*parts))) for parts in inside]
        if not inside:
            nothing[student] += [parts[-1] for parts in (*unpacked.others, *unpacked.leavings)] or [leavings.EMPTY]

    def _called(self, path: Path) -> str:
        return HandedIn([], places=self.places).named(str(path))

    def _report_missing(
        self,
        paths: list[Parts],
        left: Sequence[Parts],
        owners: Owners,
        having: Collection[str],
        packed: Mapping[str, Sequence[str]],
    ) -> None:
        """Report the students who handed in something, but no notebook."""
        files: defaultdict[str, list[str]] = defaultdict(list)
        for parts in [*sorted(paths), *sorted(left)]:
            student = owners.of(_standing_for(parts))
            if student not in having and (student != owners.root or _is_of_a_notebook(parts)):
                files[student].append(shown(parts[-1]))
        for student, names in files.items():
            said = leavings.sentence(student, names, [shown(name) for name in packed.get(student, ())])
            self.troubles.append(f"{self.path}: {said}")

    def _report_placeholders(self, paths: list[Parts], left: Sequence[Parts], owners: Owners) -> None:
        """Report the notebooks that are missing while the same student has handed in others."""
        having, there = {item.student for item in self.items}, set(paths)
        for parts in sorted(left):
            standing = _standing_for(parts)
            if standing != parts and NOTEBOOK.search(standing[-1]) and standing not in there:
                student = owners.of(standing)
                if student in having:
                    said = leavings.sentence(student, [shown(parts[-1])], handed_in="another notebook, and")
                    self.troubles.append(f"{self.path}: {said}")

    def _report_similar_names(self, paths: list[Parts]) -> None:
        """Report names that some systems treat as the same: they differ only in case, or in how accents are encoded."""
        known: dict[Parts, Parts] = {}
        for beginning in dict.fromkeys(parts[:depth] for parts in paths for depth in range(1, len(parts) + 1)):
            alike = (*beginning[:-1], unicodedata.normalize("NFC", beginning[-1]).casefold())
            first = known.setdefault(alike, beginning)
            if first != beginning:
                earlier, later = (shown("/".join(parts)) for parts in (first, beginning))
                self.remarks.append(
                    f"{self.path}: {earlier} and {later} differ only in case or accents; they were graded separately"
                )


@dataclass(frozen=True)
class _Listed:
    """What is under a folder: files, and what cannot contain a student's work, as `leavings` decides."""

    files: list[Parts]
    leavings: list[Parts]


def _listed(folder: Path, troubles: list[str]) -> _Listed:
    """Everything under a folder; hidden folders are not searched, and links are not followed."""
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
            troubles.append(f"{where}: a link to a folder; skipped. Give the folder itself")
        empty = [name for name in folders if _is_empty_notebook(Path(place, name))]
        for name in [*empty, *names]:
            (left if leavings.is_leaving(name) else files).append((*at, name))
    troubles += [f"{shown(str(fault.filename))}: cannot be read ({fault.strerror})" for fault in faults]
    return _Listed(files, left)


def _first(paths: Sequence[Parts]) -> str:
    """The first of many paths."""
    more = f" and {len(paths) - MOST_SEEN} more" if paths[MOST_SEEN:] else ""
    return ", ".join(shown("/".join(parts)) for parts in paths[:MOST_SEEN]) + more


def _standing_for(parts: Parts) -> Parts:
    """The path of the file that a placeholder stands for."""
    return (*parts[:-1], leavings.stands_for(parts[-1]))


def _is_of_a_notebook(parts: Parts) -> bool:
    """Whether a file that is not a notebook shows that there was one."""
    name = parts[-1]
    if name == leavings.CHECKPOINTS or archive.is_archive(name):
        return True
    return leavings.is_leaving(name) and NOTEBOOK.search(leavings.stands_for(name)) is not None


def _is_empty_notebook(folder: Path) -> bool:
    """Whether a folder is named like a notebook and empty."""
    if NOTEBOOK.search(folder.name) is None or folder.is_symlink():
        return False
    with contextlib.suppress(OSError):
        return not any(folder.iterdir())
    return False


def _is_read(name: str) -> bool:
    return NOTEBOOK.search(name) is not None or archive.is_archive(name) or name.endswith(".py")


def _folder_of(path: Path) -> Path:
    """The folder of a file given on its own, which may be named after the student."""
    if not NOTEBOOK.search(path.name) and not SCRIPT.search(path.name):
        raise UsageError(
            f"{path}: cannot grade {path.suffix + ' files' if path.suffix else 'this file'}. Give a folder, an .ipynb "
            f"or .py file, or an archive ({', '.join(archive.ENDINGS)})."
        )
    folder = path.absolute().parent
    return folder.parent if folder.name == stem_of(path.name) else folder


def _without_copy(name: str) -> str:
    """A name without what browsers add to a second download of a file, and Google Drive to a folder."""
    return re.sub(r"-\d{8}T\d{6}Z(-\d+)*$", "", re.sub(r" ?\(\d+\)$", "", name))


def _name(folder: Path) -> str:
    return printable(folder.name)
