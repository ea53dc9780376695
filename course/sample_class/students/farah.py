# %% [markdown] assignment="01_one_window"
# Farah's `window_sum` is right. In `conv2d_valid` she writes `@` for `*`, which stops for kernels that are not square.


# %% exercise="window_sum"
def window_sum(patch, kernel):
    total = 0
    for patch_row, kernel_row in zip(patch.tolist(), kernel.tolist()):
        for p, k in zip(patch_row, kernel_row):
            total = total + p * k
    return total


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    kh, kw = kernel.shape
    rows = image.shape[0] - kh + 1
    cols = image.shape[1] - kw + 1
    out = np.zeros((rows, cols))
    for i in range(rows):
        for j in range(cols):
            patch = image[i : i + kh, j : j + kw]
            out[i, j] = np.sum(patch @ kernel)
    return out
