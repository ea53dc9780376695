# %% [markdown]
# # 05 · Channels and filters
#
# So far an image was gray and there was one kernel. A colour image has three channels, and a layer has many filters.
# Here you build the whole layer: the one that is called `Conv2D` in Keras.
#
# After this notebook you can
#
# - say how channels, filters, bias and activation come together in one number,
# - write a convolution layer for a batch of colour images,
# - count its parameters, and say why a dense layer would need so many more.
#
# **Left out:** how the weights are learned, how to make all this fast (notebook 07), and two options of the layer that
# are used less often: dilation and groups.
#
# You need the sliding window, strides and padding, from notebooks 01, 03 and 04. This notebook is worth <<marks>>
# marks. Forgotten a term? See the glossary in notebook 00:
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
# Answer from memory.
#
# 1. A batch of images has the shape `<<batch>>`, with the axes in the order of this course. How many columns of pixels
#    does an image have?
# 2. How many windows of 3 fit along 8 pixels, with a stride of 2 and without padding?
# 3. The same 8 pixels, window of 3 and stride of 2, now under `"same"`. How many pixels of padding come before the
#    image, and how many after it?

# %% predict="recall_width recall_windows recall_padding"
recall_width = None  # a number
recall_windows = None  # a number
recall_padding = None  # a pair of numbers: (before, after)

# %% check="recall_width recall_windows recall_padding"
check(recall_width=recall_width, recall_windows=recall_windows, recall_padding=recall_padding)

# %% [markdown]
# ## One filter spans all channels
#
# A colour image is an array (height, width, c) with `c` = 3 channels: red, green and blue. A pixel holds three
# numbers, which say how much there is of each. Here is a photograph with its channels. Where is the flower bright, and
# where are the leaves? (Photograph: vultilion, [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/).)

# %% figure=true
flower = figures.photograph(height=60, colour=True, of="flower")
figures.colours(flower, "flower")

# %% [markdown]
# How does a kernel slide over that?
#
# It becomes as deep as the image. A **filter** is a block of weights (i, j, c): rows, columns and channels. It has a
# slice of weights for each channel. Lay the block on the window. Every number meets a weight, all products are added,
# and the window gives **one** number, as before.
#
# You can do it channel by channel. Each channel and its slice give a map, as in notebook 01. Then the maps are added
# up. Here is an image of three channels: $X$, then $2X$, and then ones everywhere. The filter has the slices $K$,
# ones, and $K$ again. It holds <<filter_weights>> weights.

# %% figure=true
image = np.stack([X, 2 * X, np.ones_like(X)], axis=-1)
kernel = np.stack([K, np.ones_like(K), K], axis=-1)
figures.channel_stack(image, kernel)

# %% [markdown]
# In the top-left window the channels give <<corner_0>>, <<corner_1>> and <<corner_2>>. Together that is **<<corner>>**.
#
# Why does the third channel add nothing, anywhere? It holds the same number everywhere, and the weights in each row of
# $K$ cancel. An edge detector finds no edge where there is none.
#
# Three things that it is **not**. Nothing is averaged: the channels are added up. No channel is left out. And the
# slices differ: channel c meets slice c, `kernel[:, :, c]`, and no other.
#
# It is often thought that 32 filters make 3 x 32 maps of a colour image. They make 32.

# %% [markdown]
# ## One bias for each filter, added once
#
# After the sum, a filter adds one number to every cell of its map: its **bias**. It moves the whole map up or down.
#
# "Once" matters. With a bias of 1, the corner of $X$ under $K$ is <<first_corner>> + 1 = <<first_corner_biased>>. Add
# the bias inside the loops instead, next to each product, and you get <<bias_in_every_product>>. This fault has been
# copied from notebook to notebook for years. Nor is there a bias for each channel: the channels are summed by then.

# %% [markdown]
# ## Predict
#
# Write $X \star K$ for the map of $X$ under $K$, the one that `conv2d_valid(X, K)` gives. The star is no product: `*`
# in NumPy multiplies cell by cell. These are the maps that you need:
#
# $$X \star K = <<edges>> \qquad X \star \text{ones} = <<sums>>$$
#
# $$X \star K^T = <<turned>>$$
#
# 1. The image above, with the channels $X$, $2X$ and ones. Now the filter has the slices $K$, $K$ and ones. What is the
#    first row of the map?
# 2. Now gray again. Two filters look at $X$: the first is $K$ and has the bias 1. What is the first row of its map?
# 3. The second filter is $K^T$ and has the bias -2. What is the first row of its map?

