# %% [markdown]
# # 10 · The bridge to Keras
#
# You have written a convolution layer and four kinds of pooling. Keras has the same five layers. Here you put them
# side by side, on the same images and with the same weights, and see that they give the same numbers.
#
# After this notebook you can
#
# - say what a Keras layer will return, before you run it,
# - carry weights from PyTorch to Keras and back,
# - write a small model as Keras 3 wants it, and predict its summary.
#
# **Left out:** how a model is trained, and all other layers of Keras.
#
# You need notebooks 05 and 06, with your own answers. You do not need Keras itself: what it returned is stored. This
# notebook is worth <<marks>> marks. Forgotten a term? See the glossary in notebook 00:
# [The words of the course](../00_start_here/00_start_here.ipynb#The-words-of-the-course).

# %% setup=true
import numpy as np

from autograder import check, hint
from course import figures, keras_bridge

K = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
A = np.array([[1, 3, 2, 0], [4, 6, 1, 2], [0, 2, 5, 3], [1, 2, 2, 4]])

# %% [markdown]
# ## Three questions to warm up
#
# Answer from memory. They are about notebooks 00, 02 and 05.
#
# 1. A batch has the shape `<<recalled_batch>>`, channels last. What is its shape with channels first?
# 2. A convolution layer lays the kernel `[[10, 0], [0, 1]]` on the window `[[1, 2], [3, 4]]`. Which number comes out?
# 3. A layer has 8 filters, each three rows tall and two columns wide, and looks at colour images. What is the shape of
#    its weights in this course?

# %% predict="recall_layout recall_window recall_weights"
recall_layout = None  # four numbers
recall_window = None  # a number
recall_weights = None  # four numbers

# %% check="recall_layout recall_window recall_weights"
check(recall_layout=recall_layout, recall_window=recall_window, recall_weights=recall_weights)

# %% [markdown]
# ## Live, or from a file
#
# Keras is large: with the library it computes with, it takes most of a gigabyte. So it is not part of this course's
# installation. `keras_bridge` runs Keras if you have it. If not, it looks up what Keras returned when the course was
# made. The cells below are the same either way, and each says which of the two it was. Which is it for you?

# %% show=true
keras_bridge.source()

# %% [markdown]
# Only the calls of this notebook are stored. To try other numbers or options you need Keras itself. If it is missing,
# the line above ends in the command that installs it, to be typed in a terminal. (In a copy of this project it is
# `make .venv/keras`.) Then restart this notebook.

# %% [markdown]
# ## Five layers, and what they are called
#
# | your function | layer in Keras | what is different |
# |---|---|---|
# | `conv2d(x, w, b)` | `Conv2D(filters, kernel_size)` | The layer makes its own `w` and `b`, and learns them. |
# | `max_pool2d(x)` | `MaxPooling2D()` | nothing |
# | `avg_pool2d(x)` | `AveragePooling2D()` | nothing |
# | `global_max_pool(x)` | `GlobalMaxPooling2D()` | nothing |
# | `global_avg_pool(x)` | `GlobalAveragePooling2D()` | nothing |
#
# The options have the names that you know: `strides`, `padding`, `activation`, `pool_size`, `keepdims`. A layer is made
# first and called afterwards:
#
# ```python
# layer = keras.layers.MaxPooling2D(pool_size=3, padding="same")
# y = layer(x)
# ```
#
# In this notebook both steps are one: `keras_bridge.layer("MaxPooling2D", x, pool_size=3, padding="same")`. For `Conv2D`
# you hand over `w` and `b` as well, so that Keras does not make its own; `filters` and `kernel_size` follow from them.

# %% [markdown]
# ## Predict: five traps
#
# In each of these, people who know the rules still slip. Paper first, then type, then check. Two images to compute with:
#
# $$A = <<a>> \qquad N = <<counted>>$$
#
# 1. **Shapes.** Images `x` of shape `<<x_shape>>`, weights `w` of shape `<<w_shape>>`, `Conv2D` with `strides=(2, 1)`.
#    What is the shape of the output?
# 2. **The odd pixel of "same".** A kernel of 3 x 3 has a 1 at the top left and zeros elsewhere, so that each window
#    gives its own top-left number. What does `Conv2D` make of $A$ with this kernel, `strides=2` and `padding="same"`?
# 3. **Defaults of pooling.** `MaxPooling2D(pool_size=3, padding="same")` on the same `x`. What shape?
# 4. **Means at the border.** `AveragePooling2D(pool_size=2, padding="same")` on $N$. What comes out?
# 5. **Parameters.** `Conv2D(32, (3, 3), padding="same")` on a colour image of 128 x 128 pixels, and after it
#    `Conv2D(64, (3, 3))`. How many parameters do the two have together?

