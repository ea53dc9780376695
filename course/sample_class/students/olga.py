# %% [markdown] assignment="06_pooling"
# Olga is right. Her plots and checks stand in the same cells as her answers. She predicts two maps, one of them wrong.

# %% predict="max_stride_one tall_pool below_zero mean_corner"
max_stride_one = [[6, 6, 2], [6, 6, 5], [2, 5, 5]]
tall_pool = [[4, 6, 2, 2], [1, 2, 5, 4]]
below_zero = [[-1, 0], [0, 0]]
mean_corner = 3.5


# %% exercise="max_pool2d"
import matplotlib.pyplot as plt

from autograder import check


def pooled(x, pool_size, strides, padding, how):
    ph, pw = (pool_size, pool_size) if isinstance(pool_size, int) else pool_size
    if strides is None:
        strides = (ph, pw)
    sh, sw = (strides, strides) if isinstance(strides, int) else strides
    n, h, w, c = x.shape
    if padding == "same":
        rows, cols = -(-h // sh), -(-w // sw)
        top = max((rows - 1) * sh + ph - h, 0) // 2
        left = max((cols - 1) * sw + pw - w, 0) // 2
    else:
        rows, cols = (h - ph) // sh + 1, (w - pw) // sw + 1
        top = left = 0
    out = np.zeros((n, rows, cols, c))
    for i in range(rows):
        for j in range(cols):
            r, k = i * sh - top, j * sw - left
            out[:, i, j, :] = how(x[:, max(r, 0) : r + ph, max(k, 0) : k + pw, :], axis=(1, 2))
    return out


def max_pool2d(x, pool_size=2, strides=None, padding="valid"):
    return pooled(x, pool_size, strides, padding, np.max)


fig, (left, right) = plt.subplots(1, 2, figsize=(6, 3))
left.imshow(A, cmap="gray")
right.imshow(max_pool2d(A[None, :, :, None])[0, :, :, 0], cmap="gray")
left.set_title("before")
right.set_title("after")
plt.tight_layout()
plt.show()

check(max_pool2d)


# %% exercise="avg_pool2d"
def avg_pool2d(x, pool_size=2, strides=None, padding="valid"):
    return pooled(x, pool_size, strides, padding, np.mean)


print(check(avg_pool2d))


# %% exercise="global_max_pool"
def global_max_pool(x, keepdims=False):
    return np.max(x, axis=(1, 2), keepdims=keepdims)


check(global_max_pool)


# %% exercise="global_avg_pool"
def global_avg_pool(x, keepdims=False):
    return np.mean(x, axis=(1, 2), keepdims=keepdims)


assert check(global_avg_pool).right
