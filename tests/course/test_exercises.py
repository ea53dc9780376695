"""What is asked and marked: marks, cases, and whether right answers pass and wrong ones do not."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import jupytext
import numpy as np
import pytest

import course
from autograder.course.exercise import Assignment, Exercise, Function
from autograder.marking.compare import compare
from autograder.marking.mark import judge
from autograder.model import Returned
from autograder.sandbox.values import plain
from course import marks
from course.exercises import ASSIGNMENTS, draw, facts, hand
from tests.course import right_answers
from tests.course.right_answers.shape_detective import REPAIRS
from tests.schemes import EXERCISES, each_exercise, failed, without_mistakes

RIGHT: dict[str, list[Function]] = right_answers.collected("RIGHT")
MORE_MISTAKES: dict[str, list[Function]] = right_answers.collected("MORE_MISTAKES")
KEPT: dict[tuple[str, str], str] = right_answers.collected("KEPT")

SEEDS = range(10)
# Powers of e and trained weights are no numbers that come out even.
INEXACT = {"softmax", "predict"}

each_assignment = pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=lambda assignment: assignment.name)


# --- right answers and wrong ones ---------------------------------------------------------------------------------


@each_exercise
def test_right_answers_get_every_mark(exercise: Exercise) -> None:
    """However a right answer is written, and in whatever precision, it gets every behaviour right."""
    answers = [exercise.answer, *RIGHT[exercise.function]]

    assert len(answers) >= 3
    for seed in SEEDS:
        drawn = without_mistakes(exercise, seed)
        assert [failed(answer, drawn) for answer in answers] == [set()] * len(answers)


@each_exercise
def test_no_behaviour_is_redundant(exercise: Exercise) -> None:
    """Without any one behaviour some mistake would get through, or the behaviour is kept for a reason."""
    mistakes = [mistake.function for mistake in exercise.mistakes] + MORE_MISTAKES.get(exercise.function, [])
    drawn = without_mistakes(exercise, 0)
    caught_alone = set().union(*(found for found in (failed(one, drawn) for one in mistakes) if len(found) == 1))
    kept = {name for function, name in KEPT if function == exercise.function}

    assert caught_alone | kept == {behaviour.name for behaviour in exercise.behaviours}
    assert not caught_alone & kept


# --- declarations -------------------------------------------------------------------------------------------------


def test_marks_are_those_of_the_table() -> None:
    """The course's README says of each notebook how many marks it has; `make course` fills them in."""
    text = marks.README.read_text()
    wrong = re.sub(r"\d+ \|$", "99 |", text, flags=re.MULTILINE)

    assert wrong != text
    assert marks.filled_in(wrong) == marks.filled_in(text) == text


def test_names_are_unique() -> None:
    """No two exercises, behaviours of an exercise, predictions or hints of an exercise share a name."""
    groups = [[exercise.function for assignment in ASSIGNMENTS for exercise in assignment.exercises]]
    groups += [[behaviour.name for behaviour in exercise.behaviours] for exercise in EXERCISES.values()]
    groups += [[hint.symptom for hint in exercise.hints] for exercise in EXERCISES.values()]
    groups += [[prediction.name for prediction in assignment.predictions] for assignment in ASSIGNMENTS]

    assert all(len(set(group)) == len(group) for group in groups)


@each_exercise
def test_the_same_seed_draws_the_same_cases(exercise: Exercise) -> None:
    """Cases depend on the generator alone, and another generator gives others."""
    for behaviour in exercise.behaviours:
        first, again, other = (
            [case.arguments for case in behaviour.cases(np.random.default_rng(seed))] for seed in (5, 5, 6)
        )

        np.testing.assert_equal(first, again)
        with pytest.raises(AssertionError):
            np.testing.assert_equal(first, other)


@each_exercise
def test_expected_numbers_are_exact_in_float32(exercise: Exercise) -> None:
    """Computed in single precision, the expected numbers are the same to the last digit, where they can be."""
    for seed in SEEDS:
        for trial in without_mistakes(exercise, seed).trials:
            if trial.refused:
                continue
            single = [(name, in_single_precision(x)) for name, x in trial.arguments]
            value, _ = replace(trial, arguments=single).call(exercise.reference)

            if exercise.function in INEXACT:
                assert compare(value, trial.expected, rtol=exercise.rtol).fault is None
            else:
                np.testing.assert_equal(value, trial.expected)


