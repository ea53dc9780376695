"""A file from a student -> a Submission: what the student wrote, and nothing else."""

from __future__ import annotations

import ast
import difflib
import functools
import inspect
import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from autograder.bounds import TooMuchError, bounded
from autograder.course.exercise import Assignment
from autograder.course.folder import Block, Course
from autograder.errors import SubmissionError
from autograder.handed_in.notebook import SubmittedCell, SubmittedFile
from autograder.model import Cell, Submission
from autograder.sandbox.source import first_place, names_in_text, names_set_by, names_set_inside, statements

COURSE_LABEL = "cell 0 (the course's own)"
LENT = "provided by the course at no cost in marks: "
# How similar two names must be to mean the same, and the fewest letters of one name that must begin another.
NEAR, SHORTEST_PART = 0.8, 5
# Code that prose shows rather than runs. The blanks are on one line only: a search over many lines would start again
# at each of them.
SHOWN = re.compile(r"```|^[^\S\n]*<", re.MULTILINE)
MOST_REMARKS = 50
COPIES = re.compile(r"(\.ipynb|\.py|\.txt|\.json|[ _-]\(?copy\)?\d*|[ _-]?\(\d+\)|-\d+)$", re.IGNORECASE)


def assignment_of(file: SubmittedFile, course: Course) -> Assignment | None:
    """Find which assignment a file answers: by its metadata, its name, its folder's name, or most of its functions."""
    names = (file.assignment, file.path.stem, file.path.parent.name)
    named = (course.find(name) for name in names if name is not None)
    ends = (assignment for assignment in course.assignments if _is_named(file, assignment))
    known = (assignment for assignment in (*named, *ends) if assignment is not None)
    return next(known, None) or _by_functions(file, course)


def _is_named(file: SubmittedFile, assignment: Assignment) -> bool:
    """Whether a file's name ends in the assignment's, as in the archives of learning-management systems."""
    pattern = rf"(^|[\W_]){re.escape(assignment.name)}$"
    return any(re.search(pattern, name) for name in (file.path.stem, stem_of(file.path.name)))


def stem_of(name: str) -> str:
    """A file's name without its endings, and without what browsers and systems add to copies."""
    while (shorter := COPIES.sub("", name)) not in ("", name):
        name = shorter
    return name


def _by_functions(file: SubmittedFile, course: Course) -> Assignment | None:
    """The only assignment of which more than half of the functions are defined; None if that takes too long."""
    nothing = _provided(())
    try:
        with bounded():
            names = {name for cell in file.cells or () if cell.is_code for name in nothing.own_part(cell.source).names}
    except TooMuchError:
        return None
    fitting = [
        assignment
        for assignment in course.assignments
        if 2 * sum(exercise.function in names for exercise in assignment.exercises) > len(assignment.exercises)
    ]
    return fitting[0] if len(fitting) == 1 else None


def read(file: SubmittedFile, student: str, course: Course, assignment: Assignment) -> Submission:
    """Extract what a student wrote from a notebook.

    The course's own cells run first, as released: imports, data, and the empty stubs. What the student changed or
    added runs after that, in the notebook's order, so a cell's place and metadata do not matter.

    Raises:
        SubmissionError: there is no notebook in the file.
    """
    if file.cells is None:
        raise SubmissionError(file.trouble or "the file is not a notebook")
    blocks = course.blocks(assignment)
    provided = _provided(tuple(block.source for block in blocks if block.is_code))
    remarks = [*file.remarks, *_guessed(file, assignment)]
    own_part = functools.cache(provided.own_part)
    cells = _with_whole_blocks(_with_retyped(enumerate(file.cells, start=1), own_part, blocks, remarks), remarks)
    parts = [(number, cell, own_part(cell.source)) for number, cell in cells]
    own = [(number, replace(cell, source=part.source)) for number, cell, part in parts if part.source.strip()]
    known = frozenset(name for block in blocks for name in block.names)
    names = {name for *_, part in parts for name in part.names}
    return Submission(
        student=student,
        assignment=assignment.name,
        digest=file.digest,
        cells=[
            *_lending(assignment),
            _course_cell(blocks),
            *(Cell(_label(number, cell, known), cell.source) for number, cell in own),
        ],
        remarks=[
            *_few(remarks),
            *_twice(own, blocks),
            *_missing(names, _names(blocks, "exercise"), provided, [cell.source for _, cell in cells]),
            *_lent(names, assignment),
        ],
        written_with=file.written_with,
    )


def _few(remarks: Sequence[str]) -> list[str]:
    """The first of many remarks, and how many more there are."""
    more = len(remarks) - MOST_REMARKS
    return [*remarks[:MOST_REMARKS], *([f"and {more:,} more remarks on the notebook"] if more > 0 else [])]


@dataclass(frozen=True)
class _Part:
    """What a student wrote in a cell, each line in its place, and the names that it sets."""

    source: str
    names: Collection[str] = ()


@dataclass(frozen=True)
class _Known:
    """A statement of the course."""

    statement: ast.stmt
    dump: str


