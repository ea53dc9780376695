# %% [markdown] assignment="01_one_window"
# Raises the stub's exception, to look unsolved.
#
# marks: 4, 0
# says: not solved yet


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    raise NotImplementedError("your turn")
