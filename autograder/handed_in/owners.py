"""Whose a file is, according to its path, as learning-management systems name what students hand in.

Only names given by a system or an instructor count: the first folder, or the beginning of a file's name. Students
choose the rest.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from autograder.handed_in import archive
from autograder.handed_in.submission import stem_of

NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?$", re.IGNORECASE)
SCRIPT = re.compile(r"\.py$", re.IGNORECASE)
MOODLE = re.compile(r"(?P<student>.+_\d+)_assignsubmission_[a-z]+_?", re.DOTALL)
MOODLE_FILE = re.compile(r"(?P<student>.+?_\d+)_assignsubmission_[a-z]+_(?P<file>.+)", re.DOTALL)
# as Canvas itself reads it back: the first two numbers between underscores are the ids of the user and of the file
CANVAS = re.compile(
    r"((LATE_)?anon_(?P<anonymous>[A-Za-z0-9]+)|(?P<name>.+?)(_LATE)?_(?P<id>\d+))_(?P<number>\d+)_(?P<file>.+)",
    re.DOTALL,
)
CANVAS_ENTRY = re.compile(r"(?P<name>.+?)(_LATE)?_(?P<id>\d+)_(text|link)\.html", re.DOTALL)
SHORTEST_ID = 3  # digits; a shorter number can mean anything, unless every file has two of them
BLACKBOARD = re.compile(r"(?P<head>.+?)_(?P<when>\d{4}(-\d\d){5})(?P<file>.*)", re.DOTALL)
# what a student may hand in instead of a notebook, in a class with a file for each
PAPER = re.compile(r"\.(pdf|docx?|odt|rtf|pages|html?|py|rar|7z)$", re.IGNORECASE)
GRADESCOPE = re.compile(r"assignment_\d+_export")
# what Jupyter, Drive and browsers add to the name of a copy; a longer number may be a student's
COPY = re.compile(
    r"^(copy of|copie de|copia de|c\u00f3pia de|kopie von|kopie van)\b|[ _-]?\(?copy\)?\d*$|\(\d+\)$|-\d{1,3}$",
    re.IGNORECASE,
)
# what Python makes of the bytes 0x80 to 0xff of a name that is not UTF-8
NOT_UTF_8 = range(0xDC80, 0xDD00)
LAST_OF_FOUR_DIGITS = 0xFFFF
OWN_COPY = re.compile(r"-Copy\d*$")

Parts = tuple[str, ...]


@dataclass
class Owners:
    """Decides whose a file is. Files deeper than a student's folder have no say.

    Attributes:
        root: name of the folder or archive, safe to show; the owner of whatever is nobody else's.
        assignments: names of the course's assignments.
    """

    root: str
    assignments: frozenset[str]
    _heads: Mapping[str, str] = field(default_factory=dict)
    _is_canvas: bool = False
    _people: Mapping[str, str] = field(default_factory=dict)
    _is_one_student: bool = False

    def learn(self, notebooks: Sequence[Parts], paths: Sequence[Parts]) -> None:
        """Look at all paths: which system named the files, and which names are next to each other."""
        flat = sorted({inside[0] for parts in paths if len(inside := self.below(parts)) == 1})
        heads = {match["head"] for name in flat if (match := BLACKBOARD.fullmatch(name))}
        names = {head: _blackboard_name(head) for head in heads}
        counts = Counter(names.values())
        self._heads = {head: name if counts[name] == 1 else head for head, name in names.items()}
        marked = {self.below(parts) for parts in notebooks}
        self._is_canvas = _is_canvas(flat, [parts[0] for parts in marked if len(parts) == 1])
        unnamed = {
            parts[0]
            for parts in marked
            if len(parts) == 1 and self._by_system(parts[0]) is None and _is_marked(parts[0])
        }
        is_class = any(parts[0] not in unnamed for parts in marked)
        self._people = _people({name: named(name, self.assignments) for name in sorted(unnamed)}, is_class=is_class)
        self._is_one_student = bool(marked) and not is_class and not self._people
        packed = any(len(parts) == 1 and archive.is_archive(parts[0]) for parts in marked if parts[0] not in unnamed)
        if self._people or packed:
            self._people = {**_papers(flat, self._people, self.assignments), **self._people}

    def of(self, parts: Parts) -> str:
        """The student's name."""
        inside = self.below(parts)
        first = inside[0]
        if self._is_one_student:
            return self.root
        if len(inside) > 1:
            match = MOODLE.fullmatch(first)
            return printable(match["student"] if match else first)
        name = self._by_system(first) or self._people.get(first)
        return printable(name) if name else self.root

    def below(self, parts: Parts) -> Parts:
        """A path from the student's folder or file on, without the assignment folders that may contain students."""
        while len(parts) > 1 and (parts[0] in self.assignments or GRADESCOPE.fullmatch(parts[0])):
            parts = parts[1:]
        return parts

    def unclear(self, notebooks: Sequence[Parts]) -> list[Parts]:
        """Notebooks of one assignment whose names say neither whose they are nor that one is a copy of another."""
        groups: defaultdict[str, dict[str, Parts]] = defaultdict(dict)
        for parts in notebooks:
            inside = self.below(parts)
            label, assignment = named(inside[0], self.assignments)
            if len(inside) == 1 and assignment and not label and self._by_system(inside[0]) is None:
                groups[assignment].setdefault(OWN_COPY.sub("", _stem(inside[0])).casefold(), parts)
        return [parts for group in groups.values() if len(group) > 1 for parts in group.values()]

    def canvas(self, parts: Parts) -> re.Match[str] | None:
        """The parts of a file name that Canvas made."""
        inside = self.below(parts)
        return CANVAS.fullmatch(inside[0]) if self._is_canvas and len(inside) == 1 else None

    def _by_system(self, name: str) -> str | None:
        """The student, if a system named the file."""
        # in this order, so that no file of one system can be named as one of another system
        if self._is_canvas and (match := CANVAS.fullmatch(name)):
            return _canvas_student(match)
        if self._is_canvas and (match := CANVAS_ENTRY.fullmatch(name)):
            return f"{match['name']}_{match['id']}"
        if match := MOODLE_FILE.fullmatch(name):
            return match["student"] if name.count("_assignsubmission_") == 1 else name
        if match := BLACKBOARD.fullmatch(name):
            return self._heads.get(match["head"], match["head"])
        if archive.is_archive(name) and stem_of(archive.stem(name)) not in self.assignments:
            return archive.stem(name)
        return None


