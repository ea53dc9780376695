"""Hints that several notebooks give: a window that is summed wrongly is so wherever it lies."""

from __future__ import annotations

from dataclasses import replace

from autograder.course.exercise import Hint

FIRST_NUMBER = Hint(
    "Even the first number is wrong",
    question="Lay the kernel on the first window by hand. Which pixel does the weight `kernel[0, 0]` meet?",
    pointer="The one at the top left: nothing is turned, mirrored or transposed. Each pixel is multiplied by the "
    "weight at the same place, and all products are added; nothing is divided.",
    near_code="`(patch * kernel).sum()`, for a patch as large as the kernel: no `@`, no `mean`, no `axis`, no "
    "`[::-1]`.",
)

COUNTED = Hint(
    "My output is too large, or one row and one column too small",
    question="How many windows of 3 fit into 3 pixels, and how many into 5?",
    pointer="n - k + 1, as long as there is no stride: full windows only, the last one included. A slice that runs "
    "over the edge comes out short, without a word.",
    near_code="`rows = height - kernel_height + 1`, the columns with the widths, and an output that large: no larger.",
)

NOT_SQUARE = Hint(
    "It works for square images and kernels only",
    question="Which of your lines are about rows, and which about columns?",
    pointer="Heights belong to rows and widths to columns: in the counts, in the loops and in the slices. Print all "
    "shapes for an image of 4 rows and 7 columns and a kernel of 3 x 2.",
    near_code="`kernel_height, kernel_width = kernel.shape[:2]`, and the sides of the image in the same way; then "
    "`for i in range(rows)`, `for j in range(columns)`, and the sum goes to row `i`, column `j`.",
)

NUMBERS_KEPT = Hint(
    "Fractions are gone, numbers stay below 256, or the image has changed",
    question="What is the dtype of the array that you write into? And do you write into any other?",
    pointer="`np.zeros_like(image)` takes over the dtype of the image, and `dtype=int` cuts fractions off. A slice is "
    "a view: `patch *= kernel` writes into the image.",
    near_code="`out = np.zeros(shape)` holds floats. What goes into it is `(patch * kernel).sum()`, with `*` and not "
    "`*=`.",
)

SAME_SHAPE = Hint(
    'Under "same" my output has a wrong shape',
    question="How many windows are there for 7 pixels and a stride of 2? Does the size of the window matter?",
    pointer='"same" keeps the size for a stride of 1 only. It is always ceil(n / stride), and only height and width '
    "get padding.",
    near_code="`rows = int(np.ceil(height / step_down))`, and the columns in the same way; in `np.pad` the first axis "
    "and the last get `(0, 0)`.",
)

ONE_PASS = Hint(
    "Only the first number or row is there, or the numbers grow from window to window",
    question="Which of your lines run once for each window, and which once for all of them?",
    pointer="Each window starts from 0, and the output is returned when the last one is done. The indent says which "
    "lines belong to a loop.",
    near_code="`out = np.zeros(shape)` above all loops, `total = 0.0` inside the loops over windows, and `return out` "
    "below all loops, not indented further than they are.",
)


ROUNDED = Hint(
    "My numbers are nearly right, but rounded",
    question="Which line of yours takes digits away?",
    pointer="`round` and `np.round` do. What they take away is lost to whoever computes with your numbers. Round what "
    "you print, not what you return.",
    near_code="Store the number as it comes out, without `round(..., 2)` around it.",
)


def about(hint: Hint, *names: str) -> Hint:
    """The hint, with what it helps with in one exercise."""
    return replace(hint, about=[*names])
