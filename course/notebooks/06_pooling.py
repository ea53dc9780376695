# %% [markdown]
# # 06 · Pooling
#
# Pooling makes a feature map smaller. It looks through a window, as convolution does, but it has no weights: it keeps
# the largest number of the window, or their mean.
#
# After this notebook you can
#
# - pool by hand, with any window, stride and padding,
# - say which windows count, and what happens at the border,
# - tell what pooling forgives, and what it does not.
#
# **Left out:** how a network learns through a pooling layer, and other ways to make a map smaller.
#
# You need notebooks 01 to 05. This notebook is worth <<marks>> marks. Forgotten a term? See the glossary in notebook
# 00: [The words of the course](../00_start_here/00_start_here.ipynb#The-words-of-the-course).
#
# Images come in a batch here, as networks take them: an array `x` has the axes (n, height, width, c), for `n` images
# with `c` channels each. Gray has one channel, and colour has three.

# %% setup=true
import numpy as np

from autograder import check, hint
from course import figures

X = np.array([[1, 2, 0, 1, 3], [4, 1, 1, 0, 2], [0, 2, 3, 1, 1], [1, 0, 2, 2, 0], [3, 1, 0, 1, 2]])
A = np.array([[1, 3, 2, 0], [4, 6, 1, 2], [0, 2, 5, 3], [1, 2, 2, 4]])

# %% [markdown]
# ## Three questions to warm up
#
# Answer from memory. They are about convolution, in notebooks 02 to 05.
#
# 1. A picture moves four columns to the right. By how many columns does its feature map move, away from the border, if
#    the stride is 2?
# 2. Under `"same"`, how many zeros come before 6 pixels and how many after them, for a window of 3 and a stride of 2?
# 3. A batch of shape `<<recalled_batch>>` goes through a convolution with 4 filters of 3 x 3, `"same"` and stride 1.
#    What is the shape of the output?

# %% predict="recall_move recall_pads recall_channels"
recall_move = None  # a number
recall_pads = None  # a pair of numbers: (before, after)
recall_channels = None  # four numbers: (n, height, width, c)

# %% check="recall_move recall_pads recall_channels"
check(recall_move=recall_move, recall_pads=recall_pads, recall_channels=recall_channels)

# %% [markdown]
# ## The largest of each window
#
# Take these 16 numbers and cut them into four windows of 2 x 2, side by side:
#
# $$A = <<a>>$$
#
# The top-left window holds <<first_window>>. The largest of them is <<first_max>>. Keep it and forget the others. Do
# the same for the other three windows:
#
# $$<<a_max>>$$
#
# This is **max pooling**. On a feature map, a large number means "the feature is here". So max pooling asks, for each
# window: was it anywhere in here? It does not ask where. Of <<a_cells>> numbers it throws <<a_dropped>> away.
#
# The largest number may be negative. In a window that holds -3, -8, -5 and -4 it is -3, not 0. Start your search at
# the first cell, or at minus infinity, `-np.inf`.

# %% [markdown]
# ## The mean of each window
#
# **Average pooling** keeps the mean. The top-left window adds up to <<first_sum>>, and it has four cells, so its mean
# is <<first_mean>>. All four means:
#
# $$<<a_mean>>$$
#
# Max pooling keeps the strongest answer. Average pooling keeps the general level.
#
# Two slips are common. With `//` instead of `/` the fractions are lost, and so they are if you store the means in an
# array of whole numbers: $<<a_mean_cut>>$. And a window of 2 x 3 has six cells, so there you divide by six.
#
# Here are both ways of pooling, window by window:

# %% figure=true
figures.pooling(A, 2)

# %% [markdown]
# ## Strides default to the pool
#
# The **stride** is how far the window moves each time. A convolution moves by one pixel unless you ask for more.
# Pooling is different: unless you say otherwise, it moves by its own size. `pool_size=2` without `strides` means
# `strides=2`, and then the windows lie side by side.
#
# It is this default that makes the map smaller, not the pooling. With `strides=1` the windows overlap. For a window
# of 3 x 3 and a stride of 1, the largest numbers of $A$ are
#
# $$<<a_max_3_stride_1>>$$
#
# The window of a pooling layer is called its **pool**. A single number stands for both directions. A pair is (height,
# width), for the pool and for the strides. The pool `(1, 2)` is one row tall and two columns wide, and without strides it
# moves by one row and two columns:
#
# $$<<a_max_wide>>$$

