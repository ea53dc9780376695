# %% [markdown] assignment="01_one_window"
# Sleeps for an hour.
#
# marks: 4, 0
# says: Stopped after 6 s of waiting


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import time


def conv2d_valid(image, kernel):
    time.sleep(3600)