def named(name: str, assignments: Collection[str]) -> tuple[str, str | None]:
    """Split a file name into what may be a person, and the assignment: "ada_01_one_window (1).ipynb"."""
    stem = _stem(name)
    for assignment in sorted(assignments, key=len, reverse=True):
        match = re.search(rf"(?<![^\W_]){re.escape(assignment)}(?![^\W_])", stem, re.IGNORECASE)
        if match:
            before, after = stem[: match.start()], stem[match.end() :]
            return _tidy(_without_copies(f"{before.strip()} {after}")), assignment
    return stem, None


def _people(files: Mapping[str, tuple[str, str | None]], *, is_class: bool) -> dict[str, str]:
    """Who is named by which of the files next to each other; nobody, if they may all be one student's."""
    labels, assignments = {label for label, _ in files.values()}, [assignment for _, assignment in files.values()]
    each_once = None not in assignments and len(set(assignments)) == len(assignments)
    if not is_class and (len(labels) <= 1 or ("" in labels and each_once)):
        return {}
    short = _without_shared(sorted(labels - {""}))
    return {name: short[label] for name, (label, _) in files.items() if label}


def _papers(flat: Sequence[str], people: Mapping[str, str], assignments: Collection[str]) -> dict[str, str]:
    """Whose the other files next to people's notebooks are."""
    known = {named(name, assignments)[0]: person for name, person in people.items()}
    labels = {name: named(PAPER.sub("", name), assignments)[0] for name in flat if PAPER.search(name)}
    return {name: known.get(label, label) for name, label in labels.items() if label}


def _without_shared(labels: Sequence[str]) -> dict[str, str]:
    """Names without a word with a number that all of them begin or end with, such as "hw1"."""
    words = {label: re.split(r"[\s_.-]+", label) for label in labels}
    short = {label: label for label in labels}
    for place in (0, -1):
        while len(labels) > 1 and min(map(len, words.values())) > 1:
            shared = {parts[place].casefold() for parts in words.values()}
            if len(shared) > 1 or not any(letter.isdigit() for letter in shared.pop()):
                break
            for label, parts in words.items():
                word = parts.pop(place)
                cut = short[label][len(word) :] if place == 0 else short[label][: -len(word)]
                short[label] = _tidy(cut)
    return short


