# %% [markdown]
# # 02 · Kernels that see
#
# A kernel of nine weights finds edges, blurs a picture, or moves it. Which of these it does depends on the weights
# alone. Here you choose them.
#
# After this notebook you can
#
# - read a kernel and say what it looks for,
# - tell convolution from cross-correlation, and say when the difference matters,
# - say what happens to the output when the picture moves.
#
# **Left out, for now:** steps of more than one pixel, borders, colours. Nor does a network choose any weights here:
# you do.
#
# You need notebooks 00 and 01. This notebook is worth <<marks>> marks. Forgotten a term? See the glossary in notebook
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
# 1. A batch of images has the shape `<<recall_batch>>`, channels last. What is its shape with channels first?
# 2. An image has the shape `<<recall_image>>` and a kernel the shape `<<recall_kernel>>`. What is the shape of the
#    feature map, if only full windows count?
# 3. A window holds `<<right_patch>>`. What number does it give with $K$, whose rows are all `1, 0, -1`?

# %% predict="recall_first_shape recall_map_shape recall_sum"
recall_first_shape = None  # four numbers, such as (7, 7, 7, 7)
recall_map_shape = None  # a pair of numbers: (rows, columns)
recall_sum = None  # a number

# %% check="recall_first_shape recall_map_shape recall_sum"
check(recall_first_shape=recall_first_shape, recall_map_shape=recall_map_shape, recall_sum=recall_sum)

# %% [markdown]
# ## Five kernels to know
#
# A kernel is laid on a window, and the products are added up. So a weight of 1 says "take this pixel", a weight of -1
# says "subtract it", and a weight of 0 says "leave it out". With that you can read these five:
#
# **Vertical edge**, our $K$: the left column minus the right one. An edge that runs from top to bottom has a bright
# side and a dark one, left and right of it, so the sum is large there.
#
# **Horizontal edge**: the top row minus the bottom one.
#
# $$K = <<kernel>> \qquad <<lying_kernel>>$$
#
# **Box**: the mean of the nine pixels. What differs from its neighbours is evened out, and the picture is blurred.
#
# **Identity**: the pixel in the middle, as it is. The output is the picture without its outermost pixels.
#
# **Shift left**: the right neighbour of the pixel in the middle. Every pixel takes the value from its right, so the
# picture moves one pixel to the left.
#
# $$<<box>> \qquad <<identity>> \qquad <<shift>>$$
#
# For $X$, the identity and the shift give
#
# $$<<identity_output>> \qquad <<shift_output>>$$
#
# Compare these with $X$: you find both in it, one column apart.
#
# **Add up the weights.** On an even surface all nine pixels are equal, so the output is the pixel times the sum of the
# weights. The sum is 0 for the edges: even surfaces give 0. It is 1 for the others: the picture stays as bright as it
# was.
#
# **A sixth, for show.** Twice the identity minus the box *sharpens*: it adds to each pixel what sets it apart from the
# mean around it. Its weights add up to 1, too:
#
# $$2 \cdot \text{identity} - \text{box} = <<sharpen>>$$
#
# **Other sizes.** Each of the five comes in any odd height and width; only an odd size has a pixel in the middle. The
# edges keep the outermost lines, with zeros between them: every row of a vertical edge that is 5 wide is 1, 0, 0, 0,
# -1. A box of height 3 and width 5 is the mean of 15 pixels, so each weight is 1/15. The identity has its 1 in the
# middle, and the shift one column to the right of that.
#
# Here are five of the six at work. (Photograph: danielbuechele,
# [CC BY 2.0](https://creativecommons.org/licenses/by/2.0/).)

# %% figure=true
identity = np.zeros((3, 3))
identity[1, 1] = 1
box = np.ones((3, 3)) / 9
figures.gallery(
    figures.photograph(height=60),
    {
        "vertical edge": K,
        "horizontal edge": K.T,
        "box": box,
        "identity": identity,
        "sharpen": 2 * identity - box,
    },
)

