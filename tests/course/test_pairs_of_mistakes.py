"""Two known mistakes in one function: how many pairs can be told apart, and how many are named right."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

import pytest

from autograder.marking.mark import mark
from autograder.marking.pairs import DrawnPairs, KeptPairs, Pair
from autograder.marking.scheme import MarkScheme
from tests.course.test_mutations import SEED, released
from tests.schemes import EXERCISES, outcome, scheme

pytestmark = pytest.mark.thorough

SAMPLE = 25  # pairs of each function that are marked
FUNCTIONS = [
    "window_sum",
    "conv2d_valid",
    "true_convolution",
    "conv2d_strided",
    "conv2d_gray",
    "conv2d_one_filter",
    "conv2d",
    "max_pool2d",
    "avg_pool2d",
    "conv2d_einsum",
]


def kept(function: str) -> KeptPairs:
    """The pairs in the answer key: those that do what neither of the two does alone."""
    found = released()[function].pairs
    assert isinstance(found, KeptPairs)
    return found


def drawn(function: str) -> DrawnPairs:
    """The pairs as functions that can be called."""
    found = scheme(function, SEED).pairs
    assert isinstance(found, DrawnPairs)
    return found


@cache
def counts(function: str) -> tuple[int, int, int, int]:
    """Mistakes, pairs, pairs that show as a pair in the visible cases, and those that no other pair is taken for."""
    columns = list(kept(function).table.values())
    rows = Counter(zip(*(column.tolist() for column in columns), strict=True))
    alone = sum(times == 1 for times in rows.values())
    return len(EXERCISES[function].mistakes), len(drawn(function).functions), rows.total(), alone


@cache
def named(function: str, by: str) -> Counter[str]:
    """How a sample of the pairs is named by the grader, or by check()."""
    pairs = random.Random(SEED).sample(sorted(kept(function).pairs), SAMPLE)  # noqa: S311  a sample, and no secret
    known = scheme(function, SEED) if by == "grader" else released()[function]
    return Counter(_how(pair, function, known) for pair in pairs)


def _how(pair: Pair, function: str, known: MarkScheme) -> str:
    wrong = drawn(function).functions[pair]
    report = mark(known, [outcome(wrong, trial) for trial in known.trials])
    ids = [set(one.diagnosis.mistakes) for one in report.behaviours if one.diagnosis is not None]
    if any(not found & set(pair) for found in ids):
        return "wrong"
    together = set().union(*ids)
    return "both" if together == set(pair) else "with others" if together > set(pair) else "one" if ids else "not"


def test_most_pairs_can_be_told_apart() -> None:
    """Of all pairs that show as pairs in the visible cases, 19 of 20 are different from every other one."""
    _, _, real, alone = (sum(column) for column in zip(*(counts(function) for function in FUNCTIONS), strict=True))

    assert real > 10_000
    assert alone > 0.95 * real


@pytest.mark.parametrize("by", ["grader", "check"])
def test_most_pairs_are_named_right(by: str) -> None:
    """9 of 10 sampled ones get both their names and no other; 1 of 100 at most gets a wrong one."""
    found = sum((named(function, by) for function in FUNCTIONS), Counter())

    assert found["both"] >= 0.9 * found.total()
    assert found["wrong"] <= 0.01 * found.total()


def test_the_numbers_are_shown(record_property: Callable[[str, object], None]) -> None:
    """A table for whoever reads the log, a line for each function."""
    lines = list(table())
    record_property("table", "\n".join(lines))

    assert [line.split()[0] for line in lines[1:]] == FUNCTIONS


def table() -> Iterator[str]:
    """A line for each function: its pairs, and of a sample how many the grader and check() name right."""
    row = "{:<18}{:>9}{:>7}{:>7}{:>12}{:>16}{:>16}"
    yield row.format("function", "mistakes", "pairs", "real", "told apart", "named, grader", "named, check()")
    for function in FUNCTIONS:
        right = (f"{named(function, by)['both']} of {SAMPLE}" for by in ("grader", "check"))
        yield row.format(function, *counts(function), *right)
