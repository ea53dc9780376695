# %% [markdown] assignment="01_one_window"
# Writes one file for ever.
#
# marks: 4, 0
# says: File too large


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    with open("/tmp/left_behind", "wb") as file:
        while True:
            file.write(bytes(1 << 20))
            file.flush()
