"""The command line: arguments in, exit code out."""

from __future__ import annotations

import io
import os
import sys


def main() -> None:
    """Run the command line, or say what is not installed."""
    # before NumPy is loaded: workers use all cores, and threads of each would only compete for them
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # with Jupyter installed, nbformat's validator would import it and spend three seconds on building a grammar
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    try:
        from autograder.commands import autograder  # noqa: PLC0415  may be missing; reported below
    except ModuleNotFoundError as error:
        sys.stderr.write(
            f"autograder: {error.name} is not installed. "
            "Install everything for grading with: pip install 'convolution-by-hand[grade]'\n"
        )
        sys.exit(2)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # terminals without a letter show a question mark
    autograder()
