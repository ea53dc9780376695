"""Known mistakes without loops: `windows`, `conv2d_einsum` and `conv2d_im2col`.

Faults of the kernel that no letter and no axis brings about (M2, M5, M28, M30) are left to `channels_and_filters`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from solutions.faults.around import Around, Function, in_type_given, read_with, returned_as
from solutions.mistakes import Mistake, with_words
from solutions.reference.shapes import FloatArray, Pair, Size, float_arrays, pad2d, pair, same_pads
from solutions.reference.shapes import windows as right_windows

Patches = Callable[[FloatArray, Pair, Pair], Any]
Contract = Callable[[FloatArray, FloatArray], Any]
Change = Callable[[FloatArray, Pair, Pair], tuple[FloatArray, Pair]]  # images, window, strides -> images and strides


def _right(x: FloatArray, size: Pair, step: Pair) -> FloatArray:
    return right_windows(x, size, step)


def _contract(patches: FloatArray, w: FloatArray) -> FloatArray:
    maps: FloatArray = np.einsum("nyxijc,ijco->nyxo", patches, w, optimize=True)
    return maps


def _as_windows(patches: Patches) -> Function:
    """A function with the arguments of `windows`."""

    def wrong(x: ArrayLike, kernel_size: Size, strides: Size = 1) -> Any:
        (images,) = float_arrays(x)
        size, step = pair("kernel_size", kernel_size), pair("strides", strides)
        return patches(images, size, step)

    return wrong


def _as_layer(patches: Patches = _right, contract: Contract = _contract) -> Function:
    """A function with the arguments of `conv2d_einsum`: windows, and what is made of them and the filters."""

    def wrong(x: ArrayLike, w: ArrayLike, strides: Size = 1) -> Any:
        images, filters = float_arrays(x, w)
        size, step = (filters.shape[0], filters.shape[1]), pair("strides", strides)
        return contract(patches(images, size, step), filters)

    return wrong


RIGHT_WINDOWS = _as_windows(_right)
RIGHT_LAYER = _as_layer()


def _windows_of(change: Change) -> Around:
    """Cut the windows of other images, or with other strides."""

    def changed(x: ArrayLike, kernel_size: Size, strides: Size = 1) -> tuple[ArrayLike, Pair, Pair]:
        size, step = pair("kernel_size", kernel_size), pair("strides", strides)
        (images,) = float_arrays(x)
        changed_images, changed_step = change(images, size, step)
        return in_type_given(x, images, changed_images), size, changed_step

    return read_with(RIGHT_WINDOWS, changed)


def _layer_of(change: Change) -> Around:
    """Compute a layer of other images, or with other strides."""

    def changed(x: ArrayLike, w: ArrayLike, strides: Size = 1) -> tuple[ArrayLike, ArrayLike, Pair]:
        images, filters = float_arrays(x, w)
        size, step = (filters.shape[0], filters.shape[1]), pair("strides", strides)
        changed_images, changed_step = change(images, size, step)
        return in_type_given(x, images, changed_images), w, changed_step

    return read_with(RIGHT_LAYER, changed)


def _weights(change: Callable[[FloatArray], FloatArray]) -> Around:
    """Compute a layer with other weights."""
    return read_with(RIGHT_LAYER, lambda x, w, strides=1: (x, change(float_arrays(w)[0]), strides))


def _spoilt(change: Callable[[FloatArray], Any]) -> Around:
    """Compute a layer, then spoil the maps."""
    return returned_as(RIGHT_LAYER, change)


def _recut(change: Callable[[FloatArray], Any]) -> Around:
    """Cut windows, then spoil them."""
    return returned_as(RIGHT_WINDOWS, change)


def _window_of(change: Callable[[Pair], Size]) -> Around:
    """Cut windows of another size."""
    return read_with(
        RIGHT_WINDOWS,
        lambda x, kernel_size, strides=1: (x, change(pair("kernel_size", kernel_size)), strides),
    )


# Windows in the wrong places.


def _next_pixels(x: FloatArray, size: Pair, step: Pair) -> FloatArray:
    rows, columns = right_windows(x, size, step).shape[1:3]
    return right_windows(x, size)[:, :rows, :columns]


def _first_at_end_of_stride(x: FloatArray, size: Pair, step: Pair) -> FloatArray:
    return right_windows(x, size)[:, step[0] - 1 :: step[0], step[1] - 1 :: step[1]]


def _last_missing(x: FloatArray, size: Pair, step: Pair) -> FloatArray:
    return right_windows(x, size)[:, :-1, :-1][:, :: step[0], :: step[1]]


def _channels_first_both_ways(inner: Function) -> Function:
    """Images (n, c, height, width) in, and what comes out with its last axis, of channels or filters, second."""
    return lambda x, *given, **named: np.moveaxis(inner(np.moveaxis(x, 1, -1), *given, **named), -1, 1)


def _past_the_edge(x: FloatArray, size: Pair, step: Pair) -> tuple[FloatArray, Pair]:
    return pad2d(x, ((0, size[0] - 1), (0, size[1] - 1))), step


def _padded(x: FloatArray, size: Pair, step: Pair) -> tuple[FloatArray, Pair]:
    return pad2d(x, same_pads(x.shape[1:3], size, step)), step


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
    maps: FloatArray = RIGHT_LAYER(x, w, strides)
    np.asarray(x)[:, : maps.shape[1], : maps.shape[2], 0] = maps[..., 0]
    return maps


def _shifted_in_place(x: ArrayLike, kernel_size: Size, strides: Size = 1) -> FloatArray:
    patches = np.array(RIGHT_WINDOWS(x, kernel_size, strides))
    np.asarray(x)[:, 0, 0] = 0
    return patches


STARTS: dict[str, Patches] = {
    "M7a": _last_missing,
    "M9": _next_pixels,
    "M12": _first_at_end_of_stride,
}

READ_WRONGLY: dict[str, Change] = {
    "M8": _past_the_edge,
    "M10a": lambda x, size, step: (x, (step[0], 1)),
    "M10b": lambda x, size, step: (x, (1, step[1])),
    "M11": lambda x, size, step: (x, step[::-1]),
    "F10": _padded,
    "F11": lambda x, size, step: (x, size if step == (1, 1) else step),
    "F17": lambda x, size, step: (x, (1, 1)),
    "F18a": lambda x, size, step: (x, (step[0], step[0])),
    "F18b": lambda x, size, step: (x, (step[1], step[1])),
}

STARTS_IN_WORDS = """
M7a | last window missing | notebook 01, How many windows fit?
You left out the last row and the last column of windows. A window of k cells fits n - k + 1 times into n pixels: count
them for n = k.

