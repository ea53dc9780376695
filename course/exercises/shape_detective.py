"""Notebook 08: shapes and receptive fields, traced through layers, and six wrong outputs with the bugs behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from autograder.course.exercise import (
    Assignment,
    Behaviour,
    Case,
    Exercise,
    Function,
    Mistake,
    Prediction,
    Refusal,
)
from autograder.model import Windows
from course.exercises import draw, facts, hints, places, sizes
from course.exercises.draw import FloatArray
from course.exercises.hand import K, X
from solutions.answers import shape_detective as answers
from solutions.asked import clinic, gray, tracing
from solutions.mistakes import clinic as clinic_mistakes
from solutions.mistakes import tracing as tracing_mistakes
from solutions.reference import pool
from solutions.reference.shapes import output_size

CONV, POOL, GLOBAL, FLATTEN, DENSE = "conv", "pool", "global", "flatten", "dense"
VALID, SAME = "valid", "same"


def _sides(rng: np.random.Generator) -> tuple[int, int]:
    """Draw two different sides of an image, from 9 to 16 pixels."""
    height, width = rng.choice(np.arange(9, 17), 2, replace=False)
    return int(height), int(width)


def _one_layer(rng: np.random.Generator) -> list[Case]:
    height, width = _sides(rng)
    filters, channels = (int(number) for number in rng.choice([4, 5, 6, 7], 2, replace=False))
    # Windows of 2 in steps of 2 over an odd side leave a pixel over; so do windows of 3 in steps of 3 over 3 n + 4.
    odd, left_over = 2 * height + 1, 3 * width + 1
    return [
        Case(layers=((CONV, filters, (3, 2), (1, 1), VALID),), input_shape=(height, width, channels)),
        Case(layers=((CONV, filters, (2, 3), (2, 3), VALID),), input_shape=(odd, left_over, channels)),
        Case(layers=((CONV, filters, (3, 5), (2, 3), SAME),), input_shape=(odd, left_over, channels)),
        Case(layers=((POOL, (2, 3), (2, 3), VALID),), input_shape=(odd, left_over, channels)),
        Case(layers=((POOL, (3, 2), (3, 1), SAME),), input_shape=(height, width, channels)),
        # Pools that overlap: their size alone says nothing.
        Case(layers=((POOL, (3, 2), (2, 1), VALID),), input_shape=(height, width, channels)),
        Case(layers=((GLOBAL,),), input_shape=(height, width, channels)),
        Case(layers=((FLATTEN,),), input_shape=(height, width, channels)),
        Case(layers=((GLOBAL,), (DENSE, filters)), input_shape=(height, width, channels)),
    ]


def _networks(rng: np.random.Generator) -> list[Case]:
    height, width = _sides(rng)
    first, second, units = (int(number) for number in rng.choice(np.arange(5, 13), 3, replace=False))
    return [
        Case(
            layers=(
                (CONV, first, (3, 3), (1, 1), SAME),
                (POOL, (2, 2), (2, 2), VALID),
                (CONV, second, (2, 3), (1, 2), SAME),
                (POOL, (3, 2), (1, 1), SAME),
                (FLATTEN,),
                (DENSE, units),
            ),
            input_shape=(height, width, 3),
        ),
        Case(
            layers=((CONV, first, (3, 2), (2, 1), VALID), (CONV, second, (2, 2), (1, 1), VALID), (GLOBAL,)),
            input_shape=(width, height, 1),
        ),
    ]


def _too_small(rng: np.random.Generator) -> list[Case]:
    side = int(rng.integers(6, 10))
    return [
        # A window of 3 over 2 pixels in steps of 2 or 3: a difference of less than one step. Once for each axis.
        Refusal(layers=((CONV, 4, (3, 3), (2, 2), VALID),), input_shape=(2, side, 3)),
        Refusal(layers=((POOL, (3, 3), (3, 3), VALID),), input_shape=(side, 2, 3)),
        # It fits the input, but not what is left of it.
        Refusal(
            layers=((POOL, (2, 2), (2, 2), VALID), (CONV, 8, (side, 1), (1, 1), VALID)), input_shape=(side, side, 3)
        ),
        # Exactly one window fits; and "same" finds room for any window.
        Case(layers=((CONV, 4, (3, side), (2, 2), VALID),), input_shape=(3, side, 3)),
        Case(layers=((CONV, 4, (5, 5), (1, 1), SAME),), input_shape=(3, side, 3)),
    ]


TRACE_SHAPES = Exercise(
    function="trace_shapes",
    reference=tracing.trace_shapes,
    answer=answers.trace_shapes,
    mistakes=tracing_mistakes.TRACE_SHAPES,
    difficulty=2,
    importance=3,
    minutes=10,
    behaviours=[
        Behaviour(
            "every stage",
            says="There is one shape of whole numbers for each layer: a convolution has as many channels as filters, "
            "pooling keeps them, and a window that does not fit is refused with a ValueError.",
            marks=1,
            whole_numbers=True,
            cases=lambda rng: [*_one_layer(rng), *_networks(rng), *_too_small(rng)],
        )
    ],
    hints=hints.of("08_shape_detective", "trace_shapes"),
)


def _stacks(rng: np.random.Generator) -> list[Case]:
    first, second, third = (int(size) for size in rng.integers(3, 6, 3))
    stride = int(rng.integers(2, 4))
    return [
        Case(layers=((first, 1, 1), (second, 1, 1), (third, 1, 1))),
        Case(layers=((3, 1, 1), (3, 3, 1), (first, 1, 1))),
        Case(layers=((first, stride, 1), (second, 3, 1), (2, 2, 1), (third, 1, 1))),
        Case(layers=((first, 1, 2), (2, stride, 1), (second, 1, 3), (third, 2, 1), (2, 1, 1))),
    ]


RECEPTIVE_FIELD = Exercise(
    function="receptive_field",
    reference=tracing.receptive_field,
    answer=answers.receptive_field,
    mistakes=tracing_mistakes.RECEPTIVE_FIELD,
    difficulty=2,
    importance=2,
    minutes=6,
    behaviours=[
        Behaviour(
            "pixels seen",
            says="After each layer it is one pixel and, for every layer so far, (kernel_size - 1) * dilation steps, "
            "each as wide as all strides before that layer multiplied.",
            marks=1,
            examples=[Case(layers=((3, 1, 1), (2, 2, 1), (3, 1, 1), (2, 2, 1)))],
            cases=_stacks,
        )
    ],
    hints=hints.of("08_shape_detective", "receptive_field"),
)


def _repair(
    function: str,
    behaviour: Behaviour,
    mistakes: tuple[Mistake, ...],
    *,
    windows: Callable[..., Windows],
    sizes: Callable[..., Sequence[str]],
    minutes: int = 3,
) -> Exercise:
    """An exercise of the clinic: its stub is the first mistake, and one behaviour is asked of it."""
    return Exercise(
        function=function,
        reference=getattr(clinic, function),
        answer=getattr(answers, function),
        mistakes=mistakes,
        behaviours=[behaviour],
        hints=hints.of("08_shape_detective", function),
        windows=windows,
        sizes=sizes,
        difficulty=1,
        importance=2,
        minutes=minutes,
    )


def _image_and_kernel(rng: np.random.Generator, *kernel: int) -> dict[str, Any]:
    height, width = (int(side) for side in rng.choice([6, 7, 8], 2, replace=False))
    return {"image": draw.integers(rng, height, width), "kernel": draw.kernel(rng, *kernel)}


def _strided(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    long = int(rng.integers(8, 11))
    return [
        # A row and a column are left over, so that windows that start one pixel too late lie inside, too.
        Case(image=draw.integers(rng, 2 * rows + 3, 2 * columns + 4), kernel=draw.kernel(rng, 2, 3), strides=(2, 2)),
        # So short along one axis that windows with the two strides swapped lie inside.
        Case(image=draw.integers(rng, 5, long), kernel=draw.kernel(rng, 2, 3), strides=(2, 3)),
        Case(image=draw.integers(rng, long, 6), kernel=draw.kernel(rng, 2, 3), strides=(3, 2)),
    ]


def _channels(rng: np.random.Generator, channels: int) -> Case:
    height, width = (int(side) for side in rng.choice([4, 5, 6], 2, replace=False))
    return Case(
        image=draw.integers(rng, height, width, channels),
        kernel=draw.integers(rng, 2, 3, channels),
        bias=int(rng.integers(1, 9)) + 0.5,
    )


def _image_with_a_zero(rng: np.random.Generator, size: int, rows: int, columns: int) -> Case:
    """One row and one column too many for blocks of `size`; sums can be divided by any count up to 3 x 3."""
    image = 36 * draw.distinct(rng, size * rows + 1, size * columns + 1)
    image[1, 1] = 0
    return Case(image=image, size=size)


REPAIRS = [
    _repair(
        "correlate",
        Behaviour(
            "kernel as it is",
            says="Each pixel of the window is multiplied by the weight at the same place, and all products are added.",
            marks=1,
            cases=lambda rng: [Case(**_image_and_kernel(rng, 3, 3)), Case(**_image_and_kernel(rng, 2, 3))],
        ),
        clinic_mistakes.CORRELATE,
        windows=places.gray,
        sizes=sizes.gray,
    ),
    _repair(
        "correlate_same",
        Behaviour(
            "odd one last",
            says="Of an odd total of padding, the extra row is at the bottom and the extra column at the right.",
            marks=1,
            cases=lambda rng: [Case(**_image_and_kernel(rng, *kernel)) for kernel in ((2, 2), (4, 3), (3, 4), (3, 3))],
        ),
        clinic_mistakes.CORRELATE_SAME,
        windows=partial(places.gray, padding="same"),
        sizes=partial(sizes.gray, padding="same"),
    ),
    _repair(
        "correlate_strided",
        Behaviour(
            "windows a stride apart",
            says="Window (i, j) starts at row i * down and column j * right of the image.",
            marks=1,
            cases=_strided,
        ),
        clinic_mistakes.CORRELATE_STRIDED,
        windows=places.gray,
        sizes=sizes.gray,
    ),
    _repair(
        "correlate_channels",
        Behaviour(
            "bias once",
            says="The bias is added once to each number of the output, after the sum over the window and the channels.",
            marks=1,
            cases=lambda rng: [_channels(rng, 2), _channels(rng, 3)],
        ),
        clinic_mistakes.CORRELATE_CHANNELS,
        windows=places.one_filter,
        sizes=sizes.one_filter,
    ),
    _repair(
        "pool_channels",
        Behaviour(
            "each channel alone",
            says="Each channel keeps the largest value of its own pixels, and there are as many channels as before.",
            marks=1,
            cases=lambda rng: [
                # As many channels as the block has rows, so that a maximum over the wrong axes fits, too.
                Case(image=draw.distinct(rng, 4, 6, 2, lowest=-60), size=2),
                Case(image=draw.distinct(rng, 9, 6, 3, lowest=-80), size=3),
            ],
        ),
        clinic_mistakes.POOL_CHANNELS,
        windows=partial(places.blocks, padding="valid", reduce="max"),
        sizes=partial(sizes.blocks, padding="valid"),
        minutes=2,
    ),
    _repair(
        "average_same",
        Behaviour(
            "border does not count",
            says="A sum is divided by the number of pixels that its block has inside the image, whatever they hold.",
            marks=1,
            cases=lambda rng: [
                _image_with_a_zero(rng, 2, *draw.two_counts(rng)),
                _image_with_a_zero(rng, 3, *draw.two_counts(rng)),
            ],
        ),
        clinic_mistakes.AVERAGE_SAME,
        windows=partial(places.blocks, padding="same", reduce="mean"),
        sizes=partial(sizes.blocks, padding="same"),
        minutes=5,
    ),
]

EXERCISES = [TRACE_SHAPES, RECEPTIVE_FIELD, *REPAIRS]

# --- the networks of the text -------------------------------------------------------------------------------------

EXAMPLE_INPUT = (12, 10, 3)
EXAMPLE = (
    (CONV, 8, (3, 3), (1, 1), SAME),
    (POOL, (2, 2), (2, 2), VALID),
    (CONV, 16, (3, 3), (2, 2), SAME),
    (GLOBAL,),
    (DENSE, 10),
)
DIGITS_INPUT = (8, 8, 1)
DIGITS = (
    (CONV, 8, (3, 3), (1, 1), SAME),
    (POOL, (2, 2), (2, 2), VALID),
    (CONV, 16, (2, 3), (1, 2), SAME),
    (POOL, (3, 2), (1, 1), SAME),
)


def parameters(layer: tuple[Any, ...], shape: tuple[int, ...]) -> int:
    """Count the parameters of a layer that gets an input of this shape."""
    if layer[0] == CONV:
        return (layer[2][0] * layer[2][1] * shape[-1] + 1) * int(layer[1])
    return (shape[-1] + 1) * int(layer[1]) if layer[0] == DENSE else 0


EXAMPLE_SHAPES = tracing.trace_shapes(EXAMPLE, EXAMPLE_INPUT)
EXAMPLE_PARAMETERS = [
    parameters(layer, shape) for layer, shape in zip(EXAMPLE, [EXAMPLE_INPUT, *EXAMPLE_SHAPES[:-1]], strict=True)
]
DIGITS_SHAPES = tracing.trace_shapes(DIGITS, DIGITS_INPUT)
DIGITS_FLAT = int(np.prod(DIGITS_SHAPES[-1]))

HALVED = ((3, 1, 1), (2, 2, 1), (3, 1, 1), (2, 2, 1))  # convolution, pooling, and again
THIRDS = ((3, 1, 1), (3, 3, 1), (3, 1, 1))
RECALLED = (CONV, 32, (3, 3), (1, 1), SAME)


def _wrong(mistakes: tuple[Mistake, ...], id_: str, *arguments: Any) -> Any:
    """What a known mistake returns."""
    return next(mistake.function for mistake in mistakes if mistake.id == id_)(*arguments)


def _shape_slip(id_: str) -> list[tuple[int, ...]]:
    return list(_wrong(tracing_mistakes.TRACE_SHAPES, id_, DIGITS, DIGITS_INPUT))


def _field_slip(id_: str) -> list[int]:
    return list(_wrong(tracing_mistakes.RECEPTIVE_FIELD, id_, THIRDS))


def _pooled(padding: Any, *, relu: bool = True) -> FloatArray:
    """X with K under "same", ReLU unless it is left out, and the largest of each 2 x 2 block."""
    maps = gray.conv2d_gray(X, K, padding="same")
    maps = np.maximum(maps, 0) if relu else maps
    return pool.max_pool2d(maps[None, :, :, None], 2, None, padding)[0, :, :, 0]


# --- the patients -------------------------------------------------------------------------------------------------

SPOT = np.zeros((5, 5))
SPOT[2, 2] = 1
COUNTING = np.arange(1.0, 10.0).reshape(3, 3)
SMALL = np.array([[1, -1], [0, 2]])
COLOURS = np.stack([X, 2 * X, np.ones_like(X)], axis=-1)
FILTER = np.stack([K, np.ones_like(K), K], axis=-1)
TWO_CHANNELS = np.stack([X[:4, :4], 4 - 2 * X[:4, :4]], axis=-1)

PATIENTS: list[tuple[str, Function, tuple[Mistake, ...], tuple[Any, ...]]] = [
    ("flip", clinic.correlate, clinic_mistakes.CORRELATE, (SPOT, COUNTING)),
    ("pad side", clinic.correlate_same, clinic_mistakes.CORRELATE_SAME, (X, SMALL)),
    ("stride", clinic.correlate_strided, clinic_mistakes.CORRELATE_STRIDED, (X, K, (2, 2))),
    ("bias", clinic.correlate_channels, clinic_mistakes.CORRELATE_CHANNELS, (COLOURS, FILTER, 1)),
    ("channels", clinic.pool_channels, clinic_mistakes.POOL_CHANNELS, (TWO_CHANNELS, 2)),
    ("border", clinic.average_same, clinic_mistakes.AVERAGE_SAME, (X, 2)),
]
BUGS = ("M1", "M17", "M9", "M35", "P2b", "P5")  # what the patients suffer from, in order

ORDER = "Both outputs hold the nine weights. In which order do they come on the left, and in which on the right?"
SHIFT = "The numbers themselves are right. Look for those of the left output on the right, and see how they moved."
CORNER = "The first number is right. Compare the others with the output for a stride of 1."
SURPLUS = "Subtract the two outputs: what is left is the same in every cell."
CHANNEL = "Compare channel 0 with channel 1 in the wrong output."
EDGE = "Only the last row and column are wrong. Those blocks hang over the edge, and their numbers are too small."

CLUES: list[tuple[str, dict[str, str]]] = [  # for each patient; some names get a word of their own first
    (ORDER, {"transpose": "A transposed kernel would show 9, 6, 3 in the first row. "}),
    (SHIFT, {"border": "No mean is taken here. "}),
    (CORNER, {"last window": "The shape is right. ", "pad side": "There is no padding. "}),
    (SURPLUS, {"relu": "No number is cut off at 0. "}),
    (CHANNEL, {"zero wins": "No number is 0 here. ", "bias": "Nothing is added in pooling. "}),
    (EDGE, {"zero wins": "This is a mean, not a maximum. "}),
]
NAMES = (
    *("bias", "border", "channels", "flip", "last window"),
    *("pad side", "relu", "stride", "transpose", "zero wins"),
)

PREDICTIONS = [
    Prediction(
        "recall_parameters",
        parameters(RECALLED, (9, 9, 3)),
        slips=[
            (3 * 3 * 3 * 32, "Each filter has a bias, too."),
            ((3 * 3 + 1) * 32, "A filter spans all three channels: 3 * 3 * 3 weights."),
            (
                128 * 128 * parameters(RECALLED, (9, 9, 3)),
                "That counts the weights at every pixel. They are shared: the size of the image does not matter.",
            ),
        ],
    ),
    Prediction(
        "recall_same",
        output_size(7, 3, 2, SAME),
        slips=[
            (7, '"same" keeps the size with a stride of 1 only. Otherwise it is n / stride, rounded up.'),
            (output_size(7, 3, 2), 'That is "valid". Under "same" it is n / stride, rounded up.'),
        ],
    ),
    Prediction(
        "recall_shift",
        "sometimes",
        slips=[
            ("never", "It changes as soon as something crosses the edge of a window."),
            ("always", "As long as the spot stays in its window, the largest value stays where it is."),
        ],
    ),
    Prediction(
        "stage_shapes",
        DIGITS_SHAPES,
        slips=[
            (_shape_slip("P2"), "Pooling keeps the channels: each is pooled alone."),
            (_shape_slip("F80"), "Pooling halves height and width, and keeps the channels."),
            (_shape_slip("F81"), "A convolution makes one map for each filter, whatever the channels before."),
            (_shape_slip("M29"), "A filter adds up over its channels. Channels and filters are not multiplied."),
            (_shape_slip("M11"), "The strides (1, 2) are one row down and two columns to the right."),
            (_shape_slip("M20"), '"same" keeps the size with a stride of 1 only.'),
            (
                [*DIGITS_SHAPES[:3], (2, 1, 16)],
                'Look at the last layer again: strides of (1, 1) and "same". Pooling shrinks by its stride, not by its '
                "window.",
            ),
        ],
    ),
    Prediction(
        "second_parameters",
        parameters(DIGITS[2], DIGITS_SHAPES[1]),
        slips=[
            (parameters(DIGITS[2], DIGITS_SHAPES[1]) - 16, "Each filter has a bias, too."),
            ((2 * 3 + 1) * 16, "A filter spans all channels that it gets: 2 * 3 * 8 weights."),
        ],
    ),
    Prediction(
        "flat_length",
        DIGITS_FLAT,
        slips=[
            (int(np.prod(DIGITS_SHAPES[-1][:2])), "The channels belong to it: height times width times channels."),
            (sum(DIGITS_SHAPES[-1]), "Multiply the three numbers of the shape."),
            (32, 'The average pooling does not shrink the map: strides of (1, 1) and "same".'),
        ],
    ),
    Prediction(
        "three_layers_see",
        tracing.receptive_field(THIRDS),
        slips=[
            (_field_slip("C2a"), "A window of 3 adds two steps to what is seen already, not three."),
            (_field_slip("C2b"), "You added the kernel sizes to the first pixel. A window of 3 adds two steps."),
            (_field_slip("C2c"), "After the pooling, neighbours are 3 pixels apart: two steps are 6 pixels there."),
            (_field_slip("C2d"), "The stride of a layer counts for the layers after it, not for itself."),
        ],
    ),
    Prediction(
        "pooled_valid",
        _pooled(VALID).tolist(),
        slips=[
            (_pooled(SAME).tolist(), "That is the pooling with padding. Here what is left over is dropped."),
            (_pooled(VALID, relu=False).tolist(), "You left out the ReLU: negative numbers become 0 first."),
        ],
    ),
    Prediction(
        "pooled_same",
        _pooled(SAME).tolist(),
        slips=[(_pooled(VALID).tolist(), "That is the pooling without padding. Here the last row and column count.")],
    ),
    *(
        Prediction(
            f"patient_{number}",
            name,
            slips=[(other, words.get(other, "") + clue) for other in NAMES if other != name],
        )
        for number, ((name, *_), (clue, words)) in enumerate(zip(PATIENTS, CLUES, strict=True), start=1)
    ),
]

ASSIGNMENT = Assignment(
    name="08_shape_detective",
    title="Shape detective and bug clinic",
    exercises=EXERCISES,
    predictions=PREDICTIONS,
    facts={
        "marks": sum(exercise.marks for exercise in EXERCISES),
        "x_valid": facts.matrix(gray.conv2d_gray(X, K)),
        "x_same": facts.matrix(gray.conv2d_gray(X, K, padding="same")),
        "example_input": EXAMPLE_INPUT,
        "example_pooled": EXAMPLE_SHAPES[1],
        "example_second_rows": EXAMPLE_SHAPES[2][0],
        "example_parameters": facts.count(EXAMPLE_PARAMETERS[2]),
        "example_parameters_in_all": facts.count(sum(EXAMPLE_PARAMETERS)),
        "cut": int((2 - 3) / 2) + 1,
        "floored": (2 - 3) // 2 + 1,
        "ten_layers_lose": tracing.receptive_field([(3, 1, 1)] * 10)[-1] - 1,
        "fields": facts.row(tracing.receptive_field(HALVED)),
        "two_windows": tracing.receptive_field(((3, 1, 1), (3, 1, 1)))[-1],
        "dilated": tracing.receptive_field(((3, 1, 2),))[-1],
        "ignored": facts.row(_wrong(tracing_mistakes.RECEPTIVE_FIELD, "C2c", HALVED)),
        "added": facts.row(_wrong(tracing_mistakes.RECEPTIVE_FIELD, "C2a", HALVED)),
        "surplus": int(FILTER.size - 1),
    },
)
