# %% [markdown] assignment="01_one_window"
# Leaves in its answer the line of the stub, with markup and codes for the terminal in it.
#
# marks: 4, 0
# says: your answer is there


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    raise NotImplementedError("[/red][link=http://example.org]")
    return np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
