"""The command line: arguments in, exit code out."""

from __future__ import annotations

import io
import os
import sys


def main() -> None:
    """Run the command line, or say what is not installed."""
    # before NumPy is loaded: workers use the cores, and threads of each would only fight over them
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # where Jupyter is installed, nbformat's validator would load it, and with it build a grammar for three seconds
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        from autograder.commands import autograder  # noqa: PLC0415  may be missing; then it is said below
    except ModuleNotFoundError as error:
        sys.stderr.write(
            f"autograder: {error.name} is not installed, but grading needs it; "
            "install it with: pip install 'convolution-by-hand[grade]'\n"
        )
        sys.exit(2)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that has not every letter gets a question mark
    autograder()
