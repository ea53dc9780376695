# %% [markdown] assignment="01_one_window"
# Returns a thousand arrays of different shapes.
#
# marks: 4, 0
# says: wrong kind of value


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    return [np.zeros((number % 7, number % 5)) for number in range(1000)]