# %% predict="three_channels_row first_map_row second_map_row"
three_channels_row = None  # a list of three numbers
first_map_row = None  # a list of three numbers
second_map_row = None  # a list of three numbers

# %% check="three_channels_row first_map_row second_map_row"
check(three_channels_row=three_channels_row, first_map_row=first_map_row, second_map_row=second_map_row)

# %% [markdown]
# ## Your turn: one filter
#
# Write `conv2d_one_filter`. It slides one filter over one image, without padding and with a stride of 1, and returns
# one map of floats. Begin with your `conv2d_valid` from notebook 01: what is new is the sum over the channels, and the
# bias. If you did not write it: two loops go over the rows and columns of the output, and each turn cuts out a window.


# %% exercise="conv2d_one_filter"
def conv2d_one_filter(image, kernel, bias):
    """Slide one filter (i, j, c) over an image (height, width, c), and make one map.

    bias is a number. Returns an array of floats, shape (height - i + 1, width - j + 1).
    """
    raise NotImplementedError("your turn")


# %% check="conv2d_one_filter"
check(conv2d_one_filter)

# %% [markdown]
# Now your function can check the figure. Add a cell with `conv2d_one_filter(image, kernel, 0)`. It should return the
# sum of the three maps:
#
# $$<<map_0>> + <<map_1>> + <<map_2>> = <<summed>>$$

# %% [markdown]
# ## Many filters, many maps
#
# One filter finds one thing: vertical edges, say. A layer has many filters, and each makes its own map, its **feature
# map**. The maps are stacked: they are the **channels of the output**. In Keras `filters=32` asks for 32 of them.
#
# The weights of all filters lie in one array `w` with the axes (i, j, c, o): row, column, input channel, and filter.
# So filter `o` is `w[:, :, :, o]`, and its map is `out[:, :, :, o]`. For the two filters of your prediction, the
# channels of the output are
#
# $$<<first_map>> \;\text{and}\; <<second_map>>$$
#
# Input channels are summed away. Output channels are counted by filters. So
#
# **convolution changes the channels**, from as many as the image has to as many as there are filters. (Notebook 06
# will add: pooling keeps them.)
#
# These words are often mixed up: what Keras calls the *kernel* of a layer is all of `w`. It holds `filters` **filters**
# with three axes each, and each of these holds one slice for each channel.

# %% [markdown]
# ## The activation comes last
#
# A network applies a function to each number before it passes it on: the **activation**. The most common one is
# **ReLU**: what is below 0 becomes 0, and everything else stays.
#
# $$X \star K = <<edges>> \qquad \text{ReLU}: <<relu_edges>>$$
#
# The order is fixed: sum, bias, activation. A bias of -1 then asks an edge to be stronger than 1 before it is heard.
# What comes out, for a bias of -1? Start with
#
# $$X \star K - 1 = <<edges_less_1>>$$

# %% predict="relu_after_bias"
relu_after_bias = None  # a list of three rows

# %% check="relu_after_bias"
check(relu_after_bias=relu_after_bias)

# %% [markdown]
# Another order gives other numbers. Cut off first and subtract afterwards, and the first row is <<relu_first_row>>. It
# holds a negative number, which a ReLU at the end would not let through.

# %% [markdown]
# ## A batch of images
#
# Networks take many images at once: `x` has the axes (n, height, width, c). Every image is filtered by itself, with
# the same filters. The output is (n, y, x, o): as many images as went in, then rows and columns, and one channel for
# each filter.
#
# Your own hand example is a batch, too: one image with one channel. `X[None, :, :, None]` adds the two axes, and the
# shape is (1, 5, 5, 1).

# %% [markdown]
# ## Strides and padding, as before
#
# Nothing new here. Both concern height and width, and each works as in notebooks 03 and 04:
#
# - `strides` is one number or a pair (height, width). Window (i, j) starts at row `i * stride_height` and column
#   `j * stride_width`.
# - Under `"valid"`, `(n - k) // stride + 1` windows fit along an axis. Under `"same"` there are `ceil(n / stride)`.
# - Under `"same"` zeros are put round the image, `total = max((out - 1) * stride + k - n, 0)` along each axis. Half of
#   them, rounded down, come before and the rest after. Batch and channels are never padded.
#
# **A shortcut.** Compute all windows of stride 1, and keep every second one: `[::2, ::2]`. Under `"valid"` this is
# right, and wasteful. Under `"same"` it is right only if you have padded for the true stride first. A common slip is to
# take every second number of the `"same"` result of stride 1: for windows of 3 and an even side, all of them are then
# one pixel off.

