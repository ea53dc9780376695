"""Known mistakes of notebook 09: the small functions of a network, its layers, and the network as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from solutions.asked.network import LAYERS, dense, flatten, predict, relu, run_layer, softmax
from solutions.faults.around import Function, read_with, returned_as
from solutions.mistakes import Mistake, with_function, with_words
from solutions.reference.conv import conv2d
from solutions.reference.pool import avg_pool2d, max_pool2d
from solutions.reference.shapes import FloatArray, Pair, float_arrays, same_padding

Layer = Callable[[FloatArray, Sequence[FloatArray]], FloatArray]  # maps, weights -> maps


def _of_numbers(change: Callable[[FloatArray], ArrayLike]) -> Function:
    """Do something else with the numbers."""
    return lambda x: change(float_arrays(x)[0])


def _in_place(x: Any) -> Any:
    numbers = x if isinstance(x, np.ndarray) else np.asarray(x, float)
    return np.maximum(numbers, 0, out=numbers)


RELU = with_words(
    {
        "M42": _of_numbers(lambda x: np.trunc(relu(x))),
        "M43": _in_place,
        "F33": _of_numbers(np.copy),
        "N1": _of_numbers(np.abs),
        "N2": _of_numbers(lambda x: x > 0),
        "N3": _of_numbers(lambda x: np.minimum(x, 0)),
        "N4": _of_numbers(lambda x: np.clip(x, 0, 1)),
        "N5": _of_numbers(lambda x: np.where(x > 0, x, 0.01 * x)),
    },
    """
M42 | fractions cut off | notebook 09, Nothing below zero
You cut off the fractions: your output holds whole numbers. Keep it a float array.

M43 | input changed | notebook 09, Nothing below zero
Your numbers are right, but the array that you were given has changed. Write into a new one: `np.maximum` makes it.

F33 | given back as it was | notebook 09, Nothing below zero
You returned the numbers as they are. Those below 0 should become 0.

N1 | sign dropped | notebook 09, Nothing below zero
You took the absolute value: -3 became 3. It should become 0.

N2 | comparison returned | notebook 09, Nothing below zero
You returned whether each number is above 0, not the number itself.

N3 | wrong side kept | notebook 09, Nothing below zero
You kept the numbers below 0, and made 0 of the others. It is the other way round.

N4 | cut at one | notebook 09, Nothing below zero
You also cut off what is above 1. ReLU leaves every number above 0 as it is.

N5 | rest below zero | notebook 09, Nothing below zero
You left a hundredth of the numbers below 0, as a "leaky" ReLU does. Here nothing is left of them.
""",
)


def _flattened(order: Callable[[FloatArray], FloatArray]) -> Function:
    """Write the numbers in another order."""
    return _of_numbers(lambda maps: order(maps).reshape(len(maps), -1))


FLATTEN = with_words(
    {
        "M4": _flattened(lambda maps: maps.swapaxes(1, 2)),
        "F20": returned_as(flatten, lambda rows: rows[:1]),
        "F35": _of_numbers(np.ravel),
        "N6": _flattened(lambda maps: np.moveaxis(maps, 3, 1)),
        "N7": _of_numbers(lambda maps: maps.reshape(len(maps), -1, maps.shape[3])),
        "N8": _of_numbers(lambda maps: maps.mean(axis=(1, 2))),
        "N9": _of_numbers(lambda maps: maps.reshape(len(maps), -1, order="F")),
        "N10": _of_numbers(lambda maps: maps.reshape(-1, len(maps))),
    },
    """
M4 | columns before rows | notebook 09, All in a row
You went down the columns first. The numbers go row by row, as they lie in the array.

F20 | only the first image | notebook 09, All in a row
You returned the first image only. There is a row for each image.

F35 | all images in one | notebook 09, All in a row
You made one long row of all images. The first axis stays: there is a row for each image.

N6 | channel after channel | notebook 09, All in a row
You wrote channel after channel, which is the order of libraries that put channels first. Here the channels of a pixel
stand together.

N7 | channels kept apart | notebook 09, All in a row
You kept the last axis. Height, width and channels all go into the row: the shape is (n, height * width * c).

N8 | mean of each channel | notebook 09, All in a row
You took the mean of each channel, which is global average pooling. To flatten keeps every number.

