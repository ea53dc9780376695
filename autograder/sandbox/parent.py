"""One jail: start it, ask it, stop it."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from autograder.errors import SandboxError, WireError
from autograder.limits import Limits
from autograder.model import Ended, Outcome, Stopped, Value
from autograder.sandbox import bubblewrap, seccomp, wire

START_SECONDS = 60.0
SERVE = "import sys; sys.path.append({site!r}); from jail import child; child.main()"


class _Closed(Exception):  # noqa: N818  an end of file, not an error
    """The other side has closed its end."""


class Jail:
    """A process that student's code runs in, with one question at a time.

    Raises:
        SandboxError: it does not come up.
    """

    def __init__(self, limits: Limits, *, unsafe: bool = False) -> None:
        """Start the process and wait until NumPy is loaded in it."""
        self._limits = limits
        self._asked = 0
        self._resources = contextlib.ExitStack()
        with contextlib.ExitStack() as undo:
            undo.callback(self._resources.close)
            self._start(unsafe=unsafe)
            undo.pop_all()

    def _start(self, *, unsafe: bool) -> None:
        status_read, status_write = os.pipe()
        # open to the end: bubblewrap writes its last line there, and would die of a broken pipe
        status = self._resources.enter_context(os.fdopen(status_read, "rb"))
        try:
            passed = [] if unsafe else [status_write, _filter(self._resources)]
            self._process = subprocess.Popen(  # noqa: S603  our own words; student's code goes through the pipe
                self._command(passed, unsafe=unsafe),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                pass_fds=passed,
                env={"OPENBLAS_NUM_THREADS": "1", "LANG": "C.UTF-8"},
                start_new_session=True,
            )
        finally:
            os.close(status_write)
        self._resources.callback(self._process.wait)
        self._hold_first_process(status.readline())
        self._requests, self._replies = self._pipes()
        ready = self.ask({"type": "cell", "label": "start", "source": ""}, START_SECONDS)
        if not isinstance(ready, wire.RanReply):
            raise SandboxError(f"jail: Python did not start in it ({ready}), but has to; try `autograder verify`")

    def _command(self, passed: Sequence[int], *, unsafe: bool) -> list[str]:
        limits = json.dumps({**asdict(self._limits), "jail": not unsafe})
        if unsafe:
            site = self._resources.enter_context(_site())
            return [*bubblewrap.python_command(), "-c", SERVE.format(site=str(site)), limits]
        named = zip(("--json-status-fd", "--seccomp"), passed, strict=False)
        options = [word for option, file in named for word in (option, str(file))]
        walls = [bubblewrap.find(), *bubblewrap.walls(self._limits.tmp_bytes), *options]
        return [*walls, *bubblewrap.python_command(), "-c", SERVE.format(site=bubblewrap.SITE), limits]

    def _hold_first_process(self, status: bytes) -> None:
        """Hold on to the first process of the jail: to kill it is to end all that the jail started."""
        pid = json.loads(status)["child-pid"] if status else self._process.pid
        try:
            descriptor = os.pidfd_open(pid)
        except ProcessLookupError:
            descriptor = os.pidfd_open(self._process.pid)
        self._resources.callback(os.close, descriptor)
        self._resources.callback(_kill, descriptor)

    def _pipes(self) -> tuple[int, int]:
        requests, replies = self._process.stdin, self._process.stdout
        if requests is None or replies is None:
            raise SandboxError("jail: it has no pipes, but has to have two; this is a fault of the grader")
        self._resources.callback(replies.close)
        self._resources.callback(_close_quietly, requests)
        os.set_blocking(requests.fileno(), False)
        return requests.fileno(), replies.fileno()

    def ask(self, request: dict[str, Any], seconds: float, arguments: Sequence[Value] = ()) -> Outcome | wire.RanReply:
        """Send one request and wait for its reply.

        Returns:
            What came back; `Stopped` or `Ended` when nothing did, and then the jail is of no more use.
        """
        self._asked += 1
        deadline = time.monotonic() + seconds
        data = wire.write_request({**request, "id": self._asked}, arguments)
        try:
            self._write(data, deadline)
            read = functools.partial(self._read, deadline=deadline)
            return wire.read_reply(read, self._asked, self._limits.reply_bytes)
        except TimeoutError:
            self.close()
            return Stopped(seconds)
        except WireError:
            self.close()
            return Ended("it sent the grader bytes that are not an answer")
        except _Closed:
            return Ended(self._how_it_ended())

    def _write(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            _wait(self._requests, select.POLLOUT, deadline)
            try:
                view = view[os.write(self._requests, view) :]
            except BrokenPipeError as error:
                raise _Closed from error

    def _read(self, size: int, deadline: float) -> bytes:
        data = bytearray()
        while len(data) < size:
            _wait(self._replies, select.POLLIN, deadline)
            part = os.read(self._replies, min(size - len(data), 1 << 20))
            if not part:
                raise _Closed
            data += part
        return bytes(data)

    def _how_it_ended(self) -> str:
        try:
            status = self._process.wait(1.0)
        except subprocess.TimeoutExpired:
            self.close()
            return "it closed its connection to the grader"
        self.close()
        number = -status if status < 0 else status - 128
        if number in set(signal.Signals):
            return f"it was ended by {signal.Signals(number).name}"
        return f"it left Python at once (exit status {status})"

    def close(self) -> None:
        """Kill the jail with all that it started, and give back what it held."""
        self._resources.close()

    def __enter__(self) -> Self:
        """Use as `with Jail(limits) as jail`."""
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close it."""
        self.close()


def _wait(descriptor: int, event: int, deadline: float) -> None:
    """Wait until a pipe is ready.

    Raises:
        TimeoutError: it was not before the deadline.
    """
    poll = select.poll()
    poll.register(descriptor, event)
    left = deadline - time.monotonic()
    if left <= 0 or not poll.poll(left * 1000):
        raise TimeoutError


def _filter(resources: contextlib.ExitStack) -> int:
    """The file of the kernel's filter, closed with the jail."""
    file = seccomp.descriptor()
    resources.callback(os.close, file)
    return file


def _kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        signal.pidfd_send_signal(process, signal.SIGKILL)


def _close_quietly(stream: Any) -> None:
    with contextlib.suppress(BrokenPipeError):
        stream.close()


@contextlib.contextmanager
def _site() -> Iterator[Path]:
    """A folder that looks like the jail's, for running without one."""
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
