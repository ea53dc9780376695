"""Known mistakes of the bonus notebook: gradients, and a convolution with dilation and groups.

Those of its fast convolution are those of `conv2d_einsum`, in `from_loops_to_einsum`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from solutions.asked.bonus import conv2d_general
from solutions.faults.around import Function, returned_as, returned_with
from solutions.mistakes import with_words
from solutions.reference import gradients
from solutions.reference.shapes import (
    FloatArray,
    Padding,
    Pair,
    Size,
    float_arrays,
    pad2d,
    pair,
    same_padding,
    same_pads,
)

Place = tuple[slice, slice]
Share = Callable[[FloatArray, FloatArray, int], Any]  # cells, their window's dy, size of a window -> their parts
Gradients = tuple[FloatArray, FloatArray, FloatArray]


# --- convolution --------------------------------------------------------------------------------------------------


def _right(
    dy: ArrayLike, x: ArrayLike, w: ArrayLike, strides: Size = 1, padding: Padding = "valid"
) -> tuple[FloatArray, FloatArray, FloatArray]:
    return gradients.conv2d_backward(dy, x, w, strides=strides, padding=padding)


def _unchanged(strides: Pair) -> Pair:
    return strides


def _by_windows(step: Callable[[Pair], Pair] = _unchanged, *, overwrite: bool = False) -> Function:
    """Differentiate window by window, with other steps between them, or without adding up where they overlap."""

    def wrong(
        dy: ArrayLike, x: ArrayLike, w: ArrayLike, strides: Size = 1, padding: Padding = "valid"
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        passed, images, filters = float_arrays(dy, x, w)
        steps, size = pair("strides", strides), (filters.shape[0], filters.shape[1])
        pads = same_pads(images.shape[1:3], size, steps) if padding == "same" else ((0, 0), (0, 0))
        padded = pad2d(images, pads)
        dx, dw = np.zeros_like(padded), np.zeros_like(filters)
        for at, window in _windows(passed.shape[1:3], size, step(steps)):
            part = np.einsum("no,ijco->nijc", passed[:, *at], filters)
            dx[:, *window] = part if overwrite else dx[:, *window] + part
            dw += np.einsum("nijc,no->ijco", padded[:, *window], passed[:, *at])
        (top, bottom), (left, right) = pads
        return dx[:, top : len(dx[0]) - bottom, left : dx.shape[2] - right], dw, passed.sum(axis=(0, 1, 2))

    return wrong


def _windows(count: Sequence[int], size: Pair, step: Pair) -> Iterator[tuple[Pair, Place]]:
    """Each cell of the output, and where its window lies."""
    for i, j in product(range(count[0]), range(count[1])):
        top, left = i * step[0], j * step[1]
        yield (i, j), (slice(top, top + size[0]), slice(left, left + size[1]))


def _with(change: Callable[..., Any]) -> Any:
    """Make something else of the three gradients and of the arguments."""
    return returned_with(_right, change)


def _of_the_first_image(found: Gradients, dy: ArrayLike, x: ArrayLike, w: ArrayLike, **named: Any) -> Gradients:
    first = _right(np.asarray(dy)[:1], np.asarray(x)[:1], w, **named)
    return found[0], first[1], first[2]


def _not_cut(found: Gradients, dy: ArrayLike, x: ArrayLike, w: ArrayLike, **named: Any) -> Gradients:
    images, filters = float_arrays(x, w)
    step = pair("strides", named.get("strides", 1))
    pads = same_pads(images.shape[1:3], filters.shape[:2], step) if named.get("padding") == "same" else ((0, 0), (0, 0))
    padded = pad2d(images, pads)
    reach = [(n - 1) * s + k for n, s, k in zip(np.shape(dy)[1:3], step, filters.shape[:2], strict=True)]
    dx = np.zeros_like(padded)
    dx[:, : reach[0], : reach[1]] = _right(dy, padded[:, : reach[0], : reach[1]], w, strides=step)[0]
    return dx, found[1], found[2]


def _odd_padding_first(
    dy: ArrayLike, x: ArrayLike, w: ArrayLike, strides: Size = 1, padding: Padding = "valid"
) -> Gradients:
    if padding != "same":
        return _right(dy, x, w, strides, padding)
    passed, images, filters = float_arrays(dy, x, w)
    turned = _right(passed[:, ::-1, ::-1], images[:, ::-1, ::-1], filters[::-1, ::-1], strides, padding)
    return turned[0][:, ::-1, ::-1], turned[1][::-1, ::-1], turned[2]


CONV2D_BACKWARD = with_words(
    {
        "M9": _by_windows(lambda strides: (1, 1)),
        "M17": _odd_padding_first,
        "M28": _with(lambda found, *_, **__: (np.repeat(found[0][..., :1], found[0].shape[3], 3), *found[1:])),
        "N33": _with(
            lambda found, dy, x, w, **named: (_right(dy, x, np.asarray(w)[::-1, ::-1], **named)[0], *found[1:])
        ),
        "N34": _by_windows(overwrite=True),
        "N35": _with(lambda found, dy, *_, **__: (found[0], found[1] / len(dy), found[2] / len(dy))),
        "N36": _with(_of_the_first_image),
        "N37": _with(lambda found, *_, **__: (*found[:2], np.full_like(found[2], found[2].sum()))),
        "N38": _with(_not_cut),
        "N39": _with(lambda found, *_, **__: (found[1], found[0], found[2])),
        "N40": _with(lambda found, *_, **__: (found[0], found[1][::-1, ::-1], found[2])),
        "N41": _with(lambda found, *_, **__: (*found[:2], np.ones_like(found[2]))),
        "N42": _with(lambda found, *_, **__: tuple(-one for one in found)),
    },
    """
