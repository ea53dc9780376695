# %% [markdown] assignment="01_one_window"
# Computes a number with a hundred million digits in one C call.
#
# marks: 4, 0
# says: Stopped after 2 s of CPU time


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    return 10 ** 10**8
