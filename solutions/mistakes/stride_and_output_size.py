"""Known mistakes with strides: `output_size` and `conv2d_strided`.

What goes wrong without strides is taken from `solutions.mistakes.gray`, in the same words.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from solutions.asked.gray import conv2d_gray, conv2d_strided
from solutions.faults import shown
from solutions.faults.around import Around, Function, read_with, returned_as, returned_with
from solutions.faults.storing import in_type_of, only
from solutions.mistakes import Mistake, with_function, with_words
from solutions.mistakes.gray import CONV2D_VALID
from solutions.reference.shapes import FloatArray, Padding, Pair, Size, float_arrays, output_size, pair

Count = Callable[[int, int, int], float]  # pixels, pixels that a window spans, stride -> windows


# --- output_size --------------------------------------------------------------------------------------------------


def _span(k: int, dilation: int) -> int:
    return (k - 1) * dilation + 1


def _valid(count: Count) -> Function:
    """Count wrongly under "valid" alone; what does not fit is refused."""

    def wrong(n: int, k: int, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> float:
        right = output_size(n, k, stride, padding, dilation)
        return right if padding == "same" else count(n, _span(k, dilation), stride)

    return wrong


def _unguarded(count: Count) -> Function:
    """Count under "valid" without a look at whether a window fits."""

    def wrong(n: int, k: int, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> float:
        if padding == "same":
            return output_size(n, k, stride, padding)
        return count(n, _span(k, dilation), stride)

    return wrong


def _same(count: Count) -> Function:
    """Count wrongly under "same" alone."""

    def wrong(n: int, k: int, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> float:
        return count(n, k, stride) if padding == "same" else output_size(n, k, stride, padding, dilation)

    return wrong


def _spanning(span: Callable[[int, int], int]) -> Around:
    """Count rightly, for a window that spans something else."""
    return read_with(
        output_size,
        lambda n, k, stride=1, padding="valid", dilation=1: (n, span(k, dilation), stride, padding),
    )


def _exact_fit_refused(n: int, k: int, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> int:
    if padding == "valid" and _span(k, dilation) >= n:
        raise ValueError
    return output_size(n, k, stride, padding, dilation)


def _large_kernel_refused(n: int, k: int, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> int:
    if k > n:
        raise ValueError
    return output_size(n, k, stride, padding, dilation)


def _cells_compared(n: int, k: int, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> int:
    if padding == "same":
        return output_size(n, k, stride, padding)
    if k > n:
        raise ValueError
    return (n - _span(k, dilation)) // stride + 1


OUTPUT_SIZE = with_words(
    {
        "M7": _valid(lambda n, k, stride: (n - k) // stride),
        "M8": _valid(lambda n, k, stride: -(-n // stride)),
        "M13": _valid(lambda n, k, stride: -(-(n - k) // stride) + 1),
        "M14": _unguarded(lambda n, k, stride: int((n - k) / stride) + 1),
        "M16": _same(lambda n, k, stride: (n + 2 * (k // 2) - k) // stride + 1),
        "M20": _same(lambda n, k, stride: n),
        "C3a": _spanning(lambda k, dilation: k if dilation == 1 else k + (k - 1) * dilation),
        "C3b": _spanning(lambda k, dilation: k * dilation),
        "C3c": _spanning(lambda k, dilation: k + (k - 1) * dilation),
        "F1": _valid(lambda n, k, stride: 0),
        "F17": read_with(output_size, lambda n, k, stride=1, padding="valid", dilation=1: (n, k, 1, padding, dilation)),
        "F19": read_with(
            output_size, lambda n, k, stride=1, padding="valid", dilation=1: (n, k, stride, "valid", dilation)
        ),
        "F40": _unguarded(lambda n, k, stride: (n - k) // stride + 1),
        "F41a": _exact_fit_refused,
        "F41b": _large_kernel_refused,
        "F42": _same(lambda n, k, stride: n // stride),
        "F43": _same(lambda n, k, stride: n // stride + 1),
        "F44a": read_with(output_size, lambda n, k, stride=1, padding="valid", dilation=1: (n, k, stride, padding)),
        "F44b": _cells_compared,
        "F45a": _valid(lambda n, k, stride: (n - k + 1) // stride),
        "F45b": _valid(lambda n, k, stride: n // stride - k + 1),
        "F46": lambda n, k, stride=1, padding="valid", dilation=1: (
            n / stride if padding == "same" else _unless_refused(n, _span(k, dilation)) / stride + 1
        ),
    },
    """