N9 | first axis fastest | notebook 09, All in a row
You let the first axis run fastest (`order="F"`). The last one should, as in every `reshape` of this course.

N10 | axes of rows swapped | notebook 09, All in a row
You made each image a column instead of a row. The number of images comes first in the shape.
""",
)


def _of_products(score: Callable[[FloatArray, FloatArray, FloatArray], ArrayLike]) -> Function:
    """Do something else with rows, weights and biases."""
    return lambda x, w, b: score(*float_arrays(x, w, b))


DENSE = with_words(
    {
        "M6": _of_products(lambda x, w, b: x @ w / len(w) + b),
        "M35": _of_products(lambda x, w, b: x @ w + len(w) * b),
        "M37a": _of_products(lambda x, w, b: x @ w),
        "M37b": _of_products(lambda x, w, b: x @ w + b[0]),
        "M40": returned_as(dense, lambda scores: np.repeat(scores[:1], len(scores), axis=0)),
        "F20": returned_as(dense, lambda scores: scores[:1]),
        "N11": returned_as(dense, relu),
        "N12": _of_products(lambda x, w, b: x @ (w + b)),
        "N13": _of_products(lambda x, w, b: x @ w.reshape(-1, len(w)).T + b),
        "N66": _of_products(lambda x, w, b: x @ w.T + b),
    },
    """
M6 | mean of the products | notebook 09, Weigh everything
You took the mean of the products. A dense layer adds them up.

M35 | bias for each product | notebook 09, Weigh everything
You added the bias with each product. It is added once, to the sum.

M37a | bias missing | notebook 09, Weigh everything
Your scores lack the biases. Add `b` to the sums: one for each unit.

M37b | first bias for all | notebook 09, Weigh everything
You added `b[0]` to every score. Each unit has its own bias.

M40 | first image for all | notebook 09, Weigh everything
You gave every image the scores of the first one. Each row of `x` has its own.

F20 | only the first image | notebook 09, Weigh everything
You returned the scores of the first image only. There is a row for each image.

N11 | activation not asked for | notebook 09, Weigh everything
You cut off the scores below 0. This dense layer has no activation: a score may be negative.

N12 | bias among the weights | notebook 09, Weigh everything
You added the biases to the weights, so that they are multiplied, too. Add them to the sums.

N13 | weights reshaped | notebook 09, Weigh everything
You reshaped the weights, which mixes them up. They already have the right shape: (numbers, units).

N66 | weights turned | notebook 09, Weigh everything | convention
PyTorch keeps the weights of a layer as (units, numbers), and multiplies by `w.T`. Here, as in Keras, they are (numbers,
units) already: `x @ w`.
""",
)


def _shared(share: Callable[[FloatArray], ArrayLike]) -> Function:
    """Do something else with the scores, without a warning about what cannot be computed."""

    def wrong(scores: ArrayLike) -> ArrayLike:
        with np.errstate(all="ignore"):
            return share(float_arrays(scores)[0])

    return wrong


def _divided(powers: FloatArray) -> FloatArray:
    shares: FloatArray = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _divided_in_place(scores: Any) -> Any:
    numbers = scores if isinstance(scores, np.ndarray) else np.asarray(scores, float)
    numbers -= numbers.max(axis=1, keepdims=True)
    return _divided(np.exp(numbers))


SOFTMAX = with_words(
    {
        "M43": _divided_in_place,
        "F20": returned_as(softmax, lambda shares: shares[:1]),
        "N14": _of_numbers(lambda scores: softmax(scores.T).T),
        "N15": _of_numbers(lambda scores: softmax(scores.reshape(1, -1)).reshape(scores.shape)),
        "N16": _shared(lambda scores: _divided(np.exp(scores))),
        "N17": _shared(lambda scores: _divided(np.exp(scores - scores.max()))),
        "N18": _shared(_divided),
        "N19": _shared(lambda scores: np.exp(scores - scores.max(axis=1, keepdims=True))),
        "N20": _of_numbers(lambda scores: softmax(-scores)),
        "N21": _shared(lambda scores: 1 / (1 + np.exp(-scores))),
        "N22": _shared(lambda scores: scores >= scores.max(axis=1, keepdims=True)),
        "N23": _shared(lambda scores: np.log(softmax(scores))),
        "N24": _of_numbers(lambda scores: softmax(np.log(2) * scores)),
    },
    """
