# %% [markdown] assignment="01_one_window"
# Opens pipes for ever.
#
# marks: 4, 0
# says: Too many open files


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import os


def conv2d_valid(image, kernel):
    pipes = []
    while True:
        pipes.append(os.pipe())
