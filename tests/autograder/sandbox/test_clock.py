"""What a process computes and what it waits for, told apart from what a busy machine adds."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder.errors import SandboxError
from autograder.sandbox.clock import LOOK_SECONDS, Clock, Seconds

PATIENCE = 60.0
COMPUTES = "import sys, time\nwhile time.process_time() < 0.3: pass\nprint(flush=True)\nsys.stdin.read()"
WAITS = "print(flush=True)\nimport sys\nsys.stdin.read()"
NEVER_ENDS = "print(flush=True)\nwhile True: pass"


@contextmanager
def running(source: str) -> Iterator[tuple[subprocess.Popen[bytes], Clock]]:
    """A process that has printed its line, and its clock."""
    process = subprocess.Popen([sys.executable, "-c", source], stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603
    descriptor = os.pidfd_open(process.pid)
    try:
        assert process.stdout is not None
        clock = Clock(descriptor)
        process.stdout.readline()
        yield process, clock
    finally:
        process.kill()
        process.communicate()
        os.close(descriptor)


def test_computing_is_counted_as_the_kernel_counts_it() -> None:
    """What a process has computed is CPU time, and none of it is waiting."""
    with running(COMPUTES) as (_, clock):
        assert clock.used.cpu >= 0.3
        assert clock.used.waiting == 0


def test_a_process_that_sleeps_waits() -> None:
    """What somebody has waited for it is its waiting; what it computed meanwhile is taken off."""
    with running(WAITS) as (process, clock):
        until_asleep(process)
        clock.waited(PATIENCE)

        assert clock.used.waiting == pytest.approx(PATIENCE - clock.used.cpu)


def test_a_process_that_wants_a_core_does_not_wait() -> None:
    """However long others had the cores: it is ready to run all the time."""
    with running(NEVER_ENDS) as (_, clock):
        clock.waited(PATIENCE)

        assert clock.used.waiting == 0


def test_short_waits_add_up() -> None:
    """A process that lets somebody wait for a moment again and again is looked at in the end."""
    with running(WAITS) as (process, clock):
        until_asleep(process)
        for _ in range(20):
            clock.waited(LOOK_SECONDS / 2)

        assert clock.used.waiting > 0


def test_a_process_cannot_know_when_it_is_looked_at() -> None:
    """The time from one look to the next is another one each time."""
    with running(WAITS) as (_, clock):
        times = []
        for _ in range(10):
            times.append(clock.until_look)
            clock.waited(clock.until_look)

        assert len(set(times)) == 10
        assert 0 <= min(times) <= max(times) <= 2 * LOOK_SECONDS


def test_nobody_is_looked_at_for_a_byte() -> None:
    """To be waited for a little less does not bring the look forward."""
    with running(WAITS) as (process, clock):
        until_asleep(process)
        clock.waited(clock.until_look * 0.9)

        assert clock.used.waiting == 0
        assert clock.until_look > 0


def test_what_has_ended_keeps_what_it_used() -> None:
    """The last reading holds when there is nothing more to read."""
    with running(COMPUTES) as (process, clock):
        before = clock.used
        process.send_signal(signal.SIGKILL)
        process.wait()

        assert clock.used.cpu >= before.cpu


@pytest.mark.parametrize("mode", ["nothing there", "not to be read"])
def test_what_cannot_be_seen_is_refused(tmp_path: Path, mode: str) -> None:
    """Where /proc hides a process, waiting cannot be told from a busy machine: that is said, and how to show it."""
    with running(WAITS) as (process, _):
        descriptor = os.pidfd_open(process.pid)
        if mode == "not to be read":
            (tmp_path / str(process.pid) / "stat").mkdir(parents=True)
        with pytest.raises(SandboxError, match=f"hides the processes .* remount,hidepid=0 {tmp_path}$"):
            Clock(descriptor, processes=tmp_path)
        os.close(descriptor)


def test_what_has_ended_hides_nothing(tmp_path: Path) -> None:
    """There is nothing to be seen of it."""
    with running(WAITS) as (process, _):
        descriptor = os.pidfd_open(process.pid)
        process.kill()
        process.wait()

        assert Clock(descriptor, processes=tmp_path).used == Seconds()
        os.close(descriptor)


def test_what_is_hidden_later_waits(tmp_path: Path) -> None:
    """A process that computes for a moment each time would otherwise be waited for until its CPU time is used up."""
    with running(NEVER_ENDS) as (process, _):
        descriptor, state = os.pidfd_open(process.pid), tmp_path / str(process.pid) / "stat"
        state.parent.mkdir()
        state.write_bytes(Path(f"/proc/{process.pid}/stat").read_bytes())
        clock = Clock(descriptor, processes=tmp_path)
        state.unlink()
        clock.waited(PATIENCE)

        assert clock.used.waiting > 0
        os.close(descriptor)


def test_either_kind_of_seconds_can_be_used_up() -> None:
    """What is left of one does not make up for the other."""
    allowed = Seconds(2, 6)

    assert (allowed - Seconds(2, 0)).is_used_up
    assert (allowed - Seconds(0, 6)).is_used_up
    assert not (allowed - Seconds(1.9, 5.9)).is_used_up
    assert allowed.at_most(Seconds(1, 9)) == Seconds(1, 6)


def until_asleep(process: subprocess.Popen[bytes]) -> None:
    """Wait until a process waits for its input."""
    while b") S" not in Path(f"/proc/{process.pid}/stat").read_bytes():
        pass
