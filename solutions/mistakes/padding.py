"""Known mistakes of notebook 04: `same_padding`, `pad2d` and `conv2d_gray`.

Most of them are faults in how much "same" adds on which side. Such a fault is written once, as a frame, and is then a
mistake of `same_padding` and of `conv2d_gray`. Three of them are another course's or library's convention, and their
words say so: M16, M17 and M20.

One fault is left out because nothing sets it apart: every second result of stride 1 (M19) is padding for stride 1
(M18).

Faults seen in practice that are first met here (F40 to F47: see `solutions.mistakes.stride_and_output_size`):

    F48 one pixel short                      F54 right only where the stride divides n
    F49 rounded the same way on both sides   F55 sides or axes of the frame mixed up
    F50 value of the frame not read          F56 evenness of the kernel taken for that of the total
    F51 all of it on one side                F57 frame written over the image
    F52 total not halved                     F58 the height's padding for both axes
    F53 negative padding                     F59 1 written into the padding
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions.gray import conv2d_gray, conv2d_strided, pad2d
from solutions.mistakes import Mistake
from solutions.mistakes.stride_and_output_size import CONV2D_STRIDED
from solutions.shapes import FloatArray, Padding, Pair, Size, float_arrays, output_size, pair, same_padding, same_pads

FRACTIONS = 'notebook 01, "Numbers with a fraction"'
ZEROS = 'notebook 04, "Zeros round the image"'
TOTAL = 'notebook 04, "How much is missing?"'
ODD = 'notebook 04, "An odd number of zeros"'
STRIDE = 'notebook 04, "Same with a stride"'
FRAME = 'notebook 04, "A frame of any width"'
CONVENTIONS = 'notebook 04, "Other courses, other libraries"'

Function = Callable[..., Any]
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


def _uncut(n: int, k: int, stride: int) -> int:
    return (output_size(n, k, stride, "same") - 1) * stride + k - n


def _by_the_kernel(n: int, k: int, stride: int) -> Pair:
    half = _total(n, k, stride) // 2
    return (half, half) if k % 2 else _split(_total(n, k, stride))


def _of_frames(wrong: Callable[[Frame], Function]) -> tuple[Mistake, ...]:
    """Faults in how much is added on which side, as mistakes of a function made from such a frame."""
    return (
        Mistake(
            "M16",
            "half the kernel all round",
            wrong(lambda n, k, stride: (k // 2, k // 2)),
            "You added k // 2 pixels on both sides, as is common in PyTorch. For an even kernel that is one too many, "
            "and with a stride it may be on the wrong side. Here the total decides, and its odd pixel comes last.",
            CONVENTIONS,
        ),
        Mistake(
            "M17",
            "odd pixel first",
            wrong(lambda n, k, stride: same_padding(n, k, stride)[::-1]),
            "You put the odd pixel before the image, at the top or left. Some courses do so; here, as in Keras, it "
            "comes after: before = total // 2, after = the rest.",
            ODD,
        ),
        Mistake(
            "M18",
            "stride left out of padding",
            wrong(lambda n, k, stride: same_padding(n, k)),
            "You added what a stride of 1 needs. How much is missing depends on the stride, too: "
            "max((ceil(n / stride) - 1) * stride + k - n, 0).",
            STRIDE,
        ),
        Mistake(
            "M20a",
            "size kept, both sides alike",
            wrong(lambda n, k, stride: _rounded_up(_total_to_keep_the_size(n, k, stride))),
            "You padded so that the size stays at any stride, the same on both sides. Some courses define `same` so; "
            "here, as in Keras, there are ceil(n / stride) windows, and the padding follows from that.",
            CONVENTIONS,
        ),
        Mistake(
            "M20b",
            "size kept at any stride",
            wrong(lambda n, k, stride: _split(_total_to_keep_the_size(n, k, stride))),
            "You padded so that the size stays at any stride. Some courses define `same` so; here, as in Keras, there "
            "are ceil(n / stride) windows, and the padding follows from that.",
            CONVENTIONS,
        ),
        Mistake(
            "M21",
            "size kept, then one more",
            wrong(lambda n, k, stride: _one_more(_total_to_keep_the_size(n, k, stride))),
            "You padded so that the size stays at any stride, and added 1 to round up, even where nothing is to be "
            "rounded. Try a 3 x 3 kernel with a stride of 1: it needs (1, 1).",
            TOTAL,
        ),
        Mistake(
            "F42",
            "windows rounded down",
            wrong(lambda n, k, stride: _split(_total_for_windows(n // stride, n, k, stride))),
            'You counted n // stride windows. Under "same" their number is rounded up, ceil(n / stride), and the '
            "padding follows from that.",
            STRIDE,
        ),
        Mistake(
            "F43a",
            "one added to both sides",
            wrong(lambda n, k, stride: _one_more(_total(n, k, stride))),
            "You took total // 2 + 1 for both sides, to round up. Where the total is even that is one too many on each "
            "side: before = total // 2, after = total - before.",
            ODD,
        ),
        Mistake(
            "F43b",
            "one added after",
            wrong(lambda n, k, stride: (_total(n, k, stride) // 2, _total(n, k, stride) // 2 + 1)),
            "You always added one pixel more after the image than before it. That is right for an odd total only: "
            "after = total - before.",
            ODD,
        ),
        Mistake(
            "F48",
            "even kernel one short",
            wrong(lambda n, k, stride: ((k - 1) // 2, (k - 1) // 2)),
            "You added (k - 1) // 2 pixels on both sides. An even kernel then is one pixel short, and the stride does "
            "not count at all. Work out the total first, then share it out.",
            TOTAL,
        ),
        Mistake(
            "F49a",
            "rounded up on both sides",
            wrong(lambda n, k, stride: _rounded_up(_total(n, k, stride))),
            "You rounded half of the total up on both sides, which is one pixel too many where it is odd: before = "
            "total // 2, after = total - before.",
            ODD,
        ),
        Mistake(
            "F49b",
            "rounded down on both sides",
            wrong(lambda n, k, stride: (_total(n, k, stride) // 2, _total(n, k, stride) // 2)),
            "You rounded half of the total down on both sides, which is one pixel short where it is odd: before = "
            "total // 2, after = total - before.",
            ODD,
        ),
        Mistake(
            "F51a",
            "all of it after",
            wrong(lambda n, k, stride: (0, _total(n, k, stride))),
            "You added everything after the image. It is shared out: before = total // 2, after = total - before.",
            ODD,
        ),
        Mistake(
            "F51b",
            "all of it before",
            wrong(lambda n, k, stride: (_total(n, k, stride), 0)),
            "You added everything before the image. It is shared out: before = total // 2, after = total - before.",
            ODD,
        ),
        Mistake(
            "F52",
            "total on both sides",
            wrong(lambda n, k, stride: (_total(n, k, stride), _total(n, k, stride))),
            "You added the total on each side, twice as much as is missing. It is shared out: before = total // 2, "
            "after = total - before.",
            ODD,
        ),
        Mistake(
            "F53",
            "padding below zero",
            wrong(lambda n, k, stride: _split(_uncut(n, k, stride))),
            "You let the total go below 0 where the stride is larger than the kernel. Nothing is missing there, and "
            "nothing is cut off: take max(..., 0).",
            STRIDE,
        ),
        Mistake(
            "F54",
            "right where the stride divides",
            wrong(lambda n, k, stride: _split(max(k - stride, 0))),
            "You took k - stride for the total. That is right only where the stride divides n: the total is "
            "max((ceil(n / stride) - 1) * stride + k - n, 0).",
            STRIDE,
        ),
        Mistake(
            "F56",
            "evenness of the kernel taken",
            wrong(_by_the_kernel),
            "You put the same on both sides for every odd kernel. With a stride its total may be odd as well: look at "
            "the total, not at the kernel.",
            STRIDE,
        ),
    )


def _frame_itself(frame: Frame) -> Function:
    return lambda n, k, stride=1: frame(n, k, stride)


SAME_PADDING = (
    *_of_frames(_frame_itself),
    Mistake(
        "F1",
        "starter not filled in",
        _frame_itself(lambda n, k, stride: (0, 0)),
        "You returned (0, 0) whatever was asked. Work out how many pixels are missing, and share them out.",
        TOTAL,
    ),
    Mistake(
        "F46",
        "halves not rounded",
        _frame_itself(lambda n, k, stride: (_total(n, k, stride) / 2, _total(n, k, stride) / 2)),
        "You returned halves of a pixel. Pixels are whole: before = total // 2, after = total - before.",
        ODD,
    ),
)


# --- the frame --------------------------------------------------------------------------------------------------------


def _other_pads(change: Callable[[Pair, Pair], Pads]) -> Function:
    """Put a right frame round the image, but of other widths."""

    def wrong(image: ArrayLike, pads: Pads, value: float = 0.0) -> FloatArray:
        (top, bottom), (left, right) = pads
        return pad2d(image, change((top, bottom), (left, right)), value)

    return wrong


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


def _cut_to_whole_numbers(image: ArrayLike, pads: Pads, value: float = 0.0) -> FloatArray:
    """Give the frame the type of the image: whole numbers have no room for a fraction."""
    whole = np.issubdtype(np.asarray(image).dtype, np.integer)
    return pad2d(image, pads, int(value) if whole else value)


PAD2D = (
    Mistake(
        "M22",
        "axes swapped",
        _other_pads(lambda rows, columns: (columns, rows)),
        "You put the first pair at the sides and the second above and below. Rows come first: "
        "pads are ((top, bottom), (left, right)).",
        FRAME,
    ),
    Mistake(
        "M23",
        "one number for all sides",
        _other_pads(lambda rows, columns: ((rows[0], rows[0]), (rows[0], rows[0]))),
        "You used the first number for all four sides. Each side has its own: ((top, bottom), (left, right)).",
        FRAME,
    ),
    Mistake(
        "M24a",
        "edge repeated",
        _repeated("edge"),
        "You repeated the pixels of the edge. The frame holds one value, 0 unless another is given.",
        FRAME,
    ),
    Mistake(
        "M24b",
        "image reflected",
        _repeated("reflect"),
        "You reflected the image at its edge. The frame holds one value, 0 unless another is given.",
        FRAME,
    ),
    Mistake(
        "M27",
        "minus zero as an end",
        _up_to_minus_the_width,
        "You put the image at `top:-bottom`. Where bottom is 0 that is `top:0`, an empty slice, because -0 is 0. Count "
        "from the start: `top : top + height`.",
        FRAME,
    ),
    Mistake(
        "M42",
        "value cut to whole number",
        _cut_to_whole_numbers,
        "You gave the result the type of the image, so that the value of the frame lost its fraction. Make the result "
        "an array of floats.",
        FRACTIONS,
    ),
    Mistake(
        "F1",
        "image left out",
        lambda image, pads, value=0.0: np.full_like(pad2d(image, pads), value),
        "You made the frame and left the image out. Copy it to rows `top : top + height` and columns "
        "`left : left + width`.",
        FRAME,
    ),
    Mistake(
        "F59",
        "1 written into the padding",
        lambda image, pads, value=0.0: pad2d(image, ((1, 1), (1, 1)), value),
        "You added one pixel on every side whatever the pads say. Read them: `(top, bottom), (left, right) = pads`.",
        FRAME,
    ),
    Mistake(
        "F51a",
        "image in the corner",
        _in_the_corner,
        "You put the image into the top-left corner of the frame. It starts at row `top` and column `left`.",
        FRAME,
    ),
    Mistake(
        "F55a",
        "before and after swapped",
        _other_pads(lambda rows, columns: (rows[::-1], columns[::-1])),
        "You swapped top with bottom and left with right. In each pair, what comes before the image stands first.",
        FRAME,
    ),
    Mistake(
        "F55b",
        "sides and axes mixed up",
        _other_pads(lambda rows, columns: ((rows[0], columns[0]), (rows[1], columns[1]))),
        "You read the pads as ((top, left), (bottom, right)). A pair belongs to one axis: ((top, bottom), "
        "(left, right)).",
        FRAME,
    ),
    Mistake(
        "F55c",
        "top left taken for both",
        _other_pads(lambda rows, columns: ((rows[0], columns[0]), (rows[0], columns[0]))),
        "You gave top and left to `np.pad` as one pair, and it took them for before and after, on both axes. Each axis "
        "needs its own pair: ((top, bottom), (left, right)).",
        FRAME,
    ),
    Mistake(
        "F57",
        "frame over the image",
        _over_the_image,
        "You wrote the frame over the border of the image. It goes round it: make a new, larger array and copy the "
        "image into it.",
        FRAME,
    ),
    Mistake(
        "F58",
        "one pair for both axes",
        _other_pads(lambda rows, columns: (rows, rows)),
        "You used the first pair for both axes. The second one is for the columns: ((top, bottom), (left, right)).",
        FRAME,
    ),
    Mistake(
        "F50",
        "frame always zero",
        lambda image, pads, value=0.0: pad2d(image, pads),
        "You filled the frame with zeros whatever `value` says. 0 is only its default.",
        FRAME,
    ),
)


# --- conv2d_gray ------------------------------------------------------------------------------------------------------


def _pads(image: ArrayLike, kernel: ArrayLike, strides: Size) -> tuple[Pair, Pair]:
    return same_pads(np.shape(image), np.shape(kernel), pair("conv2d_gray", "strides", strides))


def _frames(frame: Frame, image: ArrayLike, kernel: ArrayLike, strides: Size) -> Any:
    steps = pair("conv2d_gray", "strides", strides)
    return [frame(*axis) for axis in zip(np.shape(image), np.shape(kernel), steps, strict=True)]


def _same(result: Callable[[FloatArray, FloatArray, Size], Any]) -> Function:
    """Do something else under "same", and "valid" rightly."""

    def wrong(image: ArrayLike, kernel: ArrayLike, strides: Size = 1, padding: Padding = "valid") -> Any:
        if padding == "same":
            pixels, weights = float_arrays(image, kernel)
            return result(pixels, weights, strides)
        return conv2d_strided(image, kernel, strides)

    return wrong


def _framed(frame: Frame) -> Function:
    """Pad each axis by a wrong frame of zeros."""
    return _same(
        lambda image, kernel, strides: conv2d_strided(
            np.pad(image, _frames(frame, image, kernel, strides)), kernel, strides
        )
    )


def _padded_rightly(mistake: Mistake) -> Mistake:
    """Let a mistake of `conv2d_strided` slide over an image that is padded rightly."""

    def wrong(image: ArrayLike, kernel: ArrayLike, strides: Size = 1, padding: Padding = "valid") -> Any:
        if padding == "same":
            image = np.pad(np.asarray(image), _pads(image, kernel, strides))
        return mistake.function(image, kernel, strides)

    return replace(mistake, function=wrong)


def _of_pads(change: Callable[[Pair, Pair], Any]) -> Function:
    """Work out the padding rightly, and hand it on wrongly."""
    return _same(
        lambda image, kernel, strides: conv2d_strided(
            np.pad(image, change(*_pads(image, kernel, strides))), kernel, strides
        )
    )


def _filled(mode: Literal["edge", "reflect"]) -> Function:
    return _same(
        lambda image, kernel, strides: conv2d_strided(
            np.pad(image, _pads(image, kernel, strides), mode=mode), kernel, strides
        )
    )


def _padded_afterwards(image: FloatArray, kernel: FloatArray, strides: Size) -> FloatArray:
    maps = conv2d_strided(image, kernel, strides)
    wanted = conv2d_gray(image, kernel, strides, "same").shape
    return np.pad(maps, [_split(rows - got) for rows, got in zip(wanted, maps.shape, strict=True)])


def _cut_from_the_unpadded(image: FloatArray, kernel: FloatArray, strides: Size) -> FloatArray:
    """Slice the image itself where the padded one is meant: short windows are stretched, or raise."""
    maps = np.zeros_like(conv2d_gray(image, kernel, strides, "same"))
    down, right = pair("conv2d_gray", "strides", strides)
    for i, j in np.ndindex(*maps.shape):
        patch = image[i * down : i * down + len(kernel), j * right : j * right + kernel.shape[1]]
        maps[i, j] = (patch * kernel).sum()
    return maps


def _put_up_to_minus_the_width(image: FloatArray, kernel: FloatArray, strides: Size) -> FloatArray:
    return conv2d_strided(_up_to_minus_the_width(image, _pads(image, kernel, strides)), kernel, strides)


def _large_kernel_refused(image: FloatArray, kernel: FloatArray, strides: Size) -> FloatArray:
    if any(k > n for k, n in zip(kernel.shape, image.shape, strict=True)):
        raise ValueError
    return conv2d_gray(image, kernel, strides, "same")


# Zeros that nobody asked for are another fault where zeros can be asked for.
_AFTER_PADDING = [mistake for mistake in CONV2D_STRIDED if mistake.id != "F10"]

CONV2D_GRAY = (
    *map(_padded_rightly, _AFTER_PADDING),
    *_of_frames(_framed),
    Mistake(
        "M20c",
        "strides ignored under same",
        _same(lambda image, kernel, strides: conv2d_gray(image, kernel, 1, "same")),
        'You kept the size of the image under "same", by moving one pixel at a time. The strides count there, too: the '
        "output has ceil(n / stride) rows and columns.",
        STRIDE,
    ),
    Mistake(
        "M22",
        "padding of the axes swapped",
        _of_pads(lambda rows, columns: (columns, rows)),
        "You padded the height by what the width needs, and the width by what the height needs. Work out each axis "
        "from its own size, kernel and stride; the height comes first.",
        FRAME,
    ),
    Mistake(
        "M24a",
        "edge repeated",
        _filled("edge"),
        'You repeated the pixels of the edge round the image. For a convolution "same" adds zeros.',
        ZEROS,
    ),
    Mistake(
        "M24b",
        "image reflected",
        _filled("reflect"),
        'You reflected the image at its edge. For a convolution "same" adds zeros.',
        ZEROS,
    ),
    Mistake(
        "M25",
        "result padded, not image",
        _same(_padded_afterwards),
        "You slid the kernel first and put zeros round the result. The zeros go round the image, before the windows "
        "are cut: then every number is the sum of a window.",
        ZEROS,
    ),
    Mistake(
        "M26",
        "windows of the unpadded image",
        _same(_cut_from_the_unpadded),
        "You padded the image, and then cut the windows from the one without padding. Count and cut in the same array: "
        "the padded one.",
        ZEROS,
    ),
    Mistake(
        "M27",
        "minus zero as an end",
        _same(_put_up_to_minus_the_width),
        "You put the image at `top:-bottom`. Where bottom is 0 that is `top:0`, an empty slice, because -0 is 0. Count "
        "from the start: `top : top + height`.",
        FRAME,
    ),
    Mistake(
        "F10",
        "padded without being asked",
        lambda image, kernel, strides=1, padding="valid": conv2d_gray(image, kernel, strides, "same"),
        'You put zeros round the image whatever `padding` says. Under "valid", the default, only windows that lie '
        "inside the image count.",
        ZEROS,
    ),
    Mistake(
        "F19",
        "padding not read",
        lambda image, kernel, strides=1, padding="valid": conv2d_gray(image, kernel, strides),
        'You slid as under "valid" although "same" was asked for. Compare with `padding == "same"`, in small letters; '
        "the output then has ceil(n / stride) rows and columns.",
        ZEROS,
    ),
    Mistake(
        "F41",
        "refused under same",
        _same(_large_kernel_refused),
        'You refused a kernel larger than the image under "same". Pad first: then any kernel fits.',
        TOTAL,
    ),
    Mistake(
        "F55",
        "top left taken for both",
        _of_pads(lambda rows, columns: (rows[0], columns[0])),
        "You gave top and left to `np.pad` as one pair, and it took them for before and after, on both axes. Each axis "
        "needs its own pair: ((top, bottom), (left, right)).",
        FRAME,
    ),
    Mistake(
        "F58",
        "padding of height for both",
        _of_pads(lambda rows, columns: (rows, rows)),
        "You padded the width by what the height needs. Work out each axis from its own size, kernel and stride.",
        FRAME,
    ),
    Mistake(
        "F59",
        "1 written into the padding",
        _framed(lambda n, k, stride: (1, 1)),
        "You added one pixel on every side, whatever the kernel and the stride. That is right for 3 x 3 and a stride "
        "of 1; in general work out the total for each axis.",
        TOTAL,
    ),
)