_Kind = tuple[type[ast.stmt], str]


@dataclass(frozen=True)
class _Provided:
    """The course's own cells, recognised however an editor formats them and in whatever cell they end up.

    Attributes:
        texts: each as text.
        blocks: each as its statements, longest first, by their first statement.
        names: all names that they set.
    """

    texts: frozenset[str]
    blocks: Mapping[_Kind, Sequence[Sequence[_Known]]]
    names: frozenset[str]

    def own_part(self, source: str) -> _Part:
        """The student's part of a source."""
        if _plain(source) in self.texts:
            return _Part("")
        body, is_whole = statements(source)
        dump = functools.cache(_dump)
        lines, own, at = source.split("\n"), [], 0
        while at < len(body):
            blocks = self.blocks.get(_kind(body[at]), ())
            size = next((len(block) for block in blocks if _begin_with(body, at, block, dump)), 0)
            if size:
                first, last = first_place(body[at])[0] - 1, body[at + size - 1].end_lineno or 0
                lines[first:last] = [""] * (last - first)
            else:
                own.append(body[at])
            at += max(size, 1)
        if is_whole and body and not own:
            return _Part("")
        left = "\n".join(lines)
        names = {name for statement in own for name in names_set_by(statement)}.union(names_set_inside(left))
        return _Part(left, names if is_whole else names.union(names_in_text(left)))


def _begin_with(body: Sequence[ast.stmt], at: int, block: Sequence[_Known], dump: Callable[[ast.stmt], str]) -> bool:
    """Whether the statements from a place on are those of a block, in any layout, and share no line with others."""
    end = at + len(block)
    # a student may set the same name to the same value among other things
    is_set_only = block[1:] == [] and isinstance(block[0].statement, ast.Assign)
    if end > len(body) or (is_set_only and body[1:]) or not all(map(_looks_like, body[at:end], block)):
        return False
    if any(dump(statement) != known.dump for statement, known in zip(body[at:end], block, strict=True)):
        return False
    before = at == 0 or (body[at - 1].end_lineno or 0) < first_place(body[at])[0]
    return before and (end == len(body) or (body[end - 1].end_lineno or 0) < first_place(body[end])[0])


def _looks_like(statement: ast.stmt, known: _Known) -> bool:
    """Whether a full comparison, which takes time, is worthwhile."""
    other = known.statement
    return _kind(statement) == _kind(other) and len(getattr(statement, "body", ())) == len(getattr(other, "body", ()))


def _kind(statement: ast.stmt) -> _Kind:
    """What equal statements have in common: their type, and the name of what they define."""
    return type(statement), getattr(statement, "name", "")


def _dump(statement: ast.stmt) -> str:
    """A statement as text without its layout; empty if it is nested too deeply."""
    try:
        return ast.dump(statement)
    except RecursionError:
        return ""


@functools.lru_cache(maxsize=64)
def _provided(sources: tuple[str, ...]) -> _Provided:
    blocks = [statements(source)[0] for source in sources]
    names = frozenset(name for block in blocks for statement in block for name in names_set_by(statement))
    known: dict[_Kind, list[Sequence[_Known]]] = {}
    for block in sorted(blocks, key=len, reverse=True):
        if block:
            known.setdefault(_kind(block[0]), []).append([_Known(statement, _dump(statement)) for statement in block])
    return _Provided(frozenset(map(_plain, sources)), known, names)


def _plain(source: str) -> str:
    """A source without what editors change: blanks at the ends of lines, and tabs or spaces."""
    return "\n".join(line.rstrip() for line in source.expandtabs(4).strip().split("\n"))


def _guessed(file: SubmittedFile, assignment: Assignment) -> list[str]:
    if assignment.name in (file.assignment, file.path.parent.name) or _is_named(file, assignment):
        return []
    return [f"neither metadata nor file name say which assignment this is; by its functions it is {assignment.name}"]


def _with_retyped(
    cells: Iterator[tuple[int, SubmittedCell]],
    own_part: Callable[[str], _Part],
    blocks: Sequence[Block],
    remarks: list[str],
) -> Iterator[tuple[int, SubmittedCell]]:
    """The code cells, and cells of another type with a definition that no code cell has."""
    numbered = list(cells)
    defined = {name for _, cell in numbered if cell.is_code for name in own_part(cell.source).names}
    needed = [name for name in _names(blocks, "exercise", "predict") if name not in defined]
    for number, cell in numbered:
        if cell.is_code and cell.source.strip():
            yield number, cell
        elif not cell.is_code and not SHOWN.search(cell.source):
            retyped = [name for name in needed if name in names_in_text(cell.source)]
            if retyped:
                remarks.append(f"cell {number} is not a code cell but defines {', '.join(retyped)}; it was run as code")
                yield number, cell


