# %% [markdown]
# # 04 · Padding
#
# A convolution loses a little of the image at every edge. Padding puts something round the image first, so that nothing
# is lost. How much, and on which side, is where more programs go wrong than anywhere else in this course.
#
# After this notebook you can
#
# - say what `"valid"` and `"same"` do, and what `"same"` keeps and does not keep,
# - work out how many zeros are added on each side, for any size, kernel and stride,
# - write a convolution of one gray image with strides and padding,
# - tell other courses' and libraries' conventions from a mistake.
#
# **Left out, for now:** more than one channel, and more than one kernel. Both come in notebook 05.
#
# You need notebooks 01 and 03. This notebook is worth <<marks>> marks. Forgotten a term? See the glossary in notebook
# 00: [The words of the course](../00_start_here/00_start_here.ipynb#The-words-of-the-course).

# %% setup=true
import numpy as np

from autograder import check, hint
from course import figures

X = np.array([[1, 2, 0, 1, 3], [4, 1, 1, 0, 2], [0, 2, 3, 1, 1], [1, 0, 2, 2, 0], [3, 1, 0, 1, 2]])
K = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
A = np.array([[1, 3, 2, 0], [4, 6, 1, 2], [0, 2, 5, 3], [1, 2, 2, 4]])

# %% [markdown]
# ## Three questions to warm up
#
# Answer from memory.
#
# 1. There are 9 pixels, a window of 4, and the stride is 2. How many windows fit under `"valid"`?
# 2. How many windows are there for the same numbers under `"same"`?
# 3. A 3 x 3 kernel slides over an image in steps of 1, under `"valid"`. By how many rows is the output smaller?

# %% predict="recall_windows recall_same recall_lost"
recall_windows = None  # a number
recall_same = None  # a number
recall_lost = None  # a number

# %% check="recall_windows recall_same recall_lost"
check(recall_windows=recall_windows, recall_same=recall_same, recall_lost=recall_lost)

# %% [markdown]
# ## What the border gets
#
# Every layer with a 3 x 3 kernel takes two rows and two columns away. After ten of them, 128 x 128 pixels are
# <<shrunk>> x <<shrunk>>. And all the time the border has been looked at less than the rest: windows overlap, so a
# pixel in the middle lies in many of them, and one in the corner in few. How many exactly, you will work out in a
# moment.

# %% [markdown]
# ## Zeros round the image
#
# Put a frame of zeros round the image, one pixel wide. The first window now starts outside, at row -1 and column -1 of
# $X$, and looks like this:
#
# $$X = <<image>> \qquad <<first_patch>>$$
#
# With $K$ its sum is <<first_sum>>. There is now one window for each pixel of $X$, with that pixel in its middle, and
# the output is as large as the image:
#
# $$<<same_one>>$$
#
# The nine numbers in the middle are those of `"valid"`, $<<valid>>$. The ring round them is new. This is what
# `padding="same"` does for a convolution with a stride of 1.
#
# The zeros go round the **image**, before the windows are cut. If you slide first, and put zeros round the result, you
# get a ring of zeros, which says nothing about the image at all.

# %% [markdown]
# ## Predict: how often is a pixel used?
#
# The image is 5 x 5, the kernel 3 x 3, and the stride 1. In how many windows does a pixel lie? Give the number for the
# **top-left corner** and for the **centre**, in this order.
#
# 1. Under `"valid"`.
# 2. With one row or column of zeros on every side.

# %% predict="used_valid used_padded"
used_valid = None  # a list of two numbers: [corner, centre]
used_padded = None  # a list of two numbers: [corner, centre]

# %% check="used_valid used_padded"
check(used_valid=used_valid, used_padded=used_padded)

# %% [markdown]
# Now run the next two cells. On the left is the image with the first window and the last one, on the right how many
# windows use each pixel: first under `"valid"`, then under `"same"`.

# %% figure=true
figures.padded(X, 3, padding="valid")

# %% figure=true
figures.padded(X, 3)

