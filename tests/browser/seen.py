"""What a person sees of outputs in a page: pictures, and no text that has lost its picture or its lines."""

from __future__ import annotations

from playwright.sync_api import Page

# Runs in the page. An untrusted output that loses its SVG leaves the numbers behind, in a div or a form.
_FAULTS = """async selector => {
  await Promise.all([...document.images].map((image) => image.decode().catch(() => null)));
  const visible = (element) => element.checkVisibility({visibilityProperty: true});
  const large = (element) => visible(element) && element.getBoundingClientRect().width > 30;
  const lightness = (colour) => colour.match(/[\\d.]+/g).slice(0, 3).reduce((sum, part) => sum + part / 765, 0);
  const clear = (colour) => colour === "transparent" || colour.endsWith(", 0)");
  const ground = (element) => {
    const colour = element ? getComputedStyle(element).backgroundColor : "rgb(255, 255, 255)";
    return clear(colour) ? ground(element.parentElement) : colour;
  };
  const faults = [];
  for (const output of document.querySelectorAll(selector)) {
    for (const folded of output.querySelectorAll("details"))
      folded.open = folded.open || folded.firstElementChild.textContent !== "In words";
    for (const words of output.querySelectorAll("details > summary")) {
      const figure = words.closest("details").parentElement;
      if (words.textContent !== "In words" || !visible(words)) continue;
      const pictures = [...figure.querySelectorAll("svg, img")].filter(large);
      if (pictures.length !== 1 || pictures[0].complete === false || pictures[0].naturalWidth === 0)
        faults.push(`${pictures.length} pictures: ${figure.textContent.trim().slice(0, 60)}`);
      for (const ink of figure.querySelectorAll("svg .title"))
        if (visible(ink) && Math.abs(lightness(getComputedStyle(ink).fill) - lightness(ground(figure))) < 0.5)
          faults.push(`cannot be read on its ground: ${ink.textContent}`);
    }
    const texts = document.createTreeWalker(output, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const [text, home] = [texts.currentNode.data.trim(), texts.currentNode.parentElement];
      if (!text || home.closest("svg, style, script") || !visible(home)) continue;
      if (home.matches("div, form, fieldset")) faults.push(`raw text: ${text.slice(0, 60)}`);
      if (text.includes("\\n") && !getComputedStyle(home).whiteSpace.startsWith("pre"))
        faults.push(`lines run together: ${text.slice(0, 60)}`);
    }
  }
  return faults;
}"""


def faults(page: Page, outputs: str = "body") -> list[str]:
    """Say what is wrong with the figures in some outputs, those that are folded included.

    Args:
        page: an open page.
        outputs: a selector of what holds outputs and no other text.
    """
    found: list[str] = page.evaluate(_FAULTS, outputs)
    return found
