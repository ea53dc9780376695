"""Notebook 05."""

from __future__ import annotations

import numpy as np

from tests.course.wrong_answers import stops, wrong

# --- conv2d_one_filter --------------------------------------------------------------------------------------------


def room(image, kernel):
    """Zeros for the map of one filter, rightly."""
    return np.zeros((image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1))


@wrong("conv2d_one_filter", "M28")
def channel_zero(image, kernel, bias):
    """Only channel 0 is filtered."""
    out = room(image, kernel)
    kh, kw, _ = kernel.shape
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw, 0] * kernel[:, :, 0]) + bias
    return out


@wrong("conv2d_one_filter", "M30")
def first_slice_for_all(image, kernel, bias):
    """Every channel meets the first slice of the filter."""
    out = room(image, kernel)
    kh, kw, channels = kernel.shape
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            s = 0
            for c in range(channels):
                s += np.sum(image[i : i + kh, j : j + kw, c] * kernel[:, :, 0])
            out[i, j] = s + bias
    return out


@wrong("conv2d_one_filter", "M36")
def bias_with_each_channel(image, kernel, bias):
    """Each channel's map is made with the bias, and then they are added."""
    out = room(image, kernel)
    for c in range(image.shape[2]):
        for i, j in np.ndindex(*out.shape):
            window = image[i : i + kernel.shape[0], j : j + kernel.shape[1], c]
            out[i, j] += np.sum(window * kernel[:, :, c]) + bias
    return out


@wrong("conv2d_one_filter", "M35")
def bias_with_each_product(image, kernel, bias):
    """The bias is added before the sum."""
    out = room(image, kernel)
    kh, kw = kernel.shape[:2]
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw, :] * kernel + bias)
    return out


@wrong("conv2d_one_filter", "F13")
def last_channel_wins(image, kernel, bias):
    """Each channel overwrites the total of the one before."""
    out = room(image, kernel)
    kh, kw, nc = kernel.shape
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for c in range(nc):
                value = np.sum(image[i : i + kh, j : j + kw, c] * kernel[..., c])
            out[i, j] = value + bias
    return out


@wrong("conv2d_one_filter", "M31")
def channels_averaged(image, kernel, bias):
    """The maps of the channels are averaged."""
    maps = []
    for c in range(kernel.shape[2]):
        view = np.lib.stride_tricks.sliding_window_view(image[..., c], kernel.shape[:2])
        maps.append((view * kernel[..., c]).sum(axis=(-1, -2)))
    return np.mean(maps, axis=0) + bias


@wrong("conv2d_one_filter", "M29")
def a_map_for_each_channel(image, kernel, bias):
    """The channels are kept apart."""
    kh, kw, c = kernel.shape
    out = np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1, c))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel, axis=(0, 1)) + bias
    return out


@wrong("conv2d_one_filter", "M1", "M34")
def flipped_through_and_through(image, kernel, bias):
    """np.flip without axes turns the filter round, and its channels, too."""
    out = room(image, kernel)
    turned = np.flip(kernel)
    kh, kw, _ = turned.shape
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = (turned * image[i : i + kh, j : j + kw]).sum() + bias
    return out


@wrong("conv2d_one_filter", "M37a")
def no_bias(image, kernel, bias):
    """The bias is not added."""
    kh, kw, _ = kernel.shape
    rows = range(image.shape[0] - kh + 1)
    columns = range(image.shape[1] - kw + 1)
    return np.array([[np.vdot(image[i : i + kh, j : j + kw], kernel) for j in columns] for i in rows])


@wrong("conv2d_one_filter", "M42a")
def map_like_the_image(image, kernel, bias):
    """The map has the type of the image."""
    kh, kw, _ = kernel.shape
    out = np.zeros_like(image[kh - 1 :, kw - 1 :, 0])
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + kh, j : j + kw] * kernel) + bias
    return out


@wrong("conv2d_one_filter", "F5b")
def three_by_three_of_all_channels(image, kernel, bias):
    """Windows of 3 x 3 are cut whatever the filter is."""
    out = np.zeros((image.shape[0] - 2, image.shape[1] - 2))
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            out[i, j] = np.sum(image[i : i + 3, j : j + 3, :] * kernel) + bias
    return out


@wrong("conv2d_one_filter", "F5c")
def three_by_three_in_the_loops(image, kernel, bias):
    """Loops over three rows and three columns of the filter."""
    out = room(image, kernel) + bias
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            for a in range(3):
                for b in range(3):
                    for c in range(kernel.shape[2]):
                        out[i, j] += image[i + a, j + b, c] * kernel[a, b, c]
    return out


@stops("conv2d_one_filter", ValueError)
def kernel_of_another_rank(image, kernel, bias):
    """The filter's shape is unpacked into two numbers, and it has three."""
    kh, kw = kernel.shape
    return np.zeros((image.shape[0] - kh + 1, image.shape[1] - kw + 1)) + bias


# --- conv2d -------------------------------------------------------------------------------------------------------


