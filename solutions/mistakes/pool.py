"""Known mistakes of pooling a batch, shape (n, height, width, c).

Five faults are left out because no result sets them apart: rounding the size up (M13) keeps leftover pixels (P8),
rounding it towards zero (M14) shows only where the right function raises, every second result of stride 1 (M19) is
padding for stride 1 (M18), all padding at the end (F63) starts the windows without it (M26), and repeated edge pixels
(M24) never change a maximum.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from solutions.faults import around
from solutions.faults.around import Around, Function, returned_as, returned_with
from solutions.faults.storing import in_bytes, in_type_of, only
from solutions.faults.windows import (
    Arguments,
    Reduce,
    Starts,
    as_pooling,
    cells,
    largest,
    mean,
    middle,
    place_of_the_largest,
    pool_at,
    read_with,
    right_starts,
    smallest,
    total,
    under_same,
    under_valid,
    windowed,
)
from solutions.mistakes import Mistake, with_words
from solutions.mistakes.padding import FRAMES
from solutions.reference.pool import avg_pool2d, max_pool2d
from solutions.reference.shapes import (
    FloatArray,
    Padding,
    Pair,
    Size,
    output_size,
    pad2d,
    pair,
    same_padding,
    same_pads,
)


def _first_at_end_of_stride(n: int, k: int, stride: int, padding: Padding) -> range:
    right = right_starts(n, k, stride, padding)
    return range(right.start + stride - 1, right.stop, stride)


def _next_pixels(n: int, k: int, stride: int, padding: Padding) -> range:
    right = right_starts(n, k, stride, padding)
    return range(right.start, right.start + len(right))


def _fewer_under_same(n: int, k: int, stride: int, padding: Padding) -> range:
    return right_starts(n, k, stride, padding)[: n // stride]


def _counted_by_the_pool(n: int, k: int, stride: int, padding: Padding) -> range:
    """Start as many windows as lie side by side in the image after padding."""
    right = right_starts(n, k, stride, padding)
    side = right.stop - 1 + k - right.start
    return range(right.start, right.start + side // k * stride, stride)


def _framed(frame: Callable[[int, int, int], Pair]) -> Starts:
    """Under "same" start windows as if this much lay before and after the image, and let none of it count."""

    def starts(n: int, k: int, stride: int, padding: Padding) -> range:
        before, after = frame(n, k, stride)
        return range(-before, n + after - k + 1, stride)

    return under_same(starts)


def _padded(frame: Callable[[int, int, int], Pair]) -> Callable[..., Arguments]:
    """Under "same" pad each axis with zeros by its `frame`, and let them count as pixels."""

    def change(x: FloatArray, size: Pair, step: Pair, padding: Padding) -> Arguments:
        if padding != "same":
            return x, size, step, padding
        vertical, horizontal = map(frame, x.shape[1:3], size, step)
        return pad2d(x, (vertical, horizontal)), size, step, "valid"

    return change


def _stride_added(n: int, k: int, stride: int, padding: Padding) -> range:
    right = right_starts(n, k, stride, padding)
    return range(right.start + stride - 1, right.start + stride - 1 + len(right))


def _windows_of(change: Callable[[int, int], int], reduce: Reduce) -> Function:
    """Start windows rightly, but let them have `change(pool size, stride)` pixels; one without a pixel has no value."""

    def compute(x: FloatArray, size: Pair, step: Pair, padding: Padding) -> FloatArray:
        rows, columns = (right_starts(*axis, padding) for axis in zip(x.shape[1:3], size, step, strict=True))
        height, width = map(change, size, step)
        if height * width == 0:
            raise ValueError  # as NumPy does for the largest of no number
        return pool_at(x, (height, width), rows, columns, reduce)

    return as_pooling(compute)


def _every_stride(
    maps: FloatArray, x: ArrayLike, pool_size: Size = 2, strides: Size | None = None, padding: Padding = "valid"
) -> FloatArray:
    down, along = pair("strides", pool_size if strides is None else strides)
    return only(np.s_[:, ::down, ::along], maps)


def _at_its_pixel(pool: Function) -> Function:
    """Store each number where its window starts in the padded image, in an output that is too small for that."""

    def compute(x: FloatArray, size: Pair, step: Pair, padding: Padding) -> FloatArray:
        right: FloatArray = pool(x, size, step, padding)
        maps = np.zeros_like(right)
        for i, j in np.ndindex(*right.shape[1:3]):
            maps[:, i * step[0], j * step[1]] = right[:, i, j]
        return maps

    return as_pooling(compute)


def _wrapped(x: FloatArray, size: Pair, step: Pair, padding: Padding) -> Arguments:
    if padding == "same":
        x = np.pad(x, ((0, 0), *same_pads(x.shape[1:3], size, step), (0, 0)), mode="wrap")
    return x, size, step, "valid"


def _wrapped_before(reduce: Reduce) -> Function:
    """Take pixels before the image from its other side, as negative indices do; behind it there are none."""

    def compute(x: FloatArray, size: Pair, step: Pair, padding: Padding) -> FloatArray:
        rows, columns = (right_starts(*axis, padding) for axis in zip(x.shape[1:3], size, step, strict=True))
        top, left = -rows.start, -columns.start
        x = np.pad(x, ((0, 0), (top, 0), (left, 0), (0, 0)), mode="wrap")
        return pool_at(x, size, range(0, rows.stop + top, step[0]), range(0, columns.stop + left, step[1]), reduce)

    return as_pooling(compute)


def _images_not_told_apart(over: Function) -> Callable[[FloatArray], FloatArray]:
    return lambda maps: np.repeat(over(maps, axis=0, keepdims=True), len(maps), axis=0)


def _every_axis_padded(x: FloatArray, size: Pair, step: Pair, padding: Padding) -> Arguments:
    return (np.pad(x, max(size) // 2) if padding == "same" else x), size, step, "valid"


def _edge_repeated(x: FloatArray, size: Pair, step: Pair, padding: Padding) -> Arguments:
    if padding == "same":
        x = np.pad(x, ((0, 0), *same_pads(x.shape[1:3], size, step), (0, 0)), mode="edge")
    return x, size, step, "valid"


def _rows_count_for_both(maps: FloatArray) -> FloatArray:
    filled = np.zeros_like(maps)
    for i, j in np.ndindex(maps.shape[1], maps.shape[1]):
        filled[:, i, j] = maps[:, i, j]
    return filled


def _channels_mixed(over: Function) -> Callable[[FloatArray], FloatArray]:
    return lambda maps: np.broadcast_to(over(maps, axis=-1, keepdims=True), maps.shape).copy()


def _channels_first_both_ways(pool: Function) -> Function:
    return lambda x, pool_size=2, strides=None, padding="valid": np.moveaxis(
        pool(np.moveaxis(x, 1, -1), pool_size, strides, padding), -1, 1
    )


def _pads_swapped(reduce: Reduce) -> Function:
    def compute(x: FloatArray, size: Pair, step: Pair, padding: Padding) -> FloatArray:
        pads = same_pads(x.shape[1:3], size, step)[::-1] if padding == "same" else ((0, 0), (0, 0))
        rows, columns = (
            range(-before, n + after - k + 1, stride)
            for n, k, stride, (before, after) in zip(x.shape[1:3], size, step, pads, strict=True)
        )
        return pool_at(x, size, rows, columns, reduce)

    return as_pooling(compute)


def _square_images(reduce: Reduce) -> Function:
    def compute(x: FloatArray, size: Pair, step: Pair, padding: Padding) -> FloatArray:
        rows, columns = (right_starts(x.shape[1], k, stride, padding) for k, stride in zip(size, step, strict=True))
        if columns[-1] >= x.shape[2]:
            raise IndexError  # as NumPy does for a pixel outside the image
        return pool_at(x, size, rows, columns, reduce)

    return as_pooling(compute)


def _pooled_then_padded(pool: Function) -> Function:
    def compute(x: FloatArray, size: Pair, step: Pair, padding: Padding) -> FloatArray:
        lacking = [
            output_size(n, k, stride, padding) - output_size(n, k, stride)
            for n, k, stride in zip(x.shape[1:3], size, step, strict=True)
        ]
        return pad2d(pool(x, size, step, "valid"), [(total // 2, total - total // 2) for total in lacking])

    return as_pooling(compute)


def _cut_into_blocks(over: Function) -> Function:
    def compute(x: FloatArray, size: Pair, step: Pair, padding: Padding) -> Any:
        n, height, width, c = x.shape
        return over(x.reshape(n, size[0], height // size[0], size[1], width // size[1], c), axis=(1, 3))

    return as_pooling(compute)


def _total_never_set_back(x: FloatArray, size: Pair, step: Pair, padding: Padding) -> FloatArray:
    totals: FloatArray = windowed(right_starts, total)(x, size, step, padding)
    counts: FloatArray = windowed(right_starts, cells)(x, size, step, padding)
    return totals.reshape(len(totals), -1, totals.shape[3]).cumsum(axis=1).reshape(totals.shape) / counts


def _maximum_never_set_back(maps: FloatArray) -> FloatArray:
    running: FloatArray = np.maximum.accumulate(maps.reshape(len(maps), -1, maps.shape[3]), axis=1)
    return running.reshape(maps.shape)


def _written_into_the_images(pool: Function) -> Function:
    def wrong(x: ArrayLike, pool_size: Size = 2, strides: Size | None = None, padding: Padding = "valid") -> FloatArray:
        maps: FloatArray = pool(x, pool_size, strides, padding)
        np.asarray(x)[:, : maps.shape[1], : maps.shape[2]] = maps
        return maps

    return wrong


def _mean_without_zeros(window: FloatArray, size: Pair) -> FloatArray:
    with np.errstate(invalid="ignore"):  # 0 / 0 where all pixels are 0
        means: FloatArray = total(window, size) / np.count_nonzero(window, axis=(1, 2))
    return means


def _added_in_type_of_x(
    x: ArrayLike, pool_size: Size = 2, strides: Size | None = None, padding: Padding = "valid"
) -> Any:
    totals = windowed(right_starts, total)(x, pool_size, strides, padding)
    return in_type_of(x, totals) / windowed(right_starts, cells)(x, pool_size, strides, padding)


# By ids here: their ids among the frames of a convolution.
FRAMES_THAT_NEVER_COUNT = {
    "M16": "M16",
    "M16b": "F48",
    "M17": "M17",
    "M18": "M18",
    "M20c": "M20a",
    "M21b": "M21",
    "F42": "F42",
    "F43b": "F43b",
    "F43c": "F43c",
    "F51b": "F51b",
    "F52": "F52",
    "F60": "F49a",
    "F61": "F49b",
    "F62": "F43a",
    "F93": "F93",
}

OF_BOTH = """
M4 | rows and columns swapped | {reduced}
You stored each result at `[column, row]`. The row comes first: the window at row i and column j belongs to `[n, i, j]`
of the output.

