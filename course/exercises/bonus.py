"""The bonus notebook: gradients, a race, and dilation and groups. Its marks come on top of the course's 100."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Prediction
from course.exercises import draw, facts, hints
from course.exercises.draw import FloatArray
from course.exercises.from_loops_to_einsum import EXAMPLE, any_layer, fine_layer, strided_layer
from course.exercises.hand import A, K, X
from solutions.answers import bonus as answers
from solutions.asked import einsum
from solutions.asked.bonus import conv2d_general
from solutions.mistakes import bonus as mistakes
from solutions.mistakes.from_loops_to_einsum import CONV2D_EINSUM
from solutions.reference import gradients, shapes

# What copies the windows is some 10 times as fast as the loops here, and what does not 30 times, the way into the jail
# and back included.
FAST, VERY_FAST = 5, 18
PICTURE, KERNEL = (1, 427, 640, 1), (7, 7, 1, 1)


def _image(array: np.ndarray) -> FloatArray:
    """A gray image (height, width) as a batch of one with one channel."""
    return array[None, :, :, None].astype(np.float64)


# --- gradients ------------------------------------------------------------------------------------------------------


def _convolution(
    rng: np.random.Generator, x: tuple[int, ...], w: tuple[int, ...], y: tuple[int, int], **options: Any
) -> Case:
    """Draw a convolution and what comes back to its output of y rows and columns."""
    dy = draw.integers(rng, x[0], *y, w[3])
    weights = rng.permutation(np.arange(-18.0, 18.0))[: int(np.prod(w))].reshape(w)
    return Case(dy=dy, x=draw.integers(rng, *x), w=weights, **options)


def _plain(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        _convolution(rng, (1, rows + 1, columns + 2, 1), (2, 3, 1, 1), (rows, columns)),
        _convolution(rng, (1, rows + 2, columns + 2, 1), (3, 3, 1, 1), (rows, columns)),
    ]


def _stepping(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    # A row is left over, and belongs to no window. Columns overlap.
    return [_convolution(rng, (1, 2 * rows + 1, columns + 2, 1), (2, 3, 1, 1), (rows, columns), strides=(2, 1))]


def _bordered(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        # An even window: (0, 1) down the image and (1, 1) along it.
        _convolution(rng, (1, rows + 1, columns + 1, 1), (2, 3, 1, 1), (rows + 1, columns + 1), padding="same"),
        # An even width and steps of 2: (0, 1) along the image.
        _convolution(rng, (1, rows, 2 * columns, 1), (3, 3, 1, 1), (rows, columns), strides=(1, 2), padding="same"),
    ]


CONV2D_BACKWARD = Exercise(
    function="conv2d_backward",
    reference=gradients.conv2d_backward,
    answer=answers.conv2d_backward,
    mistakes=mistakes.CONV2D_BACKWARD,
    difficulty=3,
    importance=1,
    minutes=40,
    behaviours=[
        Behaviour(
            "plain",
            says="Every pixel, every weight and the bias get the sum of what passes through them.",
            marks=2,
            examples=[Case(dy=np.ones((1, 3, 3, 1)), x=_image(X), w=K[:, :, None, None].astype(float))],
            cases=_plain,
        ),
        Behaviour(
            "strides",
            says="With strides, windows begin where they began forward; a pixel in none of them gets 0.",
            marks=1,
            cases=_stepping,
        ),
        Behaviour(
            "same",
            says='Under "same" the padding takes its part and is cut off; the odd row or column comes last.',
            marks=1,
            cases=_bordered,
        ),
        Behaviour(
            "channels and batch",
            says="Each channel and each filter has its own gradients, and all images add to those of the weights.",
            marks=1,
            cases=lambda rng: [_convolution(rng, (2, 4, 5, 3), (2, 2, 3, 2), (3, 4))],
        ),
    ],
    hints=hints.of("11_bonus", "conv2d_backward"),
)


def _side_by_side(rng: np.random.Generator, *, cells: int, lowest: int) -> Case:
    """Draw windows of 2 x 3 that lie side by side; dy is a multiple of the number of cells."""
    rows, columns = draw.two_counts(rng)
    x = draw.distinct(rng, 2, 2 * rows, 3 * columns, 2, lowest=lowest)
    return Case(dy=cells * draw.integers(rng, 2, rows, columns, 2), x=x, pool_size=(2, 3))


def _overlapping(rng: np.random.Generator, *, cells: int, lowest: int) -> list[Case]:
    rows, columns = draw.two_counts(rng)

    def dy(*shape: int) -> FloatArray:
        return cells * draw.integers(rng, 1, *shape, 1)

    def x(height: int, width: int) -> FloatArray:
        return draw.distinct(rng, 1, height, width, 1, lowest=lowest)

    return [
        Case(dy=dy(rows, columns), x=x(rows + 2, 2 * columns), pool_size=(3, 2), strides=(1, 2)),
        # (1, 1) down the image and (0, 1) along it.
        Case(
            dy=dy(rows + 1, columns + 1),
            x=x(rows + 1, columns + 1),
            pool_size=(3, 2),
            strides=1,
            padding="same",
        ),
        # (0, 1) down the image and (1, 1) along it, in steps.
        Case(dy=dy(rows, columns), x=x(2 * rows, 2 * columns - 1), pool_size=3, strides=2, padding="same"),
    ]


def _tied(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    # Of three numbers in windows of six cells, two at least are equal.
    x = rng.integers(1, 3, (1, 2 * rows, 3 * columns, 1)).astype(np.float64)
    return [Case(dy=draw.halves(rng, 1, rows, columns, 1), x=x, pool_size=(2, 3))]


MAX_POOL2D_BACKWARD = Exercise(
    function="max_pool2d_backward",
    reference=gradients.max_pool2d_backward,
    answer=answers.max_pool2d_backward,
    mistakes=mistakes.MAX_POOL2D_BACKWARD,
    difficulty=3,
    importance=1,
    minutes=20,
    behaviours=[
        Behaviour(
            "largest",
            says="The largest cell of each window gets its dy, and no other cell gets anything, in each channel alone.",
            marks=1,
            cases=lambda rng: [_side_by_side(rng, cells=1, lowest=-60)],
        ),
        Behaviour(
            "overlap and border",
            says="A cell that wins several windows gets the sum; windows lie as they lay forward.",
            marks=1,
            cases=lambda rng: _overlapping(rng, cells=1, lowest=-12),
        ),
        Behaviour(
            "ties",
            says="Of cells that are equally large the first one gets all, row by row.",
            marks=1,
            examples=[Case(dy=np.array([[1.0, 2.0], [3.0, 4.0]])[None, :, :, None], x=_image(A))],
            cases=_tied,
        ),
    ],
    hints=hints.of("11_bonus", "max_pool2d_backward"),
)

AVG_POOL2D_BACKWARD = Exercise(
    function="avg_pool2d_backward",
    reference=gradients.avg_pool2d_backward,
    answer=answers.avg_pool2d_backward,
    mistakes=mistakes.AVG_POOL2D_BACKWARD,
    difficulty=2,
    importance=1,
    minutes=10,
    behaviours=[
        Behaviour(
            "equal parts",
            says="Each cell of a window gets dy, divided by the number of cells.",
            marks=1,
            cases=lambda rng: [_side_by_side(rng, cells=6, lowest=1)],
        ),
        Behaviour(
            "overlap and border",
            says="Parts of several windows add up, and cells outside the image are not counted.",
            marks=1,
            cases=lambda rng: _overlapping(rng, cells=36, lowest=1),
        ),
    ],
    hints=hints.of("11_bonus", "avg_pool2d_backward"),
)


# --- speed ----------------------------------------------------------------------------------------------------------


def conv2d_two_loops(x: FloatArray, w: FloatArray, strides: int | tuple[int, int] = 1) -> FloatArray:
    """Two loops, and each window in one call: what most people write, and what the race is against."""
    view = shapes.windows(x, w.shape[:2], strides)
    maps = np.zeros((*view.shape[:3], w.shape[3]))
    for at in np.ndindex(maps.shape):
        maps[at] = (view[at[:3]] * w[..., at[3]]).sum()
    return maps


def _picture(rng: np.random.Generator) -> list[Case]:
    # The loops take half a second. Two, as one call in time is enough, and the first one lets the process grow.
    return [Case(x=draw.integers(rng, *PICTURE), w=draw.integers(rng, *KERNEL)) for _ in range(2)]


CONV2D_FAST = Exercise(
    function="conv2d_fast",
    reference=einsum.conv2d,
    answer=answers.conv2d_fast,
    mistakes=CONV2D_EINSUM,
    difficulty=2,
    importance=1,
    minutes=30,
    behaviours=[
        Behaviour(
            "as the loops",
            says="It gives the numbers of `conv2d` from notebook 05, without padding. The images stay as they are.",
            marks=1,
            examples=[EXAMPLE],
            cases=lambda rng: [*any_layer(rng), fine_layer(rng)],
            inputs_unchanged=True,
        ),
        Behaviour(
            "strides",
            says="Strides are one number or (height, width).",
            marks=1,
            cases=strided_layer,
        ),
        Behaviour(
            "fast",
            says=f"On a picture it is {FAST} times as fast as two loops over windows. Only the grader measures this.",
            marks=1,
            cases=_picture,
            faster_than=conv2d_two_loops,
            ratio=float(FAST),
        ),
        Behaviour(
            "very fast",
            says=f"On a picture it is {VERY_FAST} times as fast as two loops over windows. Only the grader measures "
            f"this.",
            marks=2,
            cases=_picture,
            faster_than=conv2d_two_loops,
            ratio=float(VERY_FAST),
        ),
    ],
    hints=hints.of("11_bonus", "conv2d_fast"),
)


# --- dilation and groups --------------------------------------------------------------------------------------------


def _layer(rng: np.random.Generator, x: tuple[int, ...], w: tuple[int, ...], **options: Any) -> Case:
    """Draw a layer whose weights are all different, and so are its biases."""
    weights = rng.permutation(np.arange(-40.0, 40.0))[: int(np.prod(w))].reshape(w)
    return Case(x=draw.integers(rng, *x), w=weights, **options)


def _biases(rng: np.random.Generator, count: int) -> FloatArray:
    return rng.permutation(np.arange(1.0, count + 1))


def _dilations(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        _layer(rng, (1, rows + 6, columns + 6, 1), (3, 2, 1, 1), dilation_rate=2),
        _layer(rng, (1, rows + 6, columns + 6, 1), (2, 3, 1, 1), dilation_rate=(3, 2)),
        _layer(rng, (1, rows + 3, columns + 3, 1), (3, 3, 1, 1), dilation_rate=(1, 2), padding="same"),
    ]


def _grouped(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        _layer(rng, (2, rows + 1, columns + 1, 6), (2, 2, 2, 6), b=_biases(rng, 6), groups=3),
        _layer(rng, (1, rows + 1, columns, 4), (2, 1, 2, 6), groups=2),
    ]


def _together(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    both: dict[str, Any] = {"dilation_rate": (2, 3), "groups": 2, "padding": "same"}
    return [_layer(rng, (2, rows + 3, columns + 4, 4), (2, 3, 2, 4), b=_biases(rng, 4), **both)]


CONV2D_GENERAL = Exercise(
    function="conv2d_general",
    reference=conv2d_general,
    answer=answers.conv2d_general,
    mistakes=mistakes.CONV2D_GENERAL,
    difficulty=3,
    importance=1,
    minutes=30,
    behaviours=[
        Behaviour(
            "dilation",
            says="The cells of the kernel lie `dilation_rate` pixels apart, one number or (height, width), and padding "
            "counts with what the kernel spans.",
            marks=2,
            cases=_dilations,
        ),
        Behaviour(
            "groups",
            says="Channels and filters are cut into `groups` parts that lie next to each other; each part of the "
            "filters "
            "sees its own channels.",
            marks=2,
            cases=_grouped,
        ),
        Behaviour(
            "together",
            says="Dilation, groups, padding and bias work together.",
            marks=1,
            cases=_together,
        ),
    ],
    hints=hints.of("11_bonus", "conv2d_general"),
)

EXERCISES = [CONV2D_BACKWARD, MAX_POOL2D_BACKWARD, AVG_POOL2D_BACKWARD, CONV2D_FAST, CONV2D_GENERAL]

# --- numbers of the text --------------------------------------------------------------------------------------------

DX, DK, _ = gradients.conv2d_backward(np.ones((1, 3, 3, 1)), _image(X), K[:, :, None, None])
TIED = np.array([[1, 3, 0], [2, 3, 3]])

PREDICTIONS = [
    Prediction(
        "by_kernel",
        DK[:, :, 0, 0],
        slips=[(K.tolist(), "That is the kernel itself. Its weight (i, j) counts the pixels that it meets.")],
    ),
    Prediction(
        "by_image",
        DX[0, 0, :, 0],
        slips=[
            (
                [1, 0, -1, 0, 0],
                "That is the first window alone. The other two of this row pass something back, too.",
            ),
            ([-1, -1, 0, 1, 1], "The kernel is not turned: pixel 0 meets only the weight at the left."),
        ],
    ),
    Prediction(
        "winner",
        tuple(int(place) for place in np.unravel_index(TIED.argmax(), TIED.shape)),
        slips=[((1, 1), "Row 0 comes before row 1."), ((1, 2), "That is the last of them. The first one wins.")],
    ),
    Prediction(
        "spanned",
        (3 - 1) * 3 + 1,
        slips=[
            (9, "After the last cell nothing more is skipped."),
            (11, "From a cell to the next it is 3 pixels, not 4."),
        ],
    ),
]

ASSIGNMENT = Assignment(
    name="11_bonus",
    title="Backwards, faster, further",
    exercises=EXERCISES,
    predictions=PREDICTIONS,
    facts={
        "marks": sum(exercise.marks for exercise in EXERCISES),
        "x": facts.matrix(X),
        "k": facts.matrix(K),
        "tied": facts.matrix(TIED),
        "fast": FAST,
        "very_fast": VERY_FAST,
        "picture": " x ".join(map(str, PICTURE[1:3])),
        "kernel": " x ".join(map(str, KERNEL[:2])),
        "cells": KERNEL[0] * KERNEL[1],
    },
)
