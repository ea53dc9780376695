# %% [markdown]
# # 09 · Your functions read digits
#
# Convolution and pooling were the hard part, and you have written both. Here they become a network that reads
# handwritten digits. Its weights have been trained for you; your code does everything else.
#
# After this notebook you can
#
# - build a network out of functions, one for each layer,
# - tell scores from probabilities,
# - say what one wrong border costs.
#
# **Left out:** training. The weights come with the course; they were trained with Keras.
#
# You need notebooks 05, 06 and 08. This notebook is worth <<marks>> marks. Forgotten a term? See the glossary in
# notebook 00: [The words of the course](../00_start_here/00_start_here.ipynb#The-words-of-the-course).

# %% setup=true
import numpy as np

from autograder import check, hint
from course import figures
from course.data import digits
from course.data.lent import avg_pool2d, conv2d, max_pool2d

# %% [markdown]
# ## Three questions to warm up
#
# Answer from memory.
#
# 1. Along an axis of 8 pixels, how many zeros does `"same"` add (before, after), for a window of 3 and a stride of 2?
# 2. A batch (5, 9, 6, 4) goes through max pooling with a window of 3 and the default strides. What is the shape of the
#    output?
# 3. A convolution with windows of 3, max pooling with 2, another convolution with 3. How many pixels of the image does
#    one number see along an axis?

# %% predict="recall_zeros recall_pooled recall_field"
recall_zeros = None  # a pair of numbers: (before, after)
recall_pooled = None  # four numbers: (n, height, width, c)
recall_field = None  # a number

# %% check="recall_zeros recall_pooled recall_field"
check(recall_zeros=recall_zeros, recall_pooled=recall_pooled, recall_field=recall_field)

# %% [markdown]
# ## The digits
#
# Each image has 8 x 8 pixels, from 0 (paper) to 1 (ink). There are <<images>> of them here, and the network has been
# trained with others of the same kind: it has never seen these. Here are four.

# %% figure=true
shown = digits.images()[:4, :, :, 0]
figures.arrays({f"a {label}": image for label, image in zip(digits.labels(), shown)})

# %% [markdown]
# (Images: E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*,
# [UCI Machine Learning Repository](https://archive.ics.uci.edu/dataset/80), as scikit-learn has them,
# [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/).)

# %% [markdown]
# ## The network
#
# Five layers, with <<parameters>> parameters in all:
#
# | layer | what it does | window | strides | padding |
# |---|---|---|---|---|
# | `conv1` | convolution with 8 filters, then ReLU | 3 x 3 | 1 | same |
# | `pool1` | the largest of each window | 2 x 2 | 2 | valid |
# | `conv2` | convolution with 16 filters, then ReLU | 2 x 3 | (1, 2) | same |
# | `pool2` | the mean of each window | 3 x 2 | 1 | same |
# | `dense` | flatten, then a score for each of the ten digits | | | |
#
# Pairs are (height, width), as always. This is not a typical network: it uses every rule that you have learned once. An
# even window, two kinds of strides, a border in each kind of pooling.
#
# In notebook 08 you worked out its shapes: <<shapes>>.
#
# The parameters are six arrays. `digits.weights()` returns them in a tuple, `(w1, b1, w2, b2, w3, b3)`: kernel and bias
# of `conv1`, of `conv2`, weights and bias of `dense`.

# %% [markdown]
# ## Predict: where the work is
#
# 1. Which layer has the most parameters: `"conv1"`, `"conv2"` or `"dense"`?
# 2. How many products does `conv1` compute for one image, including those with the zeros of the padding?
# 3. Which of the three layers computes the most products?

# %% predict="most_parameters conv1_products most_products"
most_parameters = None  # "conv1", "conv2" or "dense"
conv1_products = None  # a number
most_products = None  # "conv1", "conv2" or "dense"

# %% check="most_parameters conv1_products most_products"
check(most_parameters=most_parameters, conv1_products=conv1_products, most_products=most_products)