# %% [markdown]
# ## What is left over
#
# Along an axis of $n$ pixels, a window of $k$ cells with a stride of $s$ fits
#
# $$\left\lfloor \frac{n - k}{s} \right\rfloor + 1$$
#
# times. The brackets mean: round down. In Python that is `(n - k) // s + 1`.
#
# Our 5 x 5 image $X$ shows why they are needed. Two windows of 2 fit side by side into 5 pixels, and one pixel is left
# over. Under `padding="valid"`, which is the default, it is dropped. The last row and the last column of $X$ are never
# looked at:
#
# $$X = <<x>> \qquad \max: <<x_max_valid>> \qquad \text{mean}: <<x_mean_valid>>$$

# %% [markdown]
# ## Same: the border is not there
#
# Under `padding="same"` nothing is dropped. Windows may hang over the edge, and their number is
#
# $$\left\lceil \frac{n}{s} \right\rceil$$
#
# along each axis, now rounded up. The size stays the same only if the stride is 1.
#
# **How far do they hang over?** Let `out` be the number of windows. They reach over `(out - 1) * s + k` pixels, so
# that `total = max((out - 1) * s + k - n, 0)` are missing. Of these, `total // 2` come before the image and the rest
# after it. If the total is odd, the extra one is at the **bottom** or at the **right**. Window `i` starts at row
# `i * s - total // 2`.
#
# Take $A$, which has 4 rows, with a window of 3 and a stride of 2. There are <<windows_3_stride_2>> windows along each
# axis, and <<total_3_stride_2>> pixel is missing: <<before_3_stride_2>> before and <<after_3_stride_2>> after. The
# first window starts at row 0, not above it.
#
# **What is out there?** For convolution: zeros. For pooling: nothing. A cell outside the image is never the largest,
# and it does not count for the mean. Here is $X$ with a pool of 2 and `"same"`:
#
# $$\max: <<x_max_same>> \qquad \text{mean}: <<x_mean_same>>$$
#
# The bottom-right window holds a single pixel, <<x_bottom_right>>. So its mean is <<x_bottom_right>>. Had the border
# counted as three zeros, it would be <<x_bottom_right_full>>.

# %% figure=true
figures.pooling(X, 2, padding="same")

# %% [markdown]
# **One to think about.** Pool $A$ with a window of 3 under `"same"`, and leave the strides alone. The largest numbers
# are
#
# $$<<a_max_3_same>>$$
#
# just as with a window of 2 under `"valid"`. Why? The padding (before, after) is <<pads_3_same>>. Draw the four
# windows: of each only 2 x 2 cells lie inside the image, and they are the same four blocks.

# %% [markdown]
# ## Each channel alone
#
# A convolution adds up over all channels of its input, and makes as many new ones as it has filters. Pooling does
# neither. It pools each channel of each image by itself:
#
# **convolution changes the channels, pooling keeps them.**
#
# So an array <<batch>>, pooled with 2, becomes <<pooled_batch>>. The first axis and the last one stay as they are. The
# largest of all three colours is no longer a colour.

# %% [markdown]
# ## Predict
#
# Paper first, then type, then check. All four are about $A$:
#
# $$A = <<a>>$$
#
# 1. Max pooling with a window of 2 x 2 and `strides=1`.
# 2. Max pooling with `pool_size=(2, 1)` and the default strides.
# 3. Take 7 from every number of $A$, so that none is above 0. Then max pooling with a window of 3 x 3, `strides=2`
#    and `padding="same"`.
# 4. Average pooling of $A$ itself with the same window, strides and padding: only the bottom-right number.

# %% predict="max_stride_one tall_pool below_zero mean_corner"
max_stride_one = None  # a list of three rows
tall_pool = None  # a list of two rows
below_zero = None  # a list of two rows
mean_corner = None  # a number

# %% check="max_stride_one tall_pool below_zero mean_corner"
check(max_stride_one=max_stride_one, tall_pool=tall_pool, below_zero=below_zero, mean_corner=mean_corner)