M8 | windows run past the edge | notebook 01, How many windows fit?
You put zeros behind the image, so that a window starts at every pixel. Only windows that lie inside the image count.

M9 | strides not used in index | notebook 07, Strides are slices
You have the right number of windows, but neighbours are one pixel apart. Take every `stride`-th window:
`[:, ::step_down, ::step_right]`.

M10a | width moves by one pixel | notebook 07, Strides are slices
You used the stride for the rows of windows, but not for the columns. Both axes have a stride.

M10b | height moves by one pixel | notebook 07, Strides are slices
You used the stride for the columns of windows, but not for the rows. Both axes have a stride.

M11 | strides swapped | notebook 07, Strides are slices
You swapped the two strides. The order is (height, width), like the axes of the array.

M12 | first window too late | notebook 07, Strides are slices
Your first window starts at stride - 1. Start at the first pixel, as `[::stride]` does.

F10 | padded without being asked | notebook 01, How many windows fit?
You put zeros around the image without being asked. Only windows that lie inside the image count.

F11 | windows side by side | notebook 07, Strides are slices
You moved the window by its own size each time, as pooling does. It moves by one pixel unless strides are given.

F17 | strides not read | notebook 07, Strides are slices
You moved by one pixel whatever the strides are. Take every `stride`-th window: `[:, ::step_down, ::step_right]`.

F18a | height stride for both | notebook 07, Strides are slices
You used the stride of the height for the width as well. Strides are a pair: rows move by the first, columns by the
second.

