# %% [markdown] assignment="01_one_window"
# Answers that an exception went through a cell with a name that is longer than a line.
#
# marks: 4, 0
# says: E: no


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import sys


def conv2d_valid(image, kernel):
    line = {"cell": "x" * 300, "line": 1, "source": "x"}
    told = {"type": "raised", "error": "E", "message": "no", "kinds": [], "frames": [line]}
    sys.modules["jail.child"]._ANSWERS["call"] = lambda *_: told
    raise ValueError
