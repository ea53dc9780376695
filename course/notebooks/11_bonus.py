# %% [markdown]
# # 11 · Backwards, faster, further
#
# Three tasks for anyone who wants more, in any order. Their <<marks>> marks come on top of those of the course;
# you can do without them.
#
# After this notebook you can
#
# - say how a loss changes with each pixel and each weight, through a convolution and through pooling,
# - find out what makes NumPy slow when no loop is left,
# - compute every convolution that Keras has.
#
# **Left out:** training itself, and automatic differentiation, which does the first task for you.
#
# You need notebooks 05, 06 and 07. Forgotten a term? See the glossary in notebook 00:
# [The words of the course](../00_start_here/00_start_here.ipynb#The-words-of-the-course).

# %% setup=true
import numpy as np

from autograder import check, hint
from course import figures

X = np.array([[1, 2, 0, 1, 3], [4, 1, 1, 0, 2], [0, 2, 3, 1, 1], [1, 0, 2, 2, 0], [3, 1, 0, 1, 2]])
K = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
A = np.array([[1, 3, 2, 0], [4, 6, 1, 2], [0, 2, 5, 3], [1, 2, 2, 4]])

# %% [markdown]
# ## Back through a convolution
#
# A network is trained by asking of every weight: if it grows a little, by how much does the loss grow? That ratio is
# the **gradient** of the loss with respect to the weight. It is worked out from the end to the beginning. Each layer
# gets the gradients of its output, `dy`, an array of the output's shape, and returns those of its input, `dx`, and of
# its weights, `dw` and `db`.
#
# For a convolution, look at one number of the output and its window:
#
# $$\text{out}_{yx} = \sum_{i,j} \text{window}_{ij} \cdot K_{ij} + b$$
#
# If the weight $K_{ij}$ grows by 1, this number grows by the pixel $\text{window}_{ij}$. If that pixel grows by 1, the
# number grows by the weight. If the bias grows by 1, so does the number. And the loss grows by `dy` times as much.
#
# A weight belongs to all windows, a pixel to several, and the bias to all numbers of its map. So go through the windows,
# and **add up** what comes back.
#
# The hand example again, $X$ and $K$ under `"valid"`:
#
# $$X = <<x>> \qquad K = <<k>>$$
#
# Let `dy` be 1 everywhere: the loss is the sum of the output. What are the gradients of the nine weights? And those of the
# five pixels in the first row of $X$?

# %% predict="by_kernel by_image"
by_kernel = None  # a list of three rows
by_image = None  # five numbers

# %% check="by_kernel by_image"
check(by_kernel=by_kernel, by_image=by_image)

# %% [markdown]
# ## How to be sure
#
# Gradients have a test that needs no solution. Let one number grow by a little, and look by how much the loss grows.
# Here it is for the convolution of $X$ and $K$, with a `dy` of your choice: `numerical` moves one pixel after the other.
# A convolution is a sum of products, so that even a step of 1 gives the exact gradient.

# %% figure=true
dy = np.array([[1.0, 0, 0], [0, 0, 0], [0, 0, 2]])


def loss(image):
    """The output, weighed with dy."""
    windows = np.lib.stride_tricks.sliding_window_view(image, (3, 3))
    return (np.einsum("yxij,ij->yx", windows, K) * dy).sum()


def numerical(image):
    """The gradient with respect to each pixel: half the difference between one more and one less."""
    gradient = np.zeros(image.shape)
    for place in np.ndindex(image.shape):
        step = np.zeros(image.shape)
        step[place] = 1
        gradient[place] = (loss(image + step) - loss(image - step)) / 2
    return gradient


figures.arrays({"dy": dy, "dx, by differences": numerical(X)})

# %% [markdown]
# Only two windows count here. Each of them has left the kernel where it lies, times its `dy`. Where they overlap, in the
# middle, both have added something.

# %% [markdown]
# ## Strides and borders
#
# Backward, a window lies where it lay forward: it begins at row `i * step_down`. A pixel that no window holds has no
# say in the output, so its gradient is 0.
#
# Under `"same"` some cells of a window are zeros of the padding. Work on the padded image, and cut the frame off when
# everything is added up: nobody needs the gradient of the padding. Notebook 04 says how much of it comes before.
#
# ## Your turn: convolution
#
# Write `conv2d_backward`. It returns three arrays: `dx` with the shape of `x`, `dw` with that of `w`, and `db` with one
# number for each filter. `db` is asked for even though `b` is not given, because it does not depend on it.


# %% exercise="conv2d_backward"
def conv2d_backward(dy, x, w, strides=1, padding="valid"):
    """Differentiate a convolution by its images, its filters and its bias: (dx, dw, db).

    dy (n, y, x, o) belongs to the output of images x (n, height, width, c) and filters w (i, j, c, o).
    """
    raise NotImplementedError("your turn")


# %% check="conv2d_backward"
check(conv2d_backward)

