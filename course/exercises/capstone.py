"""Notebook 09: the student's own functions, put together to a network that reads digits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Function, Prediction
from course.data import digits, lent
from course.exercises import draw, facts, hints, sizes
from course.exercises.draw import FloatArray
from solutions.answers import capstone as answers
from solutions.asked import network
from solutions.asked.tracing import receptive_field, trace_shapes
from solutions.mistakes import capstone as mistakes
from solutions.reference import pool
from solutions.reference.shapes import same_padding

# The course has 5 marks for this notebook: with 1 everywhere it is worth 8.
MARKS = {
    "nothing below zero": 0,
    "a row for each image": 0,
    "weighted sums": 1,
    "probabilities": 1,
    "convolutions": 1,
    "poolings": 1,
    "all layers": 1,
    "unseen digits": 0,
}

Weights = tuple[FloatArray, ...]


def _signed(rng: np.random.Generator, count: int) -> FloatArray:
    """Draw different numbers from 10 to 30, half of them negative: none is 0, and none another's opposite."""
    signs = rng.permutation(np.arange(count) % 2) * 2 - 1
    return signs * rng.choice(np.arange(10.0, 31.0), count, replace=False)


def _weights(rng: np.random.Generator) -> Weights:
    """Draw the arrays of a network with the layers of the real one, but few maps and units."""
    kernels = rng.permutation(np.arange(-30.0, 31.0))[:54]
    return (
        kernels[:18].reshape(3, 3, 1, 2),
        _signed(rng, 2),
        kernels[18:].reshape(2, 3, 2, 3),
        _signed(rng, 3),
        draw.integers(rng, 24, 4),
        _signed(rng, 4),
    )


def _real(rng: np.random.Generator) -> Case:
    """Draw twelve digits for the real network."""
    return Case(images=rng.choice(digits.images(), 12, replace=False), weights=digits.weights())


RELU = Exercise(
    function="relu",
    reference=network.relu,
    answer=answers.relu,
    mistakes=mistakes.RELU,
    difficulty=1,
    importance=3,
    minutes=2,
    behaviours=[
        Behaviour(
            "nothing below zero",
            says="Numbers below 0 become 0, the others stay, in an array of any shape; the input stays as it is.",
            marks=MARKS["nothing below zero"],
            examples=[Case(x=np.array([[-2.0, 0.5], [3.0, -0.25]]))],
            cases=lambda rng: [Case(x=draw.halves(rng, 2, 3, 4, 2)), Case(x=draw.halves(rng, 7))],
            inputs_unchanged=True,
        )
    ],
    hints=hints.of("09_capstone", "relu"),
)

FLATTEN = Exercise(
    function="flatten",
    reference=network.flatten,
    answer=answers.flatten,
    mistakes=mistakes.FLATTEN,
    difficulty=1,
    importance=3,
    minutes=2,
    behaviours=[
        Behaviour(
            "a row for each image",
            says="The numbers of each image stand in a row, in the order in which they lie in the array.",
            marks=MARKS["a row for each image"],
            cases=lambda rng: [Case(maps=draw.distinct(rng, 2, 3, 4, 5)), Case(maps=draw.distinct(rng, 3, 2, 2, 4))],
        )
    ],
    hints=hints.of("09_capstone", "flatten"),
)


def _fine_rows(rng: np.random.Generator) -> Case:
    """Five decimals in a score at least: who rounds loses some."""
    return Case(x=draw.fine(rng, 3, 5), w=draw.odd_total(draw.integers(rng, 5, 3)), b=np.zeros(3))


def _rows(rng: np.random.Generator, n: int, numbers: int, units: int) -> Case:
    return Case(x=draw.integers(rng, n, numbers), w=draw.halves(rng, numbers, units), b=_signed(rng, units))


DENSE = Exercise(
    function="dense",
    reference=network.dense,
    answer=answers.dense,
    mistakes=mistakes.DENSE,
    difficulty=1,
    importance=3,
    minutes=3,
    behaviours=[
        Behaviour(
            "weighted sums",
            says="Each score is the sum of a row's numbers times a unit's weights, plus its bias, and no more.",
            marks=MARKS["weighted sums"],
            cases=lambda rng: [_rows(rng, 3, 6, 4), _rows(rng, 2, 5, 5), _fine_rows(rng)],
        )
    ],
    hints=hints.of("09_capstone", "dense"),
)