M9 | strides not used in index | notebook 11, Strides and borders
Your windows lie one pixel apart, whatever the strides are. Window (i, j) begins at row i * step_down.

M17 | odd padding first | notebook 11, Strides and borders
You put the odd row or column of padding first. It comes last in the forward pass, and so in the backward pass.

M28 | same for all channels | notebook 11, Back through a convolution
You gave every channel of the images the gradient of the first one. Each channel has its own weights.

N33 | kernel flipped going back | notebook 11, Back through a convolution
You flipped the kernel. Going back from window to window, use it as it is.

N34 | overlap not added up | notebook 11, Back through a convolution
You overwrote what a pixel had got from another window. It belongs to several, and gets the sum: `+=`.

N35 | divided by the images | notebook 11, Back through a convolution
You divided by the number of images. The loss does that, and `dy` already includes it.

N36 | filters of one image | notebook 11, Back through a convolution
You took the gradients of weights and bias from the first image only. All images use the same weights: add up over n.

N37 | bias of all filters | notebook 11, Back through a convolution
You gave every bias the sum over all filters. Each filter has its own: add up over images, rows and columns only.

N38 | padding not cut off | notebook 11, Strides and borders
You returned the gradient of the padded images. Cut off what lies outside: `dx` has the shape of `x`.

N39 | images and filters swapped | notebook 11, Back through a convolution
You returned the gradients in another order. It is (dx, dw, db).

N40 | gradient of filters flipped | notebook 11, Back through a convolution
You turned `dw`. Weight (i, j) gets the pixels at (i, j) of the windows.

N41 | bias gets ones | notebook 11, Back through a convolution
You gave each bias a gradient of 1. It goes into every number of its map, so it gets the sum of their `dy`.

