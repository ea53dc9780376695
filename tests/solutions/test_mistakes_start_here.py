"""Known mistakes of notebook 00 give the wrong values that they are known for."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

import course
from autograder.marking.mark import mark
from autograder.model import Returned
from autograder.report.fragment import IN_PICTURE
from tests.schemes import mistaken, scheme

PIXELS = np.array([[1, 2, 3, 4], [5, 6, 7, 8]])
COLOURS = np.stack([PIXELS, PIXELS + 10, PIXELS + 20], axis=-1)[None].astype(float)


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("M4", (1, 4, 2, 3)),
        ("F21", (1, 4, 3, 2)),
        ("F30", (3, 4, 2, 1)),
        ("F31", (1, 3, 2, 4)),
        ("F35", (2, 4, 3)),
        ("F5", (1, 2, 4, 3)),
    ],
)
def test_wrong_sizes(id_: str, expected: tuple[int, ...]) -> None:
    """Two rows, four columns and three channels, misread in each known way; sizes that are written down are right."""
    assert mistaken("axis_sizes", id_)(COLOURS) == expected


def test_a_reshape_scrambles() -> None:
    """The first plane takes the numbers as they lie in memory: the three channels of a pixel one after the other."""
    recut = mistaken("to_channels_first", "M33")(COLOURS)

    assert recut.shape == (1, 3, 2, 4)
    np.testing.assert_array_equal(recut[0, 0], [[1, 11, 21, 2], [12, 22, 3, 13]])


def test_a_reshape_of_one_channel_is_right() -> None:
    """With a single channel nothing has to move, and a reshape hides."""
    gray = COLOURS[..., :1]

    np.testing.assert_array_equal(mistaken("to_channels_first", "M33")(gray), gray.transpose(0, 3, 1, 2))


@pytest.mark.parametrize(
    ("id_", "first", "last"),
    [
        ("M4", (2, 5, 4, 3), (2, 4, 3, 5)),
        ("F20", (5, 3, 4), (3, 4, 5)),
        ("F30", (5, 4, 3, 2), (4, 3, 5, 2)),
        ("F31a", (5, 2, 3, 4), (5, 2, 3, 4)),
        ("F31b", (2, 3, 5, 4), (2, 3, 5, 4)),
        ("F32", (2, 4, 5, 3), (2, 4, 5, 3)),
        ("F33", (2, 3, 4, 5), (2, 5, 3, 4)),
    ],
)
def test_shapes_of_axes_moved_wrongly(id_: str, first: tuple[int, ...], last: tuple[int, ...]) -> None:
    """From 2 images of 3 rows, 4 columns and 5 channels come the wrong shapes that a fault is known for."""
    assert mistaken("to_channels_first", id_)(np.ones((2, 3, 4, 5))).shape == first
    assert mistaken("to_channels_last", id_)(np.ones((2, 5, 3, 4))).shape == last


@pytest.mark.parametrize(("id_", "expected"), [("M41", [255, 2, 0]), ("M42", [-1, 2, 0])])
@pytest.mark.parametrize("function", ["to_channels_first", "to_channels_last"])
def test_numbers_that_do_not_fit(function: str, id_: str, expected: list[int]) -> None:
    """A byte wraps round, and a whole number has no fraction."""
    x = np.array([-1.0, 2.5, 0.5]).reshape(1, 3, 1, 1)

    assert np.ravel(mistaken(function, id_)(x)).tolist() == expected


def test_the_first_wrong_answer_says_what_the_notebook_announces() -> None:
    """The message about the answer that is wrong on purpose has the lines that the notebook's table explains.

    What its picture shows stands there alone.
    """
    drawn = scheme("axis_sizes")
    wrong = [Returned(np.asarray([t.positional[0].shape[axis] for axis in (0, 2, 1, 3)])) for t in drawn.trials]
    message = mark(drawn, wrong).behaviours[0].message
    text = (Path(course.__file__).with_name("notebooks") / "00_start_here.py").read_text(encoding="utf-8")
    table = re.search(r"# \| line \|.*\n# \|---.*\n((?:# \|.*\n)+)", text).group(1)
    explained = ", ".join(re.findall(r"^# \| (.+?) \|", table, re.MULTILINE)).split(", ")

    assert explained == ["the first", *(label for label, _ in message.lines if label not in IN_PICTURE)]
