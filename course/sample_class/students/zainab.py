# %% [markdown] assignment="06_pooling"
# Zainab's `global_avg_pool` makes an array of 40 GB. The rest is right.


# %% exercise="max_pool2d"
def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    pool_size = np.array([1, 1]) * pool_size
    strides = pool_size if strides is None else np.array([1, 1]) * strides
    size = np.array(x.shape[1:3])
    count = -(-size // strides) if padding == "same" else (size - pool_size) // strides + 1
    missing = np.maximum((count - 1) * strides + pool_size - size, 0)
    out = np.full((len(x), *count, x.shape[3]), -np.inf)
    for i, j in np.ndindex(*count):
        start = np.array([i, j]) * strides - (missing // 2 if padding == "same" else 0)
        (top, left), (bottom, right) = np.maximum(start, 0), start + pool_size
        out[:, i, j] = x[:, top:bottom, left:right].max(axis=(1, 2))
    return out


# %% exercise="avg_pool2d"
def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    pool_size = np.array([1, 1]) * pool_size
    strides = pool_size if strides is None else np.array([1, 1]) * strides
    size = np.array(x.shape[1:3])
    count = -(-size // strides) if padding == "same" else (size - pool_size) // strides + 1
    missing = np.maximum((count - 1) * strides + pool_size - size, 0)
    out = np.zeros((len(x), *count, x.shape[3]))
    for i, j in np.ndindex(*count):
        start = np.array([i, j]) * strides - (missing // 2 if padding == "same" else 0)
        (top, left), (bottom, right) = np.maximum(start, 0), start + pool_size
        out[:, i, j] = x[:, top:bottom, left:right].mean(axis=(1, 2))
    return out


# %% exercise="global_max_pool"
def global_max_pool(x, keepdims=False):
    return x.max(axis=(1, 2), keepdims=keepdims)


# %% exercise="global_avg_pool"
def global_avg_pool(x, keepdims=False):
    weights = np.ones((50_000, 100_000)) / 5e9  # enough for any picture
    total = (x * weights[: x.shape[1], : x.shape[2], None]).sum(axis=(1, 2))
    return total * 5e9 / (x.shape[1] * x.shape[2])
