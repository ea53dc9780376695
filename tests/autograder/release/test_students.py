"""What students install where there is no copy of this project."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from autograder.commands import autograder
from autograder.course.folder import Course, load_course
from autograder.errors import CourseError
from autograder.release import students
from course.sample_class import build

NOTEBOOK = """
import sys
from autograder import check
from autograder import hint
from course import figures, keras_bridge

def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    return x

print(check(max_pool2d))
print(hint(max_pool2d))
A = [[1, 3, 2, 0], [4, 6, 1, 2], [0, 2, 5, 3], [1, 2, 2, 4]]
print(figures.pooling(A, 2).text)
print(figures.pooling([[1, 2], [3, 4]], 2).text)
print(figures.photograph(60).shape)
print(keras_bridge.layer("MaxPooling2D", keras_bridge.numbers(2, 7, 6, 3), pool_size=3, padding="same"))
try:
    from autograder import grade
except ImportError as error:
    print(error)
try:
    import solutions
except ModuleNotFoundError:
    print("no answers here")
"""


@pytest.fixture(scope="module")
def course() -> Course:
    """The course of this repository."""
    return load_course(build.COURSE)


@pytest.fixture(scope="module")
def wheel(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file."""
    return students.wheel(course, tmp_path_factory.mktemp("wheel"))


def test_it_installs_and_imports_alone(wheel: Path, tmp_path: Path) -> None:
    """With pip, in an environment with NumPy and nothing of this project: checks, hints, figures, stored outputs."""
    if subprocess.run([pip_of(), "-m", "pip", "--version"], capture_output=True, check=False).returncode:  # noqa: S603
        pytest.skip("there is no pip here; it comes with Python, and on Debian with: apt-get install python3-pip")
    words = ["-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", str(tmp_path / "site")]
    subprocess.run([pip_of(), *words, str(wheel)], check=True)  # noqa: S603  our own words
    release = shutil.copytree(build.COURSE / "release" / "06_pooling", tmp_path / "06_pooling")
    # without the paths of this environment, as in another one
    places = f"{tmp_path / 'site'}:{Path(np.__file__).parents[1]}"
    done = subprocess.run(  # noqa: S603  our own words
        [sys.executable, "-S", "-P", "-c", NOTEBOOK],
        cwd=release,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": places},
    )

    assert done.stderr == ""
    assert "max_pool2d, largest value: wrong shape (0 of 1)" in done.stdout
    assert "maximum (height 2, width 2)" in done.stdout
    assert "pooling shows only the arrays of the notebook" in done.stdout
    assert "(60, " in done.stdout
    assert "  shape (2, 3, 2, 3)\n" in done.stdout
    assert done.stdout.endswith("no answers here\n")


def pip_of() -> str:
    """The Python that this environment was made from, which has pip."""
    return str(getattr(sys, "_base_executable", sys.executable))


def test_it_holds_no_answers(wheel: Path) -> None:
    """No exercise, no solution, no text of a notebook, and nothing of the sample class."""
    names = zipfile.ZipFile(wheel).namelist()

    assert {name.partition("/")[0] for name in names} == {
        "autograder",
        "course",
        wheel.name.removesuffix("-py3-none-any.whl") + ".dist-info",
    }
    assert {name.split("/")[1] for name in names if name.startswith("course/")} == {
        "__init__.py",
        "figures",
        "data",
        "keras_bridge",
    }


def test_it_has_the_extras_of_the_project(wheel: Path) -> None:
    """So that what a message says to install can be installed where only this wheel is."""
    metadata = (
        zipfile.ZipFile(wheel).read(f"{wheel.name.removesuffix('-py3-none-any.whl')}.dist-info/METADATA").decode()
    )
    lines = [line for line in metadata.splitlines() if line.startswith("Requires-Dist: ")]

    assert 'Requires-Dist: keras>=3.10; extra == "keras"' in lines
    assert 'Requires-Dist: pyseccomp>=0.1.2; sys_platform == "linux" and extra == "grade"' in lines
    assert "Requires-Dist: numpy>=2.0" in lines


def test_the_same_course_gives_the_same_bytes(course: Course, wheel: Path, tmp_path: Path) -> None:
    """Whenever and wherever it is built."""
    assert students.wheel(course, tmp_path).read_bytes() == wheel.read_bytes()


def test_the_command_builds_it(tmp_path: Path) -> None:
    """And says where it is; it goes with no other kind of build."""
    runner = CliRunner()
    built = runner.invoke(autograder, ["build", "--course", str(build.COURSE), "--students", "--out", str(tmp_path)])
    both = runner.invoke(autograder, ["build", "--course", str(build.COURSE), "--students", "--answers"])

    assert built.exit_code == 0
    assert Path(built.output.strip()).parent == tmp_path
    assert "--students cannot be combined with --answers or --check. Leave one out." in " ".join(both.output.split())


def test_a_package_that_is_not_there_is_told(course: Course, tmp_path: Path) -> None:
    """To the author of the course."""
    with pytest.raises(CourseError, match="FOR_STUDENTS names 'pictures', which is not a package"):
        students.wheel(replace(course, for_students=["pictures"]), tmp_path)


def test_a_build_that_fails_is_told(course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install, where that is the reason."""
    monkeypatch.setattr(students, "BUILD", "import setuptools_that_is_not_here")

    with pytest.raises(CourseError, match=r"cannot build the wheel with setuptools .*Install it with: pip install"):
        students.wheel(course, tmp_path)