F18b | width stride for both | notebook 07, Strides are slices
You used the stride of the width for the height as well. Strides are a pair: rows move by the first, columns by the
second.
"""


def _of_strides(cut: Callable[[Patches], Function], read: Callable[[Change], Around]) -> tuple[Mistake, ...]:
    """Mistakes in where windows start, the same for windows and for what is made of them."""
    in_the_middle = {id_: cut(patches) for id_, patches in STARTS.items()}
    return with_words(in_the_middle | {id_: read(change) for id_, change in READ_WRONGLY.items()}, STARTS_IN_WORDS)


WINDOWS = _of_strides(_as_windows, _windows_of) + with_words(
    {
        "M4": _recut(lambda patches: patches.swapaxes(1, 2)),
        "M15": _window_of(lambda size: size[0]),
        "M28": _windows_of(lambda x, size, step: (x[..., :1], step)),
        "M40": _windows_of(lambda x, size, step: (np.repeat(x[:1], len(x), axis=0), step)),
        "M43": _shifted_in_place,
        "F1": _recut(np.zeros_like),
        "F7": _window_of(lambda size: size[::-1]),
        "F20": _windows_of(lambda x, size, step: (x[:1], step)),
        "F70": _recut(_channels_before_cells),
        "F21": Around(RIGHT_WINDOWS, _channels_first_both_ways),
        "F71": _recut(lambda patches: _channels_before_cells(patches).reshape(patches.shape)),
        "F73": _recut(lambda patches: patches.swapaxes(3, 4)),
    },
    """
M4 | rows and columns swapped | notebook 01, Rows first
You put the columns of windows before the rows. The order is (n, y, x, i, j, c): y is the row.

M15 | works for square windows only | notebook 07, All windows at once
You used the height of the window for its width as well. A kernel size may be a pair: (height, width).

M28 | only channel 0 | notebook 07, All windows at once
You took channel 0 only. A window holds all channels of its pixels: the last axis has the size c.

M40 | first image for all | notebook 07, All windows at once
You gave every image the windows of the first one. Each image has its own: the first axis is n.

M43 | images changed | notebook 07, A view is not a copy
Your windows are right, but the images you were given have changed. Never write into a view, or make a copy first.

F1 | starter not filled in | notebook 07, All windows at once
You returned an output of the right shape that holds only zeros. Fill it with the pixels of every window.

F7 | window height and width swapped | notebook 07, All windows at once
You swapped the height and the width of the window. The height comes first.

F20 | only the first image | notebook 07, All windows at once
You returned the windows of the first image only. The first axis is the batch: the output has as many images as the
input.

F70 | window axes left last | notebook 07, All windows at once
You left the axes as NumPy has them, (n, y, x, c, i, j). Here the channels come last: move them with
`transpose(0, 1, 2, 4, 5, 3)`.

F21 | channels first | notebook 07, All windows at once | convention
PyTorch has the channels first, (n, c, height, width). Here, as in Keras, they are last: x is (n, height, width, c), and
the windows are (n, y, x, i, j, c).

F71 | axes moved with reshape | notebook 07, All windows at once
You moved the channels with `reshape`, which only changes the shape and keeps the numbers in order. Use `transpose`,
which moves axes.

F73 | cells of windows swapped | notebook 07, All windows at once
You put the columns of a window before its rows. The order is (n, y, x, i, j, c): i is the row.
""",
)

OF_BOTH = """
M1 | kernel flipped both ways | notebook 01, Multiply cell by cell, then add | convention
Mathematics and signal processing turn the kernel by 180 degrees first. Here, as in Keras, it is laid on as it is.

M3 | kernel transposed | {place}
You paired the rows of a window with the columns of the kernel. Row i belongs to row i: the letters of `w` are `ijco`.

M4 | rows and columns swapped | {place}
You put the columns of the output before its rows. The order is (n, y, x, o): y is the row.

M6 | mean of the products | {place}
You took the mean of the products. A convolution gives their sum.

M29 | channels not added up | {place}
You kept the channels of the input. They are summed over, as the cells of the window are: `i`, `j` and `c` all go.

