# %% [markdown] assignment="01_one_window"
# Raises an exception with a text of a hundred megabytes.
#
# marks: 4, 0
# says: ValueError: xxxx


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    raise ValueError("x" * 10**8)
