"""Draw what the notebooks show into the file that students get: python -m course.worked."""

from __future__ import annotations

import dataclasses
import io
import json
import zipfile
from pathlib import Path
from typing import Any
from unittest import mock

from autograder.course.folder import Course, load_course
from autograder.drawing.figure import Figure
from autograder.release import build
from course.figures import ready

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first date that a zip file knows: the same figures give the same bytes


def main() -> None:
    """Write the file, and say how many figures it holds."""
    figures = asked_for(load_course(Path(__file__).parents[1]))
    ready.FILE.write_bytes(archive(figures))
    print(f"{ready.FILE.name}: {len(figures)} figures, {ready.FILE.stat().st_size / 1000:.0f} kB")  # noqa: T201


def asked_for(course: Course) -> dict[str, Figure]:
    """Run the cells of all notebooks that show figures, and collect those that students cannot draw themselves."""
    figures: dict[str, Figure] = {}
    draw = ready.drawn

    def collect(name: str, *arguments: Any) -> Figure:
        figure = figures[ready.key(name, *arguments)] = draw(name, *arguments)
        return figure

    with mock.patch.object(ready, "drawn", collect):
        for assignment in course.assignments:
            build.notebook(course, assignment)
    return figures


def archive(figures: dict[str, Figure]) -> bytes:
    """Pack figures into a zip file, one entry each."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as entries:
        for name, figure in sorted(figures.items()):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entries.writestr(entry, json.dumps(dataclasses.asdict(figure)), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


if __name__ == "__main__":
    main()
