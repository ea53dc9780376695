"""Notebook 03."""

from __future__ import annotations

import math

import numpy as np

from tests.course.wrong_answers import stops, wrong

# --- output_size --------------------------------------------------------------------------------------------------


def span(k, dilation):
    """The pixels that a window spans, rightly."""
    return k + (k - 1) * (dilation - 1)


@wrong("output_size", "M7")
def steps_counted(n, k, stride=1, padding="valid", dilation=1):
    """The steps are counted, and the first window is not."""
    if padding == "same":
        return math.ceil(n / stride)
    if span(k, dilation) > n:
        raise ValueError("too small")
    return (n - span(k, dilation)) // stride


@wrong("output_size", "M13")
def ceiling_for_valid(n, k, stride=1, padding="valid", dilation=1):
    """The count is rounded up under "valid", too."""
    eff = span(k, dilation)
    if padding == "valid":
        if eff > n:
            raise ValueError("too small")
        return int(np.ceil((n - eff) / stride)) + 1
    return int(np.ceil(n / stride))


@wrong("output_size", "M20")
def same_means_same(n, k, stride=1, padding="valid", dilation=1):
    """Under "same" the size is kept at any stride."""
    if padding == "same":
        return n
    if span(k, dilation) > n:
        raise ValueError
    return 1 + (n - span(k, dilation)) // stride


