"""Known mistakes with channels and filters: `conv2d_one_filter`, `conv2d` and `count_params`.

Most are a change of what goes into a layer, of the sums before bias and activation, or of what comes out; each is
written once for a layer, and serves for one filter as well.

Left out, as no result sets them apart: rounding the size towards zero (M14) shows only where the right function
raises, every second result of stride 1 (M19) is padding for stride 1 (M18), and cropping with `p:-p` (M27) stops for
every p of 0 and is right for any other.

    F60  padding rounded up on both sides      F65  filters put first, not last
    F61  padding rounded down on both sides    F66  maps of all filters added
    F62  padding rounded down, plus one        F67  activation not read
    F63  all of the padding at the end         F68  activation without being asked
    F64  stride not in the output size         F69  first filter everywhere
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions.mistakes import Mistake
from solutions.shapes import (
    FloatArray,
    Padding,
    Pair,
    Size,
    float_arrays,
    pad2d,
    pair,
    same_padding,
    same_pads,
    windows,
)

CELLS = 'notebook 01, "Multiply cell by cell, then add"'
ROWS_FIRST = 'notebook 01, "Rows first"'
IN_TURN = 'notebook 01, "Every window in turn"'
COUNT = 'notebook 01, "How many windows fit?"'
FRACTIONS = 'notebook 01, "Numbers with a fraction"'
INPUT = 'notebook 01, "Leave the input alone"'
ALL_CHANNELS = 'notebook 05, "One filter spans all channels"'
BIAS = 'notebook 05, "One bias for each filter, added once"'
MANY = 'notebook 05, "Many filters, many maps"'
ACTIVATION = 'notebook 05, "The activation comes last"'
BATCH = 'notebook 05, "A batch of images"'
STRIDES = 'notebook 05, "Strides and padding, as before"'
FORMATS = 'notebook 05, "Channels last, channels first"'
PARAMETERS = 'notebook 05, "Count the parameters"'

_ONE_STEP: Pair = (1, 1)


@dataclass(frozen=True)
class Layer:
    """A call of a convolution layer, with its arguments read.

    Attributes:
        x: images, shape (n, height, width, c).
        w: filters, shape (i, j, c, o).
        b: biases, shape (o,); zeros if there are none.
        step: strides, (height, width).
        padding: "valid" or "same".
        activation: "relu" or None.
        stored: what the images held before they were read as floats.
    """

    x: FloatArray
    w: FloatArray
    b: FloatArray
    step: Pair
    padding: Padding
    activation: str | None
    stored: np.dtype[Any]

    @property
    def kernel_size(self) -> Pair:
        """Height and width of the kernel."""
        return self.w.shape[0], self.w.shape[1]


Function = Callable[..., Any]
Compute = Callable[[Layer], Any]
Maker = Callable[[Compute], Function]


def as_layer(compute: Compute) -> Function:
    """A function with the arguments of `conv2d`."""

    def wrong(
        x: ArrayLike,
        w: ArrayLike,
        b: ArrayLike | None = None,
        strides: Size = 1,
        padding: Padding = "valid",
        activation: str | None = None,
    ) -> Any:
        images, filters = float_arrays(x, w)
        bias = np.zeros(filters.shape[3], filters.dtype) if b is None else float_arrays(b)[0]
        step = pair("conv2d", "strides", strides)
        return compute(Layer(images, filters, bias, step, padding, activation, np.asarray(x).dtype))

    return wrong


def as_one_filter(compute: Compute) -> Function:
    """A function with the arguments of `conv2d_one_filter`: a layer of one image and one filter."""
    layer = as_layer(compute)

    def wrong(image: ArrayLike, kernel: ArrayLike, bias: float) -> Any:
        return layer(np.asarray(image)[None], np.asarray(kernel)[..., None], [bias])[0, :, :, 0]

    return wrong


# A layer, step by step.


def right(layer: Layer) -> FloatArray:
    """What the layer has to return."""
    return _finished(layer, _sums(layer))


def correlate(x: FloatArray, w: FloatArray, step: Pair = _ONE_STEP) -> FloatArray:
    """Every full window with every filter; axes that do not fit are stretched or refused, as NumPy does."""
    maps: FloatArray = np.einsum("nyxijc,ijco->nyxo", windows(x, w.shape[:2], step), w)
    return maps


def _products(layer: Layer) -> FloatArray:
    products: FloatArray = np.einsum(
        "nyxijc,ijco->nyxijco", windows(_padded(layer), layer.kernel_size, layer.step), layer.w
    )
    return products


def _pads(layer: Layer) -> tuple[Pair, Pair]:
    if layer.padding == "valid":
        return (0, 0), (0, 0)
    return same_pads(layer.x.shape[1:3], layer.kernel_size, layer.step)


def _padded(layer: Layer) -> FloatArray:
    return pad2d(layer.x, _pads(layer))


def _sums(layer: Layer) -> FloatArray:
    return correlate(_padded(layer), layer.w, layer.step)


def _finished(layer: Layer, sums: FloatArray) -> FloatArray:
    return _activated(layer, sums + layer.b)


def _activated(layer: Layer, maps: FloatArray) -> FloatArray:
    return np.maximum(maps, 0) if layer.activation == "relu" else maps


def _size(layer: Layer) -> Pair:
    maps = _sums(layer)
    return maps.shape[1], maps.shape[2]


# Where a fault may sit.


def read_with(**changes: Callable[[Layer], Any]) -> Compute:
    """Compute rightly, but from other arguments."""
    return lambda layer: right(replace(layer, **{name: change(layer) for name, change in changes.items()}))


def summed_as(sums: Compute) -> Compute:
    """Take wrong sums, then add the bias and activate rightly."""
    return lambda layer: _finished(layer, sums(layer))


def returned_as(change: Callable[[FloatArray], Any]) -> Compute:
    """Compute rightly, then spoil the result."""
    return lambda layer: change(right(layer))


def _framed_with(frame: Callable[[int, int, int], Pair]) -> Compute:
    """Under "same" pad each axis by `frame(pixels, kernel size, stride)`."""

    def compute(layer: Layer) -> FloatArray:
        if layer.padding == "valid":
            return right(layer)
        vertical, horizontal = map(frame, layer.x.shape[1:3], layer.kernel_size, layer.step)
        return right(replace(layer, x=pad2d(layer.x, (vertical, horizontal)), padding="valid"))

    return compute


def _filled_with(mode: Any) -> Compute:
    """Under "same" pad as much as is right, with what NumPy calls `mode`."""

    def compute(layer: Layer) -> FloatArray:
        padded = np.pad(layer.x, ((0, 0), *_pads(layer), (0, 0)), mode=mode)
        return right(replace(layer, x=padded, padding="valid"))

    return compute


def _cut(layer: Layer, x: FloatArray, rows: int, columns: int) -> FloatArray:
    """Fill rows x columns sums window by window with plain slices, which come out short at the edge."""
    (height, width), (down, along) = layer.kernel_size, layer.step
    maps = np.zeros((len(x), rows, columns, layer.w.shape[3]), x.dtype)
    for i, j in np.ndindex(rows, columns):
        window = x[:, i * down : i * down + height, j * along : j * along + width]
        maps[:, i, j] = (window[..., None] * layer.w).sum(axis=(1, 2, 3))
    return maps


# The faults that need more than a line.


def _matrix_products(layer: Layer) -> FloatArray:
    patches = windows(_padded(layer), layer.kernel_size, layer.step)
    sums: FloatArray = np.einsum("nyxijc,jkco->nyxo", patches, layer.w)
    return sums


def _next_pixels(layer: Layer) -> FloatArray:
    rows, columns = _size(layer)
    return correlate(_padded(layer), layer.w)[:, :rows, :columns]


def _first_at_end_of_stride(layer: Layer) -> FloatArray:
    down, along = layer.step
    return correlate(_padded(layer), layer.w)[:, down - 1 :: down, along - 1 :: along]


def _last_fitting_window_missing(layer: Layer) -> FloatArray:
    kept = [
        len(range(0, n - k, stride))
        for n, k, stride in zip(_padded(layer).shape[1:3], layer.kernel_size, layer.step, strict=True)
    ]
    return right(layer)[:, : kept[0], : kept[1]]


def _past_the_edge(layer: Layer) -> FloatArray:
    height, width = layer.kernel_size
    if layer.padding == "same":
        return _sums(layer)
    return correlate(pad2d(layer.x, ((0, height - 1), (0, width - 1))), layer.w, layer.step)


def _short_windows(layer: Layer) -> FloatArray:
    x = _padded(layer)
    rows, columns = (-(-n // stride) for n, stride in zip(x.shape[1:3], layer.step, strict=True))
    return _sums(layer) if layer.padding == "same" else _cut(layer, x, rows, columns)


def _rounded_up(layer: Layer) -> FloatArray:
    missing = [
        -(n - k) % stride for n, k, stride in zip(layer.x.shape[1:3], layer.kernel_size, layer.step, strict=True)
    ]
    if layer.padding == "same":
        return _sums(layer)
    return correlate(pad2d(layer.x, ((0, missing[0]), (0, missing[1]))), layer.w, layer.step)


def _rows_count_for_both(maps: FloatArray) -> FloatArray:
    filled = np.zeros_like(maps)
    for i, j in np.ndindex(maps.shape[1], maps.shape[1]):
        filled[:, i, j] = maps[:, i, j]
    return filled


def _square_kernels(w: NDArray[Any]) -> NDArray[Any]:
    """Read a kernel with its height for both sides: more columns are left out, fewer raise an IndexError."""
    return np.asarray(w)[:, range(len(w))]


def _threes(w: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(w)[np.ix_(range(3), range(3))]


def _square_images(layer: Layer) -> FloatArray:
    _, side, _, c = layer.x.shape
    rows, columns = _size(replace(layer, x=np.zeros((1, side, side, c))))
    return _cut(layer, _padded(layer), rows, columns)


def _keeps_the_size(n: int, k: int, stride: int) -> Pair:
    pad = -(-((n - 1) * stride + k - n) // 2)
    return pad, pad


def _one_too_many(n: int, k: int, stride: int) -> Pair:
    pad = ((n - 1) * stride + k - n) // 2 + 1
    return pad, pad


def _both(share: Callable[[int], int]) -> Callable[[int, int, int], Pair]:
    """The same `share(total)` before and after."""
    return lambda n, k, stride: (share(sum(same_padding(n, k, stride))), share(sum(same_padding(n, k, stride))))


def _pads_swapped(layer: Layer) -> FloatArray:
    return correlate(pad2d(layer.x, _pads(layer)[::-1]), layer.w, layer.step)


def _every_axis_padded(layer: Layer) -> FloatArray:
    if layer.padding == "valid":
        return _sums(layer)
    padded = np.pad(layer.x, max(layer.kernel_size) // 2)
    return correlate(padded[..., : layer.w.shape[2]], layer.w, layer.step)


def _result_padded(layer: Layer) -> FloatArray:
    rows, columns = _size(layer)
    maps = right(replace(layer, padding="valid"))
    lacking = (rows - maps.shape[1], columns - maps.shape[2])
    return pad2d(maps, [(total // 2, total - total // 2) for total in lacking])


def _cut_from_the_unpadded(layer: Layer) -> FloatArray:
    return _cut(layer, layer.x, *_size(layer))


def _maps_of_each_channel(layer: Layer) -> FloatArray:
    """One map for each filter and channel, the channels of filter 0 first; shape (n, y, x, o * c)."""
    maps = _products(layer).sum(axis=(3, 4)).swapaxes(3, 4) + layer.b[:, None]
    return _activated(layer, maps.reshape(*maps.shape[:3], -1))


def _channels_first_by_reshape(layer: Layer) -> FloatArray:
    n, height, width, c = layer.x.shape
    return np.moveaxis(layer.x.reshape(n, c, height, width), 1, -1)


def _bias_times(count: Callable[[Layer], int]) -> Compute:
    return summed_as(lambda layer: _sums(layer) + (count(layer) - 1) * layer.b)


def _activated_before_the_bias(layer: Layer) -> FloatArray:
    return _activated(layer, _sums(layer)) + layer.b


def _activated_products(layer: Layer) -> FloatArray:
    sums: FloatArray = _activated(layer, _products(layer)).sum(axis=(3, 4, 5))
    return sums + layer.b


def _total_never_set_back(layer: Layer) -> FloatArray:
    sums = _sums(layer)
    running: FloatArray = sums.reshape(len(sums), -1, sums.shape[3]).cumsum(axis=1)
    return running.reshape(sums.shape)


def _whole_numbers(values: FloatArray) -> NDArray[np.int64]:
    return values.astype(np.int64)


def _in_stored_type(layer: Layer) -> NDArray[Any]:
    maps = right(layer)
    return _whole_numbers(maps).astype(layer.stored) if np.issubdtype(layer.stored, np.integer) else maps


def _only(part: Any, maps: FloatArray) -> FloatArray:
    """Keep one part of the maps, the rest 0."""
    kept = np.zeros_like(maps)
    kept[part] = maps[part]
    return kept


def _in_zeros(maps: FloatArray, rows: int, columns: int, at: Pair = (0, 0)) -> FloatArray:
    """Put the maps into larger ones of zeros."""
    larger = np.zeros((len(maps), rows, columns, maps.shape[3]), maps.dtype)
    larger[:, at[0] : at[0] + maps.shape[1], at[1] : at[1] + maps.shape[2]] = maps
    return larger


def _size_without_stride(layer: Layer) -> FloatArray:
    rows, columns = (
        n if layer.padding == "same" else n - k + 1 for n, k in zip(layer.x.shape[1:3], layer.kernel_size, strict=True)
    )
    return _in_zeros(right(layer), rows, columns)


def _as_large_as_the_image(layer: Layer) -> FloatArray:
    return _in_zeros(right(layer), layer.x.shape[1], layer.x.shape[2])


def _zeros_at_the_border(layer: Layer) -> FloatArray:
    before = layer.w.shape[0] // 2, layer.w.shape[1] // 2
    same = layer.padding == "same"
    return right(layer) if same else _in_zeros(right(layer), layer.x.shape[1], layer.x.shape[2], before)


def _window_sums(layer: Layer) -> FloatArray:
    """The sum of each window's pixels, without weights; shape (n, y, x, 1)."""
    return correlate(_padded(layer), np.ones_like(layer.w[..., :1]), layer.step)