# %% [markdown]
# ## Back through pooling
#
# Pooling has no weights, so there is only `dx`.
#
# **Average.** A mean of four cells grows by a quarter if one of them grows by 1. So each cell gets an equal part of
# the window's `dy`. Cells outside the image do not count, as they did not forward.
#
# **Max.** Only the largest cell has a say: it gets all of `dy`, and the others get nothing. Where windows overlap, a cell
# can win several of them, and then it gets the sum.
#
# **Ties.** If a window holds its largest number twice, the gradient is not defined: if one of the two grows, so does
# the maximum, but if one shrinks, nothing changes. So we need a rule. Here **the first one wins, row by row**, as in
# PyTorch. $A$ has two windows of 2 x 2 with ties. In this window, which cell gets the gradient?
#
# $$<<tied>>$$

# %% predict="winner"
winner = None  # a pair of numbers: (row, column)

# %% check="winner"
check(winner=winner)


# %% exercise="max_pool2d_backward"
def max_pool2d_backward(dy, x, pool_size=2, strides=None, padding="valid"):
    """Pass each number of dy (n, y, x, c) to the first of the largest cells of its window in x (n, height, width, c)."""
    raise NotImplementedError("your turn")


# %% check="max_pool2d_backward"
check(max_pool2d_backward)


# %% exercise="avg_pool2d_backward"
def avg_pool2d_backward(dy, x, pool_size=2, strides=None, padding="valid"):
    """Pass each number of dy (n, y, x, c) to the cells of its window in x (n, height, width, c), in equal parts."""
    raise NotImplementedError("your turn")


# %% check="avg_pool2d_backward"
check(avg_pool2d_backward)

# %% [markdown]
# See it on a photograph: every window of 4 x 4 passes a 1 back. (Photograph: danielbuechele,
# [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/).)

# %% show=true
photograph = figures.photograph(height=60)[None, :, :, None]
figures.try_it(max_pool2d_backward, np.ones((1, 15, 22, 1)), photograph[:, :, :88], 4)

# %% [markdown]
# ## As fast as you can
#
# Notebook 07 did away with loops, and was content with that. But functions without loops differ as well. On a picture of
# <<picture>> pixels and one kernel of <<kernel>>, one may take several times as long as another, though none computes more
# products. What else takes time?
#
# Memory. All windows of the picture, written side by side, are <<cells>> times as large as the picture. If you write
# them down, you have to read them again. A view writes nothing.
#
# So measure. There are several ways: `@`, `np.einsum` with and without `optimize=True`, `np.tensordot`, <<cells>> shifted
# pictures that are added up, even `np.fft`. Which one is fast depends on the sizes: here there is one channel, and one
# filter.
#
# Compared with two loops that take one window per turn, it must be <<fast>> times as fast to earn one mark, and
# <<very_fast>> times as fast to earn all three.


# %% exercise="conv2d_fast"
def conv2d_fast(x, w, strides=1):
    """Correlate images x (n, height, width, c) with filters w (i, j, c, o), without padding, as fast as NumPy can."""
    raise NotImplementedError("your turn")


# %% check="conv2d_fast"
check(conv2d_fast)

# %% show=true
from contextlib import suppress
from time import perf_counter

picture = np.random.default_rng(0).integers(0, 256, (1, 427, 640, 1)).astype(float)
best = "conv2d_fast is not right yet"
with suppress(Exception):  # whatever stops it: its check says more
    times = []
    for _ in range(5):
        start = perf_counter()
        conv2d_fast(picture, np.ones((7, 7, 1, 1)))
        times.append(perf_counter() - start)
    best = f"{1000 * min(times):.1f} ms"
best

# %% [markdown]
# ## Dilation and groups
#
# Two options of Keras's `Conv2D` are left.
#
# **Dilation** moves the cells of the kernel apart: from one to the next it is `dilation_rate` pixels, and 1 is the plain
# kernel. A kernel of $k$ cells spans $(k - 1) \cdot d + 1$ pixels. The number of windows and the padding count with that.
# Keras allows no strides above 1 together with a dilation above 1, and nobody will ask you for both.
#
# How many pixels does a kernel of 3 with a dilation of 3 span?

# %% predict="spanned"
spanned = None  # a number

# %% check="spanned"
check(spanned=spanned)

# %% [markdown]
# **Groups** cut the channels into parts that lie next to each other, and the filters into as many. Each part of the
# filters sees its own channels only, so that the shape of `w` is (i, j, c / groups, o). With 6 channels, 6 filters and
# 3 groups, filters 2 and 3 see channels 2 and 3. The maps are in the order of the filters. With as many groups as
# channels this is a depthwise convolution, which small networks for phones are made of.
#
# Write `conv2d_general`, with everything from notebook 05 except the activation, and both of these options.


# %% exercise="conv2d_general"
def conv2d_general(x, w, b=None, *, strides=1, padding="valid", dilation_rate=1, groups=1):
    """Correlate x (n, height, width, c) with filters w (i, j, c / groups, o), as Keras does."""
    raise NotImplementedError("your turn")


# %% check="conv2d_general"
check(conv2d_general)

# %% [markdown] reflect="explain_gradient"
# ## Explain it to a friend
#
# "My max pooling loses gradients: most of `dx` is 0." What do you answer? Two lines, in your own words. There are no marks
# for this.
#
# *Your words here.*

# %% [markdown]
# ## What next
#
# With `conv2d_backward` and its relatives you can train the network of notebook 09 with nothing but your own code. The
# gradient of the scores is `softmax(scores)` minus 1 at the right digit; then go through the layers from the last to
# the first. About thirty passes over the training digits are enough for nine in ten.