# %% [markdown]
# Look for the posts and walls in the first map, and for the roofs in the second. A map with two signs is drawn in
# colours: positive numbers are blue, negative ones orange, and white is 0, nothing to be seen.

# %% [markdown]
# ## Turn the kernel round
#
# Turn a kernel by 180 degrees, half a turn: the first row becomes the last, and in each row the first weight becomes
# the last. Both axes are reversed:
#
# $$<<counted>> \;\text{becomes}\; <<counted_turned>>$$
#
# This is also called *flipping* the kernel. Three other moves look like it. Reversing the columns alone, transposing,
# and turning by a quarter give
#
# $$<<counted_mirrored>> \qquad <<counted_transposed>> \qquad <<counted_quarter>>$$
#
# In NumPy a slice with the step -1 reverses an axis: `k[::-1]` is `k` with its rows in reverse order. It is a view, so
# do not write into it.

# %% [markdown]
# ## Two sums with one name
#
# **Cross-correlation** lays the kernel on each window as it is. That is what you wrote in notebook 01.
#
# **Convolution**, in mathematics, turns the kernel by 180 degrees first, and then does the same.
#
# A convolution layer does *not* turn its kernel. It computes a cross-correlation, and is called convolution all the
# same. Keras does so, PyTorch does so, and so does this course, except in the one function with "true" in its name. It
# is a common slip to say that a layer flips its kernel, and another to use `np.convolve` or `scipy.signal.convolve2d`
# for one: both flip.
#
# Does it matter? A network **learns** its weights. If its layers did flip, it would learn the same weights the other
# way round, and see the same. But a kernel made **by hand** means something. Flip the edge kernel, and bright and dark
# change places. Flip "shift left", and the picture moves to the right: from $X$ comes
#
# $$<<shift_convolved>> \;\text{and not}\; <<shift_output>>$$
#
# It makes no difference only for a kernel that half a turn leaves as it is, like the box and the identity.

# %% [markdown]
# ## Predict
#
# Paper first, then type, then check. All are about cross-correlation, where nothing is flipped on the way. You know
# the output of $X$ with $K$:
#
# $$X = <<image>> \qquad X \;\text{with}\; K: <<output>>$$
#
# 1. Turn $K$ by 180 degrees, and lay the result on $X$. What is the output, all nine numbers? (Write the turned kernel
#    down first. Then there is little left to compute.)
# 2. Transpose $K$, so that it is the horizontal edge. What is the first row of the output?
# 3. **Sobel's** kernel counts the middle row twice: $<<sobel>>$. What is the first row of its output?

# %% predict="turned_output lying_first_row sobel_first_row"
turned_output = None  # a list of three rows
lying_first_row = None  # a list of three numbers
sobel_first_row = None  # a list of three numbers

# %% check="turned_output lying_first_row sobel_first_row"
check(turned_output=turned_output, lying_first_row=lying_first_row, sobel_first_row=sobel_first_row)

# %% [markdown]
# **Why exactly the negative?** Turned round, $K$ is $<<turned_kernel>>$, and that is $-K$. Every product changes its
# sign, and so does every sum. This is luck: few kernels are their own negative when they are turned. So $K$ cannot tell
# you whether code flips correctly. Reverse its columns alone, and you get $-K$ as well. Reverse its rows alone, and
# nothing changes at all. Test with a kernel of nine different weights.
#
# The three outputs in full, for the turned $K$, the transposed $K$, and Sobel:
#
# $$<<turned_output>> \qquad <<lying_output>> \qquad <<sobel_output>>$$
#
# Sobel looks for the same edges as $K$. It trusts the row in the middle more, because that row is nearer to the pixel
# in question.

# %% [markdown]
# ## Your turn: turn a kernel
#
# Write `flip_kernel`. Two loops will do, and so will one slice. Return a new array.


