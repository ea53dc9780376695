# %% [markdown]
# # 00 · Start here
#
# In this course you work out convolution and pooling by hand, write them, and watch them at work on pictures. This
# first notebook is short. It shows how the notebooks talk to you, and how pictures are kept in arrays.
#
# After this notebook you can
#
# - use the checks and the hints, and read what a wrong answer tells you,
# - name the four axes of a batch of images, and move one of them,
# - say what type of number an array holds, and why that matters.
#
# **Left out:** convolution itself. It begins in the next notebook.
#
# You need Python and a little NumPy: shapes, indices, slices. This notebook is worth <<marks>> marks.
#
# A glossary is at the end of this notebook, and every other notebook links to it:
# [The words of the course](../00_start_here/00_start_here.ipynb#The-words-of-the-course). No need to read it now.

# %% setup=true
import numpy as np

from autograder import check, hint
from course import figures

X = np.array([[1, 2, 0, 1, 3], [4, 1, 1, 0, 2], [0, 2, 3, 1, 1], [1, 0, 2, 2, 0], [3, 1, 0, 1, 2]])

# %% [markdown]
# ## How the notebooks work
#
# Run the cells from top to bottom, each with Shift+Enter. Begin with the one above: the others need it. If things get
# muddled, restart the kernel and run everything again. (That kernel is the Python process behind the notebook. It
# shares nothing but its name with the kernels of a convolution.)
#
# - **Predict.** You work something out on paper, type it in place of `None`, and check it. There are no marks for
#   this, and a wrong prediction costs nothing.
# - **Write.** You replace the line `raise NotImplementedError("your turn")` with your own code. The box above it lists
#   what the function must do, one rule per line, with its marks. Each rule is called a *behaviour*. If one fails, you
#   still get the marks of the others.
# - **Check.** `check(...)` tells you at once what is right and what is not. Run it as often as you like: nothing is
#   counted, and nothing is sent. To mark your work, the grader calls your functions again, with new arrays that follow
#   the same rules. So write for any array, not just for the ones you see.
# - **Hints.** `hint(axis_sizes)` helps with your current mistake: first a question; run it again for a pointer, and
#   once more for almost the code. All hints are also below the check, folded away. They are free.
#
# Functions are found by name, so you can add, move or split cells, as long as you keep the names.

# %% [markdown]
# ## Three questions to warm up
#
# Later notebooks begin with three questions about earlier ones. These are about NumPy. Answer from memory:
#
# ```python
# pixels = np.array([[1, 2, 3, 4],
#                    [5, 6, 7, 8]])
# ```
#
# 1. What is `pixels[1, 2]`?
# 2. What is `pixels[:, 1]`?
# 3. What is `pixels.sum(axis=0)`?

# %% predict="recall_cell recall_column recall_sum"
recall_cell = None  # a number
recall_column = None  # a list of numbers
recall_sum = None  # a list of numbers

# %% check="recall_cell recall_column recall_sum"
check(recall_cell=recall_cell, recall_column=recall_column, recall_sum=recall_sum)

# %% [markdown]
# ## Four axes
#
# A gray image is a table of numbers, one for each **pixel**. This one is called $X$, and you will meet it often:
#
# $$X = <<image>>$$
#
# Its shape is `<<image_shape>>`: (height, width). The height comes first, as in every array: `X[i, j]` is the pixel in
# row `i` and column `j`, both counted from 0.
#
# A colour image has three numbers for each pixel: red, green and blue. Each of the three is a **channel**, and they
# lie on a third axis, the last: (height, width, channels). A gray image has one channel.
#
# Networks work on many images at once. Such a **batch** has one more axis, in front. So the course's arrays have four
# axes, always in this order:
#
# | axis | 0 | 1 | 2 | 3 |
# |---|---|---|---|---|
# | holds | the images, `n` of them | rows | columns | channels |
# | its size is called | n | height | width | channels, or c |
#
# The short name of this order is **NHWC**, or *channels last*. The image $X$, written as a batch of one image with one
# channel, has the shape `<<image_as_batch>>`.
#
# Here is a batch of one image with two rows, four columns and three channels, shape `<<colours_shape>>`. Its numbers
# are made so that you can tell where each belongs: the tens say the channel, and the rest says the pixel.

