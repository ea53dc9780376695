"""Hints, read from `course/hints/`: a Markdown file for each notebook, and `shared.md` for what several exercises say.

A heading for each function, below it one for each hint, and below that what it helps with and its three parts.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from pathlib import Path

from autograder.course.declarations import helps_with, subjects
from autograder.course.exercise import Assignment, Exercise, Hint
from autograder.errors import CourseError

FOLDER = Path(__file__).parents[1] / "hints"
SHARED = "shared.md"
README = "README.md"
PARTS = ("Question", "Pointer", "Almost the code")
THESE_PARTS = f"A hint has {', '.join(f'**{part}:**' for part in PARTS)}, once each, in this order."

# a code block, a heading, a paragraph, or a code block that does not end
BLOCK = re.compile(r"^```.*\n(?:.*\n)*?```[ \t]*$|^#.*$|(?:^(?!#|```).*\S.*\n?)+|^```.*$", re.MULTILINE)
SUBJECTS = re.compile(r"Helps with `[^`]+`(?:(?:, | and |, and )`[^`]+`)*\.")
FROM_SHARED = re.compile(r"See \[[^\]]+\]\(shared\.md(?:#[^)]*)?\)\.")
PART = re.compile(r"\*\*([^*]+):\*\*\s*(.*)", re.DOTALL)


@dataclass(frozen=True)
class _Block:
    """A heading, a paragraph in one line, or a code block, and the file and line it is from."""

    place: str
    text: str


@dataclass(frozen=True)
class _Written:
    """A hint, and the file and line of its heading."""

    place: str
    hint: Hint


def of(notebook: str, function: str, *, folder: Path = FOLDER) -> list[Hint]:
    """The hints for one function.

    Args:
        notebook: the notebook's name, which is the file's as well: "06_pooling".
        function: a heading in that file.
        folder: holds the files.

    Raises:
        CourseError: there are none, or the file is not written as hints are; it names the file and the line.
    """
    path = folder / f"{notebook}.md"
    hints = _read(path).get(function, [])
    _require(bool(hints), _shown(path), f'no hints for {function}. Add a heading "## {function}", and hints below it.')
    return [written.hint for written in hints]


def require_used(assignments: Sequence[Assignment], *, folder: Path = FOLDER) -> None:
    """See that every hint in the files belongs to an exercise, and helps with something of it.

    Raises:
        CourseError: one of them would never be seen; it names the file and the line.
    """
    notebooks = {assignment.name: assignment for assignment in assignments}
    for path in sorted(set(folder.glob("*.md")) - {folder / SHARED, folder / README}):
        name = path.stem
        _require(name in notebooks, _shown(path), f"there is no notebook {name}. Name the file after a notebook.")
        exercises = {exercise.function: exercise for exercise in notebooks[name].exercises}
        for function, hints in _read(path).items():
            known = f"Notebook {name} has {', '.join(exercises)}."
            _require(
                function in exercises, hints[0].place, f"the heading above is {function}, which is no function. {known}"
            )
            _require_fitting(name, exercises[function], hints)


def _require_fitting(notebook: str, exercise: Exercise, hints: Sequence[_Written]) -> None:
    function, known = exercise.function, subjects(exercise)
    declared = f'Declare hints=hints.of("{notebook}", "{function}").'
    used = list(exercise.hints) == [written.hint for written in hints]
    _require(used, hints[0].place, f"{function} does not use these hints. {declared}")
    for written in hints:
        for subject in written.hint.about:
            what = f"{function} has no mistake or behaviour {subject!r}. Correct its name."
            _require(helps_with(subject, known), written.place, what)


# --- one file -----------------------------------------------------------------------------------------------------


@functools.cache
def _read(path: Path) -> Mapping[str, Sequence[_Written]]:
    """The hints of a file, by function."""
    shared = None if path.name == SHARED else _shared(path.with_name(SHARED))
    sections: dict[str, Sequence[_Written]] = {}
    for title, blocks in _split("##", _blocks(path)):
        _require(title.text not in sections, title.place, f"{title.text} has a heading already. Keep one.")
        hints = [_hint(symptom, parts, shared) for symptom, parts in _split("###", blocks)]
        _require(bool(hints), title.place, f'{title.text} has no hints. Add a heading "### What the student sees".')
        sections[title.text] = _unique(hints)
    return sections


def _shared(path: Path) -> dict[str, Hint]:
    """The hints that several exercises share, by symptom."""
    hints = _unique(list(chain(*_read(path).values()))) if path.exists() else []
    return {written.hint.symptom: written.hint for written in hints}


def _unique(hints: Sequence[_Written]) -> Sequence[_Written]:
    places: dict[str, str] = {}
    for written in hints:
        first = places.setdefault(written.hint.symptom, written.place)
        what = f'"{written.hint.symptom}" is a heading already, in {first}. Rename one.'
        _require(first == written.place, written.place, what)
    return hints


def _blocks(path: Path) -> list[_Block]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise CourseError(f"{_shown(path)} does not exist. Write the hints of that notebook there.") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{_shown(path)}: {error}. Save it as text in UTF-8.") from error
    blocks = []
    for found in BLOCK.finditer(text):
        line = text[: found.start()].count("\n") + 1
        place = f"{_shown(path)}, line {line}"
        is_code = found[0].startswith("```")
        ends = not is_code or "\n" in found[0]
        _require(ends, place, "this code block does not end. Close it with a line of ```.")
        blocks.append(_Block(place, found[0] if is_code else " ".join(found[0].split())))
    return blocks


def _split(level: str, blocks: Sequence[_Block]) -> Iterator[tuple[_Block, list[_Block]]]:
    """Each heading of a level, without its signs, and the blocks below it. A file may begin with a title and prose."""
    starts = [place for place, block in enumerate(blocks) if block.text.startswith(f"{level} ")]
    for block in blocks[: [*starts, len(blocks)][0]]:
        belongs = level == "##" and not block.text.startswith("###")
        _require(belongs, block.place, 'this is above the first heading "### What the student sees". Put it below.')
    for start, end in pairwise([*starts, len(blocks)]):
        title = blocks[start]
        yield _Block(title.place, title.text.removeprefix(level).strip()), list(blocks[start + 1 : end])


# --- one hint -----------------------------------------------------------------------------------------------------


def _hint(symptom: _Block, blocks: list[_Block], shared: Mapping[str, Hint] | None) -> _Written:
    """Read a hint; what is shared says itself in `shared.md`, and what it helps with where it is used."""
    about = [] if shared is None else _subjects(symptom, blocks)
    if shared is not None and blocks and FROM_SHARED.fullmatch(blocks[0].text):
        what = f'"{symptom.text}" is no heading in {SHARED}. Correct it, or write its parts here.'
        _require(symptom.text in shared, blocks.pop(0).place, what)
        known = shared[symptom.text]
        parts = [known.question, known.pointer, known.near_code]
    else:
        parts = [_part(part, symptom, blocks) for part in PARTS]
    _require(not blocks, [*blocks, symptom][0].place, f"this is no part of a hint. {THESE_PARTS}")
    return _Written(symptom.place, Hint(symptom.text, *parts, about=about))


def _subjects(symptom: _Block, blocks: list[_Block]) -> list[str]:
    """Take the line away that says what a hint helps with."""
    line = blocks.pop(0) if blocks else symptom
    what = "this hint does not say what it helps with. Write below its heading: Helps with `M7`, `leftovers: shape`."
    _require(SUBJECTS.fullmatch(line.text) is not None, line.place, what)
    return re.findall(r"`([^`]+)`", line.text)


def _part(part: str, symptom: _Block, blocks: list[_Block]) -> str:
    """Take the paragraphs and code blocks of one part away."""
    first = blocks.pop(0) if blocks else symptom
    start = PART.fullmatch(first.text)
    if start is None or start[1] != part:
        raise CourseError(f'{first.place}: **{part}:** of the hint "{symptom.text}" is missing. {THESE_PARTS}')
    texts = [start[2]]
    while blocks and not PART.fullmatch(blocks[0].text) and not blocks[0].text.startswith("#"):
        texts.append(blocks.pop(0).text)
    text = "\n\n".join(texts).strip()
    _require(bool(text), first.place, f'**{part}:** of the hint "{symptom.text}" is empty. Write it.')
    return text


def _require(holds: bool, place: object, what: str) -> None:
    if not holds:
        raise CourseError(f"{place}: {what}")


def _shown(path: Path) -> Path:
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
