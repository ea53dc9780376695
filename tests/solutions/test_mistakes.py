"""Known mistakes are wrong in the way they say, differ from each other, and come with words."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from autograder.exercise import Exercise
from course.exercises import one_window, pooling
from solutions import gray, pool
from solutions.mistakes import Mistake
from solutions.mistakes.global_pool import GLOBAL_AVG_POOL, GLOBAL_MAX_POOL
from solutions.mistakes.gray import CONV2D_VALID, WINDOW_SUM
from solutions.mistakes.pool import AVG_POOL2D, MAX_POOL2D

Arguments = tuple[Any, ...]

X = np.array([[1, 2, 0, 1, 3], [4, 1, 1, 0, 2], [0, 2, 3, 1, 1], [1, 0, 2, 2, 0], [3, 1, 0, 1, 2]])
K = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
A = np.array([[1, 3, 2, 0], [4, 6, 1, 2], [0, 2, 5, 3], [1, 2, 2, 4]])

HEADINGS = {
    "01": (
        "A strip of five numbers",
        "One window, one number",
        "Multiply cell by cell, then add",
        "Rows first",
        "Every window in turn",
        "How many windows fit?",
        "Numbers with a fraction",
        "Leave the input alone",
        "Why look through a small window?",
    ),
    "06": (
        "The largest of each window",
        "The mean of each window",
        "Strides default to the pool",
        "What is left over",
        "Same: the border is not there",
        "Each channel alone",
        "Global pooling",
        "A small shift",
    ),
}

EXERCISES = {
    "window_sum": (gray.window_sum, WINDOW_SUM),
    "conv2d_valid": (gray.conv2d_valid, CONV2D_VALID),
    "max_pool2d": (pool.max_pool2d, MAX_POOL2D),
    "avg_pool2d": (pool.avg_pool2d, AVG_POOL2D),
    "global_max_pool": (pool.global_max_pool, GLOBAL_MAX_POOL),
    "global_avg_pool": (pool.global_avg_pool, GLOBAL_AVG_POOL),
}
ASKED = [*one_window.ASSIGNMENT.exercises, *pooling.ASSIGNMENT.exercises]
ALL = [
    pytest.param(name, mistake, id=f"{name}-{mistake.id}")
    for name, (_, mistakes) in EXERCISES.items()
    for mistake in mistakes
]


def _integers(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(-9, 10, shape).astype(float)


def _halves(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(-5, 5, shape) + 0.5


def _bytes(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(100, 251, shape).astype(np.uint8)


def _negative(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(-18, -1, shape) + 0.5


def fixtures(exercise: str) -> list[Arguments]:
    """Inputs with unequal axes, odd totals, leftovers, fractions and negative numbers, drawn anew at each call."""
    if exercise == "window_sum":
        shapes = [(3, 3), (2, 3), (3, 2), (1, 3), (4, 5)]
        return [
            *((_integers(i, *shape), _halves(i + 9, *shape)) for i, shape in enumerate(shapes)),
            (_bytes(1, 3, 3), abs(_halves(2, 3, 3))),
        ]
    if exercise == "conv2d_valid":
        shapes = [((5, 8), (2, 3)), ((8, 6), (3, 2)), ((4, 7), (1, 3)), ((6, 6), (4, 4)), ((5, 7), (3, 3))]
        return [
            *((_integers(i, *image), _halves(i + 9, *kernel)) for i, (image, kernel) in enumerate(shapes)),
            (_integers(1, 5, 6).astype(int), _halves(2, 3, 3)),
            (_integers(3, 5, 6).astype(int), _integers(4, 2, 2).astype(int)),
            (_bytes(1, 5, 6), abs(_halves(2, 3, 3))),
        ]
    if exercise.startswith("global"):
        return [
            (_halves(1, 2, 3, 4, 5),),
            (_halves(2, 2, 5, 3, 4), True),
            (_negative(3, 3, 4, 3, 2),),
            (_integers(4, 2, 3, 5, 2).astype(int),),
            (_bytes(5, 2, 3, 4, 3),),
        ]
    return [
        (_negative(1, 2, 5, 7, 3), (2, 3), (2, 2), "same"),
        (_halves(2, 2, 6, 8, 2), (3, 2)),
        (_halves(3, 2, 5, 8, 2), (2, 3), (2, 2)),
        (_halves(4, 2, 8, 5, 3), (3, 2), (1, 2)),
        (_halves(5, 2, 6, 8, 3), (3, 3), (2, 2), "same"),
        (_halves(6, 2, 7, 9, 3), (4, 2), (2, 3), "same"),
        (_negative(7, 3, 6, 9, 2), (3, 4), (1, 2), "same"),
        (_bytes(9, 2, 5, 6, 3), 2),
        (_integers(10, 2, 5, 6, 3).astype(int), 2),
    ]


def outcome(function: Callable[..., Any], arguments: Arguments) -> tuple[Any, ...]:
    """Everything a grader can see of a call: the result with its shape, or an error, and the arguments after it."""
    copies = tuple(argument.copy() if isinstance(argument, np.ndarray) else argument for argument in arguments)
    try:
        result = np.asarray(function(*copies), dtype=np.float64)
    except (ValueError, IndexError, TypeError):
        return ("raises",)
    changed = not all(map(np.array_equal, copies, arguments))
    return result.shape, tuple(np.nan_to_num(result, nan=-999.0, neginf=-998.0).round(6).ravel()), changed


def _arrays(arguments: Mapping[str, Any]) -> Arguments:
    return tuple(value for value in arguments.values() if isinstance(value, np.ndarray))


def _options(arguments: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in arguments.items() if not isinstance(value, np.ndarray)}


def _find(mistakes: Sequence[Mistake], id_: str) -> Mistake:
    return next(mistake for mistake in mistakes if mistake.id == id_)


def _gray(array: np.ndarray) -> np.ndarray:
    return array[None, :, :, None]


@pytest.mark.parametrize(("id_", "expected"), [("M1", -1), ("M2a", -1), ("M2b", 1), ("M3", -2), ("M5a", 0)])
def test_window_sum_of_the_hand_example(id_: str, expected: float) -> None:
    """The top-left window of X with K gives the wrong number that the fault is known for."""
    assert _find(WINDOW_SUM, id_).function(X[:3, :3], K) == expected


RIGHT = [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]]


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("M1", [[-1, -3, 2], [1, 0, -3], [1, 1, -2]]),
        ("M2a", [[-1, -3, 2], [1, 0, -3], [1, 1, -2]]),
        ("M2b", RIGHT),
        ("M3", [[-2, -3, -1], [3, -2, -1], [1, 4, 2]]),
        ("M4", [[1, -1, -1], [3, 0, -1], [-2, 3, 2]]),
        ("M5", [[0, 0, 0], [0, 0, 0], [0, 0, 0]]),
        ("M6", [[1 / 9, 3 / 9, -2 / 9], [-1 / 9, 0, 3 / 9], [-1 / 9, -1 / 9, 2 / 9]]),
        ("M7", [[1, 3], [-1, 0]]),
        ("M15a", RIGHT),
        ("M15b", RIGHT),
        ("M15c", RIGHT),
        ("M39a", [[1, 4, 2], [1, 1, 4], [3, 2, 4]]),
        ("M41", [[1, 3, 254], [255, 0, 3], [255, 255, 2]]),
        ("M42a", RIGHT),
        ("M42b", RIGHT),
        ("F16", [[1, 3, 0], [0, 0, 3], [0, 0, 2]]),
        (
            "F10",
            [[-3, 4, 2, -4, 1], [-5, 1, 3, -2, 2], [-3, -1, 0, 3, 3], [-3, -1, -1, 2, 4], [-1, 2, -2, 0, 3]],
        ),
    ],
)
def test_conv2d_valid_of_the_hand_example(id_: str, expected: list[list[float]]) -> None:
    """X with K gives the wrong output that the fault is known for; a fault that it hides gives the right one."""
    np.testing.assert_allclose(_find(CONV2D_VALID, id_).function(X, K), expected)


def test_windows_past_the_edge_keep_the_size_of_the_image() -> None:
    """Windows that run past the edge of the 5 x 5 image make a 5 x 5 output."""
    assert _find(CONV2D_VALID, "M8a").function(X, K).shape == (5, 5)


@pytest.mark.parametrize("id_", ["M42a", "M42b"])
def test_whole_numbers_cut_a_box_blur(id_: str) -> None:
    """A box blur of X starts with 1.556, 1.222, 1.333, and with 1, 1, 1 where whole numbers are stored."""
    assert _find(CONV2D_VALID, id_).function(X, np.full((3, 3), 1 / 9))[0].tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("P1", [[6, 6, 2], [6, 6, 5], [2, 5, 5]]),
        ("P2a", [[6, 2], [2, 5]]),
        ("P4", [[6, 2], [2, 5]]),
        ("P8", [[6, 2], [2, 5]]),
        ("P9a", [[1, 2], [0, 5]]),
        ("P9b", [[6, 2], [2, 4]]),
        ("P10", [[5, 3], [4, 6]]),
        ("P11a", [[3.5, 1.25], [1.25, 3.5]]),
        ("M4", [[6, 2], [2, 5]]),
        ("M11", [[6, 2], [2, 5]]),
    ],
)
def test_max_pool2d_of_the_hand_example(id_: str, expected: list[list[float]]) -> None:
    """A gives the wrong maxima that the fault is known for; a fault that it hides gives the right ones."""
    np.testing.assert_array_equal(_find(MAX_POOL2D, id_).function(_gray(A))[0, :, :, 0], expected)


@pytest.mark.parametrize(
    ("id_", "expected"),
    [
        ("P6", [[3, 1], [1, 3]]),
        ("P7a", [[14, 5], [5, 14]]),
        ("P7b", [[3.5, 1.25], [1.25, 3.5]]),
        ("P7c", [[3.5, 1.25], [1.25, 3.5]]),
        ("P11", [[6, 2], [2, 5]]),
    ],
)
def test_avg_pool2d_of_the_hand_example(id_: str, expected: list[list[float]]) -> None:
    """A gives the wrong means that the fault is known for; a fault that it hides gives the right ones."""
    np.testing.assert_array_equal(_find(AVG_POOL2D, id_).function(_gray(A))[0, :, :, 0], expected)


def test_zero_padding_wins_against_negative_pixels() -> None:
    """A - 7 with pool 3 and stride 2 under "same" gives zeros where the padding is."""
    actual = _find(MAX_POOL2D, "P3").function(_gray(A - 7), 3, 2, "same")[0, :, :, 0]

    np.testing.assert_array_equal(actual, [[-1, 0], [0, 0]])


def test_full_windows_make_the_means_at_the_border_too_small() -> None:
    """X with pool 2 under "same" has too small a last column where the padding counts."""
    actual = _find(AVG_POOL2D, "P5").function(_gray(X), 2, None, "same")[0, :, -1, 0]

    np.testing.assert_array_equal(actual, [1.25, 0.25, 0.5])


def test_full_windows_of_three() -> None:
    """A with pool 3 and stride 2 under "same" gives 4/3 and 14/9 where the padding counts."""
    actual = _find(AVG_POOL2D, "P5").function(_gray(A), 3, 2, "same")[0, :, :, 0]

    np.testing.assert_allclose(actual, [[24 / 9, 13 / 9], [12 / 9, 14 / 9]])


@pytest.mark.parametrize(("id_", "side"), [("M20a", 5), ("M20b", 5), ("M21", 7)])
def test_same_that_keeps_the_size(id_: str, side: int) -> None:
    """A 5 x 5 image stays 5 x 5 under "same" with pool 3 and stride 1, and grows by 2 with one row too many."""
    assert _find(MAX_POOL2D, id_).function(_gray(X), 3, 1, "same").shape == (1, side, side, 1)


def test_same_that_keeps_the_size_at_stride_2() -> None:
    """A 5 x 5 image stays 5 x 5 at stride 2, where 3 x 3 would be right."""
    assert _find(MAX_POOL2D, "M20a").function(_gray(X), 3, 2, "same").shape == (1, 5, 5, 1)
    assert pool.max_pool2d(_gray(X), 3, 2, "same").shape == (1, 3, 3, 1)


@pytest.mark.parametrize("mistakes", [GLOBAL_MAX_POOL, GLOBAL_AVG_POOL])
def test_the_wrong_axes_give_one_number_for_each_row(mistakes: Sequence[Mistake]) -> None:
    """Global pooling over axes 2 and 3 of (n, height, width, c) gives (n, height)."""
    assert _find(mistakes, "P12").function(np.ones((2, 3, 4, 5))).shape == (2, 3)


@pytest.mark.parametrize(("name", "mistake"), ALL)
def test_a_mistake_is_not_right(name: str, mistake: Mistake) -> None:
    """A mistake differs from the reference on at least one fixture: in its result, its errors or what it changes."""
    right, _ = EXERCISES[name]

    assert any(outcome(mistake.function, case) != outcome(right, case) for case in fixtures(name))


@pytest.mark.parametrize("name", EXERCISES)
def test_mistakes_differ_from_each_other(name: str) -> None:
    """Any two mistakes of one function differ on at least one fixture, so that each can be named."""
    _, mistakes = EXERCISES[name]
    seen = {mistake.id: [outcome(mistake.function, case) for case in fixtures(name)] for mistake in mistakes}

    assert [(one, other) for one, other in combinations(seen, 2) if seen[one] == seen[other]] == []


@pytest.mark.parametrize("exercise", ASKED, ids=lambda exercise: exercise.function)
def test_mistakes_differ_on_the_cases_of_the_exercise(exercise: Exercise) -> None:
    """Any two mistakes differ on what students are asked, so that a report names one of them."""
    cases = [
        case.arguments
        for behaviour in exercise.behaviours
        for case in (*behaviour.examples, *behaviour.cases(np.random.default_rng(1)))
    ]
    seen = {
        mistake.id: [outcome(partial(mistake.function, **_options(case)), _arrays(case)) for case in cases]
        for mistake in exercise.mistakes
    }

    assert [(one, other) for one, other in combinations(seen, 2) if seen[one] == seen[other]] == []


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("window_sum", "M43"),
        ("conv2d_valid", "M43a"),
        ("max_pool2d", "M43"),
        ("avg_pool2d", "M43"),
        ("global_max_pool", "M43"),
        ("global_avg_pool", "M43"),
    ],
)
def test_an_input_changed_in_place(name: str, id_: str) -> None:
    """The mistake about the input gives the right values and changes the input."""
    right, mistakes = EXERCISES[name]
    case = fixtures(name)[0]
    expected = outcome(right, case)

    assert outcome(_find(mistakes, id_).function, case) == (*expected[:2], True)
    assert expected[2] is False


@pytest.mark.parametrize(("name", "mistake"), ALL)
def test_no_other_mistake_changes_its_input(name: str, mistake: Mistake) -> None:
    """Only the mistake about the input writes into it, so that one fault is not named for two."""
    cases = [case for case in fixtures(name) if outcome(mistake.function, case) != ("raises",)]

    assert any(outcome(mistake.function, case)[2] for case in cases) == mistake.id.startswith("M43")


@pytest.mark.parametrize(("name", "mistake"), ALL)
def test_a_mistake_takes_what_the_right_function_takes(name: str, mistake: Mistake) -> None:
    """A mistake may be called in every way in which the course calls the function."""
    right, _ = EXERCISES[name]
    options = [
        parameter for parameter in inspect.signature(right).parameters.values() if parameter.name != "data_format"
    ]
    required = [parameter for parameter in options if parameter.default is parameter.empty]
    optional = {parameter.name: parameter.default for parameter in options if parameter not in required}

    inspect.signature(mistake.function).bind(*required, **optional)


@pytest.mark.parametrize(("name", "mistake"), ALL)
def test_a_mistake_takes_lists(name: str, mistake: Mistake) -> None:
    """Nested lists give the same outcome as arrays, except where the fault writes into its input."""
    if mistake.id.startswith("M43"):
        return
    for case in fixtures(name):
        lists = tuple(
            part.tolist() if isinstance(part, np.ndarray) and part.dtype != np.uint8 else part for part in case
        )

        assert outcome(mistake.function, lists)[:2] == outcome(mistake.function, case)[:2]


@pytest.mark.parametrize("name", EXERCISES)
def test_ids_are_unique(name: str) -> None:
    """No two mistakes of one function share an id or words."""
    _, mistakes = EXERCISES[name]

    assert len({mistake.id for mistake in mistakes}) == len(mistakes)
    assert len({mistake.says for mistake in mistakes}) == len(mistakes)


@pytest.mark.parametrize(("name", "mistake"), ALL)
def test_a_mistake_has_words(name: str, mistake: Mistake) -> None:
    """A mistake has an id, a short name, one to two full sentences and a heading of its notebook or an earlier one."""
    notebook, heading = re.fullmatch(r'notebook (\d\d), "(.+)"', mistake.read_again).groups()

    assert re.fullmatch(r"[MPF]\d{1,2}[a-c]?", mistake.id)
    assert 2 <= len(mistake.name.split()) <= 5
    assert mistake.says.startswith(("You ", "Your "))
    assert mistake.says.endswith(".")
    assert len(mistake.says) <= 240
    assert notebook <= ("06" if "pool" in name else "01")
    assert heading in HEADINGS[notebook]
