# %% [markdown] assignment="01_one_window"
# Closes every descriptor and loops for ever.
#
# marks: 4, 0
# says: Stopped after 2 s of CPU time


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import os


def conv2d_valid(image, kernel):
    os.closerange(0, 64)
    while True:
        pass
