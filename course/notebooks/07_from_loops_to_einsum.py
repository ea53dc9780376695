# %% [markdown]
# # 07 · From loops to einsum
#
# Your loops are right, and slow. Here you write the same layer without a loop, in two ways: with letters, and as a
# product of two matrices. Both are often a hundred times faster, or more.
#
# After this notebook you can
#
# - see all windows of a batch as one array, without copying a pixel,
# - read and write an einsum,
# - turn a convolution into a matrix product.
#
# **Left out:** padding, bias and activation. They come before and after, as in notebook 05, and cost next to nothing.
#
# You need notebooks 05 and 06. This notebook is worth <<marks>> marks. Forgotten a term? See the glossary in notebook
# 00: [The words of the course](../00_start_here/00_start_here.ipynb#The-words-of-the-course).

# %% setup=true
import numpy as np

from autograder import check, hint
from course import figures

X = np.array([[1, 2, 0, 1, 3], [4, 1, 1, 0, 2], [0, 2, 3, 1, 1], [1, 0, 2, 2, 0], [3, 1, 0, 1, 2]])
K = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])

# %% [markdown]
# ## Three questions to warm up
#
# Answer from memory.
#
# 1. A layer makes 8 maps of a colour image, with kernels of 3 x 3 and biases. How many parameters does it have?
# 2. The weights of a layer have the shape `<<weights>>`. How many products make up one number of its output?
# 3. A batch `<<pooled_from>>` goes through max pooling with a window of 2 and the default strides. What is the shape of
#    the output?

# %% predict="recall_parameters recall_products recall_pooled"
recall_parameters = None  # a number
recall_products = None  # a number
recall_pooled = None  # four numbers: (n, height, width, c)

# %% check="recall_parameters recall_products recall_pooled"
check(recall_parameters=recall_parameters, recall_products=recall_products, recall_pooled=recall_pooled)

# %% [markdown]
# ## Why loops are slow
#
# A processor multiplies and adds a billion times a second. Python does not: for each turn of a loop it looks up names,
# checks types and makes objects. In that time the processor could have done hundreds of products.
#
# NumPy runs its loops in compiled code. But it can do so only if it gets all the work in **one call**. One call for
# each window is still a call for each window. `np.vectorize` does not help: it is a Python loop with another name.
#
# So the question is: how do you hand over all windows at once?

# %% [markdown]
# ## All windows at once
#
# Think of an array in which the windows lie side by side. Which numbers identify one of its cells? The window: its
# image `n`, its row `y` and its column `x`. And the cell in the window: its row `i`, its column `j` and its channel
# `c`. Six numbers, so six axes:
#
# $$(n, y, x, i, j, c)$$
#
# For the hand example, without batch and channels, the shape is `<<view_shape>>`: three rows of three windows, each
# with three rows of three cells. NumPy makes it for you:
#
# ```python
# view = np.lib.stride_tricks.sliding_window_view(X, (3, 3))
# view[0, 1]  # the window that starts at row 0, column 1
# ```
#
# For a batch you tell it which axes to slide over: `axis=(1, 2)`, height and width. It puts the cells of the window
# **last**: (n, y, x, c, i, j). Here the channels come last, so move them: `transpose(0, 1, 2, 4, 5, 3)`. That is "axis
# 0, then 1, then 2, then the old axis 4, the old 5, and the old 3". `reshape` would give the same shape and mix the
# numbers, as you saw in notebook 05.

# %% figure=true
view = np.lib.stride_tricks.sliding_window_view(X, (3, 3))
figures.arrays({"window 0, 0": view[0, 0], "window 0, 1": view[0, 1], "window 1, 0": view[1, 0]})

# %% [markdown]
# ## Strides are slices
#
# With a stride of 2 you want every second window, down and along. They are all there already. Take them:
#
# ```python
# view[::2, ::2]  # the windows of X
# view[:, ::2, ::2]  # the windows of a batch: its first axis are the images
# ```
#
# Windows that hang over the edge were never there, so nothing is left to count.
#
# **How can that cost nothing?** An array is a block of memory and a rule for reading it. The rule holds the shape and,
# for each axis, how many bytes to go for the next cell. NumPy calls these numbers *strides* as well. For $X$ in
# floats, <<cell_bytes>> bytes each, they are `<<image_strides>>`: <<row_bytes>> bytes to the next row, and
# <<cell_bytes>> to the next column. For `X[::2, ::2]` they are `<<step_strides>>`: the same memory, read in longer
# steps.
#
# The nine windows have the strides `<<view_strides>>`. To the next window down or along, it is as far as to the next
# row or column of $X$. Within a window it is the same again. So the <<view_size>> cells need no extra memory: they are
# the <<pixels>> pixels of $X$, most of them read more than once.

