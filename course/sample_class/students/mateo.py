# %% [markdown] assignment="01_one_window"
# Mateo's `window_sum` is right. In `conv2d_valid` he starts a window at every pixel, and reads beyond the edge.


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return (patch * kernel).sum()


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    out = np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
    for i in range(image.shape[0]):
        for j in range(image.shape[1]):
            total = 0
            for a in range(kernel.shape[0]):
                for b in range(kernel.shape[1]):
                    total += image[i + a, j + b] * kernel[a, b]
            out[i, j] = total
    return out
