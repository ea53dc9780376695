"""Hypothesis strategies: shapes, strides, paddings, and the arrays that go with them.

Arrays hold halves between -4.5 and 4.5, so that sums of products are exact in floating point, whatever their order:
two right answers are equal to the last bit.
"""

from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st

# Every run tries the same examples, so that a failure on one machine is a failure on all.
law = settings(max_examples=100, deadline=None, derandomize=True)

PADDINGS = st.sampled_from(["valid", "same"])
DATA_FORMATS = st.sampled_from(["channels_last", "channels_first"])
ACTIVATIONS = st.sampled_from([None, "relu", np.abs])


@st.composite
def halves(draw: st.DrawFn, *shape: int) -> np.ndarray:
    """An array of a given shape, full of halves."""
    seed = draw(st.integers(0, 2**32 - 1))
    return np.random.default_rng(seed).integers(-9, 10, shape) / 2


def pairs(smallest: int, largest: int) -> st.SearchStrategy[tuple[int, int]]:
    """(height, width), each within bounds."""
    return st.tuples(st.integers(smallest, largest), st.integers(smallest, largest))


@st.composite
def spelled(draw: st.DrawFn, size: tuple[int, int]) -> int | list[int] | tuple[int, int]:
    """A pair as callers may write it: as one number if both are equal, as a list or as a tuple."""
    spellings: list[Any] = [size, list(size)]
    return draw(st.sampled_from(spellings + [size[0]] * (size[0] == size[1])))


@st.composite
def axis_arguments(draw: st.DrawFn) -> dict[str, int]:
    """Arguments n, k, stride and dilation of one axis; under "valid" no window need fit."""
    return {
        "n": draw(st.integers(1, 30)),
        "k": draw(st.integers(1, 8)),
        "stride": draw(st.integers(1, 6)),
        "dilation": draw(st.integers(1, 4)),
    }


@st.composite
def image_sizes(draw: st.DrawFn, span: tuple[int, int], padding: str) -> tuple[int, int]:
    """(height, width) that a window of this span fits into; under "same" any size does."""
    smallest = span if padding == "valid" else (1, 1)
    extra = draw(pairs(0, 6))
    return smallest[0] + extra[0], smallest[1] + extra[1]


@st.composite
def images(draw: st.DrawFn, size: tuple[int, int], channels: int, data_format: str) -> np.ndarray:
    """One to three images of this size, in this data format."""
    n = draw(st.integers(1, 3))
    shape = (n, *size, channels) if data_format == "channels_last" else (n, channels, *size)
    return draw(halves(*shape))


@st.composite
def conv2d_arguments(draw: st.DrawFn, data_formats: st.SearchStrategy[str] = DATA_FORMATS) -> dict[str, Any]:
    """Arguments of `conv2d` that Keras accepts: any shape, stride or dilation, padding, layout, groups, bias."""
    kernel = draw(pairs(1, 4))
    strides, dilation = draw(
        pairs(1, 4).map(lambda pair: (pair, (1, 1))) | pairs(1, 3).map(lambda pair: ((1, 1), pair))
    )
    padding, data_format = draw(PADDINGS), draw(data_formats)
    span = (kernel[0] - 1) * dilation[0] + 1, (kernel[1] - 1) * dilation[1] + 1
    groups, channels = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    filters = groups * draw(st.integers(1, 3))
    size = draw(image_sizes(span, padding))
    return {
        "x": draw(images(size, groups * channels, data_format)),
        "w": draw(halves(*kernel, channels, filters)),
        "b": draw(st.none() | halves(filters)),
        "strides": draw(spelled(strides)),
        "padding": padding,
        "data_format": data_format,
        "dilation_rate": draw(spelled(dilation)),
        "groups": groups,
        "activation": draw(ACTIVATIONS),
    }


@st.composite
def pool_arguments(draw: st.DrawFn) -> dict[str, Any]:
    """Arguments of `max_pool2d` and `avg_pool2d` that Keras accepts, pools larger than the image included."""
    pool = draw(pairs(1, 4))
    padding, data_format = draw(PADDINGS), draw(DATA_FORMATS)
    size = draw(image_sizes(pool, padding))
    return {
        "x": draw(images(size, draw(st.integers(1, 3)), data_format)),
        "pool_size": draw(spelled(pool)),
        "strides": draw(st.none() | pairs(1, 5).flatmap(spelled)),
        "padding": padding,
        "data_format": data_format,
    }