def in_single_precision(value: Any) -> Any:
    """An array, or a tuple of arrays, in float32."""
    if isinstance(value, tuple):
        return tuple(in_single_precision(part) for part in value)
    return np.float32(value) if isinstance(value, np.ndarray) else value


@each_assignment
def test_slips_are_wrong_and_different(assignment: Assignment) -> None:
    """No slip is the true value, and no value has two explanations."""
    for prediction in assignment.predictions:
        values = [prediction.answer, *(value for value, _ in prediction.slips)]

        assert not any(np.array_equal(one, other) for one, other in combinations(values, 2)), prediction.name


def rounds(exercise: Exercise, decimals: int) -> Callable[..., Any]:
    """The model answer, with its numbers rounded."""

    def rounded(*arguments: Any, **options: Any) -> Any:
        return np.round(exercise.answer(*arguments, **options), decimals)

    return rounded


LARGE = ("fast", "very fast")
# What adds products or takes means; elsewhere numbers only move, or whole ones are counted.
SUMS = (
    *("window_sum", "conv2d_valid", "true_convolution", "conv2d_strided", "conv2d_gray", "conv2d_one_filter", "conv2d"),
    *("avg_pool2d", "global_avg_pool", "conv2d_einsum", "conv2d_im2col", "dense", "softmax", "conv2d_fast"),
)


@pytest.mark.parametrize("decimals", [1, 2, 3])
@pytest.mark.parametrize("function", SUMS)
def test_rounding_is_noticed(function: str, decimals: int) -> None:
    """Whoever rounds sums or means loses marks, by the visible cases alone and by the hidden ones alone."""
    exercise = EXERCISES[function]
    for seed in SEEDS:
        trials = [
            one for one in without_mistakes(exercise, seed).trials if one.behaviour not in LARGE and not one.refused
        ]
        wrong = [one for one in trials if judge(Returned(one.call(rounds(exercise, decimals))[0]), one).fault]

        assert {one.visible for one in wrong} == {True, False}


@pytest.mark.parametrize("function", ["output_size", "same_padding", "trace_shapes"])
def test_floats_for_counts_are_noticed(function: str) -> None:
    """The right counts with points behind them are no counts: slices, ranges and shapes refuse them."""
    exercise = EXERCISES[function]

    def floats(value: Any) -> Any:
        return tuple(map(floats, value)) if isinstance(value, tuple | list) else float(value)

    trials = [one for one in without_mistakes(exercise, SEEDS[0]).trials if not one.refused]
    done = [judge(Returned(plain(floats(one.call(exercise.answer)[0]), 1 << 20)), one).fault for one in trials]

    assert {(one.visible, fault) for one, fault in zip(trials, done, strict=True)} >= {(True, "kind"), (False, "kind")}
    assert set(done) <= {None, "kind"}


# --- drawing and showing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_a_kernel_is_not_its_own_mirror_image(seed: int) -> None:
    """A drawn kernel changes when it is flipped, turned or transposed."""
    kernel = draw.kernel(np.random.default_rng(seed), 3, 3)
    others = [np.flip(kernel), kernel[::-1], kernel[:, ::-1], kernel.T, np.rot90(kernel)]

    assert not any(np.array_equal(kernel, other) for other in others)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_patch_like_its_kernel_gives_the_largest_sum(seed: int) -> None:
    """Any other order of the weights gives a smaller sum, so that no rearranged kernel is right by luck."""
    rng = np.random.default_rng(seed)
    kernel = draw.kernel(rng, 2, 4)
    patch = draw.like(rng, kernel)
    others = [np.flip(kernel), kernel[::-1], kernel[:, ::-1], rng.permuted(kernel)]

    assert all((patch * kernel).sum() > (patch * other).sum() for other in others)


