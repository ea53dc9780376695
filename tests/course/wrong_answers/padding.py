"""Notebook 04."""

from __future__ import annotations

import math

import numpy as np

from tests.course.wrong_answers import stops, wrong

# --- same_padding -------------------------------------------------------------------------------------------------


@wrong("same_padding", "F43a")
def floor_and_one(n, k, stride=1):
    """floor(total / 2) + 1 is meant as rounding up, on both sides."""
    out = math.ceil(n / stride)
    total = max((out - 1) * stride + k - n, 0)
    p = math.floor(total / 2) + 1
    return p, p


@wrong("same_padding", "M20a")
def formula_that_keeps_the_size(n, k, stride=1):
    """The padding is what keeps the size at any stride: ceil(((n - 1) * s + k - n) / 2)."""
    p = int(np.ceil(((n - 1) * stride + k - n) / 2))
    return p, p


@wrong("same_padding", "M21")
def formula_with_one_more(n, k, stride=1):
    """((n - 1) * s + k - n) // 2 + 1: the size is kept, and one is added to round up."""
    pad = ((n - 1) * stride + k - n) // 2 + 1
    return [pad, pad]


@wrong("same_padding", "M18")
def stride_not_in_it(n, k, stride=1):
    """The total is k - 1 at any stride."""
    before = (k - 1) // 2
    return before, k - 1 - before


@wrong("same_padding", "M16")
def half_the_kernel(n, k, stride=1):
    """k // 2 on both sides."""
    return k // 2, k // 2


@wrong("same_padding", "F48")
def half_of_k_minus_one(n, k, stride=1):
    """(k - 1) / 2, cut to a whole number, on both sides."""
    return tuple([int((k - 1) / 2)] * 2)


@wrong("same_padding", "F49a")
def ceiling_twice(n, k, stride=1):
    """Half of the total is rounded up on both sides."""
    windows = -(-n // stride)
    missing = (windows - 1) * stride + k - n
    side = math.ceil(max(missing, 0) / 2)
    return side, side


@wrong("same_padding", "M17")
def larger_half_first(n, k, stride=1):
    """The larger half comes before the image."""
    missing = max(0, (math.ceil(n / stride) - 1) * stride + k - n)
    return missing - missing // 2, missing // 2


@wrong("same_padding", "F53")
def may_go_below_zero(n, k, stride=1):
    """The total may fall below 0."""
    windows = int(np.ceil(n / stride))
    needed = (windows - 1) * stride + k
    total = needed - n
    return total // 2, total - total // 2


@wrong("same_padding", "F93")
def rounded_by_python(n, k, stride=1):
    """Half of the total is rounded with round, which turns 1.5 into 2 and 0.5 into 0."""
    total = max((math.ceil(n / stride) - 1) * stride + k - n, 0)
    before = round(total / 2)
    after = total - before
    return before, after


@wrong("same_padding", "F43c")
def floor_and_one_window(n, k, stride=1):
    """n // stride + 1 windows are counted, to round up."""
    windows = n // stride + 1
    missing = max((windows - 1) * stride + k - n, 0)
    return missing // 2, missing - missing // 2


# --- pad2d --------------------------------------------------------------------------------------------------------


@wrong("pad2d", "F50")
def value_ignored(image, pads, value=0.0):
    """The frame is always 0."""
    return np.pad(image.astype(float), pads, mode="constant")


@wrong("pad2d", "F55b")
def corners_unpacked(image, pads, value=0.0):
    """The pads are read as ((top, left), (bottom, right))."""
    (top, left), (bottom, right) = pads
    h, w = image.shape
    framed = np.ones((h + top + bottom, w + left + right)) * value
    framed[top : top + h, left : left + w] = image
    return framed


@wrong("pad2d", "M27")
def minus_the_bottom(image, pads, value=0.0):
    """The image goes to `top:-bottom`, which is empty for 0."""
    (t, b), (l, r) = pads  # noqa: E741
    canvas = np.full((image.shape[0] + t + b, image.shape[1] + l + r), float(value))
    canvas[t:-b, l:-r] = image
    return canvas


@wrong("pad2d", "M42")
def filled_like_the_image(image, pads, value=0.0):
    """The frame has the type of the image, and a fraction is lost in it."""
    (top, bottom), (left, right) = pads
    rows, cols = image.shape
    out = np.empty((top + rows + bottom, left + cols + right), dtype=image.dtype)
    out[:] = value
    out[top : top + rows, left : left + cols] = image
    return out


@wrong("pad2d", "M22")
def stacked_the_other_way(image, pads, value=0.0):
    """The first pair goes to the sides, and the second above and below."""
    (left, right), (top, bottom) = pads
    h = image.shape[0]
    wide = np.hstack([np.full((h, left), value), image, np.full((h, right), value)])
    w = wide.shape[1]
    return np.vstack([np.full((top, w), value), wide, np.full((bottom, w), value)])


@wrong("pad2d", "F51a")
def top_and_left_left_out(image, pads, value=0.0):
    """The image is put at row 0 and column 0 of the larger array."""
    out = np.full((image.shape[0] + sum(pads[0]), image.shape[1] + sum(pads[1])), value, dtype=float)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i, j] = image[i, j]
    return out


