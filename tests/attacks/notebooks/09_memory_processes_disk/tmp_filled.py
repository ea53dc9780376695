# %% [markdown] assignment="01_one_window"
# Fills /tmp.
#
# marks: 4, 0
# says: No space left on device


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    for number in range(1000):
        with open(f"/tmp/left_behind_{number}", "wb") as file:
            file.write(bytes(8 << 20))
