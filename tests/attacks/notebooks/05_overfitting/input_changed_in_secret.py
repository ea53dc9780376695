# %% [markdown] assignment="01_one_window"
# Changes its input and hides it from the grader. Reports from the sandbox can be forged, at more cost than leaving the
# input alone, and without helping a wrong value.
#
# marks: 4, 6
# says: nothing


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
import sys


def conv2d_valid(image, kernel):
    child, original = sys.modules["jail.child"], image.copy()
    if not hasattr(child, "hidden"):
        child.hidden = child.plain
    child.plain = lambda value, limit, depth=0: child.hidden(original if value is image else value, limit, depth)
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    out = np.einsum("yxij,ij->yx", windows, kernel).reshape(rows, columns)
    image[:] = 0
    return out
