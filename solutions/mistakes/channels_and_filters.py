"""Known mistakes with channels and filters: `conv2d_one_filter`, `conv2d` and `count_params`.

Left out, as no result sets them apart: rounding the size towards zero (M14) shows only where the right function
raises, every second result of stride 1 (M19) is padding for stride 1 (M18), and cropping with `p:-p` (M27) stops for
every p of 0 and is right for any other.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from solutions.faults import shown
from solutions.faults.around import Around, Function
from solutions.faults.layer import (
    LAYER,
    ONE_FILTER,
    ONE_STEP,
    Compute,
    Layer,
    as_layer,
    as_one_filter,
    correlate,
    cut_windows,
    filled_with,
    framed_with,
    in_zeros,
    padded_as,
    read_with,
    returned_as,
    returned_with,
    right,
    summed_as,
)
from solutions.faults.storing import only
from solutions.mistakes import with_function, with_words
from solutions.mistakes.filtering import of_filters
from solutions.mistakes.padding import CONV2D_GRAY, FRAMES
from solutions.reference.shapes import FloatArray, Padding, Size, pad2d


def _next_pixels(layer: Layer) -> FloatArray:
    rows, columns = layer.size
    return correlate(layer.framed, layer.w)[:, :rows, :columns]


def _output_stepped_through(layer: Layer) -> FloatArray:
    down, along = layer.step
    return only(np.s_[:, ::down, ::along], _next_pixels(layer))


def _first_at_end_of_stride(layer: Layer) -> FloatArray:
    down, along = layer.step
    return correlate(layer.framed, layer.w)[:, down - 1 :: down, along - 1 :: along]


def _last_fitting_window_missing(layer: Layer) -> FloatArray:
    kept = [
        len(range(0, n - k, stride))
        for n, k, stride in zip(layer.framed.shape[1:3], layer.kernel_size, layer.step, strict=True)
    ]
    return right(layer)[:, : kept[0], : kept[1]]


def _rounded_up(layer: Layer) -> FloatArray:
    missing = [
        -(n - k) % stride for n, k, stride in zip(layer.x.shape[1:3], layer.kernel_size, layer.step, strict=True)
    ]
    if layer.padding == "same":
        return layer.sums
    return correlate(pad2d(layer.x, ((0, missing[0]), (0, missing[1]))), layer.w, layer.step)


def _at_its_pixel(layer: Layer) -> FloatArray:
    """Store each sum where its window starts in the padded image, in an output that is too small for that."""
    sums = layer.sums
    maps, (down, along) = np.zeros_like(sums), layer.step
    for i, j in np.ndindex(*layer.size):
        maps[:, i * down, j * along] = sums[:, i, j]
    return maps


def _stride_added(layer: Layer) -> FloatArray:
    maps, x, (height, width) = np.zeros_like(layer.sums), layer.framed, layer.kernel_size
    for i, j in np.ndindex(*layer.size):
        top, left = i + layer.step[0] - 1, j + layer.step[1] - 1
        maps[:, i, j] = (x[:, top : top + height, left : left + width, :, None] * layer.w).sum(axis=(1, 2, 3))
    return maps


def _every_stride(maps: FloatArray, layer: Layer) -> FloatArray:
    down, along = layer.step
    return only(np.s_[:, ::down, ::along], maps)


def _wrapped_before(layer: Layer) -> FloatArray:
    """Take cells before the image from its other side, as negative indices do, and zeros behind it."""
    (top, bottom), (left, right_) = layer.pads
    wrapped = np.pad(layer.x, ((0, 0), (top, 0), (left, 0), (0, 0)), mode="wrap")
    return pad2d(wrapped, ((0, bottom), (0, right_)))


def _channels_first(layer: Layer) -> FloatArray:
    return np.moveaxis(layer.x, 1, -1)


def _channels_first_both_ways(compute: Compute) -> Compute:
    return lambda layer: np.moveaxis(compute(layer.changed(x=_channels_first(layer))), -1, 1)


def _every_axis_padded(layer: Layer) -> FloatArray:
    return np.pad(layer.x, max(layer.kernel_size) // 2)[..., : layer.w.shape[2]]


def _padded_to_size(maps: FloatArray, layer: Layer) -> FloatArray:
    rows, columns = layer.size
    lacking = (rows - maps.shape[1], columns - maps.shape[2])
    return pad2d(maps, [(total // 2, total - total // 2) for total in lacking])


def _result_padded(compute: Compute) -> Compute:
    return lambda layer: _padded_to_size(compute(layer.changed(padding="valid")), layer)


def _cut_from_the_unpadded(layer: Layer) -> FloatArray:
    return cut_windows(layer, layer.x, *layer.size)


def _maps_of_each_channel(layer: Layer) -> FloatArray:
    """One map for each filter and channel, the channels of filter 0 first; shape (n, y, x, o * c)."""
    maps = layer.products.sum(axis=(3, 4)).swapaxes(3, 4) + layer.b[:, None]
    return layer.activated(maps.reshape(*maps.shape[:3], -1))


def _filter_first(layer: Layer) -> FloatArray:
    """Cut up the weights as if filters were their first axis."""
    return layer.w.reshape(layer.w.shape[3], -1).T.reshape(layer.w.shape)


def _biased_while_filled(layer: Layer) -> FloatArray:
    """Add the biases to all maps after each image, whose own maps were stored just before: the last has them once."""
    times = np.arange(len(layer.x), 0, -1)[:, None, None, None]
    return layer.activated(layer.sums + times * layer.b)


def _activated_before_the_bias(compute: Compute) -> Compute:
    return lambda layer: compute(layer.changed(b=np.zeros_like(layer.b))) + layer.b


def _activated_products(layer: Layer) -> FloatArray:
    sums: FloatArray = layer.activated(layer.products).sum(axis=(3, 4, 5))
    return sums + layer.b


def _size_without_stride(maps: FloatArray, layer: Layer) -> FloatArray:
    rows, columns = (
        n if layer.padding == "same" else n - k + 1 for n, k in zip(layer.x.shape[1:3], layer.kernel_size, strict=True)
    )
    return in_zeros(maps, rows, columns)


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


CONV2D_ONE_FILTER = of_filters(ONE_FILTER) + with_words(
    {
        "M29": lambda image, kernel, bias: as_layer(_maps_of_each_channel)(
            np.asarray(image)[None], np.asarray(kernel)[..., None], [bias]
        )[0],
        "M43a": _written_into_the_image,
        "F16": ONE_FILTER.wrong(returned_as(lambda maps: np.maximum(maps, 0))),
    },
    """
