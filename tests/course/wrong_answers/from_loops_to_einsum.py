"""Notebook 07."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view

from tests.course.wrong_answers import stops, wrong


def two(value):
    """A pair of one number or of two, rightly."""
    return value if isinstance(value, tuple) else (value, value)


def cut(x, size, step):
    """All windows, rightly: (n, y, x, i, j, c)."""
    view = sliding_window_view(x, size, axis=(1, 2))[:, :: step[0], :: step[1]]
    return np.moveaxis(view, 3, 5)


# --- windows ------------------------------------------------------------------------------------------------------


@wrong("windows", "F70")
def as_numpy_gives_them(x, kernel_size, strides=1):
    """The axes are left as NumPy has them, the channels before the cells."""
    (kh, kw), (sh, sw) = two(kernel_size), two(strides)
    return sliding_window_view(x, (1, kh, kw, 1))[:, ::sh, ::sw].squeeze(axis=(4, 7))


@wrong("windows", "F71")
def axes_by_reshape(x, kernel_size, strides=1):
    """The channels are put last with reshape."""
    (kh, kw), (sh, sw) = two(kernel_size), two(strides)
    v = sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::sh, ::sw]
    n, oh, ow, c = v.shape[:4]
    return np.reshape(v, (n, oh, ow, kh, kw, c))


@wrong("windows", "M7a")
def strided_memory_one_short(x, kernel_size, strides=1):
    """as_strided is told n - k windows, and every stride-th is taken."""
    (kh, kw), (sh, sw) = two(kernel_size), two(strides)
    x = np.ascontiguousarray(x)
    n, h, w, c = x.shape
    a, b, d, e = x.strides
    view = as_strided(x, (n, h - kh, w - kw, kh, kw, c), (a, b, d, b, d, e))
    return view[:, ::sh, ::sw].copy()


@wrong("windows", "M11")
def steps_the_other_way(x, kernel_size, strides=1):
    """The first stride is used for the columns."""
    (kh, kw), (sh, sw) = two(kernel_size), two(strides)
    rows = (x.shape[1] - kh) // sw + 1
    cols = (x.shape[2] - kw) // sh + 1
    out = np.zeros((len(x), rows, cols, kh, kw, x.shape[3]))
    for i in range(rows):
        for j in range(cols):
            out[:, i, j] = x[:, i * sw : i * sw + kh, j * sh : j * sh + kw]
    return out


@wrong("windows", "F73")
def cells_across(x, kernel_size, strides=1):
    """The last axes are put as columns, rows, channels."""
    return np.transpose(cut(x, two(kernel_size), two(strides)), (0, 1, 2, 4, 3, 5))


@wrong("windows", "F17")
def every_window_kept(x, kernel_size, strides=1):
    """The strides are not used."""
    return np.moveaxis(sliding_window_view(x, two(kernel_size), (1, 2)), 3, -1)


@stops("windows", ValueError)
def window_of_every_axis(x, kernel_size, strides=1):
    """A window of two axes is slid over all four."""
    view = sliding_window_view(x, two(kernel_size))
    return view[:, ::strides, ::strides]


# --- conv2d_einsum ------------------------------------------------------------------------------------------------


@wrong("conv2d_einsum", "F72")
def filters_summed(x, w, strides=1):
    """The letter of the filters is missing behind the arrow."""
    return np.einsum("abcdef,defg->abc", cut(x, w.shape[:2], two(strides)), w)


@wrong("conv2d_einsum", "M29")
def channels_kept(x, w, strides=1):
    """The letter of the channels stands behind the arrow."""
    return np.einsum("nhwijc,ijco->nhwco", cut(x, w.shape[:2], two(strides)), w)


@wrong("conv2d_einsum", "F65")
def filters_before_rows(x, w, strides=1):
    """The output is asked for as (n, o, y, x)."""
    return np.einsum("nyxijc,ijco->noyx", cut(x, w.shape[:2], two(strides)), w)


@wrong("conv2d_einsum", "M9")
def first_windows_only(x, w, strides=1):
    """As many windows as there should be are taken from the start."""
    sh, sw = two(strides)
    v = cut(x, w.shape[:2], (1, 1))
    rows, cols = (x.shape[1] - w.shape[0]) // sh + 1, (x.shape[2] - w.shape[1]) // sw + 1
    return np.tensordot(v[:, :rows, :cols], w, axes=3)


@wrong("conv2d_einsum", "M6")
def mean_of_products(x, w, strides=1):
    """The mean of the products is taken over cells and channels."""
    kh, kw, c, _ = w.shape
    return np.tensordot(cut(x, (kh, kw), two(strides)), w, axes=3) / (kh * kw * c)


# --- conv2d_im2col ------------------------------------------------------------------------------------------------


def columns_of(x, w, strides):
    """The matrix of windows and the size of the output, rightly."""
    v = cut(x, w.shape[:2], two(strides))
    return v.reshape(-1, w.shape[0] * w.shape[1] * w.shape[2]), v.shape[:3]


@wrong("conv2d_im2col", "F75")
def filters_as_rows(x, w, strides=1):
    """w is cut up as if the filters were its first axis."""
    col, size = columns_of(x, w, strides)
    rows = w.reshape(w.shape[-1], -1)
    return np.dot(col, rows.T).reshape(*size, -1)


@wrong("conv2d_im2col", "F76")
def product_turned(x, w, strides=1):
    """The product has filters as rows, and is cut up as if they were columns."""
    col, size = columns_of(x, w, strides)
    product = w.reshape(-1, w.shape[3]).T @ col.T
    return product.reshape(size[0], size[1], size[2], w.shape[3])


@wrong("conv2d_im2col", "F74")
def cells_in_another_order(x, w, strides=1):
    """Windows are flattened channel by channel, filters cell by cell."""
    kh, kw, c, o = w.shape
    sh, sw = two(strides)
    n, oh, ow = len(x), (x.shape[1] - kh) // sh + 1, (x.shape[2] - kw) // sw + 1
    v = sliding_window_view(x, (kh, kw), axis=(1, 2))[:, ::sh, ::sw]
    return (v.reshape(n * oh * ow, c * kh * kw) @ w.reshape(kh * kw * c, o)).reshape(n, oh, ow, o)


@wrong("conv2d_im2col", "M1")
def filters_turned(x, w, strides=1):
    """The filters are turned by half a turn."""
    col, size = columns_of(x, w, strides)
    return (col @ np.rot90(w, 2).reshape(-1, w.shape[3])).reshape(*size, w.shape[3])


@wrong("conv2d_im2col", "F20")
def matrix_of_one_image(x, w, strides=1):
    """The matrix holds the windows of the first image only."""
    col, size = columns_of(x[:1], w, strides)
    return (col @ w.reshape(len(col[0]), -1)).reshape(*size, -1)


@stops("conv2d_im2col", ValueError)
def product_without_a_turn(x, w, strides=1):
    """The filters are rows, and the product is not turned for them."""
    col, size = columns_of(x, w, strides)
    return (col @ w.reshape(w.shape[3], -1)).reshape(*size, w.shape[3])
