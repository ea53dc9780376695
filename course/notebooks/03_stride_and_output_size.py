# %% [markdown]
# # 03 · Stride and output size
#
# So far the window has moved by one pixel at a time. It may take longer steps. Then the output is smaller, it costs
# less, and something is lost. Here you find out how small, how cheap, and what.
#
# After this notebook you can
#
# - say how many windows fit, for any size, stride and dilation,
# - slide a kernel in steps, with one step for each axis,
# - tell what a longer step saves, and what it throws away.
#
# **Left out, for now:** what lies beyond the border. You count the windows of `"same"` here; notebook 04 pads for them.
#
# You need notebook 01, and the warm-up looks back at notebook 02, too. This notebook is worth <<marks>> marks.
# Forgotten a term? See the glossary in notebook 00:
# [The words of the course](../00_start_here/00_start_here.ipynb#The-words-of-the-course).

# %% setup=true
import numpy as np

from autograder import check, hint
from course import figures

X = np.array([[1, 2, 0, 1, 3], [4, 1, 1, 0, 2], [0, 2, 3, 1, 1], [1, 0, 2, 2, 0], [3, 1, 0, 1, 2]])
K = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])

# %% [markdown]
# ## Three questions to warm up
#
# Answer from memory. They are about notebooks 01 and 02, where the window moves by one pixel and nothing is padded.
#
# 1. An image has 7 rows and 9 columns, and a kernel has 3 rows and 2 columns. What is the shape of the output?
# 2. The convolution of mathematics turns the kernel by 180 degrees first. Which number of `[[1, 2], [3, 4]]` is then at
#    the top left?
# 3. A feature map has its largest number at row 2, column 5. The bright spot that made it moves to the right by one
#    pixel, far from the border. Where is the largest number now?

# %% predict="recall_shape recall_turned recall_moved"
recall_shape = None  # a pair of numbers: (rows, columns)
recall_turned = None  # a number
recall_moved = None  # a pair of numbers: (row, column)

# %% check="recall_shape recall_turned recall_moved"
check(recall_shape=recall_shape, recall_turned=recall_turned, recall_moved=recall_moved)

# %% [markdown]
# ## A step of two
#
# Lay $K$ on the top-left corner of $X$, and work out the sum: <<first_sum>>. Now move the window by **two** pixels to
# the right. It starts at column 2, and ends at column 4, the last one of $X$. Its sum is <<second_sum>>, and the first
# row is done. Move **two** rows down, and do the same again:
#
# $$X = <<image>> \qquad K = <<kernel>> \qquad <<step_two>>$$
#
# This distance from one window to the next is the **stride**. The window of output row $i$ and output column $j$ starts
# at row $i \cdot s$ and column $j \cdot s$ of the image. For $i = j = 0$ that is pixel (0, 0), whatever the stride.
#
# You have met these four numbers before. A stride of 1 gives
#
# $$<<step_one>>$$
#
# and a stride of 2 keeps every second row and every second column of it. Without padding that is always so: longer
# steps compute nothing new, they leave out. The dots in the picture are where the windows start.

# %% figure=true
figures.window_starts(5, 5, 3, 2)

# %% [markdown]
# ## How many steps fit?
#
# Along an axis of $n$ pixels, a window of $k$ cells may start at 0, at $s$, at $2s$, and so on. The last start that
# leaves the window inside the image is $n - k$. How many multiples of $s$ are there from 0 to $n - k$?
#
# $$\left\lfloor \frac{n - k}{s} \right\rfloor + 1$$
#
# The brackets mean: round **down**. In Python that is `(n - k) // s + 1`. The division counts the steps, and the 1 is
# the window that is there before the first step. So subtract first, then divide, then add 1.
#
# Why down? Take 8 pixels, a window of 3 and a stride of 2. The windows start at <<starts_of_8>>. One more would start
# at <<next_start_of_8>> and need pixel <<missing_pixel_of_8>>, which is not there: the pixels are numbered from 0 to 7.
# Under **valid** only full windows count, and pixel 7 is **left over**: no window ever looks at it.
#
# Different sizes can therefore give the same output. Here is the count for a window of 3 and a stride of 2:
#
# | pixels | (n - k) / s + 1 | windows | left over |
# |---|---|---|---|
# <<table_of_sizes>>
#
# Count rows and columns apart, each with its own numbers. In the next picture the window moves two rows down each time,
# and three columns to the right. The last row and the last two columns are left over.

