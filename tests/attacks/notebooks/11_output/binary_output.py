# %% [markdown] assignment="01_one_window"
# Writes bytes that are not text, and terminal control codes.
#
# marks: 4, 6
# says: nothing


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    height, width = kernel.shape
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i, j in np.ndindex(*out.shape):
        out[i, j] = (image[i : i + height, j : j + width] * kernel).sum()
    return out

# %% after="conv2d_valid"
import os
import sys

sys.stdout.buffer.write(bytes(range(256)) * 100)
os.write(1, b"\x1b[2J\x1b]0;attack\x07")
os.write(2, b"\xff\xfe\x00")
