"""What students install where there is no copy of this project: check(), hint() and what their notebooks import."""

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
GRADER = ENGINE / "grading" / "grader.py"  # loaded by `autograder.grade` alone, which students have no use for
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


def wheel(course: Course, folder: Path) -> Path:
    """Build a wheel of what students' notebooks import: check() and hint(), and some packages of a course.

    It holds no right answers, no hidden cases, no text of notebooks, and no grader. Its version says that it is the
    one for students, and pip puts it in the place of this project where both are installed.

    Args:
        course: names its packages for students in `FOR_STUDENTS`.
        folder: where the wheel goes.

    Returns:
        The wheel's file; the same course and engine give the same bytes.

    Raises:
        CourseError: setuptools is not installed, or a package is not there.
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
                    f"{course.folder / 'exercises'}: FOR_STUDENTS names {package!r}, but there is no such package in "
                    "the course's folder; make it, or leave it out"
                )
            ignored = shutil.ignore_patterns("__pycache__", ".*")
            shutil.copytree(source, tree / course.folder.name / package, ignore=ignored)
        (tree / course.folder.name).mkdir(exist_ok=True)
        shutil.copy(course.folder / "__init__.py", tree / course.folder.name)
        (tree / "pyproject.toml").write_text(_project(tree), encoding="utf-8")
        return _build(tree, folder)


def _modules() -> set[Path]:
    """The engine's modules that `from autograder import check, hint` may come to import, and those of figures."""
    found: set[Path] = set()
    ahead = [ENGINE / "__init__.py", *(ENGINE / "drawing").glob("*.py")]
    while ahead:
        module = ahead.pop()
        if module in found or module == GRADER:
            continue
        found.add(module)
        ahead += _imported(module)
    return found


def _imported(module: Path) -> Iterator[Path]:
    """The engine's modules that are imported anywhere in a module, and the packages that they are in."""
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
    needs = [one for one in requires if "extra ==" not in one]
    # JSON's texts and lists are TOML's as well
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
    """What may be installed beside it, as for this project."""
    found: dict[str, list[str]] = {}
    for one in requires:
        if extra := re.fullmatch(r"(.+?)(?: and |; )extra == ['\"](.+)['\"]", one):
            found.setdefault(extra[2], []).append(extra[1])
    return "\n".join(f"{json.dumps(name)} = {json.dumps(needs)}" for name, needs in found.items())


def _build(tree: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        command = [sys.executable, "-c", BUILD, made]
        # of 1980, before which a zip file knows no time
        done = subprocess.run(  # noqa: S603  our own words
            command, cwd=tree, capture_output=True, text=True, check=False, env={"SOURCE_DATE_EPOCH": "315532800"}
        )
        if done.returncode:
            missing = re.search(r"No module named '(setuptools)'", done.stderr)
            why = f"{missing[1]} is not installed" if missing else done.stderr.strip().rpartition("\n")[2]
            raise CourseError(
                f"{folder}: {why}, but a wheel is built with setuptools; "
                f"install it with: pip install '{DISTRIBUTION}[nbgrader]'"
            )
        (built,) = Path(made).glob("*.whl")
        return Path(shutil.copy(built, folder / built.name))
