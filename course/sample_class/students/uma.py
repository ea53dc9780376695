# %% [markdown] assignment="06_pooling"
# Uma rounds the number of windows up, so that her two functions keep leftover pixels under "valid". Both global
# functions reduce axes 2 and 3, as if the channels came second.


# %% exercise="max_pool2d"
from math import ceil


def pool2d(x, pool_size, strides, padding, f):
    ph, pw = pool_size if isinstance(pool_size, tuple) else (pool_size,) * 2
    if strides is None:
        strides = ph, pw
    sh, sw = strides if isinstance(strides, tuple) else (strides,) * 2
    n, h, w, c = x.shape
    top = left = 0
    if padding == "same":
        rows, cols = ceil(h / sh), ceil(w / sw)
        top = max((rows - 1) * sh + ph - h, 0) // 2
        left = max((cols - 1) * sw + pw - w, 0) // 2
    else:
        rows, cols = ceil((h - ph) / sh) + 1, ceil((w - pw) / sw) + 1
    out = np.zeros((n, rows, cols, c))
    for i in range(rows):
        for j in range(cols):
            y0, x0 = i * sh - top, j * sw - left
            out[:, i, j] = f(x[:, max(0, y0) : y0 + ph, max(0, x0) : x0 + pw], axis=(1, 2))
    return out


def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    return pool2d(x, pool_size, strides, padding, np.max)


# %% exercise="avg_pool2d"
def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    return pool2d(x, pool_size, strides, padding, np.mean)


# %% exercise="global_max_pool"
def global_max_pool(x, keepdims=False):
    return x.max(axis=(2, 3), keepdims=keepdims)


# %% exercise="global_avg_pool"
def global_avg_pool(x, keepdims=False):
    return x.mean(axis=(2, 3), keepdims=keepdims)
