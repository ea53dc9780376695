"""Known mistakes with one gray image and one kernel: `window_sum` and `conv2d_valid`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions.asked.gray import conv2d_valid
from solutions.faults import shown
from solutions.faults.around import Around, Function, read_with, returned_as, returned_with
from solutions.faults.storing import in_bytes, in_type_of, only
from solutions.mistakes import Mistake, with_words
from solutions.reference.shapes import FloatArray, Pair, float_arrays


def _product_sum(patch: ArrayLike, kernel: ArrayLike) -> float:
    """Multiply and add as a line of NumPy does: sizes that differ may be stretched without a word."""
    return float(_products(patch, kernel).sum())


def _products(patch: ArrayLike, kernel: ArrayLike) -> FloatArray:
    patch, kernel = float_arrays(patch, kernel)
    return patch * kernel


def _every_product(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
    """Multiply every window by the kernel, shape (y, x, i, j)."""
    image, kernel = float_arrays(image, kernel)
    products: FloatArray = np.lib.stride_tricks.sliding_window_view(image, kernel.shape) * kernel
    return products


def _slide(
    value: Callable[[FloatArray, FloatArray], float],
    image: ArrayLike,
    kernel: ArrayLike,
    *,
    count: Callable[[int, int, int, int], tuple[int, int]] = lambda h, w, kh, kw: (h - kh + 1, w - kw + 1),
    window: Callable[[int, int], Pair] = lambda kh, kw: (kh, kw),
) -> FloatArray:
    """Fill an array window by window with plain slices, which come out short at the edge."""
    image, kernel = float_arrays(image, kernel)
    height, width = window(*kernel.shape)
    maps = np.zeros(count(*image.shape, *kernel.shape), image.dtype)
    for i, j in np.ndindex(*maps.shape):
        maps[i, j] = value(image[i : i + height, j : j + width], kernel)
    return maps


def _square(array: ArrayLike, side: int) -> NDArray[Any]:
    """Read side x side cells one by one: more are left out, fewer raise an IndexError."""
    return np.asarray(array)[np.ix_(range(side), range(side))]


def _three_of_its_size(kernel: ArrayLike) -> NDArray[Any]:
    """Read 3 x 3 cells one by one, and leave the size of the kernel as it is: the others count as 0."""
    return np.pad(_square(kernel, 3), [(0, side - 3) for side in np.shape(kernel)])


def _in_frame(before: Callable[[int], int]) -> Around:
    """Fill up with zeros to the size of the image, `before(side)` of them at the top or left."""
    return returned_with(
        conv2d_valid,
        lambda maps, image, kernel: np.pad(
            maps, [(before(side), side - 1 - before(side)) for side in np.shape(kernel)]
        ),
    )


def _padded(pad: Callable[[int], Pair]) -> Around:
    """Put zeros around the image, `pad(side)` of the kernel before and after it along each axis."""
    return read_with(
        conv2d_valid, lambda image, kernel: (np.pad(image, [pad(side) for side in np.shape(kernel)]), kernel)
    )


def _patch_multiplied_in_place(patch: ArrayLike, kernel: ArrayLike) -> float:
    products = np.asarray(patch)
    products *= np.asarray(kernel)
    return float(products.sum())


def _rows_count_for_both(maps: FloatArray) -> FloatArray:
    filled = np.zeros_like(maps)
    for i, j in np.ndindex(len(maps), len(maps)):
        filled[i, j] = maps[i, j]
    return filled


def _written_into_the_image(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
    maps = conv2d_valid(image, kernel)
    np.asarray(image)[: maps.shape[0], : maps.shape[1]] = maps
    return maps


def _windows_multiplied_in_place(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
    pixels, weights = np.asarray(image), np.asarray(kernel)
    maps = np.zeros_like(conv2d_valid(image, kernel))
    for i, j in np.ndindex(*maps.shape):
        window = pixels[i : i + weights.shape[0], j : j + weights.shape[1]]
        window *= weights
        maps[i, j] = window.sum()
    return maps


KERNEL_READ_WRONGLY = """
M1 | kernel flipped both ways | notebook 01, Multiply cell by cell, then add | convention
Mathematics and signal processing turn the kernel by 180 degrees first, as `scipy.signal.convolve2d` does. Here, as in
Keras, it is laid on as it is: the top-left weight meets the top-left pixel.

M2a | kernel mirrored left to right | notebook 01, Multiply cell by cell, then add
You mirrored the kernel left to right. Keep it as it is: column 0 of the kernel meets column 0 of the window.

