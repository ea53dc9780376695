"""Known mistakes of following shapes and receptive fields: `trace_shapes` and `receptive_field`."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from solutions.asked.tracing import Layer, Shape, receptive_field, trace_shapes
from solutions.mistakes import with_words
from solutions.reference.shapes import output_size

Rule = Callable[..., Shape]  # the shape before a layer and the layer's options -> the shape after it
Sizes = Callable[[Shape, Shape, Shape, Any], Sequence[int]]  # shape, window, strides, padding -> windows along the axes
Count = Callable[[int, int, int, Any], int]  # pixels, window, stride, padding -> windows

CONVOLUTION, POOL = "conv", "pool"


def _sizes(count: Count) -> Sizes:
    """Count windows along both axes in the same way."""
    return lambda shape, window, strides, padding: tuple(
        count(n, k, stride, padding) for n, k, stride in zip(shape[:2], window, strides, strict=True)
    )


RIGHT_SIZES = _sizes(output_size)
RIGHT: Mapping[str, Rule] = {
    CONVOLUTION: lambda shape, filters, *window: (*RIGHT_SIZES(shape, *window), filters),
    POOL: lambda shape, *window: (*RIGHT_SIZES(shape, *window), shape[2]),
    "global": lambda shape: shape[2:],
    "flatten": lambda shape: (math.prod(shape),),
    "dense": lambda shape, units: (units,),
}


def _tracer(layer: str, rule: Rule) -> Callable[..., Any]:
    """Follow shapes with one wrong rule."""
    return _traced({**RIGHT, layer: rule})


def _traced(rules: Mapping[str, Rule]) -> Callable[..., Any]:
    def wrong(layers: Sequence[Layer], input_shape: Shape) -> list[Shape]:
        shape, after = tuple(input_shape), []
        for name, *options in layers:
            shape = rules[name](shape, *options)
            after.append(shape)
        return after

    return wrong


def _sized(sizes: Sizes) -> Callable[..., Any]:
    """Follow shapes with wrong sizes for convolution and pooling, right channels."""
    return _traced(
        {
            **RIGHT,
            CONVOLUTION: lambda shape, filters, *window: (*sizes(shape, *window), filters),
            POOL: lambda shape, *window: (*sizes(shape, *window), shape[2]),
        }
    )


def _valid(count: Callable[[int, int, int], int]) -> Callable[..., Any]:
    """Count windows wrongly under "valid" only."""
    return _sized(_sizes(lambda n, k, stride, padding: count(n, k, stride) if padding == "valid" else -(-n // stride)))


def _rounded_up(n: int, k: int, stride: int) -> int:
    return -(-(output_size(n, k) - 1) // stride) + 1


def _towards_zero(n: int, k: int, stride: int) -> int:
    count = int((n - k) / stride) + 1
    if count < 1:
        raise ValueError  # as code with this fault does, where the difference is large enough
    return count


def _by_the_pool(n: int, k: int, stride: int, padding: Any) -> int:
    """Count windows side by side, and refuse what should be refused."""
    output_size(n, k, stride, padding)
    return output_size(n, k, k, padding)


def _by_the_pool_under_valid(n: int, k: int, stride: int, padding: Any) -> int:
    return (_by_the_pool if padding == "valid" else output_size)(n, k, stride, padding)


def _pooling_counts(count: Count) -> Callable[..., Any]:
    """Count the windows of pooling wrongly, and of convolution rightly."""
    return _tracer(POOL, lambda shape, *window: (*_sizes(count)(shape, *window), shape[2]))


def _every_layer_from_the_input(layers: Sequence[Layer], input_shape: Shape) -> list[Shape]:
    return [RIGHT[name](tuple(input_shape), *options) for name, *options in layers]


SHAPE_FAULTS = {
    "M7": _valid(lambda n, k, stride: output_size(n, k, stride) - 1),
    "M11": _sized(lambda shape, window, strides, padding: RIGHT_SIZES(shape, window, strides[::-1], padding)),
    "M13": _valid(_rounded_up),
    "M14": _valid(_towards_zero),
    "M15": _sized(lambda shape, window, *rest: RIGHT_SIZES(shape, (window[0], window[0]), *rest)),
    "M20": _sized(_sizes(lambda n, k, stride, padding: n if padding == "same" else output_size(n, k, stride))),
    "M29": _tracer(CONVOLUTION, lambda shape, filters, *window: (*RIGHT_SIZES(shape, *window), shape[2] * filters)),
    "P2": _tracer(POOL, lambda shape, *window: (*RIGHT_SIZES(shape, *window), 1)),
    "P12": _tracer("global", lambda shape: shape[:1]),
    "P13a": _pooling_counts(_by_the_pool),
    "P13b": _pooling_counts(_by_the_pool_under_valid),
    "F6": _sized(lambda shape, *window: RIGHT_SIZES((shape[0], shape[0]), *window)),
    "F7": _sized(lambda shape, window, *rest: RIGHT_SIZES(shape, window[::-1], *rest)),
    "F10": _sized(lambda shape, window, strides, padding: RIGHT_SIZES(shape, window, strides, "same")),
    "F17": _sized(lambda shape, window, strides, padding: RIGHT_SIZES(shape, window, (1, 1), padding)),
    "F18": _sized(lambda shape, window, strides, padding: RIGHT_SIZES(shape, window, strides[:1] * 2, padding)),
    "F19": _sized(lambda shape, window, strides, padding: RIGHT_SIZES(shape, window, strides, "valid")),
    "F24": _tracer("global", lambda shape: (1, 1, shape[2])),
    "F80": _tracer(POOL, lambda shape, size, *rest: (*RIGHT_SIZES(shape, size, *rest), shape[2] // size[0])),
    "F81": _tracer(CONVOLUTION, lambda shape, filters, *window: (*RIGHT_SIZES(shape, *window), shape[2])),
    "F82": _tracer("flatten", lambda shape: (math.prod(shape[:2]),)),
    "F83": _tracer("dense", lambda shape, units: (*shape, units)),
    "F84": _every_layer_from_the_input,
    "F85": lambda layers, input_shape: [tuple(input_shape), *trace_shapes(layers, input_shape)],
    "F86": lambda layers, input_shape: trace_shapes(layers, input_shape)[-1],
    "F87": _valid(lambda n, k, stride: (n - k) // stride + 1),
}

TRACE_SHAPES = with_words(
    SHAPE_FAULTS,
    """
