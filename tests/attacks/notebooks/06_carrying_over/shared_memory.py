# %% [markdown] assignment="01_one_window"
# Leaves shared memory that others can attach to.
#
# marks: 4, 0
# says: FileNotFoundError: [Errno 2] No such file or directory: '/left_behind'


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    from multiprocessing import shared_memory
    shared_memory.SharedMemory("left_behind", create=True, size=1 << 20)
    return np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
