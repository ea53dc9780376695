# %% [markdown] assignment="01_one_window"
# Daan's `window_sum` is right. In `conv2d_valid` he turns the kernel round first, as convolution in mathematics does.


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return (patch * kernel).sum()


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    flipped = np.flipud(np.fliplr(kernel))  # definition of convolution
    h, w = image.shape
    kh, kw = flipped.shape
    result = np.zeros((h - kh + 1, w - kw + 1))
    for r in range(h - kh + 1):
        for c in range(w - kw + 1):
            result[r, c] = window_sum(image[r : r + kh, c : c + kw], flipped)
    return result
