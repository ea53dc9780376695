"""Waits inside bubblewrap with NumPy loaded, and forks a process with its own inner walls for each submission.

No student's code runs in this process, and none can see or signal it. It reads requests from the socket that is its
standard input, each with the two pipes for the new process, and answers with a descriptor of that process. It ends when
the grader closes its end.

It runs as the module `jail.warm`, started by `jails.py`. Standard library and NumPy only.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import socket
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from .child import READY, answer_all, write_all
from .confine import (
    keep_devices_as_they_are,
    keep_mounts_apart,
    next_child_is_first,
    next_child_is_one_of_us,
    put_up_walls,
    set_limits,
)
from .stand_ins import StandIns

# What answers usually import, loaded once for all.
USUAL = (
    *("collections", "copy", "dataclasses", "datetime", "enum", "fractions", "functools", "inspect", "itertools"),
    *("math", "operator", "pathlib", "random", "statistics", "string", "textwrap", "time", "timeit", "traceback"),
    *("typing", "warnings", "numpy.lib.stride_tricks"),
    # stand-ins
    *("matplotlib.pyplot", "IPython.display", "autograder", "course"),
)
REQUESTS, REPLIES = 3, 4
LARGEST_MESSAGE = 1 << 20


class Forge:
    """Forks processes, puts up their walls, and knows how they ended."""

    def __init__(self, *, walls: bool, filter_: bytes, user: int | None) -> None:
        """Make sure that no process sees what is mounted for another."""
        self._walls = walls
        self._filter = filter_
        self._user = user
        self._own = os.pidfd_open(os.getpid())
        if walls:
            keep_mounts_apart()
            keep_devices_as_they_are()

    def fork(self, limits: Mapping[str, int], requests: int, replies: int) -> int:
        """Fork a process that answers requests; returns its number."""
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if self._walls:
            next_child_is_first()
        try:
            process = os.fork()
            if process == 0:
                self._begin(limits, requests, replies)
        finally:
            if self._walls:
                next_child_is_one_of_us(self._own)
        return process

    def _begin(self, limits: Mapping[str, int], requests: int, replies: int) -> None:
        """Be the new process; does not return."""
        try:
            os.setsid()
            _keep_only(requests, replies)
            # first, because the walls forbid changing some of them
            set_limits(limits)
            if self._walls:
                put_up_walls(limits, self._filter, self._user)
        except BaseException as error:  # noqa: BLE001  it must never become a second forge
            write_all(REPLIES, repr(error).encode())
            os._exit(1)
        try:
            write_all(REPLIES, READY)
            answer_all(REQUESTS, REPLIES, limits["reply_bytes"])
        finally:
            os._exit(1)

    def how_it_ended(self, process: int) -> int:
        """The exit status of a process that has ended, negative for a signal."""
        return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _keep_only(requests: int, replies: int) -> None:
    """Close everything except two pipes; a student's own input and output go to /dev/null."""
    null = os.open(os.devnull, os.O_RDWR)
    # to numbers above the final ones, so that none is overwritten before it is moved
    moved = [os.dup2(file, 10 + number) for number, file in enumerate((requests, replies, null))]
    for place, file in ((REQUESTS, moved[0]), (REPLIES, moved[1]), (0, moved[2]), (1, moved[2]), (2, moved[2])):
        os.dup2(file, place, inheritable=False)
    os.closerange(REPLIES + 1, os.sysconf("SC_OPEN_MAX"))


def serve(control: socket.socket, forge: Forge) -> None:
    """Fork on request until the grader closes its end."""
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, LARGEST_MESSAGE, 2)
        if not message:
            return
        request: dict[str, Any] = json.loads(message)
        if "ended" in request:
            control.send(json.dumps({"status": forge.how_it_ended(request["ended"])}).encode())
            continue
        try:
            process = forge.fork(request["limits"], *descriptors)
            held = os.pidfd_open(process)
        except OSError as error:
            control.send(json.dumps({"trouble": str(error)}).encode())
            continue
        finally:
            for descriptor in descriptors:
                os.close(descriptor)
        socket.send_fds(control, [json.dumps({"process": process}).encode()], [held])
        os.close(held)


def main() -> None:
    """Load what answers need, then fork on request."""
    control = socket.socket(fileno=os.dup(0))
    first = json.loads(control.recv(LARGEST_MESSAGE))
    forge = Forge(walls=first["walls"], filter_=bytes.fromhex(first["filter"]), user=first["user"])
    # settings for Python that students' code need not see
    sys.argv, _ = [""], os.environ.pop("PYTHONHASHSEED", None)
    sys.meta_path.append(StandIns())
    for name in USUAL:
        importlib.import_module(name)
    # the same for everyone, in any order and by any worker
    np.random.seed(0)  # noqa: NPY002  the generator of students who do not make one
    gc.collect()
    gc.freeze()
    control.send(b"{}")
    serve(control, forge)
