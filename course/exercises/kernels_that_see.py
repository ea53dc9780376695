"""Notebook 02: what a kernel looks for, cross-correlation and convolution, and what moves with the picture."""

from __future__ import annotations

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Prediction, Refusal
from course.exercises import draw, facts, hints, places, sizes
from course.exercises.hand import K, X
from solutions.answers import kernels_that_see as answers
from solutions.asked import gray, kernels
from solutions.mistakes import kernels_that_see as mistakes

COUNTED = np.arange(1.0, 7.0).reshape(2, 3)
CORNER = np.array([[1.0, 2.0], [0.0, -1.0]])
SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])

# Each begins like a known name, and is none.
NEARLY_NAMES = ("vertical line", "horizontal line", "box blur", "identity matrix", "shift right")
LETTERS = tuple("abcdefghijklmnopqrstuvwxyz")


def _slide(rng: np.random.Generator, height: int, width: int, kernel_height: int, kernel_width: int) -> Case:
    return Case(image=draw.integers(rng, height, width), kernel=draw.kernel(rng, kernel_height, kernel_width))


def _square(rng: np.random.Generator) -> list[Case]:
    side = int(rng.integers(5, 8))
    return [_slide(rng, side, side, 3, 3)]


def _any_size(rng: np.random.Generator) -> list[Case]:
    short = int(rng.integers(4, 6))
    long = short + int(rng.integers(2, 4))
    return [
        _slide(rng, short, long, 3, 2),
        _slide(rng, long, short, 1, int(rng.integers(2, 4))),
        _slide(rng, short, long, 2, 2),
        # As large as the image: one window fits, and the output is 1 x 1.
        _slide(rng, 4, 4, 4, 4),
    ]


FLIP_KERNEL = Exercise(
    function="flip_kernel",
    reference=kernels.flip_kernel,
    answer=answers.flip_kernel,
    mistakes=mistakes.FLIP_KERNEL,
    difficulty=1,
    importance=2,
    minutes=5,
    behaviours=[
        Behaviour(
            "half a turn",
            says="Both axes are reversed, whatever the kernel's height and width, and the weights keep their fraction.",
            marks=1,
            examples=[Case(k=COUNTED)],
            cases=lambda rng: [
                Case(k=draw.kernel(rng, 3, 3)),
                Case(k=draw.kernel(rng, 2, int(rng.integers(4, 6)))),
                Case(k=draw.kernel(rng, 4, 1)),
                Case(k=draw.kernel(rng, 3, 4) + 0.5),
            ],
        ),
        Behaviour(
            "input left alone",
            says="The kernel is the same after the call as before it.",
            marks=1,
            cases=lambda rng: [Case(k=draw.kernel(rng, 3, 3))],
            inputs_unchanged=True,
        ),
    ],
    hints=hints.of("02_kernels_that_see", "flip_kernel"),
)

TRUE_CONVOLUTION = Exercise(
    function="true_convolution",
    reference=gray.convolve,
    answer=answers.true_convolution,
    mistakes=mistakes.TRUE_CONVOLUTION,
    windows=places.flipped,
    sizes=sizes.gray,
    difficulty=2,
    importance=1,
    minutes=8,
    behaviours=[
        Behaviour(
            "kernel flipped",
            says="The kernel is turned by 180 degrees, then laid on every window: multiply cell by cell, and add.",
            marks=1,
            examples=[Case(image=X.astype(float), kernel=K.astype(float))],
            cases=_square,
        ),
        Behaviour(
            "any size",
            says="Image and kernel may have any height and any width, as long as the kernel fits.",
            marks=1,
            examples=[Case(image=X.astype(float), kernel=CORNER)],
            cases=_any_size,
        ),
        Behaviour(
            "fractions",
            says="The sums keep their fraction, sign and size, even where the image holds whole numbers or bytes, and "
            "both arrays stay as they are.",
            marks=1,
            cases=lambda rng: [
                Case(image=draw.integers(rng, 5, 5).astype(int), kernel=draw.halves(rng, 3, 3)),
                # At least 9 * 100 * 0.5 in every window: far beyond 255.
                Case(image=draw.pixels(rng, 5, 5), kernel=abs(draw.halves(rng, 3, 3))),
                # An image of halves: who makes whole numbers of it first loses them.
                Case(image=draw.halves(rng, 5, 5), kernel=draw.kernel(rng, 3, 3)),
                # Five decimals in every sum: who rounds loses some.
                Case(image=draw.fine(rng, 5, 5), kernel=draw.odd_total(draw.kernel(rng, 3, 3))),
            ],
            inputs_unchanged=True,
        ),
    ],
    hints=hints.of("02_kernels_that_see", "true_convolution"),
)