N42 | wrong sign | notebook 11, Back through a convolution
You returned the step down the slope. The gradient itself has the other sign.
""",
)


# --- pooling ------------------------------------------------------------------------------------------------------


def _pooled_back(
    share: Share, step: Callable[[Pair], Pair] = _unchanged, *, overwrite: bool = False, odd_first: bool = False
) -> Function:
    """Pass dy back window by window.

    Args:
        share: says which part each cell of a window (n, i, j, c) gets.
        step: what the strides are taken for.
        overwrite: forget what a cell has got from another window.
        odd_first: put an odd row or column of padding first.
    """

    def wrong(
        dy: ArrayLike, x: ArrayLike, pool_size: Size = 2, strides: Size | None = None, padding: Padding = "valid"
    ) -> FloatArray:
        passed, images = float_arrays(dy, x)
        size = pair("pool_size", pool_size)
        strides = size if strides is None else pair("strides", strides)
        pads = [(0, 0), (0, 0)]
        if padding == "same":
            sides = zip(images.shape[1:3], size, strides, strict=True)
            odd_last = [same_padding(*side) for side in sides]
            pads = [(after, before) if odd_first else (before, after) for before, after in odd_last]
        dx = np.zeros_like(images)
        for at, window in _windows(passed.shape[1:3], size, step(strides)):
            inside = tuple(
                slice(max(one.start - before, 0), one.stop - before)
                for one, (before, _) in zip(window, pads, strict=True)
            )
            cells = images[:, *inside]
            part = np.broadcast_to(share(cells, passed[:, *at][:, None, None], size[0] * size[1]), cells.shape)
            dx[:, *inside] = part if overwrite else dx[:, *inside] + part
        return dx

    return wrong


def _marked(cells: FloatArray, *, last: bool = False) -> FloatArray:
    """1 for the first of the largest cells, or for the last one; 0 for the others."""
    n, rows, columns, channels = cells.shape
    flat = cells.reshape(n, rows * columns, channels)
    place = rows * columns - 1 - flat[:, ::-1].argmax(axis=1) if last else flat.argmax(axis=1)
    marked = np.arange(rows * columns)[None, :, None] == place[:, None]
    return np.asarray(marked.reshape(cells.shape), cells.dtype)


def _to_all_largest(cells: FloatArray, dy: FloatArray, _: int) -> Any:
    return (cells == cells.max(axis=(1, 2), keepdims=True)) * dy


def _shared_by_the_largest(cells: FloatArray, dy: FloatArray, _: int) -> FloatArray:
    largest = cells == cells.max(axis=(1, 2), keepdims=True)
    shares: FloatArray = largest * dy / largest.sum(axis=(1, 2), keepdims=True)
    return shares


def _to_the_first(cells: FloatArray, dy: FloatArray, _: int) -> FloatArray:
    part = np.zeros_like(cells)
    part[:, :1, :1] = dy
    return part


def _largest(cells: FloatArray, dy: FloatArray, _: int) -> Any:
    return _marked(cells) * dy


def _in_equal_parts(cells: FloatArray, dy: FloatArray, _: int) -> Any:
    return dy / (cells.shape[1] * cells.shape[2])


def _of_all_channels(cells: FloatArray, dy: FloatArray, _: int) -> Any:
    return (cells == cells.max(axis=(1, 2, 3), keepdims=True)) * dy


MAX_POOL2D_BACKWARD = with_words(
    {
        "M9": _pooled_back(_largest, lambda strides: (1, 1)),
        "M17": _pooled_back(_largest, odd_first=True),
        "N34": _pooled_back(_largest, overwrite=True),
        "N43": _pooled_back(_shared_by_the_largest),
        "N44": _pooled_back(_to_all_largest),
        "N45": _pooled_back(lambda cells, dy, _: _marked(cells, last=True) * dy),
        "N46": _pooled_back(_in_equal_parts),
        "N47": _pooled_back(lambda cells, dy, _: _marked(cells) * dy * cells),
        "N48": _pooled_back(_to_the_first),
        "N49": _pooled_back(_of_all_channels),
        "N50": _pooled_back(lambda cells, dy, _: _marked(cells)),
        "N51": _pooled_back(lambda cells, dy, _: _marked(np.abs(cells)) * dy),
    },
    """
M9 | strides not used in index | notebook 11, Strides and borders
Your windows lie one pixel apart, whatever the strides are. Window (i, j) begins at row i * step_down.

M17 | odd padding first | notebook 11, Strides and borders
You let the odd window hang over at the top or left. In the forward pass it does so at the bottom or right, and so in
the backward pass.

N34 | overlap not added up | notebook 11, Back through pooling
You overwrote what a pixel had got from another window. Where windows overlap it gets the sum: `+=`.

N43 | shared by the largest | notebook 11, Back through pooling
You shared the gradient between cells that are equally large. Here the first one gets all of it, row by row.

N44 | all largest get it | notebook 11, Back through pooling
You gave the whole gradient to each cell that is as large as the largest. Only the first of them gets it, row by row.

N45 | last largest gets it | notebook 11, Back through pooling
You gave the gradient to the last of the largest cells. Here the first one gets it, row by row.

