"""Notebook 08."""

from __future__ import annotations

import math

import numpy as np

from tests.course.wrong_answers import stops, wrong

# --- trace_shapes -------------------------------------------------------------------------------------------------


def windows_along(n, k, s, padding):
    """The windows along one axis, rightly."""
    if padding == "same":
        return math.ceil(n / s)
    if k > n:
        raise ValueError("the window does not fit")
    return (n - k) // s + 1


def rows_and_columns(shape, size, strides, padding, count=windows_along):
    """The windows along both axes."""
    return tuple(count(shape[axis], size[axis], strides[axis], padding) for axis in (0, 1))


@wrong("trace_shapes", "M13")
def rounded_up_everywhere(layers, input_shape):
    """Sizes are rounded up under "valid", too."""

    def count(n, k, s, padding):
        if padding == "same":
            return int(np.ceil(n / s))
        if n < k:
            raise ValueError("too small")
        return int(np.ceil((n - k) / s + 1))

    shape, all_shapes = input_shape, []
    for layer in layers:
        kind = layer[0]
        if kind == "conv":
            shape = (*rows_and_columns(shape, *layer[2:], count), layer[1])
        elif kind == "pool":
            shape = (*rows_and_columns(shape, *layer[1:], count), shape[2])
        elif kind == "global":
            shape = (shape[2],)
        elif kind == "flatten":
            shape = (shape[0] * shape[1] * shape[2],)
        else:
            shape = (layer[1],)
        all_shapes.append(shape)
    return all_shapes


@wrong("trace_shapes", "F84")
def input_shape_each_time(layers, input_shape):
    """Every layer is worked out from the input shape."""
    result = []
    h, w, c = input_shape
    for layer in layers:
        match layer:
            case ("conv", filters, size, strides, padding):
                result.append((*rows_and_columns((h, w), size, strides, padding), filters))
            case ("pool", size, strides, padding):
                result.append((*rows_and_columns((h, w), size, strides, padding), c))
            case ("global",):
                result.append((c,))
            case ("flatten",):
                result.append((h * w * c,))
            case ("dense", units):
                result.append((units,))
    return result


@wrong("trace_shapes", "F82")
def channels_not_flattened(layers, input_shape):
    """Flatten multiplies height and width only."""
    now = list(input_shape)
    out = []
    for name, *rest in layers:
        if name == "conv":
            now = [*rows_and_columns(now, *rest[1:]), rest[0]]
        if name == "pool":
            now = [*rows_and_columns(now, *rest), now[2]]
        if name == "global":
            now = now[2:]
        if name == "flatten":
            now = [now[0] * now[1]]
        if name == "dense":
            now = [rest[0]]
        out.append(tuple(now))
    return out


@wrong("trace_shapes", "M20")
def same_keeps_all(layers, input_shape):
    """Under "same" height and width stay, whatever the stride."""

    def count(n, k, s, padding):
        return n if padding == "same" else windows_along(n, k, s, padding)

    rules = {
        "conv": lambda last, filters, *window: (*rows_and_columns(last, *window, count), filters),
        "pool": lambda last, *window: (*rows_and_columns(last, *window, count), last[2]),
        "global": lambda last: (last[2],),
        "flatten": lambda last: (int(np.prod(last)),),
        "dense": lambda last, units: (units,),
    }
    stages = [input_shape]
    for kind, *options in layers:
        stages.append(rules[kind](stages[-1], *options))
    return stages[1:]


@wrong("trace_shapes", "M29")
def maps_of_every_channel(layers, input_shape):
    """A convolution has channels times filters."""
    shapes = []
    h, w, c = (*input_shape,)
    for layer in layers:
        if layer[0] in ("conv", "pool"):
            h, w = rows_and_columns((h, w), *layer[-3:])
            if layer[0] == "conv":
                c *= layer[1]
            shapes.append((h, w, c))
        elif layer[0] == "global":
            shapes.append((c,))
        elif layer[0] == "flatten":
            shapes.append((h * w * c,))
        elif layer[0] == "dense":
            shapes.append((layer[1],))
    return shapes