M2b | kernel mirrored top to bottom | notebook 01, Multiply cell by cell, then add
You mirrored the kernel top to bottom. Keep it as it is: row 0 of the kernel meets row 0 of the window.

M3 | kernel transposed | notebook 01, Rows first
You swapped the rows and columns of the kernel. The first index is the row in both arrays: `kernel[i, j]` belongs to
pixel `[i, j]` of the window.

F12 | kernel turned by 90 degrees | notebook 01, Multiply cell by cell, then add
You turned the kernel by a quarter: a transpose and one flip. Keep it as it is: `kernel[i, j]` belongs to pixel `[i, j]`
of the window.
"""


def _kernel_as(right: Function, change: Callable[[ArrayLike], ArrayLike]) -> Around:
    """Read the kernel in another way."""
    return read_with(right, lambda image, kernel: (image, change(kernel)))


def _divided_by_its_size(kernel: ArrayLike) -> NDArray[Any]:
    """A mean of products in place of their sum."""
    weights: NDArray[Any] = np.asarray(kernel) / np.size(kernel)
    return weights


def _kernel_read_wrongly(right: Function) -> tuple[Mistake, ...]:
    """Mistakes in how the kernel is read, the same for one window and for all."""
    return with_words(
        {
            "M1": _kernel_as(right, np.flip),
            "M2a": _kernel_as(right, np.fliplr),
            "M2b": _kernel_as(right, np.flipud),
            "M3": _kernel_as(right, np.transpose),
            "F12": _kernel_as(right, np.rot90),
        },
        KERNEL_READ_WRONGLY,
    )


def _cells_read(side: Callable[[Any], int]) -> Around:
    """Read `side(kernel)` rows and columns of both."""
    return read_with(_product_sum, lambda patch, kernel: (_square(patch, side(kernel)), _square(kernel, side(kernel))))


def _without_its_last(kernel: ArrayLike) -> NDArray[Any]:
    """Set the last row and the last column to 0, as loops do that stop one short."""
    weights: NDArray[Any] = np.array(kernel)
    weights[-1], weights[:, -1] = 0, 0
    return weights


def _loops_swapped(patch: ArrayLike, kernel: ArrayLike) -> float:
    """Let the loop over rows count to the width, and the one over columns to the height."""
    pixels, weights = float_arrays(patch, kernel)
    height, width = weights.shape
    return float(sum(pixels[i, j] * weights[i, j] for i in range(width) for j in range(height)))


WINDOW_SUM = _kernel_read_wrongly(_product_sum) + with_words(
    {
        "M5a": lambda patch, kernel: float(np.matmul(patch, kernel).sum()),
        "M5b": lambda patch, kernel: np.matmul(*float_arrays(patch, kernel)),
        "M6": _kernel_as(_product_sum, _divided_by_its_size),
        "M15": _cells_read(len),
        "M41": returned_as(_product_sum, in_bytes),
        "M42": returned_as(_product_sum, int),
        "M43": _patch_multiplied_in_place,
        "M48": _kernel_as(_product_sum, _without_its_last),
        "M56": _loops_swapped,
        "F1": lambda patch, kernel: 0.0,
        "F2a": lambda patch, kernel: float(_products(patch, kernel)[0, 0]),
        "F2b": lambda patch, kernel: float(_products(patch, kernel)[0].sum()),
        "F3a": lambda patch, kernel: _products(patch, kernel).sum(axis=0),
        "F3b": lambda patch, kernel: _products(patch, kernel).sum(axis=1),
        "F4": _products,
        "F5": _cells_read(lambda kernel: 3),
        "F13a": lambda patch, kernel: float(_products(patch, kernel)[-1].sum()),
        "F13b": lambda patch, kernel: float(_products(patch, kernel)[-1, -1]),
        "F14": lambda patch, kernel: float(np.add(*float_arrays(patch, kernel)).sum()),
        "F15": lambda patch, kernel: float(np.sum(patch) * np.sum(kernel)),
    },
    """
M5a | matrix product, then added | notebook 01, Multiply cell by cell, then add
You multiplied the two as matrices (`@` or `np.dot`). Multiply cell by cell with `*`, then add.

M5b | matrix product | notebook 01, Multiply cell by cell, then add
You returned the matrix product (`@` or `np.dot`). Multiply cell by cell with `*`, then add all products to one number.

M6 | mean instead of sum | notebook 01, Multiply cell by cell, then add
You took the mean of the products. One window gives their sum, with no division after it.