M29 | channels not added up | notebook 05, One filter spans all channels
You returned one map for each channel. One filter makes one map: add up the maps of all channels.

M43a | image changed | notebook 01, Leave the input alone
Your numbers are right, but the image you were given has changed. Write the results into a new array.

F16 | negative sums cut off | notebook 05, The activation comes last
You set negative numbers to 0. That is an activation, and none was asked for.
""",
)

OF_A_LAYER: dict[str, Compute | Around] = {
    "M7b": _last_fitting_window_missing,
    "M9": summed_as(_next_pixels),
    "M10a": read_with(step=lambda layer: (layer.step[0], 1)),
    "M10b": read_with(step=lambda layer: (1, layer.step[1])),
    "M11": read_with(step=lambda layer: layer.step[::-1]),
    "M12": summed_as(_first_at_end_of_stride),
    "M13": summed_as(_rounded_up),
    "M16a": framed_with(FRAMES["M16"]),
    "M16b": framed_with(FRAMES["F48"]),
    "M17": framed_with(FRAMES["M17"]),
    "M18": framed_with(FRAMES["M18"]),
    "M20a": framed_with(FRAMES["M20a"]),
    "M20b": read_with(step=lambda layer: ONE_STEP if layer.padding == "same" else layer.step),
    "M21": framed_with(FRAMES["M21"]),
    "M22": padded_as(lambda layer: pad2d(layer.x, layer.pads[::-1])),
    "M23": padded_as(_every_axis_padded),
    "M24a": filled_with("edge"),
    "M24b": filled_with("reflect"),
    "M24c": filled_with("wrap"),
    "M24d": padded_as(_wrapped_before),
    "M25": Around(right, _result_padded),
    "M26": summed_as(_cut_from_the_unpadded),
    "M29": _maps_of_each_channel,
    # A loop over the filters runs over the channels then, and adds only as many biases.
    "M32": read_with(w=lambda layer: layer.w.swapaxes(2, 3), b=lambda layer: layer.b[: layer.w.shape[2]]),
    "M37b": read_with(b=lambda layer: np.full_like(layer.b, layer.b[0])),
    "M38a": Around(right, _activated_before_the_bias),
    "M38b": _activated_products,
    "M39b": summed_as(lambda layer: layer.sums.cumsum(axis=-1)),
    "M40a": returned_as(lambda maps: np.repeat(maps[..., -1:], maps.shape[3], axis=3)),
    "M40b": returned_as(lambda maps: np.repeat(maps[:1], len(maps), axis=0)),
    "M44": summed_as(lambda layer: cut_windows(layer, layer.framed, *layer.size, layer.step)),
    "M45": summed_as(_stride_added),
    "M46": summed_as(lambda layer: _every_stride(layer.sums, layer)),
    "M47": summed_as(_at_its_pixel),
    "M49": summed_as(lambda layer: np.broadcast_to(layer.sums.sum(axis=0), layer.sums.shape)),
    "M54b": read_with(w=lambda layer: shown.over_their_sum_but_zero(layer.w)),
    "F2c": returned_as(lambda maps: only(np.s_[..., :1], maps)),
    "F2d": returned_as(lambda maps: only(np.s_[:1], maps)),
    "F17": read_with(step=lambda layer: ONE_STEP),
    "F18a": read_with(step=lambda layer: (layer.step[0], layer.step[0])),
    "F18b": read_with(step=lambda layer: (layer.step[1], layer.step[1])),
    "F19": read_with(padding=lambda layer: "valid"),
    "F20": returned_as(lambda maps: maps[:1]),
    "F21": Around(right, _channels_first_both_ways),
    "F60": framed_with(FRAMES["F49a"]),
    "F61": framed_with(FRAMES["F49b"]),
    "F62": framed_with(FRAMES["F43a"]),
    "F63": framed_with(FRAMES["F51a"]),
    "F64": returned_with(_size_without_stride),
    "F65": returned_as(lambda maps: np.moveaxis(maps, -1, 1)),
    "F66": returned_as(lambda maps: maps.sum(axis=-1, keepdims=True)),
    "F67": read_with(activation=lambda layer: None),
    "F68": read_with(activation=lambda layer: "relu"),
    "F69": returned_as(lambda maps: np.repeat(maps[..., :1], maps.shape[3], axis=3)),
    "F72": read_with(w=lambda layer: np.broadcast_to(layer.w.sum(axis=3, keepdims=True), layer.w.shape)),
    "F75": read_with(w=_filter_first),
    "F89": summed_as(_output_stepped_through),
    "F94a": _biased_while_filled,
    "F98": read_with(x=_channels_first),
    "F94b": read_with(b=lambda layer: len(layer.x) * layer.b),
    # No case gives biases of 0.
    "F95": read_with(activation=lambda layer: layer.activation if layer.b.any() else None),
}

_GRAY = {mistake.id: mistake for mistake in CONV2D_GRAY}
_FRAMES_OF_GRAY = ("F42", "F43b", "F43c", "F51b", "F52", "F54", "F56", "F93")
_AS_FOR_GRAY = {id_: framed_with(FRAMES[id_]) for id_ in _FRAMES_OF_GRAY} | {
    "F58": padded_as(lambda layer: pad2d(layer.x, (layer.pads[0], layer.pads[0]))),
    "F59": framed_with(lambda n, k, stride: (1, 1)),
}
OF_GRAY = tuple(with_function(_GRAY[id_], LAYER.wrong(fault)) for id_, fault in _AS_FOR_GRAY.items())

OF_LAYERS = with_words(
    {id_: LAYER.wrong(fault) for id_, fault in OF_A_LAYER.items()} | {"M43": _written_into_the_images},
    """
