"""Notebook 02."""

from __future__ import annotations

import numpy as np

from tests.course.wrong_answers import stops, wrong

# --- flip_kernel --------------------------------------------------------------------------------------------------


@wrong("flip_kernel", "M2b")
def rows_reversed(k):
    """Only the order of the rows is turned round."""
    return np.array(list(reversed(k)))


@wrong("flip_kernel", "F97")
def minus_i_and_minus_j(k):
    """The weights are read at [-i, -j], so that row 0 and column 0 stay."""
    h, w = k.shape
    out = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            out[i, j] = k[-i, -j]
    return out


@wrong("flip_kernel", "F12")
def transposed_and_flipped(k):
    """A transpose and one flip turn it by a quarter."""
    return np.flip(k.T, axis=0).copy()


@wrong("flip_kernel", "F33")
def swapped_twice(k):
    """Every two cells are swapped twice, so that all is as it was."""
    turned = k.copy()
    h, w = k.shape
    for i in range(h):
        for j in range(w):
            kept = turned[i, j]
            turned[i, j] = turned[h - 1 - i, w - 1 - j]
            turned[h - 1 - i, w - 1 - j] = kept
    return turned


@wrong("flip_kernel", "F34")
def same_array_under_two_names(k):
    """The new array is the old one under another name."""
    h, w = k.shape
    flipped = k
    for i in range(h):
        for j in range(w):
            flipped[i, j] = k[h - i - 1, w - j - 1]
    return flipped


@wrong("flip_kernel", "M43")
def turned_where_it_is(k):
    """The kernel itself is turned round."""
    cells = k.ravel()
    cells[:] = cells[::-1].copy()
    return k


@wrong("flip_kernel", "M42")
def zeros_of_whole_numbers(k):
    """The weights go into an array of whole numbers."""
    new = np.zeros(k.shape, dtype=np.int32)
    for i, row in enumerate(k[::-1]):
        new[i] = row[::-1]
    return new


@stops("flip_kernel", IndexError)
def counted_from_one(k):
    """The opposite row is looked for at height - i, one too far."""
    h, w = k.shape
    new = np.zeros((h, w))
    for i in range(h):
        for j in range(w):
            new[i, j] = k[h - i, w - j]
    return new


# --- true_convolution ---------------------------------------------------------------------------------------------


def slide(image, kernel):
    """Slide a window, rightly."""
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + kh, j : j + kw] * kernel).sum()
    return out


@wrong("true_convolution", "F33")
def flip_thrown_away(image, kernel):
    """The flipped kernel is made and not used."""
    np.flip(kernel)
    return slide(image, kernel)


@wrong("true_convolution", "M2a")
def columns_only(image, kernel):
    """Only the columns of the kernel are flipped."""
    return slide(image, kernel[:, ::-1])


@wrong("true_convolution", "F30a")
def image_flipped(image, kernel):
    """The image is turned in place of the kernel."""
    return slide(np.flip(image), kernel)


@wrong("true_convolution", "F12")
def turned_once(image, kernel):
    """The kernel is turned once by 90 degrees."""
    return slide(image, np.rot90(kernel))


@wrong("true_convolution", "F12")
def turned_once_clockwise(image, kernel):
    """The kernel is transposed, and then its columns are flipped."""
    return slide(image, kernel.transpose()[:, ::-1])


@wrong("true_convolution", "F38")
def full_convolution(image, kernel):
    """Windows that hang over the edge count, as in SciPy's default."""
    h, w = image.shape
    kh, kw = kernel.shape
    out = np.zeros((h + kh - 1, w + kw - 1))
    for i in range(h):
        for j in range(w):
            out[i : i + kh, j : j + kw] += image[i, j] * kernel
    return out