# %% [markdown]
# `dense` has <<dense_parameters>> of the <<parameters>> parameters and computes <<dense_products>> products: it uses each
# weight once. `conv2` computes <<conv2_products>> with fewer weights, because it uses each of them in every window.

# %% [markdown]
# ## Your own functions
#
# Paste your `conv2d` from notebook 05 into the next cell, and your `max_pool2d` and `avg_pool2d` from notebook 06, with
# everything that they call. They do all the work.
#
# **One of them is not right yet?** Leave it out. Then the one that the first cell has imported is used instead: it is
# lent to you, here and by the grader. Your report says so, and it costs nothing. A lent function knows the layers of
# this network and no others, and it has looked up its windows in a table. So there is nothing to learn from its code.

# %% show=true
# Paste conv2d, max_pool2d and avg_pool2d here.

# %% [markdown]
# ## Nothing below zero
#
# **ReLU** replaces every number below 0 with 0. It follows each convolution. Without it two convolutions in a row could
# be replaced by one, and more layers would gain nothing.
#
# In notebook 05 you did this inside `conv2d`, with `activation="relu"`. Here it is a separate function, for an array of
# any shape.


# %% exercise="relu"
def relu(x):
    """Put 0 in the place of what is below 0, in an array of any shape."""
    raise NotImplementedError("your turn")


# %% check="relu"
check(relu)

# %% [markdown]
# ## All in a row
#
# The last layer takes no maps, but one row of numbers for each image. To **flatten** is to write them down as they lie
# in the array: row by row, the channels of a pixel next to each other. The order matters, because each number has its
# own weights waiting for it: the <<features>> numbers of an image meet <<features>> rows of weights.


# %% exercise="flatten"
def flatten(maps):
    """Write all numbers of each image (n, height, width, c) in a row: shape (n, height * width * c)."""
    raise NotImplementedError("your turn")


# %% check="flatten"
check(flatten)

# %% [markdown]
# ## Weigh everything
#
# A **dense** layer has a column of weights for each of its units. The unit multiplies every number of the row by its
# own weight, adds all products up, and then its bias. That is a matrix product. There is no ReLU here: a score may well
# be negative.


# %% exercise="dense"
def dense(x, w, b):
    """Weigh rows x (n, numbers) with w (numbers, units), and add the biases b (units,)."""
    raise NotImplementedError("your turn")


# %% check="dense"
check(dense)

# %% [markdown]
# ## From scores to probabilities
#
# The ten scores of an image are also called **logits**. The largest one is the answer. How sure is it? **Softmax** makes
# probabilities of the scores $z$ of an image:
#
# $$p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}$$
#
# Powers are never negative, and divided by their sum they add up to 1. Each row of the batch is an image, and is
# treated alone.
#
# **One trap.** $e^{1000}$ is too large for a float, and becomes infinite. But you may subtract the same number from all
# scores of an image: numerator and denominator become smaller by the same factor, and the result stays. Which number
# makes sure that no power is too large?


# %% exercise="softmax"
def softmax(scores):
    """Turn the scores of each row (n, units) into probabilities."""
    raise NotImplementedError("your turn")


# %% check="softmax"
check(softmax)

# %% [markdown]
# ## One layer at a time
#
# Now the table above becomes code. `run_layer` gets the name of a layer, the maps that the layer before it has made,
# and the six arrays. It returns the maps after the layer, or the scores after `dense`.
#
# Use your functions and no others. Each layer is checked alone, with maps that are known to be right: a mistake in
# `conv1` does not hide the others.


# %% exercise="run_layer"
def run_layer(layer, maps, weights):
    """Send maps (n, height, width, c) through one layer: "conv1", "pool1", "conv2", "pool2" or "dense"."""
    raise NotImplementedError("your turn")


# %% check="run_layer"
check(run_layer)

# %% [markdown]
# ## The whole network
#
# Each layer gets what the one before it has returned. `predict` sends a batch of images through all five, and returns
# the scores.


# %% exercise="predict"
def predict(images, weights):
    """Send images (n, 8, 8, 1) through all five layers: a score for each digit, shape (n, 10)."""
    raise NotImplementedError("your turn")


