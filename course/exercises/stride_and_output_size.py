"""Notebook 03: how many windows fit, and a kernel that moves in steps."""

from __future__ import annotations

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Prediction, Refusal
from course.exercises import draw, facts, hints, places, sizes
from course.exercises.hand import K, X
from solutions.answers import stride_and_output_size as answers
from solutions.asked import gray
from solutions.mistakes import stride_and_output_size as mistakes
from solutions.reference import conv, shapes

# Every rule has cases of its own kind, so that a fault costs the marks of its rule and no others. Outside the rule in
# question: a stride that leaves nothing over, plain kernels, square images, the same stride both ways.


def _number(rng: np.random.Generator, low: int, high: int) -> int:
    return int(rng.integers(low, high + 1))


def _windows_that_fit(rng: np.random.Generator) -> list[Case]:
    steps, stride = _number(rng, 3, 12), _number(rng, 2, 5)
    # Larger than the stride: else a window for every stride of the image would be right by luck.
    k = stride + _number(rng, 1, 6)
    return [
        Case(n=k + steps, k=k),
        # One window more: no one number is right for all.
        Case(n=k + (steps + 1) * stride, k=k, stride=stride),
        Case(n=k + steps * stride + _number(rng, 1, stride - 1), k=k, stride=stride),
    ]


def _same_count(rng: np.random.Generator) -> list[Case]:
    windows, stride = _number(rng, 3, 12), _number(rng, 2, 5)
    return [
        # An even kernel and a stride that divides n: half the kernel on both sides would make one window too many.
        Case(n=windows * stride, k=2 * _number(rng, 1, 3), stride=stride, padding="same"),
        Case(n=windows * stride, k=2 * _number(rng, 1, 3) + 1, stride=stride, padding="same"),
        Case(n=windows * stride + _number(rng, 1, stride - 1), k=3, stride=stride, padding="same"),
        # A kernel larger than the image.
        Case(n=windows, k=windows + _number(rng, 1, 6), padding="same"),
    ]


def _dilated(rng: np.random.Generator) -> list[Case]:
    # So many pixels that windows which span too much fit as well, and are counted wrongly instead of refused.
    return [
        Case(n=_number(rng, 30, 60), k=3, dilation=2),
        Case(n=_number(rng, 30, 60), k=_number(rng, 4, 6), dilation=3),
    ]


def _just_too_small(rng: np.random.Generator) -> list[Case]:
    k, other = _number(rng, 3, 20), _number(rng, 3, 20)
    return [
        Case(n=k, k=k),
        Case(n=other, k=other, stride=2),
        # (n - k) / stride lies between -1 and 0.
        Refusal(n=k - 1, k=k, stride=_number(rng, 2, 5)),
        Refusal(n=other - 2, k=other),
        # The cells are few enough, but they are spread out.
        Refusal(n=2 * other - 2, k=other, dilation=2),
    ]


OUTPUT_SIZE = Exercise(
    function="output_size",
    reference=shapes.output_size,
    answer=answers.output_size,
    mistakes=mistakes.OUTPUT_SIZE,
    sizes=sizes.count,
    difficulty=2,
    importance=3,
    minutes=10,
    behaviours=[
        Behaviour(
            "windows that fit",
            says='Under "valid" there are floor((n - k) / stride) + 1 windows: a whole number, not a float. The stride '
            "is 1 if none is given.",
            marks=1,
            whole_numbers=True,
            examples=[Case(n=5, k=3, stride=2), Case(n=8, k=3, stride=2)],
            cases=_windows_that_fit,
        ),
        Behaviour(
            "same",
            says='Under "same" there are ceil(n / stride) windows, whatever the kernel.',
            marks=1,
            cases=_same_count,
        ),
        Behaviour(
            "dilation",
            says="A kernel of k cells spans (k - 1) * dilation + 1 pixels, and all of them must fit.",
            marks=1,
            cases=_dilated,
        ),
        Behaviour(
            "too small",
            says='Under "valid", a window that spans more than the n pixels raises a ValueError; one that spans '
            "exactly n fits once.",
            marks=1,
            examples=[Refusal(n=2, k=3, stride=2)],
            cases=_just_too_small,
        ),
    ],
    hints=hints.of("03_stride_and_output_size", "output_size"),
)


