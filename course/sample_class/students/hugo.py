# %% [markdown] assignment="01_one_window"
# Hugo ends Python inside `window_sum`, to see what happens to the grader. His `conv2d_valid` is right.


# %% exercise="window_sum"
import os


def window_sum(patch, kernel):
    os._exit(0)


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    kh, kw = kernel.shape
    sums = [
        [np.sum(image[i : i + kh, j : j + kw] * kernel) for j in range(image.shape[1] - kw + 1)]
        for i in range(image.shape[0] - kh + 1)
    ]
    return np.array(sums, dtype=float)