M7a | last window missing | notebook 06, What is left over
You left out the last row and the last column of windows. Count them: floor((n - k) / stride) + 1 along each axis.

M7b | last fitting window missing | notebook 06, What is left over
You dropped the last window where it ends exactly at the border. It lies inside and counts: the last start is n - k, so
`range` should stop at n - k + 1.

M8 | windows run past the edge | notebook 06, What is left over
You started windows as long as there were pixels, and the last ones hang over the edge. Under "valid" only windows that
lie inside the image count.

M9 | strides not used in index | notebook 06, Strides default to the pool
Your output has the right shape, but neighbouring windows start one pixel apart. Window (i, j) should start at row `i *
stride_height` and column `j * stride_width`.

M10a | width moves by one pixel | notebook 06, Strides default to the pool
You used the stride for the rows, but moved by one pixel along the width. Both axes have a stride: `i * stride_height`,
`j * stride_width`.

M10b | height moves by one pixel | notebook 06, Strides default to the pool
You used the stride for the columns, but moved by one pixel down the height. Both axes have a stride:
`i * stride_height`, `j * stride_width`.

M11 | strides swapped | notebook 06, Strides default to the pool
You swapped the two strides. The order is (height, width), like the axes of the array.

M12 | first window too late | notebook 06, Strides default to the pool
Your first window starts at stride - 1. Start at the first pixel; only the next one is a stride away.

