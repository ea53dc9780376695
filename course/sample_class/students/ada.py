# %% [markdown] assignment="01_one_window"
# Ada does everything right, with plain loops, and all her predictions are right.

# %% predict="recall_shape recall_slice recall_product"
recall_shape = (2, 3)
recall_slice = 16
recall_product = 16

# %% predict="strip_output"
strip_output = [1, 1, -3]

# %% predict="ones_first_row pair_shape pair_first_row"
ones_first_row = [14, 11, 12]
pair_shape = (5, 4)
pair_first_row = [-1, 2, -1, -2]


# %% exercise="window_sum"
def window_sum(patch, kernel):
    """Multiply a patch (i, j) and a kernel (i, j) cell by cell, and add up to one number."""
    total = 0.0
    for i in range(kernel.shape[0]):
        for j in range(kernel.shape[1]):
            total += float(patch[i, j]) * float(kernel[i, j])
    return total


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    """Slide a kernel (i, j) over an image (height, width), wherever it fits."""
    height, width = image.shape
    kernel_height, kernel_width = kernel.shape
    out = np.zeros((height - kernel_height + 1, width - kernel_width + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = window_sum(image[i : i + kernel_height, j : j + kernel_width], kernel)
    return out
