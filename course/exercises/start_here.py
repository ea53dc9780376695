"""Notebook 00: the axes of a batch of images, the types of its numbers, and how the checks speak."""

from __future__ import annotations

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Prediction
from course.exercises import draw, facts, hints, sizes
from course.exercises.hand import X
from solutions.answers import start_here as answers
from solutions.asked import layout
from solutions.mistakes import start_here as mistakes

# Two rows, four columns, three channels: the tens of each number say the channel, the rest says the pixel.
PIXELS = np.array([[1, 2, 3, 4], [5, 6, 7, 8]])
COLOURS = np.stack([PIXELS, PIXELS + 10, PIXELS + 20], axis=-1)[None].astype(float)
FIRST = layout.to_channels_first(COLOURS)
RECUT = COLOURS.reshape(FIRST.shape)


def _four_sizes(rng: np.random.Generator) -> list[int]:
    return [int(size) for size in rng.choice(np.arange(2, 7), 4, replace=False)]


def _batches(rng: np.random.Generator) -> list[Case]:
    n, *image = _four_sizes(rng)
    return [Case(x=draw.distinct(rng, n, *image)), Case(x=draw.distinct(rng, 1, *image))]


def _one_channel(rng: np.random.Generator, *, last: bool) -> list[Case]:
    """Fractions, signs and bytes, with one channel only: there even a reshape puts every number in its place."""
    n, height, width, _ = _four_sizes(rng)
    shape = (n, height, width, 1) if last else (n, 1, height, width)
    return [
        # Less 5, all of them are negative, and each ends in .5.
        Case(x=draw.halves(rng, *shape) - 5),
        Case(x=draw.pixels(rng, *shape)),
    ]


AXIS_SIZES = Exercise(
    function="axis_sizes",
    reference=layout.axis_sizes,
    answer=answers.axis_sizes,
    mistakes=mistakes.AXIS_SIZES,
    difficulty=1,
    importance=3,
    minutes=4,
    behaviours=[
        Behaviour(
            "four sizes",
            says="The result is n, height, width and channels, in this order, for any batch.",
            marks=1,
            examples=[Case(x=COLOURS)],
            cases=_batches,
        )
    ],
    hints=hints.of("00_start_here", "axis_sizes"),
)

TO_CHANNELS_FIRST = Exercise(
    function="to_channels_first",
    reference=layout.to_channels_first,
    answer=answers.to_channels_first,
    mistakes=mistakes.TO_CHANNELS_FIRST,
    sizes=sizes.channels_first,
    difficulty=1,
    importance=2,
    minutes=5,
    behaviours=[
        Behaviour(
            "channels move",
            says="From (n, height, width, channels) comes (n, channels, height, width), every number in its place.",
            marks=1,
            examples=[Case(x=COLOURS)],
            cases=_batches,
        ),
        Behaviour(
            "fractions",
            says="The numbers stay what they are, with their fraction and sign, whatever type the batch has.",
            marks=1,
            cases=lambda rng: _one_channel(rng, last=True),
        ),
    ],
    hints=hints.of("00_start_here", "to_channels_first"),
)

TO_CHANNELS_LAST = Exercise(
    function="to_channels_last",
    reference=layout.to_channels_last,
    answer=answers.to_channels_last,
    mistakes=mistakes.TO_CHANNELS_LAST,
    sizes=sizes.channels_last,
    difficulty=1,
    importance=2,
    minutes=3,
    behaviours=[
        Behaviour(
            "channels move back",
            says="From (n, channels, height, width) comes (n, height, width, channels), every number in its place, "
            "fractions too.",
            marks=1,
            examples=[Case(x=FIRST)],
            cases=lambda rng: _batches(rng) + _one_channel(rng, last=False),
        )
    ],
    hints=hints.of("00_start_here", "to_channels_last"),
)

BATCH = (10, 28, 40, 3)
BRIGHT, BRIGHTER = 100, 200
WRAPPED = int((np.array([BRIGHT], np.uint8) + np.array([BRIGHTER], np.uint8))[0])
BEYOND_A_BYTE = 256

