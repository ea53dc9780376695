# %% [markdown] assignment="01_one_window"
# Raises an exception whose text is markup for a terminal library and a spreadsheet formula.
#
# marks: 4, 0
# says: [red]=HYPERLINK(1)[/red]


# %% exercise="window_sum"
def window_sum(patch, kernel):
    return float((patch * kernel).sum())


# %% exercise="conv2d_valid"
def conv2d_valid(image, kernel):
    raise ValueError("[red]=HYPERLINK(1)[/red][link=https://example.org]attack[/link]{{ 7 * 7 }}")
