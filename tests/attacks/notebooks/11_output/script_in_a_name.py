# %% [markdown] assignment="01_one_window"
# Raises an exception whose class name and source line are scripts.
#
# marks: 4, 0
# says: <script>attack()</script>: ]]>


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    raise type("<script>attack()</script>", (Exception,), {})("]]>--></style></template>")  # <script>attack()</script>