M7b | last fitting window missing | notebook 01, How many windows fit?
You dropped the last window where it ends exactly at the edge. It lies inside and counts: the last start is n - k, so
`range` should stop at n - k + 1.

M9 | strides not used in index | notebook 05, Strides and padding, as before
Your output has the right shape, but neighbouring windows start one pixel apart. Window (i, j) starts at row
`i * stride_height` and column `j * stride_width`.

M10a | width moves by one pixel | notebook 05, Strides and padding, as before
You used the stride for the rows, but moved by one pixel along the width. Both axes have a stride.

M10b | height moves by one pixel | notebook 05, Strides and padding, as before
You used the stride for the columns, but moved by one pixel down the height. Both axes have a stride.

M11 | strides swapped | notebook 05, Strides and padding, as before
You swapped the two strides. The order is (height, width), like the axes of the array.

M12 | first window too late | notebook 05, Strides and padding, as before
Your first window starts at stride - 1. Start at the first pixel; only the next one is a stride away.

M13 | size rounded up | notebook 05, Strides and padding, as before
You rounded the number of windows up. Under "valid" it is rounded down, (n - k) // stride + 1: a window that hangs over
the edge is left out.

M16a | half the kernel each side | notebook 05, Strides and padding, as before | convention
PyTorch layers are often given k // 2 of padding on both sides. Here, as in Keras, the stride counts, too: the total is
max((ceil(n / stride) - 1) * stride + k - n, 0), and an odd one puts the extra row or column last.

