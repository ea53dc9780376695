# %% [markdown] assignment="01_one_window"
# Adds numbers for ever in C.
#
# marks: 4, 0
# says: Stopped after 2 s of CPU time


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import itertools


def conv2d_valid(image, kernel):
    return sum(itertools.count())
