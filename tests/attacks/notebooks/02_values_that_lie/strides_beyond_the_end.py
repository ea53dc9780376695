# %% [markdown] assignment="01_one_window"
# Returns a view that reaches far beyond its memory.
#
# marks: 4, 0
# says: its process was killed by SIGSEGV


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    return np.lib.stride_tricks.as_strided(np.zeros(1), (3, 3), (1 << 40, 8))
