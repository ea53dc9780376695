# %% [markdown] assignment="01_one_window"
# Raises its own limits, then asks for memory.
#
# marks: 4, 0
# says: MemoryError: Unable to allocate 7.45 GiB


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import resource


def conv2d_valid(image, kernel):
    for name in ("RLIMIT_AS", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_NPROC", "RLIMIT_CPU"):
        try:
            resource.setrlimit(getattr(resource, name), (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        except (ValueError, OSError):
            pass
    return np.ones(10**9)
