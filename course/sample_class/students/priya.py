# %% [markdown] assignment="06_pooling"
# Priya is right. She computes in float32 and returns lists.


# %% exercise="max_pool2d"
def pair(size):
    return [size, size] if isinstance(size, int) else list(size)


def axis_slices(n, k, s, padding):
    """Slices of one axis, one for each window, that stay inside the image."""
    if padding == "valid":
        starts = range(0, n - k + 1, s)
    else:
        count = int(np.ceil(n / s))
        before = max((count - 1) * s + k - n, 0) // 2
        starts = [i * s - before for i in range(count)]
    return [slice(max(start, 0), min(start + k, n)) for start in starts]


def pool(x, pool_size, strides, padding, reduce):
    x = np.array(x, dtype=np.float32)
    size = pair(pool_size)
    step = size if strides is None else pair(strides)
    rows = axis_slices(x.shape[1], size[0], step[0], padding)
    columns = axis_slices(x.shape[2], size[1], step[1], padding)
    return [[[reduce(image[r, c], axis=(0, 1)).tolist() for c in columns] for r in rows] for image in x]


def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    return pool(x, pool_size, strides, padding, np.max)


# %% exercise="avg_pool2d"
def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    return pool(x, pool_size, strides, padding, np.mean)


# %% exercise="global_max_pool"
def global_max_pool(x, keepdims=False):
    return list(np.float32(x).max(axis=(1, 2), keepdims=keepdims))


# %% exercise="global_avg_pool"
def global_avg_pool(x, keepdims=False):
    return np.float32(x).mean(axis=(1, 2), keepdims=keepdims).tolist()
