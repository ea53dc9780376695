"""How figures look: the same rules in every figure, without effect on other output of a page."""

from __future__ import annotations

import hashlib

from autograder.drawing.svg import element

# Blue and orange differ for every kind of colour vision, and both stand out on white and on black.
BLUE, ORANGE = "#2b7fc4", "#d9701a"

FONT = 'font-family:var(--jp-ui-font-family,system-ui,-apple-system,"Segoe UI",sans-serif);font-size:15px'

# In all rules below, & is what stands beside the style element that holds them: see `sheet`.
DRAWING = f"""
&* text{{fill:currentColor;font-variant-numeric:tabular-nums}}
&* .number,&* .sign,&* .middle{{text-anchor:middle}}
&* .title{{font-size:14px;font-weight:600}}
&* .note{{font-size:12px;fill-opacity:.75}}
&* .sign{{font-size:20px;fill-opacity:.75}}
&* .strong{{font-weight:700}}
&* .tile{{fill:currentColor;fill-opacity:.06}}
&* .positive{{fill:{BLUE}}}
&* .negative{{fill:{ORANGE}}}
&* .ghost{{fill:none;stroke:currentColor;stroke-opacity:.35;stroke-dasharray:3 3}}
&* .frame{{fill:none;stroke:currentColor;stroke-opacity:.35}}
&* .window{{fill:none;stroke:{BLUE};stroke-width:2.5}}
&* .other{{stroke:{ORANGE};stroke-dasharray:7 3}}
&* .wrong{{fill:none;stroke:{ORANGE};stroke-width:3}}
&* .differs{{fill:none;stroke:{ORANGE};stroke-width:1.5}}
&* .first{{fill:none;stroke:{ORANGE};stroke-width:4}}
&* .hatch{{fill:none;stroke:currentColor;stroke-opacity:.6;stroke-width:1.2}}
&* .letter{{text-anchor:middle;font-size:20px;font-weight:600}}
&* .small text{{font-size:12px}}
&* .corner{{fill:{BLUE}}}
&* .pixels{{image-rendering:pixelated}}
"""

# A standalone picture brings its own background, as it cannot know the colour of the page.
PAPER = f"""
&g{{color:#1b2733;{FONT}}}
&.paper{{fill:#fff}}
@media (prefers-color-scheme:dark){{&g{{color:#e6e9ec}}&.paper{{fill:#14181c}}}}
"""

PAGE = f"""
&*{{color:var(--jp-ui-font-color1,currentColor)}}
&.cbh-live{{display:block;overflow-x:auto;{FONT}}}
&.cbh-plain{{display:none}}
&* svg{{max-width:100%;height:auto;display:block}}
&details{{margin:4px 12px;font-size:13px}}
&* summary{{cursor:pointer;opacity:.8}}
&* pre{{margin:8px 0;overflow-x:auto;color:inherit;background:none}}
&.cbh-sentence{{margin:0;padding:8px 12px;border-left:3px solid {ORANGE}}}
&* fieldset{{border:0;margin:0;padding:0;min-width:0}}
&* legend{{font-size:13px;opacity:.8;padding:0 12px;margin-bottom:6px}}
&* input{{appearance:none;-webkit-appearance:none;box-sizing:border-box;width:28px;height:28px;margin:0 0 4px 4px;
border:1px solid currentColor;border-radius:6px;background:none;color:inherit;font:13px system-ui,sans-serif;
cursor:pointer;vertical-align:top;text-align:center;line-height:26px}}
&* legend+input{{margin-left:12px}}
&* input::before{{content:attr(value)}}
&* input:checked{{background:#1f6fb2;border-color:#1f6fb2;color:#fff;font-weight:700}}
&* input:focus-visible{{outline:2px solid {ORANGE};outline-offset:2px}}
"""


def sheet(rules: str) -> str:
    """Write a style element whose rules reach only what stands beside it.

    A page shows many outputs, made by several versions, and in an untrusted notebook some have lost their style element
    and their SVG. So each selector begins with the style element itself, by a class that is a digest of the rules: an
    output without it, or with another one, is not affected.

    Args:
        rules: CSS in which & stands for the element's own siblings: `&p` is a paragraph beside it, `&* p` one within.
    """
    name = "cbh-" + hashlib.sha256(rules.encode()).hexdigest()[:8]
    return element("style", rules.replace("&", f"style.{name}~"), class_=name)


def steps(count: int) -> str:
    """Rules that show group `step-i` while button i is chosen, and `from-i` from button i on."""
    shown = "".join(
        f"&* input:nth-of-type({i}):checked~svg .step-{i},&* input:nth-of-type(n+{i}):checked~svg .from-{i}"
        "{visibility:visible}\n"
        for i in range(1, count + 1)
    )
    return "&* .step,&* .from{visibility:hidden}\n" + shown
