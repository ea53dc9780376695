# %% [markdown] assignment="01_one_window"
# Hard-codes the visible cases, and nothing else.
#
# marks: 0, 0
# says: wrong value


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return 1 if np.array_equal(patch, X[:3, :3]) and np.array_equal(kernel, K) else 0


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    if np.array_equal(image, X) and np.array_equal(kernel, K):
        return np.array([[1, 1, -3], [-2, 2, 3], [1, 0, 3], [1, -1, -1], [2, 0, 1]])
    return np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