def step_of(strides):
    """A pair of one number or of two, rightly."""
    return (strides, strides) if np.isscalar(strides) else tuple(strides)


def total_of(n, k, s):
    """The total of padding along an axis, rightly."""
    return max((-(-n // s) - 1) * s + k - n, 0)


def pads_of(x, w, step):
    """What "same" adds along both axes, rightly."""
    totals = [total_of(n, k, s) for n, k, s in zip(x.shape[1:3], w.shape[:2], step, strict=True)]
    return [(t // 2, t - t // 2) for t in totals]


def padded(x, w, step, padding):
    """The images after padding, rightly."""
    return np.pad(x, [(0, 0), *pads_of(x, w, step), (0, 0)]) if padding == "same" else x


def sums(x, w, step):
    """The sums of all windows, rightly."""
    kh, kw, _, filters = w.shape
    sh, sw = step
    out = np.zeros((len(x), (x.shape[1] - kh) // sh + 1, (x.shape[2] - kw) // sw + 1, filters))
    for i in range(out.shape[1]):
        for j in range(out.shape[2]):
            patch = x[:, i * sh : i * sh + kh, j * sw : j * sw + kw]
            out[:, i, j] = np.tensordot(patch, w, axes=([1, 2, 3], [0, 1, 2]))
    return out


def finish(z, b, activation):
    """Bias and activation, rightly."""
    if b is not None:
        z = z + b
    return np.where(z > 0, z, 0) if activation == "relu" else z


@wrong("conv2d", "M7b")
def while_it_ends_before_the_edge(x, w, b=None, strides=1, padding="valid", activation=None):
    """A window has to end before the edge, `<`, where it may end at it, `<=`."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    kh, kw, _, filters = w.shape
    tops, lefts = [], []
    top = left = 0
    while top + kh < x.shape[1]:
        tops.append(top)
        top += step[0]
    while left + kw < x.shape[2]:
        lefts.append(left)
        left += step[1]
    z = np.zeros((x.shape[0], len(tops), len(lefts), filters))
    for m in range(x.shape[0]):
        for i, r in enumerate(tops):
            for j, c in enumerate(lefts):
                for f in range(filters):
                    z[m, i, j, f] = np.sum(x[m, r : r + kh, c : c + kw, :] * w[..., f])
    return finish(z, b, activation)


@wrong("conv2d", "M20a")
def public_formula_for_same(x, w, b=None, strides=1, padding="valid", activation=None):
    """The padding keeps the size at any stride: ceil(((n - 1) * s + k - n) / 2)."""
    m, h_prev, w_prev, _ = x.shape
    kh, kw, _, c_new = w.shape
    sh, sw = step_of(strides)
    ph, pw = 0, 0
    if padding == "same":
        ph = int(np.ceil(((h_prev - 1) * sh + kh - h_prev) / 2))
        pw = int(np.ceil(((w_prev - 1) * sw + kw - w_prev) / 2))
    a_prev = np.pad(x, ((0, 0), (ph, ph), (pw, pw), (0, 0)), mode="constant")
    h_new = int((h_prev - kh + 2 * ph) / sh) + 1
    w_new = int((w_prev - kw + 2 * pw) / sw) + 1
    z = np.zeros((m, h_new, w_new, c_new))
    for i in range(h_new):
        for j in range(w_new):
            for k in range(c_new):
                window = a_prev[:, i * sh : i * sh + kh, j * sw : j * sw + kw]
                z[:, i, j, k] = np.sum(window * w[:, :, :, k], axis=(1, 2, 3))
    return finish(z, b, activation)


@wrong("conv2d", "M21")
def public_formula_and_one(x, w, b=None, strides=1, padding="valid", activation=None):
    """The padding keeps the size, and one is added to round up."""
    sh, sw = step_of(strides)
    if padding == "same":
        ph = int(((x.shape[1] - 1) * sh + w.shape[0] - x.shape[1]) / 2 + 1)
        pw = int(((x.shape[2] - 1) * sw + w.shape[1] - x.shape[2]) / 2 + 1)
        x = np.pad(x, pad_width=((0, 0), (ph, ph), (pw, pw), (0, 0)))
    return finish(sums(x, w, (sh, sw)), b, activation)


@wrong("conv2d", "F62")
def floor_plus_one_for_a_ceiling(x, w, b=None, strides=1, padding="valid", activation=None):
    """Half of the total, rounded down, and 1 on both sides."""
    step = step_of(strides)
    if padding == "same":
        ph = total_of(x.shape[1], w.shape[0], step[0]) // 2 + 1
        pw = total_of(x.shape[2], w.shape[1], step[1]) // 2 + 1
        x = np.pad(x, ((0, 0), (ph, ph), (pw, pw), (0, 0)))
    return finish(sums(x, w, step), b, activation)


@wrong("conv2d", "F60")
def ceiling_at_both_ends(x, w, b=None, strides=1, padding="valid", activation=None):
    """Half of the total is rounded up at both ends."""
    step = step_of(strides)
    if padding == "same":
        ends = [int(np.ceil(sum(pair) / 2)) for pair in pads_of(x, w, step)]
        x = np.pad(x, ((0, 0), (ends[0],) * 2, (ends[1],) * 2, (0, 0)))
    return finish(sums(x, w, step), b, activation)


@wrong("conv2d", "M17")
def odd_one_before(x, w, b=None, strides=1, padding="valid", activation=None):
    """The larger half comes before the image."""
    step = step_of(strides)
    if padding == "same":
        (a, c), (d, e) = pads_of(x, w, step)
        frame = np.zeros((len(x), a + x.shape[1] + c, d + x.shape[2] + e, x.shape[3]))
        frame[:, c : c + x.shape[1], e : e + x.shape[2]] = x
        x = frame
    return finish(sums(x, w, step), b, activation)


@wrong("conv2d", "M18")
def padded_as_for_one_step(x, w, b=None, strides=1, padding="valid", activation=None):
    """The padding is worked out without the stride."""
    if padding == "same":
        kh, kw = w.shape[:2]
        x = np.pad(x, ((0, 0), ((kh - 1) // 2, kh // 2), ((kw - 1) // 2, kw // 2), (0, 0)))
    return finish(sums(x, w, step_of(strides)), b, activation)


@wrong("conv2d", "M16a")
def padded_as_pytorch_layers(x, w, b=None, strides=1, padding="valid", activation=None):
    """k // 2 on every side."""
    p, q = (w.shape[0] // 2, w.shape[1] // 2) if padding == "same" else (0, 0)
    x = np.pad(x, ((0, 0), (p, p), (q, q), (0, 0)))
    return finish(sums(x, w, step_of(strides)), b, activation)


@wrong("conv2d", "M16b")
def padded_for_odd_kernels(x, w, b=None, strides=1, padding="valid", activation=None):
    """(k - 1) / 2 on every side, cut to a whole number."""
    pad_h = pad_w = 0
    if padding == "same":
        pad_h, pad_w = int((w.shape[0] - 1) / 2), int((w.shape[1] - 1) / 2)
    x = np.pad(x, ((0, 0), (pad_h, pad_h), (pad_w, pad_w), (0, 0)))
    return finish(sums(x, w, step_of(strides)), b, activation)


@wrong("conv2d", "M25")
def maps_padded(x, w, b=None, strides=1, padding="valid", activation=None):
    """The maps get the zeros, after bias and activation."""
    step = step_of(strides)
    maps = finish(sums(x, w, step), b, activation)
    if padding != "same":
        return maps
    h, v = (-(-n // s) - m for n, s, m in zip(x.shape[1:3], step, maps.shape[1:3], strict=True))
    return np.pad(maps, ((0, 0), (h // 2, h - h // 2), (v // 2, v - v // 2), (0, 0)))


@wrong("conv2d", "F19")
def spelt_with_a_capital(x, w, b=None, strides=1, padding="valid", activation=None):
    """The padding is compared with "Same"."""
    step = step_of(strides)
    if padding == "Same":
        x = np.pad(x, [(0, 0), *pads_of(x, w, step), (0, 0)])
    return finish(sums(x, w, step), b, activation)


@wrong("conv2d", "M24a")
def edge_for_zeros(x, w, b=None, strides=1, padding="valid", activation=None):
    """The pixels at the edge are repeated."""
    step = step_of(strides)
    if padding == "same":
        x = np.pad(x, [(0, 0), *pads_of(x, w, step), (0, 0)], mode="edge")
    return finish(sums(x, w, step), b, activation)


@wrong("conv2d", "M22")
def height_and_width_of_padding_mixed(x, w, b=None, strides=1, padding="valid", activation=None):
    """Height and width are mixed up when the padding is handed to NumPy."""
    step = step_of(strides)
    if padding == "same":
        down, along = pads_of(x, w, step)
        x = np.pad(x, ((0, 0), along, down, (0, 0)))
    return finish(sums(x, w, step), b, activation)


@wrong("conv2d", "M9")
def next_pixel_each_time(x, w, b=None, strides=1, padding="valid", activation=None):
    """The output has the right size, and windows start at i and j."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    kh, kw, _, nf = w.shape
    oh, ow = (x.shape[1] - kh) // step[0] + 1, (x.shape[2] - kw) // step[1] + 1
    out = np.zeros((x.shape[0], oh, ow, nf))
    for img in range(x.shape[0]):
        for i in range(oh):
            for j in range(ow):
                for f in range(nf):
                    out[img, i, j, f] = np.sum(x[img, i : i + kh, j : j + kw] * w[:, :, :, f])
    return finish(out, b, activation)


@wrong("conv2d", "M11")
def strides_as_width_height(x, w, b=None, strides=1, padding="valid", activation=None):
    """The strides are read as (width, height)."""
    step = step_of(strides)[::-1]
    return finish(sums(padded(x, w, step, padding), w, step), b, activation)


@wrong("conv2d", "F18a")
def one_stride(x, w, b=None, strides=1, padding="valid", activation=None):
    """Both axes move by the first stride."""
    s = strides if isinstance(strides, int) else strides[0]
    x = padded(x, w, (s, s), padding)
    view = np.lib.stride_tricks.sliding_window_view(x, w.shape[:2], axis=(1, 2))[:, ::s, ::s]
    return finish(np.einsum("bhwcij,ijcf->bhwf", view, w), b, activation)


@wrong("conv2d", "F64")
def room_for_every_pixel(x, w, b=None, strides=1, padding="valid", activation=None):
    """The output is made without the stride, and its end stays 0."""
    step = step_of(strides)
    z = finish(sums(padded(x, w, step, padding), w, step), b, activation)
    h, v = x.shape[1:3] if padding == "same" else (x.shape[1] - w.shape[0] + 1, x.shape[2] - w.shape[1] + 1)
    out = np.zeros((x.shape[0], h, v, w.shape[3]))
    for i in range(z.shape[1]):
        for j in range(z.shape[2]):
            out[:, i, j, :] = z[:, i, j, :]
    return out


@wrong("conv2d", "M13")
def ceiling_in_the_size(x, w, b=None, strides=1, padding="valid", activation=None):
    """The size is rounded up, and zeros stand where the last window hangs over."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    kh, kw, _, nf = w.shape
    oh = int(np.ceil((x.shape[1] - kh) / step[0])) + 1
    ow = int(np.ceil((x.shape[2] - kw) / step[1])) + 1
    out = np.zeros((x.shape[0], oh, ow, nf))
    for i in range(oh):
        for j in range(ow):
            part = x[:, i * step[0] : i * step[0] + kh, j * step[1] : j * step[1] + kw]
            weights = w[: part.shape[1], : part.shape[2]]
            out[:, i, j] = np.einsum("nijc,ijco->no", part, weights)
    return finish(out, b, activation)


@wrong("conv2d", "M40a")
def last_filter_everywhere(x, w, b=None, strides=1, padding="valid", activation=None):
    """Each filter writes into every map, so that the last one is left."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    out = np.zeros_like(sums(x, w, step))
    for n, i, j, f in np.ndindex(*out.shape):
        window = x[n, i * step[0] :, j * step[1] :][: w.shape[0], : w.shape[1]]
        value = np.sum(window * w[..., f])
        out[n, i, j] = value + (0 if b is None else b[f])
    return np.maximum(out, 0) if activation == "relu" else out


@wrong("conv2d", "F20")
def first_image_alone(x, w, b=None, strides=1, padding="valid", activation=None):
    """Only x[0] is filtered."""
    step = step_of(strides)
    image = padded(x[0:1], w, step, padding)
    return finish(sums(image, w, step), b, activation)


@wrong("conv2d", "M40b")
def image_index_forgotten(x, w, b=None, strides=1, padding="valid", activation=None):
    """Every image of the output comes from image 0."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    kh, kw, _, filters = w.shape
    oh, ow = (x.shape[1] - kh) // step[0] + 1, (x.shape[2] - kw) // step[1] + 1
    out = np.zeros((len(x), oh, ow, filters))
    for n in range(len(x)):
        for f in range(filters):
            for i in range(oh):
                for j in range(ow):
                    r, c = i * step[0], j * step[1]
                    out[n, i, j, f] = (x[0, r : r + kh, c : c + kw] * w[..., f]).sum()
    return finish(out, b, activation)


@wrong("conv2d", "M37b")
def first_bias_for_all(x, w, b=None, strides=1, padding="valid", activation=None):
    """b[0] is added to every map."""
    step = step_of(strides)
    z = sums(padded(x, w, step, padding), w, step)
    if b is not None:
        z += b[0]
    return z.clip(min=0) if activation == "relu" else z


@wrong("conv2d", "M35")
def bias_inside_the_sum(x, w, b=None, strides=1, padding="valid", activation=None):
    """The bias is added to every product of a window."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    out = np.zeros_like(sums(x, w, step))
    for n, i, j, f in np.ndindex(*out.shape):
        window = x[n, i * step[0] :, j * step[1] :][: w.shape[0], : w.shape[1]]
        bias = 0.0 if b is None else b[f]
        out[n, i, j, f] = np.sum(window * w[..., f] + bias)
    return finish(out, None, activation)


@wrong("conv2d", "M36")
def bias_in_the_loop_over_channels(x, w, b=None, strides=1, padding="valid", activation=None):
    """The bias is added in the loop over channels."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    z = 0
    for c in range(x.shape[3]):
        z = z + sums(x[..., c : c + 1], w[:, :, c : c + 1], step)
        if b is not None:
            z = z + b
    return finish(z, None, activation)


@wrong("conv2d", "M38a")
def relu_then_bias(x, w, b=None, strides=1, padding="valid", activation=None):
    """The bias is added after the activation."""
    step = step_of(strides)
    z = sums(padded(x, w, step, padding), w, step)
    a = np.maximum(0, z) if activation == "relu" else z
    return a if b is None else a + np.reshape(b, (1, 1, 1, -1))


@wrong("conv2d", "F67")
def relu_of_another_name(x, w, b=None, strides=1, padding="valid", activation=None):
    """The activation is compared with "ReLU"."""
    step = step_of(strides)
    z = finish(sums(padded(x, w, step, padding), w, step), b, None)
    if activation == "ReLU":
        z = np.maximum(z, 0)
    return z


@wrong("conv2d", "F68")
def relu_always(x, w, b=None, strides=1, padding="valid", activation=None):
    """ReLU is applied whatever the activation is."""
    step = step_of(strides)
    z = finish(sums(padded(x, w, step, padding), w, step), b, None)
    return z * (z > 0)


@wrong("conv2d", "M30")
def slice_of_channel_zero(x, w, b=None, strides=1, padding="valid", activation=None):
    """Every channel meets the slice of channel 0."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    z = sum(sums(x[..., [c]], w[:, :, [0]], step) for c in range(x.shape[3]))
    return finish(z, b, activation)


@wrong("conv2d", "M32")
def filters_in_the_third_axis(x, w, b=None, strides=1, padding="valid", activation=None):
    """The axes of w are read as (i, j, filters, channels)."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    kh, kw, filters, _ = w.shape
    oh, ow = (x.shape[1] - kh) // step[0] + 1, (x.shape[2] - kw) // step[1] + 1
    z = np.zeros((x.shape[0], oh, ow, filters))
    for f in range(filters):
        for i in range(oh):
            for j in range(ow):
                window = x[:, i * step[0] : i * step[0] + kh, j * step[1] : j * step[1] + kw]
                z[:, i, j, f] = np.sum(window * w[:, :, f, :], axis=(1, 2, 3))
    return finish(z, b, activation)


@wrong("conv2d", "M32")
def filters_counted_in_the_third_axis(x, w, b=None, strides=1, padding="valid", activation=None):
    """The filters are counted in the third axis of w, and each gets its bias in the loop."""
    sh, sw = step_of(strides)
    x = padded(x, w, (sh, sw), padding)
    kh, kw, n_filters, _ = w.shape
    out = np.zeros((len(x), (x.shape[1] - kh) // sh + 1, (x.shape[2] - kw) // sw + 1, n_filters))
    for n, i, j, f in np.ndindex(*out.shape):
        z = (x[n, i * sh : i * sh + kh, j * sw : j * sw + kw] * w[:, :, f]).sum()
        if b is not None:
            z += b[f]
        out[n, i, j, f] = max(z, 0) if activation == "relu" else z
    return out


@wrong("conv2d", "M1", "M34")
def every_axis_flipped(x, w, b=None, strides=1, padding="valid", activation=None):
    """np.flip without axes turns the kernels round, and channels and filters, too."""
    step = step_of(strides)
    return finish(sums(padded(x, w, step, padding), np.flip(w), step), b, activation)


@wrong("conv2d", "F75")
def weights_in_rows_of_filters(x, w, b=None, strides=1, padding="valid", activation=None):
    """The weights of each filter are taken from a row of w.reshape(filters, -1)."""
    sh, sw = step_of(strides)
    x = padded(x, w, (sh, sw), padding)
    kh, kw, _, filters = w.shape
    rows = w.reshape(filters, -1)
    out = np.zeros((len(x), (x.shape[1] - kh) // sh + 1, (x.shape[2] - kw) // sw + 1, filters))
    for n in range(out.shape[0]):
        for i in range(out.shape[1]):
            for j in range(out.shape[2]):
                out[n, i, j] = rows @ x[n, i * sh : i * sh + kh, j * sw : j * sw + kw].ravel()
    return finish(out, b, activation)


@wrong("conv2d", "M43b")
def window_scaled_in_place(x, w, b=None, strides=1, padding="valid", activation=None):
    """The window, a view, is multiplied in place."""
    sh, sw = step_of(strides)
    x = padded(x, w, (sh, sw), padding)
    kh, kw, _, filters = w.shape
    out = np.zeros((x.shape[0], (x.shape[1] - kh) // sh + 1, (x.shape[2] - kw) // sw + 1, filters))
    for n in range(out.shape[0]):
        for i in range(out.shape[1]):
            for j in range(out.shape[2]):
                for f in range(filters):
                    patch = x[n, i * sh : i * sh + kh, j * sw : j * sw + kw, :]
                    patch *= w[:, :, :, f]
                    out[n, i, j, f] = patch.sum()
    return finish(out, b, activation)


@wrong("conv2d", "F42")
def as_many_windows_as_strides(x, w, b=None, strides=1, padding="valid", activation=None):
    """n // stride windows are counted under "same", and the padding is made for them."""
    sh, sw = step_of(strides)
    kh, kw = w.shape[:2]
    if padding == "same":
        oh, ow = x.shape[1] // sh, x.shape[2] // sw
        th = max((oh - 1) * sh + kh - x.shape[1], 0)
        tw = max((ow - 1) * sw + kw - x.shape[2], 0)
        x = np.pad(x, ((0, 0), (th // 2, th - th // 2), (tw // 2, tw - tw // 2), (0, 0)))
    return finish(sums(x, w, (sh, sw)), b, activation)


@wrong("conv2d", "F43b")
def one_more_at_the_end(x, w, b=None, strides=1, padding="valid", activation=None):
    """After the image there is always one zero more than before it."""
    step = step_of(strides)
    if padding == "same":
        top, left = (total_of(n, k, s) // 2 for n, k, s in zip(x.shape[1:3], w.shape[:2], step, strict=True))
        x = np.pad(x, ((0, 0), (top, top + 1), (left, left + 1), (0, 0)))
    return finish(sums(x, w, step), b, activation)


@wrong("conv2d", "F43c")
def strides_in_n_and_one(x, w, b=None, strides=1, padding="valid", activation=None):
    """n // stride + 1 windows are counted under "same", to round up."""
    step = step_of(strides)
    if padding == "same":
        pads = [(0, 0)]
        for n, k, s in zip(x.shape[1:3], w.shape[:2], step, strict=True):
            total = max((n // s) * s + k - n, 0)
            pads.append((total // 2, total - total // 2))
        x = np.pad(x, [*pads, (0, 0)])
    return finish(sums(x, w, step), b, activation)


@wrong("conv2d", "F58")
def height_padding_all_round(x, w, b=None, strides=1, padding="valid", activation=None):
    """The padding of the height is used for the width as well."""
    step = step_of(strides)
    if padding == "same":
        total = total_of(x.shape[1], w.shape[0], step[0])
        pad = (total // 2, total - total // 2)
        x = np.pad(x, ((0, 0), pad, pad, (0, 0)))
    return finish(sums(x, w, step), b, activation)


@wrong("conv2d", "F59")
def one_pixel_all_round(x, w, b=None, strides=1, padding="valid", activation=None):
    """One zero on every side, as for 3 x 3."""
    if padding == "same":
        x = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="constant")
    return finish(sums(x, w, step_of(strides)), b, activation)


@wrong("conv2d", "F52")
def all_of_it_on_both_sides(x, w, b=None, strides=1, padding="valid", activation=None):
    """The total is put on each side."""
    step = step_of(strides)
    if padding == "same":
        ph = total_of(x.shape[1], w.shape[0], step[0])
        pw = total_of(x.shape[2], w.shape[1], step[1])
        x = np.pad(x, ((0, 0), (ph, ph), (pw, pw), (0, 0)))
    return finish(sums(x, w, step), b, activation)


@wrong("conv2d", "F51b")
def all_of_it_before(x, w, b=None, strides=1, padding="valid", activation=None):
    """All zeros are put at the top and left."""
    step = step_of(strides)
    if padding == "same":
        down, along = (sum(pads) for pads in pads_of(x, w, step))
        frame = np.zeros((len(x), x.shape[1] + down, x.shape[2] + along, x.shape[3]))
        frame[:, down:, along:] = x
        x = frame
    return finish(sums(x, w, step), b, activation)


@wrong("conv2d", "F94a")
def biases_in_the_loop_over_images(x, w, b=None, strides=1, padding="valid", activation=None):
    """The biases are added to the whole output in the loop over images."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    out = np.zeros_like(sums(x, w, step))
    for n in range(x.shape[0]):
        out[n] = sums(x[n][None], w, step)[0]
        if b is not None:
            out += b
    return finish(out, None, activation)


@wrong("conv2d", "F94b")
def biases_once_an_image(x, w, b=None, strides=1, padding="valid", activation=None):
    """Sums are added to the output, and so are all biases after each image."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    out = np.zeros_like(sums(x, w, step))
    for n in range(x.shape[0]):
        for i in range(out.shape[1]):
            for j in range(out.shape[2]):
                patch = x[n, i * step[0] : i * step[0] + w.shape[0], j * step[1] : j * step[1] + w.shape[1]]
                out[n, i, j] += np.einsum("abc,abco->o", patch, w)
        out = out + (0 if b is None else b)
    return finish(out, None, activation)


@wrong("conv2d", "F95")
def relu_under_the_bias(x, w, b=None, strides=1, padding="valid", activation=None):
    """The activation is indented under `if b is not None`."""
    step = step_of(strides)
    out = sums(padded(x, w, step, padding), w, step)
    if b is not None:
        for f in range(w.shape[3]):
            out[..., f] += b[f]
        if activation == "relu":
            out[out < 0] = 0
    return out


@wrong("conv2d", "F89")
def output_visited_in_steps(x, w, b=None, strides=1, padding="valid", activation=None):
    """The loops step through the output, and windows start at i and j."""
    sh, sw = step_of(strides)
    x = padded(x, w, (sh, sw), padding)
    kh, kw = w.shape[:2]
    out = np.zeros_like(sums(x, w, (sh, sw)))
    for n in range(len(x)):
        for i in range(0, out.shape[1], sh):
            for j in range(0, out.shape[2], sw):
                for f in range(w.shape[3]):
                    out[n, i, j, f] = (x[n, i : i + kh, j : j + kw] * w[..., f]).sum()
    return finish(out, b, activation)


@wrong("conv2d", "F2c")
def returned_under_the_filters(x, w, b=None, strides=1, padding="valid", activation=None):
    """The return is indented under the loop over filters."""
    step = step_of(strides)
    z = sums(padded(x, w, step, padding), w, step)
    out = np.zeros(z.shape)
    for f in range(w.shape[3]):
        out[..., f] = finish(z[..., f], None if b is None else b[f], activation)
        return out
    return out


@wrong("conv2d", "M39b")
def total_over_the_filters(x, w, b=None, strides=1, padding="valid", activation=None):
    """The total is set to 0 before the loop over filters, not in it."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    out = np.zeros_like(sums(x, w, step))
    for n, i, j in np.ndindex(*out.shape[:3]):
        total = 0
        window = x[n, i * step[0] : i * step[0] + w.shape[0], j * step[1] : j * step[1] + w.shape[1]]
        for f in range(w.shape[3]):
            total += np.sum(window * w[..., f])
            out[n, i, j, f] = total
    return finish(out, b, activation)


@wrong("conv2d", "F65")
def maps_before_rows(x, w, b=None, strides=1, padding="valid", activation=None):
    """The output is made as (n, filters, rows, columns)."""
    step = step_of(strides)
    z = finish(sums(padded(x, w, step, padding), w, step), b, activation)
    return np.array([[z[n, :, :, f] for f in range(z.shape[3])] for n in range(z.shape[0])])


@wrong("conv2d", "M4")
def columns_before_rows(x, w, b=None, strides=1, padding="valid", activation=None):
    """The output is stored at [n, column, row]."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    z = sums(x, w, step)
    out = np.zeros((z.shape[0], z.shape[2], z.shape[1], z.shape[3]))
    for i in range(z.shape[1]):
        for j in range(z.shape[2]):
            out[:, j, i] = z[:, i, j]
    return finish(out, b, activation)


@wrong("conv2d", "M1")
def weights_from_the_end(x, w, b=None, strides=1, padding="valid", activation=None):
    """Weights are read from the last row and column to the first."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    kh, kw, _, nf = w.shape
    oh, ow = (x.shape[1] - kh) // step[0] + 1, (x.shape[2] - kw) // step[1] + 1
    z = np.zeros((x.shape[0], oh, ow, nf))
    for a in range(kh):
        for c in range(kw):
            part = x[:, a : a + step[0] * oh : step[0], c : c + step[1] * ow : step[1]][:, :oh, :ow]
            z += part @ w[kh - 1 - a, kw - 1 - c]
    return finish(z, b, activation)


@wrong("conv2d", "M2b")
def upside_down(x, w, b=None, strides=1, padding="valid", activation=None):
    """The kernel is turned upside down."""
    step = step_of(strides)
    return finish(sums(padded(x, w, step, padding), np.flipud(w), step), b, activation)


@wrong("conv2d", "M5")
def patches_dotted(x, w, b=None, strides=1, padding="valid", activation=None):
    """The window and the kernel of each channel are multiplied as matrices."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    kh, kw, channels, _ = w.shape
    out = np.zeros_like(sums(x, w, step))
    for n, i, j, f in np.ndindex(*out.shape):
        for c in range(channels):
            patch = x[n, i * step[0] : i * step[0] + kh, j * step[1] : j * step[1] + kw, c]
            out[n, i, j, f] += (patch @ w[:, :, c, f]).sum()
    return finish(out, b, activation)


@wrong("conv2d", "M42a")
def output_in_the_type_of_x(x, w, b=None, strides=1, padding="valid", activation=None):
    """The output has the dtype of x."""
    step = step_of(strides)
    z = finish(sums(padded(x, w, step, padding), w, step), b, activation)
    out = np.zeros(z.shape, dtype=x.dtype)
    for f in range(w.shape[3]):
        out[..., f] = z[..., f].astype(int) if x.dtype.kind in "iu" else z[..., f]
    return out


@wrong("conv2d", "F10")
def always_padded(x, w, b=None, strides=1, padding="valid", activation=None):
    """The images are padded under "valid", too."""
    step = step_of(strides)
    return finish(sums(padded(x, w, step, "same"), w, step), b, activation)


@wrong("conv2d", "F1")
def loops_left_out(x, w, b=None, strides=1, padding="valid", activation=None):
    """Zeros of the right shape come back."""
    step = step_of(strides)
    x = padded(x, w, step, padding)
    rows = int((x.shape[1] - w.shape[0]) / step[0]) + 1
    columns = int((x.shape[2] - w.shape[1]) / step[1]) + 1
    return np.zeros((x.shape[0], rows, columns, w.shape[3]))


@wrong("conv2d", "F5b")
def always_three_by_three(x, w, b=None, strides=1, padding="valid", activation=None):
    """Windows of 3 x 3 are cut whatever the kernel is."""
    sh, sw = step_of(strides)
    x = padded(x, w, (sh, sw), padding)
    oh, ow = (x.shape[1] - 3) // sh + 1, (x.shape[2] - 3) // sw + 1
    z = np.zeros((x.shape[0], oh, ow, w.shape[3]))
    for i in range(oh):
        for j in range(ow):
            window = x[:, i * sh : i * sh + 3, j * sw : j * sw + 3, :]
            for f in range(w.shape[3]):
                z[:, i, j, f] = (window * w[:, :, :, f]).sum(axis=(1, 2, 3))
    return finish(z, b, activation)


@wrong("conv2d", "M15b")
def one_side_of_the_kernel(x, w, b=None, strides=1, padding="valid", activation=None):
    """The kernel's height is its size, and its width is not read."""
    f = w.shape[0]
    sh, sw = step_of(strides)
    if padding == "same":
        th, tw = total_of(x.shape[1], f, sh), total_of(x.shape[2], f, sw)
        x = np.pad(x, ((0, 0), (th // 2, th - th // 2), (tw // 2, tw - tw // 2), (0, 0)))
    oh, ow = (x.shape[1] - f) // sh + 1, (x.shape[2] - f) // sw + 1
    z = np.zeros((x.shape[0], oh, ow, w.shape[3]))
    for m, i, j, k in np.ndindex(*z.shape):
        for a in range(f):
            for c in range(f):
                z[m, i, j, k] += x[m, i * sh + a, j * sw + c] @ w[a, c, :, k]
    return finish(z, b, activation)


@wrong("conv2d", "F6")
def one_side_of_the_images(x, w, b=None, strides=1, padding="valid", activation=None):
    """The height of the images is taken for their width."""
    step = step_of(strides)
    n = x.shape[1]
    x = padded(x, w, step, padding)
    kh, kw, _, filters = w.shape
    if padding == "same":
        oh, ow = -(-n // step[0]), -(-n // step[1])
    else:
        oh, ow = (n - kh) // step[0] + 1, (n - kw) // step[1] + 1
    z = np.zeros((x.shape[0], oh, ow, filters))
    for i in range(oh):
        for j in range(ow):
            window = x[:, i * step[0] : i * step[0] + kh, j * step[1] : j * step[1] + kw]
            for f in range(filters):
                z[:, i, j, f] = np.sum(window * w[..., f], axis=(1, 2, 3))
    return finish(z, b, activation)


@stops("conv2d", TypeError)
def bias_that_is_none(x, w, b=None, strides=1, padding="valid", activation=None):
    """The bias is indexed where there may be none."""
    step = step_of(strides)
    z = sums(padded(x, w, step, padding), w, step)
    for f in range(w.shape[3]):
        z[..., f] += b[f]
    return np.maximum(z, 0) if activation == "relu" else z


@stops("conv2d", UnboundLocalError)
def made_under_same_only(x, w, b=None, strides=1, padding="valid", activation=None):
    """The padded images have a name under "same" only."""
    step = step_of(strides)
    if padding == "same":
        x_pad = padded(x, w, step, padding)
    return finish(sums(x_pad, w, step), b, activation)


@stops("conv2d", ValueError, "M26")
def sliced_before_padding(x, w, b=None, strides=1, padding="valid", activation=None):
    """Sizes come from the padded images, and windows from the others."""
    sh, sw = step_of(strides)
    kh, kw, _, filters = w.shape
    x_pad = padded(x, w, (sh, sw), padding)
    z = np.zeros((x.shape[0], (x_pad.shape[1] - kh) // sh + 1, (x_pad.shape[2] - kw) // sw + 1, filters))
    for n, i, j, f in np.ndindex(*z.shape):
        a_prev_pad = x[n]
        z[n, i, j, f] = np.sum(a_prev_pad[i * sh : i * sh + kh, j * sw : j * sw + kw] * w[..., f])
    return finish(z, b, activation)


# --- count_params -------------------------------------------------------------------------------------------------


@wrong("count_params", "C1a")
def weights_without_bias(kh, kw, c_in, filters, use_bias=True):
    """The biases are not counted."""
    return int(np.prod([kh, kw, c_in, filters]))


@wrong("count_params", "C1e")
def one_bias_in_all(kh, kw, c_in, filters, use_bias=True):
    """One bias is counted for the whole layer."""
    total = kh * kw * c_in * filters
    if use_bias:
        total += 1
    return total


@wrong("count_params", "C1b")
def flat_filters(kh, kw, c_in, filters, use_bias=True):
    """A filter is kh x kw, without channels."""
    per_filter = kh * kw
    if use_bias:
        per_filter = per_filter + 1
    return filters * per_filter


@wrong("count_params", "C1f")
def bias_for_the_input(kh, kw, c_in, filters, use_bias=True):
    """There is one bias for each channel of the input."""
    return kh * kw * c_in * filters + (c_in if use_bias else 0)


@wrong("count_params", "C1j")
def bias_as_one_more_channel(kh, kw, c_in, filters, use_bias=True):
    """The bias is counted as one more channel of the kernel."""
    channels = c_in + 1 if use_bias else c_in
    return kh * kw * channels * filters
