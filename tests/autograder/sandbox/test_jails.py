"""Jails from one process that waits: each with walls of its own, and nothing in it of those before or beside it."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.errors import SandboxError
from autograder.model import Ended, Returned
from autograder.sandbox import seccomp
from autograder.sandbox.clock import Seconds
from autograder.sandbox.confine import DEVICES
from autograder.sandbox.jail import Jail
from autograder.sandbox.jails import Jails
from autograder.sandbox.limits import Limits
from autograder.sandbox.session import Call, _together
from autograder.sandbox.wire import RanReply, request

PATIENCE = Seconds(60.0, 60.0)


@pytest.fixture
def jails() -> Iterator[Jails]:
    """Where jails come from; ended with the test."""
    with Jails() as jails:
        yield jails


def run(jail: Jail, source: str) -> None:
    """Run a cell that has to come through."""
    jail.send([request({"type": "cell", "label": "cell 1", "source": source})])
    assert isinstance(jail.reply(PATIENCE), RanReply)


def look(jail: Jail, name: str) -> Any:
    """The value of a variable."""
    jail.send([request({"type": "look", "name": name})])
    outcome = jail.reply(PATIENCE)
    assert isinstance(outcome, Returned), outcome
    return outcome.value.tolist() if isinstance(outcome.value, np.ndarray) else outcome.value


def below(process: int) -> list[int]:
    """The processes that one has started."""
    return [int(one) for one in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def value(jail: Jail, source: str) -> Any:
    """What a cell leaves in x."""
    run(jail, source)
    return look(jail, "x")


LEASE = """
import ctypes, os
system = ctypes.CDLL(None, use_errno=True)
number = {"x86_64": 72, "aarch64": 25}[os.uname().machine]
def ask(command):
    return system.syscall(number, os.open(ctypes.__file__, os.O_RDONLY), ctypes.c_ulong(command), ctypes.c_ulong(0))
x = [ask(command | high) for command in (1024, 1026) for high in (0, 1 << 32, 1 << 40)]
x += [system.prctl(ctypes.c_ulong(1 | 1 << 32), 0, 0, 0, 0)]
"""


def test_no_jail_makes_another_wait(jails: Jails) -> None:
    """A lease on a file of the library would hold up whoever opens it; high bits do not get by the filter."""
    with jails.start(Limits()) as jail:
        assert value(jail, LEASE) == [-1] * 7


ASKS_FOR_MORE = """
import fcntl, os, resource
library = os.open(os.__file__, os.O_RDONLY)
ways = {
    "a rank": lambda: os.setpriority(os.PRIO_PROCESS, 0, 19),
    "a core": lambda: os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]),
    "what is in memory": lambda: os.posix_fadvise(library, 0, 0, os.POSIX_FADV_DONTNEED),
    "what others read": lambda: os.preadv(library, [bytearray(1)], 0, os.RWF_NOWAIT),
    "memory of the kernel": lambda: fcntl.fcntl(os.pipe()[1], 1031, 1 << 20),
    "a crash": lambda: resource.setrlimit(resource.RLIMIT_CORE, (0, 0)),
}
had = []
for name, way in ways.items():
    try:
        way()
        had.append(name)
    except (OSError, ValueError):
        pass
x = ", ".join(had)
"""


def test_a_jail_gets_nothing_that_all_share(jails: Jails) -> None:
    """It takes nothing out of the memory that all read from, gives up no core, and starts no collector of crashes."""
    with jails.start(Limits()) as jail:
        assert value(jail, ASKS_FOR_MORE) == ""
        limits = Path(f"/proc/{jail._clock._state.parent.name}/limits").read_text()

    assert "Max core file size 1 1 bytes" in " ".join(limits.split())
    assert "Max pending signals 64 64 signals" in " ".join(limits.split())


def test_devices_stay_as_they_are(jails: Jails) -> None:
    """They are the machine's: code reads and writes them, and changes neither their modes nor their times."""
    tries = "\n".join(f"    try: os.{call}; x += 1\n    except OSError: pass" for call in DEVICE_CALLS)
    before = [Path(device).stat().st_mode for device in DEVICES]
    with jails.start(Limits()) as jail:
        tried = value(jail, f"import os\nx = 0\nfor device in {DEVICES!r}:\n{tries}")
        used = value(jail, "open('/dev/null', 'w').write('x')\nx = len(open('/dev/urandom', 'rb').read(5))")

    assert (tried, used) == (0, 5)
    assert [Path(device).stat().st_mode for device in DEVICES] == before


