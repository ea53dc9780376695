# %% [markdown] assignment="01_one_window"
# Waits for a lock that it holds.
#
# marks: 4, 0
# says: Stopped after 6 s of waiting


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import threading


def conv2d_valid(image, kernel):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