M7 | last window missing | notebook 03, How many steps fit?
You counted the steps and left out the window that starts at 0. There is one window more than there are steps: floor((n
- k) / stride) + 1.

M8 | windows run past the edge | notebook 03, How many steps fit?
You counted a window for every stride of the image, so that the last ones hang over the edge. Under "valid" only full
windows count: floor((n - k) / stride) + 1.

M13 | rounded up under valid | notebook 03, How many steps fit?
You rounded up, and the last window hangs over the edge. Under "valid" the pixels that are left over are dropped: round
down, with `//`.

M14 | rounded towards zero | notebook 03, No window fits
You rounded with `int(...)`, which cuts -0.5 to 0, and so found a window in an image that is too small. Take `//`, and
raise a ValueError where the window spans more pixels than there are.

M16 | half the kernel each side | notebook 03, The other count: same | convention
PyTorch layers are often given k // 2 pixels on both sides, so that an even kernel has one window more. Here, as in
Keras, "same" gives ceil(n / stride), whatever the kernel.

M20 | same keeps the size | notebook 03, The other count: same | convention
Some courses keep the size under "same" at any stride. Here, as in Keras, "same" gives ceil(n / stride), which is n only
for a stride of 1.

C3a | dilation counted as gaps | notebook 03, Gaps in the kernel
You left `dilation` empty pixels between two cells. A dilation of d is the distance from one cell to the next: the
window spans (k - 1) * d + 1 pixels.

C3b | cells times dilation | notebook 03, Gaps in the kernel
You multiplied the number of cells by the dilation. Count the distances between them: k cells have k - 1, and the window
spans (k - 1) * d + 1 pixels.

C3c | gaps even without dilation | notebook 03, Gaps in the kernel
You left `dilation` empty pixels between two cells, so that even a plain kernel has gaps. Its dilation is 1: the
distance from one cell to the next: the window spans (k - 1) * d + 1 pixels.

F1 | starter not filled in | notebook 03, How many steps fit?
You returned 0 under "valid". Work out how many windows fit: floor((n - k) / stride) + 1.

F17 | stride not read | notebook 03, How many steps fit?
You counted the windows of a stride of 1 whatever stride was given. With a longer step there are fewer: divide by the
stride, then add 1.

F19 | padding not read | notebook 03, The other count: same
You counted as for "valid" although "same" was asked for. Compare with `padding == "same"`; the count is then ceil(n /
stride).

F40 | nothing refused | notebook 03, No window fits
You returned 0 or less where no window fits. There is no such output: raise a ValueError if the window spans more pixels
than there are.

F41a | exact fit refused | notebook 03, No window fits
You refused a window that is exactly as large as the image. It fits once: refuse it only if it spans more pixels than
there are, with `>` and not `>=`.

F41b | refused under same | notebook 03, The other count: same
You refused a kernel larger than the image under "same". Padding makes room for any kernel: only "valid" refuses.

F42 | same rounded down | notebook 03, The other count: same
You rounded down under "same". Nothing is left over there: round up, ceil(n / stride).

F43 | one added to round up | notebook 03, The other count: same
You rounded up with `n // stride + 1`. Where the stride divides n that is one too many: `(n + stride - 1) // stride` is
the ceiling.

F44a | dilation not read | notebook 03, Gaps in the kernel
You counted as if there were no dilation. A dilated window spans (k - 1) * dilation + 1 pixels, and fewer of them fit.

F44b | cells compared, not the span | notebook 03, No window fits
You compared the number of cells with the image before refusing. With a dilation the window is wider than its cells:
compare its span, (k - 1) * dilation + 1.

F45a | one added before dividing | notebook 03, How many steps fit?
You added 1 before you divided by the stride. Divide first: (n - k) // stride counts the steps, and the first window
comes on top.

F45b | divided before subtracting | notebook 03, How many steps fit?
You divided n by the stride before you subtracted k. The way from the first window to the last is n - k pixels: divide
that.

