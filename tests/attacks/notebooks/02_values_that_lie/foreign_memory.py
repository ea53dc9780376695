# %% [markdown] assignment="01_one_window"
# Returns an object that claims its numbers are at an invalid address.
#
# marks: 4, 0
# says: its process was killed by SIGSEGV


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
class Foreign:
    __array_interface__ = {"version": 3, "typestr": "<f8", "shape": (3, 3), "data": (4096, True)}


def conv2d_valid(image, kernel):
    return Foreign()
