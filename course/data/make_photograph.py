"""Make the photographs from those that scikit-learn brings along: `python -m course.data.make_photograph`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from course.figures.photo import FOLDER, STORED, boxes

SIZES = {"temple": (240, 360), "flower": (120, 180)}


def main() -> None:
    """Shrink the photographs and store them."""
    for of, (file, name) in STORED.items():
        np.savez_compressed(FOLDER / file, **{name: shrunk(of)})


def shrunk(of: str) -> NDArray[np.uint8]:
    """Average boxes of pixels of china.jpg or flower.jpg, shape (height, width, 3); needs scikit-learn and Pillow."""
    from sklearn.datasets import load_sample_image  # noqa: PLC0415 - needed only to make the files again

    original = load_sample_image(f"{STORED[of][1]}.jpg").astype(np.int64)
    sums, pixels = boxes(original, *SIZES[of])
    return np.asarray(np.rint(sums / pixels), dtype=np.uint8)


if __name__ == "__main__":
    main()
