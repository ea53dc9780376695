"""The wheel that students without a copy of this project install: check(), hint() and what notebooks import."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from autograder.course.folder import Course
from autograder.errors import CourseError

DISTRIBUTION = "convolution-by-hand"
ENGINE = Path(__file__).parents[1]
GRADER = ENGINE / "grading" / "grader.py"  # only `autograder.grade` loads it, which students do not use
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


def wheel(course: Course, folder: Path) -> Path:
    """Build a wheel with what students' notebooks import: check() and hint(), and some packages of a course.

    It contains no answers, no hidden cases, no notebooks and no grader. Its version marks it as the wheel for students;
    where this project is installed too, pip replaces it.

    Args:
        course: names its packages for students in `FOR_STUDENTS`.
        folder: where the wheel goes.

    Returns:
        The wheel's file; the same course and engine give the same bytes.

    Raises:
        CourseError: setuptools is not installed, or a package does not exist.
    """
    with tempfile.TemporaryDirectory() as name:
        tree = Path(name)
        for module in _modules():
            target = tree / module.relative_to(ENGINE.parent)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(module, target)
        for package in course.for_students:
            source = course.folder / package
            if not (source / "__init__.py").is_file():
                raise CourseError(
                    f"{course.folder / 'exercises'}: FOR_STUDENTS names {package!r}, which is not a package in the "
                    "course's folder. Create it, or leave it out."
                )
            ignored = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(source, tree / course.folder.name / package, ignore=ignored)
        (tree / course.folder.name).mkdir(exist_ok=True)
        shutil.copy(course.folder / "__init__.py", tree / course.folder.name)
        (tree / "pyproject.toml").write_text(_project(tree), encoding="utf-8")
        return _build(tree, folder)


def _modules() -> set[Path]:
    """The engine's modules that `from autograder import check, hint` can import, and those of figures."""
    modules: set[Path] = set()
    ahead = [ENGINE / "__init__.py", *(ENGINE / "drawing").glob("*.py")]
    while ahead:
        module = ahead.pop()
        if module in modules or module == GRADER:
            continue
        modules.add(module)
        ahead += _imported(module)
    return modules


def _imported(module: Path) -> Iterator[Path]:
    """The engine's modules that a module imports anywhere, and their packages."""
    names = []
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    for name in names:
        engine, *parts = name.split(".")
        for count in range(1, len(parts) + 1) if engine == ENGINE.name else ():
            path = ENGINE.joinpath(*parts[:count])
            yield from (file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file())


def _project(tree: Path) -> str:
    packages = sorted({".".join(file.parent.relative_to(tree).parts) for file in tree.rglob("__init__.py")})
    requires = metadata.requires(DISTRIBUTION) or []
    needs = [requirement for requirement in requires if "extra ==" not in requirement]
    # strings and lists in JSON are valid TOML
    return f"""[project]
name = "{DISTRIBUTION}"
version = "{metadata.version(DISTRIBUTION)}+students"
description = "What the notebooks of the course import: check(), hint() and figures."
dependencies = {json.dumps(needs)}

[project.optional-dependencies]
{_extras(requires)}

[tool.setuptools]
packages = {json.dumps(packages)}
package-data = {{"*" = ["*.npz", "*.zip"]}}
"""


def _extras(requires: Sequence[str]) -> str:
    """The optional dependencies, as in this project."""
    extras: dict[str, list[str]] = {}
    for requirement in requires:
        if extra := re.fullmatch(r"(.+?)(?: and |; )extra == ['\"](.+)['\"]", requirement):
            extras.setdefault(extra[2], []).append(extra[1])
    return "\n".join(f"{json.dumps(name)} = {json.dumps(needs)}" for name, needs in extras.items())


def _build(tree: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        command = [sys.executable, "-c", BUILD, made]
        # 1980, the earliest time of a file in a zip
        done = subprocess.run(  # noqa: S603  our own command
            command, cwd=tree, capture_output=True, text=True, check=False, env={"SOURCE_DATE_EPOCH": "315532800"}
        )
        if done.returncode:
            missing = re.search(r"No module named '(setuptools)'", done.stderr)
            why = f"{missing[1]} is not installed" if missing else done.stderr.strip().rpartition("\n")[2]
            raise CourseError(
                f"{folder}: cannot build the wheel with setuptools ({why}). "
                f"Install it with: pip install '{DISTRIBUTION}[nbgrader]'"
            )
        (built,) = Path(made).glob("*.whl")
        return Path(shutil.copy(built, folder / built.name))
