"""Known mistakes of notebook 03: `output_size` and `conv2d_strided`.

Faults seen in practice that are first met here or in notebook 04 (`solutions.mistakes.padding`):

    F40 nothing is refused              F45 divided too early
    F41 refuses what fits               F46 not rounded
    F42 rounded down where up is right  F47 stride missing in the output's size
    F43 one added to round up           F48 to F58: see `solutions.mistakes.padding`
    F44 dilation not read
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions.gray import conv2d_gray, conv2d_strided
from solutions.mistakes import Mistake
from solutions.mistakes.gray import CONV2D_VALID
from solutions.shapes import FloatArray, Padding, Pair, Size, float_arrays, output_size, pair

FRACTIONS = 'notebook 01, "Numbers with a fraction"'
INPUT = 'notebook 01, "Leave the input alone"'
ROWS_FIRST = 'notebook 01, "Rows first"'
STEP = 'notebook 03, "A step of two"'
COUNT = 'notebook 03, "How many steps fit?"'
NO_WINDOW = 'notebook 03, "No window fits"'
SAME = 'notebook 03, "The other count: same"'
GAPS = 'notebook 03, "Gaps in the kernel"'
EACH_AXIS = 'notebook 03, "A step for each axis"'

Function = Callable[..., Any]
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


def _spanning(span: Callable[[int, int], int]) -> Function:
    """Count rightly, for a window that spans something else."""

    def wrong(n: int, k: int, stride: int = 1, padding: Padding = "valid", dilation: int = 1) -> int:
        return output_size(n, span(k, dilation), stride, padding)

    return wrong


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


OUTPUT_SIZE = (
    Mistake(
        "M7",
        "last window missing",
        _valid(lambda n, k, stride: (n - k) // stride),
        "You counted the steps and left out the window that starts at 0. There is one window more than there are "
        "steps: floor((n - k) / stride) + 1.",
        COUNT,
    ),
    Mistake(
        "M8",
        "windows run past the edge",
        _valid(lambda n, k, stride: -(-n // stride)),
        'You counted a window for every stride of the image, so that the last ones hang over the edge. Under "valid" '
        "only full windows count: floor((n - k) / stride) + 1.",
        COUNT,
    ),
    Mistake(
        "M13",
        "rounded up under valid",
        _valid(lambda n, k, stride: -(-(n - k) // stride) + 1),
        'You rounded up, and the last window hangs over the edge. Under "valid" the pixels that are left over are '
        "dropped: round down, with `//`.",
        COUNT,
    ),
    Mistake(
        "M14",
        "rounded towards zero",
        _unguarded(lambda n, k, stride: int((n - k) / stride) + 1),
        "You rounded with `int(...)`, which cuts -0.5 to 0, and so found a window in an image that is too small. Take "
        "`//`, and raise a ValueError where the window spans more pixels than there are.",
        NO_WINDOW,
    ),
    Mistake(
        "M16",
        "half the kernel all round",
        _same(lambda n, k, stride: (n + 2 * (k // 2) - k) // stride + 1),
        "You counted as if k // 2 pixels were added on both sides, as is common in PyTorch. An even kernel then gives "
        'one window too many. Here "same" is ceil(n / stride), whatever the kernel.',
        SAME,
    ),
    Mistake(
        "M20",
        "same keeps the size",
        _same(lambda n, k, stride: n),
        'You kept the size under "same" at any stride. Some courses define it so; here, as in Keras, "same" gives '
        "ceil(n / stride), which is n only for a stride of 1.",
        SAME,
    ),
    Mistake(
        "C3a",
        "dilation counted as gaps",
        _spanning(lambda k, dilation: k if dilation == 1 else k + (k - 1) * dilation),
        "You left `dilation` empty pixels between two cells. A dilation of d is the distance from one cell to the "
        "next: the window spans (k - 1) * d + 1 pixels.",
        GAPS,
    ),
    Mistake(
        "C3b",
        "cells times dilation",
        _spanning(lambda k, dilation: k * dilation),
        "You multiplied the number of cells by the dilation. Count the distances between them: k cells have k - 1, "
        "and the window spans (k - 1) * d + 1 pixels.",
        GAPS,
    ),
    Mistake(
        "F1",
        "starter not filled in",
        _valid(lambda n, k, stride: 0),
        'You returned 0 under "valid". Work out how many windows fit: floor((n - k) / stride) + 1.',
        COUNT,
    ),
    Mistake(
        "F17",
        "stride not read",
        lambda n, k, stride=1, padding="valid", dilation=1: output_size(n, k, 1, padding, dilation),
        "You counted the windows of a stride of 1 whatever stride was given. With a longer step there are fewer: "
        "divide by the stride, then add 1.",
        COUNT,
    ),
    Mistake(
        "F19",
        "padding not read",
        lambda n, k, stride=1, padding="valid", dilation=1: output_size(n, k, stride, "valid", dilation),
        'You counted as for "valid" although "same" was asked for. Compare with `padding == "same"`; the count is then '
        "ceil(n / stride).",
        SAME,
    ),
    Mistake(
        "F40",
        "nothing refused",
        _unguarded(lambda n, k, stride: (n - k) // stride + 1),
        "You returned 0 or less where not even one window fits. There is no such output: raise a ValueError if the "
        "window spans more pixels than there are.",
        NO_WINDOW,
    ),
    Mistake(
        "F41a",
        "exact fit refused",
        _exact_fit_refused,
        "You refused a window that is exactly as large as the image. It fits once: refuse it only if it spans more "
        "pixels than there are, with `>` and not `>=`.",
        NO_WINDOW,
    ),
    Mistake(
        "F41b",
        "refused under same",
        _large_kernel_refused,
        'You refused a kernel larger than the image under "same". Padding makes room for any kernel: only "valid" '
        "refuses.",
        SAME,
    ),
    Mistake(
        "F42",
        "same rounded down",
        _same(lambda n, k, stride: n // stride),
        'You rounded down under "same". Nothing is left over there: round up, ceil(n / stride).',
        SAME,
    ),
    Mistake(
        "F43",
        "one added to round up",
        _same(lambda n, k, stride: n // stride + 1),
        "You rounded up with `n // stride + 1`. Where the stride divides n that is one too many: "
        "`(n + stride - 1) // stride` is the ceiling.",
        SAME,
    ),
    Mistake(
        "F44a",
        "dilation not read",
        lambda n, k, stride=1, padding="valid", dilation=1: output_size(n, k, stride, padding),
        "You counted as if there were no dilation. A dilated window spans (k - 1) * dilation + 1 pixels, and fewer of "
        "them fit.",
        GAPS,
    ),
    Mistake(
        "F44b",
        "cells compared, not the span",
        _cells_compared,
        "You compared the number of cells with the image before refusing. With a dilation the window is wider than its "
        "cells: compare its span, (k - 1) * dilation + 1.",
        NO_WINDOW,
    ),
    Mistake(
        "F45a",
        "one added before dividing",
        _valid(lambda n, k, stride: (n - k + 1) // stride),
        "You added 1 before you divided by the stride. Divide first: (n - k) // stride counts the steps, and the first "
        "window comes on top.",
        COUNT,
    ),
    Mistake(
        "F45b",
        "divided before subtracting",
        _valid(lambda n, k, stride: n // stride - k + 1),
        "You divided n by the stride before you subtracted k. The way from the first window to the last is n - k "
        "pixels: divide that.",
        COUNT,
    ),
    Mistake(
        "F46",
        "not rounded",
        lambda n, k, stride=1, padding="valid", dilation=1: (
            n / stride if padding == "same" else _unless_refused(n, _span(k, dilation)) / stride + 1
        ),
        'You returned a fraction. Windows are whole: under "valid" round down, `(n - k) // stride + 1`, and under '
        '"same" round up.',
        COUNT,
    ),
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
    return image, kernel, pair("conv2d_strided", "strides", strides)


def _steps(wrong: Function) -> Function:
    """Let a mistake of stride 1 take steps: its result at every stride."""

    def strided(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> Any:
        down, right = pair("conv2d_strided", "strides", strides)
        return wrong(image, kernel)[::down, ::right]

    return strided


def _other_strides(change: Callable[[Pair, Pair], Pair]) -> Function:
    """Slide rightly, with other strides, worked out from those given and the kernel's size."""

    def wrong(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
        pixels, weights, steps = _read(image, kernel, strides)
        height, width = weights.shape
        return conv2d_strided(pixels, weights, change(steps, (height, width)))

    return wrong


def _result(change: Callable[[FloatArray], Any]) -> Function:
    """Slide rightly, then spoil the result."""
    return lambda image, kernel, strides=1: change(conv2d_strided(image, kernel, strides))


def _counted(count: Callable[[int, int, int], int]) -> Function:
    """Count the windows wrongly; where one runs past the edge, 0 stands for the pixels that are missing."""

    def wrong(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
        pixels, weights = float_arrays(image, kernel)
        steps = pair("conv2d_strided", "strides", strides)
        counts = [count(*axis) for axis in zip(pixels.shape, weights.shape, steps, strict=True)]
        return _at_every_step(pixels, weights, steps, counts)

    return wrong


def _counted_where_one_fits(count: Callable[[int, int, int], int]) -> Function:
    """The same, but refuse what has to be refused."""
    wrong = _counted(count)
    return lambda image, kernel, strides=1: wrong(*_read(image, kernel, strides))


def _at_every_step(pixels: FloatArray, weights: FloatArray, steps: Pair, counts: list[int]) -> FloatArray:
    maps = np.zeros(counts, pixels.dtype)
    for i, j in np.ndindex(*maps.shape):
        top, left = i * steps[0], j * steps[1]
        patch = pixels[top : top + len(weights), left : left + weights.shape[1]]
        maps[i, j] = (patch * weights[: patch.shape[0], : patch.shape[1]]).sum()
    return maps


def _next_pixels(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    rows, columns = conv2d_strided(image, kernel, strides).shape
    return conv2d_strided(image, kernel)[:rows, :columns]


def _first_at_end_of_stride(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    down, right = pair("conv2d_strided", "strides", strides)
    return conv2d_strided(image, kernel)[down - 1 :: down, right - 1 :: right]


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


def _in_corner_of(size: Callable[[ArrayLike, ArrayLike], tuple[int, ...]]) -> Function:
    """Put the right result into the top-left corner of zeros of another size."""

    def wrong(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
        maps = conv2d_strided(image, kernel, strides)
        out = np.zeros(size(image, kernel), maps.dtype)
        out[: maps.shape[0], : maps.shape[1]] = maps
        return out

    return wrong


def _written_into_the_image(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    maps = conv2d_strided(image, kernel, strides)
    np.asarray(image)[: maps.shape[0], : maps.shape[1]] = maps
    return maps


def _windows_multiplied_in_place(image: ArrayLike, kernel: ArrayLike, strides: Size = 1) -> FloatArray:
    maps = np.zeros_like(conv2d_strided(image, kernel, strides))
    pixels, weights = np.asarray(image), np.asarray(kernel)
    down, right = pair("conv2d_strided", "strides", strides)
    for i, j in np.ndindex(*maps.shape):
        window = pixels[i * down : i * down + weights.shape[0], j * right : j * right + weights.shape[1]]
        np.multiply(window, weights, out=window, casting="unsafe")
        maps[i, j] = window.sum()
    return maps


def _in_type_of(image: ArrayLike, maps: FloatArray) -> NDArray[Any]:
    """Store as `np.zeros_like(image)` does: whole numbers if the image holds whole numbers."""
    dtype = np.asarray(image).dtype
    return maps.astype(np.int64).astype(dtype) if np.issubdtype(dtype, np.integer) else maps


def _only(part: tuple[slice, ...], maps: FloatArray) -> FloatArray:
    """Keep one part of the maps, the rest 0."""
    kept = np.zeros_like(maps)
    kept[part] = maps[part]
    return kept


# What goes wrong inside a window goes wrong at every step in the same way.
_INSIDE_A_WINDOW = ("M1", "M2a", "M2b", "M3", "F12", "M5", "M6", "M15c", "M41", "M42b", "F3a", "F3b", "F4", "F5", "F16")

CONV2D_STRIDED = (
    *(replace(_VALID[name], function=_steps(_VALID[name].function)) for name in _INSIDE_A_WINDOW),
    replace(_VALID["M4"], function=_result(np.transpose)),
    replace(_VALID["M15b"], function=_result(_rows_count_for_both)),
    replace(_VALID["M39a"], function=_result(lambda maps: maps.cumsum().reshape(maps.shape))),
    replace(_VALID["M39b"], function=_result(lambda maps: maps.cumsum(axis=1))),
    replace(
        _VALID["M42a"],
        function=lambda image, kernel, strides=1: _in_type_of(image, conv2d_strided(image, kernel, strides)),
    ),
    replace(_VALID["M43a"], function=_written_into_the_image),
    replace(_VALID["M43b"], function=_windows_multiplied_in_place),
    replace(_VALID["F1"], function=_result(np.zeros_like)),
    replace(_VALID["F2a"], function=_result(lambda maps: _only(np.s_[:1, :1], maps))),
    replace(_VALID["F2b"], function=_result(lambda maps: _only(np.s_[:1, :], maps))),
    replace(_VALID["F6"], function=_square_image),
    replace(_VALID["F7"], function=_kernel_sides_swapped),
    Mistake(
        "M7a",
        "last window missing",
        _result(lambda maps: maps[:-1, :-1]),
        "You left out the last row and the last column of windows. Count them: floor((n - k) / stride) + 1 along each "
        "axis.",
        COUNT,
    ),
    Mistake(
        "M7b",
        "last fitting window missing",
        _counted_where_one_fits(lambda n, k, stride: len(range(0, n - k, stride))),
        "You dropped the last window where it ends exactly at the edge. It lies inside and counts: the last possible "
        "start is n - k, so `range` has to stop at n - k + 1.",
        COUNT,
    ),
    Mistake(
        "M8",
        "windows run past the edge",
        _counted_where_one_fits(lambda n, k, stride: -(-n // stride)),
        "You started a window wherever a stride begins, and the last ones hang over the edge. Only full windows "
        "count: floor((n - k) / stride) + 1 along each axis.",
        COUNT,
    ),
    Mistake(
        "M9",
        "strides not used in index",
        _next_pixels,
        "Your output has the right shape, but its windows start one pixel apart. The window of row i, column j starts "
        "at row `i * step_down` and column `j * step_right`.",
        STEP,
    ),
    Mistake(
        "M10a",
        "width moves by one pixel",
        _other_strides(lambda steps, size: (steps[0], 1)),
        "You used the stride for the rows, but moved by one pixel along the width. Both axes have a stride: "
        "`i * step_down`, `j * step_right`.",
        EACH_AXIS,
    ),
    Mistake(
        "M10b",
        "height moves by one pixel",
        _other_strides(lambda steps, size: (1, steps[1])),
        "You used the stride for the columns, but moved by one pixel down the height. Both axes have a stride: "
        "`i * step_down`, `j * step_right`.",
        EACH_AXIS,
    ),
    Mistake(
        "M11",
        "strides swapped",
        _other_strides(lambda steps, size: steps[::-1]),
        "You swapped the two strides. A pair is (height, width): the first moves the window down, the second to the "
        "right.",
        EACH_AXIS,
    ),
    Mistake(
        "M12",
        "first window too late",
        _first_at_end_of_stride,
        "Your first window starts at stride - 1. It starts at pixel 0, and only the next one is a stride away.",
        STEP,
    ),
    Mistake(
        "M13",
        "rounded up",
        _counted_where_one_fits(lambda n, k, stride: -(-(n - k) // stride) + 1),
        "You rounded the number of windows up, and the last one hangs over the edge. What is left over is dropped: "
        "round down, with `//`.",
        COUNT,
    ),
    Mistake(
        "M14",
        "rounded towards zero",
        _counted(lambda n, k, stride: int((n - k) / stride) + 1),
        "You rounded with `int(...)`, which cuts -0.5 to 0, and so found a window in an image that is too small. Take "
        "`//`, and raise a ValueError where no window fits.",
        NO_WINDOW,
    ),
    Mistake(
        "M15a",
        "kernel height for both counts",
        _kernel_height_for_both,
        "You counted the columns of windows with the kernel's height. Along the width its width counts: take both from "
        "`kernel.shape`.",
        COUNT,
    ),
    Mistake(
        "F9",
        "output not shrunk",
        _in_corner_of(lambda image, kernel: np.shape(image)),
        "Your output has the size of the image, and what lies beyond the windows stays 0. It has to be as large as the "
        "number of windows: floor((n - k) / stride) + 1 along each axis.",
        COUNT,
    ),
    Mistake(
        "F10",
        "zeros put round the image",
        lambda image, kernel, strides=1: conv2d_gray(image, kernel, strides, "same"),
        "You put zeros round the image. Here only windows that lie inside the image count: floor((n - k) / stride) + 1 "
        "along each axis.",
        COUNT,
    ),
    Mistake(
        "F11",
        "windows side by side",
        _other_strides(lambda steps, size: size),
        "You moved the window by its own size each time. Here the strides say how far it moves, whatever its size.",
        STEP,
    ),
    Mistake(
        "F17",
        "strides not read",
        _other_strides(lambda steps, size: (1, 1)),
        "You moved by one pixel although strides were given. The window of row i, column j starts at row "
        "`i * step_down` and column `j * step_right`.",
        STEP,
    ),
    Mistake(
        "F18a",
        "height stride for both",
        _other_strides(lambda steps, size: (steps[0], steps[0])),
        "You used the stride of the height for the width as well. A pair has one for each axis: rows move by the "
        "first, columns by the second.",
        EACH_AXIS,
    ),
    Mistake(
        "F18b",
        "width stride for both",
        _other_strides(lambda steps, size: (steps[1], steps[1])),
        "You used the stride of the width for the height as well. A pair has one for each axis: rows move by the "
        "first, columns by the second.",
        EACH_AXIS,
    ),
    Mistake(
        "F40",
        "nothing refused",
        _counted(lambda n, k, stride: (n - k) // stride + 1),
        "You returned an array without a number where not even one window fits. Raise a ValueError there; "
        "`output_size` does that for you.",
        NO_WINDOW,
    ),
    Mistake(
        "F45",
        "one added before dividing",
        _counted_where_one_fits(lambda n, k, stride: (n - k + 1) // stride),
        "You added 1 before you divided by the stride. Divide first: (n - k) // stride counts the steps, and the first "
        "window comes on top.",
        COUNT,
    ),
    Mistake(
        "F47",
        "stride missing in the size",
        _in_corner_of(lambda image, kernel: conv2d_strided(image, kernel).shape),
        "You made the output as large as for a stride of 1, and what lies beyond the windows stays 0. Divide by the "
        "stride: floor((n - k) / stride) + 1 along each axis.",
        COUNT,
    ),
)
