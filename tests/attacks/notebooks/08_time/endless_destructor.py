# %% [markdown] assignment="01_one_window"
# Never ends when what it returned is thrown away.
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
