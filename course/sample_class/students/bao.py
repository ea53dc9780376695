# %% [markdown] assignment="01_one_window"
# Bao does everything right without a loop. One of his predictions is the matrix product.

# %% predict="recall_shape recall_slice recall_product"
recall_shape = (2, 3)
recall_slice = 16
recall_product = 22


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return np.vdot(patch.astype(float), kernel)


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("yxij,ij->yx", windows, kernel)