# %% predict="trap_shape trap_pad trap_pool trap_mean trap_count"
trap_shape = None  # four numbers
trap_pad = None  # a list of two rows
trap_pool = None  # four numbers
trap_mean = None  # a list of two rows
trap_count = None  # a number

# %% check="trap_shape trap_pad trap_pool trap_mean trap_count"
check(trap_shape=trap_shape, trap_pad=trap_pad, trap_pool=trap_pool, trap_mean=trap_mean, trap_count=trap_count)

# %% [markdown]
# ## Ask Keras
#
# The check has compared you with this course. Now see whether Keras agrees. `keras_bridge.numbers` makes arrays of
# numbers between -2 and 2 that follow no pattern.
#
# Keras wants all four axes. So a gray image is given as `A[None, :, :, None]`, a batch of one with one channel, and a
# gray kernel as `corner[:, :, None, None]`, with one channel and one filter.

# %% show=true
x = keras_bridge.numbers(2, 7, 6, 3)  # two images
w = keras_bridge.numbers(3, 2, 3, 4, start=1000)  # four filters, three rows tall and two columns wide
b = keras_bridge.numbers(4, start=2000)

keras_bridge.layer("Conv2D", x, w, b, strides=(2, 1))

# %% [markdown]
# **1.** Under `"valid"` a window of 3 fits <<trap_rows>> times into 7 rows in steps of 2, and a window of 2 fits
# <<trap_columns>> times into 6 columns in steps of 1. There are as many channels as filters.

# %% show=true
corner = np.array([[1, 0, 0], [0, 0, 0], [0, 0, 0]])
keras_bridge.layer("Conv2D", A[None, :, :, None], corner[:, :, None, None], strides=2, padding="same")

# %% [markdown]
# **2.** One row and one column of padding are needed, and they come **last**. So the first window starts at the first
# pixel, and you see every second number of $A$. Had they come first, you would see $<<padded_first>>$.

# %% show=true
keras_bridge.layer("MaxPooling2D", x, pool_size=3, padding="same")

# %% [markdown]
# **3.** Without `strides` a pool moves by its own size. 7 / 3 and 6 / 3, rounded up, are <<pooled_rows>> and
# <<pooled_columns>>. "Same" does not mean that the size stays.

# %% show=true
N = np.arange(1, 10).reshape(3, 3)
keras_bridge.layer("AveragePooling2D", N[None, :, :, None], pool_size=2, padding="same")

# %% [markdown]
# **4.** The last window holds the 9 alone, so its mean is 9. If you divide by four, you get <<quarter>>.
#
# **5.** The parameters you will see in a summary, below.

# %% [markdown]
# ## Bring your functions
#
# Open notebook 05, copy the cell with your `conv2d`, and paste it over the one below. If it calls other functions of
# yours, such as `conv2d_one_filter`, copy these as well. Do the same with the four functions of notebook 06. Until then,
# each says that it is not here yet.


# %% show=true
def conv2d(x, w, b=None, strides=1, padding="valid", activation=None):
    """Stand-in: replace it with your own."""
    raise NotImplementedError("paste your conv2d from notebook 05")


def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    """Stand-in: replace it with your own."""
    raise NotImplementedError("paste your max_pool2d from notebook 06")


def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    """Stand-in: replace it with your own."""
    raise NotImplementedError("paste your avg_pool2d from notebook 06")


def global_max_pool(x, keepdims=False):
    """Stand-in: replace it with your own."""
    raise NotImplementedError("paste your global_max_pool from notebook 06")


def global_avg_pool(x, keepdims=False):
    """Stand-in: replace it with your own."""
    raise NotImplementedError("paste your global_avg_pool from notebook 06")


# %% [markdown]
# ## Side by side
#
# `beside` calls your function and the layer on the same arrays. It prints both shapes, and the largest difference
# between two numbers at the same place.

# %% show=true
keras_bridge.beside(conv2d, "Conv2D", x, w, b, strides=2, padding="same", activation="relu")

# %% [markdown]
# Is there a difference, in the sixth or seventh digit? Keras computes in float32, which has about seven digits. You
# compute in float64, which has about 16. Nobody has made a mistake: each sum is rounded on its way, and the two are
# rounded at different places. That is why results of two libraries are never compared with `==`.