M15 | works for square windows only | notebook 01, Rows first
You used the kernel's height for its width as well. Read both, `rows, columns = kernel.shape`, and let each loop run
over its own.

M41 | numbers wrap at 256 | notebook 01, Numbers with a fraction
You counted in `uint8`, where -1 becomes 255 and 256 becomes 0. Convert the numbers to floats before you multiply.

M42 | fraction cut off | notebook 01, Numbers with a fraction
You turned the sum into a whole number, and its fraction is gone. Return it as a float.

M43 | patch changed | notebook 01, Leave the input alone
You multiplied inside the patch you were given. `patch *= kernel` writes into it, and so changes it; `products = patch *
kernel` makes a new array.

M48 | last cells left out | notebook 01, Multiply cell by cell, then add
You left out the last row and the last column of the window. `range(n)` ends at n - 1 already: let the loops run over
`range(rows)` and `range(columns)`.

M56 | loops swapped | notebook 01, Rows first
Your loops have each other's ranges: the row index counts to the width, and the column index to the height. Let the row
index run over `range(rows)`, and the column index over `range(columns)`.

F1 | starter not filled in | notebook 01, One window, one number
You returned 0 whatever the window holds. Compute the sum of the products and return it.

F2a | returns after the first product | notebook 01, One window, one number
You returned after the first product: the `return` is inside the inner loop. Move it below both loops.

F2b | returns after the first row | notebook 01, One window, one number
You returned after the first row: the `return` is inside the outer loop. Move it below both loops.

F3a | one sum for each column | notebook 01, One window, one number
You added down each column and returned one sum for each. Add all the products, without `axis`, to one number.

F3b | one sum for each row | notebook 01, One window, one number
You added along each row and returned one sum for each. Add all the products, without `axis`, to one number.

F4 | products not added | notebook 01, One window, one number
You returned the products themselves. Add them all: one window gives one number.

F5 | 3 written into the code | notebook 01, Rows first
You used 3 as the size of every window. Take the size from `kernel.shape`, so that any kernel works.

F13a | total reset each row | notebook 01, Multiply cell by cell, then add
You set the total to 0 at every row, so that only the last row is left. Set it to 0 once, before both loops.

F13b | only the last product | notebook 01, Multiply cell by cell, then add
You replaced the total by each product, so that only the last one is left. Add each to it: `+=`, not `=`.

F14 | added instead of multiplied | notebook 01, Multiply cell by cell, then add
You added the kernel to the window. Each pixel is multiplied by its weight; only the products are added.

