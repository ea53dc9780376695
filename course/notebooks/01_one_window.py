# %% [markdown]
# # 01 · One window, one number
#
# A convolution layer is one small sum, done in many places. Here you work that sum out by hand, write it as a
# function, and slide it over a picture.
#
# After this notebook you can
#
# - turn one window of an image into one number,
# - say how many windows fit, and where each number goes,
# - explain why a network that looks at pictures works through small windows.
#
# **Left out, for now:** steps of more than one pixel, borders, colours, and many kernels at once. One gray image and
# one kernel are enough.
#
# You need Python and a little NumPy: shapes, slices, and `*`. This notebook is worth <<marks>> marks. A new term? See
# the glossary in notebook 00: [The words of the course](../00_start_here/00_start_here.ipynb#The-words-of-the-course).
#
# **How the checks work.** A cell that says `check(...)` tells you at once what is right, and what is not. Run it as
# often as you like: nothing is counted, and nothing is sent. To mark your work, the grader calls your functions again,
# with new arrays that follow the same rules. So write for any array, not just for the ones you see.

# %% setup=true
import numpy as np

from autograder import check, hint
from course import figures

X = np.array([[1, 2, 0, 1, 3], [4, 1, 1, 0, 2], [0, 2, 3, 1, 1], [1, 0, 2, 2, 0], [3, 1, 0, 1, 2]])
K = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])

# %% [markdown]
# ## Three questions to warm up
#
# Answer from memory, before you run anything. Here are two arrays:
#
# ```python
# grid = np.array([[1, 2, 3],
#                  [4, 5, 6]])
# small = np.array([[1, 2],
#                   [3, 4]])
# ```
#
# 1. What is `grid.shape`?
# 2. What is `grid[:, 1:].sum()`?
# 3. What is `(small * small)[1, 1]`?
#
# Type each answer in place of `None`.

# %% predict="recall_shape recall_slice recall_product"
recall_shape = None  # a pair of numbers, such as (7, 7)
recall_slice = None  # a number
recall_product = None  # a number

# %% check="recall_shape recall_slice recall_product"
check(recall_shape=recall_shape, recall_slice=recall_slice, recall_product=recall_product)

# %% [markdown]
# ## A strip of five numbers
#
# Begin with a single row of pixels: <<strip>>. Beside it lie three **weights**: <<weights>>.
#
# Lay the weights over the first three pixels. Multiply each pixel by the weight that lies on it. Add the products:
#
# $$<<strip_first_sum>>$$
#
# That is one number of the output. Now move the weights one place to the right, and do the same again. And once more:
# then the last weight lies on the last pixel, and you are done.
#
# Three weights fit over five pixels in three places, so the output holds three numbers. Work them out on paper.

# %% predict="strip_output"
strip_output = None  # a list of three numbers

# %% check="strip_output"
check(strip_output=strip_output)

# %% [markdown]
# Now run the next cell: each step of its figure is one place of the weights.

# %% figure=true
figures.strip(X[0], K[0])

# %% [markdown]
# ## One window, one number
#
# An image has rows as well as columns. This one is called $X$, and the weights, three rows of three, are called $K$:
#
# $$X = <<image>> \qquad K = <<kernel>>$$
#
# A small array of weights like $K$ is a **kernel**. A piece of the image as large as the kernel is a **window**, or a
# **patch**. The first window is the top-left corner of $X$. Multiply it by the kernel, each pixel by the weight at the
# same place:
#
# $$<<patch>> \;\text{and}\; K \;\text{give}\; <<products>>$$
#
# The nine products add up to **<<first_sum>>**. Nine pixels went in, and one number came out.
#
# What does the number say? $K$ takes the left column of the window and subtracts the right one. A large positive
# number means: bright on the left, dark on the right. A large negative one means the opposite. On an even surface the
# two sides cancel. So $K$ looks for vertical edges.

# %% [markdown]
# ## Multiply cell by cell, then add
#
# Three other sums look much like this one. Each of them is wrong here.
#
# **It is not a matrix product.** `patch * kernel` multiplies cell by cell. `patch @ kernel` takes rows times columns,
# and that is another thing altogether. For the first window it gives
#
# $$<<matrix_product>>$$
#
# and these cells add up to <<matrix_product_sum>>. They would for every window: the weights in each row of $K$ cancel.
#
# **It is not a mean.** Nothing is divided afterwards. A negative sum stays negative.
#
# **Nothing is flipped.** The top-left weight meets the top-left pixel. In mathematics, convolution turns the kernel by
# 180 degrees first. What a network computes, and what you compute here, is called *cross-correlation* there. The
# layers are named convolution all the same, and so are the functions of this course.

