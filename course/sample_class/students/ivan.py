# %% [markdown] assignment="01_one_window"
# Ivan takes the mean in `window_sum`. His `conv2d_valid` would be right, but it uses his `window_sum`.


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return np.mean(patch * kernel)


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    kh, kw = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1))
    for i, j in np.ndindex(out.shape):
        out[i, j] = window_sum(image[i : i + kh, j : j + kw], kernel)
    return out
