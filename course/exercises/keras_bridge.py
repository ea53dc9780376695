"""Notebook 10: the layers of Keras beside a student's own, and weights that travel between libraries."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Prediction
from course.exercises import draw, facts, hints, sizes
from course.exercises.hand import A
from course.keras_bridge.declared import CORNER, COUNTED
from course.keras_bridge.declared import W as WEIGHTS
from course.keras_bridge.declared import X as IMAGES
from solutions import avg_pool2d, conv2d, max_pool2d
from solutions.answers import keras_bridge as answers
from solutions.asked import layout, tracing
from solutions.asked.channels import count_params
from solutions.asked.gray import conv2d_valid
from solutions.mistakes import keras_bridge as mistakes

# Two filters over three channels, five rows by four columns; the digits of a weight are the places that it has, from 1.
PLACES = np.array([1000, 100, 10, 1])
NUMBERED = np.tensordot(PLACES, np.indices((2, 3, 5, 4)) + 1.0, axes=1)


def _four_sizes(rng: np.random.Generator) -> list[int]:
    return [int(size) for size in rng.choice(np.arange(2, 7), 4, replace=False)]


def _kernels(rng: np.random.Generator) -> list[Case]:
    return [Case(kernel=draw.distinct(rng, *_four_sizes(rng))) for _ in range(2)]


def _one_slice(rng: np.random.Generator, *, window_last: bool) -> list[Case]:
    """Fractions and signs, with one filter and one channel: there even a reshape puts every weight in its place."""
    height, width, *_ = _four_sizes(rng)
    shape = (1, 1, height, width) if window_last else (height, width, 1, 1)
    # Less 5, all of them are negative, and each ends in .5.
    return [Case(kernel=draw.halves(rng, *shape) - 5)]


TO_KERAS_KERNEL = Exercise(
    function="to_keras_kernel",
    reference=layout.to_keras_kernel,
    answer=answers.to_keras_kernel,
    mistakes=mistakes.TO_KERAS_KERNEL,
    sizes=sizes.keras_kernel,
    difficulty=2,
    importance=2,
    minutes=6,
    behaviours=[
        Behaviour(
            "axes move",
            says="From (out, in, kh, kw) comes (kh, kw, in, out), every weight in its place.",
            marks=1,
            examples=[Case(kernel=NUMBERED)],
            cases=_kernels,
        ),
        Behaviour(
            "fractions",
            says="The weights stay what they are, with fraction and sign.",
            marks=1,
            cases=lambda rng: _one_slice(rng, window_last=True),
        ),
    ],
    hints=hints.of("10_keras", "to_keras_kernel"),
)

TO_TORCH_KERNEL = Exercise(
    function="to_torch_kernel",
    reference=layout.to_torch_kernel,
    answer=answers.to_torch_kernel,
    mistakes=mistakes.TO_TORCH_KERNEL,
    sizes=sizes.torch_kernel,
    difficulty=2,
    importance=2,
    minutes=4,
    behaviours=[
        Behaviour(
            "axes move back",
            says="From (kh, kw, in, out) comes (out, in, kh, kw), every weight in its place, with fraction and sign.",
            marks=1,
            examples=[Case(kernel=layout.to_keras_kernel(NUMBERED))],
            cases=lambda rng: _kernels(rng) + _one_slice(rng, window_last=False),
        )
    ],
    hints=hints.of("10_keras", "to_torch_kernel"),
)

RECALLED = (10, 28, 40, 3)
STRIDES = (2, 1)
STRIDED = conv2d(IMAGES, WEIGHTS, strides=STRIDES).shape
SIDE = 128
TWO_CONVOLUTIONS = (("conv", 32, (3, 3), (1, 1), "same"), ("conv", 64, (3, 3), (1, 1), "valid"))
WITH_POOLING = (
    TWO_CONVOLUTIONS[0],
    ("pool", (2, 2), (2, 2), "valid"),
    TWO_CONVOLUTIONS[1],
    ("pool", (4, 4), (4, 4), "same"),
)
POOLED = tracing.trace_shapes(WITH_POOLING, (64, 64, 3))
FIRST, SECOND = count_params(3, 3, 3, 32), count_params(3, 3, 32, 64)


def _gray(array: Any) -> Any:
    """An image as a batch of one with one channel."""
    return np.asarray(array, float)[None, :, :, None]


def _of(batch: Any) -> Any:
    """The rows of a batch of one with one channel."""
    return batch[0, :, :, 0].tolist()


CORNERS = conv2d(_gray(A), CORNER[:, :, None, None], strides=2, padding="same")
PADDED_FIRST = conv2d_valid(np.pad(A, ((1, 0), (1, 0))), CORNER)[::2, ::2]
MEANS = avg_pool2d(_gray(COUNTED), 2, padding="same")
QUARTERS = avg_pool2d(np.pad(_gray(COUNTED), ((0, 0), (0, 1), (0, 1), (0, 0))), 2)
POOLED_SAME = max_pool2d(IMAGES, 3, padding="same").shape

PREDICTIONS = [
    Prediction(
        "recall_layout",
        (RECALLED[0], RECALLED[3], RECALLED[1], RECALLED[2]),
        slips=[
            (RECALLED, "That is channels last, as it was. The channels move to axis 1."),
            ((3, 10, 28, 40), "The batch stays in front. The channels come second."),
            ((10, 3, 40, 28), "Height and width keep their order: the height comes first."),
        ],
    ),
    Prediction(
        "recall_window",
        14,
        slips=[
            (41, "You turned the kernel round. A layer lays it on the window as it is."),
            (50, "That is every pixel of a row or column times 10. Only the top-left pixel meets the 10."),
        ],
    ),
    Prediction(
        "recall_weights",
        (3, 2, 3, 8),
        slips=[
            ((8, 3, 3, 2), "That is PyTorch's order. Here rows and columns come first, and the filters last."),
            ((2, 3, 3, 8), "Rows before columns: three rows tall, two columns wide."),
            ((3, 2, 8, 3), "The input channels come before the filters."),
            ((3, 2, 8), "Each filter spans all three colours, so there is an axis for them."),
        ],
    ),
    Prediction(
        "trap_shape",
        STRIDED,
        slips=[
            ((2, 4, 6, 4), 'That is the shape under "same". Unless you say otherwise, padding is "valid".'),
            ((2, 5, 3, 4), "You used the strides the other way round. The first number is the step down."),
            ((2, 3, 3, 4), "You used a step of 2 in both directions. The step to the right is 1."),
            ((2, 3, 5, 3), "A convolution makes one channel for each filter, and there are four."),
            ((3, 5, 4), "The images are still two: the batch comes first."),
        ],
    ),
    Prediction(
        "trap_pad",
        _of(CORNERS),
        slips=[
            (PADDED_FIRST.tolist(), "You put the odd row and column first. They come last, at the bottom and right."),
            ([[1.0]], 'That is "valid". Under "same" there are 4 / 2 = 2 windows along each axis.'),
            (_of(max_pool2d(_gray(A), 3, 2, "same")), "Those are the largest numbers. The 1 is at the top left."),
        ],
    ),
    Prediction(
        "trap_pool",
        POOLED_SAME,
        slips=[
            (IMAGES.shape, "The size stays with a stride of 1 only. Without strides a pool moves by its own size."),
            ((2, 2, 2, 3), 'That is "valid". Under "same" what is left over gets a window, too: round up.'),
            ((2, 4, 3, 3), "You moved the pool by 2. Without strides it moves by its own size, 3."),
            ((2, 3, 2, 4), "Pooling keeps the channels, and has no filters."),
        ],
    ),
    Prediction(
        "trap_mean",
        _of(MEANS),
        slips=[
            (_of(QUARTERS), "You divided by four everywhere. At the border, divide by the cells that are there."),
            (_of(avg_pool2d(_gray(COUNTED), 2)), 'That is "valid". Under "same" there are 2 windows along each axis.'),
            (_of(avg_pool2d(_gray(COUNTED), 2, 1)), "You moved by 1. Without strides a pool moves by its own size, 2."),
            (_of(max_pool2d(_gray(COUNTED), 2, None, "same")), "Those are the largest numbers, and not the means."),
        ],
    ),
    Prediction(
        "trap_count",
        FIRST + SECOND,
        slips=[
            (FIRST + SECOND - 32 - 64, "You left out the biases: one for each filter."),
            (FIRST + count_params(3, 3, 3, 64), "The second layer does not see three colours, but 32 channels."),
            (count_params(3, 3, 1, 32) + count_params(3, 3, 1, 64), "Each filter spans all channels that come in."),
            (SECOND, "That is the second layer alone."),
            (FIRST, "That is the first layer alone."),
        ],
    ),
    Prediction(
        "torch_shape",
        layout.to_torch_kernel(WEIGHTS).shape,
        slips=[
            ((4, 3, 2, 3), "You turned the order round completely. Rows stay before columns: three, then two."),
            ((3, 4, 3, 2), "The filters come first, and the input channels second."),
            (WEIGHTS.shape, "That is Keras's order, as it was."),
        ],
    ),
    Prediction(
        "keras_place",
        (0, 2, 1, 5),
        slips=[
            ((2, 0, 1, 5), "You turned the order round completely. The row stays before the column: 0, then 2."),
            ((0, 2, 5, 1), "The input channel comes before the filter."),
            ((1, 0, 2, 5), "You moved the filter only. Move the channel past row and column as well."),
            ((5, 1, 0, 2), "That is PyTorch's order, as it was."),
        ],
    ),
    Prediction(
        "last_shape",
        tracing.trace_shapes(TWO_CONVOLUTIONS, (SIDE, SIDE, 3))[-1],
        slips=[
            ((128, 128, 64), 'The second layer does not say "same", so it is "valid": two rows and columns less.'),
            ((124, 124, 64), 'Only the second layer takes something off. The first one has padding="same".'),
            ((126, 126, 32), "As many channels as the last layer has filters."),
            ((126, 126, 96), "A layer hands on its own maps only, not those of the layer before."),
            ((None, 126, 126, 64), "Right, with the batch. Leave the batch out: three numbers."),
        ],
    ),
    Prediction(
        "pooled_shape",
        POOLED[-1],
        slips=[
            ((7, 7, 64), 'Under "same" what is left over gets a window, too: 30 / 4 is rounded up.'),
            ((30, 30, 64), "Without strides a pool moves by its own size, 4."),
            ((15, 15, 64), "You moved the pool by 2. Without strides it moves by its own size, 4."),
            ((8, 8, 32), "Pooling keeps the channels, and 64 come in."),
            ((64,), "That is after the global pooling. The question is about the layer before."),
        ],
    ),
    Prediction(
        "pooled_parameters",
        FIRST + SECOND,
        slips=[
            (FIRST + SECOND - 32 - 64, "You left out the biases: one for each filter."),
            (FIRST + SECOND + 4 + 16, "A pool has no weights: it takes the largest number, or the mean."),
        ],
    ),
]

ASSIGNMENT = Assignment(
    name="10_keras",
    title="The bridge to Keras",
    exercises=[TO_KERAS_KERNEL, TO_TORCH_KERNEL],
    predictions=PREDICTIONS,
    facts={
        "marks": TO_KERAS_KERNEL.marks + TO_TORCH_KERNEL.marks,
        "recalled_batch": RECALLED,
        "x_shape": IMAGES.shape,
        "w_shape": WEIGHTS.shape,
        "a": facts.matrix(A),
        "counted": facts.matrix(COUNTED),
        "trap_rows": STRIDED[1],
        "trap_columns": STRIDED[2],
        "padded_first": facts.matrix(PADDED_FIRST),
        "pooled_rows": POOLED_SAME[1],
        "pooled_columns": POOLED_SAME[2],
        "quarter": facts.number(QUARTERS[0, -1, -1, 0]),
        "first_parameters": facts.count(FIRST),
        "second_parameters": facts.count(SECOND),
        "both_parameters": facts.count(FIRST + SECOND),
        "dense_weights": facts.count(SIDE * SIDE * 3 * SIDE * SIDE * 32),
        "pooled_sides": facts.row([64, *(shape[0] for shape in POOLED)]),
    },
)
