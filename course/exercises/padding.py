"""Notebook 04: how much "same" adds on which side, a frame of zeros, and a convolution with all of it."""

from __future__ import annotations

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Prediction, Refusal
from course.exercises import draw, facts, hints, places, sizes
from course.exercises.draw import FloatArray
from course.exercises.hand import A, K, X
from solutions.answers import padding as answers
from solutions.asked import gray
from solutions.mistakes import padding as mistakes
from solutions.reference import shapes
from solutions.reference.shapes import Pair

CORNER = np.array([[1, -1], [0, 2]])


# Every rule has cases of its own kind, so that a fault costs the marks of its rule and no others. Outside the rule in
# question: a stride of 1, an even total of padding, and the same padding both ways.


def _number(rng: np.random.Generator, low: int, high: int) -> int:
    return int(rng.integers(low, high + 1))


# --- same_padding -------------------------------------------------------------------------------------------------


def _odd_kernel(rng: np.random.Generator) -> list[Case]:
    return [Case(n=_number(rng, 5, 40), k=3), Case(n=_number(rng, 5, 40), k=2 * _number(rng, 2, 6) + 1)]


def _odd_total(rng: np.random.Generator) -> list[Case]:
    return [
        Case(n=_number(rng, 5, 40), k=2),
        Case(n=_number(rng, 5, 40), k=2 * _number(rng, 2, 6)),
        # An odd kernel with an odd total: an even number of pixels in steps of two.
        Case(n=2 * _number(rng, 3, 20), k=2 * _number(rng, 1, 6) + 1, stride=2),
        # A total of 3, 7 or 11, whose half Python's `round` rounds up.
        Case(n=_number(rng, 5, 40), k=4 * _number(rng, 1, 3)),
    ]


def _with_a_stride(rng: np.random.Generator) -> list[Case]:
    stride, windows = _number(rng, 3, 6), _number(rng, 2, 8)
    rest, half = _number(rng, 2, stride - 1), stride // 2 + _number(rng, 1, 4)
    # The total is k - rest, or k - stride where nothing is left over: 2 * half, and then 2 more, so that no one pair is
    # right for both; a stride of 1 needs more. It is so large that it stays above 0 if it is taken for k - stride both
    # times, or if a window is forgotten.
    return [
        Case(n=windows * stride + rest, k=rest + 2 * half, stride=stride),
        Case(n=windows * stride, k=stride + 2 * (half + 1), stride=stride),
    ]


def _no_room_needed(rng: np.random.Generator) -> list[Case]:
    stride, windows = _number(rng, 3, 9), _number(rng, 2, 9)
    # The last window ends before the image does; a kernel of one cell never needs padding.
    return [
        Case(n=windows * stride, k=1, stride=stride),
        Case(n=windows * stride + _number(rng, 2, stride - 1), k=1, stride=stride),
        # Something is added: to return (0, 0) for everything is not enough.
        Case(n=_number(rng, 5, 40), k=2 * _number(rng, 2, 6) + 1),
    ]


SAME_PADDING = Exercise(
    function="same_padding",
    reference=shapes.same_padding,
    answer=answers.same_padding,
    mistakes=mistakes.SAME_PADDING,
    sizes=sizes.pads,
    difficulty=2,
    importance=3,
    minutes=10,
    behaviours=[
        Behaviour(
            "odd kernel",
            says="With a stride of 1, an odd kernel needs (k - 1) / 2 pixels before the image and as many after it. "
            "Both are whole numbers, not floats.",
            marks=1,
            whole_numbers=True,
            examples=[Case(n=5, k=3)],
            cases=_odd_kernel,
        ),
        Behaviour(
            "odd total",
            says="If the total is odd, the extra pixel comes after: before = total // 2, after = total - before.",
            marks=1,
            examples=[Case(n=5, k=2), Case(n=4, k=3, stride=2)],
            cases=_odd_total,
        ),
        Behaviour(
            "with a stride",
            says="The total is what the ceil(n / stride) windows need: (ceil(n / stride) - 1) * stride + k - n.",
            marks=1,
            cases=_with_a_stride,
        ),
        Behaviour(
            "never below 0",
            says="Where the windows need less than the image, nothing is added and nothing is cut off: (0, 0). Where "
            "they need more, that is added.",
            marks=1,
            cases=_no_room_needed,
        ),
    ],
    hints=hints.of("04_padding", "same_padding"),
)