F46 | not rounded | notebook 03, How many steps fit?
You returned a fraction. Windows are whole: under "valid" round down, `(n - k) // stride + 1`, and under "same" round
up.
""",
)


def _unless_refused(n: int, span: int) -> int:
    if span > n:
        raise ValueError
    return n - span


# --- conv2d_strided -----------------------------------------------------------------------------------------------

_VALID = {mistake.id: mistake for mistake in CONV2D_VALID}


def _read(image: ArrayLike, kernel: ArrayLike, strides: Size) -> tuple[FloatArray, FloatArray, Pair]:
    """Read the arguments as the right function does, and refuse what it refuses."""
    image, kernel = float_arrays(image, kernel)
    conv2d_strided(image, kernel, strides)
    return image, kernel, pair("strides", strides)


def _steps(mistake: Mistake) -> Function | Around:
    """Let a mistake of stride 1 take steps: its result at every stride."""
    if mistake.over is not None:
        return Around(conv2d_strided, partial(_strided_over, mistake.over))

    def strided(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> Any:
        down, right = pair("strides", strides)
        return mistake.function(image, kernel)[::down, ::right]

    return strided


def _where_one_fits(mistake: Mistake) -> Function:
    """The same, but refuse what should be refused."""

    def strided(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> Any:
        pixels, weights, (down, right) = _read(image, kernel, strides)
        return mistake.function(pixels, weights)[::down, ::right]

    return strided


def _strided_over(over: Callable[[Function], Function], inner: Function) -> Function:
    """Make a mistake of stride 1 around a function with strides."""
    return lambda image, kernel, strides=1: over(lambda *arrays: inner(*arrays, strides))(image, kernel)


def _other_strides(change: Callable[[Pair, Pair], Pair]) -> Around:
    """Slide rightly, with other strides, worked out from those given and the kernel's size."""

    def changed(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> tuple[Any, ...]:
        _, weights, steps = _read(image, kernel, strides)
        height, width = weights.shape
        return image, kernel, change(steps, (height, width))

    return read_with(conv2d_strided, changed)


def _result(change: Callable[[FloatArray], Any]) -> Around:
    """Slide rightly, then spoil the result."""
    return returned_as(conv2d_strided, change)


def _counted(count: Callable[[int, int, int], int]) -> Function:
    """Count the windows wrongly; where one runs past the edge, 0 stands for the pixels that are missing."""

    def wrong(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
        pixels, weights = float_arrays(image, kernel)
        steps = pair("strides", strides)
        counts = [count(*axis) for axis in zip(pixels.shape, weights.shape, steps, strict=True)]
        return _at_every_step(pixels, weights, steps, counts)

    return wrong


def _counted_where_one_fits(count: Callable[[int, int, int], int]) -> Function:
    """The same, but refuse what should be refused."""
    wrong = _counted(count)
    return lambda image, kernel, strides=1: wrong(*_read(image, kernel, strides))


def _at_every_step(pixels: FloatArray, weights: FloatArray, steps: Pair, counts: list[int]) -> FloatArray:
    maps = np.zeros(counts, pixels.dtype)
    for i, j in np.ndindex(*maps.shape):
        top, left = i * steps[0], j * steps[1]
        patch = pixels[top : top + len(weights), left : left + weights.shape[1]]
        maps[i, j] = (patch * weights[: patch.shape[0], : patch.shape[1]]).sum()
    return maps


def _short_windows(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    """Start a window wherever a stride begins: NumPy stretches a short one, or raises."""
    pixels, weights, (down, right) = _read(image, kernel, strides)
    tops, lefts = range(0, pixels.shape[0], down), range(0, pixels.shape[1], right)
    height, width = weights.shape
    sums = [[(pixels[i : i + height, j : j + width] * weights).sum() for j in lefts] for i in tops]
    return np.array(sums)


def _next_pixels(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    rows, columns = conv2d_strided(image, kernel, strides).shape
    return conv2d_strided(image, kernel)[:rows, :columns]


def _first_at_end_of_stride(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    down, right = pair("strides", strides)
    return conv2d_strided(image, kernel)[down - 1 :: down, right - 1 :: right]


def _output_stepped_through(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    down, right = pair("strides", strides)
    return only(np.s_[::down, ::right], _next_pixels(image, kernel, strides))


def _at_its_first_pixel(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    """Store each sum where its window starts, in an output as large as for a stride of 1."""
    down, right = pair("strides", strides)
    return only(np.s_[::down, ::right], conv2d_strided(image, kernel))


def _last_of_each_stride(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    """Store every window of stride 1 at its row and column divided by the stride."""
    every, steps = conv2d_strided(image, kernel), pair("strides", strides)
    kept = [[*range(stride - 1, n - 1, stride), n - 1] for n, stride in zip(every.shape, steps, strict=True)]
    return every[np.ix_(*kept)]


def _rows_count_for_both(maps: FloatArray) -> FloatArray:
    filled = np.zeros_like(maps)
    for i, j in np.ndindex(len(maps), len(maps)):
        filled[i, j] = maps[i, j]
    return filled


def _kernel_height_for_both(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    pixels, weights, steps = _read(image, kernel, strides)
    counts = [output_size(n, len(weights), stride) for n, stride in zip(pixels.shape, steps, strict=True)]
    return _at_every_step(pixels, weights, steps, counts)


def _square_image(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    """Count the columns with the height of the image: too few, or an IndexError."""
    pixels, weights, steps = _read(image, kernel, strides)
    rows, columns = (output_size(len(pixels), k, stride) for k, stride in zip(weights.shape, steps, strict=True))
    right = conv2d_strided(image, kernel, strides)
    return right[np.ix_(range(rows), range(columns))]


def _kernel_sides_swapped(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    pixels, weights, steps = _read(image, kernel, strides)
    counts = [output_size(*axis) for axis in zip(pixels.shape, weights.shape[::-1], steps, strict=True)]
    maps = np.zeros(counts, pixels.dtype)
    for i, j in np.ndindex(*maps.shape):
        top, left = i * steps[0], j * steps[1]
        maps[i, j] = (pixels[top : top + weights.shape[1], left : left + len(weights)] * weights).sum()
    return maps


def _in_corner_of(size: Callable[[ArrayLike, ArrayLike], tuple[int, ...]]) -> Around:
    """Put the right result into the top-left corner of zeros of another size."""

    def in_corner(maps: FloatArray, image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
        out = np.zeros(size(image, kernel), maps.dtype)
        out[: maps.shape[0], : maps.shape[1]] = maps
        return out

    return returned_with(conv2d_strided, in_corner)


def _cut(start: Callable[[int, int], int], side: Callable[[int, int], int]) -> Function:
    """Cut as many windows as is right by slices from `start(i, stride)` of `side(k, stride)` pixels.

    NumPy stretches what has another size than the kernel, or raises.
    """

    def wrong(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
        pixels, weights, steps = _read(image, kernel, strides)
        maps = np.zeros_like(conv2d_strided(pixels, weights, steps))
        for at in np.ndindex(*maps.shape):
            starts = [start(i, stride) for i, stride in zip(at, steps, strict=True)]
            sides = [side(k, stride) for k, stride in zip(weights.shape, steps, strict=True)]
            cut = tuple(slice(first, first + length) for first, length in zip(starts, sides, strict=True))
            maps[at] = (pixels[cut] * weights).sum()
        return maps

    return wrong


def _every_stride(maps: FloatArray, image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    down, right = pair("strides", strides)
    return only(np.s_[::down, ::right], maps)


def _at_its_pixel(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    """Store each sum where its window starts in the image, in an output that is too small for that."""
    pixels, weights, (down, right) = _read(image, kernel, strides)
    maps = np.zeros_like(conv2d_strided(pixels, weights, (down, right)))
    (height, width), (rows, columns) = weights.shape, pixels.shape
    for i, j in product(range(0, rows - height + 1, down), range(0, columns - width + 1, right)):
        maps[i, j] = (pixels[i : i + height, j : j + width] * weights).sum()
    return maps


def _written_into_the_image(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    maps = conv2d_strided(image, kernel, strides)
    np.asarray(image)[: maps.shape[0], : maps.shape[1]] = maps
    return maps


def _windows_multiplied_in_place(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    maps = np.zeros_like(conv2d_strided(image, kernel, strides))
    pixels, weights = np.asarray(image), np.asarray(kernel)
    down, right = pair("strides", strides)
    for i, j in np.ndindex(*maps.shape):
        window = pixels[i * down : i * down + weights.shape[0], j * right : j * right + weights.shape[1]]
        np.multiply(window, weights, out=window, casting="unsafe")
        maps[i, j] = window.sum()
    return maps


# What goes wrong inside a window goes wrong at every step in the same way.
INSIDE_A_WINDOW = (
    *("M1", "M2a", "M2b", "M3", "F12", "M5", "M6", "M15c", "M41", "M42b", "M48", "M51", "M52", "M54a", "M54b"),
    *("F3a", "F3b", "F4", "F5", "F16"),
)

# Those that have the words of stride 1.
AS_WITHOUT_STRIDES: dict[str, Function | Around] = {id_: _steps(_VALID[id_]) for id_ in INSIDE_A_WINDOW} | {
    "M3b": _where_one_fits(_VALID["M3b"]),
    "M4": _result(np.transpose),
    "M15b": _result(_rows_count_for_both),
    "M39a": _result(lambda maps: maps.cumsum().reshape(maps.shape)),
    "M39b": _result(lambda maps: maps.cumsum(axis=1)),
    "M42a": returned_with(conv2d_strided, lambda maps, image, kernel, strides=1: in_type_of(image, maps)),
    "M43a": _written_into_the_image,
    "M43b": _windows_multiplied_in_place,
    "M53": _result(shown.stretched),
    "M55": _result(shown.over_the_largest),
    "F1": _result(np.zeros_like),
    "F2a": _result(lambda maps: only(np.s_[:1, :1], maps)),
    "F2b": _result(lambda maps: only(np.s_[:1, :], maps)),
    "M15d": _where_one_fits(_VALID["M15d"]),
    "F5b": _where_one_fits(_VALID["F5b"]),
    "F5c": _steps(_VALID["F5c"]),
    "F6": _square_image,
    "F7": _kernel_sides_swapped,
}

CONV2D_STRIDED = tuple(with_function(_VALID[id_], wrong) for id_, wrong in AS_WITHOUT_STRIDES.items()) + with_words(
    {
        "M7a": _result(lambda maps: maps[:-1, :-1]),
        "M7b": _counted_where_one_fits(lambda n, k, stride: len(range(0, n - k, stride))),
        "M8": _counted_where_one_fits(lambda n, k, stride: -(-n // stride)),
        "M8b": _short_windows,
        "M9": _next_pixels,
        "M10a": _other_strides(lambda steps, size: (steps[0], 1)),
        "M10b": _other_strides(lambda steps, size: (1, steps[1])),
        "M11": _other_strides(lambda steps, size: steps[::-1]),
        "M12": _first_at_end_of_stride,
        "M13": _counted_where_one_fits(lambda n, k, stride: -(-(n - k) // stride) + 1),
        "M14": _counted(lambda n, k, stride: int((n - k) / stride) + 1),
        "M15a": _kernel_height_for_both,
        "M44": _cut(lambda i, stride: i * stride, lambda k, stride: stride),
        "M45": _cut(lambda i, stride: i + stride - 1, lambda k, stride: k),
        "M46": returned_with(conv2d_strided, _every_stride),
        "M47": _at_its_pixel,
        "F9": _in_corner_of(lambda image, kernel: np.shape(image)),
        "F10": lambda image, kernel, strides=1: conv2d_gray(image, kernel, strides, "same"),
        "F11": _other_strides(lambda steps, size: size),
        "F17": _other_strides(lambda steps, size: (1, 1)),
        "F18a": _other_strides(lambda steps, size: (steps[0], steps[0])),
        "F18b": _other_strides(lambda steps, size: (steps[1], steps[1])),
        "F40": _counted(lambda n, k, stride: (n - k) // stride + 1),
        "F45": _counted_where_one_fits(lambda n, k, stride: (n - k + 1) // stride),
        "F47": _in_corner_of(lambda image, kernel: conv2d_strided(image, kernel).shape),
        "F47b": _at_its_first_pixel,
        "F89": _output_stepped_through,
        "F96": _last_of_each_stride,
    },
    """
M7a | last window missing | notebook 03, How many steps fit?
You left out the last row and the last column of windows. Count them: floor((n - k) / stride) + 1 along each axis.

M7b | last fitting window missing | notebook 03, How many steps fit?
You dropped the last window where it ends exactly at the edge. It lies inside and counts: the last possible start is n -
k, so `range` should stop at n - k + 1.

M8 | windows run past the edge | notebook 03, How many steps fit?
You started a window wherever a stride begins, and the last ones hang over the edge. Only full windows count: floor((n -
k) / stride) + 1 along each axis.

M8b | short windows at the edge | notebook 03, How many steps fit?
You started windows as long as there were pixels. At the edge the slice comes out short, and NumPy stretches it or
refuses. Only full windows count: floor((n - k) / stride) + 1 along each axis.

M9 | strides not used in index | notebook 03, A step of two
Your output has the right shape, but its windows start one pixel apart. The window of row i, column j starts at row
`i * step_down` and column `j * step_right`.

M10a | width moves by one pixel | notebook 03, A step for each axis
You used the stride for the rows, but moved by one pixel along the width. Both axes have a stride: `i * step_down`,
`j * step_right`.

M10b | height moves by one pixel | notebook 03, A step for each axis
You used the stride for the columns, but moved by one pixel down the height. Both axes have a stride: `i * step_down`,
`j * step_right`.

M11 | strides swapped | notebook 03, A step for each axis
You swapped the two strides. A pair is (height, width): the first moves the window down, the second to the right.

M12 | first window too late | notebook 03, A step of two
Your first window starts at stride - 1. Start at the first pixel; only the next one is a stride away.

M13 | rounded up | notebook 03, How many steps fit?
You rounded the number of windows up, and the last one hangs over the edge. What is left over is dropped: round down,
with `//`.

M14 | rounded towards zero | notebook 03, No window fits
You rounded with `int(...)`, which cuts -0.5 to 0, and so found a window in an image that is too small. Take `//`, and
raise a ValueError where no window fits.

M15a | kernel height for both counts | notebook 03, How many steps fit?
You counted the columns of windows with the kernel's height. Along the width its width counts: take both from
`kernel.shape`.

M44 | window as long as stride | notebook 03, A step of two
You ended each window at start + stride, so that it is as long as the stride. It has the size of the kernel, and ends at
start + kernel size.

M45 | stride added, not multiplied | notebook 03, A step of two
You added the stride to the index, so that neighbouring windows start one pixel apart. Multiply: the window of row i
starts at row `i * step_down`.

M46 | stride used twice | notebook 03, A step of two
Your loops run over the output in steps, and each start is multiplied by the stride as well: cells in between stay 0.
Let the loops run over every cell of the output.

M47 | stored at the image's pixel | notebook 03, How many steps fit?
You stored each sum where its window starts in the image. Sums lie side by side: the window that starts at row
`i * step_down` belongs to row i of the output.

F9 | output not shrunk | notebook 03, How many steps fit?
Your output has the size of the image, and what lies beyond the windows stays 0. Make it as large as the number of
windows: floor((n - k) / stride) + 1 along each axis.

F10 | zeros put around the image | notebook 03, How many steps fit?
You put zeros around the image. Here only windows that lie inside the image count: floor((n - k) / stride) + 1 along
each axis.

F11 | windows side by side | notebook 03, A step of two
You moved the window by its own size each time. Here the strides say how far it moves, whatever its size.

F17 | strides not read | notebook 03, A step of two
You moved by one pixel although strides were given. The window of row i, column j starts at row `i * step_down` and
column `j * step_right`.

F18a | height stride for both | notebook 03, A step for each axis
You used the stride of the height for the width as well. Strides are a pair: rows move by the first, columns by the
second.

F18b | width stride for both | notebook 03, A step for each axis
You used the stride of the width for the height as well. Strides are a pair: rows move by the first, columns by the
second.

F40 | nothing refused | notebook 03, No window fits
You returned an empty array although no window fits. Raise a ValueError there; `output_size` does that for you.

F45 | one added before dividing | notebook 03, How many steps fit?
You added 1 before you divided by the stride. Divide first: (n - k) // stride counts the steps, and the first window
comes on top.

F47 | stride missing in the size | notebook 03, How many steps fit?
You made the output as large as for a stride of 1, and what lies beyond the windows stays 0. Divide by the stride:
floor((n - k) / stride) + 1 along each axis.

F47b | zeros between the sums | notebook 03, How many steps fit?
You made the output as large as for a stride of 1, and stored each sum where its window starts, with zeros between.
Sums lie side by side: the window that starts at row i * step_down belongs to row i.

F89 | output stepped through, too | notebook 03, A step of two
Your loops run over the output in steps, and what lies between stays 0. Fill every cell of the output; only the window
in the image moves by the stride: `i * step_down`, `j * step_right`.

F96 | last of each stride kept | notebook 03, A step of two
You summed a window at every pixel and divided its place by the stride, so that several share a cell and the last one
is left. The window of row i, column j starts at row `i * step_down` and column `j * step_right`.
""",
)
