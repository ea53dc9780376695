"""Notebook 00."""

from __future__ import annotations

import numpy as np

from tests.course.wrong_answers import stops, wrong


@wrong("axis_sizes", "M4")
def width_read_first(x):
    """Axis 2 is taken for the height and axis 1 for the width."""
    height, width = x.shape[2], x.shape[1]
    return x.shape[0], height, width, x.shape[3]


@wrong("axis_sizes", "F21")
def unpacked_as_in_pytorch(x):
    """The shape is unpacked as (n, channels, height, width)."""
    n, c, h, w = x.shape
    return (n, h, w, c)


@wrong("axis_sizes", "F35")
def sizes_of_one_image(x):
    """Only the sizes of an image, without n."""
    first = x[0]
    return first.shape


@wrong("to_channels_first", "M33")
def cut_up_anew(x):
    """The wanted shape is made with reshape."""
    n, h, w, c = x.shape
    return np.array(x, dtype=float).reshape(n, c, h, w)


@wrong("to_channels_first", "M4")
def first_and_last_swapped(x):
    """Axes 1 and 3 are swapped, so that height and width change places, too."""
    return np.swapaxes(x.astype(float), 1, 3)


@wrong("to_channels_first", "F30")
def transposed_whole(x):
    """`.T` turns all the axes round."""
    return 1.0 * x.T


@wrong("to_channels_first", "M42")
def whole_numbers_kept(x):
    """The new array holds whole numbers."""
    n, h, w, c = x.shape
    result = np.zeros((n, c, h, w), dtype=int)
    for i in range(n):
        for k in range(c):
            for row in range(h):
                for col in range(w):
                    result[i, k, row, col] = x[i, row, col, k]
    return result


@wrong("to_channels_first", "M41")
def kept_as_a_picture(x):
    """The numbers are stored as bytes, as in a picture."""
    n, h, w, c = x.shape
    out = np.zeros((n, c, h, w), dtype="int64")
    for k in range(c):
        out[:, k] = x[..., k]
    return out.astype(np.uint8)


@wrong("to_channels_first", "F31a")
def stacked_in_front(x):
    """The channels are put together in front of the batch."""
    planes = [x[..., k] for k in range(x.shape[-1])]
    return np.stack(planes).astype("float64")


@wrong("to_channels_last", "F31b")
def moved_one_place(x):
    """The channels are moved past the height only."""
    return np.moveaxis(x, 1, 2) + 0.0


@wrong("to_channels_last", "F32")
def order_of_the_other(x):
    """The order of axes is the one for channels first."""
    return np.transpose(x, axes=(0, 3, 1, 2))


@wrong("to_channels_last", "F20")
def returned_in_the_loop(x):
    """The return stands in the loop over images."""
    for picture in x:
        return np.dstack(list(picture)).astype(float)
    return None


@wrong("to_channels_last", "M40")
def index_left_at_zero(x):
    """Every image is copied from image 0."""
    n, c, h, w = x.shape
    out = np.empty((n, h, w, c))
    for i in range(n):
        for k in range(c):
            out[i, :, :, k] = x[0, k]
    return out


@stops("to_channels_first", ValueError)
def three_axes_named(x):
    """Three names are given for the four axes."""
    h, w, c = x.shape
    return np.transpose(x, (2, 0, 1)).reshape(c, h, w)
