# %% [markdown] assignment="01_one_window"
# Loops for ever when its result is deleted.
#
# marks: 4, 0
# says: Stopped after 2 s of CPU time


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
class Endless:
    def __del__(self):
        while True:
            pass


def conv2d_valid(image, kernel):
    return [Endless()]
