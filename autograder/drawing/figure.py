"""What every figure is: the same picture as HTML, as a static SVG and in words."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from autograder.drawing import style
from autograder.drawing.svg import NAMESPACE, Drawing, box, element, escape, group

MARGIN = 12.0

_PLAIN = " !$()*+,-./:;=?@[]^_{|}~"  # what an address in a quoted attribute may hold as it is


class FigureError(ValueError):
    """Something that cannot be drawn: what is wrong, and what to do."""


@dataclass(frozen=True, repr=False)
class Figure:
    """A picture that a notebook shows by itself.

    Attributes:
        html: the whole figure; in an untrusted notebook, only a static picture and the words remain.
        svg: the static picture, a complete document; None where there are only words.
        text: the same in words, with every number in the picture.
    """

    html: str
    svg: str | None
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def _repr_svg_(self) -> str | None:
        return self.svg

    def __repr__(self) -> str:
        """The figure in words."""
        return self.text


def picture(text: str, drawing: Drawing) -> Figure:
    """Make a figure of one static drawing."""
    return _figure(text, drawing, _svg(text, drawing))


def stepper(text: str, first: Drawing, steps: Drawing, names: list[str]) -> Figure:
    """Make a figure that goes through steps without a script.

    A style rule shows the step whose radio button is chosen. Each figure is a form, because a form keeps
    its buttons apart from those of the next figure; its method is "dialog", because Enter then goes nowhere.

    Args:
        text: all steps in words.
        first: the static picture: the first step with all of the output.
        steps: all steps in one drawing, step i in groups of class `step-i` and `from-i`, counted from 1.
        names: of the buttons, for people who cannot see the picture.
    """
    buttons = "".join(_button(i, name) for i, name in enumerate(names, start=1))
    legend = element("legend", "Choose a window, or walk through them with the arrow keys")
    fieldset = element("fieldset", legend, buttons, _svg(text, steps))
    form = element("form", fieldset, method="dialog")
    return _figure(text, first, style.sheet(style.steps(len(names))) + form)


def sentence(text: str) -> Figure:
    """Make a figure that is only words."""
    return Figure(_page(element("p", escape(text), class_="cbh-sentence")), None, text)


def _button(step: int, name: str) -> str:
    attributes: dict[str, object] = {
        "type": "radio",
        "name": "step",
        "value": step,
        "title": name,
        "aria_label": name,
        # Else Jupyter takes the arrow keys for moving from cell to cell.
        "data_lm_suppress_shortcuts": "true",
    }
    checked = {"checked": "checked"} if step == 1 else {}
    return element("input", **attributes, **checked)


def _figure(text: str, static: Drawing, live: str) -> Figure:
    svg = _svg(text, static, standalone=True)
    # A quarter shorter than base64, and letters of other scripts need the name of their encoding.
    source = "data:image/svg+xml;charset=utf-8," + quote(svg, safe=_PLAIN)
    # An untrusted notebook loses style and svg, but keeps `hidden` and img: then the plain picture is what shows.
    body = (
        element("div", live, class_="cbh-live", hidden="hidden"),
        element("img", src=source, alt=_one_line(text), class_="cbh-plain", style="max-width:100%"),
        element("details", element("summary", "In words"), element("pre", escape(text))),
    )
    return Figure(_page(*body), svg, text)


def _page(*body: str) -> str:
    return element("div", style.sheet(style.PAGE + style.DRAWING), *body, class_="cbh-figure", style="margin:8px 0")


def _svg(text: str, drawing: Drawing, *, standalone: bool = False) -> str:
    width, height = drawing.width + 2 * MARGIN, drawing.height + 2 * MARGIN
    paper = (
        (style.sheet(style.DRAWING + style.PAPER), box((0, 0, width, height), "paper", radius=0)) if standalone else ()
    )
    return element(
        "svg",
        *paper,
        group(drawing.body, x=MARGIN, y=MARGIN),
        xmlns=NAMESPACE,
        viewBox=f"0 0 {width:g} {height:g}",
        width=width,
        height=height,
        class_="cbh-drawing",
        role="img",
        aria_label=_one_line(text),
    )


def _one_line(text: str) -> str:
    return "; ".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