M15a | rows counted for both loops | {reduced}
You let both loops run over the number of rows. Let the inner loop run over the columns of the output.

M15b | works for square windows only | {reduced}
You used the height of the pool for its width as well. A pool may be wider than high: read both, (height, width).

M16 | half the pool each side | notebook 06, Same: the border is not there | convention
PyTorch layers are often given k // 2 of padding on both sides. Here, as in Keras, the stride counts, too: the total is
max((ceil(n / stride) - 1) * stride + k - n, 0), and an odd one puts the extra row or column last.

M16b | even pool one short | notebook 06, Same: the border is not there | convention
Some courses pad (k - 1) // 2 on both sides, which is enough for odd pools and a stride of 1. Here, as in Keras, the
total is max((ceil(n / stride) - 1) * stride + k - n, 0), and an odd one is not cut off.

M17 | extra row at the top | notebook 06, Same: the border is not there | convention
Some courses put the odd row or column of padding first, at the top or left. Here, as in Keras, it comes last: before =
total // 2, after = the rest.

M18 | stride forgotten in the padding | notebook 06, Same: the border is not there
You padded as for stride 1. How much "same" adds depends on the stride: max((ceil(n / stride) - 1) * stride + k - n, 0).

M20a | padded to keep the size | notebook 06, Same: the border is not there | convention
Some courses pad until the output has the size of the image, at any stride. Here, as in Keras, "same" gives ceil(n /
stride) rows and columns, and the padding follows from that.

