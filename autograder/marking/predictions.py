"""Predictions: which ones are right, in a notebook's check() as in the grader; they carry no marks.

Texts are compared without regard to capitals and spaces; numbers are equal if they agree in their first six digits, or
to a hundred-thousandth. A single number may come in a list. Text where numbers are asked for is never right, and the
message is the same whatever it says.

The key beside a notebook holds seals (salted hashes) instead of answers, so that nobody reads one by accident. A seal
is no lock: a short word or a small whole number can still be found by brute force.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from autograder.course.exercise import Prediction
from autograder.errors import CourseError
from autograder.marking.compare import compare, numbers
from autograder.model import Value
from autograder.numbers import counted

DIGITS = 5
MOST_TYPED = 1_000  # numbers of an answer
ROUNDS = 200  # of hashing: a fraction of a millisecond for each number that is typed


@dataclass(frozen=True)
class Asked:
    """What it takes to judge a prediction.

    Attributes:
        name: the variable in the notebook.
        shape: of the numbers asked for; None for text.
        cells: each number of the answer, or the text.
        slips: common wrong values, each with a sentence that helps.
        salt: with it, answer and slips are sealed; without it, they are plain text.
    """

    name: str
    shape: tuple[int, ...] | None
    cells: Sequence[str]
    slips: Sequence[tuple[str, str]] = ()
    salt: str = ""

    @property
    def is_single(self) -> bool:
        """Whether one number or one text is asked for."""
        return not self.shape

    def seal(self, place: str, text: str) -> str:
        """What the answer is compared with; the place makes equal numbers look different."""
        if not self.salt:
            return text
        return hashlib.pbkdf2_hmac("sha256", text.encode(), f"{self.salt}/{place}".encode(), ROUNDS, 12).hex()


@dataclass(frozen=True)
class Answered:
    """Whether a prediction is right, and what its author reads."""

    right: bool
    words: str


def asked(prediction: Prediction, salt: str = "") -> Asked:
    """Read a prediction as its author declares it.

    Args:
        prediction: with the answer.
        salt: seals the answer, and differs from every other prediction's; empty to leave the answer readable.

    Raises:
        CourseError: a slip is the right answer.
    """
    for value, _ in prediction.slips:
        if compare(value, prediction.answer).fault is None:
            raise CourseError(
                f"prediction {prediction.name}: slip {value!r} is the right answer. Remove or correct it."
            )
    array = numbers(prediction.answer)
    shape = None if array is None else array.shape
    bare = Asked(prediction.name, shape, (), (), salt)
    texts = [_text(prediction.answer)] if array is None else [_number(cell) for cell in array.ravel().tolist()]
    cells = tuple(bare.seal(str(place), text) for place, text in enumerate(texts))
    slips = tuple((bare.seal("slip", _text(_freed(bare, value))), words) for value, words in prediction.slips)
    return Asked(prediction.name, shape, cells, slips, salt)


def judge(prediction: Asked, value: Value) -> Answered:
    """Compare a plain value with the answer.

    Args:
        prediction: what is asked for.
        value: None, text, an array of numbers, or a tuple of these.

    Returns:
        Whether it is right, and if not, which cells are, or the words for a slip; never the answer.
    """
    given = _freed(prediction, value)
    array = numbers(given)
    right = _right(prediction, given, array)
    if right is not None and right.all():
        return Answered(right=True, words="right")
    can_be_typed = array is None or array.size <= MOST_TYPED
    typed = prediction.seal("slip", _text(given)) if prediction.slips and can_be_typed else ""
    slips = [words for slip, words in prediction.slips if slip == typed]
    what = _what_differs(prediction, given, array, right)
    return Answered(right=False, words="".join([what, *([" "] if what.endswith(".") else []), *slips[:1]]).rstrip(" "))


def _what_differs(prediction: Asked, given: Value, array: np.ndarray | None, right: np.ndarray | None) -> str:
    if prediction.shape is None:
        return "not yet." if isinstance(given, str) else "not yet. The answer is text: put it in quotes."
    if array is None:
        return f"not yet. {'This is text: remove the quotes.' if _is_text(given) else 'Use numbers only.'}"
    if right is None:
        return f"not yet. Your answer is {_size(array.shape)}. Expected: {_size(prediction.shape)}."
    if right.size == 1:
        return "not yet."
    rows = "\n".join(" ".join("right" if cell else "  ?  " for cell in row) for row in np.atleast_2d(right))
    verb = "is" if right.sum() == 1 else "are"
    return f"{right.sum()} of {counted(right.size, 'cell')} {verb} right.\n{rows}\n"


def _size(shape: tuple[int, ...]) -> str:
    match shape:
        case ():
            return "a single number"
        case (length,):
            return f"a list of {counted(length, 'number')}, shape {shape}"
        case (rows, columns):
            return f"{counted(rows, 'row')} of {counted(columns, 'number')}, shape {shape}"
    return f"an array of shape {shape}"


def _right(prediction: Asked, given: Value, array: np.ndarray | None) -> np.ndarray | None:
    """Which cells are right; None if they cannot be compared one by one."""
    if prediction.shape is None:
        return np.array([isinstance(given, str) and prediction.seal("0", _text(given)) == prediction.cells[0]])
    if array is None or array.shape != prediction.shape:
        return None
    cells = zip(array.ravel().tolist(), prediction.cells, strict=True)
    right = [
        any(prediction.seal(str(at), near) == seal for near in _near(number)) for at, (number, seal) in enumerate(cells)
    ]
    return np.array(right).reshape(array.shape)


def _freed(prediction: Asked, value: Value) -> Value:
    """A single number or text without the list around it."""
    while prediction.is_single and isinstance(value, tuple | list) and len(value) == 1:
        value = value[0]
    return value.reshape(()) if prediction.is_single and isinstance(value, np.ndarray) and value.size == 1 else value


def _is_text(value: Value) -> bool:
    return isinstance(value, str) or (isinstance(value, tuple | list) and any(_is_text(item) for item in value))


# --- equal values, equal text -------------------------------------------------------------------------------------


def _text(value: Value) -> str:
    """A whole value."""
    if isinstance(value, str):
        return " ".join(value.split()).casefold()
    array = numbers(value)
    if array is not None:
        return f"{array.shape} {' '.join(map(_number, array.ravel().tolist()))}"
    return repr([_text(item) for item in value]) if isinstance(value, tuple | list) else repr(value)


def _number(number: float) -> str:
    """A number, rounded to a hundred-thousandth, and to six digits."""
    return f"{round(float(number), DIGITS) + 0.0:.{DIGITS}e}"


def _near(number: float) -> Iterator[str]:
    """How numbers equal to this one may be written: rounding separates neighbours somewhere."""
    yield _number(number)
    if math.isfinite(number):
        by = 0.5 * 10.0 ** (math.floor(math.log10(max(1.0, abs(number) * 0.9999))) - DIGITS)
        yield from (_number(number - by), _number(number + by))
