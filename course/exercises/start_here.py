"""Notebook 00: the axes of a batch of images, the types of its numbers, and how the checks speak."""

from __future__ import annotations

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Hint, Prediction
from course.exercises import draw, facts, sizes
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
    hints=[
        Hint(
            "I do not know where to find the sizes",
            question="What does `X.shape` give for the image X?",
            pointer="Every array knows its sizes: `x.shape` is a tuple with one number for each axis.",
            near_code="Unpack it: `n, height, width, channels = x.shape`, then return the four.",
            about=["not solved yet", "F5"],
        ),
        Hint(
            "It says: wrong kind of value, or wrong shape",
            question="How many numbers do you return, and in what?",
            pointer="Four numbers with commas between them are a tuple. A `print` returns nothing.",
            near_code="`return n, height, width, channels`",
            about=["four sizes: kind", "four sizes: shape", "F35"],
        ),
        Hint(
            "My four numbers are right, but not in the right order",
            question="Which axis of a batch comes first, which last, and which of the two between counts the rows?",
            pointer="Images, rows, columns, channels: the order of `x.shape`. Rows are counted by the height.",
            near_code="`n, height, width, channels = x.shape` gives the names. Return them just as they stand there.",
            about=["M4", "F21", "F30", "F31"],
        ),
    ],
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
    hints=[
        Hint(
            "I do not know how to start",
            question="What is `x.shape` for the batch of the check, and what shape has to come out?",
            pointer="One axis moves to another place, and the others close the gap. `np.moveaxis` does that; so does a "
            "loop that copies channel by channel.",
            near_code="`out = np.zeros((n, channels, height, width))`, then for each channel one line that fills "
            "`out[:, c]` from `x`. Or one call, `np.moveaxis(x, ..., ...)`: from where, to where.",
            about=["not solved yet", "F1"],
        ),
        Hint(
            "My shape is right, but nearly all numbers are wrong",
            question="Did you write `reshape`?",
            pointer="`reshape` keeps the numbers in the order of memory and cuts them anew. Move the axes instead.",
            near_code="`np.transpose(x, (0, 3, ...))`: the old axis numbers in their new order. The batch stays first, "
            "the channels come second; add height and width.",
            about=["M33"],
        ),
        Hint(
            "My shape has the right sizes in the wrong order",
            question="Which old axis has to become axis 1?",
            pointer="Write the old numbers under the new names: n is 0, channels is 3, height is 1, width is 2.",
            near_code="`np.moveaxis(x, 3, 1)` takes axis 3 out and puts it back as axis 1.",
            about=["channels move: shape", "M4", "F30", "F31a", "F31b", "F32", "F33"],
        ),
        Hint(
            "My fractions are gone, or negative numbers have become large",
            question="What is the dtype of the array that you return?",
            pointer="`np.zeros(shape)` makes floats. `np.zeros_like(x)` takes the dtype of `x`.",
            near_code="`out = np.zeros((n, channels, height, width))`; for each channel `out[:, c] = x[:, :, :, c]`.",
            about=["fractions: values", "M41", "M42"],
        ),
        Hint(
            "Only the first image is right, or it is the only one",
            question="Which index chooses the image: in `x`, and in what you return?",
            pointer="The first one, both times. A `:` there takes all images at once.",
            near_code="`out[:, c] = x[:, :, :, c]`: the colon for the images stands on both sides.",
            about=["M40", "F20"],
        ),
    ],
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
    hints=[
        Hint(
            "I do not know how to start",
            question="Which axis did you move on the way there, and from where to where?",
            pointer="Now it goes back: the channels are axis 1 here, and have to become axis 3.",
            near_code="`np.moveaxis(x, 1, ...)`: the second number is the place to which they go. Or fill an array, "
            "`out = np.zeros((n, height, width, channels))`, channel by channel.",
            about=["not solved yet", "F1"],
        ),
        Hint(
            "The way there is right, but the way back is wrong",
            question="What are the axes of `x` here, from 0 to 3?",
            pointer="Now the channels are axis 1, the height is axis 2 and the width is axis 3.",
            near_code="The old numbers in their new order are 0, 2, 3, 1.",
            about=["channels move back", "M4", "F30", "F31a", "F31b", "F32", "F33"],
        ),
        Hint(
            "How can I tell by myself whether it is right?",
            question="What has to come out if you go there and back?",
            pointer="`to_channels_last(to_channels_first(x))` has to be `x` again, number for number.",
            near_code="`(to_channels_last(to_channels_first(x)) == x).all()`",
            about=["channels move back"],
        ),
        Hint(
            "My shape is right, but nearly all numbers are wrong",
            question="Did you write `reshape`?",
            pointer="`reshape` cuts the same row of numbers anew, so that colours become columns. Move the axes.",
            near_code="`np.transpose(x, (0, 2, ...))`: the batch stays first, the height comes second; add the others.",
            about=["M33"],
        ),
        Hint(
            "My fractions are gone, or negative numbers have become large",
            question="What is the dtype of the array that you return?",
            pointer="`dtype=int` cuts fractions off, and `uint8` knows no number below 0. `np.zeros(shape)` makes "
            "floats.",
            near_code="`out = np.zeros((n, height, width, channels))`; for each channel `out[:, :, :, c] = x[:, c]`.",
            about=["M41", "M42"],
        ),
        Hint(
            "Only the first image is right, or it is the only one",
            question="Which index chooses the image: in `x`, and in what you return?",
            pointer="The first one, both times. A `:` there takes all images at once.",
            near_code="`out[:, :, :, c] = x[:, c]`: the colon for the images stands on both sides.",
            about=["M40", "F20"],
        ),
    ],
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
