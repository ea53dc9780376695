"""What a notebook has and a jail has not, known by the exceptions that its absence raises."""

from __future__ import annotations

import re

from autograder.model import Raised

ABSENT = r"""
RuntimeError | can't start new thread
Threads and processes work in a notebook, but not where it is graded. Use a plain loop.

RuntimeError | no running event loop|no current event loop
Event loops (`asyncio`) work in a notebook, but not where it is graded. Use plain functions without `async` and `await`.

PermissionError | \[Errno 1\] Operation not permitted
Processes, event loops and network connections work in a notebook, but not where it is graded. Compute the result in the
function itself.

FileNotFoundError | ^\[Errno 2\] No such file or directory(: '/psm_\w+')?$
Processes and shared memory (`multiprocessing`) work in a notebook, but not where it is graded. Use a plain loop.

OSError | Temporary failure in name resolution
There is no network where the notebook is graded. Use only what comes with the notebook.

EOFError | ^$|EOF when reading a line
`input()` works in a notebook, but nobody can type where it is graded. Take the value as an argument, or write it into
the code.

BdbQuit |
`breakpoint()` and `pdb` work in a notebook, but nobody can type where it is graded. Remove them before you hand it in.
"""


def absent(raised: Raised) -> str | None:
    """Explain an exception that comes from what a notebook has, and a jail has not."""
    return look_up(ABSENT, raised)


def look_up(table: str, raised: Raised) -> str | None:
    """What the first paragraph says that is about an exception; None if there is none.

    Args:
        table: a paragraph for each: kind of exception | pattern, then what it means; {1} is the pattern's first group.
        raised: what is looked for, by its kinds and in its text.
    """
    kinds = {raised.type, *raised.kinds}
    for paragraph in table.strip().split("\n\n"):
        head, *lines = paragraph.split("\n")
        kind, pattern = head.split(" |", maxsplit=1)
        if kind in kinds and (found := re.search(pattern.strip(), raised.message)):
            return " ".join(lines).format(found[0], *found.groups())
    return None
