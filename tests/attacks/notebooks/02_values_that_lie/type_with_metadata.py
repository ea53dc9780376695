# %% [markdown] assignment="01_one_window"
# Returns numbers of a type that carries ten megabytes of text and a function.
#
# marks: 4, 0
# says: an output of the right shape that holds only zeros


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    numbers = np.dtype(np.float64, metadata={"text": "x" * 10_000_000, "function": print})
    return np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1)).astype(numbers)
