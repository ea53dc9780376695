"""Known mistakes with one gray image and one kernel: `window_sum` and `conv2d_valid`."""

# ruff: noqa: ARG005 - a mistake is sometimes an argument that is not read

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions.gray import conv2d_gray, conv2d_valid
from solutions.mistakes import Mistake
from solutions.shapes import FloatArray, float_arrays

ONE_WINDOW = 'notebook 01, "One window, one number"'
CELLS = 'notebook 01, "Multiply cell by cell, then add"'
ROWS_FIRST = 'notebook 01, "Rows first"'
IN_TURN = 'notebook 01, "Every window in turn"'
COUNT = 'notebook 01, "How many windows fit?"'
FRACTIONS = 'notebook 01, "Numbers with a fraction"'
INPUT = 'notebook 01, "Leave the input alone"'


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
    turned: bool = False,
) -> FloatArray:
    """Fill an array window by window with plain slices, which come out short at the edge."""
    image, kernel = float_arrays(image, kernel)
    height, width = kernel.shape[::-1] if turned else kernel.shape
    rows, columns = image.shape
    maps = np.zeros(count(rows, columns, height, width), image.dtype)
    for i, j in np.ndindex(*maps.shape):
        maps[i, j] = value(image[i : i + height, j : j + width], kernel)
    return maps


def _square(array: ArrayLike, side: int) -> NDArray[Any]:
    """Read side x side cells one by one: more are left out, fewer raise an IndexError."""
    return np.asarray(array)[np.ix_(range(side), range(side))]


def _only(part: tuple[slice, ...], maps: FloatArray) -> FloatArray:
    """Keep one part of the maps, the rest 0."""
    kept = np.zeros_like(maps)
    kept[part] = maps[part]
    return kept


def _frame(maps: FloatArray, kernel: ArrayLike, before: Callable[[int], int]) -> FloatArray:
    """Fill up with zeros to the size of the image, `before(side)` of them at the top or left."""
    return np.pad(maps, [(before(side), side - 1 - before(side)) for side in np.shape(kernel)])


def _bytes(values: ArrayLike) -> Any:
    """Store as numbers from 0 to 255, which wrap round."""
    return np.asarray(values).astype(np.int64).astype(np.uint8)[()]


def _in_type_of(image: ArrayLike, maps: FloatArray) -> NDArray[Any]:
    """Store as `np.zeros_like(image)` does: whole numbers if the image holds whole numbers."""
    dtype = np.asarray(image).dtype
    return maps.astype(np.int64).astype(dtype) if np.issubdtype(dtype, np.integer) else maps


def _patch_multiplied_in_place(patch: ArrayLike, kernel: ArrayLike) -> float:
    products = np.asarray(patch)
    products *= np.asarray(kernel)
    return float(products.sum())


