"""Notebook 01."""

from __future__ import annotations

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def products_of_lists(patch, kernel):
    """Python alone: lists and floats."""
    pairs = zip(patch.ravel().tolist(), kernel.ravel().tolist(), strict=True)
    return sum(pixel * weight for pixel, weight in pairs)


def sum_in_float32(patch, kernel):
    """One line of NumPy in single precision."""
    return np.sum(patch.astype(np.float32) * kernel.astype(np.float32))


def dot_of_rows(patch, kernel):
    """Both laid out in one row, and the dot product of the rows."""
    return patch.reshape(-1).dot(kernel.reshape(-1))


def trace_of_a_product(patch, kernel):
    """A matrix product after all, of which only the diagonal counts."""
    return np.trace(patch @ kernel.T)


def sums_of_sums(patch, kernel):
    """First down the columns, then along the row that is left; in an array without axes."""
    columns = np.add.reduce(patch * kernel, axis=0)
    return np.asarray(columns.sum())


def sum_by_recursion(patch, kernel):
    """The first product and the sum of all the others, in lists."""

    def rest(pixels, weights):
        return pixels[0] * weights[0] + rest(pixels[1:], weights[1:]) if pixels else 0

    return rest(patch.flatten().tolist(), kernel.flatten().tolist())


def sum_of_a_generator(patch, kernel):
    """One index for both arrays, and a sum that loses nothing."""
    return math.fsum(float(patch[place]) * float(kernel[place]) for place in np.ndindex(kernel.shape))


def mean_times_count(patch, kernel):
    """The mean of the products, times how many there are."""
    return np.mean(patch * kernel) * kernel.size


def counted_down(patch, kernel):
    """One while loop from the last place to the first."""
    place, width, total = kernel.size, kernel.shape[1], 0
    while place:
        place -= 1
        total = total + kernel[place // width][place % width] * patch[place // width][place % width]
    return total


def shifted_images(image, kernel):
    """Sums of shifted images, one for each weight, in single precision."""
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    out = np.zeros((rows, columns), np.float32)
    for (i, j), weight in np.ndenumerate(kernel):
        out += np.float32(weight) * image[i : i + rows, j : j + columns].astype(np.float32)
    return out


def windows_at_once(image, kernel):
    """All windows in one einsum."""
    return np.einsum("yxij,ij->yx", sliding_window_view(image, kernel.shape), kernel)


def lists_of_sums(image, kernel):
    """Python alone: lists in, lists out."""
    pixels, weights = image.tolist(), kernel.tolist()
    rows, columns = len(pixels) - len(weights) + 1, len(pixels[0]) - len(weights[0]) + 1
    return [
        [
            sum(weights[i][j] * pixels[y + i][x + j] for i in range(len(weights)) for j in range(len(weights[0])))
            for x in range(columns)
        ]
        for y in range(rows)
    ]


def windows_in_a_while_loop(image, kernel):
    """Rows appended for as long as the window fits."""
    out, top = [], 0
    while top + len(kernel) <= len(image):
        row, left = [], 0
        while left + len(kernel[0]) <= len(image[0]):
            window = image[top : top + len(kernel), left : left + len(kernel[0])]
            row.append((window * kernel).sum())
            left += 1
        out.append(row)
        top += 1
    return out


def row_with_row(image, kernel):
    """NumPy's correlation of one row with one row, added over the rows of the kernel."""
    out = []
    for top in range(len(image) - len(kernel) + 1):
        pairs = zip(image[top:], kernel, strict=False)
        out.append(sum(np.correlate(pixels, weights, mode="valid") for pixels, weights in pairs))
    return np.array(out)


def matrix_of_patches(image, kernel):
    """Every patch is a row of one matrix, which is multiplied by the weights in single precision."""
    height, width = kernel.shape
    tops, lefts = range(image.shape[0] - height + 1), range(image.shape[1] - width + 1)
    patches = [image[top : top + height, left : left + width].ravel() for top in tops for left in lefts]
    sums = np.float32(patches) @ np.float32(kernel.ravel())
    return sums.reshape(len(tops), len(lefts))


def pixels_given_away(image, kernel):
    """Each pixel is added to every window that contains it."""
    out = np.zeros(np.subtract(image.shape, kernel.shape) + 1)
    for (row, column), pixel in np.ndenumerate(image):
        for (i, j), weight in np.ndenumerate(kernel):
            if 0 <= row - i < out.shape[0] and 0 <= column - j < out.shape[1]:
                out[row - i, column - j] += pixel * weight
    return out


def kernel_cut_in_two(image, kernel):
    """Recursion: the first row of the kernel and the others; a single row is turned into a column."""
    if kernel.size == 1:
        return image * kernel[0, 0]
    if len(kernel) == 1:
        return kernel_cut_in_two(image.T, kernel.T).T
    others = len(kernel) - 1
    return kernel_cut_in_two(image[:-others], kernel[:1]) + kernel_cut_in_two(image[1:], kernel[1:])


def one_large_matrix(image, kernel):
    """The whole convolution as one matrix: each of its rows is the kernel at another place of an empty image."""
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    matrix = np.zeros((rows, columns, *image.shape))
    for i, j in np.ndindex(rows, columns):
        matrix[i, j, i : i + kernel.shape[0], j : j + kernel.shape[1]] = kernel
    return np.tensordot(matrix, image, axes=2)


RIGHT = {
    "window_sum": [
        products_of_lists,
        sum_in_float32,
        dot_of_rows,
        trace_of_a_product,
        sums_of_sums,
        sum_by_recursion,
        sum_of_a_generator,
        mean_times_count,
        counted_down,
    ],
    "conv2d_valid": [
        shifted_images,
        windows_at_once,
        lists_of_sums,
        windows_in_a_while_loop,
        row_with_row,
        matrix_of_patches,
        pixels_given_away,
        kernel_cut_in_two,
        one_large_matrix,
    ],
}


def kernel_multiplied_in_place(patch, kernel):
    """Write the products over the weights."""
    kernel *= patch
    return kernel.sum()


MORE_MISTAKES = {"window_sum": [kernel_multiplied_in_place]}

# Behaviours that catch nothing alone, and why they are kept.
FIRST_STEP = "it gives marks to an answer that handles the plainest case only"
KEPT = {("window_sum", "one number"): FIRST_STEP, ("conv2d_valid", "every window"): FIRST_STEP}