N46 | shared by all cells | notebook 11, Back through pooling
You shared the gradient between all cells, as for a mean. A change of any but the largest changes nothing.

N47 | multiplied by the pixel | notebook 11, Back through pooling
You multiplied the gradient by the pixel. The maximum is the pixel itself: it grows by 1 when the pixel does.

N48 | first cell gets it | notebook 11, Back through pooling
You gave the gradient to the top-left cell of each window. The largest cell gets it.

N49 | largest of all channels | notebook 11, Back through pooling
You looked for the largest cell in all channels together. Each channel has its own.

N50 | gradient not passed on | notebook 11, Back through pooling
You marked the largest cells with 1. Multiply by the window's `dy`.

N51 | sign of pixels dropped | notebook 11, Back through pooling
You looked for the pixel that is farthest from 0. In the forward pass the largest one wins, sign included.
""",
)

AVG_POOL2D_BACKWARD = with_words(
    {
        "M9": _pooled_back(_in_equal_parts, lambda strides: (1, 1)),
        "M17": _pooled_back(_in_equal_parts, odd_first=True),
        "P5": _pooled_back(lambda cells, dy, size: dy / size),
        "N34": _pooled_back(_in_equal_parts, overwrite=True),
        "N48": _pooled_back(_to_the_first),
        "N52": _pooled_back(lambda cells, dy, _: dy),
        "N53": _pooled_back(_largest),
        "N54": _pooled_back(lambda cells, dy, size: dy * cells / size),
        "N55": _pooled_back(lambda cells, dy, _: np.full_like(cells, 1 / (cells.shape[1] * cells.shape[2]))),
    },
    """
M9 | strides not used in index | notebook 11, Strides and borders
Your windows lie one pixel apart, whatever the strides are. Window (i, j) begins at row i * step_down.

M17 | odd padding first | notebook 11, Strides and borders
You let the odd window hang over at the top or left. In the forward pass it does so at the bottom or right, and so in
the backward pass.

P5 | border counts | notebook 11, Back through pooling | convention
PyTorch divides by all cells of the window by default. Here, as in Keras, only those inside the image count, forward
and backward.

N34 | overlap not added up | notebook 11, Back through pooling
You overwrote what a pixel had got from another window. Where windows overlap it gets the sum: `+=`.

N48 | first cell gets it | notebook 11, Back through pooling
You gave the gradient to the top-left cell of each window. All cells get equal parts.

N52 | not divided | notebook 11, Back through pooling
You gave each cell the whole gradient. The mean divides by the number of cells, and so does its gradient.

N53 | largest cell gets it | notebook 11, Back through pooling
You gave the gradient to the largest cell, as for a maximum. All cells get equal parts.

N54 | multiplied by the pixel | notebook 11, Back through pooling
You multiplied the gradient by the pixels. A mean grows alike with each of its pixels, whatever they are.

