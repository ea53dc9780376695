# %% [markdown] assignment="01_one_window"
# Lets a list grow, and continues when memory runs out.
#
# marks: 4, 0
# says: Stopped after 2 s of CPU time


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    grown = []
    while True:
        try:
            grown.append(bytearray(50 << 20))
        except MemoryError:
            pass
