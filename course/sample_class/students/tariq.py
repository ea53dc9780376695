# %% [markdown] assignment="06_pooling"
# Tariq's `max_pool2d` takes the largest number over the channels, too, and keeps one channel. His `avg_pool2d`
# divides with `//`. Both global functions are right.


# %% exercise="max_pool2d"
def geometry(x, pool_size, strides, padding):
    ph, pw = pool_size if isinstance(pool_size, tuple) else (pool_size, pool_size)
    sh, sw = strides if isinstance(strides, tuple) else (strides or ph, strides or pw)
    h, w = x.shape[1], x.shape[2]
    if padding == "valid":
        return [(i, i + ph) for i in range(0, h - ph + 1, sh)], [(j, j + pw) for j in range(0, w - pw + 1, sw)]
    rows, columns = -(-h // sh), -(-w // sw)
    top = max((rows - 1) * sh + ph - h, 0) // 2
    left = max((columns - 1) * sw + pw - w, 0) // 2
    return (
        [(max(i * sh - top, 0), min(i * sh - top + ph, h)) for i in range(rows)],
        [(max(j * sw - left, 0), min(j * sw - left + pw, w)) for j in range(columns)],
    )


def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    rows, columns = geometry(x, pool_size, strides, padding)
    out = np.zeros((len(x), len(rows), len(columns), 1))
    for n in range(len(x)):
        for i, (top, bottom) in enumerate(rows):
            for j, (left, right) in enumerate(columns):
                out[n, i, j, 0] = np.max(x[n, top:bottom, left:right])
    return out


# %% exercise="avg_pool2d"
def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    rows, columns = geometry(x, pool_size, strides, padding)
    out = np.zeros((len(x), len(rows), len(columns), x.shape[3]))
    for i, (top, bottom) in enumerate(rows):
        for j, (left, right) in enumerate(columns):
            cells = (bottom - top) * (right - left)
            out[:, i, j] = np.sum(x[:, top:bottom, left:right].astype(float), axis=(1, 2)) // cells
    return out


# %% exercise="global_max_pool"
def global_max_pool(x, keepdims=False):
    return np.max(x, axis=(1, 2), keepdims=keepdims)


# %% exercise="global_avg_pool"
def global_avg_pool(x, keepdims=False):
    return np.sum(x, axis=(1, 2), keepdims=keepdims, dtype=float) / (x.shape[1] * x.shape[2])
