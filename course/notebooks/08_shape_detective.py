# %% [markdown]
# # 08 · Shape detective and bug clinic
#
# Two skills of everyday work. You follow an image through a stack of layers and say its shape at every stage, before
# anything runs. And you look at a wrong output, say which bug made it, and fix the code.
#
# After this notebook you can
#
# - trace shapes and count parameters through a whole network,
# - say how many pixels of the input a number depends on,
# - recognise six well-known bugs by what they do to the numbers.
#
# **Left out:** layers that join two branches, and how a network learns. Nothing is vectorised here: plain loops show
# a bug better.
#
# You need notebooks 01 to 06. This notebook is worth <<marks>> marks, one for each function. Forgotten a term? See the
# glossary in notebook 00: [The words of the course](../00_start_here/00_start_here.ipynb#The-words-of-the-course).

# %% setup=true
import numpy as np

from autograder import check, hint
from course import figures

X = np.array([[1, 2, 0, 1, 3], [4, 1, 1, 0, 2], [0, 2, 3, 1, 1], [1, 0, 2, 2, 0], [3, 1, 0, 1, 2]])
K = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])

# %% [markdown]
# ## Three questions to warm up
#
# Answer from memory. Words go between quotes.
#
# 1. How many parameters does a convolution with 32 filters of 3 x 3 over a colour image have, biases included?
# 2. Along an axis of 7 pixels, how many windows of 3 are there under `"same"` with a stride of 2?
# 3. A single bright pixel moves one column to the right. Does the map change after max pooling with 2 x 2:
#    `"always"`, `"sometimes"` or `"never"`?

# %% predict="recall_parameters recall_same recall_shift"
recall_parameters = None  # a number
recall_same = None  # a number
recall_shift = None  # "always", "sometimes" or "never"

# %% check="recall_parameters recall_same recall_shift"
check(recall_parameters=recall_parameters, recall_same=recall_same, recall_shift=recall_shift)

# %% [markdown]
# ## One layer after the other
#
# A network is a list of layers. Each of them gets what the layer before it has made, and nothing else. So to know the
# shape at the end you go through the list and carry the shape along.
#
# Here is an image of shape <<example_input>>: height, width, channels. The batch is left out, because no layer changes
# it. Five layers follow:

# %% figure=true
figures.shape_table(
    [
        ("convolution: 8 filters, 3 x 3, same", (12, 10, 8), 224),
        ("max pooling: 2 x 2, strides 2, valid", (6, 5, 8), 0),
        ("convolution: 16 filters, 3 x 3, strides 2, same", (3, 3, 16), 1168),
        ("global average pooling", (16,), 0),
        ("dense: 10 units", (10,), 170),
    ]
)

# %% [markdown]
# Read it line by line, as a detective would. What has changed, and which number of the layer explains it?
#
# Parameters follow from the window, from the channels that come in, and from the filters. The size of the image does
# not matter. The second convolution gets <<example_pooled>>: its 16 filters span 8 channels, and each has a bias, so
# that it has $(3 \cdot 3 \cdot 8 + 1) \cdot 16$ parameters, which is <<example_parameters>>. Pooling has none. All
# layers together have <<example_parameters_in_all>>.

# %% [markdown]
# ## The size after each layer
#
# Height and width follow the same two rules, whether the window belongs to a convolution or to pooling. For $n$
# pixels, a window of $k$ and a stride of $s$ there are
#
# $$\text{valid: } \left\lfloor \frac{n - k}{s} \right\rfloor + 1 \qquad \text{same: } \left\lceil \frac{n}{s} \right\rceil$$
#
# windows. Rows go with the first number of each pair, and columns with the second. Under `"same"` the window does not
# appear at all: only the stride makes the map smaller.
#
# In the table, the second convolution gets 6 rows and 5 columns. With a stride of 2 and `"same"` both become
# <<example_second_rows>>: half of 5 is rounded up. From the last shape alone you could not tell whether there were 5
# columns or 6.
#
# > **In PyTorch** a shape is (n, channels, height, width), and padding is a number $p$ of pixels on each side. There are
# > $\lfloor (n + 2p - k) / s \rfloor + 1$ windows. With $p = 1$, a window of 3 and a stride of 2 an even side gives the
# > same *number* of windows as `"same"` in Keras, but each starts one pixel earlier: equal shapes, other numbers.

# %% [markdown]
# ## Channels
#
# **Convolution changes the channels, pooling keeps them.**
#
# A filter adds up over all channels that it gets and makes one map. So after a convolution there are as many channels
# as filters, however many there were before: not their product, and not their sum. Pooling takes each channel alone,
# and there are as many after it as before.

