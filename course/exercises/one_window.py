"""Notebook 01: one window of an image becomes one number, and every window in turn makes a feature map."""

from __future__ import annotations

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Prediction
from course.exercises import draw, facts, hints, places, sizes
from course.exercises.hand import K, X
from solutions.answers import one_window as answers
from solutions.asked import gray
from solutions.mistakes import gray as mistakes

ONES = np.ones((3, 3))
PAIR = np.array([[1, -1]])
PATCH = X[:3, :3]


def _window(rng: np.random.Generator, height: int, width: int) -> Case:
    kernel = draw.kernel(rng, height, width)
    return Case(patch=draw.like(rng, kernel), kernel=kernel)


def _slide(rng: np.random.Generator, height: int, width: int, kernel_height: int = 3, kernel_width: int = 3) -> Case:
    return Case(image=draw.integers(rng, height, width), kernel=draw.kernel(rng, kernel_height, kernel_width))


def _any_kernel(rng: np.random.Generator) -> list[Case]:
    side = int(rng.integers(4, 6))
    return [
        _slide(rng, side, side, 1, int(rng.integers(2, 4))),
        _slide(rng, side, side, 3, 2),
        _slide(rng, side, side, 2, 2),
        # As large as the image: one window fits, and the output is 1 x 1.
        _slide(rng, 4, 4, 4, 4),
    ]


def _wide_and_tall(rng: np.random.Generator) -> list[Case]:
    short = int(rng.integers(4, 6))
    long = short + int(rng.integers(2, 4))
    return [_slide(rng, short, long), _slide(rng, long, short)]


def _square(rng: np.random.Generator) -> list[Case]:
    side = int(rng.integers(5, 8))
    return [_slide(rng, side, side)]


# Only the behaviours about fractions have any: an answer that cuts them off is right everywhere else.
WINDOW_SUM = Exercise(
    function="window_sum",
    reference=gray.window_sum,
    answer=answers.window_sum,
    mistakes=mistakes.WINDOW_SUM,
    windows=places.patch,
    difficulty=1,
    importance=3,
    minutes=8,
    behaviours=[
        Behaviour(
            "one number",
            says="Each pixel is multiplied by the weight at the same place, and all the products are added.",
            marks=1,
            examples=[Case(patch=PATCH.astype(float), kernel=K.astype(float))],
            cases=lambda rng: [_window(rng, 3, 3), _window(rng, 3, 3)],
        ),
        Behaviour(
            "any size",
            says="The window may have any height and any width, one row or one column included.",
            marks=1,
            cases=lambda rng: [
                _window(rng, 2, 4),
                _window(rng, 1, int(rng.integers(3, 6))),
                _window(rng, 4, 1),
                # larger than 3 both ways: loops of the wrong length raise, and loops to 3 do not
                Case(patch=draw.distinct(rng, 4, 5), kernel=draw.integers(rng, 4, 5)),
            ],
        ),
        Behaviour(
            "fractions",
            says="The sum keeps its fraction and its size, even where the pixels are whole numbers or bytes.",
            marks=1,
            cases=lambda rng: [
                # The sum of the pixels is odd and every weight ends in .5: so does the answer.
                Case(patch=draw.odd_total(draw.integers(rng, 3, 3).astype(int)), kernel=draw.halves(rng, 3, 3)),
                # At least 9 * 100 * 0.5: far beyond 255.
                Case(patch=draw.odd_total(draw.pixels(rng, 3, 3)), kernel=abs(draw.halves(rng, 3, 3))),
                # Each cell cut to a whole number makes the sum smaller: all weights have one sign.
                Case(patch=abs(draw.halves(rng, 3, 3)), kernel=draw.distinct(rng, 3, 3)),
                # Five decimals in every sum: who rounds loses some.
                Case(patch=draw.fine(rng, 3, 3), kernel=draw.odd_total(draw.kernel(rng, 3, 3))),
            ],
        ),
        Behaviour(
            "input left alone",
            says="The patch and the kernel are the same after the call as before it.",
            marks=1,
            cases=lambda rng: [_window(rng, 3, 3)],
            inputs_unchanged=True,
        ),
    ],
    hints=hints.of("01_one_window", "window_sum"),
)

