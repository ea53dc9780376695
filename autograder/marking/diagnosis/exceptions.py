"""The exceptions that NumPy and Python raise in students' code, in a student's words.

A pattern is looked for in the exception's own text. What is said is what that text means, and the likely reason where
there is one. An exception without a pattern has only its own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from autograder.model import Raised
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
If this line is right in a newer Python, write it in a way that the older one understands, too.

ImportError | graded with (Python|NumPy)
If a newer version has it, use something that this one has, too.

AttributeError | module '(?!numpy').*graded with (Python|NumPy)
If a newer version has it, use something that this one has, too.

NameError | name '(\w+)' is not defined, as .*graded with
If a newer version has it, use something that this one has, too.

NameError | name '(\w+)' is not defined, as .*: ModuleNotFoundError\)
Only NumPy and Python's own library are available where the notebook is graded. Write this without `{1}`.

NameError | name '(\w+)' is not defined, as `.*` failed
That line was to set `{1}`, and ended in an error. Fix it first.

UnboundLocalError | variable '(\w+)'
`{1}` is given a value in this function, but not on the way that was taken. Set it before the loop or the `if`.

NameError | name '(\w+)' is not defined
Nothing is called `{1}` here. Is it spelt as where you made it, and is it made on every way?

AttributeError | 'NoneType' object has no attribute '(\w+)'
Something is None where an array with `.{1}` is needed: an argument whose default is None, or what a function without
`return` gives.

AttributeError | '(list|tuple|int|float|str)' object has no attribute '(\w+)'
This is a {1}, and has no `.{2}`. Make it an array first: `np.asarray(...)`.

AttributeError | 'numpy.ndarray' object has no attribute '(append|extend|push|insert)'
An array does not grow. Make it large enough with `np.zeros(shape)`, or append to a list.

ModuleNotFoundError | No module named '([\w.]+)'
`{1}` is not here: an answer may use NumPy and Python's own library.

TypeError | (\w+)\(\) (got an unexpected keyword argument '\w+'|got multiple values for argument '\w+')
`{1}` {2}. Name the arguments as the notebook does, and keep their order.

TypeError | (\w+)\(\) (missing \d+ required [\w-]+ arguments?: .+|takes .+ given)
`{1}` {2}. Name the arguments as the notebook does, and keep their order.

TypeError | '(?:numpy\.)?(ndarray|int|float|list|tuple)' object is not callable
Round brackets call a function, and this is a value of type {1}. Index with square ones; or is a name such as `sum` used
for a variable, too?

RecursionError |
The function calls itself without end. Is its own name used inside it?

NotImplementedError |
It calls a function that is not solved yet, or in which `raise NotImplementedError` is still there.

TypeError | unhashable type: 'numpy.ndarray'
`functools.cache`, `lru_cache`, sets and the keys of a dict need values that cannot change, and an array can. Remove the
cache, or use a tuple in place of the array.

TypeError | NoneType
Something is None where a value is needed: an argument whose default is None, or what a function without `return`
gives.

TypeError | '(?:numpy\.)?(int|float)\d*' object is not subscriptable|non-iterable (?:numpy\.)?(?:int|float)\d* object
One number is used as if it were two. An argument such as `strides` may be one number or a pair: make it a pair first.

TypeError | (operand type\(s\) for|not supported between instances of) .*'(tuple|list)'
A pair is used as one number. An argument such as `strides` may be a pair, (height, width): take its two numbers apart.

TypeError | '(tuple|list)' object cannot be interpreted|can only concatenate (tuple|list)
A pair is used as one number. An argument such as `strides` may be a pair, (height, width): take its two numbers apart.

TypeError | 'float\d*' object cannot be interpreted as an integer|slice indices must be integers
A count or an index has a fraction, for `/` always gives one. Divide with `//`.

IndexError | only integers, slices
An index has to be a whole number. `/` gives a fraction, `//` does not.

ValueError | too many values to unpack \(expected (\d+)
There are more values than names on the left, which are {1}. How many axes has the array whose shape this is?

ValueError | not enough values to unpack \(expected (\d+), got (\d+)\)
There are {2} values for the {1} names on the left. How many axes has the array whose shape this is?

IndexError | too many indices for array: array is (\d+)-dimensional, but (\d+) were indexed
The array has {1} axes, and is given {2} indices. Print its shape: which axis is not there?

IndexError | (list|tuple) index out of range
The {1} has fewer items than the index asks for. Does a loop go one step too far, or has a shape fewer axes?

ValueError | shapes (\([\d,]*\)) and (\([\d,]*\)) not aligned
A matrix product of shapes {1} and {2} needs a last axis as long as the other's first. Is one of them turned (`.T`)? Or
are cells meant to be multiplied one by one, with `*`?

ValueError | matmul: .*size (\d+) is different from (\d+)
`@` is the matrix product: its inner axes have {2} and {1} cells, and need as many. Is one of the arrays turned (`.T`)?
Or are cells meant to be multiplied one by one, with `*`?

ValueError | setting an array element with a sequence|inhomogeneous shape
Several numbers are put where one fits, or rows have different lengths. One window gives one number: is a sum missing?

TypeError | only (0-dimensional|length-1|size-1) arrays can be converted
An array is put where one number fits. If it has one cell, an older NumPy took it for that number; today say which cell,
`b[0]`, or `.item()`. If it has several, add them up first.

ValueError | cannot reshape array of size (\d+) into shape (\([\d, -]*\))
{1} numbers do not fill the shape {2}: its sizes, multiplied, have to give {1}.

ValueError | negative dimensions are not allowed
An array is made with a size below 0. Is the window larger than the image, or a formula turned round?

ValueError | index can't contain negative values
`np.pad` is given less than 0. With a stride no padding may be needed: `max(total, 0)`.

ValueError | zero-size array to reduction operation (\w+)
The {1} of no number at all: this slice lies outside the image.

ValueError | einstein sum|operand has (more|fewer) dimensions
In `np.einsum` every operand has as many letters as its array has axes. Print the shapes.

ValueError | axes don't match array
`transpose` is given another number of axes than the array has. Print its shape.

AxisError | axis (-?\d+) is out of bounds for array of dimension (\d+)
The array has {2} axes, numbered from 0, and {1} is not one of them.

ValueError | read-only
This array may only be read, as it is a view. Make a copy before you write.

ValueError | all input arrays must have the same shape|need at least one array
`np.stack` puts together arrays of one shape, and one at least. Is a window cut short at the edge?

TypeError | Cannot cast ufunc '\w+' output from dtype\('\w+'\) to dtype\('(\w+)'\)
A fraction does not fit into an array of {1}. Make it one of floats: `np.zeros(shape)`, or `x.astype(float)`.

OverflowError | integer (-?\d+) out of bounds for (uint8)
{1} does not fit into {2}: a byte goes from 0 to 255. Turn the array into floats first.

OverflowError | integer (-?\d+) out of bounds for (\w+)
{1} does not fit into {2}. Turn the array into floats first.

ZeroDivisionError |
Something is divided by 0. Is a size, a stride or a count 0 here?

MemoryError |
The array asked for is larger than the memory. Look at the shape it gets.

ValueError | window shape cannot be larger
The window is larger than what it slides over. Is the image padded first where it has to be?
"""


