"""Known mistakes with filters, the same for one filter and for a layer of many."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from solutions.faults import shown
from solutions.faults.around import Around
from solutions.faults.layer import (
    ONE_STEP,
    Compute,
    Layer,
    Signature,
    correlate,
    cut_windows,
    in_zeros,
    read_with,
    returned_as,
    returned_with,
    summed_as,
)
from solutions.faults.storing import in_type_of, only
from solutions.mistakes import Mistake, with_words
from solutions.reference.shapes import FloatArray, pad2d, windows


def _matrix_products(layer: Layer) -> FloatArray:
    patches = windows(layer.framed, layer.kernel_size, layer.step)
    sums: FloatArray = np.einsum("nyxijc,jkco->nyxo", patches, layer.w)
    return sums


def _transposed_in_the_window(layer: Layer) -> FloatArray:
    """Multiply windows of the kernel's own size by its transpose: NumPy stretches axes of length 1, or raises."""
    patches = windows(layer.framed, layer.kernel_size, layer.step)
    sums: FloatArray = np.einsum("nyxijc,jico->nyxo", patches, layer.w)
    return sums


def _without_its_last(w: NDArray[Any]) -> NDArray[Any]:
    """Set the last row and the last column to 0, as loops do that stop one short."""
    kernel = w.copy()
    kernel[-1], kernel[:, -1] = 0, 0
    return kernel


def _past_the_edge(layer: Layer) -> FloatArray:
    height, width = layer.kernel_size
    if layer.padding == "same":
        return layer.sums
    return correlate(pad2d(layer.x, ((0, height - 1), (0, width - 1))), layer.w, layer.step)


