"""A process beside a Dask worker, in which it marks: that one can be interrupted and limited, and may die."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from typing import Any, TypeVar

from autograder.grading.batch import prepare
from autograder.grading.worker import Settings

Result = TypeVar("Result")
_kept = threading.local()


def call(function: Callable[..., Result], settings: Settings, *arguments: Any) -> Result:
    """Call a function in the main thread of a process that this thread keeps until it is called with other settings.

    Dask's workers call in other threads than the main one, where `bounds.bounded` can interrupt nothing. They also
    outlive a run, and a new process reads the course and the engine as they are now.

    Raises:
        BrokenExecutor: the process has died over it; the next call gets another one.
    """
    if getattr(_kept, "settings", None) != settings:
        _end()
        _kept.process, _kept.settings = _new(), settings
    process: ProcessPoolExecutor = _kept.process
    try:
        return process.submit(function, settings, *arguments).result()
    except BrokenExecutor:
        _end()
        raise


def once(function: Callable[[Settings], Result], settings: Settings) -> Result:
    """Call a function in a process that ends with it."""
    with _new() as process:
        return process.submit(function, settings).result()


def _new() -> ProcessPoolExecutor:
    # Dask's nanny starts its worker as a daemon, which may have no children; ours end with it by themselves
    multiprocessing.current_process().daemon = False
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(1, mp_context=context, initializer=prepare, initargs=(os.getpid(),))


def _end() -> None:
    if hasattr(_kept, "process"):
        _kept.process.shutdown(wait=False)
        del _kept.process, _kept.settings