M16b | even kernel one short | notebook 05, Strides and padding, as before | convention
Some courses pad (k - 1) // 2 on both sides, which is enough for odd kernels and a stride of 1. Here, as in Keras, the
total is max((ceil(n / stride) - 1) * stride + k - n, 0), and an odd one is not cut off.

M17 | extra row at the top | notebook 05, Strides and padding, as before | convention
Some courses put the odd row or column of padding first, at the top or left. Here, as in Keras, it comes last: before =
total // 2, after = the rest.

M18 | stride forgotten in the padding | notebook 05, Strides and padding, as before
You padded as for stride 1, or took every second number of that result. How much "same" adds depends on the stride:
max((ceil(n / stride) - 1) * stride + k - n, 0).

M20a | padded to keep the size | notebook 05, Strides and padding, as before | convention
Some courses pad until the output has the size of the image, at any stride. Here, as in Keras, "same" gives ceil(n /
stride) rows and columns, and the padding follows from that.

M20b | strides ignored under same | notebook 05, Strides and padding, as before
You kept the size of the image under "same". The stride counts there, too: the output has ceil(n / stride) rows and
columns.

M21 | padded by one too many | notebook 05, Strides and padding, as before
You padded until the output had at least the size of the image, and then one more. With "same" the output has ceil(n /
stride) rows and columns.

M22 | padding of the axes swapped | notebook 05, Strides and padding, as before
You padded the height by what the width needs, and the width by what the height needs. Work out the padding of each axis
from its own size, kernel and stride.

M23 | every axis padded | notebook 05, Strides and padding, as before
You padded all four axes, so that there are more images and more channels than before. Only height and width may be
padded: the other two get (0, 0).

