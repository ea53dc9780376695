"""The reference of notebook 07 against plain loops."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course.exercises.hand import K, X
from solutions import ShapeError
from solutions.asked import einsum
from solutions.reference import loops
from tests.strategies import halves, image_sizes, images, law, pairs, spelled


@st.composite
def valid_arguments(draw: st.DrawFn) -> dict[str, Any]:
    """Any shape and strides, without padding."""
    kernel, c, o = draw(pairs(1, 4)), draw(st.integers(1, 3)), draw(st.integers(1, 3))
    return {
        "x": draw(images(draw(image_sizes(kernel, "valid")), c, "channels_last")),
        "w": draw(halves(*kernel, c, o)),
        "strides": draw(pairs(1, 4).flatmap(spelled)),
    }


@law
@given(arguments=valid_arguments())
def test_it_agrees_with_loops(arguments: dict[str, Any]) -> None:
    """For any shape and strides, it gives what the plain loops give."""
    np.testing.assert_array_equal(einsum.conv2d(**arguments), loops.conv2d(**arguments), strict=True)


def test_the_hand_example() -> None:
    """X with K gives what one works out on paper."""
    maps = einsum.conv2d(X[None, :, :, None], K[:, :, None, None])

    np.testing.assert_array_equal(maps[0, :, :, 0], [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]])


def test_single_precision_is_kept() -> None:
    """float32 in gives float32 out."""
    assert einsum.conv2d(np.ones((1, 4, 5, 2), np.float32), np.ones((2, 3, 2, 1), np.float32)).dtype == np.float32


@pytest.mark.parametrize(
    ("w", "words"),
    [
        ((3, 3, 1, 4), r"w has shape \(3, 3, 1, 4\), but x has 2 channels; make the third axis of w 2"),
        ((3, 3, 2), r"w has shape \(3, 3, 2\), but it must have 4 axes"),
        ((9, 3, 2, 4), r"height: a window spans 9 pixels, but the image has 5 pixels"),
    ],
)
def test_what_does_not_fit_is_refused(w: tuple[int, ...], words: str) -> None:
    """Other channels than the filters have, a missing axis, and a kernel larger than the image are errors."""
    with pytest.raises(ShapeError, match=words):
        einsum.conv2d(np.ones((1, 5, 6, 2)), np.ones(w))
