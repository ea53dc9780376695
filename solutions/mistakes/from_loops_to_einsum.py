"""Known mistakes without loops: `windows`, `conv2d_einsum` and `conv2d_im2col`.

Faults of the kernel that no letter and no axis brings about (M2, M5, M28, M30) are left to `channels_and_filters`.

    F70  window axes left at the end     F74  windows flattened channels first
    F71  axes moved with reshape         F75  filters flattened filter first
    F72  all filters added               F76  product cut up filter first
    F73  window axes swapped
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from solutions.mistakes import Mistake
from solutions.shapes import FloatArray, Pair, Size, float_arrays, pad2d, pair, same_pads
from solutions.shapes import windows as right_windows

ROWS_FIRST = 'notebook 01, "Rows first"'
COUNT = 'notebook 01, "How many windows fit?"'
INPUT = 'notebook 01, "Leave the input alone"'
ALL_WINDOWS = 'notebook 07, "All windows at once"'
STEPS = 'notebook 07, "Strides are slices"'
VIEW = 'notebook 07, "A view is not a copy"'
LETTERS = 'notebook 07, "Letters instead of loops"'
ROWS = 'notebook 07, "Every window a row"'

Function = Callable[..., Any]
Patches = Callable[[FloatArray, Pair, Pair], Any]
Contract = Callable[[FloatArray, FloatArray], Any]


def _right(x: FloatArray, size: Pair, step: Pair) -> FloatArray:
    return right_windows(x, size, step)


def _contract(patches: FloatArray, w: FloatArray) -> FloatArray:
    maps: FloatArray = np.einsum("nyxijc,ijco->nyxo", patches, w, optimize=True)
    return maps


def _as_windows(patches: Patches) -> Function:
    """A function with the arguments of `windows`."""

    def wrong(x: ArrayLike, kernel_size: Size, strides: Size = 1) -> Any:
        (images,) = float_arrays(x)
        size, step = pair("windows", "kernel_size", kernel_size), pair("windows", "strides", strides)
        return patches(images, size, step)

    return wrong


def _as_layer(patches: Patches = _right, contract: Contract = _contract) -> Function:
    """A function with the arguments of `conv2d_einsum`: windows, and what is made of them and the filters."""

    def wrong(x: ArrayLike, w: ArrayLike, strides: Size = 1) -> Any:
        images, filters = float_arrays(x, w)
        size, step = (filters.shape[0], filters.shape[1]), pair("conv2d", "strides", strides)
        return contract(patches(images, size, step), filters)

    return wrong


def _spoilt(change: Callable[[FloatArray], Any]) -> Function:
    return _as_layer(contract=lambda patches, w: change(_contract(patches, w)))


# Windows in the wrong places.


def _next_pixels(x: FloatArray, size: Pair, step: Pair) -> FloatArray:
    rows, columns = right_windows(x, size, step).shape[1:3]
    return right_windows(x, size)[:, :rows, :columns]


def _first_at_end_of_stride(x: FloatArray, size: Pair, step: Pair) -> FloatArray:
    return right_windows(x, size)[:, step[0] - 1 :: step[0], step[1] - 1 :: step[1]]


def _last_missing(x: FloatArray, size: Pair, step: Pair) -> FloatArray:
    return right_windows(x, size)[:, :-1, :-1][:, :: step[0], :: step[1]]


def _past_the_edge(x: FloatArray, size: Pair, step: Pair) -> FloatArray:
    return right_windows(pad2d(x, ((0, size[0] - 1), (0, size[1] - 1))), size, step)


def _padded(x: FloatArray, size: Pair, step: Pair) -> FloatArray:
    return right_windows(pad2d(x, same_pads(x.shape[1:3], size, step)), size, step)


# What only windows or only matrices can have.


def _channels_before_cells(patches: FloatArray) -> FloatArray:
    """The axes as NumPy's sliding_window_view has them: (n, y, x, c, i, j)."""
    return np.moveaxis(patches, -1, 3)


def _flat(patches: FloatArray) -> FloatArray:
    return patches.reshape(-1, int(np.prod(patches.shape[3:])))


