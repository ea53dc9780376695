# %% [markdown] assignment="01_one_window"
# Raises an exception through as many lines as possible.
#
# marks: 4, 0
# says: ZeroDivisionError


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import sys


def deeper(more):
    return deeper(more - 1) if more else 1 / 0


def conv2d_valid(image, kernel):
    sys.setrecursionlimit(20_000)
    return deeper(15_000)