# %% [markdown]
# ## A view is not a copy
#
# Such an array is a **view**: it owns no pixels. It is the memory of $X$ under another name. That makes it free, and
# dangerous. What you write into one window is written into $X$, and so into every other window that shares the pixel.
# That is why NumPy makes this view read-only unless you insist, with `writeable=True`.
#
# Suppose someone insists, and sets the top-left window to 0: `view[0, 0] = 0`. How many of the nine windows are no
# longer what they were?

# %% predict="windows_changed"
windows_changed = None  # a number

# %% check="windows_changed"
check(windows_changed=windows_changed)

# %% [markdown]
# The next cell draws $X$ before and after. Nobody has assigned to it.

# %% figure=true
spoilt = X.copy()
writeable = np.lib.stride_tricks.sliding_window_view(spoilt, (3, 3), writeable=True)
writeable[0, 0] = 0
figures.compare(X, spoilt, titles=("X before", "X after"))

# %% [markdown]
# So read from a view as you like. To write, make a copy first: `view.copy()`.
#
# Now a batch. Its shape is `<<batch>>`, the windows are `<<kernel_size>>`, and the strides are `<<steps>>`. What is the
# shape of the array of windows?

# %% predict="windows_shape"
windows_shape = None  # six numbers: (n, y, x, i, j, c)

# %% check="windows_shape"
check(windows_shape=windows_shape)

# %% [markdown]
# ## Your turn: the windows
#
# Write `windows`. A view is best; an array of copies earns the same marks here. But the two functions after this one
# are timed, and use it.


# %% exercise="windows"
def windows(x, kernel_size, strides=1):
    """See every full window of x (n, height, width, c) at once.

    kernel_size and strides are one number or a pair (height, width). Returns an array (n, y, x, i, j, c).
    """
    raise NotImplementedError("your turn")


# %% check="windows"
check(windows)

# %% [markdown]
# ## Letters instead of loops
#
# Begin with gray. The output at row y and column x is the sum, over i and j, of the cell of the window times the weight
# of the kernel. In mathematics:
#
# $$\text{out}_{yx} = \sum_{i,j} \text{windows}_{yxij} \cdot K_{ij}$$
#
# `np.einsum` takes this line nearly as it stands:
#
# ```python
# np.einsum("yxij,ij->yx", view, K)
# ```
#
# Give each axis of each operand a letter. Then there are three rules, and no others:
#
# 1. The same letter in two operands: the cells with the same index meet and are **multiplied**.
# 2. A letter to the right of the arrow **stays**: it is an axis of the output.
# 3. A letter that is missing on the right is **summed** over.
#
# The order of the letters on the right is the order of the axes that you get. A letter must have one size wherever it
# stands, or NumPy stops: that catches many mistakes, but not all.
#
# Other sums are other letters. `"ij,ij->"` is your `window_sum` from notebook 01, `"ij,jk->ik"` is the matrix product,
# and `"nyxijc->nyxc"` adds up the cells of each window in each channel: average pooling, up to a factor.

# %% figure=true
figures.einsum("yxij,ij->yx", {"windows of X": (3, 3, 3, 3), "K": (3, 3)})

# %% [markdown]
# Now the whole layer: batches, channels and filters. These are its letters, in this course and in many papers:
#
# | letter | is | size for the batch above |
# |---|---|---|
# | `n` | image | <<size_n>> |
# | `y`, `x` | row and column of the output | <<size_yx>> |
# | `i`, `j` | row and column in the window | <<size_ij>> |
# | `c` | channel of the input | <<size_c>> |
# | `o` | filter, so channel of the output | <<filters>> |
#
# With <<filters>> filters the output is `<<maps_shape>>`, out of <<products>> products. In plain loops each of them is
# a separate turn.
#
# Your windows have the letters `nyxijc`. Which of these are summed? Type them in the order in which they stand there.

# %% predict="summed_letters"
summed_letters = None  # text, such as "ab"

# %% check="summed_letters"
check(summed_letters=summed_letters)

# %% [markdown]
# ## Your turn: einsum
#
# Write `conv2d_einsum`. Two lines will do: your windows, and an einsum of them and `w`. The letters of `w` follow from
# its axes, and those of the output from what stays.


# %% exercise="conv2d_einsum"
def conv2d_einsum(x, w, strides=1):
    """Correlate images x (n, height, width, c) with filters w (i, j, c, o), without padding and without a loop.

    strides is one number or a pair (height, width). Returns an array (n, y, x, o).
    """
    raise NotImplementedError("your turn")


