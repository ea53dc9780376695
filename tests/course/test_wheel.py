"""What students install answers no exercise: every callable of it is tried on every hidden case."""

from __future__ import annotations

import inspect
import re
import zipfile
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from autograder.course.folder import load_course
from autograder.grading import trivial
from autograder.grading.trivial import Answer
from autograder.release import students
from course.figures import ready
from course.sample_class import build
from course.worked import __main__ as worked
from course.worked.correlation import correlate

pytestmark = pytest.mark.thorough

SEED = 3
MOST_PARAMETERS = 8
SHAPE = "axis_sizes"  # asks for the shape of an array, which NumPy has for everybody
CALLS_OTHERS = "autograder.notebook.calling"  # with a timer, and works nothing out itself


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> list[ModuleType]:
    """The modules of the wheel, but for the scripts that make data."""
    wheel = students.wheel(load_course(build.COURSE), tmp_path_factory.mktemp("wheel"))
    names = [Path(name).with_suffix("") for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".py")]
    names = [name for name in names if not name.name.startswith(("make_", "__main__"))]
    return [import_module(".".join(name.parts).removesuffix(".__init__")) for name in names]


@pytest.fixture
def nothing_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    """Callables are called with all kinds of things."""

    def refuse(*_: Any, **__: Any) -> None:
        raise OSError

    for owner, name in ((Path, "write_bytes"), (Path, "write_text"), (Path, "mkdir"), (np, "savez"), (np, "save")):
        monkeypatch.setattr(owner, name, refuse)


def callables(modules: list[ModuleType]) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Functions, methods and classes, those for the module's own use as well."""
    for module in modules:
        if module.__name__ == CALLS_OTHERS:
            continue
        for name, thing in vars(module).items():
            if getattr(thing, "__module__", None) != module.__name__ or not callable(thing):
                continue
            yield f"{module.__name__}.{name}", thing
            for part, method in vars(thing).items() if inspect.isclass(thing) else ():
                if inspect.isfunction(method):
                    yield f"{module.__name__}.{name}.{part}", method


def adapted(name: str, function: Callable[..., Any]) -> Iterator[Answer]:
    """A callable with all arguments of an exercise, or with the first ones; what it returns, or the first part."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return
    needed = sum(one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD for one in parameters)
    if needed > MOST_PARAMETERS:
        return
    counts = {needed, needed + 1, needed + 2, len(parameters)} if needed < len(parameters) else {needed}
    for count in counts - {0}:

        def call(*given: Any, _count: int = count) -> Any:
            if len(given) < _count:
                raise TypeError
            return function(*given[:_count])

        def first(*given: Any, _call: Callable[..., Any] = call) -> Any:
            result = _call(*given)
            if not isinstance(result, tuple | list):
                raise TypeError
            return result[0]

        yield Answer(f"{name} of {count}", call)
        if re.search("(?i)tuple|list|sequence|any", str(inspect.signature(function).return_annotation)):
            yield Answer(f"the first of {name} of {count}", first)


@pytest.mark.usefixtures("nothing_is_written")
def test_no_callable_of_the_wheel_earns_a_mark(modules: list[ModuleType]) -> None:
    """Neither as it is nor with fewer arguments."""
    course = load_course(build.COURSE)
    answers = [answer for name, function in callables(modules) for answer in adapted(name, function)]

    assert len(answers) > len(modules)
    assert [one for one in trivial.unearned(course, [SEED], answers) if one.function != SHAPE] == []


def test_a_callable_that_answers_is_found() -> None:
    """As the figures did when they came with what they are drawn with."""
    earned = trivial.unearned(load_course(build.COURSE), [SEED], list(adapted("correlate", correlate)))

    assert {one.function for one in earned} >= {"conv2d_valid", "correlate"}


def test_students_get_the_figures_of_the_notebooks_ready_drawn() -> None:
    """Each that a notebook shows is in the file, as it would be drawn now; `make course` draws it anew."""
    assert ready._kept() == worked.asked_for(load_course(build.COURSE))


def test_a_figure_of_other_arrays_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the course's own drawing is not installed."""
    monkeypatch.setattr(ready, "find_spec", lambda _: None)

    assert ready.window_stepper([[1, 2]], [[3]]).text == (
        "window_stepper shows only the arrays of the notebook. To see your own, use figures.arrays, or figures.try_it "
        "with your function."
    )