M32 | channels and filters swapped | {place}
You took the third axis of `w` for the filters and the last for the channels. The order is (i, j, c, o).

M40 | first image for all | {place}
You gave every image the maps of the first one. Each image has its own: the first axis is n.

M43 | images changed | notebook 07, A view is not a copy
Your numbers are right, but the images you were given have changed. Windows are a view of them: writing to the windows
changes the images.

F1 | starter not filled in | {place}
You returned an output of the right shape that holds only zeros. Each cell should hold the sum of its window.

F20 | only the first image | {place}
You returned the first image only. The first axis is the batch: the output has as many images as the input.

F21 | channels first | {place} | convention
PyTorch has the channels first, (n, c, height, width), in what goes in and in what comes out. Here, as in Keras, they
are last: x is (n, height, width, c), and the maps are (n, y, x, o).

F65 | filters put first | {place} | convention
PyTorch puts the filters before rows and columns. Here, as in Keras, they are the channels of the output and come last:
(n, y, x, o).

F98 | images read channels first | {place} | convention
PyTorch has the channels of images first: (n, c, height, width). Here, as in Keras, they are last, where you have put
those of the maps: x is (n, height, width, c).

F72 | all filters added | {place}
You summed over the filters as well. Each filter keeps its own map: `o` stays.
"""


def _of_both(read_again: str) -> tuple[Mistake, ...]:
    """Mistakes that the einsum and the matrix product share."""
    return _of_strides(_as_layer, _layer_of) + with_words(
        {
            "M1": _weights(lambda w: w[::-1, ::-1]),
            "M3": _as_layer(contract=lambda patches, w: _contract(patches, w.swapaxes(0, 1))),
            "M4": _spoilt(lambda maps: maps.swapaxes(1, 2)),
            "M6": _weights(lambda w: w / w[..., 0].size),
            "M29": _as_layer(contract=lambda patches, w: np.einsum("nyxijc,ijco->nyxco", patches, w)),
            "M32": _weights(lambda w: w.swapaxes(2, 3)),
            "M40": _spoilt(lambda maps: np.repeat(maps[:1], len(maps), axis=0)),
            "M43": _written_into_the_images,
            "F1": _spoilt(np.zeros_like),
            "F20": _spoilt(lambda maps: maps[:1]),
            "F21": Around(RIGHT_LAYER, _channels_first_both_ways),
            "F65": _spoilt(lambda maps: np.moveaxis(maps, -1, 1)),
            "F98": _layer_of(lambda x, size, step: (np.moveaxis(x, 1, -1), step)),
            "F72": _spoilt(lambda maps: maps.sum(axis=-1)),
        },
        OF_BOTH.format(place=read_again),
    )


CONV2D_EINSUM = _of_both("notebook 07, Letters instead of loops") + with_words(
    {
        "F70": _as_layer(
            contract=lambda patches, w: np.einsum("nyxijc,ijco->nyxo", _channels_before_cells(patches), w)
        ),
    },
    """
F70 | window axes left last | notebook 07, Letters instead of loops
You named the axes of the windows `ijc` where they are `cij`. Each letter stands for the axis at its place.
""",
)

CONV2D_IM2COL = _of_both("notebook 07, Every window a row") + with_words(
    {
        "F74": _as_layer(
            contract=lambda patches, w: _product(_channels_before_cells(patches), w.reshape(-1, w.shape[3]))
        ),
        "F75": _as_layer(contract=_filter_first),
        "F76": _as_layer(contract=_cut_up_filter_first),
    },
    """
F74 | windows flattened channels first | notebook 07, Every window a row
You flattened the windows in the order (c, i, j), but the filters in the order (i, j, c). Both need the same: move the
channels to the end before you reshape.

F75 | filters flattened filter first | notebook 07, Every window a row
You cut up `w` with `reshape(o, -1)`, which mixes the filters: in memory o comes last. `w.reshape(-1, o)` puts each
filter into a column.

F76 | product cut up wrongly | notebook 07, Every window a row
Your product has a row for each filter, and you reshaped it as if it had a column for each. Transpose it first, or
multiply windows @ filters.
""",
)
