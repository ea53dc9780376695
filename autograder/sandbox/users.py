"""Users inside the sandbox: if the grader is root, a student's process runs as nobody and owns nothing it sees."""

from __future__ import annotations

import os
import stat
import sysconfig
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from autograder.errors import SandboxError
from autograder.sandbox.confine import NOBODY

# The waiting process's user inside; outside, it is the user who runs the grader.
FIRST = NOBODY - 1


class TwoUsers:
    """Makes bubblewrap wait until its user namespace has two users: the one who runs the grader, and nobody.

    Only root may map two users. For anyone else a jail has one user, which bubblewrap maps by itself.

    Attributes:
        user: the user that a student's process becomes; None if it keeps its user.
        options: bubblewrap's options, with the descriptors that go with them.
        rights: the capabilities needed to become another user.
    """

    def __init__(self) -> None:
        """Open the pipe that bubblewrap waits for."""
        self.user = NOBODY if os.geteuid() == 0 else None
        self.options: dict[str, int] = {}
        self.rights: tuple[str, ...] = ()
        self._go = -1
        if self.user is not None:
            require_readable()
            wait, self._go = os.pipe()
            # its other output is discarded
            self.options = {"--userns-block-fd": wait, "--info-fd": os.open(os.devnull, os.O_WRONLY)}
            self.rights = ("CAP_SETUID", "CAP_SETGID")

    def introduce(self, process: int) -> None:
        """Map the users for the first process of the namespace, and let it continue."""
        if self.user is not None:
            for kind in ("uid_map", "gid_map"):
                Path(f"/proc/{process}/{kind}").write_text(f"{FIRST} 0 1\n{NOBODY} {NOBODY} 1\n")
            os.write(self._go, b"\n")

    def __enter__(self) -> Self:
        """Use in a `with` statement around the start of bubblewrap."""
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close what was opened."""
        for descriptor in {*self.options.values(), self._go} - {-1}:
            os.close(descriptor)


def require_readable() -> None:
    """Check that any user can read Python and NumPy.

    Raises:
        SandboxError: only some users can.
    """
    for path in (Path(sysconfig.get_path("stdlib"), "os.py"), Path(np.__file__)):
        if not path.stat().st_mode & stat.S_IROTH:
            raise SandboxError(
                f"sandbox: only its owner can read {path}, but students' code runs as nobody when the grader is root. "
                f"Run: chmod -R o+rX {path.parent}"
            )
