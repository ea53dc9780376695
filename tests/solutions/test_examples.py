"""The examples in docstrings are what a reader gets who types them."""

from __future__ import annotations

import doctest
import inspect
import sys

import pytest

import solutions

FUNCTIONS = [name for name in solutions.__all__ if inspect.isfunction(getattr(solutions, name))]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_example_prints_what_it_shows(name: str) -> None:
    """Every public function has an example, and it is true."""
    function = getattr(solutions, name)
    names = vars(sys.modules[function.__module__])
    (examples,) = doctest.DocTestFinder().find(function, name, globs=names)

    assert examples.examples
    assert doctest.DocTestRunner().run(examples).failed == 0
