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
LENT = "lent by the course, which costs nothing: "
# How alike two names are that mean the same, and how much of a longer one a shorter one has to be.
NEAR, SHORTEST_PART = 0.8, 5
# What is shown in prose rather than meant to run. A blank of one line only: one that goes on over many is looked
# through again from each of them.
SHOWN = re.compile(r"```|^[^\S\n]*<", re.MULTILINE)
MOST_REMARKS = 50
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
    """The one assignment that more than half of its functions are defined of; none where that is too much to tell."""
    nothing = _provided(())
    try:
        with bounded():
            names = {name for cell in file.cells or () if cell.is_code for name in nothing.own_part(cell.source).names}
    except TooMuchError:
        return None
    fitting = [
        one
        for one in course.assignments
        if 2 * sum(exercise.function in names for exercise in one.exercises) > len(one.exercises)
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
    """What a student wrote of a cell, each line at its place, and the names that it sets."""

    source: str
    names: Collection[str] = ()


@dataclass(frozen=True)
class _Known:
    """A statement of the course's own."""

    statement: ast.stmt
    dump: str


_Kind = tuple[type[ast.stmt], str]


@dataclass(frozen=True)
class _Provided:
    """The cells of the course itself, however an editor or a formatter writes them, and whatever cells they are in.

    Attributes:
        texts: each as text.
        blocks: each as its statements, the longest first, by what they begin with.
        names: all that they set.
    """

    texts: frozenset[str]
    blocks: Mapping[_Kind, Sequence[Sequence[_Known]]]
    names: frozenset[str]

    def own_part(self, source: str) -> _Part:
        """What is a student's in a source."""
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
        names = {name for one in own for name in names_set_by(one)}.union(names_set_inside(left))
        return _Part(left, names if is_whole else names.union(names_in_text(left)))


def _begin_with(body: Sequence[ast.stmt], at: int, block: Sequence[_Known], dump: Callable[[ast.stmt], str]) -> bool:
    """Whether statements go on from a place as a block does, however laid out, and share no line with others."""
    end = at + len(block)
    # a student may set the same name to the same value beside other things
    is_set_only = block[1:] == [] and isinstance(block[0].statement, ast.Assign)
    if end > len(body) or (is_set_only and body[1:]) or not all(map(_looks_like, body[at:end], block)):
        return False
    if any(dump(one) != known.dump for one, known in zip(body[at:end], block, strict=True)):
        return False
    before = at == 0 or (body[at - 1].end_lineno or 0) < first_place(body[at])[0]
    return before and (end == len(body) or (body[end - 1].end_lineno or 0) < first_place(body[end])[0])


def _looks_like(one: ast.stmt, known: _Known) -> bool:
    """Whether it is worth to look closer, which takes time."""
    other = known.statement
    return _kind(one) == _kind(other) and len(getattr(one, "body", ())) == len(getattr(other, "body", ()))


def _kind(statement: ast.stmt) -> _Kind:
    """What two statements that are the same have in common: their type, and the name of what they define."""
    return type(statement), getattr(statement, "name", "")


def _dump(statement: ast.stmt) -> str:
    """A statement as text that does not show how it was laid out; empty if it is nested too deeply."""
    try:
        return ast.dump(statement)
    except RecursionError:
        return ""


@functools.lru_cache(maxsize=64)
def _provided(sources: tuple[str, ...]) -> _Provided:
    blocks = [statements(source)[0] for source in sources]
    names = frozenset(name for block in blocks for one in block for name in names_set_by(one))
    known: dict[_Kind, list[Sequence[_Known]]] = {}
    for block in sorted(blocks, key=len, reverse=True):
        if block:
            known.setdefault(_kind(block[0]), []).append([_Known(one, _dump(one)) for one in block])
    return _Provided(frozenset(map(_plain, sources)), known, names)


def _plain(source: str) -> str:
    """A source without what editors change at the ends of lines, and with tabs for spaces or not."""
    return "\n".join(line.rstrip() for line in source.expandtabs(4).strip().split("\n"))


def _guessed(file: SubmittedFile, assignment: Assignment) -> list[str]:
    if assignment.name in (file.assignment, file.path.parent.name) or _is_named(file, assignment):
        return []
    return [f"neither metadata nor name say what the notebook answers; it was taken for {assignment.name}"]


def _with_retyped(
    cells: Iterator[tuple[int, SubmittedCell]],
    own_part: Callable[[str], _Part],
    blocks: Sequence[Block],
    remarks: list[str],
) -> Iterator[tuple[int, SubmittedCell]]:
    """The code cells, and those of another type that hold a definition which no code cell has."""
    numbered = list(cells)
    found = {name for _, cell in numbered if cell.is_code for name in own_part(cell.source).names}
    needed = [name for name in _names(blocks, "exercise", "predict") if name not in found]
    for number, cell in numbered:
        if cell.is_code and cell.source.strip():
            yield number, cell
        elif not cell.is_code and not SHOWN.search(cell.source):
            there = [name for name in needed if name in names_in_text(cell.source)]
            if there:
                remarks.append(f"cell {number} was no code, but defines {', '.join(there)}; it was run as code")
                yield number, cell


def _with_whole_blocks(
    cells: Iterator[tuple[int, SubmittedCell]], remarks: list[str]
) -> list[tuple[int, SubmittedCell]]:
    """Put the second half of a block behind its first, and what is merely indented to the left, as Jupyter does."""
    whole: list[tuple[int, SubmittedCell, list[str]]] = []
    for number, cell in cells:
        indent = _indent(cell.source)
        if indent and whole and _is_half(whole[-1][2][-1], cell.source):
            before, _, halves = whole[-1]
            halves[-1] = halves[-1].rstrip()
            halves.append(cell.source)
            remarks.append(f"cell {number} begins in the middle of a block; it was joined to cell {before}")
        elif indent:
            left = "\n".join(line.removeprefix(indent) for line in cell.source.split("\n"))
            whole.append((number, cell, [left]))
            remarks.append(f"cell {number} is indented as a whole; it was read without")
        else:
            whole.append((number, cell, [cell.source]))
    return [(number, replace(cell, source="\n".join(halves))) for number, cell, halves in whole]


def _indent(source: str) -> str:
    first = next(line for line in source.split("\n") if line.strip())
    return first[: len(first) - len(first.lstrip(" \t"))]


def _is_half(first: str, second: str) -> bool:
    """Whether the second source goes on inside the block in which the first one ends."""
    last = first.rstrip().rpartition("\n")[2]
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


def _lent(own: Collection[str], assignment: Assignment) -> list[str]:
    """A remark on the lent functions that the notebook does not define itself."""
    names = [one.__name__ for one in assignment.lends if one.__name__ not in own]
    return [LENT + ", ".join(names)] if names else []


def _label(number: int, cell: SubmittedCell, known: Collection[str]) -> str:
    """A cell's number, and what it is about; metadata may hold any names, of which only the course's are told."""
    names = [name for name in dict.fromkeys(cell.names) if name in known]
    return f"cell {number} ({', '.join(names)})" if names else f"cell {number}"


def _names(blocks: Sequence[Block], *roles: str) -> list[str]:
    return [name for block in blocks if block.role in roles for name in block.names]


def _twice(cells: Sequence[tuple[int, SubmittedCell]], blocks: Sequence[Block]) -> Iterator[str]:
    """A remark on each function that is defined more than once."""
    for name in _names(blocks, "exercise"):
        found = [str(number) for number, cell in cells for _ in re.findall(rf"^def {name}\s*\(", cell.source, re.M)]
        places = list(dict.fromkeys(found))
        if found[1:] and not places[1:]:
            yield f"{name} is defined {len(found)} times in cell {places[0]}; the last one counts"
        elif places[1:]:
            yield f"{name} is defined in cells {', '.join(places[:10])}; the last one counts"


def _missing(
    own: Collection[str], functions: Sequence[str], provided: _Provided, sources: Sequence[str]
) -> Iterator[str]:
    """A remark on each function that is there under another name, or whose cell is gone."""
    for name in functions:
        if name in own:
            continue
        if any(re.search(rf"^[ \t]+(?:async +)?def {name}\s*\(", source, re.M) for source in sources):
            yield f"{name} is defined inside another function or a class: its `def` belongs at the left edge"
            continue
        near = [other for other in sorted({*own} - provided.names) if _is_near(other, name)]
        if near:
            yield f"{near[0]} is defined, but the notebook asks for {name}: rename it"
        elif not any(name in names_in_text(source) for source in sources):
            yield f"the cell of {name} is missing; the empty one was used"


def _is_near(name: str, wanted: str) -> bool:
    """Whether a name was meant to be another one: its capitals, its underscores, a few letters, or its end differ."""
    one, other = (text.replace("_", "").casefold() for text in (name, wanted))
    is_part = min(len(one), len(other)) >= SHORTEST_PART and (one.startswith(other) or other.startswith(one))
    alike = difflib.SequenceMatcher(None, one, other)
    # by its length alone first, as a name may be of any
    return is_part or (alike.real_quick_ratio() >= NEAR and alike.ratio() >= NEAR)
