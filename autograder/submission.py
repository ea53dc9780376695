"""A file from a student -> a Submission: what the student wrote, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from autograder.course import Block, Course
from autograder.errors import SubmissionError
from autograder.exercise import Assignment
from autograder.model import Cell, Submission
from autograder.reading import SubmittedCell, SubmittedFile

COURSE_LABEL = "cell 0 (the course's own)"


def assignment_of(file: SubmittedFile, course: Course) -> Assignment | None:
    """Tell which assignment a file answers: by its metadata, else by its name, else by its folder's name."""
    names = (file.assignment, file.path.stem, file.path.parent.name)
    found = (course.find(name) for name in names if name is not None)
    return next((assignment for assignment in found if assignment is not None), None)


def read(file: SubmittedFile, student: str, course: Course, assignment: Assignment) -> Submission:
    """Take what a student wrote out of a notebook.

    The course's own cells run first, as they were released: imports, data, and the empty stubs. What the student
    changed or added runs on top of that, in the notebook's order, so that a cell's place and metadata do not matter.

    Raises:
        SubmissionError: there is no notebook in the file.
    """
    if file.cells is None:
        raise SubmissionError(file.trouble or "the file is not a notebook")
    blocks = course.blocks(assignment)
    provided = {block.source.strip() for block in blocks if block.is_code}
    own = [
        Cell(_label(number, cell), cell.source)
        for number, cell in enumerate(file.cells, start=1)
        if cell.is_code and cell.source.strip() and cell.source.strip() not in provided
    ]
    return Submission(
        student=student,
        assignment=assignment.name,
        digest=file.digest,
        cells=[_course_cell(blocks), *own],
        remarks=_missing(file.cells, blocks),
    )


def _course_cell(blocks: Sequence[Block]) -> Cell:
    given = [block.source for block in blocks if block.role in ("setup", "predict", "exercise")]
    return Cell(COURSE_LABEL, "\n\n".join(given))


def _label(number: int, cell: SubmittedCell) -> str:
    return f"cell {number} ({', '.join(cell.names)})"[:100] if cell.names else f"cell {number}"


def _missing(cells: Sequence[SubmittedCell], blocks: Sequence[Block]) -> list[str]:
    """A remark on each function whose cell is gone."""
    code = "\n".join(cell.source for cell in cells if cell.is_code)
    functions = [name for block in blocks if block.role == "exercise" for name in block.names]
    gone = [name for name in functions if not re.search(rf"^\s*(def {name}\s*\(|{name}\s*=[^=])", code, re.MULTILINE)]
    return [f"the cell of {name} is missing; the empty one was used" for name in gone]
