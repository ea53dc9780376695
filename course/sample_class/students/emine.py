# %% [markdown] assignment="01_one_window"
# Emine's `window_sum` is right. In `conv2d_valid` she counts n - k windows, so that the last ones are missing.


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return np.sum(np.multiply(patch, kernel))


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    n_rows = image.shape[0] - kernel.shape[0]
    n_cols = image.shape[1] - kernel.shape[1]
    out = np.empty((n_rows, n_cols))
    for i in range(n_rows):
        for j in range(n_cols):
            patch = image[i : i + kernel.shape[0], j : j + kernel.shape[1]]
            out[i, j] = window_sum(patch, kernel)
    return out