# %% [markdown]
# ## A window of one pixel
#
# A kernel of 1 x 1 sounds useless. It sees no neighbours. But it sees all channels of its pixel, and mixes them: each
# output channel is a weighted sum of the input channels. Networks use it to turn many channels into few.
#
# A batch `<<mixed_from>>` goes through a layer with 2 filters of 1 x 1, stride 1, without padding. What is the shape
# of the output?

# %% predict="mixed_shape"
mixed_shape = None  # four numbers: (n, y, x, o)

# %% check="mixed_shape"
check(mixed_shape=mixed_shape)

# %% [markdown]
# ## Your turn: the layer
#
# Write `conv2d`. Go in small steps, and check after each of them:
#
# 1. one image, many filters, stride 1, no padding,
# 2. the bias, and the activation,
# 3. a batch,
# 4. strides,
# 5. `padding="same"`.
#
# Each rule has its own marks, so an answer without strides and padding already earns most of them. Use your
# `conv2d_one_filter`. If you have written padding and strides in notebooks 03 and 04, paste from there, into a separate
# cell if you like.


# %% exercise="conv2d"
def conv2d(x, w, b=None, strides=1, padding="valid", activation=None):
    """Slide every filter of w (i, j, c, o) over every image of x (n, height, width, c).

    b holds one bias for each filter, or is None. strides is one number or a pair (height, width). padding is "valid"
    or "same", and activation is None or "relu". Returns an array of floats, shape (n, rows, columns, o).
    """
    raise NotImplementedError("your turn")


# %% check="conv2d"
check(conv2d)

# %% [markdown]
# ## See it on a picture
#
# A picture with a red block, a green one and a blue one, and two filters: the first looks for vertical edges in every
# colour, the second for horizontal ones. Your function finds the sides of all three blocks in channel 0 of its
# output, and their tops and bottoms in channel 1.

# %% figure=true
scene = np.zeros((40, 60, 3))
scene[8:30, 6:20, 0] = 1
scene[14:36, 24:38, 1] = 1
scene[4:26, 42:54, 2] = 1
figures.colours(scene, "three blocks")

# %% show=true
edges = np.stack([K, K.T], axis=-1)  # (i, j, o)
filters = np.stack([edges, edges, edges], axis=2)  # (i, j, c, o): the same slice for every colour
figures.try_it(conv2d, scene[None], filters)

# %% [markdown]
# ## Break it
#
# Two well-known bugs. The code below does with slices what $K$ does, in each channel, and adds the channels up.
#
# **Only the first channel.** `x[..., 0]` makes a colour image gray in a hurry. The red block is found, and the others
# are not there. On a gray image you would never notice.


# %% figure=true
def vertical_edges(pixels):
    """Do what K does in each channel of (height, width, c), and add up the channels."""
    differences = pixels[:, :-2] - pixels[:, 2:]
    return (differences[:-2] + differences[1:-1] + differences[2:]).sum(axis=-1)


figures.compare(vertical_edges(scene), vertical_edges(scene[..., :1]), titles=("all channels", "channel 0 only"))

# %% [markdown]
# ## Channels last, channels first
#
# **The second bug.** This course puts the channels last, (n, height, width, c), as Keras, TensorFlow and pictures in
# NumPy do. It is not the only way: PyTorch and ONNX put them first, (n, c, height, width). Keras can do both, with
# `data_format`, and its weights are (i, j, c, o) either way. Neither way is wrong. What matters is to know which one
# you have, and how to change it:
#
# ```python
# x.transpose(0, 3, 1, 2)  # channels last to channels first
# x.transpose(0, 2, 3, 1)  # and back
# ```
#
# `transpose` moves axes. `x.reshape(n, c, height, width)` gives the same shape, and another picture: `reshape` reads
# the numbers in the order in which they lie in memory and cuts them up differently. They lie there pixel by pixel, red,
# green, blue, red, green, blue. So the first "channel" is the top third of the picture in all colours, torn apart. This
# is the red channel of the flower, transposed and reshaped:

# %% figure=true
height, width, channels = flower.shape
figures.compare(
    flower.transpose(2, 0, 1)[0], flower.reshape(channels, height, width)[0], titles=("transpose", "reshape")
)

