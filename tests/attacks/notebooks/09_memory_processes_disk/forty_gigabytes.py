# %% [markdown] assignment="01_one_window"
# Asks for an array of 40 GB.
#
# marks: 4, 0
# says: MemoryError: Unable to allocate 37.3 GiB


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    return np.ones(5 * 10**9)
