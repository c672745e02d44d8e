"""The contrast of what a page shows, measured in the browser as WCAG 2.2 does."""

from __future__ import annotations

from typing import NamedTuple

from playwright.sync_api import Page

COLOURS = """
const parse = (said) => {
    const found = said.match(/[\\d.]+/g).map(Number);
    const [r, g, b] = said.startsWith("color(") ? found.map((one) => one * 255) : found;
    return [r, g, b, found[3] ?? 1];
};
const over = (front, behind) => {
    const share = front[3] + behind[3] * (1 - front[3]);
    const mixed = [0, 1, 2].map((i) => (front[i] * front[3] + behind[i] * behind[3] * (1 - front[3])) / (share || 1));
    return [...mixed, share];
};
const light = (colour) => {
    const [r, g, b] = colour.slice(0, 3).map((one) => one / 255)
        .map((one) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
};
const within = (inner, outer) => inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1
    && inner.left >= outer.left - 1 && inner.right <= outer.right + 1;
// what is painted in a colour in an element, and what lies behind it: grounds that reach as far, mixed by opacity
const painted = (element, colour, place) => {
    const chain = [];
    for (let one = element; one; one = one.parentElement ?? one.getRootNode().host) chain.unshift(one);
    const mix = (inner, behind, opacity) => over([...inner.slice(0, 3), opacity], behind);
    const paint = (at, behind) => {
        if (at === chain.length) return [over(colour, behind), behind];
        const style = getComputedStyle(chain[at]);
        const box = chain[at].getBoundingClientRect();
        const ground = within(place, box) || at < 2 ? over(parse(style.backgroundColor), behind) : behind;
        return paint(at + 1, ground).map((one) => mix(one, behind, parseFloat(style.opacity)));
    };
    return paint(0, [255, 255, 255, 1]);
};
"""
TEXTS = (
    "() => {"
    + COLOURS
    + """
const found = [];
const nodes = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (nodes.nextNode()) {
    const text = nodes.currentNode.textContent.trim(), element = nodes.currentNode.parentElement;
    const style = getComputedStyle(element);
    const seen = element.checkVisibility({visibilityProperty: true, opacityProperty: true});
    if (!text || !seen || parseFloat(style.fontSize) === 0) continue;
    if (element.closest("style, script, noscript, [data-testid=stIconMaterial], :disabled")) continue;
    const range = document.createRange();
    range.selectNodeContents(nodes.currentNode);
    const place = range.getBoundingClientRect();
    if (!place.width || !place.height) continue;
    const [front, behind] = painted(element, parse(style.color), place);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    found.push([text.slice(0, 60), contrast(front, behind), large ? 3 : 4.5]);
}
return found;
}"""
)
RING = (
    "(element) => {"
    + COLOURS
    + """
const style = getComputedStyle(element);
const around = element.parentElement;
const [front, behind] = painted(around, parse(style.outlineColor), around.getBoundingClientRect());
return style.outlineStyle === "none" ? [0, 1] : [parseFloat(style.outlineWidth), contrast(front, behind)];
}"""
)


class Text(NamedTuple):
    """A text that is shown, its contrast, and what is asked of a text of its size."""

    text: str
    contrast: float
    wanted: float


def texts(page: Page) -> list[Text]:
    """All texts that a page shows; what is disabled is left out."""
    return [Text(*one) for one in page.evaluate(TEXTS)]


def ring(page: Page) -> tuple[float, float]:
    """The width of the ring around what is in focus, in pixels, and its contrast with what lies around it."""
    width, contrast = page.evaluate(f"({RING})(document.activeElement)")
    return width, contrast
