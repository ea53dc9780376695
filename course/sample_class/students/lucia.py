# %% [markdown] assignment="01_one_window"
# Lucia is right, and floods the output: a print in the inner loop, and one of 100 MB.


# %% exercise="window_sum"
def window_sum(patch, kernel):
    total = 0.0
    for i in range(patch.shape[0]):
        for j in range(patch.shape[1]):
            print("i =", i, "j =", j, "patch =", patch, "kernel =", kernel)
            total += patch[i, j] * kernel[i, j]
            print("total so far:", total)
    return total


# %% after="window_sum"
print("o" * 100_000_000)


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    rows = image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - kernel.shape[1] + 1
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            print(i, j, out)
            out[i, j] = window_sum(image[i : i + kernel.shape[0], j : j + kernel.shape[1]], kernel)
    return out
