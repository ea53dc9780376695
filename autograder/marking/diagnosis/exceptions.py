"""Explanations of the exceptions that NumPy and Python raise in students' code.

Each pattern matches the exception's own text. Its explanation says what that text means, with a probable reason where
there is one. An exception that matches no pattern is shown in its own words only.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.model import Raised
from autograder.numbers import counted
from autograder.sandbox.absent import absent, look_up

# What NumPy 1.24, 2.0 and 2.3 took away, and what to write today: numpy.org/doc/stable/release.
REMOVED = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "object": "object",
    "str": "str",
    "complex": "complex",
    "long": "int",
    "unicode": "str",
    "float_": "np.float64",
    "Inf": "np.inf",
    "Infinity": "np.inf",
    "infty": "np.inf",
    "PINF": "np.inf",
    "NINF": "-np.inf",
    "NaN": "np.nan",
    "product": "np.prod",
    "cumproduct": "np.cumprod",
    "alltrue": "np.all",
    "sometrue": "np.any",
    "in1d": "np.isin",
    "row_stack": "np.vstack",
    "trapz": "np.trapezoid",
    "round_": "np.round",
    "mat": "np.asarray",
    "asfarray": "np.asarray",
}

# Read as `absent.look_up` has it.
TABLE = r"""
SyntaxError | graded with Python
If a newer Python accepts this line, rewrite it so that this version does too.

ImportError | graded with (Python|NumPy)
If a newer version has it, use something that this version has too.

AttributeError | module '(?!numpy').*graded with (Python|NumPy)
If a newer version has it, use something that this version has too.

NameError | name '(\w+)' is not defined, as .*graded with
If a newer version has it, use something that this version has too.

NameError | name '(\w+)' is not defined, as .*: ModuleNotFoundError\)
Only NumPy and Python's standard library are available where the notebook is graded. Write this without `{1}`.

NameError | name '(\w+)' is not defined, as `.*` failed
That line should have set `{1}`, but ended in an error. Fix it first.

UnboundLocalError | variable '(\w+)'
`{1}` is assigned in this function, but not on the path that ran. Assign it before the loop or the `if`.

NameError | name '(\w+)' is not defined
`{1}` is not defined. Check the spelling, and that it is assigned before it is used.

AttributeError | 'NoneType' object has no attribute '(\w+)'
Something is None where an array with `.{1}` is needed: perhaps an argument that defaults to None, or the result of a
function without `return`.

AttributeError | '(list|tuple|int|float|str)' object has no attribute '(\w+)'
This is of type {1}, which has no `.{2}`. Convert it to an array first: `np.asarray(...)`.

AttributeError | 'numpy.ndarray' object has no attribute '(append|extend|push|insert)'
Arrays cannot grow. Create one that is large enough with `np.zeros(shape)`, or append to a list.

ModuleNotFoundError | No module named '([\w.]+)'
`{1}` is not available: answers may use NumPy and Python's standard library.

TypeError | (\w+)\(\) (got an unexpected keyword argument '\w+'|got multiple values for argument '\w+')
`{1}` {2}. Name the arguments as in the notebook, and keep their order.

TypeError | (\w+)\(\) (missing \d+ required [\w-]+ arguments?: .+|takes .+ given)
`{1}` {2}. Name the arguments as in the notebook, and keep their order.

TypeError | '(?:numpy\.)?(ndarray|int|float|list|tuple)' object is not callable
Parentheses call a function, but this is a value of type {1}. To index it, use square brackets. Or did you also use a
function's name, such as `sum`, for a variable?

RecursionError |
The function never stops calling itself. Does it use its own name?

NotImplementedError |
It calls a function that is not solved yet, or that still contains `raise NotImplementedError`.

TypeError | unhashable type: 'numpy.ndarray'
`functools.cache`, `lru_cache`, sets and dict keys need values that cannot change, but an array can. Remove the cache,
or use a tuple instead of the array.

TypeError | NoneType
Something is None where a value is needed: perhaps an argument that defaults to None, or the result of a function
without `return`.

TypeError | '(?:numpy\.)?(int|float)\d*' object is not subscriptable|non-iterable (?:numpy\.)?(?:int|float)\d* object
A number is used as a pair. An argument such as `strides` may be one number or a pair: convert it to a pair first.

