"""Notebook 02."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def flipped_by_slices(k):
    """One slice, which is a view of the kernel given."""
    return k[::-1, ::-1]


def flipped_in_a_row(k):
    """All weights in one row, reversed, in single precision."""
    return k.astype(np.float32).ravel()[::-1].reshape(k.shape)


def flipped_lists(k):
    """Python alone: lists in, lists out."""
    return [row[::-1] for row in k.tolist()[::-1]]


def two_quarters(k):
    """Two turns by a quarter."""
    return np.rot90(k, 2)


def flipped_from_the_end(k):
    """Places counted from behind."""
    out = np.zeros(k.shape)
    for i, j in np.ndindex(k.shape):
        out[-1 - i, -1 - j] = k[i, j]
    return out


def flipped_by_swapping(k):
    """A copy, in which the first weight changes places with the last, the second with the last but one."""
    weights = k.flatten()
    first, last = 0, len(weights) - 1
    while first < last:
        weights[first], weights[last] = weights[last], weights[first]
        first, last = first + 1, last - 1
    return weights.reshape(k.shape)


def flipped_by_matrices(k):
    """A product with a mirrored identity on either side."""
    down, across = (np.eye(side)[::-1] for side in k.shape)
    return down @ k @ across


def flipped_by_recursion(k):
    """The last row backwards, then all that was above it."""
    return [] if len(k) == 0 else [[*reversed(k[-1])], *flipped_by_recursion(k[:-1])]


def scattered(image, kernel):
    """Every weight times the image, moved the other way by the place of the weight; in single precision."""
    height, width = kernel.shape
    rows, columns = image.shape[0] - height + 1, image.shape[1] - width + 1
    out = np.zeros((rows, columns), np.float32)
    for i in range(height):
        for j in range(width):
            top, left = height - 1 - i, width - 1 - j
            out += np.float32(kernel[i, j]) * image[top : top + rows, left : left + columns].astype(np.float32)
    return out


def windows_at_once(image, kernel):
    """All windows in one einsum."""
    return np.einsum("yxij,ij->yx", sliding_window_view(image, kernel.shape), np.flip(kernel))


def row_by_row(image, kernel):
    """NumPy's convolution of rows, which flips by itself; the rows of the kernel are taken from the last."""
    height = len(kernel)
    pixels, weights = image.astype(float).tolist(), kernel.astype(float).tolist()
    count = image.shape[1] - kernel.shape[1] + 1
    return [
        sum(
            (np.convolve(pixels[y + i], weights[height - 1 - i])[kernel.shape[1] - 1 :][:count] for i in range(height)),
            start=np.zeros(count),
        )
        for y in range(image.shape[0] - height + 1)
    ]


def cut_from_the_full(image, kernel):
    """Every pixel spreads the kernel as it is; the windows that hang over the edge are cut off at the end."""
    height, width = kernel.shape
    full = np.zeros((image.shape[0] + height - 1, image.shape[1] + width - 1))
    for (row, column), pixel in np.ndenumerate(image):
        full[row : row + height, column : column + width] += pixel * kernel
    return full[height - 1 : image.shape[0], width - 1 : image.shape[1]]


def image_turned_instead(image, kernel):
    """The image is turned, the kernel is not, and the result is turned back."""
    turned = np.rot90(image, 2)
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    out = np.empty((rows, columns))
    for i, j in np.ndindex(rows, columns):
        out[i, j] = np.vdot(turned[i : i + len(kernel), j : j + len(kernel[0])], kernel)
    return out[::-1, ::-1]


def all_in_one_row(image, kernel):
    """The image as one long row, and the kernel with gaps as wide as the image: one call of NumPy's convolve."""
    spread = np.zeros((len(kernel), image.shape[1]))
    spread[:, : kernel.shape[1]] = kernel
    row = np.convolve(image.ravel(), spread.ravel())[: image.size]
    return row.reshape(image.shape)[len(kernel) - 1 :, kernel.shape[1] - 1 :]


def by_definition(image, kernel):
    """The sum of mathematics, the image's index less the kernel's; lists come out."""
    (height, width), (rows, columns) = kernel.shape, image.shape

    def at(y, x):
        return sum(kernel[i, j] * image[y - i, x - j] for i in range(height) for j in range(width))

    return [[at(y, x) for x in range(width - 1, columns)] for y in range(height - 1, rows)]


