"""Where windows lie and how large results are, as the exercises declare it: against what the references return."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import astuple, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from autograder.course.exercise import Assignment, Exercise
from autograder.course.folder import Course
from autograder.errors import CourseError
from autograder.grading.trials import require_true
from autograder.marking import window_values
from autograder.marking.scheme import Trial
from autograder.model import Windows
from course.exercises import places
from tests.schemes import EXERCISES, without_mistakes

ROOT = Path(__file__).parents[2]
SEED = 11
EVERY = 4000  # cells; of a larger result so many are evaluated, drawn from all
FLOATS = NDArray[np.float64]

WITH_WINDOWS = [exercise for exercise in EXERCISES.values() if exercise.windows is not None]
WITH_SIZES = [exercise for exercise in EXERCISES.values() if exercise.sizes is not None]

OUTSIDE = {"sum": 0.0, "max": -np.inf, "mean": np.nan}
REDUCED: dict[str, Callable[[FLOATS], float]] = {"sum": np.sum, "max": np.max, "mean": np.nanmean}


def of_all(exercises: list[Exercise]) -> pytest.MarkDecorator:
    """A test for each of the exercises."""
    return pytest.mark.parametrize("exercise", exercises, ids=lambda exercise: exercise.function)


def trials(exercise: Exercise) -> Iterator[tuple[Trial, dict[str, Any]]]:
    """Each trial with all its arguments by name, those left out at their defaults."""
    for trial in without_mistakes(exercise, SEED).trials:
        bound = inspect.signature(exercise.reference).bind(**dict(trial.arguments))
        bound.apply_defaults()
        yield trial, bound.arguments


def evaluate(laid: Windows, arguments: dict[str, Any], at: tuple[int, ...]) -> float:
    """One cell of the result, worked out from what the declaration says and nothing else."""
    array = np.asarray(arguments[laid.argument], float)
    along = [
        first + step * (0 if axis is None else at[axis]) + spread * np.arange(size)
        for size, first, step, axis, spread in zip(
            laid.size, laid.first, laid.step, laid.follows, laid.dilation or (1,) * array.ndim, strict=True
        )
    ]
    inside = [(one >= 0) & (one < n) for one, n in zip(along, array.shape, strict=True)]
    cells = np.full(laid.size, OUTSIDE[laid.reduce])
    cells[np.ix_(*inside)] = array[np.ix_(*(one[there] for one, there in zip(along, inside, strict=True)))]

    cells = cells.ravel()
    if laid.weights is not None:
        weights = np.asarray(arguments[laid.weights], float)
        weights = weights[tuple(slice(None) if axis is None else at[axis] for axis in laid.chosen)].ravel()
        assert weights.size == cells.size
        cells = cells * (weights[::-1] if laid.flipped else weights)
    value = REDUCED[laid.reduce](cells)
    if laid.added is not None:
        added = np.asarray(arguments[laid.added], float)
        value += added if added.ndim == 0 else added[at[-1]]
    return float(value if laid.at_least is None else max(value, laid.at_least))


def some_cells(shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Every cell of a small result, and of a large one as many as can be evaluated in good time."""
    cells = list(np.ndindex(shape))
    if len(cells) <= EVERY:
        return cells
    return [cells[at] for at in np.random.default_rng(SEED).choice(len(cells), EVERY, replace=False)]


# --- where windows lie --------------------------------------------------------------------------------------------


def test_exercises_with_windows() -> None:
    """Windows are declared wherever a cell of the result is a sum, a maximum or a mean of one."""
    assert {exercise.function for exercise in WITH_WINDOWS} == {
        "window_sum",
        "conv2d_valid",
        "true_convolution",
        "conv2d_strided",
        "conv2d_gray",
        "conv2d_one_filter",
        "conv2d",
        "max_pool2d",
        "avg_pool2d",
        "global_max_pool",
        "global_avg_pool",
        "conv2d_einsum",
        "conv2d_im2col",
        "correlate",
        "correlate_same",
        "correlate_strided",
        "correlate_channels",
        "pool_channels",
        "average_same",
    }


@of_all(WITH_WINDOWS)
def test_the_windows_make_the_result(exercise: Exercise) -> None:
    """What they say of each cell of the result gives the number that the reference returns there."""
    assert exercise.windows is not None
    for trial, arguments in trials(exercise):
        if trial.refused:
            continue
        expected = np.asarray(trial.expected)
        laid = exercise.windows(**arguments)
        assert laid is not None
        cells = some_cells(expected.shape)

        np.testing.assert_allclose(
            [evaluate(laid, arguments, at) for at in cells], [expected[at] for at in cells], rtol=1e-12, atol=1e-9
        )


