"""What NumPy and Python raise, in a student's words: each exception is raised for real."""

from __future__ import annotations

import numpy as np
import pytest

from autograder.marking.diagnosis.exceptions import REMOVED, meaning, on_purpose
from autograder.model import Frame, Raised

X = np.zeros((4, 5))
WHOLE = np.zeros((4, 5), dtype=int)


def raised(code: str) -> Raised:
    """What a line of a student's code raises, as the grader gets to know it."""
    try:
        exec(code, {"np": np, "x": X.copy(), "whole": WHOLE.copy(), "b": X.copy()})  # noqa: S102  a student's line
    except BaseException as error:  # noqa: BLE001  whatever it raises is looked at
        kinds = [kind.__name__ for kind in type(error).__mro__]
        return Raised(type(error).__name__, str(error), [Frame("cell 3", 1, code)], kinds)
    raise AssertionError(code)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("np.zeros(3, dtype=np.int)", "`np.int` was removed. Write `int` instead."),
        ("np.Inf", "`np.Inf` was removed. Write `np.inf` instead."),
        ("np.zeroes(3)", "has nothing called `zeroes`. Check the spelling"),
        ("float(np.zeros(1))", "If it has one cell, take that cell: `b[0]` or `.item()`"),
        (
            "x[4, 0]",
            "Axis 0 has 4 cells, numbered from 0 to 3, so there is no index 4. Does a loop go one step too far?",
        ),
        ("x[0, 7]", "Axis 1 has 5 cells, numbered from 0 to 4, so there is no index 7. Which loop"),
        ("x[:0][0]", "Axis 0 of this array is empty."),
        ("x[:, :, 0]", "The array has 2 axes, but you use 3 indices."),
        ("x[3:] * np.ones((2, 5)) * np.ones((3, 5))", "Shapes (2, 5) and (3, 5) cannot be combined"),
        ("x[2:] * np.ones((3, 5))", "A slice that runs past the edge of an array is silently cut short"),
        ("x * np.ones((5, 4))", "Is an axis missing or extra, or are two axes swapped?"),
        ("x[0:2] = np.zeros((3, 5))", "Shapes (3, 5) and (2, 5) cannot be combined"),
        ("whole += 0.5", "Fractions do not fit into an array of int64."),
        ("x[0, 0] = x[0]", "One window gives one number: is a sum missing?"),
        ("def f():\n    if False:\n        q = 1\n    return q\nf()", "`q` is assigned in this function, but not"),
        ("rows", "`rows` is not defined."),
        ("def f(): return f()\nf()", "The function never stops calling itself."),
        ("def f(a): pass\nf(strides=1)", "`f` got an unexpected keyword argument 'strides'. Name the arguments as"),
        ("def f(a): pass\nf(1, 2)", "`f` takes 1 positional argument but 2 were given."),
        ("def f(a): pass\nf()", "`f` missing 1 required positional argument: 'a'."),
        ("{x}", "Remove the cache, or use a tuple instead of the array."),
        ("5 // None", "Something is None where a value is needed"),
        ("y = None\ny[0]", "Something is None where a value is needed"),
        ("a, b = None", "Something is None where a value is needed"),
        ("None.shape", "Something is None where an array with `.shape` is needed"),
        ("[[1]].shape", "This is of type list, which has no `.shape`."),
        ("x.append(1)", "Arrays cannot grow."),
        ("x(0, 1)", "To index it, use square brackets."),
        ("y = 2\ny[0]", "A number is used as a pair."),
        ("a, b = 2", "A number is used as a pair."),
        ("4 // (1, 2)", "A pair is used as a number."),
        ("range((1, 2))", "A pair is used as a number."),
        ("(1, 2) + 1", "A pair is used as a number."),
        ("(1, 2) < 3", "A pair is used as a number."),
        ("range(5 / 2)", "Divide with `//`."),
        ("x[: 5 / 2]", "Divide with `//`."),
        ("x[5 / 2]", "`/` gives a float; divide with `//`."),
        ("a, b, c = x.shape", "There are fewer values (2) than names on the left (3)."),
        ("(a,) = x.shape", "There are more values than names on the left (1)."),
        ("max(x, 0)", "Use `np.maximum`, `.any()` or `.all()`."),
        ("x.shape[2]", "The index is too large for this tuple."),
        ("np.dot(x, x)", "Does one array need a transpose (`.T`)?"),
        ("x @ x", "its inner axes have 5 and 4 cells"),
        ("x.reshape(3, 3)", "20 numbers cannot fill the shape (3,3)"),
        ("np.zeros((-1, 2))", "A new array would have a negative size."),
        ("np.pad(x, -1)", "`np.pad` got a negative number."),
        ("x[:0].max()", "This is the maximum of an empty array"),
        ("np.einsum('ijk->i', x)", "one letter for each axis of every operand"),
        ("x.transpose(0, 1, 2)", "`transpose` needs as many axes as the array has."),
        ("x.sum(axis=2)", "The array has 2 axes, numbered from 0, and 2 is not one of them."),
        ("np.broadcast_to(x, (4, 5))[0] = 1", "This array is read-only."),
        ("np.stack([x, x[1:]])", "`np.stack` needs at least one array"),
        ("np.zeros(3, np.uint8)[0] = 300", "300 does not fit into uint8: a byte holds 0 to 255."),
        ("np.zeros(3, np.uint8)[0] = -1", "-1 does not fit into uint8: a byte holds 0 to 255."),
        ("np.zeros(3, np.int16)[0] = 40000", "40000 does not fit into int16. Convert"),
        ("np.lib.stride_tricks.sliding_window_view(x, (9, 9))", "The window is larger than the array it slides over."),
        ("1 // 0", "Something is divided by 0."),
        ("np.ones((10**6, 10**6, 10))", "The new array does not fit into memory."),
        ("import scipy_that_is_not_here", "answers may use NumPy and Python's standard library"),
        ("raise NotImplementedError", "It calls a function that is not solved yet, or that still"),
    ],
)
def test_an_exception_is_explained(code: str, words: str) -> None:
    """What is raised is said in plain words, with the numbers of the case."""
    found = meaning(raised(code))

    assert found is not None
    assert words in found.says


