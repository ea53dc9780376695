"""Notebook 04: how much "same" adds on which side, a frame of zeros, and a convolution with all of it."""

from __future__ import annotations

import numpy as np

from autograder.course.exercise import Assignment, Behaviour, Case, Exercise, Hint, Prediction, Refusal
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
    hints=[
        Hint(
            "I do not know how to start",
            question="Five windows of 3, in steps of 1: over how many pixels do they reach? How many of them are "
            "missing, if the image has 5?",
            pointer="Count the windows, then the pixels that they reach over. What the image lacks is the total.",
            near_code="`windows = int(np.ceil(n / stride))`, and they reach over `(windows - 1) * stride + k` pixels. "
            "Share out what is missing: half of it, without a fraction, comes before.",
            about=["not solved yet", "odd kernel", "F1"],
        ),
        Hint(
            "An even kernel comes out wrong",
            question="How many pixels are missing in all for a kernel of 2 and a stride of 1? Can you halve that?",
            pointer="Work out the total first, and share it out in a second step.",
            near_code="`return total // 2, total - total // 2`.",
            about=[
                "odd total",
                "M16",
                "M17",
                "F43a",
                "F43b",
                "F46",
                "F48",
                "F49a",
                "F49b",
                "F51a",
                "F51b",
                "F52",
                "F56",
                "F93",
            ],
        ),
        Hint(
            "It is right for a stride of 1 only",
            question="How many pixels do three windows of 3 reach over, if the stride is 2?",
            pointer="Count the windows, `ceil(n / stride)`. They reach over `(windows - 1) * stride + k` pixels.",
            near_code="`total = max((windows - 1) * stride + k - n, 0)`.",
            about=["with a stride", "M18", "F42", "F43c", "F54"],
        ),
        Hint(
            "I get negative numbers",
            question="What is missing, if the windows need less than the image has?",
            pointer="Pixels may be left over at the end. That is no reason to cut them off.",
            near_code="Put `max(..., 0)` round the total, before you share it out.",
            about=["never below 0: values", "F53"],
        ),
        Hint(
            "I learned another formula",
            question="Does it keep the size even with a stride of 2?",
            pointer='Courses differ. Read "Other courses, other libraries" further down.',
            near_code="Start from the number of windows, `int(np.ceil(n / stride))`, and leave the other one aside.",
            about=["M20a", "M20b", "M21"],
        ),
    ],
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
    hints=[
        Hint(
            "I do not know how to start",
            question="How many rows and columns does the image have with its frame?",
            pointer="Make an array of that size first, full of the frame's value. Then put the image into it.",
            near_code="`out = np.full((top + height + bottom, ...), value, dtype=float)`, with the columns added; then "
            "one line that sets a slice of `out` to `image`.",
            about=["not solved yet", "F1", "F57"],
        ),
        Hint(
            "The frame is right, but the image is in the wrong place",
            question="In which row of the large array does row 0 of the image end up?",
            pointer="There are `top` rows above it and `left` columns before it.",
            near_code="`out[top : top + height, left : left + width] = image`.",
            about=["four sides: values", "F51a", "F55a"],
        ),
        Hint(
            "NumPy could not broadcast, or the image is gone, when a side gets nothing",
            question="What is `X[1:-0]`?",
            pointer="-0 is 0, and a slice that ends at 0 is empty.",
            near_code="Do not count the end from behind: `top : top + height`.",
            about=["nothing to add: shape", "nothing to add: raised", "M27"],
        ),
        Hint(
            "It stops where I read the pads, or the frame is too wide or too thin somewhere",
            question="How many things does `((1, 2), (3, 4))` hold: two or four?",
            pointer="Two, and each of them is a pair: above and below first, then left and right. Python can take "
            "pairs apart within pairs.",
            near_code="`(top, bottom), (left, right) = pads`.",
            about=["M22", "M23", "F55b", "F55c", "F58", "F59"],
        ),
        Hint(
            "The frame holds 10 where it should hold 10.5",
            question="What is the dtype of the array that you put the frame into?",
            pointer="`np.zeros_like` and `np.pad` keep the type of the image.",
            near_code="`out = np.full((rows, columns), value, dtype=float)`.",
            about=["M42"],
        ),
        Hint(
            "The frame does not hold the value it is given",
            question="Where in your function is `value` read?",
            pointer="`np.zeros` and a plain `np.pad` put zeros into the frame, whatever `value` is.",
            near_code="`out = np.full((rows, columns), value, dtype=float)`.",
            about=["value: values", "F50"],
        ),
    ],
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
    hints=[
        Hint(
            "I do not know how to start",
            question='What is still to be done once the image has its frame? And what under "valid"?',
            pointer="The same in both cases: all that `conv2d_strided` does. Only the frame is new, and it goes round "
            "the image, before a window is cut.",
            near_code='`if padding == "same":`, and below it the line that puts the frame round `image`; after that '
            "the lines of `conv2d_strided`, for both paddings.",
            about=["not solved yet", "F1", "F10", "F19", "F41", "M25"],
        ),
        hints.about(
            hints.FIRST_NUMBER,
            "M1",
            "M2a",
            "M2b",
            "M3",
            "M3b",
            "F12",
            "M5",
            "M6",
            "M48",
            "M54a",
            "M54b",
            "F3a",
            "F3b",
            "F4",
        ),
        Hint(
            'Under "same" my output is one row and one column too small or too large',
            question="What does your `same_padding` give for this size and this kernel? Do both numbers arrive?",
            pointer="An even kernel needs an odd number of zeros, which are not the same on both sides.",
            near_code="`image = pad2d(image, (same_padding(height, kernel_height, step_down), "
            "same_padding(width, kernel_width, step_right)))`.",
            about=["same: shape", "M16", "F43a", "F43b", "F43c", "F48", "F49a", "F49b", "F52", "F59"],
        ),
        Hint(
            "The shape is right, but the numbers are those of another place",
            question="Which pixel of the image is at the top left of your first window?",
            pointer="The odd row comes last. With too much at the top, every window starts too high.",
            near_code="before = `total // 2`, after = `total - total // 2`; the windows start at row 0 of the padded "
            "array.",
            about=["odd total: values", "M17", "F51a", "F51b", "F56", "F93"],
        ),
        Hint(
            "With strides my rows or columns are too many, too few, or not the right ones",
            question="Does your `conv2d_strided` pass its check, with a pair of strides, too?",
            pointer="Height first: `step_down` belongs to rows and heights, `step_right` to columns and widths. Only "
            "full windows count, and dividing comes before adding 1.",
            near_code="`step_down, step_right = strides if isinstance(strides, tuple) else (strides, strides)`; there "
            "are `(height - kernel_height) // step_down + 1` rows, and row i starts at `i * step_down`; columns "
            "likewise.",
            about=[
                "valid",
                "M7a",
                "M7b",
                "M8",
                "M8b",
                "M9",
                "M44",
                "M45",
                "M46",
                "M47",
                "M10a",
                "M10b",
                "M11",
                "M12",
                "M13",
                "M15a",
                "F9",
                "F11",
                "F17",
                "F18a",
                "F18b",
                "F45",
                "F47",
                "F47b",
                "F89",
                "F96",
            ],
        ),
        Hint(
            'The check says "not refused"',
            question="What does your function return for 2 rows and a kernel of 3? What does it have to do?",
            pointer="`np.zeros` makes an empty array without a word. Somebody has to raise the ValueError.",
            near_code="Count with your `output_size`, or write `if kernel_height > height or kernel_width > width:` "
            "and raise the ValueError below it.",
            about=["valid: not refused", "M14", "F40"],
        ),
        Hint(
            "It stops: a float cannot be interpreted as an integer",
            question="What does your `same_padding(5, 3)` return: `(1, 1)` or `(1.0, 1.0)`?",
            pointer="`np.ceil` rounds up, but what it gives is still a float. Pixels are counted with whole numbers.",
            near_code="`windows = int(np.ceil(n / stride))` in `same_padding`.",
            about=["raised: cannot be interpreted as an integer"],
        ),
        Hint(
            "NumPy says that shapes could not be broadcast",
            question="Which array do you cut the windows from, and which one do you count them in?",
            pointer="After padding there is only one image: the padded one. Read its height and width again.",
            near_code="`image = pad2d(image, pads)`, and only then `height, width = image.shape`.",
            about=["M26"],
        ),
        Hint(
            "It works for X and K, but not for wide images or wide kernels",
            question="How much does a kernel with one row and three columns need above the image?",
            pointer="Each axis has its own padding, from its own size, kernel side and stride.",
            near_code="Call `same_padding` twice: with the heights and `step_down`, with the widths and `step_right`.",
            about=["wide and tall", "wide and tall: raised", "M22", "F55", "F58"],
        ),
        Hint(
            'Under "same" it is right for a stride of 1 only',
            question="What does your `same_padding(7, 3, 3)` return, and what do you call it with?",
            pointer="There are ceil(n / stride) windows, and the padding follows from their number. So it has to know "
            "the stride, and the windows have to move by it under both paddings.",
            near_code="`same_padding(height, kernel_height, step_down)`; in the padded image there are "
            "`(height - kernel_height) // step_down + 1` rows, and window i starts at `i * step_down`.",
            about=["same with strides", "M18", "M20a", "M20b", "M20c", "M21", "F42", "F53", "F54"],
        ),
        hints.about(hints.NOT_SQUARE, "M4", "M15b", "M15c", "M15d", "F5", "F5b", "F5c", "F6", "F7"),
        hints.about(
            hints.NUMBERS_KEPT,
            "numbers kept: values",
            "numbers kept: input changed",
            "M41",
            "M42a",
            "M42b",
            "M43a",
            "M43b",
        ),
        hints.about(hints.ONE_PASS, "F2a", "F2b", "M39a", "M39b"),
    ],
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