M24a | edge pixels repeated | notebook 05, Strides and padding, as before
You repeated the edge pixels outside the image. Under "same" a convolution puts zeros there.

M24b | image mirrored at the edge | notebook 05, Strides and padding, as before
You mirrored the image at its edge. Under "same" a convolution puts zeros outside.

M24c | image goes on around | notebook 05, Strides and padding, as before
You took the pixels beyond an edge from the opposite side of the image. Under "same" a convolution puts zeros there.

M24d | negative indices reach round | notebook 05, Strides and padding, as before
You read pixels above and left of the image at negative indices, which count from the other end. Those pixels are zeros:
check `0 <= row < height`, and the same for columns, or pad first.

M25 | result padded, not image | notebook 05, Strides and padding, as before
You convolved first and put zeros around the result. Pad the image, so that the windows at its edge are there to be
summed.

M26 | cut from the unpadded image | notebook 05, Strides and padding, as before
You padded the image, but cut the windows from the one without padding, where they come out short. Cut them from the
padded array instead of `x`.

M29 | channels not added up | notebook 05, Many filters, many maps
You kept one map for each filter and channel. A filter makes one map: add up its products over all channels.

M32 | channels and filters swapped | notebook 05, Many filters, many maps
You took the third axis of `w` for the filters and the last for the channels. The order is (i, j, c, o): filter o is
`w[:, :, :, o]`.

M37b | first bias for all filters | notebook 05, One bias for each filter, added once
You added the first bias to every map. Each filter has its own bias: `b[o]`.

M38a | activation before the bias | notebook 05, The activation comes last
You applied the activation before the bias. It comes last: activation(sum + bias).

M38b | activation of each product | notebook 05, The activation comes last
You applied the activation to each product. It comes last, once for each window: activation(sum + bias).

M39b | total runs on over filters | notebook 05, Many filters, many maps
You carried the total of one filter into the next. Each filter starts from 0 at each window: set the total inside the
loop over filters.

M40a | last filter everywhere | notebook 05, Many filters, many maps
You wrote the result of the last filter into every map. Store each at its own place: `[n, i, j, o]`.

M40b | first image for all | notebook 05, A batch of images
You gave every image the maps of the first one. Index with n, so that each image is filtered from its own pixels.

M43 | images changed | notebook 01, Leave the input alone
Your numbers are right, but the images you were given have changed. Write the results into a new array.

M44 | window as long as stride | notebook 05, Strides and padding, as before
You ended each window at start + stride, so that it is as long as the stride. It has the size of the kernel, and ends at
start + kernel size.

M45 | stride added, not multiplied | notebook 05, Strides and padding, as before
You added the stride to the index, so that neighbouring windows start one pixel apart. Multiply: window (i, j) starts at
row `i * stride_height` and column `j * stride_width`.

M46 | stride used twice | notebook 05, Strides and padding, as before
Your loops run over the output in steps, and each start is multiplied by the stride as well: cells in between stay 0.
Let the loops run over every cell of the output.

M47 | stored at the image's pixel | notebook 05, Strides and padding, as before
You stored each sum where its window starts in the image. Sums lie side by side: the window that starts at row
`i * stride_height` belongs to row i of the map.

M49 | image not chosen | notebook 05, A batch of images
You cut each window out of all images at once, so that the sums of all images are added. Choose one: `x[n, ...]`.

"""
    + shown.GUARDED.format(place="notebook 01, Multiply cell by cell, then add").strip()
    + """

F2c | returns after the first filter | notebook 05, Many filters, many maps
You returned after the first filter: the `return` is inside the loop over filters. Move it below all loops.

F2d | returns after the first image | notebook 05, A batch of images
You returned after the first image: the `return` is inside the loop over images. Move it below all loops.

F17 | strides not read | notebook 05, Strides and padding, as before
You moved by one pixel whatever the strides are. Window (i, j) starts at row `i * stride_height` and column
`j * stride_width`.

