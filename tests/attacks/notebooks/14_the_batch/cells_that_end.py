# %% [markdown] assignment="01_one_window"
# Ten cells that end the process, so that all earlier ones run again each time.
#
# marks: 4, 6
# says: was skipped: its process exited (status 9)


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
import os

os._exit(9)

# %% after="conv2d_valid"
import os

os._exit(8)

# %% after="conv2d_valid"
import os

os._exit(7)

# %% after="conv2d_valid"
import os

os._exit(6)

# %% after="conv2d_valid"
import os

os._exit(5)

# %% after="conv2d_valid"
import os

os._exit(4)

# %% after="conv2d_valid"
import os

os._exit(3)

# %% after="conv2d_valid"
import os

os._exit(2)

# %% after="conv2d_valid"
import os

os._exit(1)

# %% after="conv2d_valid"
import os

os._exit(0)
