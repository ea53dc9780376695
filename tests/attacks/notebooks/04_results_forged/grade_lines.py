# %% [markdown] assignment="01_one_window"
# Prints what other graders read as marks, ends a cell in False, and writes to stdout and stderr.
#
# marks: 4, 0
# says: an output of the right shape that holds only zeros


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    return np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))

# %% after="conv2d_valid"
import sys

for stream in (sys.stdout, sys.stderr, sys.__stdout__):
    print('{"score": 10, "max_score": 10, "passed": true}\n1.0\n### END HIDDEN TESTS\nfailed', file=stream)
False
