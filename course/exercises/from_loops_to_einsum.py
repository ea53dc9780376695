"""Notebook 07: all windows at once, and convolution without loops."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Prediction
from course.exercises import draw, facts, hints, places, sizes
from course.exercises.draw import FloatArray
from course.exercises.hand import K, X
from solutions.answers import from_loops_to_einsum as answers
from solutions.asked import einsum
from solutions.asked.channels import count_params
from solutions.mistakes import from_loops_to_einsum as mistakes
from solutions.reference import conv, loops, pool, shapes

RATIO = 50


def conv2d_loops(x: FloatArray, w: FloatArray, strides: int | tuple[int, int] = 1) -> FloatArray:
    """The plain loops, with the arguments of students' functions, which must be faster than these."""
    return loops.conv2d(x, w, strides=strides)


# Windows. Outside the rule in question: one gray image, square windows, stride 1.


def _sizes(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        Case(x=draw.integers(rng, 1, rows + 2, columns + 2, 1), kernel_size=3),
        Case(x=draw.integers(rng, 1, rows + 1, columns + 2, 1), kernel_size=(2, 3)),
        Case(x=draw.integers(rng, 1, rows + 2, columns, 1), kernel_size=(3, 1)),
    ]


def _steps(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        # A row and a column are left over.
        Case(x=draw.integers(rng, 1, 2 * rows + 1, 2 * columns + 1, 1), kernel_size=2, strides=2),
        Case(x=draw.integers(rng, 1, 3 * rows, 2 * columns, 1), kernel_size=2, strides=(3, 2)),
        Case(x=draw.integers(rng, 1, rows + 1, 3 * columns, 1), kernel_size=2, strides=(1, 3)),
    ]


def _batches(rng: np.random.Generator) -> list[Case]:
    height, width = (int(side) for side in rng.permutation([4, 6]))
    return [Case(x=draw.integers(rng, 2, height, width, 3), kernel_size=2)]


WINDOWS = Exercise(
    function="windows",
    reference=shapes.windows,
    answer=answers.windows,
    mistakes=mistakes.WINDOWS,
    sizes=sizes.windows,
    difficulty=2,
    importance=3,
    minutes=12,
    behaviours=[
        Behaviour(
            "every window",
            says="`[n, y, x]` is the window whose top-left corner is at row y, column x; its size is one number or "
            "(height, width).",
            marks=1,
            examples=[Case(x=X[None, :, :, None].astype(float), kernel_size=3)],
            cases=_sizes,
        ),
        Behaviour(
            "strides",
            says="With strides, one number or (height, width), only every stride-th window is there, from the first "
            "one on.",
            marks=1,
            cases=_steps,
        ),
        Behaviour(
            "batch and channels",
            says="The axes are (n, y, x, i, j, c): images come first and channels last. The images stay as they are.",
            marks=1,
            cases=_batches,
            inputs_unchanged=True,
        ),
    ],
    hints=hints.of("07_from_loops_to_einsum", "windows"),
)


def _layer(
    rng: np.random.Generator, x: tuple[int, int, int, int], w: tuple[int, int, int, int], **options: Any
) -> Case:
    return Case(x=draw.integers(rng, *x), w=draw.integers(rng, *w), **options)


def any_layer(rng: np.random.Generator) -> list[Case]:
    """Draw layers with batches, channels and filters, and strides of 1."""
    rows, columns = draw.two_counts(rng)
    return [
        _layer(rng, (2, rows + 1, columns + 2, 3), (2, 3, 3, 4)),
        # As many channels as filters, a square kernel: axes that are swapped do not show in the shape.
        _layer(rng, (2, rows + 2, columns + 2, 3), (3, 3, 3, 3)),
        # As many rows as channels: images read channels first fit.
        _layer(rng, (2, 3, 4, 3), (3, 3, 3, 2)),
    ]


def fine_layer(rng: np.random.Generator) -> Case:
    """Draw a layer with five decimals in every number of its first map at least: who rounds loses some."""
    w = draw.integers(rng, 2, 3, 3, 2)
    w[..., 0] = draw.odd_total(w[..., 0])
    return Case(x=draw.fine(rng, 1, 4, 5, 3), w=w)


def strided_layer(rng: np.random.Generator) -> list[Case]:
    """Draw gray layers with strides, of which rows and columns are left over."""
    rows, columns = draw.two_counts(rng)
    return [
        _layer(rng, (1, 2 * rows + 1, 2 * columns + 1, 1), (2, 2, 1, 1), strides=2),
        _layer(rng, (1, 3 * rows, 2 * columns, 1), (2, 2, 1, 1), strides=(3, 2)),
        _layer(rng, (1, rows + 1, 3 * columns, 1), (2, 2, 1, 1), strides=(1, 3)),
    ]