# %% figure=true
colours = np.array([[1, 2, 3, 4], [5, 6, 7, 8]])
colours = np.stack([colours, colours + 10, colours + 20], axis=-1)[None]
figures.arrays({"colours": colours})

# %% [markdown]
# `colours[0, 0, 0]` is the first pixel of the first image. One axis is left, the channels, so it gives three numbers:
# <<first_pixel>>.
#
# 1. You have ten colour pictures, each 40 pixels wide and 28 pixels high. What is the shape of their batch?
# 2. What is `colours[0, 1, 2]`?

# %% predict="batch_shape one_pixel"
batch_shape = None  # four numbers, such as (7, 7, 7, 7)
one_pixel = None  # a list of three numbers

# %% check="batch_shape one_pixel"
check(batch_shape=batch_shape, one_pixel=one_pixel)

# %% [markdown]
# ## Be wrong once, on purpose
#
# Now write `axis_sizes`. But first get it wrong, to see what happens. Replace the `raise` line below by
#
# ```python
#     return x.shape[0], x.shape[2], x.shape[1], x.shape[3]
# ```
#
# Run that cell, then the check below it, and read its answer line by line:
#
# | line | what it tells you |
# |---|---|
# | the first | the function, the behaviour that fails, how it fails, and its marks: (0 of 1) means none of one |
# | rule | the behaviour's rule, in one sentence |
# | called with | the arguments of the call; for an array, its shape |
# | your mistake | what you did, and what is right; only if your function returns exactly what a known mistake returns |
# | read again | where it is explained; only together with the line above |
#
# Below it is a picture: expected, yours, and the difference, with the wrong cells outlined. In later notebooks it also
# shows the window behind the first wrong cell, and its sum. If no known mistake fits, the check describes what all
# wrong numbers have in common, and does not guess.
#
# A crash is reported in the same way: the name of the error, the line of your code that raised it, and what the error
# means. If several things are wrong, you see the one to fix first; the others are folded below it. While the `raise`
# line is still there, the check says only "not solved yet".
#
# Then fix the function, and check again.


# %% exercise="axis_sizes"
def axis_sizes(x):
    """Give the sizes of x (n, height, width, channels).

    Returns a tuple of four numbers: n, height, width, channels.
    """
    raise NotImplementedError("your turn")


# %% check="axis_sizes"
check(axis_sizes)

# %% [markdown]
# "All visible cases are right" does not mean "all marks are safe". A function that always returns `(1, 2, 4, 3)` would
# get the first case right, and no other. The hidden cases have sizes that you never see.

# %% [markdown]
# ## Whole numbers, bytes and floats
#
# Every array has a **dtype**, the type of all its numbers. Four of them matter here:
#
# | dtype | holds | you get it from |
# |---|---|---|
# | `int64` | whole numbers | `np.array([1, 2, 3])` |
# | `uint8` | bytes: whole numbers from 0 to 255 | picture files |
# | `float64` | numbers with a fraction, about 16 digits | `np.zeros(shape)`, `np.array([0.5])` |
# | `float32` | the same with about 7 digits, in half the memory | networks, `x.astype(np.float32)` |
#
# When you compute with arrays, nothing warns you of a result that does not fit. Whole numbers have no room for a
# fraction: write 1.5 into an array of them, and it keeps 1. Add or subtract two arrays of bytes, and the result wraps
# round: after 255 comes 0 again, and before 0 comes 255. Only a plain Python number that does not fit is refused:
# `np.uint8(-1)` and `pixels[0] = -1` end in an OverflowError. And a float has a limited number of digits: those of 1/3
# never end, so what is stored is a number close to it. That is why the checks allow for a very small difference.
#
# The rule of the course: **a function returns floats, whatever it is given.** Either kind of float is fine.
#
# 1. Two bytes: what is the number in `np.array([<<bright>>], np.uint8) + np.array([<<brighter>>], np.uint8)`?
# 2. `X` holds whole numbers, `int64`. What is the dtype of `X / 2`?

# %% predict="bytes_added half_type"
bytes_added = None  # a number
half_type = None  # text, such as "uint8"

# %% check="bytes_added half_type"
check(bytes_added=bytes_added, half_type=half_type)

