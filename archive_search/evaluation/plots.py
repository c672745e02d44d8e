"""
Plots of an evaluation as SVG text: means with their intervals, and differences topic by topic.

Drawn here and not by Altair: its charts need Vega, a megabyte of script in every report, or a native converter.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from archive_search.evaluation.evaluate import Interval

_TEXT = 'font-size="12" fill="currentColor"'
_FAINT = 'stroke="currentColor" stroke-opacity="0.18"'
BETTER, WORSE, PLAIN = "#23916b", "#c4533a", "#4080b8"
"""Colours that the colour-blind can tell apart."""


@dataclass(frozen=True)
class Dot:
    """One row of a dot plot: a value with its interval."""

    label: str
    value: float
    interval: Interval
    colour: str = PLAIN


def dots(rows: Sequence[Dot], title: str, zero: bool = False, width: int = 430) -> str:
    """A row for each value: a dot, its interval as a line, the number beside it; `zero` marks 0 with a firm line."""
    left, right, top, step = 14 + 7 * max(len(_short(row.label)) for row in rows), 74, 30, 26
    ends = [end for row in rows for end in (row.value, *(row.interval or ()))]
    low, high, ticks = _axis(min([*ends, 0.0] if zero else ends), max([*ends, 0.0] if zero else ends))
    height = top + step * len(rows) + 30
    bottom = height - 26

    def x(value: float) -> float:
        return left + (value - low) / (high - low) * (width - left - right)

    parts = [f'<text x="0" y="14" font-weight="600" font-size="13" fill="currentColor">{escape(title)}</text>']
    for tick in ticks:
        firm = 'stroke="currentColor" stroke-opacity="0.6"' if zero and tick == 0 else _FAINT
        parts.append(f'<line x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{top - 6}" y2="{bottom}" {firm}/>')
        parts.append(
            f'<text x="{x(tick):.1f}" y="{height - 8}" text-anchor="middle" font-size="11" fill="currentColor" '
            f'fill-opacity="0.7">{_tick(tick, ticks, zero)}</text>'
        )
    for number, row in enumerate(rows):
        y = top + step * number + step / 2
        said = f"{row.value:+.3f}" if zero else f"{row.value:.3f}"
        span = f" [{row.interval[0]:.3f}, {row.interval[1]:.3f}]" if row.interval else ""
        parts.append(f"<g><title>{escape(row.label)}: {said}{span}</title>")
        parts.append(f'<text x="0" y="{y + 4:.1f}" {_TEXT}>{escape(_short(row.label))}</text>')
        if row.interval:
            parts.append(
                f'<line x1="{x(row.interval[0]):.1f}" x2="{x(row.interval[1]):.1f}" y1="{y:.1f}" y2="{y:.1f}" '
                f'stroke="{row.colour}" stroke-width="3" stroke-opacity="0.45" stroke-linecap="round"/>'
            )
        parts.append(f'<circle cx="{x(row.value):.1f}" cy="{y:.1f}" r="5" fill="{row.colour}"/>')
        parts.append(f'<text x="{width - right + 12}" y="{y + 4:.1f}" {_TEXT}>{said}</text></g>')
    return _svg(parts, width, height, title)


def bars(
    values: Sequence[tuple[str, float]],
    title: str,
    scale: tuple[float, float] = (0.0, 0.0),
    width: int = 900,
    height: int = 240,
) -> str:
    """
    A bar for each topic, from the largest gain to the largest loss; hovering tells its name and value.

    The axis holds 0, every value, and both ends of the scale.
    """
    ordered = sorted(values, key=lambda one: -one[1])
    left, top, bottom = 46, 30, height - 14
    numbers = [value for _, value in ordered]
    low, high, ticks = _axis(min(*numbers, *scale, 0.0), max(*numbers, *scale, 0.0))

    def y(value: float) -> float:
        return top + (high - value) / (high - low) * (bottom - top)

    parts = [f'<text x="0" y="14" font-weight="600" font-size="13" fill="currentColor">{escape(title)}</text>']
    for tick in ticks:
        firm = 'stroke="currentColor" stroke-opacity="0.6"' if tick == 0 else _FAINT
        parts.append(f'<line x1="{left}" x2="{width}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" {firm}/>')
        parts.append(
            f'<text x="{left - 6}" y="{y(tick) + 4:.1f}" text-anchor="end" font-size="11" fill="currentColor" '
            f'fill-opacity="0.7">{_tick(tick, ticks, True)}</text>'
        )
    slot = (width - left) / max(len(ordered), 1)
    thick = min(max(slot - 1.5, slot * 0.7), 26)
    for number, (label, value) in enumerate(ordered):
        x = left + slot * number + (slot - thick) / 2
        upper, lower = min(y(value), y(0)), max(y(value), y(0))
        if value == 0:
            upper, lower = upper - 1, lower + 1  # so that a topic without a difference can be seen and pointed at
        colour = BETTER if value > 0 else WORSE if value < 0 else "#888888"
        parts.append(
            f'<rect x="{x:.1f}" y="{upper:.1f}" width="{thick:.1f}" height="{max(lower - upper, 1):.1f}" '
            f'fill="{colour}"><title>{escape(label)}: {value:+.3f}</title></rect>'
        )
    return _svg(parts, width, height, title)


def _svg(parts: Sequence[str], width: int, height: int, title: str) -> str:
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _axis(low: float, high: float) -> tuple[float, float, list[float]]:
    """An axis that holds both ends, from tick to tick, with about five of them."""
    if high - low < 1e-9:
        low, high = low - 0.05, high + 0.05
    rough = (high - low) / 4
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= rough)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = [round(step * number, 10) for number in range(first, last + 1)]
    return ticks[0], ticks[-1], ticks


def _tick(value: float, ticks: Sequence[float], signed: bool) -> str:
    step = ticks[1] - ticks[0]
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    return "0" if value == 0 else f"{value:+.{places}f}" if signed else f"{value:.{places}f}"


def _short(label: str) -> str:
    return label if len(label) <= 24 else f"{label[:23]}…"