def _product(patches: FloatArray, matrix: FloatArray) -> FloatArray:
    return (_flat(patches) @ matrix).reshape(*patches.shape[:3], -1)


def _filter_first(patches: FloatArray, w: FloatArray) -> FloatArray:
    return _product(patches, w.reshape(w.shape[3], -1).T)


def _cut_up_filter_first(patches: FloatArray, w: FloatArray) -> FloatArray:
    maps = _contract(patches, w)
    return np.moveaxis(maps, -1, 0).reshape(maps.shape)


def _written_into_the_images(x: ArrayLike, w: ArrayLike, strides: Size = 1) -> FloatArray:
    maps: FloatArray = _as_layer()(x, w, strides)
    np.asarray(x)[:, : maps.shape[1], : maps.shape[2], 0] = maps[..., 0]
    return maps


def _shifted_in_place(x: ArrayLike, kernel_size: Size, strides: Size = 1) -> FloatArray:
    patches = np.array(_as_windows(_right)(x, kernel_size, strides))
    np.asarray(x)[:, 0, 0] = 0
    return patches


def _of_strides(make: Callable[[Patches], Function]) -> tuple[Mistake, ...]:
    """Mistakes in where windows start, the same for windows and for what is made of them."""
    return (
        Mistake(
            "M7a",
            "last window missing",
            make(_last_missing),
            "You left out the last row and the last column of windows. A window of k cells fits n - k + 1 times into n "
            "pixels.",
            COUNT,
        ),
        Mistake(
            "M8",
            "windows run past the edge",
            make(_past_the_edge),
            "You put zeros behind the image, so that a window starts at every pixel. Only windows that lie inside the "
            "image count.",
            COUNT,
        ),
        Mistake(
            "M9",
            "strides not used in index",
            make(_next_pixels),
            "You have the right number of windows, but neighbours are one pixel apart. Take every `stride`-th window: "
            "`[:, ::step_down, ::step_right]`.",
            STEPS,
        ),
        Mistake(
            "M10a",
            "width moves by one pixel",
            make(lambda x, size, step: right_windows(x, size, (step[0], 1))),
            "You used the stride for the rows of windows, but not for the columns. Both axes have a stride.",
            STEPS,
        ),
        Mistake(
            "M10b",
            "height moves by one pixel",
            make(lambda x, size, step: right_windows(x, size, (1, step[1]))),
            "You used the stride for the columns of windows, but not for the rows. Both axes have a stride.",
            STEPS,
        ),
        Mistake(
            "M11",
            "strides swapped",
            make(lambda x, size, step: right_windows(x, size, step[::-1])),
            "You swapped the two strides. The order is (height, width), like the axes of the array.",
            STEPS,
        ),
        Mistake(
            "M12",
            "first window too late",
            make(_first_at_end_of_stride),
            "Your first window starts at stride - 1. It has to start at the first pixel: `[::stride]` does.",
            STEPS,
        ),
        Mistake(
            "F10",
            "padded without being asked",
            make(_padded),
            "You put zeros round the image, and nobody had asked for it. Only windows that lie inside the image count.",
            COUNT,
        ),
        Mistake(
            "F11",
            "windows side by side",
            make(lambda x, size, step: right_windows(x, size, size if step == (1, 1) else step)),
            "You moved the window by its own size each time, as pooling does. It moves by one pixel unless strides are "
            "given.",
            STEPS,
        ),
        Mistake(
            "F17",
            "strides not read",
            make(lambda x, size, step: right_windows(x, size)),
            "You moved by one pixel whatever the strides are. Take every `stride`-th window: "
            "`[:, ::step_down, ::step_right]`.",
            STEPS,
        ),
        Mistake(
            "F18a",
            "height stride for both",
            make(lambda x, size, step: right_windows(x, size, step[0])),
            "You used the stride of the height for the width as well. Strides are a pair: (height, width).",
            STEPS,
        ),
        Mistake(
            "F18b",
            "width stride for both",
            make(lambda x, size, step: right_windows(x, size, step[1])),
            "You used the stride of the width for the height as well. Strides are a pair: (height, width).",
            STEPS,
        ),
    )


