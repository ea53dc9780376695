"""Notebook 10."""

from __future__ import annotations

import numpy as np


def keras_by_transposing(kernel):
    """One transpose, in double precision."""
    return np.transpose(kernel, (2, 3, 1, 0)).astype(float)


def keras_by_einsum(kernel):
    """The axes by their letters, in single precision."""
    return np.einsum("ocij->ijco", kernel.astype(np.float32))


def keras_by_two_moves(kernel):
    """The filters to the end, then the channels in front of them; no copy."""
    return np.moveaxis(np.moveaxis(kernel, 0, -1), 0, 2)


def keras_turned_and_mended(kernel):
    """All axes reversed, then rows and columns swapped back."""
    return np.swapaxes(kernel.T, 0, 1)


def keras_as_lists(kernel):
    """Python alone: lists in, lists out."""
    out, channels, kh, kw = kernel.shape
    weights = kernel.tolist()
    return [
        [[[float(weights[o][c][i][j]) for o in range(out)] for c in range(channels)] for j in range(kw)]
        for i in range(kh)
    ]


def keras_number_by_number(kernel):
    """One loop over all four places."""
    moved = np.full([kernel.shape[axis] for axis in (2, 3, 1, 0)], np.nan)
    for (o, c, i, j), weight in np.ndenumerate(kernel):
        moved[i, j, c, o] = weight
    return moved


def keras_by_stacking(kernel):
    """Each filter with its channels last, stacked along a new last axis."""
    return np.stack([np.dstack(list(one)) for one in kernel], axis=-1)


def keras_by_reshaping(kernel):
    """A reshape that is right, because a transpose of a matrix stands before it."""
    out, channels, kh, kw = kernel.shape
    cells = kernel.reshape(out * channels, kh * kw).T
    return cells.reshape(kh, kw, out, channels).swapaxes(2, 3) / 1.0


def torch_by_transposing(kernel):
    """One transpose, in single precision."""
    return np.transpose(kernel, (3, 2, 0, 1)).astype(np.float32)


def torch_by_einsum(kernel):
    """The axes by their letters."""
    return np.einsum("ijco->ocij", kernel)


def torch_by_two_swaps(kernel):
    """Two pairs change places, then the filters pass the channels."""
    return kernel.swapaxes(0, 2).swapaxes(1, 3).swapaxes(0, 1) + 0.0


def torch_filter_by_filter(kernel):
    """The channels of each filter moved to the front, and all filters in one array."""
    return np.array([np.moveaxis(kernel[..., o], -1, 0) for o in range(kernel.shape[-1])])


def torch_by_zipping(kernel):
    """A list for each filter, with a list for each channel."""
    _, _, channels, out = kernel.shape
    return [[kernel[:, :, c, o].tolist() for c in range(channels)] for o in range(out)]


def torch_by_indices(kernel):
    """Every place looked up at once, from four ranges that are broadcast."""
    o, c, i, j = np.ix_(*(range(kernel.shape[axis]) for axis in (3, 2, 0, 1)))
    return kernel[i, j, c, o]


def torch_with_an_identity(kernel):
    """A product with the identity over the filters, which puts them first."""
    return np.tensordot(np.eye(kernel.shape[3]), np.moveaxis(kernel, 2, 0), axes=(1, 3))


def torch_number_by_number(kernel):
    """Four loops, one in the other."""
    kh, kw, channels, out = kernel.shape
    moved = np.empty((out, channels, kh, kw))
    for i in range(kh):
        for j in range(kw):
            for c in range(channels):
                for o in range(out):
                    moved[o][c][i][j] = kernel[i][j][c][o]
    return moved


RIGHT = {
    "to_keras_kernel": [
        keras_by_transposing,
        keras_by_einsum,
        keras_by_two_moves,
        keras_turned_and_mended,
        keras_as_lists,
        keras_number_by_number,
        keras_by_stacking,
        keras_by_reshaping,
    ],
    "to_torch_kernel": [
        torch_by_transposing,
        torch_by_einsum,
        torch_by_two_swaps,
        torch_filter_by_filter,
        torch_by_zipping,
        torch_by_indices,
        torch_with_an_identity,
        torch_number_by_number,
    ],
}