# %% [markdown]
# ## Numbers with a fraction
#
# A kernel may hold any numbers. Nine weights of 1/9 compute the mean of a window, which blurs a picture: three
# neighbouring windows in the middle of $X$ become <<box_middle_row>>.
#
# But $X$ holds whole numbers, and here NumPy has a trap. An array made by `np.zeros_like(X)` holds whole numbers too.
# Write these three means into it, and it keeps <<box_middle_row_cut>>. There is no warning.
#
# Pictures on disk have another one. They hold bytes, `uint8`, from 0 to 255, and a byte cannot be negative. Subtract an
# array of bytes from another, and where the difference is -1 you get <<byte_of_minus_one>>, again without a warning.
# (NumPy refuses only a plain Python number that does not fit: `pixels[0, 0] = -1` ends in an OverflowError.) Your
# functions must return the true sum, whatever the image holds.
#
# The way out is the same for both: add up floats, and store them in an array of floats. `np.zeros(shape)` makes one.
# The shape is a pair, so it has its own parentheses: `np.zeros((2, 3))` has two rows and three columns.

# %% [markdown]
# ## Leave the input alone
#
# A slice of a NumPy array is not a copy. It is a view: the same memory under a second name.
#
# ```python
# patch = image[0:3, 0:3]
# patch *= kernel          # this writes into the image
# ```
#
# The sum of this patch will be right. But the next window shares pixels with this one, and finds products where the
# pixels were. `patch * kernel` makes a new array instead. Anyone who hands you an array expects it back unchanged.

# %% [markdown]
# ## Your turn: one window
#
# Write `window_sum`. It gets a patch and a kernel of the same shape and returns one number. Two loops will do, and so
# will a line of NumPy. The window need not be 3 x 3, and it need not be square.


# %% exercise="window_sum"
def window_sum(patch, kernel):
    """Multiply a patch (i, j) and a kernel (i, j) cell by cell, and add up to one number."""
    raise NotImplementedError("your turn")


# %% check="window_sum"
check(window_sum)

# %% [markdown]
# ## Rows first
#
# `image[i, j]` is the pixel in row `i` and column `j`. Row 0 is at the top, and column 0 is at the left. A shape is
# (height, width), in the same order. Mathematics likes to write (x, y), the other way round: arrays do not.
#
# The window whose top-left corner is at row `i` and column `j` is
#
# ```python
# image[i : i + kernel_height, j : j + kernel_width]
# ```
#
# Its sum goes to row `i` and column `j` of the output. As long as image and kernel are square, you can confuse height
# and width and never notice. So test with a wide image and a narrow kernel.

# %% [markdown]
# ## Every window in turn
#
# Move the window one pixel to the right:
#
# $$<<next_patch>> \;\text{and}\; K \;\text{give}\; <<next_products>>$$
#
# The sum is <<next_sum>>. One pixel further it is <<third_sum>>. There the window touches the right edge, so the first
# row of the output is complete: <<first_output_row>>. Go back to the left edge, one row down, and carry on. The whole
# output is
#
# $$<<output>>$$
#
# Every window starts its sum from 0. Neighbouring windows overlap, as they should. The output is also called a
# **feature map**: it says, place by place, how much of the feature is there. Go through the windows yourself:

# %% figure=true
figures.window_stepper(X, K)

# %% [markdown]
# ## How many windows fit?
#
# A window 3 wide, in an image 5 wide, can start at column 0, 1 or 2. Started at column 3 it would hang over the edge,
# and here only full windows count. This rule is called **valid**.
#
# In general a window of $k$ cells fits into $n$ pixels in
#
# $$n - k + 1$$
#
# places. To see why the 1 is there, think of $n = k$: the window fits exactly once. Count rows with the heights and
# columns with the widths.
#
# NumPy will not stop you at the edge. A slice that runs over it comes out shorter, without a warning.

# %% [markdown]
# ## Predict
#
# Paper first, then type, then check. A wrong prediction costs nothing, and you will remember it.
#
# 1. Replace $K$ by a 3 x 3 kernel in which every weight is 1. What is the first row of the output for $X$? (To go from
#    one window to the next, drop a column and add one.)
# 2. The kernel `[[1, -1]]` has one row and two columns. What is the shape of its output for $X$?
# 3. What is the first row of that output?

# %% predict="ones_first_row pair_shape pair_first_row"
ones_first_row = None  # a list of three numbers
pair_shape = None  # a pair of numbers: (rows, columns)
pair_first_row = None  # a list of numbers

# %% check="ones_first_row pair_shape pair_first_row"
check(ones_first_row=ones_first_row, pair_shape=pair_shape, pair_first_row=pair_first_row)

# %% [markdown]
# ## Your turn: every window
#
# Write `conv2d_valid`. It slides a kernel over an image and returns the feature map. Use your `window_sum` for each
# window: this function only has to find the windows, and to put each number in its place.


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    """Slide a kernel (i, j) over an image (height, width), wherever it fits.

    Returns an array of floats, shape (height - i + 1, width - j + 1).
    """
    raise NotImplementedError("your turn")