PREDICTIONS = [
    Prediction(
        "recall_cell",
        int(PIXELS[1, 2]),
        slips=[
            (int(PIXELS[0, 1]), "Counting starts at 0: row 1 is the second row, and column 2 the third column."),
            (int(PIXELS[1, 1]), "Counting starts at 0: column 2 is the third column."),
            (int(PIXELS[0, 2]), "Counting starts at 0: row 1 is the second row."),
        ],
    ),
    Prediction(
        "recall_column",
        PIXELS[:, 1].tolist(),
        slips=[
            (PIXELS[1].tolist(), "That is row 1. The first place is for rows, and `:` there takes all of them."),
            (PIXELS[:, 0].tolist(), "Counting starts at 0: column 1 is the second column."),
        ],
    ),
    Prediction(
        "recall_sum",
        PIXELS.sum(axis=0).tolist(),
        slips=[
            (PIXELS.sum(axis=1).tolist(), "You added along each row. `axis=0` adds down each column."),
            (int(PIXELS.sum()), "That is the sum of everything. `axis=0` adds down each column."),
        ],
    ),
    Prediction(
        "batch_shape",
        BATCH,
        slips=[
            ((10, 40, 28, 3), "Rows come before columns: height, then width."),
            ((10, 3, 28, 40), "That is channels first. Here the channels are the last axis."),
            ((3, 10, 28, 40), "The images come first, and the channels last."),
            ((10, 28, 3, 40), "The channels are the last axis, after the columns."),
            (BATCH[1:], "The images themselves have an axis too, the first."),
        ],
    ),
    Prediction(
        "one_pixel",
        COLOURS[0, 1, 2].tolist(),
        slips=[
            (COLOURS[0, 0, 1].tolist(), "Counting starts at 0: row 1 is the second row, column 2 the third column."),
            (COLOURS[0, :, 1, 2].tolist(), "You gave a column of one channel. A pixel has one number in each channel."),
            (float(COLOURS[0, 1, 2, 0]), "That is one channel of it. The last axis is left out, so you get all three."),
        ],
    ),
    Prediction(
        "bytes_added",
        WRAPPED,
        slips=[
            (BRIGHT + BRIGHTER, "That is the true sum. A byte ends at 255, and the next number is 0 again."),
            (BEYOND_A_BYTE - 1, "A byte does not stop at 255. It starts again at 0."),
        ],
    ),
    Prediction(
        "half_type",
        str((X / 2).dtype),
        slips=[
            ("int64", "A half is no whole number: `/` always gives floats."),
            ("float32", "Half as wide. NumPy makes the wide one unless you ask for the other."),
            ("float", "Nearly. NumPy says how many bits it has: 64."),
        ],
    ),
    Prediction(
        "first_shape",
        (BATCH[0], BATCH[3], BATCH[1], BATCH[2]),
        slips=[
            (BATCH, "That is channels last, as it was. The channels move to axis 1."),
            ((BATCH[3], *BATCH[:3]), "The batch stays in front. The channels come second."),
            ((BATCH[0], BATCH[3], BATCH[2], BATCH[1]), "Height and width keep their order: the height comes first."),
        ],
    ),
    Prediction(
        "recut_row",
        RECUT[0, 0, 0].tolist(),
        slips=[
            (FIRST[0, 0, 0].tolist(), "That is what moving the axes gives. `reshape` takes the numbers as they lie."),
            (COLOURS[0, 0, 0].tolist(), "A row has four numbers here, one for each column."),
        ],
    ),
]

ASSIGNMENT = Assignment(
    name="00_start_here",
    title="Start here",
    exercises=[AXIS_SIZES, TO_CHANNELS_FIRST, TO_CHANNELS_LAST],
    predictions=PREDICTIONS,
    facts={
        "marks": AXIS_SIZES.marks + TO_CHANNELS_FIRST.marks + TO_CHANNELS_LAST.marks,
        "image": facts.matrix(X),
        "image_shape": X.shape,
        "image_as_batch": X[None, :, :, None].shape,
        "colours_shape": COLOURS.shape,
        "first_pixel": facts.row(COLOURS[0, 0, 0]),
        "first_colours_shape": FIRST.shape,
        "memory": facts.row(COLOURS.ravel()[:9]),
        "moved_plane": facts.matrix(FIRST[0, 0]),
        "recut_plane": facts.matrix(RECUT[0, 0]),
        "bright": facts.number(BRIGHT),
        "brighter": facts.number(BRIGHTER),
    },
)
