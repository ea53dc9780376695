"""Notebook 01."""

from __future__ import annotations

import numpy as np

from tests.course.wrong_answers import stops, wrong

# --- window_sum ---------------------------------------------------------------------------------------------------


@wrong("window_sum", "F3a")
def added_with_pythons_sum(patch, kernel):
    """Python's own sum adds the rows, and one number is left for each column."""
    return sum(patch * kernel)


@wrong("window_sum", "M5a")
def product_of_matrices(patch, kernel):
    """The matrix product is added up."""
    return np.dot(patch, kernel).sum()


@wrong("window_sum", "M1")
def turned_before(patch, kernel):
    """The kernel is turned by half a turn first."""
    flipped = np.rot90(np.rot90(kernel))
    return np.sum(np.multiply(patch, flipped))


@wrong("window_sum", "F13a")
def total_in_the_outer_loop(patch, kernel):
    """The total is set to 0 in the loop over rows."""
    for r in range(patch.shape[0]):
        s = 0
        for c in range(patch.shape[1]):
            s = s + patch[r, c] * kernel[r, c]
    return s


@wrong("window_sum", "F2b")
def returned_after_a_row(patch, kernel):
    """The return is indented under the loop over rows."""
    result = 0.0
    for row, weights in zip(patch, kernel, strict=True):
        for pixel, weight in zip(row, weights, strict=True):
            result += pixel * weight
        return result
    return result


@wrong("window_sum", "M15")
def side_for_both_loops(patch, kernel):
    """Both loops run over the number of rows."""
    k = len(kernel)
    return sum(float(patch[i][j]) * kernel[i][j] for i in range(k) for j in range(k))


@wrong("window_sum", "M6")
def averaged(patch, kernel):
    """The sum is divided by the number of weights."""
    kh, kw = kernel.shape
    return np.einsum("ij,ij->", patch, kernel) / (kh * kw)


@wrong("window_sum", "M43")
def products_written_into_the_patch(patch, kernel):
    """The products are written over the pixels."""
    for i in range(patch.shape[0]):
        for j in range(patch.shape[1]):
            patch[i, j] = patch[i, j] * kernel[i, j]
    return patch.sum()


@wrong("window_sum", "M42")
def made_whole(patch, kernel):
    """The result is turned into a whole number."""
    return int(np.vdot(patch, kernel))


@wrong("window_sum", "F5")
def nine_products(patch, kernel):
    """Three rows and three columns are written down."""
    out = 0
    for i in range(3):
        for j in range(3):
            out += kernel[i, j] * patch[i, j]
    return out


# --- conv2d_valid -------------------------------------------------------------------------------------------------


@wrong("conv2d_valid", "M7")
def while_smaller(image, kernel):
    """A window that ends exactly at the edge is not counted: `<` in place of `<=`."""
    kh, kw = kernel.shape
    rows = []
    i = 0
    while i + kh < image.shape[0]:
        row = []
        j = 0
        while j + kw < image.shape[1]:
            row.append(np.sum(image[i : i + kh, j : j + kw] * kernel))
            j += 1
        rows.append(row)
        i += 1
    return np.array(rows).reshape(image.shape[0] - kh, image.shape[1] - kw)


@wrong("conv2d_valid", "M7")
def one_not_added(image, kernel):
    """The size of the output is n - k."""
    out_h = image.shape[0] - kernel.shape[0]
    out_w = image.shape[1] - kernel.shape[1]
    output = np.zeros((out_h, out_w))
    for y in range(out_h):
        for x in range(out_w):
            output[y, x] = (image[y : y + kernel.shape[0], x : x + kernel.shape[1]] * kernel).sum()
    return output


@wrong("conv2d_valid", "M42a")
def output_like_the_image(image, kernel):
    """The output gets the type of the image from zeros_like."""
    h, w = kernel.shape
    out = np.zeros_like(image[h - 1 :, w - 1 :])
    for i in range(len(out)):
        for j in range(len(out[0])):
            out[i, j] = np.tensordot(image[i : i + h, j : j + w], kernel)
    return out


@wrong("conv2d_valid", "F9")
def as_large_as_the_image(image, kernel):
    """The output is made with the shape of the image."""
    out = np.zeros(image.shape)
    kh, kw = kernel.shape
    for i in range(image.shape[0] - kh + 1):
        for j in range(image.shape[1] - kw + 1):
            out[i][j] = np.sum(kernel * image[i : i + kh, j : j + kw])
    return out


@wrong("conv2d_valid", "F8")
def centred_windows(image, kernel):
    """Windows are centred on pixels, and the border of the output stays 0."""
    kh, kw = kernel.shape
    above, left = kh // 2, kw // 2
    h, w = image.shape
    res = np.zeros((h, w), float)
    for r in range(above, h - kh + above + 1):
        for c in range(left, w - kw + left + 1):
            roi = image[r - above : r - above + kh, c - left : c - left + kw]
            res[r, c] = (roi * kernel).sum()
    return res


@wrong("conv2d_valid", "M5")
def dotted(image, kernel):
    """Windows are multiplied with np.dot."""
    kh, kw = kernel.shape
    oh, ow = np.subtract(image.shape, kernel.shape) + 1
    feature_map = np.zeros((oh, ow))
    for i, j in np.ndindex(oh, ow):
        feature_map[i, j] = np.sum(np.dot(image[i : i + kh, j : j + kw], kernel))
    return feature_map