N55 | gradient not passed on | notebook 11, Back through pooling
You returned the parts alone. Multiply them by the window's `dy`.
""",
)


# --- dilation and groups ------------------------------------------------------------------------------------------


def _read(**changes: Callable[..., Any]) -> Function:
    """Change arguments by their names; each change gets the argument, and the number of groups."""

    def wrong(x: ArrayLike, w: ArrayLike, b: ArrayLike | None = None, **named: Any) -> FloatArray:
        given = {"x": x, "w": w, "b": b, "dilation_rate": 1, "groups": 1, **named}
        return conv2d_general(
            **given | {name: change(given[name], given["groups"]) for name, change in changes.items()}
        )

    return wrong


def _dilated(change: Callable[[int, int], Pair]) -> Function:
    """Take another dilation."""
    return _read(dilation_rate=lambda rate, _: change(*pair("dilation_rate", rate)))


def _dealt(cards: ArrayLike, groups: int) -> FloatArray:
    """The last axis in another order: every `groups`-th one together, as cards are dealt."""
    (array,) = float_arrays(cards)
    return np.concatenate([array[..., group::groups] for group in range(groups)], axis=-1)


def _first_group(array: ArrayLike, groups: int) -> FloatArray:
    """The first part of the last axis, for every group."""
    (whole,) = float_arrays(array)
    return np.concatenate([whole[..., : whole.shape[-1] // groups]] * groups, axis=-1)


def _dilation_after_padding(
    x: ArrayLike,
    w: ArrayLike,
    b: ArrayLike | None = None,
    *,
    strides: Size = 1,
    padding: Padding = "valid",
    dilation_rate: Size = 1,
    groups: int = 1,
) -> FloatArray:
    """Pad as for a plain kernel."""
    images, filters = float_arrays(x, w)
    if padding == "same":
        step = pair("strides", strides)
        images = pad2d(images, same_pads(images.shape[1:3], filters.shape[:2], step))
    return conv2d_general(images, filters, b, strides=strides, dilation_rate=dilation_rate, groups=groups)


def _groups_added(maps: FloatArray, *_: Any, **named: Any) -> FloatArray:
    return np.asarray(np.sum(np.split(maps, named.get("groups", 1), axis=-1), axis=0))


def _turned(maps: FloatArray, *_: Any, **named: Any) -> FloatArray:
    return np.concatenate(np.split(maps, named.get("groups", 1), axis=-1)[::-1], axis=-1)


CONV2D_GENERAL = with_words(
    {
        "F44": _dilated(lambda down, right: (1, 1)),
        "C3": _dilated(lambda down, right: (down + 1, right + 1)),
        "N56": _dilated(lambda down, right: (right, down)),
        "N57": _dilated(lambda down, right: (down, 1)),
        "N58": _dilated(lambda down, right: (1, right)),
        "N59": _dilation_after_padding,
        "N60": _read(x=_dealt),
        "N61": _read(x=_first_group),
        "N62": _read(w=_first_group),
        "N63": returned_with(conv2d_general, _groups_added),
        "N64": returned_with(conv2d_general, _turned),
        "N65": _read(w=_dealt, b=lambda b, groups: None if b is None else _dealt(b, groups)),
        "M37": _read(b=lambda *_: None),
        "M1": _read(w=lambda w, _: np.asarray(w)[::-1, ::-1]),
        "F20": returned_as(conv2d_general, lambda maps: maps[:1]),
    },
    """
F44 | dilation not read | notebook 11, Dilation and groups
You did not use the dilation. From one cell of the kernel to the next it is `dilation` pixels.

C3 | dilation means gaps | notebook 11, Dilation and groups
You left `dilation` pixels out between two cells. It is the step from one to the next: 1 is the plain kernel.

N56 | dilation of axes swapped | notebook 11, Dilation and groups
You swapped the two numbers of the dilation. It is (height, width), like the strides.

N57 | width not dilated | notebook 11, Dilation and groups
You dilated the rows of the kernel, and not its columns. The second number of the dilation is for these.

N58 | height not dilated | notebook 11, Dilation and groups
You dilated the columns of the kernel, and not its rows. The first number of the dilation is for these.

N59 | padding of plain kernel | notebook 11, Dilation and groups
You padded as for a plain kernel. A dilated one spans (k - 1) * dilation + 1 pixels, and "same" counts with that.

N60 | channels of groups dealt | notebook 11, Dilation and groups
You gave the groups every second or third channel in turn. They take channels that lie next to each other.

N61 | first channels for all | notebook 11, Dilation and groups
You gave every group the first channels. Each one has its own part of them.

N62 | first filters for all | notebook 11, Dilation and groups
You gave every group the first filters. Each one has its own part of them.

N63 | groups added up | notebook 11, Dilation and groups
You added the maps of all groups. They stand next to each other: there are as many as filters.

N64 | groups in reverse | notebook 11, Dilation and groups
You put the maps of the last group first. They stand in the order of the filters.

N65 | filters of groups dealt | notebook 11, Dilation and groups
You gave the groups every second or third filter in turn. They take filters that lie next to each other.

M37 | bias missing | notebook 05, One bias for each filter, added once
You did not add the bias. Each map gets its own, once.

M1 | kernel flipped both ways | notebook 01, Multiply cell by cell, then add | convention
Mathematics and signal processing turn the kernel by 180 degrees first. Here, as in Keras, it is laid on as it is.

F20 | only the first image | notebook 05, A batch of images
You returned the first image only. The first axis is the batch: the output has as many images as the input.
""",
)