M43 | scores changed | notebook 09, From scores to probabilities
Your numbers are right, but the scores that you were given have changed. Do not write `scores -= ...`: make a new array.

F20 | only the first image | notebook 09, From scores to probabilities
You returned the first row only. Each image has its own probabilities.

N14 | images share one whole | notebook 09, From scores to probabilities
You divided by the sum over all images. The probabilities of one image add up to 1: sum along each row, `axis=1`.

N15 | one sum for everything | notebook 09, From scores to probabilities
You divided by the sum of everything. The probabilities of one image add up to 1: sum along each row, `axis=1`.

N16 | powers too large | notebook 09, From scores to probabilities
Your powers are too large for a float, or all of them 0. Take the largest score of each row from the whole row first.

N17 | one largest for all | notebook 09, From scores to probabilities
You took the largest score of all images from every row. A row far below it has only powers of 0 left: use its own
largest.

N18 | powers left out | notebook 09, From scores to probabilities
You divided the scores by their sum. Take their powers first: `np.exp`.

N19 | sum not divided by | notebook 09, From scores to probabilities
You returned the powers themselves. Divide each row by its sum, so that it adds up to 1.

N20 | smallest score first | notebook 09, From scores to probabilities
You gave the smallest score the largest probability. There is no minus in the power.

N21 | each score alone | notebook 09, From scores to probabilities
You turned each score into a number from 0 to 1 by itself (the sigmoid). The probabilities of one image add up to 1.

N22 | all for the largest | notebook 09, From scores to probabilities
You gave the largest score 1 and the others 0. Each of them gets its share.

N23 | logarithm returned | notebook 09, From scores to probabilities
You returned the logarithms of the probabilities. Return the probabilities themselves.

