# %% [markdown] assignment="01_one_window"
# Returns an object whose class name is a script.
#
# marks: 4, 0
# says: an object of type <script>attack()</script>


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    return type("<script>attack()</script>", (), {})()