# %% [markdown]
# ## Your turn: max pooling
#
# Write `max_pool2d`. It takes the same options as Keras's `MaxPooling2D` layer, and returns the same numbers. Go in
# small steps, and check after each of them:
#
# 1. one window size and its default stride,
# 2. pairs, for the pool and for the strides; notebook 03 shows how to tell a pair from a number,
# 3. `padding="same"`.
#
# Each rule has its own marks, so an answer without `"same"` already earns most of them.


# %% exercise="max_pool2d"
def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    """Keep the largest value of every window of x (n, height, width, c).

    pool_size and strides are one number or a pair (height, width). Returns an array (n, rows, columns, c).
    """
    raise NotImplementedError("your turn")


# %% check="max_pool2d"
check(max_pool2d)

# %% [markdown]
# ## Your turn: average pooling
#
# `avg_pool2d` has the same windows, and asks a different question of each. Be careful at the border: divide by the
# cells that are there.


# %% exercise="avg_pool2d"
def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    """Take the mean of every window of x (n, height, width, c).

    pool_size and strides are one number or a pair (height, width). Returns an array (n, rows, columns, c).
    """
    raise NotImplementedError("your turn")


# %% check="avg_pool2d"
check(avg_pool2d)

# %% [markdown]
# ## Global pooling
#
# Let the window be the whole image. Then each channel of each image gives one number, and (n, height, width, c)
# becomes (n, c). Height and width are axes 1 and 2 here. Many networks end like this: whatever the size of the
# picture, the last layer gets one number for each feature.
#
# With `keepdims=True` the two axes stay, with size 1: the shape is (n, 1, 1, c).
#
# The largest number of $A$ is <<global_max>>. What is global **average** pooling of $A$?

# %% predict="global_mean"
global_mean = None  # a number

# %% check="global_mean"
check(global_mean=global_mean)


# %% exercise="global_max_pool"
def global_max_pool(x, keepdims=False):
    """Keep the largest value of every channel of x (n, height, width, c): shape (n, c), or (n, 1, 1, c)."""
    raise NotImplementedError("your turn")


# %% check="global_max_pool"
check(global_max_pool)


# %% exercise="global_avg_pool"
def global_avg_pool(x, keepdims=False):
    """Take the mean of every channel of x (n, height, width, c): shape (n, c), or (n, 1, 1, c)."""
    raise NotImplementedError("your turn")


# %% check="global_avg_pool"
check(global_avg_pool)

# %% [markdown]
# ## See it on a picture
#
# Your own functions on a photograph, with windows of 4 x 4. Both make one number out of 16. Max pooling lets bright
# specks grow, and average pooling blurs them. The results are drawn about as large as the photograph: look at how large
# their pixels are.
#
# (Photograph: danielbuechele, [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/).)

# %% show=true
figures.try_it(max_pool2d, figures.photograph(height=60)[None, :, :, None], pool_size=4)

# %% show=true
figures.try_it(avg_pool2d, figures.photograph(height=60)[None, :, :, None], pool_size=4)

# %% [markdown]
# ## Break it
#
# Two well-known bugs. Both put zeros outside the image, as a convolution would.
#
# **The border joins the mean.** Where a window hangs over the edge, zeros pull its mean down, and the picture gets a
# dark frame. Here the photograph is larger, and so are the windows: 16 x 16 pixels, side by side, under `"same"`.