F18a | height stride for both | notebook 05, Strides and padding, as before
You used the stride of the height for the width as well. Strides are a pair: rows move by the first, columns by the
second.

F18b | width stride for both | notebook 05, Strides and padding, as before
You used the stride of the width for the height as well. Strides are a pair: rows move by the first, columns by the
second.

F19 | padding not read | notebook 05, Strides and padding, as before
You did not pad although "same" was asked for. Compare with `padding == "same"`, in lower case; the output then has
ceil(n / stride) rows and columns.

F20 | only the first image | notebook 05, A batch of images
You returned the first image only. The first axis is the batch: the output has as many images as the input.

F21 | channels first | notebook 05, Channels last, channels first | convention
PyTorch has the channels first, (n, c, height, width), in what goes in and in what comes out. Here, as in Keras, they
are last: x is (n, height, width, c), and the maps are (n, y, x, o).

F60 | padding rounded up twice | notebook 05, Strides and padding, as before
You rounded half of the padding up on both sides, which is one too many for an odd total. Before = total // 2, after =
total - before.

F61 | padding rounded down twice | notebook 05, Strides and padding, as before
You rounded half of the padding down on both sides, which is one short for an odd total. Before = total // 2, after =
total - before.

F62 | padding plus one | notebook 05, Strides and padding, as before
You padded total // 2 + 1 on both sides, which is too much. Before = total // 2, after = total - before.

F63 | all padding at the end | notebook 05, Strides and padding, as before
You put all of the padding at the bottom and right. Half of it comes before the image: before = total // 2, after = the
rest.

F64 | stride not in output size | notebook 05, Strides and padding, as before
Your maps are as large as for stride 1, and what lies beyond the last window stays 0. The size depends on the stride: (n
- k) // stride + 1.

F65 | filters put first | notebook 05, Channels last, channels first | convention
PyTorch puts the filters before rows and columns. Here, as in Keras, they are the channels of the output and come last:
(n, y, x, o).

F66 | maps of filters added | notebook 05, Many filters, many maps
You added up the maps of all filters. Channels of the input are summed; each filter keeps its own map.

F67 | activation not read | notebook 05, The activation comes last
You did not apply the activation. With `activation="relu"` every number below 0 becomes 0, after the bias.

F68 | activation without being asked | notebook 05, The activation comes last
You set negative numbers to 0 although no activation was asked for. Do it for `activation="relu"` only.

F69 | first filter everywhere | notebook 05, Many filters, many maps
You used the first filter for every map. Filter o is `w[:, :, :, o]`, and its map is `[..., o]` of the output.

F72 | filter not chosen | notebook 05, Many filters, many maps
You multiplied each window by all filters at once, so that every map is the sum of all. Filter o is `w[:, :, :, o]`.

F75 | filters cut up filter first | notebook 05, Many filters, many maps
You cut up `w` with `reshape(o, -1)`, which mixes the filters: their axis is the last of (i, j, c, o). Filter o is
`w[:, :, :, o]`, and `w.reshape(-1, o)` puts each filter into a column.

F89 | output stepped through, too | notebook 05, Strides and padding, as before
Your loops run over the output in steps, and what lies between stays 0. Fill every cell of the output; only the window
in the image moves by the stride.

F94a | bias added while filling | notebook 05, One bias for each filter, added once
You added the biases to all maps inside the loop over images, so that earlier images get them more often. Add `b` once,
after all loops, or to the maps of one image: `out[n] += b`.

F98 | images read channels first | notebook 05, Channels last, channels first | convention
PyTorch has the channels of images first: (n, c, height, width). Here, as in Keras, they are last, where you have put
those of the maps: x is (n, height, width, c).

F94b | bias for each image | notebook 05, One bias for each filter, added once
You added the bias once for each image of the batch. Every map gets the bias of its filter once, however many images
there are.

