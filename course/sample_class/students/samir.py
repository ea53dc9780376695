# %% [markdown] assignment="06_pooling"
# Samir pads with zeros under "same". They win where all pixels are negative, and his means count them. The rest is
# right.


# %% exercise="max_pool2d"
def windows_of(x, pool_size, strides, padding):
    ph, pw = (pool_size, pool_size) if np.isscalar(pool_size) else pool_size
    strides = (ph, pw) if strides is None else strides
    sh, sw = (strides, strides) if np.isscalar(strides) else strides
    _, h, w, _ = x.shape
    if padding == "same":
        total_h = max((-(-h // sh) - 1) * sh + ph - h, 0)
        total_w = max((-(-w // sw) - 1) * sw + pw - w, 0)
        top, left = total_h // 2, total_w // 2
        x = np.pad(x, ((0, 0), (top, total_h - top), (left, total_w - left), (0, 0)))
    return np.lib.stride_tricks.sliding_window_view(x, (ph, pw), axis=(1, 2))[:, ::sh, ::sw]


def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    return windows_of(x, pool_size, strides, padding).max(axis=(4, 5))


# %% exercise="avg_pool2d"
def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    return windows_of(x, pool_size, strides, padding).mean(axis=(4, 5))


# %% exercise="global_max_pool"
def global_max_pool(x, keepdims=False):
    return x.max(axis=(1, 2), keepdims=keepdims)


# %% exercise="global_avg_pool"
def global_avg_pool(x, keepdims=False):
    return x.mean(axis=(1, 2), keepdims=keepdims)