WINDOWS = (
    *_of_strides(_as_windows),
    Mistake(
        "M4",
        "rows and columns swapped",
        _as_windows(lambda x, size, step: right_windows(x, size, step).swapaxes(1, 2)),
        "You put the columns of windows before the rows. The order is (n, y, x, i, j, c): y is the row.",
        ROWS_FIRST,
    ),
    Mistake(
        "M15",
        "works for square windows only",
        _as_windows(lambda x, size, step: right_windows(x, size[0], step)),
        "You used the height of the window for its width as well. A kernel size may be a pair: (height, width).",
        ALL_WINDOWS,
    ),
    Mistake(
        "M28",
        "only channel 0",
        _as_windows(lambda x, size, step: right_windows(x[..., :1], size, step)),
        "You took channel 0 only. A window holds all channels of its pixels: the last axis has the size c.",
        ALL_WINDOWS,
    ),
    Mistake(
        "M40",
        "first image for all",
        _as_windows(lambda x, size, step: right_windows(np.repeat(x[:1], len(x), axis=0), size, step)),
        "You gave every image the windows of the first one. Each image has its own: the first axis is n.",
        ALL_WINDOWS,
    ),
    Mistake(
        "M43",
        "images changed",
        _shifted_in_place,
        "Your windows are right, but the images you were given have changed. Never write into a view, or make a copy "
        "first.",
        VIEW,
    ),
    Mistake(
        "F1",
        "starter not filled in",
        _as_windows(lambda x, size, step: np.zeros_like(right_windows(x, size, step))),
        "You returned an array of the right shape that holds only zeros. It has to hold the pixels of every window.",
        ALL_WINDOWS,
    ),
    Mistake(
        "F7",
        "window height and width swapped",
        _as_windows(lambda x, size, step: right_windows(x, size[::-1], step)),
        "You swapped the height and the width of the window. The height comes first.",
        ALL_WINDOWS,
    ),
    Mistake(
        "F20",
        "only the first image",
        _as_windows(lambda x, size, step: right_windows(x[:1], size, step)),
        "You returned the windows of the first image only. The first axis is the batch, and all of it stays.",
        ALL_WINDOWS,
    ),
    Mistake(
        "F70",
        "window axes left last",
        _as_windows(lambda x, size, step: _channels_before_cells(right_windows(x, size, step))),
        "You left the axes as NumPy has them, (n, y, x, c, i, j). Here the channels come last: move them with "
        "`transpose(0, 1, 2, 4, 5, 3)`.",
        ALL_WINDOWS,
    ),
    Mistake(
        "F71",
        "axes moved with reshape",
        _as_windows(
            lambda x, size, step: _channels_before_cells(right_windows(x, size, step)).reshape(
                right_windows(x, size, step).shape
            )
        ),
        "You moved the channels with `reshape`, which keeps the order of the numbers and cuts them up anew. Use "
        "`transpose`, which moves axes.",
        ALL_WINDOWS,
    ),
    Mistake(
        "F73",
        "cells of windows swapped",
        _as_windows(lambda x, size, step: right_windows(x, size, step).swapaxes(3, 4)),
        "You put the columns of a window before its rows. The order is (n, y, x, i, j, c): i is the row.",
        ALL_WINDOWS,
    ),
)


