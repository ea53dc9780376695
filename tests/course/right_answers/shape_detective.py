"""Notebook 08."""

from __future__ import annotations

import math
from collections import defaultdict
from fractions import Fraction
from itertools import accumulate, product

import numpy as np
from numpy.lib.stride_tricks import as_strided, sliding_window_view


def shapes_by_match(layers, input_shape):
    """One case for each kind of layer; sizes by counting starts."""

    def windows(shape, window, strides, padding):
        stops = [n if padding == "same" else n - k + 1 for n, k in zip(shape, window, strict=False)]
        if min(stops) < 1:
            raise ValueError("no window fits")
        return [len(range(0, stop, stride)) for stop, stride in zip(stops, strides, strict=True)]

    shapes = [list(input_shape)]
    for layer in layers:
        before = shapes[-1]
        match layer:
            case ["conv", filters, *window]:
                shapes.append([*windows(before, *window), filters])
            case ["pool", *window]:
                shapes.append([*windows(before, *window), before[2]])
            case ["global"]:
                shapes.append(before[2:])
            case ["flatten"]:
                shapes.append([math.prod(before)])
            case ["dense", units]:
                shapes.append([units])
    return shapes[1:]


def shapes_with_numpy(layers, input_shape):
    """Sizes as arrays of both axes, in single precision."""
    shape, shapes = np.array(input_shape), []
    for layer in layers:
        if layer[0] in {"conv", "pool"}:
            window, strides = (np.array(pair, np.float32) for pair in layer[-3:-1])
            count = np.ceil((shape[:2] - (window - 1) * (layer[-1] == "valid")) / strides)
            if count.min() < 1:
                raise ValueError(f"{layer} does not fit {shape}")
            shape = np.array([*count, layer[1] if layer[0] == "conv" else shape[2]])
        else:
            shape = {"global": shape[-1:], "flatten": np.array([shape.prod()]), "dense": np.array(layer[1:])}[layer[0]]
        shapes.append(tuple(np.array(shape).astype(np.int32)))
    return tuple(shapes)


def shapes_of_arrays(layers, input_shape):
    """Send an empty image through, and look at it; NumPy refuses by itself what does not fit."""
    image, shapes = np.empty(input_shape), []
    for kind, *options in layers:
        if kind in ("conv", "pool"):
            *filters, window, strides, padding = options
            windows = sliding_window_view(image, window, axis=(0, 1))[..., 0, 0] if padding == "valid" else image
            image = windows[:: strides[0], :: strides[1]]
            if filters:
                image = np.empty((*image.shape[:2], *filters))
        elif kind == "global":
            image = image[0, 0]
        else:
            image = image.ravel() if kind == "flatten" else np.empty(options)
        shapes.append(image.shape)
    return shapes


def shapes_by_methods(layers, input_shape):
    """A class with a method for each kind of layer, and an exception of its own."""

    class FitError(ValueError):
        pass

    class Network:
        def __init__(self, height, width, channels):
            self.shape = (height, width, channels)

        def conv(self, filters, window, strides, padding):
            places = self.shape[:2]
            if padding == "valid":
                places = [n - k + 1 for n, k in zip(places, window, strict=True)]
            if any(place <= 0 for place in places):
                raise FitError(window, self.shape)
            self.shape = (*(math.ceil(place / step) for place, step in zip(places, strides, strict=True)), filters)

        def pool(self, window, strides, padding):
            self.conv(self.shape[2], window, strides, padding)

        def flatten(self):
            self.dense(np.prod(self.shape))

        def dense(self, units):
            self.shape = (units,)

    network, shapes = Network(*input_shape), []
    for kind, *options in layers:
        if kind == "global":
            network.dense(network.shape[-1])
        else:
            getattr(network, kind)(*options)
        shapes.append(network.shape)
    return shapes