def _weight_sums(layer: Layer) -> FloatArray:
    sums: FloatArray = layer.w.sum(axis=(0, 1, 2))
    return sums


def _written_into_the_images(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    strides: Size = 1,
    padding: Padding = "valid",
    activation: str | None = None,
) -> FloatArray:
    maps: FloatArray = as_layer(right)(x, w, b, strides, padding, activation)
    np.asarray(x)[:, : maps.shape[1], : maps.shape[2], 0] = maps[..., 0]
    return maps


def _written_into_the_image(image: ArrayLike, kernel: ArrayLike, bias: float) -> FloatArray:
    maps: FloatArray = as_one_filter(right)(image, kernel, bias)
    np.asarray(image)[: maps.shape[0], : maps.shape[1], 0] = maps
    return maps


def _windows_multiplied_in_place(image: ArrayLike, kernel: ArrayLike, bias: float) -> FloatArray:
    pixels, weights = np.asarray(image), np.asarray(kernel)
    maps = np.zeros([n - k + 1 for n, k in zip(pixels.shape[:2], weights.shape[:2], strict=True)])
    for i, j in np.ndindex(*maps.shape):
        window = pixels[i : i + weights.shape[0], j : j + weights.shape[1]]
        window *= weights
        maps[i, j] = window.sum() + bias
    return maps