@pytest.mark.parametrize(
    ("line", "write"),
    [
        ("if b == None: pass", "write `b is None`"),
        ("if None == b: pass", "write `b is None`"),
        ("if b != None: pass", "write `b is not None`"),
        ("y = 1 if b != None else 0", "write `b is not None`"),
        ("if b: pass", "write `b is None` or `b is not None`"),
        ("if not b: pass", "write `b is None` or `b is not None`"),
        ("y = b or 0", "write `b is None` or `b is not None`"),
        ("y = x + (b or 0)", "write `b is None` or `b is not None`"),
        ("while b: pass", "write `b is None` or `b is not None`"),
        ("y = 0 if not b else 1", "write `b is None` or `b is not None`"),
        ("if b is not None and b: pass", "write `b is None` or `b is not None`"),
        ("if x is not None and b or b: pass", "write `b is None` or `b is not None`"),
    ],
)
def test_an_array_that_is_asked_whether_it_is_there(line: str, write: str) -> None:
    """What to write depends on what the line asks; neither `.any()` nor `np.maximum` helps here."""
    found = meaning(raised(line))

    assert found is not None
    assert found.says.endswith(f"{write}.")


@pytest.mark.parametrize("line", ["if b > 0: pass", "if x is not None and b > 0: pass", "y = max(b, x)"])
def test_an_array_that_is_asked_about_its_cells(line: str) -> None:
    """A comparison of cells is another question."""
    found = meaning(raised(line))

    assert found is not None
    assert "`.any()` or `.all()`" in found.says


@pytest.mark.parametrize(
    ("kind", "message", "words"),
    [
        (
            "NameError",
            "name 'torch' is not defined, as `import torch` failed (cell 1, line 1: ModuleNotFoundError)",
            "Write this without `torch`.",
        ),
        (
            "NameError",
            "name 'x' is not defined, as `x = 1 / 0` failed (cell 1, line 1: ZeroDivisionError)",
            "That line should have set `x`",
        ),
        (
            "NameError",
            "name 'x' is not defined, as `from math import x` failed (cell 1, line 1: ImportError) (graded with "
            "Python 3.11)",
            "If a newer version has it",
        ),
        ("SyntaxError", "invalid syntax (graded with Python 3.11)", "If a newer Python accepts this line"),
        ("AttributeError", "module 'math' has no attribute 'x' (graded with Python 3.11)", "If a newer version has it"),
        (
            "AttributeError",
            "module 'numpy' has no attribute 'x' (graded with NumPy 2.4)",
            f"NumPy {np.__version__} has",
        ),
    ],
)
def test_what_a_jail_tells_is_explained(kind: str, message: str, words: str) -> None:
    """What failed before, and versions that met."""
    found = meaning(Raised(kind, message))

    assert found is not None
    assert words in found.says


@pytest.mark.filterwarnings("ignore::FutureWarning")
@pytest.mark.parametrize("name", sorted(name for name in REMOVED if name not in dir(np)))
def test_what_numpy_took_away_is_called_that(name: str) -> None:
    """Code for an older NumPy is called that, and not wrong; what to write instead exists."""
    found = meaning(raised(f"np.{name}"))

    assert found is not None
    assert (found.label, f"`np.{name}` was removed" in found.says) == ("older NumPy", True)
    assert eval(REMOVED[name], {"np": np}) is not None  # noqa: S307  a name of NumPy or of Python


def test_an_exception_of_ones_own_keeps_its_words() -> None:
    """What nobody has explained is not explained."""
    assert meaning(Raised("ValueError", "my own words")) is None
    assert meaning(Raised("MyError", "index 4 is out of bounds for axis 0 with size 4")) is None


@pytest.mark.parametrize(("line", "own"), [("raise ValueError('no')", True), ("assert x", True), ("x[4]", False)])
def test_a_raise_of_ones_own_is_known_by_its_line(line: str, own: bool) -> None:
    """The last line of the student's code tells whether it meant to raise."""
    assert on_purpose(Raised("ValueError", "no", [Frame("cell 3", 1, "f(x)"), Frame("cell 3", 9, line)])) is own


@pytest.mark.parametrize("shapes", ["() ()", "(,) (3,)", "( ) (,)", "(2,3) ()"])
def test_shapes_that_nothing_has_are_explained_as_any_others(shapes: str) -> None:
    """A student may raise these words with what no array is."""
    said = meaning(Raised("ValueError", f"operands could not be broadcast together with shapes {shapes} ", kinds=[]))

    assert said is not None
    assert "Print the shapes" in said.says
