"""SVG as text: escaped elements, and pieces of a picture that know their size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

NAMESPACE = "http://www.w3.org/2000/svg"

Area = tuple[float, float, float, float]  # x, y, width, height

# Characters that XML 1.0 cannot hold, escaped or not; other control codes; and what reverses the text behind it.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Drawing:
    """A piece of a picture: SVG markup with its top left corner at (0, 0), and its size in pixels."""

    body: str
    width: float
    height: float


def clean(text: str) -> str:
    """Text without the letters that no page may hold."""
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)


def escape(text: object) -> str:
    """Write any text so that HTML and XML read it as text, inside an element or an attribute."""
    escaped = clean(str(text))
    for character, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;")):
        escaped = escaped.replace(character, entity)
    return escaped


def element(name: str, /, *children: str, **attributes: object) -> str:
    """Write one element; children are markup, attributes are escaped: `class_` is class, `text_anchor` text-anchor."""
    written = "".join(
        f' {key.strip("_").replace("_", "-")}="{_attribute(value)}"' for key, value in attributes.items() if value != ""
    )
    return f"<{name}{written}>{''.join(children)}</{name}>" if children else f"<{name}{written}/>"


def text(content: object, x: float, y: float, class_: str = "") -> str:
    """Write a line of text whose baseline starts, or is centred, at (x, y)."""
    return element("text", escape(content), x=x, y=y, class_=class_)


def box(area: Area, class_: str, *, radius: float = 4, **attributes: object) -> str:
    """Draw a rectangle with round corners."""
    x, y, width, height = area
    return element("rect", x=x, y=y, width=width, height=height, rx=radius, class_=class_, **attributes)


def group(*children: str, class_: str = "", x: float = 0, y: float = 0) -> str:
    """Move markup to (x, y), under one class."""
    move = f"translate({x:g} {y:g})" if x or y else ""
    return element("g", *children, class_=class_, transform=move)


def beside(drawings: Sequence[Drawing], gap: float = 44, limit: float = 900) -> Drawing:
    """Lay drawings in a row, or in several if one would be wider than `limit` pixels."""
    placed, x, y, row, width = [], 0.0, 0.0, 0.0, 0.0
    for drawing in drawings:
        if x and x + drawing.width > limit:
            x, y, row = 0.0, y + row + gap, 0.0
        placed.append(group(drawing.body, x=x, y=y))
        width, row = max(width, x + drawing.width), max(row, drawing.height)
        x += drawing.width + gap
    return Drawing("".join(placed), width, y + row)


def stacked(drawings: Sequence[Drawing], gap: float = 28) -> Drawing:
    """Stack drawings on top of each other."""
    placed, y = [], 0.0
    for drawing in drawings:
        placed.append(group(drawing.body, y=y))
        y += drawing.height + gap
    return Drawing("".join(placed), max(drawing.width for drawing in drawings), y - gap)


def noted(drawing: Drawing, *lines: str) -> Drawing:
    """Put lines of small text under a drawing."""
    width = max(drawing.width, 6.5 * max(map(len, lines)))
    notes = "".join(text(line, 0, drawing.height + 24 + 19 * place, "note") for place, line in enumerate(lines))
    return Drawing(drawing.body + notes, width, drawing.height + 9 + 19 * len(lines))


def _attribute(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else escape(value)