@of_all(WITH_WINDOWS)
def test_all_cells_at_once_are_those_of_the_reference(exercise: Exercise) -> None:
    """What a course is checked with agrees with each expected value."""
    assert exercise.windows is not None
    for trial, arguments in trials(exercise):
        if trial.refused:
            continue
        laid = exercise.windows(**arguments)
        assert laid is not None

        found = window_values.values(laid, arguments, np.shape(trial.expected))

        np.testing.assert_allclose(found, trial.expected, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("reduce", ["min", "mean", "sum"])
def test_windows_with_another_reduction_are_refused(reduce: str) -> None:
    """A maximum is told as a maximum, or the course is not let through."""
    exercise = replace(EXERCISES["max_pool2d"], windows=partial(places.pool, reduce=reduce), mistakes=(), hints=())
    assignment = Assignment("pooling", "Pooling", [exercise])

    with pytest.raises(CourseError, match=r", max_pool2d, '[a-z ]+': windows gives"):
        require_true(Course(ROOT / "course", [assignment]))


@of_all(WITH_WINDOWS)
def test_windows_are_numbers_and_names(exercise: Exercise) -> None:
    """They hold plain numbers and words only, whatever a call is made with, and so can be written to a file."""
    assert exercise.windows is not None
    for _, arguments in trials(exercise):
        laid = exercise.windows(**arguments)
        assert laid is not None
        values = [item for value in astuple(laid) for item in (value if isinstance(value, tuple) else (value,))]

        assert {type(value) for value in values} <= {int, float, str, bool, type(None)}


def test_padding_begins_before_the_image() -> None:
    """Under "same" the first window begins as far before the image as there is padding, and never before a channel."""
    one_image = places.gray(np.zeros((5, 6)), np.zeros((4, 2)), padding="same")
    a_batch = places.layer(np.zeros((2, 5, 6, 3)), np.zeros((3, 3, 3, 4)), strides=(1, 2), padding="same")

    assert one_image.first == (-1, 0)
    assert a_batch.first == (0, -1, 0, 0)


@pytest.mark.parametrize(
    "lay",
    [
        partial(places.pool, pool_size=2, strides=None, padding="valid", reduce="max"),
        partial(places.whole, keepdims=False, reduce="mean"),
    ],
    ids=["pool", "whole"],
)
def test_channels_first_has_no_windows(lay: Callable[..., Windows | None]) -> None:
    """Of the other data format nothing is said."""
    assert lay(np.zeros((1, 2, 4, 4)), data_format="channels_first") is None


# --- how large results are ----------------------------------------------------------------------------------------

AXES = {"height": 0, "width": 1}


def last_number(line: str) -> int:
    """The number that a line ends with."""
    return int(re.search(r"= (-?\d+)$", line)[1])  # type: ignore[index]


def axis_of(line: str, rank: int) -> int | None:
    """The axis of the result that a line is about, by its first word."""
    name = line.partition(":")[0]
    if name == "channels":
        return rank - 1
    return AXES[name] + (rank >= 4) if name in AXES else None


def test_exercises_with_sizes() -> None:
    """Sizes are declared wherever windows make an array, and where the size itself is asked for."""
    moving = {"to_channels_first", "to_channels_last", "to_keras_kernel", "to_torch_kernel"}
    others = {"output_size", "same_padding", "pad2d", "windows", "run_layer"} | moving

    assert {one.function for one in WITH_SIZES} == {one.function for one in WITH_WINDOWS} - {"window_sum"} | others


@of_all([one for one in WITH_SIZES if one.function not in {"output_size", "same_padding"}])
def test_sizes_of_arrays_are_those_of_the_result(exercise: Exercise) -> None:
    """Each line ends in the size of its axis; height and width are always among them, or the whole shape is."""
    assert exercise.sizes is not None
    for trial, arguments in trials(exercise):
        if trial.refused:
            continue
        shape = np.shape(trial.expected)
        told = set()
        for line in exercise.sizes(**arguments):
            axis = axis_of(line, len(shape))
            if axis is not None:
                assert last_number(line) == shape[axis], line
                told.add(axis)
            else:
                listed = [int(number) for number in re.findall(r"\d+", line.rpartition("= (")[2])]
                assert listed == list(shape[-len(listed) :]), line
                told |= {len(shape) - 1 - place for place in range(len(listed))}

        assert told >= ({0, 1} if len(shape) < 4 else {1, 2})


def test_lines_of_output_size_end_in_the_count() -> None:
    """The last line ends in the number to return."""
    exercise = EXERCISES["output_size"]
    assert exercise.sizes is not None
    found = [(trial, exercise.sizes(**arguments)) for trial, arguments in trials(exercise) if not trial.refused]

    assert [last_number(lines[-1]) for _, lines in found] == [trial.expected for trial, _ in found]


def test_lines_of_same_padding_end_in_both_numbers() -> None:
    """The last two lines end in what to return, before and after."""
    exercise = EXERCISES["same_padding"]
    assert exercise.sizes is not None
    found = [(trial, exercise.sizes(**arguments)) for trial, arguments in trials(exercise)]

    assert [tuple(map(last_number, lines[-2:])) for _, lines in found] == [trial.expected for trial, _ in found]


@of_all(WITH_SIZES)
def test_a_formula_gives_the_number_behind_it(exercise: Exercise) -> None:
    """What stands between colon and equals sign works out to what the line ends in."""
    assert exercise.sizes is not None
    functions = {"floor": np.floor, "ceil": np.ceil, "max": max}
    for _, arguments in trials(exercise):
        for line in exercise.sizes(**arguments):
            name, _, rest = line.partition(": ")
            if name in {"height", "width", "span", "windows", "total", "before", "after"}:
                formula, number = rest.rsplit(" = ")
                assert eval(formula, functions) == int(number), line  # noqa: S307  the course's own text


@of_all([one for one in WITH_SIZES if any(trial.refused for trial, _ in trials(one))])
def test_sizes_say_why_a_call_is_refused(exercise: Exercise) -> None:
    """Where no window fits, some count is below 1."""
    assert exercise.sizes is not None
    for trial, arguments in trials(exercise):
        if trial.refused:
            assert min(map(last_number, exercise.sizes(**arguments))) < 1


@pytest.mark.parametrize(
    ("function", "arguments", "lines"),
    [
        ("output_size", {"n": 8, "k": 3, "stride": 2}, ["windows: floor((8 - 3) / 2) + 1 = 3"]),
        (
            "output_size",
            {"n": 9, "k": 3, "dilation": 2},
            ["span: (3 - 1) * 2 + 1 = 5", "windows: floor((9 - 5) / 1) + 1 = 5"],
        ),
        (
            "same_padding",
            {"n": 5, "k": 2},
            [
                "windows: ceil(5 / 1) = 5",
                "total: max((5 - 1) * 1 + 2 - 5, 0) = 1",
                "before: floor(1 / 2) = 0",
                "after: 1 - 0 = 1",
            ],
        ),
        (
            "pad2d",
            {"image": np.zeros((5, 6)), "pads": ((1, 2), (3, 4))},
            ["height: 1 + 5 + 2 = 8", "width: 3 + 6 + 4 = 13"],
        ),
        (
            "conv2d_valid",
            {"image": np.zeros((5, 6)), "kernel": np.zeros((3, 2))},
            ["height: 5 - 3 + 1 = 3", "width: 6 - 2 + 1 = 5"],
        ),
        (
            "conv2d",
            {"x": np.zeros((2, 7, 6, 3)), "w": np.zeros((3, 3, 3, 4)), "strides": (2, 1), "padding": "same"},
            ["height: ceil(7 / 2) = 4", "width: ceil(6 / 1) = 6", "channels: one for each filter = 4"],
        ),
        (
            "windows",
            {"x": np.zeros((1, 7, 9, 2)), "kernel_size": (2, 3), "dilation_rate": 2},
            [
                "height: floor((7 - 3) / 1) + 1 = 5",
                "width: floor((9 - 5) / 1) + 1 = 5",
                "of each window (i, j, c) = (2, 3, 2)",
            ],
        ),
        (
            "global_max_pool",
            {"x": np.zeros((2, 4, 5, 3)), "keepdims": True},
            ["(n, height, width, c) becomes (n, 1, 1, c) = (2, 1, 1, 3)"],
        ),
    ],
)
def test_lines_as_they_are_read(function: str, arguments: dict[str, Any], lines: list[str]) -> None:
    """A line names its axis, then the formula with the call's own numbers, then the size."""
    exercise = EXERCISES[function]
    assert exercise.sizes is not None
    bound = inspect.signature(exercise.reference).bind(**arguments)
    bound.apply_defaults()

    assert list(exercise.sizes(**bound.arguments)) == lines


@pytest.mark.parametrize("function", ["max_pool2d", "avg_pool2d", "global_max_pool", "global_avg_pool"])
def test_channels_first_has_no_sizes(function: str) -> None:
    """Of the other data format nothing is said."""
    exercise = EXERCISES[function]
    assert exercise.sizes is not None
    bound = inspect.signature(exercise.reference).bind(np.zeros((1, 2, 4, 4)), data_format="channels_first")
    bound.apply_defaults()

    assert exercise.sizes(**bound.arguments) == []