@stops("pad2d", ValueError)
def from_top_to_the_end(image, pads, value=0.0):
    """The slice goes from top to the very end, over the rows at the bottom, too."""
    (top, bottom), (left, right) = pads
    out = np.full((image.shape[0] + top + bottom, image.shape[1] + left + right), value, dtype=float)
    out[top:, left:] = image
    return out


# --- conv2d_gray --------------------------------------------------------------------------------------------------


def both(strides):
    """A pair of one number or of two, rightly."""
    return strides if isinstance(strides, tuple) else (strides, strides)


def correlate(image, kernel, step):
    """Slide a window with strides, rightly; an image that is too small is refused."""
    sh, sw = step
    kh, kw = kernel.shape
    if image.shape[0] < kh or image.shape[1] < kw:
        raise ValueError("the kernel is larger than the image")
    out = np.zeros(((image.shape[0] - kh) // sh + 1, (image.shape[1] - kw) // sw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i * sh : i * sh + kh, j * sw : j * sw + kw] * kernel)
    return out


def needed(n, k, s):
    """The total of padding along an axis, rightly."""
    return max((math.ceil(n / s) - 1) * s + k - n, 0)


@wrong("conv2d_gray", "M20a")
def padded_to_keep_the_size(image, kernel, strides=1, padding="valid"):
    """As much is padded as keeps the size at any stride."""
    sh, sw = both(strides)
    h, w = image.shape
    kh, kw = kernel.shape
    ph = pw = 0
    if padding == "same":
        ph = int(np.ceil(((h - 1) * sh + kh - h) / 2))
        pw = int(np.ceil(((w - 1) * sw + kw - w) / 2))
    images = np.pad(image, [(ph, ph), (pw, pw)])
    new_h = int((h + 2 * ph - kh) / sh + 1)
    new_w = int((w + 2 * pw - kw) / sw + 1)
    if h + 2 * ph < kh or w + 2 * pw < kw:
        raise ValueError("no window")
    out = np.zeros((new_h, new_w))
    for x in range(new_h):
        for y in range(new_w):
            out[x, y] = (images[x * sh : x * sh + kh, y * sw : y * sw + kw] * kernel).sum()
    return out


@wrong("conv2d_gray", "M21")
def padded_and_one_more(image, kernel, strides=1, padding="valid"):
    """As much is padded as keeps the size, and one more to round up."""
    sh, sw = both(strides)
    h, w = image.shape
    kh, kw = kernel.shape
    if padding == "same":
        ph = (((h - 1) * sh) + kh - h) // 2 + 1
        pw = (((w - 1) * sw) + kw - w) // 2 + 1
        image = np.pad(image, ((ph, ph), (pw, pw)), "constant", constant_values=0)
    return correlate(image, kernel, (sh, sw))


@wrong("conv2d_gray", "F43a")
def half_and_one(image, kernel, strides=1, padding="valid"):
    """Half of the total and 1 on both sides."""
    if padding == "same":
        p, q = (needed(n, k, s) // 2 + 1 for n, k, s in zip(image.shape, kernel.shape, both(strides), strict=True))
        image = np.pad(image, ((p, p), (q, q)))
    return correlate(image, kernel, both(strides))


@wrong("conv2d_gray", "M18")
def same_for_stride_one(image, kernel, strides=1, padding="valid"):
    """The padding is k - 1, whatever the stride."""
    if padding == "same":
        (a, b), (c, d) = (((k - 1) // 2, k - 1 - (k - 1) // 2) for k in kernel.shape)
        bigger = np.zeros((image.shape[0] + a + b, image.shape[1] + c + d))
        bigger[a : a + image.shape[0], c : c + image.shape[1]] = image
        image = bigger
    return correlate(image, kernel, both(strides))


@wrong("conv2d_gray", "M18")
def every_second_of_same(image, kernel, strides=1, padding="valid"):
    """All windows are summed for a stride of 1, and every stride-th is kept."""
    sh, sw = both(strides)
    if padding == "same":
        image = np.pad(image, [((k - 1) // 2, k // 2) for k in kernel.shape])
    return correlate(image, kernel, (1, 1))[::sh, ::sw]


@wrong("conv2d_gray", "M16")
def half_the_kernel_round_it(image, kernel, strides=1, padding="valid"):
    """k // 2 zeros on each side."""
    kh, kw = kernel.shape
    pad_h, pad_w = (kh // 2, kw // 2) if padding == "same" else (0, 0)
    h, w = image.shape
    framed = np.zeros((h + 2 * pad_h, w + 2 * pad_w))
    framed[pad_h : pad_h + h, pad_w : pad_w + w] = image
    return correlate(framed, kernel, both(strides))


@wrong("conv2d_gray", "F48")
def even_kernels_one_short(image, kernel, strides=1, padding="valid"):
    """(k - 1) // 2 zeros on each side."""
    if padding == "same":
        ph, pw = (kernel.shape[0] - 1) // 2, (kernel.shape[1] - 1) // 2
        image = np.pad(image, ((ph, ph), (pw, pw)), mode="constant")
    return correlate(image, kernel, both(strides))


@wrong("conv2d_gray", "F49a")
def ceiling_on_each_side(image, kernel, strides=1, padding="valid"):
    """Half of the total is rounded up on each side."""
    if padding == "same":
        ph, pw = (
            int(np.ceil(needed(n, k, s) / 2)) for n, k, s in zip(image.shape, kernel.shape, both(strides), strict=True)
        )
        image = np.pad(image, ((ph,), (pw,)))
    return correlate(image, kernel, both(strides))


@wrong("conv2d_gray", "F49b")
def floor_on_each_side(image, kernel, strides=1, padding="valid"):
    """Half of the total is rounded down on each side."""
    sh, sw = both(strides)
    if padding == "same":
        ph = needed(image.shape[0], kernel.shape[0], sh) // 2
        pw = needed(image.shape[1], kernel.shape[1], sw) // 2
        image = np.pad(image, ((ph, ph), (pw, pw)))
    return correlate(image, kernel, (sh, sw))


@wrong("conv2d_gray", "F43c")
def a_window_more_than_fits(image, kernel, strides=1, padding="valid"):
    """The padding is worked out for n // stride + 1 windows."""
    sh, sw = both(strides)
    if padding == "same":
        rows, columns = image.shape[0] // sh + 1, image.shape[1] // sw + 1
        th = max((rows - 1) * sh + kernel.shape[0] - image.shape[0], 0)
        tw = max((columns - 1) * sw + kernel.shape[1] - image.shape[1], 0)
        image = np.pad(image, ((th // 2, th - th // 2), (tw // 2, tw - tw // 2)))
    return correlate(image, kernel, (sh, sw))


@wrong("conv2d_gray", "F93")
def halves_rounded_by_python(image, kernel, strides=1, padding="valid"):
    """What comes before the image is round(total / 2)."""
    if padding == "same":
        totals = [needed(n, k, s) for n, k, s in zip(image.shape, kernel.shape, both(strides), strict=True)]
        image = np.pad(image, [(round(t / 2), t - round(t / 2)) for t in totals])
    return correlate(image, kernel, both(strides))


@wrong("conv2d_gray", "F89")
def gray_output_in_steps(image, kernel, strides=1, padding="valid"):
    """The loops step through the output, and windows start at i and j."""
    sh, sw = both(strides)
    if padding == "same":
        totals = [needed(n, k, s) for n, k, s in zip(image.shape, kernel.shape, (sh, sw), strict=True)]
        image = np.pad(image, [(t // 2, t - t // 2) for t in totals])
    out = np.zeros_like(correlate(image, kernel, (sh, sw)))
    for r in range(0, len(out), sh):
        for c in range(0, len(out[0]), sw):
            out[r, c] = np.sum(image[r : r + kernel.shape[0], c : c + kernel.shape[1]] * kernel)
    return out


@wrong("conv2d_gray", "M17")
def odd_zero_at_the_top(image, kernel, strides=1, padding="valid"):
    """The odd row and column of zeros come first."""
    sh, sw = both(strides)
    if padding == "same":
        th = needed(image.shape[0], kernel.shape[0], sh)
        tw = needed(image.shape[1], kernel.shape[1], sw)
        bottom, right = th // 2, tw // 2
        image = np.pad(image, ((th - bottom, bottom), (tw - right, right)))
    return correlate(image, kernel, (sh, sw))


@wrong("conv2d_gray", "M25")
def zeros_round_the_result(image, kernel, strides=1, padding="valid"):
    """First the kernel slides, then zeros are put round the result."""
    sh, sw = both(strides)
    result = correlate(image, kernel, (sh, sw))
    if padding == "same":
        rows, cols = math.ceil(image.shape[0] / sh), math.ceil(image.shape[1] / sw)
        out = np.zeros((rows, cols))
        top, left = (rows - result.shape[0]) // 2, (cols - result.shape[1]) // 2
        out[top : top + result.shape[0], left : left + result.shape[1]] = result
        return out
    return result


@wrong("conv2d_gray", "F19")
def asked_for_the_type(image, kernel, strides=1, padding="valid"):
    """Whether to pad is asked in a way that is never true."""
    if type(padding) == "same":  # noqa: E721  that is the fault
        image = np.pad(image, [(k // 2, k // 2) for k in kernel.shape])
    return correlate(image, kernel, both(strides))


@wrong("conv2d_gray", "F55")
def one_pair_for_numpy(image, kernel, strides=1, padding="valid"):
    """np.pad gets (top, left), and takes it for before and after on both axes."""
    if padding == "same":
        top, left = (needed(n, k, s) // 2 for n, k, s in zip(image.shape, kernel.shape, both(strides), strict=True))
        image = np.pad(image, (top, left))
    return correlate(image, kernel, both(strides))


@wrong("conv2d_gray", "M22")
def padding_of_the_other_axis(image, kernel, strides=1, padding="valid"):
    """The padding of the width goes above and below."""
    sh, sw = both(strides)
    kh, kw = kernel.shape
    if padding == "same":
        h, w = needed(image.shape[0], kh, sh), needed(image.shape[1], kw, sw)
        image = np.pad(image, ((w // 2, w - w // 2), (h // 2, h - h // 2)))
    return correlate(image, kernel, (sh, sw))


@wrong("conv2d_gray", "F51a")
def kernel_cut_at_the_edge(image, kernel, strides=1, padding="valid"):
    """Windows start at the first pixel, and only those at the end hang over."""
    sh, sw = both(strides)
    if padding == "valid":
        return correlate(image, kernel, (sh, sw))
    out = np.zeros((math.ceil(image.shape[0] / sh), math.ceil(image.shape[1] / sw)))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            patch = image[i * sh : i * sh + kernel.shape[0], j * sw : j * sw + kernel.shape[1]]
            out[i, j] = np.sum(patch * kernel[: patch.shape[0], : patch.shape[1]])
    return out


@wrong("conv2d_gray", "F59")
def one_all_round(image, kernel, strides=1, padding="valid"):
    """One zero on every side, as for 3 x 3."""
    if padding == "same":
        image = np.pad(image, 1)
    return correlate(image, kernel, both(strides))


@wrong("conv2d_gray", "M24b")
def mirrored_at_the_edge(image, kernel, strides=1, padding="valid"):
    """The image is mirrored at its edge where zeros are meant."""
    if padding == "same":
        pads = [
            (needed(n, k, s) // 2, (needed(n, k, s) + 1) // 2)
            for n, k, s in zip(image.shape, kernel.shape, both(strides), strict=True)
        ]
        image = np.pad(image, pads, "reflect")
    return correlate(image, kernel, both(strides))


@wrong("conv2d_gray", "M20b")
def size_kept_with_the_odd_one_last(image, kernel, strides=1, padding="valid"):
    """The size is kept at any stride, the odd zero last."""
    sh, sw = both(strides)
    if padding == "same":
        th = image.shape[0] * (sh - 1) + kernel.shape[0] - sh
        tw = image.shape[1] * (sw - 1) + kernel.shape[1] - sw
        image = np.pad(image, ((th // 2, math.ceil(th / 2)), (tw // 2, math.ceil(tw / 2))))
    return correlate(image, kernel, (sh, sw))


@wrong("conv2d_gray", "M11")
def x_before_y(image, kernel, strides=1, padding="valid"):
    """The strides are read as (width, height), for padding and for steps."""
    sw, sh = both(strides)
    if padding == "same":
        th = needed(image.shape[0], kernel.shape[0], sh)
        tw = needed(image.shape[1], kernel.shape[1], sw)
        image = np.pad(image, ((th // 2, th - th // 2), (tw // 2, tw - tw // 2)))
    return correlate(image, kernel, (sh, sw))


@stops("conv2d_gray", ValueError, "M26")
def padded_in_vain(image, kernel, strides=1, padding="valid"):
    """The image is padded, and windows are cut from the one without padding."""
    sh, sw = both(strides)
    kh, kw = kernel.shape
    padded = image
    if padding == "same":
        th, tw = needed(image.shape[0], kh, sh), needed(image.shape[1], kw, sw)
        padded = np.pad(image, ((th // 2, th - th // 2), (tw // 2, tw - tw // 2)))
    if padded.shape[0] < kh or padded.shape[1] < kw:
        raise ValueError("too small")
    out = np.zeros(((padded.shape[0] - kh) // sh + 1, (padded.shape[1] - kw) // sw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i * sh : i * sh + kh, j * sw : j * sw + kw] * kernel)
    return out


@stops("conv2d_gray", TypeError)
def ceiling_left_a_float(image, kernel, strides=1, padding="valid"):
    """np.ceil gives a float, and an array cannot be made of it."""
    sh, sw = both(strides)
    if padding == "same":
        rows, cols = np.ceil(image.shape[0] / sh), np.ceil(image.shape[1] / sw)
        image = np.vstack([image, np.zeros((rows - image.shape[0] + 1, cols))])
    return correlate(image, kernel, (sh, sw))