def _large_layer(rng: np.random.Generator) -> list[Case]:
    # Plain loops take some 0.2 s here. In a jail, the way there and back included, answers without loops are 140 times
    # faster once the process has grown to the size, which takes two calls; hence four. One image, and few products for
    # each number of the output: an answer that still loops over windows is some 3 times faster, not 50.
    return [_layer(rng, (1, 98, 114, 3), (3, 4, 3, 1)) for _ in range(4)]


EXAMPLE = Case(x=X[None, :, :, None].astype(float), w=np.stack([K, K.T], axis=-1)[:, :, None].astype(float))

CONV2D_EINSUM = Exercise(
    function="conv2d_einsum",
    reference=einsum.conv2d,
    answer=answers.conv2d_einsum,
    mistakes=mistakes.CONV2D_EINSUM,
    windows=places.layer,
    sizes=sizes.layer,
    difficulty=2,
    importance=3,
    minutes=10,
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
            says="Strides, one number or (height, width), work as in `windows`.",
            marks=1,
            cases=strided_layer,
        ),
        Behaviour(
            "fast",
            says=f"On a larger batch it is at least {RATIO} times as fast as plain loops on the same machine. Only the "
            "grader measures this.",
            marks=1,
            cases=_large_layer,
            faster_than=conv2d_loops,
            ratio=float(RATIO),
        ),
    ],
    hints=hints.of("07_from_loops_to_einsum", "conv2d_einsum"),
)

CONV2D_IM2COL = Exercise(
    function="conv2d_im2col",
    reference=einsum.conv2d,
    answer=answers.conv2d_im2col,
    mistakes=mistakes.CONV2D_IM2COL,
    windows=places.layer,
    sizes=sizes.layer,
    difficulty=2,
    importance=2,
    minutes=10,
    behaviours=[
        Behaviour(
            "as the loops",
            says="It gives the same numbers as `conv2d_einsum`, with any strides. The images stay as they are.",
            marks=1,
            examples=[EXAMPLE],
            cases=lambda rng: [*any_layer(rng), *strided_layer(rng), fine_layer(rng)],
            inputs_unchanged=True,
        ),
        Behaviour(
            "fast",
            says=f"On a larger batch it is at least {RATIO} times as fast as plain loops on the same machine. Only the "
            "grader measures this.",
            marks=1,
            cases=_large_layer,
            faster_than=conv2d_loops,
            ratio=float(RATIO),
        ),
    ],
    hints=hints.of("07_from_loops_to_einsum", "conv2d_im2col"),
)

EXERCISES = [WINDOWS, CONV2D_EINSUM, CONV2D_IM2COL]

POOLED_FROM = (2, 6, 8, 3)
WEIGHTS = (3, 3, 4, 8)
BATCH, KERNEL_SIZE, STEPS, FILTERS = (2, 6, 9, 3), (2, 3), (3, 2), 4
PATCHES = shapes.windows(np.zeros(BATCH), KERNEL_SIZE, STEPS)
MAPS = einsum.conv2d(np.zeros(BATCH), np.zeros((*KERNEL_SIZE, BATCH[3], FILTERS)), STEPS)

PIXELS = X.astype(np.float64)
VIEW = sliding_window_view(PIXELS, K.shape)
ROWS = VIEW.reshape(-1, K.size)


def _windows_changed() -> int:
    """Count the windows of X that change when the first one is set to 0."""
    pixels = PIXELS.copy()
    view = sliding_window_view(pixels, K.shape, writeable=True)
    view[0, 0] = 0
    return int((view != VIEW).any(axis=(2, 3)).sum())


def _reference_line() -> str:
    """Quote the line of the reference that multiplies and adds."""
    lines = Path(conv.__file__).read_text(encoding="utf-8").splitlines()
    (line,) = (line.strip() for line in lines if "= np.einsum(" in line)
    return line