def _of_both(make: Maker) -> tuple[Mistake, ...]:
    """Mistakes that one filter and a whole layer share."""
    return (
        Mistake(
            "M1",
            "kernel flipped both ways",
            make(read_with(w=lambda layer: layer.w[::-1, ::-1])),
            "You turned the kernel by 180 degrees, as convolution in mathematics does. A layer lays it on as it is: "
            "the top-left weight meets the top-left pixel.",
            CELLS,
        ),
        Mistake(
            "M2a",
            "kernel mirrored left to right",
            make(read_with(w=lambda layer: layer.w[:, ::-1])),
            "You mirrored the kernel left to right. It has to stay as it is: column 0 of the kernel meets column 0 of "
            "the window.",
            CELLS,
        ),
        Mistake(
            "M2b",
            "kernel mirrored top to bottom",
            make(read_with(w=lambda layer: layer.w[::-1])),
            "You mirrored the kernel top to bottom. It has to stay as it is: row 0 of the kernel meets row 0 of the "
            "window.",
            CELLS,
        ),
        Mistake(
            "M3",
            "kernel transposed",
            make(read_with(w=lambda layer: layer.w.swapaxes(0, 1))),
            "You swapped the rows and columns of the kernel. The first index is the row in both arrays: `kernel[i, j]` "
            "belongs to pixel `[i, j]` of the window.",
            ROWS_FIRST,
        ),
        Mistake(
            "F12",
            "kernel turned by 90 degrees",
            make(read_with(w=lambda layer: np.rot90(layer.w))),
            "You turned the kernel by a quarter: a transpose and one flip. It has to stay as it is: `kernel[i, j]` "
            "belongs to pixel `[i, j]` of the window.",
            CELLS,
        ),
        Mistake(
            "M4",
            "rows and columns swapped",
            make(returned_as(lambda maps: maps.swapaxes(1, 2))),
            "You stored each sum at `[column, row]`. The row comes first: the window at row i and column j belongs to "
            "`[i, j]` of its map.",
            ROWS_FIRST,
        ),
        Mistake(
            "M5",
            "matrix product",
            make(summed_as(_matrix_products)),
            "You multiplied each window and the kernel as matrices (`@` or `np.dot`). Multiply cell by cell with `*`, "
            "then add.",
            CELLS,
        ),
        Mistake(
            "M6a",
            "mean over the window",
            make(summed_as(lambda layer: _sums(layer) / layer.w[:, :, 0, 0].size)),
            "You divided each sum by the number of cells of the window. A convolution adds up the products and divides "
            "nothing.",
            CELLS,
        ),
        Mistake(
            "M6b",
            "mean of all products",
            make(summed_as(lambda layer: _sums(layer) / layer.w[..., 0].size)),
            "You took the mean of the products (`np.mean`). A convolution gives their sum, over the window and over "
            "the channels.",
            CELLS,
        ),
        Mistake(
            "M7a",
            "last window missing",
            make(returned_as(lambda maps: maps[:, :-1, :-1])),
            "You left out the last row and the last column of windows. A window of k cells fits (n - k) // stride + 1 "
            "times into n pixels: count them for n = k.",
            COUNT,
        ),
        Mistake(
            "M8a",
            "windows run past the edge",
            make(summed_as(_past_the_edge)),
            'You started windows as long as there were pixels, and the last ones hang over the edge. Under "valid" '
            "only windows that lie inside the image count.",
            COUNT,
        ),
        Mistake(
            "M8b",
            "short windows at the edge",
            make(summed_as(_short_windows)),
            "You started windows as long as there were pixels. At the edge the slice comes out short, and NumPy "
            "stretches it or refuses. Only full windows count.",
            COUNT,
        ),
        Mistake(
            "M15a",
            "rows counted for both loops",
            make(returned_as(_rows_count_for_both)),
            "You let both loops run over the number of rows. The inner loop has to run over the columns of the output.",
            ROWS_FIRST,
        ),
        Mistake(
            "M15b",
            "works for square kernels only",
            make(read_with(w=lambda layer: _square_kernels(layer.w))),
            "You used the kernel's height for its width as well. Read both, and let each loop run over its own.",
            ROWS_FIRST,
        ),
        Mistake(
            "M28",
            "only channel 0",
            make(read_with(x=lambda layer: layer.x[..., :1], w=lambda layer: layer.w[:, :, :1])),
            "You used channel 0 of the image only. A filter spans all channels: the sum runs over the window and over "
            "the channels.",
            ALL_CHANNELS,
        ),
        Mistake(
            "M30",
            "one slice for every channel",
            make(read_with(w=lambda layer: np.broadcast_to(layer.w[:, :, :1], layer.w.shape))),
            "You used the filter's first slice for every channel. Each channel has a slice of its own: channel c meets "
            "`kernel[:, :, c]`.",
            ALL_CHANNELS,
        ),
        Mistake(
            "M31",
            "mean over the channels",
            make(summed_as(lambda layer: _sums(layer) / layer.w.shape[2])),
            "You took the mean over the channels. Their maps are added up, and nothing is divided.",
            ALL_CHANNELS,
        ),
        Mistake(
            "M33",
            "reshape mixes the channels",
            make(read_with(x=_channels_first_by_reshape)),
            "You moved the channels with `reshape`, which only cuts the numbers up anew, so that colours and places "
            "mix. `transpose` moves axes; here none has to move.",
            FORMATS,
        ),
        Mistake(
            "M34",
            "channels in reverse",
            make(read_with(x=lambda layer: layer.x[..., ::-1])),
            "You read the channels from last to first, as from BGR to RGB. Channel c of the image meets slice c of the "
            "filter.",
            ALL_CHANNELS,
        ),
        Mistake(
            "M35",
            "bias added with each product",
            make(_bias_times(lambda layer: layer.w[..., 0].size)),
            "You added the bias inside the sum, once for each product. It is added once for each window, after the "
            "whole sum.",
            BIAS,
        ),
        Mistake(
            "M36",
            "bias added for each channel",
            make(_bias_times(lambda layer: layer.w.shape[2])),
            "You added the bias once for each channel. The channels are summed first, and the bias is added once.",
            BIAS,
        ),
        Mistake(
            "M37a",
            "bias forgotten",
            make(read_with(b=lambda layer: np.zeros_like(layer.b))),
            "You left the bias out. It is added to every number of the filter's map.",
            BIAS,
        ),
        Mistake(
            "M39a",
            "total never set back",
            make(summed_as(_total_never_set_back)),
            "You carried the total of one window into the next. Each window starts from 0: set the total inside the "
            "loop over windows.",
            IN_TURN,
        ),
        Mistake(
            "M41",
            "numbers wrap at 256",
            make(returned_as(lambda maps: _whole_numbers(maps).astype(np.uint8))),
            "You stored the sums as `uint8`, where -1 becomes 255 and 256 becomes 0. Make the output an array of "
            "floats.",
            FRACTIONS,
        ),
        Mistake(
            "M42a",
            "output of the image's type",
            make(_in_stored_type),
            "You gave the output the type of the input, and whole numbers have no room for a fraction. Make it an "
            "array of floats with `np.zeros(shape)`.",
            FRACTIONS,
        ),
        Mistake(
            "M42b",
            "fractions cut off",
            make(returned_as(_whole_numbers)),
            "You stored the sums as whole numbers, and their fractions are gone. Make the output an array of floats "
            "with `np.zeros(shape)`.",
            FRACTIONS,
        ),
        Mistake(
            "F1",
            "starter not filled in",
            make(returned_as(np.zeros_like)),
            "You returned an output of the right shape that holds only zeros. Each cell has to get the sum of its "
            "window.",
            ALL_CHANNELS,
        ),
        Mistake(
            "F2a",
            "returns after the first window",
            make(returned_as(lambda maps: _only(np.s_[:, :1, :1], maps))),
            "You returned after the first window: the `return` stands inside the inner loop. It has to stand after all "
            "loops.",
            IN_TURN,
        ),
        Mistake(
            "F2b",
            "returns after the first row",
            make(returned_as(lambda maps: _only(np.s_[:, :1], maps))),
            "You returned after the first row of windows: the `return` stands inside a loop. It has to stand after all "
            "loops.",
            IN_TURN,
        ),
        Mistake(
            "F5",
            "3 written into the code",
            make(read_with(w=lambda layer: _threes(layer.w))),
            "You used 3 as the size of every kernel. Take the size from the shape of the kernel, so that any will do.",
            ROWS_FIRST,
        ),
        Mistake(
            "F6",
            "works for square images only",
            make(summed_as(_square_images)),
            "You used the image's height for its width as well. Read both from its shape.",
            ROWS_FIRST,
        ),
        Mistake(
            "F8",
            "border left at zero",
            make(_zeros_at_the_border),
            "Your maps have the size of the image, with zeros where no window is centred. They have to hold the "
            "windows that fit and nothing else.",
            COUNT,
        ),
        Mistake(
            "F9",
            "output not shrunk",
            make(_as_large_as_the_image),
            "Your maps have the size of the image, and their last rows and columns stay 0. They have to be as large as "
            "the number of windows.",
            COUNT,
        ),
        Mistake(
            "F10",
            "padded without being asked",
            make(read_with(padding=lambda layer: "same")),
            "You put zeros round the image, and nobody had asked for it. Without padding only windows that lie inside "
            "the image count.",
            COUNT,
        ),
        Mistake(
            "F11",
            "windows side by side",
            make(
                read_with(step=lambda layer: layer.kernel_size if layer.step == _ONE_STEP else layer.step),
            ),
            "You moved the window by its own size each time, as pooling does. A convolution moves by one pixel unless "
            "strides are given.",
            IN_TURN,
        ),
        Mistake(
            "F13",
            "only the last channel",
            make(read_with(x=lambda layer: layer.x[..., -1:], w=lambda layer: layer.w[:, :, -1:])),
            "You set the total back at each channel, so that only the last one is left. Set it to 0 once for each "
            "window, and add every channel to it.",
            ALL_CHANNELS,
        ),
        Mistake(
            "F14",
            "added instead of multiplied",
            make(summed_as(lambda layer: _window_sums(layer) + _weight_sums(layer))),
            "You added the weights to the pixels. Each pixel is multiplied by its weight; only the products are added.",
            CELLS,
        ),
        Mistake(
            "F15",
            "added first, multiplied last",
            make(summed_as(lambda layer: _window_sums(layer) * _weight_sums(layer))),
            "You added up the window and the filter, then multiplied the two sums. Multiply cell by cell first, then "
            "add the products.",
            CELLS,
        ),
    )