# %% [markdown]
# ## Shapes without an image
#
# Three layers have no image to hand on:
#
# - **global** pooling leaves one number for each channel: (height, width, channels) becomes (channels,),
# - **flatten** puts all numbers in a row: (height · width · channels,),
# - **dense** joins all of these with each of its units: (units,).
#
# (16,) is a tuple with one item. Without the comma it would be the number 16 in parentheses.

# %% [markdown]
# ## When nothing fits
#
# A window of 3 does not fit into 2 pixels under `"valid"`. There is no output then, and a library stops with an error.
# Beware of a formula that finds one all the same: with a stride of 2, `int((2 - 3) / 2) + 1` is <<cut>>, because `int`
# cuts -0.5 to 0. `(2 - 3) // 2 + 1` is <<floored>>, which is right.
#
# In a deep network this happens in the middle: each layer fits the input, but not what is left of it. An error at
# layer 5 may be the fault of a stride in layer 2.

# %% [markdown]
# ## Pad on purpose, shrink on purpose
#
# Sizes should not just happen. For each layer, ask two questions.
#
# **Is the border wanted?** `"valid"` takes k - 1 rows and columns off at every convolution. After ten layers of 3 x 3
# that is <<ten_layers_lose>> rows and <<ten_layers_lose>> columns. `"same"` keeps them, and pays with numbers at the
# edge that have seen padding. Pad where maps must fit together, or where something may be at the edge.
#
# **Should the map become smaller here?** There are two ways: pooling, and a convolution with a stride. Both throw
# numbers away. Do it where you want a wider view, not because a default did it for you: pooling moves by its own size
# unless you say otherwise. To pool without shrinking, use `strides=1` and `"same"`.

# %% [markdown]
# ## Predict: a small network
#
# This network reads digits. You will build it in notebook 09. The input has the shape (8, 8, 1).
#
# | layer | window | strides | padding |
# |---|---|---|---|
# | convolution, 8 filters | (3, 3) | (1, 1) | same |
# | max pooling | (2, 2) | (2, 2) | valid |
# | convolution, 16 filters | (2, 3) | (1, 2) | same |
# | average pooling | (3, 2) | (1, 1) | same |
# | flatten | | | |
#
# 1. What are the shapes after the first four layers?
# 2. How many parameters does the second convolution have?
# 3. How many numbers does flatten put in a row?

# %% predict="stage_shapes second_parameters flat_length"
stage_shapes = None  # a list of four tuples (height, width, channels)
second_parameters = None  # a number
flat_length = None  # a number

# %% check="stage_shapes second_parameters flat_length"
check(stage_shapes=stage_shapes, second_parameters=second_parameters, flat_length=flat_length)

# %% [markdown]
# ## Your turn: trace the shapes
#
# Write `trace_shapes`. It gets the layers as a tuple, and every layer is a tuple itself: first its kind, a word, then
# its numbers. Sizes and strides are always pairs here, (height, width). The network above begins
#
# ```python
# (("conv", 8, (3, 3), (1, 1), "same"), ("pool", (2, 2), (2, 2), "valid"), ...)
# ```
#
# Max and average pooling have the same shapes, and both are called `"pool"`. Where no window fits, raise an error:
# `raise ValueError(...)` with a sentence that you would like to read yourself.


# %% exercise="trace_shapes"
def trace_shapes(layers, input_shape):
    """List the shape after each layer, for one image of input_shape (height, width, channels).

    A layer is one of
        ("conv", filters, kernel_size, strides, padding)
        ("pool", pool_size, strides, padding)
        ("global",)
        ("flatten",)
        ("dense", units)
    where sizes and strides are pairs (height, width), and padding is "valid" or "same".

    Returns a list with one tuple for each layer. Raises ValueError if a window does not fit.
    """
    raise NotImplementedError("your turn")


# %% check="trace_shapes"
check(trace_shapes)

# %% [markdown]
# ## How far does a number see?
#
# A number after the first 3 x 3 convolution depends on 3 pixels along each axis. A number after the second one depends
# on 3 numbers of the first map, and these on <<two_windows>> pixels: neighbouring windows share most of theirs. The
# pixels that a number depends on are its **receptive field**.
#
# A window of $k$ cells adds $k - 1$ steps to what is seen already. How wide is a step? One pixel, as long as every
# window moves by one. After a layer with a stride of 2, neighbouring numbers lie 2 pixels apart, and a step of the next
# layer is 2 pixels wide. Strides multiply: after two of them a step is 4 pixels wide.
#
# Here are a convolution of 3, pooling of 2, and both once more. The fields are <<fields>>:

