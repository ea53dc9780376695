# %% [markdown] assignment="01_one_window"
# Raises the exception of the empty cell, to be taken for one that is not begun.
#
# marks: 4, 0
# says: not solved yet


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    raise NotImplementedError("your turn")
