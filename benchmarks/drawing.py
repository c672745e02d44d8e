"""Draw lines and dots over a logarithmic scale, as the figures of docs/explanation/performance.md are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log10
from typing import TypeAlias

Line: TypeAlias = Sequence[tuple[float, float]]
COLOURS = ("#0b6e8a", "#b5541c", "#4d7c2a", "#7a4b9a", "#a8802a", "#a83254", "#54687a", "#222222")
WIDTH, HEIGHT, LEFT, RIGHT, ABOVE, BELOW = 640, 380, 62, 170, 16, 44
TICKS = (1, 2, 5)


def lines(title: str, across: str, up: str, drawn: Mapping[str, Line], dashed: Sequence[str] = ()) -> str:
    """An SVG with a line for each name, both scales logarithmic, the names at the right; limits are dashed."""
    points = [point for line in drawn.values() for point in line]
    x_low, x_high = min(x for x, _ in points), max(x for x, _ in points)
    y_low, y_high = min(y for _, y in points) / 1.15, max(y for _, y in points) * 1.15

    def x(value: float) -> float:
        return LEFT + _share(value, x_low, x_high) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BELOW - _share(value, y_low, y_high) * (HEIGHT - BELOW - ABOVE)

    bottom, end = HEIGHT - BELOW, WIDTH - RIGHT
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="{title}">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<text x="{(LEFT + end) / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">{across}</text>',
        f'<text x="14" y="{(bottom + ABOVE) / 2:.0f}" text-anchor="middle" '
        f'transform="rotate(-90 14 {(bottom + ABOVE) / 2:.0f})">{up}</text>',
    ]
    for tick in _ticks(y_low, y_high):
        parts.append(f'<line x1="{LEFT}" x2="{end}" y1="{y(tick):.1f}" y2="{y(tick):.1f}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick:g}</text>')
    for tick in sorted({at for at, _ in points}):
        parts.append(f'<line x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{bottom}" y2="{bottom + 4}" stroke="#888"/>')
        parts.append(f'<text x="{x(tick):.1f}" y="{bottom + 17}" text-anchor="middle">{_short(tick)}</text>')
    colours = dict(zip(drawn, (COLOURS * len(drawn))[: len(drawn)], strict=True))
    for name, line in drawn.items():
        colour = "#888" if name in dashed else colours[name]
        path = " ".join(f"{x(at):.1f},{y(value):.1f}" for at, value in line)
        dash = ' stroke-dasharray="5 4"' if name in dashed else ""
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        if name not in dashed:
            parts += [f'<circle cx="{x(at):.1f}" cy="{y(value):.1f}" r="2.5" fill="{colour}"/>' for at, value in line]
    ends = {name: (x(line[-1][0]), y(line[-1][1])) for name, line in drawn.items()}
    for name, beside in _apart({name: at for name, (_, at) in ends.items()}).items():
        colour = "#666" if name in dashed else colours[name]
        if abs(beside - ends[name][1]) > 3 or ends[name][0] < end - 1:
            at, height = ends[name]
            parts.append(
                f'<line x1="{at + 4:.1f}" y1="{height:.1f}" x2="{end + 8}" y2="{beside:.1f}" stroke="{colour}" '
                'stroke-width="0.6"/>'
            )
        parts.append(f'<text x="{end + 10}" y="{beside + 4:.1f}" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def dots(
    title: str, across: str, rows: Mapping[str, Mapping[str, tuple[float, bool]]], limits: Mapping[str, float]
) -> str:
    """An SVG with a row for each name and a dot for each of its values, hollow where that is said; limits are lines."""
    values = [value for row in rows.values() for value, _ in row.values()] + list(limits.values())
    low, high = min(values) / 1.3, max(values) * 1.3
    kinds = list(dict.fromkeys(kind for row in rows.values() for kind in row))
    left, end, step, above = 120, WIDTH - 20, 28, 44
    height = above + step * len(rows) + BELOW

    def x(value: float) -> float:
        return left + _share(value, low, high) * (end - left)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        f'font-size="12" role="img" aria-label="{title}">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="{(left + end) / 2:.0f}" y="{height - 8}" text-anchor="middle">{across}</text>',
    ]
    bottom = height - BELOW
    for tick in _ticks(low, high):
        parts.append(f'<line x1="{x(tick):.1f}" x2="{x(tick):.1f}" y1="{above}" y2="{bottom}" stroke="#ddd"/>')
        parts.append(f'<text x="{x(tick):.1f}" y="{bottom + 16}" text-anchor="middle">{tick:g}</text>')
    for name, value in limits.items():
        parts.append(
            f'<line x1="{x(value):.1f}" x2="{x(value):.1f}" y1="{above}" y2="{bottom}" stroke="#888" '
            'stroke-dasharray="5 4"/>'
        )
        parts.append(f'<text x="{x(value):.1f}" y="{above - 4}" text-anchor="middle" fill="#666">{name}</text>')
    for number, kind in enumerate(kinds):
        at = left + 110 * number
        parts.append(f'<circle cx="{at}" cy="14" r="4.5" fill="{COLOURS[number]}"/>')
        parts.append(f'<text x="{at + 9}" y="18" fill="{COLOURS[number]}">{kind}</text>')
    for place, (name, row) in enumerate(rows.items()):
        y = above + step * (place + 0.5)
        parts.append(f'<line x1="{left}" x2="{end}" y1="{y:.1f}" y2="{y:.1f}" stroke="#eee"/>')
        parts.append(f'<text x="{left - 8}" y="{y + 4:.1f}" text-anchor="end">{name}</text>')
        for kind, (value, full) in row.items():
            number = kinds.index(kind)
            colour, beside = COLOURS[number], y + 5 * (number - (len(kinds) - 1) / 2)  # none hides another
            fill = colour if full else "white"
            parts.append(
                f'<circle cx="{x(value):.1f}" cy="{beside:.1f}" r="4" fill="{fill}" stroke="{colour}" '
                'stroke-width="1.5"/>'
            )
    return "\n".join([*parts, "</svg>", ""])


def _share(value: float, low: float, high: float) -> float:
    return (log10(value) - log10(low)) / ((log10(high) - log10(low)) or 1.0)


def _ticks(low: float, high: float) -> list[float]:
    powers = range(int(log10(low)) - 2, int(log10(high)) + 2)
    wide = log10(high) - log10(low) > 3.5
    ticks = [round(step * 10.0**power, 9) for power in powers for step in (TICKS[:1] if wide else TICKS)]
    return [tick for tick in ticks if low <= tick <= high]


def _short(value: float) -> str:
    if value >= 1_000_000:
        return f"{value / 1_000_000:g} M"
    return f"{value / 1000:g} k" if value >= 1000 else f"{value:g}"


def _apart(heights: Mapping[str, float], gap: float = 15.0) -> dict[str, float]:
    """The heights of the names, moved so that none lies on another, and all within the picture."""
    placed: dict[str, float] = {}
    at = ABOVE - gap
    for name in sorted(heights, key=lambda one: heights[one]):
        at = max(heights[name], at + gap)
        placed[name] = at
    over = max(0.0, at - (HEIGHT - BELOW))
    for name in sorted(placed, key=lambda one: -placed[one]):
        if over <= 0:
            break
        placed[name] -= over
        below = [placed[one] for one in placed if placed[one] < placed[name] + over and one != name]
        over = max(0.0, max(below, default=-1e9) + gap - placed[name])
    return placed
