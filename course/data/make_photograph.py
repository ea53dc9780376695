"""Make photograph.npz from the photograph that scikit-learn brings along: `python -m course.data.make_photograph`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from course.figures.photo import FILE, HIGHEST, boxes

WIDTH = 360


def main() -> None:
    """Shrink the photograph and store it."""
    np.savez_compressed(FILE, china=shrunk())


def shrunk() -> NDArray[np.uint8]:
    """Average boxes of pixels of china.jpg, shape (240, 360, 3); needs scikit-learn and Pillow."""
    from sklearn.datasets import load_sample_image  # noqa: PLC0415 - only who makes the file anew needs it

    sums, pixels = boxes(load_sample_image("china.jpg").astype(np.int64), HIGHEST, WIDTH)
    return np.asarray(np.rint(sums / pixels), dtype=np.uint8)


if __name__ == "__main__":
    main()