@wrong("conv2d_valid", "M4")
def stored_as_x_y(image, kernel):
    """x comes before y in the output."""
    kh, kw = kernel.shape
    width, height = image.shape[1] - kw + 1, image.shape[0] - kh + 1
    out = np.zeros((width, height))
    for x in range(width):
        for y in range(height):
            out[x, y] = np.sum(image[y : y + kh, x : x + kw] * kernel)
    return out


@wrong("conv2d_valid", "F7")
def width_before_height(image, kernel):
    """The kernel's shape is unpacked as (width, height)."""
    kw, kh = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


@wrong("conv2d_valid", "F6")
def side_of_the_image(image, kernel):
    """The number of rows is used for the columns, too."""
    n = image.shape[0]
    kh, kw = kernel.shape
    out = np.zeros((n - kh + 1, n - kw + 1))
    for i in range(n - kh + 1):
        for j in range(n - kw + 1):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


@wrong("conv2d_valid", "F5c")
def three_in_the_loops(image, kernel):
    """Loops over three rows and columns of every kernel."""
    out = np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for a in range(3):
                for b in range(3):
                    out[i, j] += image[i + a, j + b] * kernel[a, b]
    return out


@wrong("conv2d_valid", "F5b")
def three_in_the_slices(image, kernel):
    """Windows of 3 x 3 are cut whatever the kernel is."""
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + 3, j : j + 3] * kernel)
    return out


@wrong("conv2d_valid", "M15d")
def windows_as_wide_as_high(image, kernel):
    """The slice of columns ends at the height of the kernel."""
    kh, kw = kernel.shape
    fmap = np.empty((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(fmap.shape[0]):
        for j in range(fmap.shape[1]):
            window = image[i : i + kh, j : j + kh]
            fmap[i, j] = np.multiply(window, kernel).sum()
    return fmap


@wrong("conv2d_valid", "M39a")
def sum_goes_on(image, kernel):
    """The sum is set to 0 once, before all the loops."""
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    acc = 0
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for m in range(kh):
                for n in range(kw):
                    acc += image[i + m, j + n] * kernel[m, n]
            out[i, j] = acc
    return out


@wrong("conv2d_valid", "M43b")
def patch_scaled_in_place(image, kernel):
    """The window, a view, is multiplied in place."""
    h, w = kernel.shape
    result = np.zeros((image.shape[0] - h + 1, image.shape[1] - w + 1))
    for i in range(result.shape[0]):
        for j in range(result.shape[1]):
            part = image[i : i + h, j : j + w]
            part *= kernel
            result[i, j] = part.sum()
    return result


@wrong("conv2d_valid", "F16")
def never_below_zero(image, kernel):
    """Sums below 0 are set to 0."""
    view = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    out = np.einsum("yxij,ij->yx", view, kernel)
    out[out < 0] = 0
    return out


@wrong("conv2d_valid", "M3")
def weights_read_across(image, kernel):
    """The weight is read at [column, row]."""
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kw + 1, image.shape[1] - kh + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = sum(image[i + b, j + a] * kernel[a, b] for a in range(kh) for b in range(kw))
    return out


@wrong("conv2d_valid", "F2b")
def returned_after_one_row(image, kernel):
    """The return stands in the loop over rows."""
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
        return out
    return out


@wrong("conv2d_valid", "M41")
def stored_as_a_picture(image, kernel):
    """The output is made for a picture, of bytes."""
    kh, kw = kernel.shape
    rows, columns = range(image.shape[0] - kh + 1), range(image.shape[1] - kw + 1)
    out = [[np.sum(image[i : i + kh, j : j + kw] * kernel) for j in columns] for i in rows]
    return np.array(out).astype(int).astype("uint8")


@wrong("conv2d_valid", "F10")
def size_kept_with_zeros(image, kernel):
    """The image gets a frame of zeros, so that the output is as large."""
    kh, kw = kernel.shape
    padded = np.pad(image, (((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2)))
    out = np.zeros(image.shape)
    for (i, j), _ in np.ndenumerate(out):
        out[i, j] = np.sum(padded[i : i + kh, j : j + kw] * kernel)
    return out


@stops("conv2d_valid", ValueError, "M8b")
def a_window_for_every_pixel(image, kernel):
    """A window starts at every pixel, and the last ones are cut short."""
    kh, kw = kernel.shape
    out = np.zeros(image.shape)
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out


@stops("conv2d_valid", IndexError)
def pixel_by_pixel_over_the_edge(image, kernel):
    """Pixels below the last row are asked for."""
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            for m in range(kh):
                for n in range(kw):
                    out[i, j] += image[i + m, j + n] * kernel[m, n]
    return out


@stops("window_sum", UnboundLocalError)
def name_not_there(patch, kernel):
    """The total is spelt in another way in the loop than above it."""
    total = 0  # noqa: F841  that is the fault
    for i in range(kernel.shape[0]):
        for j in range(kernel.shape[1]):
            totl += patch[i, j] * kernel[i, j]  # noqa: F821
    return totl