# %% exercise="flip_kernel"
def flip_kernel(k):
    """Turn a kernel (i, j) by 180 degrees.

    Returns a new array of floats of the same shape.
    """
    raise NotImplementedError("your turn")


# %% check="flip_kernel"
check(flip_kernel)

# %% [markdown]
# ## Your turn: true convolution
#
# Write `true_convolution`: the mathematicians' convolution, with full windows only. You may copy your `conv2d_valid`
# from notebook 01 into a new cell above this one, and call it.


# %% exercise="true_convolution"
def true_convolution(image, kernel):
    """Convolve an image (height, width) with a kernel (i, j), wherever it fits: the kernel is flipped first.

    Returns an array of floats, shape (height - i + 1, width - j + 1).
    """
    raise NotImplementedError("your turn")


# %% check="true_convolution"
check(true_convolution)

# %% [markdown]
# ## Your turn: choose the weights
#
# Write `design_kernel`. It gets a name and a size, and returns the kernel of that name, from "Five kernels to know".
# For a name that it does not know it *raises* a `ValueError`.


# %% exercise="design_kernel"
def design_kernel(name, size=(3, 3)):
    """Make a kernel of floats, to be laid on the image as it is: nothing is flipped afterwards.

    size is (height, width), both of them odd and 3 or more.

    "vertical edge"    first column minus last column, each weight 1, 0 or -1
    "horizontal edge"  first row minus last row, each weight 1, 0 or -1
    "box"              the mean of all pixels
    "identity"         the pixel in the middle
    "shift left"       the right neighbour of the pixel in the middle

    Any other name raises a ValueError.
    """
    raise NotImplementedError("your turn")


# %% check="design_kernel"
check(design_kernel)

# %% [markdown]
# ## See it on a picture
#
# Now all three of your functions at once. Convolution flips the kernel. Flip it yourself beforehand, and the two flips
# cancel: what is left is cross-correlation. Change the name below, and run the cell again.


# %% show=true
def see(image, name):
    """Cross-correlate an image with the kernel of this name."""
    return true_convolution(image, flip_kernel(design_kernel(name)))


figures.try_it(see, figures.photograph(height=60), "horizontal edge")

# %% [markdown]
# ## Break it
#
# Three well-known bugs, on the same photograph.
#
# **One flip too few.** This kernel looks for edges along one diagonal. For the first map it is turned round as it
# should be. For the second only its columns are reversed, and then it looks for edges along the *other* diagonal. With
# $K$ you would not have noticed.

# %% figure=true
diagonal = np.array([[2, 1, 0], [1, 0, -1], [0, -1, -2]])
figures.gallery(
    figures.photograph(height=60),
    {"both axes reversed": diagonal[::-1, ::-1], "columns only": diagonal[:, ::-1]},
)

# %% [markdown]
# **The identity matrix.** `np.eye(3)` has the right name for another purpose. As a kernel it adds up three pixels
# along a diagonal: the picture gets three times as bright, and smeared. The figure shows it divided by three, so that
# you see the smear.

# %% figure=true
photograph = figures.photograph(height=60)
diagonal_sum = photograph[:-2, :-2] + photograph[1:-1, 1:-1] + photograph[2:, 2:]
inner = photograph[1:-1, 1:-1]
figures.compare(inner, diagonal_sum / 3, titles=("identity kernel", "identity matrix / 3"))

# %% [markdown]
# **A box that is not divided.** Nine ones add up nine pixels. The shape of everything is still there, so the bug is
# hard to see in a picture that has its own scale. Here both are drawn on one scale, where white is nearly 9. So the
# mean looks almost black, and yet it is the right one: it is as bright as the photograph.

# %% figure=true
rows = photograph[:-2] + photograph[1:-1] + photograph[2:]
nine = rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]
figures.compare(nine / 9, nine, titles=("mean", "sum"))