M20b | strides ignored under same | notebook 06, Same: the border is not there
You kept the size of the image under "same". The stride counts there, too: the output has ceil(n / stride) rows and
columns.

M20c | size kept at any stride | notebook 06, Same: the border is not there | convention
Some courses pad until the output has the size of the image, at any stride, so that some windows lie outside the image
altogether. Here, as in Keras, "same" gives ceil(n / stride) rows and columns.

M21 | padded by one too many | notebook 06, Same: the border is not there
You padded until the output had at least the size of the image, and then one more. With "same" the output has ceil(n /
stride) rows and columns.

M21b | size kept, then one more | notebook 06, Same: the border is not there
You padded until the size stays at any stride, and added 1 to round up. With "same" the output has ceil(n / stride) rows
and columns, and every window has a pixel of the image.

M22 | padding of the axes swapped | notebook 06, Same: the border is not there
You padded the height by what the width needs, and the width by what the height needs. Work out the padding of each axis
from its own size, pool and stride.

M23 | every axis padded | notebook 06, Same: the border is not there
You padded all four axes, so that there are more images and more channels than before. Only height and width may be
padded: the other two get (0, 0).

M24c | image goes on around | notebook 06, Same: the border is not there
You took the pixels beyond an edge from the opposite side of the image. Under "same" nothing lies there: take only the
pixels that exist.

M24d | negative indices reach round | notebook 06, Same: the border is not there
You read pixels above and left of the image at negative indices, which count from the other end. Nothing lies there:
take only the pixels with `0 <= row` and `0 <= column`.

M25 | result padded, not image | notebook 06, Same: the border is not there
You pooled first and put zeros around the result. With "same", cut the windows at the border as well, and pool each
from the pixels that it has.

M26 | starts without the padding | notebook 06, Same: the border is not there
You counted the windows of the padded image, but cut them from the one without padding. With "same" the first window
starts before the image: at -before.

M28 | only channel 0 | notebook 06, Each channel alone
You pooled channel 0 only. Every channel is pooled on its own, and the output has as many as the input.

M40 | first image for all | notebook 06, Each channel alone
You gave every image the result of the first one. Index with n, so that each image is pooled from its own pixels.

M41 | numbers wrap at 256 | notebook 01, Numbers with a fraction
You stored the result as `uint8`, where -1 becomes 255 and fractions are lost. Make the output an array of floats.

M42 | fractions cut off | notebook 01, Numbers with a fraction
You stored the result as whole numbers, and the fractions are gone. Make the output an array of floats with
`np.zeros(shape)`.

M43 | images changed | notebook 01, Leave the input alone
Your numbers are right, but the images you were given have changed. Write the results into a new array.

M44 | window as long as stride | {reduced}
You ended each window at start + stride, so that it is as long as the stride. It has the size of the pool, and ends at
start + pool size.

M45 | stride added, not multiplied | notebook 06, Strides default to the pool
You added the stride to the index, so that neighbouring windows start one pixel apart. Multiply: window (i, j) starts at
row `i * stride_height` and column `j * stride_width`.

M46 | stride used twice | notebook 06, Strides default to the pool
Your loops run over the output in steps, and each start is multiplied by the stride as well: cells in between stay 0.
Let the loops run over every cell of the output.

M47 | stored at the image's pixel | notebook 06, Strides default to the pool
You stored each number where its window starts in the image. Numbers lie side by side: the window that starts at row
`i * stride_height` belongs to row i of the output.