# %% check="conv2d_einsum"
check(conv2d_einsum)

# %% [markdown]
# All letters at once, for the batch from above:

# %% figure=true
figures.einsum("nyxijc,ijco->nyxo", {"patches": (2, 2, 4, 2, 3, 3), "w": (2, 3, 3, 4)})

# %% [markdown]
# ## Every window a row
#
# There is an older trick, and many libraries have been built on it. Few things in computing have been tuned for as long
# as the product of two matrices. Can a convolution be one?
#
# Write each window as a row, cell after cell. For $X$ and windows of 3 x 3 that is a matrix `<<row_times>>`, nine
# windows with nine cells each:
#
# $$<<matrix>>$$
#
# Write $K$ as a column, cell after cell in the same order. Row times column is: multiply cell by cell, then add. That
# is the sum of a window. So the product of the matrix and the column is a column again. Written along the line:
#
# $$<<column_times>>$$
#
# and these are the nine numbers of the output, row by row. Cut them up again:
#
# $$<<edges>>$$
#
# With channels a row has i · j · c cells. With many filters there is a column for each, and with a batch the rows of
# all images lie below each other. This is called **im2col**, "image to columns". (Whether windows are rows or columns
# is a matter of taste.)
#
# **The order counts.** `reshape` runs through the last axis first. A window in the order (i, j, c) and a filter in the
# order (i, j, c) meet cell by cell. Flatten one of them as (c, i, j), and the shapes still agree, but the wrong numbers
# meet.
#
# **What it costs.** The windows overlap. With windows of 3 x 3 and a stride of 1, a pixel away from the edges stands in
# the matrix <<times_more>> times. And this is no view any more: `reshape` has to copy. im2col buys speed with memory.
#
# The batch from above again: `<<batch>>`, windows of `<<kernel_size>>`, strides `<<steps>>`. What is the shape of the
# matrix of windows?

# %% predict="matrix_shape"
matrix_shape = None  # a pair of numbers: (rows, columns)

# %% check="matrix_shape"
check(matrix_shape=matrix_shape)

# %% [markdown]
# ## Your turn: im2col
#
# Write `conv2d_im2col`, with `@`. There are three reshapes in it: the windows become a matrix, the filters become a
# matrix, and the product becomes maps again.


# %% exercise="conv2d_im2col"
def conv2d_im2col(x, w, strides=1):
    """Correlate images x (n, height, width, c) with filters w (i, j, c, o), as a product of two matrices.

    strides is one number or a pair (height, width). Returns an array (n, y, x, o), without padding.
    """
    raise NotImplementedError("your turn")


# %% check="conv2d_im2col"
check(conv2d_im2col)

# %% [markdown]
# ## The race
#
# Paste your `conv2d` from notebook 05 into this cell, and with it your `conv2d_one_filter` if it calls that. Until you
# do, a short stand-in with the usual loops runs in its place.


# %% show=true
def conv2d(x, w):
    """Stand-in: replace it with your own conv2d from notebook 05."""
    n, height, width, _ = x.shape
    kernel_height, kernel_width, _, filters = w.shape
    out = np.zeros((n, height - kernel_height + 1, width - kernel_width + 1, filters))
    for image, i, j, o in np.ndindex(out.shape):
        window = x[image, i : i + kernel_height, j : j + kernel_width]
        out[image, i, j, o] = (window * w[:, :, :, o]).sum()
    return out


# %% [markdown]
# Both get 100 small pictures and 8 filters. Seconds say more about your machine than about your code. The ratio says
# what the loops cost. A function whose check is not right yet is not timed.

# %% show=true
from contextlib import suppress
from time import perf_counter

pictures = np.random.default_rng(0).integers(0, 17, (100, 8, 8, 1)).astype(float)
weights = np.random.default_rng(1).integers(-2, 3, (3, 3, 1, 8)).astype(float)


def seconds(function):
    """Time a function on the pictures; the best of three runs, as others may be disturbed."""
    times = []
    for _ in range(3):
        start = perf_counter()
        function(pictures, weights)
        times.append(perf_counter() - start)
    return min(times)


expected, loops = conv2d(pictures, weights), seconds(conv2d)
race = {}
for fast in (conv2d_einsum, conv2d_im2col):
    right = False
    with suppress(Exception):  # whatever stops it: its check says more
        right = np.array_equal(fast(pictures, weights), expected)
    times = f"{loops / seconds(fast):.0f} times as fast as conv2d" if right else "not the numbers of conv2d yet"
    race[fast.__name__] = times
