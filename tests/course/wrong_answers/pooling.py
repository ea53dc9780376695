"""Notebook 06."""

from __future__ import annotations

import math

import numpy as np

from tests.course.wrong_answers import stops, wrong


def tuple_of(size):
    """A pair of one number or of two, rightly."""
    return size if isinstance(size, tuple) else (size, size)


def total_of(n, k, s):
    """The total of padding along an axis, rightly."""
    return max((math.ceil(n / s) - 1) * s + k - n, 0)


def with_frame(x, pool, step, padding, value):
    """The images in a frame of a value under "same", rightly."""
    if padding != "same":
        return x.astype(float)
    th, tw = total_of(x.shape[1], pool[0], step[0]), total_of(x.shape[2], pool[1], step[1])
    pads = ((0, 0), (th // 2, th - th // 2), (tw // 2, tw - tw // 2), (0, 0))
    return np.pad(x.astype(float), pads, constant_values=value)


# --- max_pool2d ---------------------------------------------------------------------------------------------------


@wrong("max_pool2d", "P1")
def steps_of_one_by_default(x, pool_size=2, strides=None, padding="valid"):
    """Without strides the window moves by one pixel."""
    ph, pw = tuple_of(pool_size)
    sh, sw = tuple_of(strides or 1)
    x = with_frame(x, (ph, pw), (sh, sw), padding, -np.inf)
    oh, ow = (x.shape[1] - ph) // sh + 1, (x.shape[2] - pw) // sw + 1
    out = np.zeros((x.shape[0], oh, ow, x.shape[3]))
    for i in range(oh):
        for j in range(ow):
            out[:, i, j, :] = np.max(x[:, i * sh : i * sh + ph, j * sw : j * sw + pw, :], axis=(1, 2))
    return out


@wrong("max_pool2d", "F17")
def strides_given_in_vain(x, pool_size=2, strides=None, padding="valid"):
    """The strides are always the size of the pool."""
    ph, pw = sh, sw = tuple_of(pool_size)
    x = with_frame(x, (ph, pw), (sh, sw), padding, -np.inf)
    view = np.lib.stride_tricks.sliding_window_view(x, (ph, pw), axis=(1, 2))
    return view[:, ::sh, ::sw].max(axis=(-2, -1))


@wrong("max_pool2d", "P3")
def frame_of_zeros(x, pool_size=2, strides=None, padding="valid"):
    """The frame under "same" is of zeros."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    x = with_frame(x, pool, step, padding, 0)
    rows, cols = (x.shape[1] - pool[0]) // step[0] + 1, (x.shape[2] - pool[1]) // step[1] + 1
    out = np.empty((x.shape[0], rows, cols, x.shape[3]))
    for n in range(x.shape[0]):
        for c in range(x.shape[3]):
            for i in range(rows):
                for j in range(cols):
                    top, left = i * step[0], j * step[1]
                    out[n, i, j, c] = x[n, top : top + pool[0], left : left + pool[1], c].max()
    return out


@wrong("max_pool2d", "P4")
def largest_so_far_is_zero(x, pool_size=2, strides=None, padding="valid"):
    """The search for the largest starts from 0."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    x = with_frame(x, pool, step, padding, -np.inf)
    rows, cols = (x.shape[1] - pool[0]) // step[0] + 1, (x.shape[2] - pool[1]) // step[1] + 1
    out = np.zeros((x.shape[0], rows, cols, x.shape[3]))
    for n, i, j, c in np.ndindex(*out.shape):
        biggest = 0
        for a in range(pool[0]):
            for b in range(pool[1]):
                biggest = max(biggest, x[n, i * step[0] + a, j * step[1] + b, c])
        out[n, i, j, c] = biggest
    return out


@wrong("max_pool2d", "P2b")
def largest_of_all_channels(x, pool_size=2, strides=None, padding="valid"):
    """np.max without axes goes over the channels of a window, too."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    x = with_frame(x, pool, step, padding, -np.inf)
    rows, cols = (x.shape[1] - pool[0]) // step[0] + 1, (x.shape[2] - pool[1]) // step[1] + 1
    out = np.zeros((x.shape[0], rows, cols, x.shape[3]))
    for n in range(x.shape[0]):
        for i in range(rows):
            for j in range(cols):
                window = x[n, i * step[0] : i * step[0] + pool[0], j * step[1] : j * step[1] + pool[1], :]
                for c in range(x.shape[3]):
                    out[n, i, j, c] = np.max(window)
    return out


@wrong("max_pool2d", "P8")
def last_window_cut_short(x, pool_size=2, strides=None, padding="valid"):
    """The size is rounded up under "valid", and the last window has fewer pixels."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    x = with_frame(x, pool, step, padding, -np.inf)
    rows = math.ceil((x.shape[1] - pool[0]) / step[0]) + 1
    cols = math.ceil((x.shape[2] - pool[1]) / step[1]) + 1
    if padding == "same":
        rows, cols = (x.shape[1] - pool[0]) // step[0] + 1, (x.shape[2] - pool[1]) // step[1] + 1
    out = np.zeros((x.shape[0], rows, cols, x.shape[3]))
    for i in range(rows):
        for j in range(cols):
            block = x[:, i * step[0] : i * step[0] + pool[0], j * step[1] : j * step[1] + pool[1]]
            out[:, i, j] = block.max(1).max(1)
    return out


@wrong("max_pool2d", "M7b")
def range_one_short(x, pool_size=2, strides=None, padding="valid"):
    """`range(0, n - k, stride)` leaves out a window that ends at the edge."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    x = with_frame(x, pool, step, padding, -np.inf)
    tops = range(0, x.shape[1] - pool[0], step[0])
    lefts = range(0, x.shape[2] - pool[1], step[1])
    out = np.zeros((x.shape[0], len(tops), len(lefts), x.shape[3]))
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            out[:, i, j] = x[:, top : top + pool[0], left : left + pool[1]].max(axis=(1, 2))
    return out


@wrong("max_pool2d", "M9")
def slices_without_strides(x, pool_size=2, strides=None, padding="valid"):
    """The right number of windows, one pixel apart."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    x = with_frame(x, pool, step, padding, -np.inf)
    rows, cols = (x.shape[1] - pool[0]) // step[0] + 1, (x.shape[2] - pool[1]) // step[1] + 1
    out = np.zeros((x.shape[0], rows, cols, x.shape[3]))
    for i in range(rows):
        for j in range(cols):
            out[:, i, j] = x[:, i : i + pool[0], j : j + pool[1]].max(axis=(1, 2))
    return out


@wrong("max_pool2d", "F18a")
def height_step_for_both(x, pool_size=2, strides=None, padding="valid"):
    """Of the strides only the first is used."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    s = step[0]
    x = with_frame(x, pool, (s, s), padding, -np.inf)
    view = np.lib.stride_tricks.sliding_window_view(x, pool, axis=(1, 2))
    return np.max(view[:, ::s, ::s], axis=(4, 5))


@wrong("max_pool2d", "M11")
def width_step_first(x, pool_size=2, strides=None, padding="valid"):
    """The strides are unpacked as (width, height)."""
    pool = tuple_of(pool_size)
    sw, sh = pool[::-1] if strides is None else tuple_of(strides)
    x = with_frame(x, pool, (sh, sw), padding, -np.inf)
    view = np.lib.stride_tricks.sliding_window_view(x, pool, axis=(1, 2))
    return np.max(view[:, ::sh, ::sw], axis=(4, 5))


@wrong("max_pool2d", "M17")
def more_at_the_top(x, pool_size=2, strides=None, padding="valid"):
    """The odd row and column of padding come first."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    if padding == "same":
        th, tw = total_of(x.shape[1], pool[0], step[0]), total_of(x.shape[2], pool[1], step[1])
        pads = ((0, 0), (math.ceil(th / 2), th // 2), (math.ceil(tw / 2), tw // 2), (0, 0))
        x = np.pad(x, pads, constant_values=-np.inf)
    view = np.lib.stride_tricks.sliding_window_view(x, pool, axis=(1, 2))
    return np.max(view[:, :: step[0], :: step[1]], axis=(4, 5))


@wrong("max_pool2d", "M18")
def padding_without_the_stride(x, pool_size=2, strides=None, padding="valid"):
    """The padding is that of a stride of 1."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    x = with_frame(x, pool, (1, 1), padding, -np.inf)
    view = np.lib.stride_tricks.sliding_window_view(x, pool, axis=(1, 2))
    return np.max(view[:, :: step[0], :: step[1]], axis=(4, 5))


@wrong("max_pool2d", "M26")
def windows_from_the_corner(x, pool_size=2, strides=None, padding="valid"):
    """Under "same" there are enough windows, but the first starts at pixel 0."""
    ph, pw = tuple_of(pool_size)
    sh, sw = (ph, pw) if strides is None else tuple_of(strides)
    n, h, w, c = x.shape
    if padding == "same":
        oh, ow = math.ceil(h / sh), math.ceil(w / sw)
    else:
        oh, ow = (h - ph) // sh + 1, (w - pw) // sw + 1
    out = np.zeros((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            out[:, i, j] = x[:, i * sh : min(i * sh + ph, h), j * sw : min(j * sw + pw, w)].max(axis=(1, 2))
    return out


def framed_alike(x, pool, step, side, value):
    """The largest of every window, in a frame as wide before as after, of `side(n, k, s)` cells."""
    p, q = (side(n, k, s) for n, k, s in zip(x.shape[1:3], pool, step, strict=True))
    x = np.pad(x.astype(float), ((0, 0), (p, p), (q, q), (0, 0)), constant_values=value)
    view = np.lib.stride_tricks.sliding_window_view(x, pool, axis=(1, 2))
    return np.max(view[:, :: step[0], :: step[1]], axis=(4, 5))


@wrong("max_pool2d", "M20c")
def size_kept_in_a_frame_that_never_wins(x, pool_size=2, strides=None, padding="valid"):
    """Under "same" -inf is put round the image until the size stays, at any stride."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    if padding == "same":
        return framed_alike(x, pool, step, lambda n, k, s: math.ceil(((n - 1) * s + k - n) / 2), -np.inf)
    return framed_alike(x, pool, step, lambda n, k, s: 0, -np.inf)


@wrong("max_pool2d", "M20a")
def size_kept_in_a_frame_of_zeros(x, pool_size=2, strides=None, padding="valid"):
    """Under "same" zeros are put round the image until the size stays, at any stride."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    if padding == "same":
        return framed_alike(x, pool, step, lambda n, k, s: math.ceil(((n - 1) * s + k - n) / 2), 0)
    return framed_alike(x, pool, step, lambda n, k, s: 0, 0)


@wrong("max_pool2d", "M21b")
def size_kept_and_one_more(x, pool_size=2, strides=None, padding="valid"):
    """Under "same" the size is kept at any stride, and one is added to round up, with -inf."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    if padding == "same":
        return framed_alike(x, pool, step, lambda n, k, s: ((n - 1) * s + k - n) // 2 + 1, -np.inf)
    return framed_alike(x, pool, step, lambda n, k, s: 0, -np.inf)


@wrong("max_pool2d", "M17", "P3")
def zeros_and_more_at_the_top(x, pool_size=2, strides=None, padding="valid"):
    """The odd row and column of padding come first, and padding is 0: two faults."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    if padding == "same":
        th, tw = total_of(x.shape[1], pool[0], step[0]), total_of(x.shape[2], pool[1], step[1])
        x = np.pad(x, ((0, 0), (th - th // 2, th // 2), (tw - tw // 2, tw // 2), (0, 0)))
    view = np.lib.stride_tricks.sliding_window_view(x, pool, axis=(1, 2))
    return np.max(view[:, :: step[0], :: step[1]], axis=(4, 5))


@wrong("max_pool2d", "F60")
def ceiling_before_and_after(x, pool_size=2, strides=None, padding="valid"):
    """Half of the total is rounded up on both sides, with -inf."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    if padding == "same":
        return framed_alike(x, pool, step, lambda n, k, s: math.ceil(total_of(n, k, s) / 2), -np.inf)
    return framed_alike(x, pool, step, lambda n, k, s: 0, -np.inf)


@wrong("max_pool2d", "F60", "P3")
def ceiling_before_and_after_with_zeros(x, pool_size=2, strides=None, padding="valid"):
    """Half of the total is rounded up on both sides, and padding is 0: two faults."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    if padding == "same":
        return framed_alike(x, pool, step, lambda n, k, s: math.ceil(total_of(n, k, s) / 2), 0)
    return framed_alike(x, pool, step, lambda n, k, s: 0, 0)


@wrong("max_pool2d", "F61")
def floor_before_and_after(x, pool_size=2, strides=None, padding="valid"):
    """Half of the total is rounded down on both sides, with -inf."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    if padding == "same":
        return framed_alike(x, pool, step, lambda n, k, s: total_of(n, k, s) // 2, -np.inf)
    return framed_alike(x, pool, step, lambda n, k, s: 0, -np.inf)


@wrong("max_pool2d", "F62")
def floor_and_one_before_and_after(x, pool_size=2, strides=None, padding="valid"):
    """Half of the total, rounded down, and 1 on both sides, with -inf."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    if padding == "same":
        return framed_alike(x, pool, step, lambda n, k, s: total_of(n, k, s) // 2 + 1, -np.inf)
    return framed_alike(x, pool, step, lambda n, k, s: 0, -np.inf)


@wrong("max_pool2d", "M16b")
def framed_for_odd_pools(x, pool_size=2, strides=None, padding="valid"):
    """(k - 1) // 2 on both sides, with -inf."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    if padding == "same":
        return framed_alike(x, pool, step, lambda n, k, s: (k - 1) // 2, -np.inf)
    return framed_alike(x, pool, step, lambda n, k, s: 0, -np.inf)


@wrong("max_pool2d", "F51b")
def everything_before(x, pool_size=2, strides=None, padding="valid"):
    """All of the padding comes at the top and left."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    if padding == "same":
        th, tw = total_of(x.shape[1], pool[0], step[0]), total_of(x.shape[2], pool[1], step[1])
        frame = np.full((x.shape[0], th + x.shape[1], tw + x.shape[2], x.shape[3]), -np.inf)
        frame[:, th:, tw:] = x
        x = frame
    view = np.lib.stride_tricks.sliding_window_view(x, pool, axis=(1, 2))
    return np.max(view[:, :: step[0], :: step[1]], axis=(4, 5))


@wrong("max_pool2d", "F42")
def windows_cut_to_whole_strides(x, pool_size=2, strides=None, padding="valid"):
    """Under "same" there are n // stride windows, and the padding is made for them."""
    ph, pw = tuple_of(pool_size)
    sh, sw = (ph, pw) if strides is None else tuple_of(strides)
    n, h, w, c = x.shape
    if padding == "same":
        oh, ow = h // sh, w // sw
        top, left = max((oh - 1) * sh + ph - h, 0) // 2, max((ow - 1) * sw + pw - w, 0) // 2
    else:
        oh, ow, top, left = (h - ph) // sh + 1, (w - pw) // sw + 1, 0, 0
    out = np.zeros((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            r, q = i * sh - top, j * sw - left
            out[:, i, j] = x[:, max(r, 0) : r + ph, max(q, 0) : q + pw].max(axis=(1, 2))
    return out


@wrong("max_pool2d", "F42b")
def whole_strides_of_a_right_frame(x, pool_size=2, strides=None, padding="valid"):
    """The padding is right, and under "same" n // stride windows are made."""
    ph, pw = tuple_of(pool_size)
    sh, sw = (ph, pw) if strides is None else tuple_of(strides)
    frame = with_frame(x, (ph, pw), (sh, sw), padding, -np.inf)
    if padding == "same":
        oh, ow = x.shape[1] // sh, x.shape[2] // sw
    else:
        oh, ow = (x.shape[1] - ph) // sh + 1, (x.shape[2] - pw) // sw + 1
    out = np.zeros((x.shape[0], oh, ow, x.shape[3]))
    for i in range(oh):
        for j in range(ow):
            out[:, i, j] = np.max(frame[:, i * sh : i * sh + ph, j * sw : j * sw + pw], axis=(1, 2))
    return out


@wrong("max_pool2d", "P13a")
def sides_over_the_pool(x, pool_size=2, strides=None, padding="valid"):
    """The size of the output is that of the image over that of the pool, whatever the strides."""
    ph, pw = tuple_of(pool_size)
    sh, sw = (ph, pw) if strides is None else tuple_of(strides)
    x = with_frame(x, (ph, pw), (sh, sw), padding, -np.inf)
    n, h, w, c = x.shape
    out = np.zeros((n, h // ph, w // pw, c))
    for i in range(h // ph):
        for j in range(w // pw):
            for k in range(c):
                out[:, i, j, k] = x[:, i * sh : i * sh + ph, j * sw : j * sw + pw, k].max(axis=(1, 2))
    return out


@wrong("max_pool2d", "P13b")
def sides_over_the_pool_or_rounded_up(x, pool_size=2, strides=None, padding="valid"):
    """Under "valid" the image is divided by the pool; under "same" by the strides, rightly."""
    ph, pw = tuple_of(pool_size)
    sh, sw = (ph, pw) if strides is None else tuple_of(strides)
    if padding == "same":
        oh, ow = -(-x.shape[1] // sh), -(-x.shape[2] // sw)
    else:
        oh, ow = x.shape[1] // ph, x.shape[2] // pw
    x = with_frame(x, (ph, pw), (sh, sw), padding, -np.inf)
    tops, lefts = [i * sh for i in range(oh)], [j * sw for j in range(ow)]
    maxima = [[x[:, r : r + ph, c : c + pw].max((1, 2)) for c in lefts] for r in tops]
    return np.moveaxis(np.array(maxima), 2, 0)


@wrong("max_pool2d", "F20")
def first_image_only(x, pool_size=2, strides=None, padding="valid"):
    """Image 0 is pooled, and the others are not."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    image = with_frame(x[:1], pool, step, padding, -np.inf)[0]
    rows, cols = (image.shape[0] - pool[0]) // step[0] + 1, (image.shape[1] - pool[1]) // step[1] + 1
    out = np.zeros((1, rows, cols, image.shape[2]))
    for i in range(rows):
        for j in range(cols):
            out[0, i, j] = image[i * step[0] :, j * step[1] :][: pool[0], : pool[1]].max(axis=(0, 1))
    return out


@wrong("max_pool2d", "F2a")
def return_in_the_inner_loop(x, pool_size=2, strides=None, padding="valid"):
    """The return is indented under the inner loop."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    x = with_frame(x, pool, step, padding, -np.inf)
    rows, cols = (x.shape[1] - pool[0]) // step[0] + 1, (x.shape[2] - pool[1]) // step[1] + 1
    out = np.zeros((x.shape[0], rows, cols, x.shape[3]))
    for n in range(x.shape[0]):
        for c in range(x.shape[3]):
            for i in range(rows):
                for j in range(cols):
                    out[n, i, j, c] = x[n, i * step[0] :, j * step[1] :, c][: pool[0], : pool[1]].max()
                    return out
    return out


@wrong("max_pool2d", "P10")
def cut_with_reshape(x, pool_size=2, strides=None, padding="valid"):
    """The image is cut with reshape, the window's axes before those of the output."""
    ph, pw = tuple_of(pool_size)
    n, h, w, c = x.shape
    return x.reshape(n, ph, h // ph, pw, w // pw, c).max(axis=1).max(axis=2)


@wrong("max_pool2d", "M42")
def maxima_made_whole(x, pool_size=2, strides=None, padding="valid"):
    """The output holds whole numbers."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    x = with_frame(x, pool, step, padding, -np.inf)
    rows, cols = (x.shape[1] - pool[0]) // step[0] + 1, (x.shape[2] - pool[1]) // step[1] + 1
    out = np.zeros((x.shape[0], rows, cols, x.shape[3]), dtype="int64")
    for i in range(rows):
        for j in range(cols):
            out[:, i, j] = x[:, i * step[0] :, j * step[1] :][:, : pool[0], : pool[1]].max(axis=(1, 2))
    return out


@wrong("max_pool2d", "F5")
def two_by_two(x, pool_size=2, strides=None, padding="valid"):
    """The window is always 2 x 2."""
    step = tuple_of(2 if strides is None else strides)
    x = with_frame(x, (2, 2), step, padding, -np.inf)
    rows, cols = (x.shape[1] - 2) // step[0] + 1, (x.shape[2] - 2) // step[1] + 1
    out = np.zeros((x.shape[0], rows, cols, x.shape[3]))
    for i in range(rows):
        for j in range(cols):
            r, c = i * step[0], j * step[1]
            out[:, i, j] = np.maximum.reduce([x[:, r, c], x[:, r + 1, c], x[:, r, c + 1], x[:, r + 1, c + 1]])
    return out


@wrong("max_pool2d", "F7")
def pool_as_width_height(x, pool_size=2, strides=None, padding="valid"):
    """The size of the pool is unpacked as (width, height)."""
    pw, ph = tuple_of(pool_size)
    sh, sw = tuple_of(pool_size) if strides is None else tuple_of(strides)
    x = with_frame(x, (ph, pw), (sh, sw), padding, -np.inf)
    view = np.lib.stride_tricks.sliding_window_view(x, (ph, pw), axis=(1, 2))
    return view[:, ::sh, ::sw].max(axis=(4, 5))


@wrong("max_pool2d", "M43")
def written_back(x, pool_size=2, strides=None, padding="valid"):
    """The maxima are written into x, which is cut at the end."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    frame = with_frame(x, pool, step, padding, -np.inf)
    rows, cols = (frame.shape[1] - pool[0]) // step[0] + 1, (frame.shape[2] - pool[1]) // step[1] + 1
    for i in range(rows):
        for j in range(cols):
            block = frame[:, i * step[0] : i * step[0] + pool[0], j * step[1] : j * step[1] + pool[1]]
            x[:, i, j] = block.max(axis=(1, 2))
    return x[:, :rows, :cols]


@stops("max_pool2d", TypeError)
def none_divided(x, pool_size=2, strides=None, padding="valid"):
    """The default strides are None, and n is divided by them."""
    ph, pw = tuple_of(pool_size)
    sh, sw = tuple_of(strides)
    x = with_frame(x, (ph, pw), (sh, sw), padding, -np.inf) if strides is not None else x
    oh, ow = (x.shape[1] - ph) // sh + 1, (x.shape[2] - pw) // sw + 1
    out = np.zeros((x.shape[0], oh, ow, x.shape[3]))
    for i in range(oh):
        for j in range(ow):
            out[:, i, j] = x[:, i * sh : i * sh + ph, j * sw : j * sw + pw].max(axis=(1, 2))
    return out


# --- avg_pool2d ---------------------------------------------------------------------------------------------------


@wrong("avg_pool2d", "P5")
def divided_by_the_whole_window(x, pool_size=2, strides=None, padding="valid"):
    """Zeros are put round the image, and they count in the mean."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    x = with_frame(x, pool, step, padding, 0.0)
    rows, cols = (x.shape[1] - pool[0]) // step[0] + 1, (x.shape[2] - pool[1]) // step[1] + 1
    out = np.zeros((x.shape[0], rows, cols, x.shape[3]))
    for i in range(rows):
        for j in range(cols):
            out[:, i, j] = x[:, i * step[0] :, j * step[1] :][:, : pool[0], : pool[1]].mean(axis=(1, 2))
    return out


def sum_of(x, pool, step, padding):
    """The sum of each window and the number of its pixels, rightly."""
    frame = with_frame(x, pool, step, padding, 0.0)
    ones = with_frame(np.ones(x.shape), pool, step, padding, 0.0)
    both = []
    for array in (frame, ones):
        view = np.lib.stride_tricks.sliding_window_view(array, pool, axis=(1, 2))
        both.append(view[:, :: step[0], :: step[1]].sum(axis=(4, 5)))
    return both


@wrong("avg_pool2d", "P6")
def whole_division(x, pool_size=2, strides=None, padding="valid"):
    """The sum is divided with //."""
    pool = tuple_of(pool_size)
    total, count = sum_of(x, pool, pool if strides is None else tuple_of(strides), padding)
    return total // count


@wrong("avg_pool2d", "P7a")
def not_divided(x, pool_size=2, strides=None, padding="valid"):
    """The sums are not divided."""
    pool = tuple_of(pool_size)
    return sum_of(x, pool, pool if strides is None else tuple_of(strides), padding)[0]


@wrong("avg_pool2d", "P7b")
def quarter_of_the_sum(x, pool_size=2, strides=None, padding="valid"):
    """Every sum is divided by 4."""
    pool = tuple_of(pool_size)
    return 0.25 * sum_of(x, pool, pool if strides is None else tuple_of(strides), padding)[0]


@wrong("avg_pool2d", "P7c")
def divided_by_a_square(x, pool_size=2, strides=None, padding="valid"):
    """Every sum is divided by the height of the pool times itself."""
    pool = tuple_of(pool_size)
    k = pool[0]
    return sum_of(x, pool, pool if strides is None else tuple_of(strides), padding)[0] / k**2


@wrong("avg_pool2d", "F91")
def pixels_that_are_not_zero(x, pool_size=2, strides=None, padding="valid"):
    """The sum is divided by the number of pixels that are not 0, so that padding does not count."""
    ph, pw = tuple_of(pool_size)
    sh, sw = (ph, pw) if strides is None else tuple_of(strides)
    x = with_frame(x, (ph, pw), (sh, sw), padding, 0.0)
    out = np.zeros((x.shape[0], (x.shape[1] - ph) // sh + 1, (x.shape[2] - pw) // sw + 1, x.shape[3]))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            window = x[:, i * sh : i * sh + ph, j * sw : j * sw + pw]
            out[:, i, j] = window.sum(axis=(1, 2)) / np.maximum((window != 0).sum(axis=(1, 2)), 1)
    return out


@wrong("avg_pool2d", "P5a")
def rows_counted_and_columns_not(x, pool_size=2, strides=None, padding="valid"):
    """The rows inside the image are counted, and the columns are taken for as many as the pool has."""
    ph, pw = tuple_of(pool_size)
    sh, sw = (ph, pw) if strides is None else tuple_of(strides)
    top = total_of(x.shape[1], ph, sh) // 2 if padding == "same" else 0
    total = sum_of(x, (ph, pw), (sh, sw), padding)[0]
    for i in range(total.shape[1]):
        first, last = max(i * sh - top, 0), min(i * sh - top + ph, x.shape[1])
        total[:, i] = total[:, i] / ((last - first) * pw)
    return total


@wrong("avg_pool2d", "F60")
def mean_in_a_frame_rounded_up(x, pool_size=2, strides=None, padding="valid"):
    """Half of the total is rounded up on both sides; only real pixels are counted."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    p, q = (math.ceil(total_of(n, k, s) / 2) for n, k, s in zip(x.shape[1:3], pool, step, strict=True))
    pads = ((0, 0), (p, p), (q, q), (0, 0)) if padding == "same" else 0
    sums = []
    for array in (x.astype(float), np.ones(x.shape)):
        view = np.lib.stride_tricks.sliding_window_view(np.pad(array, pads), pool, axis=(1, 2))
        sums.append(view[:, :: step[0], :: step[1]].sum(axis=(4, 5)))
    return sums[0] / sums[1]


@wrong("avg_pool2d", "M42a")
def means_like_x(x, pool_size=2, strides=None, padding="valid"):
    """The means are stored in the type of x."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    total, count = sum_of(x, pool, step, padding)
    out = np.zeros_like(x, shape=total.shape)
    for place in np.ndindex(*total.shape):
        out[place] = total[place] / count[place]
    return out


@wrong("avg_pool2d", "M41b")
def bytes_added(x, pool_size=2, strides=None, padding="valid"):
    """Pixels are added one by one to the first of them, as bytes."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    top = total_of(x.shape[1], pool[0], step[0]) // 2 if padding == "same" else 0
    left = total_of(x.shape[2], pool[1], step[1]) // 2 if padding == "same" else 0
    size = sum_of(x, pool, step, padding)[0].shape
    out = np.zeros(size)
    for n, i, j, c in np.ndindex(*size):
        r, q = i * step[0] - top, j * step[1] - left
        pixels = list(x[n, max(r, 0) : r + pool[0], max(q, 0) : q + pool[1], c].ravel())
        total = pixels[0]
        for pixel in pixels[1:]:
            total = total + pixel
        out[n, i, j, c] = total / len(pixels)
    return out


@wrong("avg_pool2d", "P11")
def still_the_maximum(x, pool_size=2, strides=None, padding="valid"):
    """The code of max_pool2d was copied, and max was left in it."""
    pool = tuple_of(pool_size)
    step = pool if strides is None else tuple_of(strides)
    view = np.lib.stride_tricks.sliding_window_view(with_frame(x, pool, step, padding, -np.inf), pool, axis=(1, 2))
    return view[:, :: step[0], :: step[1]].max(axis=(4, 5))


@wrong("avg_pool2d", "P2a")
def mean_over_channels(x, pool_size=2, strides=None, padding="valid"):
    """The mean goes over the channels, too, and one is left."""
    pool = tuple_of(pool_size)
    total, count = sum_of(x, pool, pool if strides is None else tuple_of(strides), padding)
    return np.mean(total / count, axis=3, keepdims=True)


# --- global pooling -----------------------------------------------------------------------------------------------


@wrong("global_max_pool", "P12")
def last_two_axes(x, keepdims=False):
    """The last two axes are reduced, as in PyTorch."""
    return np.amax(x, axis=(2, 3), keepdims=keepdims)


@wrong("global_max_pool", "P4")
def running_from_zero(x, keepdims=False):
    """The largest starts from 0 in every channel."""
    n, h, w, c = x.shape
    out = np.zeros((n, c))
    for image in x.reshape(n, h * w, c).swapaxes(0, 1):
        out = np.maximum(out, image)
    return out.reshape(n, 1, 1, c) if keepdims else out


@wrong("global_max_pool", "F23")
def keepdims_unused(x, keepdims=False):
    """keepdims is taken and not used."""
    return np.array([[x[i, :, :, k].max() for k in range(x.shape[3])] for i in range(x.shape[0])])


@wrong("global_avg_pool", "P7c")
def divided_by_the_height_twice(x, keepdims=False):
    """The sum is divided by the height squared."""
    side = x.shape[1]
    totals = np.einsum("nhwc->nc", x.astype(float)) / (side * side)
    return totals[:, np.newaxis, np.newaxis, :] if keepdims else totals


@wrong("global_avg_pool", "F3a")
def one_axis_averaged(x, keepdims=False):
    """Only the height is averaged."""
    return np.average(x, axis=1, keepdims=keepdims)


@wrong("global_avg_pool", "M33")
def pixels_in_a_row(x, keepdims=False):
    """reshape to (n, channels, pixels) mixes the channels."""
    n, h, w, c = x.shape
    means = x.reshape((n, c, h * w)).mean(axis=-1)
    return means.reshape(n, 1, 1, c) if keepdims else means
