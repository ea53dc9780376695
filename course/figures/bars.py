"""Shares as bars, one below the other."""

from __future__ import annotations

from collections.abc import Mapping

from autograder.drawing.figure import Figure, FigureError, picture
from autograder.drawing.svg import Drawing, box, element, group, text

MOST_BARS = 24
_LINE, _BAR = 28.0, 420.0  # from bar to bar; the length of all


def bars(shares: Mapping[str, float]) -> Figure:
    """Draw shares as bars against all: the first in one colour, and those that it is compared with in another.

    Args:
        shares: words -> number from 0 to 1, 24 at most.

    Raises:
        FigureError: there is no share, there are too many, or one of them is not from 0 to 1.
    """
    if not 1 <= len(shares) <= MOST_BARS:
        raise FigureError(
            f"bars: the number of shares is {len(shares)}, but must be from 1 to {MOST_BARS}; hand over "
            "{words: share}"
        )
    for words, share in shares.items():
        if not 0 <= share <= 1:
            raise FigureError(f"bars: {words} is {share!r}, but must be from 0 to 1; divide by the whole")
    return picture("\n".join(f"{words}: {share:.1%}" for words, share in shares.items()), _drawing(shares))


def _drawing(shares: Mapping[str, float]) -> Drawing:
    left = 24 + 8.2 * max(map(len, shares))
    rows = (
        group(text(words, 0, 5) + group(_bar(share, "negative" if place else "positive"), x=left), y=place * _LINE + 12)
        for place, (words, share) in enumerate(shares.items())
    )
    return Drawing("".join(rows), left + _BAR + 70, len(shares) * _LINE)


def _bar(share: float, class_: str) -> str:
    whole = element("path", d=f"M0 0H{_BAR:g}", class_="frame")
    return whole + box((0, -8, _BAR * share, 16), class_, radius=2) + text(f"{share:.1%}", _BAR + 10, 5)