@wrong("output_size", "C3c")
def gaps_of_dilation(n, k, stride=1, padding="valid", dilation=1):
    """There are `dilation` empty pixels between two cells, even for 1."""
    if padding == "same":
        return -(-n // stride)
    k = k + (k - 1) * dilation
    if k > n:
        raise ValueError("the kernel does not fit")
    return (n - k) // stride + 1


@wrong("output_size", "F42")
def same_with_floor(n, k, stride=1, padding="valid", dilation=1):
    """Under "same" n is divided without rounding up."""
    if padding.lower() == "same":
        return n // stride
    if (k - 1) * dilation + 1 > n:
        raise ValueError("window too large")
    return len(range(0, n - (k - 1) * dilation, stride))


@wrong("output_size", "F41a")
def equal_size_refused(n, k, stride=1, padding="valid", dilation=1):
    """A window as large as the image is refused."""
    if padding == "same":
        return math.ceil(float(n) / float(stride))
    if n <= span(k, dilation):
        raise ValueError("Kernel has to be smaller than the input!")
    return math.floor((n - span(k, dilation)) / stride + 1)


@wrong("output_size", "F40", "M14")
def cut_and_never_refused(n, k, stride=1, padding="valid", dilation=1):
    """No size is refused, and what comes out is cut to a whole number."""
    if padding == "same":
        return (n + stride - 1) // stride
    return int((n - dilation * (k - 1) - 1) / stride + 1)


@wrong("output_size", "F19")
def capital_letters(n, k, stride=1, padding="valid", dilation=1):
    """The padding is compared with capital letters, and never equal."""
    if padding == "SAME":
        return math.ceil(n / stride)
    if span(k, dilation) > n:
        raise ValueError("too small")
    return (n - span(k, dilation)) // stride + 1


@wrong("output_size", "F44a")
def dilation_unused(n, k, stride=1, padding="valid", dilation=1):
    """The dilation is taken and not used."""
    if padding == "same":
        return math.ceil(n / stride)
    if k > n:
        raise ValueError("too small")
    count = 0
    while count * stride + k <= n:
        count += 1
    return count


# --- conv2d_strided -----------------------------------------------------------------------------------------------


def as_pair(strides):
    """A pair of one number or of two, rightly."""
    if type(strides) is int:
        return strides, strides
    return strides


@wrong("conv2d_strided", "M7b")
def range_to_the_difference(image, kernel, strides=1):
    """`range(0, n - k, stride)` leaves out a window that ends at the edge."""
    sh, sw = as_pair(strides)
    kh, kw = kernel.shape
    h, w = image.shape
    if kh > h or kw > w:
        raise ValueError("too small")
    tops, lefts = list(range(0, h - kh, sh)), list(range(0, w - kw, sw))
    out = np.zeros((len(tops), len(lefts)))
    for i, top in enumerate(tops):
        for j, left in enumerate(lefts):
            out[i, j] = np.sum(image[top : top + kh, left : left + kw] * kernel)
    return out


@wrong("conv2d_strided", "M9")
def index_without_stride(image, kernel, strides=1):
    """The stride is in the size, but not in the slices."""
    sh, sw = as_pair(strides)
    kh, kw = kernel.shape
    oh, ow = (image.shape[0] - kh) // sh + 1, (image.shape[1] - kw) // sw + 1
    if oh <= 0 or ow <= 0:
        raise ValueError("kernel too large")
    out = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


@wrong("conv2d_strided", "F47")
def size_without_stride(image, kernel, strides=1):
    """The output is as large as for a stride of 1."""
    sh, sw = as_pair(strides)
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    if not out.size:
        raise ValueError("kernel too large")
    for i, top in enumerate(range(0, image.shape[0] - kh + 1, sh)):
        for j, left in enumerate(range(0, image.shape[1] - kw + 1, sw)):
            out[i, j] = (image[top : top + kh, left : left + kw] * kernel).sum()
    return out


@wrong("conv2d_strided", "M11")
def right_then_down(image, kernel, strides=1):
    """The pair is unpacked as (right, down)."""
    sx, sy = as_pair(strides)
    view = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("yxij,ij->yx", view[::sy, ::sx], kernel)


@wrong("conv2d_strided", "F18a")
def first_number_only(image, kernel, strides=1):
    """Of a pair only the first number is used."""
    s = strides[0] if isinstance(strides, tuple | list) else strides
    kh, kw = kernel.shape
    oh = (image.shape[0] - kh) // s + 1
    ow = (image.shape[1] - kw) // s + 1
    if min(oh, ow) < 1:
        raise ValueError("no window fits")
    out = np.zeros((oh, ow))
    for i, j in np.ndindex(oh, ow):
        out[i, j] = np.sum(image[i * s : i * s + kh, j * s : j * s + kw] * kernel)
    return out


@wrong("conv2d_strided", "M10a")
def rows_step_columns_do_not(image, kernel, strides=1):
    """Along the width the step is 1."""
    sh, _ = as_pair(strides)
    kh, kw = kernel.shape
    if kh > image.shape[0] or kw > image.shape[1]:
        raise ValueError("no window fits")
    rows = []
    for top in range(0, image.shape[0] - kh + 1, sh):
        lefts = range(image.shape[1] - kw + 1)
        rows.append([float(np.sum(image[top : top + kh, left : left + kw] * kernel)) for left in lefts])
    return np.array(rows)


@wrong("conv2d_strided", "F40")
def empty_array_returned(image, kernel, strides=1):
    """Nothing is refused: without a window the array is empty."""
    sh, sw = as_pair(strides)
    kh, kw = kernel.shape
    oh = max((image.shape[0] - kh) // sh + 1, 0)
    ow = max((image.shape[1] - kw) // sw + 1, 0)
    out = np.zeros((oh, ow))
    for i in range(oh):
        for j in range(ow):
            window = image[i * sh : i * sh + kh, j * sw : j * sw + kw]
            out[i, j] = np.sum(window * kernel)
    return out


@wrong("conv2d_strided", "M12")
def every_second_from_the_second(image, kernel, strides=1):
    """All windows are summed, and each stride keeps its last one."""
    sh, sw = as_pair(strides)
    kh, kw = kernel.shape
    full = np.array(
        [
            [np.sum(image[i : i + kh, j : j + kw] * kernel) for j in range(image.shape[1] - kw + 1)]
            for i in range(image.shape[0] - kh + 1)
        ]
    )
    if full.size == 0:
        raise ValueError("too small")
    return full[sh - 1 :: sh, sw - 1 :: sw]


@wrong("conv2d_strided", "F45")
def one_inside_the_division(image, kernel, strides=1):
    """1 is added before the division: (n - k + 1) // stride."""
    sh, sw = as_pair(strides)
    kh, kw = kernel.shape
    if kh > image.shape[0] or kw > image.shape[1]:
        raise ValueError("too small")
    rows, cols = (image.shape[0] - kh + 1) // sh, (image.shape[1] - kw + 1) // sw
    return np.array(
        [[np.sum(image[r * sh : r * sh + kh, c * sw : c * sw + kw] * kernel) for c in range(cols)] for r in range(rows)]
    ).reshape(rows, cols)


@wrong("conv2d_strided", "M42a")
def zeros_like_a_part(image, kernel, strides=1):
    """The output is zeros_like of a part of the image, and so has its type."""
    sh, sw = as_pair(strides)
    kh, kw = kernel.shape
    if kh > image.shape[0] or kw > image.shape[1]:
        raise ValueError("too small")
    out = np.zeros_like(image[: image.shape[0] - kh + 1 : sh, : image.shape[1] - kw + 1 : sw])
    for r in range(out.shape[0]):
        for c in range(out.shape[1]):
            out[r, c] = np.sum(image[r * sh : r * sh + kh, c * sw : c * sw + kw] * kernel)
    return out


@wrong("conv2d_strided", "F96")
def stored_at_i_over_s(image, kernel, strides=1):
    """Every window is stored at i // s, j // s, and the last one of each cell is left."""
    sh, sw = as_pair(strides)
    kh, kw = kernel.shape
    h, w = image.shape
    if kh > h or kw > w:
        raise ValueError("no window fits")
    out = np.zeros(((h - kh) // sh + 1, (w - kw) // sw + 1))
    for i in range(h - kh + 1):
        for j in range(w - kw + 1):
            out[i // sh, j // sw] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


@wrong("conv2d_strided", "F47b")
def stored_where_the_window_starts(image, kernel, strides=1):
    """The output is as large as for a stride of 1, and each sum stands at the pixel where its window starts."""
    sh, sw = as_pair(strides)
    kh, kw = kernel.shape
    rows, columns = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    if rows < 1 or columns < 1:
        raise ValueError("no window fits")
    out = np.zeros((rows, columns))
    for i in range(0, rows, sh):
        for j in range(0, columns, sw):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


@wrong("conv2d_strided", "F89")
def stepped_through_the_output(image, kernel, strides=1):
    """The output has the right size, and the loops step through it."""
    sh, sw = as_pair(strides)
    kh, kw = kernel.shape
    if kh > image.shape[0] or kw > image.shape[1]:
        raise ValueError("no window fits")
    h_out = int((image.shape[0] - kh) / sh) + 1
    w_out = int((image.shape[1] - kw) / sw) + 1
    out = np.zeros((h_out, w_out))
    for i in range(0, h_out, sh):
        for j in range(0, w_out, sw):
            out[i, j] = np.vdot(image[i : i + kh, j : j + kw], kernel)
    return out


@wrong("conv2d_strided", "F5b")
def strided_three_by_three(image, kernel, strides=1):
    """Windows of 3 x 3 are cut whatever the kernel is."""
    sh, sw = as_pair(strides)
    if any(k > n for k, n in zip(kernel.shape, image.shape, strict=True)):
        raise ValueError("no window fits")
    out = np.zeros(((image.shape[0] - 3) // sh + 1, (image.shape[1] - 3) // sw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i * sh : i * sh + 3, j * sw : j * sw + 3] * kernel).sum()
    return out


@stops("conv2d_strided", TypeError)
def pair_taken_for_a_number(image, kernel, strides=1):
    """Whether strides are a pair is asked in a way that is never true."""
    if type(strides) == "tuple":  # noqa: E721  that is the fault
        sh, sw = strides
    else:
        sh = sw = strides
    kh, kw = kernel.shape
    out = np.zeros(((image.shape[0] - kh) // sh + 1, (image.shape[1] - kw) // sw + 1))
    if not out.size:
        raise ValueError("too small")
    for i, j in np.ndindex(*out.shape):
        out[i, j] = np.sum(image[i * sh : i * sh + kh, j * sw : j * sw + kw] * kernel)
    return out


@stops("conv2d_strided", TypeError)
def argument_of_another_name(image, kernel, stride=1):
    """The argument is called stride, not strides."""
    return image[::stride, ::stride] * kernel.sum()
