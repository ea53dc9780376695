"""Notebook 01: one window of an image becomes one number, and every window in turn makes a feature map."""

from __future__ import annotations

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Hint, Prediction
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
    hints=[
        Hint(
            "I do not know how to start",
            question="What do you do with one pixel and its weight? And with the products, when you have them all?",
            pointer="One product for each cell, and one total for all of them, which starts at 0.",
            near_code="`rows, columns = kernel.shape`, then a loop `for i in range(rows):` and in it a loop "
            "`for j in range(columns):`. Inside both: `total += patch[i, j] * kernel[i, j]`.",
            about=["not solved yet", "F1"],
        ),
        Hint(
            "I get one number, but a wrong one",
            question="What has to come out for the patch `[[1, 2], [3, 4]]` and the kernel `[[0, 1], [0, 0]]`, and "
            "what comes out of your function?",
            pointer="With a single 1 in the kernel the sum is the pixel that it meets, here the 2. Any other pixel: "
            "the kernel is turned. Any other number: something is added or divided that should not be.",
            near_code="Each product is `patch[i, j] * kernel[i, j]`, with the same `i` and `j` twice. The products are "
            "added, and that is all.",
            about=["one number: values", "M1", "M2a", "M2b", "M3", "F12", "M6", "F14", "F15"],
        ),
        Hint(
            "I get 0 for the first window of X with K",
            question="Does each pixel meet one weight, or a whole column of weights?",
            pointer="`@` and `np.dot` multiply matrices. `*` multiplies cell by cell.",
            near_code="Make `products = patch * kernel`, then add up every cell of `products`.",
            about=["M5a", "M5b"],
        ),
        Hint(
            "I get a row of numbers, or a table, not one number",
            question="How many numbers are left when you add down the columns only?",
            pointer="`sum` with an `axis` adds along that axis alone. Without one it adds everything.",
            near_code="With loops: `total = 0.0` once, above both loops; `total += patch[i, j] * kernel[i, j]` inside; "
            "`return total` below both.",
            about=["F3a", "F3b", "F4"],
        ),
        Hint(
            "Only the first products are in my sum, or only the last",
            question="How often does your code run through the line that sets the total to 0, and how often through "
            "`return`?",
            pointer="Once each: both stand outside the loops. What is indented below a loop is done again at every "
            "turn.",
            near_code="`total = 0.0` above both loops; `total += ...` in the inner one, with `+=` and not `=`; "
            "`return total` below both.",
            about=["F2a", "F2b", "F13a", "F13b"],
        ),
        Hint(
            "It works for 3 x 3 but not for one row, or stops with an IndexError",
            question="Which number in your code is the height of the window, and which is its width?",
            pointer="`kernel.shape` holds both: the height first, then the width.",
            near_code="`rows, columns = kernel.shape`, then `range(rows)` outside and `range(columns)` inside.",
            about=["any size", "any size: raised", "M15", "M56", "F5"],
        ),
        Hint(
            "The fraction of my sum is gone, or with bytes the sum is far too small",
            question="What is the dtype of the patch, of the products, and of what you return?",
            pointer="Bytes added to bytes wrap round at 256, and `int(...)` cuts fractions off. Read "
            '"Numbers with a fraction" again.',
            near_code="Turn the pixels into floats before you multiply, `patch.astype(float)`, and return the sum as "
            "it is.",
            about=["fractions: values", "M41", "M42"],
        ),
        Hint(
            "My number is right, but the check says that the patch has changed",
            question="Which line of yours writes into `patch`?",
            pointer='`patch *= kernel` writes the products over the pixels. Read "Leave the input alone" again.',
            near_code="Give the products a new name: `products = patch * kernel`.",
            about=["input left alone: input changed", "M43"],
        ),
    ],
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
    hints=[
        Hint(
            "I do not know how to start",
            question="Which rows and columns does the second window of the first row cover? Where does its sum go?",
            pointer="Two loops go through the places of the output. At each place a slice cuts the window, and your "
            "`window_sum` does the rest.",
            near_code="`for i in range(rows):` and in it `for j in range(columns):`; inside both "
            "`patch = image[i : i + kernel_height, ...]` with the columns added, then `out[i, j] = ...`.",
            about=["not solved yet", "F1"],
        ),
        Hint(
            "My shape is right, but the numbers are not",
            question="Take a 3 x 3 kernel of zeros with a single 1 at row 0, column 2. Which part of the image has to "
            "come out, and what comes out of your function?",
            pointer="The image without its first two columns and its last two rows. Another part: the kernel is "
            "turned, or rows and columns are swapped. Other numbers: something is divided, cut off, or multiplied as "
            "matrices.",
            near_code="`out[i, j] = window_sum(image[i : i + kernel_height, j : j + kernel_width], kernel)`: `i` for "
            "rows and `j` for columns on both sides, and the kernel as it is.",
            about=[
                "every window: values",
                "M1",
                "M2a",
                "M2b",
                "M3",
                "F12",
                "M4",
                "M5",
                "M6",
                "F16",
                "M3b",
                "M48",
                "M54a",
                "M54b",
            ],
        ),
        Hint(
            "My output is one row and one column too small, or its last row and column are 0",
            question="How many windows of 3 fit into 3 pixels? What does your count say?",
            pointer="`range(n - k)` stops at n - k - 1. The last window starts at n - k.",
            near_code="The output has `image.shape[0] - kernel.shape[0] + 1` rows; count its columns in the same way.",
            about=["M7"],
        ),
        Hint(
            "My output is as large as the image, or NumPy says that shapes could not be broadcast",
            question="What is the shape of `X[4:7, 4:7]`?",
            pointer="A slice that runs over the edge comes out short, without a word. Only full windows count.",
            near_code='Make the output as small as the number of windows: see "How many windows fit?".',
            about=["M8a", "M8b", "F8", "F9", "F10"],
        ),
        Hint(
            "It says: TypeError: Cannot interpret '3' as a data type",
            question="How many things do you hand to `np.zeros`?",
            pointer="One: the shape, a pair. What comes after it is taken for the type of the numbers.",
            near_code="Two pairs of parentheses: `np.zeros((rows, columns))`.",
            about=["raised: Cannot interpret"],
        ),
        Hint(
            "It works for X and K, but not for wide images or narrow kernels",
            question="Where does your code use a height in the place of a width?",
            pointer="Print `image.shape` and `out.shape` for an image of 4 rows and 7 columns.",
            near_code="`kernel_height, kernel_width = kernel.shape`; rows are counted with the first, columns with the "
            "second.",
            about=[
                "wide and tall images",
                "wide and tall images: raised",
                "any kernel",
                "any kernel: raised",
                "M15a",
                "M15b",
                "M15c",
                "M15d",
                "F5",
                "F5b",
                "F5c",
                "F6",
                "F7",
            ],
        ),
        Hint(
            "My output is whole numbers where it should have fractions, or has values near 255",
            question="What is the dtype of the array that you write the sums into?",
            pointer="`np.zeros_like(image)` takes over the dtype of the image. `np.zeros(shape)` is float.",
            near_code="`out = np.zeros((rows, columns))`, then `out[i, j] = window_sum(patch, kernel)`.",
            about=["fractions: values", "M41", "M42a", "M42b"],
        ),
        hints.about(hints.ROUNDED, "M42c", "M42d"),
        hints.about(hints.ONE_PASS, "F2a", "F2b", "M39a", "M39b"),
        Hint(
            "The check says that the image has changed",
            question="What does `patch *= kernel` do to the image that the patch was cut from?",
            pointer='A slice is a view: whoever writes into it writes into the image. Read "Leave the input alone" '
            "again.",
            near_code="`products = patch * kernel` makes a new array, and so does `window_sum` if its own check "
            "passes.",
            about=["input left alone: input changed", "M43a", "M43b"],
        ),
    ],
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
