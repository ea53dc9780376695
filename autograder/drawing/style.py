"""How figures look: the same rules in every figure, so that several of them on one page agree."""

from __future__ import annotations

# Blue and orange are told apart by every kind of colour vision, and both stand out on white and on black.
BLUE, ORANGE = "#2b7fc4", "#d9701a"

DRAWING = f"""
.cbh-drawing{{font-family:var(--jp-ui-font-family,system-ui,-apple-system,"Segoe UI",sans-serif);font-size:15px}}
.cbh-drawing text{{fill:currentColor;font-variant-numeric:tabular-nums}}
.cbh-drawing .number,.cbh-drawing .sign,.cbh-drawing .middle{{text-anchor:middle}}
.cbh-drawing .title{{font-size:14px;font-weight:600}}
.cbh-drawing .note{{font-size:12px;fill-opacity:.75}}
.cbh-drawing .sign{{font-size:20px;fill-opacity:.75}}
.cbh-drawing .strong{{font-weight:700}}
.cbh-drawing .tile{{fill:currentColor;fill-opacity:.06}}
.cbh-drawing .positive{{fill:{BLUE}}}
.cbh-drawing .negative{{fill:{ORANGE}}}
.cbh-drawing .ghost{{fill:none;stroke:currentColor;stroke-opacity:.35;stroke-dasharray:3 3}}
.cbh-drawing .frame{{fill:none;stroke:currentColor;stroke-opacity:.35}}
.cbh-drawing .window{{fill:none;stroke:{BLUE};stroke-width:2.5}}
.cbh-drawing .other{{stroke:{ORANGE};stroke-dasharray:7 3}}
.cbh-drawing .wrong{{fill:none;stroke:{ORANGE};stroke-width:3}}
.cbh-drawing .hatch{{fill:none;stroke:currentColor;stroke-opacity:.6;stroke-width:1.2}}
.cbh-drawing .letter{{text-anchor:middle;font-size:20px;font-weight:600}}
.cbh-drawing .small text{{font-size:12px}}
.cbh-drawing .corner{{fill:{BLUE}}}
.cbh-drawing .pixels{{image-rendering:pixelated}}
"""

# For the picture of a wrong answer only, which brings them itself.
OUTLINES = f"""
.cbh-drawing .differs{{fill:none;stroke:{ORANGE};stroke-width:1.5}}
.cbh-drawing .first{{fill:none;stroke:{ORANGE};stroke-width:4}}
"""

# A picture that stands alone brings its own ground, since it cannot know the colour of the page.
PAPER = """
.cbh-drawing{color:#1b2733}
.cbh-drawing .paper{fill:#fff}
@media (prefers-color-scheme:dark){.cbh-drawing{color:#e6e9ec}.cbh-drawing .paper{fill:#14181c}}
"""

PAGE = """
.cbh{color:var(--jp-ui-font-color1,currentColor);margin:8px 0;max-width:100%}
.cbh .cbh-live{display:block;overflow-x:auto}
.cbh .cbh-plain{display:none}
.cbh svg{max-width:100%;height:auto;display:block}
.cbh details{margin:4px 12px;font-size:13px}
.cbh summary{cursor:pointer;opacity:.8}
.cbh pre{margin:8px 0;overflow-x:auto;color:inherit;background:none}
.cbh .cbh-sentence{margin:0;padding:8px 12px;border-left:3px solid #d9701a}
.cbh fieldset{border:0;margin:0;padding:0;min-width:0}
.cbh legend{font-size:13px;opacity:.8;padding:0 12px;margin-bottom:6px}
.cbh input{appearance:none;-webkit-appearance:none;box-sizing:border-box;width:28px;height:28px;margin:0 0 4px 4px;
border:1px solid currentColor;border-radius:6px;background:none;color:inherit;font:13px system-ui,sans-serif;
cursor:pointer;vertical-align:top;text-align:center;line-height:26px}
.cbh legend+input{margin-left:12px}
.cbh input::before{content:attr(value)}
.cbh input:checked{background:#1f6fb2;border-color:#1f6fb2;color:#fff;font-weight:700}
.cbh input:focus-visible{outline:2px solid #d9701a;outline-offset:2px}
"""


def steps(count: int) -> str:
    """Rules that show group `step-i` while button i is chosen, and `from-i` from button i on."""
    shown = "".join(
        f".cbh input:nth-of-type({i}):checked~svg .step-{i},.cbh input:nth-of-type(n+{i}):checked~svg .from-{i}"
        "{visibility:visible}\n"
        for i in range(1, count + 1)
    )
    return ".cbh .step,.cbh .from{visibility:hidden}\n" + shown