def _with_whole_blocks(
    cells: Iterator[tuple[int, SubmittedCell]], remarks: list[str]
) -> list[tuple[int, SubmittedCell]]:
    """Join the halves of a split block, and unindent cells that are indented as a whole, as Jupyter does."""
    whole: list[tuple[int, SubmittedCell, list[str]]] = []
    for number, cell in cells:
        indent = _indent(cell.source)
        if indent and whole and _is_half(whole[-1][2][-1], cell.source):
            before, _, halves = whole[-1]
            halves[-1] = halves[-1].rstrip()
            halves.append(cell.source)
            remarks.append(f"cell {number} starts in the middle of a block; it was joined to cell {before}")
        elif indent:
            left = "\n".join(line.removeprefix(indent) for line in cell.source.split("\n"))
            whole.append((number, cell, [left]))
            remarks.append(f"cell {number} is indented as a whole; the indentation was removed")
        else:
            whole.append((number, cell, [cell.source]))
    return [(number, replace(cell, source="\n".join(halves))) for number, cell, halves in whole]


def _indent(source: str) -> str:
    first = next(line for line in source.split("\n") if line.strip())
    return first[: len(first) - len(first.lstrip(" \t"))]


def _is_half(first: str, second: str) -> bool:
    """Whether the second source continues the block in which the first one ends."""
    last = first.rstrip().rpartition("\n")[2]
    begins = re.search(r"^[ \t]*(def|class|return|yield)\b", second, re.MULTILINE)
    returns = begins is not None and begins[1] in ("return", "yield")
    return last.endswith(":") or (last.startswith((" ", "\t")) and returns)


def _course_cell(blocks: Sequence[Block]) -> Cell:
    given = [block.source for block in blocks if block.role in ("setup", "predict", "exercise")]
    return Cell(COURSE_LABEL, "\n\n".join(given))


def _lending(assignment: Assignment) -> list[Cell]:
    """A cell that registers the modules of lent functions, so that the setup imports them and not stand-ins."""
    names = dict.fromkeys(function.__module__ for function in assignment.lends)
    modules = {name: inspect.getsource(sys.modules[name]) for name in names}
    lines = [
        f"sys.modules[{name!r}] = types.ModuleType({name!r})\nexec({source!r}, sys.modules[{name!r}].__dict__)"
        for name, source in modules.items()
    ]
    return [Cell(COURSE_LABEL, "\n".join(["import sys, types", *lines, "del sys, types"]))] if lines else []


def _lent(own: Collection[str], assignment: Assignment) -> list[str]:
    """A remark on the lent functions that the notebook does not define itself."""
    names = [function.__name__ for function in assignment.lends if function.__name__ not in own]
    return [LENT + ", ".join(names)] if names else []


def _label(number: int, cell: SubmittedCell, known: Collection[str]) -> str:
    """A cell's number and the names it is about; of any names in its metadata, only the course's are shown."""
    names = [name for name in dict.fromkeys(cell.names) if name in known]
    return f"cell {number} ({', '.join(names)})" if names else f"cell {number}"


def _names(blocks: Sequence[Block], *roles: str) -> list[str]:
    return [name for block in blocks if block.role in roles for name in block.names]


def _twice(cells: Sequence[tuple[int, SubmittedCell]], blocks: Sequence[Block]) -> Iterator[str]:
    """A remark on each function that is defined more than once."""
    for name in _names(blocks, "exercise"):
        numbers = [str(number) for number, cell in cells for _ in re.findall(rf"^def {name}\s*\(", cell.source, re.M)]
        places = list(dict.fromkeys(numbers))
        if numbers[1:] and not places[1:]:
            yield f"{name} is defined {len(numbers)} times in cell {places[0]}; the last one counts"
        elif places[1:]:
            yield f"{name} is defined in cells {', '.join(places[:10])}; the last one counts"


def _missing(
    own: Collection[str], functions: Sequence[str], provided: _Provided, sources: Sequence[str]
) -> Iterator[str]:
    """A remark on each function that has another name, or whose cell is missing."""
    for name in functions:
        if name in own:
            continue
        if any(re.search(rf"^[ \t]+(?:async +)?def {name}\s*\(", source, re.M) for source in sources):
            yield f"{name} is defined inside another function or a class; move its `def` to the left margin"
            continue
        near = [other for other in sorted({*own} - provided.names) if _is_near(other, name)]
        if near:
            yield f"{near[0]} is defined, but the notebook asks for {name}; rename it"
        elif not any(name in names_in_text(source) for source in sources):
            yield f"the cell with {name} is missing; the empty starter was used"


def _is_near(name: str, wanted: str) -> bool:
    """Whether a name is probably another one misspelt: capitals, underscores, a few letters or its end differ."""
    plain, other = (text.replace("_", "").casefold() for text in (name, wanted))
    is_part = min(len(plain), len(other)) >= SHORTEST_PART and (plain.startswith(other) or other.startswith(plain))
    alike = difflib.SequenceMatcher(None, plain, other)
    # by length alone first, as names can be very long
    return is_part or (alike.real_quick_ratio() >= NEAR and alike.ratio() >= NEAR)
