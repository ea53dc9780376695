# %% [markdown] assignment="01_one_window"
# Kofi's `window_sum` multiplies in place: the patch is changed, and NumPy refuses it where the patch holds whole
# numbers. His `conv2d_valid` stores the sums in an array of the image's own type, where fractions are cut off.


# %% exercise="window_sum"
def window_sum(patch, kernel):
    patch *= kernel
    return patch.sum()


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    kh, kw = kernel.shape
    height, width = image.shape
    out = np.zeros_like(image[: height - kh + 1, : width - kw + 1])
    for i in range(height - kh + 1):
        for j in range(width - kw + 1):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel)
    return out
