# %% [markdown] assignment="06_pooling"
# Viktor starts the largest value at 0, in `max_pool2d` and in `global_max_pool`. Both means are right.


# %% exercise="max_pool2d"
def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    if strides is None:
        strides = (ph, pw)
    sh, sw = (strides, strides) if isinstance(strides, int) else strides
    n, h, w, c = x.shape
    top = left = 0
    rows, cols = (h - ph) // sh + 1, (w - pw) // sw + 1
    if padding == "same":
        rows, cols = (h + sh - 1) // sh, (w + sw - 1) // sw
        top, left = max((rows - 1) * sh + ph - h, 0) // 2, max((cols - 1) * sw + pw - w, 0) // 2
    out = np.zeros((n, rows, cols, c))
    for b in range(n):
        for i in range(rows):
            for j in range(cols):
                for ch in range(c):
                    biggest = 0
                    for a in range(i * sh - top, i * sh - top + ph):
                        for d in range(j * sw - left, j * sw - left + pw):
                            if 0 <= a < h and 0 <= d < w and x[b, a, d, ch] > biggest:
                                biggest = x[b, a, d, ch]
                    out[b, i, j, ch] = biggest
    return out


# %% exercise="avg_pool2d"
def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    if strides is None:
        strides = (ph, pw)
    sh, sw = (strides, strides) if isinstance(strides, int) else strides
    n, h, w, c = x.shape
    top = left = 0
    rows, cols = (h - ph) // sh + 1, (w - pw) // sw + 1
    if padding == "same":
        rows, cols = (h + sh - 1) // sh, (w + sw - 1) // sw
        top, left = max((rows - 1) * sh + ph - h, 0) // 2, max((cols - 1) * sw + pw - w, 0) // 2
    out = np.zeros((n, rows, cols, c))
    for i in range(rows):
        for j in range(cols):
            total = np.zeros((n, c))
            count = 0
            for a in range(i * sh - top, i * sh - top + ph):
                for d in range(j * sw - left, j * sw - left + pw):
                    if 0 <= a < h and 0 <= d < w:
                        total += x[:, a, d]
                        count += 1
            out[:, i, j] = total / count
    return out


# %% exercise="global_max_pool"
def global_max_pool(x, keepdims=False):
    n, h, w, c = x.shape
    biggest = np.zeros((n, c))
    for i in range(h):
        for j in range(w):
            biggest = np.maximum(biggest, x[:, i, j])
    return biggest.reshape(n, 1, 1, c) if keepdims else biggest


# %% exercise="global_avg_pool"
def global_avg_pool(x, keepdims=False):
    n, h, w, c = x.shape
    total = np.zeros((n, c))
    for i in range(h):
        for j in range(w):
            total += x[:, i, j]
    mean = total / (h * w)
    return mean.reshape(n, 1, 1, c) if keepdims else mean
