"""What the grader itself may use for one submission, so that no file and no reply can hold it up or fill its memory."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

# CPU time of this process alone, as a student's code runs in another one. Mostly a hundredth of a second is enough.
MOST_SECONDS = 30.0
MOST_BYTES = 4 << 30
TOO_MUCH = f"reading or marking it takes over {MOST_SECONDS:g} s or too much memory, so it gets no marks"


class TooMuchError(BaseException):
    """The grader has used what it may use for one submission.

    It is no Exception, so that code which catches those, as where a known mistake raises, cannot keep it from ending.
    """


@contextlib.contextmanager
def bounded(seconds: float = MOST_SECONDS, size: int = MOST_BYTES) -> Iterator[None]:
    """Do something with a limit on CPU time and on the memory that it takes on top of what is taken already.

    Only a main thread can be interrupted; a worker that is another thread has no limits.

    Raises:
        TooMuchError: a limit was reached.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGPROF, _interrupt)
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    try:
        resource.setrlimit(resource.RLIMIT_AS, (_allowed(_taken() + size, hard), hard))
        signal.setitimer(signal.ITIMER_PROF, seconds)
        yield
    except MemoryError as error:
        raise TooMuchError from error
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
        signal.signal(signal.SIGPROF, before)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise TooMuchError


def _taken() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def _allowed(size: int, hard: int) -> int:
    return size if hard == resource.RLIM_INFINITY else min(size, hard)