TypeError | (operand type\(s\) for|not supported between instances of) .*'(tuple|list)'
A pair is used as a number. An argument such as `strides` may be a pair, (height, width): unpack it first.

TypeError | '(tuple|list)' object cannot be interpreted|can only concatenate (tuple|list)
A pair is used as a number. An argument such as `strides` may be a pair, (height, width): unpack it first.

TypeError | 'float\d*' object cannot be interpreted as an integer|slice indices must be integers
A count or an index is a float; `/` always gives one. Divide with `//`.

IndexError | only integers, slices
An index must be a whole number. `/` gives a float; divide with `//`.

ValueError | too many values to unpack \(expected (\d+)
There are more values than names on the left ({1}). If this is a shape, how many axes does the array have?

ValueError | not enough values to unpack \(expected (\d+), got (\d+)\)
There are fewer values ({2}) than names on the left ({1}). If this is a shape, how many axes does the array have?

IndexError | too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed
The array has {1} axes, but you use {2} indices. Print its shape: which axis is missing?

IndexError | (list|tuple) index out of range
The index is too large for this {1}. Does a loop go one step too far, or does a shape have fewer axes?

ValueError | shapes (\([\d,]*\)) and (\([\d,]*\)) not aligned
A matrix product of shapes {1} and {2} needs matching inner axes. Does one array need a transpose (`.T`)? Or did you
mean to multiply cell by cell, with `*`?

ValueError | matmul: .*size (\d+) is different from (\d+)
`@` is the matrix product: its inner axes have {2} and {1} cells, but must have the same number. Does one array need a
transpose (`.T`)? Or did you mean to multiply cell by cell, with `*`?

ValueError | setting an array element with a sequence|inhomogeneous shape
Several numbers are stored where only one fits, or rows have different lengths. One window gives one number: is a sum
missing?

TypeError | only (0-dimensional|length-1|size-1) arrays can be converted
An array is stored where only one number fits. If it has one cell, take that cell: `b[0]` or `.item()` (older NumPy
versions did this for you). If it has several, add them up first.

ValueError | cannot reshape array of size (\d+) into shape (\([\d, -]*\))
{1} numbers cannot fill the shape {2}: the product of its sizes must be {1}.

ValueError | negative dimensions are not allowed
A new array would have a negative size. Is the window larger than the image, or a formula the wrong way round?

ValueError | index can't contain negative values
`np.pad` got a negative number. With a stride, no padding may be needed: `max(total, 0)`.

ValueError | zero-size array to reduction operation (\w+)
This is the {1} of an empty array: does the slice lie outside the image?

ValueError | einstein sum|operand has (more|fewer) dimensions
`np.einsum` needs one letter for each axis of every operand. Print the shapes.

ValueError | axes don't match array
`transpose` needs as many axes as the array has. Print its shape.

AxisError | axis (-?\d+) is out of bounds for array of dimension (\d+)
The array has {2} axes, numbered from 0, and {1} is not one of them.

ValueError | read-only
This array is read-only. Make a copy before you write to it.

ValueError | all input arrays must have the same shape|need at least one array
`np.stack` needs at least one array, and all of the same shape. Is a window cut short at the edge?

TypeError | Cannot cast ufunc '\w+' output from dtype\('\w+'\) to dtype\('(\w+)'\)
Fractions do not fit into an array of {1}. Use an array of floats: `np.zeros(shape)` or `x.astype(float)`.

OverflowError | integer (-?\d+) out of bounds for (uint8)
{1} does not fit into {2}: a byte holds 0 to 255. Convert the array to floats first.

OverflowError | integer (-?\d+) out of bounds for (\w+)
{1} does not fit into {2}. Convert the array to floats first.

ZeroDivisionError |
Something is divided by 0. Is a size, a stride or a count 0?

MemoryError |
The new array does not fit into memory. Check its shape.

ValueError | window shape cannot be larger
The window is larger than the array it slides over. Should the image be padded first?
"""


@dataclass(frozen=True)
class Meaning:
    """An exception in plain words, and the label to put before them."""

    says: str
    label: str = "means"


def meaning(raised: Raised) -> Meaning | None:
    """Explain an exception; None if nothing is known about it."""
    kinds = {raised.type, *raised.kinds}
    for kind, pattern, say in COMPUTED:
        if kind in kinds and (found := re.search(pattern, raised.message)):
            return say(found)
    if "ValueError" in kinds and "truth value of an" in raised.message:
        return _truth(raised)
    says = absent(raised) or look_up(TABLE, raised)
    return Meaning(says) if says else None


def on_purpose(raised: Raised) -> bool:
    """Whether the student's own `raise` ended the call, judging by the last line."""
    return bool(raised.frames) and raised.frames[-1].source.startswith(("raise", "assert"))


# --- explanations that are computed ------------------------------------------------------------------------------


def _removed(found: re.Match[str]) -> Meaning:
    name = found[1] or found[2]
    if name not in REMOVED:
        return Meaning(
            f"NumPy {np.__version__} has nothing called `{name}`. Check the spelling. Or does it need a newer NumPy?"
        )
    today = REMOVED[name]
    return Meaning(f"`np.{name}` was removed. Write `{today}` instead. Everything else may be right.", "older NumPy")


def _truth(raised: Raised) -> Meaning:
    """An array where one yes or no is needed: the advice depends on what the line asks."""
    source = raised.frames[-1].source if raised.frames else ""
    if found := EQUALS_NONE.search(source):
        name, sign = found[1] or found[4], found[2] or found[3]
        word = "is" if sign == "==" else "is not"
        return Meaning(
            f"`{name} {sign} None` compares each cell of an array with None. To check whether `{name}` was given, "
            f"write `{name} {word} None`."
        )
    names = {first or second for first, second in BARE.findall(source)}
    if names:
        name = names.pop() if len(names) == 1 else "..."
        return Meaning(
            f"An array as a whole is neither true nor false. To check whether it was given, write `{name} is None` or "
            f"`{name} is not None`."
        )
    return Meaning(
        "`if` and `max` need a single yes or no, but this is an array of them. Use `np.maximum`, `.any()` or `.all()`."
    )


# `b == None`, `None != b`; and an array that stands alone: `if b:`, `not b`, `b or 0`, `1 if b else 0`.
EQUALS_NONE = re.compile(r"([A-Za-z_]\w*)\s*(==|!=)\s*None\b|\bNone\s*(==|!=)\s*([A-Za-z_]\w*)")
NAME = r"(?!(?:not|None|True|False)\b)([A-Za-z_]\w*)"
BARE = re.compile(
    rf"\b(?:if|elif|while|not|and|or)\s+{NAME}\s*(?::|\)|$|\b(?:and|or|else)\b)"
    rf"|(?:[=(,:]|\breturn\b)\s*{NAME}\s+(?:and|or)\b"
)


def _out_of_bounds(found: re.Match[str]) -> Meaning:
    index, axis, size = (int(number) for number in found.groups())
    if size == 0:
        return Meaning(f"Axis {axis} of this array is empty. Where does the array come from?")
    cells = f"Axis {axis} has {counted(size, 'cell')}, numbered from 0 to {size - 1}"
    more = "Does a loop go one step too far?" if index == size else "Which loop or which size does it come from?"
    return Meaning(f"{cells}, so there is no index {index}. {more}")


def _met(found: re.Match[str]) -> Meaning:
    """Two shapes that do not fit: of one rank and one not larger than the other, a window was cut short."""
    shapes = [tuple(map(int, re.findall(r"\d+", shape))) for shape in re.findall(r"\([\d, ]*\)", found[0])]
    if len(shapes) != 2 or not all(shapes):  # noqa: PLR2004  two arrays that met, and one number fits any
        return Meaning("These arrays have shapes that cannot be combined cell by cell. Print the shapes.")
    left, right = shapes
    apart = [a - b for a, b in zip(left, right, strict=False)]
    short = len(left) == len(right) and (min(apart) >= 0 or max(apart) <= 0)
    question = (
        "A slice that runs past the edge of an array is silently cut short. Did that happen here?"
        if short
        else "Is an axis missing or extra, or are two axes swapped?"
    )
    return Meaning(f"Shapes {left} and {right} cannot be combined cell by cell. {question}")


COMPUTED: tuple[tuple[str, str, Callable[[re.Match[str]], Meaning]], ...] = (
    ("AttributeError", r"module 'numpy' has no attribute '(\w+)'|`np\.(\w+)` was removed", _removed),
    ("IndexError", r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", _out_of_bounds),
    ("ValueError", r"could not be broadcast together.*", _met),
    ("ValueError", r"could not broadcast input array from .*", _met),
    ("ValueError", r"non-broadcastable output operand .*", _met),
)
