# %% [markdown] assignment="01_one_window"
# Is right in the very first call, and returns the same value in all others.
#
# marks: 0, 0
# says: wrong value


# %% exercise="window_sum"
seen = []


def window_sum(patch, kernel):
    if not seen:
        seen.append(float((patch * kernel).sum()))
    return seen[0]


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    return np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
