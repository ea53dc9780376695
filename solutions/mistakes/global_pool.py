"""Known mistakes of pooling each channel of a batch, shape (n, height, width, c), to one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from solutions.faults.around import Around, Function, read_with, returned_as, returned_with
from solutions.faults.storing import in_bytes, in_type_of
from solutions.mistakes import Mistake, with_words
from solutions.reference.pool import global_avg_pool, global_max_pool
from solutions.reference.shapes import FloatArray, float_arrays


def _global(values: Callable[[FloatArray], FloatArray]) -> Function:
    """Reduce to `values`, shape (n, c), and keep the axes if asked."""

    def wrong(x: ArrayLike, keepdims: bool = False) -> FloatArray:
        maps = values(float_arrays(x)[0])
        return maps[:, None, None] if keepdims else maps

    return wrong


def _axes_kept_at_the_end(pool: Function) -> Function:
    return lambda x, keepdims=False: pool(x, False)[:, :, None, None] if keepdims else pool(x, False)


def _globally_added_in_type_of_x(x: ArrayLike, keepdims: bool = False) -> Any:
    (images,) = float_arrays(x)
    totals = images.sum(axis=(1, 2), keepdims=keepdims)
    return in_type_of(x, totals) / images[0, :, :, 0].size


def _pixels_sorted_in_place(x: ArrayLike, keepdims: bool = False) -> FloatArray:
    images = np.asarray(x)
    largest = global_max_pool(images, keepdims)
    images.sort(axis=1)
    return largest


def _total_kept_in_place(x: ArrayLike, keepdims: bool = False) -> FloatArray:
    images = np.asarray(x)
    means = global_avg_pool(images, keepdims)
    images[:, 0, 0] = images.sum(axis=(1, 2))
    return means


OF_BOTH = """
M28 | only channel 0 | notebook 06, Global pooling
You pooled channel 0 only. Every channel gets its own number: the shape is (n, channels).

M33 | reshape mixes the channels | notebook 06, Global pooling
You moved the channels with `reshape`, which only changes the shape and keeps the numbers in order, so that channels
mix. Reduce over axes 1 and 2, or move axes with `transpose`.

M40 | first image for all | notebook 06, Global pooling
You gave every image the result of the first one. Each image is pooled from its own pixels.

M41 | numbers wrap at 256 | notebook 01, Numbers with a fraction
You stored the result as `uint8`, where -1 becomes 255 and fractions are lost. Return floats.

M42 | fractions cut off | notebook 01, Numbers with a fraction
You turned the result into whole numbers, and the fractions are gone. Return floats.

P2 | channels pooled, too | notebook 06, Global pooling
You pooled over the channels, too: one number is left for each image. Each channel is pooled alone: the shape is (n,
channels).

P9a | first pixel | notebook 06, Global pooling
You kept the first pixel of each channel. Global pooling looks at all pixels of a channel.

P9b | last pixel | notebook 06, Global pooling
You kept the last pixel of each channel. Global pooling looks at all pixels of a channel.

P2b | channel not chosen | notebook 06, Global pooling
You pooled all channels at once, and gave each the result. Every channel gets its own number: `x[n, :, :, c]`.

M49 | image not chosen | notebook 06, Global pooling
You pooled all images at once, and gave each the result. Every image gets its own numbers: `x[n, :, :, c]`.

P12 | channels first | notebook 06, Global pooling | convention
PyTorch has the channels first, before height and width, and reduces axes 2 and 3. Here, as in Keras, the shape is (n,
height, width, channels): height and width are axes 1 and 2.

F1 | starter not filled in | notebook 06, Global pooling
You returned an output of the right shape that holds only zeros. Each channel should get its own number.

F3a | only the height reduced | notebook 06, Global pooling
You reduced the height and left the width. Global pooling reduces both: `axis=(1, 2)`.

F3b | only the width reduced | notebook 06, Global pooling
You reduced the width and left the height. Global pooling reduces both: `axis=(1, 2)`.

F20 | only the first image | notebook 06, Global pooling
You returned the first image only. The first axis is the batch: the output has one row for each image.

F22 | batch pooled, too | notebook 06, Global pooling
You pooled over the images of the batch, too. Each image keeps its own numbers: the shape is (n, channels).

F23 | keepdims not read | notebook 06, Global pooling
You returned (n, channels) although `keepdims=True` was asked for. Then height and width stay as axes of size 1: (n, 1,
1, channels).

F24 | axes always kept | notebook 06, Global pooling
You kept height and width as axes of size 1. Without `keepdims=True` they go, and the shape is (n, channels).

