"""The six bugs of the clinic in notebook 08, and the repairs that fix only half of them.

The bug itself is the first thing that a student's check sees: its words lead there, and do not name it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from solutions.asked.clinic import average_same, correlate, correlate_channels, correlate_strided, pool_channels
from solutions.mistakes import with_words
from solutions.reference.shapes import FloatArray, Pair, float_arrays

Function = Callable[..., Any]
Place = Callable[[int, Pair], int]  # row (or column) of the output, strides (down, right) -> where its window starts


def _kernel(change: Callable[[ArrayLike], ArrayLike]) -> Function:
    """Correlate rightly with a changed kernel."""
    return lambda image, kernel: correlate(image, change(kernel))


CORRELATE = with_words(
    {
        "M1": _kernel(np.flip),
        "M2a": _kernel(np.fliplr),
        "M2b": _kernel(np.flipud),
        "M3": _kernel(np.transpose),
    },
    """
M1 | kernel flipped both ways | notebook 08, Patient 1
Nothing is fixed yet. Look at the order in which weights meet pixels: the top-left weight should meet the top-left
pixel.

M2a | still mirrored left to right | notebook 08, Patient 1
The rows of the kernel are in order now, but its columns still run backwards. Undo both.

M2b | still mirrored top to bottom | notebook 08, Patient 1
The columns of the kernel are in order now, but its rows still run backwards. Undo both.

M3 | kernel transposed | notebook 08, Patient 1
You swapped the rows and columns of the kernel. It was turned, not transposed: lay it on as it is.
""",
)


def _padded(before: Callable[[int, int], int]) -> Function:
    """Pad axis 0 or 1 for a kernel of k cells with `before(axis, k)` of k - 1 zeros first, then correlate."""

    def wrong(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
        first = [before(axis, k) for axis, k in enumerate(np.shape(kernel))]
        pads = [(one, k - 1 - one) for one, k in zip(first, np.shape(kernel), strict=True)]
        return correlate(np.pad(image, pads), kernel)

    return wrong


def _half_all_round(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
    return correlate(np.pad(image, [(k // 2, k // 2) for k in np.shape(kernel)]), kernel)


CORRELATE_SAME = with_words(
    {
        "M16": _half_all_round,
        "M17": _padded(lambda axis, k: k // 2),
        "M17a": _padded(lambda axis, k: (k - 1) // 2 if axis == 1 else k // 2),
        "M17b": _padded(lambda axis, k: (k - 1) // 2 if axis == 0 else k // 2),
        "F92": _padded(lambda axis, k: 0),
    },
    """
M16 | half the kernel each side | notebook 08, Patient 2
There is k // 2 of padding on both sides now, and an even kernel makes the output one too large. The total is k - 1, and
the odd one comes last.

M17 | extra row at the top | notebook 08, Patient 2
Nothing is fixed yet. Work out by hand how much padding comes before a kernel of 2: of an odd total, the extra one
should come last.

M17a | extra row still at top | notebook 08, Patient 2
The columns are right now, but the odd row of padding is still at the top. It belongs at the bottom.

M17b | extra column still at left | notebook 08, Patient 2
The rows are right now, but the odd column of padding is still at the left. It belongs at the right.

