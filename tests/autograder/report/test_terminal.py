"""Tables and sentences as a terminal shows them."""

from __future__ import annotations

import io

from rich.console import Console

from autograder.model import BehaviourReport, ExerciseReport, Message, Report, Summary
from autograder.report import terminal
from autograder.report.sentences import troubles

NAMES = ("max_pool2d", "avg_pool2d", "global_avg_pool", "global_max_pool", "pool_output_size")


def table(width: int) -> str:
    """A class of one in a terminal of this width."""
    console = Console(file=io.StringIO(), width=width)
    summary = Summary("ada", "06_pooling", NAMES, (4, 0, 4, 4, 3), (4,) * 5, (), ())
    terminal.show_class([summary], console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_long_headings_are_broken_at_underscores() -> None:
    """In 80 columns no name is cut in the middle of a word; where there is room, names stay whole."""
    narrow, wide = table(80), table(120)

    assert all(part in narrow for name in NAMES for part in name.replace("_", "_ ").split())
    assert not any(name in narrow for name in NAMES)
    assert all(name in wide for name in NAMES)


def test_a_sentence_ends_in_one_full_stop() -> None:
    """An exception's text may bring one of its own."""
    message = Message("scale, twice", "ValueError: setting an array element with a sequence.", 2)
    behaviours = [BehaviourReport(name, "It doubles.", 0, 2, message, None, "raised") for name in ("twice", "factor")]

    (trouble,) = troubles(Report("ada", "scaling", [ExerciseReport("scale", behaviours)]))

    assert trouble == ("scale", "ValueError: setting an array element with a sequence. In all behaviours.")