@wrong("true_convolution", "M7")
def last_row_left_out(image, kernel):
    """The loops end one window too early."""
    kh, kw = kernel.shape
    mirrored = kernel[::-1, ::-1]
    tops, lefts = range(image.shape[0] - kh), range(image.shape[1] - kw)
    values = [np.sum(image[i : i + kh, j : j + kw] * mirrored) for i in tops for j in lefts]
    return np.reshape(values, (len(tops), len(lefts)))


# --- design_kernel ------------------------------------------------------------------------------------------------

EDGE = [[1, 0, -1], [1, 0, -1], [1, 0, -1]]
CENTRE = [[0, 0, 0], [0, 1, 0], [0, 0, 0]]
RIGHT_NEIGHBOUR = [[0, 0, 0], [0, 0, 1], [0, 0, 0]]


@wrong("design_kernel", "F38a")
def box_of_ones(name):
    """The weights of the box are ones."""
    kernels = {
        "vertical edge": np.array(EDGE),
        "horizontal edge": np.array(EDGE).T,
        "box": np.ones((3, 3)),
        "identity": np.array(CENTRE),
        "shift left": np.array(RIGHT_NEIGHBOUR),
    }
    if name not in kernels:
        raise ValueError(name)
    return kernels[name]


@wrong("design_kernel", "F37")
def identity_matrix(name):
    """The identity is NumPy's identity matrix."""
    if name == "vertical edge":
        return np.array(EDGE)
    if name == "horizontal edge":
        return np.array(EDGE).T
    if name == "box":
        return np.full((3, 3), 1 / 9)
    if name == "identity":
        return np.identity(3)
    if name == "shift left":
        return np.array(RIGHT_NEIGHBOUR)
    raise ValueError("no such kernel")


@wrong("design_kernel", "F39b")
def left_neighbour(name):
    """To shift left, the left neighbour is taken."""
    k = np.zeros((3, 3))
    match name:
        case "vertical edge":
            k[:, 0], k[:, 2] = 1, -1
        case "horizontal edge":
            k[0, :], k[2, :] = 1, -1
        case "box":
            k += 1 / 9
        case "identity":
            k[1, 1] = 1
        case "shift left":
            k[1, 0] = 1
        case _:
            raise ValueError(name)
    return k


@wrong("design_kernel", "F36a")
def unknown_name_printed(name):
    """An unknown name falls through all of the ifs, and None comes back."""
    if name == "vertical edge":
        return np.array(EDGE, float)
    if name == "horizontal edge":
        return np.array(EDGE, float).T
    if name == "box":
        return np.ones((3, 3)) / 9
    if name == "identity":
        return np.array(CENTRE, float)
    if name == "shift left":
        return np.array(RIGHT_NEIGHBOUR, float)
    return None


@wrong("design_kernel", "M42")
def ninths_in_whole_numbers(name):
    """A ninth is written into an array of whole numbers."""
    k = np.array(CENTRE)
    if name == "vertical edge":
        k = np.array(EDGE)
    elif name == "horizontal edge":
        k = np.array(EDGE).T
    elif name == "box":
        k[:, :] = 1 / 9
    elif name == "shift left":
        k = np.array(RIGHT_NEIGHBOUR)
    elif name != "identity":
        raise ValueError(name)
    return k


@wrong("design_kernel", "M3a")
def edges_the_other_way(name):
    """The row of ones is taken for the vertical edge."""
    made = {
        "vertical edge": [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
        "horizontal edge": [[1, 0, -1]] * 3,
        "box": [[1 / 9] * 3] * 3,
        "identity": CENTRE,
        "shift left": RIGHT_NEIGHBOUR,
    }
    try:
        return np.array(made[name])
    except KeyError as error:
        raise ValueError(name) from error


@stops("design_kernel", KeyError)
def looked_up_without_a_guard(name):
    """An unknown name raises another error than a ValueError."""
    return {
        "vertical edge": np.array(EDGE),
        "horizontal edge": np.array(EDGE).T,
        "box": np.ones((3, 3)) / 9,
        "identity": np.array(CENTRE),
        "shift left": np.array(RIGHT_NEIGHBOUR),
    }[name]
