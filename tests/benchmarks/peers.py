"""Other graders, set up and run: nbgrader and otter, each in its own venv, on the functions of notebook 01.

Both get the same check for each function: a visible example and hidden ones, compared by NumPy in the process of the
student's code, as their documentation shows it.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_notebook

from course.exercises.hand import K, X
from solutions.asked.gray import conv2d_valid, window_sum

SECONDS = 45  # for one submission, or for one command; an honest one takes four
READ_GRADEBOOK = """
import json
from nbgrader.api import Gradebook
found = Gradebook("sqlite:///gradebook.db").assignment_submissions("one_window")
print(json.dumps({one.student.id: one.score for one in found}))
"""
STUB = 'raise NotImplementedError("your turn")'
ASSIGNMENT = "one_window"


class PeerError(Exception):
    """Another grader that cannot be set up, or does not do what it does elsewhere."""


@dataclass(frozen=True)
class Task:
    """A function to write, for any grader: its stub, its marks, and comparisons that must be true."""

    function: str
    stub: str
    marks: int
    visible: Sequence[str]
    hidden: Sequence[str]


def tasks() -> list[Task]:
    """The functions of notebook 01 with an example and three hidden cases each."""
    rng = np.random.default_rng(1)
    hand, hidden = [(X[:3, :3], K)], [(rng.integers(-9, 10, (3, 4)), rng.integers(-9, 10, (3, 4))) for _ in range(3)]
    images, cases = [(X, K)], [(rng.integers(-9, 10, (5, 7)), rng.integers(-9, 10, (2, 3))) for _ in range(3)]
    return [
        Task("window_sum", f"def window_sum(patch, kernel):\n    {STUB}", 4, *_compared(window_sum, hand, hidden)),
        Task(
            "conv2d_valid", f"def conv2d_valid(image, kernel):\n    {STUB}", 6, *_compared(conv2d_valid, images, cases)
        ),
    ]


def _compared(function: Any, *groups: Sequence[tuple[Any, Any]]) -> list[list[str]]:
    return [
        [
            f"np.allclose({function.__name__}(np.array({one.tolist()}), np.array({other.tolist()})), "
            f"{np.asarray(function(one, other)).tolist()})"
            for one, other in group
        ]
        for group in groups
    ]


# --- one way to ask them all --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Submission:
    """What a student wrote: the cells in place of each stub, and those behind it."""

    name: str
    instead: Mapping[str, str]
    behind: Mapping[str, Sequence[str]]

    def cells(self, task: Task) -> list[str]:
        """The code of one task."""
        return [self.instead.get(task.function, task.stub), *self.behind.get(task.function, ())]


class Peer:
    """A grader in its own venv.

    Attributes:
        package: what pip installs, with its version.
        folder: where all of it lies.
    """

    package = ""

    def __init__(self, folder: Path) -> None:
        """Install it, unless it is there."""
        self.folder = folder
        self.bin = folder / "venv" / "bin"
        if not (folder / "installed").exists():
            run([sys.executable, "-m", "venv", str(folder / "venv")], folder.parent)
            run([str(self.bin / "pip"), "install", "--quiet", self.package, "ipykernel", "numpy"], folder, seconds=600)
            (folder / "installed").touch()

    def mark(self, submissions: Sequence[Submission]) -> dict[str, float]:
        """The marks that each submission gets, by its name."""
        raise NotImplementedError

    def set_up(self, submissions: Sequence[Submission]) -> None:
        """Make the assignment, and lay the submissions down."""
        raise NotImplementedError

    def mark_class(self, submissions: Sequence[Submission]) -> dict[str, float]:
        """The marks of well-behaved submissions that were laid down, in the quickest way it is used."""
        raise NotImplementedError

    def end(self) -> None:
        """Kill what submissions have left running: kernels and their children are in sessions of their own."""
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if path.read_bytes().startswith(os.fsencode(self.bin)):
                    os.kill(int(path.parent.name), signal.SIGKILL)


class Nbgrader(Peer):
    """nbgrader: a gradebook, one kernel for each notebook, tests in the notebook's own process."""

    package = "nbgrader==0.9.6"

    def mark(self, submissions: Sequence[Submission]) -> dict[str, float]:
        """Autograde one by one, so that a submission that cannot be graded does not stop others."""
        self.set_up(submissions)
        for one in submissions:
            self._autograde(one.name, self.folder / "course")
        return self._marks(submissions)

    def mark_class(self, submissions: Sequence[Submission]) -> dict[str, float]:
        """Autograde all by one command."""
        run([str(self.bin / "nbgrader"), "autograde", ASSIGNMENT], self.folder / "course", seconds=1000)
        return self._marks(submissions)

    def set_up(self, submissions: Sequence[Submission]) -> None:
        """Generate the assignment, and lay the submissions down."""
        course = self.folder / "course"
        shutil.rmtree(course, ignore_errors=True)
        _write(course / "source" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", self._source())
        self._run("generate_assignment", course)
        released = nbformat.read(course / "release" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", as_version=4)
        for one in submissions:
            path = course / "submitted" / one.name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
            _write(path, self._submitted(one, released))

    def _marks(self, submissions: Sequence[Submission]) -> dict[str, float]:
        command = [str(self.bin / "python"), "-c", READ_GRADEBOOK]
        marks = json.loads(run(command, self.folder / "course").splitlines()[-1])
        return {one.name: float(marks.get(one.name, 0.0)) for one in submissions}

    def _autograde(self, name: str, course: Path) -> None:
        try:
            self._run("autograde", course, f"--student={name}", "--ExecutePreprocessor.timeout=10")
        except PeerError:  # a submission that it cannot mark has no marks
            return

    def _run(self, verb: str, course: Path, *options: str) -> None:
        run([str(self.bin / "nbgrader"), verb, ASSIGNMENT, *options], course)

    def _source(self) -> Any:
        cells = [new_code_cell("import numpy as np")]
        for task in tasks():
            about = {"schema_version": 3, "task": False}
            solution = {"grade_id": task.function, "solution": True, "grade": False, "locked": False, **about}
            tests = {"grade_id": f"test-{task.function}", "solution": False, "grade": True, "locked": True, **about}
            visible, hidden = (["assert " + test for test in tests] for tests in (task.visible, task.hidden))
            checks = [*visible, "### BEGIN HIDDEN TESTS", *hidden, "### END HIDDEN TESTS"]
            cells += [
                new_code_cell(task.stub, metadata={"nbgrader": solution}),
                new_code_cell("\n".join(checks), metadata={"nbgrader": {**tests, "points": task.marks}}),
            ]
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        return new_notebook(cells=cells, metadata=kernel)

    def _submitted(self, submission: Submission, released: Any) -> Any:
        notebook = nbformat.from_dict(json.loads(json.dumps(released)))
        by_name = {task.function: task for task in tasks()}
        cells = []
        for cell in notebook.cells:
            task = by_name.get(cell.metadata.get("nbgrader", {}).get("grade_id", ""))
            if task is None:
                cells.append(cell)
                continue
            cell.source, *behind = submission.cells(task)
            cells += [cell, *map(new_code_cell, behind)]
        notebook.cells = cells
        return notebook


class Otter(Peer):
    """otter: tests outside of the notebook, run in its process after its cells."""

    package = "otter-grader==7.0.0"

    def mark(self, submissions: Sequence[Submission]) -> dict[str, float]:
        """Run the autograder over each submission."""
        self.set_up(submissions)
        return self.mark_class(submissions)

    def mark_class(self, submissions: Sequence[Submission]) -> dict[str, float]:
        """Run the autograder over each submission, two at a time."""
        with ThreadPoolExecutor(2) as pool:
            marks = pool.map(lambda one: self._mark(one, self.folder / "work"), submissions)
            return {one.name: found for one, found in zip(submissions, marks, strict=True)}

    def set_up(self, submissions: Sequence[Submission]) -> None:
        """Write the tests, make the autograder, and lay the submissions down."""
        work = self.folder / "work"
        shutil.rmtree(work, ignore_errors=True)
        for task in tasks():
            path = work / "tests" / f"{task.function}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"OK_FORMAT = True\ntest = {self._test(task)!r}\n", encoding="utf-8")
        run([str(self.bin / "otter"), "generate", "-t", "tests", "-o", "autograder.zip"], work)
        kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
        for one in submissions:
            code = ["import numpy as np", *(cell for task in tasks() for cell in one.cells(task))]
            notebook = new_notebook(cells=[new_code_cell(source) for source in code], metadata=kernel)
            _write(work / one.name / "submission.ipynb", notebook)

    @staticmethod
    def _test(task: Task) -> dict[str, Any]:
        cases = [
            {"code": f">>> bool({test})\nTrue", "hidden": hidden, "locked": False}
            for hidden, tests in ((False, task.visible), (True, task.hidden))
            for test in tests
        ]
        suite = {"cases": cases, "scored": True, "setup": "", "teardown": "", "type": "doctest"}
        return {"name": task.function, "points": task.marks, "all_or_nothing": True, "suites": [suite]}

    def _mark(self, submission: Submission, work: Path) -> float:
        folder = work / submission.name
        command = [str(self.bin / "otter"), "run", "-a", str(work / "autograder.zip"), "submission.ipynb", "-o", "."]
        try:
            run(command, folder)
            tests = json.loads((folder / "results.json").read_text())["tests"]
        except (PeerError, OSError, ValueError, KeyError):  # a submission that it cannot mark has no marks
            return 0.0
        return float(sum(test.get("score", 0.0) for test in tests))


def run(command: Sequence[str], folder: Path, seconds: float = SECONDS) -> str:
    """Run a command with all that it starts, in a session that ends with it; returns what it says.

    Raises:
        PeerError: it fails, or takes too long.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HOME": str(folder), "JUPYTER_PLATFORM_DIRS": "1"}
    with subprocess.Popen(  # noqa: S603  our own words
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise PeerError(f"{' '.join(command)}: it has not ended after {seconds:g} s") from error
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    if process.returncode:
        raise PeerError(f"{' '.join(command)}: exit status {process.returncode}: {said.strip()[-500:]}")
    return said


def _write(path: Path, notebook: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
