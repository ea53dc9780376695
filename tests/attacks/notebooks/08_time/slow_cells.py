# %% [markdown] assignment="01_one_window"
# Cells that are slow together, after the ones that count.
#
# marks: 4, 6
# says: was skipped: stopped after


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    height, width = kernel.shape
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i, j in np.ndindex(*out.shape):
        out[i, j] = (image[i : i + height, j : j + width] * kernel).sum()
    return out

# %% after="conv2d_valid"
import time

end = time.process_time() + 0.9
while time.process_time() < end:
    pass

# %% after="conv2d_valid"
import time

end = time.process_time() + 0.9
while time.process_time() < end:
    pass

# %% after="conv2d_valid"
import time

end = time.process_time() + 0.9
while time.process_time() < end:
    pass

# %% after="conv2d_valid"
import time

end = time.process_time() + 0.9
while time.process_time() < end:
    pass

# %% after="conv2d_valid"
import time

end = time.process_time() + 0.9
while time.process_time() < end:
    pass

# %% after="conv2d_valid"
import time

end = time.process_time() + 0.9
while time.process_time() < end:
    pass