def _rows_count_for_both(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
    maps = conv2d_valid(image, kernel)
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


def _kernel_read_wrongly(right: Callable[[ArrayLike, ArrayLike], Any]) -> tuple[Mistake, ...]:
    """Mistakes in how the kernel is read, the same for one window and for all."""
    return (
        Mistake(
            "M1",
            "kernel flipped both ways",
            lambda image, kernel: right(image, np.flip(kernel)),
            "You turned the kernel by 180 degrees, as convolution in mathematics does. A layer lays it on as it is: "
            "the top-left weight meets the top-left pixel.",
            CELLS,
        ),
        Mistake(
            "M2a",
            "kernel mirrored left to right",
            lambda image, kernel: right(image, np.flip(kernel, axis=1)),
            "You mirrored the kernel left to right. It has to stay as it is: column 0 of the kernel meets column 0 of "
            "the window.",
            CELLS,
        ),
        Mistake(
            "M2b",
            "kernel mirrored top to bottom",
            lambda image, kernel: right(image, np.flip(kernel, axis=0)),
            "You mirrored the kernel top to bottom. It has to stay as it is: row 0 of the kernel meets row 0 of the "
            "window.",
            CELLS,
        ),
        Mistake(
            "M3",
            "kernel transposed",
            lambda image, kernel: right(image, np.transpose(kernel)),
            "You swapped the rows and columns of the kernel. The first index is the row in both arrays: "
            "`kernel[i, j]` belongs to pixel `[i, j]` of the window.",
            ROWS_FIRST,
        ),
        Mistake(
            "F12",
            "kernel turned by 90 degrees",
            lambda image, kernel: right(image, np.rot90(kernel)),
            "You turned the kernel by a quarter: a transpose and one flip. It has to stay as it is: `kernel[i, j]` "
            "belongs to pixel `[i, j]` of the window.",
            CELLS,
        ),
    )


WINDOW_SUM = (
    *_kernel_read_wrongly(_product_sum),
    Mistake(
        "M5a",
        "matrix product, then added",
        lambda patch, kernel: float(np.matmul(patch, kernel).sum()),
        "You multiplied the two as matrices (`@` or `np.dot`). Multiply cell by cell with `*`, then add.",
        CELLS,
    ),
    Mistake(
        "M5b",
        "matrix product",
        lambda patch, kernel: np.matmul(*float_arrays(patch, kernel)),
        "You returned the matrix product (`@` or `np.dot`). Multiply cell by cell with `*`, then add all products to "
        "one number.",
        CELLS,
    ),
    Mistake(
        "M6",
        "mean instead of sum",
        lambda patch, kernel: _product_sum(patch, kernel) / np.size(kernel),
        "You took the mean of the products. One window gives their sum, with no division after it.",
        CELLS,
    ),
    Mistake(
        "M15",
        "works for square windows only",
        lambda patch, kernel: _product_sum(_square(patch, len(kernel)), _square(kernel, len(kernel))),
        "You used the kernel's height for its width as well. Read both, `rows, columns = kernel.shape`, and let each "
        "loop run over its own.",
        ROWS_FIRST,
    ),
    Mistake(
        "M41",
        "numbers wrap at 256",
        lambda patch, kernel: _bytes(_product_sum(patch, kernel)),
        "You counted in `uint8`, where -1 becomes 255 and 256 becomes 0. Turn the numbers into floats before you "
        "multiply.",
        FRACTIONS,
    ),
    Mistake(
        "M42",
        "fraction cut off",
        lambda patch, kernel: int(_product_sum(patch, kernel)),
        "You turned the sum into a whole number, and its fraction is gone. Return it as a float.",
        FRACTIONS,
    ),
    Mistake(
        "M43",
        "patch changed",
        _patch_multiplied_in_place,
        "Your number is right, but the patch you were given has changed. `patch *= kernel` writes into it; "
        "`products = patch * kernel` makes a new array.",
        INPUT,
    ),
    Mistake(
        "F1",
        "starter not filled in",
        lambda patch, kernel: 0.0,
        "You returned 0 whatever the window holds. The sum of the products has to be worked out and returned.",
        ONE_WINDOW,
    ),
    Mistake(
        "F2a",
        "returns after the first product",
        lambda patch, kernel: float(_products(patch, kernel)[0, 0]),
        "You returned after the first product: the `return` stands inside the inner loop. It has to stand after both "
        "loops.",
        ONE_WINDOW,
    ),
    Mistake(
        "F2b",
        "returns after the first row",
        lambda patch, kernel: float(_products(patch, kernel)[0].sum()),
        "You returned after the first row: the `return` stands inside the outer loop. It has to stand after both "
        "loops.",
        ONE_WINDOW,
    ),
    Mistake(
        "F3a",
        "one sum for each column",
        lambda patch, kernel: _products(patch, kernel).sum(axis=0),
        "You added down each column and returned one sum for each. Add all the products, without `axis`, to one "
        "number.",
        ONE_WINDOW,
    ),
    Mistake(
        "F3b",
        "one sum for each row",
        lambda patch, kernel: _products(patch, kernel).sum(axis=1),
        "You added along each row and returned one sum for each. Add all the products, without `axis`, to one number.",
        ONE_WINDOW,
    ),
    Mistake(
        "F4",
        "products not added",
        _products,
        "You returned the products themselves. Add them all: one window gives one number.",
        ONE_WINDOW,
    ),
    Mistake(
        "F5",
        "3 written into the code",
        lambda patch, kernel: _product_sum(_square(patch, 3), _square(kernel, 3)),
        "You used 3 as the size of every window. Take the size from `kernel.shape`, so that any kernel works.",
        ROWS_FIRST,
    ),
    Mistake(
        "F13a",
        "total set back each row",
        lambda patch, kernel: float(_products(patch, kernel)[-1].sum()),
        "You set the total to 0 at every row, so that only the last row is left. Set it to 0 once, before both loops.",
        CELLS,
    ),
    Mistake(
        "F13b",
        "only the last product",
        lambda patch, kernel: float(_products(patch, kernel)[-1, -1]),
        "You replaced the total by each product, so that only the last one is left. Add each to it: `+=`, not `=`.",
        CELLS,
    ),
    Mistake(
        "F14",
        "added instead of multiplied",
        lambda patch, kernel: float(np.add(*float_arrays(patch, kernel)).sum()),
        "You added the kernel to the window. Each pixel is multiplied by its weight; only the products are added.",
        CELLS,
    ),
    Mistake(
        "F15",
        "added first, multiplied last",
        lambda patch, kernel: float(np.sum(patch) * np.sum(kernel)),
        "You added up the window and the kernel, then multiplied the two sums. Multiply cell by cell first, then add "
        "the products.",
        CELLS,
    ),
)

CONV2D_VALID = (
    *_kernel_read_wrongly(conv2d_valid),
    Mistake(
        "M4",
        "rows and columns swapped",
        lambda image, kernel: conv2d_valid(image, kernel).T,
        "You stored each sum at `[column, row]`. The row comes first: the window at row i and column j belongs to "
        "`[i, j]` of the output.",
        ROWS_FIRST,
    ),
    Mistake(
        "M5",
        "matrix product",
        lambda image, kernel: _slide(lambda patch, weights: (patch @ weights).sum(), image, kernel),
        "You multiplied each window and the kernel as matrices (`@` or `np.dot`). Multiply cell by cell with `*`, "
        "then add.",
        CELLS,
    ),
    Mistake(
        "M6",
        "mean instead of sum",
        lambda image, kernel: conv2d_valid(image, kernel) / np.size(kernel),
        "You took the mean of each window's products. One window gives their sum, with no division after it.",
        CELLS,
    ),
    Mistake(
        "M7",
        "last window missing",
        lambda image, kernel: conv2d_valid(image, kernel)[:-1, :-1],
        "You left out the last row and the last column of windows. A window of k cells fits n - k + 1 times into n "
        "pixels: count them for n = k.",
        COUNT,
    ),
    Mistake(
        "M8a",
        "windows run past the edge",
        lambda image, kernel: conv2d_valid(np.pad(image, [(0, side - 1) for side in np.shape(kernel)]), kernel),
        "You started a window at every pixel, and those at the bottom and right hang over the edge. Only windows that "
        "lie inside the image count: n - k + 1 along each axis.",
        COUNT,
    ),
    Mistake(
        "M8b",
        "short windows at the edge",
        lambda image, kernel: _slide(_product_sum, image, kernel, count=lambda h, w, kh, kw: (h, w)),
        "You started a window at every pixel. At the edge the slice comes out short, and NumPy stretches it or "
        "refuses. Only full windows count: n - k + 1 along each axis.",
        COUNT,
    ),
    Mistake(
        "M15a",
        "kernel height for both counts",
        lambda image, kernel: _slide(_product_sum, image, kernel, count=lambda h, w, kh, kw: (h - kh + 1, w - kh + 1)),
        "You counted the columns of windows with the kernel's height. Along the width its width counts: "
        "`image.shape[1] - kernel.shape[1] + 1`.",
        COUNT,
    ),
    Mistake(
        "M15b",
        "rows counted for both loops",
        _rows_count_for_both,
        "You let both loops run over the number of rows. The inner loop has to run over the columns of the output.",
        ROWS_FIRST,
    ),
    Mistake(
        "M15c",
        "works for square kernels only",
        lambda image, kernel: conv2d_valid(image, _square(kernel, len(kernel))),
        "You used the kernel's height for its width as well. Read both: `kernel_height, kernel_width = kernel.shape`.",
        ROWS_FIRST,
    ),
    Mistake(
        "M39a",
        "total never set back",
        lambda image, kernel: conv2d_valid(image, kernel).cumsum().reshape(conv2d_valid(image, kernel).shape),
        "You carried the total of one window into the next. Each window starts from 0: set the total inside the loop "
        "over windows.",
        IN_TURN,
    ),
    Mistake(
        "M39b",
        "total set back each row",
        lambda image, kernel: conv2d_valid(image, kernel).cumsum(axis=1),
        "You set the total to 0 at each row of windows, and it runs on along the row. Each window starts from 0: set "
        "the total inside the inner loop.",
        IN_TURN,
    ),
    Mistake(
        "M41",
        "numbers wrap at 256",
        lambda image, kernel: _bytes(conv2d_valid(image, kernel)),
        "You stored the sums as `uint8`, where -1 becomes 255 and 256 becomes 0. Make the output an array of floats.",
        FRACTIONS,
    ),
    Mistake(
        "M42a",
        "output of the image's type",
        lambda image, kernel: _in_type_of(image, conv2d_valid(image, kernel)),
        "You gave the output the type of the image, and whole numbers have no room for a fraction. Make it an array "
        "of floats with `np.zeros(shape)`.",
        FRACTIONS,
    ),
    Mistake(
        "M42b",
        "fractions cut off",
        lambda image, kernel: conv2d_valid(image, kernel).astype(int),
        "You stored the sums as whole numbers, and their fractions are gone. Make the output an array of floats with "
        "`np.zeros(shape)`.",
        FRACTIONS,
    ),
    Mistake(
        "M43a",
        "image changed",
        _written_into_the_image,
        "Your numbers are right, but the image you were given has changed. Write the results into a new array.",
        INPUT,
    ),
    Mistake(
        "M43b",
        "windows changed in place",
        _windows_multiplied_in_place,
        "You multiplied each window in place. A slice is a view: `window *= kernel` changes the image, and the next "
        "window reads it. Write `products = window * kernel`.",
        INPUT,
    ),
    Mistake(
        "F1",
        "starter not filled in",
        lambda image, kernel: np.zeros_like(conv2d_valid(image, kernel)),
        "You returned an output of the right shape that holds only zeros. Each cell has to get the sum of its window.",
        IN_TURN,
    ),
    Mistake(
        "F2a",
        "returns after the first window",
        lambda image, kernel: _only(np.s_[:1, :1], conv2d_valid(image, kernel)),
        "You returned after the first window: the `return` stands inside the inner loop. It has to stand after both "
        "loops.",
        IN_TURN,
    ),
    Mistake(
        "F2b",
        "returns after the first row",
        lambda image, kernel: _only(np.s_[:1, :], conv2d_valid(image, kernel)),
        "You returned after the first row of windows: the `return` stands inside the outer loop. It has to stand after "
        "both loops.",
        IN_TURN,
    ),
    Mistake(
        "F3a",
        "one sum for each column",
        lambda image, kernel: _every_product(image, kernel).sum(axis=2),
        "You added each window's products down the columns only. Add all of them, without `axis`: one window gives one "
        "number.",
        ONE_WINDOW,
    ),
    Mistake(
        "F3b",
        "one sum for each row",
        lambda image, kernel: _every_product(image, kernel).sum(axis=3),
        "You added each window's products along the rows only. Add all of them, without `axis`: one window gives one "
        "number.",
        ONE_WINDOW,
    ),
    Mistake(
        "F4",
        "products not added",
        _every_product,
        "You returned the products of every window. Add them: one window gives one number.",
        ONE_WINDOW,
    ),
    Mistake(
        "F5",
        "3 written into the code",
        lambda image, kernel: conv2d_valid(image, _square(kernel, 3)),
        "You used 3 as the size of every kernel. Take the size from `kernel.shape`, so that any kernel works.",
        ROWS_FIRST,
    ),
    Mistake(
        "F6",
        "works for square images only",
        lambda image, kernel: _slide(_product_sum, image, kernel, count=lambda h, w, kh, kw: (h - kh + 1, h - kw + 1)),
        "You used the image's height for its width as well. Read both: `height, width = image.shape`.",
        ROWS_FIRST,
    ),
    Mistake(
        "F7",
        "kernel height and width swapped",
        lambda image, kernel: _slide(_product_sum, image, kernel, turned=True),
        "You swapped the height and the width of the kernel. The height comes first: "
        "`kernel_height, kernel_width = kernel.shape`.",
        ROWS_FIRST,
    ),
    Mistake(
        "F8",
        "border left at zero",
        lambda image, kernel: _frame(conv2d_valid(image, kernel), kernel, lambda side: side // 2),
        "Your output has the size of the image, with zeros where no window is centred. It has to hold the windows that "
        "fit and nothing else: n - k + 1 along each axis.",
        COUNT,
    ),
    Mistake(
        "F9",
        "output not shrunk",
        lambda image, kernel: _frame(conv2d_valid(image, kernel), kernel, lambda side: 0),
        "Your output has the size of the image, and its last rows and columns stay 0. It has to be as large as the "
        "number of windows: n - k + 1 along each axis.",
        COUNT,
    ),
    Mistake(
        "F10",
        "zeros put round the image",
        lambda image, kernel: conv2d_gray(image, kernel, padding="same"),
        "You put zeros round the image, and the output kept its size. Here only windows that lie inside the image "
        "count: n - k + 1 along each axis.",
        COUNT,
    ),
    Mistake(
        "F11",
        "windows side by side",
        lambda image, kernel: conv2d_valid(image, kernel)[:: np.shape(kernel)[0], :: np.shape(kernel)[1]],
        "You moved the window by its own size each time. It moves by one pixel, so that neighbouring windows overlap.",
        IN_TURN,
    ),
    Mistake(
        "F16",
        "negative sums cut off",
        lambda image, kernel: np.maximum(conv2d_valid(image, kernel), 0),
        "You set negative sums to 0. A sum may be negative, and stays so: this is the sum itself, not yet a picture.",
        CELLS,
    ),
)