DEVICE_CALLS = ("chmod(device, 0)", "utime(device, (0, 0))", "chown(device, os.getuid(), -1)", "unlink(device)")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else; anybody else stays who they are")
def test_roots_jails_own_nothing(jails: Jails) -> None:
    """Where the grader is root, a student's process is nobody, with no group of root's."""
    before = set(below(os.getpid()))
    with jails.start(Limits()) as jail:
        run(jail, "")
        (outer,) = set(below(os.getpid())) - before
        (waiting,) = below(outer)
        (process,) = below(waiting)
        about = dict(
            line.split(":\t") for line in Path(f"/proc/{process}/status").read_text().splitlines() if ":\t" in line
        )

    assert about["Uid"].split() == about["Gid"].split() == ["65534"] * 4
    assert about["Groups"].split() == []


SPOIL = """
import os, random, sys, tempfile
import numpy as np
open('/tmp/left', 'w').write('left')
os.environ['LEFT'] = 'left'
os.chdir('/')
np.random.seed(7); random.seed(7)
np.allclose = lambda *_: True
sys.modules['json'] = None
del sys.meta_path[:]
"""
LOOK = """
import os, sys
import numpy as np
files, place, left = ' '.join(os.listdir('/tmp')), os.getcwd(), os.environ.get('LEFT')
drawn = np.random.rand(3)
agrees = np.allclose(0, 1)
import json, matplotlib.pyplot
number = os.getpid()
"""


@pytest.mark.parametrize("beside", [False, True], ids=["ended", "still there"])
def test_nothing_is_carried_over(jails: Jails, *, beside: bool) -> None:
    """What one student's code leaves in files, modules, random numbers and its process is in no other jail."""
    found = {}
    for spoiled in (False, True):
        first = jails.start(Limits())
        if spoiled:
            run(first, SPOIL)
        if not beside:
            first.close()
        with jails.start(Limits()) as second:
            run(second, LOOK)
            found[spoiled] = [look(second, name) for name in ("files", "place", "left", "drawn", "agrees", "number")]
        first.close()

    assert found[True] == found[False]
    assert found[True][:3] == ["", "/tmp", None]  # noqa: S108  inside
    assert found[True][-2:] == [False, 1]


def test_every_jail_has_namespaces_of_its_own(jails: Jails) -> None:
    """Two students share no mounts, processes, objects of System V or users, with each other or with what waits."""
    before = set(below(os.getpid()))
    with jails.start(Limits()) as first, jails.start(Limits()) as second:
        run(first, "")
        run(second, "")
        (outer,) = set(below(os.getpid())) - before
        (waiting,) = below(outer)
        processes = [waiting, *below(waiting)]
        spaces = {kind: {Path(f"/proc/{one}/ns/{kind}").readlink() for one in processes} for kind in KINDS}

    assert {kind: len(names) for kind, names in spaces.items()} == dict.fromkeys(KINDS, 3)


KINDS = ("mnt", "pid", "ipc", "user")


def test_ended_jails_do_not_add_up(jails: Jails) -> None:
    """Jails that have ended are cleared away while others start; a few may still be on their way out."""
    before = set(below(os.getpid()))
    for _ in range(20):
        with jails.start(Limits()) as jail:
            run(jail, "x = 1")
    with jails.start(Limits()) as jail:
        run(jail, "x = 1")
        (outer,) = set(below(os.getpid())) - before
        (waiting,) = below(outer)

        assert len(below(waiting)) < 10


def test_what_waits_is_started_again(jails: Jails) -> None:
    """A process that waits and is ended, as by a kernel short of memory, costs nobody anything."""
    before = set(below(os.getpid()))
    jails.start(Limits()).close()
    (outer,) = set(below(os.getpid())) - before
    (waiting,) = below(outer)
    os.kill(waiting, signal.SIGKILL)

    with jails.start(Limits()) as jail:
        run(jail, "x = 1")

        assert look(jail, "x") == 1


def test_a_jail_whose_walls_do_not_stand_runs_nothing(jails: Jails, monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter that the kernel does not take is a fault of the machine: it is told, and no code is run."""
    monkeypatch.setattr(seccomp, "inner", lambda: bytes(8))

    with (
        jails.start(Limits()) as jail,
        pytest.raises(SandboxError, match=r"cannot be set up inside bubblewrap .*prctl"),
    ):
        run(jail, "x = 1")


def test_a_call_whose_time_counts_is_asked_alone() -> None:
    """Others are asked together, up to it."""
    calls = [Call("f", "any", [number], timed=number in {2, 3}) for number in range(5)]

    together = [[call.arguments[0] for call in _together(calls[start:])] for start in (0, 2, 3, 4)]

    assert together == [[0, 1], [2], [3], [4]]


def test_a_signal_without_a_name_ends_a_process() -> None:
    """Without walls a process can send itself any signal; most of the last thirty have no name."""
    with Jails(unsafe=True) as jails, jails.start(Limits()) as jail:
        source = "import os; os.kill(os.getpid(), 40)"
        jail.send([request({"type": "cell", "label": "cell 1", "source": source})])

        assert jail.reply(PATIENCE) == Ended("its process was killed by signal 40")
