"""Read a course folder: assignments from `exercises/`, the blocks of their notebooks from `notebooks/`."""

from __future__ import annotations

import functools
import hashlib
import importlib
import sys
import traceback
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import jupytext

from autograder.course import sources
from autograder.course.declarations import require_sound
from autograder.course.exercise import Assignment
from autograder.errors import CourseError
from autograder.sandbox.limits import Limits

ROLES = ("setup", "figure", "show", "predict", "exercise", "check", "reflect")
NAMED_ROLES = ("predict", "exercise", "check", "reflect")
ENGINE = __name__.partition(".")[0]


@dataclass(frozen=True)
class Block:
    """One cell of a text notebook.

    Attributes:
        role: "prose", or one of `ROLES`, or "code" for a provided cell without a role.
        names: the functions or predictions it is about.
        source: its text.
        is_code: whether it is code rather than markdown.
    """

    role: str
    names: Sequence[str]
    source: str
    is_code: bool


@dataclass(frozen=True)
class Course:
    """All assignments of a course, with their notebooks.

    Attributes:
        folder: where it is.
        assignments: in order.
        limits: what a submission may use.
        for_students: packages in its folder that notebooks import and that contain no answers.
        title: what it is called on the page of a class; empty for the names of its assignments.
    """

    folder: Path
    assignments: Sequence[Assignment]
    limits: Limits = field(default_factory=Limits)
    for_students: Sequence[str] = ()
    title: str = ""
    _blocks: dict[str, list[Block]] = field(default_factory=dict, repr=False, compare=False)

    def blocks(self, assignment: Assignment) -> list[Block]:
        """The cells of an assignment's notebook, in order.

        Raises:
            CourseError: there is no such notebook, or it does not match the declarations.
        """
        if assignment.name not in self._blocks:
            path = self.folder / "notebooks" / f"{assignment.name}.py"
            blocks = _read_notebook(path, assignment)
            _require_placed(f"{self.folder / 'exercises'}, {assignment.name}", assignment, blocks)
            self._blocks[assignment.name] = blocks
        return self._blocks[assignment.name]

    def find(self, name: str) -> Assignment | None:
        """The assignment of this name, if there is one."""
        return next((assignment for assignment in self.assignments if assignment.name == name), None)

    def release(self, assignment: Assignment) -> str:
        """A short digest of all that decides an assignment's marks: its notebook, the exercises, and what they use."""
        return self._releases[assignment.name]

    @cached_property
    def _releases(self) -> dict[str, str]:
        notebooks = {one.name: self.folder / "notebooks" / f"{one.name}.py" for one in self.assignments}
        exercises = self._exercises.encode()
        return {
            name: hashlib.sha256(notebook.read_bytes() + exercises).hexdigest()[:12]
            for name, notebook in notebooks.items()
        }

    @cached_property
    def digest(self) -> str:
        """A short digest of the releases of all assignments."""
        releases = "".join(self.release(assignment) for assignment in self.assignments)
        return hashlib.sha256(releases.encode()).hexdigest()[:12]

    @cached_property
    def _exercises(self) -> str:
        """A digest of the exercises, hints and data, and of the modules they import from the course and beside it."""
        beside = functools.cache(self._package)  # one package is imported from hundreds of times

        def files_of(name: str) -> Sequence[Path]:
            first = name.partition(".")[0]
            return self._module(name) if first == self.folder.name else beside(first)

        modules = sources.reached((self.folder / "exercises").rglob("*.py"), self.folder.parent, files_of)
        hints = {*(self.folder / "hints").glob("*.md")} - {self.folder / "hints" / "README.md"}
        return sources.digest(self._with_data(modules) | hints, self.folder.parent)

    def makings(self, assignment: Assignment) -> set[Path]:
        """The modules and the data that an assignment's exercises and their mistakes are made of.

        Of a package whose module is imported, `__init__.py` belongs to them, but not what that imports in its turn.
        """
        root = self.folder.parent

        def files_of(name: str) -> Sequence[Path]:
            return [] if name.partition(".")[0] == ENGINE else sources.bound(name, root)

        modules = sources.reached(self._declaring(assignment), root, files_of)
        return self._with_data(modules.union(*(sources.packages(module, root) for module in modules)))

    def _declaring(self, assignment: Assignment) -> list[Path]:
        """The modules that hold an assignment; if none does by itself, all of the exercises."""
        package = f"{self.folder.name}.exercises"
        modules = [module for name, module in list(sys.modules.items()) if f"{name}.".startswith(f"{package}.")]
        holding = [module for module in modules if any(value is assignment for value in vars(module).values())]
        return [Path(str(module.__file__)).resolve() for module in holding] or [
            self.folder / "exercises" / "__init__.py"
        ]

    def _with_data(self, modules: set[Path]) -> set[Path]:
        """Modules with the data beside them, and the course's own."""
        folders = {module.parent for module in modules} - {self.folder}
        beside = [file for folder in folders for file in folder.iterdir()] + [*(self.folder / "data").rglob("*")]
        return modules.union(filter(_is_data, beside))

    def _module(self, name: str) -> list[Path]:
        """A module's file, and those of the packages that it lies in."""
        module = sources.module_of(name, self.folder.parent)
        return [module, *sources.packages(module, self.folder.parent)] if module else []

    def _package(self, name: str) -> list[Path]:
        """All of a package beside the course; the engine has its own version."""
        return [] if name == ENGINE else sorted((self.folder.parent / name).rglob("*.py"))


