"""Notebook 08: its stubs are the bugs, and its pictures show what the bugs do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jupytext
import numpy as np
import pytest

import course
from autograder.course.exercise import Exercise
from autograder.marking.compare import compare
from course.exercises import shape_detective
from course.exercises.shape_detective import BUGS, EXAMPLE_PARAMETERS, EXAMPLE_SHAPES, PATIENTS, REPAIRS
from tests.course.right_answers import shape_detective as right_answers

SEEDS = range(10)
NUMBERS = range(len(PATIENTS))

each_repair = pytest.mark.parametrize("exercise", REPAIRS, ids=lambda exercise: exercise.function)


@pytest.fixture(scope="module")
def cells() -> list[Any]:
    """The cells of the notebook's text."""
    path = Path(course.__file__).parent / "notebooks" / "08_shape_detective.py"
    return list(jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells)


@pytest.fixture(scope="module")
def stubs(cells: list[Any]) -> dict[str, Callable[..., Any]]:
    """The functions as a student gets them."""
    namespace: dict[str, Any] = {"np": np}
    for cell in cells:
        if "exercise" in cell.metadata:
            exec(cell.source, namespace)  # noqa: S102 - the course's own cell
    return namespace


@pytest.fixture(scope="module")
def drawn(cells: list[Any]) -> dict[str, list[Any]]:
    """What the notebook's figures are drawn from: the arguments of each call, by figure."""
    calls: dict[str, list[Any]] = {"compare": [], "arrays": [], "shape_table": []}
    figures = SimpleNamespace(
        **{name: lambda value, *rest, to=to, **_: to.append((value, *rest)) for name, to in calls.items()}
    )
    for cell in cells:
        if "figure" in cell.metadata and cell.source.startswith(tuple(f"figures.{name}(" for name in calls)):
            exec(cell.source, {"np": np, "figures": figures})  # noqa: S102 - the course's own cell
    return calls


def test_repairs_are_listed() -> None:
    """The exercises whose stubs are code are those of the clinic."""
    assert {exercise.function for exercise in REPAIRS} == right_answers.REPAIRS


@each_repair
def test_a_stub_fails_every_behaviour(exercise: Exercise, stubs: dict[str, Callable[..., Any]]) -> None:
    """Handed in as it is, a patient earns nothing, whatever is drawn."""
    stub = stubs[exercise.function]
    for behaviour in exercise.behaviours:
        for seed in SEEDS:
            cases = behaviour.cases(np.random.default_rng(seed))

            assert any(compare(stub(**one.arguments), exercise.reference(**one.arguments)).fault for one in cases)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_stub_is_the_bug_that_it_is_said_to_be(number: int, stubs: dict[str, Callable[..., Any]]) -> None:
    """On every case a patient returns what the known mistake returns, so that `check` names it."""
    exercise = REPAIRS[number]
    mistake = next(one for one in exercise.mistakes if one.id == BUGS[number])
    for behaviour in exercise.behaviours:
        for seed in SEEDS:
            for case in behaviour.cases(np.random.default_rng(seed)):
                np.testing.assert_allclose(
                    stubs[exercise.function](**case.arguments), mistake.function(**case.arguments)
                )


@pytest.mark.parametrize("number", NUMBERS)
def test_a_figure_shows_the_right_output_and_the_wrong_one(
    number: int, stubs: dict[str, Callable[..., Any]], drawn: dict[str, list[Any]]
) -> None:
    """The numbers beside each other are those of the reference and of the stub."""
    _, reference, _, arguments = PATIENTS[number]
    pairs = [*drawn["compare"][:4], tuple(drawn["arrays"][0][0].values()), *drawn["compare"][4:5]]

    np.testing.assert_allclose(pairs[number][0], reference(*arguments))
    np.testing.assert_allclose(pairs[number][1], stubs[REPAIRS[number].function](*arguments))


def test_the_table_of_shapes_is_right(drawn: dict[str, list[Any]]) -> None:
    """The worked example has the shapes and parameters that are computed for it."""
    ((rows,),) = drawn["shape_table"]

    assert [shape for _, shape, _ in rows] == EXAMPLE_SHAPES
    assert [parameters for _, _, parameters in rows] == EXAMPLE_PARAMETERS


def test_every_name_is_on_the_list(cells: list[Any]) -> None:
    """The answers, and the slips that are told apart, can be chosen from the table that is printed."""
    table = next(cell.source for cell in cells if "| name | what is wrong |" in cell.source)
    about = [one for one in shape_detective.PREDICTIONS if one.name.startswith("patient_")]
    named = {name for one in about for name in (one.answer, *(slip for slip, _ in one.slips))}

    assert all(f'| `"{name}"` |' in table for name in named)
    assert len({one.answer for one in about}) == len(PATIENTS)
