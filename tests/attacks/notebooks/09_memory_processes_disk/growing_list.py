# %% [markdown] assignment="01_one_window"
# Lets a list grow for ever.
#
# marks: 4, 0
# says: MemoryError


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    grown = []
    while True:
        grown.append(np.empty(50 << 17))
