# %% [markdown] assignment="01_one_window"
# Starts a thread that changes the result after it has been returned.
#
# marks: 4, 0
# says: RuntimeError: can't start new thread


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import threading


def conv2d_valid(image, kernel):
    out = np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))

    def change():
        while True:
            out[:] = np.random.rand(*out.shape)

    threading.Thread(target=change, daemon=True).start()
    return out
