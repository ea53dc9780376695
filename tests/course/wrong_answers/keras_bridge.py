"""Notebook 10."""

from __future__ import annotations

import numpy as np

from tests.course.wrong_answers import stops, wrong


@wrong("to_keras_kernel", "M4")
def turned_round_as_a_whole(kernel):
    """`.T`, which swaps rows and columns as well."""
    return np.asarray(kernel, dtype=float).T


@wrong("to_keras_kernel", "M33")
def cut_to_the_shape_wanted(kernel):
    """The shape is made with reshape."""
    out, inp, h, w = kernel.shape
    return kernel.reshape((h, w, inp, out))


@wrong("to_keras_kernel", "M32")
def filters_before_channels(kernel):
    """The window first, and the rest in its order."""
    out, inp, h, w = kernel.shape
    new = np.zeros((h, w, out, inp))
    for i in range(h):
        for j in range(w):
            new[i, j] = kernel[:, :, i, j]
    return new


@wrong("to_torch_kernel", "F31")
def filters_rolled_to_the_front(kernel):
    """One axis is moved, and the channels stay last."""
    return np.rollaxis(kernel, 3, 0)


@wrong("to_torch_kernel", "M4")
def axes_counted_down(kernel):
    """The axes from the last to the first."""
    return np.transpose(kernel)


@stops("to_torch_kernel", ValueError)
def sizes_of_the_other_library(kernel):
    """The sizes are unpacked in PyTorch's order, so that no slice fits."""
    out, inp, h, w = kernel.shape
    new = np.zeros((out, inp, h, w))
    for o in range(out):
        for c in range(inp):
            new[o, c] = kernel[:, :, c, o]
    return new