M7 | last window missing | notebook 08, The size after each layer
You counted one window too few under "valid". A window of k cells fits (n - k) // stride + 1 times into n pixels: count
them for n = k.

M11 | strides swapped | notebook 08, The size after each layer
You swapped the two strides. They are (height, width), like the shape: rows go with the first, columns with the second.

M13 | leftover pixels counted | notebook 08, The size after each layer
You rounded up under "valid". What is left over makes no window there: (n - k) // stride + 1, and `//` rounds down.

M14 | rounded towards zero | notebook 08, When nothing fits
You counted a window that does not fit: `int` turns -0.5 into 0, and the + 1 makes a window of it. Use `//`, or compare
the window with the pixels first.

M15 | window height for both | notebook 08, The size after each layer
You used the height of the window for its width as well. Both are in the layer, as (height, width).

M20 | same taken at its word | notebook 08, The size after each layer | convention
Some courses keep the size under "same" at any stride. Here, as in Keras, "same" gives ceil(n / stride), which is n only
for a stride of 1.

M29 | filters times channels | notebook 08, Channels
You multiplied the channels by the filters. A filter adds up over all channels and makes one map, so that the output has
as many channels as there are filters.

P2 | channels pooled into one | notebook 08, Channels
You let pooling leave one channel. Each channel is pooled alone: there are as many after it as before.

