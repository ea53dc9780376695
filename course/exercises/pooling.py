"""Notebook 06: pooling keeps the largest value, or the mean, of every window."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Hint, Prediction
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
    hints=[
        Hint(
            "I do not know how to start",
            question="Which function of an earlier notebook slides a window over an image in steps?",
            pointer="`conv2d_strided` of notebook 03. Only what is done with a window is new. Images and channels need "
            "no loop: slice rows and columns, and take all of the first axis and of the last.",
            near_code="`window = x[:, i * step_down : i * step_down + pool_height, ...]`, and the columns in the same "
            "way; then `out[:, i, j] = window.max(axis=(1, 2))`.",
            about=["not solved yet", "F1", "P11c", "P11d", "P11e"],
        ),
        Hint(
            "A window of negative numbers gives 0, a fraction is gone, or the maxima only grow",
            question="What is the largest of -5, -2 and -7? And what does your code find, if it starts from 0?",
            pointer="A maximum starts below every number, or from a number of its own window; and it starts anew for "
            "each window. It goes into an array that has room for fractions.",
            near_code="`window.max(axis=(1, 2))` starts from the pixels. In loops: `largest = -np.inf` for each "
            "window. The output is `np.zeros(shape)`, with no dtype.",
            about=["largest value: values", "M39", "M41", "M42", "P4", "P11b"],
        ),
        Hint(
            "It works for one number, but not for a pair",
            question="Which number of the pool (3, 2) belongs to the rows?",
            pointer="The first one: height first, in the pool and in the strides. One number stands for both.",
            near_code="`pool_height, pool_width = pool_size if isinstance(pool_size, tuple) else (pool_size, "
            "pool_size)`, and the strides in the same way, once `None` is dealt with.",
            about=["height first", "height first: raised", "M11", "M15b", "F7", "F18a", "F18b"],
        ),
        Hint(
            "It works for a pool of 2, but for no other",
            question="Where in your function is `pool_size` read?",
            pointer="2 is only its default. It may be another number, or a pair, (height, width).",
            near_code="`pool_height, pool_width = pool_size if isinstance(pool_size, tuple) else (pool_size, "
            "pool_size)`, and then these two wherever your code has a 2 for the pool.",
            about=["F5"],
        ),
        Hint(
            "The shape is right, but windows start in the wrong place",
            question="At which row of the image does the window of output row 1 start, for a stride of 3?",
            pointer="Output row i starts i strides further down than row 0, and columns go to the right likewise. Each "
            "axis has a stride.",
            near_code="`x[:, i * step_down : i * step_down + pool_height, ...]`, and the columns with `j * "
            "step_right`.",
            about=["M9", "M10a", "M10b", "M12", "M44", "M45", "M46", "M47", "M48a", "M48b", "F17"],
        ),
        Hint(
            "My output is nearly as large as my input",
            question="By how many pixels does your window move when nobody says how many?",
            pointer='`strides=None` means the size of the pool. Read "Strides default to the pool" again.',
            near_code="`if strides is None: strides = (pool_height, pool_width)`, before you count the windows.",
            about=["default strides: shape", "P1"],
        ),
        Hint(
            "My output has a row or a column too many or too few, or NumPy cannot reshape",
            question="How many full windows of 2 fit into 5 pixels?",
            pointer='Under "valid" what is left over is dropped: `//` rounds down.',
            near_code="`rows = (height - pool_height) // step_down + 1`, and the columns in the same way.",
            about=["leftovers: shape", "leftovers: raised", "M7a", "M7b", "M8", "P8", "P13a", "P13b"],
        ),
        Hint(
            'Under "same" there are zeros at the edge, or negative numbers are lost',
            question="What does your code take the largest of, in a window that is half outside the image?",
            pointer="A cell outside may never win. Either it holds `-np.inf`, or it is not looked at.",
            near_code="Pad a float copy with `constant_values=-np.inf`; or cut the window with "
            "`x[:, max(row, 0) : row + pool_height, ...]`, so that it holds real cells only.",
            about=["border never wins: values", "P3", "M24c", "M24d"],
        ),
        Hint(
            'Under "same" the shape is right, but some numbers are wrong',
            question="Where does your first window start: at row 0, or above it?",
            pointer="`total = max((rows - 1) * step + pool - height, 0)`, and `total // 2` of it comes before.",
            near_code="Window i starts at row `i * step_down - top`, with `top = total // 2`; the rest comes after.",
            about=[
                "same: values",
                "M16",
                "M16b",
                "M17",
                "M18",
                "M26",
                "F43b",
                "F51b",
                "F52",
                "F60",
                "F61",
                "F62",
                "F93",
            ],
        ),
        hints.about(hints.SAME_SHAPE, "M20a", "M20b", "M20c", "M21", "M21b", "M23", "F19", "F42", "F42b", "F43c"),
        Hint(
            "Channels or images come out equal, or some of them are missing",
            question="Over which axes of a window does your maximum go, and which have to stay?",
            pointer="A window of the batch has the axes (n, rows, columns, c). The two in the middle go; each channel "
            "of each image stays. And nothing is written into `x`.",
            near_code="`out[:, i, j] = window.max(axis=(1, 2))`, for a window that holds all images and all channels.",
            about=[
                "channels and batch: values",
                "channels and batch: shape",
                "M28",
                "M40",
                "P2a",
                "P2b",
                "F20",
                "F21",
                "F2c",
                "M49",
                "F65",
                "F98",
            ],
        ),
        Hint(
            "It works for square images only",
            question="Which of your lines are about rows, and which about columns?",
            pointer="Heights belong to rows and widths to columns: in the counts, in the loops and in the slices. "
            "Print `x.shape` and `out.shape` for an image of 4 rows and 7 columns.",
            near_code="`n, height, width, channels = x.shape`, then `for i in range(rows)`, `for j in range(columns)`, "
            "and the result goes to `out[:, i, j]`.",
            about=["M4", "M15a", "F6"],
        ),
        hints.about(hints.ONE_PASS, "F2a", "F2b"),
    ],
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
    hints=[
        Hint(
            'Under "same" the numbers at the edge are too small',
            question="How many cells of the image are in the bottom-right window of X, for a pool of 2?",
            pointer="Divide by the cells that are there, not by the size of the pool.",
            near_code="Cut the window so that it holds real cells only, then take its `.mean(axis=(1, 2))`. If you pad "
            "with zeros, pad an image of ones too: its sums are the numbers of cells.",
            about=["border does not count: values", "M24", "P5", "P5a", "P5b", "F91"],
        ),
        Hint(
            "All my numbers are whole, or they are too large by the same factor",
            question="What do you divide by, and with which sign?",
            pointer="`/` keeps the fraction and `//` drops it. A window of 2 x 3 has six cells.",
            near_code="`window.mean(axis=(1, 2))`, written into an array of floats: `np.zeros(...)`.",
            about=["mean: values", "M41", "M42", "M42a", "P6", "P7a", "P7b", "P7c"],
        ),
        Hint(
            "With bytes the numbers are far too small",
            question="What is `np.array([200], np.uint8) + np.array([100], np.uint8)`?",
            pointer="Bytes added to bytes wrap round at 256. Add floats.",
            near_code="`x = np.asarray(x, dtype=float)` as the first line: it makes a copy and leaves the input alone.",
            about=["fractions: values", "M41b"],
        ),
        hints.about(hints.ROUNDED, "M42c", "M42d"),
        Hint(
            "I do not know how to start",
            question="Which line of `max_pool2d` says what is done with a window?",
            pointer="Only that line differs, if your windows hold real cells only.",
            near_code="Copy `max_pool2d` and take the mean of each window in place of its largest value.",
            about=["not solved yet", "F1", "P11"],
        ),
        Hint(
            "My windows are not those of `max_pool2d`",
            question="Does your `max_pool2d` pass its check: with pairs, without strides, and under both paddings?",
            pointer="The two functions share all but one line: pool, strides, padding, counts and slices. Mend "
            "`max_pool2d` first, if it needs that.",
            near_code="Copy these lines once more from `max_pool2d`, and change nothing but `.max`.",
            about=[
                "windows",
                "M4",
                "M7a",
                "M7b",
                "M8",
                "M9",
                "M44",
                "M45",
                "M46",
                "M47",
                "M48a",
                "M48b",
                "M10a",
                "M10b",
                "M11",
                "M12",
                "M15a",
                "M15b",
                "M16",
                "M16b",
                "M17",
                "M18",
                "M20a",
                "M20b",
                "M20c",
                "M21",
                "M21b",
                "M22",
                "M23",
                "M25",
                "M26",
                "P1",
                "P8",
                "P13a",
                "P13b",
                "F5",
                "F6",
                "F7",
                "F17",
                "F18a",
                "F18b",
                "F19",
                "F42",
                "F42b",
                "F43b",
                "F43c",
                "F51b",
                "F52",
                "F60",
                "F61",
                "F62",
                "F93",
            ],
        ),
        Hint(
            "Channels or images come out equal, or some of them are missing",
            question="Over which axes of a window does your mean go, and which have to stay?",
            pointer="A window of the batch has the axes (n, rows, columns, c). The two in the middle go; each channel "
            "of each image stays. And nothing is written into `x`.",
            near_code="`out[:, i, j] = window.mean(axis=(1, 2))`, for a window that holds all images and all channels.",
            about=[
                "channels and batch: values",
                "channels and batch: shape",
                "M28",
                "M40",
                "P2a",
                "P2b",
                "F20",
                "F21",
                "F2c",
                "M49",
                "F65",
                "F98",
            ],
        ),
        hints.about(hints.ONE_PASS, "F2a", "F2b", "M39"),
    ],
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


GLOBAL_HINTS = [
    Hint(
        "My output has one number for each row, or for each image",
        question="Which axes of (n, height, width, c) are the height and the width?",
        pointer="Counting starts at 0, and axis 0 is the batch.",
        near_code="Reduce over `axis=(1, 2)`: what is left is (n, c).",
        about=["one number a channel: shape", "P2", "P12", "F3a", "F3b", "F22"],
    ),
    Hint(
        "The numbers are right, but the shape is (n, 1, 1, c), or lacks the ones",
        question="What is `keepdims` when the caller does not say?",
        pointer="`keepdims=False` gives (n, c); `keepdims=True` gives (n, 1, 1, c).",
        near_code="NumPy's reductions take `keepdims` too: hand yours on.",
        about=["F23", "F24", "F25"],
    ),
    Hint(
        "I get one number for everything",
        question="What does NumPy reduce over when you name no axis?",
        pointer="Without `axis` it takes all axes, the batch and the channels as well.",
        near_code="Name the two axes of the image, and no others.",
        about=["one number a channel: shape"],
    ),
    Hint(
        "Channels or images are mixed, missing, or all alike",
        question="Which axes of (n, height, width, c) have to be left over?",
        pointer="The first and the last: a number for each channel of each image. `x` needs no `reshape` and no index.",
        near_code="Once, and on `x` as it is, with `axis=(1, 2)`.",
        about=["M28", "M33", "M40", "F20"],
    ),
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
    hints=[
        Hint(
            "I do not know how to start",
            question="Which method of an array gives its largest number, and how is it told the axes?",
            pointer="Methods of arrays need no loop: they look at all numbers along the axes that you name, whatever "
            "their sign.",
            near_code="`x.max(axis=..., keepdims=...)`: the axes are a pair.",
            about=["not solved yet", "F1", "M39", "P4", "P9a", "P9b", "P11a", "P11b"],
        ),
        *GLOBAL_HINTS,
    ],
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
    hints=[
        Hint(
            "I do not know how to start",
            question="Which method of an array gives the mean of its numbers, and how is it told the axes?",
            pointer="Methods of arrays need no loop: they take all numbers along the axes that you name, add them up "
            "as floats, and divide by as many as there are.",
            near_code="`x.mean(axis=..., keepdims=...)`: the axes are a pair.",
            about=[
                "not solved yet",
                "F1",
                "M39",
                "M41b",
                "M42a",
                "P6",
                "P7a",
                "P7b",
                "P7c",
                "P9a",
                "P9b",
                "P11",
            ],
        ),
        *GLOBAL_HINTS,
    ],
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
