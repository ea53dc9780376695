"""What known mistakes do, kept beside the course from one build to the next: to work it out takes a minute.

What is kept counts only while nothing has changed that decides it: the calls, the code and the data that the mistakes
and this engine are made of, Python, and the libraries. Comments, layout, docstrings and annotations decide nothing.
It is taken for granted that a module changes nothing in one that does not import it.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from autograder.course import sources
from autograder.course.exercise import Assignment
from autograder.course.folder import Course

FOLDER = ".cache"
STARTED = time.time()  # imported before any course is
TICK = 0.02  # seconds that a file system's clock may be behind


@dataclass(frozen=True)
class Kept:
    """What is kept of one assignment.

    Attributes:
        folder: where it is, a file for each exercise.
        decided_by: a digest of all code that decides it; empty if nothing may be kept.
    """

    folder: Path
    decided_by: str = ""

    def recall(self, name: str, asked: object, work_out: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What is kept under a name, or worked out anew.

        Args:
            name: of an exercise.
            asked: what else decides it, as JSON has it.
            work_out: gives it, as JSON has it.
        """
        if not self.decided_by:
            return work_out()
        path = self.folder / f"{name}.json"
        digest = hashlib.sha256(json.dumps([self.decided_by, asked]).encode()).hexdigest()
        with suppress(OSError, ValueError, KeyError, TypeError):
            kept = json.loads(path.read_text(encoding="utf-8"))
            if kept["decided_by"] == digest:
                return dict(kept["done"])
        done = work_out()
        with suppress(OSError):  # a course that cannot be written to is built all the same
            _write(path, json.dumps({"decided_by": digest, "done": done}))
        return done


def of(course: Course, assignment: Assignment) -> Kept:
    """What is kept of an assignment.

    It is nothing if a file has changed since it may have been imported, or if a module looks for others by their names.
    """
    engine = Path(__file__).parents[2]
    own = sources.reached([Path(__file__).with_name("answer_key.py")], engine, partial(sources.bound, root=engine))
    files = {engine: own, course.folder.parent: course.makings(assignment)}
    folder = course.folder / FOLDER / assignment.name
    codes = [code for root, some in files.items() for code in sources.codes(some, root)]
    if any(code.looks_up for code in codes) or any(_is_touched(file) for some in files.values() for file in some):
        return Kept(folder)
    names = {name for code in codes for name in code.imports}
    decided_by = [*(sources.digest(some, root) for root, some in files.items()), *_versions(names)]
    return Kept(folder, hashlib.sha256("\n".join(decided_by).encode()).hexdigest())


def _write(path: Path, text: str) -> None:
    """Write a file as a whole, so that another build reads all of it or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _is_touched(file: Path) -> bool:
    about = file.stat()
    return max(about.st_mtime, about.st_ctime) > STARTED - TICK


def _versions(names: Iterable[str]) -> list[str]:
    """The versions of what is imported, of Python, and the kind of machine."""
    libraries = sorted({name.partition(".")[0] for name in names})
    versions = {name: getattr(sys.modules.get(name), "__version__", "") for name in libraries}
    return [sys.version, platform.machine(), *(f"{name} {version}" for name, version in versions.items() if version)]