# %% figure=true
figures.window_starts(6, 8, 3, (2, 3))

# %% [markdown]
# ## No window fits
#
# Take 2 pixels, a window of 3 and a stride of 2. Nothing fits. What do the formulas say? $(n - k) / s$ is
# <<too_small_quotient>>, and now it matters how you round:
#
# | how | result |
# |---|---|
# | `(2 - 3) // 2 + 1` | <<floored>> |
# | `int((2 - 3) / 2) + 1` | <<truncated>> |
#
# `//` rounds down, and down from <<too_small_quotient>> is -1. `int` cuts off what comes after the point, which leaves
# 0, and so invents a window. As long as nothing is negative the two agree. That is why this slip can go unnoticed for
# years.
#
# But 0 windows are no output either. Keras stops with an error there, and so do your functions:
#
# ```python
# raise ValueError("a window of 3 does not fit into 2 pixels")
# ```
#
# The words are yours. A window as large as the image does fit: once.

# %% [markdown]
# ## The other count: same
#
# There is a second rule, `padding="same"`. Windows may hang over the edge, so that none is left out because a few
# pixels are missing. How those are filled in is the subject of notebook 04. The count is all you need here: there are
# as many windows as there are multiples of $s$ from 0 up to the last pixel,
#
# $$\left\lceil \frac{n}{s} \right\rceil$$
#
# now rounded **up**. The size of the kernel does not appear in it: `"same"` makes room for any kernel, and refuses
# none.
#
# It is often said that `"same"` keeps the size. It does so for a stride of 1 only. With a stride of 2, <<same_n>>
# pixels give <<same_windows>> windows.
#
# In Python, `int(np.ceil(n / s))` rounds up. `n // s + 1` does not: where $s$ divides $n$, it is one too many.

# %% [markdown]
# ## Gaps in the kernel
#
# A kernel may also be spread out. With a **dilation** of 2, its cells lie on every second pixel. Three cells with a
# dilation of 2 look like this, with a cell at each `*`:
#
# ```text
# dilation 1    ***        spans 3 pixels
# dilation 2    * * *      spans 5 pixels
# dilation 3    *  *  *    spans 7 pixels
# ```
#
# The dilation is the distance from one cell to the next, so that 1 is the plain kernel. To take it for the number of
# gaps is a common slip. $k$ cells have $k - 1$ distances between them, and the window spans
#
# $$(k - 1) \cdot d + 1$$
#
# pixels. The cells between are not looked at. Everything above stays true if you put this span in the place of $k$.

# %% [markdown]
# ## Predict
#
# Paper first, then type, then check. All without padding.
#
# 1. There are 13 pixels, a window of 5, and the stride is 4. At which pixels do the windows start?
# 2. There are 11 pixels, a window of 3, and the stride is 3. How many windows fit?
# 3. How many of these 11 pixels are left over at the end?
# 4. $K$ has 3 rows and 3 columns. Lay it on $X$ with a dilation of 2. What is the whole output?

# %% predict="window_starts window_count left_over dilated"
window_starts = None  # a list of numbers
window_count = None  # a number
left_over = None  # a number
dilated = None  # a list of rows, such as [[1, 2], [3, 4]]

# %% check="window_starts window_count left_over dilated"
check(window_starts=window_starts, window_count=window_count, left_over=left_over, dilated=dilated)