F15 | added first, multiplied last | notebook 01, Multiply cell by cell, then add
You added up the window and the kernel, then multiplied the two sums. Multiply cell by cell first, then add the
products.
""",
)

CONV2D_VALID = _kernel_read_wrongly(conv2d_valid) + with_words(
    {
        "M3b": lambda image, kernel: _slide(lambda patch, weights: (patch * weights.T).sum(), image, kernel),
        "M4": returned_as(conv2d_valid, np.transpose),
        "M5": lambda image, kernel: _slide(lambda patch, weights: (patch @ weights).sum(), image, kernel),
        "M6": _kernel_as(conv2d_valid, _divided_by_its_size),
        "M7": returned_as(conv2d_valid, lambda maps: maps[:-1, :-1]),
        "M8a": _padded(lambda side: (0, side - 1)),
        "M8b": lambda image, kernel: _slide(_product_sum, image, kernel, count=lambda h, w, kh, kw: (h, w)),
        "M15a": lambda image, kernel: _slide(
            _product_sum, image, kernel, count=lambda h, w, kh, kw: (h - kh + 1, w - kh + 1)
        ),
        "M15b": returned_as(conv2d_valid, _rows_count_for_both),
        "M15c": _kernel_as(conv2d_valid, lambda kernel: _square(kernel, len(np.asarray(kernel)))),
        "M15d": lambda image, kernel: _slide(_product_sum, image, kernel, window=lambda kh, kw: (kh, kh)),
        "M39a": returned_as(conv2d_valid, lambda maps: maps.cumsum().reshape(maps.shape)),
        "M39b": returned_as(conv2d_valid, lambda maps: maps.cumsum(axis=1)),
        "M41": returned_as(conv2d_valid, in_bytes),
        "M42a": returned_with(conv2d_valid, lambda maps, image, kernel: in_type_of(image, maps)),
        "M42b": returned_as(conv2d_valid, lambda maps: maps.astype(int)),
        "M43a": _written_into_the_image,
        "M43b": _windows_multiplied_in_place,
        "M48": _kernel_as(conv2d_valid, _without_its_last),
        "M51": returned_as(conv2d_valid, np.abs),
        "M52": returned_as(conv2d_valid, shown.limited),
        "M53": returned_as(conv2d_valid, shown.stretched),
        "M54a": _kernel_as(conv2d_valid, lambda kernel: shown.over_their_sum(np.asarray(kernel))),
        "M54b": _kernel_as(conv2d_valid, lambda kernel: shown.over_their_sum_but_zero(np.asarray(kernel))),
        "M55": returned_as(conv2d_valid, shown.over_the_largest),
        "M42c": returned_as(conv2d_valid, lambda maps: np.round(maps, 1)),
        "M42d": returned_as(conv2d_valid, lambda maps: np.round(maps, 2)),
        "F1": returned_as(conv2d_valid, np.zeros_like),
        "F2a": returned_as(conv2d_valid, lambda maps: only(np.s_[:1, :1], maps)),
        "F2b": returned_as(conv2d_valid, lambda maps: only(np.s_[:1, :], maps)),
        "F3a": lambda image, kernel: _every_product(image, kernel).sum(axis=2),
        "F3b": lambda image, kernel: _every_product(image, kernel).sum(axis=3),
        "F4": _every_product,
        "F5": _kernel_as(conv2d_valid, lambda kernel: _square(kernel, 3)),
        "F5b": lambda image, kernel: _slide(
            _product_sum, image, kernel, count=lambda h, w, kh, kw: (h - 2, w - 2), window=lambda kh, kw: (3, 3)
        ),
        "F5c": _kernel_as(conv2d_valid, _three_of_its_size),
        "F6": lambda image, kernel: _slide(
            _product_sum, image, kernel, count=lambda h, w, kh, kw: (h - kh + 1, h - kw + 1)
        ),
        "F7": lambda image, kernel: _slide(
            _product_sum,
            image,
            kernel,
            count=lambda h, w, kh, kw: (h - kw + 1, w - kh + 1),
            window=lambda kh, kw: (kw, kh),
        ),
        "F8": _in_frame(lambda side: side // 2),
        "F9": _in_frame(lambda side: 0),
        "F10": _padded(lambda side: ((side - 1) // 2, side // 2)),
        "F11": returned_with(
            conv2d_valid, lambda maps, image, kernel: maps[:: np.shape(kernel)[0], :: np.shape(kernel)[1]]
        ),
        "F16": returned_as(conv2d_valid, lambda maps: np.maximum(maps, 0)),
    },
    """
M3b | kernel transposed in the window | notebook 01, Rows first
You multiplied each window by the transposed kernel: pixel `[i, j]` met `kernel[j, i]`. Where the two differ in size,
NumPy stretches them or refuses. Pixel `[i, j]` meets `kernel[i, j]`.

M4 | rows and columns swapped | notebook 01, Rows first
You stored each sum at `[column, row]`. The row comes first: the window at row i and column j belongs to `[i, j]` of the
output.

M5 | matrix product | notebook 01, Multiply cell by cell, then add
You multiplied each window and the kernel as matrices (`@` or `np.dot`). Multiply cell by cell with `*`, then add.

M6 | mean instead of sum | notebook 01, Multiply cell by cell, then add
You took the mean of each window's products. One window gives their sum, with no division after it.

M7 | last window missing | notebook 01, How many windows fit?
You left out the last row and the last column of windows. A window of k cells fits n - k + 1 times into n pixels: count
them for n = k.

M8a | windows run past the edge | notebook 01, How many windows fit?
You started a window at every pixel, and those at the bottom and right hang over the edge. Only windows that lie inside
the image count: n - k + 1 along each axis.

M8b | short windows at the edge | notebook 01, How many windows fit?
You started a window at every pixel. At the edge the slice comes out short, and NumPy stretches it or refuses. Only full
windows count: n - k + 1 along each axis.

