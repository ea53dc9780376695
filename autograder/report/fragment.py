"""A piece of HTML about one function: the same in a notebook's output, in a report and in feedback.

It needs no script, no network and only NumPy; all its text is escaped.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograder.drawing import style
from autograder.drawing.comparison import comparison
from autograder.drawing.svg import element, escape
from autograder.model import ExerciseReport
from autograder.report.stories import ALSO_FAILING, Story, stories

STYLE = """
&div{margin:8px 0 16px;max-width:60rem;font:14px/1.5 var(--jp-ui-font-family,system-ui,sans-serif)}
&* p{margin:0 0 6px}
&* dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:0 0 8px}
&* dl dt{float:none;width:auto;margin:0;padding:0;font-weight:400;opacity:.75}
&* dl dd{margin:0;padding:0;min-width:0;overflow-wrap:anywhere}
&* dl pre{margin:0;overflow-x:auto;font-family:var(--jp-code-font-family,ui-monospace,monospace)}
&* dl dd.cbh-named{font-weight:600}
&* summary{cursor:pointer}
@media (max-width:40rem){&* dl{grid-template-columns:1fr}&* dl dt{margin-top:6px}}
"""
# What a picture shows, and repeats in words below it.
IN_PICTURE = ("shown", "returned", "expected", "first wrong", "worked out")
# What a student should see first among the lines of a message.
NAMED = (
    "your mistake",
    "one of these",
    "two mistakes",
    "convention",
    "most likely",
    "why",
    "means",
    "older NumPy",
    "seen",
)


def exercise(report: ExerciseReport, printed: str = "") -> str:
    """What is wrong with a function: the most helpful message with its picture, the others folded below it.

    Args:
        report: on a function that is wrong.
        printed: a part of its output, shown below the messages.
    """
    first, *others = stories(report)
    folded = "".join(
        element("details", element("summary", escape(f"{_places(story)}: {story.in_short}")), _story(story))
        for story in others
    )
    more = element("p", ALSO_FAILING) if folded else ""
    output = element("pre", escape(printed)) if printed else ""
    return element("div", style.sheet(STYLE), element("div", _story(first), more, folded, output), class_="cbh-story")


def _places(story: Story) -> str:
    return ", ".join(behaviour.name for behaviour in story.behaviours)


def _story(story: Story) -> str:
    message = story.with_places
    marks = f" (0 of {message.out_of})" if message.out_of else ""
    head = element("p", element("strong", escape(message.where)), escape(f": {message.what}{marks}"))
    figure = comparison(message.evidence) if message.evidence is not None else None
    drawn = IN_PICTURE if figure is not None and figure.svg is not None else ()
    lines = [line for line in message.lines if line[0] not in drawn]
    return head + _lines(lines) + (figure.html if figure is not None else "")


def _lines(lines: Sequence[tuple[str, str]]) -> str:
    return element("dl", *(element("dt", escape(label)) + _line(label, text) for label, text in lines))


def _line(label: str, text: str) -> str:
    """A text with its lines, or the rows of an array in columns; both keep their lines without style rules."""
    if "\n" in text and text.startswith(("[", " ")):
        return element("dd", element("pre", escape(text)))
    return element("dd", with_code(text).replace("\n", element("br")), class_="cbh-named" if label in NAMED else "")


def with_code(text: str) -> str:
    """Escape a text, and show what is between backticks as code."""
    pieces = escape(text).split("`")
    return "".join(element("code", piece) if place % 2 else piece for place, piece in enumerate(pieces))
