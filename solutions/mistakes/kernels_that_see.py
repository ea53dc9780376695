"""Known mistakes with kernels: `flip_kernel`, `true_convolution` and `design_kernel`.

Sliding the window goes wrong in the ways of notebook 01, with the kernel flipped.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions.asked.gray import conv2d_valid, convolve
from solutions.asked.kernels import design_kernel, flip_kernel
from solutions.faults.around import Around, Function, read_with, returned_as
from solutions.mistakes import Mistake, with_words
from solutions.mistakes.gray import CONV2D_VALID
from solutions.reference.shapes import FloatArray, Pair, float_arrays


def _overwritten(k: ArrayLike) -> FloatArray:
    """Copy each cell from its opposite one within the same array: the second half reads what the first has written."""
    kernel = np.array(k, dtype=np.float64)
    height, width = kernel.shape
    for i, j in np.ndindex(height, width):
        kernel[i, j] = kernel[height - 1 - i, width - 1 - j]
    return kernel


def _read_from_behind(k: NDArray[Any]) -> NDArray[Any]:
    """Read each weight at [-i, -j]: row 0 and column 0 stay, as -0 is 0."""
    return np.roll(np.flip(k), 1, axis=(0, 1))


def _flipped_in_place(k: ArrayLike) -> NDArray[Any]:
    kernel = np.asarray(k)
    kernel[:] = kernel[::-1, ::-1].copy()
    return kernel


def _convolved_in_place(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
    return conv2d_valid(image, _flipped_in_place(kernel))


def _square(k: ArrayLike, side: int) -> NDArray[Any]:
    """Read side x side cells one by one: more are left out, fewer raise an IndexError."""
    return np.asarray(k)[np.ix_(range(side), range(side))]


FLIP_KERNEL = with_words(
    {
        "M2a": lambda k: np.flip(float_arrays(k)[0], axis=1),
        "M2b": lambda k: np.flip(float_arrays(k)[0], axis=0),
        "M3": lambda k: np.transpose(float_arrays(k)[0]),
        "M15": read_with(flip_kernel, lambda k: [_square(k, len(np.asarray(k)))]),
        "M42": returned_as(flip_kernel, lambda turned: turned.astype(np.int64)),
        "M43": _flipped_in_place,
        "F1": returned_as(flip_kernel, np.zeros_like),
        "F5": read_with(flip_kernel, lambda k: [_square(k, 3)]),
        "F12": lambda k: np.rot90(float_arrays(k)[0]),
        "F33": lambda k: float_arrays(k)[0].copy(),
        "F34": _overwritten,
        "F39": lambda k: -float_arrays(k)[0],
        "F97": lambda k: _read_from_behind(float_arrays(k)[0]),
    },
    """
M2a | mirrored left to right only | notebook 02, Turn the kernel round
You reversed only the columns. Half a turn reverses both axes: the top-left weight goes to the bottom right.

M2b | mirrored top to bottom only | notebook 02, Turn the kernel round
You reversed only the rows. Half a turn reverses both axes: the top-left weight goes to the bottom right.

M3 | transposed, not turned | notebook 02, Turn the kernel round
You transposed the kernel: rows have become columns. Half a turn reverses the order along both axes, and rows stay rows.

M15 | works for square kernels only | notebook 02, Turn the kernel round
You used the kernel's height for its width as well. Read both: `height, width = k.shape`.

M42 | fractions cut off | notebook 01, Numbers with a fraction
You stored the weights as whole numbers, and their fractions are gone. Make the result an array of floats.

M43 | kernel changed | notebook 01, Leave the input alone
Your numbers are right, but the kernel you were given has changed. Write them into a new array.

F1 | starter not filled in | notebook 02, Turn the kernel round
You returned an output of the right shape that holds only zeros. Move each weight to its new place.

F5 | 3 written into the code | notebook 02, Turn the kernel round
You used 3 as the size of every kernel. Take the size from `k.shape`, so that any kernel works.

