"""One jail: send it requests, stop it, and say how it ended."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self

from autograder.errors import SandboxError, WireError
from autograder.model import Ended, Outcome, Stopped
from autograder.sandbox import wire
from autograder.sandbox.child import READY
from autograder.sandbox.clock import Clock, Seconds
from autograder.sandbox.limits import Limits

# A process that is not ready after this long never will be, however busy the machine.
START = Seconds(60.0, 60.0)
ENDING_SECONDS = 1.0
# The resolution of a poll.
SHORTEST_WAIT_SECONDS = 0.001
# Waking up once for several replies costs both processes less than waking up for each.
MANY, NAP_SECONDS = 8, 0.001


class _Closed(Exception):  # noqa: N818  an end of file, not an error
    """The other side has closed its end."""


class _UsedUp(Exception):  # noqa: N818  a limit, not an error
    """The process has used up its CPU time or its waiting."""

    def __init__(self, *, waiting: bool) -> None:
        super().__init__()
        self.waiting = waiting


class Jail:
    """A process that runs a student's code: requests go in, and replies come out in the same order."""

    def __init__(
        self, process: int, requests: int, replies: int, limits: Limits, exit_status: Callable[[], int | None]
    ) -> None:
        """Take over a process that has been forked.

        Args:
            process: a descriptor of it, to kill it and to see whether it has ended.
            requests: the end of a pipe to write requests to.
            replies: the end of a pipe to read replies from.
            limits: how large a reply may be.
            exit_status: gives the exit status once it has ended, negative for a signal.
        """
        self._process, self._requests, self._replies = process, requests, replies
        self._limits = limits
        self._exit_status = exit_status
        self._clock = Clock(process)
        self._sent = self._answered = 0
        self._outgoing = memoryview(b"")
        self._incoming = bytearray()
        self._allowed = START
        self._until: Seconds | None = None  # set when there is something to wait for
        self._used: Seconds | None = None  # valid until it gets something to do, or is waited for
        self._started = False
        self._closed = False
        os.set_blocking(requests, False)

    def send(self, requests: Iterable[wire.Request]) -> None:
        """Send requests; they are answered one after another."""
        data = [bytes(self._outgoing)]
        for request in requests:
            self._sent += 1
            data.append(request.numbered(self._sent))
        self._outgoing = memoryview(b"".join(data))
        self._used = None

    @property
    def used(self) -> Seconds:
        """What it has used since it started, up to the last reply that was waited for."""
        self._used = self._used or self._clock.used
        return self._used

    def reply(self, allowed: Seconds) -> Outcome | wire.RanReply:
        """Wait for the next reply, at most until the process has used up its allowance.

        Returns:
            The reply; `Stopped` or `Ended` if there is none, and then the jail can no longer be used.

        Raises:
            SandboxError: the process did not start.
        """
        self._answered += 1
        try:
            if not self._started:
                self._see_it_started()
            self._allowed, self._until = allowed, None
            return wire.read_reply(self._read, self._answered, self._limits.reply_bytes)
        except _UsedUp as used_up:
            self._end()
            return Stopped(allowed.waiting if used_up.waiting else allowed.cpu, waiting=used_up.waiting)
        except WireError:
            self._end()
            return Ended("it sent the grader bytes that are not a valid reply")
        except _Closed:
            return Ended(self._how_it_ended())

    def _see_it_started(self) -> None:
        self._allowed, self._until = START, None
        try:
            first = self._read(1)
        except (_UsedUp, _Closed):
            first = b"no answer"
        if first != READY:
            with contextlib.suppress(_UsedUp, _Closed):
                self._read(1 << 16)
            words = (first + self._incoming).decode(errors="replace")
            self.close()
            raise SandboxError(
                f"sandbox: cannot be set up inside bubblewrap ({words}). Run `autograder verify` to try again."
            )
        self._started = True

    def _read(self, size: int) -> bytes:
        while len(self._incoming) < size:
            if not self._outgoing and self._sent - self._answered >= MANY:
                self._spend(NAP_SECONDS, time.sleep)
            left = self._exchange()
            # what has arrived was read above; a reply that comes a byte at a time may never end
            if left.is_used_up and len(self._incoming) < size:
                raise _UsedUp(waiting=left.cpu > 0)
        data = bytes(self._incoming[:size])
        del self._incoming[:size]
        return data

    def _exchange(self) -> Seconds:
        """Write what can be written and read what has arrived; returns the allowance left just before."""
        wanted = {self._replies: select.POLLIN} | ({self._requests: select.POLLOUT} if self._outgoing else {})
        ready, left = self._wait_for(wanted)
        self._used = None
        if self._requests in ready:
            try:
                self._outgoing = self._outgoing[os.write(self._requests, self._outgoing) :]
            except BrokenPipeError:  # replies sent before it ended can still be read
                self._outgoing = memoryview(b"")
        if self._replies in ready:
            part = os.read(self._replies, 1 << 20)
            if not part:
                # a process that has closed its pipes may still run; it then has as long as any other
                self._wait_for({self._process: select.POLLIN})
                raise _Closed
            self._incoming += part
        return left

    def _wait_for(self, wanted: Mapping[int, int]) -> tuple[Mapping[int, int], Seconds]:
        """Wait until one of these descriptors is ready, or the process has used up its allowance.

        Data that has arrived is read first, however late: this process, too, may get no core for a while.
        """
        poll = select.poll()
        for descriptor, events in wanted.items():
            poll.register(descriptor, events)
        while True:
            left = self._left
            if left.is_used_up and not (ready := poll.poll(0)):
                raise _UsedUp(waiting=left.cpu > 0)
            if not left.is_used_up:
                ready = self._spend(min(left.cpu, left.waiting), lambda seconds: poll.poll(seconds * 1000))
            if ready:
                return dict(ready), left

    @property
    def _left(self) -> Seconds:
        """The allowance left for this reply, counted from the first wait for it."""
        now = self._clock.used
        self._until = self._until or now + self._allowed
        return self._until - now

    def _spend(self, seconds: float, waiting: Callable[[float], Any]) -> Any:
        """Wait by calling `waiting`, at most for this long, and count the time on the clock."""
        patience = max(min(seconds, self._clock.until_look), SHORTEST_WAIT_SECONDS)
        start = time.monotonic()
        came = waiting(patience)
        self._clock.waited(min(time.monotonic() - start, patience))
        return came

    def _how_it_ended(self) -> str:
        status = self._exit_status()
        self.close()
        if status is None:
            return "its process ended for an unknown reason"
        if status < 0:
            return f"its process was killed by {_name(-status)}"
        return f"its process exited (status {status})"

    def _end(self) -> None:
        """Kill the process, and wait until it is gone."""
        self._kill()
        poll = select.poll()
        poll.register(self._process, select.POLLIN)
        poll.poll(ENDING_SECONDS * 1000)
        self.close()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._process, signal.SIGKILL)

    def close(self) -> None:
        """Kill the process and close its descriptors."""
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


def _name(number: int) -> str:
    """A signal's name; most real-time signals have none."""
    return signal.Signals(number).name if number in {*signal.Signals} else f"signal {number}"
