"""Jails, forked one after another from a process that waits inside bubblewrap with NumPy loaded."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from multiprocessing.util import Finalize
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from autograder.errors import SandboxError
from autograder.sandbox import bubblewrap, seccomp
from autograder.sandbox.jail import START, Jail
from autograder.sandbox.limits import Limits
from autograder.sandbox.users import TwoUsers

SERVE = "import sys; sys.path.append({site!r}); from jail import warm; warm.main()"
LARGEST_MESSAGE = 1 << 16
# The same order of sets and the same random numbers for everyone; a single thread, as several would compete for cores.
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "LANG": "C.UTF-8", "PYTHONHASHSEED": "0"}


class Jails:
    """Gives each submission its own jail, in milliseconds.

    Bubblewrap makes the outer sandbox once. Inside it waits a process that never runs a student's code; it forks
    another one for each submission, with its own namespaces, limits, filter and /tmp.

    Raises:
        SandboxError: this machine cannot make jails.
    """

    def __init__(self, *, unsafe: bool = False) -> None:
        """Start nothing yet."""
        self._unsafe = unsafe
        self._control: socket.socket | None = None
        self._resources = contextlib.ExitStack()

    def start(self, limits: Limits) -> Jail:
        """A new jail, in which nothing has run yet."""
        try:
            return self._start(limits)
        except OSError:
            # the kernel, short of memory, may have killed the waiting process: start it again, once
            self.close()
        try:
            return self._start(limits)
        except OSError as error:
            raise SandboxError(
                f"sandbox: cannot be started ({error}). Run `autograder verify` to try again."
            ) from error

    def _start(self, limits: Limits) -> Jail:
        control = self._ready()
        (inside_requests, requests), (replies, inside_replies) = os.pipe(), os.pipe()
        with contextlib.ExitStack() as undo:
            undo.callback(os.close, requests)
            undo.callback(os.close, replies)
            try:
                message = json.dumps({"limits": asdict(limits)}).encode()
                socket.send_fds(control, [message], [inside_requests, inside_replies])
            finally:
                os.close(inside_requests)
                os.close(inside_replies)
            answer, descriptors = _receive(control)
            if "trouble" in answer:
                raise SandboxError(
                    f"sandbox: cannot be started ({answer['trouble']}). Run `autograder verify` to try again."
                )
            undo.callback(os.close, descriptors[0])
            number = answer["process"]
            jail = Jail(descriptors[0], requests, replies, limits, lambda: self._exit_status(number))
            undo.pop_all()
        return jail

    def _exit_status(self, process: int) -> int | None:
        """The exit status of a process that has ended; None if it is unknown."""
        if self._control is None:
            return None
        try:
            self._control.send(json.dumps({"ended": process}).encode())
            answer, _ = _receive(self._control)
        except OSError:
            return None
        return int(answer["status"])

    def _ready(self) -> socket.socket:
        """The connection to the waiting process, which is started if necessary."""
        if self._control is None:
            with contextlib.ExitStack() as undo:
                undo.callback(self.close)
                # runs whenever this process exits by itself
                Finalize(self, self._resources.close, exitpriority=1)
                self._control = self._forge()
                undo.pop_all()
        return self._control

    def _forge(self) -> socket.socket:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._resources.callback(ours.close)
        ours.settimeout(START.waiting)
        with contextlib.ExitStack() as handed_over:
            handed_over.callback(theirs.close)
            if self._unsafe:
                self._hold(self._open([], [], theirs))
                user = None
            else:
                user = self._open_inside_bubblewrap(theirs)
        first = {"walls": not self._unsafe, "filter": "" if self._unsafe else seccomp.inner().hex(), "user": user}
        ours.send(json.dumps(first).encode())
        _receive(ours)
        return ours

    def _open_inside_bubblewrap(self, control: socket.socket) -> int | None:
        """Start the waiting process inside bubblewrap; returns the user that students' processes become there."""
        status_read, status_write = os.pipe()
        # open to the end: bubblewrap writes its last line there, and a broken pipe would kill it
        status = self._resources.enter_context(os.fdopen(status_read, "rb"))
        options = {"--json-status-fd": status_write, "--seccomp": _filter(self._resources)}
        with TwoUsers() as users:
            options |= users.options
            walls = [bubblewrap.find(), *bubblewrap.walls(users.rights)]
            walls += [word for name, value in ENVIRONMENT.items() for word in ("--setenv", name, value)]
            walls += [word for option, descriptor in options.items() for word in (option, str(descriptor))]
            try:
                process = self._open(walls, list(options.values()), control)
            finally:
                os.close(status_write)
            line = status.readline()
            first = json.loads(line)["child-pid"] if line else process
            self._hold(first)
            if line:
                users.introduce(first)
            return users.user

    def _open(self, walls: Sequence[str], passed: Sequence[int], control: socket.socket) -> int:
        """Start the waiting process, or the bubblewrap around it; returns its number."""
        site = bubblewrap.SITE if walls else str(self._resources.enter_context(_site()))
        process = subprocess.Popen(  # noqa: S603  our own command; students' code goes through a pipe
            [*walls, *bubblewrap.python_command(), "-c", SERVE.format(site=site)],
            stdin=control.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=passed,
            env=ENVIRONMENT,
            start_new_session=True,
        )
        self._resources.callback(process.wait)
        return process.pid

    def _hold(self, process: int) -> None:
        """Keep a descriptor of the first process inside bubblewrap: killing it ends everything it started."""
        with contextlib.suppress(ProcessLookupError):
            descriptor = os.pidfd_open(process)
            self._resources.callback(os.close, descriptor)
            self._resources.callback(_kill, descriptor)

    def close(self) -> None:
        """End the waiting process, and all jails with it; the next jail starts it again."""
        self._control = None
        self._resources.close()

    def __enter__(self) -> Self:
        """Use as `with Jails() as jails`."""
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close it."""
        self.close()


def _receive(control: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """Read an answer and the descriptors that come with it.

    Raises:
        OSError: no answer, because the process has ended or is stuck.
    """
    message, descriptors, _, _ = socket.recv_fds(control, LARGEST_MESSAGE, 1)
    if not message:
        raise ConnectionResetError("the process that starts sandboxes has ended")
    answer: dict[str, Any] = json.loads(message)
    return answer, descriptors


def _filter(resources: contextlib.ExitStack) -> int:
    """The file of the kernel's filter, closed with the rest."""
    file = seccomp.descriptor()
    resources.callback(os.close, file)
    return file


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(process, signal.SIGKILL)


@contextlib.contextmanager
def _site() -> Iterator[Path]:
    """A folder like the one inside a jail, for running without one."""
    package = Path(np.__file__).parent
    with tempfile.TemporaryDirectory(prefix="autograder-") as name:
        site = Path(name)
        (site / "jail").mkdir()
        for source in (package, package.with_name("numpy.libs")):
            if source.exists():
                (site / source.name).symlink_to(source)
        for source in bubblewrap.INSIDE:
            (site / "jail" / source.name).symlink_to(source)
        yield site