F12 | turned by 90 degrees | notebook 02, Turn the kernel round
You turned the kernel by a quarter, as a transpose and one flip do. Make it half a turn: `k[0, 0]` goes to the opposite
corner.

F33 | given back as it was | notebook 02, Turn the kernel round
You returned the kernel as you were given it. Reverse both its axes.

F34 | overwritten while read | notebook 01, Leave the input alone
You wrote into the array that you were still reading, so that half of the weights are lost. Write into a new array.

F39 | signs reversed | notebook 02, Turn the kernel round
You changed the sign of each weight. For K that looks like half a turn, and for other kernels it does not: the weights
should change places.

F97 | first row stays | notebook 02, Turn the kernel round
You read the weights at `[-i, -j]`, but -0 is 0, so that the first row and the first column stay. The last row is -1:
read `[-1 - i, -1 - j]`.
""",
)


def _flipped(function: Function) -> Function:
    """Make a convolution of a correlation, and the other way round."""
    return lambda image, kernel: function(image, np.flip(kernel))


def _with_flipped_kernel(mistake: Mistake) -> Mistake:
    """A fault in sliding, made with the kernel rightly flipped."""
    over = mistake.over
    return replace(
        mistake,
        function=_flipped(mistake.function),
        over=None if over is None else lambda inner: _flipped(over(_flipped(inner))),
    )


# How the kernel is read is another matter here, and so are the arrays that get changed.
_SLIDING = tuple(
    _with_flipped_kernel(mistake)
    for mistake in CONV2D_VALID
    if mistake.id not in {"M1", "M2a", "M2b", "M3", "M3b", "F12"} and not mistake.id.startswith("M43")
)


def _kernel_as(change: Callable[[NDArray[Any]], NDArray[Any]]) -> Around:
    """Slide the kernel changed in this way, and not flipped."""
    return read_with(convolve, lambda image, kernel: (image, np.flip(change(np.asarray(kernel)))))


TRUE_CONVOLUTION = _SLIDING + with_words(
    {
        "F33": _kernel_as(lambda kernel: kernel),
        "M2a": _kernel_as(lambda kernel: kernel[:, ::-1]),
        "M2b": _kernel_as(lambda kernel: kernel[::-1]),
        "M3": _kernel_as(lambda kernel: kernel.T),
        "F12": _kernel_as(np.rot90),
        "F30a": returned_as(convolve, np.flip),
        "F30b": Around(convolve, lambda inner: lambda image, kernel: np.flip(inner(image, np.flip(kernel)))),
        "F34": _kernel_as(_overwritten),
        "F39": _kernel_as(np.negative),
        "F97": _kernel_as(_read_from_behind),
        "F38": read_with(
            convolve,
            lambda image, kernel: (np.pad(image, [(side - 1, side - 1) for side in np.shape(kernel)]), kernel),
        ),
        "M43": _convolved_in_place,
    },
    """
F33 | kernel not flipped | notebook 02, Two sums with one name
You laid the kernel on as it is: that is cross-correlation, what a layer computes. True convolution turns the kernel by
180 degrees first.

M2a | only columns reversed | notebook 02, Turn the kernel round
You reversed only the columns of the kernel. True convolution reverses both axes.

M2b | only rows reversed | notebook 02, Turn the kernel round
You reversed only the rows of the kernel. True convolution reverses both axes.

M3 | transposed, not flipped | notebook 02, Turn the kernel round
You transposed the kernel. True convolution turns it by 180 degrees: rows stay rows, in reverse order.

F12 | turned by 90 degrees | notebook 02, Turn the kernel round
You turned the kernel by a quarter. True convolution turns it by half a turn, 180 degrees.

F30a | image turned as well | notebook 02, Two sums with one name
You turned the image in place of the kernel, so that the output is upside down. Only the kernel is turned.

F30b | output turned instead | notebook 02, Two sums with one name
You turned the output and left the kernel as it is. The kernel is turned, before the first window.