P12 | wrong axes | notebook 08, Shapes without an image
You kept the height after "global". Height and width are what it pools away: (channels,) is left.

P13a | pooling by the pool alone | notebook 08, The size after each layer
You divided by the size of the pool, whatever the strides. Pooling has strides, too, and counts as a convolution does:
(n - k) // stride + 1, or ceil(n / stride) under "same".

P13b | valid pooling by pool alone | notebook 08, The size after each layer
You took n // pool_size for pooling under "valid". That is right where the stride is the size of the pool; in general it
is (n - k) // stride + 1, as for a convolution.

F6 | works for square images only | notebook 08, The size after each layer
You used the height of the image for its width as well. Work out each from its own pixels, window and stride.

F7 | window sides swapped | notebook 08, The size after each layer
You swapped the height and the width of the window. They are (height, width), like the shape.

F10 | padded without being asked | notebook 08, The size after each layer
You counted as for "same" whatever the padding. Under "valid" a window that hangs over the edge is left out:
(n - k) // stride + 1.

F17 | strides not read | notebook 08, The size after each layer
You moved by one pixel whatever the strides. Divide by the stride, for convolution and for pooling.

F18 | one stride for both | notebook 08, The size after each layer
You used the stride of the height for the width as well. Strides are a pair: rows move by the first, columns by the
second.

F19 | padding not read | notebook 08, The size after each layer
You counted as for "valid" whatever the padding. Under "same" windows may hang over the edge, and there are
ceil(n / stride).

F24 | axes always kept | notebook 08, Shapes without an image
You kept height and width as axes of size 1 after "global". Here they go, and (channels,) is left.

F80 | pooling divides the channels | notebook 08, Channels
You divided the channels by the size of the pool. Pooling shrinks height and width and keeps the channels.

F81 | convolution keeps the channels | notebook 08, Channels
You kept the channels through a convolution. Each filter makes one map, so that the output has as many channels as there
are filters.

F82 | flatten without the channels | notebook 08, Shapes without an image
You flattened height and width only. Every number goes into the row: height times width times channels.

F83 | dense keeps what was before | notebook 08, Shapes without an image
You put the units behind the shape. A dense layer joins all numbers with each unit, so that (units,) is left.

F84 | every layer gets the input | notebook 08, One layer after the other
You worked out every layer from the input shape. A layer gets what the layer before it has made: carry the shape on.

F85 | input listed, too | notebook 08, One layer after the other
You listed the input shape as well. The list holds one shape for each layer: what comes out of it.

F86 | only the last shape | notebook 08, One layer after the other
You returned the last shape only. The list holds one shape for each layer, in order.