# %% [markdown]
# ## Your turn: count the windows
#
# Write `output_size` for one axis. Start with `"valid"` and the stride. Then add one rule after the other: `"same"`,
# the dilation, and the refusal. Each has its own marks.


# %% exercise="output_size"
def output_size(n, k, stride=1, padding="valid", dilation=1):
    """Count the windows along one axis of n pixels, for a kernel of k cells.

    padding is "valid" or "same". Raises a ValueError if not even one window fits.
    """
    raise NotImplementedError("your turn")


# %% check="output_size"
check(output_size)

# %% [markdown]
# ## A step for each axis
#
# The stride may differ from axis to axis. A pair is (height, width), like a shape: `strides=(2, 1)` moves the window
# two rows down each time, but only one column to the right. A single number stands for both: 2 means (2, 2). In Python,
#
# ```python
# isinstance(strides, tuple)
# ```
#
# tells you which of the two you were given. If nothing is given, the stride is 1, in Keras as in your function.
#
# On a square image, with the same stride both ways, you can swap rows and columns everywhere and never notice. With a
# pair you will.

# %% [markdown]
# ## Predict again
#
# All three are about $X$ and $K$. You know the output for a stride of 1:
#
# $$<<step_one>>$$
#
# 1. What is the output for `strides=(2, 1)`?
# 2. And for `strides=(1, 2)`?
# 3. And for a stride of 3?

# %% predict="two_down two_right step_three"
two_down = None  # a list of rows
two_right = None  # a list of rows
step_three = None  # a list of rows

# %% check="two_down two_right step_three"
check(two_down=two_down, two_right=two_right, step_three=step_three)

# %% [markdown]
# ## Your turn: slide in steps
#
# Write `conv2d_strided`. It is `conv2d_valid` from notebook 01 with two things changed: how many windows there are, and
# where each of them starts. Your `output_size` counts them, and raises the error if none fits.


# %% exercise="conv2d_strided"
def conv2d_strided(image, kernel, strides=1):
    """Slide a kernel (i, j) over an image (height, width) in steps of `strides` pixels.

    strides is one number or a pair (height, width). Returns an array of floats, shape (rows, columns).
    """
    raise NotImplementedError("your turn")


# %% check="conv2d_strided"
check(conv2d_strided)

# %% [markdown]
# ## See it on a picture
#
# Your own function, on a photograph, with the edges that $K$ finds. First a stride of 2, then one of 4. The pictures
# are drawn at about the same size: look at how many pixels they are made of.
#
# (Photograph: danielbuechele, [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/).)

# %% show=true
figures.try_it(conv2d_strided, figures.photograph(height=60), K, strides=2)

# %% show=true
figures.try_it(conv2d_strided, figures.photograph(height=60), K, strides=4)

# %% [markdown]
# ## What a stride saves
#
# A picture of <<photo_height>> x <<photo_width>> pixels, a kernel of 3 x 3, one multiplication for each weight in each
# window:
#
# | stride | output | windows | multiplications |
# |---|---|---|---|
# <<table_of_costs>>
#
# A stride of 2 leaves about a quarter of the windows, because it counts for both axes. And the saving goes on: the next
# layer gets a quarter of the numbers to work on. That is why networks use it to shrink a map on the way, which is
# called **downsampling**.
#
# It has a price. You have seen it: three of four numbers that a stride of 1 would have given are not there.

# %% [markdown]
# ## What a stride loses
#
# It is often said that a larger stride is simply faster and smaller. There are two more things to say.
#
# **Fine patterns turn into others.** Here is a picture of stripes: every fifth column is bright. Take every fourth
# column of it, and the stripes are still there, but four times as far apart, measured on the original picture. Nobody
# painted such stripes. This is called **aliasing**. You may have seen it in a film, on wagon wheels that seem to turn
# backwards.
#
# Blurring first helps. A mean over five columns has no stripes left, and so a step can invent none: in the third
# picture every number is 0.2, the mean of the stripes: an even, dark gray.

