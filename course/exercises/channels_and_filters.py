"""Notebook 05: a filter spans all channels of an image, and a layer has many filters."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Prediction
from course.exercises import draw, facts, hints, places, sizes
from course.exercises.draw import FloatArray
from course.exercises.hand import K, X
from solutions.answers import channels_and_filters as answers
from solutions.asked import channels
from solutions.asked.gray import conv2d_valid
from solutions.mistakes import channels_and_filters as mistakes
from solutions.reference.shapes import output_size, same_padding


def _one_filter(rng: np.random.Generator, image: tuple[int, ...], kernel: tuple[int, ...], bias: int = 0) -> Case:
    return Case(image=draw.integers(rng, *image), kernel=draw.integers(rng, *kernel), bias=bias)


def _bias(rng: np.random.Generator) -> int:
    return int(rng.choice([-7, -5, -3, 2, 4, 6]))


def _biases(rng: np.random.Generator, filters: int) -> FloatArray:
    """Draw different numbers, none of them 0."""
    return rng.choice([-7.0, -5.0, -3.0, 2.0, 4.0, 6.0], filters, replace=False)


# Every rule has cases of its own kind, so that a fault costs the marks of its rule and no others. Outside the rule
# in question: one square image, a kernel of 3 x 3, one channel, one filter, no bias, whole numbers.


def _every_channel(rng: np.random.Generator) -> list[Case]:
    side = int(rng.integers(4, 7))
    return [_one_filter(rng, (side, side, 3), (3, 3, 3)), _one_filter(rng, (side, side, 2), (3, 3, 2))]


def _any_size(rng: np.random.Generator) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Sizes of image and kernel: wide and tall images, kernels of every kind, one as large as its image."""
    short = int(rng.integers(4, 6))
    long = short + int(rng.integers(2, 4))
    return [
        ((short, long), (3, 3)),
        ((long, short), (3, 3)),
        ((short, long), (2, 5)),
        ((short, short), (3, 2)),
        ((short, short), (1, int(rng.integers(2, 4)))),
        ((4, 4), (4, 4)),
    ]


def _biased(rng: np.random.Generator) -> list[Case]:
    return [_one_filter(rng, (5, 5, 2), (3, 3, 2), _bias(rng)), _one_filter(rng, (4, 4, 3), (3, 3, 3), _bias(rng))]


CONV2D_ONE_FILTER = Exercise(
    function="conv2d_one_filter",
    reference=channels.conv2d_one_filter,
    answer=answers.conv2d_one_filter,
    mistakes=mistakes.CONV2D_ONE_FILTER,
    windows=places.one_filter,
    sizes=sizes.one_filter,
    difficulty=2,
    importance=3,
    minutes=15,
    behaviours=[
        Behaviour(
            "sum over channels",
            says="Each channel meets its own slice of the filter, and all products are added to one number. The image "
            "stays as it is.",
            marks=1,
            examples=[
                Case(
                    image=np.stack([X, 2 * X, np.ones_like(X)], axis=-1).astype(float),
                    kernel=np.stack([K, np.ones_like(K), K], axis=-1).astype(float),
                    bias=0,
                )
            ],
            cases=_every_channel,
            inputs_unchanged=True,
        ),
        Behaviour(
            "any size",
            says="Image and filter may be wider than tall, or taller than wide; the filter may be as large as the "
            "image.",
            marks=1,
            cases=lambda rng: [_one_filter(rng, (*image, 1), (*kernel, 1)) for image, kernel in _any_size(rng)],
        ),
        Behaviour(
            "bias once",
            says="The bias is added once to every number of the map, after the sum over window and channels.",
            marks=1,
            cases=_biased,
        ),
        Behaviour(
            "fractions",
            says="The sums keep their fraction, their sign and their size, even where the image holds whole numbers "
            "or bytes.",
            marks=1,
            cases=lambda rng: [
                Case(image=draw.integers(rng, 5, 5, 1).astype(int), kernel=draw.halves(rng, 3, 3, 1), bias=0),
                # At least 9 * 100 * 0.5 in every window: far beyond 255.
                Case(image=draw.pixels(rng, 5, 5, 1), kernel=abs(draw.halves(rng, 3, 3, 1)), bias=0),
                # An image of halves: who makes whole numbers of it first loses them.
                Case(image=draw.halves(rng, 5, 5, 1), kernel=draw.integers(rng, 3, 3, 1), bias=0),
                # Five decimals in every sum: who rounds loses some.
                Case(image=draw.fine(rng, 5, 5, 1), kernel=draw.odd_total(draw.integers(rng, 3, 3, 1)), bias=0),
            ],
        ),
    ],
    hints=hints.of("05_channels_and_filters", "conv2d_one_filter"),
)


