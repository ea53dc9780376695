# %% [markdown] assignment="01_one_window"
# A function whose code, name and defaults are faked.
#
# marks: 4, 0
# says: ValueError: <script>attack()


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    height, width = kernel.shape
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i, j in np.ndindex(*out.shape):
        out[i, j] = (image[i : i + height, j : j + width] * kernel).sum()
    return out


# %% after="conv2d_valid"
import types


class Disguised:
    __name__ = "<script>attack()</script>" * 1000
    __code__ = types.SimpleNamespace(co_consts="x" * 100)

    def __call__(self, image, kernel):
        return self

    def __array__(self, *_arguments, **_options):
        raise ValueError(self.__name__)


conv2d_valid = Disguised()