F95 | activates only with a bias | notebook 05, The activation comes last
You applied the activation only where there is a bias. The two do not depend on each other: let `if activation ==
"relu"` stand below the bias, not inside its `if`.
""",
)

CONV2D = of_filters(LAYER) + OF_LAYERS + OF_GRAY


def _counted(count: Callable[[int, int, int, int, bool], int]) -> Function:
    def wrong(kh: int, kw: int, c_in: int, filters: int, use_bias: bool = True) -> int:
        return count(kh, kw, c_in, filters, use_bias)

    return wrong


COUNTS: dict[str, Callable[[int, int, int, int, bool], int]] = {
    "C1a": lambda kh, kw, c_in, filters, use_bias: kh * kw * c_in * filters,
    "C1b": lambda kh, kw, c_in, filters, use_bias: (kh * kw + use_bias) * filters,
    "C1c": lambda kh, kw, c_in, filters, use_bias: kh * kw * c_in + use_bias,
    "C1d": lambda kh, kw, c_in, filters, use_bias: (kh * kw + use_bias) * c_in * filters,
    "C1e": lambda kh, kw, c_in, filters, use_bias: kh * kw * c_in * filters + use_bias,
    "C1f": lambda kh, kw, c_in, filters, use_bias: (kh * kw * filters + use_bias) * c_in,
    "C1g": lambda kh, kw, c_in, filters, use_bias: (kh * kw * c_in + 1) * filters,
    "C1h": lambda kh, kw, c_in, filters, use_bias: (kh * kw * c_in + (not use_bias)) * filters,
    "C1i": lambda kh, kw, c_in, filters, use_bias: (kh + kw + c_in + use_bias) * filters,
    "C1j": lambda kh, kw, c_in, filters, use_bias: kh * kw * (c_in + use_bias) * filters,
    "M15": lambda kh, kw, c_in, filters, use_bias: (kh * kh * c_in + use_bias) * filters,
    "F1": lambda kh, kw, c_in, filters, use_bias: 0,
}

COUNT_PARAMS = with_words(
    {id_: _counted(fault) for id_, fault in COUNTS.items()},
    """
C1a | biases forgotten | notebook 05, Count the parameters
You left out the biases. With `use_bias` there is one more number for each filter.

C1b | input channels forgotten | notebook 05, Count the parameters
You left out the channels of the input. A filter has a slice of kh x kw weights for each of them.

C1c | filters forgotten | notebook 05, Count the parameters
You counted one filter. A layer has `filters` of them, each with its own weights.

C1d | bias for every slice | notebook 05, Count the parameters
You counted a bias for every slice of a filter. A filter has one bias, however many channels it spans.

C1e | one bias for all | notebook 05, Count the parameters
You counted a single bias for the whole layer. Each filter has its own.

C1f | one bias a channel | notebook 05, Count the parameters
You counted a bias for each channel of the input. There is one for each filter, that is for each channel of the output.

C1g | use_bias not read | notebook 05, Count the parameters
You counted the biases although `use_bias=False` was given. Then there are weights only.

C1h | use_bias the wrong way | notebook 05, Count the parameters
You counted the biases where there are none, and left them out where there are some. `use_bias=True` means that they
count.

C1i | sizes added, not multiplied | notebook 05, Count the parameters
You added the sides of a filter. It is a block of kh x kw x c_in weights: multiply them.

C1j | bias counted as a slice | notebook 05, Count the parameters
You counted the bias as one more channel, so that each filter has kh x kw of them. A filter has one bias: add it after
the weights are multiplied.

M15 | works for square kernels only | notebook 05, Count the parameters
You used the kernel's height for its width as well. A kernel has kh x kw cells.

F1 | starter not filled in | notebook 05, Count the parameters
You returned 0 whatever the layer is. Count the weights of a filter, add its bias, and multiply by the filters.
""",
)
