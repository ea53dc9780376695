"""Shapes and receptive fields, compared with what layers really do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from solutions.asked.tracing import receptive_field, trace_shapes
from solutions.reference import conv, pool
from solutions.reference.errors import ShapeError

CONV3, POOL2, POOL3 = (3, 1, 1), (2, 2, 1), (3, 3, 1)

sides = st.integers(1, 9)
pairs = st.tuples(st.integers(1, 4), st.integers(1, 4))
paddings = st.sampled_from(["valid", "same"])
convolutions = st.tuples(st.just("conv"), st.integers(1, 3), pairs, pairs, paddings)
pools = st.tuples(st.just("pool"), pairs, pairs, paddings)
stacks = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=4)


def applied(layer: tuple[Any, ...], x: np.ndarray) -> np.ndarray:
    """Run a layer on a batch."""
    if layer[0] == "conv":
        _, filters, kernel_size, strides, padding = layer
        return conv.conv2d(x, np.ones((*kernel_size, x.shape[-1], filters)), strides=strides, padding=padding)
    return pool.max_pool2d(x, *layer[1:])


def pixels_seen(layers: list[tuple[int, int, int]]) -> int:
    """Collect the places that number 0 of the last layer depends on, one layer after the other."""
    seen = {0}
    for kernel_size, stride, dilation in reversed(layers):
        seen = {place * stride + cell * dilation for place in seen for cell in range(kernel_size)}
    return max(seen) - min(seen) + 1


@given(st.lists(convolutions | pools, min_size=1, max_size=4), st.tuples(sides, sides, st.integers(1, 3)))
def test_shapes_are_those_of_the_layers(layers: list[tuple[Any, ...]], input_shape: tuple[int, int, int]) -> None:
    """For any stack, the shapes are those of the arrays that the layers return, and both refuse the same stacks."""
    x = np.zeros((1, *input_shape))
    try:
        expected = [(x := applied(layer, x)).shape[1:] for layer in layers]
    except ShapeError:
        with pytest.raises(ShapeError):
            trace_shapes(layers, input_shape)
        return

    assert trace_shapes(layers, input_shape) == expected


def test_the_end_of_a_network() -> None:
    """Global pooling leaves the channels, flatten all numbers, dense its units."""
    shape = (4, 2, 16)

    assert trace_shapes([("global",), ("dense", 10)], shape) == [(16,), (10,)]
    assert trace_shapes([("flatten",), ("dense", 10), ("dense", 3)], shape) == [(128,), (10,), (3,)]


def test_no_layer() -> None:
    """An empty stack has no shapes and no fields."""
    assert trace_shapes([], (8, 8, 1)) == []
    assert receptive_field([]) == []


@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([("conv", 4, (3, 3), (1, 1), "valid")], r"trace_shapes, layer 1, height: a window spans 3 pixels, but the "),
        ([("pool", (2, 2), (2, 2), "valid")] * 2, r"trace_shapes, layer 2, height: a window spans 2 pixels"),
        ([("flatten",), ("global",)], r"layer 2: the shape before 'global' is \(24,\), but it must be \(height, wid"),
        ([("blur", 3)], r"layer 1: the layer is \('blur', 3\), but it is none that is known"),
        ([("conv", 4, (2, 2), (1, 1), "full")], r"padding is 'full', but it must be \"valid\" or \"same\""),
    ],
)
def test_what_cannot_be_traced_is_refused(layers: list[tuple[Any, ...]], words: str) -> None:
    """The error names the layer, and what does not fit."""
    with pytest.raises(ShapeError, match=words):
        trace_shapes(layers, (2, 4, 3))


@given(stacks)
def test_a_receptive_field_is_what_a_number_depends_on(layers: list[tuple[int, int, int]]) -> None:
    """After each layer it is the distance from the first pixel that is read to the last one."""
    # With a single cell there are no steps between cells to be counted, and a stride skips pixels.
    assume(all(kernel_size > 1 for kernel_size, _, _ in layers))

    assert receptive_field(layers) == [pixels_seen(layers[: depth + 1]) for depth in range(len(layers))]


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([CONV3, POOL2, CONV3, POOL2], [3, 4, 8, 10]),
        ([CONV3, POOL3, CONV3], [3, 5, 11]),
        ([(3, 1, 2)], [5]),
        ([(1, 1, 1), (1, 2, 1)], [1, 1]),
    ],
)
def test_receptive_fields_by_hand(layers: list[tuple[int, int, int]], expected: list[int]) -> None:
    """The hand examples of notebook 08."""
    assert receptive_field(layers) == expected