# %% check="predict"
check(predict)

# %% [markdown]
# ## It reads
#
# How many of the <<images>> digits does your network read correctly? With all functions right it is <<right>>. And its
# scores are those of Keras: the largest difference should be a rounding error, as Keras computes in float32.

# %% show=true
from contextlib import suppress

reading = "predict is not right yet"
with suppress(Exception):  # whatever stops it: its check says more
    scores = predict(digits.images(), digits.weights())
    difference = np.abs(scores[:32] - digits.keras_scores()).max()
    right = (scores.argmax(axis=1) == digits.labels()).mean()
    reading = f"{right:.1%} are right; the largest difference from a score of Keras is {difference:.1e}"
reading

# %% [markdown]
# Look at a digit on its way. The first maps show edges in eight directions; the last ones, of four rows and two columns,
# are what `dense` decides by.



# %% show=true
def edges(image):
    """The maps after the first layer."""
    return run_layer("conv1", image, digits.weights())


figures.try_it(edges, digits.images()[:1])


# %% show=true
def features(image):
    """The maps after the fourth layer."""
    for layer in ("conv1", "pool1", "conv2", "pool2"):
        image = run_layer(layer, image, digits.weights())
    return image


figures.try_it(features, digits.images()[:1])

# %% [markdown]
# ## Predict: what does a bug cost?
#
# Four bugs that you know, each in this network alone, with the trained weights:
#
# - `"kernel flipped"`: both convolutions turn their kernels by 180 degrees,
# - `"odd zeros first"`: where a convolution adds an odd number of zeros, the extra one is at the top or left,
# - `"border counts"`: the average divides by six everywhere, and cells outside count as zeros,
# - `"no bias"`: the convolutions leave out their biases.
#
# All four keep every shape, and none of them stops. Which one leaves the fewest digits right?

# %% predict="worst_bug"
worst_bug = None  # the words of one bug, between quotes

# %% check="worst_bug"
check(worst_bug=worst_bug)

# %% [markdown]
# Run the next cell to see what each of them leaves: the share of the <<images>> digits that is read correctly. Guessing
# gets one in ten.

# %% figure=true
figures.bars(digits.costs())

# %% [markdown]
# <details><summary>What the bars say</summary>
#
# A flipped kernel leaves <<kernel_flipped>>, and an odd row of zeros on the wrong side <<odd_zeros_first>>: hardly
# more than guessing. In `conv2` that shifts every window by a row and a column of a map that has only four of each. The
# weights after it wait for numbers that come in other places now.
#
# The wrong average still leaves <<border_counts>>, and missing biases <<no_bias>>. These are the more dangerous ones.
# Nobody who sees <<no_bias>> thinks of a bug: the network seems to be a little worse than it is, and stays like this
# for years. That is why this course compares numbers, and not accuracies.
#
# </details>
#
# Try it yourself, with one of your functions replaced by a wrong one. Change `wrong`, and see.


# %% show=true
def wrong(x, w, *others, **options):
    """A convolution that turns its kernels first."""
    return right_conv2d(x, w[::-1, ::-1], *others, **options)


right_conv2d, conv2d = conv2d, wrong
broken = "predict is not right yet"
with suppress(Exception):
    answers = predict(digits.images(), digits.weights()).argmax(axis=1)
    broken = f"{(answers == digits.labels()).mean():.1%} are right with a flipped kernel"
conv2d = right_conv2d
broken

# %% [markdown] reflect="explain_accuracy"
# ## Explain it to a friend
#
# "My network reads nine digits in ten, so its layers must be right." What do you answer? Two lines, in your own words.
# There are no marks for this.
#
# *Your words here.*

# %% [markdown]
# ## What next
#
# You have built a network that reads, starting from an empty function. It holds no more secrets for you.
#
# **If you like a puzzle:** train the last layer yourself. The <<features>> numbers of `pool2` are its input. The
# gradient of the loss with respect to a score is `softmax(scores)` minus 1 at the right digit; the rest is a matrix
# product. How far do you get from weights of 0, with half of the digits to learn from and the other half to test on?