def _slide(
    rng: np.random.Generator,
    height: int,
    width: int,
    kernel_height: int,
    kernel_width: int,
    strides: int | tuple[int, int],
) -> Case:
    return Case(
        image=draw.integers(rng, height, width), kernel=draw.kernel(rng, kernel_height, kernel_width), strides=strides
    )


def _steps(rng: np.random.Generator) -> list[Case]:
    twos, threes = 3 + 2 * _number(rng, 2, 3), 2 + 3 * _number(rng, 1, 2)
    return [_slide(rng, twos, twos, 3, 3, 2), _slide(rng, threes, threes, 2, 2, 3)]


def _one_step_each(rng: np.random.Generator) -> list[Case]:
    # 7 leaves nothing over for a window of 3 and a stride of 1 or 2, nor 8 for a window of 2 and a stride of 2 or 3.
    return [_slide(rng, 7, 7, 3, 3, (2, 1)), _slide(rng, 7, 7, 3, 3, (1, 2)), _slide(rng, 8, 8, 2, 2, (2, 3))]


def _leftovers(rng: np.random.Generator) -> list[Case]:
    twos, threes = 4 + 2 * _number(rng, 1, 2), 2 + 3 * _number(rng, 1, 2) + _number(rng, 1, 2)
    return [_slide(rng, twos, twos, 3, 3, 2), _slide(rng, threes, threes, 2, 2, 3)]


def _any_size(rng: np.random.Generator) -> list[Case]:
    rows, columns = draw.two_counts(rng)
    return [
        _slide(rng, 2 * rows + 1, 2 * columns + 1, 3, 3, 2),
        _slide(rng, 7, 7, 1, 3, 2),
        _slide(rng, 2 * columns, 2 * rows + 2, 2, 4, 2),
        _slide(rng, 3 * rows, 3 * columns + 1, 3, 1, 3),
    ]


def _numbers_kept(rng: np.random.Generator) -> list[Case]:
    side = 3 + 2 * _number(rng, 1, 2)
    return [
        Case(image=draw.integers(rng, side, side).astype(int), kernel=draw.halves(rng, 3, 3), strides=2),
        # At least 9 * 100 * 0.5 in every window: far beyond 255.
        Case(image=draw.pixels(rng, side, side), kernel=abs(draw.halves(rng, 3, 3)), strides=2),
        # An image of halves: who makes whole numbers of it first loses them.
        Case(image=draw.halves(rng, side, side), kernel=draw.kernel(rng, 3, 3), strides=2),
        # Five decimals in every sum: who rounds loses some.
        Case(image=draw.fine(rng, side, side), kernel=draw.odd_total(draw.kernel(rng, 3, 3)), strides=2),
    ]


def _too_small(rng: np.random.Generator) -> list[Case]:
    low, wide = _slide(rng, 2, 5, 3, 3, 2), _slide(rng, 5, 3, 4, 4, (1, 2))
    return [_slide(rng, 3, 3, 3, 3, 2), Refusal(**low.arguments), Refusal(**wide.arguments)]


CONV2D_STRIDED = Exercise(
    function="conv2d_strided",
    reference=gray.conv2d_strided,
    answer=answers.conv2d_strided,
    mistakes=mistakes.CONV2D_STRIDED,
    windows=places.gray,
    sizes=sizes.gray,
    difficulty=2,
    importance=3,
    minutes=12,
    behaviours=[
        Behaviour(
            "steps",
            says="The number at row i, column j is the sum of the window that starts at row i * stride, column "
            "j * stride.",
            marks=1,
            examples=[Case(image=X.astype(float), kernel=K.astype(float), strides=2)],
            cases=_steps,
        ),
        Behaviour(
            "height first",
            says="A pair of strides is (height, width); one number stands for both.",
            marks=1,
            examples=[Case(image=X.astype(float), kernel=K.astype(float), strides=(2, 1))],
            cases=_one_step_each,
        ),
        Behaviour(
            "leftovers",
            says="A window that would hang over the edge is left out.",
            marks=1,
            cases=_leftovers,
        ),
        Behaviour(
            "any size",
            says="The image and the kernel may be wider than they are tall, or taller than they are wide.",
            marks=1,
            cases=_any_size,
        ),
        Behaviour(
            "numbers kept",
            says="The sums keep their fraction, their sign and their size, even where the image holds whole numbers or "
            "bytes; the image and the kernel stay as they are.",
            marks=1,
            cases=_numbers_kept,
            inputs_unchanged=True,
        ),
        Behaviour(
            "too small",
            says="An image into which not even one window fits raises a ValueError.",
            marks=1,
            cases=_too_small,
        ),
    ],
    hints=hints.of("03_stride_and_output_size", "conv2d_strided"),
)

