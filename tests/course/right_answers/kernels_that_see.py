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


def looked_up(name, size=(3, 3)):
    """A dictionary of lists."""
    height, width = size
    top, left = height // 2, width // 2
    known = {
        "vertical edge": [[1] + [0] * (width - 2) + [-1]] * height,
        "horizontal edge": [[1] * width, *([[0] * width] * (height - 2)), [-1] * width],
        "box": [[1 / (height * width)] * width] * height,
        "identity": [[int((i, j) == (top, left)) for j in range(width)] for i in range(height)],
        "shift left": [[int((i, j) == (top, left + 1)) for j in range(width)] for i in range(height)],
    }
    if name not in known:
        raise ValueError(name)
    return known[name]


def computed(name, size=(3, 3)):
    """Outer products of a column and a row, in single precision."""

    def line(length, place):
        return [1 if cell == place else 0 for cell in range(length)]

    def slope(length):
        return [1, *[0] * (length - 2), -1]

    height, width = size
    match name:
        case "vertical edge":
            pair = [1] * height, slope(width)
        case "horizontal edge":
            pair = slope(height), [1] * width
        case "box":
            return np.float32(np.ones(size) / (height * width))
        case "identity":
            pair = line(height, height // 2), line(width, width // 2)
        case "shift left":
            pair = line(height, height // 2), line(width, width // 2 + 1)
        case _:
            raise ValueError("no such kernel")
    return np.outer(*pair).astype(np.float32)


def returned_early(name, size=(3, 3)):
    """An if for each name that returns at once, tuples of whole numbers."""
    height, width = size
    if name == "vertical edge":
        return ((1, *(0,) * (width - 2), -1),) * height
    if name == "horizontal edge":
        return ((1,) * width, *((0,) * width,) * (height - 2), (-1,) * width)
    if name == "box":
        return ((1 / height / width,) * width,) * height
    if name in ("identity", "shift left"):
        place = (width - 1) // 2 + (name == "shift left")
        line = tuple(int(column == place) for column in range(width))
        return tuple(line if row == (height - 1) // 2 else (0,) * width for row in range(height))
    raise ValueError


def found_in_a_list(name, size=(3, 3)):
    """`index` refuses a name that is not in the list, and does so with a ValueError."""
    names = ["box", "identity", "vertical edge", "horizontal edge", "shift left"]
    all_kernels = np.zeros((len(names), *size))
    middle = tuple(length // 2 for length in size)
    all_kernels[0] += 1 / np.prod(size)
    all_kernels[(1, *middle)] = all_kernels[4, middle[0], middle[1] + 1] = 1
    all_kernels[2, :, 0] = all_kernels[3, 0] = 1
    all_kernels[2, :, -1] = all_kernels[3, -1] = -1
    return all_kernels[names.index(name)]


def drawn_as_text(name, size=(3, 3)):
    """Pictures of signs, stretched to the size, that are read into numbers; the box is divided at the end."""
    height, width = size
    nothing, half = "." * width, width // 2
    pictures = {
        "vertical edge": ["+" + "." * (width - 2) + "-"] * height,
        "horizontal edge": ["+" * width, *[nothing] * (height - 2), "-" * width],
        "box": ["+" * width] * height,
        "identity": [nothing] * (height // 2) + ["." * half + "+" + "." * half] + [nothing] * (height // 2),
        "shift left": [nothing] * (height // 2) + ["." * half + ".+" + "." * (half - 1)] + [nothing] * (height // 2),
    }
    if (picture := pictures.get(name)) is None:
        raise ValueError(f"{name} is none of {', '.join(pictures)}")
    weights = [[".+-".index(sign) for sign in row] for row in picture]
    kernel = np.choose(weights, [0.0, 1.0, -1.0])
    return kernel / kernel.sum() if name == "box" else kernel


def worked_out_by_formula(name, size=(3, 3)):
    """A formula of the row and the column for each name; the KeyError is turned into a ValueError."""
    height, width = size
    formulas = {
        "vertical edge": lambda i, j: 0 * i + 1 * (j == 0) - 1 * (j == width - 1),
        "horizontal edge": lambda i, j: 1 * (i == 0) - 1 * (i == height - 1) + 0 * j,
        "box": lambda i, j: np.full(i.shape, 1 / i.size),
        "identity": lambda i, j: (2 * i == height - 1) & (2 * j == width - 1),
        "shift left": lambda i, j: (2 * i == height - 1) * (2 * j == width + 1),
    }
    try:
        return np.fromfunction(formulas[name], size)
    except KeyError as error:
        raise ValueError(f"unknown: {name}") from error


class NoSuchKernelError(ValueError):
    """A ValueError by another name."""


def set_in_one_row(name, size=(3, 3)):
    """All weights in a row that are set by steps; an exception of its own for any other name."""
    if name not in {"vertical edge", "horizontal edge", "box", "identity", "shift left"}:
        raise NoSuchKernelError(name)
    height, width = size
    cells = height * width
    weights = [0.0] * cells
    if name == "vertical edge":
        weights[::width] = [1.0] * height
        weights[width - 1 :: width] = [-1.0] * height
    elif name == "horizontal edge":
        weights[:width] = [1.0] * width
        weights[-width:] = [-1.0] * width
    elif name == "box":
        weights = [round(1 / cells, 9)] * cells
    else:
        weights[cells // 2 + (name == "shift left")] = 1.0
    return np.reshape(weights, size)


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


def looked_up_unasked(name, size=(3, 3)):
    """A dictionary that raises a KeyError for a name it does not hold: no wrong value by which it could be named."""
    names = ("vertical edge", "horizontal edge", "box", "identity", "shift left")
    return {known: looked_up(known, size) for known in names}[name]


MORE_MISTAKES = {"design_kernel": [looked_up_unasked]}

# Behaviours that catch nothing alone, and why they are kept.
KEPT = {("true_convolution", "kernel flipped"): "it gives marks to an answer that handles the plainest case only"}