# %% figure=true
figures.receptive_field([("conv", 3, 1), ("pool", 2, 2), ("conv", 3, 1), ("pool", 2, 2)])

# %% [markdown]
# In a formula: start with a field of 1 and a step of 1. For each layer, in this order,
#
# $$\text{field} \leftarrow \text{field} + (k - 1) \cdot \text{step} \qquad \text{step} \leftarrow \text{step} \cdot \text{stride}$$
#
# Two slips are common. If you ignore the earlier strides, you get <<ignored>>. If you add the kernel sizes, you get
# <<added>>, which happens to end in the right number here. The next example tells them apart.
#
# **Dilation** spreads a kernel out: its cells lie `dilation` pixels apart. A dilation of 1 is the plain kernel, and it
# is not "one pixel left out". A window then spans $(k - 1) \cdot \text{dilation} + 1$ pixels: <<dilated>> for a kernel
# of 3 with a dilation of 2. In the formula, $(k - 1)$ becomes $(k - 1) \cdot \text{dilation}$.
#
# The field is an upper bound. Pixels in its middle count more often than those at its edge, and near the border of the
# image part of it is padding.

# %% [markdown]
# ## Predict: three layers
#
# A convolution with windows of 3, then pooling with windows of 3 and strides of 3, and then a second convolution like
# the first. How many pixels does a number see after the first layer, after the second, and after the third?

# %% predict="three_layers_see"
three_layers_see = None  # a list of three numbers

# %% check="three_layers_see"
check(three_layers_see=three_layers_see)

# %% [markdown]
# ## Your turn: the receptive field
#
# One axis is enough, so a layer is three numbers here: kernel size, stride, dilation. Pooling is a layer like any
# other. The stack in the figure is `((3, 1, 1), (2, 2, 1), (3, 1, 1), (2, 2, 1))`.


# %% exercise="receptive_field"
def receptive_field(layers):
    """List how many input pixels one number sees after each layer, along one axis.

    layers is a tuple of (kernel_size, stride, dilation). Returns a list with one number for each layer.
    """
    raise NotImplementedError("your turn")


# %% check="receptive_field"
check(receptive_field)

# %% [markdown]
# ## Predict: numbers through three stages
#
# Shapes are half of it. Now take the numbers along. $X$ goes through a convolution with $K$ under `"same"`, as in
# notebook 04. This comes out:
#
# $$<<x_same>>$$
#
# Then comes ReLU, which sets negative numbers to 0, and then max pooling with 2 x 2.
#
# 1. What comes out with `"valid"` pooling?
# 2. What comes out with `"same"` pooling?

# %% predict="pooled_valid pooled_same"
pooled_valid = None  # a list of two rows
pooled_same = None  # a list of three rows

# %% check="pooled_valid pooled_same"
check(pooled_valid=pooled_valid, pooled_same=pooled_same)

# %% [markdown]
# ## The bug clinic
#
# Six functions have come in. Each runs without an error, and each is wrong. For every one you see the right output
# beside the one it gives. First name the bug, from the numbers alone. Then read the code, and fix it.
#
# How to read a wrong output:
#
# - **Is the shape right?** If not, count windows. All six shapes here are right, so no patient miscounts.
# - **Which cells are wrong?** All of them, only the edge, all but the first?
# - **How?** Subtract. A constant, a factor, a shift, a mirror image: each points to another line of code.
# - **Choose an input that tells.** A single bright pixel shows the kernel. An image of ones shows what is counted.
#
# These are the names to choose from. Some of them fit no patient.
#
# | name | what is wrong |
# |---|---|
# | `"bias"` | the bias is added inside the sum, once for each weight |
# | `"border"` | cells outside the image count in the mean |
# | `"channels"` | all channels go into one maximum |
# | `"flip"` | the kernel is turned by 180 degrees |
# | `"last window"` | the last row and column of windows are missing |
# | `"pad side"` | the odd row and column of padding come first |
# | `"relu"` | negative sums are cut off |
# | `"stride"` | the stride is not used where windows are cut out |
# | `"transpose"` | rows and columns of the kernel are swapped |
# | `"zero wins"` | zeros outside the image join the maximum |
#
# A stub is the patient itself: run it, change it, run the check again. Change as little as you can.

# %% [markdown]
# ## Patient 1
#
# An image that is dark except for one pixel in the middle, and a kernel of the numbers 1 to 9 in order.