N24 | powers of two | notebook 09, From scores to probabilities
You took powers of 2. Take powers of e: `np.exp`.
""",
)


# --- layers -------------------------------------------------------------------------------------------------------

C1, P1, C2, P2, LAST = LAYERS
CELLS = np.outer([2, 3, 3, 2], [2, 1])[:, :, None]  # of a window of 3 x 2 that lie inside a map of 4 x 2
STEPS = {C1: (1, 1), C2: (1, 2)}


def _runner(changed: Mapping[str, Layer]) -> Function:
    """Run a network in which some layers are others."""

    def wrong(layer: str, maps: ArrayLike, weights: Sequence[ArrayLike]) -> FloatArray:
        numbers, *arrays = float_arrays(maps, *weights)
        return changed[layer](numbers, arrays) if layer in changed else run_layer(layer, numbers, arrays)

    return wrong


def _convolutions(convolve: Callable[[FloatArray, FloatArray, FloatArray, Pair], FloatArray]) -> Function:
    """Compute both convolutions, activation included, in another way from maps, kernel, bias and strides."""
    return _runner(
        {
            C1: lambda maps, weights: convolve(maps, weights[0], weights[1], STEPS[C1]),
            C2: lambda maps, weights: convolve(maps, weights[2], weights[3], STEPS[C2]),
        }
    )


def _layer(x: FloatArray, w: FloatArray, b: FloatArray | None, strides: Pair) -> FloatArray:
    return conv2d(x, w, b, strides=strides, padding="same", activation="relu")


def _odd_padding_first(x: FloatArray, w: FloatArray, b: FloatArray, strides: Pair) -> FloatArray:
    sizes = zip(x.shape[1:3], w.shape[:2], strides, strict=True)
    pads = [same_padding(*size)[::-1] for size in sizes]
    return conv2d(np.pad(x, [(0, 0), *pads, (0, 0)]), w, b, strides=strides, activation="relu")


def _pads_of_stride_1(x: FloatArray, w: FloatArray, b: FloatArray, strides: Pair) -> FloatArray:
    pads = [same_padding(n, k) for n, k in zip(x.shape[1:3], w.shape[:2], strict=True)]
    return conv2d(np.pad(x, [(0, 0), *pads, (0, 0)]), w, b, strides=strides, activation="relu")


def _pooled_odd_padding_first(maps: FloatArray, _: Sequence[FloatArray]) -> FloatArray:
    turned = maps[:, ::-1, ::-1]
    return avg_pool2d(turned, (3, 2), 1, "same")[:, ::-1, ::-1]


def _channels_first(maps: FloatArray, weights: Sequence[FloatArray]) -> FloatArray:
    return dense(flatten(np.moveaxis(maps, 3, 1)), weights[4], weights[5])


RUN_LAYER = with_words(
    {
        "M1": _convolutions(lambda x, w, b, strides: _layer(x, w[::-1, ::-1], b, strides)),
        "M11": _convolutions(lambda x, w, b, strides: _layer(x, w, b, strides[::-1])),
        "M17a": _convolutions(_odd_padding_first),
        "M17b": _runner({P2: _pooled_odd_padding_first}),
        "M18": _convolutions(_pads_of_stride_1),
        "M37a": _convolutions(lambda x, w, b, strides: _layer(x, w, None, strides)),
        "M37b": _runner({LAST: lambda maps, weights: flatten(maps) @ weights[4]}),
        "M38": _convolutions(lambda x, w, b, strides: _layer(x, w, None, strides) + b),
        "P1": _runner({P1: lambda maps, _: max_pool2d(maps, 2, 1)}),
        "P5": _runner({P2: lambda maps, _: avg_pool2d(maps, (3, 2), 1, "same") * CELLS / 6}),
        "P11a": _runner({P1: lambda maps, _: avg_pool2d(maps, 2)}),
        "P11b": _runner({P2: lambda maps, _: max_pool2d(maps, (3, 2), 1, "same")}),
        "F7": _runner({P2: lambda maps, _: avg_pool2d(maps, (2, 3), 1, "same")}),
        "F17": _convolutions(lambda x, w, b, strides: _layer(x, w, b, (1, 1))),
        "F19a": _convolutions(lambda x, w, b, strides: conv2d(x, w, b, strides=strides, activation="relu")),
        "F19b": _runner({P2: lambda maps, _: avg_pool2d(maps, (3, 2), 1)}),
        "N6": _runner({LAST: _channels_first}),
        "N11": _runner({LAST: lambda maps, weights: relu(dense(flatten(maps), *weights[4:]))}),
        "N25": _convolutions(lambda x, w, b, strides: conv2d(x, w, b, strides=strides, padding="same")),
        "N26": _runner({P2: lambda maps, _: avg_pool2d(maps, (3, 2), padding="same")}),
        "N27": _runner({LAST: lambda maps, weights: softmax(dense(flatten(maps), *weights[4:]))}),
        "N28": _runner({P1: lambda maps, _: relu(max_pool2d(maps, 2))}),
    },
    """
M1 | kernel flipped both ways | notebook 01, Multiply cell by cell, then add | convention
Mathematics and signal processing turn the kernel by 180 degrees first. Here, as in Keras, it is laid on as it is.

M11 | strides swapped | notebook 09, The network
You swapped the strides of `conv2`. They are (1, 2): one row down, two columns along.

M17a | odd zeros first | notebook 05, Strides and padding, as before | convention
Some courses put the odd row or column of zeros first, at the top or left. Here, as in Keras, it comes last, at the
bottom or right: `conv2` has one of each.

M17b | window hangs out first | notebook 06, Same: the border is not there | convention
Some courses let an odd window hang over at the left first. Here, as in Keras, it does at the right: in `pool2` the
first window starts at column 0.

M18 | stride left out | notebook 04, Same with a stride
Your padding is that of a stride of 1. In `conv2` a width of 4 with a window of 3 and a stride of 2 lacks one column
only, at the right.

M37a | bias of convolutions missing | notebook 09, The network
Your convolutions lack their biases. Pass `b1` and `b2` to `conv2d`.

M37b | last bias missing | notebook 09, Weigh everything
Your scores lack the biases of the last layer. Add `b3`.

M38 | activation before the bias | notebook 05, The activation comes last
You applied ReLU before the bias was added. The bias comes first: relu(conv2d(...) + b).

P1 | pool moves by one | notebook 06, Strides default to the pool
Your windows of `pool1` move by one pixel. They lie side by side: leave out the strides.

