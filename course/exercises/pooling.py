"""Notebook 06: pooling keeps the largest value, or the mean, of every window."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Prediction
from course.exercises import draw, facts, hints, places, sizes
from course.exercises.draw import FloatArray
from course.exercises.hand import A, X
from solutions.answers import pooling as answers
from solutions.mistakes import global_pool as global_mistakes
from solutions.mistakes import pool as mistakes
from solutions.reference import pool
from solutions.reference.conv import conv2d
from solutions.reference.shapes import same_padding


def _one_image(array: np.ndarray) -> FloatArray:
    """A gray image (height, width) as a batch of one with one channel."""
    return array[None, :, :, None].astype(np.float64)


# Every rule has cases of its own kind, so that a fault costs the marks of its rule and no others. Outside the rule
# in question: one gray image, positive numbers for the maximum, whole means for the average, strides given in words,
# and sizes that leave nothing over.


def _largest(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    mixed, negative = (1, 2 * rows, 2 * columns, 1), (1, 3 * columns, 3 * rows, 1)
    return [
        # Numbers that end in .5, here and in no other rule, show whether a fraction is cut off.
        Case(x=draw.distinct(rng, *mixed, lowest=-2 * rows * columns) + 0.5, pool_size=2, strides=2),
        Case(x=draw.distinct(rng, *negative, lowest=-9 * rows * columns) - 0.5, pool_size=3, strides=3),
    ]


def _default_strides(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        Case(x=draw.distinct(rng, 1, 2 * rows, 2 * columns, 1)),
        Case(x=draw.distinct(rng, 1, 3 * rows, 3 * columns, 1), pool_size=3),
    ]


def _height_first(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        # Windows that overlap down the image and lie side by side along it, then the other way round.
        Case(x=draw.distinct(rng, 1, rows + 2, 2 * columns, 1), pool_size=(3, 2), strides=(1, 2)),
        Case(x=draw.distinct(rng, 1, 2 * rows, columns + 2, 1), pool_size=(2, 3), strides=(2, 1)),
    ]


def _leftovers(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        Case(x=draw.distinct(rng, 1, 2 * rows + 1, 2 * columns + 1, 1), pool_size=2, strides=2),
        Case(x=draw.distinct(rng, 1, 3 * rows + 2, 3 * columns + 1, 1), pool_size=3, strides=3),
    ]


def _same(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        # Even sides, window 3, stride 2: one row too many in all, so (0, 1); window 2 fits without any.
        Case(x=draw.distinct(rng, 1, 2 * rows, 2 * columns, 1), pool_size=(3, 2), strides=2, padding="same"),
        # (0, 1) down the image and (1, 1) along it.
        Case(x=draw.distinct(rng, 1, 3 * rows + 2, 3 * columns + 1, 1), pool_size=3, strides=3, padding="same"),
        # (1, 2) down the image and (1, 1) along it. Numbers grow downwards, so that a window in another row shows.
        Case(x=np.sort(draw.distinct(rng, 1, 2 * rows + 1, 2 * columns, 1), 1), pool_size=4, strides=2, padding="same"),
        # (0, 1) down the image and (1, 1) along it: with a stride of 1 a row too many makes a window too many.
        Case(x=draw.distinct(rng, 1, rows + 2, columns + 3, 1), pool_size=(2, 3), strides=1, padding="same"),
    ]


def _border_never_wins(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    height, width = 2 * rows + 1, 2 * columns + 1
    # (1, 1) both ways: nothing is uneven here, so only the value of the border counts.
    return [
        Case(x=draw.distinct(rng, 1, height, width, 1, lowest=-height * width), pool_size=3, strides=2, padding="same")
    ]


def _two_images_three_channels(rng: np.random.Generator) -> tuple[int, int, int, int]:
    height, width = (int(side) for side in rng.permutation([4, 6]))
    return 2, height, width, 3


MAX_POOL2D = Exercise(
    function="max_pool2d",
    reference=pool.max_pool2d,
    answer=answers.max_pool2d,
    mistakes=mistakes.MAX_POOL2D,
    windows=partial(places.pool, reduce="max"),
    sizes=sizes.pool,
    difficulty=3,
    importance=3,
    minutes=20,
    behaviours=[
        Behaviour(
            "largest value",
            says="Each output number is the largest of its window, even where all of them are negative.",
            marks=1,
            examples=[Case(x=_one_image(A), pool_size=2, strides=2)],
            cases=_largest,
        ),
        Behaviour(
            "default strides",
            says="Without `strides` the windows lie side by side: the stride is the size of the pool.",
            marks=1,
            cases=_default_strides,
        ),
        Behaviour(
            "height first",
            says="A pair, for the pool or for the strides, is (height, width); windows may overlap.",
            marks=1,
            examples=[Case(x=_one_image(A), pool_size=(2, 1), strides=(2, 1))],
            cases=_height_first,
        ),
        Behaviour(
            "leftovers",
            says='Under "valid", a window that would hang over the edge is left out.',
            marks=1,
            examples=[Case(x=_one_image(X), pool_size=2, strides=2)],
            cases=_leftovers,
        ),
        Behaviour(
            "same",
            says='Under "same" there are ceil(n / stride) windows, and the odd row or column of padding comes last.',
            marks=1,
            examples=[Case(x=_one_image(A), pool_size=3, strides=2, padding="same")],
            cases=_same,
        ),
        Behaviour(
            "border never wins",
            says='Under "same", a cell outside the image is never the largest.',
            marks=1,
            cases=_border_never_wins,
        ),
        Behaviour(
            "channels and batch",
            says="Each channel of each image is pooled alone, and the images themselves stay as they are.",
            marks=1,
            cases=lambda rng: [Case(x=draw.distinct(rng, *_two_images_three_channels(rng)), pool_size=2, strides=2)],
            inputs_unchanged=True,
        ),
    ],
    hints=hints.of("06_pooling", "max_pool2d"),
)


def _whole_means(rng: np.random.Generator, cells: int, *shape: int) -> FloatArray:
    """Draw multiples of `cells`: any window whose size divides it has a whole mean, exact in float32 too."""
    return cells * draw.integers(rng, *shape)


def _means(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        Case(x=_whole_means(rng, 4, 1, 2 * rows, 2 * columns, 1), pool_size=2, strides=2),
        Case(x=_whole_means(rng, 9, 1, 3 * rows, 3 * columns, 1), pool_size=3, strides=3),
    ]


def _windows_as_for_the_maximum(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        Case(x=_whole_means(rng, 6, 1, 2 * rows + 1, 3 * columns + 2, 1), pool_size=(2, 3)),
        Case(x=_whole_means(rng, 6, 1, rows + 2, 2 * columns, 1), pool_size=(3, 2), strides=(1, 2)),
    ]


def _with_a_zero(x: FloatArray) -> FloatArray:
    """Set one pixel of each image to 0."""
    x[:, 1, 1] = 0
    return x


def _mean_without_the_border(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        Case(x=_whole_means(rng, 4, 1, 2 * rows + 1, 2 * columns + 1, 1), pool_size=2, strides=2, padding="same"),
        # (0, 1) down the image and none along it: windows of 3 x 2 and of 2 x 2 cells.
        Case(x=_whole_means(rng, 12, 1, 2 * rows, 2 * columns, 1), pool_size=(3, 2), strides=2, padding="same"),
        # None down the image and (1, 1) along it: windows of 2 x 3 and of 2 x 2 cells, the first outside by a column.
        Case(x=_whole_means(rng, 12, 1, 2 * rows, 2 * columns + 1, 1), pool_size=(2, 3), strides=2, padding="same"),
        # (1, 2) down the image and (1, 1) along it: with a stride of 1 a row too many makes a window too many.
        Case(
            x=_with_a_zero(72 * draw.distinct(rng, 1, rows + 3, columns + 2, 1)),
            pool_size=(4, 3),
            strides=1,
            padding="same",
        ),
    ]


def _fractions(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    shape = (1, 2 * rows, 2 * columns, 1)
    # The sum of all cells is odd, so that the mean of at least one window of four is not whole.
    return [
        Case(x=draw.odd_total(draw.integers(rng, *shape).astype(int)), pool_size=2, strides=2),
        Case(x=draw.odd_total(draw.pixels(rng, *shape)), pool_size=2, strides=2),
        # Floats, so that an output of the image's type has room for the fraction, and one of whole numbers has not.
        Case(x=draw.odd_total(draw.integers(rng, *shape)), pool_size=2, strides=2),
        # Pixels of halves: who makes whole numbers of them first loses them.
        Case(x=abs(draw.halves(rng, *shape)), pool_size=2, strides=2),
        # Five decimals in every mean: who rounds loses some.
        Case(x=draw.fine_means(rng, *shape), pool_size=2, strides=2),
    ]


AVG_POOL2D = Exercise(
    function="avg_pool2d",
    reference=pool.avg_pool2d,
    answer=answers.avg_pool2d,
    mistakes=mistakes.AVG_POOL2D,
    windows=partial(places.pool, reduce="mean"),
    sizes=sizes.pool,
    difficulty=2,
    importance=3,
    minutes=10,
    behaviours=[
        Behaviour(
            "mean",
            says="Each output number is the sum of its window divided by the number of its cells.",
            marks=1,
            examples=[Case(x=4 * _one_image(A), pool_size=2, strides=2)],
            cases=_means,
        ),
        Behaviour(
            "windows",
            says="The windows lie exactly where `max_pool2d` has them, whatever the pool and the strides.",
            marks=1,
            cases=_windows_as_for_the_maximum,
        ),
        Behaviour(
            "border does not count",
            says='Under "same", cells outside the image count neither in the sum nor in the number of cells.',
            marks=1,
            examples=[Case(x=4 * _one_image(X), pool_size=2, strides=2, padding="same")],
            cases=_mean_without_the_border,
        ),
        Behaviour(
            "fractions",
            says="A mean keeps its fraction, even where the image holds whole numbers or bytes.",
            marks=1,
            cases=_fractions,
        ),
        Behaviour(
            "channels and batch",
            says="Each channel of each image is pooled alone, and the images themselves stay as they are.",
            marks=1,
            cases=lambda rng: [Case(x=_whole_means(rng, 4, *_two_images_three_channels(rng)), pool_size=2, strides=2)],
            inputs_unchanged=True,
        ),
    ],
    hints=hints.of("06_pooling", "avg_pool2d"),
)


def _all_of_a_channel(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    shape = (2, rows, columns, 3)
    return [
        Case(x=draw.distinct(rng, *shape, lowest=-6 * rows * columns) - 0.5),
        Case(x=draw.distinct(rng, *shape), keepdims=True),
    ]


def _mean_of_a_channel(rng: np.random.Generator) -> list[Case]:
    # Powers of 2, so that every mean is exact; the sum of all cells is odd, so that one is not whole.
    rows, columns = (int(side) for side in rng.choice([2, 4, 8], 2, replace=False))
    return [
        Case(x=draw.odd_total(draw.pixels(rng, 2, rows, columns, 3))),
        Case(x=draw.odd_total(draw.integers(rng, 2, rows, columns, 3)), keepdims=True),
        # Five decimals in every mean: who rounds loses some.
        Case(x=draw.fine_means(rng, 1, 2, 2, 3)),
    ]


GLOBAL_MAX_POOL = Exercise(
    function="global_max_pool",
    reference=pool.global_max_pool,
    answer=answers.global_max_pool,
    mistakes=global_mistakes.GLOBAL_MAX_POOL,
    windows=partial(places.whole, reduce="max"),
    sizes=sizes.whole,
    difficulty=1,
    importance=2,
    minutes=4,
    behaviours=[
        Behaviour(
            "one number a channel",
            says="Each channel of each image gives its largest value: (n, c), or (n, 1, 1, c) with `keepdims=True`. "
            "The images stay as they are.",
            marks=1,
            examples=[Case(x=_one_image(A))],
            cases=_all_of_a_channel,
            inputs_unchanged=True,
        )
    ],
    hints=hints.of("06_pooling", "global_max_pool"),
)

GLOBAL_AVG_POOL = Exercise(
    function="global_avg_pool",
    reference=pool.global_avg_pool,
    answer=answers.global_avg_pool,
    mistakes=global_mistakes.GLOBAL_AVG_POOL,
    windows=partial(places.whole, reduce="mean"),
    sizes=sizes.whole,
    difficulty=1,
    importance=2,
    minutes=2,
    behaviours=[
        Behaviour(
            "one number a channel",
            says="Each channel of each image gives its mean: (n, c), or (n, 1, 1, c) with `keepdims=True`. "
            "The images stay as they are.",
            marks=1,
            examples=[Case(x=_one_image(A))],
            cases=_mean_of_a_channel,
            inputs_unchanged=True,
        )
    ],
    hints=hints.of("06_pooling", "global_avg_pool"),
)

EXERCISES = [MAX_POOL2D, AVG_POOL2D, GLOBAL_MAX_POOL, GLOBAL_AVG_POOL]


def _max(array: np.ndarray, *options: Any) -> FloatArray:
    return pool.max_pool2d(_one_image(array), *options)[0, :, :, 0]


def _mean(array: np.ndarray, *options: Any) -> FloatArray:
    return pool.avg_pool2d(_one_image(array), *options)[0, :, :, 0]


def _mean_of_full_windows(array: np.ndarray, size: int, stride: int) -> FloatArray:
    """Average pooling under "same" that counts zeros outside the image: a mistake, to show next to the truth."""
    return _mean(np.pad(array, [same_padding(side, size, stride) for side in array.shape]), size, stride)


def _zeros_win(array: np.ndarray, size: int, stride: int) -> FloatArray:
    """Max pooling under "same" that puts zeros outside the image: a mistake, to show next to the truth."""
    return _max(np.pad(array, [same_padding(side, size, stride) for side in array.shape]), size, stride)


RECALLED_BATCH = (2, 6, 5, 3)
BATCH_SHAPE = (2, 6, 8, 3)
ROLLED = np.roll(A, 1, axis=1)
PADS = same_padding(len(A), 3, 2)

PREDICTIONS = [
    Prediction(
        "recall_move",
        2,
        slips=[
            (4, "That is for a stride of 1. With a stride of 2, neighbouring windows lie two columns apart."),
            (0, "The same kernel is laid on every window: what it has found moves along with the picture."),
            (8, "The other way round: a stride makes the map smaller, and so the move."),
        ],
    ),
    Prediction(
        "recall_pads",
        same_padding(6, 3, 2),
        slips=[
            (same_padding(6, 3, 2)[::-1], "It is one zero in all, and an odd one comes last."),
            (same_padding(6, 3), "That is for a stride of 1. Three windows reach over 7 pixels: how many are missing?"),
        ],
    ),
    Prediction(
        "recall_channels",
        conv2d(np.zeros(RECALLED_BATCH), np.zeros((3, 3, 3, 4)), padding="same").shape,
        slips=[
            (RECALLED_BATCH, "A convolution has as many channels as filters."),
            ((2, 6, 5, 12), "A filter adds up over all channels: 4 filters make 4 maps."),
            ((2, 4, 3, 4), 'Under "same" with a stride of 1 height and width stay.'),
        ],
    ),
    Prediction(
        "max_stride_one",
        _max(A, 2, 1).tolist(),
        slips=[
            (_max(A).tolist(), "Your windows lie side by side. With `strides=1` the window moves by one pixel."),
            (_max(A, 2, 1, "same").tolist(), "Four windows do not fit: 4 - 2 + 1 = 3."),
        ],
    ),
    Prediction(
        "tall_pool",
        _max(A, (2, 1)).tolist(),
        slips=[
            (_max(A, (1, 2)).tolist(), "That is a pool of (1, 2). The height comes first: two rows, one column."),
            (_max(A).tolist(), "That is a pool of 2 x 2. This one is only one column wide."),
        ],
    ),
    Prediction(
        "below_zero",
        _max(A - 7, 3, 2, "same").tolist(),
        slips=[
            (_zeros_win(A - 7, 3, 2).tolist(), "Zeros from outside the image have won. The border is not there."),
            (_max(A, 3, 2, "same").tolist(), "The windows are right. Now take 7 from each number."),
            (
                _max(np.pad(A - 7, 1, constant_values=-99), 3, 2).tolist(),
                "The padding is (0, 1), not (1, 1): the first window starts at row 0.",
            ),
        ],
    ),
    Prediction(
        "mean_corner",
        float(_mean(A, 3, 2, "same")[1, 1]),
        slips=[
            (float(_mean_of_full_windows(A, 3, 2)[1, 1]), "You divided by nine. Four cells of the window are there."),
            (float(_mean_of_full_windows(A, 3, 2)[1, 1] * 9), "That is the sum. Divide by the cells that are there."),
        ],
    ),
    Prediction(
        "global_mean",
        float(A.mean()),
        slips=[
            (float(A.sum()), "That is the sum. Divide by the number of cells."),
            (float(A.max()), "That is the largest value: global max pooling."),
            (2.4, "You have rounded it. Give all of its digits."),
            (2.38, "You have rounded it. Give all of its digits."),
        ],
    ),
]

ASSIGNMENT = Assignment(
    name="06_pooling",
    title="Pooling",
    exercises=EXERCISES,
    predictions=PREDICTIONS,
    facts={
        "marks": sum(exercise.marks for exercise in EXERCISES),
        "a": facts.matrix(A),
        "a_max": facts.matrix(_max(A)),
        "a_mean": facts.matrix(_mean(A)),
        "first_window": facts.row(A[:2, :2]),
        "first_max": facts.number(_max(A)[0, 0]),
        "first_sum": facts.number(A[:2, :2].sum()),
        "first_mean": facts.number(_mean(A)[0, 0]),
        "a_mean_cut": facts.matrix(np.floor(_mean(A))),
        "a_max_3_stride_1": facts.matrix(_max(A, 3, 1)),
        "a_cells": facts.count(A.size),
        "a_dropped": facts.count(A.size - _max(A).size),
        "a_max_wide": facts.matrix(_max(A, (1, 2))),
        "x": facts.matrix(X),
        "x_max_valid": facts.matrix(_max(X)),
        "x_mean_valid": facts.matrix(_mean(X)),
        "x_max_same": facts.matrix(_max(X, 2, None, "same")),
        "x_mean_same": facts.matrix(_mean(X, 2, None, "same")),
        "x_bottom_right": facts.number(X[-1, -1]),
        "x_bottom_right_full": facts.number(_mean_of_full_windows(X, 2, 2)[-1, -1]),
        "a_max_3_same": facts.matrix(_max(A, 3, None, "same")),
        "pads_3_same": same_padding(len(A), 3, 3),
        "windows_3_stride_2": len(_max(A, 3, 2, "same")),
        "total_3_stride_2": sum(PADS),
        "before_3_stride_2": PADS[0],
        "after_3_stride_2": PADS[1],
        "a_mean_3_stride_2": facts.matrix(_mean(A, 3, 2, "same")),
        "a_mean_3_stride_2_full": facts.matrix(_mean_of_full_windows(A, 3, 2)),
        "a_less_7": facts.matrix(A - 7),
        "a_less_7_max": facts.matrix(_max(A - 7, 3, 2, "same")),
        "a_less_7_zeros_win": facts.matrix(_zeros_win(A - 7, 3, 2)),
        "global_max": facts.number(A.max()),
        "rolled": facts.matrix(ROLLED),
        "rolled_max": facts.matrix(_max(ROLLED)),
        "rolled_kept": int((_max(ROLLED) == _max(A)).sum()),
        "batch": BATCH_SHAPE,
        "pooled_batch": pool.max_pool2d(np.zeros(BATCH_SHAPE)).shape,
        "recalled_batch": RECALLED_BATCH,
        "a_max_3_stride_2": facts.matrix(_max(A, 3, 2, "same")),
    },
)