# %% [markdown]
# ## Move the picture, and the map moves
#
# The same kernel is laid on every window. So it does not matter where in the picture an edge is. If the edge moves by
# a column, its numbers in the feature map move by a column. This is called **equivariance**.
#
# Move $X$ one column to the right. Its last column drops out, and a column of zeros comes in at the left:
#
# $$<<moved>>$$
#
# What is the first row of its output with $K$? Two of the three numbers you know already.

# %% predict="moved_first_row"
moved_first_row = None  # a list of three numbers

# %% check="moved_first_row"
check(moved_first_row=moved_first_row)

# %% [markdown]
# The whole output, before the move and after it:
#
# $$<<output>> \qquad <<moved_output>>$$
#
# Of <<moved_all>> numbers, <<moved_kept>> have moved along. The first column is new: those <<moved_new>> windows see
# the column that came in. And the last column of the old output is gone, because what it saw has left the picture.
#
# The next cell does the same with the photograph. The first panel is its map with $K$, moved by one column. The second
# is the map of the photograph that was moved beforehand. Only the first column differs.


# %% figure=true
def left_minus_right(pixels):
    """Do what K does: take the left column of each window minus the right one, and add three rows."""
    differences = pixels[:, :-2] - pixels[:, 2:]
    return differences[:-2] + differences[1:-1] + differences[2:]


def one_to_the_right(array):
    """Move an array by one column: zeros come in at the left, and the last column drops out."""
    return np.pad(array, ((0, 0), (1, 0)))[:, :-1]


figures.compare(
    one_to_the_right(left_minus_right(photograph)),
    left_minus_right(one_to_the_right(photograph)),
    titles=("map moved along", "map of moved picture"),
)

# %% [markdown]
# So the rule holds **away from the border**. At the border something always comes in and goes out. It also holds only
# because the window moves by one pixel at a time. With larger steps, in notebook 03, it holds for moves by whole
# steps.
#
# Take care with the word. *Equivariant* means that the output moves along. *Invariant* would mean that it stays the
# same. Convolution is not invariant: in the two matrices above, <<moved_changed>> of <<moved_all>> places hold another
# number.

# %% [markdown]
# ## Kernel and filter
#
# You will meet both words, often as if they were one. There is a difference, and it begins with colour.
#
# | word | what it is | shape |
# |---|---|---|
# | kernel, in this notebook | weights for one gray image | (3, 3) |
# | filter | weights for all channels of an image, which make **one** feature map | (3, 3, channels) |
# | kernel of a layer | all its filters in one array | (3, 3, channels, filters) |
#
# So one layer has one kernel, and this holds `filters` filters. With one gray image and one filter they are the same
# nine numbers, and this is where the habit comes from. In image processing any of our five is called a filter.

# %% [markdown]
# ## What you will read, and what is true
#
# | often said | true |
# |---|---|
# | "a convolution layer flips its kernel" | It does not. It computes a cross-correlation. |
# | "flipping makes no difference" | It makes none for weights that are learned. For those made by hand it does, unless half a turn leaves the kernel as it is. |
# | "kernel and filter are the same" | A layer has one kernel, which holds many filters. |
# | "convolution ignores where things are" | The output moves with the picture. What does not change is *what* is found. |
# | "move the picture, and the map moves" | With a stride of 1, and away from the border. |
#
# **For readers of PyTorch.** `torch.nn.Conv2d` does not flip either. A hand-made kernel means the same there and in
# Keras; only the order of its axes differs.

# %% [markdown] reflect="explain_flip"
# ## Explain it to a friend
#
# "My edge kernel gives exactly the negative of what I expected, at every pixel. Is my code wrong?" Answer in two
# lines, in your own words. There are no marks for this.
#
# *Your words here.*

# %% [markdown]
# ## What next
#
# You can read a kernel, and make one. So far the window has moved by one pixel at a time. Notebook 03, *Stride and
# output size*, lets it take larger steps, and counts how many windows are left.
#
# **If you like a puzzle:** blur a picture with the box, and blur the result once more. A single kernel of 5 x 5 does
# the same in one go. Which one?