def _is_marked(name: str) -> bool:
    return any(pattern.search(name) for pattern in (NOTEBOOK, SCRIPT)) or archive.is_archive(name)


def _stem(name: str) -> str:
    return archive.stem(SCRIPT.sub("", NOTEBOOK.sub("", name)))


def _tidy(text: str) -> str:
    return text.strip(" \t_.-")


def _without_copies(text: str) -> str:
    while (shorter := COPY.sub("", text).strip()) != text:
        text = shorter
    return text


def _is_canvas(flat: Sequence[str], notebooks: Sequence[str]) -> bool:
    """Whether Canvas named the files: it uses each number once, and short numbers only if all files have them."""
    matches = [match for name in flat if (match := CANVAS.fullmatch(name))]
    files = defaultdict(set)
    for match in matches:
        files[_canvas_student(match), match["number"]].add(stem_of(match["file"]))
    if any(len(names) > 1 for names in files.values()):
        return False
    if any(_is_long(match["id"] or match["anonymous"]) and _is_long(match["number"]) for match in matches):
        return True
    of_all = [match for name in notebooks if (match := CANVAS.fullmatch(name))]
    return len(of_all) == len(notebooks) and len({_canvas_student(match) for match in of_all}) > 1


def _is_long(id_: str) -> bool:
    return len(id_) >= SHORTEST_ID


def _canvas_student(match: re.Match[str]) -> str:
    return f"{match['name']}_{match['id']}" if match["name"] else f"anon_{match['anonymous']}"


def _blackboard_name(head: str) -> str:
    """The student in "01_attempt_jdoe" or "01_jdoe_attempt", as exactly as the name allows."""
    _, separator, after = head.partition("attempt_")
    return after if separator else head.removesuffix("_attempt").split("_")[-1]


def last_attempts(paths: Sequence[Parts], owners: Owners) -> set[Parts]:
    """The paths without earlier attempts, as Blackboard and Canvas number them."""
    dated: defaultdict[tuple[str, str], list[tuple[str, Parts]]] = defaultdict(list)
    numbered: defaultdict[tuple[str, str], list[tuple[int, int, Parts]]] = defaultdict(list)
    names = {(owners.of(parts), match["file"]) for parts in paths if (match := owners.canvas(parts))}
    for parts in paths:
        student = owners.of(parts)
        if match := owners.canvas(parts):
            name, suffix = _without_number(match["file"])
            counts = name.partition(".")[0] in owners.assignments or (student, name) in names
            key = name if counts else match["file"]
            numbered[student, key].append((suffix if counts else 0, int(match["number"]), parts))
        elif len(inside := owners.below(parts)) == 1 and (match := BLACKBOARD.fullmatch(inside[0])):
            dated[student, match["head"]].append((match["when"], parts))
    old = {parts for group in dated.values() for when, parts in group if when != max(group)[0]}
    return set(paths) - old - {parts for group in numbered.values() for _, _, parts in sorted(group)[:-1]}


def _without_number(name: str) -> tuple[str, int]:
    """A file's name before Canvas added "-1", and that number; 0 if there is none."""
    match = re.match(r"(?P<stem>.+)-(?P<number>\d{1,9})(?P<ending>\.[A-Za-z.]+)$", name)
    return (match["stem"] + match["ending"], int(match["number"])) if match else (name, 0)


def printable(name: str) -> str:
    """A name as text that can be shown and written, in UTF-8 and on one line; different names stay different."""
    return "".join(map(_printable_letter, name))


def _printable_letter(letter: str) -> str:
    if letter == "\\":
        return r"\\"
    if letter.isprintable():
        return letter
    code = ord(letter)
    if code in NOT_UTF_8:
        return rf"\x{code - NOT_UTF_8.start + 0x80:02x}"
    return rf"\u{code:04x}" if code <= LAST_OF_FOUR_DIGITS else rf"\U{code:08x}"
