"""Outputs of every kind on one page: each is seen as its own rules have it, whatever stands beside it."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from autograder.drawing.figure import sentence
from autograder.report import fragment
from tests.browser.conftest import Opened
from tests.browser.seen import faults
from tests.browser.test_reports import marked
from tests.course.test_figures import DRAWN
from tests.schemes import mistaken

# What is left of an output that is not trusted: in JupyterLab the text of an element that goes stays, but for that of a
# few; elsewhere, as with DOMPurify, it goes as well.
KEPT = ["br", "code", "dd", "details", "div", "dl", "dt", "fieldset", "form", "img", "input", "legend", "p", "pre"]
KEPT += ["strong", "summary"]
ATTRIBUTES = {"alt", "class", "checked", "hidden", "src", "style", "title", "type", "value"}
GOES_WHOLLY = {"jupyterlab": ["style", "script"], "dompurify": ["style", "script", "svg"]}

# As an older release made them, when rules were the whole page's.
OLDER = """<div class="cbh"><style>
.cbh{color:red} .cbh .cbh-live{display:block} .cbh .cbh-plain{display:none} .cbh .step{visibility:hidden}
</style></div>"""

LOOKS = """() => [...document.querySelectorAll("#first *")].map((element) => {
  const style = getComputedStyle(element);
  const looks = ["display", "visibility", "color", "fill", "fillOpacity", "stroke", "fontSize", "fontFamily", "opacity",
    "fontWeight", "textAnchor", "margin", "padding", "border", "maxWidth", "whiteSpace", "width", "height"];
  return [element.tagName, ...looks.map((look) => style[look])].join(" ");
})"""


@pytest.fixture(scope="module")
def outputs() -> dict[str, str]:
    """A figure of each kind, a sentence, and two messages about wrong answers."""
    figures = {name: draw().html for name, draw in DRAWN.items()}
    wrong = {id_: fragment.exercise(marked("conv2d", mistaken("conv2d", id_))) for id_ in ("M17", "M28")}
    return {**figures, **wrong, "sentence": sentence("not solved yet: conv2d").html}


def _untrusted(html: str, rules: str) -> str:
    """What is left of an output."""
    soup = BeautifulSoup(html, "html.parser")
    for gone in soup.find_all(GOES_WHOLLY[rules]):
        gone.decompose()
    for tag in soup.find_all(True):
        if tag.name not in KEPT:
            tag.unwrap()
        tag.attrs = {name: value for name, value in tag.attrs.items() if name in ATTRIBUTES}
    return str(soup)


@pytest.mark.parametrize("rules", GOES_WHOLLY)
def test_trusted_or_not_each_output_is_a_picture(opened: Opened, outputs: dict[str, str], rules: str) -> None:
    """Outputs that have lost their rules and their SVG show the plain picture, before and after those that have not."""
    stored = "".join(_untrusted(html, rules) for html in outputs.values())
    opened.page.set_content(f"<div>{stored}</div>")
    alone = opened.page.locator("img:visible").count()

    assert (alone, opened.page.locator("svg").count(), faults(opened.page)) == (len(outputs) - 1, 0, [])

    opened.page.set_content(f"<div>{stored}</div><div>{''.join(outputs.values())}</div><div>{stored}</div>")

    assert opened.page.locator("img:visible").count() == 2 * alone
    assert faults(opened.page) == []


def test_an_output_changes_no_other(opened: Opened, outputs: dict[str, str]) -> None:
    """Neither one of another kind, nor one of an older release, nor a picture that stands alone, looks after others."""
    for name in ("window_stepper", "arrays", "M17", "sentence"):
        untrusted = _untrusted(outputs[name], "jupyterlab")
        first = f"<div id=first><div>{outputs[name]}</div><div>{untrusted}</div></div>"
        opened.page.set_content(first)
        alone = opened.page.evaluate(LOOKS)
        pictures = [drawn.svg or "" for drawn in (draw() for draw in DRAWN.values())]
        opened.page.set_content("".join([first, OLDER, *pictures, *outputs.values()]))

        assert (name, opened.page.evaluate(LOOKS)) == (name, alone)
