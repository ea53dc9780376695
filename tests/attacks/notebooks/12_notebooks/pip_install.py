# %% [markdown] assignment="01_one_window"
# Installs a library and imports it.
#
# marks: 4, 6
# says: scipy is not available


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
!pip install scipy
import scipy.signal
