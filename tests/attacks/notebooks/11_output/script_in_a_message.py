# %% [markdown] assignment="01_one_window"
# Raises an exception whose text is a script that would run in the report.
#
# marks: 4, 0
# says: ValueError: <script>attack()</script>


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    raise ValueError("<script>attack()</script><img src=x onerror=attack()>")