# %% figure=true
stripes = np.zeros((6, 80))
stripes[:, ::5] = 1
blurred = sum(stripes[:, shift : 76 + shift] for shift in range(5)) / 5
figures.arrays(
    {"stripes": stripes, "every fourth column": stripes[:, ::4], "blurred, then every fourth": blurred[:, ::4]}
)

# %% [markdown]
# **Pixels may be skipped.** If the stride is larger than the kernel, there are pixels between the windows that no
# window looks at, everywhere and not only at the edge. In the picture the window is 2 x 2, and the stride is 3. Only
# <<seen_pixels>> of <<all_pixels>> pixels lie in a window. A bright spot in one of the others does not exist for this
# layer.

# %% figure=true
figures.window_starts(8, 11, 2, 3)

# %% [markdown]
# ## Break it
#
# Two well-known bugs, both with the edges of the photograph.
#
# **The stride is counted and not used.** The output has the right shape and there is no error, but the window of row
# `i` starts at row `i`, not at `i * stride`. What has happened to the picture?


# %% figure=true
def left_minus_right(pixels):
    """Do what K does: take the left column of each window minus the right one, and add three rows."""
    differences = pixels[:, :-2] - pixels[:, 2:]
    return differences[:-2] + differences[1:-1] + differences[2:]


edges = left_minus_right(figures.photograph(height=60))
rows, columns = edges[::2, ::2].shape
figures.compare(edges[::2, ::2], edges[:rows, :columns], titles=("stride used", "stride not used"))

# %% [markdown]
# It is the top-left quarter of the picture, at full size. On $X$ with $K$ this bug gives $<<unused>>$ in place of
# $<<step_two>>$.
#
# **The strides are swapped.** The photograph should be taken in steps of (1, 3): every row, and every third column.
# With (3, 1) the shape is different:

# %% figure=true
figures.compare(edges[::1, ::3], edges[::3, ::1], titles=("(1, 3)", "(3, 1)"))

# %% [markdown]
# On a square picture with a stride of 2 nobody would ever have seen it.

# %% [markdown]
# ## What you will read, and what is true
#
# | often said | true |
# |---|---|
# | "the output has (n - k) / s + 1 pixels" | Rounded down. If the division leaves something over, pixels at the end are dropped. |
# | "a stride of 2 halves the size" | Roughly. 5 pixels and a window of 3 give 2, and 6 pixels give 2 as well. |
# | "same keeps the size" | With a stride of 1. Otherwise it is n / s, rounded up. |
# | "a larger stride is faster and smaller" | It also throws numbers away, turns fine patterns into others, and skips pixels if it is larger than the kernel. |
# | "dilation 2 leaves gaps of two" | Of one pixel. The cells are two pixels apart. |
#
# **In other libraries.** Keras calls the arguments `strides` and `dilation_rate`, and refuses a layer in which both are
# above 1. PyTorch calls them `stride` and `dilation`. Without padding the two count alike and give the same numbers.
# PyTorch's pooling can also round up, with `ceil_mode=True`; it does not unless you ask.

# %% [markdown] reflect="explain_lost_pixels"
# ## Explain it to a friend
#
# "My image is 8 pixels wide, yours is 7. With a window of 3 and a stride of 2 we get outputs of the same width. Where
# has my eighth pixel gone?" Answer in two lines, in your own words. There are no marks for this.
#
# *Your words here.*

# %% [markdown]
# ## What next
#
# Every convolution so far has made its image smaller, even with a stride of 1, and the border has been looked at less
# often than the middle. Notebook 04, *Padding*, puts a frame round the image, and that is where most programs go wrong.
#
# **If you like a puzzle:** two layers follow each other, both with a window of 3 and a stride of 2. Show that they give
# as many numbers as a single layer with a window of 7 and a stride of 4, whatever the size of the image. Your
# `output_size` can try it for every size from 7 to 100. Then say where the 7 and the 4 come from.