EXERCISES = [OUTPUT_SIZE, CONV2D_STRIDED]

RECALL_IMAGE, RECALL_KERNEL = (7, 9), (3, 2)
TURNED = np.array([[1, 2], [3, 4]])
LARGEST = (2, 5)
THIRTEEN = {"n": 13, "k": 5, "stride": 4}
ELEVEN = {"n": 11, "k": 3, "stride": 3}
TOO_SMALL = {"n": 2, "k": 3, "stride": 2}


def _starts(n: int, k: int, stride: int) -> list[int]:
    return list(range(0, n - k + 1, stride))


def _left_over(n: int, k: int, stride: int) -> int:
    return n - (_starts(n, k, stride)[-1] + k)


DILATED = conv.conv2d(X[None, :, :, None], K[:, :, None, None], dilation_rate=2)[0, :, :, 0]
STEP_ONE, STEP_TWO, STEP_THREE, TWO_DOWN, TWO_RIGHT = (
    gray.conv2d_strided(X, K, strides) for strides in (1, 2, 3, (2, 1), (1, 2))
)

PREDICTIONS = [
    Prediction(
        "recall_shape",
        gray.conv2d_valid(np.zeros(RECALL_IMAGE), np.zeros(RECALL_KERNEL)).shape,
        slips=[
            ((6, 7), "Rows go with rows: 7 rows with a kernel 3 tall, 9 columns with a kernel 2 wide."),
            ((4, 7), "One window more: n - k + 1."),
            (RECALL_IMAGE, "Without padding the output shrinks: n - k + 1."),
        ],
    ),
    Prediction(
        "recall_turned",
        int(np.rot90(TURNED, 2)[0, 0]),
        slips=[
            (int(TURNED[0, 1]), "That is the kernel mirrored left to right. 180 degrees is a flip both ways."),
            (int(TURNED[1, 0]), "That is the kernel mirrored top to bottom. 180 degrees is a flip both ways."),
            (int(TURNED[0, 0]), "That is the kernel as it is. Half a turn brings the last number to the front."),
        ],
    ),
    Prediction(
        "recall_moved",
        (LARGEST[0], LARGEST[1] + 1),
        slips=[
            (LARGEST, "When the image moves, its feature map moves with it."),
            ((LARGEST[0] + 1, LARGEST[1]), "That is one row down. To the right is the next column."),
            ((LARGEST[0], LARGEST[1] - 1), "That is to the left. Columns are counted from the left."),
        ],
    ),
    Prediction(
        "window_starts",
        _starts(**THIRTEEN),
        slips=[
            ([0, 4, 8, 12], "A window that starts at 12 would need pixels 13 to 16, which are not there."),
            ([0, 5], "You moved by the size of the window. The stride is 4."),
            ([0, 1, 2, 3, 4, 5, 6, 7, 8], "That is a stride of 1."),
            ([1, 5, 9], "Counting starts at 0, and the first window at the first pixel."),
            ([0, 4], "One more fits: it starts at 8 and ends at pixel 12, the last one."),
        ],
    ),
    Prediction(
        "window_count",
        shapes.output_size(**ELEVEN),
        slips=[
            (4, "You rounded up: a fourth window would start at 9 and need pixel 11. Round down."),
            (2, "You counted the steps. There is one window more than there are steps."),
            (9, "That is a stride of 1."),
        ],
    ),
    Prediction(
        "left_over",
        _left_over(**ELEVEN),
        slips=[
            (0, "Where does the last window start, and at which pixel does it end?"),
            (1, "The last window covers pixels 6, 7 and 8. The last pixel is number 10."),
        ],
    ),
    Prediction(
        "dilated",
        DILATED.tolist(),
        slips=[
            (STEP_TWO.tolist(), "That is a stride of 2. With a dilation the cells of one window lie apart."),
            (STEP_ONE.tolist(), "That is the plain kernel. Here its cells lie on every second pixel."),
            ((-DILATED).tolist(), "The sign is turned round: 1 meets the left pixels, -1 the right ones."),
            (float(DILATED[0, 0]), "The number is right. As an output it is one row with one column: [[...]]."),
            (DILATED[0].tolist(), "The number is right. An output has rows and columns: [[...]]."),
        ],
    ),
    Prediction(
        "two_down",
        TWO_DOWN.tolist(),
        slips=[
            (TWO_RIGHT.tolist(), "That is (1, 2). The height comes first: two rows down, one column to the right."),
            (STEP_TWO.tolist(), "That is a stride of 2 both ways. To the right it moves by one column here."),
        ],
    ),
    Prediction(
        "two_right",
        TWO_RIGHT.tolist(),
        slips=[
            (TWO_DOWN.tolist(), "That is (2, 1). The height comes first: one row down, two columns to the right."),
            (STEP_TWO.tolist(), "That is a stride of 2 both ways. Downwards it moves by one row here."),
        ],
    ),
    Prediction(
        "step_three",
        STEP_THREE.tolist(),
        slips=[
            (STEP_TWO.tolist(), "That is a stride of 2. A second window would start at 3 and need pixel 5."),
            (float(STEP_THREE[0, 0]), "The number is right. As an output it is one row with one column: [[...]]."),
            (STEP_THREE[0].tolist(), "The number is right. An output has rows and columns: [[...]]."),
        ],
    ),
]