# --- pad2d ----------------------------------------------------------------------------------------------------------


def _four_sides(rng: np.random.Generator) -> list[Case]:
    top, bottom, left, right = (int(side) for side in rng.permutation([1, 2, 3, 4]))
    rows, columns = draw.two_counts(rng)
    return [Case(image=draw.integers(rng, rows, columns), pads=((top, bottom), (left, right)))]


def _value(rng: np.random.Generator) -> list[Case]:
    side = _number(rng, 2, 4)
    return [
        Case(image=draw.integers(rng, 3, 3), pads=((1, 1), (1, 1)), value=-float(_number(rng, 10, 20))),
        # Whole numbers inside, a fraction outside.
        Case(image=draw.integers(rng, side, side).astype(int), pads=((1, 1), (1, 1)), value=_number(rng, 10, 20) + 0.5),
    ]


def _nothing_to_add(rng: np.random.Generator) -> list[Case]:
    return [
        Case(image=draw.integers(rng, 3, 3), pads=((0, 0), (0, 0))),
        # A frame all the same: to give the image back is not enough.
        Case(image=draw.integers(rng, 3, 3), pads=((1, 1), (1, 1))),
    ]


PAD2D = Exercise(
    function="pad2d",
    reference=gray.pad2d,
    answer=answers.pad2d,
    mistakes=mistakes.PAD2D,
    sizes=sizes.framed,
    difficulty=1,
    importance=3,
    minutes=8,
    behaviours=[
        Behaviour(
            "four sides",
            says="Each side gets its own number of pixels: pads are ((top, bottom), (left, right)). The image "
            "that is given stays as it is.",
            marks=1,
            examples=[Case(image=np.array([[1.0, 2.0, 3.0]]), pads=((1, 2), (3, 4)))],
            cases=_four_sides,
            inputs_unchanged=True,
        ),
        Behaviour(
            "value",
            says="The frame holds `value`, fractions included; it is 0 unless another is given.",
            marks=1,
            cases=_value,
        ),
        Behaviour(
            "nothing to add",
            says="A side may get no pixels at all: then the image reaches to the edge there.",
            marks=1,
            cases=_nothing_to_add,
        ),
    ],
    hints=hints.of("04_padding", "pad2d"),
)


# --- conv2d_gray ------------------------------------------------------------------------------------------------------


def _slide(rng: np.random.Generator, image: Pair, kernel: Pair, **options: object) -> Case:
    return Case(image=draw.integers(rng, *image), kernel=draw.kernel(rng, *kernel), **options)


def _valid(rng: np.random.Generator) -> list[Case]:
    short, odd = _number(rng, 4, 6), 2 * _number(rng, 2, 4) + 1
    too_low = _slide(rng, (2, 5), (3, 3), strides=2)
    return [
        _slide(rng, (short, short + 3), (3, 3)),
        _slide(rng, (6, 6), (2, 3), padding="valid"),
        # In steps of two a row and a column are left over.
        _slide(rng, (odd + 1, odd + 1), (3, 3), strides=2),
        Refusal(**too_low.arguments),
    ]


def _same(rng: np.random.Generator) -> list[Case]:
    side = _number(rng, 4, 7)
    return [
        _slide(rng, (side, side), (3, 3), padding="same"),
        Case(image=draw.integers(rng, 7, 7), kernel=draw.distinct(rng, 5, 5, lowest=-12), padding="same"),
    ]


def _odd_pads(rng: np.random.Generator) -> list[Case]:
    side, even = _number(rng, 4, 6), 2 * _number(rng, 2, 4)
    return [
        _slide(rng, (side, side), (2, 2), padding="same"),
        _slide(rng, (6, 6), (4, 4), padding="same"),
        # An odd kernel, and a total of 1 all the same.
        _slide(rng, (even, even), (3, 3), strides=2, padding="same"),
    ]


