# %% [markdown] assignment="01_one_window"
# Returns a text of a hundred megabytes.
#
# marks: 4, 0
# says: wrong kind of value


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    return "x" * 10**8