def _size(rng: np.random.Generator) -> tuple[int, int]:
    """Draw an odd height and another odd width: so many pairs that what is shown is seldom asked for again."""
    height, width = rng.choice(np.arange(3, 17, 2), 2, replace=False)
    return int(height), int(width)


def _each_twice(rng: np.random.Generator, *names: str) -> list[Case]:
    """Ask for each kernel in two sizes, in any order: no call may spoil a later one."""
    return [Case(name=str(name), size=_size(rng)) for name in rng.permutation(names * 2)]


def _unknown(rng: np.random.Generator) -> list[Case]:
    return [
        # The name that is hardest to get wrong: K is in the notebook. Three sizes, which nobody can guess.
        *(Case(name="vertical edge", size=_size(rng)) for _ in range(3)),
        Refusal(name="".join(rng.choice(LETTERS, 6))),
        Refusal(name=str(rng.choice(NEARLY_NAMES)), size=_size(rng)),
    ]


DESIGN_KERNEL = Exercise(
    function="design_kernel",
    reference=kernels.design_kernel,
    answer=answers.design_kernel,
    mistakes=mistakes.DESIGN_KERNEL,
    difficulty=2,
    importance=2,
    minutes=10,
    behaviours=[
        Behaviour(
            "edges",
            says='"vertical edge" is the first column minus the last and "horizontal edge" the first row minus the '
            "last, in ones, in any size.",
            marks=1,
            examples=[Case(name="vertical edge"), Case(name="horizontal edge")],
            cases=lambda rng: _each_twice(rng, "vertical edge", "horizontal edge"),
        ),
        Behaviour(
            "blur, copy and shift",
            says='"box" is the mean, "identity" keeps every pixel, and "shift left" takes the right neighbour, in any '
            "size.",
            marks=1,
            examples=[Case(name="box"), Case(name="identity"), Case(name="shift left")],
            cases=lambda rng: _each_twice(rng, "box", "identity", "shift left"),
        ),
        Behaviour(
            "unknown names",
            says="Any name but the five is refused with a ValueError, and the five are not.",
            marks=1,
            cases=_unknown,
        ),
    ],
    hints=hints.of("02_kernels_that_see", "design_kernel"),
)

EXERCISES = [FLIP_KERNEL, TRUE_CONVOLUTION, DESIGN_KERNEL]

IMAGE_SHAPE, KERNEL_SHAPE = (6, 9), (2, 3)
BATCH = (8, 20, 30, 3)
RIGHT_PATCH = X[1:4, 2:]

OUTPUT = gray.conv2d_valid(X, K)
FLIPPED_OUTPUT = gray.conv2d_valid(X, np.flip(K))
LYING_OUTPUT = gray.conv2d_valid(X, K.T)
SOBEL_OUTPUT = gray.conv2d_valid(X, SOBEL)

# One column to the right, with a column of zeros coming in at the left.
MOVED = np.pad(X, ((0, 0), (1, 0)))[:, :-1]
MOVED_OUTPUT = gray.conv2d_valid(MOVED, K)

IDENTITY, SHIFT, BOX = (kernels.design_kernel(name) for name in ("identity", "shift left", "box"))
SHARPEN = 2 * IDENTITY - BOX

