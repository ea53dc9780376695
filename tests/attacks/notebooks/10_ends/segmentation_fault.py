# %% [markdown] assignment="01_one_window"
# Reads from an invalid address.
#
# marks: 4, 0
# says: its process was killed by SIGSEGV


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import ctypes


def conv2d_valid(image, kernel):
    ctypes.string_at(0)
