"""The picture in the README: what `check()` draws for a function that flips the kernel.

Draw it again with `python -m course.sample_class.picture`.
"""

from __future__ import annotations

from pathlib import Path

from autograder.drawing.comparison import comparison
from autograder.model import Evidence
from course.exercises import places
from course.exercises.hand import K, X
from solutions.asked.gray import conv2d_valid

PICTURE = Path(__file__).parents[2] / ".github" / "wrong_answer.svg"


def draw() -> str:
    """The picture as a complete SVG document."""
    image, kernel = X.astype(float), K.astype(float)
    arguments = [("image", image), ("kernel", kernel)]
    wrong, right = conv2d_valid(image, kernel[::-1, ::-1]), conv2d_valid(image, kernel)
    figure = comparison(Evidence(arguments, wrong, right, (0, 0), places.gray(image, kernel)))
    return f"{figure.svg}\n"


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
