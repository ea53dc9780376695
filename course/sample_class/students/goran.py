# %% [markdown] assignment="01_one_window"
# Goran's `window_sum` returns from inside the outer loop, after one row. His `conv2d_valid` does not use it; there he
# takes every image for a square one.


# %% exercise="window_sum"
def window_sum(patch, kernel):
    result = 0.0
    for row in range(kernel.shape[0]):
        for column in range(kernel.shape[1]):
            result += patch[row][column] * kernel[row][column]
        return result


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    n = len(image)
    kh, kw = kernel.shape
    out = np.zeros((n - kh + 1, n - kw + 1))
    for i in range(n - kh + 1):
        for j in range(n - kw + 1):
            out[i, j] = (image[i : i + kh, j : j + kw] * kernel).sum()
    return out
