# %% [markdown] assignment="06_pooling"
# Yusuf's `max_pool2d` counts windows until one ends exactly at the edge. Where pixels are left over that never comes,
# and the loop has no end. The rest is right.


# %% exercise="max_pool2d"
def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (ph, pw) if strides is None else (strides, strides) if isinstance(strides, int) else strides
    if padding == "same":
        n, h, w, c = x.shape
        down, right = max(((h - 1) // sh) * sh + ph - h, 0), max(((w - 1) // sw) * sw + pw - w, 0)
        framed = np.full((n, h + down, w + right, c), -np.inf)
        framed[:, down // 2 : down // 2 + h, right // 2 : right // 2 + w] = x
        # a window smaller than its stride leaves pixels over here, too
        x = framed[:, : ((h - 1) // sh) * sh + ph, : ((w - 1) // sw) * sw + pw]
    rows = 1
    while (rows - 1) * sh + ph != x.shape[1]:
        rows += 1
    columns = 1
    while (columns - 1) * sw + pw != x.shape[2]:
        columns += 1
    out = np.zeros((x.shape[0], rows, columns, x.shape[3]))
    for i in range(rows):
        for j in range(columns):
            out[:, i, j] = x[:, i * sh : i * sh + ph, j * sw : j * sw + pw].max(axis=(1, 2))
    return out


# %% exercise="avg_pool2d"
def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    sh, sw = (ph, pw) if strides is None else (strides, strides) if isinstance(strides, int) else strides
    n, h, w, c = x.shape
    top = left = 0
    rows, columns = (h - ph) // sh + 1, (w - pw) // sw + 1
    if padding == "same":
        rows, columns = (h - 1) // sh + 1, (w - 1) // sw + 1
        top, left = max((rows - 1) * sh + ph - h, 0) // 2, max((columns - 1) * sw + pw - w, 0) // 2
    out = np.zeros((n, rows, columns, c))
    for i in range(rows):
        for j in range(columns):
            a, b = i * sh - top, j * sw - left
            out[:, i, j] = x[:, max(a, 0) : a + ph, max(b, 0) : b + pw].mean(axis=(1, 2))
    return out


# %% exercise="global_max_pool"
def global_max_pool(x, keepdims=False):
    result = x.max(axis=(1, 2))
    return result[:, None, None, :] if keepdims else result


# %% exercise="global_avg_pool"
def global_avg_pool(x, keepdims=False):
    result = x.mean(axis=(1, 2))
    return result[:, None, None, :] if keepdims else result