M48a | last cells left out | {reduced}
You left out the last row and the last column of each window. A slice ends before its second number: a window of k rows
is `start : start + k`.

M48b | one row too many | {reduced}
Your windows have one row and one column too many. A slice ends before its second number: a window of k rows is
`start : start + k`.

M49 | image not chosen | notebook 06, Each channel alone
You pooled the windows of all images at once, and gave each image the result. Choose one image, or leave the first axis
as it is.

P1 | strides default to 1 | notebook 06, Strides default to the pool
You moved by one pixel where no strides are given. By default the strides of pooling are the pool size, so that windows
do not overlap.

P2a | channels pooled into one | notebook 06, Each channel alone
You pooled over the channels, too, and one is left. Each channel is pooled alone: the output has as many as the input.

P2b | channels mixed | notebook 06, Each channel alone
You took one value over all channels of a window and gave it to each. Each channel is pooled alone.

P8 | leftover pixels kept | notebook 06, What is left over
You made one more window from the pixels that are left over. With "valid" they are dropped: the size is rounded down.

P13a | size from the pool alone | notebook 06, Strides default to the pool
You divided by the size of the pool to count the windows. That is right where the strides are the pool size; in general
there are (n - k) // stride + 1, in the image after padding.

P13b | valid size from pool alone | notebook 06, Strides default to the pool
You took n // pool_size for the number of windows under "valid". That is right where the strides are the pool size; in
general there are (n - k) // stride + 1.

P9a | first pixel of each window | {reduced}
You kept the first pixel of each window. All of its pixels count: take the window with two slices, then reduce it.

P9b | last pixel of each window | {reduced}
You kept the last pixel of each window. All of its pixels count: take the window with two slices, then reduce it.

P10 | axes of reshape mixed up | {reduced}
You cut the image with `reshape`, but in the wrong order, so that pixels far apart share a window. It goes `(n, height
// k, k, width // k, k, c)`, reduced over axes 2 and 4.

F1 | starter not filled in | {reduced}
You returned an output of the right shape that holds only zeros. Each cell should hold the value of its window.

F2a | returns after the first window | {reduced}
You returned after the first window: the `return` is inside the innermost loop. Move it below all loops.

F2b | returns after the first row | {reduced}
You returned after the first row of windows: the `return` is inside a loop. Move it below all loops.

F2c | returns after the first image | {reduced}
You returned after the first image: the `return` is inside the loop over images. Move it below all loops.

F5 | 2 written into the code | {reduced}
You used 2 as the pool size whatever was asked for; 2 is only the default. Read `pool_size` as (height, width).

F6 | works for square images only | {reduced}
You used the height of the images for their width as well. Read both: `n, height, width, channels = x.shape`.

F7 | pool height and width swapped | {reduced}
You swapped the height and the width of the pool. The order is (height, width), like the axes of the array.

F17 | strides not read | notebook 06, Strides default to the pool
You moved by the pool size although strides were given. The pool size is only the default, for `strides=None`.

F18a | height stride for both | notebook 06, Strides default to the pool
You used the stride of the height for the width as well. Strides are a pair: rows move by the first, columns by the
second.

F18b | width stride for both | notebook 06, Strides default to the pool
You used the stride of the width for the height as well. Strides are a pair: rows move by the first, columns by the
second.

F19 | padding not read | notebook 06, Same: the border is not there
You pooled as for "valid" although "same" was asked for. Compare with `padding == "same"`, in lower case; the output
then has ceil(n / stride) rows and columns.

F20 | only the first image | notebook 06, Each channel alone
You returned the first image only. The first axis is the batch: the output has as many images as the input.

F21 | channels first | notebook 06, Each channel alone | convention
PyTorch has the channels first, before height and width, and pools axes 2 and 3. Here, as in Keras, the shape is (n,
height, width, channels): height and width are axes 1 and 2.

F65 | result with channels first | notebook 06, Each channel alone | convention
PyTorch puts the channels before height and width. Here, as in Keras, they come last, in the result as in the images:
(n, height, width, channels).

F98 | images read channels first | notebook 06, Each channel alone | convention
PyTorch has the channels of images first: (n, channels, height, width). Here, as in Keras, they are last, where you have
put those of the result.

F42 | windows rounded down | notebook 06, Same: the border is not there
You counted n // stride windows under "same". Their number is rounded up, ceil(n / stride), and the padding follows from
that.

