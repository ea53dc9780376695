# %% [markdown] assignment="01_one_window"
# Returns integers that have no absolute value.
#
# marks: 4, 0
# says: cells are wrong


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    return np.full(np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1)).shape, np.iinfo(np.int64).min)