CONV2D_ONE_FILTER = (
    *_of_both(as_one_filter),
    Mistake(
        "M29",
        "channels not added up",
        lambda image, kernel, bias: as_layer(_maps_of_each_channel)(
            np.asarray(image)[None], np.asarray(kernel)[..., None], [bias]
        )[0],
        "You returned one map for each channel. One filter makes one map: add up the maps of all channels.",
        ALL_CHANNELS,
    ),
    Mistake(
        "M43a",
        "image changed",
        _written_into_the_image,
        "Your numbers are right, but the image you were given has changed. Write the results into a new array.",
        INPUT,
    ),
    Mistake(
        "M43b",
        "windows changed in place",
        _windows_multiplied_in_place,
        "You multiplied each window in place. A slice is a view: `window *= kernel` changes the image, and the next "
        "window reads it. Write `products = window * kernel`.",
        INPUT,
    ),
    Mistake(
        "F16",
        "negative sums cut off",
        as_one_filter(returned_as(lambda maps: np.maximum(maps, 0))),
        "You set negative numbers to 0. That is an activation, and here nobody has asked for one.",
        ACTIVATION,
    ),
)

CONV2D = (
    *_of_both(as_layer),
    Mistake(
        "M7b",
        "last fitting window missing",
        as_layer(_last_fitting_window_missing),
        "You dropped the last window where it ends exactly at the edge. It lies inside and counts: the last start is "
        "n - k, so `range` has to stop at n - k + 1.",
        COUNT,
    ),
    Mistake(
        "M9",
        "strides not used in index",
        as_layer(summed_as(_next_pixels)),
        "Your output has the right shape, but neighbouring windows start one pixel apart. Window (i, j) starts at row "
        "`i * stride_height` and column `j * stride_width`.",
        STRIDES,
    ),
    Mistake(
        "M10a",
        "width moves by one pixel",
        as_layer(read_with(step=lambda layer: (layer.step[0], 1))),
        "You used the stride for the rows, but moved by one pixel along the width. Both axes have a stride.",
        STRIDES,
    ),
    Mistake(
        "M10b",
        "height moves by one pixel",
        as_layer(read_with(step=lambda layer: (1, layer.step[1]))),
        "You used the stride for the columns, but moved by one pixel down the height. Both axes have a stride.",
        STRIDES,
    ),
    Mistake(
        "M11",
        "strides swapped",
        as_layer(read_with(step=lambda layer: layer.step[::-1])),
        "You swapped the two strides. The order is (height, width), like the axes of the array.",
        STRIDES,
    ),
    Mistake(
        "M12",
        "first window too late",
        as_layer(summed_as(_first_at_end_of_stride)),
        "Your first window starts at stride - 1. It has to start at the first pixel, and only the next one is a stride "
        "away.",
        STRIDES,
    ),
    Mistake(
        "M13",
        "size rounded up",
        as_layer(summed_as(_rounded_up)),
        'You rounded the number of windows up. Under "valid" it is rounded down, (n - k) // stride + 1: a window that '
        "hangs over the edge is left out.",
        STRIDES,
    ),
    Mistake(
        "M16a",
        "half the kernel all round",
        as_layer(_framed_with(lambda n, k, stride: (k // 2, k // 2))),
        'You padded k // 2 on both sides. "same" adds max((ceil(n / stride) - 1) * stride + k - n, 0) in all, and an '
        "odd total puts the extra one at the bottom or right.",
        STRIDES,
    ),
    Mistake(
        "M16b",
        "even kernel one short",
        as_layer(_framed_with(lambda n, k, stride: ((k - 1) // 2, (k - 1) // 2))),
        "You padded (k - 1) // 2 on both sides, which is one short for an even kernel and forgets the stride. The "
        "total is max((ceil(n / stride) - 1) * stride + k - n, 0).",
        STRIDES,
    ),
    Mistake(
        "M17",
        "extra row at the top",
        as_layer(_framed_with(lambda n, k, stride: same_padding(n, k, stride)[::-1])),
        "You put the odd row or column of padding at the top or left. It has to go to the bottom or right: before = "
        "total // 2, after = the rest.",
        STRIDES,
    ),
    Mistake(
        "M18",
        "stride forgotten in the padding",
        as_layer(_framed_with(lambda n, k, stride: same_padding(n, k))),
        'You padded as for stride 1, or took every second number of that result. How much "same" adds depends on the '
        "stride: max((ceil(n / stride) - 1) * stride + k - n, 0).",
        STRIDES,
    ),
    Mistake(
        "M20a",
        "padded to keep the size",
        as_layer(_framed_with(_keeps_the_size)),
        'You padded until the output had the size of the image. With "same" the output has ceil(n / stride) rows and '
        "columns, and the padding follows from that.",
        STRIDES,
    ),
    Mistake(
        "M20b",
        "strides ignored under same",
        as_layer(read_with(step=lambda layer: _ONE_STEP if layer.padding == "same" else layer.step)),
        'You kept the size of the image under "same". The stride counts there, too: the output has ceil(n / stride) '
        "rows and columns.",
        STRIDES,
    ),
    Mistake(
        "M21",
        "padded by one too many",
        as_layer(_framed_with(_one_too_many)),
        "You padded until the output had at least the size of the image, and then one more. With "
        '"same" the output has ceil(n / stride) rows and columns.',
        STRIDES,
    ),
    Mistake(
        "M22",
        "padding of the axes swapped",
        as_layer(summed_as(_pads_swapped)),
        "You padded the height by what the width needs, and the width by what the height needs. Work out the padding "
        "of each axis from its own size, kernel and stride.",
        STRIDES,
    ),
    Mistake(
        "M23",
        "every axis padded",
        as_layer(summed_as(_every_axis_padded)),
        "You padded all four axes, so that there are more images and more channels than before. Only height and width "
        "may be padded: the other two get (0, 0).",
        STRIDES,
    ),
    Mistake(
        "M24a",
        "edge pixels repeated",
        as_layer(_filled_with("edge")),
        'You repeated the edge pixels outside the image. Under "same" a convolution puts zeros there.',
        STRIDES,
    ),
    Mistake(
        "M24b",
        "image mirrored at the edge",
        as_layer(_filled_with("reflect")),
        'You mirrored the image at its edge. Under "same" a convolution puts zeros outside.',
        STRIDES,
    ),
    Mistake(
        "M25",
        "result padded, not image",
        as_layer(_result_padded),
        "You convolved first and put zeros round the result. Pad the image, so that the windows at its edge are there "
        "to be summed.",
        STRIDES,
    ),
    Mistake(
        "M26",
        "cut from the unpadded image",
        as_layer(summed_as(_cut_from_the_unpadded)),
        "You padded the image, but cut the windows from the one without padding, where they come out short. Let the "
        "padded array take the place of `x`.",
        STRIDES,
    ),
    Mistake(
        "M29",
        "channels not added up",
        as_layer(_maps_of_each_channel),
        "You kept one map for each filter and channel. A filter makes one map: add up its products over all channels.",
        MANY,
    ),
    Mistake(
        "M32",
        "channels and filters swapped",
        as_layer(read_with(w=lambda layer: layer.w.swapaxes(2, 3))),
        "You took the third axis of `w` for the filters and the last for the channels. The order is (i, j, c, o): "
        "filter o is `w[:, :, :, o]`.",
        MANY,
    ),
    Mistake(
        "M37b",
        "first bias for all filters",
        as_layer(read_with(b=lambda layer: np.full_like(layer.b, layer.b[0]))),
        "You added the first bias to every map. Each filter has a bias of its own: `b[o]`.",
        BIAS,
    ),
    Mistake(
        "M38a",
        "activation before the bias",
        as_layer(_activated_before_the_bias),
        "You applied the activation before the bias. It comes last: activation(sum + bias).",
        ACTIVATION,
    ),
    Mistake(
        "M38b",
        "activation of each product",
        as_layer(_activated_products),
        "You applied the activation to each product. It comes last, once for each window: activation(sum + bias).",
        ACTIVATION,
    ),
    Mistake(
        "M39b",
        "total runs on over filters",
        as_layer(summed_as(lambda layer: _sums(layer).cumsum(axis=-1))),
        "You carried the total of one filter into the next. Each filter starts from 0 at each window: set the total "
        "inside the loop over filters.",
        MANY,
    ),
    Mistake(
        "M40a",
        "last filter everywhere",
        as_layer(returned_as(lambda maps: np.repeat(maps[..., -1:], maps.shape[3], axis=3))),
        "You wrote the result of the last filter into every map. Store each at its own place: `[n, i, j, o]`.",
        MANY,
    ),
    Mistake(
        "M40b",
        "first image for all",
        as_layer(returned_as(lambda maps: np.repeat(maps[:1], len(maps), axis=0))),
        "You gave every image the maps of the first one. Index with n, so that each image is filtered from its own "
        "pixels.",
        BATCH,
    ),
    Mistake(
        "M43",
        "images changed",
        _written_into_the_images,
        "Your numbers are right, but the images you were given have changed. Write the results into a new array.",
        INPUT,
    ),
    Mistake(
        "F2c",
        "returns after the first filter",
        as_layer(returned_as(lambda maps: _only(np.s_[..., :1], maps))),
        "You returned after the first filter: the `return` stands inside the loop over filters. It has to stand after "
        "all loops.",
        MANY,
    ),
    Mistake(
        "F2d",
        "returns after the first image",
        as_layer(returned_as(lambda maps: _only(np.s_[:1], maps))),
        "You returned after the first image: the `return` stands inside the loop over images. It has to stand after "
        "all loops.",
        BATCH,
    ),
    Mistake(
        "F17",
        "strides not read",
        as_layer(read_with(step=lambda layer: _ONE_STEP)),
        "You moved by one pixel whatever the strides are. Window (i, j) starts at row `i * stride_height` and column "
        "`j * stride_width`.",
        STRIDES,
    ),
    Mistake(
        "F18a",
        "height stride for both",
        as_layer(read_with(step=lambda layer: (layer.step[0], layer.step[0]))),
        "You used the stride of the height for the width as well. Strides are a pair: rows move by the first, columns "
        "by the second.",
        STRIDES,
    ),
    Mistake(
        "F18b",
        "width stride for both",
        as_layer(read_with(step=lambda layer: (layer.step[1], layer.step[1]))),
        "You used the stride of the width for the height as well. Strides are a pair: rows move by the first, columns "
        "by the second.",
        STRIDES,
    ),
    Mistake(
        "F19",
        "padding not read",
        as_layer(read_with(padding=lambda layer: "valid")),
        'You did not pad although "same" was asked for. Compare with `padding == "same"`, spelt in small letters; the '
        "output then has ceil(n / stride) rows and columns.",
        STRIDES,
    ),
    Mistake(
        "F20",
        "only the first image",
        as_layer(returned_as(lambda maps: maps[:1])),
        "You returned the first image only. The first axis is the batch: the output has as many images as the input.",
        BATCH,
    ),
    Mistake(
        "F60",
        "padding rounded up twice",
        as_layer(_framed_with(_both(lambda total: -(-total // 2)))),
        "You rounded half of the padding up on both sides, which is one too many for an odd total. Before = total // "
        "2, after = total - before.",
        STRIDES,
    ),
    Mistake(
        "F61",
        "padding rounded down twice",
        as_layer(_framed_with(_both(lambda total: total // 2))),
        "You rounded half of the padding down on both sides, which is one short for an odd total. Before = total // 2, "
        "after = total - before.",
        STRIDES,
    ),
    Mistake(
        "F62",
        "padding plus one",
        as_layer(_framed_with(_both(lambda total: total // 2 + 1))),
        "You padded total // 2 + 1 on both sides, which is too much. Before = total // 2, after = total - before.",
        STRIDES,
    ),
    Mistake(
        "F63",
        "all padding at the end",
        as_layer(_framed_with(lambda n, k, stride: (0, sum(same_padding(n, k, stride))))),
        "You put all of the padding at the bottom and right. Half of it comes before the image: before = total // 2, "
        "after = the rest.",
        STRIDES,
    ),
    Mistake(
        "F64",
        "stride not in output size",
        as_layer(_size_without_stride),
        "Your maps are as large as for stride 1, and what lies beyond the last window stays 0. The size has the stride "
        "in it: (n - k) // stride + 1.",
        STRIDES,
    ),
    Mistake(
        "F65",
        "filters put first",
        as_layer(returned_as(lambda maps: np.moveaxis(maps, -1, 1))),
        "You put the filters before rows and columns. They are the channels of the output and come last: (n, y, x, o).",
        FORMATS,
    ),
    Mistake(
        "F66",
        "maps of filters added",
        as_layer(returned_as(lambda maps: maps.sum(axis=-1, keepdims=True))),
        "You added up the maps of all filters. Channels of the input are summed; each filter keeps its own map.",
        MANY,
    ),
    Mistake(
        "F67",
        "activation not read",
        as_layer(read_with(activation=lambda layer: None)),
        'You did not apply the activation. With `activation="relu"` every number below 0 becomes 0, after the bias.',
        ACTIVATION,
    ),
    Mistake(
        "F68",
        "activation without being asked",
        as_layer(read_with(activation=lambda layer: "relu")),
        'You set negative numbers to 0 although no activation was asked for. Do it for `activation="relu"` only.',
        ACTIVATION,
    ),
    Mistake(
        "F69",
        "first filter everywhere",
        as_layer(returned_as(lambda maps: np.repeat(maps[..., :1], maps.shape[3], axis=3))),
        "You used the first filter for every map. Filter o is `w[:, :, :, o]`, and its map is `[..., o]` of the "
        "output.",
        MANY,
    ),
)


def _counted(count: Callable[[int, int, int, int, bool], int]) -> Function:
    def wrong(kh: int, kw: int, c_in: int, filters: int, use_bias: bool = True) -> int:
        return count(kh, kw, c_in, filters, use_bias)

    return wrong


COUNT_PARAMS = (
    Mistake(
        "C1a",
        "biases forgotten",
        _counted(lambda kh, kw, c_in, filters, use_bias: kh * kw * c_in * filters),
        "You left out the biases. With `use_bias` there is one more number for each filter.",
        PARAMETERS,
    ),
    Mistake(
        "C1b",
        "input channels forgotten",
        _counted(lambda kh, kw, c_in, filters, use_bias: (kh * kw + use_bias) * filters),
        "You left out the channels of the input. A filter has a slice of kh x kw weights for each of them.",
        PARAMETERS,
    ),
    Mistake(
        "C1c",
        "filters forgotten",
        _counted(lambda kh, kw, c_in, filters, use_bias: kh * kw * c_in + use_bias),
        "You counted one filter. A layer has `filters` of them, each with weights of its own.",
        PARAMETERS,
    ),
    Mistake(
        "C1d",
        "bias for every slice",
        _counted(lambda kh, kw, c_in, filters, use_bias: (kh * kw + use_bias) * c_in * filters),
        "You counted a bias for every slice of a filter. A filter has one bias, however many channels it spans.",
        PARAMETERS,
    ),
    Mistake(
        "C1e",
        "one bias for all",
        _counted(lambda kh, kw, c_in, filters, use_bias: kh * kw * c_in * filters + use_bias),
        "You counted a single bias for the whole layer. Each filter has one of its own.",
        PARAMETERS,
    ),
    Mistake(
        "C1f",
        "one bias a channel",
        _counted(lambda kh, kw, c_in, filters, use_bias: (kh * kw * filters + use_bias) * c_in),
        "You counted a bias for each channel of the input. There is one for each filter, that is for each channel of "
        "the output.",
        PARAMETERS,
    ),
    Mistake(
        "C1g",
        "use_bias not read",
        _counted(lambda kh, kw, c_in, filters, use_bias: (kh * kw * c_in + 1) * filters),
        "You counted the biases although `use_bias=False` was given. Then there are weights only.",
        PARAMETERS,
    ),
    Mistake(
        "C1h",
        "use_bias the wrong way",
        _counted(lambda kh, kw, c_in, filters, use_bias: (kh * kw * c_in + (not use_bias)) * filters),
        "You counted the biases where there are none, and left them out where there are some. `use_bias=True` means "
        "that they count.",
        PARAMETERS,
    ),
    Mistake(
        "C1i",
        "sizes added, not multiplied",
        _counted(lambda kh, kw, c_in, filters, use_bias: (kh + kw + c_in + use_bias) * filters),
        "You added the sides of a filter. It is a block of kh x kw x c_in weights: multiply them.",
        PARAMETERS,
    ),
    Mistake(
        "M15",
        "works for square kernels only",
        _counted(lambda kh, kw, c_in, filters, use_bias: (kh * kh * c_in + use_bias) * filters),
        "You used the kernel's height for its width as well. A kernel has kh x kw cells.",
        PARAMETERS,
    ),
    Mistake(
        "F1",
        "starter not filled in",
        _counted(lambda kh, kw, c_in, filters, use_bias: 0),
        "You returned 0 whatever the layer is. Count the weights of a filter, add its bias, and multiply by the "
        "filters.",
        PARAMETERS,
    ),
)
