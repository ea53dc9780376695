"""What wrong values have in common where no known mistake explains them: each symptom is a fact about all wrong calls.

A symptom is reported only if every wrong value of a behaviour shows it. It says what is wrong, never why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from autograder.marking.compare import equal, numbers
from autograder.model import Value
from autograder.numbers import counted

Numbers = NDArray[np.float64]
Pair = tuple[Numbers, Numbers]  # what was returned, what is expected
Symptom = Callable[[Sequence[Pair]], str | None]


def symptom(pairs: Sequence[tuple[Value, Value]]) -> str | None:
    """Describe what all wrong values of one behaviour have in common.

    Args:
        pairs: what was returned and what is expected, for each wrong call that returned numbers; none may be right.

    Returns:
        One sentence, or None if they have nothing in common that this module knows.
    """
    read = [(numbers(given), numbers(wanted)) for given, wanted in pairs]
    known = [(one, other) for one, other in read if one is not None and other is not None and one.size and other.size]
    if not known or len(known) < len(read):
        return None
    tests = OF_SHAPES
    if all(given.shape == wanted.shape for given, wanted in known):
        known = [(np.asarray(given, float), np.asarray(wanted, float)) for given, wanted in known]
        tests = OF_VALUES
    with np.errstate(all="ignore"):
        return next((words for test in tests if (words := test(known))), None)


def _equal_in_order(given: Numbers, wanted: Numbers) -> bool:
    return given.size == wanted.size and equal(given.ravel(), wanted.ravel())


def _all(words: str, test: Callable[[Numbers, Numbers], bool]) -> Symptom:
    return lambda pairs: words if all(test(*pair) for pair in pairs) else None


# --- of one size --------------------------------------------------------------------------------------------------


def _all_nan(given: Numbers, _wanted: Numbers) -> bool:
    return bool(np.isnan(given).all())


def _all_zero(given: Numbers, _wanted: Numbers) -> bool:
    return not given.any()


def _rounded(decimals: int) -> Symptom:
    places = f" to {counted(decimals, 'decimal')}" if decimals else ""
    return _all(f"Every number is rounded{places}.", lambda given, wanted: equal(given, np.round(wanted, decimals)))


def _by_a_number(
    words: Callable[[float], str],
    apart: Callable[[Numbers, Numbers], Numbers],
    undo: Callable[[Numbers, float], Numbers],
    idle: float,
) -> Symptom:
    """The same number apart in every cell of every call; `idle` is the number that changes nothing."""

    def test(pairs: Sequence[Pair]) -> str | None:
        apart_by = np.concatenate([apart(given, wanted).ravel() for given, wanted in pairs])
        known = apart_by[np.isfinite(apart_by)]
        if known.size < 2 or np.isclose(known[0], idle):  # noqa: PLR2004  one cell shows nothing
            return None
        if not all(equal(undo(given, known[0]), wanted) for given, wanted in pairs):
            return None
        return words(float(known[0]))

    return test


def _stretched(pairs: Sequence[Pair]) -> str | None:
    """From 0 to 1 or to white in every call, whatever the right numbers are."""
    if any(wanted.size <= 2 for _, wanted in pairs):  # noqa: PLR2004  any two numbers can be stretched to any other two
        return None
    for white in (1.0, 255.0):
        if all(equal(given, white * _from_0_to_1(wanted)) for given, wanted in pairs):
            return f"Each result is rescaled: its smallest number is 0, its largest is {white:.0f}."
    return None


def _from_0_to_1(wanted: Numbers) -> Numbers:
    stretched: Numbers = (wanted - wanted.min()) / (wanted.max() - wanted.min())
    return stretched


def _by_one_factor(given: Numbers, wanted: Numbers) -> bool:
    largest = np.abs(wanted).argmax()
    factor = given.flat[largest] / wanted.flat[largest]
    return wanted.size > 2 and bool(np.isfinite(factor)) and factor != 0 and equal(given, factor * wanted)  # noqa: PLR2004  few numbers show little


def _number(value: float) -> str:
    inverse = 1 / value if value else 0.0
    if 0 < abs(value) < 1 and np.isclose(inverse, round(inverse)):
        return f"1/{round(inverse)}"
    return f"{value:.4g}"


def _larger_by_one_number_each(pairs: Sequence[Pair]) -> str | None:
    """A constant for each call, or for each index of the last axis, but not the same in all calls."""
    apart = [given - wanted for given, wanted in pairs]
    if all(gap.size > 1 and np.allclose(gap, gap.flat[0]) for gap in apart):
        return "In each result, all numbers are off by the same amount, as if something had been added to each."
    if all(gap.ndim > 1 and gap[..., 0].size > 1 and _of_each_channel(gap) for gap in apart):
        return "In each channel, all numbers are off by the same amount."
    return None


def _of_each_channel(apart: Numbers) -> bool:
    amounts = apart[(0,) * (apart.ndim - 1)]
    return bool(np.all(amounts)) and np.allclose(apart, amounts)


def _wrong(given: Numbers, wanted: Numbers) -> NDArray[np.bool_]:
    atol = 1e-5 * float(np.abs(wanted[np.isfinite(wanted)]).max(initial=0.0))
    return ~np.asarray(np.isclose(given, wanted, rtol=1e-5, atol=atol, equal_nan=True), dtype=np.bool_)


def _height_and_width(rank: int) -> tuple[int, int] | None:
    """The axes of height and width: the second and third of four, else the first two."""
    return None if rank < 2 else (1, 2) if rank == 4 else (0, 1)  # noqa: PLR2004  ranks


def _only_the_border(given: Numbers, wanted: Numbers) -> bool:
    axes = _height_and_width(wanted.ndim)
    if axes is None or any(wanted.shape[axis] < 3 for axis in axes):  # noqa: PLR2004  smaller ones are all border
        return False
    inside: list[slice] = [slice(None)] * wanted.ndim
    for axis in axes:
        inside[axis] = slice(1, -1)
    return not _wrong(given, wanted)[tuple(inside)].any()


LAST_ARE_ZERO = "only zeros; everything else is right."


def _last_are_zero(pairs: Sequence[Pair]) -> str | None:
    """Loops that end one too early leave the zeros that the array was made with."""
    for words, which in (("The last row", [0]), ("The last column", [1]), ("The last row and the last column", [0, 1])):
        if all(_are_all_that_is_wrong(given, wanted, which) for given, wanted in pairs):
            return f"{words} {'holds' if len(which) == 1 else 'hold'} {LAST_ARE_ZERO}"
    return None


def _are_all_that_is_wrong(given: Numbers, wanted: Numbers, which: Sequence[int]) -> bool:
    """Whether the last row, 0, or column, 1, is zero, and nothing else is wrong."""
    axes = _height_and_width(wanted.ndim)
    if axes is None or any(wanted.shape[axis] == 1 for axis in axes):
        return False
    wrong = np.array(_wrong(given, wanted))
    lasts = [np.moveaxis(given, axes[place], 0)[-1] for place in which]
    for place in which:
        np.moveaxis(wrong, axes[place], 0)[-1] = False
    return not wrong.any() and not any(last.any() for last in lasts)


def _only_one_right(name: str, axis: int, ranks: tuple[int, ...]) -> Symptom:
    """Along one axis a single index is right everywhere, and every other one has something wrong."""

    def test(pairs: Sequence[Pair]) -> str | None:
        places = set()
        for given, wanted in pairs:
            if wanted.ndim not in ranks or wanted.shape[axis] == 1:
                return None
            parts = np.moveaxis(_wrong(given, wanted), axis, 0)
            right = [index for index, part in enumerate(parts) if not part.any()]
            if len(right) != 1:
                return None
            places.add({0: "the first", len(parts) - 1: "the last"}.get(right[0], "one"))
        return f"Only {places.pop() if len(places) == 1 else 'one'} {name} is right."

    return test


def _shifted(pairs: Sequence[Pair]) -> str | None:
    """The right numbers, one place further along height or width."""
    for place, direction in ((0, ("down", "up")), (1, ("to the right", "to the left"))):
        for step, words in zip((1, -1), direction, strict=True):
            if all(_is_shifted(given, wanted, place, step) for given, wanted in pairs):
                return f"The right numbers are one place too far {words}."
    return None


def _is_shifted(given: Numbers, wanted: Numbers, place: int, step: int) -> bool:
    axes = _height_and_width(wanted.ndim)
    if axes is None or wanted.shape[axes[place]] < 3:  # noqa: PLR2004  of two rows one is left, which shows little
        return False
    here, there = np.moveaxis(given, axes[place], 0), np.moveaxis(wanted, axes[place], 0)
    return equal(here[1:], there[:-1]) if step == 1 else equal(here[:-1], there[1:])


def _turned(given: Numbers, wanted: Numbers) -> bool:
    axes = _height_and_width(wanted.ndim)
    return axes is not None and equal(given.swapaxes(*axes), wanted)


def _mirrored(pairs: Sequence[Pair]) -> str | None:
    for place, words in ((0, "upside down"), (1, "mirrored left to right")):
        if all(
            (axes := _height_and_width(wanted.ndim)) and equal(np.flip(given, axes[place]), wanted)
            for given, wanted in pairs
        ):
            return f"The result is {words}."
    return None


def _moved_about(given: Numbers, wanted: Numbers) -> bool:
    return wanted.size > 1 and equal(np.sort(given, axis=None), np.sort(wanted, axis=None))


OF_VALUES: Sequence[Symptom] = (
    _all("Every number is NaN.", _all_nan),
    _all("Every number is 0.", _all_zero),
    _all("Every number has the wrong sign.", lambda given, wanted: equal(-given, wanted)),
    _all("The fractions are cut off.", lambda given, wanted: equal(given, np.trunc(wanted))),
    _all("Every number is rounded down.", lambda given, wanted: equal(given, np.floor(wanted))),
    *(_rounded(decimals) for decimals in range(5)),
    _all("The numbers wrap around at 256, as bytes do.", lambda given, wanted: equal(given, wanted % 256 // 1)),
    _all("Every number below 0 has become 0.", lambda given, wanted: equal(given, np.maximum(wanted, 0))),
    _all("Every number has lost its sign.", lambda given, wanted: equal(given, np.abs(wanted))),
    _all(
        "Every number below 0 has become 0, and every number above 255 has become 255.",
        lambda given, wanted: equal(given, np.clip(wanted, 0, 255)),
    ),
    _stretched,
    _by_a_number(
        lambda factor: f"Every number is {_number(factor)} times the expected one.",
        lambda given, wanted: given[wanted != 0] / wanted[wanted != 0],
        lambda given, factor: given / factor,
        1.0,
    ),
    _by_a_number(
        lambda amount: f"Every number is {abs(amount):.4g} too {'large' if amount > 0 else 'small'}.",
        lambda given, wanted: given - wanted,
        lambda given, amount: given - amount,
        0.0,
    ),
    _larger_by_one_number_each,
    _all("In each result, all numbers are off by the same factor.", _by_one_factor),
    _all("Rows and columns of the result are swapped.", _turned),
    _mirrored,
    _shifted,
    _last_are_zero,
    _all("Only numbers at the border are wrong; inside, all numbers are right.", _only_the_border),
    _only_one_right("image", 0, (4,)),
    _only_one_right("channel", -1, (3, 4)),
    _all("All the right numbers are there, but not in the right places.", _moved_about),
)


# --- of another size ----------------------------------------------------------------------------------------------


def _of_rank(pairs: Sequence[Pair]) -> str | None:
    ranks = {(given.ndim, wanted.ndim) for given, wanted in pairs}
    if len(ranks) > 1 or (apart := ranks.pop())[0] == apart[1]:
        return None
    have, need = apart
    words = f"Your result has {counted(have, 'axis', 'axes')} instead of {need}."
    if all(equal(given.squeeze(), wanted.squeeze()) for given, wanted in pairs):
        return f"{words} The numbers are right; only axes of length 1 are missing or extra."
    same = all(_equal_in_order(*pair) for pair in pairs)
    return words + (" All the right numbers are there, in the right order; only the shape is wrong." if same else "")


def _one_number_inside(given: Numbers, wanted: Numbers) -> bool:
    return wanted.ndim == 0 and given.size == 1 and equal(given.reshape(()), wanted)


def _in_a_row(given: Numbers, wanted: Numbers) -> bool:
    return given.ndim == 1 and wanted.size > max(wanted.shape, default=0) and equal(given, wanted.ravel())


def _axes_swapped(pairs: Sequence[Pair]) -> str | None:
    axes = sorted({(low, high) for _, wanted in pairs for high in range(wanted.ndim) for low in range(high)})
    for low, high in axes:
        if all(
            given.ndim == wanted.ndim > high and equal(given.swapaxes(low, high), wanted) for given, wanted in pairs
        ):
            return f"The numbers are right, but axes {low} and {high} of the result are swapped."
    return None


def _cut(given: Numbers, wanted: Numbers) -> bool:
    fits = given.ndim == wanted.ndim and bool(np.less_equal(given.shape, wanted.shape).all())
    return fits and equal(given, wanted[tuple(slice(size) for size in given.shape)])


def _grown(given: Numbers, wanted: Numbers) -> bool:
    return _cut(wanted, given)


def _sizes(pairs: Sequence[Pair]) -> str | None:
    """One axis, or several, that are too long or too short by the same count in all calls."""
    if any(given.ndim != wanted.ndim for given, wanted in pairs):
        return None
    apart = {tuple(np.subtract(given.shape, wanted.shape).tolist()) for given, wanted in pairs}
    if len(apart) > 1:
        return None
    wrong = [f"{_count(by)} along axis {axis}" for axis, by in enumerate(apart.pop()) if by]
    return f"Your result is {' and '.join(wrong)}."


def _count(by: int) -> str:
    return f"{abs(by)} too {'long' if by > 0 else 'short'}"


OF_SHAPES: Sequence[Symptom] = (
    _all("The number is right, but it is inside a list or an array: return the number itself.", _one_number_inside),
    _all("All the right numbers are there, in the right order, but in a single row: reshape them.", _in_a_row),
    _of_rank,
    _axes_swapped,
    _all("The numbers are right as far as they go; the last ones are missing.", _cut),
    _all("The right numbers are there, with extra ones at the end.", _grown),
    _all("The right numbers are there, in the right order, but in the wrong shape.", _equal_in_order),
    _sizes,
)