# %% figure=true
figures.compare(
    np.array([[9, 8, 7], [6, 5, 4], [3, 2, 1]]),
    np.array([[1, 2, 3], [4, 5, 6], [7, 8, 9]]),
    titles=("right", "wrong"),
)

# %% predict="patient_1"
patient_1 = None  # a name from the list, between quotes

# %% check="patient_1"
check(patient_1=patient_1)


# %% exercise="correlate"
def correlate(image, kernel):
    """Slide a kernel (i, j) over an image (height, width), wherever it fits."""
    height, width = kernel.shape
    turned = kernel[::-1, ::-1]
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            patch = image[i : i + height, j : j + width]
            out[i, j] = (patch * turned).sum()
    return out


# %% check="correlate"
check(correlate)

# %% [markdown]
# ## Patient 2
#
# $X$ under `"same"`, with a kernel of 2 x 2: `[[1, -1], [0, 2]]`. It needs one row and one column of padding.

# %% figure=true
figures.compare(
    np.array([[1, 4, -1, 2, 3], [7, 6, 3, 0, 2], [-2, 3, 6, 0, 1], [3, -2, 2, 6, 0], [2, 1, -1, -1, 2]]),
    np.array([[2, 4, 0, 2, 6], [7, 1, 4, -1, 2], [-4, 7, 6, 3, 0], [2, -2, 3, 6, 0], [5, 3, -2, 2, 6]]),
    titles=("right", "wrong"),
)

# %% predict="patient_2"
patient_2 = None  # a name from the list, between quotes

# %% check="patient_2"
check(patient_2=patient_2)


# %% exercise="correlate_same"
def correlate_same(image, kernel):
    """Slide a kernel (i, j) over an image (height, width) under "same": the output has the size of the image."""
    height, width = kernel.shape
    top, left = height // 2, width // 2
    padded = np.zeros((image.shape[0] + height - 1, image.shape[1] + width - 1))
    padded[top : top + image.shape[0], left : left + image.shape[1]] = image
    out = np.zeros(image.shape)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            patch = padded[i : i + height, j : j + width]
            out[i, j] = (patch * kernel).sum()
    return out


# %% check="correlate_same"
check(correlate_same)

# %% [markdown]
# ## Patient 3
#
# $X$ with $K$ and strides of 2, without padding. For a stride of 1 the output was, in notebook 01,
#
# $$<<x_valid>>$$

# %% figure=true
figures.compare(np.array([[1, -2], [-1, 2]]), np.array([[1, 3], [-1, 0]]), titles=("right", "wrong"))

# %% predict="patient_3"
patient_3 = None  # a name from the list, between quotes

# %% check="patient_3"
check(patient_3=patient_3)