F42b | last windows left out | notebook 06, Same: the border is not there
Your padding is right, but you took n // stride windows under "same". Their number is rounded up: ceil(n / stride).

F43b | one added after | notebook 06, Same: the border is not there
You always padded one more after the image than before it. That is right for an odd total only: after = total - before.

F43c | one window too many | notebook 06, Same: the border is not there
You counted n // stride + 1 windows under "same", to round up. Where the stride divides n that is one too many:
`-(-n // stride)` is the ceiling.

F51b | all of it before | notebook 06, Same: the border is not there
You put all of the padding at the top and left. It is shared out: before = total // 2, after = total - before.

F52 | total on both sides | notebook 06, Same: the border is not there
You put the total on each side, twice as much as is missing. It is shared out: before = total // 2, after = total -
before.

F60 | padding rounded up twice | notebook 06, Same: the border is not there
You rounded half of the padding up on both sides, which is one too many for an odd total. Before = total // 2, after =
total - before.

F61 | padding rounded down twice | notebook 06, Same: the border is not there
You rounded half of the padding down on both sides, which is one short for an odd total. Before = total // 2, after =
total - before.

F62 | padding plus one | notebook 06, Same: the border is not there
You padded total // 2 + 1 on both sides, which is too much. Before = total // 2, after = total - before.