F92 | all padding at the end | notebook 08, Patient 2
All of the padding is at the bottom and at the right now. Only the odd row and column go there: (k - 1) // 2 comes
before.
""",
)


def _started(down: Place, right: Place) -> Function:
    """Make an output of the right shape whose windows start at wrong rows or columns of the image."""

    def wrong(image: ArrayLike, kernel: ArrayLike, strides: Pair) -> FloatArray:
        pixels, weights = float_arrays(image, kernel)
        out = np.zeros_like(correlate_strided(image, kernel, strides))
        for i, j in np.ndindex(*out.shape):
            row, column = down(i, strides), right(j, strides)
            # Beyond the edge the slice comes out short: NumPy stretches a single row or column, and refuses others.
            out[i, j] = (pixels[row : row + weights.shape[0], column : column + weights.shape[1]] * weights).sum()
        return out

    return wrong


def _output_stepped_through(image: ArrayLike, kernel: ArrayLike, strides: Pair) -> FloatArray:
    out = np.zeros_like(correlate_strided(image, kernel, strides))
    places = np.s_[:: strides[0], :: strides[1]]
    out[places] = correlate(image, kernel)[: out.shape[0], : out.shape[1]][places]
    return out


CORRELATE_STRIDED = with_words(
    {
        "M9": _started(lambda i, strides: i, lambda j, strides: j),
        "M10a": _started(lambda i, strides: i * strides[0], lambda j, strides: j),
        "M10b": _started(lambda i, strides: i, lambda j, strides: j * strides[1]),
        "M11": _started(lambda i, strides: i * strides[1], lambda j, strides: j * strides[0]),
        "M12": _started(lambda i, strides: (i + 1) * strides[0] - 1, lambda j, strides: (j + 1) * strides[1] - 1),
        "F18": _started(lambda i, strides: i * strides[0], lambda j, strides: j * strides[0]),
        "F89": _output_stepped_through,
    },
    """
M9 | strides not used in index | notebook 08, Patient 3
Nothing is fixed yet. Ask where in the image the window for `out[1, 1]` starts, and where it should start.

M10a | width moves by one pixel | notebook 08, Patient 3
The rows are right now, but along the width windows still start one pixel apart. Window (i, j) starts at column `j *
right`.

M10b | height moves by one pixel | notebook 08, Patient 3
The columns are right now, but down the image windows still start one pixel apart. Window (i, j) starts at row `i *
down`.

M11 | strides swapped | notebook 08, Patient 3
The two strides are swapped. Rows go down, so `i` belongs to `down`, and `j` to `right`.

M12 | first window too late | notebook 08, Patient 3
The first window starts at stride - 1. It starts at the first pixel, and only the next one is a stride away.

F18 | one stride for both | notebook 08, Patient 3
The stride of the rows serves for the columns as well. `j` belongs to `right`.

F89 | output stepped through, too | notebook 08, Patient 3
The loops run over the output in steps, and what lies between stays 0. Fill every cell of the output; only the window in
the image moves by the stride.
""",
)


def _biased(change: Callable[..., Any]) -> Function:
    """Correlate without a bias, then add what `change` makes of image, kernel and bias."""

    def wrong(image: ArrayLike, kernel: ArrayLike, bias: float) -> FloatArray:
        maps: FloatArray = correlate_channels(image, kernel, 0) + change(*float_arrays(image, kernel), bias)
        return maps

    return wrong


def _pixels_added(image: FloatArray, kernel: FloatArray, bias: float) -> FloatArray:
    """The sum of every window times the bias: what is too much where the bias joins the weights."""
    return correlate_channels(image, np.ones_like(kernel), 0) * bias


CORRELATE_CHANNELS = with_words(
    {
        "M35": _biased(lambda image, kernel, bias: kernel.size * bias),
        "M36": _biased(lambda image, kernel, bias: kernel.shape[2] * bias),
        "M37": _biased(lambda image, kernel, bias: 0),
        "F90": _biased(_pixels_added),
    },
    """
M35 | bias inside the sum | notebook 08, Patient 4
Nothing is fixed yet. Count how often the bias goes into one number of the output: it should go in once.

M36 | bias for each channel | notebook 08, Patient 4
The bias counts once for each channel now. A filter has one bias: add it once, after the sum over all channels.

M37 | bias forgotten | notebook 08, Patient 4
The bias is gone altogether. Add it once, after the sum.