def _layer(
    rng: np.random.Generator,
    size: tuple[int, int] = (5, 5),
    kernel: tuple[int, int] = (3, 3),
    *,
    images: int = 1,
    channels: int = 1,
    filters: int = 1,
    **options: Any,
) -> Case:
    x, w = draw.integers(rng, images, *size, channels), draw.integers(rng, *kernel, channels, filters)
    return Case(x=x, w=w, **options)


def _filters(rng: np.random.Generator) -> list[Case]:
    side = int(rng.integers(4, 7))
    return [
        _layer(rng, (side, side), channels=2, filters=4),
        # As many channels as filters: axes that are swapped do not show in the shape.
        # And as many as rows: images read channels first fit here, and below, where several channels matter.
        _layer(rng, (3, 3), channels=3, filters=3),
        _layer(rng, (side, side), channels=1, filters=2),
        # A kernel of one pixel mixes channels and nothing else.
        _layer(rng, (4, 4), (1, 1), channels=4, filters=2),
    ]


def _layer_biases(rng: np.random.Generator) -> list[Case]:
    return [
        _layer(rng, channels=2, filters=3, b=_biases(rng, 3)),
        _layer(rng, (4, 4), channels=3, filters=2, b=_biases(rng, 2)),
        # Two images: a bias that is added to all maps once for each image is added twice.
        _layer(rng, images=2, b=_biases(rng, 1)),
    ]


def _activations(rng: np.random.Generator) -> list[Case]:
    # A kernel and its negative: whatever the image is, some sums are below 0.
    kernel = draw.kernel(rng, 3, 3)
    w = np.stack([kernel, -kernel], axis=-1)[:, :, None]
    return [
        Case(x=draw.integers(rng, 1, 6, 6, 1), w=w, activation="relu"),
        Case(x=draw.integers(rng, 1, 6, 6, 1), w=w, b=_biases(rng, 2), activation="relu"),
    ]


def _strided(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        # One row and one column are left over.
        _layer(rng, (2 * rows + 2, 2 * columns + 2), strides=2),
        # Rows are left over, columns are not; then the other way round.
        _layer(rng, (3 * rows + 1, 2 * columns + 1), (2, 3), strides=(3, 2)),
        _layer(rng, (rows + 1, 3 * columns + 1), (2, 3), strides=(1, 3)),
        # A stride larger than the kernel skips pixels.
        _layer(rng, (3 * rows, 3 * columns + 1), (2, 2), strides=3),
    ]


def _same(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        # Even kernels: (0, 1) down the image and (1, 2) along it.
        _layer(rng, (rows + 3, columns + 4), (2, 4), padding="same"),
        # (1, 1) and (2, 2): an odd, wide kernel.
        _layer(rng, (rows + 2, columns + 3), (3, 5), padding="same"),
        # Even sides, stride 2: (0, 1) both ways.
        _layer(rng, (2 * rows, 2 * columns), strides=2, padding="same"),
        # (1, 1) and (1, 1): half the kernel would be 2 down the image.
        _layer(rng, (2 * rows, 2 * columns + 1), (4, 3), strides=2, padding="same"),
        # (0, 1) and (1, 2): two strides.
        _layer(rng, (2 * rows + 1, 3 * columns + 2), (2, 5), strides=(2, 3), padding="same"),
    ]