F93 | half rounded to even | notebook 06, Same: the border is not there
You rounded half of the padding with `round`. Python rounds 0.5 to 0 but 1.5 to 2, so that some odd rows come first and
others last: before = total // 2, after = total - before.
"""


def _never_counting(reduce: Reduce) -> dict[str, Function | Around]:
    """Wrong frames around the image, none of which counts."""
    return {id_: windowed(_framed(FRAMES[frame]), reduce) for id_, frame in FRAMES_THAT_NEVER_COUNT.items()}


def _of_both(pool: Function, reduce: Reduce, over: Function, reduced: str) -> tuple[Mistake, ...]:
    """Mistakes that max and average pooling share; `reduced` is where to read about the one asked for."""
    return with_words(
        {
            "M4": returned_as(pool, lambda maps: maps.transpose(0, 2, 1, 3)),
            "M7a": returned_as(pool, lambda maps: maps[:, :-1, :-1]),
            "M7b": windowed(
                lambda *axis: range(right_starts(*axis).start, right_starts(*axis).stop - 1, axis[2]), reduce
            ),
            "M8": windowed(under_valid(lambda n, k, stride, padding: range(0, n, stride)), reduce),
            "M9": windowed(_next_pixels, reduce),
            "M10a": read_with(pool, lambda x, size, step, padding: (x, size, (step[0], 1), padding)),
            "M10b": read_with(pool, lambda x, size, step, padding: (x, size, (1, step[1]), padding)),
            "M11": read_with(pool, lambda x, size, step, padding: (x, size, step[::-1], padding)),
            "M12": windowed(_first_at_end_of_stride, reduce),
            "M15a": returned_as(pool, _rows_count_for_both),
            "M15b": around.read_with(
                pool,
                lambda x, pool_size=2, strides=None, padding="valid": (
                    x,
                    pair("pool_size", pool_size)[0],
                    strides,
                    padding,
                ),
            ),
            "M20a": read_with(pool, _padded(FRAMES["M20a"])),
            "M20b": read_with(
                pool, lambda x, size, step, padding: (x, size, (1, 1) if padding == "same" else step, padding)
            ),
            "M21": read_with(pool, _padded(FRAMES["M21"])),
            "M22": _pads_swapped(reduce),
            "M23": read_with(pool, _every_axis_padded),
            "M25": Around(pool, _pooled_then_padded),
            "M26": windowed(lambda *axis: range(0, len(right_starts(*axis)) * axis[2], axis[2]), reduce),
            "M28": returned_as(pool, lambda maps: maps[..., :1]),
            "M40": returned_as(pool, lambda maps: np.repeat(maps[:1], len(maps), axis=0)),
            "M41": returned_as(pool, in_bytes),
            "M42": returned_as(pool, lambda maps: maps.astype(int)),
            "M43": _written_into_the_images(pool),
            "P1": around.read_with(
                pool,
                lambda x, pool_size=2, strides=None, padding="valid": (
                    x,
                    pool_size,
                    1 if strides is None else strides,
                    padding,
                ),
            ),
            "P2a": returned_as(pool, lambda maps: over(maps, axis=-1, keepdims=True)),
            "P2b": returned_as(pool, _channels_mixed(over)),
            "P8": windowed(under_valid(lambda n, k, stride, padding: range(0, min(n, n - k + stride), stride)), reduce),
            "P13a": windowed(_counted_by_the_pool, reduce),
            "P13b": windowed(under_valid(_counted_by_the_pool), reduce),
            "P9a": windowed(right_starts, lambda window, size: window[:, 0, 0]),
            "P9b": windowed(right_starts, lambda window, size: window[:, -1, -1]),
            "P10": _cut_into_blocks(over),
            "F1": returned_as(pool, np.zeros_like),
            "F2a": returned_as(pool, lambda maps: only(np.s_[:1, :1, :1], maps)),
            "F2b": returned_as(pool, lambda maps: only(np.s_[:1, :1], maps)),
            "F2c": returned_as(pool, lambda maps: only(np.s_[:1], maps)),
            "F5": around.read_with(
                pool, lambda x, pool_size=2, strides=None, padding="valid": (x, 2, strides, padding)
            ),
            "F6": _square_images(reduce),
            "F7": read_with(pool, lambda x, size, step, padding: (x, size[::-1], step, padding)),
            "F17": read_with(pool, lambda x, size, step, padding: (x, size, size, padding)),
            "F18a": read_with(pool, lambda x, size, step, padding: (x, size, (step[0], step[0]), padding)),
            "F18b": read_with(pool, lambda x, size, step, padding: (x, size, (step[1], step[1]), padding)),
            "F19": read_with(pool, lambda x, size, step, padding: (x, size, step, "valid")),
            "F20": returned_as(pool, lambda maps: maps[:1]),
            "F21": Around(pool, _channels_first_both_ways),
            "F65": returned_as(pool, lambda maps: np.moveaxis(maps, -1, 1)),
            "F98": around.read_with(pool, lambda x, *given, **named: (np.moveaxis(x, 1, -1), *given, *named.values())),
            "M24c": read_with(pool, _wrapped),
            "M24d": _wrapped_before(reduce),
            "M44": _windows_of(lambda k, stride: stride, reduce),
            "M45": windowed(_stride_added, reduce),
            "M46": returned_with(pool, _every_stride),
            "M47": _at_its_pixel(pool),
            "M48a": _windows_of(lambda k, stride: k - 1, reduce),
            "M48b": _windows_of(lambda k, stride: k + 1, reduce),
            "M49": returned_as(pool, _images_not_told_apart(over)),
            "F42b": windowed(under_same(_fewer_under_same), reduce),
            **_never_counting(reduce),
        },
        OF_BOTH.replace("{reduced}", reduced),
    )


MAX_POOL2D = _of_both(max_pool2d, largest, np.max, "notebook 06, The largest of each window") + with_words(
    {
        "M39": returned_as(max_pool2d, _maximum_never_set_back),
        "P3": read_with(max_pool2d, _padded(same_padding)),
        "P4": returned_as(max_pool2d, lambda maps: np.maximum(maps, 0)),
        "P11a": windowed(right_starts, mean),
        "P11c": windowed(right_starts, smallest),
        "P11d": windowed(right_starts, middle),
        "P11e": windowed(right_starts, place_of_the_largest),
        "P11b": read_with(max_pool2d, lambda x, size, step, padding: (np.abs(x), size, step, padding)),
    },
    """
M39 | maximum never reset | notebook 06, The largest of each window
You carried the maximum of one window into the next. Each window starts over: set the maximum inside the loop over
windows.

P3 | padding with 0 can win | notebook 06, Same: the border is not there
You padded with zeros, and a zero is larger than any negative pixel. Padding must never win: pad with -inf, or take only
the pixels that exist.

P4 | maximum starts at 0 | notebook 06, The largest of each window
You started the maximum at 0, so that a window of negative pixels gives 0. Start at -inf, or at the first pixel of the
window.

P11a | mean instead of maximum | notebook 06, The largest of each window
You took the mean of each window. Max pooling keeps its largest pixel.

P11c | smallest instead of largest | notebook 06, The largest of each window
You took the smallest pixel of each window. Max pooling keeps its largest pixel.

