"""A file from a student -> a Submission: read whatever shape it is in, keep what the student wrote."""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.course import Block, Course
from autograder.errors import SubmissionError
from autograder.exercise import Assignment
from autograder.model import Cell, Submission

LARGEST = 100 << 20
COURSE_LABEL = "cell 0 (the course's own)"


@dataclass(frozen=True)
class SubmittedFile:
    """A file as it came: its bytes, and the notebook in it or the reason why there is none."""

    path: Path
    data: bytes
    notebook: Any
    trouble: str | None = None

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return hashlib.sha256(self.data).hexdigest()


def open_file(path: Path) -> SubmittedFile:
    """Read a file.

    Raises:
        SubmissionError: it is not a file that can be read at all.
    """
    try:
        if path.stat().st_size > LARGEST:
            size = path.stat().st_size >> 20
            return SubmittedFile(path, b"", None, f"the file has {size} MiB, but at most {LARGEST >> 20} are read")
        data = path.read_bytes()
    except OSError as error:
        raise SubmissionError(f"{path}: {error.strerror}, but it has to be a notebook file; submit it again") from error
    return parse(data, path)


def parse(data: bytes, path: Path) -> SubmittedFile:
    """Find the notebook in a file's bytes."""
    try:
        text = data.decode("utf-8-sig")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # nbformat warns of missing ids, which are no fault of a student's
            notebook = nbformat.reads(text, as_version=4)
        cells = [(str(cell.cell_type), str(cell.source), dict(cell.metadata)) for cell in notebook.cells]
    except nbformat.reader.NotJSONError:
        return SubmittedFile(path, data, None, "the file is cut short or is no notebook; save and submit it again")
    except Exception as error:  # noqa: BLE001  nbformat raises whatever it trips over in a damaged file
        trouble = f"the file cannot be read as a notebook ({type(error).__name__}); save and submit it again"
        return SubmittedFile(path, data, None, trouble)
    return SubmittedFile(path, data, (dict(notebook.metadata), cells))


def assignment_of(file: SubmittedFile, course: Course) -> Assignment | None:
    """Tell which assignment a file answers: by its metadata, else by its name, else by its folder's name."""
    said = file.notebook[0].get("autograder", {}) if file.notebook is not None else {}
    names = [said.get("assignment") if isinstance(said, dict) else None, file.path.stem, file.path.parent.name]
    found = (course.find(name) for name in names if isinstance(name, str))
    return next((assignment for assignment in found if assignment is not None), None)


def read(file: SubmittedFile, student: str, course: Course, assignment: Assignment) -> Submission:
    """Take what a student wrote out of a notebook.

    The course's own cells run first, as they were released: imports, data, and the empty stubs. What the student
    changed or added runs on top of that, in the notebook's order, so that a cell's place and metadata do not matter.

    Raises:
        SubmissionError: there is no notebook in the file.
    """
    if file.notebook is None:
        raise SubmissionError(file.trouble or "the file is not a notebook")
    blocks = course.blocks(assignment)
    provided = {block.source.strip() for block in blocks if block.is_code}
    own = [
        Cell(_label(number, metadata), source)
        for number, (kind, source, metadata) in enumerate(file.notebook[1], start=1)
        if kind == "code" and source.strip() and source.strip() not in provided
    ]
    return Submission(
        student=student,
        assignment=assignment.name,
        digest=file.digest,
        cells=[_course_cell(blocks), *own],
        remarks=_missing(file, blocks),
    )


def _course_cell(blocks: Sequence[Block]) -> Cell:
    given = [block.source for block in blocks if block.role in ("setup", "predict", "exercise")]
    return Cell(COURSE_LABEL, "\n\n".join(given))


def _label(number: int, metadata: dict[str, Any]) -> str:
    about = metadata.get("autograder")
    names = about.get("names") if isinstance(about, dict) else None
    known = isinstance(names, list) and names and all(isinstance(name, str) for name in names)
    return f"cell {number} ({', '.join(names)})"[:100] if known and names else f"cell {number}"


def _missing(file: SubmittedFile, blocks: Sequence[Block]) -> list[str]:
    """A remark on each function whose cell is gone."""
    code = "\n".join(source for kind, source, _ in file.notebook[1] if kind == "code")
    functions = [name for block in blocks if block.role == "exercise" for name in block.names]
    gone = [name for name in functions if not re.search(rf"^\s*(def {name}\s*\(|{name}\s*=[^=])", code, re.MULTILINE)]
    return [f"the cell of {name} is missing; the empty one was used" for name in gone]
