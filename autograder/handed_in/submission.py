"""A file from a student -> a Submission: what the student wrote, and nothing else."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from autograder.course import Block, Course
from autograder.errors import SubmissionError
from autograder.exercise import Assignment
from autograder.handed_in.notebook import SubmittedCell, SubmittedFile
from autograder.model import Cell, Submission

COURSE_LABEL = "cell 0 (the course's own)"
LENT = "lent by the course, which costs nothing: "
COPIES = re.compile(r"(\.ipynb|\.py|\.txt|\.json|[ _-]\(?copy\)?\d*|[ _-]?\(\d+\)|-\d+)$", re.IGNORECASE)


def assignment_of(file: SubmittedFile, course: Course) -> Assignment | None:
    """Tell which assignment a file answers: by its metadata, its name, its folder's name, or most of its functions."""
    names = (file.assignment, file.path.stem, file.path.parent.name)
    found = (course.find(name) for name in names if name is not None)
    ends = (one for one in course.assignments if _is_named(file, one))
    return next((one for one in [*found, *ends] if one is not None), None) or _by_functions(file, course)


def _is_named(file: SubmittedFile, assignment: Assignment) -> bool:
    """Whether a file's name ends in the assignment's, as it does in the archives of learning-management systems."""
    pattern = rf"(^|[\W_]){re.escape(assignment.name)}$"
    return any(re.search(pattern, name) for name in (file.path.stem, stem_of(file.path.name)))


def stem_of(name: str) -> str:
    """A file's name without its endings, and without what browsers and systems add to a copy's."""
    while (shorter := COPIES.sub("", name)) not in ("", name):
        name = shorter
    return name


def _by_functions(file: SubmittedFile, course: Course) -> Assignment | None:
    """The one assignment that more than half of its functions are defined of."""
    code = "\n".join(cell.source for cell in file.cells or () if cell.is_code)
    fitting = [
        one
        for one in course.assignments
        if 2 * sum(is_defined(exercise.function, code) for exercise in one.exercises) > len(one.exercises)
    ]
    return fitting[0] if len(fitting) == 1 else None


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
    provided = {_plain(block.source) for block in blocks if block.is_code}
    remarks = [*file.remarks, *_guessed(file, assignment)]
    cells = _with_whole_blocks(_with_retyped(enumerate(file.cells, start=1), provided, blocks, remarks), remarks)
    own = [(number, cell) for number, cell in cells if _plain(cell.source) not in provided]
    return Submission(
        student=student,
        assignment=assignment.name,
        digest=file.digest,
        cells=[
            *_lending(assignment),
            _course_cell(blocks),
            *(Cell(_label(number, cell), cell.source) for number, cell in own),
        ],
        remarks=[
            *remarks,
            *_twice(own, blocks),
            *_missing([cell for _, cell in cells], blocks),
            *_lent([cell for _, cell in own], assignment),
        ],
    )


def _plain(source: str) -> str:
    """A source without what editors change at the ends of lines, and with tabs for spaces or not."""
    return "\n".join(line.rstrip() for line in source.expandtabs(4).strip().split("\n"))


def _guessed(file: SubmittedFile, assignment: Assignment) -> list[str]:
    if assignment.name in (file.assignment, file.path.parent.name) or _is_named(file, assignment):
        return []
    return [f"neither metadata nor name say what the notebook answers; it was taken for {assignment.name}"]


def _with_retyped(
    cells: Iterator[tuple[int, SubmittedCell]], provided: Collection[str], blocks: Sequence[Block], remarks: list[str]
) -> Iterator[tuple[int, SubmittedCell]]:
    """The code cells, and those of another type that hold a definition which no code cell has."""
    numbered = list(cells)
    code = "\n".join(cell.source for _, cell in numbered if cell.is_code and _plain(cell.source) not in provided)
    needed = [name for name in _names(blocks, "exercise", "predict") if not is_defined(name, code)]
    for number, cell in numbered:
        if cell.is_code and cell.source.strip():
            yield number, cell
        elif not cell.is_code and not re.search(r"```|^\s*<", cell.source, re.MULTILINE):
            found = [name for name in needed if is_defined(name, cell.source)]
            if found:
                remarks.append(f"cell {number} was no code, but defines {', '.join(found)}; it was run as code")
                yield number, cell


