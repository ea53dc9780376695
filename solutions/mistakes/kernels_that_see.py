"""Known mistakes with kernels: `flip_kernel`, `true_convolution` and `design_kernel`.

Sliding the window goes wrong in the ways of notebook 01, with the kernel flipped. Beside these and the faults that
`solutions.mistakes` lists:

    F30 reverses what has to keep its order    F37 identity matrix for the identity kernel
    F33 leaves the kernel as it was            F38 other weights than asked for
    F34 overwrites what it still has to read   F39 signs turned round, or sides
    F36 lets an unknown name through
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from solutions.gray import conv2d_valid, true_convolution
from solutions.kernels import design_kernel, flip_kernel
from solutions.mistakes import Mistake
from solutions.mistakes.gray import CONV2D_VALID
from solutions.shapes import FloatArray, float_arrays

FLIPPED = 'notebook 02, "Turn the kernel round"'
TWO_SUMS = 'notebook 02, "Two sums with one name"'
NAMED = 'notebook 02, "Five kernels to know"'
INPUT = 'notebook 01, "Leave the input alone"'
FRACTIONS = 'notebook 01, "Numbers with a fraction"'
COUNT = 'notebook 01, "How many windows fit?"'


def _overwritten(k: ArrayLike) -> FloatArray:
    """Copy each cell from its opposite one within the same array: the second half reads what the first has written."""
    kernel = np.array(k, dtype=np.float64)
    height, width = kernel.shape
    for i, j in np.ndindex(height, width):
        kernel[i, j] = kernel[height - 1 - i, width - 1 - j]
    return kernel


def _flipped_in_place(k: ArrayLike) -> NDArray[Any]:
    kernel = np.asarray(k)
    kernel[:] = kernel[::-1, ::-1].copy()
    return kernel


def _convolved_in_place(image: ArrayLike, kernel: ArrayLike) -> FloatArray:
    return conv2d_valid(image, _flipped_in_place(kernel))


def _square(k: ArrayLike, side: int) -> FloatArray:
    """Read side x side cells one by one: more are left out, fewer raise an IndexError."""
    return flip_kernel(np.asarray(k)[np.ix_(range(side), range(side))])


FLIP_KERNEL = (
    Mistake(
        "M2a",
        "mirrored left to right only",
        lambda k: np.flip(float_arrays(k)[0], axis=1),
        "You turned round the columns only. Half a turn reverses both axes: the top-left weight goes to the bottom "
        "right.",
        FLIPPED,
    ),
    Mistake(
        "M2b",
        "mirrored top to bottom only",
        lambda k: np.flip(float_arrays(k)[0], axis=0),
        "You turned round the rows only. Half a turn reverses both axes: the top-left weight goes to the bottom right.",
        FLIPPED,
    ),
    Mistake(
        "M3",
        "transposed, not turned",
        lambda k: np.transpose(float_arrays(k)[0]),
        "You transposed the kernel: rows have become columns. Half a turn reverses the order along both axes, and rows "
        "stay rows.",
        FLIPPED,
    ),
    Mistake(
        "M15",
        "works for square kernels only",
        lambda k: _square(k, len(np.asarray(k))),
        "You used the kernel's height for its width as well. Read both: `height, width = k.shape`.",
        FLIPPED,
    ),
    Mistake(
        "M42",
        "fractions cut off",
        lambda k: flip_kernel(k).astype(np.int64),
        "You stored the weights as whole numbers, and their fractions are gone. Make the result an array of floats.",
        FRACTIONS,
    ),
    Mistake(
        "M43",
        "kernel changed",
        _flipped_in_place,
        "Your numbers are right, but the kernel you were given has changed. Write them into a new array.",
        INPUT,
    ),
    Mistake(
        "F1",
        "starter not filled in",
        lambda k: np.zeros_like(flip_kernel(k)),
        "You returned an array of the right shape that holds only zeros. Each weight has to go to its new place.",
        FLIPPED,
    ),
    Mistake(
        "F5",
        "3 written into the code",
        lambda k: _square(k, 3),
        "You used 3 as the size of every kernel. Take the size from `k.shape`, so that any kernel works.",
        FLIPPED,
    ),
    Mistake(
        "F12",
        "turned by 90 degrees",
        lambda k: np.rot90(float_arrays(k)[0]),
        "You turned the kernel by a quarter, as a transpose and one flip do. It has to be half a turn: `k[0, 0]` goes "
        "to the opposite corner.",
        FLIPPED,
    ),
    Mistake(
        "F33",
        "given back as it was",
        lambda k: float_arrays(k)[0].copy(),
        "You returned the kernel as you were given it. Both its axes have to be reversed.",
        FLIPPED,
    ),
    Mistake(
        "F34",
        "overwritten while read",
        _overwritten,
        "You wrote into the array that you were still reading, so that half of the weights are lost. Write into a new "
        "array.",
        INPUT,
    ),
    Mistake(
        "F39",
        "signs turned round",
        lambda k: -float_arrays(k)[0],
        "You changed the sign of each weight. For K that looks like half a turn, and for other kernels it does not: "
        "the weights have to change places.",
        FLIPPED,
    ),
)


def _with_flipped_kernel(mistake: Mistake) -> Mistake:
    """A fault in sliding, made with the kernel rightly flipped."""
    function = mistake.function
    return Mistake(
        mistake.id,
        mistake.name,
        lambda image, kernel: function(image, np.flip(kernel)),
        mistake.says,
        mistake.read_again,
    )


# How the kernel is read is another matter here, and so are the arrays that get changed.
_SLIDING = tuple(
    _with_flipped_kernel(mistake)
    for mistake in CONV2D_VALID
    if mistake.id not in {"M1", "M2a", "M2b", "M3", "F12"} and not mistake.id.startswith("M43")
)


def _kernel_as(change: Callable[[FloatArray], FloatArray]) -> Callable[..., FloatArray]:
    """Make a function that slides the kernel changed in this way."""
    return lambda image, kernel: conv2d_valid(image, change(float_arrays(kernel)[0]))


TRUE_CONVOLUTION = (
    *_SLIDING,
    Mistake(
        "F33",
        "kernel not flipped",
        _kernel_as(lambda kernel: kernel),
        "You laid the kernel on as it is: that is cross-correlation, what a layer computes. True convolution turns the "
        "kernel by 180 degrees first.",
        TWO_SUMS,
    ),
    Mistake(
        "M2a",
        "columns turned round only",
        _kernel_as(lambda kernel: kernel[:, ::-1]),
        "You turned round the columns of the kernel only. True convolution reverses both axes.",
        FLIPPED,
    ),
    Mistake(
        "M2b",
        "rows turned round only",
        _kernel_as(lambda kernel: kernel[::-1]),
        "You turned round the rows of the kernel only. True convolution reverses both axes.",
        FLIPPED,
    ),
    Mistake(
        "M3",
        "transposed, not flipped",
        _kernel_as(lambda kernel: kernel.T),
        "You transposed the kernel. True convolution turns it by 180 degrees: rows stay rows, in reverse order.",
        FLIPPED,
    ),
    Mistake(
        "F12",
        "turned by 90 degrees",
        _kernel_as(np.rot90),
        "You turned the kernel by a quarter. True convolution turns it by half a turn, 180 degrees.",
        FLIPPED,
    ),
    Mistake(
        "F30a",
        "image turned as well",
        lambda image, kernel: np.flip(true_convolution(image, kernel)),
        "You turned the image in place of the kernel, so that the output is upside down. Only the kernel is turned.",
        TWO_SUMS,
    ),
    Mistake(
        "F30b",
        "output turned instead",
        lambda image, kernel: np.flip(conv2d_valid(image, kernel)),
        "You turned the output and left the kernel as it is. The kernel is turned, before the first window.",
        TWO_SUMS,
    ),
    Mistake(
        "F34",
        "half of the kernel overwritten",
        _kernel_as(_overwritten),
        "You turned the kernel inside its own array, so that half of the weights are lost. Write the turned kernel "
        "into a new array.",
        INPUT,
    ),
    Mistake(
        "F39",
        "sign turned, kernel not",
        _kernel_as(np.negative),
        "You changed the sign of the cross-correlation. That is right for K alone, because K turned round is -K. Turn "
        "the kernel.",
        FLIPPED,
    ),
    Mistake(
        "F38",
        "windows over the edge count",
        lambda image, kernel: true_convolution(np.pad(image, [(s - 1, s - 1) for s in np.shape(kernel)]), kernel),
        "Your output is larger than the image, as from `np.convolve`: windows that hang over the edge count in it. "
        "Here only windows inside the image do.",
        COUNT,
    ),
    Mistake(
        "M43",
        "kernel changed",
        _convolved_in_place,
        "Your numbers are right, but the kernel you were given has changed. Flip it into a new array.",
        INPUT,
    ),
)


def _design(**changed: Callable[[], Any]) -> Callable[[str], Any]:
    """Make a function that designs every kernel rightly, apart from those whose name, "_" for " ", is given."""
    return lambda name: changed.get(name.replace(" ", "_"), lambda: design_kernel(name))()


def _each(change: Callable[[FloatArray], Any]) -> Callable[[str], Any]:
    """Make a function that changes every kernel in the same way."""
    return lambda name: change(design_kernel(name))


def _unknown_gives(value: Any) -> Callable[[str], Any]:
    def wrong(name: str) -> Any:
        try:
            return design_kernel(name)
        except ValueError:
            return value

    return wrong


def _part_of_a_name(name: str) -> FloatArray:
    """Take any name that starts like a known one."""
    return design_kernel(next((known for known in NAMES if known.startswith(name.split(maxsplit=1)[0])), name))


def _with_zeros(*cells: tuple[int, int, float]) -> FloatArray:
    kernel = np.zeros((3, 3))
    for row, column, weight in cells:
        kernel[row, column] = weight
    return kernel


NAMES = ("vertical edge", "horizontal edge", "box", "identity", "shift left")
SOBEL = np.array([[1.0, 0.0, -1.0], [2.0, 0.0, -2.0], [1.0, 0.0, -1.0]])

DESIGN_KERNEL = (
    Mistake(
        "M1",
        "kernels turned round",
        _each(np.flip),
        "You made the kernels for true convolution. They are laid on as they are here, so none of them is turned.",
        NAMED,
    ),
    Mistake(
        "M3a",
        "the two edges swapped",
        _design(
            vertical_edge=lambda: design_kernel("horizontal edge"),
            horizontal_edge=lambda: design_kernel("vertical edge"),
        ),
        "You swapped the two edges. A vertical edge runs from top to bottom: left minus right finds it, and each row "
        "of the kernel is 1, 0, -1.",
        NAMED,
    ),
    Mistake(
        "M3b",
        "row and column swapped",
        _each(np.transpose),
        "You took the first index for the column. It is the row: `kernel[1, 2]` is in the middle row, at the right.",
        NAMED,
    ),
    Mistake(
        "M3c",
        "shifts up, not left",
        _design(shift_left=lambda: _with_zeros((2, 1, 1))),
        "Your shift takes the pixel below. The right neighbour is in the middle row, in the last column: "
        "`kernel[1, 2]`.",
        NAMED,
    ),
    Mistake(
        "M42",
        "a ninth cut off",
        _each(lambda kernel: kernel.astype(np.int64)),
        "You stored the weights as whole numbers, so that 1/9 has become 0. Make the kernel an array of floats.",
        FRACTIONS,
    ),
    Mistake(
        "F1",
        "starter not filled in",
        _each(np.zeros_like),
        "You returned a kernel of zeros. Each name has its own weights.",
        NAMED,
    ),
    Mistake(
        "F36a",
        "unknown name gives nothing",
        _unknown_gives(None),
        "You returned None for a name that you do not know. Refuse it: `raise ValueError(...)` after the last name.",
        NAMED,
    ),
    Mistake(
        "F36b",
        "unknown name gives a kernel",
        _unknown_gives(_with_zeros((1, 1, 1))),
        "You returned the identity for a name that you do not know. Whoever mistypes a name would never notice: "
        "raise a ValueError.",
        NAMED,
    ),
    Mistake(
        "F36c",
        "part of the name enough",
        _part_of_a_name,
        "You asked for a part of the name only, so that another name with the same beginning gets a kernel as well. "
        "Compare the whole name, with `==`.",
        NAMED,
    ),
    Mistake(
        "F37",
        "identity matrix",
        _design(identity=lambda: np.eye(3)),
        "Your identity is the identity matrix. It adds up three pixels on a diagonal. To keep a pixel as it is, only "
        "the centre holds a 1.",
        NAMED,
    ),
    Mistake(
        "F38a",
        "sum in place of mean",
        _design(box=lambda: np.ones((3, 3))),
        "Your box adds up nine pixels, so that the picture gets nine times as bright. It has to give their mean: each "
        "weight is 1/9.",
        NAMED,
    ),
    Mistake(
        "F38b",
        "divided by three",
        _design(box=lambda: np.full((3, 3), 1 / 3)),
        "You divided the box by 3. It has nine cells, so each weight is 1/9, and they add up to 1.",
        NAMED,
    ),
    Mistake(
        "F38c",
        "Sobel's weights",
        _design(vertical_edge=SOBEL.copy, horizontal_edge=SOBEL.T.copy),
        "You took Sobel's weights, which count the middle line twice. They find edges too, but here all weights of an "
        "edge are 1, 0 or -1.",
        NAMED,
    ),
    Mistake(
        "F39a",
        "dark minus bright",
        _design(
            vertical_edge=lambda: -design_kernel("vertical edge"),
            horizontal_edge=lambda: -design_kernel("horizontal edge"),
        ),
        "Your edges have the opposite sign. They are left minus right and top minus bottom: 1 stands at the left or at "
        "the top.",
        NAMED,
    ),
    Mistake(
        "F39b",
        "shifts to the right",
        _design(shift_left=lambda: _with_zeros((1, 0, 1))),
        "Your shift takes the left neighbour, and the picture moves to the right. To move it to the left, each pixel "
        "takes its right neighbour.",
        NAMED,
    ),
    Mistake(
        "F39c",
        "one edge turned round",
        _design(horizontal_edge=lambda: -design_kernel("horizontal edge")),
        "Your horizontal edge is bottom minus top. It has to be top minus bottom: the row of ones is the first.",
        NAMED,
    ),
)
