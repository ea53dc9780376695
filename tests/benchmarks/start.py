"""How long a newcomer waits: `make grade` in a fresh clone, and `autograder grade` on one notebook.

Run it from the top of the repository, with or without a file for the table:

    python -m tests.benchmarks.start --out results/start.md

The clone is made of what is committed. A run needs about a minute, most of which is an installation.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.measured import Cost, machine, run

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "course/release/06_pooling/06_pooling.ipynb"


@dataclass(frozen=True)
class Row:
    """A command, and what it took."""

    command: str
    when: str
    cost: Cost


def main() -> int:
    """Print the table, and write it if asked to."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="write the table there, too")
    out: Path | None = parser.parse_args().out
    with tempfile.TemporaryDirectory() as name:
        clone = Path(name, "clone")
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)  # noqa: S603, S607
        rows = [
            Row("make grade", "fresh clone, nothing installed", run(["make", "grade"], folder=clone)),
            Row("make grade", "once more, all unchanged", run(["make", "grade"], folder=clone)),
        ]
        shutil.rmtree(clone / "results")
        rows.append(Row("make grade", "installed, results removed", run(["make", "grade"], folder=clone)))
        one = [str(clone / ".venv" / "bin" / "autograder"), "grade", NOTEBOOK, "--out", "one"]
        rows.append(Row("autograder grade", "one notebook", run(one, folder=clone)))
    text = table(rows)
    print(text)
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text + "\n", encoding="utf-8")
    return 0


def table(rows: Sequence[Row]) -> str:
    """The rows, and where they come from."""
    tool = "uv" if shutil.which("uv", path=os.environ.get("PATH")) else "pip"
    return "\n".join(
        [
            f"{machine()}; installed with {tool}, packages from a nearby registry. `make grade` builds the sample "
            "class of 26 and grades it; some submissions are hostile, and run into time limits.",
            "",
            "| command | when | seconds | CPU seconds |",
            "|---|---|---|---|",
            *(f"| `{row.command}` | {row.when} | {row.cost.wall:.1f} | {row.cost.cpu:.1f} |" for row in rows),
        ]
    )


if __name__ == "__main__":
    sys.exit(main())