PREDICTIONS = [
    Prediction(
        "recall_first_shape",
        (BATCH[0], BATCH[3], BATCH[1], BATCH[2]),
        slips=[
            (BATCH, "That is channels last, as given."),
            ((BATCH[0], BATCH[3], BATCH[2], BATCH[1]), "Height and width keep their order: the height comes first."),
            ((BATCH[3], *BATCH[:3]), "The batch stays in front. The channels come second."),
        ],
    ),
    Prediction(
        "recall_map_shape",
        gray.conv2d_valid(np.zeros(IMAGE_SHAPE), np.zeros(KERNEL_SHAPE)).shape,
        slips=[
            ((4, 6), "One window more: n - k + 1."),
            ((4, 8), "Rows go with rows: 6 rows with a kernel 2 tall, 9 columns with a kernel 3 wide."),
            ((5, 6), "The rows are right. Along the width, too, it is n - k + 1."),
            ((4, 7), "The columns are right. Along the height, too, it is n - k + 1."),
            (IMAGE_SHAPE, "Only windows inside the image count, so the output is smaller: n - k + 1."),
        ],
    ),
    Prediction(
        "recall_sum",
        int(gray.window_sum(RIGHT_PATCH, K)),
        slips=[
            (int(-gray.window_sum(RIGHT_PATCH, K)), "You turned the signs round: left column minus right column."),
            (int(gray.window_sum(RIGHT_PATCH, K.T)), "You took top row minus bottom row. K subtracts columns."),
            (0, "A matrix product adds up to that. Multiply cell by cell with K, then add."),
        ],
    ),
    Prediction(
        "turned_output",
        FLIPPED_OUTPUT.tolist(),
        slips=[
            (OUTPUT.tolist(), "That is the output for K as it is. Write K turned round beside it first."),
            (np.flip(OUTPUT).tolist(), "You turned the output. The kernel is turned, and the windows stay in place."),
        ],
    ),
    Prediction(
        "lying_first_row",
        LYING_OUTPUT[0].tolist(),
        slips=[
            (OUTPUT[0].tolist(), "That is the row for K itself. Now it is top row minus bottom row."),
            ((-LYING_OUTPUT[0]).tolist(), "The signs are turned round: it is top minus bottom."),
            (OUTPUT[:, 0].tolist(), "You transposed the output. Only the kernel is transposed."),
        ],
    ),
    Prediction(
        "sobel_first_row",
        SOBEL_OUTPUT[0].tolist(),
        slips=[
            (OUTPUT[0].tolist(), "That is the row for K. Sobel counts the middle row twice."),
            ((2 * OUTPUT[0]).tolist(), "Only the middle row of each window counts twice."),
            ((-SOBEL_OUTPUT[0]).tolist(), "The signs are turned round: it is left minus right."),
        ],
    ),
    Prediction(
        "moved_first_row",
        MOVED_OUTPUT[0].tolist(),
        slips=[
            (OUTPUT[0].tolist(), "That is the row before the move."),
            ([0, *OUTPUT[0, :2].tolist()], "The last two are right. Zeros came into the image, not into the output."),
            (np.roll(OUTPUT[0], 1).tolist(), "The last two are right. Nothing comes round from the other side."),
            ([*OUTPUT[0, 1:].tolist(), 0], "You moved it to the left. The picture has moved to the right."),
        ],
    ),
]

ASSIGNMENT = Assignment(
    name="02_kernels_that_see",
    title="Kernels that see",
    exercises=EXERCISES,
    predictions=PREDICTIONS,
    facts={
        "marks": sum(exercise.marks for exercise in EXERCISES),
        "image": facts.matrix(X),
        "kernel": facts.matrix(K),
        "lying_kernel": facts.matrix(K.T),
        "box": r"\frac{1}{9}" + facts.matrix(9 * BOX),
        "identity": facts.matrix(IDENTITY),
        "shift": facts.matrix(SHIFT),
        "sharpen": r"\frac{1}{9}" + facts.matrix(9 * SHARPEN),
        "right_patch": RIGHT_PATCH.tolist(),
        "recall_batch": BATCH,
        "recall_image": IMAGE_SHAPE,
        "recall_kernel": KERNEL_SHAPE,
        "counted": facts.matrix(COUNTED),
        "counted_turned": facts.matrix(kernels.flip_kernel(COUNTED)),
        "counted_mirrored": facts.matrix(COUNTED[:, ::-1]),
        "counted_transposed": facts.matrix(COUNTED.T),
        "counted_quarter": facts.matrix(np.rot90(COUNTED)),
        "output": facts.matrix(OUTPUT),
        "turned_kernel": facts.matrix(np.flip(K)),
        "turned_output": facts.matrix(FLIPPED_OUTPUT),
        "lying_output": facts.matrix(LYING_OUTPUT),
        "sobel": facts.matrix(SOBEL),
        "sobel_output": facts.matrix(SOBEL_OUTPUT),
        "identity_output": facts.matrix(gray.conv2d_valid(X, IDENTITY)),
        "shift_output": facts.matrix(gray.conv2d_valid(X, SHIFT)),
        "shift_convolved": facts.matrix(gray.convolve(X, SHIFT)),
        "moved": facts.matrix(MOVED),
        "moved_output": facts.matrix(MOVED_OUTPUT),
        "moved_kept": facts.number((MOVED_OUTPUT[:, 1:] == OUTPUT[:, :-1]).sum()),
        "moved_new": facts.number(MOVED_OUTPUT[:, 0].size),
        "moved_changed": facts.number((MOVED_OUTPUT != OUTPUT).sum()),
        "moved_all": facts.number(MOVED_OUTPUT.size),
    },
)