CONV2D = Exercise(
    function="conv2d",
    reference=channels.conv2d,
    answer=answers.conv2d,
    mistakes=mistakes.CONV2D,
    windows=places.layer,
    sizes=sizes.layer,
    difficulty=3,
    importance=3,
    minutes=30,
    behaviours=[
        Behaviour(
            "filters",
            says="Each filter spans all channels of the image and makes one channel of the output.",
            marks=2,
            examples=[
                Case(x=X[None, :, :, None].astype(float), w=np.stack([K, K.T], axis=-1)[:, :, None].astype(float)),
            ],
            cases=_filters,
        ),
        Behaviour(
            "any size",
            says="Image and kernel may be wider than tall, or taller than wide; the kernel may be as large as the "
            "image.",
            marks=1,
            cases=lambda rng: [_layer(rng, image, kernel) for image, kernel in _any_size(rng)],
        ),
        Behaviour(
            "bias",
            says="Each filter has its own bias, added once to every number of its map; without `b` there is none.",
            marks=1,
            cases=_layer_biases,
        ),
        Behaviour(
            "activation",
            says='With `activation="relu"` every number below 0 becomes 0, after the bias; without it nothing changes.',
            marks=1,
            examples=[
                Case(
                    x=X[None, :, :, None].astype(float),
                    w=K[:, :, None, None].astype(float),
                    b=np.array([-1.0]),
                    activation="relu",
                )
            ],
            cases=_activations,
        ),
        Behaviour(
            "batch",
            says="Each image of the batch is filtered by itself, and the images themselves stay as they are.",
            marks=1,
            cases=lambda rng: [_layer(rng, images=2), _layer(rng, (4, 4), images=3)],
            inputs_unchanged=True,
        ),
        Behaviour(
            "strides",
            says="Windows are `strides` pixels apart, one number or (height, width); a window that would hang over "
            "the edge is left out.",
            marks=1,
            cases=_strided,
        ),
        Behaviour(
            "same",
            says='Under `padding="same"` there are ceil(n / stride) windows over an image padded with zeros, the odd '
            "one at the bottom or right.",
            marks=2,
            cases=_same,
        ),
        Behaviour(
            "fractions",
            says="The sums keep their fraction, their sign and their size, even where the images hold whole numbers "
            "or bytes.",
            marks=1,
            cases=lambda rng: [
                Case(x=draw.integers(rng, 1, 5, 5, 1).astype(int), w=draw.halves(rng, 3, 3, 1, 1)),
                # At least 9 * 100 * 0.5 in every window: far beyond 255.
                Case(x=draw.pixels(rng, 1, 5, 5, 1), w=abs(draw.halves(rng, 3, 3, 1, 1))),
                # Images of halves: who makes whole numbers of them first loses them.
                Case(x=draw.halves(rng, 1, 5, 5, 1), w=draw.integers(rng, 3, 3, 1, 1)),
                # Five decimals in every sum: who rounds loses some.
                Case(x=draw.fine(rng, 1, 5, 5, 1), w=draw.odd_total(draw.integers(rng, 3, 3, 1, 1))),
            ],
        ),
    ],
    hints=hints.of("05_channels_and_filters", "conv2d"),
)


def _sizes(rng: np.random.Generator, **options: Any) -> Case:
    kh, kw, c_in, filters = (int(size) for size in rng.choice(np.arange(2, 12), 4, replace=False))
    return Case(kh=kh, kw=kw, c_in=c_in, filters=filters, **options)


COUNT_PARAMS = Exercise(
    function="count_params",
    reference=channels.count_params,
    answer=answers.count_params,
    mistakes=mistakes.COUNT_PARAMS,
    difficulty=1,
    importance=3,
    minutes=5,
    behaviours=[
        Behaviour(
            "weights and biases",
            says="Each filter has a weight for every cell of the window in every channel, and one bias.",
            marks=1,
            examples=[Case(kh=3, kw=3, c_in=1, filters=8)],
            cases=lambda rng: [_sizes(rng), _sizes(rng)],
        ),
        Behaviour(
            "without bias",
            says="With `use_bias=False` there are weights only.",
            marks=1,
            cases=lambda rng: [_sizes(rng, use_bias=False)],
        ),
    ],
    hints=hints.of("05_channels_and_filters", "count_params"),
)

