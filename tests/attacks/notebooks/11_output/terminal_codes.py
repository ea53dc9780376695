# %% [markdown] assignment="01_one_window"
# Raises an exception whose text contains terminal codes, right-to-left marks and line breaks.
#
# marks: 4, 0
# says: 10 of 10


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    raise ValueError("\x1b[2J\x1b]0;attack\x07\r\n\u202e10 of 10\x00\x9b31m")