def _modest_scores(rng: np.random.Generator) -> list[Case]:
    return [Case(scores=draw.halves(rng, 3, 5) / 2), Case(scores=draw.integers(rng, 4, 2) / 4)]


def _far_away(rng: np.random.Generator) -> list[Case]:
    """Draw rows of scores with a thousand between one row and the next: e to the power of 1000 is too large."""
    return [Case(scores=draw.integers(rng, 3, 4) / 4 + 1000 * rng.permutation([-1, 0, 1])[:, None])]


SOFTMAX = Exercise(
    function="softmax",
    reference=network.softmax,
    answer=answers.softmax,
    mistakes=mistakes.SOFTMAX,
    difficulty=2,
    importance=2,
    minutes=5,
    behaviours=[
        Behaviour(
            "probabilities",
            says="Each row becomes the powers of e of its scores, divided by their sum; the scores stay as they are.",
            marks=MARKS["probabilities"],
            cases=_modest_scores,
            inputs_unchanged=True,
        ),
        Behaviour(
            "large scores",
            says="A score of 1000 or of -1000 does no harm.",
            marks=0,
            cases=_far_away,
        ),
    ],
    hints=hints.of("09_capstone", "softmax"),
)


def _layer(rng: np.random.Generator, layer: str, *shape: int) -> Case:
    """Draw maps for a layer, most numbers negative; multiples of 12, so that means of 2, 3, 4 or 6 are whole."""
    lowest = -3 * int(np.prod(shape)) // 4
    return Case(layer=layer, maps=12 * draw.distinct(rng, *shape, lowest=lowest), weights=_weights(rng))


def _sizes(layer: str, maps: FloatArray, weights: Sequence[FloatArray]) -> Sequence[str]:
    """The sizes after a layer, worked out."""
    return {
        "conv1": lambda: sizes.layer(maps, weights[0], padding="same"),
        "pool1": lambda: sizes.pool(maps, 2, 2, "valid", "channels_last"),
        "conv2": lambda: sizes.layer(maps, weights[2], strides=(1, 2), padding="same"),
        "pool2": lambda: sizes.pool(maps, (3, 2), 1, "same", "channels_last"),
        "dense": lambda: [f"(n, units) = ({len(maps)}, {len(weights[5])})"],
    }[layer]()


RUN_LAYER = Exercise(
    function="run_layer",
    reference=network.run_layer,
    answer=answers.run_layer,
    mistakes=mistakes.RUN_LAYER,
    sizes=_sizes,
    difficulty=2,
    importance=3,
    minutes=15,
    behaviours=[
        Behaviour(
            "convolutions",
            says="`conv1` and `conv2` have their kernels, biases, strides and padding, and ReLU comes last.",
            marks=MARKS["convolutions"],
            cases=lambda rng: [_layer(rng, "conv1", 2, 8, 8, 1), _layer(rng, "conv2", 2, 4, 4, 2)],
        ),
        Behaviour(
            "poolings",
            says="`pool1` keeps the largest numbers, `pool2` takes means, each with its window, strides and padding.",
            marks=MARKS["poolings"],
            cases=lambda rng: [_layer(rng, "pool1", 2, 8, 8, 2), _layer(rng, "pool2", 2, 4, 2, 3)],
        ),
        Behaviour(
            "last layer",
            says="`dense` flattens the maps and makes scores of them.",
            marks=0,
            cases=lambda rng: [_layer(rng, "dense", 2, 4, 2, 3)],
        ),
    ],
    hints=hints.of("09_capstone", "run_layer"),
)

PREDICT = Exercise(
    function="predict",
    reference=network.predict,
    answer=answers.predict,
    mistakes=mistakes.PREDICT,
    difficulty=1,
    importance=3,
    minutes=4,
    behaviours=[
        Behaviour(
            "all layers",
            says="The images go through all five layers in their order, and the scores come out.",
            marks=MARKS["all layers"],
            cases=lambda rng: [Case(images=draw.integers(rng, 2, 8, 8, 1), weights=_weights(rng))],
        ),
        Behaviour(
            "unseen digits",
            says="With the trained weights all ten scores are those of Keras, for digits that the network never saw.",
            marks=MARKS["unseen digits"],
            examples=[Case(images=digits.images()[:2], weights=digits.weights())],
            cases=lambda rng: [_real(rng)],
        ),
    ],
    hints=hints.of("09_capstone", "predict"),
)

EXERCISES = [RELU, FLATTEN, DENSE, SOFTMAX, RUN_LAYER, PREDICT]