@pytest.mark.parametrize("values", [[[1, 2], [3, 4]], [[1, 2], [3, 5]]])
def test_odd_total(values: list[list[int]]) -> None:
    """The total is odd afterwards, the type is kept, and the array given is not changed."""
    before = np.array(values, np.uint8)
    after = draw.odd_total(before)

    assert after.sum() % 2 == 1
    assert after.dtype == np.uint8
    np.testing.assert_array_equal(before, values)


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (facts.number(6.0), "6"),
        (facts.number(-0.5), "-0.5"),
        (facts.number(14 / 9), "1.556"),
        (facts.number(-0.0), "0"),
        (facts.count(25769803776), "25,769,803,776"),
        (facts.row([1, 3, -2]), "1, 3, -2"),
        (facts.matrix([[1, 0.5], [-3, 4]]), r"\begin{bmatrix} 1 & 0.5 \\ -3 & 4 \end{bmatrix}"),
        (facts.sum_of_products([1, -2], [3, -1]), r"1 \cdot 3 + (-2) \cdot (-1) = 5"),
    ],
)
def test_facts_as_text(shown: str, expected: str) -> None:
    """Numbers in prose have no needless digits."""
    assert shown == expected


# --- the notebooks' text ------------------------------------------------------------------------------------------


def cells_of(assignment: Assignment) -> list[Any]:
    """The cells of a notebook's text."""
    path = Path(course.__file__).with_name("notebooks") / f"{assignment.name}.py"
    return list(jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells)


@each_assignment
def test_every_fact_is_shown(assignment: Assignment) -> None:
    """The prose names the facts that are computed for it, and no others."""
    prose = "\n".join(cell.source for cell in cells_of(assignment) if cell.cell_type == "markdown")

    assert set(re.findall(r"<<(\w+)>>", prose)) == set(assignment.facts)


@each_assignment
def test_predictions_are_asked_and_then_checked(assignment: Assignment) -> None:
    """Each prediction has a line to fill in, in order, and the next cell of code checks it."""
    code = [cell for cell in cells_of(assignment) if cell.cell_type == "code"]
    asked = []
    for cell, after in pairwise(code):
        if "predict" not in cell.metadata:
            continue
        names = cell.metadata["predict"].split()
        asked += names

        assert re.findall(r"^(\w+) = None  # .+$", cell.source, re.MULTILINE) == names
        assert after.metadata["check"] == cell.metadata["predict"]
        assert after.source == f"check({', '.join(f'{name}={name}' for name in names)})"
    assert asked == [prediction.name for prediction in assignment.predictions]


@each_assignment
def test_stubs(assignment: Assignment) -> None:
    """Each exercise has a stub with the parameters of its answer and one line to replace, and a check after it.

    Where code is to be fixed, the stub is that code; the tests of the notebook run it.
    """
    code = [cell for cell in cells_of(assignment) if cell.cell_type == "code"]
    stubs = [(cell, after) for cell, after in pairwise(code) if "exercise" in cell.metadata]

    assert [cell.metadata["exercise"] for cell, _ in stubs] == [one.function for one in assignment.exercises]
    for (cell, after), exercise in zip(stubs, assignment.exercises, strict=True):
        (stub,) = ast.parse(cell.source).body
        assert isinstance(stub, ast.FunctionDef)
        assert f"{stub.name}({ast.unparse(stub.args)})" == exercise.function + re.sub(
            r"\s*=\s*", "=", str(inspect.signature(exercise.answer))
        )
        if exercise.function not in REPAIRS:
            assert [ast.unparse(line) for line in stub.body[1:]] == ["raise NotImplementedError('your turn')"]
        assert after.metadata["check"] == exercise.function
        assert after.source == f"check({exercise.function})"


@each_assignment
def test_arrays_of_the_setup_are_the_hand_examples(assignment: Assignment) -> None:
    """A student's X, K and A are those from which the facts are computed."""
    (setup,) = [cell for cell in cells_of(assignment) if cell.metadata.get("setup")]
    given = {
        line.targets[0].id: ast.literal_eval(line.value.args[0])
        for line in ast.parse(setup.source).body
        if isinstance(line, ast.Assign)
    }

    assert given or assignment.name == "09_capstone"
    for name, values in given.items():
        np.testing.assert_array_equal(values, getattr(hand, name))