@dataclass(frozen=True)
class Meaning:
    """What an exception says, in plain words, and the label to put before them."""

    says: str
    label: str = "means"


def meaning(raised: Raised) -> Meaning | None:
    """Explain an exception; None if its own words have to do."""
    kinds = {raised.type, *raised.kinds}
    for kind, pattern, say in COMPUTED:
        if kind in kinds and (found := re.search(pattern, raised.message)):
            return say(found)
    if "ValueError" in kinds and "truth value of an" in raised.message:
        return _truth(raised)
    says = absent(raised) or look_up(TABLE, raised)
    return Meaning(says) if says else None


def on_purpose(raised: Raised) -> bool:
    """Whether a `raise` of the student's own ended the call, as far as the last line tells."""
    return bool(raised.frames) and raised.frames[-1].source.startswith(("raise", "assert"))


# --- what has to be worked out -----------------------------------------------------------------------------------


def _removed(found: re.Match[str]) -> Meaning:
    name = found[1] or found[2]
    if name not in REMOVED:
        return Meaning(
            f"NumPy {np.__version__} has nothing called `{name}`. Check its spelling; or is it newer than that?"
        )
    today = REMOVED[name]
    return Meaning(f"`np.{name}` is gone. Write `{today}` instead. All else may well be right.", "older NumPy")


def _truth(raised: Raised) -> Meaning:
    """An array where one yes or no is needed: what to write depends on what the line asks for."""
    source = raised.frames[-1].source if raised.frames else ""
    if found := EQUALS_NONE.search(source):
        name, sign = found[1] or found[4], found[2] or found[3]
        word = "is" if sign == "==" else "is not"
        return Meaning(
            f"`{name} {sign} None` compares each cell of an array with None. To ask whether `{name}` was given, write "
            f"`{name} {word} None`."
        )
    names = {one or other for one, other in BARE.findall(source)}
    if names:
        name = names.pop() if len(names) == 1 else "..."
        return Meaning(
            f"An array is neither true nor false as a whole. To ask whether it was given, write `{name} is None` or "
            f"`{name} is not None`."
        )
    return Meaning(
        "`if` and `max` need one yes or no, and this is an array of them. Use `np.maximum`, `.any()` or `.all()`."
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
        return Meaning(f"Axis {axis} of this array has no cell at all. What made it empty?")
    cells = f"Axis {axis} has {size} {'cell' if size == 1 else 'cells'}, numbered from 0 to {size - 1}"
    more = "Does a loop go one step too far?" if index == size else "Which loop, or which size, is it from?"
    return Meaning(f"{cells}, and {index} is asked for. {more}")


def _met(found: re.Match[str]) -> Meaning:
    """Two shapes that do not fit: of one rank and one not larger than the other, a window was cut short."""
    shapes = [tuple(map(int, re.findall(r"\d+", shape))) for shape in re.findall(r"\([\d, ]*\)", found[0])]
    if len(shapes) != 2 or not all(shapes):  # noqa: PLR2004  two arrays that met, and one number fits any
        return Meaning("Arrays met whose shapes cannot be combined cell by cell. Print them.")
    one, other = shapes
    apart = [a - b for a, b in zip(one, other, strict=False)]
    short = len(one) == len(other) and (min(apart) >= 0 or max(apart) <= 0)
    likely = (
        "A slice that runs over the edge of an array is cut short without a word: is that one?"
        if short
        else "Is an axis missing, or one too many, or are two of them swapped?"
    )
    return Meaning(f"Shapes {one} and {other} met, and cannot be combined cell by cell. {likely}")


COMPUTED: tuple[tuple[str, str, Callable[[re.Match[str]], Meaning]], ...] = (
    ("AttributeError", r"module 'numpy' has no attribute '(\w+)'|`np\.(\w+)` was removed", _removed),
    ("IndexError", r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", _out_of_bounds),
    ("ValueError", r"could not be broadcast together.*", _met),
    ("ValueError", r"could not broadcast input array from .*", _met),
    ("ValueError", r"non-broadcastable output operand .*", _met),
)
