# %% [markdown] assignment="01_one_window"
# Returns thousands of things in lists.
#
# marks: 4, 0
# says: returned a list of 8,109 different things


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    return [[None] * 900] * 9