def _with_whole_blocks(
    cells: Iterator[tuple[int, SubmittedCell]], remarks: list[str]
) -> list[tuple[int, SubmittedCell]]:
    """Put the second half of a block behind its first, and what is merely indented to the left, as Jupyter does."""
    whole: list[tuple[int, SubmittedCell]] = []
    for number, cell in cells:
        indent = _indent(cell.source)
        if indent and whole and _is_half(whole[-1][1].source, cell.source):
            before, first = whole.pop()
            whole.append((before, replace(first, source=f"{first.source.rstrip()}\n{cell.source}")))
            remarks.append(f"cell {number} begins in the middle of a block; it was joined to cell {before}")
        elif indent:
            left = "\n".join(line.removeprefix(indent) for line in cell.source.split("\n"))
            whole.append((number, replace(cell, source=left)))
            remarks.append(f"cell {number} is indented as a whole; it was read without")
        else:
            whole.append((number, cell))
    return whole


def _indent(source: str) -> str:
    first = next(line for line in source.split("\n") if line.strip())
    return first[: len(first) - len(first.lstrip(" \t"))]


def _is_half(first: str, second: str) -> bool:
    """Whether the second source goes on inside the block in which the first one ends."""
    last = first.rstrip().split("\n")[-1]
    begins = re.search(r"^[ \t]*(def|class|return|yield)\b", second, re.MULTILINE)
    returns = begins is not None and begins[1] in ("return", "yield")
    return last.endswith(":") or (last.startswith((" ", "\t")) and returns)


def _course_cell(blocks: Sequence[Block]) -> Cell:
    given = [block.source for block in blocks if block.role in ("setup", "predict", "exercise")]
    return Cell(COURSE_LABEL, "\n\n".join(given))


def _lending(assignment: Assignment) -> list[Cell]:
    """What makes the modules of lent functions known, so that the setup's import finds them and no stand-ins."""
    names = dict.fromkeys(function.__module__ for function in assignment.lends)
    modules = {name: inspect.getsource(sys.modules[name]) for name in names}
    lines = [
        f"sys.modules[{name!r}] = types.ModuleType({name!r})\nexec({source!r}, sys.modules[{name!r}].__dict__)"
        for name, source in modules.items()
    ]
    return [Cell(COURSE_LABEL, "\n".join(["import sys, types", *lines, "del sys, types"]))] if lines else []


def _lent(cells: Sequence[SubmittedCell], assignment: Assignment) -> list[str]:
    """A remark on the lent functions that the notebook does not define itself."""
    code = "\n".join(cell.source for cell in cells)
    names = [one.__name__ for one in assignment.lends if not is_defined(one.__name__, code)]
    return [LENT + ", ".join(names)] if names else []


def _label(number: int, cell: SubmittedCell) -> str:
    return f"cell {number} ({', '.join(cell.names)})"[:100] if cell.names else f"cell {number}"


def _names(blocks: Sequence[Block], *roles: str) -> list[str]:
    return [name for block in blocks if block.role in roles for name in block.names]


def is_defined(name: str, code: str) -> bool:
    """Whether some line of a code defines a function, or gives a name a value."""
    return re.search(rf"^[ \t]*(def {name}\s*\(|{name}\s*=[^=])", code, re.MULTILINE) is not None


def _twice(cells: Sequence[tuple[int, SubmittedCell]], blocks: Sequence[Block]) -> Iterator[str]:
    """A remark on each function that more than one cell defines."""
    for name in _names(blocks, "exercise"):
        places = [str(number) for number, cell in cells if re.search(rf"^def {name}\s*\(", cell.source, re.MULTILINE)]
        if places[1:]:
            yield f"{name} is defined in cells {', '.join(places[:10])}; the last one counts"


def _missing(cells: Sequence[SubmittedCell], blocks: Sequence[Block]) -> list[str]:
    """A remark on each function whose cell is gone."""
    code = "\n".join(cell.source for cell in cells)
    gone = [name for name in _names(blocks, "exercise") if not is_defined(name, code)]
    return [f"the cell of {name} is missing; the empty one was used" for name in gone]