def _wide_and_tall(rng: np.random.Generator) -> list[Case]:
    short = _number(rng, 4, 6)
    long = short + _number(rng, 2, 3)
    return [
        _slide(rng, (short, long), (3, 3), padding="same"),
        _slide(rng, (6, 6), (1, 3), padding="same"),
        _slide(rng, (long, short), (5, 3), padding="same"),
        # Taller than the image.
        _slide(rng, (2, long), (5, 1), padding="same"),
    ]


def _steps_under_same(rng: np.random.Generator) -> list[Case]:
    odd, fours = 2 * _number(rng, 2, 3) + 1, 4 * _number(rng, 1, 2) + 3
    return [
        _slide(rng, (odd, odd), (3, 3), strides=(1, 2), padding="same"),
        _slide(rng, (odd, odd), (3, 3), strides=(2, 1), padding="same"),
        # (2, 2), where a stride of 1 needs (3, 3).
        Case(
            image=draw.integers(rng, fours, fours),
            kernel=draw.distinct(rng, 7, 7, lowest=-24),
            strides=4,
            padding="same",
        ),
        # The windows end before the image does.
        _slide(rng, (7, 7), (2, 2), strides=4, padding="same"),
    ]


def _numbers_kept(rng: np.random.Generator) -> list[Case]:
    side = _number(rng, 4, 6)
    return [
        Case(image=draw.integers(rng, side, side).astype(int), kernel=draw.halves(rng, 3, 3), padding="same"),
        # At least 9 * 100 * 0.5 in every window: far beyond 255.
        Case(image=draw.pixels(rng, side, side), kernel=abs(draw.halves(rng, 3, 3)), padding="valid"),
        # An image of halves: who makes whole numbers of it first loses them.
        Case(image=draw.halves(rng, side, side), kernel=draw.kernel(rng, 3, 3), padding="valid"),
        # Five decimals in every sum: who rounds loses some.
        Case(image=draw.fine(rng, side, side), kernel=draw.odd_total(draw.kernel(rng, 3, 3)), padding="valid"),
    ]


CONV2D_GRAY = Exercise(
    function="conv2d_gray",
    reference=gray.conv2d_gray,
    answer=answers.conv2d_gray,
    mistakes=mistakes.CONV2D_GRAY,
    windows=places.gray,
    sizes=sizes.gray,
    difficulty=2,
    importance=3,
    minutes=15,
    behaviours=[
        Behaviour(
            "valid",
            says='Under "valid", the default, no zeros are added: only full windows count, and a ValueError says that '
            "none fits.",
            marks=1,
            examples=[Case(image=X.astype(float), kernel=K.astype(float), strides=2)],
            cases=_valid,
        ),
        Behaviour(
            "same",
            says='Under "same", with a stride of 1, zeros go round the image, and the output has its size.',
            marks=1,
            examples=[Case(image=X.astype(float), kernel=K.astype(float), padding="same")],
            cases=_same,
        ),
        Behaviour(
            "odd total",
            says="If an odd number of zeros is needed, the extra row is at the bottom, and the extra column at the "
            "right.",
            marks=2,
            examples=[
                Case(image=X.astype(float), kernel=CORNER.astype(float), padding="same"),
                Case(image=A.astype(float), kernel=K.astype(float), strides=2, padding="same"),
            ],
            cases=_odd_pads,
        ),
        Behaviour(
            "wide and tall",
            says="Height and width are padded apart, each by what its own size and kernel need.",
            marks=1,
            cases=_wide_and_tall,
        ),
        Behaviour(
            "same with strides",
            says='Under "same" the output has ceil(n / stride) rows and columns, and the padding follows from the '
            "stride.",
            marks=1,
            cases=_steps_under_same,
        ),
        Behaviour(
            "numbers kept",
            says="The sums keep their fraction, their sign and their size, even where the image holds whole numbers or "
            "bytes; the image and the kernel stay as they are.",
            marks=1,
            cases=_numbers_kept,
            inputs_unchanged=True,
        ),
    ],
    hints=hints.of("04_padding", "conv2d_gray"),
)

EXERCISES = [SAME_PADDING, PAD2D, CONV2D_GRAY]


# --- predictions and facts --------------------------------------------------------------------------------------------


