# %% [markdown] assignment="01_one_window"
# Recurses until the stack of C is full; Python 3.12 and newer stop it before that.
#
# marks: 4, 0
# says: its process was killed by SIGSEGV / RecursionError


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import sys

nested = []
for _ in range(2 * 10**5):
    nested = [nested]


def conv2d_valid(image, kernel):
    sys.setrecursionlimit(10**9)
    return repr(nested)
