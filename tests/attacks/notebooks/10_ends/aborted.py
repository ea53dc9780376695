# %% [markdown] assignment="01_one_window"
# Aborts.
#
# marks: 4, 0
# says: its process was killed by SIG


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import os


def conv2d_valid(image, kernel):
    os.abort()
