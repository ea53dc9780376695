"""Known mistakes: wrong functions that run, each with the words a student reads about it.

An id lasts. Letters after the number tell apart the faults of one kind.

    M1-M43  in sliding, padding, adding and storing; the same number in every function
    P1-P12  of pooling alone
    F1-F25  seen in public solutions and in class:
            F1 starter not filled in       F10 padded without being asked    F19 padding not read
            F2 returns inside the loop     F11 windows side by side          F20 only the first image
            F3 adds along one axis         F12 kernel turned by 90 degrees   F21 axes of channels first
            F4 products not added          F13 total overwritten             F22 pools the batch too
            F5 size written into the code  F14 adds where it multiplies      F23 keepdims not read
            F6 square images only          F15 adds first, multiplies last   F24 axes always kept
            F7 sizes of the window swapped F16 negative numbers cut off      F25 kept axes at the end
            F8 border left zero            F17 strides not read
            F9 output not shrunk           F18 one stride for both axes
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Mistake:
    """A wrong function of a student's signature, and the words that lead back to the right one.

    Attributes:
        id: a lasting name, such as "M7", unique among the mistakes of one function.
        name: two to five words.
        function: the wrong function; it may raise where code with this fault does.
        says: what was done and what has to be, in one sentence or two.
        read_again: notebook and heading.
    """

    id: str
    name: str
    function: Callable[..., Any]
    says: str
    read_again: str


def with_words(functions: Mapping[str, Callable[..., Any]], words: str) -> tuple[Mistake, ...]:
    """Join wrong functions, by id, with a table of what students read about them.

    Args:
        functions: the wrong function of each id.
        words: a paragraph for each id, with an empty line between two: "id | name | notebook NN, heading", then in the
            lines below it what is said.

    Returns:
        The mistakes, in the order of the words.

    Raises:
        ValueError: a function has no words, or words have no function.
    """
    told = {}
    for paragraph in words.strip().split("\n\n"):
        head, *lines = paragraph.splitlines()
        id_, name, place = head.split(" | ")
        notebook, heading = place.split(", ", maxsplit=1)
        told[id_] = (name, " ".join(lines), f'{notebook}, "{heading}"')
    if odd := told.keys() ^ functions.keys():
        raise ValueError(f"with_words: {sorted(odd)} are in one table only, but have to be in both; add the others")
    return tuple(Mistake(id_, name, functions[id_], says, place) for id_, (name, says, place) in told.items())
