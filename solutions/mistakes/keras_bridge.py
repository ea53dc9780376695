"""Known mistakes with the axes of a kernel: `to_keras_kernel` and `to_torch_kernel`."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from solutions.asked.layout import to_keras_kernel, to_torch_kernel
from solutions.faults.around import returned_as
from solutions.faults.storing import in_bytes
from solutions.mistakes import Mistake, with_words
from solutions.reference.shapes import FloatArray, float_arrays

Order = tuple[int, int, int, int]
Move = Callable[[ArrayLike], FloatArray]

MOVING = """
M1 | kernel flipped both ways | notebook 10, Weights travel
You turned each slice by 180 degrees on the way. Neither library flips its kernels, so that each weight keeps its row
and its column: ({wanted}), and nothing else.

M4 | all axes reversed | notebook 10, Weights travel
You reversed all four axes, as `kernel.T` does. That swaps rows and columns, too: you have ({reversed}) instead of
({wanted}).

M32 | channels and filters swapped | notebook 10, Weights travel
You swapped the input channels and the filters: you have ({swapped}) instead of ({wanted}).

M33 | reshaped, not transposed | notebook 10, Weights travel
Your shape is right, but the weights are scrambled: `reshape` cuts the same row of numbers into other pieces. To move
axes use `np.transpose`, or copy slice by slice.

M40 | first filter everywhere | notebook 10, Weights travel
You put the first filter in the place of every filter. Each filter keeps its own weights.

M41 | numbers wrap at 256 | notebook 00, Whole numbers, bytes and floats
You stored the weights as `uint8`, where -1 becomes 255 and 0.5 becomes 0. Make the result an array of floats:
`np.zeros(shape)` does.

M42 | fractions cut off | notebook 00, Whole numbers, bytes and floats
You stored the weights as whole numbers, and their fractions are gone. Make the result an array of floats:
`np.zeros(shape)` does.

F1 | starter not filled in | notebook 10, Weights travel
You returned an array of the right shape that holds only zeros. Move each weight to its new place.

F20 | only the first filter | notebook 10, Weights travel
You returned one filter without the axis for the filters. The result has four axes: ({wanted}).

F21 | axes moved as for images | notebook 10, Weights travel
You moved one axis, as for a batch of images: you have ({images}). A kernel has other axes, and all four of them move:
({wanted}).

F31 | filters moved alone | notebook 10, Weights travel
You moved the filters to the other end and left the rest in its order: ({alone}). Move the input channels as well:
({wanted}).

F32 | moved the other way | notebook 10, Weights travel
You did what the other function does. This one returns ({wanted}).

F33 | given back as it was | notebook 10, Weights travel
You returned the kernel as you were given it. Move its axes: the result is ({wanted}).
"""


def _in_order(names: str, order: Order) -> str:
    axes = names.split(", ")
    return ", ".join(axes[axis] for axis in order)


def _moving(right: Move, given: str, window: tuple[int, int], orders: dict[str, Order]) -> tuple[Mistake, ...]:
    """Mistakes in moving a kernel to another library.

    Args:
        right: the right function.
        given: the axes that it is given.
        window: where rows and columns are in what it returns.
        orders: the wrong orders, and the right one, "wanted", by what the words call them.
    """
    filters = _in_order(given, orders["wanted"]).split(", ").index("out")

    def moved(name: str) -> Move:
        return lambda kernel: np.transpose(float_arrays(kernel)[0], orders[name]).copy()

    def repeated(kernel: FloatArray) -> FloatArray:
        return np.repeat(kernel.take([0], filters), kernel.shape[filters], filters)

    return with_words(
        {
            "M1": returned_as(right, lambda kernel: np.flip(kernel, window)),
            "M4": moved("reversed"),
            "M32": moved("swapped"),
            "M33": lambda kernel: float_arrays(kernel)[0].reshape(right(kernel).shape),
            "M40": returned_as(right, repeated),
            "M41": returned_as(right, in_bytes),
            "M42": returned_as(right, lambda kernel: kernel.astype(np.int64)),
            "F1": returned_as(right, np.zeros_like),
            "F20": returned_as(right, lambda kernel: kernel.take(0, filters)),
            "F21": moved("images"),
            "F31": moved("alone"),
            "F32": moved("opposite"),
            "F33": moved("as it was"),
        },
        MOVING.format(**{name.split()[0]: _in_order(given, order) for name, order in orders.items()}),
    )


TO_KERAS_KERNEL = _moving(
    to_keras_kernel,
    given="out, in, kh, kw",
    window=(0, 1),
    orders={
        "wanted": (2, 3, 1, 0),
        "reversed": (3, 2, 1, 0),
        "swapped": (2, 3, 0, 1),
        "images": (0, 2, 3, 1),
        "alone": (1, 2, 3, 0),
        "opposite": (3, 2, 0, 1),
        "as it was": (0, 1, 2, 3),
    },
)

TO_TORCH_KERNEL = _moving(
    to_torch_kernel,
    given="kh, kw, in, out",
    window=(2, 3),
    orders={
        "wanted": (3, 2, 0, 1),
        "reversed": (3, 2, 1, 0),
        "swapped": (2, 3, 0, 1),
        "images": (0, 3, 1, 2),
        "alone": (3, 0, 1, 2),
        "opposite": (2, 3, 1, 0),
        "as it was": (0, 1, 2, 3),
    },
)