# %% show=true
keras_bridge.beside(max_pool2d, "MaxPooling2D", x, pool_size=(3, 2), padding="same")

# %% [markdown]
# Here every number is the same. A maximum is one of the numbers that went in. Nothing is computed, so nothing is rounded.

# %% show=true
keras_bridge.beside(avg_pool2d, "AveragePooling2D", x, pool_size=3, strides=2, padding="same")

# %% show=true
keras_bridge.beside(global_max_pool, "GlobalMaxPooling2D", x)

# %% show=true
keras_bridge.beside(global_avg_pool, "GlobalAveragePooling2D", x, keepdims=True)

# %% [markdown]
# If one of yours differs, read the line: where is the first wrong number, inside or at the edge? Then go back to the
# notebook the function comes from, and run its check.

# %% [markdown]
# ## Channels first
#
# A Keras layer takes either layout of images. `data_format="channels_first"` says that the images are (n, c, height,
# width), and the output then is, too. **The weights do not change:** they are (i, j, c, o) for both.
#
# Your `conv2d` knows one layout. It can still follow: move the channels to the end, convolve, and move them back.


# %% show=true
def conv2d_channels_first(x, w, b, padding):
    """Convolve images (n, c, height, width)."""
    maps = conv2d(x.transpose(0, 2, 3, 1), w, b, padding=padding)
    return np.transpose(maps, (0, 3, 1, 2))


first = x.transpose(0, 3, 1, 2)
keras_bridge.beside(conv2d_channels_first, "Conv2D", first, w, b, padding="same", data_format="channels_first")

# %% [markdown]
# ## Weights travel
#
# Trained weights are often published for one library and wanted in another. Both libraries compute the same sums.
# Neither flips a kernel. But they store it with the axes in another order:
#
# | library | order of the axes | letters |
# |---|---|---|
# | Keras, and this course | rows, columns, input channels, filters | (kh, kw, in, out) |
# | PyTorch | filters, input channels, rows, columns | (out, in, kh, kw) |
#
# All four axes must move. Rows stay before columns in both. Here is the way from PyTorch to Keras, with the letters `o`
# for filters, `c` for input channels, `i` for rows and `j` for columns. The output is what Keras wants:

# %% figure=true
figures.einsum("ocij->ijco", {"PyTorch": (4, 3, 3, 2)})

# %% [markdown]
# Three shortcuts look right and are not:
#
# - `kernel.T` turns the order round completely. That swaps rows and columns as well, which you do not see if the kernel
#   is square.
# - `reshape` gives the right shape, but only cuts the same row of numbers differently. It never moves an axis.
# - To move the filters alone, as one moves the channels of an image, leaves the input channels at the wrong place.
#
# A bias has one axis, (out,), and is the same in both.
#
# 1. The weights `w` have the shape `<<w_shape>>` in Keras. What is their shape in PyTorch?
# 2. A weight lies at `[5, 1, 0, 2]` in PyTorch: filter 5, channel 1, row 0, column 2. Where is it in Keras?

# %% predict="torch_shape keras_place"
torch_shape = None  # four numbers
keras_place = None  # four numbers

# %% check="torch_shape keras_place"
check(torch_shape=torch_shape, keras_place=keras_place)

# %% [markdown]
# ## Your turn: there and back
#
# Write both functions. As in notebook 00, one line with `np.transpose` will do, or loops that copy one slice after the
# other. What comes back holds floats. Use only NumPy in these two cells: the grader has no Keras, and a cell that
# imports it stops.


# %% exercise="to_keras_kernel"
def to_keras_kernel(kernel):
    """Turn a kernel of PyTorch's, (out, in, kh, kw), into one for Keras, (kh, kw, in, out).

    Returns an array of floats.
    """
    raise NotImplementedError("your turn")


# %% check="to_keras_kernel"
check(to_keras_kernel)


# %% exercise="to_torch_kernel"
def to_torch_kernel(kernel):
    """Turn a kernel of Keras's, (kh, kw, in, out), into one for PyTorch, (out, in, kh, kw).

    Returns an array of floats.
    """
    raise NotImplementedError("your turn")


# %% check="to_torch_kernel"
check(to_torch_kernel)

# %% [markdown]
# The real proof is a layer. Here the weights go to PyTorch's order and back, through both of your functions. What your
# `conv2d` makes of them must equal what Keras makes of the ones that never left.


# %% show=true
def conv2d_after_a_journey(x, w, b, padding):
    """Convolve with weights that have been to PyTorch and back."""
    return conv2d(x, to_keras_kernel(to_torch_kernel(w)), b, padding=padding)


