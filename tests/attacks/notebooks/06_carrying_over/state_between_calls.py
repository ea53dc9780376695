# %% [markdown] assignment="01_one_window"
# Keeps arguments of earlier calls and returns them later.
#
# marks: 0, 0
# says: wrong value


# %% exercise="window_sum"
kept = []


def window_sum(patch, kernel):
    kept.append(patch * kernel)
    return kept[0].sum()


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    kept.append(image)
    return kept[-2]