# %% [markdown]
# ## Two layouts
#
# Not everyone puts the channels last. There are two layouts:
#
# | layout | axes | short | where it is the default |
# |---|---|---|---|
# | channels last | (n, height, width, channels) | NHWC | Keras and TensorFlow; a picture in NumPy is (height, width, channels) too |
# | channels first | (n, channels, height, width) | NCHW | PyTorch, ONNX |
#
# You will read that most modern code puts channels last. That depends on whom you read. This course puts channels last
# throughout. What matters is to know which layout you have, and how to change it. The numbers are the same; only their
# places differ. From last to first,
#
# the number at `[n, i, j, c]` moves to `[n, c, i, j]`.

# %% [markdown]
# ## Move the axes, do not reshape
#
# The array `colours` has the shape `<<colours_shape>>`, and with channels first it has `<<first_colours_shape>>`.
# `colours.reshape(1, 3, 2, 4)` has that shape too. But it is wrong.
#
# In memory an array is one long row of numbers. The last axis runs fastest, so with channels last the three numbers of
# a pixel lie together:
#
# $$<<memory>>, \ldots$$
#
# `reshape` leaves this row as it is and cuts it into other pieces. No number changes its place in the row. To move an
# axis, the numbers must be read in another order. `np.transpose(x, order)` does that, where `order` holds the old axis
# numbers in their new order: for a table `t`, `np.transpose(t, (1, 0))` puts the columns first. `np.moveaxis` does it
# too: you give it the axis to move, and where to put it. So does a loop that copies channel by channel.
#
# 1. The batch of ten pictures from above, each 28 pixels high and 40 wide: what is its shape with channels first?
# 2. What is the first row of channel 0 in the reshaped array, `colours.reshape(1, 3, 2, 4)[0, 0, 0]`?

# %% predict="first_shape recut_row"
first_shape = None  # four numbers, such as (7, 7, 7, 7)
recut_row = None  # a list of four numbers

# %% check="first_shape recut_row"
check(first_shape=first_shape, recut_row=recut_row)

# %% [markdown]
# ## Your turn: there and back
#
# Write both functions. For each of them one line with `np.transpose` will do, or a short loop over the channels. By the
# rule of the course, a new array that you fill must hold floats, as `np.zeros(shape)` does: bytes have no room for
# fractions and signs.


# %% exercise="to_channels_first"
def to_channels_first(x):
    """Turn a batch (n, height, width, channels) into (n, channels, height, width).

    Returns an array of floats.
    """
    raise NotImplementedError("your turn")


# %% check="to_channels_first"
check(to_channels_first)


# %% exercise="to_channels_last"
def to_channels_last(x):
    """Turn a batch (n, channels, height, width) into (n, height, width, channels).

    Returns an array of floats.
    """
    raise NotImplementedError("your turn")


# %% check="to_channels_last"
check(to_channels_last)

# %% [markdown]
# ## See it on a picture
#
# Now a batch of one picture in colour. Its three channels say how much red, green and blue there is in each pixel.
# (Photograph: vultilion, [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/).)

# %% figure=true
photograph = figures.photograph(height=60, colour=True, of="flower")
figures.colours(photograph, "flower")

# %% [markdown]
# Your own function moves the channels to the front, and the first of them should be the red one.


# %% show=true
def first_channel(x):
    """Move the channels to the front, and take the first of them."""
    return to_channels_first(x)[0, 0]


figures.try_it(first_channel, photograph[None])

# %% [markdown]
# ## Break it
#
# Two well-known bugs, on the same batch. Both return an array, and neither raises an error.
#
# **Reshaped.** First the numbers: channel 0 of `colours`, first with its axes moved, then reshaped.
#
# $$<<moved_plane>> \qquad <<recut_plane>>$$
#
# Then the photograph. The shape is right, so there is no error: a network would go on and learn from stripes. They hold
# the three channels in turn, and only the top third of the picture. Can you see why?

# %% figure=true
batch = photograph[None]
moved = batch.transpose(0, 3, 1, 2)[0, 0]
figures.compare(moved, batch.reshape(1, 3, 60, 90)[0, 0], titles=("axes moved", "reshaped"))

