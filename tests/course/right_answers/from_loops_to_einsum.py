"""Notebook 07."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def strides_by_hand(x, kernel_size, strides=1):
    """A view made of shapes and bytes."""
    (height, width), (down, along) = np.broadcast_to(kernel_size, 2), np.broadcast_to(strides, 2)
    n, rows, columns, c = x.shape
    image, row, column, channel = x.strides
    shape = (n, (rows - height) // down + 1, (columns - width) // along + 1, height, width, c)
    return as_strided(x, shape, (image, down * row, along * column, row, column, channel), writeable=False)


def copies_in_float32(x, kernel_size, strides=1):
    """A new array, filled cell by cell of the window, in single precision."""
    (height, width), (down, along) = np.broadcast_to(kernel_size, 2), np.broadcast_to(strides, 2)
    rows, columns = (x.shape[1] - height) // down + 1, (x.shape[2] - width) // along + 1
    out = np.zeros((len(x), rows, columns, height, width, x.shape[3]), np.float32)
    for i, j in np.ndindex(height, width):
        out[:, :, :, i, j] = x[:, i : i + rows * down : down, j : j + columns * along : along][:, :rows, :columns]
    return out


def lists_of_windows(x, kernel_size, strides=1):
    """Python alone: slices in lists."""
    height, width = (kernel_size, kernel_size) if isinstance(kernel_size, int) else kernel_size
    down, along = (strides, strides) if isinstance(strides, int) else strides
    return [
        [
            [image[y : y + height, z : z + width].tolist() for z in range(0, image.shape[1] - width + 1, along)]
            for y in range(0, image.shape[0] - height + 1, down)
        ]
        for image in x
    ]


def indices_in_tables(x, kernel_size, strides=1):
    """Look up all cells of all windows at once, by their rows and columns."""
    size = kernel_size if isinstance(kernel_size, tuple) else (kernel_size,) * 2
    step = strides if isinstance(strides, tuple) else (strides,) * 2
    rows, columns = (
        np.arange(0, n - k + 1, s)[:, np.newaxis] + np.arange(k)
        for n, k, s in zip(x.shape[1:3], size, step, strict=True)
    )
    return x[:, rows[:, None, :, None], columns[:, None, :]]


def rows_then_columns(x, kernel_size, strides=1):
    """Windows along one axis, of which every stride-th is kept, then along the other; the channels go last."""
    size, step = ([pair, pair] if np.ndim(pair) == 0 else pair for pair in (kernel_size, strides))
    down = sliding_window_view(x, size[0], axis=1)[:, :: step[0]]
    both = sliding_window_view(down, size[1], axis=2)[:, :, :: step[1]]
    return np.moveaxis(both, 3, -1)


def flattened_places(x, kernel_size, strides=1):
    """Number the pixels of an image, cut windows of these numbers, and take the pixels that they name."""
    height, width = np.ones(2, int) * kernel_size
    down, along = np.ones(2, int) * strides
    numbers = np.arange(x.shape[1] * x.shape[2]).reshape(x.shape[1:3])
    named = [
        [numbers[y : y + height, z : z + width] for z in range(0, x.shape[2] - width + 1, along)]
        for y in range(0, x.shape[1] - height + 1, down)
    ]
    return x.reshape(len(x), -1, x.shape[3]).take(named, axis=1)


def cut_in_while_loops(x, kernel_size, strides=1):
    """Windows of the whole batch, appended for as long as they fit; the images go first at the end."""
    try:
        height, width = kernel_size
    except TypeError:
        height = width = kernel_size
    down, along = (strides, strides) if type(strides) is int else strides
    out, bottom = [], height
    while bottom <= x.shape[1]:
        right = width
        row = []
        while right <= x.shape[2]:
            row.append(x[:, bottom - height : bottom, right - width : right])
            right += along
        out.append(row)
        bottom += down
    return np.array(out).transpose(2, 0, 1, 3, 4, 5)


def as_deep_as_the_image(images, kernel_size, strides=1):
    """A window over all four axes, which has one place only along the channels; images are taken one at a time."""
    height, width = kernel_size if np.iterable(kernel_size) else (kernel_size, kernel_size)
    down, along = strides if np.iterable(strides) else (strides, strides)
    return sliding_window_view(images, (1, height, width, images.shape[3]))[:, ::down, ::along, 0, 0]


def chosen_by_matrices(x, kernel_size, strides=1):
    """Matrices of zeros and ones choose the rows and columns of each window."""

    def chosen(n, k, step):
        matrix = np.zeros(((n - k) // step + 1, k, n))
        for at, i in np.ndindex(matrix.shape[:2]):
            matrix[at, i, at * step + i] = 1
        return matrix

    size, step = ((two, two) if isinstance(two, int) else two for two in (kernel_size, strides))
    rows, columns = map(chosen, x.shape[1:3], size, step)
    return np.einsum("yir,nrqc,xjq->nyxijc", rows, x, columns)


def letters_of_numpy(x, w, strides=1):
    """The letters in the order in which NumPy has the axes."""
    down, along = np.broadcast_to(strides, 2)
    patches = sliding_window_view(x, w.shape[:2], axis=(1, 2))[:, ::down, ::along]
    return np.einsum("nyxcij,ijco->nyxo", patches, w, optimize=True)


def contracted_in_float32(x, w, strides=1):
    """tensordot in single precision."""
    patches = strides_by_hand(x.astype(np.float32), w.shape[:2], strides)
    return np.tensordot(patches, w.astype(np.float32), axes=3)


def a_product_for_each_cell(x, w, strides=1):
    """One matrix product for each cell of the kernel."""
    down, along = np.broadcast_to(strides, 2)
    rows, columns = x.shape[1] - w.shape[0] + 1, x.shape[2] - w.shape[1] + 1
    maps = sum(x[:, i : i + rows, j : j + columns] @ w[i, j] for i, j in np.ndindex(w.shape[:2]))
    return maps[:, ::down, ::along]


def windows_in_columns(x, w, strides=1):
    """The other way round: windows are columns and filters rows, flattened channels first."""
    down, along = np.broadcast_to(strides, 2)
    patches = sliding_window_view(x, w.shape[:2], axis=(1, 2))[:, ::down, ::along]
    n, rows, columns = patches.shape[:3]
    product = w.transpose(3, 2, 0, 1).reshape(w.shape[3], -1) @ patches.reshape(n * rows * columns, -1).T
    return product.reshape(-1, n, rows, columns).transpose(1, 2, 3, 0)


def gathered_rows(x, w, strides=1):
    """One window in each row of a matrix, looked up by indices, times one filter in each column."""
    patches = indices_in_tables(x, w.shape[:2], strides)
    matrix = patches.reshape(-1, w[..., 0].size)
    return np.dot(matrix, w.reshape(matrix.shape[1], -1)).reshape(*patches.shape[:3], -1)


def stacked_cells(x, w, strides=1):
    """One image of columns for each cell of the kernel, side by side: the channels become many more channels."""
    down, along = (strides, strides) if isinstance(strides, int) else strides
    height, width, _, filters = w.shape
    ends = x.shape[1] - height + 1, x.shape[2] - width + 1
    cells = [x[:, i : ends[0] + i : down, j : ends[1] + j : along] for i in range(height) for j in range(width)]
    return np.matmul(np.concatenate(cells, axis=-1), w.reshape(-1, filters))


def rows_of_the_kernel(x, w, strides=1):
    """Windows along the width only, summed with each row of the kernel; then the shifted sums are added."""
    down, along = strides if isinstance(strides, tuple) else (strides, strides)
    across = sliding_window_view(x, w.shape[1], axis=2)[:, :, ::along]
    rows = np.einsum("nyxcj,ijco->inyxo", across, w, optimize=True)
    ends = x.shape[1] - len(w) + 1
    return sum(row[:, i : i + ends : down] for i, row in enumerate(rows))


def bands_in_a_matrix(x, w, strides=1):
    """A matrix for each row of the kernel, with its weights in bands, times all rows of pixels and channels."""
    down, along = np.ones(2, int) * strides
    height, width, channels, filters = w.shape
    n, rows, columns, _ = x.shape
    starts = np.arange(0, columns - width + 1, along)
    bands = np.zeros((height, columns, channels, len(starts), filters))
    for j in range(width):
        bands[:, starts + j, :, np.arange(len(starts))] = w[:, j]
    lines = x.reshape(n, rows, -1)
    ends = rows - height + 1
    maps = sum(lines[:, i : i + ends : down] @ bands[i].reshape(columns * channels, -1) for i in range(height))
    return maps.reshape(n, -1, len(starts), filters)


def by_fourier_transform(x, w, strides=1):
    """Products of spectra, added up over the channels; what went round the image is cut off."""
    down, along = np.broadcast_to(strides, 2)
    size = x.shape[1:3]
    images, filters = np.fft.rfft2(x, axes=(1, 2)), np.fft.rfft2(w, size, axes=(0, 1)).conj()
    around = np.fft.irfft2((images[..., None] * filters).sum(axis=3), size, axes=(1, 2))
    return around[:, : size[0] - w.shape[0] + 1 : down, : size[1] - w.shape[1] + 1 : along]


FAST = [
    letters_of_numpy,
    contracted_in_float32,
    a_product_for_each_cell,
    windows_in_columns,
    gathered_rows,
    stacked_cells,
    rows_of_the_kernel,
    bands_in_a_matrix,
    by_fourier_transform,
]

RIGHT = {
    "windows": [
        strides_by_hand,
        copies_in_float32,
        lists_of_windows,
        indices_in_tables,
        rows_then_columns,
        flattened_places,
        cut_in_while_loops,
        as_deep_as_the_image,
        chosen_by_matrices,
    ],
    "conv2d_einsum": FAST,
    "conv2d_im2col": FAST,
}

# Behaviours that catch nothing alone, and why they are kept.
TIME = "it asks for time; what is wrong there is wrong elsewhere, too"
KEPT = {("conv2d_einsum", "fast"): TIME, ("conv2d_im2col", "fast"): TIME}
