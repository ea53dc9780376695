"""An instructor and students with accounts of their own, who share nothing but nbgrader's exchange."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.autograder.nbgrader.cycle import NAME
from tests.autograder.nbgrader.machine import COURSE, Machine, set_up

pytestmark = pytest.mark.thorough


@pytest.fixture(scope="module")
def machine(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Three people, who have gone through a release and its feedback."""
    if os.geteuid():
        pytest.skip("accounts of several people need root; run the tests as root, in a container for instance")
    found = set_up(tmp_path_factory.mktemp("machine"), ["ada", "bao"])
    _go_through(found, folder)
    return found


def _go_through(machine: Machine, folder: Path) -> None:
    """From a release to feedback; ada hands in what samir of the sample class wrote, and bao nothing that works."""
    for verb in ("generate_assignment", "release_assignment"):
        machine.nbgrader("instructor", verb, NAME)
    for student in ("ada", "bao"):
        machine.nbgrader(student, "fetch_assignment", NAME, COURSE)
    answer = folder / "submitted" / "samir" / NAME / f"{NAME}.ipynb"
    handed_in = machine.shared / "ada" / NAME / f"{NAME}.ipynb"
    handed_in.write_bytes(answer.read_bytes())
    for student in ("ada", "bao"):
        machine.nbgrader(student, "submit", NAME, COURSE)
    for verb in ("collect", "autograde", "generate_feedback", "release_feedback"):
        machine.nbgrader("instructor", verb, NAME)
    for student in ("ada", "bao"):
        machine.nbgrader(student, "fetch_feedback", NAME, COURSE)


def files(folder: Path, pattern: str) -> Sequence[Path]:
    """Files below a folder."""
    return sorted(folder.rglob(pattern))


def test_a_student_fetches_what_the_notebook_needs(machine: Machine) -> None:
    """The key of the visible cases, and the wheel."""
    names = {path.suffix for path in (machine.shared / "bao" / NAME).iterdir()}

    assert names >= {".ipynb", ".json", ".whl"}


def test_feedback_comes_back_to_whoever_submitted(machine: Machine) -> None:
    """With the mistake's name in it, and nobody else's."""
    (ada,) = files(machine.shared / "ada", f"{NAME}.html")
    (bao,) = files(machine.shared / "bao", f"{NAME}.html")

    assert "Padding must never win" in ada.read_text()
    assert "Padding must never win" not in bao.read_text()
    assert "not solved yet" in bao.read_text()


def test_nobody_reads_what_another_submits(machine: Machine) -> None:
    """Neither in the exchange nor in the course folder, where marks are as well."""
    inbound = "/srv/exchange/convolution-by-hand/inbound"
    (submitted,) = (
        path.name for path in (machine.shared / "exchange/convolution-by-hand/inbound").iterdir() if "ada" in path.name
    )

    assert machine.run("bao", "ls", inbound).returncode != 0
    assert machine.run("bao", "cat", f"/srv/instructor/submitted/ada/{NAME}/{NAME}.ipynb").returncode != 0
    assert machine.run("bao", "cat", "/srv/instructor/gradebook.db").returncode != 0
    assert machine.run("ada", "ls", f"{inbound}/{submitted}").returncode == 0


def test_nobody_hands_in_for_another(machine: Machine) -> None:
    """What names another student is left out, and told; the other's own submission stays what it was."""
    submitted = machine.shared / "instructor" / "submitted"
    before = (submitted / "ada" / NAME / f"{NAME}.ipynb").read_bytes()
    for student in ("ada", "nobody"):
        machine.nbgrader("bao", "submit", NAME, COURSE, f"--student={student}")

    said = machine.nbgrader("instructor", "collect", NAME, "--update")

    assert "named after ada, but owned by bao; skipped. Ask both students" in said
    assert (submitted / "ada" / NAME / f"{NAME}.ipynb").read_bytes() == before
    assert {path.name for path in submitted.iterdir()} == {"ada", "bao"}


def test_the_last_one_of_ones_own_counts(machine: Machine) -> None:
    """Who hands in again is collected again, whatever others have handed in by that name."""
    page = machine.shared / "bao" / NAME / f"{NAME}.ipynb"
    page.write_text(page.read_text().replace("your turn", "my turn"))
    machine.nbgrader("bao", "submit", NAME, COURSE)
    machine.nbgrader("ada", "submit", NAME, COURSE, "--student=bao")

    machine.nbgrader("instructor", "collect", NAME, "--update")

    assert "my turn" in (machine.shared / "instructor" / "submitted" / "bao" / NAME / f"{NAME}.ipynb").read_text()