F90 | bias added to the weights | notebook 08, Patient 4
The bias joins the weights and is multiplied by the pixels. Add it once, after the sum.
""",
)


def _blocks(largest: Callable[[FloatArray], Any]) -> Function:
    """Fill an output of the right shape block by block with what NumPy makes of `largest`."""

    def wrong(image: ArrayLike, size: int) -> FloatArray:
        (pixels,) = float_arrays(image)
        out = np.zeros_like(pool_channels(image, size))
        for i, j in np.ndindex(*out.shape[:2]):
            out[i, j] = largest(pixels[i * size : (i + 1) * size, j * size : (j + 1) * size])
        return out

    return wrong


POOL_CHANNELS = with_words(
    {
        "M28": _blocks(lambda block: block[..., 0].max()),
        "P2a": lambda image, size: pool_channels(image, size).max(axis=2, keepdims=True),
        "P2b": _blocks(np.max),
        "P9": _blocks(lambda block: block[0, 0]),
        "P12": _blocks(lambda block: block.max(axis=(1, 2))),
    },
    """
M28 | channel 0 for all | notebook 08, Patient 5
Every channel gets the largest value of channel 0. Each channel is pooled alone.

P2a | channels pooled into one | notebook 08, Patient 5
One channel is left. Pooling keeps the channels: there are as many after it as before.

P2b | channels mixed | notebook 08, Patient 5
Nothing is fixed yet. Ask which numbers of a block are compared with each other: each channel is pooled alone.

P9 | first pixel of each block | notebook 08, Patient 5
The channels are apart now, but only the first pixel of each block is looked at. Take the largest of all its pixels.

P12 | wrong axes | notebook 08, Patient 5
You reduced axes 1 and 2, as for a batch. There is no batch here: rows and columns of the block are axes 0 and 1.
""",
)


def _divided(cells: Callable[[Any, FloatArray, Pair], Any], mode: Any = "constant") -> Function:
    """Add up padded blocks and divide by wrong counts: of the padded block, the cells inside, and how they lie."""

    def wrong(image: ArrayLike, size: int) -> FloatArray:
        (pixels,) = float_arrays(image)
        rows, columns = average_same(image, size).shape
        missing = [count * size - n for count, n in zip((rows, columns), pixels.shape, strict=True)]
        pads = [(total // 2, total - total // 2) for total in missing]
        padded, inside = np.pad(pixels, pads, mode=mode), np.pad(np.ones_like(pixels), pads)
        out = np.zeros((rows, columns), pixels.dtype)
        for i, j in np.ndindex(rows, columns):
            block = np.s_[i * size : (i + 1) * size, j * size : (j + 1) * size]
            real = int(inside[block].any(axis=1).sum()), int(inside[block].any(axis=0).sum())
            with np.errstate(all="ignore"):
                out[i, j] = padded[block].sum() / cells(size, padded[block], real)
        return out

    return wrong


AVERAGE_SAME = with_words(
    {
        "M24": _divided(lambda size, block, real: size**2, mode="edge"),
        "P5": _divided(lambda size, block, real: size**2),
        "P5a": _divided(lambda size, block, real: real[0] * size),
        "P5b": _divided(lambda size, block, real: size * real[1]),
        "F91": _divided(lambda size, block, real: np.count_nonzero(block)),
    },
    """
M24 | edge pixels repeated | notebook 08, Patient 6
The frame repeats the pixels at the edge now, so that they count more than once. The frame is not there: a mean takes
only the pixels that exist.

P5 | padding counted | notebook 08, Patient 6
Nothing is fixed yet. Count the pixels that a block at the border really has: only these may count for its mean.

P5a | width still counted in full | notebook 08, Patient 6
The rows outside the image no longer count, but the columns outside still do. Leave out both.

P5b | height still counted in full | notebook 08, Patient 6
The columns outside the image no longer count, but the rows outside still do. Leave out both.

F91 | zero pixels not counted | notebook 08, Patient 6
The pixels that are not 0 are counted. The image may contain zeros, and they count: ask where a cell lies, not what it
holds.
""",
)
