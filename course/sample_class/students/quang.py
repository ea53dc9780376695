# %% [markdown] assignment="06_pooling"
# Quang is right, without loops, and full of warnings: a backslash in a docstring, a warning of his own whenever a
# window hangs over the edge, an empty mean, and words on stderr.


# %% exercise="max_pool2d"
import sys
import warnings

warnings.simplefilter("always")


def all_windows(x, pool_size, strides, padding):
    """Windows with nan outside the image. Under "same" there are \lceil n / s \rceil of them."""
    size = np.broadcast_to(pool_size, 2)
    step = size if strides is None else np.broadcast_to(strides, 2)
    pads = [(0, 0)]
    for n, k, s in zip(x.shape[1:3], size, step):
        total = max((-(-n // s) - 1) * s + k - n, 0) if padding == "same" else 0
        pads.append((total // 2, total - total // 2))
    if np.any(pads):
        warnings.warn(f"some windows hang over the edge: {pads}", stacklevel=2)
    padded = np.pad(x.astype(float), [*pads, (0, 0)], constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, size, axis=(1, 2))
    return windows[:, :: step[0], :: step[1]]


def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    return np.nanmax(all_windows(x, pool_size, strides, padding), axis=(-2, -1))


# %% after="max_pool2d"
print("mean of nothing:", np.mean([]), file=sys.stderr)


# %% exercise="avg_pool2d"
def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    return np.nanmean(all_windows(x, pool_size, strides, padding), axis=(-2, -1))


# %% exercise="global_max_pool"
def global_max_pool(x, keepdims=False):
    return np.amax(x, (1, 2), keepdims=keepdims)


# %% exercise="global_avg_pool"
def global_avg_pool(x, keepdims=False):
    return np.average(x, (1, 2), keepdims=keepdims)