def looked_up(name):
    """A dictionary of lists."""
    known = {
        "vertical edge": [[1, 0, -1]] * 3,
        "horizontal edge": [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
        "box": [[1 / 9] * 3] * 3,
        "identity": [[0, 0, 0], [0, 1, 0], [0, 0, 0]],
        "shift left": [[0, 0, 0], [0, 0, 1], [0, 0, 0]],
    }
    if name not in known:
        raise ValueError(name)
    return known[name]


def computed(name):
    """Outer products of a column and a row, in single precision."""
    slope, even, middle, right = ([1, 0, -1], [1, 1, 1], [0, 1, 0], [0, 0, 1])
    match name:
        case "vertical edge":
            pair = even, slope
        case "horizontal edge":
            pair = slope, even
        case "box":
            return np.float32(np.outer(even, even) / 9)
        case "identity":
            pair = middle, middle
        case "shift left":
            pair = middle, right
        case _:
            raise ValueError("no such kernel")
    return np.outer(*pair).astype(np.float32)


def returned_early(name):
    """An if for each name that returns at once, tuples of whole numbers."""
    if name == "vertical edge":
        return (1, 0, -1), (1, 0, -1), (1, 0, -1)
    if name == "horizontal edge":
        return (1, 1, 1), (0, 0, 0), (-1, -1, -1)
    if name == "box":
        return tuple((1 / 9, 1 / 9, 1 / 9) for _ in range(3))
    if name in ("identity", "shift left"):
        ones = (0, 1, 0) if name == "identity" else (0, 0, 1)
        return (0, 0, 0), ones, (0, 0, 0)
    raise ValueError


def found_in_a_list(name):
    """`index` refuses a name that is not in the list, and does so with a ValueError."""
    names = ["box", "identity", "vertical edge", "horizontal edge", "shift left"]
    all_kernels = np.zeros((len(names), 3, 3))
    all_kernels[0] += 1 / 9
    all_kernels[1, 1, 1] = all_kernels[4, 1, 2] = 1
    all_kernels[2, :, 0] = all_kernels[3, 0] = 1
    all_kernels[2, :, 2] = all_kernels[3, 2] = -1
    return all_kernels[names.index(name)]


def drawn_as_text(name):
    """Pictures of signs that are read into numbers; the box is divided at the end."""
    pictures = {
        "vertical edge": "+.- +.- +.-",
        "horizontal edge": "+++ ... ---",
        "box": "+++ +++ +++",
        "identity": "... .+. ...",
        "shift left": "... ..+ ...",
    }
    if (picture := pictures.get(name)) is None:
        raise ValueError(f"{name} is none of {', '.join(pictures)}")
    weights = [[".+-".index(sign) for sign in row] for row in picture.split()]
    kernel = np.choose(weights, [0.0, 1.0, -1.0])
    return kernel / 9 if name == "box" else kernel


def worked_out_by_formula(name):
    """A formula of the row and the column for each name; the KeyError is turned into a ValueError."""
    formulas = {
        "vertical edge": lambda i, j: 1 - j,
        "horizontal edge": lambda i, j: 1 - i,
        "box": lambda i, j: np.full(i.shape, 1 / 9),
        "identity": lambda i, j: (i == 1) & (j == 1),
        "shift left": lambda i, j: (i == 1) * (j == 2),
    }
    try:
        return np.fromfunction(formulas[name], (3, 3))
    except KeyError as error:
        raise ValueError(f"unknown: {name}") from error


class NoSuchKernelError(ValueError):
    """A ValueError by another name."""


def set_in_one_row(name):
    """Nine weights in a row that are set by steps, rounded for the box; an exception of its own for any other name."""
    if name not in {"vertical edge", "horizontal edge", "box", "identity", "shift left"}:
        raise NoSuchKernelError(name)
    weights = [0.0] * 9
    if name.endswith("edge"):
        step = 3 if name.startswith("vertical") else 1
        weights[: 3 * step : step] = [1.0] * 3
        weights[8 - 2 * step :: step] = [-1.0] * 3
    elif name == "box":
        weights = [0.1111111] * 9
    else:
        weights[4 + (name == "shift left")] = 1.0
    return np.reshape(weights, (3, 3))


RIGHT = {
    "flip_kernel": [
        flipped_by_slices,
        flipped_in_a_row,
        flipped_lists,
        two_quarters,
        flipped_from_the_end,
        flipped_by_swapping,
        flipped_by_matrices,
        flipped_by_recursion,
    ],
    "true_convolution": [
        scattered,
        windows_at_once,
        row_by_row,
        cut_from_the_full,
        image_turned_instead,
        all_in_one_row,
        by_definition,
    ],
    "design_kernel": [
        looked_up,
        computed,
        returned_early,
        found_in_a_list,
        drawn_as_text,
        worked_out_by_formula,
        set_in_one_row,
    ],
}


def looked_up_unasked(name):
    """A dictionary that raises a KeyError for a name it does not hold: no wrong value by which it could be named."""
    known = {known: looked_up(known) for known in ("vertical edge", "horizontal edge", "box", "identity", "shift left")}
    return known[name]


MORE_MISTAKES = {"design_kernel": [looked_up_unasked]}

# Behaviours that catch nothing alone, and why they are kept.
KEPT = {("true_convolution", "kernel flipped"): "it gives marks to an answer that handles the plainest case only"}