def _short_windows(layer: Layer) -> FloatArray:
    x = layer.framed
    rows, columns = (-(-n // stride) for n, stride in zip(x.shape[1:3], layer.step, strict=True))
    return layer.sums if layer.padding == "same" else cut_windows(layer, x, rows, columns)


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


def _three_of_its_size(w: NDArray[Any]) -> NDArray[Any]:
    """Read 3 x 3 cells one by one, and leave the size of the kernel as it is: the others count as 0."""
    return np.pad(_threes(w), [(0, w.shape[0] - 3), (0, w.shape[1] - 3), (0, 0), (0, 0)])


def _windows_of_three(layer: Layer) -> FloatArray:
    x = layer.framed
    rows, columns = (len(range(0, n - 2, stride)) for n, stride in zip(x.shape[1:3], layer.step, strict=True))
    return cut_windows(layer, x, rows, columns, (3, 3))


def _windows_multiplied_in_place(layer: Layer) -> FloatArray:
    """Multiply slices of the images themselves, or of the padded ones; bytes refuse to hold the products."""
    images = np.asarray(layer.given)
    pixels = np.pad(images, ((0, 0), *layer.pads, (0, 0))) if layer.padding == "same" else images
    (height, width), (down, along) = layer.kernel_size, layer.step
    sums = np.zeros_like(layer.sums)
    for n, i, j, o in np.ndindex(*sums.shape):
        window = pixels[n, i * down : i * down + height, j * along : j * along + width]
        window *= layer.w[..., o]
        sums[n, i, j, o] = window.sum()
    return sums


def _square_images(layer: Layer) -> FloatArray:
    _, side, _, c = layer.x.shape
    rows, columns = replace(layer, x=np.zeros((1, side, side, c))).size
    return cut_windows(layer, layer.framed, rows, columns)


def _channels_first_by_reshape(layer: Layer) -> FloatArray:
    n, height, width, c = layer.x.shape
    return np.moveaxis(layer.x.reshape(n, c, height, width), 1, -1)


def _divided_by(count: Callable[[Layer], int]) -> Around:
    """Divide every sum; the weights are divided for it, as neither bias nor activation may be."""
    return read_with(w=lambda layer: layer.w / count(layer))


def _bias_times(count: Callable[[Layer], int]) -> Around:
    return read_with(b=lambda layer: count(layer) * layer.b)


def _total_never_set_back(layer: Layer) -> FloatArray:
    sums = layer.sums
    running: FloatArray = sums.reshape(len(sums), -1, sums.shape[3]).cumsum(axis=1)
    return running.reshape(sums.shape)


def _whole_numbers(values: FloatArray) -> NDArray[np.int64]:
    return values.astype(np.int64)


def _as_large_as_the_image(maps: FloatArray, layer: Layer) -> FloatArray:
    return in_zeros(maps, layer.x.shape[1], layer.x.shape[2])


def _zeros_at_the_border(maps: FloatArray, layer: Layer) -> FloatArray:
    before = layer.w.shape[0] // 2, layer.w.shape[1] // 2
    return maps if layer.padding == "same" else in_zeros(maps, layer.x.shape[1], layer.x.shape[2], before)


def _window_sums(layer: Layer) -> FloatArray:
    """The sum of each window's pixels, without weights; shape (n, y, x, 1)."""
    return correlate(layer.framed, np.ones_like(layer.w[..., :1]), layer.step)


def _weight_sums(layer: Layer) -> FloatArray:
    sums: FloatArray = layer.w.sum(axis=(0, 1, 2))
    return sums


FAULTS: dict[str, Compute | Around] = {
    "M1": read_with(w=lambda layer: layer.w[::-1, ::-1]),
    "M2a": read_with(w=lambda layer: layer.w[:, ::-1]),
    "M2b": read_with(w=lambda layer: layer.w[::-1]),
    "M3": read_with(w=lambda layer: layer.w.swapaxes(0, 1)),
    "M3b": summed_as(_transposed_in_the_window),
    "F12": read_with(w=lambda layer: np.rot90(layer.w)),
    "M4": returned_as(lambda maps: maps.swapaxes(1, 2)),
    "M5": summed_as(_matrix_products),
    "M6a": _divided_by(lambda layer: layer.w[:, :, 0, 0].size),
    "M6b": _divided_by(lambda layer: layer.w[..., 0].size),
    "M7a": returned_as(lambda maps: maps[:, :-1, :-1]),
    "M8a": summed_as(_past_the_edge),
    "M8b": summed_as(_short_windows),
    "M15a": returned_as(_rows_count_for_both),
    "M15b": read_with(w=lambda layer: _square_kernels(layer.w)),
    "M28": read_with(x=lambda layer: layer.x[..., :1], w=lambda layer: layer.w[:, :, :1]),
    "M30": read_with(w=lambda layer: np.broadcast_to(layer.w[:, :, :1], layer.w.shape)),
    "M31": _divided_by(lambda layer: layer.w.shape[2]),
    "M33": read_with(x=_channels_first_by_reshape),
    "M34": read_with(x=lambda layer: layer.x[..., ::-1]),
    "M35": _bias_times(lambda layer: layer.w[..., 0].size),
    "M36": _bias_times(lambda layer: layer.w.shape[2]),
    "M37a": read_with(b=lambda layer: np.zeros_like(layer.b)),
    "M39a": summed_as(_total_never_set_back),
    "M41": returned_as(lambda maps: _whole_numbers(maps).astype(np.uint8)),
    "M42a": returned_with(lambda maps, layer: in_type_of(layer.given, maps)),
    "M42b": returned_as(_whole_numbers),
    "M43b": summed_as(_windows_multiplied_in_place),
    "M48": read_with(w=lambda layer: _without_its_last(layer.w)),
    "M50": read_with(w=lambda layer: np.broadcast_to(layer.w.sum(axis=2, keepdims=True), layer.w.shape)),
    "M51": returned_as(np.abs),
    "M52": returned_as(shown.limited),
    "M53": returned_as(shown.stretched),
    "M54a": read_with(w=lambda layer: shown.over_their_sum(layer.w)),
    "M55": returned_as(shown.over_the_largest),
    "F1": returned_as(np.zeros_like),
    "F2a": returned_as(lambda maps: only(np.s_[:, :1, :1], maps)),
    "F2b": returned_as(lambda maps: only(np.s_[:, :1], maps)),
    "F5": read_with(w=lambda layer: _threes(layer.w)),
    "F5b": summed_as(_windows_of_three),
    "F5c": read_with(w=lambda layer: _three_of_its_size(layer.w)),
    "F6": summed_as(_square_images),
    "F8": returned_with(_zeros_at_the_border),
    "F9": returned_with(_as_large_as_the_image),
    "F10": read_with(padding=lambda layer: "same"),
    "F11": read_with(step=lambda layer: layer.kernel_size if layer.step == ONE_STEP else layer.step),
    "F13": read_with(x=lambda layer: layer.x[..., -1:], w=lambda layer: layer.w[:, :, -1:]),
    "F14": summed_as(lambda layer: _window_sums(layer) + _weight_sums(layer)),
    "F15": summed_as(lambda layer: _window_sums(layer) * _weight_sums(layer)),
}

WORDS = (
    """
M1 | kernel flipped both ways | notebook 01, Multiply cell by cell, then add | convention
Mathematics and signal processing turn the kernel by 180 degrees first, as `scipy.signal.convolve2d` does. Here, as in
Keras, it is laid on as it is: the top-left weight meets the top-left pixel.

M2a | kernel mirrored left to right | notebook 01, Multiply cell by cell, then add
You mirrored the kernel left to right. Keep it as it is: column 0 of the kernel meets column 0 of the window.

M2b | kernel mirrored top to bottom | notebook 01, Multiply cell by cell, then add
You mirrored the kernel top to bottom. Keep it as it is: row 0 of the kernel meets row 0 of the window.

M3 | kernel transposed | notebook 01, Rows first
You swapped the rows and columns of the kernel. The first index is the row in both arrays: `kernel[i, j]` belongs to
pixel `[i, j]` of the window.

M3b | kernel transposed in the window | notebook 01, Rows first
You multiplied each window by the transposed kernel: pixel `[i, j]` met `kernel[j, i]`. Where the two differ in size,
NumPy stretches them or refuses. Pixel `[i, j]` meets `kernel[i, j]`.

F12 | kernel turned by 90 degrees | notebook 01, Multiply cell by cell, then add
You turned the kernel by a quarter: a transpose and one flip. Keep it as it is: `kernel[i, j]` belongs to pixel `[i, j]`
of the window.

M4 | rows and columns swapped | notebook 01, Rows first
You stored each sum at `[column, row]`. The row comes first: the window at row i and column j belongs to `[i, j]` of its
map.

M5 | matrix product | notebook 01, Multiply cell by cell, then add
You multiplied each window and the kernel as matrices (`@` or `np.dot`). Multiply cell by cell with `*`, then add.

M6a | mean over the window | notebook 01, Multiply cell by cell, then add
You divided each sum by the number of cells of the window. A convolution adds up the products and divides nothing.

M6b | mean of all products | notebook 01, Multiply cell by cell, then add
You took the mean of the products (`np.mean`). A convolution gives their sum, over the window and over the channels.

M7a | last window missing | notebook 01, How many windows fit?
You left out the last row and the last column of windows. A window of k cells fits (n - k) // stride + 1 times into n
pixels: count them for n = k.

M8a | windows run past the edge | notebook 01, How many windows fit?
You started windows as long as there were pixels, and the last ones hang over the edge. Under "valid" only windows that
lie inside the image count.

M8b | short windows at the edge | notebook 01, How many windows fit?
You started windows as long as there were pixels. At the edge the slice comes out short, and NumPy stretches it or
refuses. Only full windows count.

M15a | rows counted for both loops | notebook 01, Rows first
You let both loops run over the number of rows. Let the inner loop run over the columns of the output.

M15b | works for square kernels only | notebook 01, Rows first
You used the kernel's height for its width as well. Read both, and let each loop run over its own.

M28 | only channel 0 | notebook 05, One filter spans all channels
You used channel 0 of the image only. A filter spans all channels: the sum runs over the window and over the channels.

M30 | one slice for every channel | notebook 05, One filter spans all channels
You used the filter's first slice for every channel. Each channel has its own slice: channel c meets `kernel[:, :, c]`.

M31 | mean over the channels | notebook 05, One filter spans all channels
You took the mean over the channels. Their maps are added up, and nothing is divided.

M33 | reshape mixes the channels | notebook 05, Channels last, channels first
You moved the channels with `reshape`, which only changes the shape and keeps the numbers in order, so that colours and
places mix. `transpose` moves axes; here none needs to move.

M34 | channels in reverse | notebook 05, One filter spans all channels
You read the channels from last to first, as from BGR to RGB. Channel c of the image meets slice c of the filter.

M35 | bias added with each product | notebook 05, One bias for each filter, added once
You added the bias inside the sum, once for each product. It is added once for each window, after the whole sum.

M36 | bias added for each channel | notebook 05, One bias for each filter, added once
You added the bias once for each channel. The channels are summed first, and the bias is added once.

M37a | bias forgotten | notebook 05, One bias for each filter, added once
You left the bias out. It is added to every number of the filter's map.

M39a | total never reset | notebook 01, Every window in turn
You carried the total of one window into the next. Each window starts from 0: set the total inside the loop over
windows.

M41 | numbers wrap at 256 | notebook 01, Numbers with a fraction
You stored the sums as `uint8`, where -1 becomes 255 and 256 becomes 0. Make the output an array of floats.

M42a | output of the image's type | notebook 01, Numbers with a fraction
You gave the output the type of the input, and whole numbers have no room for a fraction. Make it an array of floats
with `np.zeros(shape)`.

M42b | fractions cut off | notebook 01, Numbers with a fraction
You stored the sums as whole numbers, and their fractions are gone. Make the output an array of floats with
`np.zeros(shape)`.

M43b | windows changed in place | notebook 01, Leave the input alone
You multiplied each window in place. A slice is a view: `window *= kernel` changes the image, and the next window reads
it. Write `products = window * kernel`.

M48 | last cells left out | notebook 01, Multiply cell by cell, then add
You left out the last row and the last column of each window. `range(n)` ends at n - 1 already: let the loops run over
`range(kernel_height)` and `range(kernel_width)`.

M50 | channel not chosen | notebook 05, One filter spans all channels
You multiplied all channels of a window by each slice of the filter. Channel c meets slice c and no other: choose it in
both.

"""
    + shown.WORDS.format(place="notebook 01, Multiply cell by cell, then add").strip()
    + """

F1 | starter not filled in | notebook 05, One filter spans all channels
You returned an output of the right shape that holds only zeros. Each cell should hold the sum of its window.

F2a | returns after the first window | notebook 01, Every window in turn
You returned after the first window: the `return` is inside the inner loop. Move it below all loops.

F2b | returns after the first row | notebook 01, Every window in turn
You returned after the first row of windows: the `return` is inside a loop. Move it below all loops.

F5 | 3 written into the code | notebook 01, Rows first
You used 3 as the size of every kernel. Take the size from the shape of the kernel, so that any will do.

F5b | windows always 3 x 3 | notebook 01, Rows first
You cut windows of 3 x 3 and made the maps for them, whatever the kernel. NumPy stretches the kernel to fit, or refuses.
Take height and width from the shape of the kernel.

F5c | loops always up to 3 | notebook 01, Rows first
Your maps have the right size, but your loops over the kernel run up to 3. Let them run over its height and its width.

F6 | works for square images only | notebook 01, Rows first
You used the image's height for its width as well. Read both from its shape.

F8 | border left at zero | notebook 01, How many windows fit?
Your maps have the size of the image, with zeros where no window is centred. They should hold only the windows that fit.

F9 | output not shrunk | notebook 01, How many windows fit?
Your maps have the size of the image, and their last rows and columns stay 0. Make them as large as the number of
windows.

F10 | padded without being asked | notebook 01, How many windows fit?
You put zeros around the image without being asked. Without padding only windows that lie inside the image count.

F11 | windows side by side | notebook 01, Every window in turn
You moved the window by its own size each time, as pooling does. A convolution moves by one pixel unless strides are
given.

F13 | only the last channel | notebook 05, One filter spans all channels
You reset the total at each channel, so that only the last one is left. Set it to 0 once for each window, and add every
channel to it.

F14 | added instead of multiplied | notebook 01, Multiply cell by cell, then add
You added the weights to the pixels. Each pixel is multiplied by its weight; only the products are added.

F15 | added first, multiplied last | notebook 01, Multiply cell by cell, then add
You added up the window and the filter, then multiplied the two sums. Multiply cell by cell first, then add the
products.
"""
)


def of_filters(kind: Signature) -> tuple[Mistake, ...]:
    """Mistakes that one filter and a whole layer share."""
    return with_words({id_: kind.wrong(fault) for id_, fault in FAULTS.items()}, WORDS)