P5 | border counts | notebook 06, Same: the border is not there | convention
PyTorch counts the cells outside in a mean by default. Here, as in Keras, `pool2` divides by the cells that are there.

P11a | mean for the largest | notebook 09, The network
You took the mean in `pool1`. It keeps the largest number of each window.

P11b | largest for the mean | notebook 09, The network
You kept the largest number in `pool2`. It takes the mean of each window.

F7 | pool sides swapped | notebook 09, The network
Your windows of `pool2` are 2 rows high and 3 columns wide. They are (3, 2): the height comes first.

F17 | strides left out | notebook 09, The network
You left out the strides of `conv2`. They are (1, 2), so that its maps are half as wide.

F19a | convolution without padding | notebook 09, The network
You left out `padding="same"` in the convolutions, so that their maps are too small.

F19b | pooling without padding | notebook 09, The network
You left out `padding="same"` in `pool2`, so that its maps are too small.

N6 | channel after channel | notebook 09, All in a row
Your flattened maps go channel after channel. The weights of the last layer expect the channels of a pixel together.

N11 | activation in last layer | notebook 09, Weigh everything
You cut off the scores below 0. The last layer has no ReLU.

N25 | activation forgotten | notebook 09, Nothing below zero
Your maps have numbers below 0. ReLU follows both convolutions.

N26 | pooling strides left out | notebook 09, The network
You left out the strides of `pool2`, so that its windows lie side by side. It has strides of 1.

N27 | probabilities for scores | notebook 09, The network
You applied softmax in the last layer. It outputs the scores themselves.

N28 | activation after the pooling | notebook 09, The network
You applied ReLU in `pool1`. Pooling has no activation: what is below 0 may stay.
""",
)


# --- the network --------------------------------------------------------------------------------------------------


def _network(run: Function, layers: Sequence[str] = LAYERS) -> Function:
    """Send images through some layers, one after the other."""

    def wrong(images: ArrayLike, weights: Sequence[ArrayLike]) -> ArrayLike:
        maps = images
        for layer in layers:
            maps = run(layer, maps, weights)
        return maps

    return wrong


def _with_a_wrong_layer(*ids: str) -> tuple[Mistake, ...]:
    """Mistakes of a layer, made in the whole network."""
    return tuple(with_function(one, _network(one.function)) for one in RUN_LAYER if one.id in ids)


PREDICT = _with_a_wrong_layer("M1", "M17a", "M37a", "P5", "N25") + with_words(
    {
        "M40": returned_as(predict, lambda scores: np.repeat(scores[:1], len(scores), axis=0)),
        "F1": returned_as(predict, np.zeros_like),
        "F20": returned_as(predict, lambda scores: scores[:1]),
        "N11": returned_as(predict, relu),
        "N27": returned_as(predict, softmax),
        "N29": _network(run_layer, [C1, P1, C2, LAST]),
        "N30": _network(run_layer, LAYERS[:-1]),
        "N31": returned_as(predict, lambda scores: scores.argmax(axis=1)),
        "N32": read_with(predict, lambda images, weights: (np.divide(images, 16), weights)),
    },
    """
M40 | first image for all | notebook 09, The whole network
You gave every image the scores of the first one. Send all images through each layer together.

F1 | starter not filled in | notebook 09, The whole network
You returned zeros of the right shape. Return what `dense` returns.

F20 | only the first image | notebook 09, The whole network
You returned the scores of the first image only. There is a row for each image.

N11 | activation in last layer | notebook 09, Weigh everything
You cut off the scores below 0. The last layer has no ReLU.

N27 | probabilities for scores | notebook 09, The whole network
You returned probabilities. `predict` returns the scores; softmax comes after it, where probabilities are wanted.

N29 | average pooling left out | notebook 09, The whole network
You left out `pool2`. Nothing fails, as it keeps the shape, but the scores are wrong.

N30 | last layer left out | notebook 09, The whole network
You stopped after `pool2`. Its maps go through `dense` as well, which makes scores of them.

N31 | digits for scores | notebook 09, The whole network
You returned the digit of the largest score. Return all scores: the caller can look for the largest.

N32 | pixels divided again | notebook 09, The whole network
You divided the pixels by 16. They are numbers from 0 to 1 already.
""",
)
