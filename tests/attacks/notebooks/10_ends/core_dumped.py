# %% [markdown] assignment="01_one_window"
# Asks for a core dump, and crashes.
#
# marks: 4, 0
# says: not allowed to raise maximum limit


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import os
import resource


def conv2d_valid(image, kernel):
    resource.setrlimit(resource.RLIMIT_CORE, (1 << 30, 1 << 30))
    os.abort()
