# %% [markdown] assignment="01_one_window"
# Kills itself, which the first process of a sandbox cannot.
#
# marks: 4, 0
# says: an output of the right shape that holds only zeros


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import os
import signal


def conv2d_valid(image, kernel):
    os.kill(os.getpid(), signal.SIGKILL)
    return np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