M15a | kernel height for both counts | notebook 01, How many windows fit?
You counted the columns of windows with the kernel's height. Along the width its width counts: `image.shape[1] -
kernel.shape[1] + 1`.

M15b | rows counted for both loops | notebook 01, Rows first
You let both loops run over the number of rows. Let the inner loop run over the columns of the output.

M15c | works for square kernels only | notebook 01, Rows first
You used the kernel's height for its width as well. Read both: `kernel_height, kernel_width = kernel.shape`.

M15d | windows cut square | notebook 01, Rows first
You cut windows that are as wide as the kernel is high. A window has the size of the kernel: `i : i + kernel_height`,
`j : j + kernel_width`.

M39a | total never reset | notebook 01, Every window in turn
You carried the total of one window into the next. Each window starts from 0: set the total inside the loop over
windows.

M39b | total reset each row | notebook 01, Every window in turn
You set the total to 0 at each row of windows, and it runs on along the row. Each window starts from 0: set the total
inside the inner loop.

M41 | numbers wrap at 256 | notebook 01, Numbers with a fraction
You stored the sums as `uint8`, where -1 becomes 255 and 256 becomes 0. Make the output an array of floats.

M42a | output of the image's type | notebook 01, Numbers with a fraction
You gave the output the type of the image, and whole numbers have no room for a fraction. Make it an array of floats
with `np.zeros(shape)`.

M42b | fractions cut off | notebook 01, Numbers with a fraction
You stored the sums as whole numbers, and their fractions are gone. Make the output an array of floats with
`np.zeros(shape)`.

M43a | image changed | notebook 01, Leave the input alone
Your numbers are right, but the image you were given has changed. Write the results into a new array.

M43b | windows changed in place | notebook 01, Leave the input alone
You multiplied each window in place. A slice is a view: `window *= kernel` changes the image, and the next window reads
it. Write `products = window * kernel`.

M48 | last cells left out | notebook 01, Multiply cell by cell, then add
You left out the last row and the last column of each window. `range(n)` ends at n - 1 already: let the loops run over
`range(kernel_height)` and `range(kernel_width)`.

"""
    + (shown.WORDS + shown.GUARDED).format(place="notebook 01, Multiply cell by cell, then add").strip()
    + """

M42c | rounded to one decimal | notebook 01, Numbers with a fraction
You rounded the sums to one decimal. Return them with all their digits.

M42d | rounded to two decimals | notebook 01, Numbers with a fraction
You rounded the sums to two decimals. Return them with all their digits.

F1 | starter not filled in | notebook 01, Every window in turn
You returned an output of the right shape that holds only zeros. Each cell should hold the sum of its window.

F2a | returns after the first window | notebook 01, Every window in turn
You returned after the first window: the `return` is inside the inner loop. Move it below both loops.

F2b | returns after the first row | notebook 01, Every window in turn
You returned after the first row of windows: the `return` is inside the outer loop. Move it below both loops.

F3a | one sum for each column | notebook 01, One window, one number
You added each window's products down the columns only. Add all of them, without `axis`: one window gives one number.

F3b | one sum for each row | notebook 01, One window, one number
You added each window's products along the rows only. Add all of them, without `axis`: one window gives one number.

F4 | products not added | notebook 01, One window, one number
You returned the products of every window. Add them: one window gives one number.

F5 | 3 written into the code | notebook 01, Rows first
You used 3 as the size of every kernel. Take the size from `kernel.shape`, so that any kernel works.

F5b | windows always 3 x 3 | notebook 01, Rows first
You cut windows of 3 x 3 and made the output for them, whatever the kernel. NumPy stretches the kernel to fit, or
refuses. Take height and width from `kernel.shape`.

F5c | loops always up to 3 | notebook 01, Rows first
Your output has the right size, but your loops over the kernel run up to 3. Let them run over `kernel.shape[0]` and
`kernel.shape[1]`.

F6 | works for square images only | notebook 01, Rows first
You used the image's height for its width as well. Read both: `height, width = image.shape`.

F7 | kernel height and width swapped | notebook 01, Rows first
You swapped the height and the width of the kernel. The height comes first: `kernel_height, kernel_width =
kernel.shape`.

F8 | border left at zero | notebook 01, How many windows fit?
Your output has the size of the image, with zeros where no window is centred. It should hold only the windows that fit:
n - k + 1 along each axis.

F9 | output not shrunk | notebook 01, How many windows fit?
Your output has the size of the image, and its last rows and columns stay 0. Make it as large as the number of windows:
n - k + 1 along each axis.

F10 | zeros put around the image | notebook 01, How many windows fit?
You put zeros around the image, and the output kept its size. Here only windows that lie inside the image count: n - k +
1 along each axis.

F11 | windows side by side | notebook 01, Every window in turn
You moved the window by its own size each time. It moves by one pixel, so that neighbouring windows overlap.

F16 | negative sums cut off | notebook 01, Multiply cell by cell, then add
You set negative sums to 0. A sum may be negative, and stays so: this is the sum itself, not yet a picture.
""",
)
