"""The arithmetic of one cell is true, and written as people write it; windows give every cell of a result."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograder.errors import CourseError
from autograder.marking.arithmetic import LONGEST, arithmetic
from autograder.marking.window_values import values
from autograder.model import Windows
from solutions import avg_pool2d, conv2d, max_pool2d
from solutions.reference.shapes import same_pads
from tests.strategies import halves, law

X = np.array([[1, 4, 2, 0, 3], [2, 1, -1, 3, 1], [3, 0, 3, 2, 2]])
K = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
REACH = 16  # no window of these tests begins or ends further outside


@st.composite
def calls(draw: st.DrawFn) -> tuple[Windows, dict[str, Any], tuple[int, ...]]:
    """Windows of any kind, the arguments they lie on, and an index into the result."""
    rank = draw(st.integers(1, 3))

    def whole(smallest: int, largest: int) -> tuple[int, ...]:
        return tuple(draw(st.lists(st.integers(smallest, largest), min_size=rank, max_size=rank)))

    size, shape = whole(1, 3), whole(1, 5)
    follows = draw(st.permutations([*range(rank), *[None] * rank]))[:rank]
    weighted, bias = draw(st.booleans()), draw(st.sampled_from([None, "b"]))
    windows = Windows(
        "x",
        size,
        whole(-3, 2),
        whole(1, 3),
        tuple(follows),
        reduce=draw(st.sampled_from(["sum", "max", "min", "mean"])),
        weights="w" if weighted else None,
        chosen=(None,) * rank + (rank,) if weighted else (),
        flipped=draw(st.booleans()),
        added=bias,
        at_least=draw(st.sampled_from([None, 0.0])),
        dilation=draw(st.sampled_from([(), whole(1, 3)])),
    )
    arguments = {
        "x": draw(halves(*shape)),
        "w": draw(halves(*size, 2)),
        "b": draw(halves(*draw(st.sampled_from([(), (2,)])))),
    }
    return windows, arguments, (*whole(0, 2), draw(st.integers(0, 1)))


def by_slices(windows: Windows, arguments: dict[str, Any], at: tuple[int, ...]) -> float:
    """The same cell from a padded array and slices with a step; padding is nan."""
    padded = np.pad(arguments["x"], REACH, constant_values=np.nan)
    slices = []
    for axis, size in enumerate(windows.size):
        followed, gap = windows.follows[axis], windows.dilation[axis] if windows.dilation else 1
        start = REACH + windows.first[axis] + (0 if followed is None else windows.step[axis] * at[followed])
        slices.append(slice(start, start + gap * size, gap))
    cells = padded[tuple(slices)]
    if windows.weights:
        weights = arguments["w"][..., at[-1]]
        for axis, followed in enumerate(windows.follows):
            if windows.flipped and (followed is not None or set(windows.follows) == {None}):
                weights = np.flip(weights, axis)
        cells = cells * weights
    real = cells[~np.isnan(cells)]
    value = {
        "sum": np.sum,
        "max": lambda some: some.max(initial=-np.inf),
        "min": lambda some: some.min(initial=np.inf),
        "mean": lambda some: sum(some) / len(some),
    }
    result = value[windows.reduce](real) if real.size or windows.reduce != "mean" else np.nan
    if windows.added:
        result += arguments["b"] if arguments["b"].ndim == 0 else arguments["b"][at[-1]]
    return float(result if windows.at_least is None else np.maximum(result, windows.at_least))


def cell(windows: Windows, arguments: dict[str, Any], at: tuple[int, ...]) -> float:
    """One cell of the result of the windows."""
    return float(values(windows, arguments, tuple(place + 1 for place in at))[at])


@law
@given(calls())
def test_windows_give_what_slices_of_a_padded_array_give(
    call: tuple[Windows, dict[str, Any], tuple[int, ...]],
) -> None:
    """Sum, maximum, minimum and mean agree, with padding, steps, dilation, turned weights, bias and ReLU."""
    windows, arguments, last = call
    shape = tuple(place + 1 for place in last)

    expected = [by_slices(windows, arguments, at) for at in np.ndindex(shape)]

    np.testing.assert_allclose(values(windows, arguments, shape).reshape(-1), expected, rtol=1e-11, atol=1e-10)


@law
@given(calls())
def test_what_is_written_is_true(call: tuple[Windows, dict[str, Any], tuple[int, ...]]) -> None:
    """Read as Python, both sides of the equals sign are the same number."""
    value = by_slices(*call)
    read = arithmetic(*call, value).replace("·", "*").replace(" (b)", "")
    read = re.sub(r"the largest of ((?:(?! [+] | is |, 0\)).)*)", r"max([\1])", read)
    read = re.sub(r"the smallest of ((?:(?! [+] | is |, 0\)).)*)", r"np_min([\1])", read).replace(" is ", " = ")
    if "..." in read or "no cell" in read:
        return
    left, right = read.split(" = ")
    names = {
        "x": call[1]["x"],
        "padding": 0.0,
        "max": lambda *numbers: np.max(np.hstack(numbers)),
        "np_min": np.min,
        "nan": np.nan,
        "inf": np.inf,
    }

    assert eval(left, names) == pytest.approx(float(right), abs=0.02, nan_ok=True)  # noqa: S307
    assert float(right) == pytest.approx(value, abs=0.001, nan_ok=True)


@law
@given(
    halves(2, 5, 6, 3),
    halves(2, 3, 3, 4),
    halves(4),
    st.tuples(st.integers(1, 3), st.integers(1, 3)),
    st.integers(1, 2),
)
def test_a_layer_agrees_with_the_reference(x: Any, w: Any, b: Any, strides: tuple[int, int], dilation: int) -> None:
    """Every cell of a padded convolution with bias and ReLU is the one of the course's own conv2d."""
    if dilation > 1:
        strides = (1, 1)
    expected = conv2d(x, w, b, strides=strides, padding="same", dilation_rate=dilation, activation="relu")
    span = tuple((size - 1) * dilation + 1 for size in w.shape[:2])
    (top, _), (left, _) = same_pads(x.shape[1:3], span, strides)
    windows = Windows(
        "x",
        (1, 2, 3, 3),
        (0, -top, -left, 0),
        (1, *strides, 1),
        (0, 1, 2, None),
        weights="w",
        chosen=(None, None, None, 3),
        added="b",
        at_least=0.0,
        dilation=(1, dilation, dilation, 1),
    )

    np.testing.assert_allclose(values(windows, {"x": x, "w": w, "b": b}, expected.shape), expected, atol=1e-9)


