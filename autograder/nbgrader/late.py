"""Late submissions: penalties from a table, and extensions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import AssignLatePenalties
from traitlets import Dict, List, TraitError, validate

WHOLE = 100


class LatePenalties(LateSubmissionPlugin):  # type: ignore[misc]
    """Late penalties, as declared in `nbgrader_config.py`."""

    table: Any = List(
        [],
        help="Pairs (hours, percent): a submission more than this many hours late loses this percentage of its marks. "
        "The first pair's hours are a grace period. Empty: no penalties.",
    ).tag(config=True)
    extensions = Dict({}, help="Extra hours, by student and assignment: {'ada': {'06_pooling': 48}}.").tag(config=True)

    @validate("table")
    def _require_steps(self, proposal: Any) -> Any:
        table = [tuple(row) for row in proposal["value"]]
        numbers = [number for row in table for number in row]
        pairs = all(len(row) == len(("hours", "percent")) for row in table)
        if not pairs or any(number < 0 for number in numbers) or table != sorted(set(table)):
            raise TraitError(f"LatePenalties.table is {table}. Use pairs (hours, percent), with ascending hours.")
        if any(percent > WHOLE for _, percent in table):
            raise TraitError(f"LatePenalties.table is {table}. Use at most {WHOLE} percent.")
        return table

    def late_submission_penalty(
        self,
        student_id: str,  # noqa: ARG002  as nbgrader calls it
        score: float,
        total_seconds_late: float,
    ) -> float | None:
        """The marks that a notebook loses.

        Args:
            student_id: its student.
            score: its marks.
            total_seconds_late: after the due date and the student's extension.

        Returns:
            Marks from 0 to score; None if nothing is lost.
        """
        lost = [percent for hours, percent in self.table if total_seconds_late > hours * 3600]
        return score * max(lost) / WHOLE if lost else None

    def extension(self, student: str, assignment: str) -> timedelta:
        """A student's extra time."""
        return timedelta(hours=self.extensions.get(student, {}).get(assignment, 0))


class Late(AssignLatePenalties):  # type: ignore[misc]
    """Enters the declared extensions, which nbgrader then treats like any other extension."""

    def __init__(self, **options: Any) -> None:
        """Use the table unless `nbgrader_config.py` names another plugin."""
        super().__init__(**options)
        if getattr(self, "plugin_class", None) is LateSubmissionPlugin:
            self.plugin_class: Any = LatePenalties

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Enter the extension, then the penalty."""
        identity = resources["nbgrader"]
        self.init_plugin()
        if isinstance(self.plugin_inst, LatePenalties):
            if not self.plugin_inst.table:
                return nb, resources
            more = self.plugin_inst.extension(identity["student"], identity["assignment"])
            with Gradebook(identity["db_url"]) as gradebook:
                submission = gradebook.find_submission(identity["assignment"], identity["student"])
                # without a declared one, an extension given elsewhere stays
                if more:
                    submission.extension = more
                    gradebook.db.commit()
        return super().preprocess(nb, resources)  # type: ignore[no-any-return]
