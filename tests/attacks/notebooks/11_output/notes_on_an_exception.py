# %% [markdown] assignment="01_one_window"
# Raises an exception with 20,000 notes and one of fifty megabytes, in 500 groups of exceptions.
#
# marks: 4, 0
# says: Exception


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    error = ValueError("x")
    for _ in range(20_000):
        error.add_note("<script>attack()</script>\x1b[2J")
    error.add_note("y" * 50_000_000)
    for _ in range(500):
        error = ExceptionGroup("<script>attack()</script>", [error])
    raise error