@law
@given(halves(2, 5, 6, 3), st.sampled_from([("max", max_pool2d), ("mean", avg_pool2d)]))
def test_a_pool_agrees_with_the_reference(x: Any, pool: tuple[str, Any]) -> None:
    """Padding is left out of the maximum and of the mean."""
    reduce, function = pool
    expected = function(x, (3, 2), (2, 3), "same")
    (top, _), (left, _) = same_pads((5, 6), (3, 2), (2, 3))
    windows = Windows("x", (1, 3, 2, 1), (0, -top, -left, 0), (1, 2, 3, 1), (0, 1, 2, 3), reduce=reduce)

    np.testing.assert_allclose(values(windows, {"x": x}, expected.shape), expected, atol=1e-9)


@pytest.mark.parametrize(
    ("windows", "at", "words"),
    [
        (
            Windows("x", (3, 3), (0, 0), (1, 1), (0, 1), weights="k"),
            (0, 2),
            "2·1 + 0·0 + 3·(-1) + (-1)·1 + 3·0 + 1·(-1) + 3·1 + 2·0 + 2·(-1) = -2",
        ),
        (
            Windows("x", (2, 2), (-1, 0), (1, 1), (0, 1), weights="w", flipped=True, added="bias", at_least=0.0),
            (0, 1),
            "max(0·(-2) + 0·0.5 + 4·1 + 2·3 + (-12.5) (bias), 0) = 0",
        ),
        (Windows("x", (1, 3), (1, 0), (1, 1), (0, 1)), (0, 0), "2 + 1 - 1 = 2"),
        (Windows("x", (2, 2), (-1, -1), (2, 2), (0, 1), reduce="max"), (1, 1), "the largest of 1, -1, 0, 3 is 3"),
        (Windows("x", (2, 2), (-1, -1), (2, 2), (0, 1), reduce="mean"), (0, 1), "(4 + 2) / 2 = 3"),
        (Windows("x", (1, 3), (1, 0), (1, 1), (0, 1), reduce="mean"), (0, 0), "(2 + 1 - 1) / 3 = 0.667"),
        (
            Windows("x", (1, 2), (0, 0), (1, 1), (0, 1), reduce="max", added="bias"),
            (0, 0),
            "the largest of 1, 4 + (-12.5) (bias) = -8.5",
        ),
        (Windows("x", (1, 1), (0, 0), (1, 1), (1, 0)), (4, 2), "x[2, 4] = 2"),
        (Windows("x", (1, 1), (-1, 0), (1, 1), (0, 1)), (0, 3), "padding = 0"),
        (
            Windows("x", (1, 1), (3, 0), (1, 1), (0, 1), reduce="max"),
            (0, 0),
            "no cell of x lies in this window: -inf",
        ),
    ],
)
def test_arithmetic_as_it_is_read(windows: Windows, at: tuple[int, ...], words: str) -> None:
    """Products in the order of the window, negative numbers in brackets, then bias and ReLU."""
    arguments = {"x": X, "k": K, "w": np.array([[3, 1], [0.5, -2]]), "bias": -12.5}

    assert arithmetic(windows, arguments, at, cell(windows, arguments, at)) == words


