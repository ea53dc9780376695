# %% [markdown] assignment="01_one_window"
# Raises a syntax error with impossible attributes.
#
# marks: 4, 0
# says: it sent the grader bytes that are not a valid reply


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    error = SyntaxError("no")
    error.filename, error.lineno = conv2d_valid.__code__.co_filename, 10**30
    raise error