# %% [markdown]
# The shapes agree, there is no error, and a network can be trained on such pictures without a warning. Look at a
# channel before you trust it.
#
# > **If you use PyTorch.** Images are (n, c, height, width), and the weights of a layer are (out, in, i, j), where
# > Keras has (i, j, in, out): `w.transpose(3, 2, 0, 1)` goes from Keras to PyTorch. A number as `padding` pads both
# > sides alike, so with a stride of 2 and an even side, the same weights give other numbers than `"same"` in Keras.
# > `padding="same"` exists for a stride of 1 only.

# %% [markdown]
# ## Count the parameters
#
# A layer learns its weights and biases: its **parameters**. A filter has a weight for each cell of the window in each
# channel, and one bias. The layer has as many filters as its output has channels:
#
# $$(k_h \cdot k_w \cdot c + 1) \cdot \text{filters}$$
#
# A layer may also do without biases: `use_bias=False` in Keras. Then the 1 is not there.
#
# Three slips are common: the biases are forgotten, the input channels are forgotten, or the weights are counted again
# for every place. But all windows share them.
#
# Now predict. A network begins with two layers of 3 x 3 windows.
#
# 1. The first makes 32 maps of a colour image. How many parameters does it have?
# 2. The second makes 64 maps out of these 32. How many does it have?

# %% predict="first_parameters second_parameters"
first_parameters = None  # a number
second_parameters = None  # a number

# %% check="first_parameters second_parameters"
check(first_parameters=first_parameters, second_parameters=second_parameters)


# %% exercise="count_params"
def count_params(kh, kw, c_in, filters, use_bias=True):
    """Count the weights and biases of a convolution layer with kernels of kh x kw."""
    raise NotImplementedError("your turn")


# %% check="count_params"
check(count_params)

# %% [markdown]
# The image appears in none of this. The two layers have <<both_parameters>> parameters together, for a picture of
# 28 x 28 pixels as for one of 4000 x 3000.

# %% [markdown]
# ## Why dense layers scale poorly
#
# "Fully connected layers scale poorly" is said easily. Here are the numbers. Take a colour image of <<side>> x <<side>>
# pixels, and let a layer make 32 maps of the same size.
#
# A **dense** layer connects each of the <<side>> · <<side>> · 3 numbers that go in with each of the <<side>> · <<side>>
# · 32 numbers that come out. Each pair has its own weight: **<<dense_weights>>** weights. At 4 bytes each (float32)
# they take <<dense_gigabytes>> GB of memory.
#
# The **convolution** connects each output number with one window only, and uses the same weights at every place:
# **<<conv_weights>>** parameters.
#
# Double both sides of the image. The dense layer then has four times as many numbers on both ends, so 16 times as many
# weights: <<dense_weights_double>>. The convolution has <<conv_weights>> as before.
#
# What a convolution does depend on is channels: twice as many channels on both ends make about four times as many
# weights. The second layer above sees 32 channels in place of three, and has <<second_weights>> parameters. In deep
# networks the channels are where the weights are.

# %% [markdown]
# ## What you will read, and what is true
#
# | often said | true |
# |---|---|
# | "32 filters on a colour image make 96 maps" | 32. A filter sums over all channels. |
# | "a kernel is a 3 x 3 matrix" | For a gray image. In general a filter is 3 x 3 x c, and the kernel of a layer holds all of them. |
# | "the sliding window is exactly `Conv2D`" | With the bias and the activation, and with axes for batch and channels. |
# | "most modern code puts channels last" | Keras, TensorFlow and pictures do. PyTorch and ONNX put them first. |
# | "a larger image needs a larger layer" | A dense one does. A convolution has the same weights for any image. |

# %% [markdown] reflect="explain_channels"
# ## Explain it to a friend
#
# "My image has 3 channels and my layer has 32 filters. Why do 32 maps come out, and not 96?" Answer in two lines, in
# your own words. There are no marks for this.
#
# *Your words here.*

# %% [markdown]
# ## What next
#
# This is the whole layer, except for dilation and groups. What Keras adds to it is speed, and a way to learn the
# weights.
#
# Notebook 06, *Pooling*, makes maps smaller without any weights. Notebook 07, *From loops to einsum*, does what you
# did here a hundred times faster or more, without a loop. Keep your `conv2d`: there you will race it.
#
# **If you like a puzzle:** two layers of 1 x 1 windows in a row, without an activation between them, can be replaced
# by one. What are its weights? And why does that no longer work with a ReLU in between?