# %% [markdown]
# (The row of numbers in memory begins with the top row of the picture, three numbers for each pixel. The first third of
# it fills the first plane.)
#
# **Height and width swapped.** `batch.transpose(0, 3, 2, 1)` puts the channels in their place, but the picture lies on
# its side. With a square picture not even the shape would tell.

# %% figure=true
swapped = batch.transpose(0, 3, 2, 1)[0, 0]
figures.compare(moved, swapped, titles=("right", "height and width swapped"))

# %% [markdown]
# **For readers of PyTorch.** Its layers take channels first, and its weights lie in another order too: filters come
# first there, and last here. The mathematics is the same.

# %% [markdown]
# ## The words of the course
#
# You need not learn these now. Come back when you meet one.
#
# | word | what it means |
# |---|---|
# | pixel | One place of an image, with one number for each channel. |
# | channel | One layer of numbers as large as the image, such as its red; the last axis of a batch. |
# | batch | Several images in one array, on axis 0. |
# | NHWC, NCHW | The order of axes with the channels last, or with the channels first. |
# | float32, float64 | Numbers with a fraction in 4 bytes or in 8, with about 7 digits or about 16. |
# | uint8 | A byte: a whole number from 0 to 255. Arrays of bytes wrap round when you add or subtract them. |
# | dtype | The type of all the numbers of an array. |
# | view | The same memory under another name: writing into it writes into the original. |
# | window, patch | A piece of the image as large as the kernel. |
# | cross-correlation | Lay a kernel on every window as it is, multiply cell by cell, and add up; a convolution layer computes this. |
# | convolution | In mathematics: the same with the kernel turned by 180 degrees first. As the name of a layer: cross-correlation. |
# | kernel | An array of weights. On one gray image it has two axes, and in a layer four: (height, width, input channels, filters). |
# | filter | The part of a layer's kernel that makes one output channel: (height, width, input channels). |
# | feature map | The output of one filter: one number for each place of the window. |
# | bias | One number for each filter, added once to every number of its feature map. |
# | activation | A function applied to each number after the bias; ReLU turns negative numbers into 0. |
# | stride | How many pixels the window moves from one place to the next, down and to the right. |
# | padding | Cells outside the image, so that windows may hang over its edge: zeros for convolution; pooling leaves them out. |
# | valid | No padding: only windows that lie inside the image count. |
# | same | As many windows as n / stride, rounded up; if the padding is odd, the extra row is at the bottom and the extra column at the right. |
# | dilation | The distance in pixels between neighbouring cells of a kernel; 1 is the plain kernel. |
# | groups | The channels are split into this many parts, and each filter sees one part only. |
# | 1 x 1 convolution | A kernel of one pixel: it mixes the channels of each pixel, and looks at no neighbour. |
# | max pooling | The largest number of each window, in each channel separately; no weights. |
# | average pooling | The mean of each window, in each channel separately; no weights. |
# | global pooling | Pooling with a window as large as the image: one number for each channel. |
# | dense layer | A layer that connects every input number with every output number, each pair with its own weight. |
# | parameters | The numbers a layer learns: its weights and biases. |
# | weight sharing | The same weights at every place of the image. |
# | locality | Each output number depends on a small piece of the image only. |
# | receptive field | The piece of the input that one number of a later layer depends on. |
# | equivariance | Move the input, and the output moves along: convolution with stride 1, away from the border. |
# | invariance | Move the input, and the output stays the same: what pooling gives for some small moves, and not in general. |
# | einsum | A sum of products written with one letter for each axis; NumPy's `np.einsum`. |
# | im2col | All windows written out as the rows of a matrix, so that convolution becomes one matrix product. |
# | logits | The last layer's numbers, one for each class, before softmax. |
# | softmax | Makes probabilities of the logits: positive numbers that add up to 1. |

# %% [markdown] reflect="explain_reshape"
# ## Explain it to a friend
#
# "My array had the right shape, and the picture was still scrambled. How can that be?" Answer in two lines, in your
# own words. There are no marks for this.
#
# *Your words here.*

# %% [markdown]
# ## What next
#
# You know where every number of a picture lies. Notebook 01, *One window, one number*, looks at a few of them at a
# time: pixels that lie together. Why a small window is enough to see an edge, and why the same few weights can serve
# the whole picture, is the idea that the course is built on. It is called **locality**, with **weight sharing**.
