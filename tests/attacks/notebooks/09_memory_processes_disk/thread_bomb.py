# %% [markdown] assignment="01_one_window"
# Starts threads for ever.
#
# marks: 4, 0
# says: RuntimeError: can't start new thread


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import threading
import time


def conv2d_valid(image, kernel):
    while True:
        threading.Thread(target=time.sleep, args=(3600,)).start()
