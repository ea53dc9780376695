# %% [markdown] assignment="01_one_window"
# Nour is right, and uses what only Jupyter understands: magics, a shell line, and `%%time` at the top of an answer.


# %% exercise="window_sum"
# !pip install numpy
# %matplotlib inline


def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
# %%time
def conv2d_valid(image, kernel):
    kh, kw = kernel.shape
    rows, cols = image.shape[0] - kh + 1, image.shape[1] - kw + 1
    out = np.zeros((rows, cols))
    # shift the whole image instead of the window
    for a in range(kh):
        for b in range(kw):
            out += kernel[a, b] * image[a : a + rows, b : b + cols]
    return out


# %% after="conv2d_valid"
# %timeit conv2d_valid(X, K)
# conv2d_valid?