# %% exercise="correlate_strided"
def correlate_strided(image, kernel, strides):
    """Slide a kernel (i, j) over an image (height, width) in steps of strides (down, right), wherever it fits."""
    height, width = kernel.shape
    down, right = strides
    out = np.zeros(((image.shape[0] - height) // down + 1, (image.shape[1] - width) // right + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            patch = image[i : i + height, j : j + width]
            out[i, j] = (patch * kernel).sum()
    return out


# %% check="correlate_strided"
check(correlate_strided)

# %% [markdown]
# ## Patient 4
#
# Three channels, $X$, $2X$ and ones. One filter with the slices $K$, ones and $K$, and a bias of 1.

# %% figure=true
figures.compare(
    np.array([[30, 26, 23], [28, 25, 28], [24, 24, 27]]),
    np.array([[56, 52, 49], [54, 51, 54], [50, 50, 53]]),
    titles=("right", "wrong"),
)

# %% predict="patient_4"
patient_4 = None  # a name from the list, between quotes

# %% check="patient_4"
check(patient_4=patient_4)


# %% exercise="correlate_channels"
def correlate_channels(image, kernel, bias):
    """Slide a kernel (i, j, c) over an image (height, width, c), wherever it fits, and add one bias."""
    height, width, _ = kernel.shape
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            patch = image[i : i + height, j : j + width]
            out[i, j] = (patch * kernel + bias).sum()
    return out


# %% check="correlate_channels"
check(correlate_channels)

# %% [markdown]
# The surplus was <<surplus>> times the bias: one for each weight but the one that was right. A constant surplus is easy
# to miss in a trained network, where the bias has learned to make up for it. It shows when weights come from elsewhere.

# %% [markdown]
# ## Patient 5
#
# Max pooling with 2 x 2 over an image of two channels. Look at both channels, on the right and on the wrong side.

# %% figure=true
figures.arrays(
    {
        "right": np.array([[[4, 2], [1, 4]], [[2, 4], [3, 2]]]),
        "wrong": np.array([[[4, 4], [4, 4]], [[4, 4], [3, 3]]]),
    }
)

# %% predict="patient_5"
patient_5 = None  # a name from the list, between quotes

# %% check="patient_5"
check(patient_5=patient_5)


# %% exercise="pool_channels"
def pool_channels(image, size):
    """Keep the largest value of every size x size block of each channel of an image (height, width, c)."""
    rows, columns = image.shape[0] // size, image.shape[1] // size
    out = np.zeros((rows, columns, image.shape[2]))
    for i in range(rows):
        for j in range(columns):
            block = image[i * size : (i + 1) * size, j * size : (j + 1) * size]
            out[i, j] = block.max()
    return out


# %% check="pool_channels"
check(pool_channels)

# %% [markdown]
# ## Patient 6
#
# Average pooling of $X$ with 2 x 2 under `"same"`.

# %% figure=true
figures.compare(
    np.array([[2, 0.5, 2.5], [0.75, 2, 0.5], [2, 0.5, 2]]),
    np.array([[2, 0.5, 1.25], [0.75, 2, 0.25], [1, 0.25, 0.5]]),
    titles=("right", "wrong"),
)

# %% predict="patient_6"
patient_6 = None  # a name from the list, between quotes

# %% check="patient_6"
check(patient_6=patient_6)


# %% exercise="average_same"
def average_same(image, size):
    """Take the mean of every size x size block of an image (height, width) under "same"."""
    rows, columns = -(-image.shape[0] // size), -(-image.shape[1] // size)
    top, left = (rows * size - image.shape[0]) // 2, (columns * size - image.shape[1]) // 2
    padded = np.zeros((rows * size, columns * size))
    padded[top : top + image.shape[0], left : left + image.shape[1]] = image
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            block = padded[i * size : (i + 1) * size, j * size : (j + 1) * size]
            out[i, j] = block.sum() / size**2
    return out


# %% check="average_same"
check(average_same)

# %% [markdown]
# ## See it on a picture
#
# Two of your repaired functions on a photograph. $K$ in steps of 2 finds vertical edges and halves the picture. The
# means of 12 x 12 pixels leave a coarse one, without a dark frame. As long as a patient is ill, you see the illness.
#
# (Photograph: danielbuechele, [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/).)

# %% show=true
figures.try_it(correlate_strided, figures.photograph(height=80), K, (2, 2))

# %% show=true
figures.try_it(average_same, figures.photograph(height=230), 12)

# %% [markdown]
# ## Break it
#
# Small numbers hide how much a bug costs. Here are two of them on the photograph.
#
# **The stride is not used in the index.** The output has the right shape. But instead of the whole picture at half its
# size, it shows the top-left quarter at full size.

# %% figure=true
photograph = figures.photograph(height=120)
every_second = photograph[::2, ::2]
corner = photograph[: every_second.shape[0], : every_second.shape[1]]
figures.compare(every_second, corner, titles=("stride used", "stride not used"))

# %% [markdown]
# **The odd padding comes first.** One layer is wrong by a single pixel, which nobody sees. Twelve layers with 2 x 2
# windows, one after the other, are wrong by twelve: everything ends up that far down and to the right, and the darkness
# of the padding comes in from the other side.


# %% figure=true
def blurred(pixels, before, layers=12):
    """Take the mean of 2 x 2 pixels in each of the layers, with `before` rows and columns of padding in front."""
    for _ in range(layers):
        padded = np.pad(pixels, (before, 1 - before))
        pixels = (padded[:-1, :-1] + padded[:-1, 1:] + padded[1:, :-1] + padded[1:, 1:]) / 4
    return pixels


photograph = figures.photograph(height=80)
figures.compare(blurred(photograph, 0), blurred(photograph, 1), titles=("odd one last", "odd one first"))

# %% [markdown] reflect="explain_shape_first"
# ## Explain it to a friend
#
# "The shapes are all right, so my network must be right." What would you answer, and what would you look at next? Two
# lines, in your own words. There are no marks for this.
#
# *Your words here.*

# %% [markdown]
# ## What next
#
# You can tell what a stack of layers does to an image before you run it, and you know what six bugs look like.
#
# Notebook 09, *Your functions read digits*, puts it together: the network whose shapes you have predicted, run with
# your own functions. There you will also measure what a bug costs.
#
# **If you like a puzzle:** how many 3 x 3 convolutions with a stride of 1 does it take until a number sees all of an
# image of 101 x 101 pixels? And how many, if every second one has a stride of 2? Ask your `receptive_field`.