PREDICTIONS = [
    Prediction(
        "recall_parameters",
        count_params(3, 3, 3, 8),
        slips=[
            (count_params(3, 3, 3, 8, use_bias=False), "The biases are missing: one for each filter."),
            (count_params(3, 3, 1, 8), "A filter has a slice for each of the three channels."),
        ],
    ),
    Prediction(
        "recall_products",
        int(np.prod(WEIGHTS[:3])),
        slips=[
            (int(np.prod(WEIGHTS[:2])), "A filter spans all four channels."),
            (int(np.prod(WEIGHTS)), "Those are the weights of all filters. One number needs one filter."),
        ],
    ),
    Prediction(
        "recall_pooled",
        pool.max_pool2d(np.zeros(POOLED_FROM)).shape,
        slips=[
            ((2, 3, 4, 1), "Pooling keeps the channels."),
            ((2, 5, 7, 3), "That is for a stride of 1. The strides default to the pool."),
            ((1, 3, 4, 3), "Pooling keeps the batch."),
        ],
    ),
    Prediction(
        "windows_changed",
        _windows_changed(),
        slips=[
            (1, "The windows share the pixels of X: the others see the zeros, too."),
            (4, "Count again: even the last window, at row 2 and column 2, shares a pixel with the first."),
            (8, "The first window counts as well."),
        ],
    ),
    Prediction(
        "windows_shape",
        PATCHES.shape,
        slips=[
            ((*PATCHES.shape[:3], PATCHES.shape[5], *PATCHES.shape[3:5]), "The channels come last here."),
            (shapes.windows(np.zeros(BATCH), KERNEL_SIZE).shape, "That is for strides of 1."),
            (
                shapes.windows(np.zeros(BATCH), KERNEL_SIZE, STEPS[::-1]).shape,
                "Strides are (height, width): 3 down and 2 to the right.",
            ),
            (
                (PATCHES.shape[0], PATCHES.shape[1] - 1, PATCHES.shape[2] - 1, *PATCHES.shape[3:]),
                "One more along each axis: count the window at the start, too.",
            ),
        ],
    ),
    Prediction(
        "summed_letters",
        "ijc",
        slips=[
            ("nyx", "Those stay: the output has images, rows and columns."),
            ("ij", "The channels of the input are summed, too: one filter spans all of them."),
            *(
                (letters, "These are the three letters. Type them in the order in which they stand in `nyxijc`.")
                for letters in ("cij", "jic", "icj", "jci", "cji")
            ),
            (["i", "j", "c"], "These are the three letters. Type them as one text, between one pair of quotes."),
            ("ijco", "`o` is no letter of the windows, and it stays: each filter keeps its map."),
        ],
    ),
    Prediction(
        "matrix_shape",
        (int(np.prod(PATCHES.shape[:3])), int(np.prod(PATCHES.shape[3:]))),
        slips=[
            (
                (int(np.prod(PATCHES.shape[3:])), int(np.prod(PATCHES.shape[:3]))),
                "A window is a row: as many rows as windows.",
            ),
            ((int(np.prod(PATCHES.shape[1:3])), int(np.prod(PATCHES.shape[3:]))), "There are two images."),
            ((int(np.prod(PATCHES.shape[:3])), int(np.prod(KERNEL_SIZE))), "A window holds all channels: i · j · c."),
        ],
    ),
]

ASSIGNMENT = Assignment(
    name="07_from_loops_to_einsum",
    title="From loops to einsum",
    exercises=EXERCISES,
    predictions=PREDICTIONS,
    facts={
        "marks": sum(exercise.marks for exercise in EXERCISES),
        "ratio": RATIO,
        "pooled_from": POOLED_FROM,
        "weights": WEIGHTS,
        "batch": BATCH,
        "kernel_size": KERNEL_SIZE,
        "steps": STEPS,
        "filters": FILTERS,
        "maps_shape": MAPS.shape,
        "products": facts.count(MAPS.size * int(np.prod(PATCHES.shape[3:]))),
        "size_n": PATCHES.shape[0],
        "size_yx": facts.row(PATCHES.shape[1:3]),
        "size_ij": facts.row(PATCHES.shape[3:5]),
        "size_c": PATCHES.shape[5],
        "pixels": PIXELS.size,
        "row_bytes": PIXELS.strides[0],
        "cell_bytes": PIXELS.strides[1],
        "image_strides": PIXELS.strides,
        "view_shape": VIEW.shape,
        "view_strides": VIEW.strides,
        "view_size": VIEW.size,
        "step_strides": PIXELS[::2, ::2].strides,
        "matrix": facts.matrix(ROWS),
        "column_times": facts.row(ROWS @ K.ravel()),
        "edges": facts.matrix((ROWS @ K.ravel()).reshape(3, 3)),
        "row_times": ROWS.shape,
        "times_more": facts.number(K.size),
        "reference_line": _reference_line(),
    },
)