# %% [markdown]
# ## Zeros are data
#
# A zero is a pixel like any other, and the kernel cannot know that you made it up. Take a blank wall: 5 x 5 pixels, and
# every one of them is 9. There is no edge in it. But $K$ under `"same"` finds two:
#
# $$<<bright_same>>$$
#
# And the mean of each window, the blur of notebook 01, gets darker towards the border:
#
# $$<<bright_mean>>$$
#
# To a layer, the world outside the picture is black. A network can live with that, and can even learn from it where the
# border is. But do not mistake such numbers for something in the picture.
#
# One could also repeat the pixels of the edge, or reflect the image. Both are done elsewhere, to blur photographs for
# instance. `"same"` in a convolution layer means zeros.

# %% [markdown]
# ## How much is missing?
#
# Under `"same"`, the number of windows comes first, and the padding follows from it. Go through it in this order, for
# one axis of $n$ pixels, a kernel of $k$ cells and a stride of $s$:
#
# 1. **Count the windows**, as in notebook 03: $\lceil n / s \rceil$, in Python `windows = int(np.ceil(n / s))`. Without
#    the `int` it stays a float, and a frame of 1.0 pixels cannot be made.
# 2. **How far do they reach?** From the start of the first to the start of the last it is `(windows - 1) * s`, and the
#    last one is `k` wide: `needed = (windows - 1) * s + k`.
# 3. **What is missing?** `total = max(needed - n, 0)`.
# 4. **Share it out**: `before = total // 2` and `after = total - before`.
#
# With a stride of 1 there are $n$ windows, which need $n - 1 + k$ pixels. So $k - 1$ are missing, whatever the size of
# the image: 2 for a kernel of 3, which is one on each side.

# %% [markdown]
# ## An odd number of zeros
#
# A kernel of 2 with a stride of 1 needs a single pixel of padding, which cannot be split between two sides. The rule
# is:
#
# **the extra row goes to the bottom, and the extra column to the right.**
#
# That is what `before = total // 2` and `after = total - before` do. You will often read that `"same"` pads evenly left
# and right, above and below. That is a common slip, and even the Keras documentation makes it: `"same"` pads only as
# evenly as it can.
#
# Rounding is where programs fail. Do not round both halves up, do not round both down, and do not write
# `total // 2 + 1` to round up: for an even total, that is one too many.

# %% [markdown]
# ## Predict: an even kernel
#
# The kernel <<corner_kernel_in_code>> slides over $X$ under `"same"`, with a stride of 1.
#
# 1. How many zeros are added? Give ((top, bottom), (left, right)).
# 2. What is the first row of the output?
# 3. And the last row?

# %% predict="corner_pads corner_first_row corner_last_row"
corner_pads = None  # two pairs: ((top, bottom), (left, right))
corner_first_row = None  # a list of numbers
corner_last_row = None  # a list of numbers

# %% check="corner_pads corner_first_row corner_last_row"
check(corner_pads=corner_pads, corner_first_row=corner_first_row, corner_last_row=corner_last_row)

# %% [markdown]
# Run the next cell to see where the zeros are.

# %% figure=true
figures.padded(X, 2)

# %% [markdown]
# ## Same with a stride
#
# With a stride there are fewer windows, and they may need fewer zeros. The four steps from above, for some sizes:
#
# | n | k | stride | windows | needed | before | after |
# |---|---|---|---|---|---|---|
# <<table_of_padding>>
#
# Look at four of these lines.
#
# - 5 and 6 pixels, kernel 3, stride 2. The kernel is the same, and it is odd. But the first total is 2, and the second
#   is 1. It is the **total** that says whether you can halve it, and not the kernel.
# - 5 pixels, kernel 3, stride 3. A frame that fits a stride of 1 would have a zero before the image. Here there is
#   none: the first window starts at pixel 0.
# - 8 pixels, kernel 3, stride 4. The windows need less than there is. Nothing is added, nothing is cut off, and some
#   pixels are never looked at, even though this is `"same"`.
#
# On $X$ a stride of 2 gives
#
# $$<<same_two>>$$
#
# This is every second number of stride 1, as it is without padding. Do not rely on it: once the stride changes the
# frame, the windows start elsewhere, and the numbers differ.
#
# **What does same keep?** The size, if the stride is 1. Otherwise the rule is `ceil(n / s)`, and the output is smaller.
# What always holds is this: how many numbers come out does not depend on the kernel.