F34 | half of the kernel overwritten | notebook 01, Leave the input alone
You turned the kernel inside its own array, so that half of the weights are lost. Write the turned kernel into a new
array.

F39 | sign turned, kernel not | notebook 02, Turn the kernel round
You changed the sign of the cross-correlation. That is right for K alone, because K turned by 180 degrees is -K. Turn
the kernel.

F97 | first row of kernel stays | notebook 02, Turn the kernel round
You read the kernel at `[-i, -j]`, but -0 is 0, so that its first row and column stay. The last row is -1: read
`[-1 - i, -1 - j]`.

F38 | windows over the edge count | notebook 01, How many windows fit? | convention
NumPy and SciPy count windows that hang over the edge, too (mode `full` of `convolve` and `convolve2d`), so that the
output is larger than the image. Here, only windows inside the image count.

M43 | kernel changed | notebook 01, Leave the input alone
Your numbers are right, but the kernel you were given has changed. Flip it into a new array.
""",
)


THREE = (3, 3)


def _design(**changed: Callable[[Pair], Any]) -> Around:
    """Design every kernel rightly, apart from those whose name, "_" for " ", is given."""

    def over(inner: Function) -> Function:
        def wrong(name: str, size: Pair = THREE) -> Any:
            changed_one = changed.get(name.replace(" ", "_"))
            return inner(name, size) if changed_one is None else changed_one(size)

        return wrong

    return Around(design_kernel, over)


def _each(change: Callable[[FloatArray], Any]) -> Around:
    """Change every kernel in the same way."""
    return returned_as(design_kernel, change)


def _unknown_gives(value: Callable[[Pair], Any]) -> Around:
    def over(inner: Function) -> Function:
        def wrong(name: str, size: Pair = THREE) -> Any:
            try:
                return inner(name, size)
            except ValueError:
                return value(size)

        return wrong

    return Around(design_kernel, over)


def _part_of_a_name(name: str, size: Pair = THREE) -> tuple[str, Pair]:
    """Take any name that starts like a known one."""
    return next((known for known in NAMES if known.startswith(name.split(maxsplit=1)[0])), name), size


def _axes_swapped(name: str, size: Pair = THREE) -> FloatArray:
    """Write each weight at [column, row]."""
    return design_kernel(name, size[::-1]).T


def _one_at(size: Pair, down: int, across: int) -> FloatArray:
    """A single 1, so many rows and columns from the middle."""
    kernel = np.zeros(size)
    kernel[size[0] // 2 + down, size[1] // 2 + across] = 1
    return kernel


def _twice_in_the_middle(name: str, size: Pair) -> FloatArray:
    """Sobel's weights: the middle line of an edge counts twice."""
    kernel = design_kernel(name, size)
    lines = kernel if name == "vertical edge" else kernel.T
    lines[len(lines) // 2] *= 2
    return kernel


NAMES = ("vertical edge", "horizontal edge", "box", "identity", "shift left")

DESIGN_KERNEL = with_words(
    {
        "M1": _each(np.flip),
        "M3a": _design(
            vertical_edge=lambda size: design_kernel("horizontal edge", size),
            horizontal_edge=lambda size: design_kernel("vertical edge", size),
        ),
        "M3b": _axes_swapped,
        "M3c": _design(shift_left=lambda size: _one_at(size, 1, 0)),
        "M4": read_with(design_kernel, lambda name, size=THREE: (name, size[::-1])),
        "M42": _each(lambda kernel: kernel.astype(np.int64)),
        "F1": _each(np.zeros_like),
        "F5": read_with(design_kernel, lambda name, size=THREE: (name, THREE)),
        "F36a": _unknown_gives(lambda _: None),
        "F36b": _unknown_gives(lambda size: _one_at(size, 0, 0)),
        "F36c": read_with(design_kernel, _part_of_a_name),
        "F37": _design(identity=lambda size: np.eye(*size)),
        "F38a": _design(box=np.ones),
        "F38b": _design(box=lambda size: np.full(size, 1 / size[0])),
        "F38c": _design(
            vertical_edge=lambda size: _twice_in_the_middle("vertical edge", size),
            horizontal_edge=lambda size: _twice_in_the_middle("horizontal edge", size),
        ),
        "F38d": _design(box=lambda size: np.full(size, 1 / 9)),
        "F39a": _design(
            vertical_edge=lambda size: -design_kernel("vertical edge", size),
            horizontal_edge=lambda size: -design_kernel("horizontal edge", size),
        ),
        "F39b": _design(shift_left=lambda size: _one_at(size, 0, -1)),
        "F39c": _design(horizontal_edge=lambda size: -design_kernel("horizontal edge", size)),
    },
    """
M1 | kernels turned | notebook 02, Five kernels to know | convention
In mathematics a kernel is turned before it is laid on, and yours are made for that. Here, as in Keras, they are laid on
as they are, so none of them is turned.

M3a | the two edges swapped | notebook 02, Five kernels to know
You swapped the two edges. A vertical edge runs from top to bottom: left minus right finds it, and each row of the
kernel is 1, 0, -1.

M3b | row and column swapped | notebook 02, Five kernels to know
You took the first index for the column. It is the row: in a 3 x 3 kernel, `kernel[1, 2]` is in the middle row, at the
right.

M3c | shifts up, not left | notebook 02, Five kernels to know
Your shift takes the pixel below. The right neighbour is in the middle row, one column after the middle one:
`kernel[1, 2]` in a 3 x 3 kernel.

M4 | height and width swapped | notebook 02, Five kernels to know
You took the first number of the size for the width. It is the height: `height, width = size`.

M42 | a ninth cut off | notebook 01, Numbers with a fraction
You stored the weights as whole numbers, so that 1/9 has become 0. Make the kernel an array of floats.

F1 | starter not filled in | notebook 02, Five kernels to know
You returned a kernel of zeros. Each name has its own weights.

F5 | 3 written into the code | notebook 02, Five kernels to know
You made every kernel 3 x 3. Make it as tall and as wide as `size` says, and place the weights by its size.

F36a | unknown name gives nothing | notebook 02, Five kernels to know
You returned None for a name that you do not know. Refuse it: `raise ValueError(...)` after the last name.

F36b | unknown name gives a kernel | notebook 02, Five kernels to know
You returned the identity for a name that you do not know. A mistyped name would go unnoticed: raise a ValueError.

F36c | part of the name enough | notebook 02, Five kernels to know
You compared only a part of the name, so that another name with the same beginning gets a kernel as well. Compare the
whole name, with `==`.

F37 | identity matrix | notebook 02, Five kernels to know
Your identity is the identity matrix. It adds up three pixels on a diagonal. To keep a pixel as it is, only the centre
holds a 1.

F38a | sum in place of mean | notebook 02, Five kernels to know
Your box adds up its pixels, so that the picture gets far too bright. It should give their mean: each weight is 1
divided by the number of cells.

F38b | divided by the height | notebook 02, Five kernels to know
You divided the box by its height. A box of 3 x 3 has nine cells, so each weight is 1/9, and they add up to 1.

F38d | a ninth in every box | notebook 02, Five kernels to know
You wrote 1/9 into every box. That is right for 3 x 3 only: each weight is 1 divided by height times width.

F38c | Sobel's weights | notebook 02, Five kernels to know
You took Sobel's weights, which count the middle line twice. They find edges too, but here all weights of an edge are 1,
0 or -1.

F39a | dark minus bright | notebook 02, Five kernels to know
Your edges have the opposite sign. They are left minus right and top minus bottom: 1 stands at the left or at the top.

F39b | shifts to the right | notebook 02, Five kernels to know
Your shift takes the left neighbour, and the picture moves to the right. To move it to the left, each pixel takes its
right neighbour.

F39c | one edge reversed | notebook 02, Five kernels to know
Your horizontal edge is bottom minus top. It should be top minus bottom: the row of ones is the first.
""",
)