def _is_data(file: Path) -> bool:
    return file.is_file() and file.suffix not in (".py", ".pyc", ".md") and not file.name.startswith(".")


def load_course(folder: Path, *, whole: bool = True) -> Course:
    """Read a course.

    Args:
        folder: contains `notebooks/` and the package `exercises/`. `ASSIGNMENTS` lists assignments, `LIMITS`, if any,
            says what a submission may use, and `FOR_STUDENTS` names packages that notebooks import.
        whole: whether to read all notebooks now and check that they match the exercises; if not, each is read when
            needed.

    Raises:
        CourseError: it is not a course folder, or a declaration is invalid.
    """
    folder = folder.resolve()
    for part in ("notebooks", "exercises/__init__.py"):
        if not (folder / part).exists():
            raise CourseError(
                f"{folder}: not a course folder, as it has no {part}. Give a folder with notebooks/ and exercises/ by "
                "--course."
            )
    exercises = _import_exercises(folder)
    for_students = tuple(getattr(exercises, "FOR_STUDENTS", ()))
    title = str(getattr(exercises, "TITLE", ""))
    course = Course(folder, list(exercises.ASSIGNMENTS), _limits(folder, exercises), for_students, title)
    require_sound(folder, course.assignments)
    if whole:
        for assignment in course.assignments:
            course.blocks(assignment)
    return course


def _import_exercises(folder: Path) -> Any:
    parent = str(folder.parent)
    if parent not in sys.path:
        sys.path.insert(0, parent)
    try:
        module = importlib.import_module(f"{folder.name}.exercises")
        list(module.ASSIGNMENTS)
    except CourseError:
        raise
    except (Exception, SystemExit) as error:
        line = _line_of(error, folder / "exercises")
        raise CourseError(f"{line}: importing the exercises raises {error!r}. Correct it.") from error
    if Path(module.__file__ or "").resolve().parent != folder / "exercises":
        raise CourseError(
            f"{folder}: another course is already loaded from {module.__file__}. Use a new process for each course."
        )
    return module


def _line_of(error: BaseException, exercises: Path) -> str:
    """The last line of the exercises in an exception's traceback."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}, line {error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame for frame in frames if Path(frame.filename).is_relative_to(exercises)]
    return f"{lines[-1].filename}, line {lines[-1].lineno}" if lines else str(exercises)


def _limits(folder: Path, exercises: Any) -> Limits:
    limits = getattr(exercises, "LIMITS", Limits())
    if not isinstance(limits, Limits):
        raise CourseError(
            f"{folder / 'exercises'}: LIMITS is {limits!r}. Make it with autograder.sandbox.limits.Limits, and name "
            "only what differs from the defaults."
        )
    return limits


def _read_notebook(path: Path, assignment: Assignment) -> list[Block]:
    if not path.is_file():
        raise CourseError(
            f"{path} does not exist. Write it for assignment {assignment.name!r}, or rename the assignment."
        )
    try:
        notebook = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent")
    except UnicodeDecodeError as error:
        raise CourseError(f"{path}: {error}. Save it in UTF-8.") from error
    blocks = []
    for cell in notebook.cells:
        is_code = cell.cell_type == "code"
        role = next((role for role in ROLES if role in cell.metadata), "code" if is_code else "prose")
        names = str(cell.metadata[role]).split() if role in NAMED_ROLES else []
        blocks.append(Block(role, names, cell.source, is_code))
    return blocks


def _require_placed(where: str, assignment: Assignment, blocks: Sequence[Block]) -> None:
    for role, names in (
        ("exercise", [exercise.function for exercise in assignment.exercises]),
        ("predict", [prediction.name for prediction in assignment.predictions]),
    ):
        _require_same(where, role, names, [name for block in blocks if block.role == role for name in block.names])


def _require_unique(where: str, names: Iterable[str]) -> None:
    twice = [name for name, count in Counter(names).items() if count > 1]
    if twice:
        raise CourseError(f"{where}: {twice[0]!r} is declared twice. Rename one.")


def _require_same(where: str, role: str, declared: Sequence[str], placed: Sequence[str]) -> None:
    _require_unique(f"{where}, cells with {role}=", placed)
    for name in declared:
        if name not in placed:
            raise CourseError(
                f'{where}: {name!r} is declared, but no cell has {role}="{name}". Add one to the notebook.'
            )
    for name in placed:
        if name not in declared:
            raise CourseError(
                f'{where}: a cell has {role}="{name}", but {name!r} is not declared. Declare it, or rename it.'
            )
