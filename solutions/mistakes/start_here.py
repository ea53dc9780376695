"""Known mistakes with the axes of a batch: `axis_sizes`, `to_channels_first` and `to_channels_last`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from solutions.asked.layout import axis_sizes, to_channels_first, to_channels_last
from solutions.faults.around import Around, returned_as
from solutions.mistakes import Mistake, with_words
from solutions.reference.shapes import FloatArray, float_arrays

Order = tuple[int, int, int, int]


def _reordered(order: Order) -> Callable[[ArrayLike], FloatArray]:
    """Make a function that puts the axes into this order."""
    return lambda x: np.transpose(float_arrays(x)[0], order).copy()


def _recut(right: Callable[[ArrayLike], FloatArray]) -> Callable[[ArrayLike], FloatArray]:
    """Make a function that gives the right shape to numbers left in the order of memory."""
    return lambda x: float_arrays(x)[0].reshape(right(x).shape)


def _listed(*order: int) -> Around:
    """List the sizes in this order."""
    return returned_as(axis_sizes, lambda sizes: tuple(sizes[axis] for axis in order))


AXIS_SIZES = with_words(
    {
        "M4": _listed(0, 2, 1, 3),
        "F5": lambda x: (1, 2, 4, 3),
        "F21": _listed(0, 2, 3, 1),
        "F30": _listed(3, 2, 1, 0),
        "F31": _listed(0, 3, 1, 2),
        "F35": _listed(1, 2, 3),
    },
    """
M4 | height and width swapped | notebook 00, Four axes
You gave the width before the height. The height comes first in every shape: rows, then columns.

F5 | sizes written into the code | notebook 00, Four axes
You wrote down the sizes of one array. Read them from `x.shape`, so that they are right for any array.

F21 | axes of channels first | notebook 00, Four axes | convention
PyTorch has the axes in the order (n, channels, height, width). Here, as in Keras, the channels are last: (n, height,
width, channels).

F30 | order of axes reversed | notebook 00, Four axes
You gave the sizes from the last axis to the first. The order is that of `x.shape`: n, height, width, channels.

F31 | channels before the height | notebook 00, Four axes | convention
PyTorch lists the channels before height and width. Here, as in Keras, the order is n, height, width, channels.

F35 | batch left out | notebook 00, Four axes
You left out n, the number of images. There are four sizes: n, height, width, channels.
""",
)

MOVING = """
M4 | height and width swapped | notebook 00, Move the axes, do not reshape
You swapped height and width as well: each picture lies on its side. Only the channels move: ({wanted}).

M33 | reshaped, not transposed | notebook 00, Move the axes, do not reshape
Your shape is right, but the numbers are scrambled: `reshape` cuts the same row of numbers into other pieces. To move an
axis use `np.transpose` or `np.moveaxis`, or copy channel by channel.

M34 | channels in reverse order | notebook 00, Two layouts
You reversed the order of the channels: the first colour has become the last. Channel c stays channel c.

M40 | first image everywhere | notebook 00, Four axes
You put the first image in the place of every image. Each image of the batch keeps its own numbers.

M41 | numbers wrap at 256 | notebook 00, Whole numbers, bytes and floats
You stored the numbers as `uint8`, where -1 becomes 255 and 0.5 becomes 0. Make the result an array of floats:
`np.zeros(shape)` does.

M42 | fractions cut off | notebook 00, Whole numbers, bytes and floats
You stored the numbers as whole numbers, and their fractions are gone. Make the result an array of floats:
`np.zeros(shape)` does.

F1 | starter not filled in | notebook 00, Two layouts
You returned an output of the right shape that holds only zeros. Move each number of `x` to its new place.

F20 | only the first image | notebook 00, Four axes
You returned one image without the axis for the batch. The result has four axes: ({wanted}).

F30 | all axes reversed | notebook 00, Move the axes, do not reshape
You reversed all four axes, as `x.T` does. Only the channels move: the result is ({wanted}).

F31a | channels before the batch | notebook 00, Two layouts
You put the channels before the images. The batch is always axis 0: the result is ({wanted}).

F31b | one axis short | notebook 00, Move the axes, do not reshape
You moved the channels by one axis only, so that they stand between height and width. Move them past both: ({wanted}).

F32 | moved the other way | notebook 00, Two layouts
You did what the other function does, which starts from the other layout. This one returns ({wanted}).

F33 | given back as it was | notebook 00, Two layouts
You returned the array as you were given it. Move the channels: the result is ({wanted}).
"""


def _moving(
    right: Callable[[ArrayLike], FloatArray], opposite: Order, before_the_batch: Order, beside: Order, wanted: str
) -> tuple[Mistake, ...]:
    """Mistakes in moving the channels to one end.

    Args:
        right: the right function.
        opposite: the axes that the other function makes.
        before_the_batch: the axes when the channels come before the images.
        beside: the axes when the channels stop one place short.
        wanted: the axes to return.
    """
    channels = wanted.split(", ").index("channels")
    return with_words(
        {
            "M4": returned_as(
                right, lambda moved: np.swapaxes(moved, *(axis for axis in (1, 2, 3) if axis != channels)).copy()
            ),
            "M33": _recut(right),
            "M34": returned_as(right, lambda moved: np.flip(moved, channels)),
            "M40": returned_as(right, lambda moved: np.repeat(moved[:1], len(moved), axis=0)),
            "M41": returned_as(right, lambda moved: moved.astype(np.int64).astype(np.uint8)),
            "M42": returned_as(right, lambda moved: moved.astype(np.int64)),
            "F1": returned_as(right, np.zeros_like),
            "F20": returned_as(right, lambda moved: moved[0]),
            "F30": _reordered((3, 2, 1, 0)),
            "F31a": _reordered(before_the_batch),
            "F31b": _reordered(beside),
            "F32": _reordered(opposite),
            "F33": _reordered((0, 1, 2, 3)),
        },
        MOVING.format(wanted=wanted),
    )


TO_CHANNELS_FIRST = _moving(
    to_channels_first,
    opposite=(0, 2, 3, 1),
    before_the_batch=(3, 0, 1, 2),
    beside=(0, 1, 3, 2),
    wanted="n, channels, height, width",
)

TO_CHANNELS_LAST = _moving(
    to_channels_last,
    opposite=(0, 3, 1, 2),
    before_the_batch=(1, 0, 2, 3),
    beside=(0, 2, 1, 3),
    wanted="n, height, width, channels",
)