# --- numbers of the text --------------------------------------------------------------------------------------------

ALL_RIGHT = "all right"
BUGS = {"no bias": "M37a", "border counts": "P5", "kernel flipped": "M1", "odd zeros first": "M17a"}


def share_right(predict: Function) -> float:
    """The share of the unseen digits for which a network gives the right answer."""
    answered = predict(digits.images(), digits.weights()).argmax(axis=1)
    return float((answered == digits.labels()).mean())


WRONG = {mistake.id: mistake.function for mistake in mistakes.PREDICT}
COSTS = {ALL_RIGHT: share_right(network.predict), **{words: share_right(WRONG[id_]) for words, id_ in BUGS.items()}}

LAYERS = [
    ("conv", 8, (3, 3), (1, 1), "same"),
    ("pool", (2, 2), (2, 2), "valid"),
    ("conv", 16, (2, 3), (1, 2), "same"),
    ("pool", (3, 2), (1, 1), "same"),
    ("flatten",),
    ("dense", 10),
]
SHAPES = trace_shapes(LAYERS, digits.images().shape[1:])
PARAMETERS = [digits.weights()[place].size + digits.weights()[place + 1].size for place in (0, 2, 4)]

CONV1_PRODUCTS = 8 * 8 * 8 * 3 * 3
CONV2_PRODUCTS = 4 * 2 * 16 * 2 * 3 * 8

PREDICTIONS = [
    Prediction(
        "recall_zeros",
        same_padding(8, 3, 2),
        slips=[
            ((1, 1), "That is for a stride of 1. Here four windows reach over 9 pixels: one is missing."),
            ((1, 0), "One pixel is missing, and the odd one comes last."),
        ],
    ),
    Prediction(
        "recall_pooled",
        pool.max_pool2d(np.zeros((5, 9, 6, 4)), 3).shape,
        slips=[
            ((5, 7, 4, 4), "That is for a stride of 1. The strides default to the pool."),
            ((5, 3, 2, 1), "Pooling keeps the channels."),
        ],
    ),
    Prediction(
        "recall_field",
        receptive_field([(3, 1, 1), (2, 2, 1), (3, 1, 1)])[-1],
        slips=[
            (6, "The last window lies on pooled maps: each of its steps is two pixels wide."),
            (7, "The pool sees one more: 3, then 4, then 4 + 2 · 2."),
        ],
    ),
    Prediction(
        "most_parameters",
        "dense",
        slips=[("conv2", "784. Count the weights of `dense`: one for each number and digit."), ("conv1", "It has 80.")],
    ),
    Prediction(
        "conv1_products",
        CONV1_PRODUCTS,
        slips=[
            (8 * 8 * 8, "That is how many numbers it makes. Each of them is a sum of nine products."),
            (8 * 9, "That is for one window. The kernel is laid on 64 times."),
            (8 * 8 * 9, "There are eight filters."),
        ],
    ),
    Prediction(
        "most_products",
        "conv2",
        slips=[
            ("conv1", "4,608. A number of `conv2` takes more: its window spans 8 channels."),
            ("dense", "1,280, as each weight is used once. In a convolution it is used in every window."),
        ],
    ),
    Prediction(
        "worst_bug",
        min(COSTS, key=lambda words: COSTS[words]),
        slips=[
            ("kernel flipped", "Nearly: one costs a little more."),
            ("border counts", "It is wrong at the border of four rows and two columns, but only by a factor."),
            ("no bias", "The biases shift the maps a little. Most digits are still read."),
        ],
    ),
]

ASSIGNMENT = Assignment(
    name="09_capstone",
    title="Your functions read digits",
    exercises=EXERCISES,
    predictions=PREDICTIONS,
    facts={
        "marks": sum(exercise.marks for exercise in EXERCISES),
        "images": len(digits.images()),
        "parameters": facts.count(sum(PARAMETERS)),
        "dense_parameters": facts.count(PARAMETERS[2]),
        "shapes": " → ".join(str(shape) for shape in SHAPES[:4]),
        "conv2_products": facts.count(CONV2_PRODUCTS),
        "dense_products": facts.count(SHAPES[4][0] * 10),
        "features": SHAPES[4][0],
        "right": f"{COSTS[ALL_RIGHT]:.1%}",
        **{words.replace(" ", "_"): f"{COSTS[words]:.1%}" for words in BUGS},
    },
    lends=[lent.conv2d, lent.max_pool2d, lent.avg_pool2d],
)
