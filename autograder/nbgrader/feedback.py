"""Self-contained feedback pages: formulas as MathML, and no active markup from students."""

from __future__ import annotations

import html
from pathlib import Path
from typing import Any

import bleach
from jinja2 import pass_context
from jinja2.runtime import Context
from latex2mathml import converter
from nbconvert.exporters import HTMLExporter
from nbconvert.filters.markdown_mistune import InvalidNotebook, IPythonRenderer, MarkdownWithMath
from traitlets import default

from autograder.nbgrader.converters import guard

TEMPLATES = Path(__file__).parent / "templates"
MATHML = frozenset(
    "math menclose mfrac mi mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mspace msqrt mstyle "  # noqa: SIM905  names
    "msub msubsup msup mtable mtd mtext mtr munder munderover none".split()
)
TAGS = MATHML | frozenset(
    "a b blockquote br code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre s small span "  # noqa: SIM905  names
    "strong sub summary sup table tbody td th thead tr ul".split()
)
LONGEST_COLOUR = 3  # letters in the class names of pygments' colours
PROTOCOLS = frozenset({"data", "http", "https", "mailto"})
# No ids, form fields or classes, with which a student could change the marks that a page shows.
ATTRIBUTES = {
    "*": ["title", "align", "colspan", "rowspan"],
    "a": ["href"],
    "img": ["src", "alt", "width", "height"],
    "details": ["open"],
    **{tag: ["columnalign", "display", "fence", "height", "mathvariant", "stretchy", "width"] for tag in MATHML},
}


class Feedback(HTMLExporter):
    """nbgrader's page for a student, without the script that it would fetch to draw formulas."""

    def __init__(self, config: Any = None, **options: Any) -> None:
        """Make pages for one of nbgrader's commands."""
        super().__init__(config=config, **options)  # type: ignore[no-untyped-call]
        guard(self.parent)

    @default("template_paths")
    def _template_paths(self, prune: bool = True, root_dirs: Any = None) -> list[str]:
        return [str(TEMPLATES), *super()._template_paths(prune, root_dirs)]


@pass_context
def markdown2html(context: Context, source: str) -> str:
    """A text cell as HTML; replaces nbconvert's filter of this name.

    Args:
        context: of the template, with the cell.
        source: markdown with formulas, by a student or the course.

    Returns:
        HTML that runs nothing and fetches nothing; pictures must be attached to the cell.
    """
    cell = context.get("cell", {})
    renderer = _Renderer(escape=False, attachments=cell.get("attachments", {}), exclude_anchor_links=True)
    made = MarkdownWithMath(renderer=renderer).render(source)
    return str(bleach.clean(made, tags=TAGS, attributes=_may_stay, protocols=PROTOCOLS))


def _may_stay(tag: str, name: str, value: str) -> bool:
    if name == "class":
        return value == "highlight" if tag == "div" else tag == "span" and len(value) <= LONGEST_COLOUR
    if tag == "img" and name == "src":
        return value.startswith("data:image/")
    if tag == "a" and name == "href" and value.startswith("data:"):
        return False
    return name in ATTRIBUTES["*"] or name in ATTRIBUTES.get(tag, [])


class _Renderer(IPythonRenderer):
    """Formulas that browsers draw by themselves; invalid formulas stay as written."""

    def block_math(self, body: str) -> str:
        return _mathml(body, "block") or super().block_math(body)

    def inline_math(self, body: str) -> str:
        return _mathml(body, "inline") or super().inline_math(body)

    def latex_environment(self, name: str, body: str) -> str:
        return _mathml(f"\\begin{{{name}}}{body}\\end{{{name}}}", "block") or super().latex_environment(name, body)

    def image(self, text: str, url: str, title: str | None = None) -> str:
        try:
            return str(super().image(text, url, title))
        except InvalidNotebook:  # it names a picture that is not attached
            return f"[{html.escape(text)}]"


def _mathml(formula: str, display: str) -> str | None:
    try:
        return str(converter.convert(formula, display=display))
    except Exception:  # noqa: BLE001  students' formulas fail in many ways
        return None