# %% check="conv2d_valid"
check(conv2d_valid)

# %% [markdown]
# Your function can now check your paper. With a kernel of ones, `conv2d_valid(X, np.ones((3, 3)))` should return
#
# $$<<ones_output>>$$
#
# You predicted the first row. Divided by nine, it is <<box_first_row>>: the blur from above, one row higher up.

# %% [markdown]
# ## See it on a picture
#
# Now your own function, on a photograph, with the nine weights of $K$. Positive numbers in the result are edges with
# the bright side on the left. Negative ones have it on the right. Where the photograph is even, the result is near 0.
# The figures draw positive numbers in blue, negative ones in orange, and 0 in white. (Photograph: danielbuechele,
# [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/).)

# %% show=true
figures.try_it(conv2d_valid, figures.photograph(height=60), K)

# %% [markdown]
# ## Break it
#
# Two well-known bugs, on the same photograph. The code below does with slices what $K$ does. It works for no other
# kernel.
#
# **Rows and columns swapped.** Every sum is computed correctly, but with the kernel lying on its side. What kind of
# edge is left, and what kind is gone?


# %% figure=true
def left_minus_right(pixels):
    """Do what K does: take the left column of each window minus the right one, and add three rows."""
    differences = pixels[:, :-2] - pixels[:, 2:]
    return differences[:-2] + differences[1:-1] + differences[2:]


photograph = figures.photograph(height=60)
right = left_minus_right(photograph)
swapped = left_minus_right(photograph.T).T
figures.compare(right, swapped, titles=("right", "rows and columns swapped"))

# %% [markdown]
# Horizontal edges are left, such as the rims of the roofs. The vertical ones, posts and walls, are gone.
#
# **Bytes that wrap round.** The same photograph as a file holds it, in bytes. Take each pixel minus the one two columns
# further on. Where the difference is negative, it jumps to the far end of the scale. Between two arrays there is no
# warning and no error: only the picture tells.

# %% figure=true
stored = (255 * figures.photograph(height=60)).astype(np.uint8)
numbers = stored.astype(float)
figures.compare(
    numbers[:, :-2] - numbers[:, 2:],
    stored[:, :-2] - stored[:, 2:],
    titles=("floats", "bytes"),
)

# %% [markdown]
# ## Why look through a small window?
#
# A network could also join every pixel with every output number. Such a layer is called **dense**, or fully connected.
# Why not use it for pictures? There are two ideas behind the small window, and one bill.
#
# **Locality.** An edge, a corner or an eye is made of pixels that lie together. To find it at one place, you need to
# look at that place only.
#
# **Shared weights.** An edge looks the same at the top left and at the bottom right. So the same nine weights can
# serve everywhere, and what is learned at one place is known at all of them. Move the picture by a pixel, and the
# feature map moves by a pixel with it, as far as the edge of the image allows.
#
# **The bill.** For our small $X$, a dense layer with <<small_outputs>> outputs needs one weight for each output and
# each of the <<small_pixels>> pixels: <<small_dense_weights>>. The kernel has <<small_shared_weights>>. Now take a
# colour picture of 128 x 128 pixels and make 32 feature maps of the same size:
#
# | layer | how to count | numbers to learn | memory, at 4 bytes each |
# |---|---|---|---|
# | dense | (128 · 128 · 3) · (128 · 128 · 32) | <<dense_weights>> | <<dense_gigabytes>> GB |
# | convolution, 3 x 3 | (3 · 3 · 3 + 1) · 32 | <<shared_weights>> | <<shared_kilobytes>> kB |
#
# The dense layer joins every number of the picture with every number of the maps. The convolution has nine weights for
# each of three colours and 32 maps, and one extra number for each map; you will meet this number, the **bias**, in
# notebook 05. (A dense layer has such numbers too. Among so many weights they hardly count, and are left out here.) The
# size of the picture does not appear in the convolution's count at all.
#
# Sharing is a bet: that a pattern means the same wherever it is. For photographs the bet is good. For a form on which
# every field has its fixed place, it may not be.

# %% [markdown] reflect="explain_sharing"
# ## Explain it to a friend
#
# "Nine numbers find every vertical edge in a picture of any size. How can so few be enough?" Answer in two lines, in
# your own words. There are no marks for this, and it is worth your while.
#
# *Your words here.*

# %% [markdown]
# ## What next
#
# You have the sum at the heart of every convolution layer, and you know its output size for the plainest case.
#
# All of it was done with one kernel, which finds vertical edges. Notebook 02, *Kernels that see*, tries others: they
# blur, sharpen, move a picture, or leave it as it is. It also turns a kernel round, as mathematics does, and asks what
# that changes.
