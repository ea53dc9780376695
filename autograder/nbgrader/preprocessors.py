"""Steps for nbgrader's pipeline that replace running a notebook: marks and feedback from this engine.

Named in `nbgrader_config.py`. No kernel is started, and students' code runs in the sandbox as always.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from nbformat.v4 import new_output
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session
from traitlets import Bool, Integer, Unicode

from autograder.course.folder import load_course
from autograder.errors import SubmissionError, UsageError
from autograder.grading.grader import Grader, new_seed
from autograder.grading.worker import marked, within_bounds
from autograder.handed_in.notebook import open_file
from autograder.model import ExerciseReport, Report
from autograder.nbgrader.cells import CHECKED, WRITTEN, checked
from autograder.nbgrader.gradebook import enter, submitted_notebook, text
from autograder.report import fragment
from autograder.report.results import Results
from autograder.report.sentences import troubles
from autograder.report.stories import stories

SAID = "autograder_troubles"  # what one preprocessor passes to the other


class Mark(NbGraderPreprocessor):  # type: ignore[misc]
    """Grades a notebook as handed in, instead of nbgrader's Execute.

    Each grade cell gets the student's feedback and, as its last value, the marks of its function; 0 if the function has
    no result.
    """

    course = Unicode(".", help="The course folder, which contains notebooks/ and exercises/.").tag(config=True)
    results = Unicode("results", help="Folder for the reports, as pages and as JSON.").tag(config=True)
    seed = Integer(None, allow_none=True, help="Decides the hidden cases; random by default.").tag(config=True)
    unsafe = Bool(False, help="Run students' code without a sandbox.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Grade the notebook; nothing a student writes raises an error here.

        Raises:
            SandboxError: no sandbox can be made; the submission stays ungraded.
        """
        identity = resources["nbgrader"]
        report, why = self._report(identity)
        resources[SAID] = dict(troubles(report)) if report else dict.fromkeys(_functions(nb), why)
        why = why or " ".join(report.remarks if report else [])
        made = within_bounds(report, lambda shown: _by_cell(shown, why)) if report else {}
        for cell in nb.cells:
            if utils.is_grade(cell) and cell.cell_type == "code" and not utils.is_solution(cell):
                cell.outputs = made.get(cell.metadata.nbgrader["grade_id"]) or _outputs(None, why)
        return nb, resources

    def _report(self, identity: Any) -> tuple[Report | None, str]:
        grader = _grader(Path(self.course).resolve(), self.seed, unsafe=self.unsafe)
        coursedir = self.parent.parent.coursedir
        folder = coursedir.format_path(coursedir.submitted_directory, identity["student"], identity["assignment"])
        path = Path(folder) / f"{identity['notebook']}.ipynb"
        try:
            report = grader.grade(open_file(path), identity["student"])
        except (SubmissionError, UsageError) as error:
            self.log.error("%s: %s", identity["student"], error)  # noqa: TRY400  a sentence, without a traceback
            return None, str(error)
        if report.assignment != identity["notebook"]:
            wrong = f"this is the notebook {report.assignment}, not {identity['notebook']}"
            self.log.error("%s: %s", path, wrong)
            return None, f"{path.name}: {wrong}; submit the right one"
        made = marked(report, path)
        if made.summary is not None:
            Results(Path(self.results)).write(made.summary, made.page, made.report)
        return report, ""


@functools.lru_cache(maxsize=2)
def _grader(course: Path, seed: int | None, *, unsafe: bool) -> Grader:
    """One grader for all notebooks of a command, so that all have the same hidden cases."""
    loaded = load_course(course, whole=False)
    return Grader(loaded, new_seed() if seed is None else seed, loaded.limits, unsafe=unsafe)


def _by_cell(report: Report, why: str) -> dict[str, list[Any]]:
    return {checked(one.function): _outputs(one, why) for one in report.exercises}


def _outputs(exercise: ExerciseReport | None, why: str) -> list[Any]:
    """Feedback, which nbgrader's scoring ignores, and then the marks as a value.

    nbgrader gives full marks to a cell without a value, and none to one that writes to stderr.
    """
    marks = new_output("execute_result", {"text/plain": str(float(exercise.marks if exercise else 0))})
    shown = {"text/plain": text(_words(exercise, why) if exercise else why)}
    if exercise and not exercise.right and exercise.state == "marked":
        shown["text/html"] = fragment.exercise(exercise)
    return [new_output("display_data", shown), marks]


def _words(exercise: ExerciseReport, why: str) -> str:
    if exercise.state != "marked":
        return f"{exercise.state}: {why}" if exercise.state == "not run" and why else exercise.state
    if exercise.right:
        return "All right."
    return "\n\n".join(str(story) for story in stories(exercise))


def _functions(nb: Any) -> list[str]:
    """The functions that a notebook asks for, by their answer cells."""
    names = [cell.metadata.nbgrader["grade_id"] for cell in nb.cells if utils.is_solution(cell)]
    return [name.removeprefix(WRITTEN) for name in names if name.startswith(WRITTEN)]


class Save(NbGraderPreprocessor):  # type: ignore[misc]
    """Writes marks, and mistakes as comments, in one transaction, instead of nbgrader's SaveAutoGrades.

    Marks and comments given by hand are kept. Changed marks are reported.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Write the marks and comments of the cells."""
        identity = resources["nbgrader"]
        cells = {cell.metadata.nbgrader["grade_id"]: cell for cell in nb.cells if "nbgrader" in cell.metadata}
        with Session(_database(identity["db_url"])) as session, session.begin():
            submitted = submitted_notebook(session, identity["assignment"], identity["notebook"], identity["student"])
            for grade in submitted.grades:
                self._enter(grade, utils.determine_grade(cells[grade.cell.name], self.log)[0], identity)
            for comment in submitted.comments:
                comment.auto_comment = _comment(cells[comment.cell.name], resources[SAID])
            # the late penalty is computed from these marks
            submitted.late_submission_penalty = None
        return nb, resources

    def _enter(self, grade: Any, marks: float | None, identity: Any) -> None:
        before = grade.auto_score
        enter(grade, marks)
        if before is not None and marks is not None and before != marks:
            what = f"{identity['student']}, {identity['notebook']}, {grade.cell.name.removeprefix(CHECKED)}"
            self.log.warning("%s: %g before, %g now", what, before, marks)


@functools.lru_cache(maxsize=2)
def _database(url: str) -> Engine:
    """The gradebook's database, to which nbgrader has added the submission; one for all notebooks of a command."""
    return create_engine(url)


def _comment(cell: Any, said: Mapping[str, str]) -> str | None:
    """The comment on an answer cell; nbgrader's own words if the student wrote nothing."""
    name = cell.metadata.nbgrader["grade_id"]
    if name.startswith(WRITTEN):
        return text(said.get(name.removeprefix(WRITTEN)))
    return "No response." if cell.metadata.nbgrader.get("checksum") == utils.compute_checksum(cell) else None