race

# %% [markdown]
# To earn the marks, both must be at least <<ratio>> times as fast as plain loops, on a larger batch. Those loops are
# slower than the stand-in, which multiplies a window in one call: they do one product a turn. A function without loops
# is far beyond that. One that still loops over windows is not.

# %% [markdown]
# ## See it on a picture
#
# A photograph of 240 rows, four times as many as in notebook 06, has some 16 times as many windows. Loops take a while
# for that. This does not.
#
# (Photograph: danielbuechele, [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/).)

# %% show=true
photograph = figures.photograph(height=240)
figures.try_it(conv2d_einsum, photograph[None, :, :, None], K[:, :, None, None].astype(float))

# %% [markdown]
# ## What your answers are compared with
#
# The grader's own `conv2d`, the reference, is an einsum as well. This line of its source computes every number:
#
# ```python
# <<reference_line>>
# ```
#
# Compare it with yours:
#
# - **The `n` is missing.** Each block is a few rows of windows of one image. Its patches are then still in the
#   processor's cache, a small and fast memory, when they are multiplied.
# - **`optimize=True`** lets NumPy do what you did in `conv2d_im2col`: it copies the patches into a matrix and calls the
#   matrix product. Letters are how you write it, and im2col is how it runs.
#
# Padding comes before this line, bias and activation after it.

# %% [markdown]
# ## Break it
#
# Two well-known bugs. Neither stops, and neither changes the shape.
#
# **Two letters swapped.** `ji` for `ij`: the rows of each window meet the columns of the kernel. For a square kernel
# nothing complains. Vertical edges are gone, and horizontal ones are there.

# %% figure=true
photograph = figures.photograph(height=60)
patches = np.lib.stride_tricks.sliding_window_view(photograph, (3, 3))
figures.compare(
    np.einsum("yxij,ij->yx", patches, K), np.einsum("yxij,ji->yx", patches, K), titles=("yxij,ij->yx", "yxij,ji->yx")
)

# %% [markdown]
# **Flattened in two orders.** An image with three channels, red, green and blue: a flower before dark leaves. The filter
# looks for vertical edges in red, and ignores the other channels. The windows are flattened as NumPy gives them,
# (c, i, j), and the filter as it is, (i, j, c). Each weight meets some number, and seldom its own: the edges at the sides
# of the flower are gone, and those above and below it have come in. (Photograph: vultilion,
# [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/).)

# %% figure=true
image = figures.photograph(height=60, colour=True, of="flower")
kernel = np.stack([K, 0 * K, 0 * K], axis=-1)
patches = np.lib.stride_tricks.sliding_window_view(image, (3, 3), axis=(0, 1))  # (y, x, c, i, j)
rows, columns = patches.shape[:2]
right = patches.transpose(0, 1, 3, 4, 2).reshape(rows * columns, -1) @ kernel.ravel()
wrong = patches.reshape(rows * columns, -1) @ kernel.ravel()
figures.compare(right.reshape(rows, columns), wrong.reshape(rows, columns), titles=("both i, j, c", "c, i, j"))

# %% [markdown]
# ## What you will read, and what is true
#
# | often said | true |
# |---|---|
# | "einsum is faster because it computes less" | It computes the same products. It does so in compiled code. |
# | "im2col saves work" | It costs memory, and copies every pixel many times. The matrix product that follows is worth it. |
# | "a sliding window view needs nine times the memory" | It needs none for the pixels. A copy of it does. |
# | "`np.vectorize` makes a function fast" | It is a loop in Python. |
# | "no loops, so it is fast" | Mostly. `np.einsum(..., optimize=True)` may choose a matrix product, which is often faster still. |
#
# > **If you use PyTorch.** `torch.einsum` reads the same letters. `torch.nn.functional.unfold` is im2col: there windows
# > are columns, and each is flattened in the order (c, i, j), as the channels come first. The weights, (out, in, i, j),
# > have that order, too.

# %% [markdown] reflect="explain_view"
# ## Explain it to a friend
#
# "How can an array with <<view_size>> cells need no memory, and why must I not write into it?" Answer in two lines, in
# your own words. There are no marks for this.
#
# *Your words here.*

# %% [markdown]
# ## What next
#
# You have the layer twice more, and fast enough for real pictures. Notebook 08, *Shape detective and bug clinic*, puts
# layers one after another, and asks you to find what is wrong with them.
#
# **If you like a puzzle:** write `max_pool2d` from notebook 06 with your `windows`, in one line. Why is there no einsum
# for it?
