"""The marks of every notebook in the table of the course's README.

Run it from the top of the repository, as `make course` does:

    python -m course.marks
"""

from __future__ import annotations

import re
from pathlib import Path

from course.exercises import ASSIGNMENTS

README = Path(__file__).parent / "README.md"


def filled_in(text: str) -> str:
    """The README with the marks that the exercises declare."""
    for assignment in ASSIGNMENTS:
        row = rf"(?m)^(\| {assignment.name[:2]} .* \| \+?)\d+( \|)$"
        text = re.sub(row, rf"\g<1>{assignment.marks}\g<2>", text)
    return text


if __name__ == "__main__":
    README.write_text(filled_in(README.read_text(encoding="utf-8")), encoding="utf-8")
