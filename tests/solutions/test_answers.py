"""The model answers that instructors read."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from numpy.typing import ArrayLike

from autograder.course.exercise import Assignment, Exercise, Refusal
from autograder.marking.compare import compare
from autograder.sandbox.values import plain
from course.exercises import ASSIGNMENTS
from course.exercises.hand import A, K, X
from solutions.answers.one_window import conv2d_valid, window_sum
from solutions.answers.pooling import avg_pool2d, global_avg_pool, global_max_pool, max_pool2d

EXERCISES = [exercise for assignment in ASSIGNMENTS for exercise in assignment.exercises]
SEEDS = range(10)
LIMIT = 1 << 24  # bytes


def one_image(array: np.ndarray) -> np.ndarray:
    """A gray image as a batch of one with one channel."""
    return array[None, :, :, None]


def pooled(function, array: np.ndarray, *options) -> np.ndarray:
    """Pool a gray image."""
    return function(one_image(array), *options)[0, :, :, 0]


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.function)
def test_a_model_answer_agrees_with_its_reference(exercise: Exercise) -> None:
    """On every case that can be drawn, the answer has the shape and the numbers of the reference."""
    for seed in SEEDS:
        for behaviour in exercise.behaviours:
            for case in (*behaviour.examples, *behaviour.cases(np.random.default_rng(seed))):
                if isinstance(case, Refusal):
                    with pytest.raises(ValueError, match=r"\w"):
                        exercise.answer(**case.arguments)
                    continue
                actual = plain(exercise.answer(**case.arguments), LIMIT)
                expected = plain(exercise.reference(**case.arguments), LIMIT)

                assert compare(actual, expected, rtol=1e-12).fault is None


@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda assignment: assignment.name)
def test_a_model_answer_needs_only_its_notebook(assignment: Assignment) -> None:
    """Pasted into a notebook, an answer finds every name it uses: NumPy, what is lent, and answers before it."""
    known = {"np", *(function.__name__ for function in assignment.lends)}
    for exercise in assignment.exercises:
        known.add(exercise.function)

        assert exercise.answer.__name__ == exercise.function
        assert set(inspect.getclosurevars(exercise.answer).globals) <= known


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.function)
def test_a_model_answer_is_called_like_its_reference(exercise: Exercise) -> None:
    """An answer has the reference's parameters and defaults, apart from those that the notebook leaves out."""
    answer = inspect.signature(exercise.answer).parameters
    reference = inspect.signature(exercise.reference).parameters

    assert list(answer) == list(reference)[: len(answer)]
    assert [one.default for one in answer.values()] == [reference[name].default for name in answer]
    assert all(one.default is not one.empty for one in list(reference.values())[len(answer) :])


@pytest.mark.parametrize(
    ("actual", "expected"),
    [
        pytest.param(window_sum(X[:3, :3], K), 1, id="X, K: first window"),
        pytest.param(conv2d_valid(X, K), [[1, 3, -2], [-1, 0, 3], [-1, -1, 2]], id="X, K"),
        pytest.param(conv2d_valid(X, np.ones((3, 3))), [[14, 11, 12], [14, 12, 12], [12, 12, 12]], id="X, ones"),
        pytest.param(conv2d_valid(X, np.ones((3, 3)) / 9)[0], [14 / 9, 11 / 9, 12 / 9], id="X, box blur"),
        pytest.param(conv2d_valid(X, np.array([[1, -1]]))[0], [-1, 2, -1, -2], id="X, pair"),
        pytest.param(pooled(max_pool2d, A), [[6, 2], [2, 5]], id="A, max"),
        pytest.param(pooled(avg_pool2d, A), [[3.5, 1.25], [1.25, 3.5]], id="A, mean"),
        pytest.param(pooled(max_pool2d, A, 2, 1), [[6, 6, 2], [6, 6, 5], [2, 5, 5]], id="A, max, stride 1"),
        pytest.param(pooled(max_pool2d, A, 3, 1), [[6, 6], [6, 6]], id="A, max 3, stride 1"),
        pytest.param(pooled(max_pool2d, A, 3, None, "same"), [[6, 2], [2, 5]], id="A, max 3, same"),
        pytest.param(pooled(max_pool2d, A, 3, 2, "same"), [[6, 5], [5, 5]], id="A, max 3, stride 2, same"),
        pytest.param(pooled(avg_pool2d, A, 3, 2, "same"), [[8 / 3, 13 / 6], [2, 3.5]], id="A, mean 3, stride 2, same"),
        pytest.param(pooled(max_pool2d, A - 7, 3, 2, "same"), [[-1, -2], [-2, -2]], id="A - 7, max 3, stride 2, same"),
        pytest.param(pooled(max_pool2d, X), [[4, 1], [2, 3]], id="X, max"),
        pytest.param(pooled(avg_pool2d, X), [[2, 0.5], [0.75, 2]], id="X, mean"),
        pytest.param(pooled(max_pool2d, X, 2, None, "same"), [[4, 1, 3], [2, 3, 1], [3, 1, 2]], id="X, max, same"),
        pytest.param(
            pooled(avg_pool2d, X, 2, None, "same"), [[2, 0.5, 2.5], [0.75, 2, 0.5], [2, 0.5, 2]], id="X, mean, same"
        ),
        pytest.param(pooled(max_pool2d, A, (2, 1)), [[4, 6, 2, 2], [1, 2, 5, 4]], id="A, max (2, 1)"),
        pytest.param(pooled(max_pool2d, A, (1, 2)), [[3, 2], [6, 2], [2, 5], [2, 4]], id="A, max (1, 2)"),
        pytest.param(global_max_pool(one_image(A)), [[6]], id="A, global max"),
        pytest.param(global_avg_pool(one_image(A)), [[2.375]], id="A, global mean"),
    ],
)
def test_hand_examples(actual: ArrayLike, expected: ArrayLike) -> None:
    """The answers give what one works out on paper."""
    assert np.shape(actual) == np.shape(expected)
    np.testing.assert_allclose(actual, expected, rtol=1e-12)
