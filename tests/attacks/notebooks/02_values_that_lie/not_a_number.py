# %% [markdown] assignment="01_one_window"
# Returns NaN everywhere, which equals nothing and is below no tolerance.
#
# marks: 4, 0
# says: Every number is NaN


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    return np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1)) * np.nan