keras_bridge.beside(conv2d_after_a_journey, "Conv2D", x, w, b, padding="same")

# %% [markdown]
# ## See it on a picture
#
# Two filters as somebody might publish them for PyTorch: one for vertical edges, one for horizontal ones. With your
# `to_keras_kernel` and your `conv2d` they find the edges of a photograph, one filter in each channel.
#
# (Photograph: danielbuechele, [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/).)


# %% show=true
def edges(x):
    """Find edges with two filters that came from PyTorch."""
    published = np.stack([K, K.T])[:, None]  # (out, in, kh, kw)
    return conv2d(x, to_keras_kernel(published))


figures.try_it(edges, figures.photograph(height=60)[None, :, :, None])

# %% [markdown]
# ## Break it
#
# **Weights reshaped.** The same two filters, with `reshape` instead of moved axes. There is no error: the shape is
# right. On the left the map of the first filter as it should be, on the right what is left of it.


# %% figure=true
def correlated(pixels, kernel):
    """Slide a kernel (i, j) over pixels (height, width)."""
    windows = np.lib.stride_tricks.sliding_window_view(pixels, kernel.shape)
    return (windows * kernel).sum(axis=(-2, -1))


photograph = figures.photograph(height=60)
recut = np.stack([K, K.T])[:, None].reshape(3, 3, 1, 2)[:, :, 0, 0]
figures.compare(correlated(photograph, K), correlated(photograph, recut), titles=("axes moved", "reshaped"))

# %% [markdown]
# A network with such weights runs, and guesses. There is no error message to search for. So after every conversion, put
# one image through both models and compare the outputs, as `beside` does.
#
# **A border that is counted.** Keras computes with a library of your choice, its **backend**: jax, TensorFlow, PyTorch
# and others. All of them should give the same numbers. In two places they do not (seen with Keras 3.15.1):
#
# - PyTorch as the backend, `AveragePooling2D` with `"same"`, where the padding is uneven: the pixels at the border are
#   repeated outside it, and counted in the mean.
# - TensorFlow as the backend, `Conv2D` with `channels_first` and a bias, where the output has as many columns as
#   filters: the biases are added along the width.
#
# This is the first of them, for $A$ with a pool of 3 and strides of 2: the true means, and those with repeated pixels.

# %% figure=true
parts = [[A[i : i + 3, j : j + 3] for j in (0, 2)] for i in (0, 2)]
repeated = np.pad(A, ((0, 1), (0, 1)), mode="edge")
wrong = [[repeated[i : i + 3, j : j + 3].mean() for j in (0, 2)] for i in (0, 2)]
figures.compare(
    np.array([[part.mean() for part in row] for row in parts]),
    np.array(wrong),
    titles=("border not there", "border repeated"),
)

# %% [markdown]
# So this notebook runs Keras on jax unless you have chosen a backend yourself. Where yours is known to be wrong, it takes
# the stored numbers, and says so. If you differ from a library, you are not always the one who is wrong.

# %% [markdown]
# ## Models as Keras 3 wants them
#
# In books and on the web you will find models like this one:
#
# ```python
# from tensorflow.keras import layers, models
#
# model = models.Sequential()
# model.add(layers.Conv2D(32, (3, 3), padding="same", activation="relu", input_shape=(128, 128, 3)))
# model.add(layers.Conv2D(64, (3, 3), activation="relu"))
# ```
#
# It was right for many years. Three things have changed:
#
# | then | now | why |
# |---|---|---|
# | `from tensorflow.keras import ...` | `import keras` | Keras 3 runs on several backends, and TensorFlow is one of them. |
# | `input_shape=` in the first layer | `keras.Input(...)` as the first entry | Keras 3 warns about the old way. |
# | one `add` after the other | a list | Both work. A list is read at one glance. |
#
# What has not changed: the shape of the input is that of one image, without the batch. A summary shows the batch as
# `None`, since it may have any size.
#
# What is the shape at the end of this model, for one image?

# %% predict="last_shape"
last_shape = None  # three numbers: (height, width, channels)

# %% check="last_shape"
check(last_shape=last_shape)

# %% [markdown]
# Here it is, as you would write it today. Only the first line is special: in your own code it is `import keras`.

# %% show=true
keras = keras_bridge.keras()

model = keras.Sequential(
    [
        keras.Input((128, 128, 3)),
        keras.layers.Conv2D(32, (3, 3), padding="same", activation="relu"),
        keras.layers.Conv2D(64, (3, 3), activation="relu"),
    ]
)
model.summary()