def _table(rows: list[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _size_row(n: int) -> tuple[str, ...]:
    quotient = facts.number((n - 3) / 2 + 1)
    return str(n), quotient, str(shapes.output_size(n, 3, 2)), str(_left_over(n, 3, 2))


PHOTO = (427, 640)


def _cost_row(stride: int) -> tuple[str, ...]:
    rows, columns = (shapes.output_size(side, 3, stride) for side in PHOTO)
    return str(stride), f"{rows} x {columns}", facts.count(rows * columns), facts.count(rows * columns * 9)


def _in_a_window(n: int, k: int, stride: int) -> int:
    return len({start + cell for start in _starts(n, k, stride) for cell in range(k)})


SAME_EXAMPLE = {"n": 7, "k": 3, "stride": 2}
SKIPPING = (8, 11)

ASSIGNMENT = Assignment(
    name="03_stride_and_output_size",
    title="Stride and output size",
    exercises=EXERCISES,
    predictions=PREDICTIONS,
    facts={
        "marks": sum(exercise.marks for exercise in EXERCISES),
        "image": facts.matrix(X),
        "kernel": facts.matrix(K),
        "first_sum": facts.number(STEP_TWO[0, 0]),
        "second_sum": facts.number(STEP_TWO[0, 1]),
        "step_one": facts.matrix(STEP_ONE),
        "step_two": facts.matrix(STEP_TWO),
        "starts_of_8": facts.row(_starts(8, 3, 2)),
        "next_start_of_8": _starts(8, 3, 2)[-1] + 2,
        "missing_pixel_of_8": _starts(8, 3, 2)[-1] + 2 + 3 - 1,
        "table_of_sizes": _table([_size_row(n) for n in range(5, 10)]),
        "too_small_quotient": facts.number((TOO_SMALL["n"] - TOO_SMALL["k"]) / TOO_SMALL["stride"]),
        "floored": (TOO_SMALL["n"] - TOO_SMALL["k"]) // TOO_SMALL["stride"] + 1,
        "truncated": int((TOO_SMALL["n"] - TOO_SMALL["k"]) / TOO_SMALL["stride"]) + 1,
        "same_n": SAME_EXAMPLE["n"],
        "same_windows": shapes.output_size(**SAME_EXAMPLE, padding="same"),
        "photo_height": PHOTO[0],
        "photo_width": PHOTO[1],
        "table_of_costs": _table([_cost_row(stride) for stride in (1, 2, 3, 4)]),
        "seen_pixels": int(np.prod([_in_a_window(side, 2, 3) for side in SKIPPING])),
        "all_pixels": int(np.prod(SKIPPING)),
        "unused": facts.matrix(STEP_ONE[: len(STEP_TWO), : STEP_TWO.shape[1]]),
    },
)