P11d | median instead of maximum | notebook 06, The largest of each window
You took the median of each window. Max pooling keeps its largest pixel.

P11e | place of the maximum | notebook 06, The largest of each window
You returned where the largest pixel of each window is, as `argmax` does. Max pooling keeps the pixel itself.

P11b | sign lost | notebook 06, The largest of each window
You compared the pixels without their sign. The largest of -5 and 2 is 2: no `abs`.
""",
)

AVG_POOL2D = _of_both(avg_pool2d, mean, np.mean, "notebook 06, The mean of each window") + with_words(
    {
        "M24": read_with(avg_pool2d, _edge_repeated),
        "M39": as_pooling(_total_never_set_back),
        "M41b": _added_in_type_of_x,
        "M42a": returned_with(avg_pool2d, lambda maps, x, *window, **named: in_type_of(x, maps)),
        "P5": read_with(avg_pool2d, _padded(same_padding)),
        "P5a": windowed(right_starts, lambda window, size: total(window, size) / (window.shape[1] * size[1])),
        "P5b": windowed(right_starts, lambda window, size: total(window, size) / (size[0] * window.shape[2])),
        "P6": returned_as(avg_pool2d, np.floor),
        "P7a": windowed(right_starts, total),
        "P7b": windowed(right_starts, lambda window, size: total(window, size) / 4),
        "P7c": windowed(right_starts, lambda window, size: total(window, size) / size[0] ** 2),
        "P11": windowed(right_starts, largest),
        "P11d": windowed(right_starts, middle),
        "F91": windowed(right_starts, _mean_without_zeros),
        "M42c": returned_as(avg_pool2d, lambda maps: np.round(maps, 1)),
        "M42d": returned_as(avg_pool2d, lambda maps: np.round(maps, 2)),
    },
    """
M42c | rounded to one decimal | notebook 01, Numbers with a fraction
You rounded the means to one decimal. Return them with all their digits.

M42d | rounded to two decimals | notebook 01, Numbers with a fraction
You rounded the means to two decimals. Return them with all their digits.

M24 | edge pixels repeated | notebook 06, Same: the border is not there
You repeated the edge pixels as padding, so that they count more than once. Padding is not there: a mean takes only the
pixels that exist.

M39 | total never reset | notebook 06, The mean of each window
You carried the total of one window into the next. Each window starts from 0: set the total inside the loop over
windows.

M41b | bytes added as bytes | notebook 01, Numbers with a fraction
You added bytes, which wrap around at 256. Convert the pixels to floats before you add: `np.asarray(x, dtype=float)`.

M42a | output of the image's type | notebook 01, Numbers with a fraction
You gave the output the type of the input, and whole numbers have no room for a fraction. Make it an array of floats
with `np.zeros(shape)`.

P5 | padding counted | notebook 06, Same: the border is not there | convention
PyTorch counts the padding in a mean (`count_include_pad=True` is its default). Here, as in Keras, padding is not there:
divide by the number of pixels that the window really has.

P5a | width counted in full | notebook 06, Same: the border is not there
You left out the rows outside the image, but divided by the full width of the pool. Divide by the number of pixels that
the window really has: its rows times its columns.

P5b | height counted in full | notebook 06, Same: the border is not there
You left out the columns outside the image, but divided by the full height of the pool. Divide by the number of pixels
that the window really has: its rows times its columns.

P6 | division without fraction | notebook 06, The mean of each window
You divided with `//`, which rounds down. A mean has a fraction: divide with `/`.

P7a | sum instead of mean | notebook 06, The mean of each window
You added up each window and did not divide. The mean is the sum divided by the number of pixels in the window.

P7b | always divided by 4 | notebook 06, The mean of each window
You divided every sum by 4, which is right for a window of four pixels only. Divide by the number of pixels in this
window.

P7c | divided by height squared | notebook 06, The mean of each window
You divided by the height of the pool squared. A window has height times width pixels, fewer at a padded border.

P11 | maximum instead of mean | notebook 06, The mean of each window
You kept the largest pixel of each window. Average pooling takes the mean of all its pixels.

P11d | median instead of mean | notebook 06, The mean of each window
You took the median of each window. Average pooling takes the mean of all its pixels.

F91 | zero pixels not counted | notebook 06, Same: the border is not there
You divided by the number of pixels that are not 0. The image may contain zeros, and they count: ask where a pixel lies,
not what it holds.
""",
)
