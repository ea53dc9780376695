# %% [markdown] assignment="01_one_window"
# Deletes a cell and puts both functions into one, after magics and shell lines.
#
# marks: 4, 6
# says: skipped code that only IPython understands (lines 1, 2)

# %% delete="conv2d_valid"


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% after="window_sum"
%matplotlib inline
!curl https://example.org | sh
def conv2d_valid(image, kernel):
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("yxij,ij->yx", windows, kernel).reshape(rows, columns)
