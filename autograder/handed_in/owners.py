"""Whose a file is, by its path, as learning-management systems name what students hand in.

Only what a system or an instructor has named decides: the first folder, or the beginning of a file's name. The rest is
a student's own words.
"""

from __future__ import annotations

import os
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from autograder.handed_in import archive
from autograder.handed_in.submission import stem_of

MOODLE = re.compile(r"(?P<student>.+_\d+)_assignsubmission_[a-z]+_?", re.DOTALL)
MOODLE_FILE = re.compile(r"(?P<student>.+?_\d+)_assignsubmission_[a-z]+_(?P<file>.+)", re.DOTALL)
CANVAS = re.compile(r"(?P<name>[^_]+)(_LATE)?_(?P<id>\d{3,})_(?P<number>\d{3,})_(?P<file>.+)", re.DOTALL)
BLACKBOARD = re.compile(r"(?P<head>.+?)_(?P<when>\d{4}(-\d\d){5})(?P<file>.*)", re.DOTALL)

Parts = tuple[str, ...]


@dataclass
class Owners:
    """Tells whose a file is. A file that lies deeper than the first folder never decides it."""

    root: str
    assignments: frozenset[str]
    _is_one_student: bool = False
    _heads: Mapping[str, str] = field(default_factory=dict)

    def learn(self, notebooks: Sequence[Parts], paths: Sequence[Parts]) -> None:
        """Look at all paths: whether the notebooks are one student's, and how Blackboard calls students."""
        self._is_one_student = {parts[0] for parts in notebooks if len(parts) > 1} <= self.assignments
        heads = {found["head"] for parts in paths if len(parts) == 1 and (found := BLACKBOARD.fullmatch(parts[0]))}
        names = {head: _blackboard_name(head) for head in heads}
        counts = Counter(names.values())
        self._heads = {head: name if counts[name] == 1 else head for head, name in names.items()}

    def of(self, parts: Parts) -> str:
        """The student's name."""
        first = parts[0]
        if len(parts) > 1:
            found = MOODLE.fullmatch(first)
            return self.root if self._is_one_student else printable(found["student"] if found else first)
        # in this order, so that no file of one system can be named as one of another system
        if found := CANVAS.fullmatch(first):
            return printable(f"{found['name']}_{found['id']}")
        if found := MOODLE_FILE.fullmatch(first):
            return printable(found["student"] if first.count("_assignsubmission_") == 1 else first)
        if found := BLACKBOARD.fullmatch(first):
            return printable(self._heads[found["head"]])
        if archive.is_archive(first) and stem_of(archive.stem(first)) not in self.assignments:
            return printable(archive.stem(first))
        return self.root


def _blackboard_name(head: str) -> str:
    """The student in "01_attempt_jdoe", as exactly as it can be told, or in "01_jdoe_attempt"."""
    _, found, after = head.partition("attempt_")
    return after if found else head.removesuffix("_attempt").split("_")[-1]


def last_attempts(paths: Sequence[Parts], owners: Owners, assignments: frozenset[str]) -> set[Parts]:
    """The paths without the earlier ones of what was handed in again, as Blackboard and Canvas number it."""
    dated: defaultdict[tuple[str, str], list[tuple[str, Parts]]] = defaultdict(list)
    numbered: defaultdict[tuple[str, str], list[tuple[int, int, Parts]]] = defaultdict(list)
    names = {(owners.of(parts), found["file"]) for parts in paths if (found := _canvas(parts))}
    for parts in paths:
        student = owners.of(parts)
        if found := _canvas(parts):
            name, suffix = _without_number(found["file"])
            counts = name.partition(".")[0] in assignments or (student, name) in names
            key = name if counts else found["file"]
            numbered[student, key].append((suffix if counts else 0, int(found["number"]), parts))
        elif len(parts) == 1 and (found := BLACKBOARD.fullmatch(parts[0])):
            dated[student, found["head"]].append((found["when"], parts))
    old = {parts for group in dated.values() for when, parts in group if when != max(group)[0]}
    return set(paths) - old - {parts for group in numbered.values() for _, _, parts in sorted(group)[:-1]}


def _canvas(parts: Parts) -> re.Match[str] | None:
    return CANVAS.fullmatch(parts[0]) if len(parts) == 1 else None


def _without_number(name: str) -> tuple[str, int]:
    """A file's name before Canvas added "-1", and that number; 0 if there is none."""
    found = re.match(r"(?P<stem>.+)-(?P<number>\d{1,9})(?P<ending>\.[A-Za-z.]+)$", name)
    return (found["stem"] + found["ending"], int(found["number"])) if found else (name, 0)


def printable(name: str) -> str:
    """A name as text that can be shown and written: in UTF-8, on one line."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text)