CONV2D_VALID = Exercise(
    function="conv2d_valid",
    reference=gray.conv2d_valid,
    answer=answers.conv2d_valid,
    mistakes=mistakes.CONV2D_VALID,
    windows=places.gray,
    sizes=sizes.gray,
    difficulty=2,
    importance=3,
    minutes=15,
    behaviours=[
        Behaviour(
            "every window",
            says="The number at row i, column j is the sum of the window whose top-left corner is at row i, column j.",
            marks=2,
            examples=[Case(image=X.astype(float), kernel=K.astype(float))],
            cases=_square,
        ),
        Behaviour(
            "wide and tall images",
            says="The image may be wider than it is tall, or taller than it is wide.",
            marks=1,
            cases=_wide_and_tall,
        ),
        Behaviour(
            "any kernel",
            says="The kernel may have any height and any width, up to those of the image.",
            marks=1,
            examples=[Case(image=X.astype(float), kernel=PAIR.astype(float))],
            cases=_any_kernel,
        ),
        Behaviour(
            "fractions",
            says="The sums keep their fraction, their sign and their size, even where the image holds whole numbers "
            "or bytes.",
            marks=1,
            examples=[Case(image=X, kernel=K / 2)],
            cases=lambda rng: [
                Case(image=draw.integers(rng, 5, 5).astype(int), kernel=draw.halves(rng, 3, 3)),
                # At least 9 * 100 * 0.5 in every window: far beyond 255.
                Case(image=draw.pixels(rng, 5, 5), kernel=abs(draw.halves(rng, 3, 3))),
                # An image of halves: who makes whole numbers of it first loses them.
                Case(image=draw.halves(rng, 5, 5), kernel=draw.kernel(rng, 3, 3)),
                # Five decimals in every sum: who rounds loses some.
                Case(image=draw.fine(rng, 5, 5), kernel=draw.odd_total(draw.kernel(rng, 3, 3))),
            ],
        ),
        Behaviour(
            "input left alone",
            says="The image and the kernel are the same after the call as before it.",
            marks=1,
            cases=_square,
            inputs_unchanged=True,
        ),
    ],
    hints=hints.of("01_one_window", "conv2d_valid"),
)

GRID = np.array([[1, 2, 3], [4, 5, 6]])
SMALL = np.array([[1, 2], [3, 4]])
STRIP_OUTPUT = gray.conv2d_valid(X[:1], K[:1])[0]
SUMS = gray.conv2d_valid(X, ONES)
PAIR_OUTPUT = gray.conv2d_valid(X, PAIR)
OUTPUT = gray.conv2d_valid(X, K)

