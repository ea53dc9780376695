"""Write the sample class: arguments in, one line out."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from autograder.course.folder import load_course
from autograder.errors import AutograderError
from course.sample_class import build


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the submissions and say where."""
    parser = argparse.ArgumentParser(
        prog="python -m course.sample_class",
        description="Write the submissions of a made-up class, as <student>/<assignment>/<assignment>.ipynb. "
        "Files of an earlier run are replaced; other files are left alone.",
        epilog="example: python -m course.sample_class --out submitted && autograder grade submitted",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to write to")
    folder = parser.parse_args(arguments).out
    try:
        files = build.submissions(load_course(build.COURSE))
        build.write(files, folder)
    except (AutograderError, OSError) as error:
        parser.error(str(error))
    print(f"{folder}: {len(files)} submissions.")  # noqa: T201  the output of a command


if __name__ == "__main__":
    main()