def _of_both(read_again: str) -> tuple[Mistake, ...]:
    """Mistakes that the einsum and the matrix product share."""
    return (
        *_of_strides(_as_layer),
        Mistake(
            "M1",
            "kernel flipped both ways",
            _as_layer(contract=lambda patches, w: _contract(patches, w[::-1, ::-1])),
            "You turned the kernel by 180 degrees, as convolution in mathematics does. A layer lays it on as it is.",
            'notebook 01, "Multiply cell by cell, then add"',
        ),
        Mistake(
            "M3",
            "kernel transposed",
            _as_layer(contract=lambda patches, w: _contract(patches, w.swapaxes(0, 1))),
            "You paired the rows of a window with the columns of the kernel. Row i belongs to row i: the letters of "
            "`w` are `ijco`.",
            read_again,
        ),
        Mistake(
            "M4",
            "rows and columns swapped",
            _spoilt(lambda maps: maps.swapaxes(1, 2)),
            "You put the columns of the output before its rows. The order is (n, y, x, o): y is the row.",
            read_again,
        ),
        Mistake(
            "M6",
            "mean of the products",
            _as_layer(contract=lambda patches, w: _contract(patches, w) / w[..., 0].size),
            "You took the mean of the products. A convolution gives their sum.",
            read_again,
        ),
        Mistake(
            "M29",
            "channels not added up",
            _as_layer(contract=lambda patches, w: np.einsum("nyxijc,ijco->nyxco", patches, w)),
            "You kept the channels of the input. They are summed over, as the cells of the window are: `i`, `j` and "
            "`c` all go.",
            read_again,
        ),
        Mistake(
            "M32",
            "channels and filters swapped",
            _as_layer(contract=lambda patches, w: _contract(patches, w.swapaxes(2, 3))),
            "You took the third axis of `w` for the filters and the last for the channels. The order is (i, j, c, o).",
            read_again,
        ),
        Mistake(
            "M40",
            "first image for all",
            _spoilt(lambda maps: np.repeat(maps[:1], len(maps), axis=0)),
            "You gave every image the maps of the first one. Each image has its own: the first axis is n.",
            read_again,
        ),
        Mistake(
            "M43",
            "images changed",
            _written_into_the_images,
            "Your numbers are right, but the images you were given have changed. Windows are a view of them: whoever "
            "writes into it writes into the images.",
            VIEW,
        ),
        Mistake(
            "F1",
            "starter not filled in",
            _spoilt(np.zeros_like),
            "You returned an output of the right shape that holds only zeros. Each cell has to get the sum of its "
            "window.",
            read_again,
        ),
        Mistake(
            "F20",
            "only the first image",
            _spoilt(lambda maps: maps[:1]),
            "You returned the first image only. The first axis is the batch, and all of it stays.",
            read_again,
        ),
        Mistake(
            "F65",
            "filters put first",
            _spoilt(lambda maps: np.moveaxis(maps, -1, 1)),
            "You put the filters before rows and columns. They are the channels of the output and come last: "
            "(n, y, x, o).",
            read_again,
        ),
        Mistake(
            "F72",
            "all filters added",
            _spoilt(lambda maps: maps.sum(axis=-1)),
            "You summed over the filters as well. Each filter keeps its own map: `o` stays.",
            read_again,
        ),
    )


CONV2D_EINSUM = (
    *_of_both(LETTERS),
    Mistake(
        "F70",
        "window axes left last",
        _as_layer(
            contract=lambda patches, w: np.einsum("nyxijc,ijco->nyxo", _channels_before_cells(patches), w),
        ),
        "You named the axes of the windows `ijc` where they are `cij`. A letter has to stand at the place of its axis.",
        LETTERS,
    ),
)

CONV2D_IM2COL = (
    *_of_both(ROWS),
    Mistake(
        "F74",
        "windows flattened channels first",
        _as_layer(
            contract=lambda patches, w: _product(_channels_before_cells(patches), w.reshape(-1, w.shape[3])),
        ),
        "You flattened the windows in the order (c, i, j), but the filters in the order (i, j, c). Both need the same: "
        "move the channels to the end before you reshape.",
        ROWS,
    ),
    Mistake(
        "F75",
        "filters flattened filter first",
        _as_layer(contract=_filter_first),
        "You cut up `w` with `reshape(o, -1)`, which mixes the filters: in memory o comes last. `w.reshape(-1, o)` "
        "puts each filter into a column.",
        ROWS,
    ),
    Mistake(
        "F76",
        "product cut up wrongly",
        _as_layer(contract=_cut_up_filter_first),
        "Your product has a row for each filter, and you reshaped it as if it had a column for each. Transpose it "
        "first, or multiply windows @ filters.",
        ROWS,
    ),
)