PREDICTIONS = [
    Prediction(
        "recall_shape",
        GRID.shape,
        slips=[(GRID.shape[::-1], "Rows come first: a shape is (rows, columns).")],
    ),
    Prediction(
        "recall_slice",
        int(GRID[:, 1:].sum()),
        slips=[
            (int(GRID.sum()), "That is the sum of all cells. `1:` leaves out column 0."),
            (int(GRID[1:].sum()), "You left out row 0. The first place is for rows, and `:` there takes all of them."),
            (int(GRID[:, 2:].sum()), "Counting starts at 0: `1:` starts at the second column."),
        ],
    ),
    Prediction(
        "recall_product",
        int((SMALL * SMALL)[1, 1]),
        slips=[(int((SMALL @ SMALL)[1, 1]), "That is the matrix product, `@`. `*` multiplies cell by cell.")],
    ),
    Prediction(
        "strip_output",
        STRIP_OUTPUT.tolist(),
        slips=[
            ((-STRIP_OUTPUT).tolist(), "You turned the weights round. The first weight meets the first number."),
            (STRIP_OUTPUT[:-1].tolist(), "One place is missing: the weights fit at places 0, 1 and 2."),
            (
                np.convolve(X[0], np.ones(3), "valid").tolist(),
                "You added the pixels as they are. Multiply each by its weight first.",
            ),
            (np.cumsum(STRIP_OUTPUT).tolist(), "You carried each sum into the next. Every place starts from 0."),
        ],
    ),
    Prediction(
        "ones_first_row",
        SUMS[0].tolist(),
        slips=[
            (SUMS[:, 0].tolist(), "That is the first column. Along a row the window moves to the right."),
            (np.round(SUMS[0] / 9, 3).tolist(), "You took the mean. One window gives the sum of its products."),
            (OUTPUT[0].tolist(), "That is the first row with K. Here every weight is 1."),
        ],
    ),
    Prediction(
        "pair_shape",
        PAIR_OUTPUT.shape,
        slips=[
            (PAIR_OUTPUT.shape[::-1], "Rows come first. The kernel is one row tall, so no row is lost."),
            (
                (OUTPUT.shape[0], PAIR_OUTPUT.shape[1]),
                "The columns are right. Only one row tall, the kernel fits 5 times.",
            ),
            (X.shape, "Two columns wide, the kernel fits 4 times into 5 columns."),
            (OUTPUT.shape, "That is the shape for a 3 x 3 kernel. This one is one row tall and two columns wide."),
        ],
    ),
    Prediction(
        "pair_first_row",
        PAIR_OUTPUT[0].tolist(),
        slips=[
            ((-PAIR_OUTPUT[0]).tolist(), "The signs are turned round: 1 meets the left pixel, -1 the right one."),
            (
                [*PAIR_OUTPUT[0].tolist(), int(X[0, -1])],
                "The last window hangs over the edge. Only full windows count.",
            ),
            (PAIR_OUTPUT[0, ::2].tolist(), "The window moves by one pixel, so that neighbouring windows overlap."),
        ],
    ),
]

# A colour image of 128 x 128 pixels, and 32 maps of the same size.
SIDE, COLOURS, MAPS = 128, 3, 32
DENSE_WEIGHTS = (SIDE * SIDE * COLOURS) * (SIDE * SIDE * MAPS)
SHARED_WEIGHTS = (3 * 3 * COLOURS + 1) * MAPS
BYTES_PER_WEIGHT = 4

ASSIGNMENT = Assignment(
    name="01_one_window",
    title="One window, one number",
    exercises=[WINDOW_SUM, CONV2D_VALID],
    predictions=PREDICTIONS,
    facts={
        "marks": WINDOW_SUM.marks + CONV2D_VALID.marks,
        "strip": facts.row(X[0]),
        "weights": facts.row(K[0]),
        "strip_first_sum": facts.sum_of_products(X[0, :3], K[0]),
        "image": facts.matrix(X),
        "kernel": facts.matrix(K),
        "patch": facts.matrix(PATCH),
        "products": facts.matrix(PATCH * K),
        "first_sum": facts.number(gray.window_sum(PATCH, K)),
        "matrix_product": facts.matrix(PATCH @ K),
        "matrix_product_sum": facts.number((PATCH @ K).sum()),
        "next_patch": facts.matrix(X[:3, 1:4]),
        "next_products": facts.matrix(X[:3, 1:4] * K),
        "next_sum": facts.number(OUTPUT[0, 1]),
        "third_sum": facts.number(OUTPUT[0, 2]),
        "output": facts.matrix(OUTPUT),
        "first_output_row": facts.row(OUTPUT[0]),
        "ones_output": facts.matrix(SUMS),
        "box_first_row": facts.row(SUMS[0] / 9),
        "box_middle_row": facts.row(SUMS[1] / 9),
        "box_middle_row_cut": facts.row((SUMS[1] / 9).astype(int)),
        "byte_of_minus_one": facts.number(int((np.array([3], np.uint8) - np.array([4], np.uint8))[0])),
        "small_dense_weights": facts.count(X.size * OUTPUT.size),
        "small_outputs": facts.count(OUTPUT.size),
        "small_pixels": facts.count(X.size),
        "small_shared_weights": facts.count(K.size),
        "dense_weights": facts.count(DENSE_WEIGHTS),
        "dense_gigabytes": facts.count(round(DENSE_WEIGHTS * BYTES_PER_WEIGHT / 1e9)),
        "shared_weights": facts.count(SHARED_WEIGHTS),
        "shared_kilobytes": facts.number(round(SHARED_WEIGHTS * BYTES_PER_WEIGHT / 1e3, 1)),
    },
)