@wrong("trace_shapes", "P13a")
def pools_side_by_side(layers, input_shape):
    """Pooling divides by its size, whatever the strides."""
    shape, shapes = tuple(input_shape), []
    for layer in layers:
        if layer[0] == "conv":
            shape = (*rows_and_columns(shape, *layer[2:]), layer[1])
        elif layer[0] == "pool":
            (ph, pw), _, padding = layer[1:]
            if padding == "same":
                shape = (math.ceil(shape[0] / ph), math.ceil(shape[1] / pw), shape[2])
            else:
                shape = (shape[0] // ph, shape[1] // pw, shape[2])
            if 0 in shape:
                raise ValueError("nothing is left")
        elif layer[0] == "global":
            shape = shape[-1:]
        elif layer[0] == "flatten":
            shape = (math.prod(shape),)
        else:
            shape = (layer[1],)
        shapes.append(shape)
    return shapes


@wrong("trace_shapes", "P13b")
def pools_side_by_side_under_valid(layers, input_shape):
    """Under "valid" pooling divides by its size, whatever the strides."""

    def pooled(shape, size, strides, padding):
        if padding == "same":
            return (*rows_and_columns(shape, size, strides, padding), shape[2])
        if any(n < k for n, k in zip(shape, size, strict=False)):
            raise ValueError("the pool does not fit")
        return shape[0] // size[0], shape[1] // size[1], shape[2]

    shape, shapes = input_shape, []
    for kind, *rest in layers:
        if kind == "conv":
            shape = (*rows_and_columns(shape, *rest[1:]), rest[0])
        if kind == "pool":
            shape = pooled(shape, *rest)
        if kind == "global":
            shape = (shape[2],)
        if kind == "flatten":
            shape = (shape[0] * shape[1] * shape[2],)
        if kind == "dense":
            shape = tuple(rest)
        shapes.append(shape)
    return shapes


@stops("trace_shapes", ValueError)
def five_things_in_every_layer(layers, input_shape):
    """Every layer is taken apart into the five things that a convolution has."""
    shape, out = input_shape, []
    for kind, filters, size, strides, padding in layers:
        height, width = rows_and_columns(shape, size, strides, padding)
        shape = (height, width, filters if kind == "conv" else shape[2])
        out.append(shape)
    return out


# --- receptive_field ----------------------------------------------------------------------------------------------


@wrong("receptive_field", "C2c")
def strides_ignored(layers):
    """Strides are not used at all."""
    seen, result = 1, []
    for k, _, d in layers:
        seen += (k - 1) * d
        result.append(seen)
    return result


@wrong("receptive_field", "C2a")
def sizes_summed(layers):
    """The kernel sizes are added up."""
    return list(np.cumsum([layer[0] for layer in layers]))


@wrong("receptive_field", "C2e")
def stride_before_only(layers):
    """Only the stride of the layer before counts."""
    r, previous, out = 1, 1, []
    for k, s, d in layers:
        r = r + (k - 1) * d * previous
        previous = s
        out.append(r)
    return out


@wrong("receptive_field", "C2d")
def own_stride_first(layers):
    """A layer's own stride is multiplied in before its window is added."""
    field = jump = 1
    fields = []
    for kernel_size, stride, dilation in layers:
        jump *= stride
        field += dilation * (kernel_size - 1) * jump
        fields += [field]
    return fields


@wrong("receptive_field", "C2g")
def rule_of_the_way_back(layers):
    """r = (r - 1) * s + k is the rule for going back, and here it goes forwards."""
    r, fields = 1, []
    for k, s, d in layers:
        r = (r - 1) * s + (k - 1) * d + 1
        fields.append(r)
    return fields


@wrong("receptive_field", "C2h")
def step_from_the_second_layer_on(layers):
    """The step is multiplied from the second layer on, and the first stride is left out."""
    field, jump, fields = 1, 1, []
    for i, (k, s, d) in enumerate(layers):
        field += (k - 1) * d * jump
        if i > 0:
            jump *= s
        fields.append(field)
    return fields


@wrong("receptive_field", "C3b")
def dilation_left_out(layers):
    """The dilation is not used."""
    sizes = [k for k, _, _ in layers]
    strides = [s for _, s, _ in layers]
    return [1 + sum((sizes[i] - 1) * math.prod(strides[:i]) for i in range(upto + 1)) for upto in range(len(layers))]


# --- the clinic ---------------------------------------------------------------------------------------------------


@wrong("correlate", "M2b")
def one_turn_taken_away(image, kernel):
    """The columns are in order, and the rows still run backwards."""
    height, width = kernel.shape
    turned = kernel[::-1]
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (image[i : i + height, j : j + width] * turned).sum()
    return out


@wrong("correlate_same", "M16")
def half_on_both_sides(image, kernel):
    """The frame has k // 2 on both sides."""
    height, width = kernel.shape
    padded = np.pad(image, [(height // 2, height // 2), (width // 2, width // 2)])
    out = np.zeros((padded.shape[0] - height + 1, padded.shape[1] - width + 1))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (padded[i : i + height, j : j + width] * kernel).sum()
    return out


@wrong("correlate_strided", "F89")
def output_in_steps(image, kernel, strides):
    """The loops step through the output."""
    height, width = kernel.shape
    down, right = strides
    out = np.zeros(((image.shape[0] - height) // down + 1, (image.shape[1] - width) // right + 1))
    for i in range(0, out.shape[0], down):
        for j in range(0, out.shape[1], right):
            out[i, j] = (image[i : i + height, j : j + width] * kernel).sum()
    return out


@wrong("correlate_channels", "M36")
def bias_for_each_channel(image, kernel, bias):
    """The bias is added once for each channel."""
    height, width, channels = kernel.shape
    out = np.zeros((image.shape[0] - height + 1, image.shape[1] - width + 1))
    for c in range(channels):
        for i in range(out.shape[0]):
            for j in range(out.shape[1]):
                out[i, j] += (image[i : i + height, j : j + width, c] * kernel[..., c]).sum() + bias
    return out


@wrong("average_same", "F91")
def zeros_not_counted(image, size):
    """Pixels that are 0 are not counted."""
    rows, columns = -(-image.shape[0] // size), -(-image.shape[1] // size)
    top, left = (rows * size - image.shape[0]) // 2, (columns * size - image.shape[1]) // 2
    padded = np.zeros((rows * size, columns * size))
    padded[top : top + image.shape[0], left : left + image.shape[1]] = image
    blocks = padded.reshape(rows, size, columns, size)
    return blocks.sum(axis=(1, 3)) / (blocks != 0).sum(axis=(1, 3))


@wrong("pool_channels", "P2a")
def one_channel_left(image, size):
    """Each block gives one number for all channels."""
    rows, columns = image.shape[0] // size, image.shape[1] // size
    blocks = image[: rows * size, : columns * size].reshape(rows, size, columns, size, -1)
    return blocks.max(axis=(1, 3, 4))[..., None]