F25 | kept axes at the end | notebook 06, Global pooling
You put the kept axes at the end. Each stays in its place: the shape is (n, 1, 1, channels).
"""


def _of_both(pool: Function, over: Function) -> tuple[Mistake, ...]:
    """Mistakes that both global functions share."""
    return with_words(
        {
            "M28": returned_as(pool, lambda maps: maps[..., :1]),
            "M33": _global(lambda x: over(x.reshape(len(x), x.shape[3], -1), axis=2)),
            "M40": returned_as(pool, lambda maps: np.repeat(maps[:1], len(maps), axis=0)),
            "M41": returned_as(pool, in_bytes),
            "M42": returned_as(pool, lambda maps: maps.astype(int)),
            "P2": lambda x, keepdims=False: over(x, axis=(1, 2, 3), keepdims=keepdims),
            "P9a": _global(lambda x: x[:, 0, 0]),
            "P9b": _global(lambda x: x[:, -1, -1]),
            "P2b": returned_as(
                pool, lambda maps: np.broadcast_to(over(maps, axis=-1, keepdims=True), maps.shape).copy()
            ),
            "M49": returned_as(
                pool, lambda maps: np.broadcast_to(over(maps, axis=0, keepdims=True), maps.shape).copy()
            ),
            "P12": lambda x, keepdims=False: over(x, axis=(2, 3), keepdims=keepdims),
            "F1": returned_as(pool, np.zeros_like),
            "F3a": lambda x, keepdims=False: over(x, axis=1, keepdims=keepdims),
            "F3b": lambda x, keepdims=False: over(x, axis=2, keepdims=keepdims),
            "F20": returned_as(pool, lambda maps: maps[:1]),
            "F22": lambda x, keepdims=False: over(x, axis=(0, 1, 2), keepdims=keepdims),
            "F23": read_with(pool, lambda x, keepdims=False: (x, False)),
            "F24": read_with(pool, lambda x, keepdims=False: (x, True)),
            "F25": Around(pool, _axes_kept_at_the_end),
        },
        OF_BOTH,
    )


GLOBAL_MAX_POOL = _of_both(global_max_pool, np.max) + with_words(
    {
        "M39": returned_as(global_max_pool, lambda maps: np.maximum.accumulate(maps.ravel()).reshape(maps.shape)),
        "M43": _pixels_sorted_in_place,
        "P4": returned_as(global_max_pool, lambda maps: np.maximum(maps, 0)),
        "P11a": lambda x, keepdims=False: global_avg_pool(x, keepdims),
        "P11c": _global(lambda x: x.min(axis=(1, 2))),
        "P11d": _global(lambda x: np.median(x, axis=(1, 2))),
        "P11e": _global(lambda x: x.reshape(len(x), -1, x.shape[3]).argmax(axis=1).astype(x.dtype)),
        "P11b": read_with(global_max_pool, lambda x, keepdims=False: (np.abs(x), keepdims)),
    },
    """
M39 | maximum never reset | notebook 06, Global pooling
You carried the maximum of one channel into the next. Each channel of each image starts over: set the maximum inside the
inner loop.

M43 | images changed | notebook 01, Leave the input alone
Your numbers are right, but the images you were given have changed. `x.sort()` sorts them where they are; `np.sort(x)`
makes a copy.

P4 | maximum starts at 0 | notebook 06, Global pooling
You started the maximum at 0, so that a channel of negative pixels gives 0. Start at -inf, or at the first pixel.

P11a | mean instead of maximum | notebook 06, Global pooling
You took the mean of each channel. Global max pooling keeps its largest pixel.

P11c | smallest instead of largest | notebook 06, Global pooling
You took the smallest pixel of each channel. Global max pooling keeps its largest pixel.

P11d | median instead of maximum | notebook 06, Global pooling
You took the median of each channel. Global max pooling keeps its largest pixel.

P11e | place of the maximum | notebook 06, Global pooling
You returned where the largest pixel of each channel is, as `argmax` does. Global max pooling keeps the pixel itself.

P11b | sign lost | notebook 06, Global pooling
You compared the pixels without their sign. The largest of -5 and 2 is 2: no `abs`.
""",
)

GLOBAL_AVG_POOL = _of_both(global_avg_pool, np.mean) + with_words(
    {
        "M39": returned_as(global_avg_pool, lambda maps: maps.cumsum().reshape(maps.shape)),
        "M41b": _globally_added_in_type_of_x,
        "M42a": returned_with(global_avg_pool, lambda maps, x, keepdims=False: in_type_of(x, maps)),
        "M43": _total_kept_in_place,
        "P6": returned_as(global_avg_pool, np.floor),
        "P7a": _global(lambda x: x.sum(axis=(1, 2))),
        "P7b": _global(lambda x: x.sum(axis=(1, 2)) / 4),
        "P7c": _global(lambda x: x.sum(axis=(1, 2)) / x.shape[1] ** 2),
        "P11": lambda x, keepdims=False: global_max_pool(x, keepdims),
        "P11d": _global(lambda x: np.median(x, axis=(1, 2))),
    },
    """
M39 | total never reset | notebook 06, Global pooling
You carried the total of one channel into the next. Each channel of each image starts from 0: set the total inside the
inner loop.

M41b | bytes added as bytes | notebook 01, Numbers with a fraction
You added bytes, which wrap around at 256. Convert the pixels to floats before you add: `np.asarray(x, dtype=float)`.

M42a | output of the image's type | notebook 01, Numbers with a fraction
You gave the output the type of the input, and whole numbers have no room for a fraction. Return floats.

M43 | images changed | notebook 01, Leave the input alone
Your numbers are right, but the images you were given have changed. Add up in a new array, not in `x`.

P6 | division without fraction | notebook 06, Global pooling
You divided with `//`, which rounds down. A mean has a fraction: divide with `/`.

P7a | sum instead of mean | notebook 06, Global pooling
You added up each channel and did not divide. The mean is the sum divided by the number of pixels, height times width.

P7b | always divided by 4 | notebook 06, Global pooling
You divided every sum by 4, which is right for four pixels only. Divide by the number of pixels, height times width.

P7c | divided by height squared | notebook 06, Global pooling
You divided by the height squared. A channel has height times width pixels.

P11 | maximum instead of mean | notebook 06, Global pooling
You kept the largest pixel of each channel. Global average pooling takes the mean of all its pixels.

P11d | median instead of mean | notebook 06, Global pooling
You took the median of each channel. Global average pooling takes the mean of all its pixels.
""",
)