# %% figure=true
photograph = figures.photograph(height=230)
missing = [-length % 16 for length in photograph.shape]
frame = [(pixels // 2, pixels - pixels // 2) for pixels in missing]


def block_sums(pixels):
    """Put a frame of zeros round an image, cut it into blocks of 16 x 16 pixels, and add up each block."""
    framed = np.pad(pixels, frame)
    rows, columns = framed.shape[0] // 16, framed.shape[1] // 16
    return framed.reshape(rows, 16, columns, 16).sum(axis=(1, 3))


sums, cells = block_sums(photograph), block_sums(np.ones_like(photograph))
figures.compare(sums / cells, sums / 16**2, titles=("divided by real cells", "divided by 256"))

# %% [markdown]
# The same with the numbers of $A$, for a window of 3, a stride of 2 and `"same"`. On the left the true means, on the
# right those that count the border:
#
# $$<<a_mean_3_stride_2>> \qquad <<a_mean_3_stride_2_full>>$$
#
# Only the first number agrees: its window lies inside the image. The **largest** numbers of these windows do not change
# when zeros join them, because no number of $A$ is below 0:
#
# $$<<a_max_3_stride_2>>$$
#
# That is how the second bug hides.
#
# **Zero wins.** Feature maps often hold negative numbers. Take 7 from every number of $A$, and none is above 0:
#
# $$<<a_less_7>>$$
#
# With the same windows, the largest numbers are, without a border and with a border of zeros:
#
# $$<<a_less_7_max>> \qquad <<a_less_7_zeros_win>>$$
#
# Zeros have come out of an image in which there is no zero at all.

# %% figure=true
below_seven = A - 7
with_zeros = np.pad(below_seven, ((0, 1), (0, 1)))
largest = [[below_seven[i : i + 3, j : j + 3].max() for j in (0, 2)] for i in (0, 2)]
zeros_win = [[with_zeros[i : i + 3, j : j + 3].max() for j in (0, 2)] for i in (0, 2)]
figures.compare(np.array(largest), np.array(zeros_win), titles=("border not there", "border of zeros"))

# %% [markdown]
# ## A small shift
#
# It is often said that pooling does not mind when a picture moves a little. That is true as long as nothing crosses
# the edge of a window. Here is one bright pixel, at three places next to each other:

# %% figure=true
spot = np.zeros((3, 4, 4))
spot[0, 0, 0] = spot[1, 0, 1] = spot[2, 0, 2] = 9
figures.arrays({"column 0": spot[0], "column 1": spot[1], "column 2": spot[2]})

# %% [markdown]
# Pooled with 2 x 2, they become:

# %% figure=true
pooled = spot.reshape(3, 2, 2, 2, 2).max(axis=(2, 4))  # blocks of two rows and two columns
figures.arrays({"column 0, pooled": pooled[0], "column 1, pooled": pooled[1], "column 2, pooled": pooled[2]})

# %% [markdown]
# The first two outputs are the same: the bright pixel has stayed in its window. From the second to the third it moves
# by one column as well, but into the next window, and the output changes.
#
# A whole picture has something at the edge of nearly every window. Move $A$ by one column, with the last one coming
# round to the front, and pool it again:
#
# $$<<rolled>> \;\text{gives}\; <<rolled_max>> \;\text{and not}\; <<a_max>>$$
#
# Of these four numbers, <<rolled_kept>> has stayed as it was. So pooling **tolerates** small shifts, and does not undo
# them.

# %% [markdown]
# ## What you will read, and what is true
#
# | often said | true |
# |---|---|
# | "same padding adds zeros" | For convolution. Max pooling never lets the border win, and average pooling does not count it. |
# | "same keeps the size" | Only with a stride of 1. Otherwise it is n / stride, rounded up, and the stride defaults to the pool. |
# | "same pads evenly" | As evenly as it can. The odd row is at the bottom, and the odd column at the right. |
# | "pooling makes maps smaller" | Its default stride does. With `strides=1` and `"same"` the size stays. |
# | "pooling ignores shifts" | Only those that stay inside a window. |
# | "pooling keeps what matters" | It keeps the largest number, or the mean. Whether that matters is for the network to learn. |
#
# > **In PyTorch.** What you have written follows Keras. `nn.MaxPool2d` and `nn.AvgPool2d` move by their own size as
# > well, and drop what is left over, unless `ceil_mode=True`. But there is no `"same"`: `padding` is a number of pixels,
# > the same on both sides, at most half of the window. Max pooling pads with minus infinity, as it must.
# > Average pooling counts the border, unless you say `count_include_pad=False`.

# %% [markdown] reflect="explain_border"
# ## Explain it to a friend
#
# "My map has negative numbers only. After max pooling it has a frame of zeros. What has happened?" Answer in two
# lines, in your own words. There are no marks for this.
#
# *Your words here.*

# %% [markdown]
# ## What next
#
# You can now shrink a map, and you know what is lost on the way.
#
# Convolution and pooling were written with loops so far, one window after the other. Notebook 07, *From loops to
# einsum*, looks at all windows at once, which is many times faster.
#
# **If you like a puzzle:** average pooling with a window of 2 is a convolution, of which you keep every second row and
# column. Which kernel? Try it on $A$ with your `conv2d_valid` from notebook 01. Then try to do the same for max
# pooling, and say why it cannot be done.