def _uses(n: int, k: int, pad: int) -> FloatArray:
    """How many windows look at each pixel of an n x n image, with `pad` zeros on every side."""
    along = sum(np.pad(np.ones(k), (start, n + 2 * pad - k - start)) for start in range(n + 2 * pad - k + 1))
    uses: FloatArray = np.outer(along, along)[pad : pad + n, pad : pad + n]
    return uses


def _padded_all_round(image: np.ndarray, kernel: np.ndarray, stride: int, pads: Pair) -> FloatArray:
    return gray.conv2d_strided(gray.pad2d(image, (pads, pads)), kernel, stride)


USED_VALID, USED_PADDED = (_uses(5, 3, pad) for pad in (0, 1))
SAME_ONE, SAME_TWO, SAME_THREE = (gray.conv2d_gray(X, K, stride, "same") for stride in (1, 2, 3))
SAME_CORNER = gray.conv2d_gray(X, CORNER, 1, "same")
CORNER_FIRST = _padded_all_round(X, CORNER, 1, (1, 0))
A_RIGHT = gray.conv2d_gray(A, K, 2, "same")
A_BOTH = _padded_all_round(A, K, 2, (1, 1))
A_PADS = shapes.same_padding(len(A), 3, 2)
CORNER_PADS = shapes.same_padding(len(X), 2)
# (n - 1) * stride + k - n pixels would keep the size of A at a stride of 2; half of that, rounded up, on each side.
KEEPING_PADS = (-(-((len(A) - 1) * 2 + 3 - len(A)) // 2),) * 2
RECALL = {"n": 9, "k": 4, "stride": 2}


def _corner_and_centre(uses: FloatArray) -> list[int]:
    return [int(uses[0, 0]), int(uses[2, 2])]


PREDICTIONS = [
    Prediction(
        "recall_windows",
        shapes.output_size(**RECALL),
        slips=[
            (4, "You rounded up. Only full windows count, so round down."),
            (2, "You counted the steps. There is one window more than there are steps."),
            (6, "That is a stride of 1."),
        ],
    ),
    Prediction(
        "recall_same",
        shapes.output_size(**RECALL, padding="same"),
        slips=[
            (4, 'You rounded down. "same" rounds up: ceil(n / stride).'),
            (9, '"same" keeps the size for a stride of 1 only. Here the stride is 2.'),
            (3, 'That is the count of "valid".'),
        ],
    ),
    Prediction(
        "recall_lost",
        2,
        slips=[
            (3, "That is the height of the kernel. n - k + 1 is how much smaller than n?"),
            (1, "One at the top and one at the bottom: how many in all?"),
        ],
    ),
    Prediction(
        "used_valid",
        _corner_and_centre(USED_VALID),
        slips=[
            (_corner_and_centre(USED_PADDED), "That is with a frame of zeros. Without one, a single window has it."),
            ([1, 1], "Windows overlap. How many of the nine contain the pixel in the middle?"),
            (_corner_and_centre(USED_VALID)[::-1], "The corner comes first, then the centre."),
        ],
    ),
    Prediction(
        "used_padded",
        _corner_and_centre(USED_PADDED),
        slips=[
            (_corner_and_centre(USED_VALID), "That is without the frame. Now windows may start outside the image."),
            ([9, 9], "Then every pixel would be used alike. Draw the windows that contain the top-left pixel."),
            (_corner_and_centre(USED_PADDED)[::-1], "The corner comes first, then the centre."),
        ],
    ),
    Prediction(
        "corner_pads",
        (CORNER_PADS, CORNER_PADS),
        slips=[
            (
                (CORNER_PADS[::-1], CORNER_PADS[::-1]),
                "The extra row is at the bottom, and the extra column at the right.",
            ),
            (((1, 1), (1, 1)), "That is two rows and two columns. A kernel of 2 needs one more pixel in all."),
            (((0, 0), (0, 0)), "Without any padding the output would be 4 x 4."),
            (CORNER_PADS, "Right for one axis. Two pairs are asked for here, one for each axis."),
        ],
    ),
    Prediction(
        "corner_first_row",
        SAME_CORNER[0].tolist(),
        slips=[
            (
                CORNER_FIRST[0].tolist(),
                "You put the zeros above the image and before it. They belong below and behind.",
            ),
            (SAME_CORNER[0, :-1].tolist(), "One more window starts in the last column."),
        ],
    ),
    Prediction(
        "corner_last_row",
        SAME_CORNER[-1].tolist(),
        slips=[
            (
                CORNER_FIRST[-1].tolist(),
                "That has the zeros above the image and before it. They belong below and behind.",
            ),
            (SAME_CORNER[-2].tolist(), "That is the row before the last. The last windows hang over the bottom."),
            (SAME_CORNER[-1, :-1].tolist(), "One more window starts in the last column."),
        ],
    ),
    Prediction(
        "stride_pads",
        A_PADS,
        slips=[
            ((1, 1), "That is for a stride of 1. Two windows in steps of two reach over 5 pixels, and A has 4."),
            (A_PADS[::-1], "The odd pixel comes after the image."),
            ((0, 0), "The second window starts at pixel 2 and needs pixel 4. A has pixels 0 to 3."),
            ((A_PADS, A_PADS), "Right for both axes. One pair is asked for here: (before, after)."),
        ],
    ),
    Prediction(
        "stride_output",
        A_RIGHT.tolist(),
        slips=[
            (
                A_BOTH.tolist(),
                "You put zeros above and before the image. The padding is (0, 1): the first window starts at row 0.",
            ),
            (gray.conv2d_gray(A, K).tolist(), 'That is "valid" with a stride of 1.'),
        ],
    ),
    Prediction(
        "same_three",
        SAME_THREE.tolist(),
        slips=[
            (SAME_ONE[::3, ::3].tolist(), "You kept every third number of stride 1. The frame is another one here."),
            (SAME_TWO.tolist(), "That is a stride of 2."),
            (gray.conv2d_gray(X, K, 3).tolist(), 'That is "valid". Under "same" there are ceil(5 / 3) = 2 rows.'),
        ],
    ),
]


def _table(rows: list[tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in rows)


def _padding_row(n: int, k: int, stride: int) -> tuple[str, ...]:
    windows = shapes.output_size(n, k, stride, "same")
    needed = (windows - 1) * stride + k
    before, after = shapes.same_padding(n, k, stride)
    return str(n), str(k), str(stride), str(windows), str(needed), str(before), str(after)


BRIGHT = np.full((5, 5), 9)

ASSIGNMENT = Assignment(
    name="04_padding",
    title="Padding",
    exercises=EXERCISES,
    predictions=PREDICTIONS,
    facts={
        "marks": sum(exercise.marks for exercise in EXERCISES),
        "shrunk": 128 - 10 * 2,
        "image": facts.matrix(X),
        "kernel": facts.matrix(K),
        "first_patch": facts.matrix(gray.pad2d(X, ((1, 1), (1, 1)))[:3, :3]),
        "first_sum": facts.number(SAME_ONE[0, 0]),
        "same_one": facts.matrix(SAME_ONE),
        "valid": facts.matrix(gray.conv2d_gray(X, K)),
        "bright_same": facts.matrix(gray.conv2d_gray(BRIGHT, K, 1, "same")),
        "bright_mean": facts.matrix(gray.conv2d_gray(BRIGHT, np.ones((3, 3)) / 9, 1, "same")),
        "corner_kernel_in_code": f"`{CORNER.tolist()}`",
        "table_of_padding": _table(
            [
                _padding_row(*row)
                for row in ((5, 3, 1), (5, 2, 1), (5, 4, 1), (5, 3, 2), (6, 3, 2), (5, 3, 3), (224, 7, 2), (8, 3, 4))
            ]
        ),
        "same_two": facts.matrix(SAME_TWO),
        "a": facts.matrix(A),
        "a_right": facts.matrix(A_RIGHT),
        "a_both": facts.matrix(A_BOTH),
        "a_pads": A_PADS,
        "a_pads_first": A_PADS[::-1],
        "a_first": facts.matrix(_padded_all_round(A, K, 2, A_PADS[::-1])),
        "a_pads_keeping": KEEPING_PADS,
        "a_keeping_size": " x ".join(str(side) for side in _padded_all_round(A, K, 2, KEEPING_PADS).shape),
        "a_pads_both": (1, 1),
    },
)
