# %% [markdown] assignment="06_pooling"
# Xiomara uses a name in `avg_pool2d` that she never defines, and she has deleted the cell of `global_avg_pool`. The
# rest is right.


# %% exercise="max_pool2d"
def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    if isinstance(pool_size, int):
        pool_size = (pool_size, pool_size)
    if strides is None:
        strides = pool_size
    elif isinstance(strides, int):
        strides = (strides, strides)
    n, height, width, c = x.shape
    if padding == "same":
        rows = int(np.ceil(height / strides[0]))
        columns = int(np.ceil(width / strides[1]))
        total_rows = max((rows - 1) * strides[0] + pool_size[0] - height, 0)
        total_columns = max((columns - 1) * strides[1] + pool_size[1] - width, 0)
        top, left = total_rows // 2, total_columns // 2
        frame = ((0, 0), (top, total_rows - top), (left, total_columns - left), (0, 0))
        x = np.pad(x.astype(float), frame, constant_values=-np.inf)
    else:
        rows = (height - pool_size[0]) // strides[0] + 1
        columns = (width - pool_size[1]) // strides[1] + 1
    out = np.empty((n, rows, columns, c))
    for i in range(rows):
        for j in range(columns):
            a, b = i * strides[0], j * strides[1]
            out[:, i, j] = x[:, a : a + pool_size[0], b : b + pool_size[1]].max((1, 2))
    return out


# %% exercise="avg_pool2d"
def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    if isinstance(pool_size, int):
        pool_size = (pool_size, pool_size)
    if strides is None:
        strides = pool_size
    out = np.empty((x.shape[0], rows, columns, x.shape[3]))
    for i in range(rows):
        for j in range(columns):
            a, b = i * strides[0], j * strides[1]
            out[:, i, j] = x[:, a : a + pool_size[0], b : b + pool_size[1]].mean((1, 2))
    return out


# %% exercise="global_max_pool"
def global_max_pool(x, keepdims=False):
    return x.max(axis=(1, 2), keepdims=keepdims)


# %% delete="global_avg_pool"