F87 | too small not refused | notebook 08, When nothing fits
You returned a size below 1. Where no window fits, there is no output: raise a ValueError.
""",
)

Grow = Callable[[int, int, int], int]  # pixels of a step, kernel size, dilation -> pixels that a layer adds
RightGrow: Grow = lambda step, k, dilation: (k - 1) * dilation * step  # noqa: E731 - a rule among rules


def _field(grow: Grow = RightGrow, *, start: int = 1) -> Callable[..., Any]:
    """Add up what each layer sees, by a wrong rule or from a wrong start."""

    def wrong(layers: Sequence[Sequence[int]]) -> list[int]:
        field, step, after = start, 1, []
        for kernel_size, stride, dilation in layers:
            field += grow(step, kernel_size, dilation)
            step *= stride
            after.append(field)
        return after

    return wrong


def _field_with_steps(steps: Callable[[list[int]], list[int]]) -> Callable[..., Any]:
    """Add up what each layer sees, with steps made from the strides by a wrong rule."""

    def wrong(layers: Sequence[Sequence[int]]) -> list[int]:
        widths = steps([stride for _, stride, _ in layers])
        added = [RightGrow(step, k, dilation) for step, (k, _, dilation) in zip(widths, layers, strict=True)]
        return [1 + sum(added[: place + 1]) for place in range(len(added))]

    return wrong


def _turned_round(layers: Sequence[Sequence[int]]) -> list[int]:
    """Go from the first layer to the last with the rule for going from the last to the first."""
    field, after = 1, []
    for kernel_size, stride, dilation in layers:
        field = (field - 1) * stride + (kernel_size - 1) * dilation + 1
        after.append(field)
    return after


RECEPTIVE_FIELD = with_words(
    {
        "C2a": _field(lambda step, k, dilation: k, start=0),
        "C2b": _field(lambda step, k, dilation: k),
        "C2c": _field(lambda step, k, dilation: (k - 1) * dilation),
        "C2d": _field_with_steps(lambda strides: [math.prod(strides[: place + 1]) for place in range(len(strides))]),
        "C2e": _field_with_steps(lambda strides: [1, *strides[:-1]]),
        "C2f": _field_with_steps(lambda strides: [max(sum(strides[:place]), 1) for place in range(len(strides))]),
        "C2g": _turned_round,
        "C2h": _field_with_steps(lambda strides: [math.prod(strides[1:place]) for place in range(len(strides))]),
        "C3a": _field(lambda step, k, dilation: (k - 1) * (dilation + 1) * step),
        "C3b": _field(lambda step, k, dilation: (k - 1) * step),
        "C3c": _field(lambda step, k, dilation: (k * dilation - 1) * step),
        "F86": lambda layers: receptive_field(layers)[-1],
        "F88": _field(start=0),
    },
    """
C2a | kernel sizes added | notebook 08, How far does a number see?
You added up the kernel sizes. A window of k cells adds k - 1 steps to what is seen already, and a step is as wide as
the product of all strides before.

C2b | kernel sizes added to one | notebook 08, How far does a number see?
You started with one pixel and added the kernel sizes. Only k - 1 cells of a window are new, and each of them is a step:
the product of all strides before.

C2c | earlier strides ignored | notebook 08, How far does a number see?
You added k - 1 pixels at every layer. After a stride, neighbouring numbers lie further apart: multiply by all strides
before this layer.

C2d | own stride counted | notebook 08, How far does a number see?
You multiplied by the layer's own stride before you added its window. Its stride moves the window, and only the layers
after it see that: add first, then multiply.

C2e | only the last stride | notebook 08, How far does a number see?
You used the stride of the layer before, and forgot the earlier ones. Steps multiply: two strides of 2 make a step of 4
pixels.

C2f | strides added | notebook 08, How far does a number see?
You added the strides. Steps multiply: strides of 2 and 3 make a step of 6 pixels.

C2g | backward rule run forwards | notebook 08, How far does a number see?
You multiplied what is seen by the layer's stride and then added its window. That is the rule for going back from the
last layer to the first. From the first to the last, carry a step, the product of all strides before.

C2h | first stride left out | notebook 08, How far does a number see?
You left out the stride of the first layer. It counts for every layer after the first: multiply the step by it, as by
all others.

C3a | dilation counted as gaps | notebook 08, How far does a number see?
You read the dilation as the number of pixels left out. It is the step from one cell to the next: with 1 nothing is left
out, and a window spans (k - 1) * dilation + 1.

C3b | dilation not read | notebook 08, How far does a number see?
You left out the dilation. The cells of the kernel lie that far apart: a window adds (k - 1) * dilation steps.

C3c | whole kernel dilated | notebook 08, How far does a number see?
You multiplied k by the dilation. There are k - 1 steps between k cells: the window spans (k - 1) * dilation + 1.

F86 | only the last size | notebook 08, How far does a number see?
You returned the last size only. The list holds one size for each layer, in order.

F88 | starts at zero | notebook 08, How far does a number see?
You started at 0. Before the first layer a number sees one pixel: itself.
""",
)
