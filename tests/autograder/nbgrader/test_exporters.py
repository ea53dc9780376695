"""Tables out of the gradebook."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.errors import UsageError
from autograder.nbgrader.exporters import Totals
from tests.autograder.nbgrader.cycle import NAME, NAMES, OUT_OF, command, run, scores

pytestmark = pytest.mark.thorough

EXPORTERS = "autograder.nbgrader.exporters"


def rows(path: Path) -> list[dict[str, str]]:
    """A table."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_behaviour_has_a_row(folder: Path, tmp_path: Path) -> None:
    """With the marks of each, which add up to those of the exercise."""
    run(folder, "export", f"--exporter={EXPORTERS}.Behaviours", f"--to={tmp_path / 'table.csv'}")
    table = rows(tmp_path / "table.csv")
    samir = [row for row in table if row["student_id"] == "samir" and row["exercise"] == "max_pool2d"]
    report = json.loads((folder / "results" / "reports" / "samir" / f"{NAME}.json").read_text())

    assert {row["behaviour"]: int(row["reached"]) for row in samir} == {
        one["name"]: one["marks"] for one in report["exercises"][0]["behaviours"]
    }
    assert {(row["marks"], row["out_of"]) for row in samir} == {("6.0", "7.0")}
    assert sum(int(row["reached"]) for row in samir) == 6
    assert {row["student_id"] for row in table} == {*scores(folder), *scores(folder, NAMES[0])}


def test_only_what_is_asked_for_is_exported(folder: Path, tmp_path: Path) -> None:
    """By nbgrader's own options."""
    words = [f"--exporter={EXPORTERS}.Behaviours", f"--to={tmp_path / 'table.csv'}"]
    run(folder, "export", *words, "--student=['rosa', 'ada']", f"--assignment=['{NAME}']")

    assert {(row["student_id"], row["assignment"]) for row in rows(tmp_path / "table.csv")} == {("rosa", NAME)}


def test_the_lowest_is_dropped(own: Path, tmp_path: Path) -> None:
    """Of two assignments, the one of which a smaller part was reached does not count; penalties are taken off."""
    with Gradebook(f"sqlite:///{own / 'gradebook.db'}") as gradebook:
        gradebook.find_submission_notebook(NAME, NAME, "samir").late_submission_penalty = 2
        gradebook.db.commit()
    to = ["export", f"--exporter={EXPORTERS}.Totals"]
    run(own, *to, f"--to={tmp_path / 'all.csv'}")
    run(own, *to, f"--to={tmp_path / 'dropped.csv'}", "--Totals.drop_lowest=1")
    kept, dropped = (
        {row["student_id"]: row for row in rows(tmp_path / f"{name}.csv")}["samir"] for name in ("all", "dropped")
    )

    marks, out_of = scores(own)["samir"] - 2, float(OUT_OF[NAME])
    everything = str(out_of + OUT_OF[NAMES[0]])
    assert (kept[NAME], kept["marks"], kept["out_of"], kept["dropped"]) == (str(marks), str(marks), everything, "")
    assert (dropped["dropped"], dropped["marks"], dropped["out_of"]) == (NAMES[0], str(marks), str(out_of))
    assert dropped["percent"] == f"{100 * marks / out_of:.2f}"


def test_a_bonus_comes_on_top(folder: Path, tmp_path: Path) -> None:
    """Its marks are added to the sum, and not to what that is out of."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        Totals(bonus=[NAMES[0]], to=str(tmp_path / "totals.csv")).export(gradebook)
        with pytest.raises(UsageError, match="Set it below the number of assignments, 1"):
            Totals(bonus=[NAMES[0]], drop_lowest=1).export(gradebook)
    samir = next(row for row in rows(tmp_path / "totals.csv") if row["student_id"] == "samir")

    assert float(samir["marks"]) == float(samir[NAME]) + float(samir[NAMES[0]])
    assert samir["out_of"] == str(float(OUT_OF[NAME]))


def test_one_assignment_is_left(folder: Path) -> None:
    """More cannot be dropped than there are, and that is said."""
    done = command(folder, "export", f"--exporter={EXPORTERS}.Totals", "--Totals.drop_lowest=2", "--to=never.csv")

    assert done.returncode != 0
    assert "Totals.drop_lowest is 2. Set it below the number of assignments, 2" in done.stderr
    assert not (folder / "never.csv").exists()
    with (
        Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook,
        pytest.raises(UsageError, match="in nbgrader_config"),
    ):
        Totals(drop_lowest=-1).export(gradebook)
