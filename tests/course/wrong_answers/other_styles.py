"""Layouts, windows, strides and finishes that go wrong, in functions of several notebooks and in several styles."""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from tests.course.wrong_answers import stops, wrong


def two(value):
    """A pair of one number or of two, rightly."""
    return value if isinstance(value, tuple) else (value, value)


def total_of(n, k, s):
    """The total of padding along an axis, rightly."""
    return max((math.ceil(n / s) - 1) * s + k - n, 0)


def framed(x, k, s, padding, value=0.0):
    """Images in a frame under "same", rightly."""
    if padding != "same":
        return x.astype(float)
    th, tw = total_of(x.shape[1], k[0], s[0]), total_of(x.shape[2], k[1], s[1])
    pads = ((0, 0), (th // 2, th - th // 2), (tw // 2, tw - tw // 2), (0, 0))
    return np.pad(x.astype(float), pads, constant_values=value)


def framed_gray(image, k, s, padding):
    """A gray image in a frame of zeros under "same", rightly."""
    return framed(image[None, :, :, None], k, s, padding)[0, :, :, 0]


def layer(x, w, b=None, strides=1, padding="valid", activation=None):
    """A layer, rightly."""
    s = two(strides)
    view = sliding_window_view(framed(x, w.shape[:2], s, padding), w.shape[:2], (1, 2))[:, :: s[0], :: s[1]]
    out = np.einsum("nyxcij,ijco->nyxo", view, w.astype(float)) + (0 if b is None else b)
    return np.maximum(out, 0) if activation == "relu" else out


def largest(x, pool_size=2, strides=None, padding="valid"):
    """Max pooling, rightly."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    return sliding_window_view(framed(x, k, s, padding, -np.inf), k, (1, 2))[:, :: s[0], :: s[1]].max((4, 5))


@wrong("conv2d", "F21")
def channels_first_in_loops(x, w, b=None, strides=1, padding="valid", activation=None):
    """Images and maps are read and written channels first, as in PyTorch."""
    s = two(strides)
    n, c, h, wd = x.shape
    kh, kw, _, f = w.shape
    if padding == "same":
        th, tw = (total_of(h, kh, s[0]), total_of(wd, kw, s[1]))
        x = np.pad(x.astype(float), ((0, 0), (0, 0), (th // 2, th - th // 2), (tw // 2, tw - tw // 2)))
    oh, ow = ((x.shape[2] - kh) // s[0] + 1, (x.shape[3] - kw) // s[1] + 1)
    out = np.zeros((n, f, oh, ow))
    for i in range(n):
        for o in range(f):
            for y in range(oh):
                for z in range(ow):
                    for ch in range(c):
                        out[i, o, y, z] += np.sum(
                            x[i, ch, y * s[0] : y * s[0] + kh, z * s[1] : z * s[1] + kw] * w[:, :, ch, o]
                        )
                    out[i, o, y, z] += 0 if b is None else b[o]
    return np.maximum(out, 0) if activation == "relu" else out


@wrong("conv2d", "F98")
def images_transposed_first(x, w, b=None, strides=1, padding="valid", activation=None):
    """The images are transposed as if they came channels first."""
    x = x.transpose(0, 2, 3, 1)
    s = two(strides)
    p = framed(x, w.shape[:2], s, padding)
    out = np.tensordot(sliding_window_view(p, w.shape[:2], (1, 2))[:, :: s[0], :: s[1]], w, ([3, 4, 5], [2, 0, 1]))
    if b is not None:
        out = out + b
    return np.maximum(out, 0) if activation == "relu" else out


@wrong("conv2d", "F65")
def maps_transposed_last(x, w, b=None, strides=1, padding="valid", activation=None):
    """The maps are transposed to channels first before they are returned."""
    return layer(x, w, b, strides, padding, activation).transpose(0, 3, 1, 2)


@wrong("avg_pool2d", "F21")
def torch_average(x, pool_size=2, strides=None, padding="valid"):
    """Means are taken over axes 2 and 3, and counted rightly."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    _count, _planes, high, wide = x.shape
    x = x.astype(float)
    one = np.ones_like(x)
    if padding == "same":
        pads = [(0, 0), (0, 0)] + [
            (t // 2, t - t // 2) for t in (total_of(high, k[0], s[0]), total_of(wide, k[1], s[1]))
        ]
        x, one = (np.pad(x, pads), np.pad(one, pads))

    def f(a):
        return sliding_window_view(a, k, (2, 3))[:, :, :: s[0], :: s[1]].sum((4, 5))

    return f(x) / f(one)


@wrong("max_pool2d", "F98")
def pooled_after_a_transpose(x, pool_size=2, strides=None, padding="valid"):
    """The images are transposed as if they came channels first."""
    return largest(np.transpose(x, (0, 2, 3, 1)), pool_size, strides, padding)


@wrong("avg_pool2d", "F65")
def means_moved_to_the_front(x, pool_size=2, strides=None, padding="valid"):
    """The channels of the result stand before height and width."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    p = framed(x, k, s, padding)
    o = framed(np.ones(x.shape), k, s, padding)

    def f(a):
        return sliding_window_view(a, k, (1, 2))[:, :: s[0], :: s[1]].sum((4, 5))

    return np.moveaxis(f(p) / f(o), 3, 1)


@wrong("conv2d_einsum", "F21")
def letters_of_torch(x, w, strides=1):
    """The letters of the einsum are those of channels first."""
    s = two(strides)
    v = sliding_window_view(x, w.shape[:2], axis=(2, 3))[:, :, :: s[0], :: s[1]]
    return np.einsum("ncyxij,ijco->noyx", v, w)


@wrong("windows", "F21")
def view_over_the_last_axes(x, kernel_size, strides=1):
    """Windows are cut over axes 2 and 3."""
    s = two(strides)
    return sliding_window_view(x, two(kernel_size), axis=(2, 3))[:, :, :: s[0], :: s[1]]


@wrong("conv2d_im2col", "F98")
def rows_of_torch(x, w, strides=1):
    """Windows are cut channels first, and the maps are put together channels last."""
    s = two(strides)
    n, _c, h, wd = x.shape
    kh, kw, _ci, f = w.shape
    oh, ow = ((h - kh) // s[0] + 1, (wd - kw) // s[1] + 1)
    rows = [
        x[i, :, y * s[0] : y * s[0] + kh, z * s[1] : z * s[1] + kw].transpose(1, 2, 0).ravel()
        for i in range(n)
        for y in range(oh)
        for z in range(ow)
    ]
    return (np.array(rows) @ w.reshape(-1, f)).reshape(n, oh, ow, f)


@wrong("max_pool2d", "F21")
def six_loops_of_torch(x, pool_size=2, strides=None, padding="valid"):
    """Every loop is that of channels first."""
    k = two(pool_size)
    s = two(strides or pool_size)
    count, planes, high, wide = x.shape
    th, tw = (total_of(high, k[0], s[0]), total_of(wide, k[1], s[1])) if padding == "same" else (0, 0)
    oh, ow = ((high + th - k[0]) // s[0] + 1, (wide + tw - k[1]) // s[1] + 1)
    out = np.full((count, planes, max(oh, 0), max(ow, 0)), -np.inf)
    for n in range(count):
        for c in range(planes):
            for i in range(oh):
                for j in range(ow):
                    for a in range(k[0]):
                        for b in range(k[1]):
                            r, q = (i * s[0] + a - th // 2, j * s[1] + b - tw // 2)
                            if 0 <= r < high and 0 <= q < wide and (x[n, c, r, q] > out[n, c, i, j]):
                                out[n, c, i, j] = x[n, c, r, q]
    return out


@wrong("conv2d_strided", "M44")
def cut_to_the_stride(image, kernel, strides=1):
    """The slices of a comprehension end one stride after their start."""
    s = two(strides)
    h, w_ = kernel.shape
    if h > image.shape[0] or w_ > image.shape[1]:
        raise ValueError
    return np.array(
        [
            [np.sum(image[i : i + s[0], j : j + s[1]] * kernel) for j in range(0, image.shape[1] - w_ + 1, s[1])]
            for i in range(0, image.shape[0] - h + 1, s[0])
        ]
    )


@wrong("avg_pool2d", "M44")
def mean_over_the_stride(x, pool_size=2, strides=None, padding="valid"):
    """The pixels of one stride are averaged, whatever the pool."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    n, high, wide, c = x.shape
    th, tw = (total_of(high, k[0], s[0]), total_of(wide, k[1], s[1])) if padding == "same" else (0, 0)
    oh, ow = ((high + th - k[0]) // s[0] + 1, (wide + tw - k[1]) // s[1] + 1)
    out = np.zeros((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            r, q = (i * s[0] - th // 2, j * s[1] - tw // 2)
            out[:, i, j] = x[:, max(r, 0) : r + s[0], max(q, 0) : q + s[1]].mean(axis=(1, 2))
    return out


@wrong("conv2d_gray", "M44")
def from_stride_to_stride(image, kernel, strides=1, padding="valid"):
    """Windows reach from i * stride to (i + 1) * stride."""
    s = two(strides)
    p = framed_gray(image, kernel.shape, s, padding)
    kh, kw = kernel.shape
    oh, ow = ((p.shape[0] - kh) // s[0] + 1, (p.shape[1] - kw) // s[1] + 1)
    if oh < 1 or ow < 1:
        raise ValueError
    out = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            out[i, j] = (p[i * s[0] : (i + 1) * s[0], j * s[1] : (j + 1) * s[1]] * kernel).sum()
    return out


@wrong("conv2d", "M45")
def index_plus_stride(x, w, b=None, strides=1, padding="valid", activation=None):
    """A window starts at i + (stride - 1)."""
    s = two(strides)
    p = framed(x, w.shape[:2], s, padding)
    kh, kw, _c, f = w.shape
    oh, ow = ((p.shape[1] - kh) // s[0] + 1, (p.shape[2] - kw) // s[1] + 1)
    out = np.zeros((len(x), oh, ow, f))
    for n in range(len(x)):
        for i in range(oh):
            for j in range(ow):
                for o in range(f):
                    v, h = (i + (s[0] - 1), j + (s[1] - 1))
                    out[n, i, j, o] = np.sum(p[n, v : v + kh, h : h + kw] * w[..., o]) + (b[o] if b is not None else 0)
    return np.maximum(out, 0) if activation == "relu" else out


@wrong("max_pool2d", "M45")
def stacked_from_the_stride_on(x, pool_size=2, strides=None, padding="valid"):
    """Stacked windows start at i + stride - 1."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    p = framed(x, k, s, padding, -np.inf)
    oh, ow = ((p.shape[1] - k[0]) // s[0] + 1, (p.shape[2] - k[1]) // s[1] + 1)
    return np.stack(
        [
            np.stack(
                [
                    p[:, i + s[0] - 1 : i + s[0] - 1 + k[0], j + s[1] - 1 : j + s[1] - 1 + k[1]].max((1, 2))
                    for j in range(ow)
                ],
                1,
            )
            for i in range(oh)
        ],
        1,
    )


@wrong("conv2d", "M46")
def steps_in_loop_and_index(x, w, b=None, strides=1, padding="valid", activation=None):
    """The loops step through the output, and the index is multiplied as well."""
    s = two(strides)
    p = framed(x, w.shape[:2], s, padding)
    kh, kw, _c, f = w.shape
    oh, ow = ((p.shape[1] - kh) // s[0] + 1, (p.shape[2] - kw) // s[1] + 1)
    out = np.zeros((len(x), oh, ow, f))
    for i in range(0, oh, s[0]):
        for j in range(0, ow, s[1]):
            out[:, i, j] = np.tensordot(p[:, i * s[0] : i * s[0] + kh, j * s[1] : j * s[1] + kw], w, 3)
    if b is not None:
        out += b
    return np.maximum(out, 0) if activation == "relu" else out


@wrong("avg_pool2d", "M46")
def means_at_every_stride(x, pool_size=2, strides=None, padding="valid"):
    """The loops step through the output, and the index is multiplied as well."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    p, o = (framed(x, k, s, padding), framed(np.ones(x.shape), k, s, padding))
    out = np.zeros((len(x), (p.shape[1] - k[0]) // s[0] + 1, (p.shape[2] - k[1]) // s[1] + 1, x.shape[3]))
    for i in range(0, out.shape[1], s[0]):
        for j in range(0, out.shape[2], s[1]):
            out[:, i, j] = p[:, i * s[0] : i * s[0] + k[0], j * s[1] : j * s[1] + k[1]].sum((1, 2)) / o[
                :, i * s[0] : i * s[0] + k[0], j * s[1] : j * s[1] + k[1]
            ].sum((1, 2))
    return out


@stops("conv2d", IndexError, "M47")
def maps_filled_at_pixels(x, w, b=None, strides=1, padding="valid", activation=None):
    """The loops step through the image, and its pixels are the places of the output."""
    s = two(strides)
    p = framed(x, w.shape[:2], s, padding)
    kh, kw, _c, f = w.shape
    out = np.zeros((len(x), (p.shape[1] - kh) // s[0] + 1, (p.shape[2] - kw) // s[1] + 1, f))
    for n in range(len(x)):
        for o in range(f):
            for i in range(0, p.shape[1] - kh + 1, s[0]):
                for j in range(0, p.shape[2] - kw + 1, s[1]):
                    out[n, i, j, o] = (p[n, i : i + kh, j : j + kw] * w[..., o]).sum() + (0 if b is None else b[o])
    return np.maximum(out, 0) if activation == "relu" else out


@stops("max_pool2d", IndexError, "M47")
def maxima_stored_at_pixels(x, pool_size=2, strides=None, padding="valid"):
    """The loops step through the image, and its pixels are the places of the output."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    p = framed(x, k, s, padding, -np.inf)
    out = np.zeros((len(x), (p.shape[1] - k[0]) // s[0] + 1, (p.shape[2] - k[1]) // s[1] + 1, x.shape[3]))
    for r in range(0, p.shape[1] - k[0] + 1, s[0]):
        for q in range(0, p.shape[2] - k[1] + 1, s[1]):
            out[:, r, q] = p[:, r : r + k[0], q : q + k[1]].max((1, 2))
    return out


@stops("conv2d_gray", IndexError, "M47")
def sums_stored_at_pixels(image, kernel, strides=1, padding="valid"):
    """The loops step through the image, and its pixels are the places of the output."""
    s = two(strides)
    p = framed_gray(image, kernel.shape, s, padding)
    kh, kw = kernel.shape
    if kh > p.shape[0] or kw > p.shape[1]:
        raise ValueError("no window")
    out = np.zeros(((p.shape[0] - kh) // s[0] + 1, (p.shape[1] - kw) // s[1] + 1))
    for i in range(0, p.shape[0] - kh + 1, s[0]):
        for j in range(0, p.shape[1] - kw + 1, s[1]):
            acc = 0
            for a in range(kh):
                for b in range(kw):
                    acc += p[i + a, j + b] * kernel[a, b]
            out[i, j] = acc
    return out


@wrong("conv2d_valid", "M48")
def slices_one_short(image, kernel):
    """Slices of the window and of the kernel end one short."""
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + kh - 1, j : j + kw - 1] * kernel[:-1, :-1]).sum()
    return out


@wrong("max_pool2d", "M48a")
def slices_end_at_size_minus_one(x, pool_size=2, strides=None, padding="valid"):
    """The slices of a window end one short."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    p = framed(x, k, s, padding, -np.inf)
    out = np.zeros((len(x), (p.shape[1] - k[0]) // s[0] + 1, (p.shape[2] - k[1]) // s[1] + 1, x.shape[3]))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            out[:, i, j] = p[:, i * s[0] : i * s[0] + k[0] - 1, j * s[1] : j * s[1] + k[1] - 1].max((1, 2))
    return out


@wrong("max_pool2d", "M48b")
def slices_end_at_size_plus_one(x, pool_size=2, strides=None, padding="valid"):
    """The slices of a window end one too late."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    p = framed(x, k, s, padding, -np.inf)
    out = np.zeros((len(x), (p.shape[1] - k[0]) // s[0] + 1, (p.shape[2] - k[1]) // s[1] + 1, x.shape[3]))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            out[:, i, j] = p[:, i * s[0] : i * s[0] + k[0] + 1, j * s[1] : j * s[1] + k[1] + 1].max((1, 2))
    return out


@wrong("avg_pool2d", "M48a")
def mean_of_a_smaller_window(x, pool_size=2, strides=None, padding="valid"):
    """The slices of a window end one short."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    n, high, wide, c = x.shape
    th, tw = (total_of(high, k[0], s[0]), total_of(wide, k[1], s[1])) if padding == "same" else (0, 0)
    oh, ow = ((high + th - k[0]) // s[0] + 1, (wide + tw - k[1]) // s[1] + 1)
    out = np.zeros((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            r, q = (i * s[0] - th // 2, j * s[1] - tw // 2)
            out[:, i, j] = x[:, max(r, 0) : r + k[0] - 1, max(q, 0) : q + k[1] - 1].mean(axis=(1, 2))
    return out


@wrong("conv2d", "M48")
def ranges_of_size_minus_one(x, w, b=None, strides=1, padding="valid", activation=None):
    """The loops over the window stop one short."""
    s = two(strides)
    p = framed(x, w.shape[:2], s, padding)
    kh, kw, _c, f = w.shape
    out = np.zeros((len(x), (p.shape[1] - kh) // s[0] + 1, (p.shape[2] - kw) // s[1] + 1, f))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            for a in range(kh - 1):
                for bb in range(kw - 1):
                    out[:, i, j] += p[:, i * s[0] + a, j * s[1] + bb] @ w[a, bb]
    if b is not None:
        out = out + b
    return np.maximum(out, 0) if activation == "relu" else out


@wrong("conv2d_valid", "M3b")
def times_the_transpose(image, kernel):
    """Each window is multiplied by the transpose of the kernel."""
    kh, kw = kernel.shape
    return np.array(
        [
            [(image[i : i + kh, j : j + kw] * kernel.T).sum() for j in range(image.shape[1] - kw + 1)]
            for i in range(image.shape[0] - kh + 1)
        ]
    )


@wrong("conv2d_strided", "M3", "M3b")
def row_and_column_of_the_kernel_swapped(image, kernel, strides=1):
    """The kernel is read at [b, a]; where that is not there, it raises."""
    s = two(strides)
    kh, kw = kernel.shape
    if kh > image.shape[0] or kw > image.shape[1]:
        raise ValueError
    out = np.zeros(((image.shape[0] - kh) // s[0] + 1, (image.shape[1] - kw) // s[1] + 1))
    for i, j in np.ndindex(*out.shape):
        for a in range(kh):
            for b in range(kw):
                out[i, j] += image[i * s[0] + a, j * s[1] + b] * kernel[b, a]
    return out


@wrong("conv2d_gray", "M3b")
def letters_of_the_kernel_swapped(image, kernel, strides=1, padding="valid"):
    """The letters of the kernel are swapped in the einsum."""
    s = two(strides)
    p = framed_gray(image, kernel.shape, s, padding)
    kh, kw = kernel.shape
    if kh > p.shape[0] or kw > p.shape[1]:
        raise ValueError("no window")
    return np.einsum("yxij,ji->yx", sliding_window_view(p, kernel.shape)[:: s[0], :: s[1]], kernel)


@wrong("conv2d_one_filter", "M3b")
def letters_of_one_filter_swapped(image, kernel, bias):
    """The letters of the filter are swapped in the einsum."""
    return np.einsum("yxcij,jic->yx", sliding_window_view(image, kernel.shape[:2], (0, 1)), kernel.astype(float)) + bias


@wrong("conv2d", "M24c")
def padded_with_the_other_side(x, w, b=None, strides=1, padding="valid", activation=None):
    """np.pad wraps the image round."""
    s = two(strides)
    if padding == "same":
        th, tw = (total_of(x.shape[1], w.shape[0], s[0]), total_of(x.shape[2], w.shape[1], s[1]))
        x = np.pad(x, ((0, 0), (th // 2, th - th // 2), (tw // 2, tw - tw // 2), (0, 0)), mode="wrap")
    return layer(x, w, b, strides, "valid", activation)


@wrong("conv2d_gray", "M24c")
def rolled_images(image, kernel, strides=1, padding="valid"):
    """Images are rolled instead of cut, and come in again at the other side."""
    s = two(strides)
    high, wide = image.shape
    kh, kw = kernel.shape
    if padding == "same":
        oh, ow = (-(-high // s[0]), -(-wide // s[1]))
        top, left = (total_of(high, kh, s[0]) // 2, total_of(wide, kw, s[1]) // 2)
    else:
        if kh > high or kw > wide:
            raise ValueError
        oh, ow, top, left = ((high - kh) // s[0] + 1, (wide - kw) // s[1] + 1, 0, 0)
    out = np.zeros((oh, ow))
    for a in range(kh):
        for b in range(kw):
            out += np.roll(image.astype(float), (top - a, left - b), (0, 1))[:: s[0], :: s[1]][:oh, :ow] * kernel[a, b]
    return out


@wrong("avg_pool2d", "M24d")
def mean_with_negative_indices(x, pool_size=2, strides=None, padding="valid"):
    """Only the far edge is guarded, and negative indices count from it."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    n, high, wide, c = x.shape
    th, tw = (total_of(high, k[0], s[0]), total_of(wide, k[1], s[1])) if padding == "same" else (0, 0)
    oh, ow = ((high + th - k[0]) // s[0] + 1, (wide + tw - k[1]) // s[1] + 1)
    out = np.zeros((n, oh, ow, c))
    for i in range(oh):
        for j in range(ow):
            vals = [
                x[:, i * s[0] + a - th // 2, j * s[1] + b - tw // 2]
                for a in range(k[0])
                for b in range(k[1])
                if i * s[0] + a - th // 2 < high and j * s[1] + b - tw // 2 < wide
            ]
            out[:, i, j] = sum(v.astype(float) for v in vals) / len(vals)
    return out


@wrong("max_pool2d", "M24c")
def indices_modulo_the_size(x, pool_size=2, strides=None, padding="valid"):
    """Indices are taken modulo the size of the image."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    _n, high, wide, _c = x.shape
    th, tw = (total_of(high, k[0], s[0]), total_of(wide, k[1], s[1])) if padding == "same" else (0, 0)
    oh, ow = ((high + th - k[0]) // s[0] + 1, (wide + tw - k[1]) // s[1] + 1)
    rows = [[(i * s[0] - th // 2 + a) % high for a in range(k[0])] for i in range(oh)]
    cols = [[(j * s[1] - tw // 2 + b) % wide for b in range(k[1])] for j in range(ow)]
    return np.stack([np.stack([x[:, r][:, :, q].max((1, 2)) for q in cols], 1) for r in rows], 1)


@wrong("conv2d_strided", "M52")
def clipped_for_a_picture(image, kernel, strides=1):
    """The sums are clipped to 0..255."""
    s = two(strides)
    kh, kw = kernel.shape
    if kh > image.shape[0] or kw > image.shape[1]:
        raise ValueError
    return np.clip(
        np.einsum("yxij,ij->yx", sliding_window_view(image.astype(float), kernel.shape)[:: s[0], :: s[1]], kernel),
        0,
        255,
    )


@wrong("conv2d_gray", "M53")
def stretched_for_a_picture(image, kernel, strides=1, padding="valid"):
    """The sums are stretched to 0..255."""
    s = two(strides)
    p = framed_gray(image, kernel.shape, s, padding)
    kh, kw = kernel.shape
    if kh > p.shape[0] or kw > p.shape[1]:
        raise ValueError("no window")
    o = np.einsum("yxij,ij->yx", sliding_window_view(p, kernel.shape)[:: s[0], :: s[1]], kernel)
    return 255 * (o - o.min()) / (o.max() - o.min())


@wrong("conv2d_one_filter", "M54a")
def filter_normalised(image, kernel, bias):
    """The filter is divided by its sum."""
    kernel = kernel / np.sum(kernel)
    return np.tensordot(sliding_window_view(image, kernel.shape[:2], (0, 1)), kernel, ([2, 3, 4], [2, 0, 1])) + bias


@wrong("true_convolution", "M51")
def without_sign(image, kernel):
    """The absolute values are returned."""
    k = kernel[::-1, ::-1]
    return abs((sliding_window_view(image, k.shape) * k).sum((2, 3)).astype(float))


@wrong("conv2d_valid", "M54b")
def normalised_unless_zero(image, kernel):
    """The kernel is divided by its sum, if that is not 0."""
    total = kernel.sum()
    if total != 0:
        kernel = kernel / total
    return (sliding_window_view(image, kernel.shape) * kernel).sum((2, 3))


@wrong("conv2d", "M55")
def one_at_most(x, w, b=None, strides=1, padding="valid", activation=None):
    """The maps are divided by their largest number."""
    o = layer(x, w, b, strides, padding, activation)
    return o / o.max()


@wrong("max_pool2d", "P11c")
def minimum_of_each_window(x, pool_size=2, strides=None, padding="valid"):
    """The minimum is taken, padded with infinity."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    p = framed(x, k, s, padding, np.inf)
    return sliding_window_view(p, k, (1, 2))[:, :: s[0], :: s[1]].min((4, 5))


@wrong("global_max_pool", "P11d")
def median_of_a_channel(x, keepdims=False):
    """The median is taken."""
    return np.median(x, axis=(1, 2), keepdims=keepdims)


@wrong("global_max_pool", "P11e")
def argmax_of_a_channel(x, keepdims=False):
    """The place of the largest pixel is returned."""
    o = np.array([[np.argmax(x[n, :, :, c]) for c in range(x.shape[3])] for n in range(len(x))])
    return o[:, None, None] if keepdims else o


@wrong("avg_pool2d", "P11d")
def median_of_each_window(x, pool_size=2, strides=None, padding="valid"):
    """The median is taken, without the padding."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    p = framed(x, k, s, padding, np.nan)
    return np.nanmedian(sliding_window_view(p, k, (1, 2))[:, :: s[0], :: s[1]], axis=(4, 5))


@wrong("max_pool2d", "M49")
def window_out_of_all_images(x, pool_size=2, strides=None, padding="valid"):
    """A window is cut out of all images."""
    k = two(pool_size)
    s = k if strides is None else two(strides)
    p = framed(x, k, s, padding, -np.inf)
    out = np.zeros((len(x), (p.shape[1] - k[0]) // s[0] + 1, (p.shape[2] - k[1]) // s[1] + 1, x.shape[3]))
    for n, i, j, c in np.ndindex(*out.shape):
        out[n, i, j, c] = p[:, i * s[0] : i * s[0] + k[0], j * s[1] : j * s[1] + k[1], c].max()
    return out


@wrong("conv2d", "F72")
def window_times_all_filters(x, w, b=None, strides=1, padding="valid", activation=None):
    """A window is multiplied by all filters."""
    s = two(strides)
    p = framed(x, w.shape[:2], s, padding)
    kh, kw, _c, f = w.shape
    out = np.zeros((len(x), (p.shape[1] - kh) // s[0] + 1, (p.shape[2] - kw) // s[1] + 1, f))
    for n, i, j, o in np.ndindex(*out.shape):
        out[n, i, j, o] = (p[n, i * s[0] : i * s[0] + kh, j * s[1] : j * s[1] + kw, :, None] * w).sum() + (
            0 if b is None else b[o]
        )
    return np.maximum(out, 0) if activation == "relu" else out


@wrong("conv2d_one_filter", "M50")
def window_of_all_channels(image, kernel, bias):
    """A window of all channels is multiplied by each slice of the filter."""
    kh, kw, c = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i, j in np.ndindex(*out.shape):
        for ch in range(c):
            out[i, j] += (image[i : i + kh, j : j + kw] * kernel[:, :, ch : ch + 1]).sum()
    return out + bias


@wrong("global_avg_pool", "M49")
def channel_of_all_images(x, keepdims=False):
    """A channel is taken of all images."""
    o = np.zeros((x.shape[0], x.shape[3]))
    for n in range(len(o)):
        for c in range(o.shape[1]):
            o[n, c] = x[:, :, :, c].mean()
    return o[:, None, None] if keepdims else o


@wrong("global_max_pool", "P2b")
def image_of_all_channels(x, keepdims=False):
    """The largest pixel of all channels is taken for each."""
    o = np.array([[x[n].max() for c in range(x.shape[3])] for n in range(len(x))])
    return o.reshape(len(x), 1, 1, -1) if keepdims else o


@wrong("dense", "N66")
def units_first(x, w, b):
    """The letters of the weights are swapped."""
    return np.einsum("nk,uk->nu", x, w) + b


@wrong("dense", "N66")
def units_in_a_loop(x, w, b):
    """A loop over the rows of the weights takes them for units."""
    return np.array([[sum(r * u) + c for u, c in zip(w, b, strict=True)] for r in x])
