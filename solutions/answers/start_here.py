"""Model answers of notebook 00; the build pastes each function into the instructors' notebook."""

# mypy: allow-untyped-defs, allow-untyped-calls
# Students read and write these without type hints, so they have none.

import numpy as np


def axis_sizes(x):
    """Give the sizes of x (n, height, width, channels) as a tuple of four numbers."""
    n, height, width, channels = x.shape
    return n, height, width, channels


def to_channels_first(x):
    """Turn (n, height, width, channels) into (n, channels, height, width), as floats."""
    n, height, width, channels = axis_sizes(x)
    out = np.zeros((n, channels, height, width))
    for c in range(channels):
        out[:, c] = x[:, :, :, c]
    return out


def to_channels_last(x):
    """Turn (n, channels, height, width) into (n, height, width, channels), as floats."""
    n, channels, height, width = x.shape
    out = np.zeros((n, height, width, channels))
    for c in range(channels):
        out[:, :, :, c] = x[:, c]
    return out
