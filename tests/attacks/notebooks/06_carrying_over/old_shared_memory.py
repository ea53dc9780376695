# %% [markdown] assignment="01_one_window"
# Leaves memory, queues, semaphores and keys in the kernel.
#
# marks: 4, 0
# says: an output of the right shape that holds only zeros


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import ctypes


def conv2d_valid(image, kernel):
    system = ctypes.CDLL(None, use_errno=True)
    made = [system.shmget(77, 4096, 0o1666), system.msgget(77, 0o1666), system.semget(77, 1, 0o1666)]
    made += [system.syscall(248, b"user", b"left_behind", b"x", 1, -4), system.syscall(319, b"left_behind", 0)]
    if any(number >= 0 for number in made):
        raise LookupError(str(made))
    return np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))
