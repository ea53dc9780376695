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


def upright(height, width):
    """Each row is 1, then zeros, then -1."""
    return np.array([[1] + [0] * (width - 2) + [-1]] * height)


def single(height, width, aside=0):
    """A 1 in the middle, or as many columns aside."""
    cells = np.zeros((height, width), int)
    cells[height // 2, width // 2 + aside] = 1
    return cells


@wrong("design_kernel", "F38a")
def box_of_ones(name, size=(3, 3)):
    """The weights of the box are ones."""
    height, width = size
    kernels = {
        "vertical edge": upright(height, width),
        "horizontal edge": upright(width, height).T,
        "box": np.ones(size),
        "identity": single(height, width),
        "shift left": single(height, width, 1),
    }
    if name not in kernels:
        raise ValueError(name)
    return kernels[name]


@wrong("design_kernel", "F37")
def identity_matrix(name, size=(3, 3)):
    """The identity is NumPy's identity matrix."""
    height, width = size
    if name == "vertical edge":
        return upright(height, width)
    if name == "horizontal edge":
        return upright(width, height).T
    if name == "box":
        return np.full(size, 1 / (height * width))
    if name == "identity":
        return np.eye(height, width)
    if name == "shift left":
        return single(height, width, 1)
    raise ValueError("no such kernel")


@wrong("design_kernel", "F39b")
def left_neighbour(name, size=(3, 3)):
    """To shift left, the left neighbour is taken."""
    height, width = size
    k = np.zeros(size)
    match name:
        case "vertical edge":
            k[:, 0], k[:, -1] = 1, -1
        case "horizontal edge":
            k[0, :], k[-1, :] = 1, -1
        case "box":
            k += 1 / k.size
        case "identity":
            k[height // 2, width // 2] = 1
        case "shift left":
            k[height // 2, width // 2 - 1] = 1
        case _:
            raise ValueError(name)
    return k


@wrong("design_kernel", "F36a")
def unknown_name_printed(name, size=(3, 3)):
    """An unknown name falls through all of the ifs, and None comes back."""
    height, width = size
    if name == "vertical edge":
        return upright(height, width).astype(float)
    if name == "horizontal edge":
        return upright(width, height).T.astype(float)
    if name == "box":
        return np.ones(size) / (height * width)
    if name == "identity":
        return single(height, width).astype(float)
    if name == "shift left":
        return single(height, width, 1).astype(float)
    return None


@wrong("design_kernel", "M42")
def ninths_in_whole_numbers(name, size=(3, 3)):
    """A ninth is written into an array of whole numbers."""
    height, width = size
    k = single(height, width)
    if name == "vertical edge":
        k = upright(height, width)
    elif name == "horizontal edge":
        k = upright(width, height).T
    elif name == "box":
        k[:, :] = 1 / k.size
    elif name == "shift left":
        k = single(height, width, 1)
    elif name != "identity":
        raise ValueError(name)
    return k


@wrong("design_kernel", "M3a")
def edges_the_other_way(name, size=(3, 3)):
    """The row of ones is taken for the vertical edge."""
    height, width = size
    made = {
        "vertical edge": upright(width, height).T,
        "horizontal edge": upright(height, width),
        "box": [[1 / height / width] * width] * height,
        "identity": single(height, width),
        "shift left": single(height, width, 1),
    }
    try:
        return np.array(made[name])
    except KeyError as error:
        raise ValueError(name) from error


@stops("design_kernel", KeyError)
def looked_up_without_a_guard(name, size=(3, 3)):
    """An unknown name raises another error than a ValueError."""
    height, width = size
    return {
        "vertical edge": upright(height, width),
        "horizontal edge": upright(width, height).T,
        "box": np.ones(size) / (height * width),
        "identity": single(height, width),
        "shift left": single(height, width, 1),
    }[name]
