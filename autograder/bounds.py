"""Limits on the grader itself for one submission, so that no file or reply can delay it or fill its memory."""

from __future__ import annotations

import contextlib
import resource
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

# CPU time of this process alone, as students' code runs in another one. Usually a hundredth of a second is enough.
MOST_SECONDS = 30.0
MOST_BYTES = 4 << 30
TOO_MUCH = f"no marks, as reading or grading it takes over {MOST_SECONDS:g} s or too much memory"


class TooMuchError(BaseException):
    """The grader has reached its limit for one submission.

    It is no Exception, so that code which catches those, as around a known mistake, cannot keep it from ending.
    """


@contextlib.contextmanager
def bounded(seconds: float = MOST_SECONDS, size: int = MOST_BYTES) -> Iterator[None]:
    """Limit the CPU time and the additional memory of a `with` block.

    Only the main thread can be interrupted, so there are no limits in other threads.

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