def test_weights_are_turned_along_the_axes_that_windows_move_along() -> None:
    """A filter turned by 180 degrees keeps the order of its channels; where nothing moves, all of it is turned."""
    arguments = {"x": np.array([[1, 10], [100, 1000]]), "w": np.array([[1, 2], [3, 4]])}
    turned = [
        Windows("x", (2, 2), (0, 0), (1, 1), follows, weights="w", flipped=True)
        for follows in ((0, None), (None, None), (0, 1))
    ]

    assert [cell(windows, arguments, (0, 0)) for windows in turned] == [2143, 1234, 1234]
    assert arithmetic(turned[0], arguments, (0, 0), 2143.0) == "1·3 + 10·4 + 100·1 + 1000·2 = 2143"


def test_a_long_sum_keeps_its_ends_and_its_result() -> None:
    """What would not fit in a line loses its middle."""
    windows = Windows("x", (10, 10), (0, 0), (1, 1), (0, 1))
    words = arithmetic(windows, {"x": np.arange(100).reshape(10, 10)}, (0, 0), 4950.0)

    assert words.startswith("0 + 1 + 2 + ")
    assert words.endswith(" + ... + 93 + 94 + 95 + 96 + 97 + 98 + 99 = 4950")
    assert len(words) <= LONGEST + len(" = 4950")


@pytest.mark.parametrize("terms", [["1e+200", "1e+200"], ["inf", "-inf"], ["nan", "1"]])
def test_numbers_without_bounds(terms: list[str]) -> None:
    """What overflows or is no number is written as NumPy has it, without a warning."""
    windows, arguments = Windows("x", (2,), (0,), (1,), (0,), weights="x"), {"x": np.array(list(map(float, terms)))}
    value = cell(windows, arguments, (0,))

    assert not np.isfinite(value)
    assert arithmetic(windows, arguments, (0,), value).endswith(f" = {value}")


@pytest.mark.parametrize(
    ("windows", "at", "says"),
    [
        (Windows("y", (1, 1), (0, 0), (1, 1), (0, 1)), (0, 0), "windows on y: KeyError('y') at [0, 0]"),
        (Windows("x", (1, 1), (0, 0), (1, 1), (0, 5)), (0, 0), "windows on x: IndexError("),
        (Windows("x", (2, 2), (0, 0), (1, 1), (0, 1), weights="k"), (0, 0), "cannot reshape array of size 9"),
        (Windows("x", (2,), (0,), (1,), (0,)), (0, 0), "Windows must fit every cell of the result; compare them"),
    ],
)
def test_windows_that_do_not_fit_are_the_authors_fault(windows: Windows, at: tuple[int, ...], says: str) -> None:
    """The error says which windows, what is wrong and what to compare."""
    with pytest.raises(CourseError, match=re.escape(says)):
        arithmetic(windows, {"x": X, "k": K}, at, 0.0)
