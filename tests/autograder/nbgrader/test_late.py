"""Late submissions: the table, the extensions, and both in nbgrader's gradebook."""

from __future__ import annotations

from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from traitlets import TraitError
from traitlets.config import Config

from autograder.nbgrader.late import LatePenalties
from tests.autograder.nbgrader.cycle import NAME, run

pytestmark = pytest.mark.thorough

TABLE = [(1, 10), (24, 50), (72, 100)]
HOUR = 3600.0


@pytest.mark.parametrize(
    ("hours", "lost"), [(0.5, None), (1, None), (1.1, 1.2), (24, 1.2), (24.1, 6), (71, 6), (73, 12), (1000, 12)]
)
def test_the_table_says_what_is_lost(hours: float, lost: float | None) -> None:
    """More than so many hours late costs so many percent; the first hours are grace."""
    penalties = LatePenalties(table=TABLE)

    assert penalties.late_submission_penalty("ada", 12.0, hours * HOUR) == lost


def test_by_default_nothing_is_lost() -> None:
    """An instructor who declares no table takes nothing off."""
    assert LatePenalties().late_submission_penalty("ada", 12.0, 1e9) is None


@pytest.mark.parametrize("table", [[(24, 50), (1, 10)], [(1, 101)], [(-1, 10)], [(1,)], [(1, 10), (1, 10)]])
def test_a_table_that_says_nothing_clear_is_refused(table: list[tuple[float, ...]]) -> None:
    """Hours ascend, and percents are from 0 to 100."""
    with pytest.raises(TraitError, match=r"LatePenalties.table is \[.*\. Use "):
        LatePenalties(config=Config({"LatePenalties": {"table": table}}))


def test_penalties_and_extensions_are_in_the_gradebook(own: Path) -> None:
    """Of two who are equally late, one has an extension."""
    with (own / "nbgrader_config.py").open("a", encoding="utf-8") as settings:
        settings.write(f"c.LatePenalties.table = {TABLE}\nc.LatePenalties.extensions = {{'rosa': {{'{NAME}': 48}}}}\n")
    with Gradebook(f"sqlite:///{own / 'gradebook.db'}") as gradebook:
        gradebook.update_or_create_assignment(NAME, duedate="2026-11-20 12:00:00 UTC")
        gradebook.db.commit()
    for student in ("samir", "rosa"):
        (own / "submitted" / student / NAME / "timestamp.txt").write_text("2026-11-21 18:00:00 UTC")
        run(own, "autograde", NAME, f"--student={student}", "--force")

    with Gradebook(f"sqlite:///{own / 'gradebook.db'}") as gradebook:
        late, extended = (gradebook.find_submission(NAME, student) for student in ("samir", "rosa"))
        assert (late.score, late.late_submission_penalty, late.total_seconds_late) == (12, 6, 30 * HOUR)
        assert (extended.score, extended.late_submission_penalty, extended.total_seconds_late) == (12, 0, 0)
