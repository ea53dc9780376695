"""One jail: ask it, stop it, tell how it ended."""

from __future__ import annotations

import contextlib
import functools
import os
import select
import signal
import time
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from autograder.errors import SandboxError, WireError
from autograder.limits import Limits
from autograder.model import Ended, Outcome, Stopped
from autograder.sandbox import wire
from autograder.sandbox.child import READY

START_SECONDS = 60.0
ENDING_SECONDS = 1.0
# To be woken for a few replies at once takes less of both processes' time than to be woken for each of many.
MANY, NAP_SECONDS = 8, 0.001


class _Closed(Exception):  # noqa: N818  an end of file, not an error
    """The other side has closed its end."""


class Jail:
    """A process that student's code runs in: questions go in, and replies come out in the same order."""

    def __init__(
        self, process: int, requests: int, replies: int, limits: Limits, exit_status: Callable[[], int | None]
    ) -> None:
        """Take over a process that has been forked.

        Args:
            process: a descriptor of it, to kill it and to see whether it has ended.
            requests: the end of a pipe that it is asked through.
            replies: the end of a pipe that it answers through.
            limits: how large a reply may be.
            exit_status: tells the exit status once it has ended, below 0 for a signal.
        """
        self._process, self._requests, self._replies = process, requests, replies
        self._limits = limits
        self._exit_status = exit_status
        self._sent = self._answered = 0
        self._outgoing = memoryview(b"")
        self._incoming = bytearray()
        self._started = False
        self._closed = False
        os.set_blocking(requests, False)

    def send(self, requests: Iterable[wire.Request]) -> None:
        """Ask questions; they are answered one after another."""
        data = [bytes(self._outgoing)]
        for request in requests:
            self._sent += 1
            data.append(request.numbered(self._sent))
        self._outgoing = memoryview(b"".join(data))

    def reply(self, seconds: float) -> Outcome | wire.RanReply:
        """Wait for the next reply.

        Returns:
            What came back; `Stopped` or `Ended` when nothing did, and then the jail is of no more use.

        Raises:
            SandboxError: the process has not come as far as to run anything.
        """
        self._answered += 1
        deadline = time.monotonic() + seconds
        try:
            if not self._started:
                self._see_it_started()
                deadline = time.monotonic() + seconds
            read = functools.partial(self._read, deadline=deadline)
            return wire.read_reply(read, self._answered, self._limits.reply_bytes)
        except TimeoutError:
            self._end()
            return Stopped(seconds)
        except WireError:
            self._end()
            return Ended("it sent the grader bytes that are not an answer")
        except _Closed:
            return Ended(self._how_it_ended())

    def _see_it_started(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        try:
            first = self._read(1, deadline)
        except (TimeoutError, _Closed):
            first = b"it says nothing"
        if first != READY:
            with contextlib.suppress(TimeoutError, _Closed):
                self._read(1 << 16, deadline)
            words = (first + self._incoming).decode(errors="replace")
            self.close()
            raise SandboxError(f"jail: its walls do not stand ({words}), but have to; try `autograder verify`")
        self._started = True

    def _read(self, size: int, deadline: float) -> bytes:
        while len(self._incoming) < size:
            if not self._outgoing and self._sent - self._answered >= MANY:
                time.sleep(NAP_SECONDS)
            self._exchange(deadline)
        data = bytes(self._incoming[:size])
        del self._incoming[:size]
        return data

    def _exchange(self, deadline: float) -> None:
        """Write what can be written, and read what has come."""
        poll = select.poll()
        poll.register(self._replies, select.POLLIN)
        if self._outgoing:
            poll.register(self._requests, select.POLLOUT)
        left = deadline - time.monotonic()
        ready = dict(poll.poll(left * 1000)) if left > 0 else {}
        if not ready:
            raise TimeoutError
        if self._requests in ready:
            try:
                self._outgoing = self._outgoing[os.write(self._requests, self._outgoing) :]
            except BrokenPipeError:  # what it has answered before it ended can still be read
                self._outgoing = memoryview(b"")
        if self._replies in ready:
            part = os.read(self._replies, 1 << 20)
            if not part:
                # a process that has closed its pipes may go on; it then has as long as any other
                raise _Closed if self._has_ended(deadline) else TimeoutError
            self._incoming += part

    def _how_it_ended(self) -> str:
        status = self._exit_status()
        self.close()
        if status is None:
            return "it ended, and nobody knows how"
        if status < 0:
            return f"it was ended by {signal.Signals(-status).name}"
        return f"it left Python at once (exit status {status})"

    def _has_ended(self, deadline: float) -> bool:
        """Whether the process ends before the deadline."""
        poll = select.poll()
        poll.register(self._process, select.POLLIN)
        return bool(poll.poll(max(deadline - time.monotonic(), 0) * 1000))

    def _end(self) -> None:
        """Kill the process, and see it go before anything else is done."""
        self._kill()
        self._has_ended(time.monotonic() + ENDING_SECONDS)
        self.close()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)

    def close(self) -> None:
        """Kill the process, and give back what it held."""
        if not self._closed:
            self._closed = True
            self._kill()
            for descriptor in (self._process, self._requests, self._replies):
                os.close(descriptor)

    def __enter__(self) -> Self:
        """Use as `with jails.start(limits) as jail`."""
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        """Close it."""
        self.close()