EXERCISES = [CONV2D_ONE_FILTER, CONV2D, COUNT_PARAMS]

# The worked example: three channels and a filter with a slice for each.
ONES = np.ones((3, 3))
IMAGE = np.stack([X, 2 * X, np.ones_like(X)], axis=-1)
FILTER = np.stack([K, ONES, K], axis=-1)
MAPS = [conv2d_valid(IMAGE[..., c], FILTER[..., c]) for c in range(3)]
SUM = channels.conv2d_one_filter(IMAGE, FILTER, 0)
PREDICTED = channels.conv2d_one_filter(IMAGE, np.stack([K, K, ONES], axis=-1), 0)

EDGES = conv2d_valid(X, K)
TURNED = conv2d_valid(X, K.T)
BIASES = (1, -2)


def _relu(values: FloatArray) -> FloatArray:
    return np.maximum(values, 0)


# A colour image of 128 x 128 pixels, 32 maps of the same size, and 64 after them.
SIDE, COLOURS, MAPS_1, MAPS_2 = 128, 3, 32, 64
DENSE_WEIGHTS = (SIDE * SIDE * COLOURS) * (SIDE * SIDE * MAPS_1)
FIRST = channels.count_params(3, 3, COLOURS, MAPS_1)
SECOND = channels.count_params(3, 3, MAPS_1, MAPS_2)

BATCH = (8, 32, 48, 3)
MIXED_FROM, MIXED_TO = (4, 28, 28, 16), 2
MIXED = channels.conv2d(np.zeros(MIXED_FROM), np.zeros((1, 1, MIXED_FROM[-1], MIXED_TO))).shape

PREDICTIONS = [
    Prediction(
        "recall_width",
        BATCH[2],
        slips=[
            (BATCH[1], "That is the height. The axes are (n, height, width, c)."),
            (BATCH[3], "That is the number of channels. The axes are (n, height, width, c)."),
            (BATCH[0], "That is the number of images. The axes are (n, height, width, c)."),
        ],
    ),
    Prediction(
        "recall_windows",
        output_size(8, 3, 2),
        slips=[
            (4, "The last one would hang over the edge. Round down: (n - k) // stride + 1."),
            (2, "Count the first window, too: (n - k) // stride, plus 1."),
            (6, "That is for a stride of 1."),
        ],
    ),
    Prediction(
        "recall_padding",
        same_padding(8, 3, 2),
        slips=[
            ((1, 0), "The odd pixel comes after the image: at the bottom or at the right."),
            ((1, 1), "That is for a stride of 1. With a stride of 2 the four windows reach over nine pixels."),
            ((0, 0), "The fourth window starts at pixel 6 and needs pixel 8, which is not there."),
        ],
    ),
    Prediction(
        "three_channels_row",
        PREDICTED[0].tolist(),
        slips=[
            (EDGES[0].tolist(), "That is channel 0 alone. Add the maps of all three."),
            ((3 * EDGES)[0].tolist(), "The third channel counts, too: nine ones with nine weights of 1."),
            ((2 * EDGES + ONES.size)[0].tolist(), "Channel 1 holds 2X, so that its map is twice as large."),
            (SUM[0].tolist(), "That is the map of the figure. Here the slices are K, K and ones."),
            ((PREDICTED[0] / 3).tolist(), "You took the mean over the channels. They are added up."),
        ],
    ),
    Prediction(
        "first_map_row",
        (EDGES[0] + BIASES[0]).tolist(),
        slips=[
            (EDGES[0].tolist(), "The bias is missing: 1 for this filter."),
            ((EDGES[0] + 9 * BIASES[0]).tolist(), "You added the bias once for each product. Add it once."),
            ((EDGES[0] + BIASES[1]).tolist(), "That is the bias of the other filter."),
        ],
    ),
    Prediction(
        "second_map_row",
        (TURNED[0] + BIASES[1]).tolist(),
        slips=[
            (TURNED[0].tolist(), "The bias is missing: -2 for this filter."),
            ((TURNED[0] + 9 * BIASES[1]).tolist(), "You added the bias once for each product. Add it once."),
            ((TURNED[0] + BIASES[0]).tolist(), "That is the bias of the other filter."),
        ],
    ),
    Prediction(
        "relu_after_bias",
        _relu(EDGES - 1).tolist(),
        slips=[
            ((_relu(EDGES) - 1).tolist(), "You cut off the negative numbers first. The bias comes before the ReLU."),
            (_relu(EDGES).tolist(), "The bias of -1 is missing."),
            ((EDGES - 1).tolist(), "Numbers below 0 become 0."),
            (_relu(1 - EDGES).tolist(), "The signs are turned round: ReLU keeps what is above 0."),
        ],
    ),
    Prediction(
        "mixed_shape",
        MIXED,
        slips=[
            ((*MIXED_FROM[:3], MIXED_FROM[3] * MIXED_TO), "Each filter makes one map: it sums over all 16 channels."),
            (MIXED_FROM, "A convolution makes as many channels as it has filters."),
            ((*MIXED_FROM, MIXED_TO), "The input channels are summed away; filters take their place on the last axis."),
            ((MIXED_FROM[0], 27, 27, MIXED_TO), "A window of one pixel fits everywhere: no row and no column is lost."),
        ],
    ),
    Prediction(
        "first_parameters",
        FIRST,
        slips=[
            (FIRST - MAPS_1, "The biases are missing: one for each filter."),
            ((3 * 3 + 1) * MAPS_1, "A filter has 3 x 3 weights for each of the three colours."),
            (FIRST * SIDE * SIDE, "You counted new weights for every place. All windows share them."),
            ((3 * 3 + 1) * COLOURS * MAPS_1, "A filter has one bias, not one for each colour."),
            (3 * 3 * COLOURS + 1, "That is one filter. The layer has 32."),
        ],
    ),
    Prediction(
        "second_parameters",
        SECOND,
        slips=[
            (SECOND - MAPS_2, "The biases are missing: one for each filter."),
            ((3 * 3 + 1) * MAPS_2, "The filters of this layer span all 32 maps of the layer before."),
            (channels.count_params(3, 3, COLOURS, MAPS_2), "The input has 32 channels by now, not three colours."),
        ],
    ),
]

