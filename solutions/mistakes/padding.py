"""Known mistakes with padding: `same_padding`, `pad2d` and `conv2d_gray`.

Most are faults in how much "same" adds on which side. Such a fault is written once, as a frame, and is then a mistake
of `same_padding` and of `conv2d_gray`. Some of them are another course's or library's convention, and their words say
so.

One fault is left out because nothing sets it apart: every second result of stride 1 (M19) is padding for stride 1
(M18).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions.asked.gray import conv2d_gray, conv2d_strided, pad2d
from solutions.faults.around import Around, Function, in_type_given, read_with, returned_with
from solutions.mistakes import Mistake, with_function, with_words
from solutions.mistakes.stride_and_output_size import CONV2D_STRIDED
from solutions.reference.shapes import (
    FloatArray,
    Padding,
    Pair,
    Size,
    float_arrays,
    output_size,
    pair,
    same_padding,
    same_pads,
)

Frame = Callable[[int, int, int], tuple[float, float]]  # pixels, cells, stride -> pixels before and after
Pads = Sequence[Sequence[int]]


# --- how much "same" adds, and where --------------------------------------------------------------------------------


def _total(n: int, k: int, stride: int) -> int:
    return sum(same_padding(n, k, stride))


def _total_for_windows(count: int, n: int, k: int, stride: int) -> int:
    """Count the missing pixels, for a wrong count of windows."""
    return max((count - 1) * stride + k - n, 0)


def _total_to_keep_the_size(n: int, k: int, stride: int) -> int:
    return _total_for_windows(n, n, k, stride)


def _split(total: int) -> Pair:
    """Share out as is right: the odd pixel comes last."""
    return total // 2, total - total // 2


def _rounded_up(total: int) -> Pair:
    return -(-total // 2), -(-total // 2)


def _one_more(total: int) -> Pair:
    return total // 2 + 1, total // 2 + 1


def _to_even(total: int) -> Pair:
    """Share out as Python's `round` does, which takes the even one of two numbers that are equally near."""
    return round(total / 2), total - round(total / 2)


def _uncut(n: int, k: int, stride: int) -> int:
    return (output_size(n, k, stride, "same") - 1) * stride + k - n


def _by_the_kernel(n: int, k: int, stride: int) -> Pair:
    half = _total(n, k, stride) // 2
    return (half, half) if k % 2 else _split(_total(n, k, stride))


