# %% [markdown] assignment="01_one_window"
# Returns thousands of things in lists.
#
# marks: 4, 0
# says: it sent the grader bytes that are not a valid reply


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    return [[None] * 900] * 9