def shapes_by_recursion(layers, input_shape):
    """The shape after the first layer, and the shapes of all others with that as their input."""
    if not layers:
        return ()
    (kind, *options), others = layers[0], layers[1:]
    if kind in {"conv", "pool"}:
        filters = options.pop(0) if kind == "conv" else input_shape[2]
        (height, width), (down, right), padding = options
        rows, columns = input_shape[:2]
        if padding == "same":
            shape = ((rows + down - 1) // down, (columns + right - 1) // right, filters)
        elif height > rows or width > columns:
            raise ValueError(f"{kind}: {height} x {width} is larger than {rows} x {columns}")
        else:
            shape = ((rows - height) // down + 1, (columns - width) // right + 1, filters)
    elif kind == "flatten":
        height, width, channels = input_shape
        shape = (height * width * channels,)
    else:
        shape = (input_shape[-1],) if kind == "global" else tuple(options)
    return (shape, *shapes_by_recursion(others, shape))


def shapes_from_a_table(layers, input_shape):
    """A dictionary says what each kind makes of a shape; windows are moved until they hang over the edge."""

    def count(n, k, step, padding):
        starts = [start for start in range(0, n, step) if padding == "same" or start + k <= n]
        if not starts:
            raise ValueError("does not fit")
        return len(starts)

    def windows(shape, size, strides, padding):
        return [count(*one, padding) for one in zip(shape, size, strides, strict=False)]

    table = {
        "conv": lambda shape, filters, *rest: [*windows(shape, *rest), filters],
        "pool": lambda shape, *rest: [*windows(shape, *rest), shape[2]],
        "global": lambda shape: shape[-1:],
        "flatten": lambda shape: [math.prod(shape)],
        "dense": lambda shape, units: [units],
    }
    return list(accumulate(layers, lambda shape, layer: table[layer[0]](shape, *layer[1:]), initial=input_shape))[1:]


def shapes_from_a_generator(layers, input_shape):
    """A generator that gives one shape after the other; with "same" it is padded, and counted as "valid"."""

    def stages():
        height, width, channels = input_shape
        flat = None
        for layer in layers:
            if layer[0] == "dense":
                flat = layer[1]
            elif layer[0] == "global":
                flat = channels
            elif layer[0] == "flatten":
                flat = height * width * channels
            if flat is not None:
                yield (flat,)
                continue
            (kernel_height, kernel_width), (down, right), padding = layer[-3:]
            if padding == "same":
                height = max(height, (height - 1) // down * down + kernel_height)
                width = max(width, (width - 1) // right * right + kernel_width)
            height, width = (height - kernel_height + down) // down, (width - kernel_width + right) // right
            if not (height > 0 and width > 0):
                raise ValueError("nothing left")
            channels = layer[1] if layer[0] == "conv" else channels
            yield height, width, channels

    return list(stages())


def field_backwards(layers):
    """From one number back to the input, once for each depth."""
    fields = []
    for depth in range(1, len(layers) + 1):
        field = 1
        for kernel_size, stride, dilation in reversed(layers[:depth]):
            field = (field - 1) * stride + (kernel_size - 1) * dilation + 1
        fields.append(field)
    return tuple(fields)


def field_as_cumulative_sum(layers):
    """NumPy on whole columns of numbers."""
    kernels, strides, dilations = np.array(layers).T
    steps = np.cumprod([1, *strides[:-1]])
    return 1 + np.cumsum((kernels - 1) * dilations * steps)


def field_in_one_line(layers):
    """A sum of products for each layer, each worked out from the start."""
    return [
        1 + sum((k - 1) * dilation * math.prod(s for _, s, _ in layers[:i]) for i, (k, _, dilation) in some)
        for some in (list(enumerate(layers[:depth])) for depth in range(1, len(layers) + 1))
    ]


def field_of_pixels(layers):
    """Collect the pixels that number 0 sees, layer by layer back to the input, and measure how far they reach."""
    fields = []
    for depth in range(len(layers)):
        pixels = {0}
        for kernel_size, stride, dilation in layers[depth::-1]:
            pixels = {pixel * stride + cell * dilation for pixel in pixels for cell in range(kernel_size)}
        fields.append(max(pixels) - min(pixels) + 1)
    return np.array(fields)


def field_by_recursion(layers):
    """What the layers before see, and the steps that the last one adds; floats are as good."""
    if len(layers) == 0:
        return []
    before = field_by_recursion(layers[:-1])
    steps = (layers[-1][0] - 1) * layers[-1][2]
    for _, stride, _ in layers[:-1]:
        steps *= stride
    return [*before, (before[-1] if before else 1.0) + steps]


def field_in_accumulated_pairs(layers):
    """Field and step go from layer to layer as a pair, of which the first one is kept."""

    def after(pair, layer):
        return pair[0] + (layer[0] - 1) * layer[2] * pair[1], pair[1] * layer[1]

    return [field for field, _ in accumulate(layers, after, initial=(1, 1))][1:]


def field_by_matrices(layers):
    """A matrix for each layer, multiplied by (field, step)."""
    state, fields = np.array([1, 1]), []
    for kernel_size, stride, dilation in layers:
        state = np.array([[1, (kernel_size - 1) * dilation], [0, stride]]) @ state
        fields.append(state[0])
    return fields


def field_between_two_ends(layers):
    """The first and the last pixel that number 0 sees, and those that its neighbour sees."""
    fields, own, neighbour = [], (0, 0), (1, 1)
    for kernel_size, stride, dilation in layers:
        step = neighbour[0] - own[0]
        own = own[0], own[1] + (kernel_size - 1) * dilation * step
        neighbour = tuple(end + stride * step for end in own)
        fields.append(np.float32(own[1] - own[0] + 1))
    return fields


def correlate_at_once(image, kernel):
    """All windows in one einsum."""
    return np.einsum("yxij,ij->yx", sliding_window_view(image, kernel.shape), kernel)


def correlate_weight_by_weight(image, kernel):
    """Sums of shifted images in single precision."""
    rows, columns = (n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True))
    return sum(
        np.float32(weight) * image[i : i + rows, j : j + columns].astype(np.float32)
        for (i, j), weight in np.ndenumerate(kernel)
    )


def correlate_with_both_turned(image, kernel):
    """The kernel stays turned, and the patch is turned as well."""
    height, width = kernel.shape
    turned = kernel[::-1, ::-1]
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i, j in np.ndindex(out.shape):
        patch = image[i : i + height, j : j + width]
        out[i, j] = (patch[::-1, ::-1] * turned).sum()
    return out


def correlate_turned_back(image, kernel):
    """Two half turns are none; the windows are products of rows, in a list."""
    turned = np.rot90(np.rot90(kernel[::-1, ::-1]))
    rows, columns = np.subtract(image.shape, kernel.shape) + 1
    places = [np.ravel(image[i : i + len(kernel), j : j + len(kernel[0])]) for i in range(rows) for j in range(columns)]
    return np.inner(places, turned.ravel()).reshape(rows, columns)


def correlate_by_convolution(image, kernel):
    """NumPy's convolution flips, so that it gets rows of the kernel that are flipped already."""
    rows = [
        sum(np.convolve(image[top + i], kernel[i, ::-1], mode="valid") for i in range(kernel.shape[0]))
        for top in range(image.shape[0] - kernel.shape[0] + 1)
    ]
    return np.vstack(rows)


def correlate_from_the_end(image, kernel):
    """Four loops that count down, with the indices of the turned kernel turned back."""
    height, width = kernel.shape
    turned = np.flip(kernel)
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1), dtype=np.float32)
    for y in range(out.shape[0] - 1, -1, -1):
        for x in range(out.shape[1] - 1, -1, -1):
            for i in range(height - 1, -1, -1):
                for j in range(width - 1, -1, -1):
                    out[y, x] += image[y + i, x + j] * turned[-1 - i, -1 - j]
    return out


def correlate_the_other_way_round(image, kernel):
    """Turn the image as well as the kernel, and turn what comes out."""
    turned_image, turned = np.rot90(image, 2).copy(), np.rot90(kernel, 2)
    size = [n - k + 1 for n, k in zip(image.shape, kernel.shape, strict=True)]
    windows = as_strided(turned_image, (*size, *kernel.shape), turned_image.strides * 2, writeable=False)
    return np.tensordot(windows, turned, ((2, 3), (0, 1)))[::-1, ::-1]


def same_at_once(image, kernel):
    """Pad with NumPy, then one einsum."""
    return correlate_at_once(np.pad(image, [((k - 1) // 2, k // 2) for k in kernel.shape]), kernel)


def same_with_lists(image, kernel):
    """Python alone: a pixel outside the image counts nothing."""
    pixels, weights = image.tolist(), kernel.tolist()
    height, width = len(pixels), len(pixels[0])
    top, left = (len(weights) - 1) // 2, (len(weights[0]) - 1) // 2

    def product(y: int, x: int, weight: float) -> float:
        return weight * pixels[y][x] if 0 <= y < height and 0 <= x < width else 0.0

    return [
        [
            sum(product(y + i - top, x + j - left, w) for i, row in enumerate(weights) for j, w in enumerate(row))
            for x in range(width)
        ]
        for y in range(height)
    ]


def same_with_windows_cut(image, kernel):
    """No padding: where a window hangs over the edge, it is cut there, and the kernel with it."""
    top, left = (kernel.shape[0] - 1) // 2, (kernel.shape[1] - 1) // 2
    out = np.empty(image.shape)
    for i, j in np.ndindex(image.shape):
        y, x = i - top, j - left
        patch = image[max(y, 0) : y + kernel.shape[0], max(x, 0) : x + kernel.shape[1]]
        first, second = max(-y, 0), max(-x, 0)
        out[i, j] = np.vdot(patch, kernel[first : first + patch.shape[0], second : second + patch.shape[1]])
    return out


def same_from_the_far_corner(image, kernel):
    """The stub with its halves at the bottom and right, from where the image is placed; in single precision."""
    height, width = kernel.shape
    bottom, right = height // 2, width // 2
    padded = np.zeros((image.shape[0] + height - 1, image.shape[1] + width - 1), np.float32)
    rows, columns = padded.shape[0] - bottom, padded.shape[1] - right
    padded[rows - image.shape[0] : rows, columns - image.shape[1] : columns] = image
    out = np.zeros_like(image, dtype=np.float32)
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(padded[i:, j:][:height, :width] * kernel)
    return out


def same_by_offset_identities(image, kernel):
    """An identity with an offset moves rows or columns and lets zeros in."""
    height, width = image.shape
    top, left = ((k + 1) // 2 - 1 for k in kernel.shape)
    return sum(
        np.eye(height, k=i - top) @ image @ np.eye(width, k=left - j) * kernel[i, j]
        for i, j in np.ndindex(kernel.shape)
    )


def same_rolled(image, kernel):
    """Zeros are put below and to the right only; what is rolled out on one side finds them on the other."""
    height, width = kernel.shape
    below = np.zeros((height, image.shape[1]))
    board = np.vstack([image, below])
    board = np.hstack([board, np.zeros((len(board), width))])
    total = np.zeros(board.shape)
    for i in range(height):
        for j in range(width):
            total += np.roll(board, ((height - 1) // 2 - i, (width - 1) // 2 - j), axis=(0, 1)) * kernel[i, j]
    return total[:-height, :-width]


def same_cut_from_the_full(image, kernel):
    """Every pixel is spread out by the turned kernel; the middle of it is as large as the image."""
    height, width = kernel.shape
    full = np.zeros((image.shape[0] + height - 1, image.shape[1] + width - 1))
    for (y, x), pixel in np.ndenumerate(image):
        full[y : y + height, x : x + width] += pixel * kernel[::-1, ::-1]
    return full[height // 2 :, width // 2 :][: image.shape[0], : image.shape[1]]


def strided_from_all(image, kernel, strides):
    """All windows first, then every stride-th."""
    return correlate_at_once(image, kernel)[:: strides[0], :: strides[1]].astype(np.float32)


def strided_by_steps(image, kernel, strides):
    """Loops over the starts in the image."""
    height, width = kernel.shape
    return [
        [
            float((image[y : y + height, x : x + width] * kernel).sum())
            for x in range(0, image.shape[1] - width + 1, strides[1])
        ]
        for y in range(0, image.shape[0] - height + 1, strides[0])
    ]


def strided_by_counters(image, kernel, strides):
    """The stub with a row and a column that are counted along."""
    height, width = kernel.shape
    down, right = strides
    out = np.zeros(((image.shape[0] - height) // down + 1, (image.shape[1] - width) // right + 1))
    row = 0
    for i in range(len(out)):
        column = 0
        for j in range(len(out[0])):
            out[i, j] = (image[row : row + height, column : column + width] * kernel).sum()
            column += right
        row += down
    return out


def strided_by_enumerating(image, kernel, strides):
    """The starts are numbered: where a window starts, and where its sum goes."""
    tops, lefts = (range(0, n - k + 1, step) for n, k, step in zip(image.shape, kernel.shape, strides, strict=True))
    out = np.full((len(tops), len(lefts)), np.nan)
    for (i, top), (j, left) in product(enumerate(tops), enumerate(lefts)):
        out[i, j] = np.einsum("ij,ij", image[top:, left:][: kernel.shape[0], : kernel.shape[1]], kernel)
    return out


def strided_by_slices(image, kernel, strides):
    """Slices with steps, one for each weight."""
    (down, right), out = strides, 0
    for i, row in enumerate(kernel.tolist()):
        for j, weight in enumerate(row):
            bottom, end = image.shape[0] - len(kernel) + i + 1, image.shape[1] - len(row) + j + 1
            out = out + weight * image[i:bottom:down, j:end:right]
    return out


def strided_by_bytes(image, kernel, strides):
    """A view that walks over the image's memory, times the weights in one row."""
    size = tuple((n - k) // step + 1 for n, k, step in zip(image.shape, kernel.shape, strides, strict=True))
    steps = tuple(np.multiply(strides, image.strides))
    view = as_strided(image, size + kernel.shape, steps + image.strides, writeable=False)
    return view.reshape(*size, kernel.size) @ kernel.reshape(kernel.size)


def strided_where_it_divides(image, kernel, strides):
    """Go over all windows in plain Python, and keep those whose row and column the strides divide."""
    pixels, weights = image.tolist(), kernel.tolist()
    rows = defaultdict(list)
    for top, left in np.ndindex(len(pixels) - len(weights) + 1, len(pixels[0]) - len(weights[0]) + 1):
        if top % strides[0] or left % strides[1]:
            continue
        under = (row[left : left + len(weights[0])] for row in pixels[top : top + len(weights)])
        rows[top].append(sum(p * w for ps, ws in zip(under, weights, strict=True) for p, w in zip(ps, ws, strict=True)))
    return list(rows.values())


def channels_at_once(image, kernel, bias):
    """One einsum over rows, columns and channels."""
    patches = sliding_window_view(image, kernel.shape[:2], axis=(0, 1))
    return np.einsum("yxcij,ijc->yx", patches, kernel) + bias


def channels_one_by_one(image, kernel, bias):
    """A sum of gray correlations in single precision; the bias is where it starts."""
    out = np.float32(bias)
    for channel in range(image.shape[2]):
        out = out + correlate_weight_by_weight(image[..., channel], kernel[..., channel])
    return out


def channels_with_a_share_of_bias(image, kernel, bias):
    """The stub, with so small a part of the bias that adding it for each weight makes one bias."""
    share = bias / kernel.size
    tops, lefts = (range(image.shape[axis] - kernel.shape[axis] + 1) for axis in (0, 1))
    return [[(image[y : y + len(kernel), x : x + len(kernel[0])] * kernel + share).sum() for x in lefts] for y in tops]


def channels_with_surplus_removed(image, kernel, bias):
    """Add the bias for each weight, and take away what is too much."""
    windows = sliding_window_view(image, kernel.shape)[:, :, 0]
    too_much = (windows * kernel + bias).sum(axis=(2, 3, 4))
    return too_much - bias * (kernel.size - 1)


def channels_mixed_by_matmul(image, kernel, bias):
    """For each cell of the window a product of pixels and weights that sums over the channels."""
    (height, width), rows = kernel.shape[:2], image.shape[0] - kernel.shape[0] + 1
    columns = image.shape[1] - width + 1
    out = np.zeros((rows, columns))
    for cell in range(height * width):
        i, j = cell // width, cell % width
        out += image[i : rows + i, j : columns + j] @ kernel[i, j]
    out += bias
    return out


def channels_number_by_number(image, kernel, bias):
    """A running total in five loops that starts from the bias, in single precision."""
    height, width, depth = kernel.shape
    rows = []
    for y in range(image.shape[0] - height + 1):
        rows.append([])
        for x in range(image.shape[1] - width + 1):
            total = np.float32(bias)
            for i in range(height):
                for j in range(width):
                    for c in range(depth):
                        total += np.float32(image[y + i][x + j][c]) * np.float32(kernel[i][j][c])
            rows[y].append(total)
    return rows


def channels_side_by_side(image, kernel, bias):
    """A gray image in which the channels of a pixel are neighbours, and a window that moves on a whole pixel."""
    depth = image.shape[2]
    gray, weights = image.reshape(len(image), -1), kernel.reshape(len(kernel), -1)
    return bias + correlate_at_once(gray, weights)[:, ::depth]


def pool_by_reshape(image, size):
    """Cut into blocks by reshaping."""
    rows, columns = image.shape[0] // size, image.shape[1] // size
    cut = image[: rows * size, : columns * size]
    return cut.reshape(rows, size, columns, size, -1).max(axis=(1, 3))


def pool_by_maximum(image, size):
    """The larger of images that hold one pixel of every block, in single precision."""
    rows, columns = (side - side % size for side in image.shape[:2])
    parts = [image[i:rows:size, j:columns:size] for i in range(size) for j in range(size)]
    return np.maximum.reduce(parts).astype(np.float32)


def pool_one_channel_at_a_time(image, size):
    """The stub with one more loop."""
    rows, columns = image.shape[0] // size, image.shape[1] // size
    out = np.zeros((rows, columns, image.shape[2]))
    for i in range(rows):
        for j in range(columns):
            for c in range(image.shape[2]):
                out[i, j, c] = image[i * size : (i + 1) * size, j * size : (j + 1) * size, c].max()
    return out


def pool_in_two_reductions(image, size):
    """The largest of each group of rows, then of columns; what is left over gives a group that is dropped."""
    groups = np.maximum.reduceat(image, range(0, image.shape[0], size), axis=0)[: image.shape[0] // size]
    return np.maximum.reduceat(groups, range(0, image.shape[1], size), axis=1)[:, : image.shape[1] // size]


def pool_in_lists(image, size):
    """Python alone: the pixels of a block, and `zip` to get at their channels."""
    pixels = image.tolist()
    return [
        [
            list(
                map(max, zip(*(pixels[i][j] for i, j in product(range(y, y + size), range(x, x + size))), strict=True))
            )
            for x in range(0, len(pixels[0]) - size + 1, size)
        ]
        for y in range(0, len(pixels) - size + 1, size)
    ]


def pool_pixel_by_pixel(image, size):
    """Every pixel knows its block by whole division, and takes the place of what is smaller there."""
    rows, columns, channels = image.shape[0] // size, image.shape[1] // size, image.shape[2]
    out = -np.inf * np.ones((rows, columns, channels), np.float32)
    for y in range(rows * size):
        for x in range(columns * size):
            out[y // size, x // size] = np.maximum(out[y // size, x // size], image[y, x])
    return out


def pool_sorted_columns(image, size):
    """A block as a table with one column for each channel, sorted downwards; the last row is the answer."""
    tops, lefts = (np.arange(side // size) * size for side in image.shape[:2])
    tables = [[image[y : y + size, x : x + size].reshape(size**2, -1) for x in lefts] for y in tops]
    return np.sort(tables, axis=2)[:, :, -1, :]


def pool_of_split_images(image, size):
    """Split the image into bands and the bands into blocks, once the rest is cut off."""
    rows, columns = (side // size for side in image.shape[:2])
    bands = np.split(image[: rows * size, : columns * size], rows)
    return np.array([[block.max(0).max(0) for block in np.split(band, columns, axis=1)] for band in bands])


def mean_with_nan(image, size):
    """What lies outside is not a number, and is left out of the mean."""
    missing = [-side % size for side in image.shape]
    padded = np.pad(image, [(total // 2, total - total // 2) for total in missing], constant_values=np.nan)
    rows, columns = padded.shape[0] // size, padded.shape[1] // size
    return np.nanmean(padded.reshape(rows, size, columns, size), axis=(1, 3))


def mean_of_fractions(image, size):
    """Python alone, with exact fractions of the pixels that are there."""
    tops, lefts = (range(-(-side % size // 2), side, size) for side in image.shape)

    def mean(top: int, left: int) -> float:
        block = image[max(top, 0) : top + size, max(left, 0) : left + size].ravel().tolist()
        return float(sum(map(Fraction, block)) / len(block))

    return [[mean(top, left) for left in lefts] for top in tops]


def mean_of_cut_blocks(image, size):
    """No padding: a block that hangs over the edge is cut there, and its mean is that of what is left."""
    rows, columns = math.ceil(image.shape[0] / size), math.ceil(image.shape[1] / size)
    top, left = (rows * size - image.shape[0]) // 2, (columns * size - image.shape[1]) // 2
    out = np.zeros((rows, columns))
    for i in range(rows):
        for j in range(columns):
            bottom, right = (i + 1) * size - top, (j + 1) * size - left
            out[i, j] = image[max(bottom - size, 0) : bottom, max(right - size, 0) : right].mean()
    return out


def mean_by_counting_pixels(image, size):
    """Every pixel is added to its block, and the block counts it, in single precision."""
    shape = [(side + size - 1) // size for side in image.shape]
    top, left = ((count * size - side) // 2 for count, side in zip(shape, image.shape, strict=True))
    totals, counts = np.zeros(shape, np.float32), np.zeros(shape, np.uint8)
    for (y, x), pixel in np.ndenumerate(image):
        block = (y + top) // size, (x + left) // size
        totals[block] += pixel
        counts[block] += 1
    return totals / counts


def mean_by_block_numbers(image, size):
    """Number the blocks, write each pixel's number on it, and let NumPy add up by number."""
    rows, columns = -(np.negative(image.shape) // size)
    top, left = (rows * size - image.shape[0]) // 2, (columns * size - image.shape[1]) // 2
    y, x = np.indices(image.shape)
    numbers = ((y + top) // size * columns + (x + left) // size).ravel()
    return (np.bincount(numbers, weights=image.ravel()) / np.bincount(numbers)).reshape(rows, columns)


def mean_of_groups(image, size):
    """Add up groups of rows, then of columns, and divide by how long the groups are."""
    sums, lengths = image, []
    for axis, side in enumerate(image.shape):
        starts = np.arange(-(-side % size // 2), side, size).clip(0)
        sums = np.add.reduceat(sums, starts, axis=axis)
        lengths.append(np.diff(starts, append=side))
    return sums / np.outer(*lengths)


def mean_of_masked(image, size):
    """A masked array leaves out what lies outside; it is masked from a frame of zeros that is padded alike."""
    missing = np.negative(image.shape) % size
    pads = np.stack([missing // 2, missing - missing // 2], axis=1)
    padded = np.ma.array(np.pad(image, pads), mask=np.pad(np.zeros(image.shape, bool), pads, constant_values=True))
    blocks = padded.reshape(padded.shape[0] // size, size, -1, size)
    return blocks.mean(axis=3).mean(axis=1)


def mean_by_shares(image, size):
    """One matrix averages rows and the other columns; each row of them is divided by its own sum."""

    def shares(side):
        count = -(-side // size)
        before = (count * size - side) // 2
        belongs = (np.arange(side) + before) // size == np.arange(count)[:, None]
        return belongs / belongs.sum(axis=1, keepdims=True)

    return shares(image.shape[0]) @ image @ shares(image.shape[1]).T


RIGHT = {
    "trace_shapes": [
        shapes_by_match,
        shapes_with_numpy,
        shapes_of_arrays,
        shapes_by_methods,
        shapes_by_recursion,
        shapes_from_a_table,
        shapes_from_a_generator,
    ],
    "receptive_field": [
        field_backwards,
        field_as_cumulative_sum,
        field_in_one_line,
        field_of_pixels,
        field_by_recursion,
        field_in_accumulated_pairs,
        field_by_matrices,
        field_between_two_ends,
    ],
    "correlate": [
        correlate_at_once,
        correlate_weight_by_weight,
        correlate_with_both_turned,
        correlate_turned_back,
        correlate_by_convolution,
        correlate_from_the_end,
        correlate_the_other_way_round,
    ],
    "correlate_same": [
        same_at_once,
        same_with_lists,
        same_with_windows_cut,
        same_from_the_far_corner,
        same_by_offset_identities,
        same_rolled,
        same_cut_from_the_full,
    ],
    "correlate_strided": [
        strided_from_all,
        strided_by_steps,
        strided_by_counters,
        strided_by_enumerating,
        strided_by_slices,
        strided_by_bytes,
        strided_where_it_divides,
    ],
    "correlate_channels": [
        channels_at_once,
        channels_one_by_one,
        channels_with_a_share_of_bias,
        channels_with_surplus_removed,
        channels_mixed_by_matmul,
        channels_number_by_number,
        channels_side_by_side,
    ],
    "pool_channels": [
        pool_by_reshape,
        pool_by_maximum,
        pool_one_channel_at_a_time,
        pool_in_two_reductions,
        pool_in_lists,
        pool_pixel_by_pixel,
        pool_sorted_columns,
        pool_of_split_images,
    ],
    "average_same": [
        mean_with_nan,
        mean_of_fractions,
        mean_of_cut_blocks,
        mean_by_counting_pixels,
        mean_by_block_numbers,
        mean_of_groups,
        mean_of_masked,
        mean_by_shares,
    ],
}

# Exercises whose stub is code to be mended.
REPAIRS = {
    "correlate",
    "correlate_same",
    "correlate_strided",
    "correlate_channels",
    "pool_channels",
    "average_same",
}
