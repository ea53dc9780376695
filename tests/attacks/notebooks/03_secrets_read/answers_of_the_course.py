# %% [markdown] assignment="01_one_window"
# Takes the model answer from the course, which is only a stand-in in the sandbox.
#
# marks: 4, 0
# says: returned the result of a plotting or display function


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    return np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))

# %% after="conv2d_valid"
import course.exercises.one_window

conv2d_valid = course.exercises.one_window.CONV2D_VALID.reference
