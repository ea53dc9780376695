"""Arrays side by side, and two arrays with their differences."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.drawing import cells, heat
from autograder.drawing.arrays import MOST_READABLE, read
from autograder.drawing.figure import Figure, FigureError, picture
from autograder.drawing.heat import Scale
from autograder.drawing.svg import Drawing, beside, noted
from autograder.numbers import Numbers, counted, label, rows, size

MOST_PANELS = 32
MOST_PIXELS = 2000
_CROWDED, _MOST_IN_A_CROWD = 400, 6  # printed numbers; cells along an axis that still are numbers then
_MATRIX, _IMAGE, _BATCH = 2, 3, 4  # ranks


def arrays(named: Mapping[str, Any]) -> Figure:
    """Draw arrays side by side: small ones as numbers, large ones as heat maps.

    Equal colours are equal numbers, in all arrays without negative numbers and in all others.

    Args:
        named: title -> array, numbers of rank 0 to 4; (height, width, channels) has one panel for each channel, and
            (n, height, width, channels) is drawn if n is 1.

    Raises:
        FigureError: there is nothing to draw, or an array cannot be drawn.
    """
    return _side_by_side(named, _shared)


def given_and_returned(given: Mapping[str, Any], returned: Mapping[str, Any]) -> Figure:
    """Draw arrays as `arrays` does, but give each array that exceeds the range of the first its own scale.

    Raises:
        FigureError: there is nothing to draw, or an array cannot be drawn.
    """
    return _side_by_side({**given, **returned}, _first_that_holds)


def _side_by_side(named: Mapping[str, Any], scales: Callable[[Sequence[Sequence[Numbers]]], Sequence[Scale]]) -> Figure:
    if not named:
        raise FigureError("arrays: there is nothing to draw. Pass {title: array}.")
    split = [list(_planes(str(title), value)) for title, value in named.items()]
    planes = [plane for group in split for plane in group]
    if len(planes) > MOST_PANELS:
        raise FigureError(
            f"arrays: there are {len(planes)} planes, but at most {MOST_PANELS} can be told apart. "
            "Choose some channels, such as x[..., :8]."
        )
    most = _most_numbers([plane for _, plane in planes])
    chosen = scales([[plane for _, plane in group] for group in split])
    drawings = [
        panel(title, plane, scale, most=most)
        for group, scale in zip(split, chosen, strict=True)
        for title, plane in group
    ]
    return picture("\n".join(words(title, plane, most) for title, plane in planes), beside(drawings))


def _shared(groups: Sequence[Sequence[Numbers]]) -> list[Scale]:
    """Choose one scale for what has no negative numbers, and one for all else."""
    signed = [heat.scale_for(*planes).signed for planes in groups]
    common = {}
    for kind in set(signed):
        alike = [planes for planes, own in zip(groups, signed, strict=True) if own is kind]
        common[kind] = heat.scale_for(*itertools.chain(*alike))
    return [common[kind] for kind in signed]


def _first_that_holds(groups: Sequence[Sequence[Numbers]]) -> list[Scale]:
    """Choose the first scale for what lies within it, such as a blurred picture, and else one for each array."""
    first, *others = (heat.scale_for(*planes) for planes in groups)
    return [first, *(first if first.low <= other.low and other.high <= first.high else other for other in others)]


def compare(expected: Any, actual: Any, titles: tuple[str, str] = ("right", "broken")) -> Figure:
    """Draw two arrays and their difference, with the cells that differ outlined.

    Args:
        expected: the right array, numbers of rank 0 to 4.
        actual: the other one. Of three axes or four, the first plane that differs is drawn.
        titles: what to call them.

    Raises:
        FigureError: an array cannot be drawn.
    """
    right, broken = (
        read("compare", title, value, range(_BATCH + 1))
        for title, value in zip(titles, (expected, actual), strict=True)
    )
    for title, array in zip(titles, (right, broken), strict=True):
        require_drawable("compare", title, array)
    if right.shape != broken.shape:
        return _two_shapes(right, broken, titles)
    differs = ~np.isclose(broken, right, rtol=1e-5, atol=1e-8, equal_nan=True)
    at = _first(differs)
    plane = _plane(differs.ndim, at)
    note = _differences(differs, at) + _values(differs[plane], right[plane], broken[plane], titles)
    return _compared(right[plane], broken[plane], differs[plane], titles, note)


def _planes(title: str, value: Any) -> Iterator[tuple[str, Numbers]]:
    """Split an array into planes, one for each channel, with their titles."""
    array = read("arrays", title, value, range(_BATCH + 1))
    require_drawable("arrays", title, array)
    if array.ndim == _BATCH and len(array) > 1:
        raise FigureError(
            f"arrays: {title} has shape {array.shape}, but a figure shows one image. Take one, as in x[:1]."
        )
    if array.ndim <= _MATRIX:
        yield title, array
        return
    image = array[0] if array.ndim == _BATCH else array
    for channel in range(image.shape[-1]):
        yield f"{title}, channel {channel}", image[..., channel]


def read_plane(where: str, title: str, value: Any) -> Numbers:
    """Read an array of rank 2 that is not too large for a picture."""
    array = read(where, title, value, {_MATRIX})
    require_drawable(where, title, array)
    return array


def most_beside(image: Numbers) -> int:
    """Choose how many cells along an axis may be shown as numbers beside an image: 0 if the image is not."""
    return MOST_READABLE if _is_small(image, MOST_READABLE) else 0


def _most_numbers(planes: list[Numbers]) -> int:
    """Choose how many cells along an axis may be shown as numbers: fewer if there are many arrays."""
    small = [plane.size for plane in planes if _is_small(plane, MOST_READABLE)]
    return MOST_READABLE if sum(small) <= _CROWDED else _MOST_IN_A_CROWD


def panel(
    title: str,
    array: Numbers,
    scale: Scale,
    wrong: NDArray[np.bool_] | None = None,
    *,
    most: int = MOST_READABLE,
) -> Drawing:
    """Draw an array of rank 2 or less: as numbers if it has at most `most` cells along an axis, else as a heat map."""
    if not _is_small(array, most):
        return heat.heat_panel(title, array, scale, wrong)
    marked = [] if wrong is None else [(int(row), int(column)) for row, column in np.argwhere(np.atleast_2d(wrong))]
    return cells.numbers_panel(title, array, most=scale.most, wrong=marked)


def words(title: str, array: Numbers, most: int = MOST_READABLE) -> str:
    """Say in words what `panel` draws."""
    return listed(f"{title} ({size(array)})", array, most)


def listed(head: str, array: Numbers, most: int = MOST_READABLE) -> str:
    """Write the numbers of an array under a heading, or their range if there are too many to read."""
    if _is_small(array, most):
        return "\n".join([head, *rows(array)])
    known = array[np.isfinite(array)]
    if not known.size:
        return f"{head}: no finite number"
    # This sum is exact, so that the mean is the same on every machine.
    mean = math.fsum(known) / known.size
    return f"{head}: from {label(known.min())} to {label(known.max())}, mean {label(mean)}"


def _is_small(array: Numbers, most: int) -> bool:
    return max(array.shape, default=1) <= most


def require_drawable(where: str, title: str, array: Numbers) -> None:
    """Refuse an array that is too large for a picture."""
    if max(array.shape, default=1) > MOST_PIXELS:
        raise FigureError(
            f"{where}: {title} has shape {array.shape}, but a picture shows at most {MOST_PIXELS} cells along an axis. "
            "Take every fourth, as in image[::4, ::4]."
        )


def _compared(
    right: Numbers, broken: Numbers, differs: NDArray[np.bool_], titles: tuple[str, str], note: str
) -> Figure:
    # Infinity minus infinity is nan, which is what the figure then shows.
    with np.errstate(invalid="ignore"):
        # Cells that count as equal are shown as equal, or a map would show only rounding.
        difference = np.where(differs, broken - right, 0.0)
    shared, own = heat.scale_for(right, broken), heat.scale_for(difference)
    name = f"{titles[1]} minus {titles[0]}"
    drawings = [
        panel(titles[0], right, shared),
        panel(titles[1], broken, shared, differs),
        panel(name, difference, own, differs),
    ]
    lines = map(words, (*titles, name), (right, broken, difference))
    return picture("\n".join([note, *lines]), noted(beside(drawings), note))


def _two_shapes(right: Numbers, broken: Numbers, titles: tuple[str, str]) -> Figure:
    """Draw what can be drawn of two arrays that cannot be subtracted."""
    note = f"The shapes differ: {titles[0]} {right.shape}, {titles[1]} {broken.shape}."
    planes = [array[_plane(array.ndim, (0,) * array.ndim)] for array in (right, broken)]
    scale = heat.scale_for(*planes)
    drawing = beside([panel(title, plane, scale) for title, plane in zip(titles, planes, strict=True)])
    return picture("\n".join([note, *map(words, titles, planes)]), noted(drawing, note))


def _first(differs: NDArray[np.bool_]) -> tuple[int, ...]:
    """Index the first cell that differs, or the very first one."""
    return tuple(map(int, np.unravel_index(differs.argmax(), differs.shape)))


def _plane(rank: int, at: tuple[int, ...]) -> tuple[Any, ...]:
    """Index the plane around a cell: all of its height and width, its image, its channel."""
    if rank <= _MATRIX:
        return (...,)
    image = at[:1] if rank == _BATCH else ()
    return (*image, slice(None), slice(None), at[-1])


def _differences(differs: NDArray[np.bool_], at: tuple[int, ...]) -> str:
    if not differs.any():
        return "No cell differs."
    count = f"{differs.sum()} of {counted(differs.size, 'cell')} {'differs' if differs.sum() == 1 else 'differ'}."
    images = f" Shown: image {at[0]}, channel {at[-1]}." if differs.ndim == _BATCH else ""
    return count + (f" Shown: channel {at[-1]}." if differs.ndim == _IMAGE else images)


def _values(differs: NDArray[np.bool_], right: Numbers, broken: Numbers, titles: tuple[str, str]) -> str:
    """Say what the first cell that differs holds in both arrays."""
    if not differs.any():
        return ""
    row, column = _first(np.atleast_2d(differs))
    first, second = (label(np.atleast_2d(array)[row, column]) for array in (right, broken))
    return f" The first, row {row}, column {column}: {titles[0]} {first}, {titles[1]} {second}."
