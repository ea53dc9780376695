"""Who is who behind the walls: where the grader is root, a student's process is nobody, and owns nothing it sees."""

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

# Who the process that waits is inside; outside it is whoever runs the grader.
FIRST = NOBODY - 1


class TwoUsers:
    """Lets bubblewrap wait until its user namespace knows two users: whoever runs the grader, and nobody.

    Only root may say so. For anybody else a jail has one user, whom bubblewrap tells the kernel by itself.

    Attributes:
        user: whom a student's process becomes; None where it stays who it is.
        options: bubblewrap's options, with the descriptors that go with them.
        rights: what it takes to become somebody else.
    """

    def __init__(self) -> None:
        """Open what bubblewrap waits at."""
        self.user = NOBODY if os.geteuid() == 0 else None
        self.options: dict[str, int] = {}
        self.rights: tuple[str, ...] = ()
        self._go = -1
        if self.user is not None:
            require_readable()
            wait, self._go = os.pipe()
            # what else it tells goes nowhere
            self.options = {"--userns-block-fd": wait, "--info-fd": os.open(os.devnull, os.O_WRONLY)}
            self.rights = ("CAP_SETUID", "CAP_SETGID")

    def introduce(self, process: int) -> None:
        """Tell the kernel who is who for the first process of the namespace, and let it go on."""
        if self.user is not None:
            for kind in ("uid_map", "gid_map"):
                Path(f"/proc/{process}/{kind}").write_text(f"{FIRST} 0 1\n{NOBODY} {NOBODY} 1\n")
            os.write(self._go, b"\n")

    def __enter__(self) -> Self:
        """Use as a `with` word around the start of bubblewrap."""
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close what was opened."""
        for descriptor in {*self.options.values(), self._go} - {-1}:
            os.close(descriptor)


def require_readable() -> None:
    """See that nobody in particular can read Python and NumPy.

    Raises:
        SandboxError: only some can.
    """
    for path in (Path(sysconfig.get_path("stdlib"), "os.py"), Path(np.__file__)):
        if not path.stat().st_mode & stat.S_IROTH:
            raise SandboxError(
                f"jail: {path} can be read by its owner only, but students' code runs as nobody where the grader is "
                f"root; run: chmod -R o+rX {path.parent}"
            )
