# %% [markdown] assignment="01_one_window"
# Raises an exception whose class name, bases and text cannot be read.
#
# marks: 4, 0
# says: its process exited


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
class Hidden(type):
    @property
    def __name__(cls):
        raise ValueError("no name")

    @property
    def __mro__(cls):
        raise ValueError("no parents")


class Strange(BaseException, metaclass=Hidden):
    def __str__(self):
        raise SystemExit


def conv2d_valid(image, kernel):
    raise Strange