ASSIGNMENT = Assignment(
    name="05_channels_and_filters",
    title="Channels and filters",
    exercises=EXERCISES,
    predictions=PREDICTIONS,
    facts={
        "marks": sum(exercise.marks for exercise in EXERCISES),
        "batch": BATCH,
        "edges": facts.matrix(EDGES),
        "sums": facts.matrix(conv2d_valid(X, ONES)),
        "turned": facts.matrix(TURNED),
        "map_0": facts.matrix(MAPS[0]),
        "map_1": facts.matrix(MAPS[1]),
        "map_2": facts.matrix(MAPS[2]),
        "summed": facts.matrix(SUM),
        "corner_0": facts.number(MAPS[0][0, 0]),
        "corner_1": facts.number(MAPS[1][0, 0]),
        "corner_2": facts.number(MAPS[2][0, 0]),
        "corner": facts.number(SUM[0, 0]),
        "filter_weights": FILTER.size,
        "first_map": facts.matrix(EDGES + BIASES[0]),
        "second_map": facts.matrix(TURNED + BIASES[1]),
        "bias_in_every_product": facts.number(EDGES[0, 0] + K.size * BIASES[0]),
        "first_corner": facts.number(EDGES[0, 0]),
        "first_corner_biased": facts.number(EDGES[0, 0] + BIASES[0]),
        "relu_edges": facts.matrix(_relu(EDGES)),
        "edges_less_1": facts.matrix(EDGES - 1),
        "relu_first_row": facts.row((_relu(EDGES) - 1)[0]),
        "mixed_from": MIXED_FROM,
        "side": SIDE,
        "dense_weights": facts.count(DENSE_WEIGHTS),
        "dense_gigabytes": facts.count(round(DENSE_WEIGHTS * 4 / 1e9)),
        "dense_weights_double": facts.count(16 * DENSE_WEIGHTS),
        "conv_weights": facts.count(FIRST),
        "both_parameters": facts.count(FIRST + SECOND),
        "second_weights": facts.count(SECOND),
    },
)