# %% [markdown]
# ## Predict: steps under same
#
# 1. The image $A$ has 4 rows and 4 columns, $K$ has 3 and 3, and the stride is 2. What is the padding along each axis?
# 2. What is the output?
#
#    $$A = <<a>> \qquad K = <<kernel>>$$
#
# 3. What does $K$ give on $X$, under `"same"` with a stride of 3?

# %% predict="stride_pads stride_output same_three"
stride_pads = None  # a pair: (before, after)
stride_output = None  # a list of rows
same_three = None  # a list of rows

# %% check="stride_pads stride_output same_three"
check(stride_pads=stride_pads, stride_output=stride_output, same_three=same_three)

# %% [markdown]
# The next cell draws $A$ with its frame. The first window starts at pixel 0, and only the last ones need a zero.

# %% figure=true
figures.padded(A, 3, 2)

# %% [markdown]
# ## Your turn: how many zeros?
#
# Write `same_padding` for one axis. It is four lines long if you take the four steps one by one.


# %% exercise="same_padding"
def same_padding(n, k, stride=1):
    """Count the pixels that "same" adds before and after an axis of n pixels, for a kernel of k cells.

    Returns (before, after).
    """
    raise NotImplementedError("your turn")


# %% check="same_padding"
check(same_padding)

# %% [markdown]
# ## A frame of any width
#
# Now put a frame round an image. Each side may get a different number of pixels, so there are four numbers, one pair
# for each axis:
#
# ```python
# pads = ((top, bottom), (left, right))
# ```
#
# The first pair belongs to the rows, as always. Make a larger array that is full of the value of the frame, and copy
# the image into it. Its row 0 ends up in row `top`, and its column 0 in column `left`.
#
# There are two traps. A slice such as `top:-bottom` looks handy, but where `bottom` is 0 it is `top:0`, because -0 is
# 0, and then it is empty. And `np.pad(image, (1, 2))` does not pad the rows by 1 and the columns by 2: it puts 1 before
# and 2 after, on every axis.
#
# A frame need not be of zeros: `value` says what it holds. Pooling, in notebook 06, will need a different one.
#
# You may use `np.pad`, but you do not need it.


# %% exercise="pad2d"
def pad2d(image, pads, value=0.0):
    """Put a frame of one value round an image (height, width).

    pads are ((top, bottom), (left, right)), in pixels. Returns a new array of floats.
    """
    raise NotImplementedError("your turn")


# %% check="pad2d"
check(pad2d)

# %% [markdown]
# ## Your turn: all of it
#
# `conv2d_gray` slides one kernel over one gray image, with strides and padding. You have all its parts. Under `"same"`:
# work out the padding of each axis, add the frame, and from then on use only the padded image. The rest is `"valid"`,
# which you wrote in notebook 03. You may copy from there: notebooks do not share functions, so put `output_size` and
# `conv2d_strided` into a new cell above the next one.
#
# Under `"valid"`, raise a ValueError if no window fits, as before. Watch out if you count the windows again yourself:
# `np.zeros((0, 2))` is an empty array, not an error.


# %% exercise="conv2d_gray"
def conv2d_gray(image, kernel, strides=1, padding="valid"):
    """Slide a kernel (i, j) over an image (height, width), with strides and padding.

    strides is one number or a pair (height, width), padding is "valid" or "same". Raises a ValueError if not even one
    window fits. Returns an array of floats, shape (rows, columns).
    """
    raise NotImplementedError("your turn")


# %% check="conv2d_gray"
check(conv2d_gray)

# %% [markdown]
# ## See it on a picture
#
# Your own function on a photograph, with the mean of windows of 9 x 9. Look at the border: it fades to black, because
# the zeros take part in the mean. Then with $K$: look for edges that are not in the photograph.
#
# (Photograph: danielbuechele, [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/).)

# %% show=true
figures.try_it(conv2d_gray, figures.photograph(height=60), np.ones((9, 9)) / 81, padding="same")

# %% show=true
figures.try_it(conv2d_gray, figures.photograph(height=60), K, padding="same")