# %% [markdown]
# Read it from the right. The first layer has (3 · 3 · 3 + 1) · 32 parameters, which is <<first_parameters>>. The second
# sees 32 channels and has (3 · 3 · 32 + 1) · 64, which is <<second_parameters>>. Together that is
# **<<both_parameters>>**, the answer to the fifth trap. (Keras numbers its layers one after another, so the names of
# yours may end in other numbers.) A dense layer in the place of the first one would have <<dense_weights>> weights.
#
# Now with pooling in between, and smaller images. What is the shape after the average pooling, and how many parameters
# does the whole model have?
#
# ```python
# keras.Input((64, 64, 3)),
# keras.layers.Conv2D(32, (3, 3), padding="same", activation="relu"),
# keras.layers.MaxPooling2D(),
# keras.layers.Conv2D(64, (3, 3), activation="relu"),
# keras.layers.AveragePooling2D((4, 4), padding="same"),
# keras.layers.GlobalAveragePooling2D(),
# ```

# %% predict="pooled_shape pooled_parameters"
pooled_shape = None  # three numbers: (height, width, channels)
pooled_parameters = None  # a number

# %% check="pooled_shape pooled_parameters"
check(pooled_shape=pooled_shape, pooled_parameters=pooled_parameters)

# %% show=true
model = keras.Sequential(
    [
        keras.Input((64, 64, 3)),
        keras.layers.Conv2D(32, (3, 3), padding="same", activation="relu"),
        keras.layers.MaxPooling2D(),
        keras.layers.Conv2D(64, (3, 3), activation="relu"),
        keras.layers.AveragePooling2D((4, 4), padding="same"),
        keras.layers.GlobalAveragePooling2D(),
    ]
)
model.summary()

# %% [markdown]
# Follow the sides through it: <<pooled_sides>>. Pooling has no parameters, and the size of the image does not matter for
# the others. So the number is the same as before.

# %% [markdown]
# ## What you will read, and what is true
#
# | often said | true |
# |---|---|
# | "Keras pads evenly under same" | As evenly as it can. The odd row is at the bottom, and the odd column at the right. |
# | "channels_first needs other weights" | In Keras the weights are (kh, kw, in, out) for both. |
# | "PyTorch flips its kernels" | Neither library does. They differ in the order of the axes. |
# | "the shapes fit, so the weights are right" | A reshaped kernel fits, too. Compare outputs. |
# | "two libraries have to agree to the last digit" | They agree within rounding: about six digits in float32. |
#
# > **If you use PyTorch.** This is what differs from what you have written:
# >
# > - Images are (n, c, height, width), and weights are (out, in, kh, kw).
# > - `padding` is a number of pixels, the same on both sides. `padding="same"` is there for a stride of 1 only, and
# >   any other stops with an error. An odd pixel then comes last, as in Keras.
# > - So with a stride of 2 and an even side, `padding=1` in PyTorch and `"same"` in Keras give equal shapes and other
# >   numbers, from the same weights: the windows start one pixel apart. To get Keras's numbers, pad by hand first, at
# >   the bottom and at the right, with `torch.nn.functional.pad`.
# > - `nn.AvgPool2d` counts the border, unless you say `count_include_pad=False`. `nn.MaxPool2d` pads with minus infinity,
# >   as Keras does, but never by more than half of the window.
# > - Both drop what is left over, unless `ceil_mode=True`.

# %% [markdown] reflect="explain_conversion"
# ## Explain it to a friend
#
# "I have copied the weights of a PyTorch model into Keras. All shapes fit, and the model guesses." What would you ask
# first, and how would you find the layer that is wrong? Two lines, in your own words. There are no marks for this.
#
# *Your words here.*

# %% [markdown]
# ## What next
#
# This is the end of the course. You began with one window and one number. Now you know what a layer computes, because
# you have written it, and you have compared it with the library that others use.
#
# From here on, let Keras do the work. It is faster than anything you wrote, it finds the weights by itself, and you can
# tell what it will return before you ask.
#
# If you want more, notebook 11, *Backwards, faster, further*, is a bonus: how such a layer learns, and two options of
# `Conv2D` that were left out.
#
# **If you like a puzzle:** `AveragePooling2D((2, 2))` has no weights, and yet a `Conv2D` with the right kernel gives
# the same numbers, for any number of channels. What shape does that kernel have, and what is in it? If you have Keras,
# try it.