FRAMES: dict[str, Callable[[int, int, int], Pair]] = {
    "M16": lambda n, k, stride: (k // 2, k // 2),
    "M17": lambda n, k, stride: same_padding(n, k, stride)[::-1],
    "M18": lambda n, k, stride: same_padding(n, k),
    "M20a": lambda n, k, stride: _rounded_up(_total_to_keep_the_size(n, k, stride)),
    "M20b": lambda n, k, stride: _split(_total_to_keep_the_size(n, k, stride)),
    "M21": lambda n, k, stride: _one_more(_total_to_keep_the_size(n, k, stride)),
    "F42": lambda n, k, stride: _split(_total_for_windows(n // stride, n, k, stride)),
    "F43a": lambda n, k, stride: _one_more(_total(n, k, stride)),
    "F43b": lambda n, k, stride: (_total(n, k, stride) // 2, _total(n, k, stride) // 2 + 1),
    "F43c": lambda n, k, stride: _split(_total_for_windows(n // stride + 1, n, k, stride)),
    "F48": lambda n, k, stride: ((k - 1) // 2, (k - 1) // 2),
    "F49a": lambda n, k, stride: _rounded_up(_total(n, k, stride)),
    "F49b": lambda n, k, stride: (_total(n, k, stride) // 2, _total(n, k, stride) // 2),
    "F51a": lambda n, k, stride: (0, _total(n, k, stride)),
    "F51b": lambda n, k, stride: (_total(n, k, stride), 0),
    "F52": lambda n, k, stride: (_total(n, k, stride), _total(n, k, stride)),
    "F53": lambda n, k, stride: _split(_uncut(n, k, stride)),
    "F54": lambda n, k, stride: _split(max(k - stride, 0)),
    "F56": _by_the_kernel,
    "F93": lambda n, k, stride: _to_even(_total(n, k, stride)),
}

FRAMES_IN_WORDS = """
M16 | half the kernel each side | notebook 04, Other courses, other libraries | convention
PyTorch layers are often given k // 2 pixels on both sides. Here, as in Keras, the total decides, which depends on the
stride, and its odd pixel comes last.

M17 | odd pixel first | notebook 04, An odd number of zeros | convention
Some courses put the odd pixel before the image, at the top or left. Here, as in Keras, it comes after: before = total
// 2, after = the rest.

M18 | stride left out of padding | notebook 04, Same with a stride
You added what a stride of 1 needs. How much is missing depends on the stride, too: max((ceil(n / stride) - 1) * stride
+ k - n, 0).

M20a | size kept, both sides alike | notebook 04, Other courses, other libraries | convention
Some courses pad so that the size stays at any stride, the same on both sides. Here, as in Keras, "same" gives ceil(n /
stride) windows, and the padding follows from that.

M20b | size kept at any stride | notebook 04, Other courses, other libraries | convention
Some courses pad so that the size stays at any stride. Here, as in Keras, "same" gives ceil(n / stride) windows, and the
padding follows from that.

M21 | size kept, then one more | notebook 04, How much is missing?
You padded so that the size stays at any stride, and added 1 to round up, even if nothing needs rounding. Try a 3 x 3
kernel with a stride of 1: it needs (1, 1).

F42 | windows rounded down | notebook 04, Same with a stride
You counted n // stride windows. Under "same" their number is rounded up, ceil(n / stride), and the padding follows from
that.

F43a | one added to both sides | notebook 04, An odd number of zeros
You took total // 2 + 1 for both sides, to round up. Where the total is even that is one too many on each side: before =
total // 2, after = total - before.

F43b | one added after | notebook 04, An odd number of zeros
You always added one pixel more after the image than before it. That is right for an odd total only: after = total -
before.

F43c | one window too many | notebook 04, Same with a stride
You counted n // stride + 1 windows, to round up. Where the stride divides n that is one too many, and the padding is
too large: `-(-n // stride)` is the ceiling.

F48 | even kernel one short | notebook 04, How much is missing? | convention
Some courses add (k - 1) // 2 pixels on both sides, which is enough for odd kernels and a stride of 1. Here, as in
Keras, the total depends on the stride and may be odd: work it out first, then share it out.

F49a | rounded up on both sides | notebook 04, An odd number of zeros
You rounded half of the total up on both sides, which is one pixel too many where it is odd: before = total // 2, after
= total - before.

F49b | rounded down on both sides | notebook 04, An odd number of zeros
You rounded half of the total down on both sides, which is one pixel short where it is odd: before = total // 2, after =
total - before.

F51a | all of it after | notebook 04, An odd number of zeros
You added everything after the image. It is shared out: before = total // 2, after = total - before.

F51b | all of it before | notebook 04, An odd number of zeros
You added everything before the image. It is shared out: before = total // 2, after = total - before.

F52 | total on both sides | notebook 04, An odd number of zeros
You added the total on each side, twice as much as is missing. It is shared out: before = total // 2, after = total -
before.

F53 | padding below zero | notebook 04, Same with a stride
You let the total go below 0 where the stride is larger than the kernel. Nothing is missing there, and nothing is cut
off: take max(..., 0).

F54 | right where the stride divides | notebook 04, Same with a stride
You took k - stride for the total. That is right only where the stride divides n: the total is max((ceil(n / stride) -
1) * stride + k - n, 0).

F56 | evenness of the kernel taken | notebook 04, Same with a stride
You put the same on both sides for every odd kernel. With a stride its total may be odd as well: look at the total, not
at the kernel.

F93 | half rounded to even | notebook 04, An odd number of zeros
You rounded half of the total with `round`. Python rounds 0.5 to 0 but 1.5 to 2, so that some odd pixels come first and
others last: before = total // 2, after = total - before.
"""


def _of_frames(wrong: Callable[[Frame], Function | Around]) -> tuple[Mistake, ...]:
    """Faults in how much is added on which side, as mistakes of a function made from such a frame."""
    return with_words({id_: wrong(frame) for id_, frame in FRAMES.items()}, FRAMES_IN_WORDS)


def _frame_itself(frame: Frame) -> Function:
    return lambda n, k, stride=1: frame(n, k, stride)


SAME_PADDING = _of_frames(_frame_itself) + with_words(
    {
        "F1": _frame_itself(lambda n, k, stride: (0, 0)),
        "F46": _frame_itself(lambda n, k, stride: (_total(n, k, stride) / 2, _total(n, k, stride) / 2)),
    },
    """
F1 | starter not filled in | notebook 04, How much is missing?
You returned (0, 0) whatever was asked. Work out how many pixels are missing, and share them out.

F46 | halves not rounded | notebook 04, An odd number of zeros
You returned halves of a pixel. Pixels are whole: before = total // 2, after = total - before.
""",
)


# --- the frame --------------------------------------------------------------------------------------------------------


def _other_pads(change: Callable[[Pair, Pair], Pads]) -> Around:
    """Put a right frame around the image, but of other widths."""

    def changed(image: ArrayLike, pads: Pads, value: float = 0.0) -> tuple[ArrayLike, Pads, float]:
        (top, bottom), (left, right) = pads
        return image, change((top, bottom), (left, right)), value

    return read_with(pad2d, changed)


def _other_value(change: Callable[[ArrayLike, float], float]) -> Around:
    """Fill the right frame with another value."""
    return read_with(pad2d, lambda image, pads, value=0.0: (image, pads, change(image, value)))


def _repeated(mode: Literal["edge", "reflect"]) -> Function:
    return lambda image, pads, value=0.0: np.pad(float_arrays(image)[0], pads, mode=mode)


def _up_to_minus_the_width(image: ArrayLike, pads: Pads, value: float = 0.0) -> FloatArray:
    """Put the image at `top:-bottom`, which is empty for a bottom of 0."""
    (top, bottom), (left, right) = pads
    framed = np.full_like(pad2d(image, pads), value)
    framed[top:-bottom, left:-right] = image
    return framed


def _in_the_corner(image: ArrayLike, pads: Pads, value: float = 0.0) -> FloatArray:
    framed = np.full_like(pad2d(image, pads), value)
    framed[: np.shape(image)[0], : np.shape(image)[1]] = image
    return framed


def _over_the_image(image: ArrayLike, pads: Pads, value: float = 0.0) -> NDArray[Any]:
    (top, bottom), (left, right) = pads
    pixels = np.asarray(image)
    height, width = pixels.shape
    pixels[:top], pixels[height - bottom :] = value, value
    pixels[:, :left], pixels[:, width - right :] = value, value
    return pixels.copy()


def _cut_to_whole_number(image: ArrayLike, value: float) -> float:
    """Give the frame the type of the image: whole numbers have no room for a fraction."""
    return int(value) if np.issubdtype(np.asarray(image).dtype, np.integer) else value


PAD2D = with_words(
    {
        "M22": _other_pads(lambda rows, columns: (columns, rows)),
        "M23": _other_pads(lambda rows, columns: ((rows[0], rows[0]), (rows[0], rows[0]))),
        "M24a": _repeated("edge"),
        "M24b": _repeated("reflect"),
        "M27": _up_to_minus_the_width,
        "M42": _other_value(_cut_to_whole_number),
        "F1": returned_with(pad2d, lambda framed, image, pads, value=0.0: np.full_like(framed, value)),
        "F59": _other_pads(lambda rows, columns: ((1, 1), (1, 1))),
        "F51a": _in_the_corner,
        "F55a": _other_pads(lambda rows, columns: (rows[::-1], columns[::-1])),
        "F55b": _other_pads(lambda rows, columns: ((rows[0], columns[0]), (rows[1], columns[1]))),
        "F55c": _other_pads(lambda rows, columns: ((rows[0], columns[0]), (rows[0], columns[0]))),
        "F57": _over_the_image,
        "F58": _other_pads(lambda rows, columns: (rows, rows)),
        "F50": _other_value(lambda image, value: 0.0),
    },
    """
M22 | axes swapped | notebook 04, A frame of any width
You put the first pair at the sides and the second above and below. Rows come first: pads are ((top, bottom), (left,
right)).

M23 | one number for all sides | notebook 04, A frame of any width
You used the first number for all four sides. Each side has its own: ((top, bottom), (left, right)).

M24a | edge repeated | notebook 04, A frame of any width
You repeated the pixels of the edge. The frame holds one value, 0 unless another is given.

M24b | image reflected | notebook 04, A frame of any width
You reflected the image at its edge. The frame holds one value, 0 unless another is given.

M27 | minus zero as an end | notebook 04, A frame of any width
You put the image at `top:-bottom`. Where bottom is 0 that is `top:0`, an empty slice, because -0 is 0. Count from the
start: `top : top + height`.

M42 | value cut to whole number | notebook 01, Numbers with a fraction
You gave the result the type of the image, so that the value of the frame lost its fraction. Make the result an array of
floats.

F1 | image left out | notebook 04, A frame of any width
You made the frame and left the image out. Copy it to rows `top : top + height` and columns `left : left + width`.

F59 | 1 written into the padding | notebook 04, A frame of any width
You added one pixel on every side whatever the pads say. Read them: `(top, bottom), (left, right) = pads`.

F51a | image in the corner | notebook 04, A frame of any width
You put the image into the top-left corner of the frame. It starts at row `top` and column `left`.

F55a | before and after swapped | notebook 04, A frame of any width
You swapped top with bottom and left with right. In each pair, what comes before the image stands first.

F55b | sides and axes mixed up | notebook 04, A frame of any width
You read the pads as ((top, left), (bottom, right)). A pair belongs to one axis: ((top, bottom), (left, right)).

F55c | top left taken for both | notebook 04, A frame of any width
You gave top and left to `np.pad` as one pair, and it took them for before and after, on both axes. Each axis needs its
own pair: ((top, bottom), (left, right)).

F57 | frame over the image | notebook 04, A frame of any width
You wrote the frame over the border of the image. It goes round it: make a new, larger array and copy the image into it.

F58 | one pair for both axes | notebook 04, A frame of any width
You used the first pair for both axes. The second one is for the columns: ((top, bottom), (left, right)).

F50 | frame always zero | notebook 04, A frame of any width
You filled the frame with zeros whatever `value` says. 0 is only its default.
""",
)


# --- conv2d_gray ------------------------------------------------------------------------------------------------------


def _pads(image: ArrayLike, kernel: ArrayLike, strides: Size) -> tuple[Pair, Pair]:
    return same_pads(np.shape(image), np.shape(kernel), pair("strides", strides))


def _frames(frame: Frame, image: ArrayLike, kernel: ArrayLike, strides: Size) -> Any:
    steps = pair("strides", strides)
    return [frame(*axis) for axis in zip(np.shape(image), np.shape(kernel), steps, strict=True)]


def _same(result: Callable[[FloatArray, FloatArray, Size], Any]) -> Function:
    """Do something else under "same", and "valid" rightly."""

    def wrong(image: ArrayLike, kernel: ArrayLike, strides: Size = 1, padding: Padding = "valid") -> Any:
        if padding == "same":
            pixels, weights = float_arrays(image, kernel)
            return result(pixels, weights, strides)
        return conv2d_strided(image, kernel, strides)

    return wrong


def _called(change: Callable[[ArrayLike, ArrayLike, Size, Padding], tuple[Any, ...]]) -> Around:
    """Call the right function otherwise."""
    return read_with(
        conv2d_gray,
        lambda image, kernel, strides=1, padding="valid": change(image, kernel, strides, padding),
    )


def _padded(pad: Callable[[ArrayLike, ArrayLike, Size], ArrayLike]) -> Around:
    """Under "same" go on from a wrongly padded image as under "valid"."""

    def changed(image: ArrayLike, kernel: ArrayLike, strides: Size = 1, padding: Padding = "valid") -> tuple[Any, ...]:
        return pad(image, kernel, strides) if padding == "same" else image, kernel, strides, "valid"

    return read_with(conv2d_gray, changed)


def _framed(frame: Frame) -> Around:
    """Pad each axis by a wrong frame of zeros."""
    return _padded(lambda image, kernel, strides: np.pad(image, _frames(frame, image, kernel, strides)))


def _padded_rightly(mistake: Mistake) -> Mistake:
    """Let a mistake of `conv2d_strided` slide over an image that is padded rightly."""

    def after_padding(strided: Function) -> Function:
        def wrong(image: ArrayLike, kernel: ArrayLike, strides: Size = 1, padding: Padding = "valid") -> Any:
            if padding == "same":
                image = np.pad(np.asarray(image), _pads(image, kernel, strides))
            return strided(image, kernel, strides)

        return wrong

    over = mistake.over
    if over is None:
        return with_function(mistake, after_padding(mistake.function))
    # Whatever the inner function does under "same" is not asked of it: it gets the padded image.
    return with_function(mistake, Around(conv2d_gray, lambda inner: after_padding(over(inner))))


def _of_pads(change: Callable[[Pair, Pair], Any]) -> Around:
    """Work out the padding rightly, and hand it on wrongly."""
    return _padded(lambda image, kernel, strides: np.pad(image, change(*_pads(image, kernel, strides))))


def _filled(mode: Literal["edge", "reflect", "wrap"]) -> Around:
    return _padded(lambda image, kernel, strides: np.pad(image, _pads(image, kernel, strides), mode=mode))


def _wrapped_before(image: ArrayLike, kernel: ArrayLike, strides: Size) -> NDArray[Any]:
    """Take cells before the image from its other side, as negative indices do, and zeros behind it."""
    before, after = zip(*_pads(image, kernel, strides), strict=True)
    wrapped = np.pad(np.asarray(image), [(side, 0) for side in before], mode="wrap")
    return np.pad(wrapped, [(0, side) for side in after])


def _padded_afterwards(inner: Function) -> Function:
    def wrong(image: ArrayLike, kernel: ArrayLike, strides: Size = 1, padding: Padding = "valid") -> Any:
        maps = inner(image, kernel, strides, "valid")
        if padding == "valid":
            return maps
        wanted = conv2d_gray(image, kernel, strides, "same").shape
        return np.pad(maps, [_split(rows - got) for rows, got in zip(wanted, maps.shape, strict=True)])

    return wrong


def _cut_from_the_unpadded(image: FloatArray, kernel: FloatArray, strides: Size) -> FloatArray:
    """Slice the image itself where the padded one is meant: short windows are stretched, or raise."""
    maps = np.zeros_like(conv2d_gray(image, kernel, strides, "same"))
    down, right = pair("strides", strides)
    for i, j in np.ndindex(*maps.shape):
        patch = image[i * down : i * down + len(kernel), j * right : j * right + kernel.shape[1]]
        maps[i, j] = (patch * kernel).sum()
    return maps


def _put_up_to_minus_the_width(image: ArrayLike, kernel: ArrayLike, strides: Size) -> ArrayLike:
    return in_type_given(image, np.asarray(image), _up_to_minus_the_width(image, _pads(image, kernel, strides)))


def _large_kernel_refused(image: FloatArray, kernel: FloatArray, strides: Size) -> FloatArray:
    if any(k > n for k, n in zip(kernel.shape, image.shape, strict=True)):
        raise ValueError
    return conv2d_gray(image, kernel, strides, "same")


# Zeros that nobody asked for are another fault where zeros can be asked for.
_AFTER_PADDING = [mistake for mistake in CONV2D_STRIDED if mistake.id != "F10"]

# In the order in which code makes them, as the first of two is made around the other.
CONV2D_GRAY = (
    with_words(
        {
            "M20c": _called(
                lambda image, kernel, strides, padding: (image, kernel, 1 if padding == "same" else strides, padding)
            ),
            "M22": _of_pads(lambda rows, columns: (columns, rows)),
            "M24a": _filled("edge"),
            "M24b": _filled("reflect"),
            "M24c": _filled("wrap"),
            "M24d": _padded(_wrapped_before),
            "M25": Around(conv2d_gray, _padded_afterwards),
            "M26": _same(_cut_from_the_unpadded),
            "M27": _padded(_put_up_to_minus_the_width),
            "F10": _called(lambda image, kernel, strides, padding: (image, kernel, strides, "same")),
            "F19": _called(lambda image, kernel, strides, padding: (image, kernel, strides, "valid")),
            "F41": _same(_large_kernel_refused),
            "F55": _of_pads(lambda rows, columns: (rows[0], columns[0])),
            "F58": _of_pads(lambda rows, columns: (rows, rows)),
            "F59": _framed(lambda n, k, stride: (1, 1)),
        },
        """
M20c | strides ignored under same | notebook 04, Same with a stride
You kept the size of the image under "same", by moving one pixel at a time. The strides count there, too: the output has
ceil(n / stride) rows and columns.

M22 | padding of the axes swapped | notebook 04, A frame of any width
You padded the height by what the width needs, and the width by what the height needs. Work out each axis from its own
size, kernel and stride; the height comes first.

M24a | edge repeated | notebook 04, Zeros round the image
You repeated the pixels of the edge around the image. For a convolution "same" adds zeros.

M24b | image reflected | notebook 04, Zeros round the image
You reflected the image at its edge. For a convolution "same" adds zeros.

M24c | image goes on around | notebook 04, Zeros round the image
You took the pixels beyond an edge from the opposite side of the image. For a convolution "same" adds zeros.

M24d | negative indices reach round | notebook 04, Zeros round the image
You read pixels above and left of the image at negative indices, which count from the other end. Those pixels are zeros:
check `0 <= row < height`, and the same for columns, or pad first.

M25 | result padded, not image | notebook 04, Zeros round the image
You slid the kernel first and put zeros around the result. The zeros go around the image, before the windows are cut:
then every number is the sum of a window.

M26 | windows of the unpadded image | notebook 04, Zeros round the image
You padded the image, and then cut the windows from the one without padding. Count and cut in the same array: the padded
one.

M27 | minus zero as an end | notebook 04, A frame of any width
You put the image at `top:-bottom`. Where bottom is 0 that is `top:0`, an empty slice, because -0 is 0. Count from the
start: `top : top + height`.

F10 | padded without being asked | notebook 04, Zeros round the image
You put zeros around the image whatever `padding` says. Under "valid", the default, only windows that lie inside the
image count.

F19 | padding not read | notebook 04, Zeros round the image
You slid as under "valid" although "same" was asked for. Compare with `padding == "same"`, in lower case; the output
then has ceil(n / stride) rows and columns.

F41 | refused under same | notebook 04, How much is missing?
You refused a kernel larger than the image under "same". Pad first: then any kernel fits.

F55 | top left taken for both | notebook 04, A frame of any width
You gave top and left to `np.pad` as one pair, and it took them for before and after, on both axes. Each axis needs its
own pair: ((top, bottom), (left, right)).

F58 | padding of height for both | notebook 04, A frame of any width
You padded the width by what the height needs. Work out each axis from its own size, kernel and stride.

F59 | 1 written into the padding | notebook 04, How much is missing?
You added one pixel on every side, whatever the kernel and the stride. That is right for 3 x 3 and a stride of 1; in
general work out the total for each axis.
""",
    )
    + _of_frames(_framed)
    + tuple(map(_padded_rightly, _AFTER_PADDING))
)