# %% [markdown]
# ## Break it
#
# Two well-known bugs.
#
# **The frame of a stride of 1, at a stride of 2.** One zero on every side is right for a 3 x 3 kernel in steps of 1. So
# it is easy to keep it for all strides. On $A$, with $K$ and a stride of 2, every window then starts one pixel too far
# up and one too far to the left. The shape is right, and every number is wrong. For the 5 x 5 image $X$ there would be
# no difference at all: with this kernel and this stride the bug shows on even sizes only.


# %% figure=true
def two_by_two(framed):
    """Add up the four windows of 3 x 3 that start at rows and columns 0 and 2."""
    return np.array([[(framed[i : i + 3, j : j + 3] * K).sum() for j in (0, 2)] for i in (0, 2)])


figures.compare(
    two_by_two(np.pad(A, ((0, 1), (0, 1)))),
    two_by_two(np.pad(A, ((1, 1), (1, 1)))),
    titles=("padding (0, 1)", "padding (1, 1)"),
)

# %% [markdown]
# **The result is padded, and not the image.** The size comes out right. But where the right picture fades, this one has
# a black frame, as wide as half the kernel. It looks the same whatever the photograph shows.


# %% figure=true
def mean_of_windows(pixels):
    """Take the mean of every window of 9 x 9 that lies inside."""
    rows, columns = pixels.shape[0] - 8, pixels.shape[1] - 8
    return sum(pixels[i : i + rows, j : j + columns] for i in range(9) for j in range(9)) / 81


photograph = figures.photograph(height=60)
figures.compare(
    mean_of_windows(np.pad(photograph, 4)),
    np.pad(mean_of_windows(photograph), 4),
    titles=("image padded", "result padded"),
)

# %% [markdown]
# ## Other courses, other libraries
#
# If you have learned padding elsewhere, you may have learned another rule. It is not wrong, but it is not `"same"` in
# Keras, and weights that were trained with one rule do not fit another. Here is what some of them do with $A$, $K$ and
# a stride of 2:
#
# | convention | where | padding | output |
# |---|---|---|---|
# | `ceil(n / s)` windows, the odd zero last | Keras, TensorFlow, JAX, here | <<a_pads>> | $<<a_right>>$ |
# | `ceil(n / s)` windows, the odd zero first | some courses | <<a_pads_first>> | $<<a_first>>$ |
# | the size is kept at any stride | some courses | <<a_pads_keeping>> | <<a_keeping_size>> numbers |
# | k // 2 on both sides, at any stride | PyTorch code, `padding=1` here | <<a_pads_both>> | $<<a_both>>$ |
#
# The second line and the last one agree here. What counts is where the first window starts, and no window reaches the
# last row of zeros.
#
# **PyTorch** takes the number of pixels itself, and puts it on both sides. For odd kernels and a stride of 1, k // 2 is
# the same as `"same"`. With a stride of 2 it is not, if the size is even. So a network moved from one library to the
# other gives slightly different numbers, with the same weights, and no error. PyTorch also knows `padding="same"`. It
# allows it for a stride of 1 only, and then puts the odd zero last, as Keras does.
#
# ## What you will read, and what is true
#
# | often said | true |
# |---|---|
# | "same pads evenly" | As evenly as it can. The odd row is at the bottom, and the odd column at the right. |
# | "same keeps the size" | With a stride of 1. Otherwise it is n / s, rounded up. |
# | "same adds (k - 1) / 2 zeros on each side" | For odd kernels and a stride of 1. |
# | "same means zeros" | In a convolution. In pooling the border is not there at all: see notebook 06. |
# | "padding adds nothing to the picture" | It adds a black frame, and the kernel sees it. |

# %% [markdown] reflect="explain_shifted"
# ## Explain it to a friend
#
# "I moved my network to another library, with the same weights. Every layer has the right shape, and the numbers are
# off, but only for pictures with an even size." What do you ask first? Answer in two lines, in your own words. There
# are no marks for this.
#
# *Your words here.*

# %% [markdown]
# ## What next
#
# You can now compute any convolution of one gray image with one kernel. Notebook 05, *Channels and filters*, gives the
# image colours, and the layer many kernels.
#
# **If you like a puzzle:** which pixels of a 5 x 5 image are used most, and which least, if the kernel is 5 x 5 and the
# padding is `"same"`? Your `conv2d_gray` can count it: slide a kernel of ones over an image of ones. Why is that the
# same as counting the windows that use a pixel?
