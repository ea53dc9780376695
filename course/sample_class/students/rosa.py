# %% [markdown] assignment="06_pooling"
# Rosa moves by one pixel where no strides are given, in `max_pool2d` and `avg_pool2d`. All else is right.


# %% exercise="max_pool2d"
def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    if strides is None:
        strides = 1
    if not isinstance(pool_size, tuple):
        pool_size = (pool_size, pool_size)
    if not isinstance(strides, tuple):
        strides = (strides, strides)
    (ph, pw), (sh, sw) = pool_size, strides
    n, height, width, channels = x.shape
    if padding == "same":
        rows, cols = int(np.ceil(height / sh)), int(np.ceil(width / sw))
        top = max((rows - 1) * sh + ph - height, 0) // 2
        left = max((cols - 1) * sw + pw - width, 0) // 2
    else:
        rows, cols = (height - ph) // sh + 1, (width - pw) // sw + 1
        top, left = 0, 0
    out = np.zeros((n, rows, cols, channels))
    for i in range(rows):
        for j in range(cols):
            window = x[:, max(i * sh - top, 0) : i * sh - top + ph, max(j * sw - left, 0) : j * sw - left + pw]
            out[:, i, j] = window.max(axis=(1, 2))
    return out


# %% exercise="avg_pool2d"
def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    if strides is None:
        strides = 1
    if not isinstance(pool_size, tuple):
        pool_size = (pool_size, pool_size)
    if not isinstance(strides, tuple):
        strides = (strides, strides)
    (ph, pw), (sh, sw) = pool_size, strides
    n, height, width, channels = x.shape
    if padding == "same":
        rows, cols = int(np.ceil(height / sh)), int(np.ceil(width / sw))
        top = max((rows - 1) * sh + ph - height, 0) // 2
        left = max((cols - 1) * sw + pw - width, 0) // 2
    else:
        rows, cols = (height - ph) // sh + 1, (width - pw) // sw + 1
        top, left = 0, 0
    out = np.zeros((n, rows, cols, channels))
    for i in range(rows):
        for j in range(cols):
            window = x[:, max(i * sh - top, 0) : i * sh - top + ph, max(j * sw - left, 0) : j * sw - left + pw]
            out[:, i, j] = window.mean(axis=(1, 2))
    return out


# %% exercise="global_max_pool"
def global_max_pool(x, keepdims=False):
    return x.max(axis=(1, 2), keepdims=keepdims)


# %% exercise="global_avg_pool"
def global_avg_pool(x, keepdims=False):
    return x.mean(axis=(1, 2), keepdims=keepdims)
