"""What known mistakes do is worked out again when something has changed that decides it, and only then."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autograder.course.folder import Course, load_course
from autograder.marking import pairs
from autograder.release import build, kept
from autograder.release.kept import Kept
from tests.autograder.conftest import EXERCISES, write_course

BESIDE = "def crash(x, factor):\n    return x[99]\n"
IMPORTED = EXERCISES.replace("import numpy as np\n", "import numpy as np\nfrom {beside}.wrong import crash\n", 1)
CRASH = "lambda x, factor=2: x[99]"


@pytest.fixture
def old(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file counts as older than this process."""
    monkeypatch.setattr(kept, "STARTED", math.inf)


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Course]:
    """A course whose last mistake is made in a package beside it."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    name = f"beside_{tmp_path.name}"
    (tmp_path / name).mkdir()
    (tmp_path / name / "wrong.py").write_text(BESIDE)
    exercises = IMPORTED.replace("{beside}", name)
    folder = write_course(tmp_path / f"course_{tmp_path.name}", exercises.replace(CRASH, "crash"))
    yield load_course(folder)
    for module in [one for one in sys.modules if one.startswith((name, folder.name))]:
        del sys.modules[module]


def beside(course: Course) -> Path:
    """The module beside the course."""
    return next(course.folder.parent.glob("beside_*/wrong.py"))


def released(course: Course) -> list[str]:
    """The texts of a build."""
    return [file.text for file in build.release(course, course.assignments[0])]


@pytest.fixture
def worked_out(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Tables of pairs that were worked out, one after the other."""
    found: list[object] = []
    keep = pairs.keep
    monkeypatch.setattr(pairs, "keep", lambda drawn: found.append(drawn) or keep(drawn))
    return found


@pytest.mark.usefixtures("old")
def test_a_second_build_works_out_nothing(course: Course, worked_out: list[object]) -> None:
    """It gives the same files, byte for byte."""
    first = released(course)
    count = len(worked_out)

    assert released(course) == first
    assert count == len(worked_out) == len(course.assignments[0].exercises)


@pytest.mark.usefixtures("old")
def test_an_edit_of_a_type_works_out_nothing(course: Course, worked_out: list[object]) -> None:
    """Nor does one of a comment; the release that a notebook names is the same as well."""
    first = released(course)
    count = len(worked_out)
    beside(course).write_text(BESIDE.replace("x, factor", "x: list, factor: int") + "# wrong")

    again = Course(course.folder, course.assignments)

    assert released(again) == first
    assert len(worked_out) == count


@pytest.mark.usefixtures("old")
def test_an_edit_of_a_mistake_is_worked_out(course: Course, worked_out: list[object]) -> None:
    """What was kept of the exercises is not used, wherever the mistake's code is."""
    released(course)
    count = len(worked_out)
    beside(course).write_text(BESIDE.replace("99", "98"))

    again = Course(course.folder, course.assignments)

    assert again.digest != course.digest
    released(again)
    assert len(worked_out) == 2 * count


CHANGES: dict[str, Callable[[Course], object]] = {
    "a mistake": lambda course: beside(course).write_text(BESIDE.replace("99", "98")),
    "an exercise": lambda course: (course.folder / "exercises" / "__init__.py").write_text(EXERCISES + "\nmore = 1\n"),
    "data": lambda course: (beside(course).with_name("table.txt")).write_text("1"),
}


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_decides_is_known(course: Course, change: Callable[[Course], object]) -> None:
    """Code of the exercises or beside them, and data."""
    before = kept.of(course, course.assignments[0])
    assert before.decided_by

    change(course)

    assert kept.of(course, course.assignments[0]).decided_by != before.decided_by


@pytest.mark.usefixtures("old")
@pytest.mark.parametrize("line", ["import_module(name)", "sys.modules[name]", "exec(text)", "def broken("])
def test_nothing_is_kept_of_what_cannot_be_followed(course: Course, line: str) -> None:
    """A module may use others than it imports, if it looks for them by their names."""
    beside(course).write_text(BESIDE + line)

    assert kept.of(course, course.assignments[0]) == Kept(course.folder / kept.FOLDER / "scaling")


@pytest.mark.usefixtures("old")
def test_another_numpy_decides_otherwise(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is imported has a version."""
    before = kept.of(course, course.assignments[0])

    monkeypatch.setattr("numpy.__version__", "0.0")

    assert kept.of(course, course.assignments[0]).decided_by != before.decided_by


def test_a_file_that_changes_during_a_build_is_not_trusted(course: Course, worked_out: list[object]) -> None:
    """What is loaded may be older than what is there: nothing is kept, and nothing that was kept is used."""
    released(course)
    released(course)

    assert len(worked_out) == 2 * len(course.assignments[0].exercises)
    assert not (course.folder / kept.FOLDER).exists()


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"decided_by": 3}', '{"done": {}}'])
def test_what_is_damaged_is_worked_out_again(tmp_path: Path, damage: str) -> None:
    """A file that is cut short, or is another's, counts for nothing."""
    store = Kept(tmp_path, "code")
    store.recall("scale", [1], lambda: {"known": 1})
    assert store.recall("scale", [1], lambda: {"known": 2}) == {"known": 1}

    (tmp_path / "scale.json").write_text(damage)

    assert store.recall("scale", [1], lambda: {"known": 2}) == {"known": 2}
    assert store.recall("scale", [1], lambda: {"known": 3}) == {"known": 2}
    assert store.recall("scale", [2], lambda: {"known": 3}) == {"known": 3}
    assert Kept(tmp_path, "other").recall("scale", [2], lambda: {"known": 4}) == {"known": 4}


def test_a_folder_that_cannot_be_written_to_does_no_harm(tmp_path: Path) -> None:
    """The course is built all the same."""
    (tmp_path / "taken").write_text("")

    assert Kept(tmp_path / "taken", "code").recall("scale", [], lambda: {"known": 1}) == {"known": 1}
