# %% [markdown] assignment="01_one_window"
# Raises what NumPy raises of two shapes, of two that cannot be.
#
# marks: 4, 0
# says: These arrays have shapes that cannot be combined


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    if image.ndim: raise ValueError("operands could not be broadcast together with shapes () (,) ")
